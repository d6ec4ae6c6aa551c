"""Matplotlib's SVG made small: thinner lines, letters drawn once, maps packed.

Coordinates are points; a point is about 1.3 pixels on a screen. Lines are rewritten with relative
coordinates in tenths of a point, without the points that lie on the way between their neighbours.
A map of pixels keeps every pixel, as lossless WebP.
"""

import base64
import re
from io import BytesIO

import numpy as np
from PIL import Image

from gdcore.draw.style import COLORS, TERRAIN

TENTHS = 10  # the unit of what is written, a point's parts
TOLERANCE = 1.0  # in tenths: points nearer than that to the line between others are left out

PATH = re.compile(r'(?<= d=")([^"]*)(?="([^>]*))')
RELIEF = re.compile("|".join(COLORS[name] for name in (*TERRAIN, "contour")))
ROUGH = 3.0  # in tenths: contours, whose lines are thin, and areas whose borders lie under them
PIXELS = re.compile(r"data:image/png;base64,\s*([\w+/=\s]+)")
MARK = re.compile(r'(?<= [xy]=")[\d.]+(?="[^<>]*? style="[^"]*"/>)')
STYLED = re.compile(r'(<(?:use xlink:href="#|path id=")(m\w+)"[^>]*?)(?: style="([^"]*)")?/>')
LETTER = re.compile(r'\s*<path id="(?P<name>Cm\w+-\w+|DejaVu\w+-\w+)"[^>]*/>')


def compact(svg: str) -> str:
    """Return an SVG that looks the same, with its lines made small."""
    svg = PATH.sub(lambda d: line(d[1], ROUGH if RELIEF.search(d[2]) else TOLERANCE), svg)
    svg = PIXELS.sub(lambda png: f"data:image/webp;base64,{packed(png[1])}", svg)
    svg = re.sub(r' (?:x|y)="[^"]*"|translate\([^)]*\)', rounded, svg)
    svg = MARK.sub(lambda at: f"{float(at[0]):.1f}", svg)
    svg = styled_once(svg)
    return re.sub(r">\s+<", ">\n<", svg)


def styled_once(svg: str) -> str:
    """Return an SVG whose markers have the style that their uses repeat.

    Matplotlib names a marker by its shape and its style, so all its uses have the same.
    """
    styles = {name: style for start, name, style in STYLED.findall(svg) if start[1] == "u"}

    def once(part: re.Match) -> str:
        start, name, own = part.groups(default="")
        style = "" if start[1] == "u" else f' style="{styles.get(name)}; {own}"'
        return f"{start}{style}/>" if name in styles else part[0]

    return STYLED.sub(once, svg)


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


def line(d: str, tolerance: float = TOLERANCE) -> str:
    """Return path data made small: straight lines as relative tenths; others as they are."""
    if re.search(r"[^MLz\d\s.eE-]", d) or "." not in d:  # curves; or whole numbers already
        return " ".join(d.split())
    parts = []
    start = np.zeros(2, dtype=int)
    for piece in re.findall(r"M[^M]*", d):
        numbers = np.array(re.findall(r"-?[\d.]+(?:e-?\d+)?", piece), dtype=float)
        way = np.rint(numbers.reshape(-1, 2) * TENTHS).astype(int)
        way = way[needed(way, tolerance)]
        moves = np.diff(way, axis=0, prepend=start[np.newaxis])
        closed = piece.rstrip().endswith("z")
        start = way[0] if closed else way[-1]
        first, *rest = (f"{tenths(x)} {tenths(y)}" for x, y in moves)
        parts.append(f"m{first}" + ("l" + " ".join(rest) if rest else "") + ("z" if closed else ""))
    return re.sub(r" -", "-", "".join(parts))


def tenths(number: int) -> str:
    """Write a whole number of tenths: 125 as 12.5, -3 as -.3, 40 as 4."""
    whole, part = divmod(abs(int(number)), TENTHS)
    text = f"{whole or ''}.{part}" if part else str(whole)
    return "-" + text if number < 0 else text


def needed(way: np.ndarray, tolerance: float = TOLERANCE) -> np.ndarray:
    """Say which points of a line to keep, by the algorithm of Ramer, Douglas and Peucker.

    Ramer (1972), Computer Graphics and Image Processing 1; Douglas and Peucker (1973), The
    Canadian Cartographer 10.
    """
    keep = np.zeros(len(way), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(way) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        between = way[first + 1 : last] - way[first]
        chord = way[last] - way[first]
        length = chord @ chord
        along = np.clip(between @ chord / length, 0, 1) if length else np.zeros(len(between))
        distance = np.hypot(*(between - along[:, np.newaxis] * chord).T)
        if distance.max() > tolerance:
            middle = first + 1 + int(distance.argmax())
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return keep


def rounded(attribute: re.Match) -> str:
    """Write a coordinate to a hundredth of a point."""
    return re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", attribute[0])
