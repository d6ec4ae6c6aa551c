"""Notebooks to take along: each chapter as an `.ipynb` in the page's language, beside its page.

The text is that of the finished page, its numbers and references in place, written as Markdown.
The code is that of the cells on the page. Cells that the page hides check what the text says; in
a notebook they would stop a reader who changes a number, so they stay out. So do outputs: the page
has them, running makes them again, and JupyterLab shows no drawing that it has not made itself.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import nbformat
from docutils import nodes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx_design.dropdown import dropdown_main

from press.ext.language.bilingual import Pair, Piece
from press.ext.page.katex import as_displayed

logger = logging.getLogger(__name__)

WORDS = {
    "zh": {
        "intro": "本章选自《{book}》，可以边读边运行。它用到本书的程序库 gdcore："
        "请先在本书的文件夹里输入 `pip install {needs}`。"
        "从上到下运行各个单元格；然后改动一个数，看看会发生什么。",
        "still": "书页上会动、会转的图，在这里是静止的。",
        "alt": "用文字描述这张图",
        "works": "引用的文献",
    },
    "en": {
        "intro": "A chapter of *{book}*, to run as you read. It uses gdcore, the book's library: "
        "first, in the book's folder, type `pip install {needs}`. Run the cells from top to "
        "bottom; then change a number and see what happens.",
        "still": "Pictures that move or turn on the page stand still here.",
        "alt": "This figure in words",
        "works": "Works cited",
    },
}
SETUP = """\
import matplotlib.pyplot as plt
from gdcore.plot import use_book_style

use_book_style()
plt.rcParams["figure.facecolor"] = "white"  # readable in a dark notebook, too"""
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Chapter:
    """One page, to be written as a notebook."""

    def __init__(self, builder, name: str) -> None:
        self.builder, self.name = builder, name
        self.words = WORDS[builder.config.bilingual_language]
        self.works: dict[str, str] = {}  # cited on the page: label, description

    def notebook(self, page: nodes.document) -> nbformat.NotebookNode:
        svgs = "".join(raw.astext() for raw in page.findall(nodes.raw))
        title, *parts = self.parts(page.next_node(nodes.section), level=1)
        needs = '".[plot]"'
        needs += " scikit-learn" if "sklearn" in page.astext() else ""
        needs += ' "dask[array]"' if "import dask" in page.astext() else ""
        intro = self.words["intro"].format(book=self.builder.config.project, needs=needs)
        if " data-steps=" in svgs or " data-surface=" in svgs:
            intro += {"zh": "", "en": " "}[self.builder.config.bilingual_language]
            intro += self.words["still"]
        cells = [new_markdown_cell(f"{title}\n\n{quote([intro])}"), new_code_cell(SETUP)]
        for part in parts:
            if not isinstance(part, str):
                cells.append(part)
            elif cells[-1].cell_type == "markdown" and not part.startswith("#"):
                cells[-1].source += f"\n\n{part}"
            else:
                cells.append(new_markdown_cell(part))
        if self.works:
            works = (f"- [{label}] {work}" for label, work in sorted(self.works.items()))
            cells.append(new_markdown_cell("\n".join([f"## {self.words['works']}\n", *works])))
        for number, cell in enumerate(cells):
            cell.id = f"cell-{number}"  # the same in every build
        return new_notebook(cells=cells, metadata=METADATA)

    def parts(self, section: nodes.section, level: int) -> Iterator:
        """Yield the parts of a section: Markdown, and its cells."""
        for child in section.children:
            if isinstance(child, nodes.section):
                yield from self.parts(child, level + 1)
            elif isinstance(child, nodes.title):
                numbers = self.builder.env.toc_secnumbers.get(self.name, {})
                number = numbers.get("") if level == 1 else None
                number = f"{number[0]}. " if number else ""
                yield f"{'#' * level} {number}{self.line(child)}"
            elif isinstance(child, nodes.container) and child.get("nb_element") == "cell_code":
                yield from self.cell(child)
            else:
                yield from self.block(child)

    def cell(self, container: nodes.container) -> Iterator:
        """Yield a cell, and the caption of the figure that it draws."""
        hidden = any(tag.startswith("hide-") for tag in container["cell_metadata"].get("tags", ()))
        metadata = {"jupyter": {"source_hidden": True}} if hidden else {}
        source = container.next_node(nodes.literal_block).astext()
        yield new_code_cell(source, metadata=metadata)
        for figure in container.findall(nodes.figure):
            number = self.builder.env.toc_fignumbers[self.name]["figure"][figure["ids"][0]]
            label = self.builder.config.numfig_format["figure"] % ".".join(map(str, number))
            yield f"**{label}** {self.line(figure.next_node(nodes.caption))}"
            picture = figure.next_node(nodes.raw)
            if picture is None:
                continue  # the build fails, and inline_svg.py has said why
            alt = re.search('aria-label="(.*?)"', picture.astext(), re.DOTALL)
            yield details(self.words["alt"], [self.inline(nodes.Text(html.unescape(alt[1])))])

    # Markdown -------------------------------------------------------------------------------------

    def blocks(self, children: Iterable[nodes.Node]) -> Iterator[str]:
        for child in children:
            yield from self.block(child)

    def block(self, node: nodes.Node) -> Iterator[str]:
        match node:
            case nodes.paragraph():
                yield self.line(node)
            case nodes.math_block():
                yield self.formula(node)
            case nodes.figure() if "explorer-figure" in node["classes"]:
                pass  # a notebook has its cells to try things in
            case nodes.literal_block():
                yield f"```{node['language']}\n{node.astext()}\n```"
            case nodes.bullet_list():
                yield self.items(node, lambda number: "-")
            case nodes.enumerated_list():
                yield self.items(node, lambda number: f"{node.get('start', 1) + number}.")
            case nodes.table():
                yield from self.table(node)
            case nodes.admonition():
                title, *rest = node.children
                yield quote([f"**{self.line(title)}**", *self.blocks(rest)])
            case dropdown_main():
                title, body = node.children
                yield details(self.line(title), self.blocks(body.children))
            case Piece() if node.get("twin"):
                pass
            case Piece() | Pair():
                yield from self.blocks(node.children)
            case nodes.target():
                pass
            case _:
                self.unknown(node)

    def line(self, node: nodes.Element) -> str:
        return "".join(map(self.inline, node.children))

    def inline(self, node: nodes.Node) -> str:
        match node:
            case nodes.Text():
                return re.sub(r"([\\`*_<$])", r"\\\1", node.astext().replace("\n", " "))
            case nodes.math():
                return f"${' '.join(node.astext().split())}$"
            case nodes.literal():
                return f"`{node.astext()}`"
            case nodes.strong():
                return f"**{self.line(node)}**"
            case nodes.emphasis():
                return f"*{self.line(node)}*"
            case nodes.reference():
                return self.link(node)
            case Piece() if node.get("twin"):
                return ""
            case Piece() | nodes.inline():
                return self.line(node)
            case nodes.raw():  # the arrow of a dropdown
                return ""
        return self.unknown(node)

    def link(self, node: nodes.reference) -> str:
        """Write a link that leads somewhere from a notebook as one, and others as plain words."""
        text, uri = self.line(node), node.get("refuri", "")
        if node.get("reftitle") and "references.html" in uri:
            self.works[text] = self.inline(nodes.Text(node["reftitle"]))
        if node.get("internal"):
            other = re.match(r"([\w-]+)\.html", uri)  # in this folder, so a chapter
            uri = f"{other[1]}.ipynb" if other else ""
        return f"[{text}]({uri})" if uri else text

    def formula(self, node: nodes.math_block) -> str:
        number = get_node_equation_number(self, node) if node["number"] else None
        tag = rf" \tag{{{number}}}" if number else ""
        return f"$$\n{as_displayed(node)}{tag}\n$$"

    def items(self, node: nodes.Element, mark: Callable[[int], str]) -> str:
        def item(number: int, child: nodes.Element) -> str:
            text = "\n\n".join(self.blocks(child.children))
            indent = " " * (len(mark(number)) + 1)
            return f"{mark(number)} {text}".replace("\n", f"\n{indent}")

        return "\n".join(item(number, child) for number, child in enumerate(node.children))

    def table(self, node: nodes.table) -> Iterator[str]:
        if title := node.next_node(nodes.title):
            number = self.builder.env.toc_fignumbers[self.name]["table"][node["ids"][0]]
            label = self.builder.config.numfig_format["table"] % ".".join(map(str, number))
            yield f"**{label}** {self.line(title)}"
        head, *body = (
            [" ".join(self.blocks(entry.children)) for entry in row.children]
            for row in node.findall(nodes.row)
        )
        rows = [head, ["---"] * len(head), *body]
        yield "\n".join(f"| {' | '.join(bar_free(cell) for cell in row)} |" for row in rows)

    def unknown(self, node: nodes.Node) -> str:
        logger.warning(
            "press/ext/page/notebooks.py does not know how to write a %s in a notebook; teach it",
            node.tagname,
            location=node,
            type="notebooks",
        )
        return ""


def bar_free(cell: str) -> str:
    """Write the bars of a formula by their names: in a table, a bar ends the cell."""
    return cell.replace(r"\|", r"\Vert ").replace("|", r"\vert ")


def quote(paragraphs: Iterable[str]) -> str:
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(paragraphs).splitlines())


def details(summary: str, paragraphs: Iterable[str]) -> str:
    inside = "\n\n".join(paragraphs)
    return f"<details>\n<summary>{summary}</summary>\n\n{inside}\n\n</details>"


def is_chapter(page: str) -> bool:
    return page.startswith("chapters/")


def write_notebook(app, pagename, templatename, context, doctree) -> None:
    """Write a chapter's notebook, and tell the templates its name."""
    if doctree is not None and is_chapter(pagename):
        path = Path(app.outdir, f"{pagename}.ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(Chapter(app.builder, pagename).notebook(doctree), path)
        context["notebook"] = path.name


def setup(app):
    app.connect("html-page-context", write_notebook)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
