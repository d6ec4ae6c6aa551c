"""When a cell fails or runs too long, say so with the chapter, the line and the cell."""

from functools import partial

import myst_nb.core.execute as execute
from myst_nb.core.execute import cache
from myst_nb.core.execute.cache import NotebookClientCache
from sphinx.util import logging

logger = logging.getLogger(__name__)


class ReportingClient(NotebookClientCache):
    """MyST-NB's cached execution, which also says what went wrong where."""

    def start_client(self) -> None:
        super().start_client()
        if not self.exec_metadata["succeeded"]:
            number, cell, line = failed_cell(self.notebook)
            logger.warning(
                "cell %d, which begins with `%s`, failed: %s",
                number,
                cell.source.strip().splitlines()[0],
                reason(cell, self.exec_metadata["error"]),
                location=f"{self.path}:{line}",
                type="cell_errors",
            )


def failed_cell(notebook):
    """Return number among the code cells, cell and source line of the cell that stopped a run."""
    lines = notebook.metadata["source_map"]
    numbered = zip(notebook.cells, lines, strict=True)
    cells = [(cell, line) for cell, line in numbered if cell.cell_type == "code"]
    for number, (cell, line) in enumerate(cells, start=1):
        unfinished = cell.execution_count is None
        if unfinished or any(output.output_type == "error" for output in cell.outputs):
            return number, cell, line + 1
    raise LookupError("every cell ran, yet the run failed")


def reason(cell, error: str) -> str:
    if error == "CellTimeoutError":
        return "it ran longer than conf.py allows (nb_execution_timeout)"
    for output in cell.outputs:
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}"
    return f"{error}: the kernel did not finish it"


def setup(app):
    execute.NotebookClientCache = ReportingClient
    # A kernel listens on this machine only: its notice about encryption is noise here, and so is
    # what it says when it is stopped.
    cache.single_nb_execution = partial(
        cache.single_nb_execution, extra_arguments=["--IPKernelApp.log_level=CRITICAL"]
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
