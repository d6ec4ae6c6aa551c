"""Let warnings about the text of roles and captions name the lines that the source has.

MyST-Parser adds the one between lines counted from 0 and from 1, and adds it again where a role or
a directive asks it to parse a line of text.
"""

from myst_parser.mocking import MockInliner

parse = MockInliner.parse


def parse_inline(self, text, lineno, *args, **kwargs):
    return parse(self, text, lineno - 1, *args, **kwargs)


def setup(app):
    MockInliner.parse = parse_inline
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
