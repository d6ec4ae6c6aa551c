"""The momentum pad: it says of the roots what NumPy finds, and its path is gdcore's."""

import re

import numpy as np
import pytest

from gdcore import Momentum, descend
from tests.support.instruments import at_figure, drag_to, drawn, numbers_in, says

FAST = {
    "test_dragging_the_root_sets_both",
}

PLACE = ("en", "momentum", "fig-momentum-stability")
POINTS = [(e, b) for e in (0.04, 0.25, 1, 2.4, 3.7, 4.3) for b in (-0.9, -0.5, 0, 0.31, 0.9)]
POINTS += [(0.25, 0.25), (0.25, 0.25005), (0.01, 0.81), (4, 1), (2, 1), (0.01, -1.05), (4.3, 1.05)]
BALL = (lambda x: x[0] ** 2 / 2, lambda x: x)
WIDE = 1.5


@pytest.fixture
def its(visit):
    return at_figure(visit, *PLACE)


def test_what_it_says_of_the_roots_is_true(its):
    kinds = set()
    for eta, beta in POINTS:
        said = says(its, eta=eta, beta=beta)
        z = np.roots([1, -(1 + beta - eta), beta])
        far = z[abs(z).argmax()]
        rho = numbers_in(said, "ρ = #")[0]
        assert rho == pytest.approx(abs(far), rel=6e-4, abs=1e-6), said
        assert numbers_in(said, "|1 − ηλ| = #")[0] == pytest.approx(abs(1 - eta), rel=6e-4)
        assert ("thrown out" in said) == (abs(far) > 1 + 1e-6), said
        assert (abs(far) > 1 + 1e-6) == (eta > 2 + 2 * beta or beta > 1)
        if abs(z[0] - z[1]) < 1e-6:
            kind = "a double root"
            assert numbers_in(said, "root, #.")[0] == pytest.approx(z[0].real, rel=6e-4)
        elif abs(far.imag) > 0:
            kind = "It swings"
            period = 2 * np.pi / abs(np.angle(far))
            assert numbers_in(said, "swings, # steps")[0] == pytest.approx(period, rel=6e-3)
        else:
            kind = "It creeps" if far > 0 else "changes sides at every step"
            kind = kind.removeprefix("It ")
            assert numbers_in(said, "real roots, # and #") == pytest.approx(
                sorted(z, key=abs, reverse=True), rel=6e-4, abs=1e-6
            )
        assert kind in said, (eta, beta, said)
        kinds.add(kind)
    assert len(kinds) == 4


@pytest.mark.parametrize(("eta", "beta"), [(0.25, 0.9), (0.25, 0.25), (2.4, 0.5), (2.3, 0.2)])
def test_the_error_that_it_draws_is_gdcores(its, eta, beta):
    says(its, eta=eta, beta=beta)
    x = descend(BALL, Momentum(eta, beta), 1, max_steps=30).x[:, 0]
    across, up = drawn(its, 2, "green", 31).T
    assert across == pytest.approx(np.arange(31) / 30, abs=0.001)
    assert (2 * up - 1) * WIDE == pytest.approx(x, abs=0.004)
    z = np.roots([1, -(1 + beta - eta), beta]).astype(complex)
    larger = max(z, key=lambda root: (round(abs(root), 9), root.imag))
    powers = larger ** np.arange(31)
    points = (2 * drawn(its, 1, "green", 31) - 1) * WIDE
    assert points == pytest.approx(np.column_stack([powers.real, powers.imag]), abs=0.01)


@pytest.mark.parametrize("width", [1280, 390])
def test_three_panels_are_numbered_in_the_order_in_which_one_reads_them(visit, width):
    its = at_figure(visit, *PLACE, viewport={"width": width, "height": 844})
    names = its.locator(".instrument-plot text.name", has_text=re.compile("[①②③]"))
    assert [name[0] for name in names.all_text_contents()] == ["①", "②", "③"]
    boxes = [plot.bounding_box() for plot in its.locator(".instrument-plot").all()]
    first, second, third = boxes
    assert first["y"] + first["height"] <= third["y"] and first["x"] <= second["x"]
    assert second["y"] + second["height"] <= third["y"]
    how = its.locator(".instrument-how").inner_text()
    assert how.index("①") < how.index("②") < how.index("③")


def test_dragging_the_point_stops_at_the_double_root(its):
    point = its.locator(".instrument-handle").first
    drag_to(its, point, 0, (1 + 0.1) / 4.4, (0 + 1.05) / 2.1)
    said = its.locator(".instrument-says").inner_text()
    eta, beta, root = numbers_in(said, "ηλ = #, β = #: a double root, #")
    assert eta == pytest.approx(1, abs=0.03)
    assert beta == pytest.approx((1 - np.sqrt(eta)) ** 2, abs=1e-3)
    assert root == pytest.approx(1 - np.sqrt(eta), abs=1e-3)
    drag_to(its, point, 0, (3 + 0.1) / 4.4, (-0.5 + 1.05) / 2.1)
    assert "thrown out" in its.locator(".instrument-says").inner_text()


def test_dragging_the_root_sets_both(its):
    root = its.locator(".instrument-handle").nth(1)
    drag_to(its, root, 1, (0.5 / WIDE + 1) / 2, (0.5 / WIDE + 1) / 2)
    eta, beta = numbers_in(its.locator(".instrument-says").inner_text(), "ηλ = #, β = #: conj")
    assert [eta, beta] == pytest.approx([0.5, 0.5], abs=0.03)  # |1 − z|², |z|²
    drag_to(its, root, 1, (0.5 / WIDE + 1) / 2, 0.5)
    said = its.locator(".instrument-says").inner_text()
    assert numbers_in(said, "ηλ = #, β = #: a double root, #") == pytest.approx(
        [0.25, 0.25, 0.5], abs=0.03
    )


def test_no_beta_is_faster_than_the_double_root(its):
    said = says(its, eta=0.25, beta=0.25)
    assert "no β is faster" in said
    best = numbers_in(said, "ρ = #")
    others = [
        numbers_in(says(its, eta=0.25, beta=beta), "ρ = #")[0]
        for beta in (-0.5, 0, 0.2, 0.24, 0.26, 0.3, 0.6, 0.9)
    ]
    assert best == [0.5] and min(others) > 0.5


def test_it_opens_at_the_readers_guess(its):
    tab = its.page
    question = tab.locator("#predict-fastest-beta")
    question.locator("input").fill("0.6")
    question.get_by_role("button", name="That is my guess").click()
    tab.wait_for_function(
        "document.querySelector('#fig-momentum-stability .instrument-says')"
        ".textContent.startsWith('ηλ = 0.25, β = 0.6:')"
    )
