"""Muon（正交化动量法）: an optimizer for a matrix, which takes it for a matrix."""

from dataclasses import dataclass

import numpy as np

from gdcore.checks import fraction, matrix, nonnegative, positive, settle, switch, whole
from gdcore.optimizers import Array, State

#: Of the polynomial a s + b s³ + c s⁵ that every iteration applies to the singular values.
COEFFICIENTS = (3.4445, -4.7750, 2.0315)


@dataclass(frozen=True)
class Muon:
    r"""Muon（正交化动量法）: momentum whose singular values are all brought near to 1.

    .. math::

       M_{k+1} &= \beta M_k + (1 - \beta) \, G_k, \qquad
       N_k = \beta M_{k+1} + (1 - \beta) \, G_k \\
       X_{k+1} &= X_k - \eta \left( \sqrt{\max(1, m/n)} \; \operatorname{orth} N_k
       + \lambda X_k \right)

    X is a matrix of m rows and n columns and :math:`G_k` its gradient. With
    :math:`N = U \Sigma V^\top`, orth N is about :math:`U V^\top`, the steepest step among those
    that stretch no vector; see `orthogonalized`. A matrix of a model that takes columns to
    columns, W in W h, is such an X; what is no matrix needs another optimizer.

    Parameters
    ----------
    learning_rate : float
        The learning rate（学习率） :math:`\eta > 0`, in units of X.
    beta : float
        How much of the momentum（动量） is kept: :math:`0 \le \beta < 1`.
    nesterov : bool
        Look one step ahead, as above; otherwise :math:`N_k = M_{k+1}`.
    iterations : int
        How many iterations bring the singular values near to 1.
    eps : float
        The small number :math:`\varepsilon > 0` that keeps the norm from zero, in units of the
        gradient.
    weight_decay : float
        The decay :math:`\lambda \ge 0`, multiplied by the learning rate.

    Raises
    ------
    TypeError, ValueError
        If a number is out of its range; in ``init``, if x is no matrix.

    References
    ----------
    Jordan, K. et al. (2024). Muon: An optimizer for hidden layers in neural networks.
    https://kellerjordan.github.io/posts/muon/. The factor with m and n is that of its code and of
    PyTorch; optax has the same for matrices that take rows to rows, with m and n exchanged, and
    corrects the averages for having started at zero.

    Examples
    --------
    Whatever the gradient stretches, the step does not:

    >>> muon, x = Muon(learning_rate=0.1), np.zeros((2, 2))
    >>> step, state = muon.update(np.array([[0.0, -8.0], [2.0, 0.0]]), muon.init(x), x)
    >>> np.abs(step).round(1)
    array([[0. , 0.1],
           [0.1, 0. ]])
    """

    learning_rate: float = 0.02
    beta: float = 0.95
    nesterov: bool = True
    iterations: int = 5
    eps: float = 1e-7
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        settle(self, learning_rate=positive, beta=fraction, nesterov=switch, iterations=whole)
        settle(self, eps=positive, weight_decay=nonnegative)

    def init(self, x: Array) -> State:
        """Return the momentum: zero."""
        matrix("x", x)
        return (np.zeros_like(x),)

    def update(self, grad: Array, state: State, x: Array) -> tuple[Array, State]:
        """Return the step, of the shape (m, n) of x, and the new momentum."""
        (m,) = state
        m = self.beta * m + (1 - self.beta) * grad
        n = self.beta * m + (1 - self.beta) * grad if self.nesterov else m
        rows, columns = x.shape
        scale = max(1.0, rows / columns) ** 0.5
        step = scale * orthogonalized(n, self.iterations, self.eps) + self.weight_decay * x
        return -self.learning_rate * step, (m,)


def orthogonalized(a: Array, iterations: int = 5, eps: float = 1e-7) -> Array:
    r"""Bring the singular values of a matrix near to 1（正交化） and leave its directions alone.

    .. math::

       X_0 = A / (\|A\|_F + \varepsilon), \qquad
       X_{j+1} = a X_j + b X_j X_j^\top X_j + c X_j (X_j^\top X_j)^2

    This is a Newton-Schulz iteration of fifth order: products of matrices, no decomposition. Its
    coefficients lift small singular values fast, by 3.4445 an iteration, at the price of not
    arriving: after five iterations those that were above a hundredth of the norm lie between
    0.68 and 1.14.

    Parameters
    ----------
    a : ndarray, shape (m, n)
        The matrix, in any units.
    iterations : int
        How many iterations; 1 or more.
    eps : float
        The small number :math:`\varepsilon > 0` that keeps the norm from zero.

    Returns
    -------
    ndarray, shape (m, n)
        The other matrix, without units; zero if A is.

    Raises
    ------
    ValueError
        If A is no matrix.

    References
    ----------
    Jordan, K. et al. (2024), as in `Muon`, for the coefficients.

    Examples
    --------
    >>> before = np.diag([9.0, 1.0, 0.1])
    >>> np.diag(orthogonalized(before)).round(1)
    array([0.7, 0.8, 0.8])
    """
    matrix("a", a)
    x = a / (np.linalg.norm(a) + eps)
    if x.shape[0] > x.shape[1]:
        return _iterated(x.T, iterations).T  # the smaller of both products
    return _iterated(x, iterations)


def _iterated(x: Array, iterations: int) -> Array:
    """Apply the polynomial to the singular values of x, so many times."""
    a, b, c = COEFFICIENTS
    for _ in range(iterations):
        s = x @ x.T
        x = a * x + (b * s + c * s @ s) @ x
    return x
