"""Two parabolas around cosh(x/2): what they promise is gdcore's, and it is kept."""

import numpy as np
import pytest

from gdcore import GradientDescent, descend
from gdcore.objectives import catenary
from tests.support.instruments import at_figure, drag_to, drawn, numbers_in, says, settled

FAST = {
    "test_a_drag_moves_it_and_a_step_leads_to_the_orange_dot",
}

PLACE = ("en", "guarantees", "fig-convergence-sandwich")
MU, L = 0.25, np.cosh(2) / 4
WORDS = (
    "x = #. Orange: a step with η = 1/L gains at least #; it gains #. "
    "Blue: at most # is left to the bottom; it is #."
)


@pytest.fixture
def its(visit):
    return at_figure(visit, *PLACE)


def test_what_is_promised_and_what_comes_of_it_is_gdcores(its):
    for start in (-4, -2.2, -0.3, 0.05, 1, 2.5, 3.3, 4):
        run = descend(catenary, GradientDescent(1 / L), start, max_steps=11)
        for k in (0, 1, 4, 10):
            x, least, gained, most, left = numbers_in(says(its, x=start, k=k), WORDS)
            slope = np.sinh(run.x[k, 0] / 2) / 2
            assert x == pytest.approx(run.x[k, 0], rel=6e-4)
            assert least == pytest.approx(slope**2 / (2 * L), rel=6e-4)
            assert gained == pytest.approx(run.f[k] - run.f[k + 1], rel=6e-4)
            assert most == pytest.approx(slope**2 / (2 * MU), rel=6e-4)
            assert left == pytest.approx(run.f[k] - 1, rel=6e-4)
            assert least <= gained and left <= most


def test_far_out_the_upper_one_is_nearer_to_the_truth_and_near_the_bottom_the_lower(its):
    for x, upper in ((4, True), (0.5, False), (-0.1, False)):
        _, least, gained, most, left = numbers_in(says(its, x=x, k=0), WORDS)
        assert (least / gained > left / most) == upper


@pytest.mark.parametrize("x", [-3.5, 0, 1.2, 4])
def test_the_parabolas_touch_the_curve_at_x_and_enclose_it(its, x):
    says(its, x=x, k=0)
    u, up = drawn(its, 0, "slate", 161).T
    u = 8 * u - 4
    assert 7.2 * up - 3 == pytest.approx(np.cosh(u / 2), abs=0.01)
    f, slope = np.cosh(x / 2), np.sinh(x / 2) / 2
    for color, curvature, sign in (("orange", L, 1), ("blue", MU, -1)):
        v, up = drawn(its, 0, color, 161).T
        v, heights = 8 * v - 4, 7.2 * up - 3
        touching = f + slope * (v - x) + curvature / 2 * (v - x) ** 2
        assert heights == pytest.approx(touching, abs=0.01)
        assert (sign * (heights - np.cosh(v / 2)) > -0.02).all()


def test_a_drag_moves_it_and_a_step_leads_to_the_orange_dot(its):
    drag_to(its, its.locator(".instrument-handle"), 0, 1 / 8, 0.5)
    output = its.locator(".instrument-says")
    [x] = numbers_in(output.inner_text(), "x = #.")
    assert x == pytest.approx(-3, abs=0.05)
    its.get_by_role("button", name="Step forward").click()
    settled(its.page)
    [after] = numbers_in(output.inner_text(), "x = #.")
    assert after == pytest.approx(x - np.sinh(x / 2) / 2 / L, abs=2e-3)


@pytest.mark.parametrize("x", [-4, -0.1, 0, 2.5, 4])
def test_the_curvatures_of_both_parabolas_are_shown_and_readable(its, x):
    says(its, x=x, k=0)
    texts = {t.text_content(): t.bounding_box() for t in its.locator("text[style*=fill]").all()}
    values = {name: numbers_in(" ".join(texts), f"{name} = #") for name in ("L", "μ")}
    assert values == {"L": [pytest.approx(L, rel=1e-4)], "μ": [MU]}
    edge = its.locator(".edge").bounding_box()
    upper, lower = (next(box for text, box in texts.items() if name in text) for name in ("L", "μ"))
    for box in (upper, lower):
        assert edge["x"] <= box["x"] and box["x"] + box["width"] <= edge["x"] + edge["width"]
        assert edge["y"] <= box["y"] and box["y"] + box["height"] <= edge["y"] + edge["height"]
    gaps = [lower[k] - upper[k] - upper[d] for k, d in (("x", "width"), ("y", "height"))]
    gaps += [upper[k] - lower[k] - lower[d] for k, d in (("x", "width"), ("y", "height"))]
    assert max(gaps) > -1  # neither lies on the other
