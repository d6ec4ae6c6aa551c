"""Averages of iterates against sums written out, and the exact spread of a noisy descent."""

from itertools import islice

import numpy as np
import pytest

from gdcore import (
    GradientDescent,
    exponential_average,
    iterates,
    noisy,
    parabola,
    tail_average,
)

POINTS = np.random.default_rng(0).normal(size=(60, 2, 3))


@pytest.mark.parametrize("decay", [0, 0.5, 0.9])
def test_an_exponential_average_is_its_weighted_sum(decay):
    averages = list(exponential_average(POINTS, decay))
    assert len(averages) == 60
    for k, average in enumerate(averages):
        weights = np.array([float(decay) ** (k - j) for j in range(k + 1)])
        expected = np.tensordot(weights / weights.sum(), POINTS[: k + 1], axes=1)
        np.testing.assert_allclose(average, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("first", [0, 1, 40, 59, 99])
def test_a_tail_average_is_the_mean_of_the_tail(first):
    averages = list(tail_average(POINTS, first))
    assert len(averages) == 60
    for k, average in enumerate(averages):
        expected = POINTS[first : k + 1].mean(axis=0) if k >= first else POINTS[k]
        np.testing.assert_allclose(average, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("average", [tail_average, lambda points: exponential_average(points, 0.9)])
def test_points_are_taken_one_by_one_and_not_changed(average):
    points = POINTS.copy()
    taken = []
    averages = average(taken.append(k) or x for k, x in enumerate(points))
    for k, now in enumerate(averages):
        assert taken[-1] == k and now.shape == (2, 3)
        if k == 9:
            break
    assert len(taken) == 10
    np.testing.assert_array_equal(points, POINTS)


def test_averages_of_a_noisy_descent_have_the_spread_that_theory_gives_them():
    """On x²/2·2 with noise of sd 1: x ← r x + 0.1 n, r = 0.8, so cov(x_j, x_k) = s² r^|j - k|."""
    r, s2, n = 0.8, 0.1**2 / (1 - 0.8**2), 20_000
    rng = np.random.default_rng(0)
    start = rng.normal(scale=s2**0.5, size=(1, n))  # as it will be for ever
    walk = iterates(noisy(parabola.grad, rng), GradientDescent(0.1), start)
    points = np.array([x[0] for x, _ in islice(walk, 50)])
    steps = np.abs(np.subtract.outer(np.arange(50), np.arange(50)))
    covariance = s2 * r**steps
    tail = np.where(np.arange(50) < 20, 0, 1 / 30)
    fading = 0.9 ** np.arange(49, -1, -1) * 0.1 / (1 - 0.9**50)
    for found, weights in (
        (list(tail_average(points, 20))[-1], tail),
        (list(exponential_average(points, 0.9))[-1], fading),
    ):
        variance = weights @ covariance @ weights
        assert variance < s2 / 2
        assert found.var() == pytest.approx(variance, rel=5 * (2 / n) ** 0.5)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: exponential_average(POINTS, 1), ValueError, "decay must be at least 0 and less"),
        (lambda: exponential_average(POINTS, None), TypeError, "decay must be a number from 0"),
        (lambda: tail_average(POINTS, -1), ValueError, "first must be 0 or more, but -1"),
        (lambda: tail_average(POINTS, 0.5), TypeError, r"first must be a whole number.*0\.5"),
    ],
)
def test_a_wrong_argument_is_explained(make, error, says):
    with pytest.raises(error, match=says):
        next(make())
