"""An array as strict as CuPy's that needs no GPU: NumPy's numbers, which NumPy cannot get at.

It takes NumPy's functions and operators, as far as CuPy 14 has them, and gives arrays of its own
kind, of no axes, too. What CuPy refuses it refuses: to be converted, also in a list; to go together
with arrays of NumPy's; ``where=``; the methods of functions, such as ``np.hypot.reduce``. `get` is
the one way back.
"""

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

FUNCTIONS = """
    argmin ascontiguousarray broadcast_to clip count_nonzero empty_like full_like moveaxis norm
    ones_like slogdet solve stack sum take_along_axis vdot where zeros_like
"""


class StrictArray(NDArrayOperatorsMixin):
    __array_priority__ = 100

    def __init__(self, numbers):
        self._numbers = np.array(numbers)

    def _own(self, result):
        """The same of an array of NumPy's, a view of it, or of each in a tuple."""
        if isinstance(result, tuple):
            return tuple(map(self._own, result))
        made = object.__new__(type(self))
        made._numbers = np.asarray(result)
        return made

    def __array__(self, *_, **__):
        raise TypeError("Implicit conversion to a NumPy array is not allowed.")

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **options):
        if method != "__call__" or ufunc.signature is not None:
            return NotImplemented
        if options:
            raise TypeError(f"Wrong arguments {options}")
        if out:
            ufunc(*map(numbers, inputs), out=tuple(map(numbers, out)))
            return out[0]
        return self._own(ufunc(*map(numbers, inputs)))

    def __array_function__(self, function, types, args, options):
        if function.__name__ not in FUNCTIONS.split():
            return NotImplemented
        options = {name: numbers(value) for name, value in options.items()}
        return self._own(function(*map(numbers, args), **options))

    def __getitem__(self, key):
        return self._own(self._numbers[numbers(key)])

    def __setitem__(self, key, value):
        self._numbers[numbers(key)] = numbers(value)

    def __matmul__(self, other):
        return self._own(self._numbers @ numbers(other))

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __len__(self):
        return len(self._numbers)

    def __bool__(self):
        return bool(self._numbers)

    def __float__(self):
        return float(self._numbers)

    def __int__(self):
        return int(self._numbers)

    def __repr__(self):
        return repr(self._numbers)

    shape = property(lambda self: self._numbers.shape)
    ndim = property(lambda self: self._numbers.ndim)
    size = property(lambda self: self._numbers.size)
    dtype = property(lambda self: self._numbers.dtype)
    T = property(lambda self: self._own(self._numbers.T))

    def get(self):
        return self._numbers.copy()

    def copy(self):
        return self._own(self._numbers.copy())

    def astype(self, dtype, copy=True):
        return self._own(self._numbers.astype(dtype, copy=copy))

    def all(self, axis=None):
        return self._own(self._numbers.all(axis))

    def any(self, axis=None):
        return self._own(self._numbers.any(axis))

    def sum(self, axis=None):
        return self._own(self._numbers.sum(axis))

    def max(self, axis=None):
        return self._own(self._numbers.max(axis))


def numbers(value):
    """What NumPy may work with in place of a strict array, or of several; never arrays of its own.

    >>> numbers([StrictArray([1, 2]), 3])
    [array([1, 2]), 3]
    """
    if isinstance(value, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    if isinstance(value, list | tuple):
        return type(value)(map(numbers, value))
    return value._numbers if isinstance(value, StrictArray) else value
