"""Every objective against its minimizers, central differences and the published numbers."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gdcore import GradientDescent, check_grad, descend, objectives
from gdcore.objectives import (
    OBJECTIVES,
    Objective,
    ackley,
    easom,
    ellipse,
    griewank,
    himmelblau,
    parabola,
    six_hump_camel,
)

each_objective = pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=OBJECTIVES.keys())

# NumPy may compute sin, cos and exp of an array and of a single number by different routines.
WITH_WAVES = {
    "catenary", "growing_wave", "bohachevsky", "griewank", "rastrigin", "ackley", "easom"
}  # fmt: skip
CURVES = {"parabola", "catenary", "growing_wave"}  # of one component


def central_gradient(f, x):
    """The gradient of f at the points x of shape (d, n), by central differences."""
    g = np.empty_like(x)
    for i in range(len(x)):
        h = np.zeros_like(x)
        h[i] = 1e-6 * np.maximum(1, np.abs(x[i]))
        low, high = x - h, x + h
        g[i] = (f(high) - f(low)) / (high[i] - low[i])
    return g


def central_hessian(grad, x):
    """The Hessian at the point x of shape (d,), by central differences of the gradient."""
    h = 1e-5 * np.eye(len(x))
    hessian = np.array([(grad(x + h_i) - grad(x - h_i)) / 2e-5 for h_i in h])
    return (hessian + hessian.T) / 2


def largest_stable_rate(objective, minimizer):
    """2/L, with L the largest eigenvalue of the Hessian at the minimizer."""
    return 2 / np.linalg.eigvalsh(central_hessian(objective.grad, np.array(minimizer)))[-1]


def neighbourhood(objective, center):
    """The part of the domain that no component carries further than 2 from the center."""
    return [
        (max(low, c - 2), min(high, c + 2))
        for (low, high), c in zip(objective.domain, center, strict=True)
    ]


def uniform(rng, box, n):
    return np.array([rng.uniform(low, high, n) for low, high in box])


# Minimizers


@each_objective
def test_value_and_gradient_at_the_global_minimizers(objective):
    assert objective.minimizers
    for minimizer in objective.minimizers:
        x = np.array(minimizer)
        np.testing.assert_allclose(objective.value(x), objective.minimum, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(objective.grad(x), 0, atol=1e-9)


@pytest.mark.parametrize(
    "objective", [o for o in OBJECTIVES.values() if o.local_minimizers], ids=repr
)
def test_value_and_gradient_at_the_local_minimizers(objective):
    for minimizer in objective.local_minimizers:
        x = np.array(minimizer)
        assert objective.value(x) > objective.minimum + 1e-3
        np.testing.assert_allclose(objective.grad(x), 0, atol=1e-9)


# Without ackley: its minimum is the tip of a cone, which has no Hessian.
@pytest.mark.parametrize("objective", [o for o in OBJECTIVES.values() if o is not ackley], ids=repr)
def test_every_minimizer_sits_in_a_bowl(objective):
    for minimizer in objective.minimizers + objective.local_minimizers:
        hessian = central_hessian(objective.grad, np.array(minimizer))
        assert np.linalg.eigvalsh(hessian)[0] > 1e-2


@each_objective
def test_minimizers_are_distinct_and_inside_the_domain(objective):
    minimizers = objective.minimizers + objective.local_minimizers
    assert len(set(minimizers)) == len(minimizers)
    for minimizer in minimizers:
        for x_i, (low, high) in zip(minimizer, objective.domain, strict=True):
            assert low < x_i < high


@each_objective
def test_no_point_lies_below_the_minimum(objective):
    x = uniform(np.random.default_rng(0), objective.domain, 10_000)
    assert objective.value(x).min() >= objective.minimum - 1e-12


def test_ackley_has_a_cone_at_the_origin_and_no_warning_there():
    np.testing.assert_array_equal(ackley.grad(np.zeros(2)), [0, 0])
    # Beside the tip, in any direction, the slope is that of 20 exp(-0.2 r), r = |x| / sqrt(2).
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    directions = np.array([np.cos(angle), np.sin(angle)])
    tip_and_rim = np.column_stack([np.zeros(2), 1e-9 * directions])
    slopes = np.sqrt(np.sum(ackley.grad(tip_and_rim) ** 2, axis=0))
    np.testing.assert_allclose(slopes, [0] + 12 * [4 / np.sqrt(2)], rtol=1e-6)


# Gradients


@each_objective
def test_gradient_agrees_with_central_differences(objective):
    rng = np.random.default_rng(1)
    # All over the domain, and near each minimizer: easom is flat nearly everywhere else.
    boxes = [objective.domain, *(neighbourhood(objective, m) for m in objective.minimizers)]
    for box in boxes:
        x = uniform(rng, box, 200)
        g = objective.grad(x)
        scale = np.maximum(1, np.abs(g).max(axis=0))
        error = np.abs(g - central_gradient(objective.value, x)) / scale
        assert error.max() < 1e-5


@st.composite
def points(draw, objective):
    """A point of the domain, or one near a minimizer."""
    center = draw(st.sampled_from([None, *objective.minimizers]))
    box = objective.domain if center is None else neighbourhood(objective, center)
    return np.array([draw(st.floats(low, high)) for low, high in box])


@each_objective
@settings(derandomize=True, database=None, deadline=None)
@given(data=st.data())
def test_a_small_step_against_the_gradient_goes_down(objective, data):
    x = data.draw(points(objective))
    assume(objective is not ackley or np.abs(x).max() > 1e-3)  # its tip has no Hessian
    f, g = objective.value(x), objective.grad(x)
    # To first order a step t g lowers f by t |g|^2; the Hessian H takes back at most t |H| / 2 of
    # that, a thousandth with this t, so that half of it remains however H varies on the way.
    step = 1e-3 / (1 + np.linalg.norm(central_hessian(objective.grad, x)))
    gain = step * np.sum(g * g)
    if gain < 1e-11 * (1 + abs(f)):
        return  # flat ground: rounding would decide
    assert objective.value(x - step * g) < f - gain / 2


# check_grad: the exact gradients pass, each kind of mistake is found


@each_objective
def test_the_gradients_of_the_table_pass_their_check(objective):
    rng = np.random.default_rng(5)
    for box in [objective.domain, *(neighbourhood(objective, m) for m in objective.minimizers)]:
        x = uniform(rng, box, 200)
        assert check_grad(objective, x) < 1e-2
        assert np.median([check_grad(objective, x_n) for x_n in x.T]) < 1e-6
    if objective is not ackley:  # its minimum is the tip of a cone
        assert check_grad(objective, np.transpose(objective.minimizers)) < 1e-3


def test_a_smooth_gradient_passes_to_many_digits():
    x = uniform(np.random.default_rng(6), himmelblau.domain, 500)
    assert check_grad(himmelblau, x) < 1e-7
    assert check_grad((himmelblau.value, himmelblau.grad), x) < 1e-7


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda g: -g, 2),  # the other way
        (lambda g: g * [[1], [-1]], 2),  # the sign of one component
        (lambda g: g * [[1.1], [1]], 0.1 / 1.1),  # one a tenth too large
        (lambda g: g * [[1], [0]], 1),  # one forgotten
        (lambda g: 2 * g, 1 / 2),
    ],
)
def test_a_mistake_in_a_gradient_is_found_whatever_the_scale(wrong, error, scale):
    x = uniform(np.random.default_rng(7), [(0.5, 3), (0.5, 3)], 20)
    pair = (lambda x: scale * ellipse.value(x), lambda x: scale * wrong(ellipse.grad(x)))
    assert check_grad(pair, x) == pytest.approx(error, rel=1e-5)


def test_one_wrong_point_among_many_is_found():
    x = uniform(np.random.default_rng(8), himmelblau.domain, 50)

    def grad(x):
        g = himmelblau.grad(x)
        g[1, 17] *= 1.01
        return g

    assert check_grad((himmelblau.value, grad), x) == pytest.approx(0.01 / 1.01, rel=1e-4)


def test_at_a_point_far_out_the_distance_grows_with_it():
    """Beside 1e8 numbers lie 1.5e-8 apart: over 6e-6 the rounding of f would tell nothing."""
    assert check_grad(parabola, 1e8) < 1e-9
    assert check_grad(parabola, 0.0) < 1e-9


def test_a_slope_that_is_lost_in_the_rounding_of_f_is_no_mistake():
    """Beside 1e8 a double is right to 1.5e-8: over 1.2e-5, a slope of 1e-6 leaves no trace in f."""
    slight = lambda x: 1e8 + 1e-6 * x[0], lambda x: np.full_like(x, 1e-6)
    assert check_grad(slight, [1.0]) < 1e-3


@pytest.mark.parametrize(
    ("given", "x", "says"),
    [
        (himmelblau.value, (1, 1), r"was given alone.*give both"),
        (himmelblau, (1, 1, 1), r"x has 3 components"),
        (himmelblau, (np.nan, 1), r"x must lie where himmelblau and its gradient are finite"),
        (himmelblau, (1e200, 1), r"x must lie where himmelblau and its gradient are finite"),
        ((himmelblau.value, lambda x: [1, 2]), (1, 1), r"gradient must be an array of the shape"),
        ((lambda x: x, himmelblau.grad), (1, 1), r"f must give a real number"),
    ],
)
@pytest.mark.filterwarnings("ignore:(overflow|invalid)")
def test_what_cannot_be_compared_is_explained(given, x, says):
    with pytest.raises((TypeError, ValueError), match=says):
        check_grad(given, x)


# What an objective needs


def test_two_functions_and_a_dimension_suffice():
    bowl = Objective(ellipse.value, ellipse.grad, dim=2)
    assert bowl([1, 1]) == 3 and bowl.dim == 2 and repr(bowl) == "Objective('f')"
    assert (bowl.domain, bowl.minimizers, bowl.minimum, bowl.hess) == (None, (), None, None)
    assert Objective(ellipse.value, ellipse.grad, domain=[(-1, 1)] * 2).dim == 2
    with pytest.raises(ValueError, match="2 real number"):
        bowl([1, 1, 1])


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, r"how many components x has.*give dim=2"),
        ({"dim": -1}, r"dim must be 1 or more"),
        ({"dim": 2.0}, r"dim must be a whole number"),
        ({"dim": "2"}, r"dim must be a whole number"),
        (
            {"dim": 3, "domain": [(-1, 1)] * 2},
            r"domain must be a pair.*\[\(-5, 5\), \(-5, 5\), \(-",
        ),
        ({"dim": 1, "minimizers": [(0, 0)]}, r"minimizers must be points of 1 component"),
    ],
)
def test_what_an_objective_lacks_is_explained(facts, says):
    with pytest.raises((TypeError, ValueError), match=says):
        Objective(ellipse.value, ellipse.grad, **facts)


# Shapes


@each_objective
@pytest.mark.parametrize("shape", [(), (1,), (5,), (3, 4), (0,)], ids=str)
def test_components_come_first(objective, shape):
    box = [np.array(interval) for interval in objective.domain]
    rng = np.random.default_rng(2)
    x = np.array([rng.uniform(low, high, shape) for low, high in box])
    x.setflags(write=False)
    f, g = objective.value(x), objective.grad(x)
    assert np.shape(f) == shape
    assert g.shape == (objective.dim, *shape)
    assert f.dtype == g.dtype == np.float64
    assert not np.shares_memory(f, x)
    assert not np.shares_memory(g, x)
    assert g.flags.writeable


@each_objective
def test_a_batch_is_its_points_one_by_one(objective):
    x = uniform(np.random.default_rng(3), objective.domain, 37)
    before = x.copy()
    values = np.array([objective.value(x_n) for x_n in x.T])
    gradients = np.array([objective.grad(x_n) for x_n in x.T]).T
    rounding = 1e-14 if objective.name in WITH_WAVES else 0
    same = {"rtol": rounding, "atol": rounding}
    np.testing.assert_allclose(objective.value(x), values, **same)
    np.testing.assert_allclose(objective.grad(x), gradients, **same)
    mesh = x[:, :36].reshape(-1, 4, 9)
    np.testing.assert_allclose(objective.value(mesh), values[:36].reshape(4, 9), **same)
    np.testing.assert_allclose(objective.grad(mesh), gradients[:, :36].reshape(-1, 4, 9), **same)
    np.testing.assert_array_equal(x, before)


@each_objective
def test_calling_takes_anything_array_like(objective):
    ones = [1] * objective.dim
    value = objective(ones)
    assert value.dtype == np.float64
    assert value == objective.value(np.array(ones, dtype=np.float64))
    assert objective([[1, 1]] * objective.dim).shape == (2,)


# Published numbers


@pytest.mark.parametrize(
    ("learning_rate", "printed"),
    [(0.2, 0.06046617599999997), (0.05, 3.4867844009999995), (1.1, 61.917364224000096)],
)
def test_parabola_reproduces_d2l_to_the_last_digit(learning_rate, printed):
    x = np.array([10.0])
    for _ in range(10):
        x -= learning_rate * parabola.grad(x)
    assert x[0] == printed


def test_ellipse_reproduces_d2l():
    x = np.array([-5.0, -2.0])
    for _ in range(20):
        x -= 0.1 * ellipse.grad(x)
    assert f"epoch 20, x1 {x[0]:f}, x2 {x[1]:f}" == "epoch 20, x1 -0.057646, x2 -0.000073"


def test_himmelblau_reproduces_bumgarner():
    x, steps = np.array([-0.4, -0.65]), 0
    while np.abs(g := himmelblau.grad(x)).max() > 0.01:
        x, steps = x - 0.01 * g, steps + 1
    assert steps == 21
    np.testing.assert_allclose(x, [-2.8050756998283592, 3.1312548976041272], rtol=0, atol=1e-12)
    assert himmelblau.value(x) == pytest.approx(1.8869397806486693e-07, rel=1e-9)


def test_himmelblau_at_its_maximum():
    x = np.array([-0.2708445907, -0.9230385565])
    assert himmelblau.value(x) == pytest.approx(181.6165215, abs=5e-8)
    np.testing.assert_allclose(himmelblau.grad(x), 0, atol=1e-7)
    assert np.linalg.eigvalsh(central_hessian(himmelblau.grad, x))[-1] < 0


def test_himmelblau_minimizers():
    published = [
        (3, 2),
        (-2.8051180870, 3.1313125183),
        (-3.7793102534, -3.2831859913),
        (3.5844283403, -1.8481265270),
    ]
    np.testing.assert_allclose(himmelblau.minimizers, published, rtol=0, atol=6e-11)


def test_six_hump_camel_minima():
    published = {
        (0.0898420131, -0.7126564030): -1.0316284535,
        (1.7036067150, -0.7960835687): -0.2154638244,
        (1.6071047529, 0.5686514549): 2.1042503103,
    }
    ours = six_hump_camel.minimizers + six_hump_camel.local_minimizers
    assert len(ours) == 2 * len(published)
    for x, f in published.items():
        for sign in (1, -1):
            nearest = min(ours, key=lambda m: np.linalg.norm(np.array(m) - sign * np.array(x)))
            np.testing.assert_allclose(nearest, sign * np.array(x), rtol=0, atol=6e-11)
            assert six_hump_camel(nearest) == pytest.approx(f, abs=6e-11)


@pytest.mark.parametrize(
    ("objective", "minimizers", "published", "digits"),
    [
        (himmelblau, himmelblau.minimizers, [0.02431, 0.02483, 0.01495, 0.01897], 5),
        (six_hump_camel, six_hump_camel.minimizers[:1], [0.121], 3),
        (six_hump_camel, six_hump_camel.local_minimizers[::2], [0.088, 0.200], 3),
        (easom, easom.minimizers, [2 / 3], 6),
    ],
    ids=["himmelblau", "camel-global", "camel-local", "easom"],
)
def test_largest_stable_learning_rate(objective, minimizers, published, digits):
    rates = [largest_stable_rate(objective, minimizer) for minimizer in minimizers]
    np.testing.assert_allclose(rates, published, rtol=0, atol=0.51 * 10.0**-digits)


def test_griewank_multiplies_its_cosines():
    assert griewank([0, 0]) == 0
    # Where one cosine is 0, so is the product, whatever the other one is.
    assert griewank([np.pi / 2, 3]) == pytest.approx(1 + (np.pi**2 / 4 + 9) / 4000, rel=1e-15)


def test_easom_is_flat_but_for_its_hole():
    corners = np.array([[-4.0, -4.0, 10.0, 10.0], [-4.0, 10.0, -4.0, 10.0]])
    assert np.abs(easom.value(corners)).max() < 1e-30
    assert np.abs(easom.grad(corners)).max() < 1e-30
    # The deepest of the shallow minima beside it, one in each of four corners.
    beside = np.pi + 1.8365972 * np.array([[-1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0]])
    np.testing.assert_allclose(easom.value(beside), -8.11e-5, rtol=0, atol=5e-8)
    np.testing.assert_allclose(easom.grad(beside), 0, atol=1e-9)


# Regions as their sources print them: those of the Virtual Library (Surjanovic & Bingham), and of
# Dive into Deep Learning, which draws a curve as far to both sides as its descent starts, at 10.
DOMAINS = {
    "parabola": [(-10, 10)],
    "catenary": [(-10, 10)],
    "growing_wave": [(-10, 10)],
    "sphere": [(-5.12, 5.12)] * 2,
    "booth": [(-10, 10)] * 2,
    "matyas": [(-10, 10)] * 2,
    "zakharov": [(-5, 10)] * 2,
    "rosenbrock": [(-5, 10)] * 2,
    "beale": [(-4.5, 4.5)] * 2,
    "three_hump_camel": [(-5, 5)] * 2,
    "six_hump_camel": [(-3, 3), (-2, 2)],
    "himmelblau": [(-5, 5)] * 2,
    "styblinski_tang": [(-5, 5)] * 2,
    "bohachevsky": [(-100, 100)] * 2,
    "griewank": [(-600, 600)] * 2,
    "rastrigin": [(-5.12, 5.12)] * 2,
    "ackley": [(-32.768, 32.768)] * 2,
    "easom": [(-100, 100)] * 2,
}


@each_objective
def test_domains_are_those_of_the_sources(objective):
    if "domain is ours" not in objective.source:
        assert list(objective.domain) == DOMAINS[objective.name]


# The table and its entries


def test_the_table_holds_every_objective_of_the_module_once():
    public = {
        name: item
        for name, item in vars(objectives).items()
        if isinstance(item, objectives.Objective)
    }
    assert public == OBJECTIVES
    assert all(name == objective.name for name, objective in OBJECTIVES.items())
    assert len({objective.value for objective in public.values()}) == len(public)
    assert len({objective.grad for objective in public.values()}) == len(public)


@each_objective
def test_an_entry_is_complete(objective):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", objective.name)
    assert repr(objective) == f"Objective('{objective.name}')"
    assert objective.source.strip()
    assert objective.formula.strip()
    assert "$" not in objective.formula
    assert objective.formula.count("{") == objective.formula.count("}")
    assert objective.formula.count(r"\left") == objective.formula.count(r"\right")
    assert objective.minimizers and objective.minimum is not None
    assert objective.dim == len(objective.domain) == (1 if objective.name in CURVES else 2)
    assert all(low < high for low, high in objective.domain)


def python_of(latex):
    """The LaTeX of our formulas as a NumPy expression in x: a small and strict reading of it."""
    python = latex.replace(r"\left", "").replace(r"\right", "")
    python = re.sub(r"\\tfrac\{([^{}]+)\}\{(\\sqrt\{2\}|\d+)\}", r"((\1)/(\2))", python)
    python = re.sub(r"\\sqrt\{2\}", "np.sqrt(2)", python)
    python = re.sub(r"\\sqrt\{(.+?\))\}", r"np.sqrt(\1)", python)
    python = re.sub(r"\\(sin|cosh|cos|exp)", r"np.\1", python)
    python = python.replace(r"\pi", "np.pi")
    python = re.sub(r"(?<![\w.])e(?![\w.])", "np.e", python)
    python = re.sub(r"\bx_([12])", lambda m: f"x[{int(m[1]) - 1}]", python)
    python = re.sub(r"\bx(?!\[)\b", "x[0]", python)
    python = re.sub(r"\^(\d)", r"**\1", python)
    # A product on paper is two things side by side.
    return re.sub(r"(?<=[\w\])])\s+(?=[\w(])", " * ", python)


@each_objective
def test_formula_in_latex_says_what_value_computes(objective):
    x = uniform(np.random.default_rng(4), neighbourhood(objective, objective.minimizers[0]), 20)
    by_formula = eval(python_of(objective.formula), {"np": np}, {"x": x})
    np.testing.assert_allclose(by_formula, objective.value(x), rtol=1e-12, atol=1e-12)


def test_replacing_the_gradient_keeps_the_rest():
    noisy = replace(himmelblau, grad=lambda x: himmelblau.grad(x) + 1)
    assert noisy.value is himmelblau.value
    assert noisy.minimizers == himmelblau.minimizers
    np.testing.assert_array_equal(noisy.grad(np.zeros(2)), [-13, -21])
    np.testing.assert_array_equal(himmelblau.grad(np.zeros(2)), [-14, -22])


@each_objective
def test_value_and_gradient_together_are_those_asked_for_singly(objective):
    x = np.random.default_rng(3).uniform(-3, 3, (objective.dim, 50))
    value, grad = objective.value_and_grad(x)
    np.testing.assert_array_equal(value, objective.value(x))
    np.testing.assert_array_equal(grad, objective.grad(x))


def test_a_replaced_value_or_gradient_is_the_one_that_counts():
    """Griewank makes both of the same waves; a part that was replaced must not come from there."""
    x = np.array([3.0, 4.0])
    climbing = replace(griewank, grad=lambda x: -griewank.grad(x))
    lifted = replace(griewank, value=lambda x: griewank.value(x) + 1)
    foreign = replace(griewank, value=easom.value)
    np.testing.assert_array_equal(climbing.value_and_grad(x)[1], -griewank.grad(x))
    assert lifted.value_and_grad(x)[0] == griewank.value(x) + 1
    assert foreign.value_and_grad(x)[0] == easom.value(x)
    swapped = replace(griewank, value=griewank.grad, grad=griewank.value)
    np.testing.assert_array_equal(swapped.value_and_grad(x)[0], griewank.grad(x))
    assert descend(climbing, GradientDescent(0.1), x, max_steps=9).f[-1] > griewank.value(x)
