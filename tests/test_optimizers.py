"""What every optimizer owes, and the formula of each against a step done by hand."""

import dataclasses

import numpy as np
import pytest

import gdcore
from gdcore import OBJECTIVES, OPTIMIZERS, GradientDescent, descend

each_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())


@each_optimizer
@pytest.mark.parametrize("shape", [(1,), (2,), (2, 7), (2, 3, 4)], ids=str)
def test_a_step_has_the_gradients_shape_and_changes_nothing(optimizer, shape):
    grad = np.random.default_rng(0).normal(size=shape)
    before = grad.copy()
    state = optimizer.init(np.zeros(shape))
    step, _ = optimizer.update(grad, state)
    again, _ = optimizer.update(grad, state)
    assert step.shape == shape and step.dtype == np.float64
    np.testing.assert_array_equal(step, again)  # the same state gives the same step
    np.testing.assert_array_equal(grad, before)
    assert not np.shares_memory(step, grad)


@each_optimizer
def test_the_first_step_goes_down(optimizer):
    grad = np.array([3.0, -4.0])
    step, _ = optimizer.update(grad, optimizer.init(np.zeros(2)))
    assert step @ grad < 0


@each_optimizer
@pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=OBJECTIVES.keys())
def test_every_objective_can_be_descended(optimizer, objective):
    start = np.array(objective.minimizers[0]) + 0.05
    trajectory = descend(objective, optimizer, start, max_steps=20)
    assert trajectory.f.min() < trajectory.f[0]


@each_optimizer
def test_an_optimizer_is_a_value_whose_repr_is_a_legend(optimizer):
    assert optimizer == dataclasses.replace(optimizer)
    with pytest.raises(dataclasses.FrozenInstanceError):
        optimizer.learning_rate = 1.0
    assert eval(repr(optimizer), vars(gdcore)) == optimizer


def test_gradient_descent_steps_by_minus_eta_times_gradient():
    step, _ = GradientDescent(0.25).update(np.array([2.0, -6.0]), ())
    np.testing.assert_array_equal(step, [-0.5, 1.5])


@pytest.mark.parametrize("rate", [0, 0.0, -0.1, float("nan"), float("inf"), -float("inf")])
def test_a_learning_rate_must_be_positive_and_finite(rate):
    with pytest.raises(ValueError, match=r"learning_rate must be positive and finite.*given"):
        GradientDescent(rate)


@pytest.mark.parametrize("rate", ["0.1", None, True, 0.1j, np.array([0.1]), [0.1]], ids=repr)
def test_a_learning_rate_must_be_a_number(rate):
    with pytest.raises(TypeError, match=r"learning_rate must be a positive number.*was given"):
        GradientDescent(rate)


@pytest.mark.parametrize("rate", [1, 0.1, np.float64(0.1), np.int64(1), np.float32(0.5)], ids=repr)
def test_a_learning_rate_may_be_any_real_number_type(rate):
    assert GradientDescent(rate).learning_rate == rate
