"""Backtracking line search（回溯线搜索）: an optimizer that looks at f before it steps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, log

import numpy as np
from numpy.typing import NDArray

from gdcore.checks import as_array, fraction, function, positive, settle
from gdcore.optimizers import State

Array = NDArray[np.float64]

SHORTEST = 1e-18  # part of the learning rate at which a search is given up


@dataclass(frozen=True)
class Backtracking:
    r"""Gradient descent that shortens a step until it pays（回溯线搜索）.

    Each step starts from the learning rate :math:`\eta` and shrinks it, :math:`t = \eta, \eta\tau,
    \eta\tau^2, \dots`, until f falls by a fraction c of what the slope promises:

    .. math:: f(x - t \, g) \le f(x) - c \, t \, \|g\|^2

    which is Armijo's condition for the direction -g. Each point of a batch searches for itself.
    A point stays where it is when the trials have come so near to it that rounding makes them
    one, or when its rate would fall below 1e-18 of the first. So f never rises.

    Parameters
    ----------
    objective : callable
        f: takes x of shape (d, ...), returns f(x) of shape (...); an `Objective`, for one.
    learning_rate : float
        The learning rate（学习率） :math:`\eta > 0` tried first.
    shrink : float
        The factor :math:`0 < \tau < 1` between one trial and the next.
    slope : float
        The fraction :math:`0 < c < 1` of the promised fall that is enough.

    Raises
    ------
    TypeError, ValueError
        If ``objective`` is no function, or a number is out of its range.

    References
    ----------
    Armijo, L. (1966). Minimization of functions having Lipschitz continuous first partial
    derivatives. Pacific Journal of Mathematics, 16(1), 1-3.

    Nocedal, J. & Wright, S. J. (2006). Numerical Optimization, 2nd ed. Springer, algorithm 3.1
    and equation 3.4.

    Examples
    --------
    >>> from gdcore import descend, parabola
    >>> descend(parabola, Backtracking(parabola, learning_rate=8), x0=10, max_steps=2).x[:, 0]
    array([10.,  0.,  0.])
    """

    objective: Callable[[Array], Array] = field(repr=False)
    learning_rate: float = 1.0
    shrink: float = 0.5
    slope: float = 1e-4

    def __post_init__(self) -> None:
        function("objective", self.objective, "gdcore.himmelblau")
        settle(self, learning_rate=positive, shrink=positive, slope=positive)
        settle(self, shrink=fraction, slope=fraction)

    @property
    def trials(self) -> int:
        """The number of trials（试探次数） after which a search is given up."""
        return ceil(log(SHORTEST) / log(self.shrink))

    def init(self, x: Array) -> State:
        """Return the empty state: every search begins anew."""
        return ()

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step from x and the state as it is, see `Optimizer.update`."""
        f, squared = as_array(self.objective(x)), np.sum(grad * grad, axis=0)
        t = np.full_like(f, self.learning_rate, dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore"):  # a first trial may go very far
            for _ in range(self.trials):
                trial = x - t * grad
                pays = self.objective(trial) <= f - self.slope * t * squared
                if (pays | (trial == x).all(axis=0)).all():
                    break
                t = np.where(pays, t, self.shrink * t)
        return -np.where(pays, t, 0.0) * grad, state
