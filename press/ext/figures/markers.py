"""Markers in Matplotlib's SVG in fewer words: their style once, and a row of them as one path.

Matplotlib draws each marker as a use of a shape, with the style of all of them. A cloud of 300 dots
is 300 elements so; here it is one path without a line, whose corners are the dots.
"""

import re

from press.ext.figures.path_data import TENTHS, relative

PLACE = re.compile(r'(?<= [xy]=")[\d.]+(?="[^<>]*? style="[^"]*"/>)')
IN_A_ROW = re.compile(r'<use xlink:href="#(m\w+)"[^>]*/>\s*(?:<use xlink:href="#\1"[^>]*/>\s*)+')
STYLED = re.compile(r'(<(?:use xlink:href="#|path id=")(m\w+)"[^>]*?)(?: style="([^"]*)")?/>')


def made_small(svg: str) -> str:
    """Return an SVG that looks the same, to a tenth of a point, with its markers made small."""
    svg = PLACE.sub(lambda at: f"{float(at[0]):.1f}", svg)
    return in_a_row(styled_once(svg))


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


def in_a_row(svg: str) -> str:
    """Return an SVG where markers of one kind that follow each other are the corners of a path."""
    kinds = set()

    def path(row: re.Match) -> str:
        kinds.add(row[1])
        corners = " ".join(re.findall(r' [xy]="([^"]*)"', row[0]))
        way = relative(re.sub(r"(\S+ \S+) ", r"M\1L", corners, count=1), TENTHS)
        return f'<path d="{way}" style="fill: none; marker: url(#{row[1]}s)"/>\n'

    def marker(shape: re.Match) -> str:
        kind = f'<marker id="{shape[1]}s" markerUnits="userSpaceOnUse" overflow="visible">'
        return f"{kind}{shape[0]}</marker>" if shape[1] in kinds else shape[0]

    return re.sub(r'<path id="(m\w+)"[^>]*/>', marker, IN_A_ROW.sub(path, svg))
