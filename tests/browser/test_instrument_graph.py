"""The graph to click through: its numbers are those of gdcore's tape, in its order."""

import json
import re

import numpy as np
import quickjs

from gdcore.autodiff import Node, read_backward, value_and_grad
from tests.support.instruments import at_figure, settled
from tests.support.scripts import JS

FIGURE = ("autodiff", "fig-autodiff-graph")
GRID = np.linspace(-3, 3, 13)


def f(x):
    x1, x2 = x
    return x1 + np.sin(x1 * x2)


def in_the_page(x1: float, x2: float) -> dict[str, float]:
    context = quickjs.Context()
    script = (JS / "instruments" / "graph.js").read_text("utf-8")
    context.eval(f"const book = {{ instrument: () => {{}} }}; {script}")
    return json.loads(context.eval(f"JSON.stringify(book.graph({x1!r}, {x2!r}))"))


def test_values_and_derivatives_are_those_of_gdcores_tape():
    for x1, x2 in np.array(np.meshgrid(GRID, GRID)).reshape(2, -1).T:
        its = in_the_page(float(x1), float(x2))
        value, slopes = value_and_grad(f)([x1, x2])
        ends = [its["f"], its["bar1"], its["bar2"], 1 + its["share"]]
        np.testing.assert_allclose(ends, [value, *slopes, slopes[0]], atol=1e-14)
        tape: list[Node] = []
        read_backward(f((Node(tape, x1), Node(tape, x2))))
        shown = [its[name] for name in ("x1", "x2", "product", "sine", "f")]
        np.testing.assert_allclose(shown, [node.value for node in tape], atol=1e-14)
        back = [its["bar1"], its["bar2"], its["slope"], 1, 1]
        np.testing.assert_allclose(back, [node.adjoint for node in tape], atol=1e-14)


def says(its) -> str:
    settled(its.page)
    return its.locator(".instrument-says").inner_text()


def press(its, sign: str) -> str:
    """Press the circle with this sign, as a finger would; return what is said."""
    box = its.locator(".instrument-plot text", has_text=re.compile(f"^{re.escape(sign)}$")).first
    place = box.bounding_box()
    its.page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    return says(its)


def test_circles_are_pressed_in_turn_and_others_say_what_they_wait_for(visit):
    its = at_figure(visit, "en", *FIGURE)
    assert "x₁ = 1.5 and x₂ = 0.8 are given" in says(its)
    assert press(its, "sin") == "sin lacks a number before it and cannot be computed yet."
    assert press(its, "×") == "1.5 × 0.8 = 1.2"
    assert press(its, "sin") == "sin 1.2 = 0.932"
    assert "f = 1.5 + 0.932 = 2.432" in press(its, "+")
    assert "waits for the derivative behind it" in press(its, "×")
    press(its, "+")
    assert "another share has yet to come" in press(its, "+")
    assert "1 × 0.3624 = 0.3624" in press(its, "sin")
    end = press(its, "×")
    value, slopes = value_and_grad(f)([1.5, 0.8])
    assert [f"{number:.4g}" for number in (value, *slopes)] == ["2.432", "1.29", "0.5435"]
    assert "∂f/∂x₁ = 1 + 0.2899 = 1.29, and ∂f/∂x₂ = 0.5435." in end
    assert press(its, "×") == "All is done."


def test_an_input_is_dragged_and_everything_follows(visit):
    its = at_figure(visit, "zh", *FIGURE, "?step=7")
    ring = its.locator(".instrument-handle .ring").first.bounding_box()
    x, y = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
    its.page.mouse.move(x, y)
    its.page.mouse.down()
    its.page.mouse.move(x - 60, y + 5, steps=4)
    its.page.mouse.up()
    said = says(its)
    found = float(its.locator(".instrument-handle").first.get_attribute("aria-valuenow"))
    assert found < 1
    _, slopes = value_and_grad(f)([found, 0.8])
    assert f"∂f/∂x₂ = {slopes[1]:.4g}".replace("-", "−") in said


def test_where_x1_is_zero_or_the_cosine_is_x2_does_not_matter(visit):
    for x1, x2 in ((0, 2), (np.pi / 2, 1)):
        its = at_figure(visit, "en", *FIGURE, f"?x1={x1}&x2={x2}&step=7")
        last = re.search(r"∂f/∂x₂ = ([−\d.×⁻¹⁰¹²³⁴⁵⁶⁷⁸⁹]+)\.$", says(its))[1]
        assert last == "0" or "10⁻" in last
        assert abs(value_and_grad(f)([float(f"{x1:.6g}"), x2])[1][1]) < 1e-5
