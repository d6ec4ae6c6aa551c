"""The descent（下降）: one loop, and the record of where it went.

`iterates` is the only loop in the package, and it never ends. `watch` says which points have
stopped, and why. `descend` consumes it into a `Trajectory` that knows every point it passed, how
many steps each descent took, and why it stopped; `gdcore.sweeps` keeps the ends alone.

All arrays put components first: a point has shape (d,), a batch of n points (d, n), a mesh
(d, i, j). A descent of a batch is as many independent descents: each point stops for itself.

Nothing is converted: from starts in CuPy's arrays the loop runs on the GPU, and its points are
CuPy's. Only what says why a point stopped is NumPy's, for a GPU knows no words.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdcore.checks import as_array, function, nonnegative, on_host, stepping, whole
from gdcore.objectives import Function, Objective, as_objective, check_values, same_shape
from gdcore.optimizers import Optimizer

Array = NDArray[np.float64]
Stop = Callable[[int, Array, Array, Array], Any]  # k, x, f and its gradient to True or False

CONVERGED = "converged"  # every |∂f/∂x_i| came down to grad_tol
DIVERGED = "diverged"  # the next point, or f or its gradient there, was no finite number
STOPPED = "stopped"  # the function `stop` said so
MAX_STEPS = "max_steps"  # the steps were used up


def iterates(
    grad: Callable[[Array], Array], optimizer: Optimizer, x0: Array
) -> Iterator[tuple[Array, Array]]:
    """Yield (x, gradient at x) for ever: the whole of gradient descent（梯度下降）.

    Parameters
    ----------
    grad : callable
        x of shape (d, ...) to the gradient, of the same shape.
    optimizer : Optimizer
        Turns a gradient into a step.
    x0 : array of float, shape (d, ...)
        The start, of NumPy or of a library that takes its functions, such as CuPy. It is not
        changed.

    Yields
    ------
    tuple of array
        The current x and the gradient there, both of shape (d, ...), beginning with x0.

    Raises
    ------
    TypeError, ValueError
        If ``optimizer`` is none, x0 no array of floats, or the gradient there of another shape.

    Examples
    --------
    >>> from itertools import islice
    >>> from gdcore import GradientDescent
    >>> steps = iterates(lambda x: 2 * x, GradientDescent(0.25), np.array([8.0]))
    >>> [float(x[0]) for x, g in islice(steps, 4)]
    [8.0, 4.0, 2.0, 1.0]
    """
    stepping(optimizer)
    if getattr(getattr(x0, "dtype", None), "kind", "") != "f" or x0.ndim == 0:
        raise TypeError(
            "x0 must be an array of floats with the components along its first axis, such as "
            f"np.array([1.0, 2.0]), but {x0!r} was given"
        )
    x, state = x0, optimizer.init(x0)
    while True:
        g = grad(x)
        same_shape("the gradient", g, x)
        yield x, g
        step, state = optimizer.update(g, state, x)
        x = x + step


def watch(
    objective: Objective,
    optimizer: Optimizer,
    x0: Array,
    max_steps: int,
    grad_tol: float | None,
    stop: Stop | None = None,
) -> Iterator[tuple[Array, Array, NDArray[np.int64], NDArray[np.str_]]]:
    """Walk until every point has stopped, and say of each where, when and why（停止）.

    A point that stops before the others stays where it stopped. NumPy warns of what overflows
    unless the caller has turned that off, as `descend` does.

    Parameters
    ----------
    objective : Objective
        Gives the value and the gradient.
    optimizer : Optimizer
        Turns gradients into steps.
    x0 : ndarray of float, shape (d, ...)
        The start or starts.
    max_steps : int
        Stop after so many steps; 1 or more.
    grad_tol : float or None
        See `descend`.
    stop : callable, optional
        See `descend`.

    Yields
    ------
    tuple of ndarray
        The current x, shape (d, ...); f there, shape (...); and, of shape (...) too, the number of
        steps and the status of every point, both final as soon as it has stopped. What has been
        yielded is not changed any more.

    Raises
    ------
    TypeError, ValueError
        If f or its gradient is no finite number at one of the starts, or ``stop`` gives something
        other than True or False for each point.

    Examples
    --------
    >>> from gdcore import GradientDescent, parabola
    >>> starts = np.array([[8.0, 1.0]])
    >>> for x, f, steps, status in watch(parabola, GradientDescent(0.25), starts, 3, grad_tol=1):
    ...     print(x[0], steps, status)
    [8. 1.] [3 3] ['max_steps' 'max_steps']
    [4.  0.5] [3 1] ['max_steps' 'converged']
    [2.  0.5] [3 1] ['max_steps' 'converged']
    [1.  0.5] [3 1] ['max_steps' 'converged']
    """

    value: Array | None = None

    def grad(x: Array) -> Array:
        nonlocal value  # so that f is there too when `iterates` hands out x and its gradient
        value, g = objective.value_and_grad(x)
        return g

    shape = x0.shape[1:]
    steps = np.full_like(x0, max_steps, shape=shape, dtype=np.int64)
    status = np.full(shape, MAX_STEPS)
    running = np.full_like(x0, True, shape=shape, dtype=np.bool_)
    last_x, last_f = x0, np.full_like(x0, np.nan, shape=shape)
    for step, (x, g) in enumerate(iterates(grad, optimizer, x0)):
        f = as_array(value)
        if step == 0:
            check_values(objective, f, x0)
        # A sum of products is finite only where all numbers are. If this one is not, look closer.
        if not isfinite(np.vdot(x, g) + np.vdot(f, f)):
            finite = np.isfinite(x).all(axis=0) & np.isfinite(g).all(axis=0) & np.isfinite(f)
            if step == 0 and not finite.all():
                raise overflowing(objective, int((~finite).sum()))
            lost = running & ~finite
            steps, status = (
                np.where(lost, step - 1, steps),
                status.copy(),
            )  # the caller may have kept the old ones
            status[on_host(lost)] = DIVERGED
            running &= finite
        if np.count_nonzero(running) < running.size:
            x, f = np.where(running, x, last_x), np.where(running, f, last_f)
        if grad_tol is not None:
            reached = running & (np.abs(g) <= grad_tol).all(axis=0)
            if reached.any():
                steps, status = np.where(reached, step, steps), status.copy()
                status[on_host(reached)] = CONVERGED
                running &= ~reached
        if stop is not None:
            asked = running & _answer(stop(step, x, f, g), running.shape)
            if asked.any():
                steps, status = np.where(asked, step, steps), status.copy()
                status[on_host(asked)] = STOPPED
                running &= ~asked
        yield x, f, steps, status
        if step == max_steps or not np.count_nonzero(running):
            return
        last_x, last_f = x, f


def overflowing(objective: Objective, count: int) -> ValueError:
    """Return the error that some starts lie too far away（起点溢出）.

    Parameters
    ----------
    objective : Objective
        The objective, for the message.
    count : int
        At how many of the starts f or its gradient is no finite number.

    Returns
    -------
    ValueError
        What to raise.
    """
    near = f"; start nearer to its domain {objective.domain}" if objective.domain else ""
    return ValueError(
        f"x0 must lie where {objective.name} and its gradient are finite numbers, but they "
        f"overflow at {count} of the points given{near}"
    )


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Where a descent went（轨迹） and why it stopped.

    A point that stopped before the others of its batch stays where it stopped: its later rows
    repeat its last one. All numbers in it are finite, also for a descent that diverged: it ends at
    the last point that was still a point.

    Two trajectories are equal only where they are one and the same. To compare what is in two,
    compare their arrays, as in ``np.array_equal(one.x, other.x)``.

    Parameters
    ----------
    objective : Objective
        What was descended.
    optimizer : Optimizer
        How it was descended.
    x : array, shape (steps + 1, d, ...)
        The iterates, the start first; CuPy's where the start was.
    f : array, shape (steps + 1, ...)
        The objective at each of them.
    steps : array of int, shape (...)
        How many steps each point took.
    status : ndarray of str, shape (...)
        Why each point stopped: "converged", "diverged", "stopped" or "max_steps".

    Examples
    --------
    >>> from gdcore import GradientDescent, descend, parabola
    >>> descend(parabola, GradientDescent(0.1), x0=1.8, grad_tol=0.01)
    Trajectory(parabola, GradientDescent(learning_rate=0.1): 27 steps, converged)
    """

    objective: Objective
    optimizer: Optimizer
    x: Array
    f: Array
    steps: NDArray[np.int64]
    status: NDArray[np.str_]

    @property
    def last(self) -> Array:
        """The last point（终点）, shape (d, ...)."""
        return self.x[-1]

    @property
    def best(self) -> Array:
        """The point with the least f（最低的一点）, shape (d, ...); of equals the first.

        Of a batch it is one for each descent. Where steps are noisy or too long, it lies before the
        last.

        >>> from gdcore import Momentum, descend, parabola
        >>> ball = descend(parabola, Momentum(0.25, beta=0.5), x0=8, max_steps=3)
        >>> ball.x[:, 0], ball.best
        (array([ 8.,  4.,  0., -2.]), array([0.]))
        """
        k = np.argmin(self.f, axis=0)
        return np.take_along_axis(self.x, k[np.newaxis, np.newaxis], axis=0)[0]

    def __repr__(self) -> str:
        many = self.status.size > 1
        counts = ((word, int((self.status == word).sum())) for word in np.unique(self.status))
        ends = ", ".join(f"{count} {word}" if many else str(word) for word, count in counts)
        steps = len(self.x) - 1
        return f"Trajectory({self.objective.name}, {self.optimizer!r}: {steps} steps, {ends})"


def descend(
    objective: Objective | tuple[Function, Function],
    optimizer: Optimizer,
    x0: ArrayLike,
    *,
    max_steps: int = 1000,
    grad_tol: float | None = None,
    stop: Stop | None = None,
) -> Trajectory:
    """Descend an objective from x0（从 x0 开始下降） and return the trajectory.

    Parameters
    ----------
    objective : Objective or (callable, callable)
        Gives the value, the gradient and the number d of components; or a pair of functions
        ``(f, grad)``, as an `Objective` has them, with so many components as x0.
    optimizer : Optimizer
        Turns gradients into steps.
    x0 : array_like, shape (d, ...)
        The start or starts, components first, in units of x. A plain number will do where d is 1.
    max_steps : int
        Stop after so many steps; 1 or more.
    grad_tol : float, optional
        A point stops as "converged" at the first x where every component of its gradient is at most
        this in magnitude. Without it no point stops early.
    stop : callable, optional
        ``stop(k, x, f, grad)`` is asked at every step k, from 0, of x of shape (d, ...), f there of
        shape (...) and its gradient of shape (d, ...). A point stops as "stopped" at the first x
        where it says True; for a batch it may answer with an array of shape (...).

    Returns
    -------
    Trajectory
        Every iterate, the values there, and for each point its number of steps and its status. A
        point whose next x, or f or gradient there, would not be a finite number stops before
        it as "diverged".

    Raises
    ------
    TypeError, ValueError
        If an argument makes no sense; the message says what was given and what was expected.

    Examples
    --------
    >>> from gdcore import GradientDescent, himmelblau
    >>> descend(himmelblau, GradientDescent(0.01), x0=(-0.4, -0.65), grad_tol=0.01).x[-1].round(4)
    array([-2.8051,  3.1313])

    A pair of functions will do, and a condition of your own:

    >>> def f(x):
    ...     return x[0] ** 2 + 2 * x[1] ** 2
    >>> def grad(x):
    ...     return np.array([2 * x[0], 4 * x[1]])
    >>> descend((f, grad), GradientDescent(0.1), (-5, -2), stop=lambda k, x, f, grad: f < 1)
    Trajectory(f, GradientDescent(learning_rate=0.1): 8 steps, stopped)
    """
    objective = as_objective(objective, x0)
    stepping(optimizer)
    if stop is not None:
        function("stop", stop, "lambda k, x, f, grad: f < 1e-6")
    x0 = _start(x0, objective)
    max_steps = whole("max_steps", max_steps)
    grad_tol = _grad_tol(grad_tol)

    rows = min(max_steps + 1, 1024)
    path = np.empty_like(x0, shape=(rows, *x0.shape))
    values = np.empty_like(x0, shape=(rows, *x0.shape[1:]))
    with np.errstate(all="ignore"):  # what overflows is noticed, by looking
        for step, now in enumerate(watch(objective, optimizer, x0, max_steps, grad_tol, stop)):
            if step == len(path):
                path, values = _longer(path), _longer(values)
            path[step], values[step], steps, status = now

    rows = int(steps.max()) + 1
    return Trajectory(objective, optimizer, path[:rows], values[:rows], steps, status)


def _trajectory(value: object) -> None:
    """Say what is wrong unless a trajectory was given."""
    if not isinstance(value, Trajectory):
        raise TypeError(
            f"trajectory must be a Trajectory, as descend() returns, but {value!r} "
            f"({type(value).__name__}) was given"
        )


def _objective(value: object) -> None:
    """Say what is wrong unless an objective was given."""
    if not isinstance(value, Objective):
        raise TypeError(
            f"objective must be an Objective, such as gdcore.himmelblau, but {value!r} "
            f"({type(value).__name__}) was given"
        )


def _answer(said: Any, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return what `stop` said as an array of bool, or say what is wrong with it."""
    answer = as_array(said)
    if answer.dtype != np.bool_ or answer.shape not in ((), shape):
        raise TypeError(
            "stop(k, x, f, grad) must say True or False, or give an array of them of shape "
            f"{shape}, one for each point, but it gave {said!r}"
        )
    return answer if answer.shape else answer[()]  # a plain bool goes with any library's arrays


def _longer(rows: Array) -> Array:
    """Return an array with these rows and room for as many more."""
    room = np.empty_like(rows, shape=(2 * len(rows), *rows.shape[1:]))
    room[: len(rows)] = rows
    return room


def _start(x0: ArrayLike, objective: Objective) -> Array:
    """Return x0 as a new float64 array of shape (d, ...), or say what is wrong with it."""
    start = objective.read("x0", x0)
    if start.size == 0:
        raise ValueError(
            f"there must be at least one start for {objective.name}, but x0 is empty (shape "
            f"{start.shape})"
        )
    if not np.isfinite(start).all():
        bad = start[~np.isfinite(start)][0]
        raise ValueError(
            f"a start must be finite, but x0 contains {float(bad)}; leave such points out"
        )
    return start.copy()


def _grad_tol(grad_tol: object) -> float | None:
    """Return grad_tol as a float of 0 or more, or None, or say what is wrong with it."""
    return None if grad_tol is None else float(nonnegative("grad_tol", grad_tol))
