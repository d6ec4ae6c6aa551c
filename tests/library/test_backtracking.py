"""Backtracking against Armijo's condition, and against the end of its patience."""

import warnings

import numpy as np
import pytest

from gdcore import OBJECTIVES, Backtracking, descend, himmelblau, iterates, parabola
from gdcore.objectives import catenary, rosenbrock


@pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=OBJECTIVES.keys())
@pytest.mark.parametrize(("rate", "shrink", "slope"), [(1, 0.5, 1e-4), (8, 0.7, 0.3)])
def test_every_step_is_the_first_that_meets_armijos_condition(objective, rate, shrink, slope):
    rng = np.random.default_rng(0)
    x = np.array([rng.uniform(low, high, 50) for low, high in objective.domain])
    search = Backtracking(objective, rate, shrink, slope)
    state = search.init(x)
    for _ in range(20):
        g, f = objective.grad(x), objective.value(x)
        squared = np.sum(g * g, axis=0)
        step, state = search.update(g, state, x)
        # The step tells how often the rate was shrunk.
        moving = np.any(step != 0, axis=0) & (squared > 1e-200)
        t = np.sum(step * -g, axis=0)[moving] / squared[moving]
        shrunk = np.log(t / rate) / np.log(shrink)
        np.testing.assert_allclose(shrunk, shrunk.round(), atol=1e-6)
        t = rate * shrink ** shrunk.round()

        def margin(t, x=x, g=g, f=f, squared=squared, moving=moving):
            least = f[moving] - slope * t * squared[moving]
            return least - objective.value(x[:, moving] - t * g[:, moving])

        rounding = 1e-12 * (1 + np.abs(f[moving]))
        assert (margin(t) >= -rounding).all()
        again = shrunk.round() > 0
        assert (margin(t / shrink)[again] <= rounding[again]).all()  # the one before did not
        x = x + step
        assert (objective.value(x) <= f).all()


def test_a_fall_that_is_just_enough_is_enough():
    """From 1 the first trial, 0, falls by 1: exactly c t |g|² = 0.5 · 0.5 · 4."""
    search = Backtracking(parabola, learning_rate=0.5, shrink=0.5, slope=0.5)
    assert descend(parabola, search, 1, max_steps=1).last == 0


def test_it_descends_where_a_fixed_rate_of_one_runs_away():
    starts = np.random.default_rng(1).uniform(-2, 2, size=(2, 100))
    trajectory = descend(rosenbrock, Backtracking(rosenbrock), starts, max_steps=300)
    assert (trajectory.status == "max_steps").all()
    assert (np.diff(trajectory.f, axis=0) <= 0).all()


def test_at_a_minimum_it_stays():
    trajectory = descend(himmelblau, Backtracking(himmelblau), (3, 2), max_steps=5)
    np.testing.assert_array_equal(trajectory.x, np.tile([3.0, 2.0], (6, 1)))


@pytest.mark.parametrize(("shrink", "trials"), [(0.5, 60), (0.1, 18), (0.99, 4124)])
def test_it_gives_up_after_so_many_trials_and_stays(shrink, trials):
    asked = []

    def upside_down(x):
        asked.append(x)
        return 9 - parabola.value(x[:1])

    search = Backtracking(upside_down, shrink=shrink)
    x = np.array([3.0, 0.0])
    step, _ = search.update(np.array([6.0, 1.0]), search.init(x), x)
    assert step.tolist() == [0.0, 0.0]
    assert len(asked) == 1 + trials  # f at x, and f at each trial: beside 0 none is too near


def test_it_gives_up_where_a_trial_is_the_point_itself():
    asked = []

    def upside_down(x):
        asked.append(x)
        return 9 - parabola.value(x)

    search = Backtracking(upside_down)
    x = np.array([3.0])
    step, _ = search.update(np.array([6.0]), search.init(x), x)
    assert step == [0.0]
    # 6 · 2^-j is lost beside 3 below half a unit in its last place, 2^-52: from j = 55 on.
    assert len(asked) == 1 + 56


def test_a_first_trial_may_overflow():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        search = Backtracking(catenary, learning_rate=1e6)
        x = next(x for x, g in iterates(catenary.grad, search, np.array([50.0])) if abs(x) < 1)
    assert np.isfinite(x)


@pytest.mark.parametrize("name", ["shrink", "slope"])
@pytest.mark.parametrize("value", [0, 1, -0.5, 2, float("nan")])
def test_a_factor_lies_between_zero_and_one(name, value):
    with pytest.raises(ValueError, match=rf"{name} must be"):
        Backtracking(parabola, **{name: value})


def test_the_objective_must_be_a_function():
    with pytest.raises(TypeError, match=r"objective must be a function.*0\.1 was given"):
        Backtracking(0.1)
