"""Figures drawn by cells, set into the page as inline SVG that follows its light and dark theme.

A figure's colours are those of `gdcore.draw.COLORS`; each becomes a CSS variable, which has a value
in either theme. Its alt text stands in the cell's metadata, in both languages::

    mystnb:
      image:
        alt: "{zh}`…` {en}`…`"

Below a moving picture, made by draw.animate, stands the place for its player.
"""

import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from gdcore.draw import COLORS
from press.ext.figures.compact_svg import compact, without_letters
from press.ext.language.bilingual import ALT, parents

logger = logging.getLogger(__name__)


class InlineFigures(SphinxTransform):
    """Replace each SVG image that a cell drew by the SVG itself."""

    default_priority = 420  # before images are collected to be copied

    def apply(self, **kwargs: object) -> None:
        images = [i for i in self.document.findall(nodes.image) if "jupyter_execute" in i["uri"]]
        letters: set[str] = set()
        for number, image in enumerate(images, start=1):
            path = Path(self.app.srcdir, image["uri"].lstrip("/"))
            if path.suffix != ".svg":
                self.warn(
                    image, f"a cell drew a {path.suffix} picture; call use_book_style() first"
                )
                continue
            alt = ALT.fullmatch(image.get("alt", "").strip())
            if alt is None:
                self.warn(image, 'a figure needs mystnb: image: alt: "{zh}`…` {en}`…`" in its cell')
                continue
            svg = inline(
                path.read_text(encoding="utf-8"),
                alt=alt[self.config.bilingual_language],
                prefix=f"fig{number}-",
                letters=letters,
            )
            image.replace_self(nodes.raw("", svg, format="html"))

    def warn(self, image: nodes.image, message: str) -> None:
        place = next((outer for outer in parents(image) if outer.line), image)  # its cell knows
        logger.warning(message, location=place, type="inline_svg")


def inline(svg: str, alt: str, prefix: str, letters: set[str]) -> str:
    """Return an SVG file's text as an element to stand in a page.

    Identifiers get a prefix so that two figures on a page never share one, the fixed size becomes a
    largest width, and the book's colours become CSS variables. Its data-* attributes stay. A moving
    picture gets the empty element that _static/js/player.js fills. ``letters`` are those that the
    page has drawn already; the new ones are added.
    """
    svg = compact(svg)
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    root = re.search(r"<svg.*?>", svg, flags=re.DOTALL)[0]
    data = "".join(re.findall(r'\sdata-[\w-]+="[^"]*"', root))
    head = (
        f'<svg class="figure" role="img" aria-label={quoteattr(alt)} '
        f'viewBox="0 0 {width} {height}" style="max-width: {float(width) / 12:.2f}em" '
        f'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"{data}>'
    )
    svg = re.sub(r"<svg.*?>", lambda _: head, svg, count=1, flags=re.DOTALL)
    svg = without_letters(svg, letters)
    # Letters keep their names: all figures of a page share them.
    svg = re.sub(r'(\bid="|xlink:href="#|url\(#)(?!Cm|DejaVu)', rf"\1{prefix}", svg)
    for name, color in COLORS.items():
        svg = re.sub(color, f"var(--figure-{name})", svg, flags=re.IGNORECASE)
    return svg + '<div class="player"></div>\n' if " data-steps=" in svg else svg


def setup(app):
    app.add_transform(InlineFigures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
