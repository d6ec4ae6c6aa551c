"""What a newcomer may get wrong, everywhere in gdcore: each is explained in gdcore's own words.

An explanation names the argument, what was expected, and what was given. Python's and NumPy's own
words (“unsupported operand”, “cannot unpack”, “truth value”) are none.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from matplotlib.figure import Figure

from gdcore import (
    OBJECTIVES,
    AdaGrad,
    Adam,
    Backtracking,
    Constant,
    Cosine,
    Exponential,
    GradientDescent,
    InverseTime,
    Momentum,
    Newton,
    Objective,
    Polynomial,
    Scheduled,
    WarmUp,
    descend,
    draw,
    ellipse,
    himmelblau,
    iterates,
    minibatches,
    noisy,
    parabola,
    sampled,
    sweep,
)
from gdcore.draw import frame_steps, surface
from gdcore.newton import solve
from gdcore.objectives import sphere

RNG = np.random.default_rng(0)
RUN = descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), max_steps=3)
GD = GradientDescent(0.1)
DEEP = Objective(ellipse.value, ellipse.grad, dim=3, name="deep")


def axes():
    return Figure().subplots()


def on(value, grad, domain=((-5, 5), (-5, 5)), **more):
    """An objective of one's own."""
    return Objective(value, grad, domain=domain, name="own", **more)


class Bare:
    """An optimizer that is no dataclass."""

    learning_rate = 0.1

    def init(self, x):
        return ()

    def update(self, grad, state, x):
        return -self.learning_rate * grad, state


@dataclass(frozen=True, slots=True)
class Slotted:
    """One whose fields lie in slots."""

    learning_rate: float
    init, update = Bare.init, Bare.update


WRONG = {
    # Numbers
    "a rate with 400 digits": (lambda: GradientDescent(10**400), r"learning_rate must be positive"),
    "a negative one": (lambda: GradientDescent(-(10**400)), r"must be positive.*40 digits"),
    "a fraction too large": (lambda: GradientDescent(Fraction(10**400)), r"must be positive"),
    "a decimal": (lambda: GradientDescent(Decimal("0.1")), r"positive number.*Decimal"),
    "a float too long": (lambda: GradientDescent(np.longdouble("1e400")), r"must be positive"),
    "a numpy bool": (lambda: GradientDescent(np.True_), r"positive number.*True"),
    "an array of one": (lambda: GradientDescent(np.array(0.1)), r"positive number.*array"),
    "beta in words": (lambda: Momentum(0.1, "0.9"), r"beta must be a number from 0.*'0.9'"),
    "beta as None": (lambda: Momentum(0.1, None), r"beta must be a number from 0.*None"),
    "beta in percent": (lambda: Momentum(0.1, 90), r"beta must be at least 0 and less than 1.*90"),
    "a switch in words": (lambda: Momentum(0.1, 0.9, "no"), r"rate_inside must be True or.*'no'"),
    "eps in a wrong place": (lambda: AdaGrad(0.1, 1e-8, 1e-6), r"eps_inside must be True or False"),
    "a switch of None": (lambda: Adam(eps_inside=None), r"eps_inside must be True or False.*None"),
    "shrink with 400 digits": (lambda: Backtracking(parabola, 1, 10**400), r"shrink must be posi"),
    "no objective to search on": (lambda: Backtracking("f"), r"objective must be a function.*'f'"),
    "steps beyond counting": (lambda: Cosine(0.1, 10**400), r"steps must be less than 2\*\*63"),
    "final as None": (lambda: Cosine(0.1, 5, None), r"final must be a number of zero or more"),
    # Optimizers
    "a class for an optimizer": (lambda: descend(parabola, GradientDescent, 1), r"call it, with a"),
    "a rate for an optimizer": (lambda: descend(parabola, 0.1, 1), r"must be an Optimizer.*0\.1"),
    "None for an optimizer": (lambda: descend(parabola, None, 1), r"an Optimizer.*but None was"),
    "a word for an optimizer": (lambda: descend(parabola, "adam", 1), r"an Optimizer.*'adam'"),
    "a class to iterate": (
        lambda: next(iterates(parabola.grad, Adam, np.array([1.0]))), r"the class Adam was given"
    ),
    "a rate to iterate": (
        lambda: next(iterates(parabola.grad, 0.1, np.array([1.0]))), r"an Optimizer.*0\.1"
    ),
    "a class to schedule": (lambda: Scheduled(Adam, Constant(0.1)), r"the class Adam was given"),
    "no dataclass to schedule": (
        lambda: Scheduled(Bare(), Constant(0.1)), r"must be a dataclass with a learning_rate"
    ),
    "an optimizer with slots to schedule": (
        lambda: Scheduled(Slotted(1), Constant(1)), r"must be a dataclass with a learning_rate"
    ),
    "a schedule to schedule": (
        lambda: Scheduled(Scheduled(GD, Constant(1)), Constant(1)), r"dataclass with a learning"
    ),
    "classes from a sweep": (
        lambda: sweep(parabola, lambda rate: Adam, [[1.0]], [0.1], max_steps=1), r"must make an Opt"
    ),
    # Schedules
    "no rate": (
        lambda: descend(parabola, Scheduled(GD, lambda k: None), 1), r"schedule\(0\).*None"
    ),
    "False for a rate": (
        lambda: descend(parabola, Scheduled(GD, lambda k: False), 1), r"schedule\(0\).*False"
    ),
    "a rate in words": (
        lambda: descend(parabola, Scheduled(GD, lambda k: "0.1"), 1), r"schedule\(0\).*'0\.1'"
    ),
    "a complex rate": (
        lambda: descend(parabola, Scheduled(GD, lambda k: 0.1j), 1), r"schedule\(0\).*0\.1j"
    ),
    "no rate after warming up": (lambda: WarmUp(2, lambda k: None)(0), r"then\(0\).*None"),
    "a step before the first": (lambda: Polynomial(0.1, 1)(-2), r"k must be 0 or more.*-2"),
    "a division by zero": (lambda: InverseTime(0.1, 1)(-1), r"k must be 0 or more, but -1"),
    "many steps at once": (lambda: Exponential(0.1, 1)(np.arange(3)), r"k must be a whole number"),
    "steps in words": (lambda: Constant(0.1)("1"), r"k must be a whole number.*'1'"),
    "half a step": (lambda: Cosine(0.1, 5)(0.5), r"k must be a whole number.*0\.5"),
    "None for a step": (lambda: WarmUp(2, Constant(1))(None), r"k must be a whole number.*None"),
    # Objectives and points
    "a point too long": (lambda: himmelblau([1, 2, 3]), r"2 real number.*x has 3 components"),
    "a point too short": (lambda: himmelblau(3), r"2 real number.*x has 1 components"),
    "a point in words": (lambda: parabola("x"), r"1 real number.*'x' holds <U1 values"),
    "a complex point": (lambda: himmelblau([1j, 2]), r"holds complex128 values"),
    "a point of None": (lambda: parabola(None), r"holds object values"),
    "a point of bools": (lambda: himmelblau([True, False]), r"holds bool values"),
    "a ragged point": (lambda: himmelblau([[1, 2], [3]]), r"rows of x = .* differ in length"),
    "a set": (lambda: himmelblau({1, 2}), r"holds object values"),
    "no function": (lambda: on(None, parabola.grad), r"value must be a function.*None"),
    "no gradient": (lambda: on(parabola.value, 2), r"grad must be a function.*2 was given"),
    "no Hessian": (lambda: on(parabola.value, parabola.grad, hess=2), r"hess must be a function"),
    "a flat domain": (lambda: on(abs, abs, (-5, 5)), r"domain must be a pair.*\(-5, 5\) was given"),
    "a domain upside down": (lambda: on(abs, abs, [(5, -5)]), r"domain must be a pair.*\(5, -5\)"),
    "no domain": (lambda: on(abs, abs, None), r"own must say how many components.*give dim=2"),
    "an endless domain": (lambda: on(abs, abs, [(0, float("inf"))]), r"domain must be a pair.*inf"),
    "a flat minimizer": (lambda: on(abs, abs, minimizers=(0, 0)), r"minimizers must be points"),
    "a short minimizer": (lambda: on(abs, abs, minimizers=[[0]]), r"minimizers must be points"),
    "a minimizer of None": (
        lambda: on(abs, abs, local_minimizers=None), r"local_minimizers must be points of 2"
    ),
    "f as an array of one": (
        lambda: descend(on(lambda x: x * x, parabola.grad, [(-1, 1)]), GD, 1),
        r"own must give a real number for each point, an array of shape \(\)",
    ),
    "f as None": (
        lambda: descend(on(lambda x: None, ellipse.grad), GD, (1, 1)), r"own must give a real.*None"
    ),
    "a gradient as a list": (
        lambda: descend(on(ellipse.value, lambda x: [2 * x[0], 4 * x[1]]), GD, (1, 1)),
        r"gradient must be an array of the shape of x, \(2,\)",
    ),
    "a gradient of one": (
        lambda: descend(on(ellipse.value, lambda x: np.array([1.0])), GD, (1, 1)),
        r"gradient must be an array of the shape of x, \(2,\)",
    ),
    "a gradient as None": (
        lambda: descend(on(ellipse.value, lambda x: None), GD, (1, 1)), r"gradient must be.*None"
    ),
    "components last": (
        lambda: descend(on(ellipse.value, lambda x: ellipse.grad(x).T), GD, np.ones((2, 3))),
        r"gradient must be an array of the shape of x, \(2, 3\)",
    ),
    # Descents
    "a list to iterate": (
        lambda: next(iterates(parabola.grad, GD, [8.0])), r"x0 must be an array of floats.*\[8\.0\]"
    ),
    "whole numbers to iterate": (
        lambda: next(iterates(himmelblau.grad, GD, np.array([1, 2]))), r"x0 must be an array of flo"
    ),
    "a number to iterate": (
        lambda: next(iterates(parabola.grad, GD, np.float64(8))), r"x0 must be an array of floats"
    ),
    "steps without end": (
        lambda: descend(parabola, GD, 1, max_steps=10**30), r"max_steps must be less than 2\*\*63"
    ),
    "an infinity of steps": (
        lambda: descend(parabola, GD, 1, max_steps=float("inf")), r"max_steps must be a whole.*inf"
    ),
    "a tolerance too large": (
        lambda: descend(parabola, GD, 1, grad_tol=10**400), r"grad_tol must be zero or more and fin"
    ),
    "a start with 400 digits": (lambda: descend(parabola, GD, 10**400), r"holds object values"),
    "a name for an objective": (
        lambda: descend("himmelblau", GD, (1, 1)), r"objective must be an Objective.*'himmelblau'"
    ),
    "a table of objectives": (lambda: descend(OBJECTIVES, GD, 1), r"must be an Objective"),
    "the optimizer first": (lambda: descend(GD, parabola, 1), r"objective must be an Objective"),
    "a name to sweep": (
        lambda: sweep("f", GradientDescent, [[1]], [0.1], max_steps=1), r"must be an Objective.*'f'"
    ),
    "rates of bools": (
        lambda: sweep(parabola, GradientDescent, [[1]], [True], max_steps=1), r"holds bool values"
    ),
    # Newton
    "f for its Hessian": (
        lambda: descend(himmelblau, Newton(himmelblau), (1, 1)),
        r"Hessian must be an array of shape \(d, d, \.\.\.\), here \(2, 2\), but its shape is \(\)",
    ),
    "the gradient for its Hessian": (
        lambda: descend(himmelblau, Newton(himmelblau.grad), (1, 1)), r"but its shape is \(2,\)"
    ),
    "a matrix too small": (lambda: solve(np.eye(2), np.ones(3)), r"here \(3, 3\).*is \(2, 2\)"),
    # Noise
    "a scale in words": (lambda: noisy(ellipse.grad, RNG, scale="1"), r"deviation.*'1' \(str\)"),
    "a scale of True": (lambda: noisy(ellipse.grad, RNG, scale=True), r"deviation.*True \(bool\)"),
    "a scale of None": (lambda: noisy(ellipse.grad, RNG, scale=None), r"deviation.*None"),
    "a scale a component": (lambda: noisy(ellipse.grad, RNG, scale=[1, 2]), r"deviation.*\[1, 2\]"),
    "no gradient for noise": (lambda: noisy(ellipse.grad([1, 1]), RNG), r"grad must be a function"),
    "one function for a sum": (lambda: sampled(ellipse.grad, RNG), r"grads must be a list of func"),
    "a word for a sum": (lambda: sampled("abc", RNG), r"grads must be a list of functions.*'abc'"),
    "numbers for a sum": (lambda: sampled([1, 2], RNG), r"each of grads must be a function.*1 was"),
    "a generator for a sum": (
        lambda: sampled((f for f in [abs]), RNG), r"grads must be a list of functions"
    ),
    "batches without end": (
        lambda: minibatches(abs, 10**30, 5, RNG), r"n must be less than 2\*\*63"
    ),
    # Pictures
    "a word for a surface": (lambda: surface("x"), r"trajectory must be a Trajectory.*'x' \(str\)"),
    "an objective for a surface": (lambda: surface(himmelblau), r"trajectory must be a Trajectory"),
    "limits in words": (lambda: surface(RUN, limits="ab"), r"limits must be a pair.*'ab'"),
    "limits of one axis": (lambda: surface(RUN, limits=(0, 1)), r"limits must be a pair.*\(0, 1\)"),
    "limits of NaN": (
        lambda: surface(RUN, limits=[(0, float("nan")), (0, 1)]), r"limits must be a pair.*nan"
    ),
    "a word for a landscape": (lambda: draw.landscape("f", axes()), r"must be an Objective.*'f'"),
    "no axes": (lambda: draw.landscape(himmelblau, None), r"ax must be Matplotlib's Axes.*None"),
    "a figure for axes": (lambda: draw.path(RUN, Figure()), r"ax must be Matplotlib's Axes"),
    "limits of a landscape": (
        lambda: draw.landscape(himmelblau, axes(), (-5, 5)), r"limits must be a pair.*\(-5, 5\)"
    ),
    "limits of too few axes": (
        lambda: draw.landscape(himmelblau, axes(), [(-5, 5)]), r"limits must be a pair.*\(-5, 5\)"
    ),
    "levels in words": (
        lambda: draw.landscape(himmelblau, axes(), levels="12"), r"levels.*whole number.*'12'"
    ),
    "levels of True": (
        lambda: draw.landscape(himmelblau, axes(), levels=True), r"levels.*whole number.*True"
    ),
    "an array for a path": (lambda: draw.path(RUN.x, axes()), r"trajectory must be a Trajectory"),
    "None for a descent": (lambda: draw.descent(None, axes()), r"trajectory must be a Trajectory"),
    "a path in three": (
        lambda: draw.path(replace(RUN, objective=DEEP), axes()), r"one or two components.*3"
    ),
    "no frames": (lambda: frame_steps(10, 0), r"max_frames must be 2 or more, but 0 was given"),
    "one frame": (lambda: frame_steps(10, 1), r"max_frames must be 2 or more, but 1 was given"),
    "frames of a negative": (lambda: frame_steps(-1), r"steps must be 0 or more, but -1 was given"),
    "half a frame": (lambda: frame_steps(10, 2.5), r"max_frames must be a whole number.*2\.5"),
    "frames of None": (lambda: frame_steps(None), r"steps must be a whole number.*None"),
}  # fmt: skip


@pytest.mark.parametrize("use", WRONG)
def test_a_wrong_use_is_explained(use):
    do, says = WRONG[use]
    with pytest.raises((TypeError, ValueError), match=f"(?s){says}"):
        do()


# What looks unusual, and is right


@pytest.mark.parametrize(
    "rate", [np.uint8(1), np.int8(1), np.uint64(1), np.float16(1), np.longdouble(1), Fraction(1)]
)
def test_a_number_of_any_kind_counts_as_pythons_own(rate):
    """-np.uint8(1) is 255, and np.int8(127) + 1 is -128; a descent must not notice."""
    step, _ = GradientDescent(rate).update(np.array([2.0]), (), np.zeros(1))
    assert step.tolist() == [-2.0] and step.dtype == np.float64
    assert repr(GradientDescent(rate)) in (repr(GradientDescent(1)), repr(GradientDescent(1.0)))


def test_a_schedule_of_small_numpy_integers_does_not_overflow():
    assert InverseTime(1, decay=np.int8(100))(2) == 1 / 201
    assert WarmUp(np.int8(127), Constant(1))(0) == 1 / 128
    assert WarmUp(np.uint8(3), Constant(1))(300) == 1
    assert Cosine(1, np.uint8(200))(np.uint8(100)) == pytest.approx(0.5)
    assert Polynomial(1, np.int8(100), 1)(np.int8(2)) == pytest.approx(1 / 201)


def test_whole_numbers_as_numpy_has_them_will_do():
    assert descend(parabola, GD, np.uint8(8), max_steps=np.uint8(255)).steps == 255
    assert len(frame_steps(np.int8(127), np.int8(100))) <= 100
    g = minibatches(
        lambda x, rows: len(rows), np.uint8(200), np.uint8(150), np.random.default_rng(0)
    )
    assert [g(None), g(None)] == [150, 50]


def test_a_plain_number_is_a_point_where_x_has_one_component():
    assert parabola(3) == 9 and parabola(np.int8(100)) == 10_000


def test_a_list_is_not_doubled_by_a_gradient_that_doubles():
    assert parabola.grad([3.0]).tolist() == [6.0]
    assert sphere.grad([1.0, 2.0]).tolist() == [2.0, 4.0]


def test_an_objective_made_of_lists_is_one_of_tuples():
    own = on(ellipse.value, ellipse.grad, [[-5, 5], [-5, 5]], minimizers=[[0, 0]])
    assert own.domain == ((-5.0, 5.0), (-5.0, 5.0)) and own.minimizers == ((0.0, 0.0),)
    assert hash(own) == hash(replace(own)) and own == replace(own)
    assert on(ellipse.value, ellipse.grad, minimizers=np.zeros((1, 2))).minimizers == ((0.0, 0.0),)


def test_levels_as_numpy_counts_them_are_the_same_contours():
    [ours] = draw.landscape(himmelblau, axes(), levels=np.int64(5))
    [plain] = draw.landscape(himmelblau, axes(), levels=5)
    np.testing.assert_array_equal(ours.levels, plain.levels)


def test_an_optimizer_of_ones_own_can_be_scheduled_where_it_is_a_dataclass():
    @dataclass(frozen=True)
    class Own(Bare):
        learning_rate: float

    x = descend(parabola, Scheduled(Own(9), Constant(0.25)), 8, max_steps=3).x[:, 0]
    assert x.tolist() == [8, 4, 2, 1]


# Trajectories and ends are objects, not numbers


@pytest.mark.parametrize(
    "make",
    [
        lambda: descend(ellipse, GD, (1, 2), max_steps=2),
        lambda: sweep(ellipse, GradientDescent, [[1, 2], [3, 4]], [0.1, 0.2], max_steps=2),
    ],
)
def test_a_result_equals_itself_only_and_can_be_a_key(make):
    one, other = make(), make()
    assert one == one and one != other
    assert {one: 1, other: 2}[one] == 1 and one in [other, one]
    np.testing.assert_array_equal(one.x, other.x)
