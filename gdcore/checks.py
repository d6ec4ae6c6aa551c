"""Checks of arguments（参数检查） that several modules share, each with a message for a person."""

from math import isfinite
from numbers import Integral, Real

import numpy as np


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
    _real(name, value, "a positive number such as 0.1")
    if not (isfinite(value) and value > 0):
        raise ValueError(
            f"{name} must be positive and finite, such as 0.1, but {value!r} was given"
        )


def nonnegative(name: str, value: object) -> None:
    """Raise unless ``value`` is a finite real number of zero or more（非负实数）.

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
        If it is negative, infinite or NaN.
    """
    _real(name, value, "a number of zero or more, such as 0.1")
    if not (isfinite(value) and value >= 0):
        raise ValueError(f"{name} must be zero or more and finite, but {value!r} was given")


def fraction(name: str, value: object) -> None:
    """Raise unless ``value`` is a real number from 0 up to, but not including, 1（小于 1 的比例）.

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
        If it is negative, 1 or more, or NaN.
    """
    _real(name, value, "a number from 0 up to, but not including, 1, such as 0.9")
    if not 0 <= value < 1:
        raise ValueError(
            f"{name} must be at least 0 and less than 1, such as 0.9, but {value!r} was given"
        )


def whole(name: str, value: object, least: int = 1) -> None:
    """Raise unless ``value`` is a whole number（整数） of ``least`` or more.

    Parameters
    ----------
    name : str
        What the number is, for the message.
    value : object
        What was given.
    least : int
        The smallest number allowed.

    Raises
    ------
    TypeError
        If ``value`` is not a whole number (a bool is not).
    ValueError
        If it is less than ``least``.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(
            f"{name} must be a whole number such as 100, but {value!r} "
            f"({type(value).__name__}) was given"
        )
    if value < least:
        raise ValueError(f"{name} must be {least} or more, but {value!r} was given")


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


def _real(name: str, value: object, expected: str) -> None:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(
            f"{name} must be {expected}, but {value!r} ({type(value).__name__}) was given"
        )
