"""Surfaces（曲面）: an objective of two components in three dimensions, and the descent on it.

`surface` draws a still figure, for print and where no script runs. In its ``data-surface`` stand
the same numbers again; from them ``_static/js/surface.js`` paints one that the reader can turn.

Everything is drawn in a box whose three sides are 1 long: u along x_1, v along x_2, w upright.
"""

import io
import json
from dataclasses import dataclass, field
from html import escape

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d import Axes3D, proj3d
from numpy.typing import NDArray

from gdcore.descent import Trajectory, _trajectory
from gdcore.draw.numbers import written
from gdcore.draw.plot import Limits, _box
from gdcore.draw.style import COLORS, STYLE, color_of

Array = NDArray[np.float64]
Ticks = list[tuple[float, str]]  # along a side: where each stands, 0 to 1, and what it says

CELLS = 32  # of the mesh, along either side
ELEVATION = 40  # degrees that the eye stands above the ground
AZIMUTHS = (-60, -30, -120, -150, 120, 60, 150, 30)  # where it may stand, most usual first
TALL = 0.75  # how high the box looks, in units of its other sides
FRAME = STYLE | {
    "axes3d.xaxis.panecolor": "none",
    "axes3d.yaxis.panecolor": "none",
    "axes3d.zaxis.panecolor": "none",
    "figure.constrained_layout.use": False,
    "grid.color": COLORS["faint"],
    "grid.linewidth": 0.3,
}


@dataclass(frozen=True)
class Surface:
    """A descent on the surface of its objective（曲面上的下降）, as `surface` returns it.

    A notebook shows it when it is the last line of a cell.

    Parameters
    ----------
    trajectory : Trajectory
        The descent.
    svg : str
        The figure, with its numbers in ``data-surface``.

    Examples
    --------
    >>> from gdcore import GradientDescent, descend, ellipse
    >>> drawn = surface(descend(ellipse, GradientDescent(0.1), (1, 1), max_steps=9))
    >>> drawn.trajectory.x.shape, "data-surface" in drawn.svg
    ((10, 2), True)
    """

    trajectory: Trajectory
    svg: str = field(repr=False)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}


def surface(
    trajectory: Trajectory,
    *,
    limits: Limits | None = None,
    height: str = "linear",
) -> Surface:
    """Draw a descent on the surface（曲面） of its objective, to be turned by the reader.

    Parameters
    ----------
    trajectory : Trajectory
        One descent, or a batch of shape (n,), on two components.
    limits : sequence of (low, high), optional
        The part of each axis to draw, in units of x; the objective's domain by default. A path is
        drawn until it leaves that part.
    height : {"linear", "log"}
        What the height shows. "linear": f itself, from its lowest value on the mesh, m, to its
        highest. "log": log(1 + (f - m) / s), where a tenth of the mesh lies less than s above m; so
        a valley is still seen where f grows a thousandfold beside it.

    Returns
    -------
    Surface
        What a cell shows when it ends with it.

    Raises
    ------
    TypeError
        If ``trajectory`` is none.
    ValueError
        If the objective does not have two components or is not finite within the limits, if it has
        no domain and no limits are given, if no descent starts within them, or if ``height`` is
        neither word.

    Examples
    --------
    >>> from gdcore import GradientDescent, descend, himmelblau
    >>> surface(descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), grad_tol=0.01))
    Surface(trajectory=Trajectory(himmelblau, GradientDescent(learning_rate=0.01): 21 steps,
    converged))
    """
    _trajectory(trajectory)
    objective = trajectory.objective
    if objective.dim != 2:
        raise ValueError(
            f"only an objective of two components has a surface to draw, but {objective.name} "
            f"has {objective.dim}"
        )
    if height not in ("linear", "log"):
        raise ValueError(f'height must be "linear" or "log", but {height!r} was given')
    ground = np.array(_box(objective, limits))
    with np.errstate(all="ignore"):  # what overflows is caught below, by looking
        sides = [np.linspace(low, high, CELLS + 1) for low, high in ground]
        f = objective.value(np.array(np.meshgrid(*sides)))
    if not np.isfinite(f).all():
        raise ValueError(
            f"{objective.name} must be finite within the limits, but at {(~np.isfinite(f)).sum()} "
            f"points of the mesh over {ground.tolist()} it is not"
        )
    w = _heights(f, height)
    paths = [_drape(path, w) for path in _inside(trajectory, ground)]
    if not paths:
        raise ValueError(f"no descent starts within the limits {ground.tolist()}")
    azimuth = _clearest(np.concatenate(paths), w)
    color = color_of(trajectory.optimizer)
    lit = _light(w, azimuth)
    ticks: list[Ticks] = [
        *map(_round_numbers, ground),
        [(0, written(f.min())), (1, written(f.max()))],
    ]
    data = {
        "side": CELLS,
        "tall": TALL,
        "view": [azimuth, ELEVATION],
        "corners": w.round(3).tolist(),
        "lit": lit.tolist(),
        "color": color,
        "paths": [path.round(4).tolist() for path in paths],
        "axes": _lettering(ticks),
    }
    text = escape(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
    svg, box = _frame(ticks, azimuth)
    svg = svg.replace("<svg ", f'<svg data-surface="{text}" ', 1)
    end = svg.rindex("</svg>")
    drawn = "\n".join(_things(w, lit, paths, color, azimuth, box))
    return Surface(trajectory, svg[:end] + drawn + svg[end:])


# The numbers


def _heights(f: Array, height: str) -> Array:
    """Return where each f stands between the floor of the box, 0, and its ceiling, 1."""
    above = f - f.min()
    tenth = np.quantile(above, 0.1)
    if height == "log" and tenth > 0:
        above = np.log1p(above / tenth)
    return above / (above.max() or 1)


def _inside(trajectory: Trajectory, ground: Array) -> list[Array]:
    """Return the iterates of each descent that starts inside, until it leaves, as rows (u, v)."""
    x = trajectory.x.reshape(*trajectory.x.shape[:2], -1)
    low, high = ground.T[:, :, np.newaxis]
    paths = []
    for unit, steps in zip(((x - low) / (high - low)).T, trajectory.steps.ravel(), strict=True):
        path = unit.T[: steps + 1]
        within = ((path >= 0) & (path <= 1)).all(axis=1)
        paths.append(path if within.all() else path[: within.argmin()])
    return [path for path in paths if len(path)]


def _drape(path: Array, w: Array) -> Array:
    """Lay a path on the mesh: rows (u, v, w, 1 for an iterate, 0 for a point on the way to it).

    An iterate less than 1/500 from the last one is left out: it would stand on the same spot.
    """
    rows = [(*path[0], 1)]
    for point in path[1:]:
        last = np.array(rows[-1][:2])
        parts = np.abs(point - last).max() * CELLS
        if parts >= CELLS / 500:
            parts = int(np.ceil(parts))
            rows += [
                (*(last + (point - last) * k / parts), k == parts) for k in range(1, parts + 1)
            ]
    u, v, iterate = np.array(rows).T
    return np.array([u, v, _height_at(u, v, w), iterate]).T


def _height_at(u: Array, v: Array, w: Array) -> Array:
    """Return the height of the mesh over (u, v), bilinear between the corners of its cells."""
    j, i = (np.clip((side * CELLS).astype(int), 0, CELLS - 1) for side in (u, v))
    a, b = u * CELLS - j, v * CELLS - i
    near, far = ((1 - a) * w[i + k, j] + a * w[i + k, j + 1] for k in (0, 1))
    return (1 - b) * near + b * far


# The figure


def _toward(azimuth: float) -> Array:
    """Return the direction (u, v) on the ground in which the eye stands."""
    return np.array([np.cos(np.radians(azimuth)), np.sin(np.radians(azimuth))])


def _clearest(path: Array, w: Array) -> int:
    """Return the azimuth from which the surface hides least of a path."""
    away = np.linspace(1 / CELLS, 1.5, 60)  # along the ground, toward the eye
    u, v, start, _ = path.T[:, :, np.newaxis]
    sight = start + away * np.tan(np.radians(ELEVATION)) / TALL + 0.01

    def hidden(azimuth: int) -> float:
        du, dv = _toward(azimuth)
        over = np.array([u + du * away, v + dv * away])
        walls = (np.abs(over - 0.5) <= 0.5).all(axis=0) & (_height_at(over[0], over[1], w) > sight)
        return round(walls.any(axis=1).mean(), 1)

    return min(AZIMUTHS, key=hidden)


def _frame(ticks: list[Ticks], azimuth: int) -> tuple[str, Array]:
    """Draw the box and its axes.

    Returns
    -------
    tuple of str and ndarray, shape (4, 2)
        The SVG, and where on it the box has its corner (0, 0, 0) and to where its sides lead from
        there. With no perspective that tells where everything is.
    """
    with rc_context(FRAME):
        figure = Figure(figsize=(6.0, 4.8), dpi=72)
        middle = (-0.0108, -0.0137, 1, 1)  # puts the box there, where surface.js has it
        ax: Axes3D = figure.add_axes(middle, projection="3d", proj_type="ortho")
        ax.set(xlim=(0, 1), ylim=(0, 1), zlim=(0, 1))
        ax.view_init(ELEVATION, azimuth)
        ax.set_box_aspect((1, 1, TALL), zoom=0.84)
        names = "$x_1$", "$x_2$", "$f$"
        for axis, name, marks in zip((ax.xaxis, ax.yaxis, ax.zaxis), names, ticks, strict=True):
            axis.set_rotate_label(False)
            axis.set_label_text(name)
            axis.set_ticks([at for at, _ in marks], [f"${_in_formula(text)}$" for _, text in marks])
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    corners = np.vstack([np.zeros(3), np.eye(3)])
    x, y, _ = proj3d.proj_transform(*corners.T, ax.get_proj())
    page = ax.transData.transform(np.array([x, y]).T) * (1, -1) + (0, figure.bbox.height)
    return file.getvalue(), page - page[0] * [[0], [1], [1], [1]]


def _in_formula(text: str) -> str:
    """Write a number that `written` wrote as a formula has it."""
    number, times, power = text.partition("×10")
    raised = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return number.replace("−", "-") + (rf" \times 10^{{{raised}}}" if times else "")


def _things(
    w: Array, lit: NDArray[np.int64], paths: list[Array], color: str, azimuth: int, box: Array
) -> list[str]:
    """Return the cells of the surface and the pieces of the paths as SVG, farthest first.

    Coordinates are whole tenths of a point. How brightly a cell is lit stands in its ``--lit``;
    book.css makes a colour of it.
    """
    eye, (corner, *sides) = _toward(azimuth), 10 * box
    near, drawn = [], []  # how near the eye each one stands, and its element

    along = np.linspace(0, 1, CELLS + 1)
    spots = np.rint(corner + np.dstack([*np.meshgrid(along, along), w]) @ sides).astype(int)
    for (i, j), percent in np.ndenumerate(lit):
        ring = spots[[i, i, i + 1, i + 1], [j, j + 1, j + 1, j]]
        way = " ".join(map(str, np.diff(ring, axis=0).ravel()))
        drawn.append(f'<path d="M{ring[0, 0]} {ring[0, 1]}l{way}z" style="--lit:{percent}%"/>')
        near.append((j + 0.5, i + 0.5) @ eye / CELLS)

    line = f'style="fill:none;stroke:{color};stroke-width:11"'
    dot = f'style="fill:{color};stroke:none"'
    for path in paths:
        spots = np.rint(corner + path[:, :3] @ sides).astype(int)
        for k, (x, y) in enumerate(spots):
            piece = f'<circle cx="{x}" cy="{y}" r="37" {line}/>'  # at the start a ring
            if k > 0:
                piece = f'<path d="M{spots[k - 1, 0]} {spots[k - 1, 1]}L{x} {y}" {line}/>'
            if path[k, 3] and k > 0:
                piece += f'<circle cx="{x}" cy="{y}" r="17" {dot}/>'
            drawn.append(piece)
            near.append(path[k, :2] @ eye + 1.5 / CELLS)  # before the cells that it lies on

    return [
        f'<g class="surface" transform="scale(0.1)" fill="#e9ecee" stroke="{COLORS["contour"]}" '
        'stroke-width="4" stroke-linecap="round" stroke-linejoin="round">',
        *(drawn[k] for k in np.argsort(near, kind="stable")),
        "</g>",
    ]


def _light(w: Array, azimuth: int) -> NDArray[np.int64]:
    """Return how brightly each cell is lit, in percent, by a sun at the left behind the eye."""
    rise = w * CELLS * TALL / 2
    up, down = rise[1:, 1:] - rise[:-1, :-1], rise[:-1, 1:] - rise[1:, :-1]
    slope = np.array([up + down, up - down])  # along u and v
    sun = 0.6 * _toward(azimuth - 60)
    bright = (0.8 - np.tensordot(sun, slope, 1)) / np.sqrt(1 + (slope * slope).sum(axis=0))
    return 5 * np.rint(20 * np.clip(bright, 0, 1)).astype(int)


def _round_numbers(side: Array) -> Ticks:
    """Return a few round numbers between two, each with its place between them, 0 to 1."""
    low, high = side
    values = MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high)
    values = values[(values >= low) & (values <= high)]
    return [(round((value - low) / (high - low), 4), written(value)) for value in values]


def _lettering(ticks: list[Ticks]) -> list[list[tuple[float, str, float, str]]]:
    """Return what stands along each side for `surface.js`: place, text, distance in pixels, font.

    The name of the axis is the last.
    """
    names = ("x₁", 16.0, 38.0), ("x₂", 16.0, 38.0), ("f", 26.0, 56.0)
    return [
        [(at, text, near, "14px KaTeX_Main, serif") for at, text in side]
        + [(0.5, name, far, "italic 16px KaTeX_Main, serif")]
        for side, (name, near, far) in zip(ticks, names, strict=True)
    ]
