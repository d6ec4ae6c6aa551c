"""Let warnings about the text of roles and captions name the lines that the source has.

https://github.com/executablebooks/MyST-Parser/issues/1165 is the same mistake in another place:
MyST-Parser adds the one between lines counted from 0 and from 1, and adds it again. There it does
so in included files; here where a role or a directive has text to parse, of which no issue speaks.
"""

from myst_parser.mocking import MockInliner

from press.ext.patches import written_for

parse = MockInliner.parse


def parse_a_line_earlier(self, text, lineno, *args, **kwargs):
    return parse(self, text, lineno - 1, *args, **kwargs)


def setup(app):
    written_for("myst-parser", "5.2.0", "test_role_lines")
    MockInliner.parse = parse_a_line_earlier
