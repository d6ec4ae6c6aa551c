"""Formulas of gdcore in other languages（记录运算并译成别的语言）: one tape, several dialects.

No formula is written twice. gdcore's own functions are called with symbols in place of numbers, and
each operation that they carry out is noted on a `Tape`; a `Dialect`, a table of spellings, says how
the tape reads in a language. So the other language does the same operations in the same order, and
its results are gdcore's to the last bit wherever both compute alike: IEEE 754 fixes + - * / and the
square root, but not sin, cos and exp.

Examples
--------
>>> from gdcore import parabola
>>> tape = Tape()
>>> [slope] = parabola.grad(tape.symbols("x"))
>>> tape.written(JAVASCRIPT), slope.name
('const t0=2*x;', 't0')
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcore.objectives import Objective
from gdcore.optimizers import Optimizer

__all__ = [
    "GLSL",
    "JAVASCRIPT",
    "PYTHON",
    "C",
    "Dialect",
    "Symbol",
    "Tape",
    "freed",
    "leaves",
    "note_objective",
    "note_step",
    "parameters",
    "refilled",
]

FUNCTIONS = ("cos", "cosh", "exp", "log", "log1p", "sign", "sin", "sinh", "sqrt", "tan", "tanh")


@dataclass(frozen=True)
class Dialect:
    """How a language spells what stands on a tape（一种语言的写法表）.

    Parameters
    ----------
    let : str
        A line of the tape: the name of a result, {0}, and the expression that it is, {1}.
    spellings : mapping of str to str
        For each operation of a tape its expression, with {0}, {1} for the operands. One for a
        certain last operand, as in "power 3.0", goes before that for all.
    number : callable
        How a float is written so that it reads back the same.
    put : str
        What gives the place {1} of the array {0} the value {2}.

    Examples
    --------
    >>> loud = Dialect("LET {0} = {1}", {"multiply": "{0} TIMES {1}"}, repr)
    >>> loud.spell(0.5)
    '0.5'
    """

    let: str
    spellings: Mapping[str, str]
    number: Callable[[float], str]
    put: str = "{0}[{1}]={2};"

    def spell(self, value: Any) -> str:
        """Write an operand: the name of a symbol, or a number.

        Parameters
        ----------
        value : Symbol or float
            What to write.

        Returns
        -------
        str
            It in this language, a negative number in parentheses.

        Examples
        --------
        >>> JAVASCRIPT.spell(-0.5), JAVASCRIPT.spell(np.float64(3))
        ('(-0.5)', '3')
        """
        if isinstance(value, Symbol):
            return value.name
        text = self.number(float(value))
        return f"({text})" if text.startswith("-") else text

    def express(self, operation: str, *operands: str | float) -> str:
        """Write an operation（写一次运算） on names and numbers.

        Parameters
        ----------
        operation : str
            One that a tape notes.
        operands : str or float
            Names of results, or numbers.

        Returns
        -------
        str
            An expression in this language.

        Raises
        ------
        KeyError
            If the dialect has no spelling for the operation.

        Examples
        --------
        >>> JAVASCRIPT.express("power", "x", 3.0), GLSL.express("power", "x", 3.0)
        ('x**3', 'x*x*x')
        """
        special = self.spellings.get(f"{operation} {operands[-1]}")
        spelling = special or self.spellings[operation]
        return spelling.format(*(v if isinstance(v, str) else self.spell(v) for v in operands))

    def puts(self, name: str, values: Iterable[Any]) -> str:
        """Write what puts values into an array（依次存入数组）.

        Parameters
        ----------
        name : str
            What the language calls the array.
        values : iterable of Symbol or float
            What it holds from its first place on.

        Returns
        -------
        str
            A statement for each of them.

        Examples
        --------
        >>> JAVASCRIPT.puts("out", [0.5, *Tape().symbols("x")])
        'out[0]=0.5;out[1]=x;'
        """
        return "".join(self.put.format(name, i, self.spell(v)) for i, v in enumerate(values))


def _shortest(number: float) -> str:
    """Write a float in as few digits as read back to it; a whole number without a point."""
    whole = number.is_integer() and abs(number) < 1e15
    return repr(int(number) if whole else number)


#: JavaScript, in which every number is a double.
JAVASCRIPT = Dialect(
    let="const {0}={1};",
    spellings={
        "negative": "-{0}",
        "add": "{0}+{1}",
        "subtract": "{0}-{1}",
        "multiply": "{0}*{1}",
        "divide": "{0}/{1}",
        "divide_where_positive": "{1}>0?{0}/{1}:0",
        "power": "{0}**{1}",
        "greater": "{0}>{1}",
        **{name: f"Math.{name}({{0}})" for name in FUNCTIONS},
        "sign": "Math.sign({0})+0",  # NumPy's sign of −0 is 0
    },
    number=_shortest,
)

#: GLSL ES 3.00, the language of WebGL 2, whose floats have 24 bits. Its pow knows no negative base,
#: so whole powers are products.
GLSL = Dialect(
    let="float {0}={1};",
    spellings={
        **JAVASCRIPT.spellings,
        "divide_where_positive": "{1}>0.0?{0}/{1}:0.0",
        "power": "pow({0},{1})",
        **{f"power {n}.0": "*".join(["{0}"] * n) for n in range(1, 9)},
        "greater": "float({0}>{1})",
        **{name: f"{name}({{0}})" for name in FUNCTIONS},
        "log1p": "log(1.0+{0})",
    },
    number=repr,
)

#: C, and CUDA, which is C on a GPU. Numbers are doubles, and a compiler that is told not to fuse
#: products and sums computes as NumPy does; NumPy, too, has a root and a quotient for these powers.
C = Dialect(
    let="  const double {0} = {1};\n",
    spellings={
        **JAVASCRIPT.spellings,
        "power": "pow({0},{1})",
        "power 0.5": "sqrt({0})",
        "power -1.0": "1/{0}",
        **{name: f"{name}({{0}})" for name in FUNCTIONS},
        "sign": "{0}>0?1:{0}<0?-1:{0}==0?0:{0}",
    },
    number=repr,
    put="  {0}[{1}] = {2};\n",
)

#: Python without NumPy, as MicroPython runs it in a page, after ``from math import *``. It has no
#: log1p, and it raises an error where the others give infinity.
PYTHON = Dialect(
    let="{0}={1};",
    spellings={
        **JAVASCRIPT.spellings,
        "divide_where_positive": "({0}/{1} if {1}>0 else 0)",
        **{name: f"{name}({{0}})" for name in FUNCTIONS},
        "log1p": "log(1+{0})",
        "sign": "(({0}>0)-({0}<0))",
    },
    number=_shortest,
)


class Tape:
    """The operations of a function in their order（运算记录）; the same one is noted only once.

    Examples
    --------
    >>> tape = Tape()
    >>> [x] = tape.symbols("x")
    >>> y = x * x + x
    >>> tape.noted("multiply", x, x), tape.noted("divide", x, x)
    (True, False)
    """

    def __init__(self) -> None:
        self._names: dict[tuple[Any, ...], str] = {}  # an operation, and the name of its result

    def symbols(self, *names: str) -> NDArray[Any]:
        """Return numbers that are not known yet（未知数）, to call a function with.

        Parameters
        ----------
        names : str
            What the other language calls them.

        Returns
        -------
        ndarray of Symbol, shape (len(names),)
            A point, for example.

        Examples
        --------
        >>> Tape().symbols("x", "y").shape
        (2,)
        """
        return np.array([Symbol(self, name) for name in names], dtype=object).view(_Symbols)

    def note(self, operation: str, *operands: object) -> "Symbol":
        """Note an operation（记下一次运算） unless it stands there already.

        Parameters
        ----------
        operation : str
            One that dialects spell.
        operands : Symbol or float
            What it is done with.

        Returns
        -------
        Symbol
            Its result.

        Examples
        --------
        >>> tape = Tape()
        >>> [x] = tape.symbols("x")
        >>> tape.note("sin", x).name, tape.note("cos", x).name, tape.note("sin", x).name
        ('t0', 't1', 't0')
        """
        name = self._names.setdefault(_key(operation, operands), f"t{len(self._names)}")
        return Symbol(self, name)

    def noted(self, operation: str, *operands: object) -> bool:
        """Tell whether an operation stands on the tape（是否已记下）.

        Parameters
        ----------
        operation : str
            One that dialects spell.
        operands : Symbol or float
            What it would be done with.

        Returns
        -------
        bool
            Whether it does.
        """
        return _key(operation, operands) in self._names

    def results(self, operation: str) -> list["Symbol"]:
        """Return what an operation has given（某种运算的结果）, wherever it stands on the tape.

        Parameters
        ----------
        operation : str
            One that dialects spell.

        Returns
        -------
        list of Symbol
            Its results, in the order in which they were noted.

        Examples
        --------
        >>> tape = Tape()
        >>> _ = np.sqrt(2 * tape.symbols("x", "y"))
        >>> [root.name for root in tape.results("sqrt")]
        ['t2', 't3']
        """
        found = (name for (noted, *_), name in self._names.items() if noted == operation)
        return [Symbol(self, name) for name in found]

    def written(self, dialect: Dialect) -> str:
        """Write the tape in a language（写成某种语言）, one statement a line of it.

        Parameters
        ----------
        dialect : Dialect
            The language.

        Returns
        -------
        str
            Its statements, in the order in which they were noted.

        Raises
        ------
        KeyError
            If the dialect has no spelling for an operation.
        """
        return "".join(
            dialect.let.format(name, dialect.express(operation, *operands))
            for (operation, *operands), name in self._names.items()
        )


def _key(operation: str, operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """An operation as a tape knows it: symbols by their names, numbers as floats."""
    return (operation, *(v.name if isinstance(v, Symbol) else float(v) for v in operands))


def _binary(operation: str, swapped: bool = False) -> Callable[["Symbol", object], Any]:
    def noted(self: "Symbol", other: object) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented  # NumPy goes through the array, element by element
        return self.tape.note(operation, *((other, self) if swapped else (self, other)))

    return noted


def _function(name: str) -> Callable[["Symbol"], "Symbol"]:
    def noted(self: "Symbol") -> "Symbol":
        return self.tape.note(name, self)

    noted.__doc__ = f"Note the function {name}, which NumPy calls by this name."
    return noted


class Symbol:
    """A number that is not known yet（未知数）: what is done with it is noted on its tape.

    NumPy's functions call an object's method of their name, so `numpy.sin` of a symbol is noted,
    too. A comparison ``symbol > 0`` is noted and true; a division by that symbol which follows it
    is, as ``numpy.divide(…, where=symbol > 0)`` means it, 0 where the symbol is not positive.

    Parameters
    ----------
    tape : Tape
        Where operations are noted.
    name : str
        What the other language calls it.

    Examples
    --------
    >>> tape = Tape()
    >>> x = Symbol(tape, "x")
    >>> y = np.sin(x) * x
    >>> x.name, y.name, tape.noted("sin", x)
    ('x', 't1', True)
    """

    def __init__(self, tape: Tape, name: str) -> None:
        self.tape, self.name = tape, name

    def __neg__(self) -> "Symbol":
        return self.tape.note("negative", self)

    def __pow__(self, power: float) -> "Symbol":
        return self.tape.note(*(("multiply", self, self) if power == 2 else ("power", self, power)))

    def __gt__(self, other: object) -> bool:
        self.tape.note("greater", self, other)
        return True

    def __truediv__(self, other: object) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        guarded = isinstance(other, Symbol) and self.tape.noted("greater", other, 0)
        return self.tape.note("divide_where_positive" if guarded else "divide", self, other)

    def __rtruediv__(self, other: object) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        guarded = self.tape.noted("greater", self, 0)
        return self.tape.note("divide_where_positive" if guarded else "divide", other, self)

    __add__, __radd__ = _binary("add"), _binary("add", swapped=True)
    __sub__, __rsub__ = _binary("subtract"), _binary("subtract", swapped=True)
    __mul__, __rmul__ = _binary("multiply"), _binary("multiply", swapped=True)
    cos, cosh, exp, log, log1p, sign, sin, sinh, sqrt, tan, tanh = map(_function, FUNCTIONS)


class _Symbols(np.ndarray[Any, Any]):
    """Symbols in an array. Of its functions NumPy asks an object in it, but not of its sign."""

    def __array_ufunc__(self, ufunc: Any, method: Any, *inputs: Any, **kwargs: Any) -> Any:
        def plain(value: Any) -> Any:
            return value.view(np.ndarray) if isinstance(value, _Symbols) else value

        if "out" in kwargs:
            kwargs["out"] = tuple(map(plain, kwargs["out"]))
        if ufunc is np.sign:
            result = np.array([symbol.sign() for symbol in plain(self)], dtype=object)
        else:
            result = getattr(ufunc, method)(*map(plain, inputs), **kwargs)
        of_objects = isinstance(result, np.ndarray) and result.dtype.kind == "O"
        return result.view(_Symbols) if of_objects else result


def parameters(optimizer: Optimizer) -> dict[str, float]:
    """Return an optimizer's numbers by name（优化器的参数）; its switches are left out.

    Parameters
    ----------
    optimizer : Optimizer
        One of gdcore's.

    Returns
    -------
    dict of str to float
        Its numbers, in the order of its fields.

    Examples
    --------
    >>> from gdcore import Momentum
    >>> parameters(Momentum(0.1, 0.5))
    {'learning_rate': 0.1, 'beta': 0.5}
    """
    values = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}  # type: ignore[arg-type]
    return {name: value for name, value in values.items() if not isinstance(value, bool)}


def freed(optimizer: Optimizer, numbers: Mapping[str, Symbol]) -> Optimizer:
    """Return an optimizer with symbols in place of its numbers（参数未定的优化器）.

    Parameters
    ----------
    optimizer : Optimizer
        One of gdcore's.
    numbers : mapping of str to Symbol
        What stands for which of its `parameters`.

    Returns
    -------
    Optimizer
        Of the same class, made without its checks, for these are for numbers.

    Examples
    --------
    >>> from gdcore import GradientDescent
    >>> tape = Tape()
    >>> [rate] = tape.symbols("rate")
    >>> freed(GradientDescent(0.1), {"learning_rate": rate}).learning_rate.name
    'rate'
    """
    free = object.__new__(type(optimizer))
    for field in fields(optimizer):  # type: ignore[arg-type]
        value = numbers.get(field.name, getattr(optimizer, field.name))
        object.__setattr__(free, field.name, value)
    return free


def leaves(state: object) -> list[Any]:
    """Return the numbers of a state（状态里的数）, of whatever tuples and arrays it is made.

    Parameters
    ----------
    state : object
        The state of an optimizer.

    Returns
    -------
    list
        Its numbers or symbols, in their order.

    Examples
    --------
    >>> leaves((3, np.array([1, 2])))
    [3, np.int64(1), np.int64(2)]
    """
    if isinstance(state, tuple | np.ndarray):
        return [leaf for part in state for leaf in leaves(part)]
    return [state]


def refilled(state: object, numbers: Iterator[object]) -> Any:
    """Return a state of the same make with other numbers（换上别的数的状态）.

    Parameters
    ----------
    state : object
        The state of an optimizer.
    numbers : iterator
        As many numbers or symbols as it has `leaves`.

    Returns
    -------
    object
        The other state.

    Examples
    --------
    >>> refilled((3, (1, 2)), iter("abc"))
    ('a', ('b', 'c'))
    """
    if isinstance(state, tuple):
        return tuple(refilled(part, numbers) for part in state)
    if isinstance(state, np.ndarray):
        return np.array([next(numbers) for _ in state], dtype=object)
    return next(numbers)


def note_objective(
    objective: Objective, names: Iterable[str], *functions: str
) -> tuple[Tape, list[Any]]:
    """Note what an objective's functions do（记录目标函数的运算）, all on one tape.

    Parameters
    ----------
    objective : Objective
        One of gdcore's.
    names : iterable of str
        What the other language calls the d components of a point.
    functions : str
        Which: "value", "grad" or "hess".

    Returns
    -------
    tape : Tape
        What is computed.
    results : list of Symbol or float
        What they return: 1, d or d² numbers each.

    Raises
    ------
    TypeError
        If the objective does what symbols do not know.

    Examples
    --------
    >>> from gdcore import parabola
    >>> tape, results = note_objective(parabola, "x", "value", "grad")
    >>> tape.written(JAVASCRIPT) + JAVASCRIPT.puts("out", results)
    'const t0=x*x;const t1=2*x;out[0]=t0;out[1]=t1;'
    """
    tape = Tape()
    x = tape.symbols(*names)
    try:
        return tape, [leaf for name in functions for leaf in leaves(getattr(objective, name)(x))]
    except (AttributeError, TypeError) as error:
        raise TypeError(
            f"The objective {objective.name} does something that cannot be written as JavaScript "
            f"or C yet; teach it to Symbol in gdcore/trace.py. ({error})"
        ) from error


def note_step(
    optimizer: Optimizer, x: Sequence[str], g: Sequence[str], names: Sequence[str]
) -> tuple[Tape, list[Any], NDArray[Any], list[Any]]:
    """Note an optimizer's start and its step（记录优化器的一步）, for numbers not known yet.

    Parameters
    ----------
    optimizer : Optimizer
        One of gdcore's.
    x : sequence of str, length d
        What the other language calls the components of a point.
    g : sequence of str, length d
        What it calls those of the gradient there.
    names : sequence of str
        Which of its `parameters` are p[0], p[1], …. A learning rate that is none of them is r[0],
        …, r[d - 1], one a component; other numbers are the optimizer's own.

    Returns
    -------
    tape : Tape
        What a step computes.
    start : list of float or Symbol
        The `leaves` of the state at x.
    step : ndarray of Symbol, shape (d,)
        What is to be added to x, if the state before is s[0], s[1], ….
    after : list of Symbol or float
        The leaves of the state after it.

    Examples
    --------
    >>> from gdcore import GradientDescent, Momentum
    >>> tape, start, [step], after = note_step(Momentum(0.1), "x", "g", ["learning_rate", "beta"])
    >>> tape.written(JAVASCRIPT), start, step.name, after[0].name
    ('const t0=p[1]*s[0];const t1=t0+g;const t2=-p[0];const t3=t2*t1;', [0], 't3', 't1')
    >>> note_step(GradientDescent(0.1), "x", "g", [])[0].written(JAVASCRIPT)
    'const t0=-r[0];const t1=t0*g;'
    """
    tape = Tape()
    numbers: dict[str, Any] = {"learning_rate": tape.symbols(*_indexed("r", len(x)))}
    numbers |= zip(names, tape.symbols(*_indexed("p", len(names))), strict=True)
    free, at = freed(optimizer, numbers), tape.symbols(*x)
    start = free.init(at)
    before = refilled(start, iter(tape.symbols(*_indexed("s", len(leaves(start))))))
    step, after = free.update(tape.symbols(*g), before, at)
    return tape, leaves(start), step, leaves(after)


def _indexed(name: str, count: int) -> list[str]:
    """name[0], name[1], …"""
    return [f"{name}[{i}]" for i in range(count)]
