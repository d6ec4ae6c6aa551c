r"""Schedules（学习率调度）: learning rates that change from step to step.

A schedule is a function of the step number k. It counts from 0, like the iterates: its rate
:math:`\eta_k` is that of the step from :math:`x_k` to :math:`x_{k+1}`. Any function will do; those
here are dataclasses, so that their printed form can serve as a legend. `Scheduled` gives a
schedule to any optimizer that has a learning rate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import cos, exp, pi

from gdcore.checks import function, nonnegative, positive, settle, stepping, whole
from gdcore.optimizers import Array, Optimizer, State

Schedule = Callable[[int], float]


@dataclass(frozen=True)
class Constant:
    r"""The same learning rate at every step（常数）.

    .. math:: \eta_k = \eta_0

    Parameters
    ----------
    rate : float
        The learning rate :math:`\eta_0 > 0`.

    Examples
    --------
    >>> [Constant(0.1)(k) for k in range(3)]
    [0.1, 0.1, 0.1]
    """

    rate: float

    def __post_init__(self) -> None:
        settle(self, rate=positive)

    def __call__(self, k: int) -> float:
        """Return the learning rate of step k."""
        whole("k", k, least=0)
        return self.rate


@dataclass(frozen=True)
class Polynomial:
    r"""Polynomial decay（多项式衰减）.

    .. math:: \eta_k = \eta_0 \, (1 + \lambda k)^{-\alpha}

    With :math:`1/2 < \alpha \le 1` the steps sum to infinity and their squares do not, the
    condition of Robbins & Monro (1951) for stochastic descents to arrive.

    Parameters
    ----------
    rate : float
        The first learning rate :math:`\eta_0 > 0`.
    decay : float
        How fast it falls, :math:`\lambda > 0`, per step.
    power : float
        The exponent :math:`\alpha > 0`.

    References
    ----------
    Robbins, H. & Monro, S. (1951). A stochastic approximation method. The Annals of Mathematical
    Statistics, 22(3), 400-407.

    Examples
    --------
    >>> [Polynomial(0.1, decay=3, power=0.5)(k) for k in (0, 1, 5)]
    [0.1, 0.05, 0.025]
    """

    rate: float
    decay: float
    power: float = 0.5

    def __post_init__(self) -> None:
        settle(self, rate=positive, decay=positive, power=positive)

    def __call__(self, k: int) -> float:
        """Return the learning rate of step k."""
        k = whole("k", k, least=0)
        return self.rate * (1 + self.decay * k) ** -self.power


@dataclass(frozen=True)
class InverseTime:
    r"""Inverse time decay（逆时间衰减）: `Polynomial` decay with the power 1.

    .. math:: \eta_k = \frac{\eta_0}{1 + \lambda k}

    Parameters
    ----------
    rate : float
        The first learning rate :math:`\eta_0 > 0`.
    decay : float
        How fast it falls, :math:`\lambda > 0`, per step: half after :math:`1 / \lambda`.

    Examples
    --------
    >>> [InverseTime(0.1, decay=0.5)(k) for k in (0, 2, 6)]
    [0.1, 0.05, 0.025]
    """

    rate: float
    decay: float

    def __post_init__(self) -> None:
        settle(self, rate=positive, decay=positive)

    def __call__(self, k: int) -> float:
        """Return the learning rate of step k."""
        k = whole("k", k, least=0)
        return self.rate / (1 + self.decay * k)


@dataclass(frozen=True)
class Exponential:
    r"""Exponential decay（指数衰减）.

    .. math:: \eta_k = \eta_0 \, e^{-\lambda k}

    All its steps together, for ever, sum to the finite :math:`\eta_0 / (1 - e^{-\lambda})`.

    Parameters
    ----------
    rate : float
        The first learning rate :math:`\eta_0 > 0`.
    decay : float
        How fast it falls, :math:`\lambda > 0`, per step.

    Examples
    --------
    >>> [round(Exponential(0.1, decay=0.5)(k), 6) for k in range(3)]
    [0.1, 0.060653, 0.036788]
    """

    rate: float
    decay: float

    def __post_init__(self) -> None:
        settle(self, rate=positive, decay=positive)

    def __call__(self, k: int) -> float:
        """Return the learning rate of step k."""
        k = whole("k", k, least=0)
        return self.rate * exp(-self.decay * k)


@dataclass(frozen=True)
class Cosine:
    r"""Cosine decay（余弦衰减）: half a wave from the first learning rate down to the last.

    .. math::

       \eta_k = \eta_T + \frac{\eta_0 - \eta_T}{2} \left( 1 + \cos \frac{\pi k}{T} \right)
       \quad (k < T), \qquad \eta_k = \eta_T \quad (k \ge T)

    Parameters
    ----------
    rate : float
        The first learning rate :math:`\eta_0 > 0`.
    steps : int
        The number of steps :math:`T \ge 1` that the descent to the last rate takes.
    final : float
        The last learning rate :math:`\eta_T \ge 0`.

    References
    ----------
    Loshchilov, I. & Hutter, F. (2017). SGDR: Stochastic gradient descent with warm restarts.
    ICLR. arXiv:1608.03983, equation 5, without the restarts.

    Examples
    --------
    >>> [round(Cosine(0.1, steps=4)(k), 6) for k in range(6)]
    [0.1, 0.085355, 0.05, 0.014645, 0.0, 0.0]
    """

    rate: float
    steps: int
    final: float = 0.0

    def __post_init__(self) -> None:
        settle(self, rate=positive, steps=whole, final=nonnegative)

    def __call__(self, k: int) -> float:
        """Return the learning rate of step k."""
        k = whole("k", k, least=0)
        if k >= self.steps:
            return self.final
        return self.final + (self.rate - self.final) * (1 + cos(pi * k / self.steps)) / 2


@dataclass(frozen=True)
class StableDecay:
    r"""Stable, then decaying（先恒定后衰减）: one learning rate for long, then a straight fall.

    .. math::

       \eta_k = \eta_0 \quad (k < S), \qquad
       \eta_k = \eta_0 + (\eta_T - \eta_0) \, \frac{k - S}{D} \quad (S \le k < S + D), \qquad
       \eta_k = \eta_T \quad (k \ge S + D)

    With `WarmUp` before it, it is warm-up, stable, decay (WSD), or a trapezoid. Unlike `Cosine` it
    need not know from the beginning when it will end: the stable part can go on.

    Parameters
    ----------
    rate : float
        The first learning rate :math:`\eta_0 > 0`.
    stable : int
        The number of steps :math:`S \ge 1` at that rate.
    falling : int
        The number of steps :math:`D \ge 1` that the fall to the last rate takes.
    final : float
        The last learning rate :math:`\eta_T \ge 0`.

    References
    ----------
    Hägele, A. et al. (2024). Scaling laws and compute-optimal training beyond fixed training
    durations. NeurIPS. arXiv:2405.18392, equation 1.

    Examples
    --------
    >>> [StableDecay(0.5, stable=2, falling=4)(k) for k in range(8)]
    [0.5, 0.5, 0.5, 0.375, 0.25, 0.125, 0.0, 0.0]
    """

    rate: float
    stable: int
    falling: int
    final: float = 0.0

    def __post_init__(self) -> None:
        settle(self, rate=positive, stable=whole, falling=whole, final=nonnegative)

    def __call__(self, k: int) -> float:
        """Return the learning rate of step k."""
        k = whole("k", k, least=0)
        if k >= self.stable + self.falling:
            return self.final
        fallen = max(0, k - self.stable) / self.falling
        return self.rate + (self.final - self.rate) * fallen


@dataclass(frozen=True)
class WarmUp:
    r"""Warm-up（预热）: a straight climb to the first learning rate of another schedule, then that.

    .. math::

       \eta_k = \frac{k + 1}{W + 1} \, \eta'_0 \quad (k < W), \qquad
       \eta_k = \eta'_{k - W} \quad (k \ge W)

    Parameters
    ----------
    steps : int
        The number :math:`W \ge 1` of smaller steps before the first full one.
    then : callable
        The schedule :math:`\eta'` that follows. It counts from 0 again.

    References
    ----------
    Goyal, P. et al. (2017). Accurate, large minibatch SGD: Training ImageNet in 1 hour.
    arXiv:1706.02677, section 2.2.

    Examples
    --------
    >>> warm = WarmUp(3, then=InverseTime(0.4, decay=1))
    >>> [round(warm(k), 6) for k in range(6)]
    [0.1, 0.2, 0.3, 0.4, 0.2, 0.133333]
    """

    steps: int
    then: Schedule

    def __post_init__(self) -> None:
        settle(self, steps=whole)
        function("then", self.then, "Constant(0.1)")

    def __call__(self, k: int) -> float:
        """Return the learning rate of step k."""
        k = whole("k", k, least=0)
        if k < self.steps:
            return (k + 1) / (self.steps + 1) * _rate("then", self.then, 0)
        return _rate("then", self.then, k - self.steps)


def _rate(name: str, schedule: Schedule, k: int) -> float:
    """Return a schedule's rate of step k, or say that it gives none."""
    return nonnegative(f"the learning rate {name}({k})", schedule(k))


@dataclass(frozen=True)
class Scheduled:
    """An optimizer whose learning rate follows a schedule（带调度的优化器）.

    Parameters
    ----------
    optimizer : Optimizer
        Any optimizer that is a dataclass with a ``learning_rate``, without slots. Its own rate is
        never used: step k is made by a copy that has ``schedule(k)`` in its place.
    schedule : callable
        k to the learning rate of step k; zero is allowed, and stands still.
    first : int
        The number of the first step; 0, unless you follow a source that counts otherwise. Dive
        into Deep Learning starts its counter at 1 and adds 1 before it asks: 2.

    Raises
    ------
    TypeError, ValueError
        If the optimizer has no learning rate, the schedule is no function, or, at a step, the
        schedule gives no learning rate.

    Examples
    --------
    >>> from gdcore import GradientDescent, descend, parabola
    >>> halving = Scheduled(GradientDescent(0.25), lambda k: 0.25 / 2**k)
    >>> descend(parabola, halving, x0=8, max_steps=3).x[:, 0]
    array([8.   , 4.   , 3.   , 2.625])
    """

    optimizer: Optimizer
    schedule: Schedule
    first: int = 0

    def __post_init__(self) -> None:
        stepping(self.optimizer)
        fields = getattr(self.optimizer, "__dataclass_fields__", ())
        if "learning_rate" not in fields or not hasattr(self.optimizer, "__dict__"):
            raise TypeError(
                "optimizer must be a dataclass with a learning_rate, such as GradientDescent(0.1), "
                f"but {self.optimizer!r} was given"
            )
        function("schedule", self.schedule, "Exponential(0.1, decay=0.01)")
        settle(self, first=partial(whole, least=0))

    def init(self, x: Array) -> State:
        """Return the number of the first step and the state of the optimizer."""
        return self.first, self.optimizer.init(x)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the optimizer's step at the rate of step k, and the state for step k + 1."""
        k, inner = state
        optimizer = object.__new__(
            type(self.optimizer)
        )  # only its rate is new, and that is checked
        vars(optimizer).update(
            vars(self.optimizer), learning_rate=_rate("schedule", self.schedule, k)
        )
        step, inner = optimizer.update(grad, inner, x)
        return step, (k + 1, inner)
