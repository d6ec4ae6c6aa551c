"""What a page says of itself to others: a description, and a card with its own figure.

Search engines show the description: a chapter's question, as the front page asks it, and what the
book is. Where people share a link, a card is shown (Open Graph). Its picture is the page's first
figure, or the one that the page's front matter names::

    card: fig-trace-2d

A page without figures shows that of the book's first page. Figures hold symbols and no words, so
one picture serves both languages, and needs no font for Chinese. Addresses are absolute if the
book knows its own (`BOOK_URL`, see press/publish.py), as most who read cards expect, and relative
if not.
"""

import html
import re
from pathlib import Path
from urllib.parse import urljoin

from docutils import nodes
from sphinx.util import logging

from gdcore.draw.style import PAGE
from press.ext.figures.compact_svg import LETTER
from press.ext.figures.pictures import MARK, TITLE, inside, painted, placed, rendered, size_of
from press.ext.language.bilingual import parents
from press.names import of_the_book

logger = logging.getLogger(__name__)

WIDTH, HEIGHT, MARGIN = 1200, 630, 45  # pixels; those who show cards ask for this size
TITLE_WIDTH = 400


def describe(app, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Tell `_templates/card.html` what to say of a page, and put its picture beside it."""
    root = app.config.root_doc
    card = context["card"] = {
        "title": app.env.titles[page].astext() if doctree else app.config.project,
        "question": app.env.metadata[root].get("questions", {}).get(page, ""),
        "about": of_the_book()[app.config.bilingual_language]["about"],
    }
    chosen = app.env.metadata[page].get("card", "") if doctree else ""
    svg, owner = figure(doctree, chosen), page
    if chosen and not svg:
        logger.warning('no figure is named "%s"; see its front matter: card', chosen, location=page)
    if not svg:
        svg, owner = figure(doctree if page == root else app.env.get_doctree(root)), root
    if svg:
        path = f"_cards/{owner}.png"
        file = Path(app.outdir, path)
        read = Path(app.doctreedir, f"{owner}.doctree").stat().st_mtime
        if not (file.exists() and file.stat().st_mtime > read):  # else it is as it was
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(draw(svg, titled=owner == root and bool(TITLE)))
        here = context.get("pageurl") or ""  # empty if the book does not know its address
        card |= {"image": urljoin(here, context["pathto"](path, True)), "size": (WIDTH, HEIGHT)}
        card["alt"] = html.unescape(re.search(r'aria-label="([^"]*)"', svg)[1])


# The picture --------------------------------------------------------------------------------------


def figure(doctree: nodes.document | None, name: str = "") -> str:
    """Return the SVG of a page's first figure, or of the one with this name; none, "" if none.

    It gets the letters of figures before it on the page, for it may share them.
    """
    letters = ""
    for raw in doctree.findall(nodes.raw) if doctree else ():
        text = raw.astext()
        named = any(name in outer.get("ids", ()) for outer in parents(raw))
        if text.startswith('<svg class="figure"') and (named or not name):
            svg = text[: text.rindex("</svg>") + len("</svg>")]
            return svg.replace(">", f"><defs>{letters}</defs>", 1)
        letters += "".join(letter[0] for letter in LETTER.finditer(text))
    return ""


def draw(svg: str, titled: bool = False) -> bytes:
    """Return a card as a PNG: the book's mark, a figure and, if asked, the book's title beside."""
    width, height = size_of(svg)
    left = MARGIN + TITLE_WIDTH if titled else 0
    scale = min((WIDTH - left - 2 * MARGIN) / width, (HEIGHT - 2 * MARGIN) / height)
    card = f'<rect width="100%" height="100%" fill="{PAGE["ground"][0]}"/>'
    card += placed(svg, scale, (left + WIDTH) / 2, HEIGHT / 2)
    if titled:
        card += inside(TITLE, MARGIN, 140, TITLE_WIDTH, 380) + inside(MARK, MARGIN, 45, 80, 80)
    else:
        card += inside(MARK, 30, HEIGHT - 86, 56, 56)
    return rendered(painted(card, "light"), WIDTH, HEIGHT)


def setup(app):
    app.connect("html-page-context", describe)
