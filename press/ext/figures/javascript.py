"""gdcore's formulas as JavaScript functions, for the pages in which a reader tries them.

What they compute is gdcore's, noted by `gdcore.trace` operation by operation; here stand only how a
page calls them, and what it knows of an objective besides.
"""

import json
import re
from collections.abc import Container
from functools import cache

import numpy as np
from sphinx.errors import ExtensionError

from gdcore.draw import BASINS, METHODS
from gdcore.objectives import OBJECTIVES, Objective
from gdcore.optimizers import OPTIMIZERS, Optimizer
from gdcore.trace import JAVASCRIPT, Tape, freed, leaves, parameters, refilled
from press.ext.figures.catalogue import example, title

RUNNERS = tuple(OPTIMIZERS)
LEVELS = 10  # contours of a landscape


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


def rates(objective: Objective) -> dict[str, float]:
    """Learning rates to begin with: the catalogue's, or a part of the picture's width a step."""
    limits, _, rate = example(objective)
    width = limits[0][1] - limits[0][0]
    chosen = {
        "gradient_descent": rate,
        "momentum": 0.2 * rate,
        "nesterov": 0.2 * rate,
        "adagrad": 0.1 * width,
        "rmsprop": 0.01 * width,
        "adadelta": 1.0,
        "adam": 0.02 * width,
        "adamw": 0.02 * width,
        "lion": 0.01 * width,
    }
    return {name: float(f"{value:.2g}") for name, value in chosen.items()}


def curvatures(objective: Objective, minimizer: tuple[float, ...]) -> list[float] | None:
    """Return the least and the greatest curvature at a minimizer, or None where there is none.

    They are eigenvalues of gdcore's Hessian or, where it gives none, of differences of its
    gradient, which at the tip of a cone depend on how far apart the points are.
    """
    x = np.array(minimizer)

    def differences(h: float) -> np.ndarray:
        steps = h * np.eye(len(x))
        return np.array([(objective.grad(x + s) - objective.grad(x - s)) / (2 * h) for s in steps])

    if objective.hess is not None:
        hessian = objective.hess(x)
    elif np.allclose(hessian := differences(1e-5), differences(1e-4), rtol=1e-4):
        hessian = (hessian + hessian.T) / 2
    else:
        return None
    values = np.linalg.eigvalsh(hessian)
    # Seven digits, for the last ones differ from one processor to the next.
    return [float(f"{value:.7g}") for value in (values[0], values[-1])] if values[0] > 0 else None


@cache
def contours(objective: Objective) -> list[float]:
    """Return the levels at which gdcore draws an objective's contours in its picture."""
    from matplotlib.figure import Figure  # only here, for it takes half a second to import

    from gdcore.draw import landscape

    if objective.dim == 1:
        return []
    [lines] = landscape(objective, Figure().subplots(), example(objective)[0], levels=LEVELS)
    return [float(f"{level:.7g}") for level in lines.levels]


def facts(objective: Objective, lang: str) -> dict:
    """Return what the explorer knows of an objective besides its formulas."""
    limits, start, _ = example(objective)
    minimizers = [*objective.minimizers, *objective.local_minimizers]
    return {
        "title": title(objective, lang),
        "dim": objective.dim,
        "limits": limits,
        "levels": contours(objective),
        "start": start,
        "rates": rates(objective),
        "minimizers": minimizers,
        "curvatures": [curvatures(objective, minimizer) for minimizer in minimizers],
        "minimum": objective.minimum,
    }


def gdcore_js(lang: str, names: Container[str] | None = None) -> str:
    """Return gdcore as a script: all objectives and optimizers, or those of these names."""

    def chosen(table: dict) -> list[tuple]:
        return [(name, its) for name, its in table.items() if names is None or name in names]

    objectives = ",\n".join(
        f"{name}:{{...{as_json(facts(o, lang))},\nrun:{objective_js(o)}}}"
        for name, o in chosen(OBJECTIVES)
    )
    optimizers = ",\n".join(
        f'{name}:{{...{{"parameters":{as_json(parameters(o))}}},...{optimizer_js(o)}}}'
        for name, o in chosen({name: OPTIMIZERS[name] for name in RUNNERS})
    )
    looks = {name: [METHODS[name].color, METHODS[name].dash] for name in RUNNERS}
    return (
        "// Written by press: the formulas of gdcore, operation by operation.\n"
        f"Object.assign(book.gdcore.OBJECTIVES,{{{objectives}}});\n"
        f"Object.assign(book.gdcore.OPTIMIZERS,{{{optimizers}}});\n"
        f"book.gdcore.METHOD_LOOKS={as_json(looks)};\n"
        f"book.gdcore.BASIN_COLORS={as_json([basin.color for basin in BASINS])};\n"
    )


def indexed(tape: Tape, name: str, count: int) -> list:
    """Return the symbols name[0], name[1], …"""
    return list(tape.symbols(*(f"{name}[{i}]" for i in range(count))))


def puts(name: str, values) -> str:
    """Write what puts values into an array."""
    return "".join(f"{name}[{i}]={JAVASCRIPT.spell(value)};" for i, value in enumerate(values))


def as_json(value: object) -> str:
    """Write data as JSON that may stand in a script."""
    return re.sub("</", r"<\/", json.dumps(value, ensure_ascii=False, separators=(",", ":")))
