"""A tape read in another language computes what gdcore computes.

The oracle is gdcore's own functions, called with numbers. Read as Python, by a dialect of a few
lines that stands here, a tape must agree to the last bit; read as JavaScript, in QuickJS, it must
where there is nothing but + - * / and square roots.
"""

import json

import numpy as np
import pytest
import quickjs

from gdcore import OBJECTIVES, OPTIMIZERS, Adam
from gdcore.trace import FUNCTIONS, JAVASCRIPT, Dialect, Tape, freed, leaves, parameters, refilled

PYTHON = Dialect(
    let="{0} = {1}\n",
    spellings=JAVASCRIPT.spellings
    | {name: f"np.{name}({{0}})" for name in FUNCTIONS}
    | {"divide_where_positive": "{0} / {1} if {1} > 0 else np.float64(0)"},
    number=repr,
)
EXACT = sorted(
    set(OBJECTIVES)
    - {"catenary", "growing_wave", "bohachevsky", "griewank", "rastrigin", "ackley", "easom"}
)


def results(objective, dialect):
    """The tape of an objective, and how f and its gradient are called on it."""
    tape = Tape()
    x = tape.symbols(*("x", "y")[: objective.dim])
    values = [objective.value(x), *objective.grad(x)]
    return tape.written(dialect), [dialect.spell(value) for value in values]


def points(objective):
    low, high = np.array(objective.domain).T
    return np.random.default_rng(0).uniform(low, high, size=(20, objective.dim))


@pytest.mark.parametrize("name", OBJECTIVES)
def test_read_as_python_a_tape_gives_the_same_bits(name):
    objective = OBJECTIVES[name]
    lines, names = results(objective, PYTHON)
    for x in points(objective):
        scope = {"np": np, **dict(zip("xy", x, strict=False))}
        exec(lines, scope)
        found = [eval(one, scope) for one in names]
        assert found == [objective.value(x), *objective.grad(x)]


def in_quickjs(code):
    return json.loads(quickjs.Context().eval(f"{code}"))


@pytest.mark.parametrize("name", EXACT)
def test_read_as_javascript_a_tape_gives_the_same_bits(name):
    objective = OBJECTIVES[name]
    lines, names = results(objective, JAVASCRIPT)
    for x in points(objective):
        given = "".join(f"const {one}={float(v)!r};" for one, v in zip("xy", x, strict=False))
        found = in_quickjs(f"{given}{lines}JSON.stringify([{','.join(names)}])")
        assert found == [objective.value(x), *objective.grad(x)]


CASES = {
    "minus": (lambda x, y: -x, lambda x, y: -x),
    "from a number": (lambda x, y: 3 - x, lambda x, y: 3 - x),
    "by a negative number": (lambda x, y: x - -2.5, lambda x, y: x + 2.5),
    "into a number": (lambda x, y: 1 / x, lambda x, y: 1 / x),
    "a product from the left": (lambda x, y: 2 * x, lambda x, y: x + x),
    "a sum from the left": (lambda x, y: 2 + x, lambda x, y: x + 2),
    "a square": (lambda x, y: x**2, lambda x, y: x * x),
    "a cube": (lambda x, y: y**3, lambda x, y: y * y * y),
    "a huge whole number": (lambda x, y: x * 1e300, lambda x, y: x * 1e300),
    "a quotient": (lambda x, y: x / y, lambda x, y: x / y),
}


@pytest.mark.parametrize("case", CASES)
def test_each_operation_is_written_as_it_is_meant(case):
    noted, meant = CASES[case]
    tape = Tape()
    result = noted(*tape.symbols("x", "y"))
    code = f"const x=1.75,y=-0.5;{tape.written(JAVASCRIPT)}JSON.stringify({result.name})"
    assert in_quickjs(code) == pytest.approx(meant(1.75, -0.5), rel=1e-15)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_is_the_same_in_the_other_language(name):
    tape = Tape()
    [result] = getattr(np, name)(tape.symbols("x"))
    code = f"const x=0.375;{tape.written(JAVASCRIPT)}JSON.stringify({result.name})"
    assert in_quickjs(code) == pytest.approx(getattr(np, name)(0.375), rel=1e-14)


@pytest.mark.parametrize("x", [-2.5, -1e-300, -0.0, 0.0, 3.0, np.inf, -np.inf, np.nan])
def test_a_sign_is_that_of_numpy(x):
    """To the last bit: also that of zero, where JavaScript keeps the minus."""
    tape = Tape()
    [sign] = np.sign(tape.symbols("x") * 1.0)
    given = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(str(x), repr(x))
    found = in_quickjs(
        f"const x={given};{tape.written(JAVASCRIPT)}JSON.stringify(String(1/{sign.name}))"
    )
    with np.errstate(divide="ignore"):
        assert float(found) == 1 / np.sign(x) or (np.isnan(x) and found == "NaN")


def test_results_of_an_operation_are_found_on_the_tape():
    tape = Tape()
    x, y = tape.symbols("x", "y")
    roots = [np.sqrt(x), np.sqrt(x + y), np.sqrt(x)]
    assert [root.name for root in tape.results("sqrt")] == [roots[0].name, roots[1].name]
    assert tape.results("sin") == []


def test_a_square_is_noted_as_a_product_and_anything_only_once():
    tape = Tape()
    x, y = tape.symbols("x", "y")
    first, again = x**2, x * x
    assert first.name == again.name == "t0"
    assert (x + y).name == "t1" and (y + x).name == "t2" and (x + y).name == "t1"
    assert tape.written(JAVASCRIPT) == "const t0=x*x;const t1=x+y;const t2=y+x;"


def test_numbers_read_back_the_same_and_negative_ones_stand_in_parentheses():
    written = [JAVASCRIPT.spell(v) for v in (3.0, 0.1, -2, -0.25, 1e15, 1e14, 1e-300)]
    assert written == ["3", "0.1", "(-2)", "(-0.25)", "1000000000000000.0", "100000000000000",
                       "1e-300"]  # fmt: skip


@pytest.mark.parametrize(("length", "quotient"), [(2.0, 0.75), (0.0, 0.0)])
@pytest.mark.parametrize("numerator", ["symbol", 1.5])
def test_a_division_where_something_is_positive_is_0_elsewhere(length, quotient, numerator):
    tape = Tape()
    a, b = tape.symbols("a", "b")
    above = numerator if numerator != "symbol" else a
    free = above / b  # before the comparison it is an ordinary quotient
    assert b > 0
    guarded = above / b
    assert tape.written(JAVASCRIPT).count("?") == 1 and guarded.name != free.name
    code = f"const a=1.5,b={length};{tape.written(JAVASCRIPT)}JSON.stringify({guarded.name})"
    assert in_quickjs(code) == quotient


def test_what_no_dialect_spells_is_an_error():
    tape = Tape()
    [x] = tape.symbols("x")
    with pytest.raises(TypeError):
        np.arctan(x)
    tape.note("erf", x)
    with pytest.raises(KeyError, match="erf"):
        tape.written(JAVASCRIPT)


def test_a_symbol_and_an_array_go_element_by_element():
    tape = Tape()
    [x] = tape.symbols("x")
    for made in (x + np.ones(2), np.ones(2) / x, x / np.ones(2), np.ones(2) * x, x - np.ones(2)):
        assert made.shape == (2,) and made[0].name == made[1].name


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_with_symbols_for_numbers_steps_as_with_numbers(name):
    optimizer = OPTIMIZERS[name]
    values = parameters(optimizer)
    tape = Tape()
    free = freed(optimizer, dict(zip(values, tape.symbols(*values), strict=True)))
    assert type(free) is type(optimizer)
    start, grad = np.array([0.75, -1.5]), np.array([0.3, -2.0])
    state = optimizer.init(start)
    names = [f"s{i}" for i in range(len(leaves(state)))]
    before = refilled(state, iter(tape.symbols(*names)))
    step, after = free.update(tape.symbols("g0", "g1"), before, tape.symbols("x0", "x1"))
    scope = {"np": np, **values, "g0": grad[0], "g1": grad[1], "x0": start[0], "x1": start[1]}
    scope |= dict(zip(names, map(np.float64, leaves(state)), strict=True))
    exec(tape.written(PYTHON), scope)
    expected_step, expected_after = optimizer.update(grad, state, start)
    assert [eval(PYTHON.spell(part), scope) for part in step] == expected_step.tolist()
    found = [eval(PYTHON.spell(leaf), scope) for leaf in leaves(after)]
    assert found == [float(leaf) for leaf in leaves(expected_after)]


def test_the_numbers_of_an_optimizer_are_listed_without_its_switches():
    names = ["learning_rate", "beta1", "beta2", "eps"]
    assert list(parameters(Adam(0.1))) == names
    assert parameters(Adam(0.1))["learning_rate"] == 0.1


def test_a_state_is_taken_apart_and_put_together_again():
    state = (np.array([1.0, 2.0]), (3, np.array([4.0])))
    again = refilled(state, iter(leaves(state)))
    assert leaves(again) == [1.0, 2.0, 3, 4.0] and [type(part) for part in again] == [
        np.ndarray,
        tuple,
    ]
