"""Optimizers and schedules against optax's: each path of 1000 steps to 1e-12.

optax differentiates f itself, so the gradients are independent too. Its conventions are met by our
parameters, or ours by building blocks of its own, as said beside each pair.
"""

from itertools import islice

import jax
import numpy as np
import optax
import pytest

from gdcore import (
    Adadelta,
    AdaGrad,
    Adam,
    AdamW,
    Clipped,
    Constant,
    Cosine,
    Exponential,
    GradientDescent,
    InverseTime,
    Lion,
    Momentum,
    Muon,
    Nesterov,
    Polynomial,
    RMSProp,
    Scheduled,
    StableDecay,
    WarmUp,
    descend,
    exponential_average,
    himmelblau,
    iterates,
    valley,
)
from gdcore.objectives import rosenbrock

jax.config.update("jax_enable_x64", True)

STEPS = 1000
STARTS = [(valley, (-5.0, -2.0)), (rosenbrock, (-1.2, 1.0)), (himmelblau, (-0.4, -0.65))]
COSINE = Cosine(0.002, steps=600, final=0.0005)


def optax_cosine(count):
    return optax.cosine_decay_schedule(0.002, 600, alpha=0.25)(count)  # alpha = final / rate


def clipped(clip):
    return optax.chain(clip, optax.sgd(0.001, momentum=0.9))


PAIRS = [
    (GradientDescent(0.001), optax.sgd(0.001)),
    # The rate outside the velocity is optax's; inside, it comes before the trace.
    (Momentum(0.001, 0.9), optax.sgd(0.001, momentum=0.9)),
    (
        Momentum(0.001, 0.9, rate_inside=True),
        optax.chain(optax.scale(0.001), optax.trace(0.9), optax.scale(-1.0)),
    ),
    (Nesterov(0.001, 0.9), optax.sgd(0.001, momentum=0.9, nesterov=True)),
    # optax's sum starts at 0.1 unless told otherwise, and has eps inside.
    (
        AdaGrad(0.5, eps=1e-6, eps_inside=True),
        optax.adagrad(0.5, initial_accumulator_value=0.0, eps=1e-6),
    ),
    # RMSProp and Adadelta bounce about for ever where eps is small, and blow rounding up while they
    # do. With eps = 1 they settle; it also tells best where eps stands.
    (RMSProp(0.001, eps=1.0), optax.rmsprop(0.001, decay=0.9, eps=1.0, eps_in_sqrt=False)),
    (RMSProp(0.001, eps=1.0, eps_inside=True), optax.rmsprop(0.001, decay=0.9, eps=1.0)),
    (Adadelta(0.001, rho=0.9, eps=1.0), optax.adadelta(0.001, rho=0.9, eps=1.0)),
    (Adam(0.01), optax.adam(0.01)),
    (Adam(0.01, eps=1e-3, eps_inside=True), optax.adam(0.01, eps=0.0, eps_root=1e-3)),
    (AdamW(0.01, weight_decay=0.01), optax.adamw(0.01, weight_decay=0.01)),
    (Lion(0.003), optax.lion(0.003, weight_decay=0.0)),
    (Lion(0.003, 0.8, 0.95, 0.01), optax.lion(0.003, b1=0.8, b2=0.95, weight_decay=0.01)),
    (Clipped(Momentum(0.001, 0.9), 5.0), clipped(optax.clip_by_global_norm(5.0))),
    (Clipped(Momentum(0.001, 0.9), 5.0, by_value=True), clipped(optax.clip(5.0))),
    # optax, too, gives step k the rate of k, from 0.
    (Scheduled(Momentum(1.0, 0.5), COSINE), optax.sgd(optax_cosine, momentum=0.5)),
    (
        Scheduled(Momentum(1.0, 0.5, rate_inside=True), COSINE),
        optax.chain(optax.scale_by_schedule(optax_cosine), optax.trace(0.5), optax.scale(-1.0)),
    ),
    (Scheduled(Adam(), COSINE), optax.adam(optax_cosine)),
]


def optax_path(transformation, f, x0):
    """The points after each step, computed by optax and JAX alone."""

    def step(carry, _):
        x, state = carry
        update, state = transformation.update(jax.grad(f)(x), state, x)
        x = optax.apply_updates(x, update)
        return (x, state), x

    start = jax.numpy.array(x0)
    scan = jax.jit(lambda x: jax.lax.scan(step, (x, transformation.init(x)), length=STEPS)[1])
    return np.asarray(scan(start))


@pytest.mark.parametrize(("objective", "x0"), STARTS, ids=lambda item: getattr(item, "name", ""))
@pytest.mark.parametrize(("optimizer", "theirs"), PAIRS, ids=[repr(ours) for ours, _ in PAIRS])
def test_a_thousand_steps_agree(optimizer, theirs, objective, x0):
    ours = descend(objective, optimizer, x0, max_steps=STEPS)
    assert ours.status == "max_steps"
    path = optax_path(theirs, objective.value, x0)
    assert path.dtype == np.float64
    assert np.abs(path[-1] - x0).max() > 0.1  # it went somewhere
    np.testing.assert_allclose(ours.x[1:], path, rtol=0, atol=1e-12)


def test_adadelta_agrees_as_published_where_it_does_not_bounce():
    ours = descend(valley, Adadelta(), (-5, -2), max_steps=STEPS)
    path = optax_path(optax.adadelta(1.0, rho=0.9, eps=1e-6), valley.value, (-5.0, -2.0))
    np.testing.assert_allclose(ours.x[1:], path, rtol=0, atol=1e-12)


# A matrix: f = |A X - B|² / 2, whose gradient is A' (A X - B)

FAR = 30  # so that a thousand steps do not arrive, to bounce about and blow rounding up
MUONS = [  # tall, wide, square; optax takes rows to rows, so it gets the transpose
    (Muon(0.01, nesterov=False), (6, 4)),
    (Muon(0.01, beta=0.8, weight_decay=0.1), (4, 6)),
    (Scheduled(Muon(), Cosine(0.02, steps=800)), (5, 5)),
    (Scheduled(Muon(iterations=3), WarmUp(50, Cosine(0.02, steps=800))), (7, 3)),
]


def optax_muon(ours, rows, columns):
    """Muon of optax's parts; before them Nesterov's momentum without their corrections."""
    rate, muon = 0.01, ours
    if isinstance(ours, Scheduled):
        rate, muon = optax_rate(ours.schedule), ours.optimizer
    return optax.chain(
        optax.trace(muon.beta, nesterov=muon.nesterov),
        optax.scale(1 - muon.beta),
        optax.contrib.scale_by_muon(
            ns_steps=muon.iterations,
            beta=0.0,
            eps=muon.eps,
            nesterov=False,
            weight_dimension_numbers=optax.contrib.MuonDimensionNumbers(),
        ),
        optax.scale(max(1, rows / columns) ** 0.5),  # the next test has optax's own
        optax.add_decayed_weights(muon.weight_decay),
        optax.scale_by_learning_rate(rate),
    )


def optax_rate(schedule):
    if isinstance(schedule, Cosine):
        return optax.cosine_decay_schedule(schedule.rate, schedule.steps)
    peak, warm = schedule.then.rate, schedule.steps
    theirs = optax.warmup_cosine_decay_schedule(
        peak / (warm + 1), peak, warm, warm + schedule.then.steps
    )
    return lambda count: theirs(count.astype(np.float64))  # which counts in 32 bits


def both_paths(ours, theirs, rows, columns):
    """The same problem, solved by gdcore and, transposed, by optax."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(9, rows)), FAR * rng.normal(size=(9, columns))
    walk = iterates(lambda x: a.T @ (a @ x - b), ours, np.zeros((rows, columns)))
    path = np.array([x for x, _ in islice(walk, 1, STEPS + 1)])
    f = lambda y: jax.numpy.sum((a @ y.T - b) ** 2) / 2  # noqa: E731
    return path.swapaxes(1, 2), optax_path(theirs, f, np.zeros((columns, rows)))


@pytest.mark.parametrize(("ours", "shape"), MUONS, ids=repr)
def test_a_thousand_steps_of_muon_agree(ours, shape):
    path, expected = both_paths(ours, optax_muon(ours, *shape), *shape)
    assert np.abs(path[-1]).max() > 0.1
    np.testing.assert_allclose(path, expected, rtol=0, atol=1e-12)


def test_muon_as_optax_has_it_where_neither_looks_ahead():
    """A correction for the start scales the momentum, of which Muon sees the directions alone."""
    whole = optax.contrib.muon(0.01, eps=1e-30, nesterov=False)
    path, expected = both_paths(Muon(0.01, eps=1e-30, nesterov=False), whole, 6, 4)
    np.testing.assert_allclose(path, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("decay", [0.0, 0.9, 0.999])
def test_exponential_averages_agree(decay):
    points = np.random.default_rng(0).normal(size=(STEPS, 3))
    average = optax.ema(decay, debias=True)

    def step(state, x):
        mean, state = average.update(x, state)
        return state, mean

    theirs = jax.lax.scan(step, average.init(points[0]), points)[1]
    ours = list(exponential_average(points, decay))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


SCHEDULES = [
    (Constant(0.1), optax.constant_schedule(0.1)),
    (Exponential(0.1, 0.02), optax.exponential_decay(0.1, 1, float(np.exp(-0.02)))),
    (Cosine(0.1, 300), optax.cosine_decay_schedule(0.1, 300)),
    (Cosine(0.1, 300, final=0.02), optax.cosine_decay_schedule(0.1, 300, alpha=0.2)),
    (
        WarmUp(50, Cosine(0.1, 300)),
        optax.join_schedules(
            [
                optax.linear_schedule(0.1 / 51, 0.1, 50),
                optax.cosine_decay_schedule(0.1, 300),
            ],
            [50],
        ),
    ),
    (
        WarmUp(50, Cosine(0.1, 300, final=0.02)),
        optax.warmup_cosine_decay_schedule(0.1 / 51, 0.1, 50, 350, end_value=0.02),
    ),
    (
        StableDecay(0.1, stable=200, falling=100, final=0.02),
        optax.join_schedules(
            [optax.constant_schedule(0.1), optax.linear_schedule(0.1, 0.02, 100)], [200]
        ),
    ),
    (
        WarmUp(50, StableDecay(0.1, 200, 100)),
        optax.join_schedules(
            [
                optax.linear_schedule(0.1 / 51, 0.1, 50),
                optax.constant_schedule(0.1),
                optax.linear_schedule(0.1, 0.0, 100),
            ],
            [50, 250],
        ),
    ),
]


@pytest.mark.parametrize(("ours", "theirs"), SCHEDULES, ids=[repr(ours) for ours, _ in SCHEDULES])
def test_schedules_agree(ours, theirs):
    for k in range(500):
        assert ours(k) == pytest.approx(float(theirs(k)), rel=1e-12, abs=1e-16)


def test_the_decays_that_optax_lacks_are_polynomials():
    k = np.arange(500)
    np.testing.assert_allclose([InverseTime(0.1, 0.2)(i) for i in k], 0.1 / (1 + 0.2 * k))
    np.testing.assert_allclose([Polynomial(0.1, 0.2)(i) for i in k], 0.1 / np.sqrt(1 + 0.2 * k))
