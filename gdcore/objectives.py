"""Objective functions to walk down, each with its analytic gradient and its known minimizers.

Arrays hold components first, so ``x1, x2 = x`` serves a point, a batch of points and a mesh alike:

>>> import numpy as np
>>> from gdcore.objectives import himmelblau
>>> himmelblau.grad(np.array([0.0, 0.0]))
array([-14., -22.])
>>> batch = np.array([[3.0, 0.0, 1.0], [2.0, 0.0, 1.0]])  # the points (3, 2), (0, 0) and (1, 1)
>>> himmelblau(batch)
array([  0., 170., 106.])
>>> mesh = np.stack(np.meshgrid(np.linspace(-5, 5, 50), np.linspace(-4, 4, 40)))
>>> himmelblau(mesh).shape, himmelblau.grad(mesh).shape
((40, 50), (2, 40, 50))
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import e, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdcore.checks import as_array, foreign, function, intervals, rows, settle, whole

Array = NDArray[np.float64]
Function = Callable[[Array], Array]
ValueAndGrad = tuple[Callable[[], Array], Callable[[], Array]]


@dataclass(frozen=True)
class Objective:
    """An objective function（目标函数）with its analytic gradient.

    The first three suffice to descend it. The others are facts, for pictures and for the catalogue.

    Attributes
    ----------
    value : callable
        f: takes x of shape (d, ...), returns f(x) of shape (...).
    grad : callable
        The gradient of f: takes x of shape (d, ...), returns shape (d, ...).
    dim : int
        The dimension（维数）d, the number of components of x; may be left out beside a domain.
    hess : callable, optional
        The Hessian（黑塞矩阵） of f: takes x of shape (d, ...), returns shape (d, d, ...). None
        where it would be long.
    name : str
        What to call it in messages; its key, where it is in `OBJECTIVES`.
    formula : str
        f in LaTeX, without dollar signs.
    domain : tuple of (low, high), optional
        The customary region, one interval for each of the d components.
    minimizers : tuple of points
        The global minimizers, as far as they are known.
    minimum : float, optional
        The value of f at each of them.
    local_minimizers : tuple of points
        The minimizers that are merely local, where they are few and known.
    source : str
        Where formula and domain come from, and which convention where the literature has two.
    title, title_zh : str
        What to call it in English and in Chinese; made of its name where they are empty.

    Raises
    ------
    TypeError, ValueError
        If a function is none, neither ``dim`` nor ``domain`` is given, or the domain or a minimizer
        does not have such a form.

    Examples
    --------
    >>> bowl = Objective(lambda x: x[0] ** 2 + x[1] ** 2, lambda x: 2 * x, dim=2)
    >>> bowl([3, 4])
    np.float64(25.0)

    An objective is a value: to change it, make another. This one climbs instead of descending.

    >>> from dataclasses import replace
    >>> parabola
    Objective('parabola')
    >>> replace(parabola, grad=lambda x: -parabola.grad(x)).grad(np.array([3.0]))
    array([-6.])
    """

    value: Function
    grad: Function
    dim: int = 0
    hess: Function | None = None
    name: str = "f"
    formula: str = ""
    domain: tuple[tuple[float, float], ...] | None = None
    minimizers: tuple[tuple[float, ...], ...] = ()
    minimum: float | None = None
    local_minimizers: tuple[tuple[float, ...], ...] = ()
    source: str = ""
    title: str = ""
    title_zh: str = ""

    def __post_init__(self) -> None:
        function("value", self.value, "lambda x: x[0] * x[0]")
        function("grad", self.grad, "lambda x: 2 * x")
        if self.hess is not None:
            function("hess", self.hess, "himmelblau.hess, or None")
        if self.domain is not None:
            settle(self, domain=partial(intervals, count=self.dim or None))
            object.__setattr__(self, "dim", len(self.domain))
        elif self.dim == 0:
            raise ValueError(
                f"{self.name} must say how many components x has, but neither dim nor domain was "
                "given; for a point (x1, x2) give dim=2"
            )
        settle(self, dim=whole)
        settle(self, minimizers=partial(_points, self.dim))
        settle(self, local_minimizers=partial(_points, self.dim))

    def value_and_grad(self, x: Array) -> tuple[Array, Array]:
        """f, shape (...), and its gradient, shape (d, ...), at x; together where that is less work.

        >>> value, grad = griewank.value_and_grad(np.array([3.0, 4.0]))
        >>> value == griewank.value(np.array([3.0, 4.0]))
        np.True_
        """
        value, grad = self.value, self.grad
        if isinstance(value, _Part) and isinstance(grad, _Part) and value.whole is grad.whole:
            parts = value.whole(x)
            return parts[value.which](), parts[grad.which]()
        return value(x), grad(x)

    def __call__(self, x: ArrayLike) -> Array:
        """The value f(x), shape (...), of anything that can be read as an array of shape (d, ...).

        An array of another library, such as CuPy's, is not converted: its value is one, too.
        """
        return self.value(self.read("x", x))

    def read(self, name: str, x: ArrayLike) -> Array:
        """Return points（读取点） as an array of float64 of shape (d, ...), or say what is wrong.

        Parameters
        ----------
        name : str
            What they are, for the message.
        x : array_like, shape (d, ...)
            The points, components first. A plain number will do where d is 1.

        Returns
        -------
        array of float64, shape (d, ...)
            The same; where x is such an array, of NumPy or another library, x itself.

        Raises
        ------
        TypeError, ValueError
            If these are no real numbers, or not d components.
        """
        expected = f"a point of {self.name} is {self.dim} real number(s), or an array of such "
        expected += "points with the components along its first axis"
        try:
            points = as_array(x)
        except ValueError as error:
            raise ValueError(
                f"{expected}, but the rows of {name} = {x!r} differ in length"
            ) from error
        if points.dtype.kind not in "iuf":
            raise TypeError(f"{expected}, but {name} = {x!r} holds {points.dtype} values")
        if points.ndim == 0:
            points = points[np.newaxis]
        if len(points) != self.dim:
            raise ValueError(
                f"{expected}, but {name} has {len(points)} components (shape {points.shape})"
            )
        with np.errstate(over="ignore"):  # a longer float may be too large: then it is infinite
            return points.astype(np.float64, copy=False)

    def __repr__(self) -> str:
        return f"Objective({self.name!r})"


def as_objective(given: Any, x0: ArrayLike) -> Objective:
    """Return an objective（目标函数）, made of a pair of functions where one was given.

    Parameters
    ----------
    given : Objective or (callable, callable)
        An objective, or the functions f and its gradient.
    x0 : array_like, shape (d, ...)
        Where a descent of it is to start: so many components has x.

    Returns
    -------
    Objective
        The objective itself, or the pair as one.

    Raises
    ------
    TypeError
        If it is neither.

    Examples
    --------
    >>> as_objective((lambda x: x[0] ** 2, lambda x: 2 * x), x0=3).dim
    1
    """
    if isinstance(given, Objective):
        return given
    if isinstance(given, tuple | list) and len(given) == 2 and all(map(callable, given)):
        try:
            dim = (*as_array(x0).shape, 1)[0] or 1
        except ValueError:
            dim = 1  # the rows of x0 differ in length; who reads it will say so
        f, grad = given
        return Objective(f, grad, dim=dim)
    alone = (
        " alone, which has no gradient; give both as (f, grad), or as (f, gdcore.grad(f))"
        if callable(given)
        else ""
    )
    raise TypeError(
        "objective must be an Objective, such as gdcore.himmelblau, or a pair of functions "
        f"(f, grad), but {given!r} ({type(given).__name__}) was given{alone}"
    )


def same_shape(name: str, array: Any, x: Array) -> None:
    """Raise unless an array has the shape of x（形状）.

    Parameters
    ----------
    name : str
        What it is, for the message.
    array : object
        What was given for it.
    x : ndarray, shape (d, ...)
        The points.

    Raises
    ------
    ValueError
        If it is no array or has another shape.
    """
    if getattr(array, "shape", None) != x.shape:
        raise ValueError(
            f"{name} must be an array of the shape of x, {x.shape}, such as "
            f"np.array([2 * x1, 4 * x2]), but at x = {x} it is {array!r}"
        )


def check_values(objective: Objective, f: Any, x: Array) -> None:
    """Raise unless an objective has given a number for each point（函数值）.

    Parameters
    ----------
    objective : Objective
        The objective, for the message.
    f : object
        What its value was.
    x : ndarray, shape (d, ...)
        The points.

    Raises
    ------
    ValueError
        If these are no real numbers, or not one for each point.
    """
    f = as_array(f)
    if f.shape != x.shape[1:] or f.dtype.kind not in "iuf":
        raise ValueError(
            f"{objective.name} must give a real number for each point, an array of shape "
            f"{x.shape[1:]} where x has {x.shape}, but it gave {f!r}; its value may begin with "
            "`x1, x2 = x`, or `(x1,) = x`"
        )


def check_grad(objective: Objective | tuple[Function, Function], x: ArrayLike) -> float:
    r"""Compare a gradient with central differences（中心差分） of f: how wrong is it, at worst?

    .. math:: \frac{\partial f}{\partial x_i} \approx
              \frac{f(x + h e_i) - f(x - h e_i)}{2h},
              \qquad h = u^{1/3} \max(1, |x_i|), \qquad u = 2^{-52}

    Halving h would make less of the curvature's change and more of the rounding. At the cube root
    the two balance, and about ten digits are right.

    Parameters
    ----------
    objective : Objective or (callable, callable)
        f and its gradient.
    x : array_like, shape (d, ...)
        Where to compare: a point, or better many, but not where f has an edge.

    Returns
    -------
    float
        The greatest relative error of any component at any point: the difference, over the greater
        of that component and the mean of the slopes to either side. Where all is well it is mostly
        below 1e-6, and more only where f turns within a few h. A component with the wrong sign
        gives 2, one that is a tenth too large 0.1. Components that are lost in the rounding of f
        count for less.

    Raises
    ------
    TypeError, ValueError
        If x is no such point, f gives no number or its gradient no array of the shape of x, or if
        one of them is not finite there.

    References
    ----------
    Nocedal, J. & Wright, S. J. (2006). Numerical Optimization, 2nd ed. Springer, section 8.1.

    Examples
    --------
    >>> check_grad(himmelblau, (-0.4, -0.65)) < 1e-9
    True
    >>> round(check_grad((lambda x: x[0] ** 2, lambda x: -2 * x), 3.0), 6)
    2.0
    """
    objective = as_objective(objective, x)
    x = objective.read("x", x)
    f, g = objective.value_and_grad(x)
    check_values(objective, f, x)
    same_shape("the gradient", g, x)
    worst = 0.0
    for i, x_i in enumerate(x):
        h = np.zeros_like(x)
        h[i] = UNIT ** (1 / 3) * np.maximum(1, np.abs(x_i))
        low, high = x - h, x + h
        width = high[i] - low[i]  # not quite 2 h, for x + h is rounded
        left, right = f - objective.value(low), objective.value(high) - f
        lost = 1e4 * UNIT * np.abs(f)
        slope = np.maximum(np.abs(g[i]), (np.abs(left) + np.abs(right) + lost) / width)
        error = np.abs(g[i] - (left + right) / width) / np.where(slope > 0, slope, 1)
        if not np.isfinite(error).all():
            raise ValueError(
                f"x must lie where {objective.name} and its gradient are finite numbers, but they "
                f"are not near x = {x!r}"
            )
        worst = max(worst, float(error.max()))
    return worst


def _points(dim: int, name: str, value: object) -> tuple[tuple[float, ...], ...]:
    """Return points as tuples of float, or say what is wrong with them."""
    points = rows(value)
    if points is None or not all(len(row) == dim for row in points):
        raise ValueError(
            f"{name} must be points of {dim} component(s) each, such as "
            f"({(0.0,) * dim},), or () where none is known, but {value!r} was given"
        )
    return points


UNIT = float(np.finfo(np.float64).eps)  # of the last place of 1

_D2L = "Zhang, Li, Lipton & Smola, Dive into Deep Learning (Chinese edition, 动手学深度学习)"
_D2L_2 = f"{_D2L}, second edition"
_SFU = "Surjanovic & Bingham, Virtual Library of Simulation Experiments (Simon Fraser University)"


@dataclass(frozen=True)
class _Part:
    """The value (0) or the gradient (1), where both are made of the same waves.

    The whole takes x, works out the waves, and returns two functions that make f and its gradient
    of them.
    """

    whole: Callable[[Array], ValueAndGrad]
    which: int

    def __call__(self, x: Array) -> Array:
        return self.whole(x)[self.which]()


# Powers are written as products: x * x * x costs a hundredth of x**3 on an array with negative
# elements, and rounds alike in every language.


def _sin_cos_of_twice(x: Array) -> tuple[Array, Array]:
    """Return sin 2x and cos 2x, right to 4e-16, both from tan x.

    NumPy's tan takes many numbers at a time, its sin and cos of float64 one by one: with 2500 of
    them this is five times faster.
    """
    t = np.tan(x)
    w = 2 / (1 + t * t)
    return t * w, w - 1


def _vector(*components: Any) -> Array:
    """Put components together, at every point of x.

    With two numbers np.array is thirty times as fast as np.stack, but it takes NumPy's alone.
    """
    return np.stack(components) if foreign(components[0]) else np.array(components)


def _hessian(x: Array, by_11: Any, by_12: Any, by_22: Any) -> Array:
    """Put second derivatives together at every point of x; each an array or a constant."""
    one = np.ones_like(x[0], dtype=np.float64)
    a, b, c = by_11 * one, by_12 * one, by_22 * one
    return _vector(_vector(a, b), _vector(b, c))


# Bowls and valleys: one minimum


def _parabola(x: Array) -> Array:
    (x1,) = x
    return x1 * x1


def _parabola_grad(x: Array) -> Array:
    return 2 * as_array(x)  # twice a list would be a longer list


def _parabola_hess(x: Array) -> Array:
    return np.full_like(x, 2.0, dtype=np.float64)[np.newaxis]


parabola = Objective(
    name="parabola",
    title_zh="抛物线",
    value=_parabola,
    grad=_parabola_grad,
    hess=_parabola_hess,
    formula=r"x^2",
    domain=((-10.0, 10.0),),
    minimizers=((0.0,),),
    minimum=0.0,
    source=f"{_D2L}, section 7.2.1",
)


def _catenary(x: Array) -> Array:
    (x1,) = x
    return np.cosh(x1 / 2)


def _catenary_grad(x: Array) -> Array:
    return np.sinh(x / 2) / 2


def _catenary_hess(x: Array) -> Array:
    return np.cosh(x / 2)[np.newaxis] / 4


catenary = Objective(
    name="catenary",
    title_zh="悬链线",
    value=_catenary,
    grad=_catenary_grad,
    hess=_catenary_hess,
    formula=r"\cosh(\tfrac{1}{2} x)",
    domain=((-10.0, 10.0),),
    minimizers=((0.0,),),
    minimum=1.0,
    source=f"{_D2L_2}, section 11.3.3, c = 0.5",
)


def _sphere(x: Array) -> Array:
    x1, x2 = x
    return x1 * x1 + x2 * x2


def _sphere_grad(x: Array) -> Array:
    return 2 * as_array(x)


def _sphere_hess(x: Array) -> Array:
    return _hessian(x, 2, 0, 2)


sphere = Objective(
    name="sphere",
    title_zh="球函数",
    value=_sphere,
    grad=_sphere_grad,
    hess=_sphere_hess,
    formula=r"x_1^2 + x_2^2",
    domain=((-5.12, 5.12), (-5.12, 5.12)),
    minimizers=((0.0, 0.0),),
    minimum=0.0,
    source=f"{_SFU}, Sphere Function, d = 2",
)


def _ellipse(x: Array) -> Array:
    x1, x2 = x
    return x1 * x1 + 2 * x2 * x2


def _ellipse_grad(x: Array) -> Array:
    x1, x2 = x
    return _vector(2 * x1, 4 * x2)


def _ellipse_hess(x: Array) -> Array:
    return _hessian(x, 2, 0, 4)


ellipse = Objective(
    name="ellipse",
    title_zh="椭圆抛物面",
    value=_ellipse,
    grad=_ellipse_grad,
    hess=_ellipse_hess,
    formula=r"x_1^2 + 2 x_2^2",
    domain=((-6.0, 6.0), (-3.0, 3.0)),
    minimizers=((0.0, 0.0),),
    minimum=0.0,
    source=f"{_D2L}, section 7.2.3; the domain is ours, the source draws (-5.5, 1) by (-3, 1)",
)


def _valley(x: Array) -> Array:
    x1, x2 = x
    return 0.1 * x1 * x1 + 2 * x2 * x2


def _valley_grad(x: Array) -> Array:
    x1, x2 = x
    return _vector(0.2 * x1, 4 * x2)


def _valley_hess(x: Array) -> Array:
    return _hessian(x, 0.2, 0, 4)


valley = Objective(
    name="valley",
    title="Narrow valley",
    title_zh="窄谷",
    value=_valley,
    grad=_valley_grad,
    hess=_valley_hess,
    formula=r"0.1 x_1^2 + 2 x_2^2",
    domain=((-6.0, 6.0), (-3.0, 3.0)),
    minimizers=((0.0, 0.0),),
    minimum=0.0,
    source=f"{_D2L}, section 7.4.1; the domain is ours, the source draws (-5.5, 1) by (-3, 1)",
)


def _booth(x: Array) -> Array:
    x1, x2 = x
    a = x1 + 2 * x2 - 7
    b = 2 * x1 + x2 - 5
    return a * a + b * b


def _booth_grad(x: Array) -> Array:
    x1, x2 = x
    a = x1 + 2 * x2 - 7
    b = 2 * x1 + x2 - 5
    return _vector(2 * a + 4 * b, 4 * a + 2 * b)


def _booth_hess(x: Array) -> Array:
    return _hessian(x, 10, 8, 10)


booth = Objective(
    name="booth",
    value=_booth,
    grad=_booth_grad,
    hess=_booth_hess,
    formula=r"(x_1 + 2 x_2 - 7)^2 + (2 x_1 + x_2 - 5)^2",
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    minimizers=((1.0, 3.0),),
    minimum=0.0,
    source=f"{_SFU}, Booth Function",
)


def _matyas(x: Array) -> Array:
    x1, x2 = x
    return 0.26 * (x1 * x1 + x2 * x2) - 0.48 * x1 * x2


def _matyas_grad(x: Array) -> Array:
    x1, x2 = x
    return _vector(0.52 * x1 - 0.48 * x2, 0.52 * x2 - 0.48 * x1)


def _matyas_hess(x: Array) -> Array:
    return _hessian(x, 0.52, -0.48, 0.52)


matyas = Objective(
    name="matyas",
    value=_matyas,
    grad=_matyas_grad,
    hess=_matyas_hess,
    formula=r"0.26 (x_1^2 + x_2^2) - 0.48 x_1 x_2",
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    minimizers=((0.0, 0.0),),
    minimum=0.0,
    source=f"{_SFU}, Matyas Function",
)


def _zakharov(x: Array) -> Array:
    x1, x2 = x
    s = 0.5 * x1 + x2
    ss = s * s
    return x1 * x1 + x2 * x2 + ss + ss * ss


def _zakharov_grad(x: Array) -> Array:
    x1, x2 = x
    s = 0.5 * x1 + x2
    slope = (4 * s * s + 2) * s  # of s^2 + s^4
    return _vector(2 * x1 + 0.5 * slope, 2 * x2 + slope)


def _zakharov_hess(x: Array) -> Array:
    x1, x2 = x
    s = 0.5 * x1 + x2
    bend = 2 + 12 * s * s  # of s^2 + s^4
    return _hessian(x, 2 + bend / 4, bend / 2, 2 + bend)


zakharov = Objective(
    name="zakharov",
    value=_zakharov,
    grad=_zakharov_grad,
    hess=_zakharov_hess,
    formula=(
        r"x_1^2 + x_2^2 + \left(\tfrac{1}{2} x_1 + x_2\right)^2"
        r" + \left(\tfrac{1}{2} x_1 + x_2\right)^4"
    ),
    domain=((-5.0, 10.0), (-5.0, 10.0)),
    minimizers=((0.0, 0.0),),
    minimum=0.0,
    source=f"{_SFU}, Zakharov Function, d = 2",
)


def _rosenbrock(x: Array) -> Array:
    x1, x2 = x
    a = x2 - x1 * x1
    b = 1 - x1
    return 100 * a * a + b * b


def _rosenbrock_grad(x: Array) -> Array:
    x1, x2 = x
    a = x2 - x1 * x1
    b = 1 - x1
    return _vector(-400 * x1 * a - 2 * b, 200 * a)


def _rosenbrock_hess(x: Array) -> Array:
    x1, x2 = x
    return _hessian(x, 1200 * x1 * x1 - 400 * x2 + 2, -400 * x1, 200)


rosenbrock = Objective(
    name="rosenbrock",
    value=_rosenbrock,
    grad=_rosenbrock_grad,
    hess=_rosenbrock_hess,
    formula=r"100 (x_2 - x_1^2)^2 + (1 - x_1)^2",
    domain=((-5.0, 10.0), (-5.0, 10.0)),
    minimizers=((1.0, 1.0),),
    minimum=0.0,
    source=f"{_SFU}, Rosenbrock Function, d = 2; [-2.048, 2.048] is also in use as the domain",
)


def _beale(x: Array) -> Array:
    x1, x2 = x
    a = 1.5 - x1 + x1 * x2
    b = 2.25 - x1 + x1 * x2 * x2
    c = 2.625 - x1 + x1 * x2 * x2 * x2
    return a * a + b * b + c * c


def _beale_grad(x: Array) -> Array:
    x1, x2 = x
    a = 1.5 - x1 + x1 * x2
    b = 2.25 - x1 + x1 * x2 * x2
    c = 2.625 - x1 + x1 * x2 * x2 * x2
    by_x1 = a * (x2 - 1) + b * (x2 * x2 - 1) + c * (x2 * x2 * x2 - 1)
    by_x2 = x1 * (a + 2 * b * x2 + 3 * c * x2 * x2)
    return _vector(2 * by_x1, 2 * by_x2)


beale = Objective(
    name="beale",
    value=_beale,
    grad=_beale_grad,
    formula=(r"(1.5 - x_1 + x_1 x_2)^2 + (2.25 - x_1 + x_1 x_2^2)^2 + (2.625 - x_1 + x_1 x_2^3)^2"),
    domain=((-4.5, 4.5), (-4.5, 4.5)),
    minimizers=((3.0, 0.5),),
    minimum=0.0,
    source=f"{_SFU}, Beale Function",
)


# Several minima


def _growing_wave(x: Array) -> Array:
    (x1,) = x
    return x1 * np.cos(0.15 * pi * x1)


def _growing_wave_grad(x: Array) -> Array:
    c = 0.15 * pi
    return np.cos(c * x) - c * x * np.sin(c * x)


def _growing_wave_hess(x: Array) -> Array:
    c = 0.15 * pi
    return (-2 * c * np.sin(c * x) - c * c * x * np.cos(c * x))[np.newaxis]


# It falls without end outside its domain, so the minimum is that of the domain.
growing_wave = Objective(
    name="growing_wave",
    title_zh="渐高的波",
    value=_growing_wave,
    grad=_growing_wave_grad,
    hess=_growing_wave_hess,
    formula=r"x \cos(0.15 \pi x)",
    domain=((-10.0, 10.0),),
    minimizers=((7.269388146311475,),),
    minimum=-6.9781408310704744,
    source=f"{_D2L_2}, section 11.3.1.2, c = 0.15 pi; the minima are those of the domain",
    local_minimizers=((-1.8256845786723395,),),
)


def _three_hump_camel(x: Array) -> Array:
    x1, x2 = x
    s = x1 * x1
    return ((s / 6 - 1.05) * s + 2) * s + x1 * x2 + x2 * x2


def _three_hump_camel_grad(x: Array) -> Array:
    x1, x2 = x
    s = x1 * x1
    return _vector(((s - 4.2) * s + 4) * x1 + x2, x1 + 2 * x2)


def _three_hump_camel_hess(x: Array) -> Array:
    s = x[0] * x[0]
    return _hessian(x, 4 - 12.6 * s + 5 * s * s, 1, 2)


three_hump_camel = Objective(
    name="three_hump_camel",
    title="Three-hump camel",
    title_zh="三驼峰函数",
    value=_three_hump_camel,
    grad=_three_hump_camel_grad,
    hess=_three_hump_camel_hess,
    formula=r"2 x_1^2 - 1.05 x_1^4 + \tfrac{1}{6} x_1^6 + x_1 x_2 + x_2^2",
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    minimizers=((0.0, 0.0),),
    minimum=0.0,
    source=f"{_SFU}, Three-Hump Camel Function",
    local_minimizers=(
        (1.7475523458302888, -0.8737761729151444),
        (-1.7475523458302888, 0.8737761729151444),
    ),
)


def _six_hump_camel(x: Array) -> Array:
    x1, x2 = x
    s = x1 * x1
    t = x2 * x2
    return ((s / 3 - 2.1) * s + 4) * s + x1 * x2 + (4 * t - 4) * t


def _six_hump_camel_grad(x: Array) -> Array:
    x1, x2 = x
    s = x1 * x1
    t = x2 * x2
    return _vector(((2 * s - 8.4) * s + 8) * x1 + x2, x1 + (16 * t - 8) * x2)


def _six_hump_camel_hess(x: Array) -> Array:
    s, t = x * x
    return _hessian(x, 8 - 25.2 * s + 10 * s * s, 1, 48 * t - 8)


six_hump_camel = Objective(
    name="six_hump_camel",
    title="Six-hump camel",
    title_zh="六驼峰函数",
    value=_six_hump_camel,
    grad=_six_hump_camel_grad,
    hess=_six_hump_camel_hess,
    formula=r"4 x_1^2 - 2.1 x_1^4 + \tfrac{1}{3} x_1^6 + x_1 x_2 - 4 x_2^2 + 4 x_2^4",
    domain=((-3.0, 3.0), (-2.0, 2.0)),
    minimizers=(
        (0.08984201310031806, -0.7126564030207396),
        (-0.08984201310031806, 0.7126564030207396),
    ),
    minimum=-1.0316284534898774,
    source=f"{_SFU}, Six-Hump Camel Function",
    local_minimizers=(
        (1.703606714969981, -0.7960835686726251),
        (-1.703606714969981, 0.7960835686726251),
        (1.6071047529201972, 0.5686514548841314),
        (-1.6071047529201972, -0.5686514548841314),
    ),
)


def _himmelblau(x: Array) -> Array:
    x1, x2 = x
    a = x1 * x1 + x2 - 11
    b = x1 + x2 * x2 - 7
    return a * a + b * b


def _himmelblau_grad(x: Array) -> Array:
    x1, x2 = x
    a = x1 * x1 + x2 - 11
    b = x1 + x2 * x2 - 7
    return _vector(4 * x1 * a + 2 * b, 2 * a + 4 * x2 * b)


def _himmelblau_hess(x: Array) -> Array:
    x1, x2 = x
    by_11 = 12 * x1 * x1 + 4 * x2 - 42
    by_22 = 12 * x2 * x2 + 4 * x1 - 26
    return _hessian(x, by_11, 4 * (x1 + x2), by_22)


himmelblau = Objective(
    name="himmelblau",
    value=_himmelblau,
    grad=_himmelblau_grad,
    hess=_himmelblau_hess,
    formula=r"(x_1^2 + x_2 - 11)^2 + (x_1 + x_2^2 - 7)^2",
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    minimizers=(
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.2831859912861696),
        (3.5844283403304917, -1.8481265269644036),
    ),
    minimum=0.0,
    source="Himmelblau (1972), Applied Nonlinear Programming; the domain is that of later surveys",
)


def _styblinski_tang(x: Array) -> Array:
    s = x * x
    return np.sum(s * s - 16 * s + 5 * x, axis=0) / 2


def _styblinski_tang_grad(x: Array) -> Array:
    return 2 * x * x * x - 16 * x + 2.5


def _styblinski_tang_hess(x: Array) -> Array:
    by_11, by_22 = 6 * x * x - 16
    return _hessian(x, by_11, 0, by_22)


styblinski_tang = Objective(
    name="styblinski_tang",
    title="Styblinski–Tang",
    value=_styblinski_tang,
    grad=_styblinski_tang_grad,
    hess=_styblinski_tang_hess,
    formula=r"\tfrac{1}{2} (x_1^4 - 16 x_1^2 + 5 x_1 + x_2^4 - 16 x_2^2 + 5 x_2)",
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    minimizers=((-2.903534027771177, -2.903534027771177),),
    minimum=-78.33233140754282,
    source=f"{_SFU}, Styblinski-Tang Function, d = 2",
    local_minimizers=(
        (-2.903534027771177, 2.746802770990837),
        (2.746802770990837, -2.903534027771177),
        (2.746802770990837, 2.746802770990837),
    ),
)


# Many minima: waves on a bowl


def _bohachevsky(x: Array) -> ValueAndGrad:
    x1, x2 = x
    (sin1, sin2), (cos1, cos2) = _sin_cos_of_twice(_vector(1.5 * pi * x1, 2 * pi * x2))
    return (
        lambda: x1 * x1 + 2 * x2 * x2 - 0.3 * cos1 - 0.4 * cos2 + 0.7,
        lambda: _vector(2 * x1 + 0.9 * pi * sin1, 4 * x2 + 1.6 * pi * sin2),
    )


def _bohachevsky_hess(x: Array) -> Array:
    x1, x2 = x
    by_11 = 2 + 2.7 * pi * pi * np.cos(3 * pi * x1)
    by_22 = 4 + 6.4 * pi * pi * np.cos(4 * pi * x2)
    return _hessian(x, by_11, 0, by_22)


bohachevsky = Objective(
    name="bohachevsky",
    value=_Part(_bohachevsky, 0),
    grad=_Part(_bohachevsky, 1),
    hess=_bohachevsky_hess,
    formula=r"x_1^2 + 2 x_2^2 - 0.3 \cos(3 \pi x_1) - 0.4 \cos(4 \pi x_2) + 0.7",
    domain=((-100.0, 100.0), (-100.0, 100.0)),
    minimizers=((0.0, 0.0),),
    minimum=0.0,
    source=f"{_SFU}, Bohachevsky Functions, the first of the three",
)


def _griewank(x: Array) -> ValueAndGrad:
    x1, x2 = x
    (sin1, sin2), (cos1, cos2) = _sin_cos_of_twice(_vector(x1 / 2, x2 / sqrt(8)))
    return (
        lambda: (x1 * x1 + x2 * x2) / 4000 - cos1 * cos2 + 1,
        lambda: x / 2000 + _vector(sin1 * cos2, cos1 * sin2 / sqrt(2)),
    )


griewank = Objective(
    name="griewank",
    value=_Part(_griewank, 0),
    grad=_Part(_griewank, 1),
    formula=(
        r"\tfrac{1}{4000} (x_1^2 + x_2^2) - \cos(x_1) \cos\left(\tfrac{x_2}{\sqrt{2}}\right) + 1"
    ),
    domain=((-600.0, 600.0), (-600.0, 600.0)),
    minimizers=((0.0, 0.0),),
    minimum=0.0,
    source=f"{_SFU}, Griewank Function, d = 2; the cosines are multiplied, so that f(0, 0) = 0",
    local_minimizers=(  # the six nearest to the origin, of very many
        (3.1400226338955397, 4.438444480920714),
        (3.1400226338955397, -4.438444480920714),
        (-3.1400226338955397, 4.438444480920714),
        (-3.1400226338955397, -4.438444480920714),
        (6.280045279379904, 0.0),
        (-6.280045279379904, 0.0),
    ),
)


def _rastrigin(x: Array) -> ValueAndGrad:
    sin, cos = _sin_cos_of_twice(pi * x)
    return (
        lambda: 20 + np.sum(x * x - 10 * cos, axis=0),
        lambda: 2 * x + 20 * pi * sin,
    )


def _rastrigin_hess(x: Array) -> Array:
    by_11, by_22 = 2 + 40 * pi * pi * np.cos(2 * pi * x)
    return _hessian(x, by_11, 0, by_22)


rastrigin = Objective(
    name="rastrigin",
    value=_Part(_rastrigin, 0),
    grad=_Part(_rastrigin, 1),
    hess=_rastrigin_hess,
    formula=r"20 + x_1^2 - 10 \cos(2 \pi x_1) + x_2^2 - 10 \cos(2 \pi x_2)",
    domain=((-5.12, 5.12), (-5.12, 5.12)),
    minimizers=((0.0, 0.0),),
    minimum=0.0,
    source=f"{_SFU}, Rastrigin Function, d = 2",
)


def _ackley(x: Array) -> ValueAndGrad:
    x1, x2 = x
    r = np.sqrt((x1 * x1 + x2 * x2) / 2)
    sin, (cos1, cos2) = _sin_cos_of_twice(pi * x)
    bowl, waves = np.exp(-0.2 * r), np.exp((cos1 + cos2) / 2)

    def grad() -> Array:
        # At the origin f is the tip of a cone: no gradient exists there, and we define it as 0.
        outward = np.where(r > 0, x, 0) / np.where(r > 0, r, 1)
        return 2 * bowl * outward + pi * waves * sin

    return lambda: 20 - 20 * bowl + e - waves, grad


ackley = Objective(
    name="ackley",
    value=_Part(_ackley, 0),
    grad=_Part(_ackley, 1),
    formula=(
        r"20 - 20 \exp\left(-0.2 \sqrt{\tfrac{1}{2} (x_1^2 + x_2^2)}\right)"
        r" + e - \exp\left(\tfrac{1}{2} (\cos(2 \pi x_1) + \cos(2 \pi x_2))\right)"
    ),
    domain=((-32.768, 32.768), (-32.768, 32.768)),
    minimizers=((0.0, 0.0),),
    minimum=0.0,
    source=f"{_SFU}, Ackley Function, d = 2, a = 20, b = 0.2, c = 2 pi",
)


# Flat, with a hole


def _easom(x: Array) -> ValueAndGrad:
    u, v = away = x - pi
    sin, cos = _sin_cos_of_twice(0.5 * x)
    bell = np.exp(-u * u - v * v)
    return (
        lambda: -cos[0] * cos[1] * bell,
        lambda: (sin + 2 * away * cos) * cos[::-1] * bell,
    )


# Around the hole lie local minima too shallow to list: the four deepest, at
# (pi ± 1.8366, pi ± 1.8366), reach -8.11e-5.
easom = Objective(
    name="easom",
    value=_Part(_easom, 0),
    grad=_Part(_easom, 1),
    formula=(r"-\cos(x_1) \cos(x_2) \exp\left(-(x_1 - \pi)^2 - (x_2 - \pi)^2\right)"),
    domain=((-100.0, 100.0), (-100.0, 100.0)),
    minimizers=((pi, pi),),
    minimum=-1.0,
    source=f"{_SFU}, Easom Function",
)


OBJECTIVES: dict[str, Objective] = {
    objective.name: objective
    for objective in (
        parabola,
        catenary,
        sphere,
        ellipse,
        valley,
        booth,
        matyas,
        zakharov,
        rosenbrock,
        beale,
        growing_wave,
        three_hump_camel,
        six_hump_camel,
        himmelblau,
        styblinski_tang,
        bohachevsky,
        griewank,
        rastrigin,
        ackley,
        easom,
    )
}
