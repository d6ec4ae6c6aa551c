"""Let warnings name the lines that the source has.

MyST-NB leaves out the blank lines that begin a stretch of text, without counting them, and adds the
one between lines counted from 0 and from 1, which MyST adds again. So it does, too, with the text
of roles and captions.
"""

import myst_nb.core.read as read
import myst_nb.sphinx_ as sphinx_
from myst_nb.core.nb_to_tokens import notebook_to_tokens
from myst_parser.mocking import MockInliner

parse = MockInliner.parse


def to_tokens(notebook, *args):
    lines = notebook.metadata["source_map"]
    notebook.metadata["source_map"] = [line - 1 for line in lines]
    tokens = notebook_to_tokens(notebook, *args)
    notebook.metadata["source_map"] = lines
    return tokens


def parse_inline(self, text, lineno, *args, **kwargs):
    return parse(self, text, lineno - 1, *args, **kwargs)


def setup(app):
    read._strip_blank_lines = str.rstrip
    sphinx_.notebook_to_tokens = to_tokens
    MockInliner.parse = parse_inline
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
