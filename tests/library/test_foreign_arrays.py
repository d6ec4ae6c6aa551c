"""gdcore converts nothing: what comes in as another library's array goes out so.

The other library is CuPy, which needs a GPU; in its place stands an array that refuses what CuPy's
refuse. The oracle is NumPy: the same calls with its arrays must give the same bits.
"""

from functools import partial
from itertools import islice

import numpy as np
import pytest

from gdcore import (
    OBJECTIVES,
    OPTIMIZERS,
    Adam,
    Backtracking,
    Clipped,
    Cosine,
    GradientDescent,
    Momentum,
    Muon,
    Newton,
    Objective,
    Scheduled,
    WarmUp,
    ackley,
    check_grad,
    descend,
    exponential_average,
    himmelblau,
    iterates,
    noisy,
    parabola,
    sampled,
    sweep,
    tail_average,
)
from tests.support.strict_array import StrictArray


def starts(objective, n=40):
    """Points of the domain, and the origin, where Ackley's function has its tip."""
    low, high = np.array(objective.domain).T[..., np.newaxis]
    x = np.random.default_rng(0).uniform(low, high, size=(objective.dim, n))
    x[:, 0] = 0
    return x


def assert_alike(strict, numpys):
    """An array has the numbers of NumPy's, to the bit, and is none."""
    assert type(strict) is StrictArray and isinstance(numpys, np.ndarray | np.generic)
    np.testing.assert_array_equal(strict.get(), numpys, strict=True)


def assert_descents_are_alike(objective, optimizer, x0, strict_optimizer=None, **options):
    """Descend by both arrays and compare all that comes of it."""
    one = descend(objective, strict_optimizer or optimizer, StrictArray(x0), **options)
    other = descend(objective, optimizer, x0, **options)
    for strict, numpys in zip(
        (one.x, one.f, one.steps, one.last, one.best),
        (other.x, other.f, other.steps, other.last, other.best),
        strict=True,
    ):
        assert_alike(strict, numpys)
    assert isinstance(one.status, np.ndarray)
    np.testing.assert_array_equal(one.status, other.status)
    assert repr(one) == repr(other)
    return other


@pytest.mark.parametrize(
    "refused",
    [
        lambda a: np.asarray(a),
        lambda a: np.array([a, a]),
        lambda a: a + np.ones(2),
        lambda a: np.ones(2) * a,
        lambda a: np.stack([a, np.ones(2)]),
        lambda a: np.divide(a, a, where=a > 0),
        lambda a: np.hypot.reduce(a),
        lambda a: np.broadcast_arrays(a, 1),
        lambda a: a[np.array([True, False])],
    ],
)
def test_the_stand_in_refuses_what_cupy_refuses(refused):
    with pytest.raises(TypeError):
        refused(StrictArray([1.0, 2.0]))


@pytest.mark.parametrize("name", OBJECTIVES)
def test_an_objective_answers_in_the_arrays_that_it_is_asked_in(name):
    objective = OBJECTIVES[name]
    for x in (starts(objective), starts(objective)[:, 3], starts(objective).reshape(-1, 5, 8)):
        for function in (objective, objective.value, objective.grad, objective.hess):
            if function is not None:
                assert_alike(function(StrictArray(x)), function(x))
    x = starts(objective)[:, 1:]
    assert check_grad(objective, StrictArray(x)) == check_grad(objective, x)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_descent_stays_in_the_arrays_of_its_start(name, optimizer):
    assert_descents_are_alike(
        OBJECTIVES[name], OPTIMIZERS[optimizer], starts(OBJECTIVES[name]), max_steps=9
    )


def test_a_point_a_mesh_and_a_long_descent_stay_so_too():
    assert_descents_are_alike(
        himmelblau, Adam(0.1), np.array([1.0, 2.0]), max_steps=2000, grad_tol=1e-9
    )
    assert_descents_are_alike(
        himmelblau, Adam(0.1), starts(himmelblau).reshape(2, 5, 8), max_steps=9
    )


def test_points_stop_for_every_reason_in_such_arrays():
    rates = [[0.0005] * 20 + [0.1] * 20]
    run = assert_descents_are_alike(
        himmelblau,
        GradientDescent(rates),
        starts(himmelblau),
        GradientDescent(StrictArray(rates)),
        max_steps=60,
        grad_tol=0.01,
        stop=lambda k, x, f, grad: f < 1,
    )
    assert set(run.status) == {"diverged", "stopped", "max_steps"}
    run = assert_descents_are_alike(
        himmelblau, GradientDescent(0.01), starts(himmelblau), max_steps=20, grad_tol=0.1
    )
    assert set(run.status) == {"converged", "max_steps"}
    assert_descents_are_alike(
        parabola, GradientDescent(0.1), np.array([3.0]), stop=lambda k, x, f, grad: k == 2
    )


AROUND = {
    "clipped": Clipped(GradientDescent(0.01), 2.0),
    "clipped by value": Clipped(GradientDescent(0.01), 2.0, by_value=True),
    "scheduled": Scheduled(Momentum(0.1), WarmUp(3, Cosine(0.01, 20))),
    "inside": Adam(0.01, eps_inside=True),
    "velocity": Momentum(0.01, rate_inside=True),
}


@pytest.mark.parametrize("name", ["parabola", "himmelblau", "ackley"])
@pytest.mark.parametrize("case", AROUND)
def test_what_goes_around_an_optimizer_converts_nothing(case, name):
    assert_descents_are_alike(
        OBJECTIVES[name], AROUND[case], starts(OBJECTIVES[name]), max_steps=30
    )


@pytest.mark.parametrize("name", [name for name, o in OBJECTIVES.items() if o.hess])
def test_newton_solves_in_such_arrays(name):
    objective = OBJECTIVES[name]
    assert_descents_are_alike(objective, Newton(objective.hess), starts(objective), max_steps=9)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_line_search_looks_at_such_arrays(name):
    objective = OBJECTIVES[name]
    assert_descents_are_alike(objective, Backtracking(objective), starts(objective), max_steps=9)


def test_muon_steps_by_such_matrices():
    muon, a = Muon(0.1), np.random.default_rng(0).normal(size=(4, 3))
    step, (momentum,) = muon.update(StrictArray(a), muon.init(StrictArray(a)), StrictArray(a))
    expected, (kept,) = muon.update(a, muon.init(a), a)
    np.testing.assert_allclose(step.get(), expected, rtol=1e-13)
    assert_alike(momentum, kept)


@pytest.mark.parametrize("average", [partial(exponential_average, decay=0.9), tail_average])
def test_averages_are_such_arrays(average):
    def averages(x0):
        walk = iterates(himmelblau.grad, GradientDescent(0.01), x0)
        return list(average(x for x, _ in islice(walk, 20)))

    x0 = starts(himmelblau)
    for one, other in zip(averages(StrictArray(x0)), averages(x0), strict=True):
        assert_alike(one, other)


class _Generator:
    """As CuPy's, which knows no ``normal``."""

    __module__ = "cupy.random._generator_api"

    def __init__(self):
        self._rng = np.random.default_rng(0)

    def standard_normal(self, size):
        return StrictArray(self._rng.standard_normal(size))


def test_noise_comes_from_the_generator_of_the_arrays():
    x = starts(himmelblau)
    one = noisy(himmelblau.grad, _Generator(), 0.5)(StrictArray(x))
    assert_alike(one, noisy(himmelblau.grad, np.random.default_rng(0), 0.5)(x))


def test_a_gradient_is_sampled_for_such_arrays():
    grads, x = [lambda x: x - 1, lambda x: x - 3], starts(himmelblau)
    one = sampled(grads, np.random.default_rng(1))(StrictArray(x))
    assert_alike(one, sampled(grads, np.random.default_rng(1))(x))


@pytest.mark.parametrize("grad_tol", [None, 0.5])
@pytest.mark.parametrize("name", ["parabola", "himmelblau", "ackley"])
def test_the_ends_of_a_sweep_are_such_arrays(name, grad_tol):
    """Array by array, as what has no kernel is swept; the kernels are in test_kernels.py."""
    objective, rates = OBJECTIVES[name], [0.01, 0.3, 1e200]
    x0 = starts(objective, n=16_500)  # more than a block
    options = {"max_steps": 5, "grad_tol": grad_tol}
    one = sweep(objective, GradientDescent, StrictArray(x0), rates, **options)
    other = sweep(objective, GradientDescent, x0, rates, **options)
    assert_alike(one.x, other.x)
    assert_alike(one.steps, other.steps)
    np.testing.assert_array_equal(one.status, other.status, strict=True)
    assert ("diverged" in other.status) == (name != "ackley")  # whose slope is bounded


def test_messages_are_the_same_for_such_arrays():
    cases = [
        lambda make: himmelblau(make([1.0, 2.0, 3.0])),
        lambda make: descend(himmelblau, Adam(0.1), make(np.zeros((2, 0)))),
        lambda make: descend(himmelblau, Adam(0.1), make([np.nan, 1.0])),
        lambda make: descend(himmelblau, Adam(0.1), make([[1e200, 1.0], [1.0, 1.0]])),
        lambda make: sweep(himmelblau, Adam, make([[1e200, 1.0], [1.0, 1.0]]), [0.1], max_steps=2),
        lambda make: sweep(himmelblau, Adam, make([1.0, 2.0]), [0.1], max_steps=2),
        lambda make: descend(himmelblau, Adam(make([0.1, 0.2])), make([[0.0] * 3] * 2)),
        lambda make: Adam(make([0.1, -0.2])),
    ]
    for case in cases:
        said = []
        for make in (StrictArray, np.array):
            with pytest.raises(ValueError) as error:
                case(make)
            said.append(str(error.value))
        assert said[0] == said[1]


def test_a_function_of_the_readers_descends_in_such_arrays():
    def f(x):
        x1, x2 = x
        return (x1 - 1) ** 2 + np.where(x2 > 0, x2, 2 * x2) ** 2

    def grad(x):
        x1, x2 = x
        return np.stack([2 * (x1 - 1), np.where(x2 > 0, 2 * x2, 8 * x2)])

    assert_descents_are_alike((f, grad), Adam(0.1), starts(himmelblau), max_steps=20)
    assert Objective(f, grad, dim=2)(StrictArray([2.0, -1.0])).get() == 5


def test_the_tip_of_ackleys_cone_has_the_gradient_zero():
    """Without a warning, too, from a division by the distance 0."""
    assert_alike(ackley.grad(StrictArray([0.0, -0.0])), np.array([0.0, 0.0]))
