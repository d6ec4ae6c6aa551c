"""Stochastic gradients against their expectation, their spread, and the finite sum they sample."""

from dataclasses import replace

import numpy as np
import pytest

from gdcore import GradientDescent, descend, ellipse, minibatches, noisy, sampled


def test_noise_has_mean_zero_and_the_spread_asked_for():
    n = 100_000
    x = np.ones((2, n))
    noise = noisy(ellipse.grad, np.random.default_rng(1), scale=0.5)(x) - ellipse.grad(x)
    assert noise.shape == (2, n)
    # Within five standard errors of a mean and of a standard deviation.
    np.testing.assert_allclose(noise.mean(axis=1), 0, atol=5 * 0.5 / np.sqrt(n))
    np.testing.assert_allclose(noise.std(axis=1), 0.5, atol=5 * 0.5 / np.sqrt(2 * n))
    assert abs(np.corrcoef(noise)[0, 1]) < 5 / np.sqrt(n)


def test_noisy_descents_spread_as_predicted():
    n, k, eta = 20_000, 20, 0.1
    objective = replace(ellipse, grad=noisy(ellipse.grad, np.random.default_rng(2)))
    starts = np.tile([[-5.0], [-2.0]], n)
    ends = descend(objective, GradientDescent(eta), starts, max_steps=k).x[-1]
    rho = 1 - eta * np.array([2.0, 4.0])
    mean = np.array([-5.0, -2.0]) * rho**k
    sd = eta * np.sqrt((1 - rho ** (2 * k)) / (1 - rho**2))
    np.testing.assert_allclose(sd, [0.166656, 0.125000], atol=5e-7)  # EXPERIMENTS, section 1
    np.testing.assert_allclose(ends.mean(axis=1), mean, atol=5 * sd.max() / np.sqrt(n))
    np.testing.assert_allclose(ends.std(axis=1), sd, rtol=5 / np.sqrt(2 * n))


def test_no_noise_leaves_the_gradient_alone():
    x = np.array([3.0, -1.0])
    g = noisy(ellipse.grad, np.random.default_rng(0), scale=0.0)(x)
    np.testing.assert_array_equal(g, ellipse.grad(x))


def test_noise_equals_the_draws_of_the_plain_loop():
    ours, plain = np.random.default_rng(7), np.random.default_rng(7)
    x = np.array([-5.0, -2.0])
    g = noisy(ellipse.grad, ours)(x)
    assert g.tolist() == [
        2 * -5.0 + plain.normal(loc=0.0, scale=1.0),
        4 * -2.0 + plain.normal(loc=0.0, scale=1.0),
    ]


def test_sampling_is_uniform_and_unbiased():
    centers = np.random.default_rng(3).normal(size=(10, 2))
    grads = [lambda x, c=c: x - c for c in centers]
    draw = sampled(grads, np.random.default_rng(4))
    x, n = np.array([1.0, 2.0]), 20_000
    drawn = np.array([draw(x) for _ in range(n)])
    index = np.array([np.flatnonzero((x - centers == g).all(axis=1))[0] for g in drawn])
    counts = np.bincount(index, minlength=10)
    assert ((counts - n / 10) ** 2 / (n / 10)).sum() < 33.7  # chi², 9 degrees, p = 1e-4
    error = drawn.std(axis=0) / np.sqrt(n)
    assert (np.abs(drawn.mean(axis=0) - (x - centers.mean(axis=0))) < 5 * error).all()


def rows_of(n, batch_size, seed=0):
    """A gradient that says which rows it was asked for."""
    return minibatches(lambda x, rows: rows, n, batch_size, np.random.default_rng(seed))


@pytest.mark.parametrize(("n", "size", "sizes"), [(10, 3, [3, 3, 3, 1]), (6, 2, [2, 2, 2]),
                                                  (5, 5, [5]), (3, 1, [1, 1, 1])])  # fmt: skip
def test_an_epoch_of_minibatches_looks_at_each_example_once(n, size, sizes):
    g = rows_of(n, size)
    epochs = [[g(None) for _ in sizes] for _ in range(4)]
    for epoch in epochs:
        assert [len(rows) for rows in epoch] == sizes
        assert sorted(np.concatenate(epoch)) == list(range(n))
    orders = {tuple(np.concatenate(epoch)) for epoch in epochs}
    assert len(orders) > 1  # each epoch is shuffled anew


def test_minibatches_are_unbiased_and_spread_as_a_draw_without_replacement():
    n, size, epochs = 12, 4, 20_000
    y = np.random.default_rng(5).normal(size=n)
    g = minibatches(lambda x, rows: x - y[rows].mean(), n, size, np.random.default_rng(6))
    x = np.array([0.5])
    drawn = np.array([g(x)[0] for _ in range(3 * epochs)]).reshape(epochs, 3)
    exact = x[0] - y.mean()
    np.testing.assert_allclose(drawn.mean(axis=1), exact, atol=1e-14)  # over an epoch: exactly
    sd = np.sqrt(y.var() / size * (n - size) / (n - 1))  # over all draws of 4 from 12
    for batch in drawn.T:
        assert abs(batch.mean() - exact) < 5 * sd / np.sqrt(epochs)
        assert batch.std() == pytest.approx(sd, rel=0.03)


def test_a_batch_of_everything_is_exact():
    y = np.random.default_rng(7).normal(size=(8, 2))
    g = minibatches(
        lambda x, rows: x - y[rows].mean(axis=0), 8, 8, np.random.default_rng(8)
    )  # of |x - y|² / 2
    x = np.array([1.0, -1.0])
    np.testing.assert_allclose([g(x) for _ in range(5)], np.tile(x - y.mean(axis=0), (5, 1)))


def test_one_epoch_of_averaging_arrives_at_the_mean():
    """With single samples and the rate 1/(k + 1), descent on the mean of (x - y)²/2 averages."""
    y = np.random.default_rng(9).normal(size=50)
    g = minibatches(lambda x, rows: x - y[rows].mean(), 50, 1, np.random.default_rng(10))
    x = np.array([123.0])
    for k in range(50):
        x = x - g(x) / (k + 1)
    assert x[0] == pytest.approx(y.mean(), rel=1e-12)


@pytest.mark.parametrize("rng", [None, 0, np.random.RandomState(0), np.random], ids=str)
def test_randomness_is_an_explicit_generator(rng):
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator"):
        noisy(ellipse.grad, rng)
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator"):
        sampled([ellipse.grad], rng)
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator"):
        minibatches(lambda x, rows: x, 5, 2, rng)


@pytest.mark.parametrize("scale", [-1, float("nan"), float("inf")])
def test_a_wrong_scale_is_explained(scale):
    with pytest.raises(ValueError, match=r"standard deviation.*was given"):
        noisy(ellipse.grad, np.random.default_rng(0), scale=scale)


def test_an_empty_sum_is_explained():
    with pytest.raises(ValueError, match="at least one gradient"):
        sampled([], np.random.default_rng(0))


@pytest.mark.parametrize(
    ("n", "batch_size", "error", "says"),
    [
        (0, 1, ValueError, "n must be 1 or more, but 0 was given"),
        (5, 0, ValueError, "batch_size must be 1 or more, but 0 was given"),
        (5, 6, ValueError, "batch_size must be at most n.*batch_size=6 and n=5 were given"),
        (5, 2.5, TypeError, r"batch_size must be a whole number.*2\.5"),
    ],
)
def test_a_wrong_batch_size_is_explained(n, batch_size, error, says):
    with pytest.raises(error, match=says):
        minibatches(lambda x, rows: x, n, batch_size, np.random.default_rng(0))


def test_minibatches_need_a_function():
    with pytest.raises(TypeError, match=r"grad must be a function.*rows.*was given"):
        minibatches(np.zeros(3), 3, 1, np.random.default_rng(0))
