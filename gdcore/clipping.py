r"""Gradient clipping（梯度裁剪）: a bound on the gradient that an optimizer gets to see."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from gdcore.checks import foreign, positive, settle, stepping, switch
from gdcore.optimizers import Array, Optimizer, State


@dataclass(frozen=True)
class Clipped:
    r"""An optimizer whose gradient is never longer than a limit（带梯度裁剪的优化器）.

    .. math:: g \leftarrow g \, \min\left(1, \frac{c}{\|g\|}\right)

    The direction stays. With ``by_value`` each component is clipped for itself, to -c or c, which
    turns the direction toward a diagonal. Every point of a batch has a gradient of its own.

    Parameters
    ----------
    optimizer : Optimizer
        Any optimizer; to clip one with a schedule, clip ``Scheduled(...)``.
    limit : float
        The limit c > 0, in units of the gradient.
    by_value : bool
        Clip components instead of the norm.

    Raises
    ------
    TypeError, ValueError
        If the optimizer is none, or the limit not a positive finite number.

    References
    ----------
    Pascanu, R., Mikolov, T. & Bengio, Y. (2013). On the difficulty of training recurrent neural
    networks. ICML, 1310-1318, algorithm 1.

    Examples
    --------
    >>> from gdcore import GradientDescent
    >>> clipped, x = Clipped(GradientDescent(1), limit=5), np.zeros(2)
    >>> step, state = clipped.update(np.array([30.0, -40.0]), clipped.init(x), x)
    >>> step
    array([-3.,  4.])
    """

    optimizer: Optimizer
    limit: float
    by_value: bool = False

    def __post_init__(self) -> None:
        stepping(self.optimizer)
        settle(self, limit=positive, by_value=switch)

    def init(self, x: Array) -> State:
        """Return the state of the optimizer."""
        return self.optimizer.init(x)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the optimizer's step for the clipped gradient, and its state."""
        if self.by_value:
            grad = np.clip(grad, -self.limit, self.limit)
        else:
            # Unlike the root of a sum it does not overflow. CuPy's hypot knows no reduce.
            norm = reduce(np.hypot, grad, 0.0) if foreign(grad) else np.hypot.reduce(grad, axis=0)
            grad = grad * (self.limit / np.maximum(norm, self.limit))
        return self.optimizer.update(grad, state, x)
