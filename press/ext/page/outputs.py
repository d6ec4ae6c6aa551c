"""The outputs of a page's cells, which press/cells.py ran and kept before Sphinx reads the page.

MyST-NB would run them itself, or ask jupyter-cache, which checks and compares whole notebooks; that
takes longer than anything else in the building of an edited page.
"""

import json
from pathlib import Path

import myst_nb.core.execute as execute
from myst_nb.core.execute.base import NotebookClientBase
from nbformat import from_dict
from sphinx.util import logging

from press.fresh import outputs_file

logger = logging.getLogger(__name__)

PYTHON = {"name": "python", "pygments_lexer": "ipython3"}


class KeptOutputs(NotebookClientBase):
    """A client of MyST-NB that runs nothing, and finds what has been run."""

    def start_client(self) -> None:
        file = outputs_file(self.path, Path(self.nb_config.execution_cache_path))
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"cells": []}
        cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        if [cell.source for cell in cells] != [cell["source"] for cell in kept["cells"]]:
            logger.warning(
                "not all cells of this page have been run; `make html` runs what stands between "
                "```{code-cell} and ```, both at the beginning of a line",
                location=str(self.path),
                type="outputs",
            )
            return
        for cell, outputs in zip(cells, kept["cells"], strict=True):
            cell.update(from_dict(outputs))
        self.notebook.metadata["language_info"] = from_dict(PYTHON)


def setup(app):
    execute.NotebookClientCache = KeptOutputs
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
