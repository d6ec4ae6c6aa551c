"""gdcore's formulas as JavaScript functions, for the pages in which a reader tries them.

What they compute is gdcore's, noted by `gdcore.trace` operation by operation; here stands only how
a page calls them.
"""

import json
import re

from sphinx.errors import ExtensionError

from gdcore.objectives import Objective
from gdcore.optimizers import Optimizer
from gdcore.trace import JAVASCRIPT, Tape, freed, leaves, parameters, refilled


def objective_js(objective: Objective) -> str:
    """Return ``(x, y, out) => …``, which puts f and the components of its gradient into out."""
    tape = Tape()
    x = tape.symbols(*"xy"[: objective.dim])
    try:
        results = [objective.value(x), *objective.grad(x)]
    except (AttributeError, TypeError) as error:
        raise ExtensionError(
            f"The objective {objective.name} does something that cannot be written as JavaScript "
            f"yet; teach it to Symbol in gdcore/trace.py. ({error})"
        ) from error
    return f"(x,y,out)=>{{{tape.written(JAVASCRIPT)}{puts('out', results)}}}"


def optimizer_js(optimizer: Optimizer) -> str:
    """Return an optimizer for two components: its start and its step, for numbers of the reader's.

    ``start(x, y)`` is its state there as a plain array. ``step(g, s, p, out, x, y)`` puts the step
    from x, y for the gradient g[1], g[2] into out and the new state into s; p holds the parameters
    in order. Only an optimizer whose step depends on where it is, such as AdamW, reads x and y.
    One that divides by roots has ``roots``, and puts those of both components behind the step.
    """
    state = leaves(optimizer.init(Tape().symbols("x", "y")))
    start = f"(x,y)=>[{','.join(map(JAVASCRIPT.spell, state))}]"

    tape = Tape()
    names = parameters(optimizer)
    free = freed(optimizer, dict(zip(names, indexed(tape, "p", len(names)), strict=True)))
    shape = optimizer.init(tape.symbols("x", "y"))
    before = refilled(shape, iter(indexed(tape, "s", len(state))))
    step, after = free.update(tape.symbols("g[1]", "g[2]"), before, tape.symbols("x", "y"))
    roots = tape.results("sqrt")[-2:]  # of Adadelta's four the last, by which it divides
    body = tape.written(JAVASCRIPT) + puts("s", leaves(after)) + puts("out", [*step, *roots])
    has_roots = str(bool(roots)).lower()
    return f"{{start:{start},roots:{has_roots},step:(g,s,p,out,x,y)=>{{{body}}}}}"


def indexed(tape: Tape, name: str, count: int) -> list:
    """Return the symbols name[0], name[1], …"""
    return list(tape.symbols(*(f"{name}[{i}]" for i in range(count))))


def puts(name: str, values) -> str:
    """Write what puts values into an array."""
    return "".join(f"{name}[{i}]={JAVASCRIPT.spell(value)};" for i, value in enumerate(values))


def as_json(value: object) -> str:
    """Write data as JSON that may stand in a script."""
    return re.sub("</", r"<\/", json.dumps(value, ensure_ascii=False, separators=(",", ":")))
