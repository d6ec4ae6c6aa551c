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

from gdcore.draw import COLORS
from gdcore.draw.style import PIXEL
from press.ext.figures.compact_svg import without_letters
from press.ext.figures.narrow import apart, in_pixels

# Matplotlib's style is of all elements, and so of the page's: a browser that meets another one as
# it reads the page looks again at each element before it. What a root has, all in it inherits.
STYLE = re.compile(r"<defs>\s*<style[^>]*>\*\{stroke-linejoin: round; [^<]*</style>\s*</defs>\s*")


class InlineFigures(SphinxTransform):
    """Replace each SVG image that a cell drew by the SVG itself."""

    default_priority = 420  # behind bilingual.py's choice of alt texts, before images are copied

    def apply(self, **kwargs: object) -> None:
        images = [i for i in self.document.findall(nodes.image) if "jupyter_execute" in i["uri"]]
        letters: set[str] = set()
        for number, image in enumerate(images, start=1):
            file = Path(self.app.srcdir, image["uri"].lstrip("/"))
            svg = file.read_text(encoding="utf-8")
            drawings = elements(svg, image["alt"], prefix=f"fig{number}-", letters=letters)
            image.replace_self([nodes.raw("", drawing, format="html") for drawing in drawings])


def elements(svg: str, alt: str, prefix: str, letters: set[str]) -> list[str]:
    """Return an SVG file's text as elements to stand in a page: the drawing, and a narrow one.

    Identifiers get a prefix so that two figures on a page never share one, the fixed size becomes a
    largest width, and the book's colours become CSS variables. Its data-* attributes stay. A moving
    picture gets the empty element that _static/js/player.js fills. ``letters`` are those that the
    page has drawn already; the new ones are added.
    """
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    wide, narrow = apart(svg[svg.index("<svg") :])
    drawn = [element(wide, "figure", alt, prefix, letters)]
    if narrow:
        own = f"{prefix}narrow-"
        drawn.append(element(narrow, "figure narrow", alt, own, letters, shows=prefix))
    drawn[-1] += '<div class="player"></div>\n' * (" data-steps=" in wide)
    return drawn


def element(
    svg: str, classes: str, alt: str, prefix: str, letters: set[str], shows: str = ""
) -> str:
    """Return one drawing; ``shows`` is the prefix of the one whose lines it shows, too."""
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    root = re.search(r"<svg.*?>", svg, flags=re.DOTALL)[0]
    data = "".join(re.findall(r'\sdata-[\w-]+="[^"]*"', root))
    head = (
        f'<svg class="{classes}" role="img" aria-label={quoteattr(alt)} '
        f'viewBox="0 0 {width} {height}" style="max-width: {float(width) / PIXEL:.0f}px" '
        'stroke-linejoin="round" xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink"{data}>'
    )
    svg = re.sub(r"<svg.*?>", lambda _: head, STYLE.sub("", svg), count=1, flags=re.DOTALL)
    svg = without_letters(svg, letters)
    svg = re.sub(r'<g (?=style="fill: #\w{6}" transform="[^"]*scale\()', '<g class="letters" ', svg)
    svg = re.sub(r'(?<= clip-path=)("[^"]*" style=")([^"]*)', in_pixels, svg)
    # Letters keep their names: all figures of a page share them.
    svg = re.sub(r'(\bid="|xlink:href="#|url\(#)(?!Cm|DejaVu|wide-)', rf"\1{prefix}", svg)
    svg = re.sub('(\\bid="|xlink:href="#)(?=wide-)', rf"\1{shows or prefix}", svg)
    for name, color in COLORS.items():
        svg = re.sub(color, f"var(--figure-{name})", svg, flags=re.IGNORECASE)
    return svg


def setup(app):
    app.add_transform(InlineFigures)
