"""Schedules against their formulas, and noisy descents under them against their exact spread."""

from dataclasses import FrozenInstanceError, dataclass, fields, replace
from itertools import islice
from math import log

import numpy as np
import pytest

import gdcore
from gdcore import (
    OPTIMIZERS,
    Adam,
    Backtracking,
    Constant,
    Cosine,
    Exponential,
    GradientDescent,
    InverseTime,
    Momentum,
    Newton,
    Polynomial,
    Scheduled,
    StableDecay,
    WarmUp,
    descend,
    ellipse,
    himmelblau,
    iterates,
    noisy,
)


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        (Constant(0.5), {0: 0.5, 1: 0.5, 1000: 0.5}),
        (InverseTime(0.5, decay=0.25), {0: 0.5, 4: 0.25, 12: 0.125}),
        (Polynomial(0.5, decay=3, power=0.5), {0: 0.5, 1: 0.25, 5: 0.125}),
        (Polynomial(0.5, decay=1, power=2), {0: 0.5, 1: 0.125, 3: 0.5 / 16}),
        (Exponential(0.5, decay=log(2)), {0: 0.5, 1: 0.25, 10: 0.5 / 1024}),
        (Cosine(0.5, steps=6), {0: 0.5, 2: 0.375, 3: 0.25, 4: 0.125, 6: 0.0, 99: 0.0}),
        (Cosine(0.5, steps=6, final=0.1), {0: 0.5, 2: 0.4, 3: 0.3, 4: 0.2, 6: 0.1, 99: 0.1}),
        (StableDecay(0.5, 3, falling=4), {0: 0.5, 3: 0.5, 4: 0.375, 6: 0.125, 7: 0.0, 99: 0.0}),
        (StableDecay(0.5, 3, falling=4, final=0.1), {3: 0.5, 4: 0.4, 6: 0.2, 7: 0.1, 99: 0.1}),
        (WarmUp(3, then=Constant(0.5)), {0: 0.125, 1: 0.25, 2: 0.375, 3: 0.5, 4: 0.5}),
        (WarmUp(1, then=InverseTime(0.5, decay=1)), {0: 0.25, 1: 0.5, 2: 0.25, 5: 0.1}),
    ],
    ids=repr,
)
def test_rates_by_hand(schedule, rates):
    for k, rate in rates.items():
        assert schedule(k) == pytest.approx(rate, rel=1e-14, abs=1e-16)
    assert eval(repr(schedule), vars(gdcore)) == schedule


def test_inverse_time_is_polynomial_decay_with_power_one():
    for k in range(100):
        assert InverseTime(0.5, 0.3)(k) == pytest.approx(Polynomial(0.5, 0.3, 1)(k), rel=1e-14)


# With an optimizer


def test_the_step_from_x_k_has_the_rate_of_k():
    asked = []

    def rate(k):
        asked.append(k)
        return 0.1

    descend(ellipse, Scheduled(GradientDescent(9), rate), (-5, -2), max_steps=4)
    assert asked == [0, 1, 2, 3]
    asked.clear()
    descend(ellipse, Scheduled(GradientDescent(9), rate, first=2), (-5, -2), max_steps=4)
    assert asked == [2, 3, 4, 5]


@pytest.mark.parametrize("optimizer", [GradientDescent(0.01), Momentum(0.01, 0.5), Adam(0.01)])
def test_a_constant_schedule_changes_nothing(optimizer):
    scheduled = Scheduled(replace(optimizer, learning_rate=9), Constant(0.01))
    for path in zip(
        descend(himmelblau, scheduled, (-0.4, -0.65), max_steps=50).x,
        descend(himmelblau, optimizer, (-0.4, -0.65), max_steps=50).x,
        strict=True,
    ):
        np.testing.assert_array_equal(*path)


def test_a_rate_of_zero_stands_still():
    scheduled = Scheduled(GradientDescent(1), Cosine(0.1, steps=5))
    x = descend(ellipse, scheduled, (-5, -2), max_steps=20).x
    assert (x[5] != x[4]).all()
    np.testing.assert_array_equal(x[5:], np.tile(x[5], (16, 1)))


@pytest.mark.parametrize(
    "optimizer",
    [
        *OPTIMIZERS.values(),
        Newton(ellipse.hess),
        Backtracking(ellipse),
        Momentum(1, rate_inside=True),
    ],
    ids=repr,
)
def test_any_optimizer_stands_still_at_a_rate_of_zero(optimizer):
    scheduled = Scheduled(optimizer, lambda k: 0)
    x = descend(ellipse, scheduled, (-5, -2), max_steps=3).x
    np.testing.assert_array_equal(x, np.tile([-5.0, -2.0], (4, 1)))


def test_an_optimizer_is_neither_made_anew_nor_changed_at_every_step():
    made = []

    @dataclass(frozen=True)
    class Counted(GradientDescent):
        def __post_init__(self):
            made.append(self.learning_rate)

    counted = Counted(9)
    x = descend(ellipse, Scheduled(counted, lambda k: 0.5 / (k + 1)), (-5, -2), max_steps=9).x
    expected = descend(
        ellipse, Scheduled(GradientDescent(1), InverseTime(0.5, 1)), (-5, -2), max_steps=9
    )
    np.testing.assert_array_equal(x, expected.x)
    assert made == [9] and counted.learning_rate == 9


# Noise of sd 1 on f = x1² + 2 x2², from (-5, -2), η = 0.1 times a factor.
# The source counts t from 1 and adds 1 before it takes the factor: its first is that of 2.
NOISY = [
    # schedule, steps, sum of the rates, mean, sd: as published
    (Constant(0.1), 50, "5.0000", ("-0.000071", "-0.000000"), ("0.1667", "0.1250")),
    (Exponential(0.1, 0.1), 1000, "0.8603", ("-0.825737", "-0.045026"), ("0.0747", "0.0399")),
    (Polynomial(0.1, 0.1), 50, "2.8149", ("-0.012437", "-0.000005"), ("0.1053", "0.0750")),
]


@pytest.mark.parametrize(("schedule", "steps", "total", "mean", "sd"), NOISY, ids=repr)
def test_noisy_descents_arrive_where_published(schedule, steps, total, mean, sd):
    curvature = np.array([2.0, 4.0])
    rates = [schedule(k) for k in range(2, 2 + steps)]
    assert f"{sum(rates):.4f}" == total
    exact_mean, variance = np.array([-5.0, -2.0]), np.zeros(2)
    for rate in rates:  # x ← (1 - rate·λ) x + rate·noise
        exact_mean = (1 - rate * curvature) * exact_mean
        variance = (1 - rate * curvature) ** 2 * variance + rate**2
    assert tuple(f"{x:.6f}" for x in exact_mean) == mean
    assert tuple(f"{x:.4f}" for x in np.sqrt(variance)) == sd

    n = 5000
    grad = noisy(ellipse.grad, np.random.default_rng(0))
    scheduled = Scheduled(GradientDescent(0.1), schedule, first=2)
    descents = iterates(grad, scheduled, np.tile([[-5.0], [-2.0]], n))
    x, _ = next(islice(descents, steps, None))
    spread = np.sqrt(variance)
    assert (np.abs(x.mean(axis=1) - exact_mean) < 5 * spread / np.sqrt(n)).all()
    np.testing.assert_allclose(x.std(axis=1), spread, rtol=5 / np.sqrt(2 * n))


# What a person may get wrong


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: Constant(0), ValueError, "rate must be positive and finite"),
        (lambda: InverseTime(0.1, decay=-1), ValueError, "decay must be positive and finite"),
        (lambda: Polynomial(0.1, 0.1, power=0), ValueError, "power must be positive and finite"),
        (lambda: Exponential("0.1", 0.1), TypeError, "rate must be a positive number"),
        (lambda: Cosine(0.1, steps=0), ValueError, "steps must be 1 or more, but 0 was given"),
        (lambda: Cosine(0.1, steps=9.5), TypeError, r"steps must be a whole number.*9\.5"),
        (lambda: Cosine(0.1, 9, final=-1), ValueError, "final must be zero or more and finite"),
        (lambda: StableDecay(0.1, 0, 5), ValueError, "stable must be 1 or more, but 0 was given"),
        (lambda: StableDecay(0.1, 5, 0.2), TypeError, r"falling must be a whole number.*0\.2"),
        (lambda: StableDecay(0.1, 5, 5, -1), ValueError, "final must be zero or more and finite"),
        (lambda: WarmUp(True, Constant(0.1)), TypeError, "steps must be a whole number"),
        (lambda: WarmUp(3, 0.1), TypeError, r"then must be a function.*Constant.*0\.1 was given"),
        (
            lambda: Scheduled(0.1, Constant(0.1)),
            TypeError,
            "must be an Optimizer.*but 0.1 was given",
        ),
        (lambda: Scheduled(Adam(), 0.1), TypeError, r"schedule must be a function.*0\.1 was given"),
        (lambda: Scheduled(Adam(), Constant(0.1), -1), ValueError, "first must be 0 or more"),
    ],
)
def test_a_wrong_argument_is_explained(make, error, says):
    with pytest.raises(error, match=says):
        make()


@pytest.mark.parametrize("value", [0, -0.1, float("nan"), float("inf"), "0.1", None, True])
@pytest.mark.parametrize(
    ("schedule", "name"),
    [
        (Constant(0.1), "rate"),
        (InverseTime(0.1, 0.1), "rate"),
        (InverseTime(0.1, 0.1), "decay"),
        (Polynomial(0.1, 0.1), "rate"),
        (Polynomial(0.1, 0.1), "decay"),
        (Polynomial(0.1, 0.1), "power"),
        (Exponential(0.1, 0.1), "rate"),
        (Exponential(0.1, 0.1), "decay"),
        (Cosine(0.1, 9), "rate"),
        (StableDecay(0.1, 9, 9), "rate"),
    ],
    ids=str,
)
def test_every_number_of_a_schedule_is_positive_and_finite(schedule, name, value):
    error = ValueError if type(value) in (int, float) else TypeError
    with pytest.raises(error, match=rf"^{name} must be (a )?positive"):
        replace(schedule, **{name: value})


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_the_last_rate_is_finite_too(value):
    with pytest.raises(ValueError, match="final must be zero or more and finite"):
        Cosine(0.1, 9, final=value)


@pytest.mark.parametrize(
    "schedule",
    [
        Constant(0.1),
        InverseTime(0.1, 0.1),
        Polynomial(0.1, 0.1),
        Exponential(0.1, 0.1),
        Cosine(0.1, 9),
        StableDecay(0.1, 9, 9),
        WarmUp(3, Constant(0.1)),
        Scheduled(Adam(), Constant(0.1)),
    ],
    ids=repr,
)
def test_a_schedule_is_a_value(schedule):
    assert schedule == replace(schedule) and hash(schedule) == hash(replace(schedule))
    for field in fields(schedule):
        with pytest.raises(FrozenInstanceError):
            setattr(schedule, field.name, 1)


@pytest.mark.parametrize("rate", [-0.1, float("nan"), float("inf")])
def test_a_schedule_that_gives_no_rate_is_explained(rate):
    scheduled = Scheduled(GradientDescent(0.1), lambda k: rate)
    with pytest.raises(
        ValueError, match=r"learning rate schedule\(0\) must be zero or more and finite"
    ):
        descend(ellipse, scheduled, (-5, -2))
