"""Descents against closed forms, the source's own loops, and the errors a person meets."""

import warnings
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcore import (
    OBJECTIVES,
    OPTIMIZERS,
    Adadelta,
    AdaGrad,
    Adam,
    AdamW,
    Backtracking,
    Clipped,
    Constant,
    Cosine,
    Exponential,
    GradientDescent,
    InverseTime,
    Lion,
    Momentum,
    Nesterov,
    Newton,
    Objective,
    Polynomial,
    RMSProp,
    Scheduled,
    StableDecay,
    WarmUp,
    descend,
    ellipse,
    himmelblau,
    iterates,
    parabola,
)
from gdcore.descent import watch

finite = st.floats(allow_nan=False, allow_infinity=False)
rate = st.floats(0, exclude_min=True, allow_infinity=False)
tolerance = st.floats(0, allow_infinity=False)
part = st.floats(0, 1, exclude_max=True)


# Closed forms and published numbers


@given(eta=st.floats(1e-3, 1.2), start=st.floats(-100, 100))
def test_parabola_follows_its_closed_form(eta, start):
    x = descend(parabola, GradientDescent(eta), start, max_steps=30).x[:, 0]
    k = np.arange(31)
    # Each step rounds 2x·η and the difference: a few units in the last place of |x| + |2ηx|.
    # The least number there is, 5e-324, takes the place of the last place where x is as small.
    unit = 4e-16 * (1 + 2 * eta) * abs(start) + 1e-323
    error = unit * (k + 1) * max(1, abs(1 - 2 * eta)) ** k
    assert (np.abs(x - (1 - 2 * eta) ** k * start) <= error).all()


def test_ellipse_follows_its_closed_form_in_each_component():
    x = descend(ellipse, GradientDescent(0.1), (-5, -2), max_steps=20).x
    k = np.arange(21)
    np.testing.assert_allclose(x[:, 0], -5 * 0.8**k, rtol=1e-14)
    np.testing.assert_allclose(x[:, 1], -2 * 0.6**k, rtol=1e-14)


@pytest.mark.parametrize(
    ("eta", "printed"),
    [(0.2, "0.06046617599999997"), (0.05, "3.4867844009999995"), (1.1, "61.917364224000096")],
)
def test_parabola_prints_what_the_source_prints(eta, printed):
    trajectory = descend(parabola, GradientDescent(eta), 10, max_steps=10)
    assert repr(float(trajectory.x[-1, 0])) == printed


def test_a_tolerance_stops_where_the_source_stops():
    trajectory = descend(parabola, GradientDescent(0.1), 1.8, grad_tol=0.01)
    assert trajectory.steps == 27 and trajectory.status == "converged"
    assert float(trajectory.x[-1, 0]) == 0.004352132950612665


def test_himmelblau_stops_after_21_steps():
    trajectory = descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), grad_tol=0.01)
    assert trajectory.steps == 21 and trajectory.status == "converged"
    np.testing.assert_allclose(
        trajectory.x[-1], (-2.8050756998283592, 3.1312548976041272), rtol=0, atol=1e-12
    )


# The loops of source 1, held equal to the last bit


def plain_descent_1d(eta, x, steps):
    path = [x]
    for _ in range(steps):
        x -= eta * 2 * x
        path.append(x)
    return path


def plain_descent_2d(eta, x1, x2, steps):
    path = [(x1, x2)]
    for _ in range(steps):
        x1, x2 = x1 - eta * 2 * x1, x2 - eta * 4 * x2
        path.append((x1, x2))
    return path


@given(eta=st.floats(1e-3, 2), x1=st.floats(-1e3, 1e3), x2=st.floats(-1e3, 1e3))
def test_gdcore_equals_the_plain_loops_to_the_last_bit(eta, x1, x2):
    ours = descend(parabola, GradientDescent(eta), x1, max_steps=20).x[:, 0]
    assert ours.tolist() == plain_descent_1d(eta, x1, 20)
    ours = descend(ellipse, GradientDescent(eta), (x1, x2), max_steps=20).x
    assert ours.tolist() == [list(point) for point in plain_descent_2d(eta, x1, x2, 20)]


def test_descend_consumes_iterates():
    path = [x for x, g in islice(iterates(himmelblau.grad, GradientDescent(0.01), np.ones(2)), 6)]
    trajectory = descend(himmelblau, GradientDescent(0.01), np.ones(2), max_steps=5)
    np.testing.assert_array_equal(trajectory.x, path)
    np.testing.assert_array_equal(trajectory.f, [himmelblau(x) for x in path])


# Batches


def test_each_point_of_a_batch_stops_for_itself():
    starts = np.array([[-0.4, 3.0, 3.6, 60.0], [-0.65, 2.0, -1.9, 60.0]])
    batch = descend(himmelblau, GradientDescent(0.01), starts, grad_tol=0.01, max_steps=15)
    assert batch.status.tolist() == ["max_steps", "converged", "converged", "diverged"]
    for n, start in enumerate(starts.T):
        alone = descend(himmelblau, GradientDescent(0.01), start, grad_tol=0.01, max_steps=15)
        assert alone.status == batch.status[n] and alone.steps == batch.steps[n]
        np.testing.assert_array_equal(alone.x, batch.x[: alone.steps + 1, :, n])
        # From its stop on, a point of the batch stays where it is.
        assert (batch.x[alone.steps :, :, n] == alone.x[-1]).all()
        assert (batch.f[alone.steps :, n] == alone.f[-1]).all()


def test_what_the_watch_has_handed_out_stays_as_it_was():
    starts = np.array([[-0.4, 3.0, 3.6, 60.0], [-0.65, 2.0, -1.9, 60.0]])
    with np.errstate(all="ignore"):
        kept, copied = [], []
        for now in watch(himmelblau, GradientDescent(0.01), starts, 15, grad_tol=0.01):
            kept.append(now)
            copied.append([part.copy() for part in now])
    assert {word for *_, status in copied for word in status} > {"converged", "diverged"}
    for now, then in zip(kept, copied, strict=True):
        for part, copy in zip(now, then, strict=True):
            np.testing.assert_array_equal(part, copy)


def alone(objective, optimizer, x, max_steps, grad_tol):
    """The definition of a descent, for one point: its path, its values and its status."""
    path, values, state = [], [], optimizer.init(x)
    for _ in range(max_steps + 1):
        f, g = objective.value(x), objective.grad(x)
        if not np.isfinite([*x, *g, f]).all():
            return path, values, "diverged"
        path.append(x)
        values.append(f)
        if all(abs(slope) <= grad_tol for slope in g):
            return path, values, "converged"
        step, state = optimizer.update(g, state, x)
        x = x + step
    return path, values, "max_steps"


MIXED = {  # of each, such rates that the points below end in different ways
    "gradient_descent": GradientDescent(0.012),
    "momentum": Momentum(0.01),
    "nesterov": Nesterov(0.01),
    "adagrad": AdaGrad(1.0),
    "rmsprop": RMSProp(0.2),
    "adadelta": Adadelta(300.0),
    "adam": Adam(0.5),
    "adamw": AdamW(0.5, weight_decay=0.1),
    "lion": Lion(0.5, weight_decay=0.1),
    "newton": Newton(himmelblau.hess, learning_rate=0.5),
    "backtracking": Backtracking(himmelblau, learning_rate=0.01),
    "clipped": Clipped(GradientDescent(0.012), limit=300.0),
    "clipped by value": Clipped(Momentum(0.01), limit=300.0, by_value=True),
}


@pytest.mark.parametrize("name", MIXED)
def test_a_batch_is_the_definition_point_by_point(name):
    optimizer = MIXED[name]
    starts = np.random.default_rng(0).uniform(-9, 9, size=(2, 60))
    batch = descend(himmelblau, optimizer, starts, max_steps=15, grad_tol=2)
    with np.errstate(all="ignore"):
        ones = [alone(himmelblau, optimizer, start, 15, 2) for start in starts.T]
    assert len(set(batch.status)) > 1
    assert batch.status.tolist() == [status for _, _, status in ones]
    assert batch.steps.tolist() == [len(path) - 1 for path, _, _ in ones]
    for n, (path, values, _) in enumerate(ones):
        rest = len(batch.x) - len(path)  # it stays where it stopped
        np.testing.assert_array_equal(batch.x[:, :, n], path + [path[-1]] * rest)
        np.testing.assert_array_equal(batch.f[:, n], values + [values[-1]] * rest)


def test_these_batches_are_of_every_optimizer():
    assert MIXED.keys() >= OPTIMIZERS.keys()


def test_a_mesh_is_a_batch_of_two_axes():
    mesh = np.stack(np.meshgrid(np.linspace(-3, 3, 5), np.linspace(-2, 2, 4)))
    whole = descend(ellipse, GradientDescent(0.1), mesh, max_steps=9)
    flat = descend(ellipse, GradientDescent(0.1), mesh.reshape(2, -1), max_steps=9)
    assert whole.x.shape == (10, 2, 4, 5) and whole.steps.shape == (4, 5)
    np.testing.assert_array_equal(whole.x.reshape(10, 2, 20), flat.x)


def test_the_start_is_copied_and_never_changed():
    start = np.array([-5.0, -2.0])
    trajectory = descend(ellipse, GradientDescent(0.1), start, max_steps=3)
    assert start.tolist() == [-5, -2]
    assert not np.shares_memory(trajectory.x, start)


# Running away


def test_a_descent_that_runs_away_says_so_and_keeps_what_it_had():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trajectory = descend(parabola, GradientDescent(1.1), 10, max_steps=10**6)
    assert trajectory.status == "diverged"
    assert np.isfinite(trajectory.x).all() and np.isfinite(trajectory.f).all()
    assert len(trajectory.x) == trajectory.steps + 1
    # |x| grows by 1.2 a step and f = x² overflows at 2**1024.
    last = np.log(np.sqrt(np.finfo(float).max) / 10) / np.log(1.2)
    assert trajectory.steps == int(last)


schedules = st.one_of(
    st.builds(Polynomial, rate, rate, rate),
    st.builds(InverseTime, rate, rate),
    st.builds(Exponential, rate, rate),
    st.builds(Cosine, rate, st.integers(1, 50)),
    st.builds(StableDecay, rate, st.integers(1, 50), st.integers(1, 50)),
    st.builds(WarmUp, st.integers(1, 50), st.builds(Constant, rate)),
)


def optimizers_for(objective):
    """Any optimizer, with any numbers that it takes."""
    ours = [
        st.builds(GradientDescent, rate),
        st.builds(Momentum, rate, part, st.booleans()),
        st.builds(Nesterov, rate, part),
        st.builds(AdaGrad, rate, rate, st.booleans()),
        st.builds(RMSProp, rate, part, rate, st.booleans()),
        st.builds(Adadelta, rate, part, rate),
        st.builds(Adam, rate, part, part, rate, st.booleans()),
        st.builds(AdamW, rate, part, part, rate, st.booleans(), rate),
        st.builds(Lion, rate, part, part, rate),
        st.builds(Scheduled, st.builds(Momentum, rate), schedules),
        st.builds(Backtracking, st.just(objective), rate),
    ]
    if objective.hess:
        ours.append(st.builds(Newton, st.just(objective.hess), rate))
    return st.one_of(ours)


@settings(max_examples=400)
@given(data=st.data(), objective=st.sampled_from([*OBJECTIVES.values()]))
def test_whatever_is_asked_the_answer_is_finite_and_without_a_warning(data, objective):
    points = st.lists(st.tuples(*[finite] * objective.dim), min_size=1, max_size=3)
    starts = np.array(data.draw(points)).T
    optimizer = data.draw(optimizers_for(objective))
    max_steps, tol = data.draw(st.integers(1, 40)), data.draw(st.none() | tolerance)
    try:
        trajectory = descend(objective, optimizer, starts, max_steps=max_steps, grad_tol=tol)
    except ValueError as error:
        assert "overflow" in str(error)  # the start itself lies where f is no finite number
        assert np.abs(starts).max() > (1400 if objective.name == "catenary" else 1e50)
        return
    assert np.isfinite(trajectory.x).all() and np.isfinite(trajectory.f).all()
    assert trajectory.x.shape == (trajectory.steps.max() + 1, *starts.shape)
    assert trajectory.f.shape == (trajectory.steps.max() + 1, *starts.shape[1:])
    assert trajectory.steps.min() >= 0 and trajectory.steps.max() <= max_steps
    assert set(trajectory.status) <= {"converged", "diverged", "max_steps"}
    assert (trajectory.steps[trajectory.status == "max_steps"] == max_steps).all()
    converged = trajectory.status == "converged"
    if tol is None:
        assert not converged.any()
    else:
        with np.errstate(over="ignore", invalid="ignore"):
            slopes = np.abs(objective.grad(trajectory.x[-1]))
        assert (slopes[:, converged] <= tol).all()


# What a person may get wrong


@pytest.mark.parametrize(
    ("x0", "error", "says"),
    [
        ((1, 2, 3), ValueError, r"2 real.*x0 has 3 components \(shape \(3,\)\)"),
        (1.0, ValueError, r"x0 has 1 components"),
        (np.zeros((3, 2)), ValueError, r"x0 has 3 components \(shape \(3, 2\)\)"),
        ([], ValueError, r"x0 has 0 components"),
        (np.zeros((2, 0)), ValueError, r"x0 is empty \(shape \(2, 0\)\)"),
        ([[1, 2], [3]], ValueError, r"the rows of x0 = .* differ in length"),
        ((1, float("nan")), ValueError, r"x0 contains nan"),
        ((float("inf"), 1), ValueError, r"x0 contains inf"),
        ((1e200, 1), ValueError, r"overflow at 1 of the points"),
        ((1, 2j), TypeError, r"holds complex128 values"),
        (("a", "b"), TypeError, r"holds <U1 values"),
        ((None, 1), TypeError, r"holds object values"),
        ((True, False), TypeError, r"holds bool values"),
    ],
    ids=repr,
)
def test_a_wrong_start_is_explained(x0, error, says):
    with pytest.raises(error, match=says):
        descend(himmelblau, GradientDescent(0.01), x0)


@pytest.mark.parametrize(
    ("argument", "error"),
    [
        ({"max_steps": 0}, ValueError),
        ({"max_steps": -3}, ValueError),
        ({"max_steps": 10.0}, TypeError),
        ({"max_steps": True}, TypeError),
        ({"max_steps": None}, TypeError),
        ({"grad_tol": -1e-3}, ValueError),
        ({"grad_tol": float("nan")}, ValueError),
        ({"grad_tol": float("inf")}, ValueError),
        ({"grad_tol": "0.01"}, TypeError),
        ({"grad_tol": True}, TypeError),
    ],
    ids=repr,
)
def test_a_wrong_limit_is_explained(argument, error):
    [(name, value)] = argument.items()
    with pytest.raises(error) as caught:
        descend(parabola, GradientDescent(0.1), 1, **argument)
    assert name in str(caught.value) and repr(value) in str(caught.value)


def test_a_function_is_not_an_objective():
    with pytest.raises(
        TypeError,
        match=r"must be an Objective.*or a pair.*was given alone.*give both as \(f, grad\)",
    ):
        descend(lambda x: x * x, GradientDescent(0.1), 1)


# A pair of functions


def f(x):
    return x[0] * x[0] + 2 * x[1] * x[1]


def grad(x):
    return np.array([2 * x[0], 4 * x[1]])


@pytest.mark.parametrize(
    "pair", [(f, grad), [f, grad], Objective(f, grad, dim=2)], ids=["tuple", "list", "objective"]
)
@pytest.mark.parametrize("shape", [(2,), (2, 5), (2, 3, 4)], ids=str)
def test_value_and_gradient_suffice(pair, shape):
    x0 = np.random.default_rng(0).uniform(-3, 3, shape)
    ours = descend(pair, GradientDescent(0.1), x0, max_steps=20)
    theirs = descend(ellipse, GradientDescent(0.1), x0, max_steps=20)
    np.testing.assert_array_equal(ours.x, theirs.x)
    np.testing.assert_array_equal(ours.f, theirs.f)
    assert ours.objective == Objective(f, grad, dim=2)
    assert repr(ours).startswith("Trajectory(f, ")


def test_a_pair_takes_as_many_components_as_the_start_has():
    half = lambda x: np.sum(x * x, axis=0) / 2, lambda x: x
    for d in (1, 2, 7):
        run = descend(half, GradientDescent(0.5), np.ones(d), max_steps=3)
        assert run.objective.dim == d and run.last.tolist() == [0.125] * d
    assert descend(half, GradientDescent(0.5), 8, max_steps=3).last == 1


@pytest.mark.parametrize(
    ("wrong", "x0", "says"),
    [
        ((f,), (1, 1), r"a pair of functions \(f, grad\), but \(<function"),
        ((f, 2), (1, 1), r"a pair of functions"),
        ((f, grad, grad), (1, 1), r"a pair of functions"),
        ((f, lambda x: 2 * x[0]), (1, 1), r"gradient must be an array of the shape of x, \(2,\)"),
        ((lambda x: x, grad), (1, 1), r"f must give a real number for each point"),
        ((f, grad), [[1, 2], [3]], r"the rows of x0 = .* differ in length"),
        ((f, grad), [], r"0 components|x0 is empty"),
        ((f, grad), (1e200, 1), r"they overflow at 1 of the points given$"),
        ((f, grad), None, r"x0 = None holds object values"),
    ],
)
def test_a_wrong_pair_is_explained(wrong, x0, says):
    with pytest.raises((TypeError, ValueError), match=says):
        descend(wrong, GradientDescent(0.1), x0)


# The last point and the best


def test_the_last_point_is_the_last_row():
    run = descend(himmelblau, GradientDescent(0.01), np.ones((2, 5)), max_steps=7)
    np.testing.assert_array_equal(run.last, run.x[-1])


@pytest.mark.parametrize("shape", [(2,), (2, 9), (2, 3, 4)], ids=str)
def test_the_best_point_is_that_of_the_least_value_of_each_descent(shape):
    x0 = np.random.default_rng(0).uniform(-4, 4, shape)
    run = descend(himmelblau, Momentum(0.02), x0, max_steps=60)
    assert run.best.shape == shape
    np.testing.assert_array_equal(himmelblau.value(run.best), run.f.min(axis=0))
    for i in np.ndindex(shape[1:]):
        one_by_one = min(
            zip(run.f[(slice(None), *i)], run.x[(..., *i)], strict=True), key=lambda p: p[0]
        )
        np.testing.assert_array_equal(run.best[(..., *i)], one_by_one[1])
    assert (himmelblau.value(run.best) < himmelblau.value(run.last)).any()


def test_of_equals_the_first_is_the_best():
    there_and_back = descend(parabola, GradientDescent(1), 3, max_steps=4)
    assert there_and_back.x[:, 0].tolist() == [3, -3, 3, -3, 3] and there_and_back.best == 3


# Stopping by a function


def test_a_function_is_asked_at_every_step_with_what_is_there():
    asked = []

    def stop(k, x, f, grad):
        asked.append((k, x.copy(), f, grad))
        return k == 4

    run = descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), stop=stop)
    assert run.status == "stopped" and run.steps == 4 and len(run.x) == 5
    assert repr(run).endswith(": 4 steps, stopped)")
    assert [k for k, *_ in asked] == [0, 1, 2, 3, 4]
    for (_, x, f, g), row, value in zip(asked, run.x, run.f, strict=True):
        np.testing.assert_array_equal(x, row)
        assert f == value
        np.testing.assert_array_equal(g, himmelblau.grad(row))


def test_by_the_gradients_size_it_stops_where_a_tolerance_does():
    starts = np.random.default_rng(0).uniform(-9, 9, size=(2, 60))
    starts[:, 0] = 60  # this one runs away
    by_tol = descend(himmelblau, GradientDescent(0.01), starts, max_steps=15, grad_tol=2)
    by_stop = descend(
        himmelblau, GradientDescent(0.01), starts, max_steps=15,
        stop=lambda k, x, f, grad: (np.abs(grad) <= 2).all(axis=0),
    )  # fmt: skip
    assert set(by_stop.status) == {"stopped", "diverged", "max_steps"}
    np.testing.assert_array_equal(by_stop.x, by_tol.x)
    np.testing.assert_array_equal(by_stop.steps, by_tol.steps)
    np.testing.assert_array_equal(by_stop.status == "stopped", by_tol.status == "converged")


def test_one_answer_stops_all_that_still_run_and_convergence_comes_first():
    starts = [[1e-3, 5.0, 9.0]]
    run = descend(
        parabola, GradientDescent(0.1), starts, grad_tol=0.01, stop=lambda k, x, f, grad: k == 3
    )
    assert run.status.tolist() == ["converged", "stopped", "stopped"]
    assert run.steps.tolist() == [0, 3, 3]
    at_once = descend(parabola, GradientDescent(0.1), 0, grad_tol=0, stop=lambda *_: True)
    assert at_once.status == "converged" and at_once.steps == 0


@pytest.mark.parametrize(
    ("stop", "says"),
    [
        (3, r"stop must be a function, such as lambda k, x, f, grad.*3 was given"),
        (lambda k, x, f, grad: None, r"must say True or False.*shape \(2,\).*gave None"),
        (lambda k, x, f, grad: f, r"must say True or False"),
        (lambda k, x, f, grad: x < 1, r"shape \(2,\), one for each point"),
    ],
)
def test_a_wrong_condition_is_explained(stop, says):
    with pytest.raises(TypeError, match=f"(?s){says}"):
        descend(ellipse, GradientDescent(0.1), np.ones((2, 2)), stop=stop)


def test_the_repr_says_how_it_ended():
    one = descend(parabola, GradientDescent(0.1), 1.8, grad_tol=0.01)
    assert (
        repr(one) == "Trajectory(parabola, GradientDescent(learning_rate=0.1): 27 steps, converged)"
    )
    two = descend(parabola, GradientDescent(1.1), [[1e-3, 10.0]], max_steps=2000)
    assert repr(two).endswith("steps, 2 diverged)")
