"""A kernel ends where NumPy's sweep ends, after as many steps and for the same reason.

The oracle is `sweep` on NumPy's arrays. A stand-in for CuPy starts the kernel that gdcore writes:
the system's C compiler makes it for the processor, from the text that NVIDIA's would get. They
agree to the last bit where there is nothing but + - * / and roots; elsewhere the C library and
NumPy each round sines and exponentials in their own way.
"""

import ctypes
import sys
from functools import partial

import numpy as np
import pytest

from gdcore import (
    OBJECTIVES,
    OPTIMIZERS,
    AdaGrad,
    Adam,
    Backtracking,
    Clipped,
    Cosine,
    Ends,
    Exponential,
    GradientDescent,
    Lion,
    Momentum,
    Nesterov,
    Newton,
    Scheduled,
    StableDecay,
    WarmUp,
    himmelblau,
    parabola,
    sweep,
)
from gdcore.kernels import is_written, source
from gdcore.trace import C, Tape
from tests.library.test_trace import EXACT
from tests.support.compiled import OnGpu, RawKernel, cupy, library
from tests.support.tiers import slowly


@pytest.fixture(autouse=True)
def on_processor(monkeypatch, tmp_path_factory):
    """A cupy whose kernels run here; those of a process are kept together."""
    monkeypatch.setitem(sys.modules, "cupy", cupy())
    if not hasattr(library, "folder"):
        library.folder = tmp_path_factory.mktemp("kernels")
    monkeypatch.setattr(RawKernel, "started", [])


def starts(objective, n=200):
    low, high = np.array(objective.domain).T[..., np.newaxis]
    return np.random.default_rng(0).uniform(low, high, size=(objective.dim, n))


def both(objective, make, x0, rates, **options):
    """Sweep by a kernel and by NumPy; return the ends of both, the first in NumPy's arrays."""
    ends = sweep(objective, make, OnGpu(x0), rates, **options)
    assert [asked for asked, *_ in RawKernel.started] == [("--fmad=false",)]
    RawKernel.started.clear()
    assert type(ends.x) is type(ends.steps) is type(ends.status.codes) is OnGpu
    numpys = ends.x.get(), ends.steps.get(), np.asarray(ends.status)
    there = Ends(ends.objective, ends.learning_rates, *numpys)
    return there, sweep(objective, make, x0, rates, **options)


def assert_same(one, other):
    """Ends are the same to the last bit."""
    for name in ("x", "steps", "status"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), strict=True)


PAIRS = [
    (objective, optimizer) if objective == "himmelblau" or optimizer == "adam" else slowly(
        (objective, optimizer)
    )
    for objective in OBJECTIVES
    for optimizer in OPTIMIZERS
]  # fmt: skip


@pytest.mark.parametrize(("name", "optimizer"), PAIRS)
def test_a_kernel_ends_where_numpy_does(name, optimizer):
    objective, gentle = OBJECTIVES[name], OPTIMIZERS[optimizer]
    x0, rates = starts(objective), [gentle.learning_rate, 0.5 * gentle.learning_rate]
    for grad_tol in (None, 0.1):
        options = {"max_steps": 60, "grad_tol": grad_tol}
        one, other = both(objective, type(gentle), x0, rates, **options)
        if name in EXACT:
            assert_same(one, other)
        else:
            np.testing.assert_allclose(one.x, other.x, rtol=1e-13, atol=1e-13)
            np.testing.assert_array_equal(one.steps, other.steps)
            np.testing.assert_array_equal(one.status, other.status)


WILD = {
    "far": (GradientDescent, [0.01, 0.02, 0.03, 0.1, 1e200]),
    "momentum": (Momentum, [0.001, 0.005, 0.01, 0.05]),
    "nesterov": (partial(Nesterov, beta=0.99), [0.001, 0.005, 0.01, 0.05]),
    "inside": (partial(Momentum, rate_inside=True), [0.001, 0.01]),
    "roots": (partial(AdaGrad, eps=1e-3, eps_inside=True), [0.1, 1e3]),
    "decay": (partial(Lion, weight_decay=0.5), [0.01, 1e308]),
    "whole numbers": (partial(Adam, beta1=0), [1, 2]),
}


@pytest.mark.parametrize("grad_tol", [None, 0, 0.5])
@pytest.mark.parametrize("case", WILD)
def test_statuses_and_steps_are_numpys_where_descents_diverge(case, grad_tol):
    make, rates = WILD[case]
    x0 = starts(himmelblau, 400)
    x0[:, 0] = 3, 2  # a minimizer, where the gradient is 0
    one, other = both(himmelblau, make, x0, rates, max_steps=80, grad_tol=grad_tol)
    assert_same(one, other)


def test_the_cases_stop_for_each_reason():
    make, rates = WILD["far"]
    ends = sweep(himmelblau, make, starts(himmelblau), rates, max_steps=80, grad_tol=0.5)
    assert set(ends.status.flat) == {"converged", "diverged", "max_steps"}


def test_a_descent_that_comes_back_is_taken_for_one_that_was_never_away():
    """Without a tolerance, as by NumPy: f overflows at the first step, and nobody looks."""
    x0, make = np.array([[1e154, 1.0]]), partial(Momentum, beta=0.5)
    for grad_tol, status, steps in ((None, "max_steps", 2), (1e-9, "diverged", 0)):
        one, other = both(parabola, make, x0, [1.2], max_steps=2, grad_tol=grad_tol)
        assert_same(one, other)
        assert one.status[0, 0] == status and one.steps[0, 0] == steps


@pytest.mark.parametrize("shape", [(2, 1), (1, 200), (2, 200)])
def test_learning_rates_may_be_arrays(shape):
    factors, x0 = np.random.default_rng(1).uniform(0.5, 1, size=shape), starts(himmelblau)
    assert_same(
        *both(himmelblau, lambda rate: Adam(rate * factors), x0, [0.01, 0.02], max_steps=60)
    )


def by_half(rate):
    """A schedule that is no dataclass."""
    return lambda k: rate / 2 ** (k // 20)


SCHEDULES = {
    "exponential": lambda rate: Exponential(rate, decay=0.05),
    "cosine": lambda rate: Cosine(rate, steps=30, final=0.1 * rate),
    "stable": lambda rate: StableDecay(rate, stable=10, falling=15),
    "warm": lambda rate: WarmUp(5, then=Exponential(rate, decay=0.01)),
    "own": by_half,
}
AROUND = {
    **{
        name: lambda rate, make=make: Scheduled(Momentum(1.0), make(rate), first=2)
        for name, make in SCHEDULES.items()
    },
    "of rates": lambda rate: Scheduled(Adam(np.full((2, 1), rate)), by_half(20 * rate)),
    "clipped": lambda rate: Clipped(Momentum(rate), 30 * rate**0.5),
    "by value": lambda rate: Clipped(Adam(20 * rate), 2.5, by_value=True),
    "both": lambda rate: Clipped(Scheduled(Nesterov(1.0), by_half(rate)), 40),
    "twice": lambda rate: Clipped(Clipped(GradientDescent(rate), 9), 7.5, by_value=True),
}


@pytest.mark.parametrize("grad_tol", [None, 0.5])
@pytest.mark.parametrize("case", AROUND)
def test_schedules_and_clipping_are_numpys_to_the_last_bit(case, grad_tol):
    """By 300 steps some have converged; at the highest rate others diverge, if nothing clips."""
    x0, rates = starts(himmelblau, 300), [0.002, 0.01, 0.05]
    one, other = both(himmelblau, AROUND[case], x0, rates, max_steps=300, grad_tol=grad_tol)
    assert_same(one, other)
    plain = sweep(himmelblau, Momentum, x0, rates, max_steps=300, grad_tol=grad_tol)
    assert (one.x != plain.x).any()


def test_what_is_clipped_too_late_diverges_as_in_numpy():
    """A gradient that overflows has no direction, and what is made of it is no number."""
    for by_value in (False, True):
        made = partial(Clipped, limit=1e305, by_value=by_value)
        for grad_tol in (None, 0.5):
            one, other = both(
                himmelblau,
                lambda rate, made=made: made(GradientDescent(rate)),
                starts(himmelblau),
                [0.01, 0.03, 1.0],
                max_steps=80,
                grad_tol=grad_tol,
            )
            assert_same(one, other)
            assert "diverged" in other.status


def test_a_schedule_that_gives_no_rate_is_told_of_as_by_numpy():
    def make(rate):
        return Scheduled(GradientDescent(rate), lambda k: rate if k < 2 else -rate)

    for on in (OnGpu, np.array):
        with pytest.raises(ValueError, match=r"learning rate schedule\(2\) must be zero or more"):
            sweep(himmelblau, make, on(starts(himmelblau)), [0.01], max_steps=3)


def test_starts_that_lie_too_far_away_are_refused_as_by_numpy():
    x0 = np.array([[1.0, 1e200, 1e100], [1.0, 1.0, 1.0]])
    for grad_tol in (None, 0.1):
        said = []
        for make in (OnGpu, np.array):
            with pytest.raises(ValueError, match="overflow at 2 of the points given") as error:
                sweep(himmelblau, Adam, make(x0), [0.1, 0.2], max_steps=3, grad_tol=grad_tol)
            said.append(str(error.value))
        assert said[0] == said[1]
    for make in (OnGpu, np.array):  # f overflows at the start alone: one step leads to 0
        with pytest.raises(ValueError, match="overflow at 1 of the points given"):
            sweep(parabola, GradientDescent, make([[1e160]]), [0.5], max_steps=1)
    with pytest.raises(ValueError, match="axes of x"):
        sweep(himmelblau, lambda rate: Adam([rate, rate]), OnGpu(x0[:, :1]), [0.1], max_steps=3)


def test_a_status_is_compared_on_the_gpu():
    make, rates = WILD["far"]
    x0, options = starts(himmelblau), {"max_steps": 80, "grad_tol": 0.5}
    status = sweep(himmelblau, make, OnGpu(x0), rates, **options).status
    expected = sweep(himmelblau, make, x0, rates, **options).status
    assert status.shape == expected.shape
    for word in ("max_steps", "converged", "diverged", "stopped", "another"):
        is_it, is_not = status == word, status != word
        assert type(is_it) is type(is_not) is OnGpu
        np.testing.assert_array_equal(is_it.get(), expected == word)
        np.testing.assert_array_equal(is_not.get(), expected != word)
    np.testing.assert_array_equal(np.asarray(status[1, :5]), expected[1, :5])


def test_enough_threads_are_started_and_no_more_blocks_than_needed():
    both_rates = [0.01, 0.02]
    sweep(himmelblau, GradientDescent, OnGpu(starts(himmelblau, 200)), both_rates, max_steps=1)
    [(_, (blocks,), (threads,))] = RawKernel.started
    assert (blocks - 1) * threads < 2 * 200 <= blocks * threads


NOT_WRITTEN = {
    "newton": (himmelblau, lambda rate: Newton(himmelblau.hess, rate)),
    "newton, clipped": (himmelblau, lambda rate: Clipped(Newton(himmelblau.hess, rate), 1.0)),
    "backtracking": (himmelblau, lambda rate: Backtracking(himmelblau, rate)),
    "one of them clipped": (
        himmelblau,
        lambda rate: (partial(Clipped, limit=1.0) if rate > 0.01 else lambda o: o)(Adam(rate)),
    ),
    "a pair of the reader's": ((himmelblau.value, himmelblau.grad), GradientDescent),
    "one of each": (himmelblau, lambda rate: (Adam if rate > 0.01 else GradientDescent)(rate)),
    "another kind": (himmelblau, type("Own", (GradientDescent,), {})),
}


@pytest.mark.parametrize("case", NOT_WRITTEN)
def test_what_has_no_kernel_is_swept_array_by_array(case):
    objective, make = NOT_WRITTEN[case]
    x0, options = starts(himmelblau), {"max_steps": 9, "grad_tol": 0.1}
    one = sweep(objective, make, OnGpu(x0), [0.01, 0.02], **options)
    assert RawKernel.started == []
    other = sweep(objective, make, x0, [0.01, 0.02], **options)
    np.testing.assert_array_equal(one.x.get(), other.x)
    np.testing.assert_array_equal(one.steps.get(), other.steps)
    np.testing.assert_array_equal(one.status, other.status)


def test_numpys_arrays_are_swept_without_a_kernel():
    sweep(himmelblau, GradientDescent, starts(himmelblau), [0.01], max_steps=2)
    assert RawKernel.started == []


def test_a_kernel_holds_no_numbers_of_its_optimizer():
    assert source(himmelblau, Adam(0.1)) == source(himmelblau, Adam(0.2, beta2=0.5))
    assert source(himmelblau, Adam(0.1)) != source(himmelblau, Adam(0.1, eps_inside=True))
    clipped, other = Clipped(Adam(0.1), 1), Clipped(Scheduled(Adam(0.1), by_half(1)), 1)
    assert source(himmelblau, clipped) == source(himmelblau, Clipped(Adam(0.2), 2))
    assert source(himmelblau, clipped) != source(himmelblau, Clipped(Adam(0.2), 2, by_value=True))
    assert not is_written(himmelblau, [clipped, other])
    assert is_written(himmelblau, [Adam(0.1), Adam(0.2)])
    assert not is_written(himmelblau, [Adam(0.1), Adam(0.2, eps_inside=True)])


def test_a_kernel_reads_rates_only_where_they_are_an_array():
    for optimizer in (GradientDescent(0.1), Scheduled(GradientDescent(0.1), by_half(1))):
        assert "r[c] = 0;" in source(parabola, optimizer)
    assert "r[c] = rates[c * count + i];" in source(parabola, GradientDescent(np.array([0.1])))


def test_no_array_of_a_kernel_is_empty_for_c_knows_none():
    code = source(parabola, Scheduled(GradientDescent(0.1), by_half(1)))
    assert "double x[1], g[1], last[1], s[1], p[1], r[1], f;" in code


POWERS = [2, 3, 0.5, -1, 1.5]


def test_powers_and_signs_are_those_of_numpy():
    """Squares, roots and inverses to the last bit: for these NumPy calls no pow."""
    tape = Tape()
    [x] = tape.symbols("x")
    results = [x**power for power in POWERS]
    results += list(np.sign(tape.symbols("x")))
    names = [result.name for result in results]
    puts = "".join(f"out[{i}] = {name};" for i, name in enumerate(names))
    code = f"#include <math.h>\nvoid run(double x, double *out) {{{tape.written(C)}{puts}}}"
    function = ctypes.CDLL(library(code)).run
    for value in (2.5, 0.1, 3e-200, 7e100):
        out = np.empty(len(names))
        function(ctypes.c_double(value), ctypes.c_void_p(out.ctypes.data))
        assert out[0] == value * value and out[2] == np.sqrt(value) and out[3] == 1 / value
        np.testing.assert_allclose(out[[1, 4]], [value**3, value**1.5], rtol=1e-15)
    for value in (-2.5, -0.0, 0.0, np.inf, -np.inf, np.nan):
        out = np.empty(len(names))
        function(ctypes.c_double(value), ctypes.c_void_p(out.ctypes.data))
        np.testing.assert_array_equal(out[5:], np.sign([value]))
        assert not np.signbit(out[5]) or value < 0 or np.isnan(value)
