"""The front page's list of chapters: ``{chapters}`` shows a card for each, with what it asks.

A card leads to its chapter and shows its number, its title, its question in both languages, and a
piece of one of its figures: the first, or the one named by ``card:`` in its front matter::

    ```{chapters}
    one-dimension: {zh}`…` {en}`…`
    learning-rate: {zh}`…` {en}`…`
    ```
"""

import html
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from PIL import Image
from sphinx.util.docutils import SphinxDirective

from gdcore.draw.style import PAGE
from press.ext.figures.pictures import painted, placed, rendered, size_of
from press.ext.page.cards import figure

WIDTH, HEIGHT = 360, 212  # pixels of a picture, four for three of the page
GROUNDS = dict(zip(("light", "dark"), PAGE["raised"], strict=True))
CORE = {"zh": "主线", "en": "core"}
ElementTree.register_namespace("", "http://www.w3.org/2000/svg")  # as `placed` expects
AXES = re.compile("-(matplotlib.axis|legend|text)_")


class Card(nodes.General, nodes.Element):
    """A chapter's card: what it holds is the chapter's question."""


class Chapters(SphinxDirective):
    has_content = True

    def run(self) -> list[nodes.Node]:
        cards = nodes.container(classes=["chapter-cards"])
        for line in self.content:
            name, _, question = line.partition(": ")
            page = f"chapters/{name.removesuffix('*')}"
            if page not in self.env.found_docs:
                raise self.error(f"{name!r} is no chapter; write the name of a file in chapters/")
            asked = nodes.paragraph("", "", *self.parse_inline(question)[0])
            questions = self.env.metadata[self.env.docname].setdefault("questions", {})
            questions[page] = asked.astext().strip()
            cards += Card("", asked, page=page, core=name.endswith("*"))
        return [cards]


def visit_card(self, card: Card) -> None:
    env, page = self.builder.env, card["page"]
    uri = self.builder.get_relative_uri(self.builder.current_docname, page)
    number = ".".join(map(str, env.toc_secnumbers.get(page, {}).get("", ())))
    title = html.escape(env.titles[page].astext())
    core = f' <span class="chapter-core">{CORE[env.config.bilingual_language]}</span>'
    here = self.builder.get_relative_uri(self.builder.current_docname, "index").rpartition("/")[0]
    pictures = "".join(
        f'<img class="only-{scheme}" src="{here}{place_of(page, scheme)}" alt="" loading="lazy" '
        f'width="{WIDTH * 3 // 4}" height="{HEIGHT * 3 // 4}"/>'
        for scheme in GROUNDS
    )
    exercises = " ".join(env.metadata[page].get("exercises", ()))
    self.body.append(
        f'<a class="chapter-card" href="{uri}" data-exercises="{exercises}">{pictures}'
        f'<div><span class="chapter-title"><span class="chapter-number">{number}</span> {title}'
        f"{core if card['core'] else ''}</span>"
    )


def depart_card(self, card: Card) -> None:
    self.body.append("</div></a>\n")


def place_of(page: str, scheme: str) -> str:
    """Return where in the book a chapter's picture is."""
    return f"_cards/{page}-{scheme}.webp"


def draw_pictures(app, page: str, template: str, context: dict, doctree) -> None:
    """Draw a chapter's pictures as it is written: the middle of its figure, in light and dark."""
    if not page.startswith("chapters/"):
        return
    svg = figure(doctree, app.env.metadata[page].get("card", ""))
    for scheme in GROUNDS:
        file = Path(app.outdir, place_of(page, scheme))
        file.parent.mkdir(parents=True, exist_ok=True)
        picture = Image.new("RGB", (WIDTH, HEIGHT), GROUNDS[scheme])
        if svg:
            middle = cropped(painted(without_axes(svg), scheme))
            picture.paste(middle, mask=middle)
        picture.save(file, "webp", quality=50)


def cropped(svg: str) -> Image.Image:
    """Return the middle of a figure, as large as fills a card.

    A first, small drawing says where in the figure anything is; what is half covered at its edges
    does not count.
    """
    width, height = map(round, size_of(svg))
    x, y = width / 2, height / 2
    box = drawn(placed(svg, 1, x, y), width, height).getbbox() or (0, 0, width, height)
    left, top, right, bottom = box
    scale = max(WIDTH / max(right - left - 2, 1), HEIGHT / max(bottom - top - 2, 1))
    x, y = (
        WIDTH / 2 + scale * (x - (left + right) / 2),
        HEIGHT / 2 + scale * (y - (top + bottom) / 2),
    )
    return drawn(placed(svg, scale, x, y), WIDTH, HEIGHT)


def drawn(svg: str, width: int, height: int) -> Image.Image:
    return Image.open(BytesIO(rendered(svg, width, height)))


def without_axes(svg: str) -> str:
    """Leave out numbers and labels, which nobody could read at this size."""
    root = ElementTree.fromstring(svg)
    for group in list(root.iter()):
        for part in list(group):
            style = "".join(inner.get("style", "") for inner in part)
            spine = "patch_" in part.get("id", "") and "--figure-faint" in style
            if spine or part.tag.endswith("}text") or AXES.search(part.get("id", "")):
                group.remove(part)
    return ElementTree.tostring(root, encoding="unicode")


def setup(app):
    app.add_directive("chapters", Chapters)
    app.add_node(Card, html=(visit_card, depart_card))
    app.connect("html-page-context", draw_pictures)
