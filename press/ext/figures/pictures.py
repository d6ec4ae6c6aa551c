"""Figures as pictures of pixels, for what shows no SVG: cards, the chapters' pictures, e-books.

A figure of a page has no colours of its own, only their names; here it gets them. The book's mark
and its title are drawings, too, which stand beside figures.
"""

import re
from pathlib import Path

import resvg_py

from gdcore.draw.style import COLORS, DARK, PAGE, SURFACE

TEMPLATES = Path(__file__).parents[3] / "_templates"
MARK = (TEMPLATES / "mark.html").read_text(encoding="utf-8")
LETTERED = TEMPLATES / "title.svg"  # the book's title as a drawing, if it has one
TITLE = LETTERED.read_text(encoding="utf-8") if LETTERED.exists() else ""


def size_of(svg: str) -> tuple[float, float]:
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    return float(width), float(height)


def placed(svg: str, scale: float, x: float, y: float) -> str:
    """Return a figure, scaled, to stand in a larger one with its middle at a spot."""
    w, h = (scale * side for side in size_of(svg))
    svg = re.sub(r'aria-label="[^"]*" ', "", svg, count=1)  # no language
    return inside(svg, x - w / 2, y - h / 2, w, h)


def inside(svg: str, x: float, y: float, width: float, height: float) -> str:
    """Return an SVG to stand in a box of a larger one."""
    box = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
    return svg.replace("<svg ", f'<svg {box} overflow="visible" ', 1)


def painted(svg: str, scheme: str) -> str:
    """Return a figure with the colours that pages give it, in "light" or "dark"."""
    dark = scheme == "dark"
    colors = {**COLORS, **DARK, "ink": PAGE["text"][1]} if dark else COLORS
    sun, shade = (bytes.fromhex(SURFACE[name][dark][1:]) for name in ("lit", "unlit"))

    def lit(part: re.Match) -> str:
        """Return the colour of a cell of a surface, as pages mix it."""
        percent = int(part[1])
        pairs = zip(sun, shade, strict=True)
        mixed = bytes(round((percent * a + (100 - percent) * b) / 100) for a, b in pairs)
        return f'fill="#{mixed.hex()}"'

    svg = re.sub(r"var\(--figure-(\w+)\)", lambda color: colors[color[1]], svg)
    return re.sub(r'style="--lit:(\d+)%"', lit, svg)


def rendered(svg: str, width: int, height: int) -> bytes:
    """Return what stands in a drawing of this size as a PNG."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{svg}</svg>'
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, **fonts()))


def fonts() -> dict:
    """Return the font for the counters of moving pictures: Matplotlib's own, alike everywhere."""
    import matplotlib  # only here, for it takes its time to import

    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    files = [str(folder / name) for name in ("STIXGeneral.ttf", "STIXGeneralItalic.ttf")]
    return {"skip_system_fonts": True, "serif_family": "STIXGeneral", "font_files": files}
