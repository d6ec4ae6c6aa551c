"""The sweep（扫描）: where very many descents end, for many starts and many learning rates.

`gdcore.descend` remembers every step of every point. For a million points and a hundred steps that
is more than two gigabytes; their ends are sixteen megabytes. `sweep` walks the same way, keeps the
ends alone, and goes through the points in blocks small enough for the processor's cache. Where no
point can stop early, it does not look at them on the way either.

What is asked of one block and one learning rate does not depend on any other. So the same call
spreads over processes or machines where the starts are a Dask array: see the chapter on scale.
Where they are CuPy's, on a GPU, `gdcore.kernels` writes one function that walks each point.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdcore.checks import as_array, foreign, function, on_host, whole
from gdcore.descent import MAX_STEPS, _grad_tol, _start, iterates, watch
from gdcore.kernels import is_on_gpu, is_written, walked
from gdcore.objectives import Function, Objective, as_objective, check_values
from gdcore.optimizers import Optimizer

Array = NDArray[np.float64]

BLOCK = 16384  # points: what a step of so many needs stays in the cache
STATUS = np.dtype(f"U{len(MAX_STEPS)}")  # no word of a status is longer


@dataclass(frozen=True, eq=False)
class Ends:
    """Where the descents of a sweep ended（终点）, after how many steps, and why.

    The arrays are NumPy's, or lazy ones of Dask where the starts were. ``dask.compute(ends)``
    computes them together, so that every descent is walked once. Of starts on a GPU they are
    CuPy's and stay there, and status, for a GPU knows no words, is `gdcore.kernels.Words` of a
    kernel, and NumPy's otherwise: ``ends.status == "diverged"`` serves all.

    Two ends are equal only where they are one and the same. To compare what is in two, compare
    their arrays, as in ``np.array_equal(one.x, other.x)``.

    Parameters
    ----------
    objective : Objective
        What was descended.
    learning_rates : ndarray, shape (m,)
        The learning rates.
    x : array, shape (d, m, n)
        The last iterate for each rate and start; of a descent that diverged, the last that was
        still a point.
    steps : array of int, shape (m, n)
        How many steps each descent took.
    status : array of str, or Words, shape (m, n)
        Why each stopped: "converged", "diverged" or "max_steps".

    Examples
    --------
    >>> from gdcore import GradientDescent, parabola
    >>> sweep(parabola, GradientDescent, [[8.0, 4.0]], [0.25, 0.5, 2], max_steps=2)
    Ends(parabola: 3 learning rates, 2 starts)
    """

    objective: Objective
    learning_rates: Array
    x: Any
    steps: Any
    status: Any

    def __repr__(self) -> str:
        rates, starts = self.steps.shape
        return f"Ends({self.objective.name}: {rates} learning rates, {starts} starts)"


def sweep(
    objective: Objective | tuple[Function, Function],
    optimizer: Callable[[float], Optimizer],
    x0: ArrayLike,
    learning_rates: ArrayLike,
    *,
    max_steps: int,
    grad_tol: float | None = None,
) -> Ends:
    """Descend from every start at every learning rate（学习率） and return the ends.

    Each end is the last row of what `gdcore.descend` gives for that rate, to the last bit. Without
    ``grad_tol`` there is one exception: only the end is looked at, so a descent on which f or its
    gradient overflows, but x comes back, is taken for one that has never been away.

    Parameters
    ----------
    objective : Objective or (callable, callable)
        Gives the value, the gradient and the number d of components; or a pair of functions
        ``(f, grad)``. The gradient must be exact: noise would depend on the blocks.
    optimizer : callable
        A learning rate to an optimizer, such as ``GradientDescent`` itself, or
        ``partial(Momentum, beta=0.5)``.
    x0 : array_like, dask.array.Array or cupy.ndarray, shape (d, n)
        The starts, components first, in units of x. A Dask array makes lazy Dask arrays, with one
        task for each rate and each of its chunks along the second axis. An array of CuPy's is
        swept on its GPU, by a kernel where `gdcore.kernels` writes one.
    learning_rates : array_like, shape (m,)
        The learning rates.
    max_steps : int
        Stop after so many steps; 1 or more.
    grad_tol : float, optional
        A point stops as "converged" at the first x where every component of its gradient is at most
        this in magnitude. Without it no point stops early.

    Returns
    -------
    Ends
        The last iterate, the number of steps and the status, for each rate and each start.

    Notes
    -----
    A kernel gives NumPy's bits where an objective and its gradient are made of + - * / and roots;
    of sines and exponentials a GPU rounds the last place in its own way. What has no kernel, as
    noise or an objective of your own, goes over the GPU array by array.

    Dask sets up its workers on Linux so that they give memory back to the system at once; asking
    for it again at every step takes longer than to compute with it. Before the workers start, set
    ``MALLOC_TRIM_THRESHOLD_`` and ``MALLOC_MMAP_THRESHOLD_`` as ``benchmarks/sweeps.py`` does.

    Raises
    ------
    TypeError, ValueError
        If an argument makes no sense; the message says what was given and what was expected. For
        numbers inside a Dask array that cannot be known before they are computed.

    Examples
    --------
    >>> from gdcore import GradientDescent, parabola
    >>> ends = sweep(parabola, GradientDescent, [[8.0, 4.0]], [0.25, 0.5, 1e200], max_steps=2)
    >>> ends.x[0]
    array([[2., 1.],
           [0., 0.],
           [8., 4.]])
    >>> ends.status[:, 0]
    array(['max_steps', 'max_steps', 'diverged'], dtype='<U9')
    """
    objective = as_objective(objective, x0)
    function("optimizer", optimizer, "GradientDescent, which makes one of a learning rate")
    rates = _rates(learning_rates)
    optimizers = [optimizer(float(rate)) for rate in rates]
    for made in optimizers:
        if isinstance(made, type) or not (hasattr(made, "init") and hasattr(made, "update")):
            raise TypeError(
                f"optimizer must make an Optimizer of a learning rate, as GradientDescent does, "
                f"but it made {made!r}"
            )
    walk = partial(_ends, objective, whole("max_steps", max_steps), _grad_tol(grad_tol))

    if hasattr(x0, "__dask_graph__"):
        return Ends(objective, rates, *_on_dask(objective, walk, optimizers, x0))
    return Ends(objective, rates, *walk(optimizers, x0))


def _ends(
    objective: Objective,
    max_steps: int,
    grad_tol: float | None,
    optimizers: list[Optimizer],
    x0: ArrayLike,
) -> tuple[Array, NDArray[np.int64], Any]:
    """Return x, steps and status for each optimizer and start, walked block by block."""
    x0 = _start(x0, objective)
    _check_shape(objective, x0)
    if is_on_gpu(x0) and is_written(objective, optimizers):
        return walked(objective, optimizers, x0, max_steps, grad_tol)
    shape = len(optimizers), x0.shape[1]
    x = np.empty_like(x0, shape=(objective.dim, *shape))
    steps = np.full_like(x0, max_steps, shape=shape, dtype=np.int64)
    status = np.full(shape, MAX_STEPS, STATUS)
    size = shape[1] if foreign(x0) else BLOCK  # a GPU wants all of them at once
    for k, optimizer in enumerate(optimizers):
        for first in range(0, shape[1], size):
            block = slice(first, first + size)
            starts = x0[:, block]
            watched = np.full_like(starts, True, shape=starts.shape[1:], dtype=np.bool_)
            with np.errstate(all="ignore"):  # as in `descend`
                if grad_tol is None:
                    x[:, k, block], watched = _arrive(objective, optimizer, starts, max_steps)
                if watched.any():
                    walk = watch(objective, optimizer, starts[:, watched], max_steps, grad_tol)
                    [(end, _, taken, why)] = deque(walk, maxlen=1)
                    x[:, k, block][:, watched] = end
                    steps[k, block][watched] = taken
                    status[k, block][on_host(watched)] = why
    return x, steps, status


def _arrive(
    objective: Objective, optimizer: Optimizer, x0: Array, max_steps: int
) -> tuple[Array, NDArray[np.bool_]]:
    """Return where so many steps lead, and which points do not get so far.

    Once x is no finite number it stays so, whatever is added to it: looking at the end is enough.
    """
    f0 = objective.value(x0)
    check_values(objective, f0, x0)
    x, g = next(islice(iterates(objective.grad, optimizer, x0), max_steps, None))
    numbers = [*x, *g, objective.value(x), f0]
    if isfinite(sum(np.vdot(part, part) for part in numbers)):  # then all are, as in `watch`
        return x, np.full_like(x, False, shape=x.shape[1:], dtype=np.bool_)
    return x, np.logical_not(np.isfinite(np.stack(numbers)).all(axis=0))


def _on_dask(
    objective: Objective, walk: Callable[..., Any], optimizers: list[Optimizer], x0: Any
) -> tuple[Any, Any, Any]:
    """Return what `_ends` returns for each optimizer and chunk, put together as lazy arrays."""
    import dask.array as da
    from dask.delayed import delayed

    if x0.dtype.kind not in "iuf":
        raise TypeError(f"x0 must hold real numbers, but a Dask array of {x0.dtype} was given")
    _check_shape(objective, x0)
    x0 = x0.rechunk({0: -1})  # all components of a point in one chunk
    chunks = list(zip(x0.chunks[1], x0.to_delayed().ravel(), strict=True))
    x, steps, status = [], [], []
    for optimizer in optimizers:
        ends = [(n, *delayed(walk, nout=3)([optimizer], starts)) for n, starts in chunks]
        x.append([da.from_delayed(end, (objective.dim, 1, n), np.float64) for n, end, _, _ in ends])
        steps.append([da.from_delayed(taken, (1, n), np.int64) for n, _, taken, _ in ends])
        status.append([da.from_delayed(why, (1, n), STATUS) for n, _, _, why in ends])
    return da.block(x), da.block(steps), da.block(status)


def _check_shape(objective: Objective, x0: Any) -> None:
    """Say what is wrong unless x0 has shape (d, n)."""
    if x0.ndim != 2 or x0.shape[0] != objective.dim or x0.shape[1] == 0:
        raise ValueError(
            f"x0 must have the shape ({objective.dim}, n), a column for each of n starts for "
            f"{objective.name}, but its shape is {x0.shape}"
        )


def _rates(learning_rates: ArrayLike) -> Array:
    """Return the learning rates as an array of shape (m,), or say what is wrong with them."""
    expected = "learning_rates must be one or more real numbers in a row, such as [0.01, 0.1]"
    try:
        rates = as_array(learning_rates)
    except ValueError as error:
        raise ValueError(f"{expected}, but {learning_rates!r} was given") from error
    if rates.ndim != 1 or rates.size == 0:
        raise ValueError(f"{expected}, but an array of shape {rates.shape} was given")
    if rates.dtype.kind not in "iuf":
        raise TypeError(f"{expected}, but {learning_rates!r} holds {rates.dtype} values")
    return rates.astype(np.float64)
