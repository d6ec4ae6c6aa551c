"""What every optimizer owes, and the formula of each against steps done by hand."""

import copy
import dataclasses
import re
from dataclasses import replace

import numpy as np
import pytest

import gdcore
from gdcore import (
    OBJECTIVES,
    OPTIMIZERS,
    Adadelta,
    AdaGrad,
    Adam,
    AdamW,
    Backtracking,
    Clipped,
    Exponential,
    GradientDescent,
    Lion,
    Momentum,
    Nesterov,
    Newton,
    Objective,
    RMSProp,
    Scheduled,
    descend,
    himmelblau,
    valley,
)


def bowl(x):
    """|x|² / 2 in any number of components: its gradient at x is x."""
    return np.sum(x * x, axis=0) / 2


def bowl_hess(x):
    return np.multiply.outer(np.eye(len(x)), np.ones(x.shape[1:]))


SCHEDULED = Scheduled(GradientDescent(1.0), Exponential(0.001, decay=0.01))
ALL = OPTIMIZERS | {
    "scheduled": SCHEDULED,
    "newton": Newton(bowl_hess, learning_rate=0.5),
    "backtracking": Backtracking(bowl),
    "clipped": Clipped(Momentum(0.0002), limit=3.0),
}
each_optimizer = pytest.mark.parametrize("optimizer", ALL.values(), ids=ALL.keys())


def on(optimizer, objective):
    """The optimizer, told of the objective where it needs more of it than the gradient."""
    match optimizer:
        case Newton():
            return replace(optimizer, hess=objective.hess)
        case Backtracking():
            return replace(optimizer, objective=objective)
    return optimizer


def steps(optimizer, *grads, x0=0.0):
    """The steps that an optimizer takes in one component, given the gradients it meets."""
    x = np.array([x0])
    state, taken = optimizer.init(x), []
    for grad in grads:
        step, state = optimizer.update(np.array([float(grad)]), state, x)
        x = x + step
        taken.append(float(step[0]))
    return taken


# What every optimizer owes


@each_optimizer
@pytest.mark.parametrize("shape", [(1,), (2,), (2, 7), (2, 3, 4)], ids=str)
def test_a_step_has_the_gradients_shape_and_changes_nothing(optimizer, shape):
    grad = np.random.default_rng(0).normal(size=shape)
    before = grad.copy()
    state = optimizer.init(before)  # the bowl's gradient at x is x
    for _ in range(2):  # from the first state, and from one with something in it
        state_before = copy.deepcopy(state)
        step, state_after = optimizer.update(grad, state, before)
        again, _ = optimizer.update(grad, state, before)
        assert step.shape == shape and step.dtype == np.float64
        np.testing.assert_array_equal(step, again)  # the same state gives the same step
        np.testing.assert_array_equal(grad, before)
        assert repr(state) == repr(state_before)
        assert not np.shares_memory(step, grad)
        state = state_after


@each_optimizer
def test_the_first_step_goes_down(optimizer):
    grad = np.array([3.0, -4.0])
    step, _ = optimizer.update(grad, optimizer.init(grad), grad)
    assert step @ grad < 0


@pytest.mark.parametrize(
    ("optimizer", "objective"),
    [
        pytest.param(optimizer, objective, id=f"{kind}-{name}")
        for kind, optimizer in ALL.items()
        for name, objective in OBJECTIVES.items()
        if kind != "newton" or objective.hess
    ],
)
def test_every_objective_can_be_descended(optimizer, objective):
    start = np.array(objective.minimizers[0]) + 0.05
    trajectory = descend(objective, on(optimizer, objective), start, max_steps=20)
    assert trajectory.f.min() < trajectory.f[0]


@each_optimizer
def test_a_batch_is_as_many_descents(optimizer):
    optimizer = on(optimizer, himmelblau)
    starts = np.random.default_rng(1).uniform(-4, 4, size=(2, 3, 4))
    batch = descend(himmelblau, optimizer, starts, max_steps=30)
    for i, j in np.ndindex(3, 4):
        alone = descend(himmelblau, optimizer, starts[:, i, j], max_steps=30)
        np.testing.assert_array_equal(batch.x[:, :, i, j], alone.x)


@each_optimizer
def test_an_optimizer_is_a_value(optimizer):
    assert optimizer == dataclasses.replace(optimizer)
    with pytest.raises(dataclasses.FrozenInstanceError):
        optimizer.learning_rate = 1.0


@each_optimizer
def test_the_repr_is_a_legend(optimizer):
    if isinstance(optimizer, Newton):
        assert repr(optimizer) == "Newton(learning_rate=0.5)"
    elif isinstance(optimizer, Backtracking):
        assert repr(optimizer) == "Backtracking(learning_rate=1.0, shrink=0.5, slope=0.0001)"
    else:
        assert eval(repr(optimizer), vars(gdcore)) == optimizer


# Steps by hand


def test_gradient_descent_steps_by_minus_eta_times_gradient():
    step, _ = GradientDescent(0.25).update(np.array([2.0, -6.0]), (), np.zeros(2))
    np.testing.assert_array_equal(step, [-0.5, 1.5])


@pytest.mark.parametrize("rate_inside", [False, True])
def test_momentum_by_hand(rate_inside):
    # v = 4, then 2 + 2, then 2 - 8.
    assert steps(Momentum(0.25, 0.5, rate_inside), 4, 2, -8) == [-1.0, -1.0, 1.5]


def test_momentum_remembers_the_rate_only_where_it_stands_inside():
    halving = lambda k: 0.5 / 2**k  # noqa: E731
    # v = 4, then 2: each at the rate of its step.
    assert steps(Scheduled(Momentum(1, 0.5), halving), 4, 0) == [-2.0, -0.5]
    # v = 2, then 1: as the rate was when the gradient came.
    assert steps(Scheduled(Momentum(1, 0.5, rate_inside=True), halving), 4, 0) == [-2.0, -1.0]


def test_nesterov_by_hand():
    # v = 4, step 4 + 2; v = 2 + 2, step 2 + 2; v = 2 - 8, step -8 - 3.
    assert steps(Nesterov(0.25, 0.5), 4, 2, -8) == [-1.5, -1.0, 2.75]


def test_adagrad_by_hand():
    # s = 9, then 25: the roots are 3 and 5.
    assert steps(AdaGrad(0.5, eps=1e-300), 3, 4) == [-0.5, -0.4]
    assert steps(AdaGrad(0.5, eps=1), 3, 4) == [-0.5 * 3 / 4, -0.5 * 4 / 6]
    assert steps(AdaGrad(0.5, eps=7, eps_inside=True), 3) == [-0.5 * 3 / 4]


def test_rmsprop_by_hand():
    # s = 4/4, then 3/4 + 1/4: both roots are 1.
    assert steps(RMSProp(0.5, beta=0.75, eps=1e-300), 2, 1) == [-1.0, -0.5]
    assert steps(RMSProp(0.5, beta=0.75, eps=1), 2, 1) == [-0.5, -0.25]
    assert steps(RMSProp(0.5, beta=0.75, eps=3, eps_inside=True), 2, 1) == [-0.5, -0.25]


def test_adadelta_by_hand():
    # s + eps = 1 and u + eps = 3/4; then s + eps = 19/16 and u + eps = 15/16.
    expected = [-np.sqrt(3) / 2, -np.sqrt(15 / 19)]
    given = steps(Adadelta(rho=0.75, eps=0.75), 1, 1)
    np.testing.assert_allclose(given, expected, rtol=1e-15)
    # The learning rate scales the steps, not what is remembered of them.
    given = steps(Adadelta(0.5, rho=0.75, eps=0.75), 1, 1)
    np.testing.assert_allclose(given, np.array(expected) / 2, rtol=1e-15)


def test_adam_by_hand():
    # m = s = 1, corrected 2 and 4; then again m = s = 1, corrected 4/3 and 16/7.
    adam = Adam(0.5, beta1=0.5, beta2=0.75, eps=1e-300)
    np.testing.assert_allclose(steps(adam, 2, 1), [-0.5, -0.5 * np.sqrt(7) / 3], rtol=1e-15)
    assert steps(replace(adam, eps=2), 2) == [-0.25]
    assert steps(replace(adam, eps=12, eps_inside=True), 2) == [-0.25]


def test_adamw_is_adam_and_a_decay_of_x():
    adamw = AdamW(0.5, beta1=0.5, beta2=0.75, eps=1e-300, weight_decay=0.25)
    # Adam's step -0.5 and 1/8 of x = 8; then Adam's -0.5 √7/3 and 1/8 of x = 6.5.
    expected = [-1.5, -0.5 * np.sqrt(7) / 3 - 0.8125]
    np.testing.assert_allclose(steps(adamw, 2, 1, x0=8.0), expected, rtol=1e-15)
    without = descend(himmelblau, AdamW(0.1, weight_decay=0), (-0.4, -0.65), max_steps=100)
    np.testing.assert_array_equal(
        without.x, descend(himmelblau, Adam(0.1), (-0.4, -0.65), max_steps=100).x
    )


def test_lion_by_hand():
    # c = 0.75 · 4; m = 2 - then c = 0.25 · 2 - 0.75 · 4 and m = 1 - 2; c = -0.25 + 0.75/3 = 0.
    lion = Lion(0.5, beta1=0.25, beta2=0.5)
    assert steps(lion, 4, -4, 1 / 3) == [-0.5, 0.5, 0.0]
    assert steps(replace(lion, weight_decay=0.25), 4, x0=8.0) == [-1.5]


def test_lions_step_does_not_mind_the_size_of_a_gradient():
    for grad in (1e-300, -2.0, 1e300):
        assert steps(Lion(0.1), grad) == [-0.1 * np.sign(grad)]
    assert steps(Lion(0.1), 0) == [0]


# Other forms of the same method


def test_heavy_ball_keeps_a_part_of_the_last_step():
    """Polyak's own form: x_{k+1} = x_k - η g_k + β (x_k - x_{k-1})."""
    x = descend(himmelblau, Momentum(0.005, 0.8), (-0.4, -0.65), max_steps=100).x
    g = np.array([himmelblau.grad(x_k) for x_k in x])
    expected = x[1:-1] - 0.005 * g[1:-1] + 0.8 * (x[1:-1] - x[:-2])
    np.testing.assert_allclose(x[2:], expected, rtol=1e-13)


def test_nesterov_takes_its_gradient_ahead_of_the_points_it_was_written_for():
    """Sutskever et al.: v ← βv - η ∇f(y + βv), y ← y + v. Ours are the points y + βv."""
    eta, beta = 0.005, 0.8
    y, v = np.array([-0.4, -0.65]), np.zeros(2)
    ahead = []
    for _ in range(101):
        ahead.append(y + beta * v)
        v = beta * v - eta * himmelblau.grad(ahead[-1])
        y = y + v
    ours = descend(himmelblau, Nesterov(eta, beta), (-0.4, -0.65), max_steps=100).x
    np.testing.assert_allclose(ours, ahead, rtol=1e-13)


def test_without_memory_both_are_gradient_descent():
    plain = descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), max_steps=100).x
    for optimizer in (Momentum(0.01, 0), Momentum(0.01, 0, True), Nesterov(0.01, 0)):
        x = descend(himmelblau, optimizer, (-0.4, -0.65), max_steps=100).x
        np.testing.assert_array_equal(x, plain)


def test_the_best_momentum_converges_at_its_rate():
    """Polyak: η = 4/(√L + √μ)², β = ((√L - √μ)/(√L + √μ))² contract by √β a step."""
    low, high = np.sqrt([0.2, 4.0])
    beta = ((high - low) / (high + low)) ** 2
    ball = Momentum(4 / (high + low) ** 2, beta)
    x = np.abs(descend(valley, ball, (-5, -2), max_steps=60).x)
    # The error is (a + b k) √β^k: the linear factor alone may grow.
    scaled = x / np.sqrt(beta) ** np.arange(61)[:, np.newaxis]
    growth = scaled[60] / scaled[30]
    np.testing.assert_allclose(growth, 2, rtol=0.05)


@pytest.mark.parametrize("optimizer", [AdaGrad(0.1), Adam(0.1)], ids=repr)
def test_the_first_step_is_as_long_as_the_learning_rate(optimizer):
    for grad in (1e-3, -2.0, 1e5):
        assert steps(optimizer, grad) == pytest.approx([-0.1 * np.sign(grad)], rel=1e-4)


def test_adaptive_methods_do_not_mind_the_scale_of_f():
    big = replace(
        valley, value=lambda x: 1e6 * valley.value(x), grad=lambda x: 1e6 * valley.grad(x)
    )
    for kind in (AdaGrad, RMSProp, Adam):
        optimizer = kind(0.1, eps=1e-30)
        x = descend(valley, optimizer, (-5, -2), max_steps=15).x
        np.testing.assert_allclose(descend(big, optimizer, (-5, -2), max_steps=15).x, x, rtol=1e-9)


# Clipping


@pytest.mark.parametrize(
    ("grad", "by_norm", "by_value"),
    [
        ([3.0, -4.0], [3.0, -4.0], [3.0, -4.0]),  # as long as the limit: left alone
        ([0.0, 0.0], [0.0, 0.0], [0.0, 0.0]),
        ([30.0, -40.0], [3.0, -4.0], [5.0, -5.0]),
        ([6.0, -1.0], [30 / 37**0.5, -5 / 37**0.5], [5.0, -1.0]),
        ([3e300, -4e300], [3.0, -4.0], [5.0, -5.0]),  # its square is no number any more
    ],
    ids=str,
)
def test_a_clipped_gradient_by_hand(grad, by_norm, by_value):
    x = np.zeros(2)
    with np.errstate(all="raise", under="ignore"):
        for clipped, expected in (
            (Clipped(GradientDescent(1), 5), by_norm),
            (Clipped(GradientDescent(1), 5, by_value=True), by_value),
        ):
            step, _ = clipped.update(np.array(grad), clipped.init(x), x)
            np.testing.assert_allclose(-step, expected, rtol=1e-15)


def test_clipping_keeps_a_descent_from_running_away():
    plain = descend(himmelblau, GradientDescent(0.05), (-4, 4), max_steps=100)
    clipped = descend(himmelblau, Clipped(GradientDescent(0.05), 10), (-4, 4), max_steps=100)
    assert plain.status == "diverged" and clipped.status == "max_steps"
    moved = np.linalg.norm(np.diff(clipped.x, axis=0), axis=1)
    assert moved.max() <= 0.5 * (1 + 1e-15)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: Clipped(0.1, 1), TypeError, r"optimizer must be an Optimizer.*0\.1"),
        (lambda: Clipped(Adam, 1), TypeError, "the class Adam was given"),
        (lambda: Clipped(Adam(), 0), ValueError, "limit must be positive and finite"),
        (lambda: Clipped(Adam(), float("inf")), ValueError, "limit must be positive and finite"),
        (lambda: Clipped(Adam(), [1, 2]), TypeError, "limit must be a positive number"),
        (lambda: Clipped(Adam(), 1, by_value=1), TypeError, "by_value must be True or False"),
    ],
)
def test_a_wrong_limit_is_explained(make, error, says):
    with pytest.raises(error, match=says):
        make()


# The published table: f = 0.1 x1² + 2 x2², 20 steps from (-5, -2)


@pytest.mark.parametrize(
    ("optimizer", "printed"),
    [
        (GradientDescent(0.4), "-0.943467, -0.000073"),
        (GradientDescent(0.6), "-0.387814, -1673.365109"),
        (Momentum(0.4, 0.5, rate_inside=True), "-0.062843, 0.001202"),
        (Momentum(0.6, 0.5, rate_inside=True), "0.007188, 0.002553"),
        (Momentum(0.6, 0.25), "-0.126340, -0.186632"),
        (AdaGrad(0.4, eps=1e-6, eps_inside=True), "-2.382563, -0.158591"),
        (AdaGrad(2, eps=1e-6, eps_inside=True), "-0.002295, -0.000000"),
        (RMSProp(0.4, eps=1e-6, eps_inside=True), "-0.010599, 0.000000"),
    ],
    ids=repr,
)
def test_published_ends_in_the_narrow_valley(optimizer, printed):
    x1, x2 = descend(valley, optimizer, (-5, -2), max_steps=20).x[-1]
    assert f"{x1:f}, {x2:f}" == printed


# What a person may get wrong


@pytest.mark.parametrize("rate", [0, 0.0, -0.1, float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("kind", [kind for kind in ALL if hasattr(ALL[kind], "learning_rate")])
def test_a_learning_rate_must_be_positive_and_finite(kind, rate):
    with pytest.raises(ValueError, match=r"learning_rate must be positive and finite.*given"):
        replace(ALL[kind], learning_rate=rate)


@pytest.mark.parametrize(
    "rate", ["0.1", None, True, 0.1j, {0.1}, ["0.1"], [True], [None]], ids=repr
)
def test_a_learning_rate_must_be_a_number(rate):
    with pytest.raises(TypeError, match=r"learning_rate must be a positive number.*was given"):
        GradientDescent(rate)


@pytest.mark.parametrize("rate", [1, 0.1, np.float64(0.1), np.int64(1), np.float32(0.5)], ids=repr)
def test_a_learning_rate_may_be_any_real_number_type(rate):
    assert GradientDescent(rate).learning_rate == rate


# A learning rate a component, or a point

ARRAYS = {kind: optimizer for kind, optimizer in ALL.items() if hasattr(optimizer, "learning_rate")}
del ARRAYS["backtracking"]  # it shortens one rate a point
with_arrays = pytest.mark.parametrize("kind", ARRAYS)


def bowls(d):
    """x_i² (i + 1) / 2, summed: each component goes its own way."""
    bend = np.arange(1.0, d + 1)
    hess = lambda x: np.multiply.outer(np.diag(bend), np.ones(x.shape[1:]))  # noqa: E731
    return Objective(lambda x: bend @ (x * x) / 2, lambda x: (bend * x.T).T, dim=d, hess=hess)


@with_arrays
def test_a_rate_a_component_is_as_many_descents_each_at_its_rate(kind):
    objective, rates = bowls(3), [0.1, 0.02, 0.003]
    optimizer, start = on(ARRAYS[kind], objective), np.array([3.0, -2.0, 5.0])
    ours = descend(objective, replace(optimizer, learning_rate=rates), start, max_steps=30)
    for i, rate in enumerate(rates):
        one = descend(objective, replace(optimizer, learning_rate=rate), start, max_steps=30)
        np.testing.assert_array_equal(ours.x[:, i], one.x[:, i])
    batch = replace(optimizer, learning_rate=np.reshape(rates, (3, 1)))
    twice = descend(objective, batch, np.stack([start, start], axis=1), max_steps=30)
    np.testing.assert_array_equal(twice.x[..., 0], ours.x)
    np.testing.assert_array_equal(twice.x[..., 1], ours.x)


@with_arrays
def test_a_rate_a_point_is_as_many_descents_each_at_its_rate(kind):
    optimizer = on(ARRAYS[kind], himmelblau)
    rates = np.array([1e-4, 1e-3, 5e-3])
    starts = np.random.default_rng(0).uniform(-4, 4, (2, 3))
    batch = replace(optimizer, learning_rate=rates[np.newaxis])
    ours = descend(himmelblau, batch, starts, max_steps=30)
    for n, rate in enumerate(rates):
        alone = replace(optimizer, learning_rate=float(rate))
        alone = descend(himmelblau, alone, starts[:, n], max_steps=30)
        np.testing.assert_array_equal(ours.x[..., n], alone.x)


@with_arrays
@pytest.mark.parametrize("shape", [(2,), (1,), (1, 2), (2, 3), (2, 2, 1)], ids=str)
def test_an_array_of_rates_must_have_the_axes_of_x(kind, shape):
    """(2,) beside (2, 2) would be a rate a point, by NumPy's rule, and nobody would notice."""
    optimizer = on(replace(ARRAYS[kind], learning_rate=np.full(shape, 1e-3)), himmelblau)
    x0 = np.ones((2, 2)) if shape != (1, 2) else np.ones(2)
    says = rf"shape is {re.escape(str(shape))} and x has.*array of shape"
    with pytest.raises(ValueError, match=says):
        descend(himmelblau, optimizer, x0, max_steps=1)


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        ([0.1, 0], r"positive and finite, such as 0\.1, in every place, but \[0\.1, 0\] was given"),
        ([0.1, -1], "positive and finite"),
        ([[0.1, float("nan")]], "positive and finite"),
        ([float("inf")], "positive and finite"),
        ([], "positive and finite"),
        ([[0.1], [0.1, 0.2]], "rows of learning_rate = .* differ in length"),
    ],
)
def test_every_rate_of_an_array_is_checked(rate, says):
    with pytest.raises(ValueError, match=says):
        GradientDescent(rate)
    with pytest.raises(ValueError, match=says):
        Newton(bowl_hess, rate)


def test_an_array_of_rates_is_kept_as_it_was():
    given = np.array([1, 2])
    gd = GradientDescent(given)
    given[0] = 9
    assert gd.learning_rate.tolist() == [1, 2] and gd.learning_rate.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        gd.learning_rate[0] = 9
    assert GradientDescent(np.array([1.0])).learning_rate.shape == (1,)


FRACTIONS = [(Momentum, "beta"), (Nesterov, "beta"), (RMSProp, "beta"), (Adadelta, "rho"),
             (Adam, "beta1"), (Adam, "beta2"), (AdamW, "beta1"), (AdamW, "beta2"),
             (Lion, "beta1"), (Lion, "beta2")]  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), FRACTIONS)
def test_a_memory_is_a_fraction(kind, name):
    assert getattr(kind(0.1, **{name: 0}), name) == 0
    for value in (1, -0.1, 1.5, float("nan")):
        with pytest.raises(ValueError, match=rf"{name} must be at least 0 and less than 1.*given"):
            kind(0.1, **{name: value})
    with pytest.raises(
        TypeError, match=rf"{name} must be a number from 0.*'0.9' \(str\) was given"
    ):
        kind(0.1, **{name: "0.9"})


@pytest.mark.parametrize(
    ("optimizer", "scale"),
    [(AdaGrad(1), 1), (RMSProp(1), np.sqrt(1 - 0.9)), (Adam(1), 1), (AdamW(1), 1)],
    ids=repr,
)
def test_where_the_root_is_as_small_as_eps_the_step_is_half_as_long(optimizer, scale):
    """eps is 1e-8 unless told otherwise, that of Kingma & Ba and of PyTorch's Adam and RMSprop."""
    full, half = (steps(optimizer, grad / scale)[0] * scale for grad in (1e4, 1e-8))
    assert full == pytest.approx(-1) and half == pytest.approx(-0.5)


def test_adadelta_starts_with_the_eps_of_its_paper():
    """Zeiler's is 1e-6. Where s = 0.1 g² is as large, the first step is √(1/2) g."""
    grad = np.sqrt(1e-6 / 0.1)
    assert steps(Adadelta(), grad) == pytest.approx([-np.sqrt(1 / 2) * grad])


@pytest.mark.parametrize("kind", [AdaGrad, RMSProp, Adadelta, Adam, AdamW])
def test_eps_keeps_the_root_from_zero(kind):
    assert steps(kind(0.1), 0, 0) == [0, 0]
    with pytest.raises(ValueError, match="eps must be positive and finite"):
        kind(0.1, eps=0)


@pytest.mark.parametrize("kind", [AdamW, Lion])
def test_a_weight_decay_is_not_negative(kind):
    for value in (-0.1, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="weight_decay must be zero or more and finite"):
            kind(weight_decay=value)
    with pytest.raises(TypeError, match="weight_decay must be a number of zero or more"):
        kind(weight_decay=None)
