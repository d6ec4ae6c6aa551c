"""Checks of arguments（参数检查） that several modules share, each with a message for a person.

A check of a number returns it as Python's own. NumPy's scalars look alike but count otherwise:
``-np.uint8(1)`` is 255. An array of another library, such as CuPy's on a GPU, stays what it is.
"""

from math import inf, isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray


def foreign(value: object) -> bool:
    """Tell whether an array is another library's that takes NumPy's functions（别家的数组）.

    CuPy's, which lie on a GPU, are such arrays, and Dask's.

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    bool
        Whether it is one.

    Examples
    --------
    >>> foreign(np.zeros(2)), foreign([0, 0])
    (False, False)
    """
    return not isinstance(value, np.ndarray) and hasattr(value, "__array_function__")


def as_array(value: Any) -> Any:
    """Return an array as it is（读成数组）, and anything else as NumPy reads it.

    Parameters
    ----------
    value : array_like
        An array of any library, or numbers in lists.

    Returns
    -------
    array
        A `foreign` array itself; otherwise one of NumPy's.

    Examples
    --------
    >>> as_array([1.0, 2.0])
    array([1., 2.])
    """
    return value if foreign(value) else np.asarray(value)


def on_host(array: Any) -> NDArray[Any]:
    """Return an array where NumPy can use it（取回内存）: copied from the GPU, if it lies there.

    Parameters
    ----------
    array : array
        NumPy's, or one with a method ``get``, as CuPy's have.

    Returns
    -------
    ndarray
        Its numbers.
    """
    return array.get() if hasattr(array, "get") else np.asarray(array)


def positive(name: str, value: object) -> float:
    """Return a positive finite real number（正实数）, or raise.

    Parameters
    ----------
    name : str
        What the number is, for the message.
    value : object
        What was given.

    Returns
    -------
    float
        The number; an int stays one.

    Raises
    ------
    TypeError
        If ``value`` is not a real number (a bool is not).
    ValueError
        If it is zero, negative, infinite or NaN.

    Examples
    --------
    >>> positive("learning_rate", np.float32(0.5))
    0.5
    """
    number = _real(name, value, "a positive number such as 0.1")
    if not (isfinite(number) and number > 0):
        raise ValueError(
            f"{name} must be positive and finite, such as 0.1, but {_shown(value)} was given"
        )
    return number


def nonnegative(name: str, value: object) -> float:
    """Return a finite real number of zero or more（非负实数）, or raise.

    Parameters
    ----------
    name : str
        What the number is, for the message.
    value : object
        What was given.

    Returns
    -------
    float
        The number; an int stays one.

    Raises
    ------
    TypeError
        If ``value`` is not a real number (a bool is not).
    ValueError
        If it is negative, infinite or NaN.
    """
    number = _real(name, value, "a number of zero or more, such as 0.1")
    if not (isfinite(number) and number >= 0):
        raise ValueError(f"{name} must be zero or more and finite, but {_shown(value)} was given")
    return number


def rates(name: str, value: Any) -> Any:
    """Return a learning rate（学习率）, a positive number or an array of such, or raise.

    Parameters
    ----------
    name : str
        What it is, for the message.
    value : float or array_like
        What was given.

    Returns
    -------
    float or ndarray
        The number, as `positive` returns it; or a new array of float64, not to be changed.

    Raises
    ------
    TypeError
        If there is something other than real numbers.
    ValueError
        If one of them is zero, negative, infinite or NaN, or if the rows differ in length.

    Examples
    --------
    >>> rates("learning_rate", [0.1, 2])
    array([0.1, 2. ])
    """
    try:
        array = as_array(value)
    except ValueError as error:
        raise ValueError(f"the rows of {name} = {value!r} differ in length") from error
    if array.ndim == 0:
        return positive(name, value)
    if array.dtype.kind not in "iuf":
        raise TypeError(
            f"{name} must be a positive number such as 0.1, or an array of such numbers, but "
            f"{value!r}, which holds {array.dtype} values, was given"
        )
    if array.size == 0 or not (np.isfinite(array) & (array > 0)).all():
        raise ValueError(
            f"{name} must be positive and finite, such as 0.1, in every place, but {value!r} was "
            "given"
        )
    array = array.astype(np.float64)
    if isinstance(array, np.ndarray):
        array.setflags(write=False)
    return array


def fits(rate: Any, x: Any) -> None:
    """Raise unless a learning rate is a number or fits x, axis by axis（形状相合）.

    Parameters
    ----------
    rate : float or ndarray
        The learning rate.
    x : ndarray, shape (d, ...)
        The start.

    Raises
    ------
    ValueError
        If it has not as many axes as x, or one that is neither 1 nor as long as that of x.
    """
    if not hasattr(rate, "ndim"):
        return
    if rate.ndim != len(x.shape) or any(
        n not in (1, m) for n, m in zip(rate.shape, x.shape, strict=True)
    ):
        example = (x.shape[0], *[1] * (len(x.shape) - 1))
        raise ValueError(
            "an array of learning rates must have the axes of x, each as long or of length 1, but "
            f"its shape is {rate.shape} and x has {x.shape}; for one rate a component give an "
            f"array of shape {example}"
        )


def matrix(name: str, value: Any) -> None:
    """Raise unless an array is a matrix（矩阵）, with rows and columns.

    Parameters
    ----------
    name : str
        What it is, for the message.
    value : ndarray
        What was given.

    Raises
    ------
    ValueError
        If it has not two axes, or none along one of them.
    """
    if len(value.shape) != 2 or 0 in value.shape:
        raise ValueError(
            f"{name} must be a matrix, of shape (m, n), but its shape is {value.shape}; give each "
            "matrix of a model a Muon of its own, and what is no matrix another optimizer"
        )


def fraction(name: str, value: object) -> float:
    """Return a real number from 0 up to, but not including, 1（小于 1 的比例）, or raise.

    Parameters
    ----------
    name : str
        What the number is, for the message.
    value : object
        What was given.

    Returns
    -------
    float
        The number; an int stays one.

    Raises
    ------
    TypeError
        If ``value`` is not a real number (a bool is not).
    ValueError
        If it is negative, 1 or more, or NaN.
    """
    number = _real(name, value, "a number from 0 up to, but not including, 1, such as 0.9")
    if not 0 <= number < 1:
        raise ValueError(
            f"{name} must be at least 0 and less than 1, such as 0.9, but {_shown(value)} was given"
        )
    return number


def whole(name: str, value: object, least: int = 1) -> int:
    """Return a whole number（整数） of ``least`` or more, or raise.

    Parameters
    ----------
    name : str
        What the number is, for the message.
    value : object
        What was given.
    least : int
        The smallest number allowed.

    Returns
    -------
    int
        The number.

    Raises
    ------
    TypeError
        If ``value`` is not a whole number (a bool is not).
    ValueError
        If it is less than ``least``, or too large for an array to count so far.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(
            f"{name} must be a whole number such as 100, but {value!r} "
            f"({type(value).__name__}) was given"
        )
    number = int(value)
    if number < least:
        raise ValueError(f"{name} must be {least} or more, but {_shown(value)} was given")
    if number >= 2**63:
        raise ValueError(f"{name} must be less than 2**63, but {_shown(value)} was given")
    return number


def switch(name: str, value: object) -> bool:
    """Return True or False（开关）, or raise.

    Parameters
    ----------
    name : str
        What it switches, for the message.
    value : object
        What was given.

    Returns
    -------
    bool
        The same.

    Raises
    ------
    TypeError
        If ``value`` is neither True nor False.
    """
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, but {value!r} was given")
    return bool(value)


def function(name: str, value: object, example: str) -> None:
    """Raise unless ``value`` is a function（函数）, or anything else that can be called.

    Parameters
    ----------
    name : str
        What it is, for the message.
    value : object
        What was given.
    example : str
        What would do, for the message.

    Raises
    ------
    TypeError
        If ``value`` cannot be called.
    """
    if not callable(value):
        raise TypeError(f"{name} must be a function, such as {example}, but {value!r} was given")


def stepping(value: object) -> None:
    """Raise unless ``value`` is an optimizer（优化器）: it has ``init`` and ``update``.

    Parameters
    ----------
    value : object
        What was given for an optimizer.

    Raises
    ------
    TypeError
        If it is none, or the class of one.
    """
    if isinstance(value, type):
        raise TypeError(
            "optimizer must be an Optimizer, such as GradientDescent(0.1), but the class "
            f"{value.__name__} was given; call it, with a learning rate"
        )
    if not (hasattr(value, "init") and hasattr(value, "update")):
        raise TypeError(
            f"optimizer must be an Optimizer, such as GradientDescent(0.1), but {value!r} was given"
        )


def intervals(
    name: str, value: object, count: int | None = None
) -> tuple[tuple[float, float], ...]:
    """Return intervals（区间） as tuples of float, or raise.

    Parameters
    ----------
    name : str
        What they are, for the message.
    value : object
        What was given.
    count : int, optional
        How many there must be, one for each component; one or more by default.

    Returns
    -------
    tuple of (low, high)
        The same.

    Raises
    ------
    ValueError
        If these are no pairs of finite numbers, the lower first, or not so many.

    Examples
    --------
    >>> intervals("limits", [(-5, 5)])
    ((-5.0, 5.0),)
    """
    pairs = rows(value) or ()
    right = all(len(pair) == 2 and -inf < pair[0] < pair[1] < inf for pair in pairs)
    if not pairs or not right or len(pairs) != (count or len(pairs)):
        example = ", ".join(["(-5, 5)"] * (count or 2))
        raise ValueError(
            f"{name} must be a pair (low, high) with low < high for each component, such as "
            f"[{example}], but {value!r} was given"
        )
    return tuple((low, high) for low, high in pairs)


def rows(value: Any) -> tuple[tuple[float, ...], ...] | None:
    """Return rows of numbers（数的行） as tuples of float.

    Parameters
    ----------
    value : object
        What was given.

    Returns
    -------
    tuple of tuple of float, or None
        The rows; None where there are none to be read.

    Examples
    --------
    >>> rows([(3, 2)]), rows((3, 2))
    (((3.0, 2.0),), None)
    """
    try:
        return tuple(tuple(float(number) for number in row) for row in value)
    except (TypeError, ValueError):
        return None


def settle(thing: Any, **checks: Any) -> None:
    """Check the numbers of a frozen dataclass（检查各字段）, and keep what the checks return.

    Parameters
    ----------
    thing : object
        The dataclass, in its ``__post_init__``.
    checks : callable
        For each field, by name, its check: a name and a value to what shall be kept.
    """
    for name, check in checks.items():
        object.__setattr__(thing, name, check(name, getattr(thing, name)))


def _real(name: str, value: object, expected: str) -> float:
    """Return a real number as Python's own; what no float can hold is infinite."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(
            f"{name} must be {expected}, but {value!r} ({type(value).__name__}) was given"
        )
    try:
        number = float(value)
    except OverflowError:
        return -inf if value < 0 else inf
    return int(value) if isinstance(value, Integral) and abs(number) < 2**53 else number


def _shown(value: object) -> str:
    """Write down what was given; of a very long number the digits would help nobody."""
    long = isinstance(value, int) and abs(value) >= 10**40
    return "a number of more than 40 digits" if long else repr(value)
