r"""Averages of iterates（迭代的平均）: what jumps about has a middle that lies still.

Both functions take points one after another, from ``trajectory.x`` or out of `gdcore.iterates`, and
give an average for each. The descent itself knows nothing of it.
"""

from collections.abc import Iterable, Iterator

from gdcore.checks import fraction, whole
from gdcore.optimizers import Array


def exponential_average(points: Iterable[Array], decay: float) -> Iterator[Array]:
    r"""Yield exponential moving averages（指数滑动平均） of points, corrected for their start.

    .. math::

       a_{k+1} = \beta a_k + (1 - \beta) \, x_k, \qquad
       \bar{x}_k = a_{k+1} / (1 - \beta^{k+1}), \qquad a_0 = 0

    The weights of :math:`\bar{x}_k` sum to 1, and about :math:`1 / (1 - \beta)` points count.

    Parameters
    ----------
    points : iterable of ndarray, shape (d, ...)
        The points :math:`x_0, x_1, \dots`, in units of x. They are not changed.
    decay : float
        How much of the average is kept: :math:`0 \le \beta < 1`. Zero gives the points.

    Yields
    ------
    ndarray, shape (d, ...)
        The average :math:`\bar{x}_k` of the points so far, one for each.

    Raises
    ------
    TypeError, ValueError
        If the decay is out of its range.

    References
    ----------
    Kingma, D. P. & Ba, J. (2015). Adam: A method for stochastic optimization. ICLR.
    arXiv:1412.6980, section 7.2.

    Examples
    --------
    >>> import numpy as np
    >>> [float(a[0]) for a in exponential_average(np.array([[3.0], [6.0]]), decay=0.5)]
    [3.0, 5.0]
    """
    decay, power, average = fraction("decay", decay), 1.0, None
    for x in points:
        average = (1 - decay) * x if average is None else decay * average + (1 - decay) * x
        power *= decay
        yield average / (1 - power)


def tail_average(points: Iterable[Array], first: int = 0) -> Iterator[Array]:
    r"""Yield the mean of all points from a certain one on（尾部平均）.

    .. math::

       \bar{x}_k = \frac{1}{k - F + 1} \sum_{j=F}^{k} x_j \quad (k \ge F), \qquad
       \bar{x}_k = x_k \quad (k < F)

    Parameters
    ----------
    points : iterable of ndarray, shape (d, ...)
        The points :math:`x_0, x_1, \dots`, in units of x. They are not changed.
    first : int
        The number F of the first point that counts, 0 or more: by then the descent should be near.

    Yields
    ------
    ndarray, shape (d, ...)
        The mean :math:`\bar{x}_k`, one for each point.

    Raises
    ------
    TypeError, ValueError
        If ``first`` is no whole number of 0 or more.

    References
    ----------
    Polyak, B. T. & Juditsky, A. B. (1992). Acceleration of stochastic approximation by averaging.
    SIAM Journal on Control and Optimization, 30(4), 838-855.

    Examples
    --------
    >>> import numpy as np
    >>> points = np.array([[9.0], [3.0], [6.0]])
    >>> [float(a[0]) for a in tail_average(points, first=1)]
    [9.0, 3.0, 4.5]
    """
    first = whole("first", first, least=0)
    average = None
    for k, x in enumerate(points):
        average = x if k <= first or average is None else average + (x - average) / (k - first + 1)
        yield average
