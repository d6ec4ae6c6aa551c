"""Optimizers（优化器）: each one a rule that turns a gradient into a step.

An optimizer is a frozen dataclass with two methods, the shape optax made common:

* ``init(x)`` returns the state it starts from (whatever it needs to remember; here: nothing);
* ``update(grad, state)`` returns ``(step, state)``. The step is *added* to x.

Both are pure: they change neither their arguments nor the optimizer, so one optimizer can serve
any number of descents, and one step of it can be checked by hand.
"""

from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
State = Any


class Optimizer(Protocol):
    """What `gdcore.descend` asks of an optimizer（优化器）: ``init`` and ``update``."""

    def init(self, x: Array) -> State:
        """Return the state before the first step.

        Parameters
        ----------
        x : ndarray, shape (d, ...)
            The start, one component of x along the first axis.

        Returns
        -------
        object
            Whatever `update` wants to find in its ``state``.
        """
        ...

    def update(self, grad: Array, state: State) -> tuple[Array, State]:
        """Return the step to add to x, and the state for the next call.

        Parameters
        ----------
        grad : ndarray, shape (d, ...)
            The gradient at the current x.
        state : object
            What `init` or the previous `update` returned.

        Returns
        -------
        tuple
            ``(step, state)``, the step of the shape of ``grad``.
        """
        ...


def positive(name: str, value: object) -> None:
    """Raise unless ``value`` is a positive finite real number（正实数）.

    Parameters
    ----------
    name : str
        What the number is, for the message.
    value : object
        What was given.

    Raises
    ------
    TypeError
        If ``value`` is not a real number (a bool is not).
    ValueError
        If it is zero, negative, infinite or NaN.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(
            f"{name} must be a positive number such as 0.1, but {value!r} "
            f"({type(value).__name__}) was given"
        )
    if not (isfinite(value) and value > 0):
        raise ValueError(
            f"{name} must be positive and finite, such as 0.1, but {value!r} was given"
        )


@dataclass(frozen=True)
class GradientDescent:
    r"""Plain gradient descent（梯度下降）: a step against the gradient, scaled by a constant.

    .. math:: x_{k+1} = x_k - \eta \, \nabla f(x_k)

    Parameters
    ----------
    learning_rate : float
        The learning rate（学习率） :math:`\eta > 0`, in units of x² per unit of f.

    Raises
    ------
    TypeError, ValueError
        If the learning rate is not a positive finite number.

    References
    ----------
    Cauchy, A. (1847). Méthode générale pour la résolution des systèmes d'équations simultanées.
    Comptes rendus de l'Académie des Sciences, 25, 536-538.

    Examples
    --------
    >>> gd = GradientDescent(learning_rate=0.1)
    >>> step, state = gd.update(grad=np.array([2.0, -4.0]), state=gd.init(np.zeros(2)))
    >>> step
    array([-0.2,  0.4])
    """

    learning_rate: float

    def __post_init__(self) -> None:
        positive("learning_rate", self.learning_rate)

    def init(self, x: Array) -> State:
        """Return the empty state: plain descent remembers nothing."""
        return ()

    def update(self, grad: Array, state: State) -> tuple[Array, State]:
        """Return ``(-learning_rate * grad, state)``, see `Optimizer.update`."""
        return -self.learning_rate * grad, state


#: One optimizer of every kind, by name, gentle enough for every objective; tests run over it.
OPTIMIZERS: dict[str, Optimizer] = {
    "gradient_descent": GradientDescent(learning_rate=0.001),
}
