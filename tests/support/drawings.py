"""What a drawing of the book shows, read from its shapes."""

import re

import numpy as np


def markers(part) -> list[tuple[str, float, float]]:
    """The markers in a part of a drawing: what each looks like, by name, and where it stands."""
    found = []
    for one in part.select('use[x], path[style*="marker:"]'):
        if one.name == "use":
            found.append((one["xlink:href"][1:], float(one["x"]), float(one["y"])))
            continue
        name = re.search(r"marker: url\(#([^)]*)\)", one["style"])[1]
        moves = np.reshape(
            [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", one["d"])], (-1, 2)
        )
        found += [(name, x, y) for x, y in moves.cumsum(axis=0)]
    return found
