"""The ellipse to turn and stretch: its path is gdcore's, its bars the eigenvalues of a step."""

from itertools import product

import numpy as np
import pytest

from gdcore import GradientDescent, Objective, descend
from tests.support.bare_instrument import Bare
from tests.support.instruments import at_figure, overlaps, settled

FAST = {
    "test_by_mouse_the_end_of_the_long_axis_follows_and_the_bars_stand",
}

GRID = list(product((-180, -37, 0, 30, 90), (1, 2.5, 16), (1, 4), (0.01, 0.1, 0.4, 1.2)))


def matrix(angle, l1, l2):
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    Q = np.array([[c, -s], [s, c]])
    return Q @ np.diag([l1, l2]) @ Q.T


def bars(shown):
    return [shown["drawn"][letter][1][1][1] for letter in ("λ₁", "λ₂")]


def test_the_path_is_gdcores_and_the_bars_are_eigenvalues_of_a_step():
    bare = Bare("ellipse")
    for angle, l1, l2, eta in GRID:
        A = matrix(angle, l1, l2)
        f = Objective(lambda x, A=A: x @ A @ x / 2, lambda x, A=A: A @ x, dim=2)
        shown = bare.show(angle=angle, l1=l1, l2=l2, eta=eta, x=-5, y=-2)
        run = descend(f, GradientDescent(eta), (-5, -2), max_steps=20)
        size = np.abs(run.x).max()
        path = np.array(shown["drawn"]["path"][1], dtype=float)
        np.testing.assert_allclose(path, run.x, rtol=1e-9, atol=1e-12 * size)
        step = np.abs(np.linalg.eigvalsh(np.eye(2) - eta * A))
        np.testing.assert_allclose(sorted(bars(shown)), sorted(step), rtol=1e-9, atol=1e-12)


def test_turning_changes_the_path_but_not_the_bars():
    bare = Bare("ellipse")
    one, other = bare.show(angle=0), bare.show(angle=50)
    assert bars(one) == bars(other)
    assert one["drawn"]["path"] != other["drawn"]["path"]


def test_the_longer_bar_is_shortest_at_the_best_rate_and_no_path_does_worse():
    bare = Bare("ellipse")
    longer = {eta: max(bars(bare.show(l1=1, l2=4, eta=eta))) for eta in np.arange(1, 121) / 100}
    assert min(longer, key=longer.get) == pytest.approx(2 / (1 + 4))
    slow = bare.show(angle=0, l1=1, l2=4, eta=0.1, x=-5, y=0)
    assert f"multiply it by {round(0.9**20, 4)}" in slow["told"]
    for x, y in product((-6, -1, 3), (-5, 0, 2)):
        path = np.array(bare.show(angle=30, eta=0.1, x=x, y=y)["drawn"]["path"][1])
        left = np.linalg.norm(path[-1]) / np.linalg.norm(path[0])
        assert left <= 0.9**20 * (1 + 1e-9)
    assert "by 0." in bare.show(l1=4, l2=4, eta=0.25)["told"]  # a circle: one step
    assert "NaN" not in bare.show(x=0, y=0)["told"]


def test_the_ends_of_the_axes_turn_and_stretch_it():
    bare = Bare("ellipse")
    bare.show()
    state = bare.drag(0, 0, 2.5)  # where the contour f = 12.5 ends on an axis of curvature 4
    assert (state["angle"], state["l1"], state["l2"]) == (90, 4, 4)
    state = bare.drag(1, -5, 0)
    assert (state["angle"], state["l1"], state["l2"]) == (90, 4, 1)


def test_by_mouse_the_end_of_the_long_axis_follows_and_the_bars_stand(visit):
    its = at_figure(visit, "en", "many-dimensions", "fig-ellipse-axes")
    handle = its.locator(".instrument-handle").first
    box = handle.locator(".ring").bounding_box()
    said, mouse = its.locator(".instrument-says"), its.page.mouse
    before = said.inner_text()
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] - 60, box["y"] - 20, steps=5)
    mouse.up()
    settled(its.page)
    assert handle.get_attribute("aria-label") != "axis λ₁ of the ellipse: 30°, λ₁ = 1"
    assert said.inner_text() != before


def test_it_opens_at_the_guess(visit):
    its = at_figure(visit, "en", "many-dimensions", "fig-ellipse-axes")
    question = its.page.locator("#predict-best-eta")
    question.locator("input").fill("0.3")
    question.locator("button").first.click()
    settled(its.page)
    assert its.locator(".instrument-slider output").inner_text() == "0.3"
    assert "multiplies the distance to the minimizer by 0.7." in its.inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_written_on_the_ellipse_or_on_the_line_at_1(visit, width):
    screen = {"viewport": {"width": width, "height": 900}}
    its = at_figure(visit, "en", "many-dimensions", "fig-ellipse-axes", **screen)
    assert its.locator(".hint").is_visible()
    assert [pair for pair in overlaps(its) if pair[0] != "★"] == []
    one, value = its.evaluate(
        """(figure) => ["path[stroke-dasharray='5 4']", "text"].map((part) => {
          const all = [...figure.querySelectorAll(`.instrument-plot:nth-child(2) ${part}`)];
          const its = all.find((e) => e.textContent === "0.9") ?? all[0];
          return its.getBoundingClientRect().bottom;
        })"""
    )
    assert value < one + 1
