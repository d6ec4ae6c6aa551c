"""gdcore's formulas as functions of JavaScript, for the pages in which a reader tries them, and of
GLSL, for those that draw a map of many descents at once.

What they compute is gdcore's, noted by `gdcore.trace` operation by operation; here stand only how a
page calls them, and what it knows of an objective besides.
"""

import json
import re
from collections.abc import Callable, Container, Iterable
from functools import cache, partial

import numpy as np
from sphinx.errors import ExtensionError

from gdcore import trace
from gdcore.draw import BASINS, METHODS
from gdcore.objectives import OBJECTIVES, Objective
from gdcore.optimizers import OPTIMIZERS, Optimizer
from press.ext.figures.catalogue import example, title

LEVELS = 10  # contours of a landscape


def objective_js(objective: Objective) -> str:
    """Return ``(x, y, out) => …``, which puts f and the components of its gradient into out."""
    lines, results = noted(objective, trace.JAVASCRIPT)
    return f"(x,y,out)=>{{{lines}{puts('out', results)}}}"


def objective_glsl(objective: Objective) -> str:
    """Return ``vec3 run(float x, float y)``, which gives f and the components of its gradient."""
    lines, results = noted(objective, trace.GLSL)
    three = ",".join([*results, "0.0"][:3])
    return f"vec3 run(float x,float y){{{lines}return vec3({three});}}"


def objective_python(objective: Objective) -> str:
    """Return ``def objective(x, y)``, which gives f and its gradient, two components always."""
    lines, results = noted(objective, trace.PYTHON)
    return f"def objective(x,y): {lines}return {','.join([*results, '0'][:3])}"


def noted(objective: Objective, dialect: trace.Dialect) -> tuple[str, list[str]]:
    """Return what computes f and its gradient at x, y in a language, and their names there."""
    tape = trace.Tape()
    x = tape.symbols(*"xy"[: objective.dim])
    try:
        results = [objective.value(x), *objective.grad(x)]
    except (AttributeError, TypeError) as error:
        raise ExtensionError(
            f"The objective {objective.name} does something that cannot be written as JavaScript "
            f"yet; teach it to Symbol in gdcore/trace.py. ({error})"
        ) from error
    return tape.written(dialect), [dialect.spell(value) for value in results]


def hess_js(objective: Objective) -> str:
    """Return ``(x) => …``, the second derivative of an objective of one variable."""
    if objective.dim != 1 or objective.hess is None:
        raise ExtensionError(
            f"A script uses hess, which is written for objectives of one variable that have it; "
            f"{objective.name} is none"
        )
    tape = trace.Tape()
    [[bend]] = objective.hess(tape.symbols("x"))
    return f"(x)=>{{{tape.written(trace.JAVASCRIPT)}return {trace.JAVASCRIPT.spell(bend)};}}"


def optimizer_js(optimizer: Optimizer) -> str:
    """Return an optimizer for two components: its start and its step, for numbers of the reader's.

    ``start(x, y)`` is its state there as a plain array. ``step(g, s, p, out, x, y)`` puts the step
    from x, y for the gradient g[1], g[2] into out and the new state into s; p holds the parameters
    in order. Only an optimizer whose step depends on where it is, such as AdamW, reads x and y.
    One that divides by roots has ``roots``, and puts those of both components behind the step.
    """
    start, lines, after, step, roots = step_noted(optimizer, trace.JAVASCRIPT)
    body = lines + puts("s", after) + puts("out", [*step, *roots])
    start, has_roots = ",".join(start), str(bool(roots)).lower()
    return f"{{start:(x,y)=>[{start}],roots:{has_roots},step:(g,s,p,out,x,y)=>{{{body}}}}}"


def optimizer_glsl(optimizer: Optimizer) -> str:
    """Return the same as ``void start(float x, float y)`` and ``vec2 stepped(vec3 g, …)``.

    The state is a global s, the parameters are a uniform p, and the step is what is returned.
    """
    start, lines, after, step, _ = step_noted(optimizer, trace.GLSL)
    return (
        f"uniform float p[{len(trace.parameters(optimizer))}];float s[{max(1, len(start))}];"
        f"void start(float x,float y){{{puts('s', start)}}}"
        f"vec2 stepped(vec3 g,float x,float y){{{lines}{puts('s', after)}"
        f"return vec2({','.join(step)});}}"
    )


def step_noted(optimizer: Optimizer, dialect: trace.Dialect) -> tuple[list, str, list, list, list]:
    """Return a state at x, y; what computes a step; the state after it; the step; its roots."""
    tape = trace.Tape()
    names = trace.parameters(optimizer)
    free = trace.freed(optimizer, dict(zip(names, indexed(tape, "p", len(names)), strict=True)))
    start = optimizer.init(tape.symbols("x", "y"))
    state = trace.leaves(start)
    before = trace.refilled(start, iter(indexed(tape, "s", len(state))))
    step, after = free.update(tape.symbols("g[1]", "g[2]"), before, tape.symbols("x", "y"))
    roots = tape.results("sqrt")[-2:]  # of Adadelta's four the last, by which it divides

    def spelled(values: Iterable) -> list[str]:
        return [dialect.spell(value) for value in values]

    lines = tape.written(dialect)
    return spelled(state), lines, *map(spelled, (trace.leaves(after), step, roots))


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
    """Return gdcore as a script: all objectives and optimizers, or those of these names.

    With ``glsl`` or ``hess`` among the names they have their formulas in GLSL, too, or their second
    derivative.
    """

    def chosen(table: dict) -> list[tuple]:
        return [(name, its) for name, its in table.items() if names is None or name in names]

    def where(asked: str, text: Callable[[], str]) -> str:
        return f"{asked}:{text()}," if names and asked in names else ""

    def known(objective: Objective) -> str:
        its = facts(objective, lang)
        left_out = ("levels", "rates") if names else ()  # the explorer alone begins by them
        return as_json({key: fact for key, fact in its.items() if key not in left_out})

    objectives = ",\n".join(
        f"{name}:{{...{known(o)},{where('hess', partial(hess_js, o))}"
        f"{where('glsl', lambda o=o: as_json(objective_glsl(o)))}\nrun:{objective_js(o)}}}"
        for name, o in chosen(OBJECTIVES)
    )
    optimizers = ",\n".join(
        f'{name}:{{...{{"parameters":{as_json(trace.parameters(o))}}},'
        f"{where('glsl', lambda o=o: as_json(optimizer_glsl(o)))}...{optimizer_js(o)}}}"
        for name, o in chosen(OPTIMIZERS)
    )
    looks = {name: [METHODS[name].color, METHODS[name].dash] for name in OPTIMIZERS}
    return (
        "// Written by press: the formulas of gdcore, operation by operation.\n"
        f"Object.assign(book.gdcore.OBJECTIVES,{{{objectives}}});\n"
        f"Object.assign(book.gdcore.OPTIMIZERS,{{{optimizers}}});\n"
        f"book.gdcore.METHOD_LOOKS={as_json(looks)};\n"
        f"book.gdcore.BASIN_COLORS={as_json([basin.color for basin in BASINS])};\n"
    )


def indexed(tape: trace.Tape, name: str, count: int) -> list:
    """Return the symbols name[0], name[1], …"""
    return list(tape.symbols(*(f"{name}[{i}]" for i in range(count))))


def puts(name: str, values: Iterable[str]) -> str:
    """Write what puts values into an array."""
    return "".join(f"{name}[{i}]={value};" for i, value in enumerate(values))


def as_json(value: object) -> str:
    """Write data as JSON that may stand in a script."""
    return re.sub("</", r"<\/", json.dumps(value, ensure_ascii=False, separators=(",", ":")))
