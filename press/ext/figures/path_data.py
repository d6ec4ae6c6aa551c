"""Path data of SVG written small: moves from point to point, in whole parts of a unit."""

import re

import numpy as np

TENTHS = 10  # of a point: what lines are written in


def relative(d: str, parts: int, unit: float = 1) -> str:
    """Return path data as moves from point to point, rounded to parts of a unit."""
    written, before = [], ""
    here = start = np.zeros(2)
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", d):
        points = np.rint(np.array(numbers.split(), dtype=float).reshape(-1, 2) * parts / unit)
        behind = [here, *points[:-1]] if command == "L" else here
        moves = " ".join(f"{number / parts:g}" for number in np.ravel(points - behind))
        written.append((" " if command == before != "M" else command.lower()) + moves)
        here = points[-1] if command != "z" else start
        start, before = (here if command == "M" else start), command
    return re.sub(r" (?=-)", "", re.sub(r"(?<!\d)0(?=\.)", "", "".join(written)))
