"""The valley that is turned: how low each method gets at its best rate is what gdcore says."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gdcore import AdaGrad, Adam, GradientDescent, Momentum, RMSProp, descend, valley
from tests.support.bare_instrument import Bare
from tests.support.instruments import at_figure, numbers_in, settled

FAST = {
    "test_by_mouse_the_long_axis_is_turned",
}

METHODS = {
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
}
ANGLES = (0, 3, 10, 20, 30, 45, 77, 90)


@cache
def best(name, degrees):
    """The lowest f after 20 steps, and its path, over the chapter's 61 rates."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    R = np.array([[c, -s], [s, c]])
    turned = replace(
        valley, value=lambda x: valley.value(R.T @ x), grad=lambda x: R @ valley.grad(R.T @ x)
    )
    rates = np.geomspace(0.01, 10, 61)
    runs = [descend(turned, METHODS[name](rate), R @ [-5, -2], max_steps=20) for rate in rates]
    return min((run for run in runs if run.status == "max_steps"), key=lambda run: run.f[-1])


@pytest.fixture(scope="module")
def bare():
    return Bare("ruler")


@pytest.mark.parametrize("degrees", ANGLES)
def test_each_method_at_each_angle_is_gdcores_best_of_61(bare, degrees):
    drawn = bare.show(angle=degrees)["drawn"]
    for name in METHODS:
        run = best(name, degrees)
        [[angle, f]] = drawn[f"now {name}"][1]
        assert angle == degrees
        assert f == pytest.approx(run.f[-1], rel=1e-6)
        np.testing.assert_allclose(drawn[f"path {name}"][1], run.x, rtol=0, atol=1e-9)


def test_two_paths_turn_with_the_valley_and_three_do_not(bare):
    for degrees in (20, 45):
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        straight, slanted = bare.show(angle=0)["drawn"], bare.show(angle=degrees)["drawn"]
        for name in METHODS:
            turned = np.array(straight[f"path {name}"][1]) @ [[c, s], [-s, c]]
            apart = np.abs(turned - slanted[f"path {name}"][1]).max()
            assert apart < 1e-9 if name in ("gradient_descent", "momentum") else apart > 0.1


def test_the_tale_of_the_chapter(bare):
    first = next(
        a for a in range(91) if best("adagrad", a).f[-1] > best("gradient_descent", a).f[-1]
    )
    at = {a: bare.show(angle=a)["drawn"] for a in (0, first - 1, first, 45)}
    low = {a: {name: drawn[f"now {name}"][1][0][1] for name in METHODS} for a, drawn in at.items()}
    assert low[0]["adagrad"] < 1e-20 and low[0]["rmsprop"] < 1e-13
    assert low[first - 1]["adagrad"] < low[first - 1]["gradient_descent"]
    assert low[first]["adagrad"] > low[first]["gradient_descent"]
    assert low[45]["adagrad"] > low[45]["gradient_descent"] > low[45]["rmsprop"]
    assert "θ = 45°" in bare.show(angle=45)["told"]


def test_at_every_angle_all_are_in_the_picture_and_told_from_the_lowest(bare):
    for angle in range(91):
        shown = bare.show(angle=angle)
        low, high = shown["axes"][1]["y"]
        ends = [shown["drawn"][f"now {name}"][1][0][1] for name in METHODS]
        assert low < min(ends) and max(ends) < high, angle
        assert "each at the best of 61 η, from the lowest" in shown["told"]
        each = shown["told"].partition("lowest: ")[2].split("), ")
        told = [numbers_in(one, " # (η =")[0] for one in each]
        assert told == pytest.approx(sorted(ends), rel=6e-3), angle


def test_turned_through_every_degree_the_curves_are_traced(bare):
    for angle in (0, 30, 60, 90):
        bare.show(angle=angle)
    seen = bare.show(angle=90)["drawn"]["seen rmsprop"][1]
    assert sorted(angle for angle, _ in seen) == list(range(91))


def test_by_mouse_the_long_axis_is_turned(visit):
    its = at_figure(visit, "en", "adaptive", "fig-adaptive-turned")
    said, mouse = its.locator(".instrument-says"), its.page.mouse
    assert said.inner_text().startswith("θ = 0°") and "AdaGrad 5.19×10⁻²¹" in said.inner_text()
    [plane, _] = its.locator(".instrument-plot svg").all()
    ring = its.locator(".instrument-handle .ring").first.bounding_box()
    star = plane.locator("text", has_text="★").bounding_box()
    middle = [star["x"] + star["width"] / 2, star["y"] + star["height"] / 2]
    spot = [ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2]
    reach = (middle[0] - spot[0]) / np.sqrt(2)
    mouse.move(*spot)
    mouse.down()
    mouse.move(middle[0] - reach, spot[1] + reach, steps=4)
    mouse.up()
    settled(its.page)
    assert said.inner_text().startswith(("θ = 44°", "θ = 45°", "θ = 46°"))


def test_it_opens_at_the_guess(visit):
    its = at_figure(visit, "en", "adaptive", "fig-adaptive-turned")
    question = its.page.locator("#predict-turned-valley")
    question.locator("input").fill("40")
    question.locator("button").first.click()
    settled(its.page)
    assert its.locator(".instrument-says").inner_text().startswith("θ = 40°")
