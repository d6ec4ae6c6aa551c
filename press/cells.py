"""Run the cells of chapters, as many chapters at once as there are cores, and keep what they print.

Each chapter has a shell of its own (shell.py). What it showed goes into a file, where both
languages find it (ext/page/outputs.py). A chapter that fails stops no other.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from press import shell
from press.fresh import CELL, forget_older, outputs_file
from press.proofread import FIGURE


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
    forget_older(folder)


def imported(chapters: list[Path]) -> list[str]:
    """Return the modules of installed packages that the cells of chapters import."""
    code = "".join(
        cell[0] for chapter in chapters for cell in CELL.finditer(chapter.read_text("utf-8"))
    )
    named = set(re.findall(r"^(?:from|import) ([\w.]+)", code, re.MULTILINE))
    return sorted(name for name in named if name.split(".")[0] != "gdcore")  # it may be broken


def keep(notebook, file: Path) -> None:
    """Write down the code cells of a notebook, with their outputs; figures are made small."""
    from press.ext.figures.compact_svg import compact
    from press.kept_files import write

    for data in (o.data for c in notebook.cells for o in c.get("outputs", ()) if "data" in o):
        data |= {kind: compact(svg) for kind, svg in data.items() if kind == "image/svg+xml"}
    cells = [
        {name: cell[name] for name in ("source", "outputs", "execution_count")}
        for cell in code_of(notebook)
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
        A page without cells is not yielded.
    """
    from myst_nb.core.config import NbParserConfig
    from myst_nb.core.read import create_nb_reader
    from myst_parser.config.main import MdParserConfig
    from nbformat import from_dict
    from nbformat.v4 import new_notebook

    from press.ext.figures.catalogue import expanded

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
    todo.sort(key=lambda job: -sum(len(cell.source) for cell in code_of(job[-1])))  # longest first
    chapters = {number: runnable(notebook) for number, (*_, notebook) in enumerate(todo)}
    for number, ran in shell.run(chapters, settings["nb_execution_timeout"]):
        chapter, file, text, notebook = todo[number]
        for count, outputs in enumerate(ran.outputs, start=1):
            cell = code_of(notebook)[count - 1]
            cell.outputs, cell.execution_count = [from_dict(output) for output in outputs], count
        found = list(troubles(notebook, ran, text))
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


def troubles(notebook, ran: shell.Run, text: str) -> Iterator[tuple[int, str]]:
    """Yield where in a page's text a cell failed or warned, and what happened there."""
    numbered = zip(notebook.cells, notebook.metadata["source_map"], strict=True)
    cells = [(cell, line) for cell, line in numbered if cell.cell_type == "code"]
    for number, (cell, line) in enumerate(cells, start=1):
        trouble = failure_of(cell) or warning_of(cell) or figure_of(cell)
        if number == len(ran.outputs) + 1 and ran.failure:
            trouble = f"failed: {ran.failure}"
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


def failure_of(cell) -> str:
    """Say which exception stopped the chapter in a cell."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors or "raises-exception" in cell.metadata.get("tags", ()):
        return ""
    if errors[0].ename == "EOFError":
        return "failed: it asks for input, and nobody is there; write the value into it"
    return f"failed: {errors[0].ename}: {SYNTAX_AT.sub('', errors[0].evalue)}"


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


FILE_OF_CELL = re.compile(r"<ipython-input-[^>]*>:(\d+): ")
SYNTAX_AT = re.compile(r" \([^()]*, line \d+\)$")
