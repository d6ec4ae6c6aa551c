"""Whole functions in other languages（译成别的语言的函数）, for pages that compute in a browser.

What they compute is on a tape of `gdcore.trace`; here stands how they are called. They serve
objectives of one variable or two, and optimizers of two components, x and y.
"""

from typing import Any

from gdcore.objectives import Objective
from gdcore.optimizers import Optimizer
from gdcore.trace import (
    GLSL,
    JAVASCRIPT,
    PYTHON,
    Dialect,
    Tape,
    note_objective,
    note_step,
    parameters,
)

COMPONENTS = "g[1]", "g[2]"  # of a gradient, behind f


def objective_js(objective: Objective) -> str:
    """Write an objective in JavaScript（目标函数的 JavaScript 写法）.

    Parameters
    ----------
    objective : Objective
        Of one variable or two.

    Returns
    -------
    str
        ``(x, y, out) => …``, which puts f and the components of its gradient into out.

    Raises
    ------
    TypeError
        If it does what symbols do not know.
    ValueError
        If it has more than two variables.

    Examples
    --------
    >>> from gdcore import parabola
    >>> objective_js(parabola)
    '(x,y,out)=>{const t0=x*x;const t1=2*x;out[0]=t0;out[1]=t1;}'
    """
    tape, results = _noted(objective)
    return f"(x,y,out)=>{{{tape.written(JAVASCRIPT)}{JAVASCRIPT.puts('out', results)}}}"


def objective_glsl(objective: Objective) -> str:
    """Write an objective in GLSL（目标函数的 GLSL 写法）.

    Parameters
    ----------
    objective : Objective
        Of one variable or two.

    Returns
    -------
    str
        ``vec3 run(float x, float y)``, which gives f and its gradient, two components always.

    Raises
    ------
    TypeError
        If it does what symbols do not know.
    ValueError
        If it has more than two variables.

    Examples
    --------
    >>> from gdcore import parabola
    >>> objective_glsl(parabola)
    'vec3 run(float x,float y){float t0=x*x;float t1=2.0*x;return vec3(t0,t1,0.0);}'
    """
    lines, three = _three(objective, GLSL)
    return f"vec3 run(float x,float y){{{lines}return vec3({three});}}"


def objective_python(objective: Objective) -> str:
    """Write an objective in plain Python（目标函数的 Python 写法）, on one line.

    Parameters
    ----------
    objective : Objective
        Of one variable or two.

    Returns
    -------
    str
        ``def objective(x, y)``, which gives f and its gradient, two components always. It needs
        ``from math import *``.

    Raises
    ------
    TypeError
        If it does what symbols do not know.
    ValueError
        If it has more than two variables.

    Examples
    --------
    >>> from gdcore import parabola
    >>> objective_python(parabola)
    'def objective(x,y): t0=x*x;t1=2*x;return t0,t1,0'
    """
    lines, three = _three(objective, PYTHON)
    return f"def objective(x,y): {lines}return {three}"


def _noted(objective: Objective) -> tuple[Tape, list[Any]]:
    """What computes f and its gradient at x, y, and their two or three numbers."""
    if objective.dim > 2:
        raise ValueError(
            f"An objective is written for one variable or two, x and y; {objective.name} has "
            f"{objective.dim}"
        )
    return note_objective(objective, "xy"[: objective.dim], "value", "grad")


def _three(objective: Objective, dialect: Dialect) -> tuple[str, str]:
    """The same, written: its statements, and three numbers, of which a missing one is 0."""
    tape, results = _noted(objective)
    return tape.written(dialect), ",".join(map(dialect.spell, [*results, 0][:3]))


def hess_js(objective: Objective) -> str:
    """Write a second derivative in JavaScript（二阶导数的 JavaScript 写法）.

    Parameters
    ----------
    objective : Objective
        Of one variable, with a Hessian.

    Returns
    -------
    str
        ``(x) => …``, the second derivative.

    Raises
    ------
    ValueError
        If the objective has more variables, or no Hessian.
    TypeError
        If it does what symbols do not know.

    Examples
    --------
    >>> from gdcore import catenary
    >>> hess_js(catenary)
    '(x)=>{const t0=x/2;const t1=Math.cosh(t0);const t2=t1/4;return t2;}'
    """
    if objective.dim != 1 or objective.hess is None:
        raise ValueError(
            f"A script uses hess, which is written for objectives of one variable that have it; "
            f"{objective.name} is none"
        )
    tape, [bend] = note_objective(objective, "x", "hess")
    return f"(x)=>{{{tape.written(JAVASCRIPT)}return {JAVASCRIPT.spell(bend)};}}"


def optimizer_js(optimizer: Optimizer) -> str:
    """Write an optimizer in JavaScript（优化器的 JavaScript 写法）, for numbers of a reader's.

    Parameters
    ----------
    optimizer : Optimizer
        One of gdcore's; of it only its kind and its switches are written.

    Returns
    -------
    str
        An object. Its ``start(x, y)`` gives the state there as a plain array. ``step(g, s, p, out,
        x, y)`` puts the step from x, y for the gradient g[1], g[2] into out and the new state into
        s; p holds the `gdcore.trace.parameters` in order. Only an optimizer whose step depends on
        where it is, such as AdamW, reads x and y. One that divides by roots has true ``roots``,
        and puts those of both components behind the step.

    Examples
    --------
    >>> from gdcore import GradientDescent
    >>> print(optimizer_js(GradientDescent(0.1)).replace(",step", ",\\nstep"))
    {start:(x,y)=>[],roots:false,
    step:(g,s,p,out,x,y)=>{const t0=-p[0];const t1=t0*g[1];const t2=t0*g[2];out[0]=t1;out[1]=t2;}}
    """
    tape, start, step, after = note_step(optimizer, "xy", COMPONENTS, [*parameters(optimizer)])
    roots = tape.results("sqrt")[-2:]  # of Adadelta's four the last, by which it divides
    begin, has_roots = ",".join(map(JAVASCRIPT.spell, start)), str(bool(roots)).lower()
    puts = JAVASCRIPT.puts("s", after) + JAVASCRIPT.puts("out", [*step, *roots])
    body = tape.written(JAVASCRIPT) + puts
    return f"{{start:(x,y)=>[{begin}],roots:{has_roots},step:(g,s,p,out,x,y)=>{{{body}}}}}"


def optimizer_glsl(optimizer: Optimizer) -> str:
    """Write an optimizer in GLSL（优化器的 GLSL 写法）, for numbers of a reader's.

    Parameters
    ----------
    optimizer : Optimizer
        One of gdcore's; of it only its kind and its switches are written.

    Returns
    -------
    str
        ``void start(float x, float y)`` and ``vec2 stepped(vec3 g, float x, float y)``, which gives
        the step. The state is a global s, the `gdcore.trace.parameters` are a uniform p.

    Examples
    --------
    >>> from gdcore import GradientDescent
    >>> print(optimizer_glsl(GradientDescent(0.1)).replace("vec2 s", "\\nvec2 s"))
    uniform float p[1];float s[1];void start(float x,float y){}
    vec2 stepped(vec3 g,float x,float y){float t0=-p[0];float t1=t0*g[1];float
    t2=t0*g[2];return vec2(t1,t2);}
    """
    names = [*parameters(optimizer)]
    tape, start, step, after = note_step(optimizer, "xy", COMPONENTS, names)
    return (
        f"uniform float p[{len(names)}];float s[{max(1, len(start))}];"
        f"void start(float x,float y){{{GLSL.puts('s', start)}}}"
        f"vec2 stepped(vec3 g,float x,float y){{{tape.written(GLSL)}{GLSL.puts('s', after)}"
        f"return vec2({','.join(map(GLSL.spell, step))});}}"
    )
