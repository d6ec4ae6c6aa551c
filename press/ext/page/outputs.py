"""Pages are read with the outputs of their cells, which press/cells.py has run and kept before.

MyST-NB asks `nb_custom_formats` of conf.py how to read a page; to what it gets from here it has
nothing to add, so nothing is run a second time.
"""

import json
from contextlib import suppress

from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode, from_dict
from sphinx.util import logging

from press.ext.page.run import mark
from press.fresh import outputs_file

logger = logging.getLogger(__name__)

PYTHON = {"name": "python", "pygments_lexer": "ipython3"}


def cells_of(text: str, extensions: list[str]) -> NotebookNode:
    """Return a page as a notebook without outputs, whose ``source_map`` has the lines of the page.

    MyST-NB leaves out the blank lines that begin a stretch of text, without counting them, and adds
    the one between lines counted from 0 and from 1, which MyST adds again: we know of no issue.
    """
    syntax = MdParserConfig(enable_extensions=set(extensions))
    notebook = read_myst_markdown_notebook(text, syntax, add_source_map=True)
    lines, begins = text.splitlines(), notebook.metadata["source_map"]
    for number, (cell, line) in enumerate(zip(notebook.cells, begins, strict=True)):
        if cell.cell_type == "markdown":
            while not lines[line]:
                line += 1
        begins[number] = line - 1
    return notebook


def code_of(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells of a notebook that hold code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def kept(text: str) -> list[dict]:
    """Return the cells of a page with what they showed; none where no file has all of that."""
    with suppress(OSError, ValueError):
        return json.loads(outputs_file(text).read_bytes())
    return []


def read(text: str, extensions: list[str]) -> NotebookNode:
    """Return a page as a notebook, with what its cells showed."""
    notebook = cells_of(text, extensions)
    if not (cells := code_of(notebook)):
        return notebook
    if not (shown := kept(text)):
        begins = cells[0].source.partition("\n")[0]
        logger.warning("the cells of the page whose first is `%s` have not been run; "
                       "`make html` runs them", begins, type="outputs")  # fmt: skip
        return notebook
    for cell, its in zip(cells, shown, strict=True):
        cell.update(from_dict(its))
    mark(cells)
    notebook.metadata["language_info"] = from_dict(PYTHON)
    return notebook
