"""A function written in another language gives what gdcore's gives.

The oracle is gdcore, called with numbers. JavaScript runs in QuickJS and Python in itself; GLSL,
which differs little from C, is compiled as that, with doubles. They agree to the last bit where
there is nothing but + - * / and roots; what graphics make of GLSL is for a browser's tests.
"""

import ctypes
import json
import re
from dataclasses import fields, replace

import numpy as np
import pytest
import quickjs

from gdcore import (
    OBJECTIVES,
    OPTIMIZERS,
    Adam,
    AdamW,
    Momentum,
    Objective,
    himmelblau,
    parabola,
)
from gdcore.kernels import source
from gdcore.trace import JAVASCRIPT, leaves, note_step, parameters
from gdcore.translate import (
    hess_js,
    objective_glsl,
    objective_js,
    objective_python,
    optimizer_glsl,
    optimizer_js,
)
from tests.library.test_trace import EXACT, points
from tests.support.compiled import library

GLSL_IN_C = """
#include <math.h>
typedef double vec3 __attribute__((vector_size(32))), vec2 __attribute__((vector_size(16)));
#define vec3(...) ((vec3){__VA_ARGS__})
#define vec2(...) ((vec2){__VA_ARGS__})
#define uniform static
static double sign(double v) { return (v > 0) - (v < 0); }
"""
SWITCHED = OPTIMIZERS | {
    f"{name}, {field.name}": replace(optimizer, **{field.name: True})
    for name, optimizer in OPTIMIZERS.items()
    for field in fields(optimizer)
    if isinstance(getattr(optimizer, field.name), bool)
}
STARTS = np.array([[0.75, -1.5], [-3.0, 0.125]])
GRADS = np.array([[0.3, -2.0], [0.0, 7.5], [-1e3, 1e-6]])  # of three steps


def ours(objective):
    """f and the components of the gradient at each point, (20, 1 + d)."""
    return np.array([[objective.value(x), *objective.grad(x)] for x in points(objective)])


def assert_same(objective, found, exact):
    expected = ours(objective)
    if exact:
        np.testing.assert_array_equal(found, expected)
    else:
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13 * np.abs(expected).max())


@pytest.mark.parametrize("name", OBJECTIVES)
def test_an_objective_in_javascript(name):
    objective = OBJECTIVES[name]
    run = quickjs.Context().eval(
        f"(x, y) => {{ const out = []; ({objective_js(objective)})(x, y, out);"
        "return JSON.stringify(out); }"
    )
    found = [json.loads(run(*(float(v) for v in x))) for x in points(objective)]
    assert_same(objective, found, name in EXACT)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_an_objective_in_python(name):
    objective = OBJECTIVES[name]
    assert "\n" not in objective_python(objective)
    scope = {}
    exec(f"from math import *\n{objective_python(objective)}", scope)
    given = [[*map(float, x), 0.0][:2] for x in points(objective)]
    found = np.array([scope["objective"](*x) for x in given])
    assert found.shape[1] == 3 and not found[:, 1 + objective.dim :].any()
    assert_same(objective, found[:, : 1 + objective.dim], name in EXACT)


def in_c(glsl, main):
    """Compile GLSL with a function of C that calls it; no number in it may be a whole one."""
    assert re.findall(r"(?<![\w.\[])(?<!e-)\d+(?![\w.])", glsl) == []
    doubles = re.sub(r"\bfloat (?=[a-z])", "double ", glsl).replace("float(", "(double)(")
    return ctypes.CDLL(library(f"{GLSL_IN_C}{doubles}\n{main}")).walk


def call(function, *arrays):
    function(*(ctypes.c_void_p(array.ctypes.data) for array in arrays))


@pytest.fixture(autouse=True)
def folder(tmp_path_factory):
    if not hasattr(library, "folder"):
        library.folder = tmp_path_factory.mktemp("kernels")


@pytest.mark.parametrize("name", OBJECTIVES)
def test_an_objective_in_glsl(name):
    objective = OBJECTIVES[name]
    run = in_c(
        objective_glsl(objective),
        "void walk(double *x, double *out) { vec3 f = run(x[0], x[1]);"
        "for (int i = 0; i < 3; ++i) out[i] = f[i]; }",
    )
    found = np.empty((20, 3))
    for x, out in zip(points(objective), found, strict=True):
        call(run, np.array([*x, np.nan][:2]), out)
    assert not found[:, 1 + objective.dim :].any()
    assert_same(objective, found[:, : 1 + objective.dim], exact=False)  # powers are products


@pytest.mark.parametrize("name", [n for n, o in OBJECTIVES.items() if o.dim == 1])
def test_a_second_derivative_in_javascript(name):
    objective = OBJECTIVES[name]
    run = quickjs.Context().eval(hess_js(objective))
    for x in points(objective):
        assert run(float(x[0])) == pytest.approx(objective.hess(x).item(), rel=1e-13)


def walked(optimizer, start):
    """Each step of gdcore's from a start, and what it remembers after each."""
    state, x = optimizer.init(start), start
    for grad in GRADS:
        step, state = optimizer.update(grad, state, x)
        yield step, [float(leaf) for leaf in leaves(state)]
        x = x + step


def roots(optimizer, after):
    """What has divided a step, from what is remembered after it."""
    corrected = isinstance(optimizer, Adam | AdamW)
    s = np.array(after[4:]) / (1 - after[1]) if corrected else np.array(after[:2])
    inside = getattr(optimizer, "eps_inside", True)  # Adadelta's always is
    return np.sqrt(s + optimizer.eps if inside else s).tolist()


WALK = """(start, grads, p) => {
  const optimizer = %s;
  let [x, y] = start;
  const s = optimizer.start(x, y);
  return JSON.stringify([optimizer.roots, grads.map(([a, b]) => {
    const out = [];
    optimizer.step([NaN, a, b], s, p, out, x, y);
    x += out[0];
    y += out[1];
    return [out, [...s]];
  })]);
}"""


@pytest.mark.parametrize("name", SWITCHED)
def test_an_optimizer_in_javascript(name):
    optimizer = SWITCHED[name]
    context, numbers = quickjs.Context(), list(parameters(optimizer).values())
    run = context.eval(WALK % optimizer_js(optimizer))
    for start in STARTS:
        given = [start.tolist(), GRADS.tolist(), numbers]
        has_roots, steps = json.loads(run(*(context.parse_json(json.dumps(v)) for v in given)))
        assert has_roots == hasattr(optimizer, "eps")
        for (out, state), (step, after) in zip(steps, walked(optimizer, start), strict=True):
            assert state == after
            assert out == [*step, *(roots(optimizer, after) if has_roots else ())]


@pytest.mark.parametrize("name", SWITCHED)
def test_an_optimizer_in_glsl(name):
    optimizer = SWITCHED[name]
    numbers = np.array(list(parameters(optimizer).values()))
    run = in_c(
        optimizer_glsl(optimizer),
        f"""void walk(double *x, double *g, double *numbers, double *out) {{
          for (int i = 0; i < {len(numbers)}; ++i) p[i] = numbers[i];
          start(x[0], x[1]);
          for (int k = 0; k < 3; ++k) {{
            vec2 step = stepped(vec3(0, g[2 * k], g[2 * k + 1]), x[0], x[1]);
            for (int c = 0; c < 2; ++c) x[c] += out[2 * k + c] = step[c];
          }}
        }}""",
    )
    for start in STARTS:
        out = np.empty((3, 2))
        call(run, start.copy(), GRADS, numbers, out)
        np.testing.assert_array_equal(out, [step for step, _ in walked(optimizer, start)])


WRITERS = {
    "javascript": objective_js,
    "glsl": objective_glsl,
    "python": objective_python,
    "c": lambda objective: source(objective, Adam(0.1)),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("strange", [lambda x: np.arctan(x[0]), lambda x: x[0].imag])
def test_what_no_symbol_knows_is_said_with_the_objectives_name(writer, strange):
    said = "The objective himmelblau does something that cannot be written as JavaScript or C yet; "
    said += "teach it to Symbol in gdcore/trace.py. "
    for asked in ("value", "grad"):
        with pytest.raises(TypeError, match=f"^{said}\\(.*(arctan|imag).*\\)$"):
            WRITERS[writer](replace(himmelblau, **{asked: strange}))


@pytest.mark.parametrize("writer", [objective_js, objective_glsl, objective_python])
def test_a_function_for_x_and_y_has_two_variables_at_most(writer):
    deep = Objective(lambda x: (x * x).sum(), lambda x: 2 * x, dim=3, name="deep")
    with pytest.raises(ValueError, match="one variable or two, x and y; deep has 3"):
        writer(deep)


@pytest.mark.parametrize("objective", [himmelblau, replace(parabola, hess=None)])
def test_a_second_derivative_is_written_of_one_variable_where_there_is_one(objective):
    said = "A script uses hess, which is written for objectives of one variable that have it; "
    with pytest.raises(ValueError, match=f"^{said}{objective.name} is none$"):
        hess_js(objective)


def test_an_optimizers_numbers_are_symbols_where_they_are_named():
    def noted(*names):
        tape, start, step, after = note_step(Momentum(0.25, 0.5), "ab", "uv", names)
        assert start == [0, 0] and len(step) == len(after) == 2
        return tape.written(JAVASCRIPT)

    assert noted("learning_rate", "beta").startswith("const t0=p[1]*s[0];const t1=p[1]*s[1];")
    assert noted("beta").startswith("const t0=p[0]*s[0];") and "-r[1]" in noted("beta")
    assert noted("learning_rate").startswith("const t0=0.5*s[0];") and "-p[0]" in noted(
        "learning_rate"
    )
