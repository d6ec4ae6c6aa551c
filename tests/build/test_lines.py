"""Lines in a figure: written with fewer points, they go nearly the same way."""

import re

import numpy as np
import pytest

from gdcore.draw.style import COLORS
from press.ext.figures.compact_svg import compact

t = np.linspace(0, 1, 400)
WAYS = {
    "a wave": np.array([300 * t, 50 + 30 * np.sin(20 * t)]).T,
    "a ring": 50 + 40 * np.array([np.cos(2 * np.pi * t), np.sin(2 * np.pi * t)]).T,
    "there and back": np.array([np.abs(100 * t - 50), 20 + 0 * t]).T,
}
FARTHEST = {"blue": 0.1, "contour": 0.3}  # points, from a line and from a contour to its own


def shown(ways, color="blue"):
    """Return the points of each way, as a figure has them."""
    d = " ".join("M" + "L".join(f"{x:.6f} {y:.6f} " for x, y in way) for way in ways)
    small = compact(f'<svg><path d="{d}" style="stroke: {COLORS[color]}"/></svg>')
    pieces, end = [], np.zeros(2)
    for piece in re.findall(r"m([^m]*)", re.search(r' d="([^"]*)"', small)[1]):
        moves = np.array(re.findall(r"-?\d*\.?\d+", piece), dtype=float).reshape(-1, 2)
        pieces.append(end + np.cumsum(moves, axis=0))
        end = pieces[-1][-1]
    return pieces


def distance(points, way):
    """How far each point is from the nearest piece of a way."""
    begins, pieces = way[:-1], np.diff(way, axis=0)
    from_begin = points[:, np.newaxis] - begins
    along = (from_begin * pieces).sum(axis=2) / np.maximum((pieces**2).sum(axis=1), 1e-30)
    away = from_begin - np.clip(along, 0, 1)[..., np.newaxis] * pieces
    return np.hypot(away[..., 0], away[..., 1]).min(axis=1)


@pytest.mark.parametrize("color", FARTHEST)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_line_has_fewer_points_and_goes_nearly_the_same_way(way, color):
    [line] = shown([way], color)
    rounding = 0.05 * np.sqrt(2)
    assert len(line) < len(way) / 3
    assert distance(way, line).max() < FARTHEST[color] + rounding
    assert np.abs(line[[0, -1]] - way[[0, -1]]).max() <= 0.05


def test_what_has_hardly_a_point_stays():
    lone, twice = np.array([[5.0, 6.0]]), np.array([[7.0, 8.0], [7.0, 8.0]])
    a, b = shown([lone, twice])
    np.testing.assert_allclose(a, lone)
    np.testing.assert_allclose(b, twice)
