"""Newton's method（牛顿法）: an optimizer that asks for the Hessian as well as the gradient."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcore.checks import as_array, fits, function, rates, settle
from gdcore.optimizers import Rate, State

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Newton:
    r"""Newton's method（牛顿法）: a step to where the gradient would vanish, were f quadratic.

    .. math:: H(x_k) \, p_k = -\nabla f(x_k), \qquad x_{k+1} = x_k + \eta \, p_k

    It goes to a zero of the gradient, be it a minimum, a maximum or a saddle point. Where the
    Hessian H is singular there is no such step: it comes out as NaN, and `gdcore.descend` calls
    that point diverged.

    Parameters
    ----------
    hess : callable
        The Hessian: takes x of shape (d, ...), returns shape (d, d, ...). Most objectives bring
        theirs, such as ``himmelblau.hess``.
    learning_rate : float or array_like
        The learning rate（学习率） :math:`\eta > 0`, a bare number. Newton's own is 1; less is
        called damped.

    Raises
    ------
    TypeError, ValueError
        If ``hess`` is no function, or the learning rate not a positive finite number.

    References
    ----------
    Nocedal, J. & Wright, S. J. (2006). Numerical Optimization, 2nd ed. Springer, section 3.3.

    Examples
    --------
    On a quadratic one step is enough.

    >>> from gdcore import OBJECTIVES, descend
    >>> booth = OBJECTIVES["booth"]
    >>> descend(booth, Newton(booth.hess), x0=(-5, 8), max_steps=1).x[-1]
    array([1., 3.])
    """

    hess: Callable[[Array], Array] = field(repr=False)
    learning_rate: Rate = 1.0

    def __post_init__(self) -> None:
        function("hess", self.hess, "himmelblau.hess (some objectives have none)")
        settle(self, learning_rate=rates)

    def init(self, x: Array) -> State:
        """Return the empty state: Newton remembers nothing."""
        fits(self.learning_rate, x)
        return ()

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step at x and the state as it is, see `Optimizer.update`."""
        return -self.learning_rate * solve(self.hess(x), grad), state


def solve(hessian: Array, grad: Array) -> Array:
    """Solve H p = g（解线性方程组） at every point of a batch.

    Parameters
    ----------
    hessian : ndarray, shape (d, d, ...)
        The matrices H.
    grad : ndarray, shape (d, ...)
        The right sides g.

    Returns
    -------
    ndarray, shape (d, ...)
        The solutions p; NaN where H is singular.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> solve(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([2.0, 2.0]))
    array([1. , 0.5])
    """
    hessian = as_array(hessian).astype(np.float64)
    if hessian.shape != (len(grad), *grad.shape):
        raise ValueError(
            "the Hessian must be an array of shape (d, d, ...), here "
            f"{(len(grad), *grad.shape)}, but its shape is {hessian.shape}; give a function such "
            "as himmelblau.hess"
        )
    matrices = np.moveaxis(hessian, (0, 1), (-2, -1))  # NumPy wants the components last
    sides = np.moveaxis(grad, 0, -1)[..., np.newaxis]
    sign, _ = np.linalg.slogdet(matrices)  # the determinant itself may underflow
    matrices[sign == 0] = np.nan
    p: NDArray[Any] = np.linalg.solve(matrices, sides)
    return np.moveaxis(p[..., 0], -1, 0)
