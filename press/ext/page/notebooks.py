"""Notebooks to take along: each chapter as an `.ipynb` in the page's language, beside its page.

The text is that of the finished page, its numbers and references in place: markdownify makes
Markdown of its HTML, and a formula is the LaTeX that its MathML holds. The code is that of the
cells on the page. Cells that the page hides check what the text says; in a notebook they would stop
a reader who changes a number, so they stay out. So do outputs: the page has them, running makes
them again, and JupyterLab shows no drawing that it has not made itself. Of a picture that no cell
draws the alt text goes along.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import chain
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup, Tag
from markdownify import ATX, BACKSLASH, MarkdownConverter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.locale import _

INTRO = (
    "A chapter of *{book}*, to run as you read. It uses gdcore, the book's library: first, in the "
    'book\'s folder, type `pip install ".[notebooks]"`. Run the cells from top to bottom; then '
    "change a number and see what happens. Pictures that move or turn on the page stand still here."
)
SETUP = """\
import matplotlib.pyplot as plt
from gdcore import draw

draw.use_book_style()
plt.rcParams["figure.facecolor"] = "white"  # readable in a dark notebook, too"""
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def write_notebook(app, pagename, templatename, context, doctree) -> None:
    """Write a chapter's notebook, and tell the templates its name."""
    if doctree is not None and pagename.startswith("chapters/"):
        path = Path(app.outdir, f"{pagename}.ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook(app.config.project, context["body"]), path)
        context["notebook"] = path.name


def notebook(book: str, body: str) -> NotebookNode:
    html = plain_html(body)
    works = {f"[{a.get_text()}] {a['title']}" for a in html.select(".bibtex-citation a[title]")}
    point_links(html)
    intro = _(INTRO).format(book=book)
    title, *rest = parts(html)
    cells = [new_markdown_cell(f"{title}\n\n> {intro}"), new_code_cell(SETUP)]
    for part in rest:
        if not isinstance(part, str):
            cells.append(part)
        elif cells[-1].cell_type == "markdown" and not part.startswith("#"):
            cells[-1].source += f"\n\n{part}"
        else:
            cells.append(new_markdown_cell(part))
    if works:
        listed = (f"- {CONVERTER.escape(work, set())}" for work in sorted(works))
        cells.append(new_markdown_cell("\n".join([f"## {_('Works cited')}\n", *listed])))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # the same in every build
    return new_notebook(cells=cells, metadata=METADATA)


def parts(page: Tag) -> Iterator[str | NotebookNode]:
    """Yield the parts of a page: Markdown, and its cells with the captions of their figures."""
    for part in page.find_all(True, recursive=False):
        kinds = part.get("class", ())
        if part.name == "section" or "exercise" in kinds:
            yield from parts(part)
        elif "exercise-stub" in kinds:
            yield new_code_cell(part.get_text().rstrip("\n"), metadata={"tags": ["exercise"]})
        elif "cell" in kinds:
            yield from cell(part)
        else:
            own = [inner.extract() for inner in part.select(".cell")]  # of a solution
            if text := markdown(part):
                yield text
            yield from chain.from_iterable(map(cell, own))


def cell(part: Tag) -> Iterator[str | NotebookNode]:
    """Yield a cell, or a run of cells that the page shows as one, and the captions of figures."""
    hidden = part["class"][1].startswith("tag_hide-")
    metadata = {"jupyter": {"source_hidden": True}} if hidden else {}
    for code in part.select(".cell_input pre"):
        yield new_code_cell(code.get_text().rstrip("\n"), metadata=metadata)
    yield from map(markdown, part.select("figcaption"))
    title = f"<summary>{_('This figure in words')}</summary>"
    for figure in part.select("figure > .figure:not(.narrow)"):
        words = CONVERTER.escape(figure["aria-label"], set())
        yield f"<details>\n\n{title}\n\n{words}\n\n</details>"


# A page in plain HTML -----------------------------------------------------------------------------

UNWANTED = ".twin, .headerlink, .katex-html, .exercise-wrong, .backrefs, .closed, .instrument, "
UNWANTED += ".sd-summary-state-marker, .recall-where"
DRAWN = re.compile(r"</?(?:g|path|use)\b[^>]*>")  # a quarter of a page's elements, unseen here


def plain_html(body: str) -> BeautifulSoup:
    """Return a page in its language only, with elements that Markdown has a form for."""
    html = BeautifulSoup(DRAWN.sub("", body), "html.parser")
    for unwanted in html.select(UNWANTED):
        unwanted.extract()
    for number in html.select(".eqno"):
        number.find_next("annotation").append(rf" \tag{{{number.extract().get_text()[1:-1]}}}")
    for tag, which in TAGS.items():
        for element in html.select(which):
            element.name = tag
    return html


TAGS = {
    "blockquote": ".admonition",
    "strong": ".admonition-title, .caption-number, p.caption, p.rubric",
    "sup": "a.footnote-reference",
}


def point_links(html: BeautifulSoup) -> None:
    """Let links lead to notebooks of chapters; those that lead elsewhere in the book are words."""
    for link in html.select("a.internal"):
        del link["title"]
        if chapter := re.match(r"([\w-]+)\.html", link["href"]):  # in this folder
            link["href"] = f"{chapter[1]}.ipynb"
        else:
            link.unwrap()


# Markdown -----------------------------------------------------------------------------------------

# What would mean something in Markdown, wherever it stands, and at the beginning of a paragraph.
MARKS = re.compile(r"[\\`*_<$]|\](?=\()|&(?=#?\w+;)|~(?=~)")
MARKS_FIRST = re.compile(r"^(\s*\d*)(?=[.)](\s|$)|[#>=+~-]|\[[ xX]\] )")


class Markdown(MarkdownConverter):
    """What becomes of HTML in a notebook."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return MARKS.sub(r"\\\g<0>", text.replace("\n", " "))

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return super().convert_p(el, MARKS_FIRST.sub(r"\1\\", text.strip()), parent_tags)

    def convert_math(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        latex = el.annotation.get_text()
        if el.get("display"):
            return f"\n\n$$\n{latex}\n$$\n\n"
        if parent_tags & {"td", "th"}:  # where a bar ends the cell
            latex = latex.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
        return f"${' '.join(latex.split())}$"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self.escape(el.get("alt", ""), parent_tags)

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        ticks = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
        box = el.find_parent("div", class_=re.compile("^highlight-"))
        language = box["class"][0].removeprefix("highlight-") if box else ""
        return f"\n\n{ticks}{language}\n{text.rstrip()}\n{ticks}\n\n"

    def convert_dl(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write as HTML what Markdown has no form for; inside, Markdown goes on."""
        return f"\n<{el.name}>\n\n{text.strip()}\n\n</{el.name}>\n"

    convert_dt = convert_dd = convert_details = convert_dl

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        for formula in el("math"):
            formula.string = f"${formula.annotation.string}$"
        return f"<summary>{escape(el.get_text().strip(), quote=False)}</summary>\n\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return super().convert_td(el, text.replace("|", r"\|"), parent_tags)

    convert_th = convert_td


def markdown(element: Tag) -> str:
    return CONVERTER.process_tag(element).strip()


CONVERTER = Markdown(
    heading_style=ATX,
    newline_style=BACKSLASH,
    bullets="-",
    sub_symbol="<sub>",
    sup_symbol="<sup>",
)


def setup(app):
    app.connect("html-page-context", write_notebook)
