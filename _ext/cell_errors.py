"""When a cell fails, warns or runs too long, say so with the chapter, the line and the cell."""

from collections.abc import Iterator
from itertools import groupby

import myst_nb.core.execute as execute
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.execute import cache
from myst_nb.core.execute.cache import NotebookClientCache
from nbclient.exceptions import DeadKernelError
from sphinx.util import logging

logger = logging.getLogger(__name__)


def run_cells(notebook, **kwargs):
    """Run a notebook as jupyter-cache does, quietly, and note which cells have answered."""
    # A kernel listens on this machine only: its notice about encryption is noise here, and so is
    # what it says when it is stopped.
    quiet = ["--IPKernelApp.log_level=CRITICAL"]
    result = single_nb_execution(notebook, extra_arguments=quiet, record_timing=True, **kwargs)
    if result.err is None:  # the notes have served; in the cache they would change its key
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
            if cell.cell_type == "code":
                cell.outputs = list(joined(cell.outputs))
    return result


def joined(outputs: list) -> Iterator:
    """Join what was printed in one go: a kernel sends it in pieces, cut as time would have it."""
    for (kind, _name), group in groupby(outputs, lambda o: (o.output_type, o.get("name"))):
        first, *rest = group
        if kind == "stream":
            first.text += "".join(output.text for output in rest)
            rest = []
        yield from [first, *rest]


class ReportingClient(NotebookClientCache):
    """MyST-NB's cached execution, which also says what went wrong where."""

    def start_client(self) -> None:
        try:
            super().start_client()
        except DeadKernelError:
            self.exec_metadata = {"method": "cache", "mtime": 0, "runtime": None, "traceback": ""}
            self.exec_metadata |= {"succeeded": False, "error": "DeadKernelError"}
        error = None if self.exec_metadata["succeeded"] else self.exec_metadata["error"]
        for line, trouble in troubles(self.notebook, error):
            logger.warning(trouble, location=f"{self.path}:{line}", type="cell_errors")


def troubles(notebook, error: str | None) -> Iterator[tuple[int, str]]:
    """Yield the line of each cell that failed or warned, and what happened there.

    ``error`` is the name of the exception that ended the run, None if all cells have run.
    """
    lines = notebook.metadata["source_map"]
    numbered = zip(notebook.cells, lines, strict=True)
    cells = [(cell, line) for cell, line in numbered if cell.cell_type == "code"]
    stopped_at = culprit([cell for cell, line in cells]) if error else None
    for number, (cell, line) in enumerate(cells, start=1):
        trouble = failure_of(cell, error) if cell is stopped_at else warning_of(cell)
        if trouble:
            first_line = cell.source.strip().splitlines()[0]
            yield line + 1, f"cell {number}, which begins with `{first_line}`, {trouble}"


def culprit(cells):
    """The cell that raised, or else the first that never answered."""
    raised = [c for c in cells if any(output.output_type == "error" for output in c.outputs)]
    silent = [c for c in cells if "shell.execute_reply" not in c.metadata.get("execution", {})]
    return (raised or silent)[0]


def failure_of(cell, error: str) -> str:
    if error == "CellTimeoutError":
        return "failed: it ran longer than conf.py allows (nb_execution_timeout)"
    if error == "DeadKernelError":
        return "failed: it ended the Python process that runs the cells"
    for output in cell.outputs:
        if output.output_type == "error":
            return f"failed: {output.ename}: {output.evalue}"
    return f"failed: {error}"


def warning_of(cell) -> str:
    """What the cell wrote to stderr, hidden or not; Python's warnings go there."""
    streams = (output for output in cell.outputs if output.output_type == "stream")
    said = "".join(stream.text for stream in streams if stream.name == "stderr").strip()
    return f"warned: {said}" if said else ""


def setup(app):
    execute.NotebookClientCache = ReportingClient
    cache.single_nb_execution = run_cells
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
