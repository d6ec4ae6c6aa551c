"""Moving pictures（动画） of descents: one SVG, which the page's player sets in motion.

Each function returns an `Animation`: as the last line of a cell it becomes a figure of the page.
Only computed iterates are shown, never a point between two of them. With no script, and in print,
the picture stands at the last frame.

What moves stands on top of a Matplotlib picture, in an element ``<g data-steps="k,k,…">`` that
tells the step of each frame. In it, coordinates are whole tenths of an SVG unit:

- ``<g data-rows="x,y,x,y…;…">`` has one row of points a frame, and ``<g data-trail>`` one point a
  step, to be shown up to the frame's own. Each row is written as its difference from the row
  before, with nothing for a zero. Every path in the group joins the points by a line or, where it
  has ``data-mark``, draws that mark at each of them.
- ``<tspan data-values="…,…">`` has one text a frame.

`_static/js/player.js` reads this and nothing else.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from numbers import Integral
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import ArrayLike, NDArray

from gdcore.checks import whole
from gdcore.descent import Trajectory
from gdcore.draw.numbers import written
from gdcore.draw.pages import NARROW, joined, places, settle, shared
from gdcore.draw.plot import Limits, _box, _widened, landscape
from gdcore.draw.style import BASINS, COLORS, PIXEL, STYLE, color_of
from gdcore.objectives import Objective

Steps = NDArray[np.int64]
Readout = tuple[str, NDArray[np.float64]]  # a symbol, and its value in each frame
Group = tuple[NDArray[np.float64], str, str, int]  # iterates, colour, mark, width of its stroke

WIDE = 6.0  # inches, as wide as the page's column

#: How near, in units of x, a descent must end to a minimizer to have reached it.
REACHED = 0.1

#: The marks of `gdcore.draw.BASINS`, in tenths of a unit around a point, and the width of their
#: strokes.
_MARKS = {
    "o": ("h0", 64),
    "s": ("m-24-24 48 0 0 48-48 0z", 10),
    "^": ("m0-30 31 54-62 0z", 8),
    "D": ("m0-34 34 34-34 34-34-34z", 8),
    "v": ("m0 30 31-54-62 0z", 8),
    "P": ("m-30 0h60m-30-30v60", 24),
    "X": ("m-23-23 46 46m-46 0 46-46", 22),
}
_DOT = "h0"  # a line of no length with round ends
_FAR = 10**6  # a diverging point leaves the picture; how far, in tenths, nobody sees


@dataclass(frozen=True)
class Animation:
    """A moving picture（动画）, shown by notebooks and by the book as SVG.

    Parameters
    ----------
    svg : str
        The picture, with what its player needs.
    summary : str
        What it shows, in a line.

    Examples
    --------
    >>> from gdcore import GradientDescent, descend, parabola
    >>> animate(descend(parabola, GradientDescent(0.1), 1.8, grad_tol=0.01))
    Animation(parabola: 28 frames of 27 steps)
    """

    svg: str
    summary: str

    def __repr__(self) -> str:
        return f"Animation({self.summary})"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}


def animate(
    trajectory: Trajectory,
    *others: Trajectory,
    limits: Limits | None = None,
    tangent: bool = False,
    max_frames: int = 120,
) -> Animation:
    """Animate a descent（下降的动画）: a point on its curve, a path over contours, or many points.

    One descent leaves its trail; above it stand the step k and, in one dimension, the derivative dx
    of the objective, in two its value f. The points of a batch all slide at once; colour and mark
    tell which minimizer each reaches, as `reached` has it, and a point that reaches none is grey.
    Several batches slide together, each in the colour of its method. A small dot stays where each
    point began.

    Parameters
    ----------
    trajectory : Trajectory
        One descent on one or two components, or a batch on two.
    others : Trajectory
        More batches on the same objective; those that took fewer steps wait for the longest.
    limits : sequence of (low, high), optional
        The part of each axis to show, in units of x. By default the objective's domain, in one
        dimension widened as far as the descent went.
    tangent : bool
        Whether to draw the dashed tangent at the point; in one dimension only.
    max_frames : int
        The most frames to show, 2 or more; `frame_steps` chooses them.

    Returns
    -------
    Animation
        To be the last line of a cell.

    Raises
    ------
    TypeError, ValueError
        If there is no such picture of the trajectory; the message says what was given and what was
        expected.

    Examples
    --------
    >>> from gdcore import GradientDescent, descend, himmelblau
    >>> starts = np.stack(np.meshgrid(np.linspace(-5, 5, 15), np.linspace(-4.5, 3.5, 15)))
    >>> animate(descend(himmelblau, GradientDescent(0.01), starts, grad_tol=0.01))
    Animation(himmelblau: 58 frames of 57 steps)
    """
    trajectories = (trajectory, *others)
    for one in trajectories:
        _check(one, limits, max_frames)
    objective, many = trajectory.objective, trajectory.x.ndim > 2
    if others and not (many and all(_alike(one, trajectory) for one in others)):
        raise ValueError(
            "several trajectories are shown together if all are batches on one objective, but "
            + ", ".join(f"{one!r} of shape {one.x.shape[2:]}" for one in trajectories)
            + " were given"
        )
    if many and objective.dim == 1:
        raise ValueError(
            "a batch of descents can be animated in two dimensions only, but this one, of shape "
            f"{trajectory.x.shape[2:]}, is on {objective.name}, which has one; animate one descent"
        )
    if tangent and objective.dim != 1:
        raise ValueError(
            f"a tangent belongs to a curve, but {objective.name} has {objective.dim} components; "
            "leave out tangent=True"
        )
    steps = frame_steps(max(len(one.x) for one in trajectories) - 1, max_frames)
    if objective.dim == 1:
        return _twice(trajectory, steps, partial(_curve, trajectory, limits, steps, tangent))
    if many:
        return _twice(trajectory, steps, partial(_crowd, trajectories, limits, steps))
    return _twice(trajectory, steps, partial(_way, trajectory, limits, steps))


def _twice(trajectory: Trajectory, steps: Steps, draw: Callable[[float], str]) -> Animation:
    """Draw a film at the width of a page, in inches, and at that of a phone."""
    with mpl.rc_context(STYLE):
        svg = joined(*shared(draw(WIDE), draw(NARROW)))
    summary = f"{trajectory.objective.name}: {len(steps)} frames of {steps[-1]} steps"
    return Animation(svg, summary)


def _curve(
    trajectory: Trajectory, limits: Limits | None, steps: Steps, tangent: bool, width: float
) -> str:
    """One descent on the curve of its objective, with the derivative above it."""
    objective = trajectory.objective
    if limits is None:
        limits = _widened(trajectory)
    figure, ax = _stage(objective, limits, width)
    settle(figure)
    points = _tenths(ax, trajectory.x[:, 0], trajectory.f)
    color = color_of(trajectory.optimizer)
    slopes = objective.grad(trajectory.x.T)[0][steps]
    moving = _tangent(ax, points[steps], slopes) if tangent else ""
    moving += _trail(points, steps, color)
    still = _ring(points[:1], color)
    return _finish(figure, steps, _panel(ax, still), _panel(ax, moving), ("dx", slopes))


def _way(trajectory: Trajectory, limits: Limits | None, steps: Steps, width: float) -> str:
    """One descent over the contours of its objective, with the value of f above it."""
    figure, ax = _stage(trajectory.objective, limits, width)
    settle(figure)
    points = _tenths(ax, *trajectory.x.T)
    color = color_of(trajectory.optimizer)
    still, moving = _ring(points[:1], color), _trail(points, steps, color)
    value = ("f", trajectory.f[steps])
    return _finish(figure, steps, _panel(ax, still), _panel(ax, moving), value)


def _crowd(
    trajectories: Sequence[Trajectory], limits: Limits | None, steps: Steps, width: float
) -> str:
    """The points of a batch, coloured by their minimizers; or of several, by their methods.

    The narrow drawing shows the points of the wide one.
    """
    first = trajectories[0]
    figure, ax = _stage(first.objective, limits, width)
    alone = len(trajectories) == 1
    groups = _by_minimizer(first, ax) if alone else _by_method(trajectories)
    settle(figure)
    if width == WIDE:
        still, moving = _points(groups, ax, steps)
        still, moving = (
            _panel(ax, still, "wide-starts"),
            _panel(ax, moving, "wide-points"),
        )
        return _finish(figure, steps, still, moving)
    wide, there = _stage(first.objective, limits, WIDE)
    settle(wide)
    return _finish(
        figure, steps, _again(there, ax, "wide-starts"), _again(there, ax, "wide-points")
    )


def animate_slices(
    trajectory: Trajectory, *, limits: Limits | None = None, max_frames: int = 120
) -> Animation:
    """Animate a descent parameter by parameter（逐个参数看下降）, above its path over contours.

    On the left the slice of f along x1 at the current x2, on the right the slice along x2 at the
    current x1: each curve changes because the other coordinate moves. Below, dashed lines of the
    same colours show where the slices lie. The slices are shown up to half as high again as the
    descent went.

    Parameters
    ----------
    trajectory : Trajectory
        One descent on two components.
    limits : sequence of (low, high), optional
        The part of each axis to show, in units of x; the objective's domain by default.
    max_frames : int
        The most frames to show, 2 or more; `frame_steps` chooses them.

    Returns
    -------
    Animation
        To be the last line of a cell.

    Raises
    ------
    TypeError, ValueError
        If there is no such picture of the trajectory; the message says what was given and what was
        expected.

    Examples
    --------
    >>> from gdcore import GradientDescent, descend, himmelblau
    >>> animate_slices(descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), grad_tol=0.01))
    Animation(himmelblau: 22 frames of 21 steps)
    """
    _check(trajectory, limits, max_frames)
    objective, x, f = trajectory.objective, trajectory.x, trajectory.f
    if x.shape[1:] != (2,):
        raise ValueError(
            "slices belong to one descent on two components, but this one is on "
            f"{objective.dim}, from a start of shape {x.shape[1:]}"
        )
    steps = frame_steps(len(x) - 1, max_frames)
    box = _box(objective, limits)
    across = [np.linspace(*box[0], 81), np.linspace(*box[1], 81)]
    slices = [  # of shape (frames, 81)
        objective.value(np.stack(np.broadcast_arrays(across[0], x[steps, 1, np.newaxis]))),
        objective.value(np.stack(np.broadcast_arrays(x[steps, 0, np.newaxis], across[1]))),
    ]
    low = min(slices[0].min(), slices[1].min())
    drop = (f.max() - low) or 1.0  # a descent may begin where it ends
    high = f.max() + 0.5 * drop
    colors, color = [COLORS["blue"], COLORS["ink"]], color_of(trajectory.optimizer)

    def draw(width: float) -> str:
        tall = 2.3 if width == WIDE else 1.7
        _, below = _around(box, width)
        figure = _figure(width, tall + below - 0.2)
        ratios = [tall, below]
        layout = figure.subplot_mosaic([["x1", "x2"], ["path", "path"]], height_ratios=ratios)
        upper = [layout["x1"], layout["x2"]]
        for ax, ends in zip(upper, box, strict=True):
            ax.set(xlim=ends, ylim=(low - 0.06 * drop, high))
        upper[0].set(xlabel="$x_1$", ylabel=r"$f(\,\cdot\,, x_2)$")
        upper[1].set(xlabel="$x_2$", ylabel=r"$f(x_1, \,\cdot\,)$")
        landscape(objective, layout["path"], box)
        settle(figure)

        moving = ""
        for axis, ax in enumerate(upper):
            curve = _tenths(ax, across[axis], slices[axis])
            point = _tenths(ax, x[steps, axis], f[steps])[:, np.newaxis]
            parts = _moving(curve, _line(colors[axis], 1.6)), _moving(point, _point(color))
            moving += _panel(ax, "".join(parts))
        ax = layout["path"]
        lines = ""
        for axis, ends in enumerate(box):  # the slice along this axis, at the other coordinate
            here = x[steps, 1 - axis, np.newaxis]
            line = _tenths(ax, *((ends, here) if axis == 0 else (here, ends)))
            lines += _moving(line, _line(colors[axis], 1.6, "stroke-dasharray: 40 28"))
        way = _tenths(ax, *x.T)
        moving += _panel(ax, lines + _trail(way, steps, color))
        still = _panel(ax, _ring(way[:1], color))
        return _finish(figure, steps, still, moving, ("f", f[steps]))

    return _twice(trajectory, steps, draw)


def frame_steps(steps: int, max_frames: int = 120) -> NDArray[np.int64]:
    """Choose the steps to show（选取要展示的步） of a descent that may have too many.

    If all fit, all are shown. Else the first half of the frames shows the first steps, one by one,
    the other half every m-th step from there, m as small as it can be; the last step is always
    among them.

    Parameters
    ----------
    steps : int
        How many steps the descent took.
    max_frames : int
        The most frames to show, 2 or more.

    Returns
    -------
    ndarray of int, shape (frames,)
        The steps to show, from 0 to `steps`, rising.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole, or out of its range.

    Examples
    --------
    >>> frame_steps(5, max_frames=10)
    array([0, 1, 2, 3, 4, 5])
    >>> frame_steps(30, max_frames=10)
    array([ 0,  1,  2,  3,  4, 10, 16, 22, 28, 30])
    """
    steps, max_frames = whole("steps", steps, least=0), whole("max_frames", max_frames, least=2)
    if steps < max_frames:
        return np.arange(steps + 1)
    early = max_frames // 2
    stride = -((early - 1 - steps) // (max_frames - early))  # rounded up
    return np.r_[:early, early - 1 + stride : steps : stride, steps]


def reached(trajectory: Trajectory, tol: float = REACHED) -> NDArray[np.int64]:
    """Tell which minimizer each descent reached（到达了哪个极小值点）.

    Parameters
    ----------
    trajectory : Trajectory
        One descent or a batch, of any number of components.
    tol : float
        How near to a minimizer its last point must lie, in units of x.

    Returns
    -------
    ndarray of int, shape (...)
        For each descent the index of the nearest minimizer, the objective's global ones counted
        first and its local ones after them; -1 where none is as near as `tol`.

    Examples
    --------
    >>> from gdcore import GradientDescent, descend, himmelblau
    >>> starts = [[2.0, -2.0, 2.0], [2.0, 2.0, -2.0]]
    >>> reached(descend(himmelblau, GradientDescent(0.01), starts, max_steps=100))
    array([0, 1, 3])
    """
    objective = trajectory.objective
    group = np.full(trajectory.steps.shape, -1)
    nearest = np.full(trajectory.steps.shape, tol)
    for number, minimizer in enumerate(objective.minimizers + objective.local_minimizers):
        distance = np.linalg.norm(np.moveaxis(trajectory.x[-1], 0, -1) - minimizer, axis=-1)
        group = np.where(distance <= nearest, number, group)
        nearest = np.minimum(distance, nearest)
    return group


# What is asked for


def _check(trajectory: object, limits: Limits | None, max_frames: object) -> None:
    """Raise an error that says what was given and expected, unless there is a picture to make."""
    if not isinstance(trajectory, Trajectory):
        raise TypeError(
            f"a Trajectory, as descend() returns, can be animated, but {trajectory!r} "
            f"({type(trajectory).__name__}) was given"
        )
    dim = trajectory.objective.dim
    if dim > 2:
        raise ValueError(
            "only descents on one or two components can be animated, but "
            f"{trajectory.objective.name} has {dim}"
        )
    if limits is not None:
        try:
            pairs = np.asarray(limits, dtype=np.float64)
        except (TypeError, ValueError):
            pairs = np.empty(0)  # not even numbers
        if pairs.shape != (dim, 2) or not (pairs[:, 0] < pairs[:, 1]).all():
            raise ValueError(
                f"limits must be {dim} pair(s) (low, high) with low < high, one for each component "
                f"of {trajectory.objective.name}, but {limits!r} was given"
            )
    if isinstance(max_frames, bool) or not isinstance(max_frames, Integral) or max_frames < 2:
        raise ValueError(f"max_frames must be a whole number, 2 or more; {max_frames!r} was given")


def _alike(one: Trajectory, other: Trajectory) -> bool:
    """Whether both are batches on one objective."""
    return one.x.ndim > 2 and one.objective.name == other.objective.name


# The picture behind, by Matplotlib


def _stage(objective: Objective, limits: Limits | None, width: float) -> tuple[Figure, Axes]:
    """A figure with an objective in its one pair of axes."""
    box = _box(objective, limits)
    size = (width, 1.8 + 0.3 * width) if objective.dim == 1 else _around(box, width)
    figure = _figure(*size)
    ax = figure.subplots()
    landscape(objective, ax, box)
    return figure, ax


def _figure(width: float, height: float) -> Figure:
    """An empty figure, in inches, with room at the top for a line of numbers."""
    layout = ConstrainedLayoutEngine(rect=(0, 0, 1, 1 - 0.27 / height))
    return Figure(figsize=(width, height), dpi=72, layout=layout)  # a dot is a unit of its SVG


def _around(box: Limits, width: float) -> tuple[float, float]:
    """The size, in inches, of a figure that a plane at equal scales fills: at most 4.8 high."""
    (left, right), (low, high) = box
    beside, above = 0.5, 0.85  # what ticks, labels and the line of numbers take
    inch = min((width - beside) / (right - left), (4.8 - above) / (high - low))
    return (
        max(beside + inch * (right - left), min(3.0, width)),
        max(above + inch * (high - low), 1.6),
    )


def _by_minimizer(trajectory: Trajectory, ax: Axes) -> list[Group]:
    """Group the points by the minimizers they reach, and draw a hollow mark at each of those."""
    minimizers = trajectory.objective.minimizers + trajectory.objective.local_minimizers
    x = _flat(trajectory)
    ends = reached(trajectory).ravel()
    groups = []
    for end in np.unique(ends):
        look = (COLORS["faint"], _DOT, 44)
        if end >= 0:
            basin = BASINS[end % len(BASINS)]
            look = (COLORS[basin.color], *_MARKS[basin.mark])
            ring: dict[str, Any] = {
                "mfc": "none",
                "mec": look[0],
                "ms": 18 * PIXEL,
                "mew": 2 * PIXEL,
            }
            ax.plot(*minimizers[end], basin.mark, zorder=2, **ring)
        groups.append((x[:, :, ends == end], *look))
    return groups


def _by_method(trajectories: Sequence[Trajectory]) -> list[Group]:
    """Make a group of each batch, in the colour of its method."""
    return [(_flat(one), color_of(one.optimizer), _DOT, 64) for one in trajectories]


def _flat(trajectory: Trajectory) -> NDArray[np.float64]:
    """The iterates of a batch of any shape, as (steps + 1, 2, n)."""
    return trajectory.x.reshape(len(trajectory.x), 2, -1)


# What moves


def _tenths(ax: Axes, across: ArrayLike, up: ArrayLike) -> NDArray[np.int64]:
    """Turn data coordinates into SVG's, whole tenths of a unit, of shape (..., 2)."""
    points = np.stack(np.broadcast_arrays(across, up), axis=-1)
    places = ax.transData.transform(points.reshape(-1, 2)).reshape(points.shape)
    places[..., 1] = ax.figure.bbox.height - places[..., 1]  # SVG counts from the top
    return np.rint(np.clip(10 * places, -_FAR, _FAR)).astype(np.int64)


def _differences(rows: NDArray[np.int64]) -> str:
    """Write rows, of shape (rows, ...), each as its difference from the one before."""
    rows = rows.reshape(len(rows), -1)
    rows = np.diff(rows, axis=0, prepend=np.zeros_like(rows[:1]))
    return ";".join(",".join(str(number or "") for number in row) for row in rows.tolist())


def _outline(points: NDArray[np.int64], mark: str) -> str:
    """Write points, of shape (n, 2), as the data of a path: a mark at each, or a line."""
    places = [f"{x} {y}" for x, y in points.tolist()]
    return "".join(f"M{place}{mark}" for place in places) if mark else "M" + "L".join(places)


def _path(points: NDArray[np.int64], style: str, mark: str = "") -> str:
    attribute = f' data-mark="{mark}"' if mark else ""
    return f'<path{attribute} style="{style}" d="{_outline(points, mark)}"/>'


def _line(color: str, width: float, more: str = "") -> tuple[str]:
    """The style of a line, its width in pixels."""
    wide = f"stroke-width: {10 * PIXEL * width:.0f}"
    return (f"fill: none; stroke: {color}; {wide}; stroke-linejoin: round; {more}",)


def _marks(color: str, mark: str, width: int, more: str = "") -> tuple[str, str]:
    """The style of marks, and the mark."""
    style = f"fill: {color}; stroke: {color}; stroke-width: {width}; stroke-linecap: round; {more}"
    return style, mark


def _point(color: str) -> tuple[str, str]:
    """The style of the one point that descends, and its mark."""
    return _marks(color, _DOT, 88)


def _moving(rows: NDArray[np.int64], *paths: tuple[str, ...]) -> str:
    """Paths over the same points, which are of shape (frames, n, 2)."""
    drawn = "".join(_path(rows[-1], *path) for path in paths)
    return f'<g data-rows="{_differences(rows)}">{drawn}</g>\n'


def _ring(start: NDArray[np.int64], color: str) -> str:
    """The ring around the start, as `draw.path` draws it."""
    ring = "m-50 0a50 50 0 1 0 100 0a50 50 0 1 0-100 0"
    return _path(start, *_line(color, 1.6), ring) + "\n"


def _trail(way: NDArray[np.int64], steps: Steps, color: str) -> str:
    """One descent, of shape (steps + 1, 2): all iterates so far, and the current one."""
    paths = _line(color, 1.6), _marks(color, _DOT, round(50 * PIXEL))
    drawn = "".join(_path(way, *path) for path in paths)
    trail = f'<g data-trail="{_differences(way)}">{drawn}</g>\n'
    return trail + _moving(way[steps, np.newaxis], _point(color))


def _tangent(ax: Axes, points: NDArray[np.int64], slopes: NDArray[np.float64]) -> str:
    """The tangent at each point, of one length in the picture whatever its slope."""
    (left, bottom), (right, top) = ax.transData.transform([(0, 0), (1, 1)])
    along = np.stack([np.full(len(slopes), right - left), -slopes * (top - bottom)], axis=-1)
    half = np.rint(700 * along / np.linalg.norm(along, axis=-1, keepdims=True)).astype(np.int64)
    ends = np.stack([points - half, points + half], axis=1)
    return _moving(ends, _line(COLORS["ink"], 1.6, "stroke-dasharray: 60 40"))


def _points(groups: Sequence[Group], ax: Axes, steps: Steps) -> tuple[str, str]:
    """The starts of groups of points, and the points."""
    starts, points = "", ""
    for x, color, mark, width in groups:
        k = np.minimum(steps, len(x) - 1)
        rows = _tenths(ax, x[k, 0], x[k, 1])
        starts += _path(rows[0], *_marks(color, _DOT, 32, "stroke-opacity: 0.55")) + "\n"
        points += _moving(rows, _marks(color, mark, width))
    return starts, points


def _panel(ax: Axes, parts: str, name: str = "") -> str:
    """What moves in one pair of axes, cut off a little outside them."""
    left, bottom, right, top = ax.bbox.extents
    x, y = round(10 * left) - 40, round(10 * (ax.figure.bbox.height - top)) - 40
    width, height = round(10 * (right - left)) + 80, round(10 * (top - bottom)) + 80
    named = f' id="{name}"' if name else ""
    return (
        f'<svg{named} x="{x / 10}" y="{y / 10}" width="{width / 10}" height="{height / 10}" '
        f'viewBox="{x} {y} {width} {height}">\n{parts}</svg>\n'
    )


def _again(there: Axes, ax: Axes, name: str) -> str:
    """What moves in one pair of axes, shown in another."""
    scale = ax.bbox.width / there.bbox.width
    x = ax.bbox.x0 - scale * there.bbox.x0
    y = (ax.figure.bbox.height - ax.bbox.y1) - scale * (there.figure.bbox.height - there.bbox.y1)
    place = f"matrix({scale:.5f} 0 0 {scale:.5f} {x:.2f} {y:.2f})"
    return f'<use xlink:href="#{name}" transform="{place}"/>\n'


def _readout(x: float, steps: Steps, value: Readout | None) -> str:
    """The line of numbers above the picture: the step k and, where there is one, a value.

    Each number ends at a place of its own, so that nothing moves when it gets longer.
    """
    em = 15 * PIXEL

    def entry(symbol: str, texts: list[str], at: float) -> tuple[str, float]:
        head = at + em * (1.6 + 0.6 * len(symbol))
        raised = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
        wide = max(sum(0.36 if letter in raised else 0.5 for letter in text) for text in texts)
        end = head + em * (0.3 + wide)
        text = (
            f'<tspan x="{at:.1f}" style="font-family: KaTeX_Math, serif; font-style: italic">'
            f'{symbol}</tspan> = <tspan x="{end:.1f}" text-anchor="end" '
            f'data-values="{",".join(texts)}">{texts[-1]}</tspan>'
        )
        return text, end + 1.5 * em

    line, x = entry("k", [str(step) for step in steps], x)
    if value is not None:
        symbol, numbers = value
        texts = [written(number, padded=True) for number in numbers]
        line += f'<tspan class="value">{entry(symbol, texts, x)[0]}</tspan>'
    style = f"font: {em:.1f}px KaTeX_Main, serif; fill: {COLORS['ink']}"
    return f'<text y="{1.1 * em:.1f}" style="{style}">{line}</text>\n'


def _finish(
    figure: Figure, steps: Steps, still: str, moving: str, value: Readout | None = None
) -> str:
    """Put what stands still and what moves onto the picture."""
    file = io.StringIO()
    figure.set_layout_engine("none")  # it is laid out for good: coordinates have been asked of it
    figure.savefig(file, format="svg", metadata={"Date": None})
    picture, end, _ = file.getvalue().rpartition("</svg>")
    axes = f'<svg data-axes="{places(figure, figure.bbox_inches)}" '
    picture = picture.replace("<svg ", axes, 1)
    readout = _readout(figure.axes[0].bbox.x0, steps, value)
    moving = f'<g data-steps="{",".join(map(str, steps))}">\n{readout}{moving}</g>\n'
    return picture + still + moving + end + "\n"
