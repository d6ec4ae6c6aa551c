"""Run the cells of chapters, as many chapters at once as there are cores, and keep what they print.

Each chapter has a shell of its own (shell.py). What it showed goes into a file, where both
languages find it (ext/page/outputs.py). A chapter that fails stops no other.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode, from_dict

from press import progress, shell
from press.ext.figures.catalogue import expanded
from press.ext.figures.compact_svg import compact
from press.ext.page.outputs import cells_of, code_of, kept
from press.fresh import CELL, CELLS, outputs_file
from press.proofread import FIGURE

AT_WORK = CELLS.with_name("at-work")  # what a build that is killed leaves, the next one removes


def texts_of(pages: Iterable[Path]) -> dict[Path, str]:
    """Return the text of each page that has cells, with the sections of the catalogue."""
    texts = {page: expanded(page.read_text(encoding="utf-8-sig")) for page in pages}
    return {page: text for page, text in texts.items() if CELL.search(text)}


def keep(cells: list[NotebookNode], file: Path) -> None:
    """Write down cells with their outputs; figures are made small."""
    for data in (output.data for cell in cells for output in cell.outputs if "data" in output):
        data |= {kind: compact(svg) for kind, svg in data.items() if kind == "image/svg+xml"}
    parts = "source", "outputs", "execution_count"
    shown = [{part: cell[part] for part in parts} for cell in cells]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(shown, default=repr))  # half of it is no JSON, and is not read


def run(texts: dict[Path, str], settings: dict) -> Iterator[tuple[Path, int, str]]:
    """Run the cells of pages whose outputs are not kept, and say how far they are.

    The outputs of cells that no page has any more are removed, for Sphinx to miss them.

    Parameters
    ----------
    texts : dict of Path to str
        As `texts_of` returns them.
    settings : dict
        Those of conf.py: ``nb_execution_timeout`` and ``myst_enable_extensions``.

    Yields
    ------
    tuple
        A page whose cells failed or warned, the line of it, and what happened there.
    """
    syntax = settings["myst_enable_extensions"]
    read = {page: cells_of(text, syntax) for page, text in texts.items() if not kept(text)}
    code = {page: code_of(notebook) for page, notebook in read.items()}
    longest = sorted(code, key=lambda page: -sum(len(cell.source) for cell in code[page]))
    todo = {page: runnable(code[page]) for page in longest}
    done = 0

    def watch(working: dict[Path, float]) -> None:
        now = ", ".join(f"{page.stem} {seconds:.1f} s" for page, seconds in working.items())
        progress.tick(f"cells: {done} of {len(todo)} chapters; running: {now}")

    running = shell.run(todo, settings["nb_execution_timeout"], AT_WORK, watch=watch)
    for done, ran in enumerate(running, start=1):
        page, cells = ran.name, code[ran.name]
        progress.say(f"cells: {done} of {len(todo)} chapters ({page.stem} {ran.seconds:.1f} s)")
        for count, (cell, outputs) in enumerate(zip(cells, ran.outputs, strict=False), start=1):
            cell.update(outputs=from_dict(outputs), execution_count=count)
        found = list(troubles(read[page], ran, texts[page]))
        if not found:
            keep(cells, outputs_file(texts[page]))
        yield from found
    for file in set(CELLS.glob("*.json")) - {outputs_file(text) for text in texts.values()}:
        file.unlink()


def runnable(cells: list[NotebookNode]) -> list[tuple[str, bool]]:
    """Return the code of cells, and whether their tags allow each to raise an exception."""
    return [(c.source, "raises-exception" in c.metadata.get("tags", ())) for c in cells]


# What went wrong --------------------------------------------------------------------------------


def troubles(notebook, ran: shell.Chapter, text: str) -> Iterator[tuple[Path, int, str]]:
    """Yield a page, where in its text a cell failed or warned, and what happened there."""
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
            yield ran.name, begins + line_of_trouble(cell), shortened(said)


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
    if drawn and "image/svg+xml" not in drawn[0].data:
        return "draws a figure that is no SVG; call use_book_style() first"
    if drawn and "figure" not in cell.metadata.get("mystnb", ()):
        return f"draws a figure that has no name, caption and alt text; {FIGURE}"
    return ""


FILE_OF_CELL = re.compile(r"<ipython-input-[^>]*>:(\d+): ")
SYNTAX_AT = re.compile(r" \([^()]*, line \d+\)$")
