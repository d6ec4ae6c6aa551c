"""Pictures of descents（下降的图）: objectives, and paths over them.

Every function draws into the ``ax`` it is given, returns the artists it made, and shows nothing.
Text in pictures is symbols only, so that one picture serves every language.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from gdcore.checks import intervals, whole
from gdcore.descent import Trajectory, _objective, _trajectory
from gdcore.draw.style import COLORS, PIXEL, TERRAIN, color_of
from gdcore.objectives import Objective

Limits = Sequence[tuple[float, float]]


def landscape(
    objective: Objective,
    ax: Axes,
    limits: Limits | None = None,
    levels: int | Sequence[float] = 12,
) -> list[Artist]:
    """Draw an objective（目标函数）: a curve where d is 1, contours（等高线） where d is 2.

    A plane is drawn at equal scales, so that circles are circles and right angles right.

    Parameters
    ----------
    objective : Objective
        What to draw; one or two components.
    ax : matplotlib.axes.Axes
        Where to draw it.
    limits : sequence of (low, high), optional
        The part of each axis to draw, in units of x; the objective's domain by default.
    levels : int or sequence of float
        How many contours, each enclosing its share of the picture, or the very values of f.

    Returns
    -------
    list of Artist
        The curve or the contours.

    Raises
    ------
    TypeError, ValueError
        If the objective has more than two components, if it has no domain and no limits are given,
        or if an argument makes no sense.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from gdcore import parabola
    >>> [curve] = landscape(parabola, Figure().subplots())
    >>> curve.get_ydata().max().item()
    100.0
    """
    _objective(objective)
    _drawn(objective, ax)
    box = _box(objective, limits)
    if objective.dim == 1:
        x = np.linspace(*box[0], 401)
        ax.set(xlabel="$x$", ylabel="$f(x)$")
        return [*ax.plot(x, objective.value(x[np.newaxis]), color=COLORS["slate"], zorder=1)]
    x1, x2 = mesh = _mesh(box)
    f = objective.value(mesh)
    heights: ArrayLike = levels
    if np.ndim(levels) == 0:
        count = whole("levels, a number of contours or a list of values,", levels)
        heights = _heights(f, count)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=box[0], ylim=box[1], aspect="equal")
    return [terrain(ax, x1, x2, f, heights)]


def heights_of(objective: Objective, limits: Limits, count: int) -> NDArray[np.float64]:
    """Return heights for contours（等高线的高度）, each of which encloses its share of a picture.

    Parameters
    ----------
    objective : Objective
        One of two components.
    limits : sequence of (low, high)
        The part of each axis to draw.
    count : int
        How many contours are wished for.

    Returns
    -------
    ndarray, shape (n,)
        Values of f, rising; n is less than ``count`` where some would be the same.

    Examples
    --------
    >>> from gdcore import sphere
    >>> heights_of(sphere, [(-1, 1), (-1, 1)], 3).round(2)
    array([0.01, 0.38, 1.57])
    """
    return _heights(objective.value(_mesh(limits)), count)


def _mesh(box: Limits) -> NDArray[np.float64]:
    return np.array(np.meshgrid(*(np.linspace(low, high, 201) for low, high in box)))


def _heights(f: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.unique(np.quantile(f, np.linspace(0.1, 1, count) ** 2 * 0.97))


def terrain(ax: Axes, x1: ArrayLike, x2: ArrayLike, f: ArrayLike, levels: ArrayLike) -> Artist:
    """Draw heights（地形） as terrain: contours over five tints of slate, the lowest the darkest.

    No data have these colours. The tints change at contours.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw it.
    x1, x2, f : array_like, shape (i, j)
        A mesh and the heights on it.
    levels : array_like, shape (n,)
        The heights of the contours, rising.

    Returns
    -------
    Artist
        The contours.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> x1, x2 = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9))
    >>> terrain(Figure().subplots(), x1, x2, x1**2 + x2**2, [0.5, 1]).levels
    array([0.5, 1. ])
    """
    heights, f = np.asarray(levels, dtype=float), np.asarray(f)
    chosen = np.linspace(0, len(heights) - 1, min(len(TERRAIN) - 1, len(heights)))
    borders = heights[np.rint(chosen).astype(int)]
    below = min(f.min(), borders[0]) - max(np.ptp(f), 1.0)
    ax.set_facecolor(COLORS[TERRAIN[-1]])
    for k in reversed(range(len(borders))):  # each on the next higher one: so no border comes twice
        tint = COLORS[TERRAIN[k]]
        if borders[k] > f.min():
            ax.contourf(x1, x2, f, [below, borders[k]], colors=tint, zorder=0.5 - 0.1 * k)
    return ax.contour(
        x1,
        x2,
        f,
        levels=heights,
        colors=COLORS["contour"],
        linewidths=0.6 * PIXEL,
        linestyles="solid",
        zorder=1,
    )


def path(
    trajectory: Trajectory,
    ax: Axes,
    color: str | None = None,
    label: str | None = None,
    style: str = "-o",
) -> list[Line2D]:
    """Draw where a descent went（下降轨迹）: a dot an iterate, a ring at the start.

    Parameters
    ----------
    trajectory : Trajectory
        One descent, or a batch of shape (n,), on one or two components.
    ax : matplotlib.axes.Axes
        Where to draw it.
    color : str, optional
        The colour of the path; by default that of its method, as `gdcore.draw.color_of` has it.
    label : str, optional
        What the legend calls it.
    style : str
        The line and the dots, in Matplotlib's letters.

    Returns
    -------
    list of Line2D
        For each descent its path and the ring at its start.

    Raises
    ------
    TypeError, ValueError
        If the objective has more than two components, or an argument makes no sense.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from gdcore import GradientDescent, descend, parabola
    >>> line, ring = path(descend(parabola, GradientDescent(0.2), 10, max_steps=3),
    ...                   Figure().subplots())
    >>> line.get_xdata().round(2)
    array([10.  ,  6.  ,  3.6 ,  2.16])
    """
    _trajectory(trajectory)
    _drawn(trajectory.objective, ax)
    x = trajectory.x.reshape(*trajectory.x.shape[:2], -1)
    f = trajectory.f.reshape(len(x), -1)
    color = color_of(trajectory.optimizer) if color is None else color
    artists: list[Line2D] = []
    for point, steps in enumerate(trajectory.steps.ravel()):
        across = x[: steps + 1, 0, point]
        up = x[: steps + 1, 1, point] if x.shape[1] == 2 else f[: steps + 1, point]
        look: dict[str, Any] = {"color": color, "lw": 1.6 * PIXEL, "mew": 1.6 * PIXEL, "zorder": 3}
        dots: dict[str, Any] = {"ms": 5 * PIXEL, "mew": 0, "markevery": slice(1, None)}
        artists += ax.plot(across, up, style, label=label, **(look | dots))
        artists += ax.plot(across[:1], up[:1], "o", mfc="none", ms=11 * PIXEL, **look)
        label = None  # one entry in the legend for all of them
    return artists


def star(ax: Axes, *points: Sequence[float]) -> list[Line2D]:
    """Draw minimizers（最小值点） as stars in ink.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw them.
    points : sequence of float
        The (x1, x2) of each.

    Returns
    -------
    list of Line2D
        One, for all of them.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> [stars] = star(Figure().subplots(), (3, 2), (-2.8, 3.1))
    >>> stars.get_xdata()
    array([ 3. , -2.8])
    """
    look: dict[str, Any] = {"color": COLORS["ink"], "ms": 15 * PIXEL, "mew": 0, "zorder": 4}
    return ax.plot(*np.transpose(points), "*", **look)


def descent(trajectory: Trajectory, ax: Axes, limits: Limits | None = None) -> list[Artist]:
    """Draw a descent on its objective（目标函数上的下降轨迹）: `landscape`, then `path`.

    Parameters
    ----------
    trajectory : Trajectory
        One descent or a batch, on one or two components.
    ax : matplotlib.axes.Axes
        Where to draw it.
    limits : sequence of (low, high), optional
        The part of each axis to draw. By default the objective's domain, in one dimension widened
        as far as the descent went.

    Returns
    -------
    list of Artist
        What the two functions return, in turn.

    Raises
    ------
    TypeError, ValueError
        As they do.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from gdcore import GradientDescent, descend, parabola
    >>> ax = Figure().subplots()
    >>> artists = descent(descend(parabola, GradientDescent(1.1), 10, max_steps=10), ax)
    >>> artists[0].get_xdata().max().round(1).item()
    61.9
    """
    _trajectory(trajectory)
    objective = trajectory.objective
    if limits is None and objective.dim == 1:
        limits = _widened(trajectory)
    return [*landscape(objective, ax, limits), *path(trajectory, ax)]


def _box(objective: Objective, limits: Limits | None) -> Limits:
    """Return the part of each axis to draw: the limits given or else the objective's domain."""
    if limits is not None:
        return intervals("limits", limits, objective.dim)
    if objective.domain is None:
        example = ", ".join(["(-5, 5)"] * objective.dim)
        raise ValueError(
            f"no limits were given; give limits, such as [{example}], for {objective.name} has no "
            "domain"
        )
    return objective.domain


def _widened(trajectory: Trajectory) -> Limits:
    """Return the domain of an objective of one component, widened as far as a descent went."""
    [domain] = _box(trajectory.objective, None)
    reach = max(np.abs(trajectory.x).max(), *np.abs(domain))
    return [(-reach, reach)]


def _drawn(objective: Objective, ax: object) -> None:
    """Say what is wrong unless an objective can be drawn into what was given for axes."""
    if objective.dim > 2:
        raise ValueError(
            f"only objectives of one or two components can be drawn, but {objective.name} "
            f"has {objective.dim}"
        )
    if not isinstance(ax, Axes):
        raise TypeError(
            f"ax must be Matplotlib's Axes, such as plt.figure().subplots(), but {ax!r} was given"
        )
