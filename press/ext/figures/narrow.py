"""Figures on narrow screens: some have a second drawing, and lines are as thick as on wide ones.

gdcore.draw puts the narrow drawing within the wide one. In a page they stand one after the other,
and book.css shows the one that fits.
"""

import re

from gdcore.draw.style import PIXEL


def apart(svg: str) -> tuple[str, str]:
    """Return a drawing without the narrow one within it, and that; "" where there is none."""
    wide, inner, rest = svg.partition('<svg class="narrow"')
    if not inner:
        return wide, ""
    narrow, _, end = rest.rpartition("</svg>")
    return wide + end + "</svg>" * (not end.strip()), inner + light(narrow).rstrip()


def light(svg: str) -> str:
    """Return a drawing without the names of its parts that nothing asks for."""
    asked = set(re.findall(r'(?:href="#|url\(#)([\w-]+)', svg))
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    return re.sub(r' id="([^"]*)"', lambda name: name[0] if name[1] in asked else "", svg)


def in_pixels(path: re.Match) -> str:
    """Note in a line's style how thick it is on the screen, and its dashes, for book.css."""
    styles = dict(re.findall(r"(stroke-[\w-]+): ([\d.,\s]+)", path[2]))
    notes = ""
    for name, part, usual in (("width", "stroke-width", "1"), ("dash", "stroke-dasharray", "")):
        sizes = re.findall(r"[\d.]+", styles.get(part, usual))
        if sizes and "stroke: none" not in path[2] and "stroke:" in path[2]:
            notes += f"--{name}: {' '.join(f'{float(one) / PIXEL:.1f}px' for one in sizes)}; "
    return f"{path[1]}{path[2]}; {notes}".rstrip("; ")  # last, for not all that draw SVG know them
