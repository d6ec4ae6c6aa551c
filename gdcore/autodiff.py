r"""Automatic differentiation（自动微分）: the gradient of a function as it is written.

A program, however long, is a chain of elementary operations, and `ELEMENTARY` holds the derivative
of each. The chain rule can be followed in two ways. **Forward** (`derivative`), each number carries
its slope with it and is a `Dual` number: one run gives the slope along one direction. **In
reverse** (`grad`), each operation is first noted on a tape, as a `Node`, and then the tape is read
backward: one run and one reading give the whole gradient, however many variables there are.

In both ways a function runs as it is written, components first, with NumPy's own functions:

>>> import numpy as np
>>> def f(x):
...     x1, x2 = x
...     return np.exp(x1) * np.sin(x2) + x1**2
>>> grad(f)([0.0, 1.0])
array([0.84147098, 0.54030231])
>>> derivative(f)([0.0, 1.0], [1.0, 0.0])
array(0.84147098)

A second derivative is one way inside the other. Here is the first column of a Hessian:

>>> derivative(grad(f))([0.0, 1.0], [1.0, 0.0])
array([2.84147098, 0.54030231])

`gdcore.trace` has a tape, too, but another one: its operations have names and no values, for they
are to be written in other languages. A reading backward needs the values.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike, NDArray

from gdcore.objectives import Objective

__all__ = ["ARRAYS", "ELEMENTARY", "FLAT", "Dual", "Node", "derivative", "grad", "value_and_grad"]

Array = NDArray[np.float64]
Rule = Callable[..., Any]

#: By how much y = a * b, say, changes when one of the operands changes by t: d(ab) = b da + a db.
#: At an edge, such as that of |a| at 0, the slope is the mean of those to either side.
ELEMENTARY: dict[Any, tuple[Rule, ...]] = {
    np.add: (lambda t, y, a, b: t, lambda t, y, a, b: t),
    np.subtract: (lambda t, y, a, b: t, lambda t, y, a, b: -t),
    np.multiply: (lambda t, y, a, b: t * b, lambda t, y, a, b: t * a),
    np.divide: (lambda t, y, a, b: t / b, lambda t, y, a, b: -t * y / b),
    np.power: (
        lambda t, y, a, b: t * b * a ** (b - 1),
        lambda t, y, a, b: t * y * np.log(a),
    ),
    np.maximum: (
        lambda t, y, a, b: t * (1 + np.sign(a - b)) / 2,
        lambda t, y, a, b: t * (1 + np.sign(b - a)) / 2,
    ),
    np.minimum: (
        lambda t, y, a, b: t * (1 + np.sign(b - a)) / 2,
        lambda t, y, a, b: t * (1 + np.sign(a - b)) / 2,
    ),
    np.negative: (lambda t, y, a: -t,),
    np.absolute: (lambda t, y, a: t * np.sign(a),),
    np.square: (lambda t, y, a: t * 2 * a,),
    np.sqrt: (lambda t, y, a: t / (2 * y),),
    np.exp: (lambda t, y, a: t * y,),
    np.log: (lambda t, y, a: t / a,),
    np.log1p: (lambda t, y, a: t / (1 + a),),
    np.sin: (lambda t, y, a: t * np.cos(a),),
    np.cos: (lambda t, y, a: -t * np.sin(a),),
    np.tan: (lambda t, y, a: t * (1 + y * y),),
    np.arctan: (lambda t, y, a: t / (1 + a * a),),
    np.sinh: (lambda t, y, a: t * np.cosh(a),),
    np.cosh: (lambda t, y, a: t * np.sinh(a),),
    np.tanh: (lambda t, y, a: t * (1 - y * y),),
}

#: The same for functions of arrays, to be read backward: t belongs to y, the result to the operand.
ARRAYS: dict[Any, tuple[Rule, ...]] = {
    np.matmul: (
        lambda t, y, a, b: _as_matrices(t, a, b, lambda t, a, b: t @ b.T).reshape(np.shape(a)),
        lambda t, y, a, b: _as_matrices(t, a, b, lambda t, a, b: a.T @ t).reshape(np.shape(b)),
    ),
    np.where: (
        lambda t, y, where, a, b: np.zeros(np.shape(where)),
        lambda t, y, where, a, b: np.where(where, t, 0.0),
        lambda t, y, where, a, b: np.where(where, 0.0, t),
    ),
    np.sum: (lambda t, y, a, axis=None, keepdims=False: _spread(t, a, axis, keepdims),),
    np.mean: (
        lambda t, y, a, axis=None, keepdims=False: (
            _spread(t, a, axis, keepdims) / (np.size(a) / np.size(y))
        ),
    ),
    np.max: (lambda t, y, a, axis=None, keepdims=False: _to_largest(t, y, a, axis, keepdims),),
    np.reshape: (lambda t, y, a, shape: np.reshape(t, np.shape(a)),),
    np.transpose: (lambda t, y, a: np.transpose(t),),
    operator.getitem: (lambda t, y, a, key: _put_back(t, a, key),),
}

#: What stays the same, or nearly everywhere, when x changes a little.
FLAT = {
    *(np.sign, np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal),
    *(np.shape, np.ndim, np.size, np.argmax, np.argmin, np.zeros_like, np.ones_like),
}


def _method(ufunc: np.ufunc) -> Callable[[Any], Any]:
    """Make the method that NumPy looks for in the elements of an array of objects."""

    def of(self: Any) -> Any:
        return ufunc(self)

    of.__doc__ = f"Call numpy.{ufunc.__name__}."
    return of


def _called(ufunc: np.ufunc, method: str) -> Any:
    """What NumPy was asked for: the function itself, or `reduce`, `outer` and the like."""
    return ufunc if method == "__call__" else getattr(ufunc, method)


# Forward


@dataclass(frozen=True, eq=False)
class Dual(NDArrayOperatorsMixin):
    """A number and its slope（对偶数）: a + a' ε, where ε² = 0.

    Arrays of them are NumPy's arrays of objects, so that whatever NumPy does with such arrays is
    differentiated.

    Parameters
    ----------
    value : float
        The number.
    slope : float
        How fast it changes along the direction in question.

    References
    ----------
    Wengert, R. E. (1964). A simple automatic derivative evaluation program. Communications of the
    ACM 7(8), 463-464.

    Examples
    --------
    >>> x = Dual(3.0, 1.0)
    >>> y = x * x + 2 * x
    >>> float(y.value), float(y.slope)
    (15.0, 8.0)
    """

    value: Any
    slope: Any

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
        """Do an elementary operation, on the values and on the slopes."""
        if any(isinstance(v, Node) for v in operands):
            return NotImplemented  # the tape comes first: to it this is a number
        if any(isinstance(v, np.ndarray) for v in operands):
            boxed = [np.array(v, dtype=object) if isinstance(v, Dual) else v for v in operands]
            return _called(ufunc, method)(*boxed, **options)  # element by element
        values = [v.value if isinstance(v, Dual) else v for v in operands]
        rules = _rules(_called(ufunc, method), ELEMENTARY)
        y = ufunc(*values, **options)
        parts = [
            rule(v.slope, y, *values)
            for rule, v in zip(rules, operands, strict=False)
            if isinstance(v, Dual)
        ]
        return Dual(y, sum(parts[1:], parts[0])) if rules else y

    sqrt, exp, log, log1p = map(_method, (np.sqrt, np.exp, np.log, np.log1p))
    sin, cos, tan, arctan = map(_method, (np.sin, np.cos, np.tan, np.arctan))
    sinh, cosh, tanh = map(_method, (np.sinh, np.cosh, np.tanh))


def derivative(f: Callable[[Any], Any]) -> Callable[..., Array]:
    r"""Return the derivative of f along a direction（方向导数）, by dual numbers, in forward mode.

    .. math:: \left. \frac{\mathrm{d}}{\mathrm{d}t} f(x + t v) \right|_{t = 0} = f'(x) \, v

    For a function of one number it is its derivative; in general it is known as the
    Jacobian-vector product. It costs about as many operations as f, two to four times over.

    Parameters
    ----------
    f : callable or Objective
        x of any shape to a number or an array, made of what `ELEMENTARY` holds.

    Returns
    -------
    callable
        Takes x and the direction v, of the shape of x or to be broadcast to it, by default 1;
        returns an array of the shape of f(x).

    Raises
    ------
    TypeError
        When it is called, if x holds no real numbers, or f does what has no known derivative.

    Examples
    --------
    >>> float(derivative(np.sin)(0.0))
    1.0
    >>> derivative(lambda x: x * x)([1.0, 2.0])
    array([2., 4.])
    """
    function = _value(f)

    def slope(x: ArrayLike, v: ArrayLike = 1.0) -> Array:
        at = _numbers(x, "derivative")
        along = np.broadcast_to(np.asarray(v, dtype=np.float64), at.shape)
        duals = [Dual(a, b) for a, b in zip(at.flat, along.flat, strict=True)]
        y = np.asarray(function(np.array(duals, dtype=object).reshape(at.shape)[()]))
        slopes = [one.slope if isinstance(one, Dual) else 0.0 for one in y.flat]
        return np.array(slopes, dtype=np.float64).reshape(y.shape)

    return slope


# In reverse


class Node(NDArrayOperatorsMixin):
    """A number or an array on a tape（记录上的一个数）: its value, and what it was made of.

    Parameters
    ----------
    tape : list of Node
        Where it is noted.
    value : float or ndarray
        Its value.
    parents : sequence of (Node, callable)
        The operands, each with the function that takes the derivative of the end with respect to
        this node to that operand's share.

    Attributes
    ----------
    adjoint : float or ndarray, or None
        The derivative of the end with respect to this node, once the tape has been read backward;
        None where the end does not depend on it.

    Examples
    --------
    >>> tape = []
    >>> x = Node(tape, 3.0)
    >>> y = x * x + x
    >>> float(y.value), len(tape)
    (12.0, 3)
    """

    def __init__(self, tape: list["Node"], value: Any, parents: Any = ()) -> None:
        self.tape, self.value, self.parents = tape, value, parents
        self.adjoint: Any = None
        tape.append(self)

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
        """Note an elementary operation."""
        return noted(_called(ufunc, method), *operands, **options)

    def __array_function__(self, function: Any, types: Any, operands: Any, options: Any) -> Any:
        """Note a function of arrays."""
        if function is np.stack:
            return _stacked(*operands, **options)
        return noted(function, *operands, **options)

    def __getitem__(self, key: Any) -> "Node":
        return noted(operator.getitem, self, key)

    def __iter__(self) -> Iterator["Node"]:
        return (self[i] for i in range(self.shape[0]))

    # No __len__: so NumPy takes a node in a list for one thing, even if it holds an array.

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of its value."""
        return np.shape(self.value)

    @property
    def ndim(self) -> int:
        """The number of axes of its value."""
        return len(self.shape)

    @property
    def T(self) -> "Node":
        """The transpose of a matrix."""
        return noted(np.transpose, self)

    def reshape(self, *shape: Any) -> "Node":
        """Note that its elements are laid out anew."""
        return noted(np.reshape, self, shape if len(shape) != 1 else shape[0])

    def sum(self, axis: Any = None, out: None = None, keepdims: bool = False) -> "Node":
        """Note a sum over an axis, or over all."""
        return noted(np.sum, self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, out: None = None, keepdims: bool = False) -> "Node":
        """Note a mean over an axis, or over all."""
        return noted(np.mean, self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, out: None = None, keepdims: bool = False) -> "Node":
        """Note a maximum over an axis, or over all; where several are largest, they share it."""
        return noted(np.max, self, axis=axis, keepdims=keepdims)

    sqrt, exp, log, log1p = map(_method, (np.sqrt, np.exp, np.log, np.log1p))
    sin, cos, tan, arctan = map(_method, (np.sin, np.cos, np.tan, np.arctan))
    sinh, cosh, tanh = map(_method, (np.sinh, np.cosh, np.tanh))


def noted(function: Any, *operands: Any, **options: Any) -> Any:
    """Do an operation and note it（记下一次运算） on the tape of its operands.

    Parameters
    ----------
    function : callable
        One that `ELEMENTARY` or `ARRAYS` holds.
    operands : Node, float or ndarray
        What it is done with; one at least is a node.
    options : dict
        Passed on to it.

    Returns
    -------
    Node
        Its result; of a function that is `FLAT`, the bare value.

    Raises
    ------
    TypeError
        If the derivative of the function is not known.

    Examples
    --------
    >>> import numpy as np
    >>> x = Node([], 3.0)
    >>> float(noted(np.multiply, x, x).value)
    9.0
    """
    rules = _rules(function, ELEMENTARY | ARRAYS)
    values = [v.value if isinstance(v, Node) else v for v in operands]
    tape, y = _tape(operands), function(*values, **options)
    parents = [
        (node, partial(_share, rule, np.shape(node.value), y, values, options))
        for node, rule in zip(operands, rules, strict=False)
        if isinstance(node, Node)
    ]
    return Node(tape, y, parents) if rules else y


def read_backward(end: Node) -> None:
    """Read a tape backward（反向读记录） and leave in each node its adjoint.

    Parameters
    ----------
    end : Node
        The result, whose derivatives are wanted.

    Examples
    --------
    >>> x = Node([], 3.0)
    >>> read_backward(x * x + x)
    >>> float(x.adjoint)  # 2x + 1
    7.0
    """
    end.adjoint = np.ones(end.shape)[()]
    for node in reversed(end.tape):
        if node.adjoint is None:
            continue  # the end does not depend on it
        for parent, share in node.parents:
            part, before = share(node.adjoint), parent.adjoint
            parent.adjoint = part if before is None else before + part


def value_and_grad(f: Callable[[Any], Any]) -> Callable[[ArrayLike], tuple[Any, Array]]:
    """Return a function that gives f and its gradient（函数值与梯度）, in reverse mode.

    It costs a few times as many operations as f, however many components x has.

    Parameters
    ----------
    f : callable or Objective
        x of shape (d, ...) to a number for each point, shape (...), made of what `ELEMENTARY` and
        `ARRAYS` hold; or a matrix, or any array, to one number.

    Returns
    -------
    callable
        Takes x, returns f(x) and the gradient there, of the shape of x.

    Raises
    ------
    TypeError, ValueError
        When it is called, if x holds no real numbers, f does what has no known derivative, or gives
        no number for each point.

    References
    ----------
    Linnainmaa, S. (1976). Taylor expansion of the accumulated rounding error. BIT Numerical
    Mathematics 16, 146-160.
    Griewank, A. & Walther, A. (2008). Evaluating Derivatives: Principles and Techniques of
    Algorithmic Differentiation, 2nd ed. SIAM, chapters 3 and 4.

    Examples
    --------
    >>> f, g = value_and_grad(lambda x: np.sum(x * x))([1.0, 2.0])
    >>> float(f), g
    (5.0, array([2., 4.]))
    """
    function = _value(f)

    def both(x: ArrayLike) -> tuple[Any, Array]:
        at = _numbers(x, "grad")
        start = Node([], at)
        y = function(start)
        if np.shape(y) not in ((), at.shape[1:]) or isinstance(y, np.ndarray | list):
            given = f"an array of shape {np.shape(y)}" if isinstance(y, Node) else repr(y)
            raise ValueError(
                f"f must give a number for each point, of shape () or {at.shape[1:]} where x has "
                f"shape {at.shape}, but it gave {given}; sum it up, or write np.stack for np.array"
            )
        if not isinstance(y, Node):
            return y, np.zeros(at.shape)  # it does not depend on x
        read_backward(y)
        y.tape.clear()  # the nodes hold their tape, and would not be freed at once
        adjoint = np.zeros(at.shape) if start.adjoint is None else start.adjoint
        return y.value, np.array(adjoint)

    return both


def grad(f: Callable[[Any], Any]) -> Callable[[ArrayLike], Array]:
    """Return the gradient of f（梯度） as a function, in reverse mode.

    Parameters
    ----------
    f : callable or Objective
        As for `value_and_grad`.

    Returns
    -------
    callable
        Takes x, returns the gradient there, of the shape of x.

    Raises
    ------
    TypeError, ValueError
        As for `value_and_grad`.

    Examples
    --------
    A function of one's own goes downhill without a derivative having been worked out:

    >>> from gdcore import GradientDescent, descend
    >>> def f(x):
    ...     x1, x2 = x
    ...     return np.log1p(x1**2) + (x2 - 1) ** 2
    >>> descend((f, grad(f)), GradientDescent(0.5), (3.0, 0.0), max_steps=50).last.round(6)
    array([0., 1.])
    """
    both = value_and_grad(f)
    return lambda x: both(x)[1]


# What an operand's share needs


def _share(
    rule: Rule, shape: tuple[int, ...], y: Any, values: Any, options: Any, adjoint: Any
) -> Any:
    """The share of an operand: the rule for it, summed where broadcasting has repeated it."""
    share = rule(adjoint, y, *values, **options)
    if np.shape(share) == shape:
        return share
    share = np.sum(share, axis=tuple(range(np.ndim(share) - len(shape))))
    once = tuple(i for i, n in enumerate(shape) if n == 1)
    return np.sum(share, axis=once, keepdims=True) if once else share


def _as_matrices(t: Any, a: Any, b: Any, product: Rule) -> Any:
    """A product of matrices, where a vector at the left is a row and one at the right a column."""
    if max(np.ndim(a), np.ndim(b)) > 2:
        raise TypeError(
            "gdcore.autodiff multiplies matrices and vectors, but in A @ B they have shapes "
            f"{np.shape(a)} and {np.shape(b)}"
        )
    a = np.atleast_2d(a)
    b = np.reshape(b, (np.shape(b)[0], -1))
    return product(np.reshape(t, (len(a), b.shape[1])), a, b)


def _spread(t: Any, a: Any, axis: Any, keepdims: bool) -> Any:
    """What belongs to a sum, given to each summand."""
    if axis is not None and not keepdims:
        t = np.expand_dims(t, axis)
    return np.broadcast_to(t, np.shape(a))


def _to_largest(t: Any, y: Any, a: Any, axis: Any, keepdims: bool) -> Any:
    """What belongs to a maximum, given to the largest element, or to all that are largest."""
    largest = a == _spread(y, a, axis, keepdims)
    return _spread(t, a, axis, keepdims) * largest / np.sum(largest, axis=axis, keepdims=True)


def _put_back(t: Any, a: Any, key: Any) -> Any:
    """What belongs to a part of an array, in its place among zeros."""
    part = np.asarray(t)
    whole = np.zeros(np.shape(a), dtype=part.dtype)
    np.add.at(whole, key, part)
    return whole


def _stacked(parts: Any, axis: int = 0) -> Node:
    """Note that arrays are put side by side."""
    parts = list(parts)
    tape = _tape(parts)
    y = np.stack([v.value if isinstance(v, Node) else v for v in parts], axis)
    parents = [
        (node, partial(np.take, indices=i, axis=axis))
        for i, node in enumerate(parts)
        if isinstance(node, Node)
    ]
    return Node(tape, y, parents)


def _tape(operands: Any) -> list[Node]:
    """The one tape that all nodes among the operands are on."""
    tape, *others = [v.tape for v in operands if isinstance(v, Node)]
    if any(other is not tape for other in others):
        raise TypeError("grad does not go into grad; a second derivative is derivative(grad(f))")
    arrays = [v for v in operands if isinstance(v, np.ndarray) and v.dtype == object]
    if any(isinstance(one, Node) for array in arrays for one in array.flat):
        raise TypeError(
            "np.array makes no array of what is on a tape, only a list; use np.stack instead"
        )
    return tape


def _rules(function: Any, known: dict[Any, tuple[Rule, ...]]) -> tuple[Rule, ...]:
    """The rules for a function, none where its derivative is zero, or say that it is not known."""
    if function in FLAT:
        return ()
    if function not in known:
        names = ", ".join(sorted(rule.__name__ for rule in known))
        raise TypeError(
            f"no derivative of {function!r} is known to gdcore.autodiff; write f with {names}"
        )
    return known[function]


def _value(f: Any) -> Callable[[Any], Any]:
    """The function itself, also of an objective, which would check that it is given numbers."""
    if not callable(f):
        raise TypeError(f"f must be a function, such as lambda x: x[0] * x[0], but {f!r} was given")
    return f.value if isinstance(f, Objective) else f


def _numbers(x: Any, way: str) -> NDArray[Any]:
    """Return x as an array of floats, or say what is wrong with it."""
    at = np.asarray(x)
    inside = Node if way == "grad" else Node | Dual
    if at.dtype == object and any(isinstance(one, inside) for one in at.flat):
        raise TypeError(f"{way} does not go into {way}; a second derivative is derivative(grad(f))")
    if at.dtype.kind not in "iufO" or (at.dtype == object and way != "grad"):
        raise TypeError(f"x must hold real numbers, such as [1.0, 2.0], but x = {x!r} was given")
    return at if at.dtype == object else at.astype(np.float64)
