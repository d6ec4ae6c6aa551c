"""Curvature（曲率）, and what it suggests: where to begin with an objective, and at which rates."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdcore.objectives import Objective
from gdcore.optimizers import OPTIMIZERS

Array = NDArray[np.float64]

AROUND = 3.0  # how far beyond its minimizers an objective is shown
START = 0.2, 0.65  # where a descent starts, in parts of what is shown, along x1 and x2
MESH = 81  # points to a side, at which curvature is looked for
OF_GRADIENT_DESCENT = {"gradient_descent": 1, "momentum": 0.2, "nesterov": 0.2}
OF_WIDTH = {"adagrad": 0.1, "rmsprop": 0.01, "adam": 0.02, "adamw": 0.02, "lion": 0.01}
OF_NOTHING = {"adadelta": 1.0}


class Example(NamedTuple):
    """Where to begin with an objective.

    Attributes
    ----------
    limits : tuple of (float, float)
        The interval of each component to be shown.
    start : tuple of float
        Where a descent starts.
    learning_rate : float
        The learning rate of gradient descent, in two digits.

    Examples
    --------
    >>> from gdcore import parabola
    >>> example(parabola).start
    (-1.8,)
    """

    limits: tuple[tuple[float, float], ...]
    start: tuple[float, ...]
    learning_rate: float


def curvatures(objective: Objective, x: ArrayLike) -> tuple[float, float]:
    r"""Return the least and the greatest curvature at a point: eigenvalues of the Hessian.

    At a minimizer gradient descent is stable up to 2 over the greatest of them.

    Parameters
    ----------
    objective : Objective
        Its Hessian is asked, or, where it has none, differences of its gradient.
    x : array_like, shape (d,)
        The point.

    Returns
    -------
    (float, float)
        The least and the greatest eigenvalue; NaN where there is no curvature, as at the tip of a
        cone, whose differences depend on how far apart the points are.

    References
    ----------
    Nesterov, Y. (2018). Lectures on Convex Optimization, 2nd ed. Springer, section 1.2.3.

    Examples
    --------
    >>> from gdcore import ellipse
    >>> curvatures(ellipse, ellipse.minimizers[0])
    (2.0, 4.0)
    """
    x = np.asarray(x, dtype=np.float64)

    def differences(h: float) -> Array:
        steps = h * np.eye(len(x))
        return np.array([(objective.grad(x + s) - objective.grad(x - s)) / (2 * h) for s in steps])

    hessian = objective.hess(x) if objective.hess else differences(1e-5)
    if objective.hess is None and not np.allclose(hessian, differences(1e-4), rtol=1e-4):
        return np.nan, np.nan
    values = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    return float(values[0]), float(values[-1])


@cache
def example(objective: Objective) -> Example:
    """Return where to begin with an objective（例子）: one rule for all of them.

    What is shown reaches 3 beyond all minimizers, as far as the domain does. The learning rate is
    1 / 2L, and at most 1. L is the greatest curvature in those parts that are no higher than the
    start: the greatest magnitude of an eigenvalue of the Hessian, taken by differences of the
    gradient from point to point of a mesh.

    Parameters
    ----------
    objective : Objective
        One that says its domain and its minimizers.

    Returns
    -------
    Example
        Limits of a picture, a start and a learning rate.

    Raises
    ------
    ValueError
        If the objective does not say its domain and its minimizers.

    Examples
    --------
    >>> from gdcore import sphere
    >>> example(sphere)
    Example(limits=((-3.0, 3.0), (-3.0, 3.0)), start=(-1.8, 0.9), learning_rate=0.25)
    """
    if objective.domain is None or not objective.minimizers:
        raise ValueError(
            f"an example needs an objective that says its domain and its minimizers, as himmelblau "
            f"does, but {objective.name} does not; give it domain=… and minimizers=…"
        )
    known = zip(*objective.minimizers, *objective.local_minimizers, strict=True)
    limits = tuple(
        (round(max(low, min(x) - AROUND), 2), round(min(high, max(x) + AROUND), 2))
        for (low, high), x in zip(objective.domain, known, strict=True)
    )
    parts = zip(limits, START, strict=False)
    start = tuple(round(low + part * (high - low), 2) for (low, high), part in parts)

    axes = [np.linspace(low, high, MESH) for low, high in limits]
    mesh = np.array(np.meshgrid(*axes, indexing="ij"))
    hessian = np.array([np.gradient(g, *axes) for g in objective.grad(mesh)])
    hessian = np.moveaxis(hessian.reshape(objective.dim, *mesh.shape), (0, 1), (-2, -1))
    curvature = np.abs(np.linalg.eigvalsh((hessian + hessian.swapaxes(-1, -2)) / 2)).max(axis=-1)
    f = objective.value(mesh)
    greatest = curvature[f <= max(objective(start), f.min())].max()
    return Example(limits, start, float(f"{1 / max(2 * greatest, 1):.2g}"))


def learning_rates(objective: Objective) -> dict[str, float]:
    """Return learning rates（学习率） to begin with, one for each optimizer.

    Gradient descent has that of `example`, and methods with momentum a fifth of it. Those whose
    steps do not grow with the gradient have a part of the picture's width, and Adadelta, which
    looks for its own step, has 1.

    Parameters
    ----------
    objective : Objective
        One that says its domain and its minimizers.

    Returns
    -------
    dict of str to float
        By the names of `OPTIMIZERS`, in two digits.

    Examples
    --------
    >>> from gdcore import sphere
    >>> learning_rates(sphere)["adam"]
    0.12
    """
    limits, _, rate = example(objective)
    width = limits[0][1] - limits[0][0]
    rates = {name: part * rate for name, part in OF_GRADIENT_DESCENT.items()} | OF_NOTHING
    rates |= {name: part * width for name, part in OF_WIDTH.items()}
    return {name: float(f"{rates[name]:.2g}") for name in OPTIMIZERS}
