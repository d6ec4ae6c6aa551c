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
    wide, inner, rest = svg[svg.index("<svg") :].partition('<svg class="narrow"')
    player = '<div class="player"></div>\n' if " data-steps=" in wide else ""
    if not inner:
        return [element(wide, "figure", alt, prefix, letters) + player]
    narrow, _, end = rest.rpartition("</svg>")
    narrow, wide = inner + light(narrow).rstrip(), wide + end + "</svg>" * (not end.strip())
    first = element(wide, "figure", alt, prefix, letters)
    second = element(narrow, "figure narrow", alt, f"{prefix}narrow-", letters, shows=prefix)
    return [first, second + player]


def light(svg: str) -> str:
    """Return a drawing without the names of its parts that nothing asks for."""
    asked = set(re.findall(r'(?:href="#|url\(#)([\w-]+)', svg))
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    return re.sub(r' id="([^"]*)"', lambda name: name[0] if name[1] in asked else "", svg)


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


def in_pixels(path: re.Match) -> str:
    """Note in a line's style how thick it is on the screen, and its dashes, for book.css."""
    styles = dict(re.findall(r"(stroke-[\w-]+): ([\d.,\s]+)", path[2]))
    notes = ""
    for name, part, usual in (("width", "stroke-width", "1"), ("dash", "stroke-dasharray", "")):
        sizes = re.findall(r"[\d.]+", styles.get(part, usual))
        if sizes and "stroke: none" not in path[2] and "stroke:" in path[2]:
            notes += f"--{name}: {' '.join(f'{float(one) / PIXEL:.1f}px' for one in sizes)}; "
    return f"{path[1]}{path[2]}; {notes}".rstrip("; ")  # last, for not all that draw SVG know them


def setup(app):
    app.add_transform(InlineFigures)
