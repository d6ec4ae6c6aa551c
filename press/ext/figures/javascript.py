"""gdcore's formulas as JavaScript, for the pages in which a reader tries them.

Nothing is written twice: gdcore's own functions are called with symbols in place of numbers, and
each operation that they carry out is noted down as a line of JavaScript. So the page does the same
operations in the same order, and its results are gdcore's to the last bit, wherever both compute
alike: IEEE 754 fixes + - * / and the square root, but not sin, cos and exp.
"""

import json
import re
from dataclasses import fields

import numpy as np
from sphinx.errors import ExtensionError

from gdcore.objectives import Objective
from gdcore.optimizers import Optimizer


class Tape:
    """The operations of a function, in their order; the same one is noted down only once."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}  # an expression, and the name of its result

    def note(self, expression: str) -> "Symbol":
        name = self.lines.setdefault(expression, f"t{len(self.lines)}")
        return Symbol(self, name)

    def code(self) -> str:
        return "".join(f"const {name}={text};" for text, name in self.lines.items())


class Symbol:
    """A number that is not known yet: what is done with it is noted down on a tape."""

    def __init__(self, tape: Tape, name: str) -> None:
        self.tape, self.name = tape, name

    def __neg__(self):
        return self.tape.note(f"-{self.name}")

    def __pow__(self, power):
        return self * self if power == 2 else self.tape.note(f"{self.name}**{js(power)}")

    def __gt__(self, other):
        self.tape.note(f"{self.name}>{js(other)}")
        return True


def _binary(sign: str, swapped: bool = False):
    def operation(self: Symbol, other: object):
        if isinstance(other, np.ndarray):
            return NotImplemented  # NumPy goes through the array, element by element
        left, right = (js(other), self.name) if swapped else (self.name, js(other))
        expression = f"{left}{sign}{right}"
        if sign == "/" and f"{right}>0" in self.tape.lines:  # np.divide(..., where=right > 0)
            expression = f"{right}>0?{expression}:0"
        return self.tape.note(expression)

    return operation


for _name, _sign in {"add": "+", "sub": "-", "mul": "*", "truediv": "/"}.items():
    setattr(Symbol, f"__{_name}__", _binary(_sign))
    setattr(Symbol, f"__r{_name}__", _binary(_sign, swapped=True))


def _function(name: str):
    return lambda self: self.tape.note(f"Math.{name}({self.name})")


# NumPy calls them by these names, which are also those of JavaScript.
for _name in ("cos", "cosh", "exp", "log", "log1p", "sin", "sinh", "sqrt", "tan", "tanh"):
    setattr(Symbol, _name, _function(_name))


def js(value: object) -> str:
    """Write a symbol or a number; repr gives a float's digits so that they read back the same."""
    if isinstance(value, Symbol):
        return value.name
    number = float(value)
    text = repr(int(number) if number.is_integer() and abs(number) < 1e15 else number)
    return f"({text})" if text.startswith("-") else text


def symbols(tape: Tape, *names: str) -> np.ndarray:
    return np.array([Symbol(tape, name) for name in names], dtype=object)


def objective_js(objective: Objective) -> str:
    """Return ``(x, y, out) => …``, which puts f and the components of its gradient into out."""
    tape = Tape()
    x = symbols(tape, *"xy"[: objective.dim])
    try:
        results = [objective.value(x), *objective.grad(x)]
    except (AttributeError, TypeError) as error:
        raise ExtensionError(
            f"The objective {objective.name} does something that cannot be written as JavaScript "
            f"yet; teach it to Symbol in press/ext/figures/javascript.py. ({error})"
        ) from error
    puts = (f"out[{i}]={js(result)};" for i, result in enumerate(results))
    return f"(x,y,out)=>{{{tape.code()}{''.join(puts)}}}"


def optimizer_js(optimizer: Optimizer) -> str:
    """Return an optimizer for two components: its start and its step, for numbers of the reader's.

    ``start(x, y)`` is its state there as a plain array. ``step(g, s, p, out, x, y)`` puts the step
    from x, y for the gradient g[1], g[2] into out and the new state into s; p holds the parameters
    in order. Only an optimizer whose step depends on where it is, such as AdamW, reads x and y.
    """
    tape = Tape()
    numbers = parameters(optimizer)
    state = leaves(optimizer.init(symbols(tape, "x", "y")))
    start = f"(x,y)=>[{','.join(map(js, state))}]"

    tape = Tape()
    free = object.__new__(type(optimizer))  # its checks are for numbers, not for symbols
    for field in fields(optimizer):
        object.__setattr__(free, field.name, getattr(optimizer, field.name))
    for i, name in enumerate(numbers):
        object.__setattr__(free, name, Symbol(tape, f"p[{i}]"))
    shape = optimizer.init(symbols(tape, "x", "y"))
    named = iter([Symbol(tape, f"s[{i}]") for i in range(len(state))])
    x = symbols(tape, "x", "y")
    step, new = free.update(symbols(tape, "g[1]", "g[2]"), refilled(shape, named), x)
    puts = [f"s[{i}]={js(leaf)};" for i, leaf in enumerate(leaves(new))]
    puts += [f"out[{i}]={js(part)};" for i, part in enumerate(step)]
    return f"{{start:{start},step:(g,s,p,out,x,y)=>{{{tape.code()}{''.join(puts)}}}}}"


def parameters(optimizer: Optimizer) -> dict[str, float]:
    """Return an optimizer's numbers by name; its switches stay as they are."""
    values = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}
    return {name: value for name, value in values.items() if not isinstance(value, bool)}


def leaves(state: object) -> list:
    """Return the numbers of a state, of whatever tuples and arrays it is made."""
    if isinstance(state, tuple | np.ndarray):
        return [leaf for part in state for leaf in leaves(part)]
    return [state]


def refilled(state: object, numbers) -> object:
    """Return a state of the same make, with other numbers."""
    if isinstance(state, tuple):
        return tuple(refilled(part, numbers) for part in state)
    if isinstance(state, np.ndarray):
        return np.array([next(numbers) for _ in state], dtype=object)
    return next(numbers)


def as_json(value: object) -> str:
    """Write data as JSON that may stand in a script."""
    return re.sub("</", r"<\/", json.dumps(value, ensure_ascii=False, separators=(",", ":")))
