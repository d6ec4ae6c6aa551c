"""Cells of plain Python run in the page, with a reader's changes.

A cell is plain if it imports `math` alone, and all that it uses is Python's own or was made by
plain statements before it. Each that the page shows gets a place for its buttons, which knows what
must run before it: the cells that it builds on, by their numbers, as the reader has them now; and
statements of other cells, as text. `_static/js/run.js` does the rest, with MicroPython, of which a
page loads nothing before the reader asks. What MicroPython would not print as Python does has the
tag `no-run`; a test finds it.

What a reader's run of a cell draws, over the book's own, stands in its metadata: a figure of the
page, where it has several panels their number, and an expression for the points::

    draws:
      fig-trace: "[(x, f(x)) for x in trace]"
      fig-zigzag/2: ball
"""

import ast
import builtins
import json
import re
import symtable
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from docutils import nodes
from nbformat import NotebookNode
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from press.ext.figures.javascript import as_json
from press.ext.language.bilingual import parents

logger = logging.getLogger(__name__)

MODULES = {"math"}
LACKS = {"open", "input", "breakpoint", "exit", "quit", "help", "compile", "copyright"}
BUILTINS = set(dir(builtins)) - LACKS
AXES = re.compile(r' data-axes="([^"]*)"')
HIDDEN = {"remove-cell", "remove-input", "no-run"}
NOWHERE = "this cell draws into `{}`, but no figure of the page has that name and linear axes there"
NOWHERE += "; write the name of one and, where it has several panels, /2 for the second"


class Generators(ast.NodeTransformer):
    """Makes comprehensions generators: Python 3.12 counts their names among those around them."""

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp) -> ast.GeneratorExp:
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> ast.GeneratorExp:
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value]), node.generators)


def symbols(tree: ast.Module) -> symtable.SymbolTable:
    copy = Generators().visit(ast.parse(ast.unparse(tree)))
    return symtable.symtable(ast.unparse(copy), "cell", "exec")


def defines(tree: ast.Module) -> set[str]:
    """Return the names that a cell gives values at its top level."""
    table = symbols(tree)
    return {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}


def uses(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return the names that code takes from outside: at once, and when its functions are called."""
    top = symbols(tree)
    at_once = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    tables, later = top.get_children(), set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        later |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_global()}
    return at_once, later


def imports(tree: ast.Module) -> set[str]:
    return {
        name.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }


@dataclass(frozen=True)
class Piece:
    """A plain statement, or all of a cell that runs: its code, what it makes and what it uses."""

    code: str | int  # the number of a cell that the page shows
    makes: set[str]
    uses: set[str]


def parsed(source: str) -> list[ast.stmt]:
    """Return the statements of a cell; none, where it is not all Python."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def mark(cells: list[NotebookNode]) -> None:
    """Note in the metadata of a page's cells which of them run in the page, and after what."""
    known: dict[str, bool] = {}  # whether a name's value came from plain statements
    pieces: list[Piece] = []
    plain_cells: dict[int, list[str | int]] = {}  # and what must run before each
    for number, cell in enumerate(cells):
        own = defines(ast.Module(parsed(cell.source), []))
        parts, whole, asked, made = [], True, set(), set()
        for statement in parsed(cell.source):
            tree = ast.Module([statement], [])
            makes, (at_once, later) = defines(tree), uses(tree)
            plain = imports(tree) <= MODULES and all(
                (name in own and name in later) or known.get(name, name in BUILTINS | makes)
                for name in at_once | later
            )
            known |= dict.fromkeys(makes, plain)
            whole &= plain
            asked |= (at_once - made) | (later - own)
            made |= makes
            if plain:
                parts.append(Piece(ast.unparse(statement), makes, at_once | later))
        for expression in cell.metadata.get("draws", {}).values():
            at_once, later = uses(ast.parse(expression))
            asked |= (at_once | later) - own
        if whole and parts and not HIDDEN & set(cell.metadata.get("tags", [])):
            plain_cells[number] = needed(pieces, asked)
            parts = [Piece(number, own, asked)]
        pieces += parts
    asked_for = {code for before in plain_cells.values() for code in before}
    for number, before in plain_cells.items():
        cell = cells[number]
        draws = cell.metadata.get("draws", {})
        if number in asked_for or cell.get("outputs") or draws:  # else a run would show nothing
            cell.metadata["runs"] = {"number": number, "before": before, "draws": draws}


def needed(pieces: list[Piece], names: set[str]) -> list[str | int]:
    """Return the code that must have run for these names, in its order."""
    before: list[str | int] = []
    for piece in reversed(pieces):
        if piece.makes & names:
            before.insert(0, piece.code)
            names = names | piece.uses
    return before


def running(document: nodes.document) -> dict[nodes.container, dict]:
    """Return the cells of a page that run, and what is noted of each."""
    cells = document.findall(nodes.container)
    runs = {cell: cell.get("cell_metadata", {}).get("runs") for cell in cells if cell.children}
    return {
        cell: its for cell, its in runs.items() if its and cell.get("nb_element") == "cell_code"
    }


class Runnable(SphinxPostTransform):
    """Put a place for its buttons behind the code of each cell that runs.

    Of the drawings only those into which a run draws keep where their axes lie.
    """

    default_priority = 199  # before code is hidden below its figure
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        cells = running(self.document)
        drawn_on = {name.partition("/")[0] for its in cells.values() for name in its["draws"]}
        panels: dict[str, list] = {}  # of each figure, where they lie
        for drawing in self.document.findall(nodes.raw):
            names = {name for node in parents(drawing) for name in node["ids"]}
            if axes := AXES.search(drawing.astext()):
                panels |= dict.fromkeys(names, json.loads(axes[1]))
                if not drawn_on & names:
                    drawing.children = [nodes.Text(AXES.sub("", drawing.astext()))]
        for cell, its in cells.items():
            for target in its["draws"]:
                figure, _, panel = target.partition("/")
                number = int(panel or 1) if panel.isdecimal() or not panel else 0
                if not any(panels.get(figure, [])[number - 1 : number]):
                    logger.warning(NOWHERE.format(target), location=cell)
            data = {name: its[name] for name in its if its[name] or name == "number"}
            attributes = " ".join(f"data-{name}={quoteattr(as_json(data[name]))}" for name in data)
            cell[0] += nodes.raw("", f'<div class="run" {attributes}></div>', format="html")


def setup(app):
    app.add_post_transform(Runnable)
