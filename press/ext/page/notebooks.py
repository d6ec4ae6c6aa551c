"""Notebooks to take along: each chapter as an `.ipynb` in the page's language, beside its page.

The text is that of the finished page, its numbers and references in place, written as Markdown.
The code is that of the cells on the page. Cells that the page hides check what the text says; in
a notebook they would stop a reader who changes a number, so they stay out. So do outputs: the page
has them, running makes them again, and JupyterLab shows no drawing that it has not made itself.
Pictures that no cell draws go along, as attachments of the text that shows them.
"""

import base64
import html
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import nbformat
from docutils import nodes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx import addnodes
from sphinx.locale import admonitionlabels
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx_design.dropdown import dropdown_main

from press.ext.language.bilingual import Pair, Piece
from press.ext.page.code import is_cell
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
from gdcore import draw

draw.use_book_style()
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
        self.pictures: dict[str, dict] = {}  # on the page: name, content by its MIME type

    def notebook(self, page: nodes.document) -> nbformat.NotebookNode:
        svgs = "".join(raw.astext() for raw in page.findall(nodes.raw))
        title, *parts = self.parts(page, level=0)
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
            shown = {n: p for n, p in self.pictures.items() if f"(attachment:{n})" in cell.source}
            cell |= {"attachments": shown} if shown else {}
        return new_notebook(cells=cells, metadata=METADATA)

    def parts(self, section: nodes.section, level: int) -> Iterator:
        """Yield the parts of a section: Markdown, and its cells."""
        for child in section.children:
            if isinstance(child, nodes.section):
                yield from self.parts(child, level + 1)
            elif isinstance(child, nodes.title):
                numbers = self.builder.env.toc_secnumbers.get(self.name, {})
                number = f"{numbers[''][0]}. " if level == 1 and "" in numbers else ""
                yield f"{'#' * level} {number}{self.line(child)}"
            elif is_cell(child):
                yield from self.cell(child)
            else:
                yield from self.block(child)
                if isinstance(child, dropdown_main):  # a solution's cells can be run, too
                    yield from chain.from_iterable(map(self.cell, child.findall(is_cell)))

    def cell(self, container: nodes.container) -> Iterator:
        """Yield a cell, and the caption of the figure that it draws."""
        hidden = any(tag.startswith("hide-") for tag in container["cell_metadata"].get("tags", ()))
        metadata = {"jupyter": {"source_hidden": True}} if hidden else {}
        for source in container.findall(is_source):
            yield new_code_cell(source.astext(), metadata=metadata)
        for figure in container.findall(nodes.figure):
            yield self.caption(figure, "figure", figure.next_node(nodes.caption))
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
            case Piece() if node.get("twin"):
                pass
            case nodes.Invisible() | nodes.system_message():  # labels, comments; what is reported
                pass
            case addnodes.compact_paragraph() if node.get("toctree"):  # a list of pages
                yield from self.blocks(node.children)
            case nodes.title() | nodes.rubric():  # a title of such a list, or one that stands alone
                yield f"**{self.line(node)}**"
            case nodes.paragraph():
                yield unmarked(self.line(node))
            case nodes.math_block():
                yield self.formula(node)
            case nodes.figure() if "explorer-figure" in node["classes"]:
                pass  # a notebook has its cells to try things in
            case nodes.caption():
                kind = "figure" if isinstance(node.parent, nodes.figure) else "code-block"
                yield self.caption(node.parent, kind, node)
            case nodes.image() | nodes.reference():  # an image may be a link
                yield self.inline(node)
            case nodes.literal_block():
                ticks = ticks_around(node.astext(), at_least=3)
                yield f"{ticks}{node['language']}\n{node.astext()}\n{ticks}"
            case nodes.bullet_list():
                yield self.items(node, lambda number: node.get("bullet", "-"))
            case nodes.enumerated_list():
                start, end = node.get("start", 1), node.get("suffix", ".")
                yield self.items(node, lambda number: f"{start + number}{end}")
            case nodes.definition_list():
                yield self.definitions(node)
            case nodes.table():
                yield from self.table(node)
            case nodes.block_quote():
                yield quote(self.blocks(node.children))
            case nodes.attribution():
                yield f"— {self.line(node)}"
            case nodes.footnote():
                label, *rest = node.children
                yield f"[{label.astext()}] " + "\n\n".join(self.blocks(rest))
            case nodes.transition():
                yield "***"
            case nodes.Admonition() | nodes.topic() | nodes.sidebar():
                has_title = isinstance(node[0], nodes.title)
                title = self.line(node[0]) if has_title else str(admonitionlabels[node.tagname])
                yield quote([f"**{title}**", *self.blocks(node.children[has_title:])])
            case dropdown_main():
                title, body = node.children
                said = (child for child in body.children if not is_cell(child))
                yield details(self.summary(title), self.blocks(said))
            case nodes.raw():
                yield from [node.astext().strip("\n")] if "html" in node["format"] else []
            case _ if isinstance(node, HOLDS):
                yield from self.blocks(node.children)
            case _:
                self.unknown(node)

    def line(self, node: nodes.Element) -> str:
        return "".join(map(self.inline, node.children))

    def inline(self, node: nodes.Node) -> str:
        match node:
            case Piece() if node.get("twin"):
                return ""
            case nodes.Text():
                return re.sub(MARKS, r"\\\g<0>", node.astext().replace("\n", " "))
            case nodes.math():
                return f"${' '.join(node.astext().split())}$"
            case nodes.literal():
                text = node.astext()
                ticks, space = ticks_around(text), " " if {"`", " "} & {text[0], text[-1]} else ""
                return f"{ticks}{space}{text}{space}{ticks}"
            case _ if type(node) in AROUND:
                return AROUND[type(node)].format(self.line(node))
            case nodes.reference():
                return self.link(node)
            case nodes.image():
                return self.image(node)
            case nodes.raw():
                return node.astext().strip() if "html" in node["format"] else ""
            case Piece() | nodes.inline() | nodes.abbreviation() | nodes.problematic():
                return self.line(node)
            case nodes.Invisible():
                return ""
        return self.unknown(node)

    def summary(self, node: nodes.Node) -> str:
        """Write a title that stands in HTML, where Markdown means nothing."""
        match node:
            case Piece() if node.get("twin"):
                return ""
            case nodes.Text():
                return html.escape(node.astext(), quote=False)
            case nodes.math():
                return self.inline(node)
            case nodes.raw():  # an icon
                return ""
        return "".join(map(self.summary, node.children))

    def caption(self, node: nodes.Element, kind: str, text: nodes.Element) -> str:
        """Write a caption, with its number if it has one."""
        numbers = self.builder.env.toc_fignumbers.get(self.name, {}).get(kind, {})
        number = numbers.get(node["ids"][0]) if node["ids"] else None
        label = self.builder.config.numfig_format[kind]
        label = f"**{label % '.'.join(map(str, number))}** " if number else ""
        return label + self.line(text)

    def image(self, node: nodes.image) -> str:
        """Write an image, and keep what is in its file; Sphinx reports a file that is missing."""
        alt = re.sub(r"[\\\[\]`*_<$]", r"\\\g<0>", node.get("alt", ""))
        if "://" in node["uri"]:
            return f"![{alt}]({node['uri']})"
        files = {Path(copy).name: original for original, copy in self.builder.images.items()}
        copy = Path(unquote(node["uri"])).name
        if copy not in files:
            return ""
        name = f"image-{list(files).index(copy) + 1}{Path(copy).suffix}"
        content = Path(self.builder.srcdir, files[copy]).read_bytes()
        kind, _ = mimetypes.guess_type(name)
        self.pictures[name] = {kind: base64.b64encode(content).decode("ascii")}
        return f"![{alt}](attachment:{name})"

    def link(self, node: nodes.reference) -> str:
        """Write a link that leads somewhere from a notebook as one, and others as plain words."""
        text, uri = self.line(node), node.get("refuri", "")
        if node.get("reftitle") and "references.html" in uri:
            self.works[text] = self.inline(nodes.Text(node["reftitle"]))
        if node.get("internal"):
            other = re.match(r"([\w-]+)\.html", uri)  # in this folder, so a chapter
            uri = f"{other[1]}.ipynb" if other else ""
        uri = f"<{uri}>" if re.search(r"[\s()]", uri) else uri
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

    def definitions(self, node: nodes.definition_list) -> str:
        """Write terms and their meanings in HTML: Markdown in notebooks has nothing for them."""
        lines = []
        for part in (part for item in node.children for part in item.children):
            is_term = isinstance(part, nodes.term)
            tag = "dt" if is_term else "dd"
            text = unmarked(self.line(part)) if is_term else "\n\n".join(self.blocks(part.children))
            lines.append(f"<{tag}>\n\n{text}\n\n</{tag}>")
        return "\n".join(["<dl>", *lines, "</dl>"])

    def table(self, node: nodes.table) -> Iterator[str]:
        if title := node.next_node(nodes.title):
            yield self.caption(node, "table", title)
        rows = list(node.findall(nodes.row))
        head, *body = ([self.table_cell(entry) for entry in row.children] for row in rows)
        if node.next_node(nodes.thead) is None:
            head, body = [""] * len(head), [head, *body]
        rules = [RULES.get(" ".join(entry["classes"]), "---") for entry in rows[0].children]
        yield "\n".join(f"| {' | '.join(row)} |" for row in [head, rules, *body])

    def table_cell(self, entry: nodes.entry) -> str:
        """Write a cell of a table without bars: a bar ends the cell."""
        entry = entry.deepcopy()
        for formula in entry.findall(nodes.math):  # a bar of a formula goes by its name
            named = formula.astext().replace(r"\|", r"\Vert ").replace("|", r"\vert ")
            formula[:] = [nodes.Text(named)]
        text = " ".join(self.blocks(entry.children)).replace("|", r"\|")
        if "\n" in text:
            self.unknown(entry[0], "in a table")
        return text

    def unknown(self, node: nodes.Node, where: str = "here") -> str:
        logger.warning(
            "a %s %s has no form in a notebook; write it otherwise, or teach notebooks.py",
            node.tagname.replace("_", " "),
            where,
            location=node,
            type="notebooks",
        )
        return ""


def is_source(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code_source"


HOLDS = (Piece, Pair, nodes.container, nodes.compound, nodes.figure, nodes.legend)
AROUND = {
    nodes.strong: "**{}**",
    nodes.emphasis: "*{}*",
    nodes.subscript: "<sub>{}</sub>",
    nodes.superscript: "<sup>{}</sup>",
    nodes.footnote_reference: "<sup>[{}]</sup>",
}
# What would mean something in Markdown, wherever it stands, and at the beginning of a paragraph.
MARKS = re.compile(r"[\\`*_<$]|\](?=\()|&(?=#?\w+;)|~(?=~)")
MARKS_FIRST = re.compile(r"^(\d*)(?=[.)](\s|$)|[#>=+~-]|\[[ xX]\] )")
RULES = {"text-left": ":--", "text-center": ":-:", "text-right": "--:"}


def unmarked(paragraph: str) -> str:
    """Let a paragraph be one, whatever it begins with."""
    return MARKS_FIRST.sub(r"\1\\", paragraph)


def ticks_around(code: str, at_least: int = 1) -> str:
    """Return backticks between which code may stand that has some itself."""
    return "`" * max([at_least, *(len(run) + 1 for run in re.findall("`+", code))])


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
