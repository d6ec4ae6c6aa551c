"""Sweeps against `descend`, and on Dask against NumPy, with a worker killed on the way."""

import os
import signal
from dataclasses import FrozenInstanceError
from functools import partial

import dask
import dask.array as da
import numpy as np
import pytest
from dask.distributed import Client, LocalCluster, as_completed, futures_of

from gdcore import (
    OBJECTIVES,
    Adam,
    GradientDescent,
    Momentum,
    Newton,
    descend,
    himmelblau,
    parabola,
    sweep,
)

RATES = [0.001, 0.01, 0.015, 0.03]  # on Himmelblau's function from all to few points settle
OPTIMIZERS = {
    "gradient_descent": GradientDescent,
    "momentum": partial(Momentum, beta=0.5),
    "adam": Adam,
    "newton": partial(Newton, himmelblau.hess),
}


def starts(n):
    return np.random.default_rng(0).uniform(-6, 6, size=(2, n))


def assert_same(ends, expected):
    for name in ("x", "steps", "status"):
        ours, theirs = getattr(ends, name), getattr(expected, name)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)


# Against descend


@pytest.mark.parametrize("tol", [None, 0.01])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_ends_are_the_last_rows_of_descend(name, tol, monkeypatch):
    monkeypatch.setattr("gdcore.sweeps.BLOCK", 64)  # three full blocks and a rest
    x0 = starts(200)
    ends = sweep(himmelblau, OPTIMIZERS[name], x0, RATES, max_steps=60, grad_tol=tol)
    assert ends.x.shape == (2, 4, 200) and ends.steps.shape == ends.status.shape == (4, 200)
    for k, rate in enumerate(RATES):
        run = descend(himmelblau, OPTIMIZERS[name](rate), x0, max_steps=60, grad_tol=tol)
        np.testing.assert_array_equal(ends.x[:, k], run.x[-1])
        np.testing.assert_array_equal(ends.steps[k], run.steps)
        np.testing.assert_array_equal(ends.status[k], run.status)


def test_these_sweeps_end_in_every_way():
    ends = sweep(himmelblau, GradientDescent, starts(200), RATES, max_steps=60, grad_tol=0.01)
    assert set(ends.status.ravel()) == {"converged", "diverged", "max_steps"}


@pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=OBJECTIVES)
def test_every_objective_can_be_swept(objective):
    low, high = np.array(objective.domain).T[..., np.newaxis]
    x0 = np.random.default_rng(1).uniform(low, high, size=(objective.dim, 20))
    ends = sweep(objective, GradientDescent, x0, [1e-4], max_steps=10)
    run = descend(objective, GradientDescent(1e-4), x0, max_steps=10)
    np.testing.assert_array_equal(ends.x[:, 0], run.x[-1])


class HalfInit:
    def init(self, x):
        return ()


class HalfUpdate:
    def update(self, grad, state, x):
        return -grad, state


@pytest.mark.parametrize(
    "half", [HalfInit(), HalfUpdate(), GradientDescent], ids=["init", "update", "a class"]
)
def test_half_an_optimizer_is_none(half):
    with pytest.raises(TypeError, match=r"must make an Optimizer of a learning rate.*but it made"):
        sweep(himmelblau, lambda rate: half, [[1.0], [1.0]], [0.1], max_steps=1)


def test_a_pair_of_functions_is_swept_as_the_objective_it_makes():
    pair = himmelblau.value, himmelblau.grad
    for tol in (None, 0.01):
        ours = sweep(pair, GradientDescent, starts(50), RATES, max_steps=40, grad_tol=tol)
        named = sweep(himmelblau, GradientDescent, starts(50), RATES, max_steps=40, grad_tol=tol)
        assert_same(ours, named)
    assert repr(ours) == "Ends(f: 4 learning rates, 50 starts)"
    with pytest.raises(ValueError, match="f must give a real number for each point"):
        sweep((lambda x: x, himmelblau.grad), GradientDescent, starts(5), RATES, max_steps=4)


def test_without_a_tolerance_f_is_looked_at_twice_and_the_gradient_once_a_step(monkeypatch):
    monkeypatch.setattr("gdcore.sweeps.BLOCK", 64)
    asked = {"value": 0, "grad": 0}

    def counted(name):
        def function(x):
            asked[name] += 1
            return getattr(himmelblau, name)(x)

        return function

    pair = counted("value"), counted("grad")
    sweep(pair, GradientDescent, starts(200) / 6, [0.001], max_steps=30)
    assert asked == {"value": 2 * 4, "grad": 31 * 4}  # in each of four blocks


def test_a_descent_that_comes_back_has_never_been_away_unless_it_is_watched():
    """x goes 1, 9, 1, 9, 1; at 9 f overflows."""
    pair = lambda x: np.where(x[0] > 5, np.inf, x[0]), lambda x: 2 * x - 10
    ends = sweep(pair, GradientDescent, [[1.0]], [1], max_steps=4)
    assert ends.status == "max_steps" and ends.steps == 4 and ends.x == 1
    watched = sweep(pair, GradientDescent, [[1.0]], [1], max_steps=4, grad_tol=0)
    assert watched.status == "diverged" and watched.steps == 0
    away = sweep(pair, GradientDescent, [[1.0]], [1], max_steps=3)  # it ends at 9
    assert away.status == "diverged" and away.steps == 0 and away.x == 1


def test_ends_and_trajectories_are_frozen():
    ends = sweep(parabola, GradientDescent, [[1.0]], [0.1], max_steps=1)
    run = descend(parabola, GradientDescent(0.1), 1, max_steps=1)
    for result in (ends, run):
        with pytest.raises(FrozenInstanceError):
            result.x = 0


# On Dask


def arguments(x0, max_steps=60, tol=0.01):
    return (himmelblau, GradientDescent, x0, RATES), {"max_steps": max_steps, "grad_tol": tol}


def on_numpy(n, **limits):
    positional, named = arguments(starts(n), **limits)
    return sweep(*positional, **named)


def on_dask(n, chunks, **limits):
    positional, named = arguments(da.from_array(starts(n), chunks=chunks), **limits)
    return sweep(*positional, **named)


def test_a_dask_array_gives_lazy_arrays_with_the_same_numbers():
    ends = on_dask(3000, chunks=(1, 700))
    assert all(isinstance(a, da.Array) for a in (ends.x, ends.steps, ends.status))
    assert ends.x.shape == (2, 4, 3000)
    assert repr(ends) == "Ends(himmelblau: 4 learning rates, 3000 starts)"
    (computed,) = dask.compute(ends, scheduler="synchronous")
    assert_same(computed, on_numpy(3000))


def test_a_descent_is_walked_once_for_all_three_arrays():
    rates = []

    def counted(rate):
        class Counted(GradientDescent):
            def init(self, x):
                rates.append(self.learning_rate)
                return super().init(x)

        return Counted(rate)

    x0 = da.from_array(starts(100), chunks=(2, 25))
    ends = sweep(himmelblau, counted, x0, RATES, max_steps=5)
    assert rates == []  # nothing is walked before it is asked for
    dask.compute(ends, scheduler="synchronous")
    assert sorted(rates) == sorted(RATES * 4)  # one task a rate and chunk


def test_a_bad_number_in_a_dask_array_is_explained_when_it_is_met():
    x0 = da.from_array(np.array([[1.0, np.nan], [1.0, 1.0]]), chunks=(2, 1))
    ends = sweep(himmelblau, GradientDescent, x0, [0.01], max_steps=5)
    with pytest.raises(ValueError, match="x0 contains nan"):
        dask.compute(ends, scheduler="synchronous")


@pytest.fixture
def client():
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.mark.slow
def test_a_killed_worker_costs_time_and_nothing_else(client):
    limits = {"max_steps": 1000, "tol": None}
    (ends,) = dask.persist(on_dask(40_000, chunks=(2, 2_000), **limits))  # the workers begin
    futures = futures_of([ends.x, ends.steps, ends.status])
    for done, _ in enumerate(as_completed(futures), start=1):
        if done == len(futures) // 4:
            break
    victim, _ = client.run(os.getpid).values()
    assert not all(future.done() for future in futures)  # it happens on the way
    os.kill(victim, signal.SIGKILL)
    (computed,) = dask.compute(ends)
    assert_same(computed, on_numpy(40_000, **limits))
    client.wait_for_workers(2)  # the dead one has a successor
    assert victim not in client.run(os.getpid).values()


# What a person may get wrong


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"objective": abs}, TypeError, r"objective must be an Objective.*abs"),
        ({"optimizer": GradientDescent(0.1)}, TypeError, r"such as GradientDescent, .*0\.1"),
        ({"optimizer": lambda rate: rate}, TypeError, r"must make an Optimizer.*it made 0\.01"),
        ({"x0": [1.0, 2.0]}, ValueError, r"shape \(2, n\).*its shape is \(2,\)"),
        ({"x0": np.zeros((2, 3, 4))}, ValueError, r"its shape is \(2, 3, 4\)"),
        ({"x0": np.zeros((3, 4))}, ValueError, r"x0 has 3 components"),
        ({"x0": np.zeros((2, 0))}, ValueError, r"x0 is empty"),
        ({"x0": [[1.0, np.nan], [1, 1]]}, ValueError, r"x0 contains nan"),
        ({"x0": [[1e200], [1]]}, ValueError, r"overflow at 1 of the points"),
        ({"x0": da.zeros(2)}, ValueError, r"its shape is \(2,\)"),
        ({"x0": da.zeros((3, 4))}, ValueError, r"its shape is \(3, 4\)"),
        ({"x0": da.zeros((2, 4), dtype=complex)}, TypeError, r"Dask array of complex128"),
        ({"learning_rates": 0.1}, ValueError, r"in a row.*shape \(\)"),
        ({"learning_rates": []}, ValueError, r"one or more.*shape \(0,\)"),
        ({"learning_rates": [[0.1], [0.2, 0.3]]}, ValueError, r"in a row"),
        ({"learning_rates": ["a"]}, TypeError, r"holds <U1 values"),
        ({"learning_rates": [0.1, -1]}, ValueError, r"must be positive.*-1\.0 was given"),
        ({"learning_rates": [np.nan]}, ValueError, r"must be positive.*nan was given"),
        ({"max_steps": 0}, ValueError, r"max_steps must be 1 or more"),
        ({"grad_tol": "0.1"}, TypeError, r"grad_tol must be a number"),
    ],
)
def test_what_is_wrong_is_explained(wrong, error, says):
    right = {"objective": himmelblau, "optimizer": GradientDescent, "x0": starts(3)}
    right |= {"learning_rates": [0.01], "max_steps": 3}
    with pytest.raises(error, match=says):
        sweep(**right | wrong)


def test_a_row_of_starts_does_where_x_has_one_component():
    assert sweep(parabola, GradientDescent, [[1, 2]], [0.5], max_steps=1).x.tolist() == [[[0, 0]]]
