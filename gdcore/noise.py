"""Stochastic gradients（随机梯度）: gradients that are right only on average.

Stochastic gradient descent is gradient descent fed with another gradient. So there is no SGD
optimizer here, only two functions that make a random gradient; the loop and the step stay as
they are. Randomness always enters as an explicit ``numpy.random.Generator``.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Gradient = Callable[[Array], Array]


def noisy(grad: Gradient, rng: np.random.Generator, scale: float = 1.0) -> Gradient:
    """Add normal noise of mean 0（均值为 0 的噪声） to a gradient.

    Parameters
    ----------
    grad : callable
        x of shape (d, ...) to a gradient of the same shape.
    rng : numpy.random.Generator
        Where the noise comes from. One number is drawn per component and point, at every call.
    scale : float
        The standard deviation of the noise, in units of the gradient; zero or more.

    Returns
    -------
    callable
        A gradient of the same shapes, unbiased: its mean is ``grad``.

    Raises
    ------
    TypeError
        If ``rng`` is not a Generator.
    ValueError
        If ``scale`` is negative or not finite.

    Examples
    --------
    >>> exact = lambda x: 2 * x
    >>> g = noisy(exact, np.random.default_rng(0), scale=0.5)
    >>> g(np.array([1.0, 2.0])) - exact(np.array([1.0, 2.0]))
    array([ 0.06286511, -0.06605243])
    """
    _check_rng(rng)
    if not (np.isfinite(scale) and scale >= 0):
        raise ValueError(
            f"scale is a standard deviation: zero or more and finite, but {scale!r} was given"
        )

    def noisy_grad(x: Array) -> Array:
        g = grad(x)
        return g + rng.normal(loc=0.0, scale=scale, size=g.shape)

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
        If ``rng`` is not a Generator.
    ValueError
        If ``grads`` is empty.

    Examples
    --------
    >>> g = sampled([lambda x: x - 1, lambda x: x - 3], np.random.default_rng(0))
    >>> [float(g(np.array([2.0]))[0]) for _ in range(4)]
    [-1.0, -1.0, -1.0, 1.0]
    """
    _check_rng(rng)
    if len(grads) == 0:
        raise ValueError("grads must hold at least one gradient, but it is empty")

    def sampled_grad(x: Array) -> Array:
        return grads[rng.integers(len(grads))](x)

    return sampled_grad


def _check_rng(rng: object) -> None:
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            "rng must be a numpy.random.Generator, such as np.random.default_rng(0), but "
            f"{type(rng).__name__} was given"
        )
