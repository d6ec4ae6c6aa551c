"""Run the cells of chapters, as many chapters at once as there are cores, and keep what they print.

Each chapter has a shell of its own (shell.py). What it showed goes into a file, where both
languages find it (ext/page/outputs.py). A chapter that fails stops no other.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from press import shell
from press.fresh import CELL, outputs_file


def waiting(chapters: list[Path], folder: Path) -> list[Path]:
    """Return the chapters whose outputs are not kept in a folder."""
    return [chapter for chapter in chapters if not outputs_file(chapter, folder).exists()]


def imported(chapters: list[Path]) -> list[str]:
    """Return the modules of installed packages that the cells of chapters import."""
    code = "".join(
        cell[0] for chapter in chapters for cell in CELL.finditer(chapter.read_text("utf-8"))
    )
    named = set(re.findall(r"^(?:from|import) ([\w.]+)", code, re.MULTILINE))
    return sorted(name for name in named if name.split(".")[0] != "gdcore")  # it may be broken


def forget_spoiled(folder: Path) -> None:
    """Remove files that something has happened to, so that their chapters run again."""
    for file in folder.glob("*.json"):
        try:
            json.loads(file.read_text(encoding="utf-8"))["cells"]
        except (ValueError, LookupError, TypeError):
            file.unlink()


def keep(notebook, file: Path) -> None:
    """Write down the code cells of a notebook, with their outputs; figures are made small."""
    from press.ext.figures.compact_svg import compact
    from press.kept_files import write

    for data in (o.data for c in notebook.cells for o in c.get("outputs", ()) if "data" in o):
        data |= {kind: compact(svg) for kind, svg in data.items() if kind == "image/svg+xml"}
    cells = [
        {name: cell[name] for name in ("source", "outputs", "execution_count")}
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    write(json.dumps({"cells": cells}).encode(), file)


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
        A page without cells is not yielded, and where it is not clear which lines are cells, for a
        block is left open, none is run.
    """
    from myst_nb.core.config import NbParserConfig
    from myst_nb.core.read import create_nb_reader
    from myst_parser.config.main import MdParserConfig
    from nbformat import from_dict
    from nbformat.v4 import new_notebook

    from press.ext.figures.catalogue import expanded
    from press.ext.language import fences

    syntax = MdParserConfig(enable_extensions=set(settings["myst_enable_extensions"]))
    todo = []
    for chapter in chapters:
        file = outputs_file(chapter, folder)
        source = chapter.read_text(encoding="utf-8")
        left_open = list(fences.troubles(source))
        if left_open:
            yield chapter, 0.0, left_open
            continue
        text = expanded(source)
        reader = create_nb_reader(str(chapter), syntax, NbParserConfig(), text)
        if reader:
            todo.append((chapter, file, reader.read(text)))
        else:
            keep(new_notebook(), file)
    todo.sort(key=lambda job: -sum(len(cell.source) for cell in code_of(job[2])))  # long ones first
    chapters = {number: runnable(notebook) for number, (_, _, notebook) in enumerate(todo)}
    for number, ran in shell.run(chapters, settings["nb_execution_timeout"]):
        chapter, file, notebook = todo[number]
        for count, outputs in enumerate(ran.outputs, start=1):
            cell = code_of(notebook)[count - 1]
            cell.outputs, cell.execution_count = [from_dict(output) for output in outputs], count
        found = list(troubles(notebook, ran))
        if not found:
            keep(notebook, file)
        yield chapter, ran.seconds, found


def code_of(notebook) -> list:
    """Return the cells of a notebook that hold code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def runnable(notebook) -> list[tuple[str, bool]]:
    """Return the code of each cell, and whether its tags allow it to raise an exception."""
    tags = (cell.metadata.get("tags", ()) for cell in code_of(notebook))
    may_raise = ("raises-exception" in some for some in tags)
    return list(zip((cell.source for cell in code_of(notebook)), may_raise, strict=True))


# What went wrong --------------------------------------------------------------------------------


def troubles(notebook, ran: shell.Run) -> Iterator[tuple[int, str]]:
    """Yield the line of each cell that failed or warned, and what happened there."""
    lines = notebook.metadata["source_map"]
    numbered = zip(notebook.cells, lines, strict=True)
    cells = [(cell, line) for cell, line in numbered if cell.cell_type == "code"]
    for number, (cell, line) in enumerate(cells, start=1):
        trouble = failure_of(cell) or warning_of(cell)
        if number == len(ran.outputs) + 1 and ran.failure:
            trouble = f"failed: {ran.failure}"
        if trouble:
            first_line = cell.source.strip().splitlines()[0]
            yield line + 1, f"cell {number}, which begins with `{first_line}`, {trouble}"


def failure_of(cell) -> str:
    """Say which exception stopped the chapter in a cell."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors or "raises-exception" in cell.metadata.get("tags", ()):
        return ""
    return f"failed: {errors[0].ename}: {errors[0].evalue}"


def warning_of(cell) -> str:
    """What the cell wrote to stderr, hidden or not; Python's warnings go there."""
    streams = (output for output in cell.outputs if output.output_type == "stream")
    said = "".join(stream.text for stream in streams if stream.name == "stderr").strip()
    return f"warned: {said}" if said else ""
