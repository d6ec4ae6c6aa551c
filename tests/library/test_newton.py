"""Newton's method against closed forms, and the Hessians it needs against differences."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from gdcore import OBJECTIVES, GradientDescent, Newton, descend, himmelblau
from gdcore.newton import solve
from gdcore.objectives import catenary, growing_wave

WITH_HESSIAN = [objective for objective in OBJECTIVES.values() if objective.hess]
QUADRATIC = ["parabola", "sphere", "ellipse", "valley", "booth", "matyas"]


def inside(objective, shape, seed=0):
    """Points all over the domain, of shape (d, *shape)."""
    rng = np.random.default_rng(seed)
    return np.array([rng.uniform(low, high, shape) for low, high in objective.domain])


def test_most_objectives_bring_their_hessian():
    without = {name for name, objective in OBJECTIVES.items() if objective.hess is None}
    assert without == {"beale", "griewank", "ackley", "easom"}


@pytest.mark.parametrize("objective", WITH_HESSIAN, ids=repr)
def test_the_hessian_agrees_with_central_differences_of_the_gradient(objective):
    x = inside(objective, 200)
    by_differences = []
    for h in 1e-6 * np.eye(objective.dim)[:, :, np.newaxis]:
        width = (x + h) - (x - h)
        by_differences.append((objective.grad(x + h) - objective.grad(x - h)) / width.sum(axis=0))
    hessian = objective.hess(x)
    scale = np.maximum(1, np.abs(objective.grad(x)).max(axis=0) + np.abs(hessian).max(axis=(0, 1)))
    assert (np.abs(hessian - by_differences) / scale).max() < 1e-6


@pytest.mark.parametrize("objective", WITH_HESSIAN, ids=repr)
@pytest.mark.parametrize("shape", [(), (5,), (3, 4)], ids=str)
def test_a_hessian_puts_components_first(objective, shape):
    x = inside(objective, shape)
    hessian = objective.hess(x)
    assert hessian.shape == (objective.dim, objective.dim, *shape)
    assert hessian.dtype == np.float64
    for i in np.ndindex(shape):
        at = (..., *i)
        np.testing.assert_allclose(hessian[at], objective.hess(x[at]), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("name", QUADRATIC)
def test_one_step_minimizes_a_quadratic(name):
    objective = OBJECTIVES[name]
    starts = inside(objective, (3, 4))
    ends = descend(objective, Newton(objective.hess), starts, max_steps=1).x[-1]
    minimizer = np.reshape(objective.minimizers[0], (-1, 1, 1))
    np.testing.assert_allclose(ends, np.broadcast_to(minimizer, ends.shape), atol=1e-13)


def test_a_damped_step_goes_a_part_of_the_way():
    booth = OBJECTIVES["booth"]
    x = descend(booth, Newton(booth.hess, 0.25), (-5, 8), max_steps=1).x[-1]
    np.testing.assert_allclose(x, [-5 + 0.25 * 6, 8 - 0.25 * 5], rtol=1e-14)


def test_on_the_catenary_a_step_is_twice_a_hyperbolic_tangent():
    x = descend(catenary, Newton(catenary.hess), 10, max_steps=10).x[:, 0]
    np.testing.assert_allclose(x[1:], x[:-1] - 2 * np.tanh(x[:-1] / 2), atol=1e-14)
    assert abs(x[-1]) < 1e-15


@pytest.mark.parametrize(
    ("optimizer", "end"),
    [
        (Newton(growing_wave.hess), 26.83413291324767),
        (Newton(growing_wave.hess, 0.5), 7.269860168684531),
        (GradientDescent(2), pytest.approx(-1.528166, abs=5e-7)),
    ],
    ids=repr,
)
def test_published_ends_on_the_growing_wave(optimizer, end):
    assert descend(growing_wave, optimizer, 10, max_steps=10).x[-1, 0] == end


def test_where_the_curve_bends_down_the_step_goes_up():
    """Undamped, Newton comes past such a place on the growing wave, and ends on a maximum."""
    trajectory = descend(growing_wave, Newton(growing_wave.hess), 10, max_steps=10)
    bends = growing_wave.hess(trajectory.x.T)[0, 0]
    slopes = growing_wave.grad(trajectory.x.T)[0]
    moved = np.diff(trajectory.x[:, 0])
    assert bends[1] > 0 > bends[2] and bends[-1] < 0 and abs(slopes[-1]) < 1e-12
    climbs = (moved * slopes[:-1])[:6] > 0  # after that it has arrived
    np.testing.assert_array_equal(climbs, bends[:6] < 0)


def test_the_digits_double_near_a_minimum():
    x = descend(himmelblau, Newton(himmelblau.hess), (3.3, 2.3), max_steps=5).x
    error = np.linalg.norm(x - [3, 2], axis=1)
    ratio = error[1:4] / error[:3] ** 2
    assert error[3] < 1e-5 and error[5] < 1e-14
    assert ratio.max() < 1  # e_{k+1} ≤ C e_k²; C is below 1 here


def test_a_singular_hessian_stops_its_own_point_and_no_other():
    assert growing_wave.hess(np.array([0.0])) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        step, _ = Newton(growing_wave.hess).update(np.ones((1, 1)), (), np.zeros((1, 1)))
        assert np.isnan(step).all()
        both = descend(growing_wave, Newton(growing_wave.hess), [[0.0, 7.0]], grad_tol=1e-9)
    assert both.status.tolist() == ["diverged", "converged"]
    assert both.x[-1, 0, 0] == 0
    assert both.x[-1, 0, 1] == pytest.approx(growing_wave.minimizers[0][0], rel=1e-9)


@pytest.mark.parametrize("scale", [1e-250, 1e-200, 1e-100, 1.0, 1e100, 1e200])
def test_whether_a_hessian_is_singular_does_not_depend_on_its_scale(scale):
    regular, singular = scale * np.array([[2.0, 1], [1, 3]]), scale * np.array([[1.0, 2], [2, 4]])
    sides = scale * np.array([[4.0, 1.0], [7.0, 2.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        p = solve(np.stack([regular, singular], axis=-1), sides)
    np.testing.assert_allclose(p[:, 0], [1, 2], rtol=1e-14)
    assert np.isnan(p[:, 1]).all()
    steep = replace(  # the same landscape in other units, so the same descent
        himmelblau,
        value=lambda x: scale * himmelblau.value(x),
        grad=lambda x: scale * himmelblau.grad(x),
    )
    newton = Newton(lambda x: scale * himmelblau.hess(x))
    x = descend(steep, newton, (3.3, 2.3), max_steps=5).x
    np.testing.assert_allclose(x[-1], [3, 2], rtol=1e-14)


def test_an_objective_without_a_hessian_is_explained():
    with pytest.raises(TypeError, match=r"hess must be a function.*None was given"):
        Newton(OBJECTIVES["ackley"].hess)
