"""Run the cells of chapters, as many chapters at once as there are cores, and keep what they print.

Each chapter has a kernel of its own (kernels.py). What it printed and drew goes into a file of its
own, where both languages find it (_ext/outputs.py). A chapter that fails stops no other.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from fresh import CELL, outputs_file

from proofread import FIGURE

# A kernel listens on this machine only: its notice about encryption is noise here, and so is what
# it says when it is stopped.
QUIET = ["--IPKernelApp.log_level=CRITICAL"]


def waiting(chapters: list[Path], folder: Path) -> list[Path]:
    """Return the chapters whose outputs are not kept in a folder, or cannot be read there."""
    return [chapter for chapter in chapters if not reads_back(outputs_file(chapter, folder))]


def reads_back(file: Path) -> bool:
    """Return whether a file holds what `keep` has written there."""
    try:
        return "cells" in json.loads(file.read_bytes())
    except (OSError, ValueError, TypeError):
        return False


def forget(chapters: list[Path], folder: Path) -> None:
    """Remove the outputs of cells that no chapter has any more.

    Those of the last state of gdcore stay, for whoever goes back to it.
    """
    used = {outputs_file(chapter, folder) for chapter in chapters}
    for file in set(folder.iterdir()) - used:
        file.unlink()
    os.utime(folder)
    others = set(folder.parent.iterdir()) - {folder}
    for old in sorted(others, key=lambda other: other.stat().st_mtime)[:-1]:
        shutil.rmtree(old)


def imported(chapters: list[Path]) -> list[str]:
    """Return the modules that the cells of chapters name in their imports."""
    code = "".join(
        cell[0] for chapter in chapters for cell in CELL.finditer(chapter.read_text("utf-8"))
    )
    return sorted(set(re.findall(r"^(?:from|import) ([\w.]+)", code, re.MULTILINE)))


def keep(notebook, file: Path) -> None:
    """Write down the code cells of a notebook, with their outputs; figures are made small."""
    from compact_svg import compact
    from kept_files import write

    for data in (o.data for c in notebook.cells for o in c.get("outputs", ()) if "data" in o):
        data |= {kind: compact(svg) for kind, svg in data.items() if kind == "image/svg+xml"}
    cells = [
        {name: cell[name] for name in ("source", "outputs", "execution_count")}
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    known = {"language_info": notebook.metadata.get("language_info", {})}
    write(json.dumps({"metadata": known, "cells": cells}).encode(), file)


def run(chapters: list[Path], folder: Path, settings: dict) -> Iterator[tuple[Path, float, list]]:
    """Run the cells of chapters, and yield each as it is done.

    Parameters
    ----------
    chapters : list of Path
        Their sources.
    folder : Path
        Where to keep their outputs.
    settings : dict
        Those of conf.py: ``nb_execution_timeout`` and ``myst_enable_extensions``.

    Yields
    ------
    tuple
        The chapter, the seconds its cells took, and its troubles, each as (line, what happened).
        A page without cells is not yielded.
    """
    from catalogue import expanded
    from myst_nb.core.config import NbParserConfig
    from myst_nb.core.read import create_nb_reader
    from myst_parser.config.main import MdParserConfig
    from nbformat.v4 import new_notebook

    syntax = MdParserConfig(enable_extensions=set(settings["myst_enable_extensions"]))
    todo = []
    for chapter in chapters:
        file = outputs_file(chapter, folder)
        text = expanded(chapter.read_text(encoding="utf-8-sig"))
        reader = create_nb_reader(str(chapter), syntax, NbParserConfig(), text)
        if reader:
            todo.append((chapter, file, text, reader.read(text)))
        else:
            keep(new_notebook(), file)
    todo.sort(key=lambda job: -sum(len(cell.source) for cell in job[-1].cells))  # long ones first
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        timeout = settings["nb_execution_timeout"]
        jobs = {pool.submit(execute, notebook, timeout): job for *job, notebook in todo}
        for done in as_completed(jobs):
            chapter, file, text = jobs[done]
            notebook, seconds, error = done.result()
            found = list(troubles(notebook, error, text, timeout))
            if not found:
                keep(notebook, file)
            yield chapter, seconds, found


def execute(notebook, timeout: float) -> tuple:
    """Run the cells of a notebook in a new kernel and an empty folder.

    Returns
    -------
    tuple
        The notebook, with outputs, the seconds it took, and the name of what stopped it, or None.
    """
    import nbclient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from kernel_manager import Manager

    started, error = monotonic(), None
    with TemporaryDirectory() as cwd:
        try:
            nbclient.execute(
                notebook,
                cwd=cwd,
                timeout=timeout,
                record_timing=True,
                kernel_manager_class=Manager,
                extra_arguments=QUIET,
            )
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as trouble:
            error = type(trouble).__name__
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = list(joined(cell.outputs))
    return notebook, monotonic() - started, error


def joined(outputs: list) -> Iterator:
    """Join what was printed in one go: a kernel sends it in pieces, cut as time would have it."""
    for (kind, _name), group in groupby(outputs, lambda o: (o.output_type, o.get("name"))):
        first, *rest = group
        if kind == "stream":
            first.text += "".join(output.text for output in rest)
            rest = []
        yield from [first, *rest]


# What went wrong --------------------------------------------------------------------------------


def troubles(notebook, error: str | None, text: str, timeout: float) -> Iterator[tuple[int, str]]:
    """Yield where in a page's text a cell failed or warned, and what happened there.

    ``error`` is the name of the exception that ended the run, None if all cells have run.
    """
    numbered = zip(notebook.cells, notebook.metadata["source_map"], strict=True)
    cells = [(cell, line) for cell, line in numbered if cell.cell_type == "code"]
    stopped_at = culprit([cell for cell, line in cells]) if error else None
    for number, (cell, line) in enumerate(cells, start=1):
        failed = cell is stopped_at
        trouble = (
            failure_of(cell, error, timeout) if failed else warning_of(cell) or figure_of(cell)
        )
        if trouble:
            code = cell.source.split("\n")
            begins = text.split("\n").index(code[0], line)  # below the cell's header
            first_line = cell.source.strip().splitlines()[0]
            said = f"cell {number}, which begins with `{first_line}`, {trouble}"
            yield begins + line_of_trouble(cell), shortened(said)


def line_of_trouble(cell) -> int:
    """Return which line of its code a cell failed or warned at; the first, if that is not known."""
    here = rf"In\[{cell.execution_count}\], line (\d+)"
    for output in cell.outputs:
        if output.output_type == "error":
            said = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(output.traceback))
            if found := re.findall(here, said):
                return int(found[-1])
        elif output.get("name") == "stderr" and (found := FILE_OF_CELL.search(output.text)):
            return int(found[1])
    return 1


def shortened(said: str, lines: int = 4) -> str:
    first, rest = said.split("\n")[:lines], said.split("\n")[lines:]
    return "\n".join([*first, f"… and {len(rest)} more lines"] if rest else first)


def culprit(cells):
    """The cell that raised, or else the first that never answered."""
    raised = [c for c in cells if any(output.output_type == "error" for output in c.outputs)]
    silent = [c for c in cells if "shell.execute_reply" not in c.metadata.get("execution", {})]
    return (raised or silent)[0]


def failure_of(cell, error: str, timeout: float) -> str:
    if error == "CellTimeoutError":
        return f"failed: it ran longer than conf.py allows, {timeout} s (nb_execution_timeout)"
    if error == "DeadKernelError":
        return "failed: it ended the Python process that runs the cells"
    for output in cell.outputs:
        if output.output_type == "error" and output.ename == "StdinNotImplementedError":
            return "failed: it asks for input, and nobody is there; write the value into it"
        if output.output_type == "error":
            return f"failed: {output.ename}: {re.sub(SYNTAX_AT, '', output.evalue)}"
    return f"failed: {error}"


def warning_of(cell) -> str:
    """What the cell wrote to stderr, hidden or not; Python's warnings go there."""
    streams = (output for output in cell.outputs if output.output_type == "stream")
    said = "".join(stream.text for stream in streams if stream.name == "stderr").strip()
    return f"warned: {FILE_OF_CELL.sub('', said)}" if said else ""


def figure_of(cell) -> str:
    """What is missing of a figure that the cell draws; proofread.py has read its header."""
    if {"remove-cell", "remove-output"} & set(cell.metadata.get("tags", ())):
        return ""
    drawn = [o for o in cell.outputs if any(k.startswith("image/") for k in o.get("data", ()))]
    if len(drawn) > 1:
        return f"draws {len(drawn)} figures; let each have a cell of its own"
    if drawn and "figure" not in cell.metadata.get("mystnb", ()):
        return f"draws a figure that has no name, caption and alt text; {FIGURE}"
    return ""


FILE_OF_CELL = re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py:(\d+): ")
SYNTAX_AT = re.compile(r" \(\d+\.py, line \d+\)$")
