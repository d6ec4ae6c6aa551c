"""Curvatures against differences and closed forms, and the examples that they suggest."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from gdcore import OBJECTIVES, GradientDescent, Objective, descend, himmelblau
from gdcore.curvature import curvatures, example, learning_rates
from gdcore.optimizers import OPTIMIZERS

each_objective = pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=OBJECTIVES)


@each_objective
def test_curvatures_are_those_of_the_gradient(objective):
    for minimizer in (*objective.minimizers, *objective.local_minimizers):
        x, h = np.array(minimizer), 1e-5
        rows = [objective.grad(x + s) - objective.grad(x - s) for s in h * np.eye(objective.dim)]
        found = curvatures(objective, minimizer)
        if objective.name == "ackley":  # the tip of a cone
            assert all(map(isnan, found))
        else:
            expected = np.linalg.eigvalsh(np.array(rows) / (2 * h))[[0, -1]]
            np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("a, b, c", [(2, 0, 4), (1, 3, 1), (-1, 0.5, 2)])
def test_curvatures_of_a_quadratic_are_its_eigenvalues_with_and_without_its_hessian(a, b, c):
    """Of (a x1² + 2 b x1 x2 + c x2²) / 2, in closed form; with b = 3 it has a saddle."""
    matrix = np.array([[a, b], [b, c]], dtype=float)
    root = np.hypot((a - c) / 2, b)
    expected = (a + c) / 2 - root, (a + c) / 2 + root
    bare = Objective(lambda x: (x * (matrix @ x)).sum(axis=0) / 2, lambda x: matrix @ x, dim=2)
    for given in (bare, replace(bare, hess=lambda x: matrix)):
        np.testing.assert_allclose(curvatures(given, (3, -2)), expected, rtol=1e-9)


@each_objective
def test_an_example_shows_all_minimizers_within_the_domain_and_starts_among_them(objective):
    limits, start, rate = example(objective)
    for i, ((low, high), domain) in enumerate(zip(limits, objective.domain, strict=True)):
        its = [x[i] for x in (*objective.minimizers, *objective.local_minimizers)]
        assert low == pytest.approx(max(domain[0], min(its) - 3), abs=0.005)
        assert high == pytest.approx(min(domain[1], max(its) + 3), abs=0.005)
        part = (start[i] - low) / (high - low)
        assert part == pytest.approx((0.2, 0.65)[i], abs=0.005)
    assert len(start) == objective.dim
    assert 0 < rate <= 1
    numbers = [*np.ravel(limits), *start]
    assert numbers == [round(number, 2) for number in numbers]


@pytest.mark.parametrize(
    ("name", "greatest_eigenvalue"),  # of a Hessian that is everywhere the same
    [("parabola", 2), ("sphere", 2), ("ellipse", 4), ("booth", 18), ("matyas", 1)],
)
def test_its_learning_rate_is_half_of_one_over_the_curvature(name, greatest_eigenvalue):
    rate = example(OBJECTIVES[name]).learning_rate
    assert rate == pytest.approx(1 / (2 * greatest_eigenvalue), rel=0.05)  # two digits


def test_a_nearly_flat_objective_has_a_learning_rate_of_one():
    flat = replace(OBJECTIVES["sphere"], value=lambda x: 0.01 * (x * x).sum(axis=0),
                   grad=lambda x: 0.02 * x, hess=None)  # fmt: skip
    assert example(flat).learning_rate == 1


def test_curvature_above_the_start_does_not_count():
    """|x|³ / 6 bends by |x|: from 0.2 of [-3, 3], -1.8, the learning rate is 1 / (2 · 1.8)."""
    cubic = Objective(lambda x: abs(x[0]) ** 3 / 6, lambda x: x * abs(x) / 2, dim=1,
                      domain=[(-9, 9)], minimizers=[(0,)], minimum=0)  # fmt: skip
    assert example(cubic) == (((-3.0, 3.0),), (-1.8,), 0.28)


def test_from_its_start_at_its_rate_a_descent_only_goes_down():
    for objective in OBJECTIVES.values():
        _, start, rate = example(objective)
        f = descend(objective, GradientDescent(rate), start, max_steps=50).f
        assert (np.diff(f) <= 1e-14).all(), objective.name  # but for rounding


@pytest.mark.parametrize("lacking", [{"domain": None}, {"minimizers": ()}])
def test_an_objective_that_lacks_what_an_example_needs_is_told_so(lacking):
    bare = replace(himmelblau, local_minimizers=(), **lacking)
    with pytest.raises(ValueError, match="himmelblau does not; give it domain=… and minimizers=…"):
        example(bare)


def test_each_optimizer_has_a_learning_rate():
    assert list(learning_rates(himmelblau)) == list(OPTIMIZERS)
    rates = learning_rates(OBJECTIVES["ellipse"])  # shown from -3 to 3, and 1 / 2L = 0.125
    assert example(OBJECTIVES["ellipse"]).learning_rate == 0.12
    assert rates == {
        "gradient_descent": 0.12, "momentum": 0.024, "nesterov": 0.024, "adagrad": 0.6,
        "rmsprop": 0.06, "adadelta": 1, "adam": 0.12, "adamw": 0.12, "lion": 0.06,
    }  # fmt: skip


def test_the_width_is_that_along_x1():
    camel = OBJECTIVES["six_hump_camel"]
    (left, right), (bottom, top) = example(camel).limits
    assert right - left > top - bottom
    assert learning_rates(camel)["adagrad"] == pytest.approx(0.1 * (right - left), rel=0.05)
