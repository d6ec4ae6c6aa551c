r"""Optimizers（优化器）: each one a rule that turns a gradient into a step.

An optimizer is a frozen dataclass with two methods, the shape optax made common:

* ``init(x)`` returns the state it starts from: whatever it needs to remember, as a tuple;
* ``update(grad, state, x)`` returns ``(step, state)``. The step is *added* to x.

Both are pure: they change neither their arguments nor the optimizer, so one optimizer can serve
any number of descents, and one step of it can be checked by hand.

Every operation goes component by component, so a batch of points is as many descents. In the
formulas :math:`g_k = \nabla f(x_k)`, products, roots and quotients of vectors are taken component
by component, and what is remembered starts at zero.

A learning rate may be an array with the axes of x, each as long or of length 1. Of shape (2,) it
gives each component of a point a rate of its own; for a batch of shape (2, n), shape (2, 1) does
the same, and shape (1, n) gives one to each point. Optimizers are equal where their numbers are;
with arrays in them that has no single answer.

The optimizers here ask for nothing but the gradient. `gdcore.newton` asks for the Hessian too,
`gdcore.backtracking` for the value of f, `gdcore.muon` for an x that is a matrix, and
`gdcore.schedules` lets a learning rate change.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gdcore.checks import fits, fraction, nonnegative, positive, rates, settle, switch

Array = NDArray[np.float64]
State = Any
Rate = float | Array


class Optimizer(Protocol):
    """What `gdcore.descend` asks of an optimizer（优化器）: ``init`` and ``update``.

    Examples
    --------
    Whatever has both is one. This one steps by the gradient's sign alone:

    >>> from gdcore import descend, parabola
    >>> class Sign:
    ...     def init(self, x):
    ...         return None
    ...     def update(self, grad, state, x):
    ...         return -0.25 * np.sign(grad), None
    >>> float(descend(parabola, Sign(), 1.0, max_steps=3).last[0])
    0.25
    """

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

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step to add to x, and the state for the next call.

        Parameters
        ----------
        grad : ndarray, shape (d, ...)
            The gradient at the current x.
        state : object
            What `init` or the previous `update` returned.
        x : ndarray, shape (d, ...)
            The current x. Most steps do not depend on it.

        Returns
        -------
        tuple
            ``(step, state)``, the step of the shape of ``grad``.
        """
        ...


@dataclass(frozen=True)
class GradientDescent:
    r"""Plain gradient descent（梯度下降）: a step against the gradient, scaled by a constant.

    .. math:: x_{k+1} = x_k - \eta \, \nabla f(x_k)

    Parameters
    ----------
    learning_rate : float or array_like
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
    >>> gd, x = GradientDescent(learning_rate=0.1), np.zeros(2)
    >>> step, state = gd.update(grad=np.array([2.0, -4.0]), state=gd.init(x), x=x)
    >>> step
    array([-0.2,  0.4])
    """

    learning_rate: Rate

    def __post_init__(self) -> None:
        settle(self, learning_rate=rates)

    def init(self, x: Array) -> State:
        """Return the empty state: plain descent remembers nothing."""
        fits(self.learning_rate, x)
        return ()

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return ``(-learning_rate * grad, state)``, see `Optimizer.update`."""
        return -self.learning_rate * grad, state


@dataclass(frozen=True)
class Momentum:
    r"""Momentum（动量法）, or the heavy ball: the step remembers the steps before it.

    .. math:: v_{k+1} = \beta v_k + g_k, \qquad x_{k+1} = x_k - \eta \, v_{k+1}

    With ``rate_inside`` the learning rate stands in the velocity,

    .. math:: v_{k+1} = \beta v_k + \eta \, g_k, \qquad x_{k+1} = x_k - v_{k+1}

    which is the same descent as long as the learning rate stays the same, and another one where a
    schedule changes it.

    Parameters
    ----------
    learning_rate : float or array_like
        The learning rate（学习率） :math:`\eta > 0`.
    beta : float
        How much of the velocity（速度） is kept: :math:`0 \le \beta < 1`. Zero is plain descent.
    rate_inside : bool
        Where the learning rate stands: outside the velocity, as in PyTorch, or inside, as in
        Sutskever et al. (equations 1 and 2).

    Raises
    ------
    TypeError, ValueError
        If the learning rate or beta is out of its range.

    References
    ----------
    Polyak, B. T. (1964). Some methods of speeding up the convergence of iteration methods.
    USSR Computational Mathematics and Mathematical Physics, 4(5), 1-17.

    Sutskever, I., Martens, J., Dahl, G. & Hinton, G. (2013). On the importance of initialization
    and momentum in deep learning. ICML, 1139-1147.

    Examples
    --------
    >>> ball = Momentum(learning_rate=0.1, beta=0.5)
    >>> x = np.zeros(1)
    >>> state = ball.init(x)
    >>> for _ in range(3):
    ...     step, state = ball.update(np.array([1.0]), state, x)
    ...     print(step)
    [-0.1]
    [-0.15]
    [-0.175]
    """

    learning_rate: Rate
    beta: float = 0.9
    rate_inside: bool = False

    def __post_init__(self) -> None:
        settle(self, learning_rate=rates, beta=fraction, rate_inside=switch)

    def init(self, x: Array) -> State:
        """Return the velocity: zero."""
        fits(self.learning_rate, x)
        return (np.zeros_like(x),)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step and the new velocity, see `Optimizer.update`."""
        (v,) = state
        if self.rate_inside:
            v = self.beta * v + self.learning_rate * grad
            return -v, (v,)
        v = self.beta * v + grad
        return -self.learning_rate * v, (v,)


@dataclass(frozen=True)
class Nesterov:
    r"""Nesterov's momentum（Nesterov 动量法）: momentum that looks one step ahead.

    .. math:: v_{k+1} = \beta v_k + g_k, \qquad x_{k+1} = x_k - \eta \, (g_k + \beta v_{k+1})

    The method as first written keeps points :math:`y_k` and takes the gradient ahead of them, at
    :math:`x_k = y_k - \eta \beta v_k`. Written for the points :math:`x_k`, where the gradient is
    taken, it is the formula above: the form of PyTorch and optax.

    Parameters
    ----------
    learning_rate : float or array_like
        The learning rate（学习率） :math:`\eta > 0`.
    beta : float
        How much of the velocity（速度） is kept: :math:`0 \le \beta < 1`. Zero is plain descent.

    Raises
    ------
    TypeError, ValueError
        If the learning rate or beta is out of its range.

    References
    ----------
    Nesterov, Y. (1983). A method of solving a convex programming problem with convergence rate
    O(1/k²). Soviet Mathematics Doklady, 27(2), 372-376.

    Sutskever, I., Martens, J., Dahl, G. & Hinton, G. (2013). On the importance of initialization
    and momentum in deep learning. ICML, 1139-1147, equations 3 and 4, which give it for
    :math:`y_k`.

    Examples
    --------
    >>> nesterov = Nesterov(learning_rate=0.1, beta=0.5)
    >>> x = np.zeros(1)
    >>> state = nesterov.init(x)
    >>> for _ in range(3):
    ...     step, state = nesterov.update(np.array([1.0]), state, x)
    ...     print(step)
    [-0.15]
    [-0.175]
    [-0.1875]
    """

    learning_rate: Rate
    beta: float = 0.9

    def __post_init__(self) -> None:
        settle(self, learning_rate=rates, beta=fraction)

    def init(self, x: Array) -> State:
        """Return the velocity: zero."""
        fits(self.learning_rate, x)
        return (np.zeros_like(x),)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step and the new velocity, see `Optimizer.update`."""
        (v,) = state
        v = self.beta * v + grad
        return -self.learning_rate * (grad + self.beta * v), (v,)


def root(s: Array, eps: float, inside: bool) -> Array:
    r"""Return the root（平方根） of s, kept from zero by :math:`\varepsilon`, inside it or outside.

    Parameters
    ----------
    s : ndarray
        Squares of gradients, summed or averaged; zero or more.
    eps : float
        The small number :math:`\varepsilon > 0`.
    inside : bool
        Whether to return :math:`\sqrt{s + \varepsilon}` or :math:`\sqrt{s} + \varepsilon`.

    Returns
    -------
    ndarray
        Of the shape of s, positive.

    Examples
    --------
    >>> root(np.array([0.0, 9.0]), eps=0.01, inside=False)
    array([0.01, 3.01])
    >>> root(np.array([0.0, 9.0]), eps=0.01, inside=True).round(4)
    array([0.1   , 3.0017])
    """
    return np.sqrt(s + eps) if inside else np.sqrt(s) + eps


@dataclass(frozen=True)
class AdaGrad:
    r"""AdaGrad（自适应梯度法）: each component has its own rate, which falls as gradients add up.

    .. math::

       s_{k+1} = s_k + g_k^2, \qquad
       x_{k+1} = x_k - \frac{\eta}{\sqrt{s_{k+1}} + \varepsilon} \, g_k

    Parameters
    ----------
    learning_rate : float or array_like
        The learning rate（学习率） :math:`\eta > 0`, in units of x: the first step is this long in
        every component.
    eps : float
        The small number :math:`\varepsilon > 0` that keeps the root from zero, in units of the
        gradient.
    eps_inside : bool
        Put :math:`\varepsilon` inside the root, :math:`\sqrt{s + \varepsilon}`, in units of the
        gradient squared. The paper has it outside (δ in its figure 1), and so has PyTorch; optax
        and Dive into Deep Learning have it inside.

    Raises
    ------
    TypeError, ValueError
        If a number is out of its range.

    References
    ----------
    Duchi, J., Hazan, E. & Singer, Y. (2011). Adaptive subgradient methods for online learning and
    stochastic optimization. Journal of Machine Learning Research, 12, 2121-2159.

    Examples
    --------
    >>> adagrad, x = AdaGrad(learning_rate=0.1), np.zeros(2)
    >>> step, (s,) = adagrad.update(np.array([3.0, -4.0]), adagrad.init(x), x)
    >>> step, s
    (array([-0.1,  0.1]), array([ 9., 16.]))
    """

    learning_rate: Rate
    eps: float = 1e-8
    eps_inside: bool = False

    def __post_init__(self) -> None:
        settle(self, learning_rate=rates, eps=positive, eps_inside=switch)

    def init(self, x: Array) -> State:
        """Return the sum of squared gradients: zero."""
        fits(self.learning_rate, x)
        return (np.zeros_like(x),)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step and the new sum of squares, see `Optimizer.update`."""
        (s,) = state
        s = s + grad * grad
        return -self.learning_rate * grad / root(s, self.eps, self.eps_inside), (s,)


@dataclass(frozen=True)
class RMSProp:
    r"""RMSProp（均方根传播）: AdaGrad with a memory that fades, an average instead of a sum.

    .. math::

       s_{k+1} = \beta s_k + (1 - \beta) \, g_k^2, \qquad
       x_{k+1} = x_k - \frac{\eta}{\sqrt{s_{k+1}} + \varepsilon} \, g_k

    Parameters
    ----------
    learning_rate : float or array_like
        The learning rate（学习率） :math:`\eta > 0`, in units of x.
    beta : float
        How much of the average of squares is kept: :math:`0 \le \beta < 1`.
    eps : float
        The small number :math:`\varepsilon > 0` that keeps the root from zero, in units of the
        gradient.
    eps_inside : bool
        Put :math:`\varepsilon` inside the root, :math:`\sqrt{s + \varepsilon}`, in units of the
        gradient squared, as optax and Dive into Deep Learning do. PyTorch has it outside. The
        lecture has none.

    Raises
    ------
    TypeError, ValueError
        If a number is out of its range.

    References
    ----------
    Tieleman, T. & Hinton, G. (2012). Lecture 6.5 - rmsprop: Divide the gradient by a running
    average of its recent magnitude. COURSERA: Neural Networks for Machine Learning.

    Examples
    --------
    >>> rmsprop, x = RMSProp(learning_rate=0.1, beta=0.75), np.zeros(2)
    >>> step, (s,) = rmsprop.update(np.array([3.0, -4.0]), rmsprop.init(x), x)
    >>> step, s
    (array([-0.2,  0.2]), array([2.25, 4.  ]))
    """

    learning_rate: Rate
    beta: float = 0.9
    eps: float = 1e-8
    eps_inside: bool = False

    def __post_init__(self) -> None:
        settle(self, learning_rate=rates, beta=fraction, eps=positive, eps_inside=switch)

    def init(self, x: Array) -> State:
        """Return the average of squared gradients: zero."""
        fits(self.learning_rate, x)
        return (np.zeros_like(x),)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step and the new average of squares, see `Optimizer.update`."""
        (s,) = state
        s = self.beta * s + (1 - self.beta) * grad * grad
        return -self.learning_rate * grad / root(s, self.eps, self.eps_inside), (s,)


@dataclass(frozen=True)
class Adadelta:
    r"""Adadelta: the rate of each component is what its steps were, over what its gradients were.

    .. math::

       s_{k+1} = \rho s_k + (1 - \rho) \, g_k^2, \qquad
       d_k = \frac{\sqrt{u_k + \varepsilon}}{\sqrt{s_{k+1} + \varepsilon}} \, g_k, \qquad
       u_{k+1} = \rho u_k + (1 - \rho) \, d_k^2, \qquad
       x_{k+1} = x_k - \eta \, d_k

    Parameters
    ----------
    learning_rate : float or array_like
        The factor :math:`\eta > 0`, a bare number. The paper has none: 1.
    rho : float
        How much of both averages is kept: :math:`0 \le \rho < 1`.
    eps : float
        The small number :math:`\varepsilon > 0`, inside both roots as in the paper. The first
        step is of the order of its root: the larger it is, the sooner the descent gets going.

    Raises
    ------
    TypeError, ValueError
        If a number is out of its range.

    References
    ----------
    Zeiler, M. D. (2012). ADADELTA: An adaptive learning rate method. arXiv:1212.5701,
    algorithm 1.

    Examples
    --------
    >>> adadelta, x = Adadelta(rho=0.75, eps=1e-6), np.zeros(2)
    >>> step, (s, u) = adadelta.update(np.array([3.0, -4.0]), adadelta.init(x), x)
    >>> step.round(6)
    array([-0.002,  0.002])
    """

    learning_rate: Rate = 1.0
    rho: float = 0.9
    eps: float = 1e-6

    def __post_init__(self) -> None:
        settle(self, learning_rate=rates, rho=fraction, eps=positive)

    def init(self, x: Array) -> State:
        """Return the averages of squared gradients and of squared steps: zero."""
        fits(self.learning_rate, x)
        return np.zeros_like(x), np.zeros_like(x)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step and both new averages, see `Optimizer.update`."""
        s, u = state
        s = self.rho * s + (1 - self.rho) * grad * grad
        d = np.sqrt(u + self.eps) / np.sqrt(s + self.eps) * grad
        u = self.rho * u + (1 - self.rho) * d * d
        return -self.learning_rate * d, (s, u)


def moments(grad: Array, state: State, beta1: float, beta2: float) -> tuple[Array, Array, State]:
    r"""Average gradients and squares（矩估计）, and correct both for having started at zero.

    Parameters
    ----------
    grad : ndarray, shape (d, ...)
        The gradient.
    state : tuple
        The powers :math:`\beta_1^k` and :math:`\beta_2^k`, and both averages as they are kept.
    beta1 : float
        How much of the average of gradients is kept.
    beta2 : float
        How much of the average of squares is kept.

    Returns
    -------
    tuple
        :math:`\hat{m}` and :math:`\hat{s}`, of the shape of ``grad``, and the new state.

    Examples
    --------
    >>> m_hat, s_hat, state = moments(np.array([3.0]), (1.0, 1.0, 0.0, 0.0), 0.5, 0.75)
    >>> m_hat, s_hat
    (array([3.]), array([9.]))
    """
    power1, power2, m, s = state
    power1, power2 = power1 * beta1, power2 * beta2  # a power as a product, alike in every language
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad * grad
    return m / (1 - power1), s / (1 - power2), (power1, power2, m, s)


@dataclass(frozen=True)
class Adam:
    r"""Adam（自适应矩估计）: momentum over RMSProp, both corrected for having started at zero.

    .. math::

       m_{k+1} &= \beta_1 m_k + (1 - \beta_1) \, g_k, \qquad
       \hat{m} = m_{k+1} / (1 - \beta_1^{k+1}) \\
       s_{k+1} &= \beta_2 s_k + (1 - \beta_2) \, g_k^2, \qquad
       \hat{s} = s_{k+1} / (1 - \beta_2^{k+1}) \\
       x_{k+1} &= x_k - \eta \, \hat{m} / (\sqrt{\hat{s}} + \varepsilon)

    Parameters
    ----------
    learning_rate : float or array_like
        The learning rate（学习率） :math:`\eta > 0`, in units of x: the first step is this long in
        every component.
    beta1 : float
        How much of the average of gradients is kept: :math:`0 \le \beta_1 < 1`.
    beta2 : float
        How much of the average of squares is kept: :math:`0 \le \beta_2 < 1`.
    eps : float
        The small number :math:`\varepsilon > 0` that keeps the root from zero, in units of the
        gradient.
    eps_inside : bool
        Put :math:`\varepsilon` inside the root, :math:`\sqrt{\hat{s} + \varepsilon}`, in units of
        the gradient squared. The paper and everybody have it outside.

    Raises
    ------
    TypeError, ValueError
        If a number is out of its range.

    References
    ----------
    Kingma, D. P. & Ba, J. (2015). Adam: A method for stochastic optimization. ICLR.
    arXiv:1412.6980, algorithm 1.

    Examples
    --------
    >>> adam, x = Adam(learning_rate=0.1), np.zeros(2)
    >>> step, state = adam.update(np.array([3.0, -4.0]), adam.init(x), x)
    >>> step.round(6)
    array([-0.1,  0.1])
    """

    learning_rate: Rate = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    eps_inside: bool = False

    def __post_init__(self) -> None:
        settle(self, learning_rate=rates, beta1=fraction, beta2=fraction)
        settle(self, eps=positive, eps_inside=switch)

    def init(self, x: Array) -> State:
        """Return both betas to the power of 0, and the averages of gradients and squares."""
        fits(self.learning_rate, x)
        return 1.0, 1.0, np.zeros_like(x), np.zeros_like(x)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step, and the new powers and averages, see `Optimizer.update`."""
        m_hat, s_hat, state = moments(grad, state, self.beta1, self.beta2)
        step = -self.learning_rate * m_hat / root(s_hat, self.eps, self.eps_inside)
        return step, state


@dataclass(frozen=True)
class AdamW:
    r"""AdamW: Adam with weight decay（权重衰减） beside it, so that no root divides the decay.

    .. math::

       x_{k+1} = x_k
       - \eta \left( \hat{m} / (\sqrt{\hat{s}} + \varepsilon) + \lambda x_k \right)

    with the averages of `Adam`. The decay pulls every component to zero, so the descent ends near
    the minimizer, not on it.

    Parameters
    ----------
    learning_rate : float or array_like
        The learning rate（学习率） :math:`\eta > 0`, in units of x.
    beta1, beta2 : float
        How much of the average of gradients and of squares is kept, from 0 to less than 1.
    eps : float
        The small number :math:`\varepsilon > 0` that keeps the root from zero, in units of the
        gradient.
    eps_inside : bool
        Put :math:`\varepsilon` inside the root, in units of the gradient squared.
    weight_decay : float
        The decay :math:`\lambda \ge 0`. It is multiplied by the learning rate, as in PyTorch and
        optax; in the paper it is multiplied by the schedule alone.

    Raises
    ------
    TypeError, ValueError
        If a number is out of its range.

    References
    ----------
    Loshchilov, I. & Hutter, F. (2019). Decoupled weight decay regularization. ICLR.
    arXiv:1711.05101, algorithm 2.

    Examples
    --------
    >>> adamw, x = AdamW(learning_rate=0.1, weight_decay=0.5), np.array([2.0, 4.0])
    >>> step, state = adamw.update(np.array([3.0, -4.0]), adamw.init(x), x)
    >>> step.round(6)
    array([-0.2, -0.1])
    """

    learning_rate: Rate = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    eps_inside: bool = False
    weight_decay: float = 0.01

    def __post_init__(self) -> None:
        settle(self, learning_rate=rates, beta1=fraction, beta2=fraction)
        settle(self, eps=positive, eps_inside=switch, weight_decay=nonnegative)

    def init(self, x: Array) -> State:
        """Return the state of `Adam`."""
        fits(self.learning_rate, x)
        return 1.0, 1.0, np.zeros_like(x), np.zeros_like(x)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step, and the new powers and averages, see `Optimizer.update`."""
        m_hat, s_hat, state = moments(grad, state, self.beta1, self.beta2)
        step = -self.learning_rate * m_hat / root(s_hat, self.eps, self.eps_inside)
        return step - self.learning_rate * self.weight_decay * x, state


@dataclass(frozen=True)
class Lion:
    r"""Lion（符号动量法）: the sign of an average of gradients, so that all components step alike.

    .. math::

       c_k &= \beta_1 m_k + (1 - \beta_1) \, g_k, \qquad
       x_{k+1} = x_k - \eta \left( \operatorname{sign} c_k + \lambda x_k \right) \\
       m_{k+1} &= \beta_2 m_k + (1 - \beta_2) \, g_k

    The step follows the new gradient more closely than the average that is kept. No component
    moves by more than :math:`\eta` and its decay, nor, unless :math:`c_k` is zero, by less: a
    descent ends only where the learning rate does.

    Parameters
    ----------
    learning_rate : float or array_like
        The learning rate（学习率） :math:`\eta > 0`, in units of x. The paper's is 3 to 10 times
        smaller than Adam's.
    beta1 : float
        How much of the average counts in a step: :math:`0 \le \beta_1 < 1`.
    beta2 : float
        How much of the average is kept: :math:`0 \le \beta_2 < 1`.
    weight_decay : float
        The decay :math:`\lambda \ge 0`, multiplied by the learning rate, as in optax.

    Raises
    ------
    TypeError, ValueError
        If a number is out of its range.

    References
    ----------
    Chen, X. et al. (2023). Symbolic discovery of optimization algorithms. NeurIPS.
    arXiv:2302.06675, algorithm 2.

    Examples
    --------
    >>> lion, x = Lion(learning_rate=0.1), np.zeros(2)
    >>> step, (m,) = lion.update(np.array([3.0, -400.0]), lion.init(x), x)
    >>> step, m.round(2)
    (array([-0.1,  0.1]), array([ 0.03, -4.  ]))
    """

    learning_rate: Rate = 0.0001
    beta1: float = 0.9
    beta2: float = 0.99
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        settle(self, learning_rate=rates, beta1=fraction, beta2=fraction)
        settle(self, weight_decay=nonnegative)

    def init(self, x: Array) -> State:
        """Return the average of gradients: zero."""
        fits(self.learning_rate, x)
        return (np.zeros_like(x),)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step and the new average of gradients, see `Optimizer.update`."""
        (m,) = state
        c = self.beta1 * m + (1 - self.beta1) * grad
        m = self.beta2 * m + (1 - self.beta2) * grad
        return -self.learning_rate * (np.sign(c) + self.weight_decay * x), (m,)


#: One optimizer of every kind, by name, gentle enough for every objective; tests run over it.
OPTIMIZERS: dict[str, Optimizer] = {
    "gradient_descent": GradientDescent(learning_rate=0.001),
    "momentum": Momentum(learning_rate=0.0002),
    "nesterov": Nesterov(learning_rate=0.0002),
    "adagrad": AdaGrad(learning_rate=0.01),
    "rmsprop": RMSProp(learning_rate=0.002),
    "adadelta": Adadelta(),
    "adam": Adam(learning_rate=0.002),
    "adamw": AdamW(learning_rate=0.002),
    "lion": Lion(learning_rate=0.002),
}
