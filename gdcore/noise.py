"""Stochastic gradients（随机梯度）: gradients that are right only on average.

Stochastic gradient descent is gradient descent fed with another gradient. So there is no SGD
optimizer here, only functions that make a random gradient: `noisy` adds noise to an exact one,
`sampled` draws one term of a finite sum, `minibatches` walks through a data set. The loop and the
step stay as they are. Randomness always enters as an explicit ``numpy.random.Generator``; for a
gradient on a GPU `noisy` takes CuPy's.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from gdcore.checks import function, nonnegative, whole

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Gradient = Callable[[Array], Array]


def noisy(grad: Gradient, rng: np.random.Generator, scale: float = 1.0) -> Gradient:
    """Add normal noise of mean 0（均值为 0 的噪声） to a gradient.

    Parameters
    ----------
    grad : callable
        x of shape (d, ...) to a gradient of the same shape.
    rng : numpy.random.Generator or cupy.random.Generator
        Where the noise comes from, of the library of the gradient. One number is drawn per
        component and point, at every call.
    scale : float
        The standard deviation of the noise, in units of the gradient; zero or more.

    Returns
    -------
    callable
        A gradient of the same shapes, unbiased: its mean is ``grad``.

    Raises
    ------
    TypeError
        If ``grad`` is no function, ``rng`` no Generator, or ``scale`` no real number.
    ValueError
        If ``scale`` is negative or not finite.

    Examples
    --------
    >>> exact = lambda x: 2 * x
    >>> g = noisy(exact, np.random.default_rng(0), scale=0.5)
    >>> g(np.array([1.0, 2.0])) - exact(np.array([1.0, 2.0]))
    array([ 0.06286511, -0.06605243])
    """
    function("grad", grad, "himmelblau.grad")
    if not type(rng).__module__.startswith("cupy."):
        _check_rng(rng)
    scale = nonnegative("scale, a standard deviation,", scale)

    def noisy_grad(x: Array) -> Array:
        g = grad(x)
        return g + scale * rng.standard_normal(g.shape)

    return noisy_grad


def sampled(grads: Sequence[Gradient], rng: np.random.Generator) -> Gradient:
    """Pick one gradient of a finite sum（有限和） uniformly at random, at every call.

    Parameters
    ----------
    grads : sequence of callables
        The gradients of f_1 … f_n, each from x of shape (d, ...) to the same shape.
    rng : numpy.random.Generator
        Where the index comes from. One index is drawn a call, shared by all points of a batch.

    Returns
    -------
    callable
        A gradient whose mean over the index is that of f = (f_1 + … + f_n) / n, at the cost of
        one term instead of n.

    Raises
    ------
    TypeError
        If ``grads`` is no sequence of functions, or ``rng`` no Generator.
    ValueError
        If ``grads`` is empty.

    Examples
    --------
    >>> g = sampled([lambda x: x - 1, lambda x: x - 3], np.random.default_rng(0))
    >>> [float(g(np.array([2.0]))[0]) for _ in range(4)]
    [-1.0, -1.0, -1.0, 1.0]
    """
    _check_rng(rng)
    if not isinstance(grads, Sequence) or isinstance(grads, str):
        raise TypeError(
            f"grads must be a list of functions, one for each term of the sum, but {grads!r} was "
            "given"
        )
    for grad in grads:
        function("each of grads", grad, "lambda x: x - 1")
    if len(grads) == 0:
        raise ValueError("grads must hold at least one gradient, but it is empty")

    def sampled_grad(x: Array) -> Array:
        return grads[int(rng.integers(len(grads)))](x)

    return sampled_grad


def minibatches(
    grad: Callable[[Array, Rows], Array], n: int, batch_size: int, rng: np.random.Generator
) -> Gradient:
    """Walk through n examples in mini-batches（小批量）, shuffled anew for every epoch（轮）.

    Every call takes the next ``batch_size`` examples; the last batch of an epoch is smaller where
    n leaves a remainder. So an epoch is ``ceil(n / batch_size)`` calls and looks at each example
    once. With ``batch_size=n`` the gradient is exact.

    Parameters
    ----------
    grad : callable
        ``grad(x, rows)`` is the gradient, of the shape of x, of the mean loss over the examples
        with the indices ``rows``, an array of int of shape (batch size,).
    n : int
        The number of examples, 1 or more.
    batch_size : int
        The number of examples a call, from 1 to n.
    rng : numpy.random.Generator
        Where the order comes from. One permutation is drawn an epoch, shared by all points of a
        batch of descents.

    Returns
    -------
    callable
        A gradient: x to ``grad(x, rows)`` with the rows of this call. Each call's rows are a
        uniform draw without replacement, so for a given x its mean is the gradient over all n.

    Raises
    ------
    TypeError
        If ``grad`` is no function, ``rng`` no Generator, or a number not whole.
    ValueError
        If a number is out of its range.

    Examples
    --------
    The mean of (x - y)² / 2 over five examples y, two examples a step.

    >>> y = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    >>> g = minibatches(lambda x, rows: x - y[rows].mean(), 5, 2, np.random.default_rng(0))
    >>> [float(g(np.array([0.0]))[0]) for _ in range(3)]
    [-4.0, -2.5, -2.0]
    """
    function("grad", grad, "lambda x, rows: ...")
    _check_rng(rng)
    n, batch_size = whole("n", n), whole("batch_size", batch_size)
    if batch_size > n:
        raise ValueError(
            f"batch_size must be at most n, the number of examples, but batch_size={batch_size!r} "
            f"and n={n!r} were given"
        )

    def epochs() -> Iterator[Rows]:
        while True:
            order = rng.permutation(n)
            for begin in range(0, n, batch_size):
                yield order[begin : begin + batch_size]

    batches = epochs()
    return lambda x: grad(x, next(batches))


def _check_rng(rng: object) -> None:
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            "rng must be a numpy.random.Generator, such as np.random.default_rng(0), but "
            f"{type(rng).__name__} was given"
        )
