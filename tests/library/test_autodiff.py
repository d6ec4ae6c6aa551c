"""Derivatives made by gdcore.autodiff are those of the functions.

Oracles: the gradients and Hessians that were derived by hand, finite differences, and JAX, which
differentiates in ways of its own. JAX runs in double precision here.
"""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import quickjs

from gdcore import (
    OBJECTIVES,
    GradientDescent,
    check_grad,
    derivative,
    descend,
    grad,
    himmelblau,
    value_and_grad,
)
from gdcore.autodiff import ARRAYS, ELEMENTARY, FLAT, Dual, Node
from gdcore.trace import JAVASCRIPT, Tape


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def points(objective, count=200):
    low, high = np.array(objective.domain).T
    return np.random.default_rng(0).uniform(low, high, size=(count, objective.dim)).T


def close(found, expected, rel=1e-12):
    """Equal up to so much of the longest gradient's size, point by point."""
    size = np.abs(expected).max(axis=0) + 1e-300
    assert np.shape(found) == np.shape(expected)
    assert (np.abs(found - expected) <= rel * size).all()


@pytest.mark.parametrize("name", OBJECTIVES)
def test_reverse_mode_gives_the_gradient_that_was_derived_by_hand(name):
    objective, x = OBJECTIVES[name], points(OBJECTIVES[name])
    values, gradients = value_and_grad(objective.value)(x)
    close(gradients, objective.grad(x))
    assert (values == objective.value(x)).all()
    for one in x.T[:20]:
        close(grad(objective)(one), objective.grad(one))


@pytest.mark.parametrize("name", OBJECTIVES)
def test_forward_mode_gives_the_gradient_that_was_derived_by_hand(name):
    objective, x = OBJECTIVES[name], points(OBJECTIVES[name])
    along = np.eye(objective.dim)
    close(np.array([derivative(objective)(x, v[:, np.newaxis]) for v in along]), objective.grad(x))
    for one in x.T[:20]:
        close(np.array([derivative(objective)(one, v) for v in along]), objective.grad(one))


@pytest.mark.parametrize("name", [n for n in OBJECTIVES if OBJECTIVES[n].hess])
def test_forward_over_reverse_gives_the_hessian_that_was_derived_by_hand(name):
    objective = OBJECTIVES[name]
    for x in points(objective, 10).T:
        columns = [derivative(grad(objective))(x, v) for v in np.eye(objective.dim)]
        np.testing.assert_allclose(
            columns, objective.hess(x), rtol=1e-11, atol=1e-11 * np.abs(objective.hess(x)).max()
        )


# A function of one number or of two, the same in NumPy and in JAX.
OPERATIONS = {
    "add": lambda np, x, y: x + y,
    "add a number": lambda np, x, y: 2.5 + x,
    "subtract": lambda np, x, y: x - y,
    "subtract from a number": lambda np, x, y: 2.5 - x,
    "multiply": lambda np, x, y: x * y,
    "multiply by itself": lambda np, x, y: x * x * x,
    "divide": lambda np, x, y: x / y,
    "divide a number": lambda np, x, y: 2.5 / x,
    "negative": lambda np, x, y: -x,
    "positive power": lambda np, x, y: x**3,
    "square": lambda np, x, y: y**2,
    "np.square": lambda np, x, y: np.square(y),
    "negative power": lambda np, x, y: y**-2,
    "power of two numbers": lambda np, x, y: x**y,
    "power of a number": lambda np, x, y: 2.5**y,
    "abs": lambda np, x, y: abs(y) * np.abs(x),
    "maximum": lambda np, x, y: np.maximum(x, y) * np.maximum(0.25, x),
    "maximum of equals": lambda np, x, y: np.maximum(x, x * 1.0) * np.maximum(y - y, y),
    "minimum": lambda np, x, y: np.minimum(x, y) * np.minimum(x, 0.25),
    "sqrt": lambda np, x, y: np.sqrt(x),
    "exp": lambda np, x, y: np.exp(y),
    "log": lambda np, x, y: np.log(x),
    "log1p": lambda np, x, y: np.log1p(x),
    "sin": lambda np, x, y: np.sin(x),
    "cos": lambda np, x, y: np.cos(y),
    "tan": lambda np, x, y: np.tan(x),
    "arctan": lambda np, x, y: np.arctan(y),
    "sinh": lambda np, x, y: np.sinh(x),
    "cosh": lambda np, x, y: np.cosh(y),
    "tanh": lambda np, x, y: np.tanh(x),
    "sign": lambda np, x, y: np.sign(y) * x,
    "a branch": lambda np, x, y: x * x if x > 0.5 else y,
    "not used": lambda np, x, y: 3.0 * y + 0.0 * x,
    "a composite": lambda np, x, y: np.exp(-x * x) * np.sin(x / y) + np.log1p(x**2) ** y,
}
AT = [(0.75, -1.5), (0.3, 2.25), (1.75, 0.4)]


@pytest.mark.parametrize("x", AT)
@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_has_its_derivative_in_both_ways(name, x):
    operation = OPERATIONS[name]
    expected = []
    for i in range(2):  # JAX does not trace branches: one variable at a time, forward, outside jit
        moved = [jnp.asarray(v) for v in x]
        f = lambda v, i=i, moved=moved: operation(jnp, *[*moved[:i], v, *moved[i + 1 :]])  # noqa: E731
        expected.append(jax.grad(lambda v, f=f: jnp.asarray(f(v), float))(moved[i]))
    f = lambda x: operation(np, *x)  # noqa: E731
    close(grad(f)(x), np.array(expected), 1e-14)
    close(np.array([derivative(f)(x, v) for v in np.eye(2)]), np.array(expected), 1e-14)


def test_the_table_of_operations_leaves_none_out():
    seen = set()

    class Seeing(np.lib.mixins.NDArrayOperatorsMixin):
        def __array_ufunc__(self, ufunc, method, *operands):
            seen.add(ufunc)
            numbers = [getattr(v, "number", v) for v in operands]
            seeing = Seeing()
            seeing.number = ufunc(*numbers)
            return seeing if ufunc in ELEMENTARY else seeing.number

    for operation in OPERATIONS.values():
        x, y = Seeing(), Seeing()
        x.number, y.number = 0.75, 1.5
        operation(np, x, y)
    assert set(ELEMENTARY) <= seen


ROWS = np.random.default_rng(1).normal(size=(3, 4))
FUNCTIONS_OF_ARRAYS = {
    "matrix and matrix": lambda np, x: np.sum((x @ ROWS) ** 3),
    "matrix from the left": lambda np, x: np.sum((ROWS.T @ x) ** 3),
    "matrix with itself": lambda np, x: np.sum(np.sin(x @ x.T)),
    "matrix and vector": lambda np, x: np.sum((x @ ROWS[:, 0]) ** 3),
    "matrix and its own vector": lambda np, x: np.sum(np.sin(x @ x[0])),
    "vector and matrix": lambda np, x: np.sum((ROWS[0, :3] @ x) ** 3) + np.sum(x[0] @ x),
    "vector and vector": lambda np, x: (x[0] @ x[1]) ** 2 + x[2] @ ROWS[:, 0],
    "matmul": lambda np, x: np.sum(np.matmul(x, ROWS) ** 2),
    "sum over an axis": lambda np, x: np.sum(np.sum(x * x, axis=0) ** 3),
    "sum over an axis, kept": lambda np, x: np.sum(x / np.sum(x * x, axis=1, keepdims=True)),
    "sum, kept": lambda np, x: np.sum(x / (x * x).sum(keepdims=True)),
    "sum over the last axis": lambda np, x: np.sum((x**2).sum(axis=-1) ** 3),
    "sum over two axes": lambda np, x: np.sum(x * x, axis=(0, 1)) ** 2,
    "mean": lambda np, x: np.mean(x**3),
    "mean over an axis": lambda np, x: np.sum(np.mean(x, axis=1) ** 3) + (x * x).mean(),
    "max over an axis": lambda np, x: np.sum(np.max(x, axis=0) ** 3) + x.max() ** 2,
    "max, kept": lambda np, x: np.sum((x - x.max(axis=1, keepdims=True)) ** 3),
    "max of equals": lambda np, x: np.sum(np.max(x * 0.0, axis=0) + np.max(x, axis=0)),
    "broadcast a row": lambda np, x: np.sum(np.exp(x) * x[0]),
    "broadcast a column": lambda np, x: np.sum(x[:, :1] * np.ones((3, 5)) * ROWS[:, :1]),
    "broadcast a number": lambda np, x: np.sum(np.sin(x[1, 2] * ROWS) + x[0, 0]),
    "broadcast both": lambda np, x: np.sum(np.tanh(x[:, :1] * x[:1, :] + x[0, 0])),
    "broadcast to more axes": lambda np, x: np.sum(np.tanh(x + np.ones((2, 1, 1)) * x[0])),
    "slices": lambda np, x: np.sum(x[1:] * x[:-1] ** 2) + x[0, 1] ** 2 + x[-1, ::-1] @ x[0],
    "the same element twice": lambda np, x: np.sum(x[[0, 0, 2], [1, 1, 0]] ** 3),
    "rows by number, twice": lambda np, x: np.sum(x[np.array([2, 2, 0])] ** 3),
    "reshape": lambda np, x: np.sum(x.reshape(-1)[2:7] ** 3) + np.sum(x.reshape(9, 1)[3] ** 2),
    "np.reshape": lambda np, x: np.sum(np.reshape(x, (1, 9)) @ np.reshape(x, (9, 1))),
    "transpose": lambda np, x: np.sum(x.T[0] ** 3) + np.sum(np.transpose(x) * x),
    "stack": lambda np, x: np.sum(np.stack([x[0] ** 2, x[1], ROWS[0, :3]]) ** 3),
    "stack along the last axis": lambda np, x: np.stack([x[0], x[1] * x[2]], axis=-1)[1, 1] ** 2,
    "where": lambda np, x: np.sum(np.where(x > 0, x * x, 3 * x)) + np.sum(np.where(x < 0, 0, x)),
    "a number among functions": lambda np, x: np.sum(x) * 0 + 5.0 * x[0, 0],
    "shape": lambda np, x: np.sum(x * x) / x.shape[0] / np.ndim(x) / x.ndim,
}


@pytest.mark.parametrize("name", FUNCTIONS_OF_ARRAYS)
def test_each_function_of_arrays_has_its_derivative_in_both_ways(name):
    f = FUNCTIONS_OF_ARRAYS[name]
    x = np.random.default_rng(2).normal(size=(3, 3))
    expected = np.array(jax.grad(lambda x: f(jnp, x))(jnp.asarray(x)))
    found = grad(lambda x: f(np, x))(x)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
    v = np.random.default_rng(3).normal(size=(3, 3))
    slope = derivative(lambda x: f(np, x))(x, v)  # through NumPy's arrays of objects
    assert float(slope) == pytest.approx(np.sum(expected * v), rel=1e-11)


def test_the_table_of_functions_of_arrays_leaves_none_out():
    noted = set()
    for f in FUNCTIONS_OF_ARRAYS.values():
        start = Node([], np.random.default_rng(2).normal(size=(3, 3)))
        f(np, start)
        for node in start.tape:
            noted |= {share.args[0] for _, share in node.parents if len(share.args)}
    assert {rule for rules in ARRAYS.values() for rule in rules} <= noted | {ARRAYS[np.where][0]}


def network(np, x, pictures, labels):
    """The loss of the book's network, of 5 inputs, 4 hidden components and 3 classes."""
    W1, b1 = x[:20].reshape(4, 5), x[20:24].reshape(4, 1)
    W2, b2 = x[24:36].reshape(3, 4), x[36:].reshape(3, 1)
    h = np.tanh(W1 @ pictures + b1)
    s = W2 @ h + b2
    e = np.exp(s - s.max(axis=0))
    q = e / e.sum(axis=0)
    return -np.mean(np.log(q[labels, np.arange(pictures.shape[1])]))


def test_the_loss_of_a_network_has_the_gradient_of_jax_and_of_differences():
    rng = np.random.default_rng(4)
    x, pictures = rng.normal(size=39), rng.normal(size=(5, 20))
    labels = rng.integers(3, size=20)
    loss = lambda x: network(np, x, pictures, labels)  # noqa: E731
    value, found = value_and_grad(loss)(x)
    expected = jax.grad(lambda x: network(jnp, x, pictures, labels))(jnp.asarray(x))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)
    assert value == loss(x)
    assert check_grad((loss, grad(loss)), x) < 1e-6
    assert derivative(loss)(x, found) == pytest.approx(found @ found, rel=1e-12)


def counted(f, x):
    """How many elementary operations f does at x: the numbers count them."""

    class Counted(np.lib.mixins.NDArrayOperatorsMixin):
        count = 0

        def __init__(self, value):
            self.value = value

        def __array_ufunc__(self, ufunc, method, *operands):
            if any(isinstance(v, np.ndarray) for v in operands):
                boxed = [np.array(v, object) if isinstance(v, Counted) else v for v in operands]
                return ufunc(*boxed)
            Counted.count += 1
            return Counted(ufunc(*[getattr(v, "value", v) for v in operands]))

        sin, cos, tan, exp, sqrt, cosh, sinh = (
            lambda self, u=u: u(self)
            for u in (np.sin, np.cos, np.tan, np.exp, np.sqrt, np.cosh, np.sinh)
        )

    f(np.array([Counted(v) for v in x], dtype=object))
    return Counted.count


def test_the_operations_are_counted_aright():
    assert counted(himmelblau.value, (1.0, 2.0)) == 9
    assert counted(lambda x: np.sum(x * x), np.ones(10)) == 19


@pytest.mark.parametrize("name", OBJECTIVES)
def test_one_reading_backward_costs_at_most_five_times_the_function(name):
    objective = OBJECTIVES[name]
    x = points(objective, 1)[:, 0]
    both, alone = counted(grad(objective), x), counted(objective.value, x)
    assert alone < both <= 5 * alone


def test_the_cost_of_a_gradient_does_not_grow_with_the_number_of_variables():
    def chain(x):
        a = x[1:] - x[:-1] * x[:-1]
        b = 1 - x[:-1]
        return np.sum(100 * a * a + b * b)

    ratios = [counted(grad(chain), np.ones(p)) / counted(chain, np.ones(p)) for p in (2, 20, 200)]
    assert max(ratios) <= 5 and ratios[2] / ratios[1] < 1.1


def test_the_gradient_runs_on_symbols_and_is_written_in_another_language():
    tape = Tape()
    x = tape.symbols("x", "y")
    slopes = [JAVASCRIPT.spell(part) for part in grad(himmelblau)(x)]
    code = f"const x=1.5,y=-2;{tape.written(JAVASCRIPT)}JSON.stringify([{','.join(slopes)}])"
    found = json.loads(quickjs.Context().eval(code))
    np.testing.assert_allclose(found, himmelblau.grad(np.array([1.5, -2.0])), rtol=1e-14)


@pytest.mark.parametrize("shape", [(2,), (2, 5), (2, 3, 4)])
def test_points_batches_and_meshes_are_served_alike(shape):
    x = np.random.default_rng(5).normal(size=shape)
    value, slopes = value_and_grad(himmelblau)(x)
    assert value.shape == shape[1:] and slopes.shape == shape
    close(slopes, himmelblau.grad(x))


def test_ones_own_function_descends_as_with_the_gradient_by_hand():
    by_hand = descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), grad_tol=0.01)
    f = himmelblau.value
    by_machine = descend((f, grad(f)), GradientDescent(0.01), (-0.4, -0.65), grad_tol=0.01)
    assert by_machine.steps == by_hand.steps == 21
    np.testing.assert_allclose(by_machine.last, by_hand.last, rtol=1e-13)


def test_what_does_not_depend_on_x_has_gradient_zero():
    assert (grad(lambda x: 5.0)([1.0, 2.0]) == [0, 0]).all()
    assert (grad(lambda x: np.sum(np.sign(x)))([1.0, 2.0]) == [0, 0]).all()
    assert (grad(lambda x: x[0] * 1.0)([1.0, 2.0]) == [1, 0]).all()
    assert (derivative(lambda x: np.ones(3))([1.0, 2.0]) == [0, 0, 0]).all()


def test_the_gradient_is_an_array_of_its_own():
    x = np.array([1.0, 2.0, 3.0])
    g = grad(np.sum)(x)
    g[0] = 7
    assert g.tolist() == [7, 1, 1] and x.tolist() == [1, 2, 3]
    assert grad(lambda x: x[0])(np.array([1, 2])).dtype == np.float64


def test_a_function_of_one_number_has_a_derivative():
    assert float(derivative(np.tan)(0.5)) == pytest.approx(1 / np.cos(0.5) ** 2, rel=1e-15)
    assert float(grad(np.tan)(0.5)) == pytest.approx(1 / np.cos(0.5) ** 2, rel=1e-15)
    second = derivative(grad(lambda x: x**4))
    assert float(second(1.5)) == pytest.approx(12 * 1.5**2, rel=1e-15)


def test_a_direction_of_the_outside_is_not_taken_for_one_of_the_inside():
    mixed = derivative(lambda x: x * grad(lambda y: x + y)(1.0))
    assert float(mixed(1.0)) == 1.0  # the inner derivative is 1 whatever x is
    product = derivative(lambda x: x * grad(lambda y: x * y)(1.0))
    assert float(product(3.0)) == 6.0  # d(x * x)


def test_at_an_edge_it_is_the_mean_of_the_slopes():
    for way in (derivative, grad):
        assert float(way(abs)(0.0)) == 0
        assert float(way(lambda x: np.maximum(0, x))(0.0)) == 0.5


WRONG = {
    "a list of one's own": (lambda x: np.array([x[0], x[1]]) * x, TypeError, "np.stack"),
    "several numbers": (lambda x: np.stack([x[0], x[1], x[0]]), ValueError, r"shape \(3,\)"),
    "a bare array": (lambda x: np.array([x[0], x[1]]), ValueError, "np.stack"),
    "an unknown function": (lambda x: np.sum(np.arcsinh(x)), TypeError, "arcsinh.*sqrt"),
    "an unknown function of arrays": (lambda x: np.linalg.norm(x), TypeError, "norm"),
    "an unknown method": (lambda x: np.prod(x), TypeError, "prod"),
    "a function into memory": (lambda x: np.add.reduce(x), TypeError, "reduce"),
    "a gradient in a gradient": (lambda x: np.sum(grad(np.sum)(x)), TypeError, "derivative"),
    "a gradient beside a gradient": (
        lambda x: grad(lambda y: np.sum(x * y))([1.0, 1.0])[0], TypeError, "derivative"),
    "more than matrices": (lambda x: np.sum(np.ones((2, 2, 2)) @ x), TypeError, "matrices"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_differentiated_is_an_error_that_says_so(case):
    f, error, words = WRONG[case]
    with pytest.raises(error, match=words):
        grad(f)([1.0, 2.0])


@pytest.mark.parametrize("way", [grad, derivative])
def test_wrong_uses_of_either_way_are_errors_that_say_so(way):
    with pytest.raises(TypeError, match="real numbers"):
        way(np.sum)("x")
    with pytest.raises(TypeError, match="a function"):
        way(3.0)
    with pytest.raises(TypeError, match="arcsinh"):
        way(np.arcsinh)(1.0)


def test_forward_in_forward_is_refused():
    with pytest.raises(TypeError, match=r"derivative\(grad"):
        derivative(lambda x: derivative(lambda y: y * y)(x))(1.0)


def test_flat_functions_are_flat_and_not_in_the_tables():
    assert not FLAT & (set(ELEMENTARY) | set(ARRAYS))
    assert (Dual(1.0, 1.0) > 0) is np.True_ and np.sign(Dual(-2.0, 1.0)) == -1
