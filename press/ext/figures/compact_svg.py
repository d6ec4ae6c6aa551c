"""Matplotlib's SVG made small: thinner lines, letters drawn once, maps packed.

Coordinates are points; a point is about 1.3 pixels on a screen. Lines are rewritten with relative
coordinates in tenths of a point, without the points that lie on the way between their neighbours,
and curves in hundredths. A map of pixels keeps every pixel, as lossless WebP.
"""

import base64
import re
from io import BytesIO

import numpy as np
from PIL import Image
from shapely import get_coordinates, linestrings, simplify

from gdcore.draw.style import COLORS, TERRAIN
from press.ext.figures import markers
from press.ext.figures.path_data import TENTHS, relative

HUNDREDTHS = 100  # that of curves, which markers have
EIGHTS = 8  # of Matplotlib's units for letters, of which there are 6,400 in their height
OF_LETTERS = "scale(0.015625)"  # what turns these units into hundredths of the height
TOLERANCE = 1.0  # in tenths: points nearer than that to the line between others are left out

PATH = re.compile(r'(?<= d=")([^"]*)(?="([^>]*))')
RELIEF = re.compile("|".join(COLORS[name] for name in (*TERRAIN, "contour")))
ROUGH = 3.0  # in tenths: contours, whose lines are thin, and areas whose borders lie under them
PIXELS = re.compile(r"data:image/png;base64,\s*([\w+/=\s]+)")
TICK = re.compile(r'(<g id="[xy]tick_\d+">\s*<g) id="line2d_\d+"')  # whose line needs no name
LETTER = re.compile(r'\s*<path id="(?P<name>Cm\w+-\w+|DejaVu\w+-\w+)"[^>]*/>')


def compact(svg: str) -> str:
    """Return an SVG that looks the same, with its lines made small."""
    svg = PATH.sub(smaller, svg)
    svg = PIXELS.sub(lambda png: f"data:image/webp;base64,{packed(png[1])}", svg)
    svg = re.sub(r' (?:x|y)="[^"]*"|translate\([^)]*\)', rounded, svg)
    svg = markers.made_small(svg).replace(OF_LETTERS, f"scale({EIGHTS / 64})")
    svg = TICK.sub(r"\1", svg)
    return re.sub(r">\s+<", ">\n<", svg)


def packed(png: str) -> str:
    """Return the same pixels in base64 as WebP, which is a quarter smaller than the least PNG."""
    file = BytesIO()
    pixels = Image.open(BytesIO(base64.b64decode(png))).convert("RGBA")
    pixels.save(file, format="webp", lossless=True, exact=True, method=6)
    return base64.b64encode(file.getvalue()).decode("ascii")


def without_letters(svg: str, drawn: set[str]) -> str:
    """Return an SVG without the letters that others on the page have drawn; note those it draws."""

    def once(letter: re.Match) -> str:
        if letter["name"] in drawn:
            return ""
        drawn.add(letter["name"])
        return letter[0]

    return LETTER.sub(once, svg)


def smaller(path: re.Match) -> str:
    """Return the data of a line, of curves or of a letter made small, or what is so already."""
    d, rest = path.groups()
    if re.search(r"[^MLQCz\d\s.eE-]", d):
        return " ".join(d.split())
    if OF_LETTERS in rest:
        return relative(d, 1, EIGHTS)
    if re.search("[QC]", d):
        return relative(d, HUNDREDTHS)
    pieces = []
    for piece in re.findall(r"M[^M]*", d):
        numbers = np.array(re.findall(r"-?[\d.]+(?:e-?\d+)?", piece), dtype=float)
        way = np.rint(numbers.reshape(-1, 2) * TENTHS)
        tolerance = ROUGH if RELIEF.search(rest) else TOLERANCE
        if len(way) > 1:  # by the algorithm of Douglas and Peucker
            way = get_coordinates(simplify(linestrings(way), tolerance, preserve_topology=False))
        first, *others = (f"{x} {y}" for x, y in way / TENTHS)
        pieces += [f"M{first}", f"L{' '.join(others)}" * bool(others), "z" * ("z" in piece)]
    return relative("".join(pieces), TENTHS)


def rounded(attribute: re.Match) -> str:
    """Write a coordinate to a hundredth of a point."""
    return re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", attribute[0])
