"""Muon against singular value decompositions, and what a person may get wrong with it."""

from itertools import islice

import numpy as np
import pytest

from gdcore import Constant, Muon, Scheduled, descend, iterates, orthogonalized, valley
from gdcore.muon import COEFFICIENTS

SHAPES = [(5, 5), (4, 9), (9, 4), (1, 6), (6, 1), (1, 1)]


def with_values(values, shape, seed=0):
    """A matrix with these singular values, and its singular vectors."""
    rng = np.random.default_rng(seed)
    k = min(shape)
    u, v = (np.linalg.qr(rng.normal(size=(n, k)))[0] for n in shape)
    return u * values @ v.T, u, v


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_singular_vectors_stay_and_singular_values_follow_the_polynomial(shape):
    values = np.geomspace(1, 1e-3, min(shape))
    a, u, v = with_values(values, shape)
    s = values / np.linalg.norm(values)
    for _ in range(5):
        s = np.polyval([COEFFICIENTS[2], 0, COEFFICIENTS[1], 0, COEFFICIENTS[0], 0], s)
    np.testing.assert_allclose(orthogonalized(7 * a, eps=1e-30), u * s @ v.T, atol=1e-12)


def test_singular_values_come_as_near_to_one_as_it_says():
    for seed in range(20):
        values = np.random.default_rng(seed).uniform(0.08, 1, 40)  # of a norm below 8
        a, *_ = with_values(values, (40, 60), seed)
        found = np.linalg.svd(orthogonalized(a), compute_uv=False)
        assert 0.68 < found.min() < found.max() < 1.14


def test_no_matrix_that_stretches_no_vector_goes_down_more_steeply_than_its_limit():
    """Among O of spectral norm 1, U V' has the largest <N, O>: the sum of singular values."""
    rng = np.random.default_rng(0)
    n = rng.normal(size=(4, 6))
    u, s, vt = np.linalg.svd(n, full_matrices=False)
    assert np.vdot(n, u @ vt) == pytest.approx(s.sum(), rel=1e-13)
    others = [o / np.linalg.norm(o, 2) for o in rng.normal(size=(200, 4, 6))]
    assert max(np.vdot(n, o) for o in others) < np.vdot(n, orthogonalized(n)) / 1.14


def test_a_step_by_hand():
    """A row, orthogonalized, is the row over its length, times what becomes of 1."""
    s = 1.0
    for _ in range(5):
        s = COEFFICIENTS[0] * s + COEFFICIENTS[1] * s**3 + COEFFICIENTS[2] * s**5
    muon, x = Muon(0.5, beta=0.5, eps=1e-30, weight_decay=0.25), np.array([[8.0, 0.0]])
    state = muon.init(x)
    step, state = muon.update(np.array([[3.0, -4.0]]), state, x)
    np.testing.assert_allclose(step, -0.5 * (s * np.array([[0.6, -0.8]]) + [[2, 0]]), rtol=1e-14)
    # m = half of (3, -4), then half of that and of (-6, 0); it looks ahead to half and half again.
    step, (m,) = muon.update(np.array([[-6.0, 0.0]]), state, np.zeros((1, 2)))
    np.testing.assert_array_equal(m, [[-2.25, -1.0]])
    ahead = np.array([-4.125, -0.5])
    np.testing.assert_allclose(step[0], -0.5 * s * ahead / np.hypot(*ahead), rtol=1e-14)
    column, _ = muon.update(np.array([[3.0], [-4.0]]), (np.zeros((2, 1)),), np.zeros((2, 1)))
    np.testing.assert_allclose(column[:, 0], -0.5 * s * 2**0.5 * np.array([0.6, -0.8]), rtol=1e-14)


@pytest.mark.parametrize("nesterov", [True, False])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_step_changes_nothing_and_is_no_longer_than_the_rate(shape, nesterov):
    muon, rng = Muon(0.1, nesterov=nesterov), np.random.default_rng(0)
    x, state = rng.normal(size=shape), muon.init(np.zeros(shape))
    for grad in rng.normal(size=(5, *shape)):
        before = grad.copy(), x.copy(), state[0].copy()
        step, after = muon.update(grad, state, x)
        for kept, now in zip(before, (grad, x, state[0]), strict=True):
            np.testing.assert_array_equal(kept, now)
        longest = 0.1 * max(1, shape[0] / shape[1]) ** 0.5
        assert step.shape == shape and np.linalg.norm(step, 2) < 1.21 * longest
        state = after
    assert (orthogonalized(np.zeros(shape)) == 0).all()


def test_the_scale_of_f_does_not_matter_and_a_schedule_works():
    a = np.random.default_rng(0).normal(size=(4, 3))
    walks = []
    for factor in (1, 1e6):
        muon = Scheduled(Muon(eps=1e-30), Constant(0.05))
        walk = iterates(lambda x, factor=factor: factor * (x - a), muon, np.zeros((4, 3)))
        walks.append(np.array([x for x, _ in islice(walk, 30)]))
    np.testing.assert_allclose(*walks, atol=1e-12)
    assert np.linalg.norm(walks[0][-1] - a) < np.linalg.norm(a) / 2


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: Muon([0.1]), TypeError, "learning_rate must be a positive number"),
        (lambda: Muon(0), ValueError, "learning_rate must be positive and finite"),
        (lambda: Muon(0.1, 1), ValueError, "beta must be at least 0 and less than 1"),
        (lambda: Muon(0.1, nesterov=1), TypeError, "nesterov must be True or False"),
        (lambda: Muon(0.1, iterations=0), ValueError, "iterations must be 1 or more, but 0"),
        (lambda: Muon(0.1, eps=0), ValueError, "eps must be positive"),
        (lambda: Muon(0.1, weight_decay=-1), ValueError, "weight_decay must be zero or more"),
        (
            lambda: descend(valley, Muon(), (1, 1)),
            ValueError,
            r"x must be a matrix.*\(2,\).*another",
        ),
        (lambda: Muon().init(np.ones((2, 3, 4))), ValueError, r"x must be a matrix.*\(2, 3, 4\)"),
        (lambda: orthogonalized(np.ones((0, 3))), ValueError, r"a must be a matrix.*\(0, 3\)"),
    ],
)
def test_a_wrong_argument_is_explained(make, error, says):
    with pytest.raises(error, match=says):
        make()
