"""The graph to click through: its numbers are those of gdcore's tape, in its order."""

import json
import re

import numpy as np
import pytest
import quickjs

from gdcore.autodiff import Node, read_backward, value_and_grad
from tests.support.book import LANGUAGES
from tests.support.instruments import at_figure, settled
from tests.support.scripts import JS

FAST = {
    "test_an_input_is_dragged_and_everything_follows",
}

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
    text = its.locator(".instrument-plot text", has_text=re.compile(f"^{re.escape(sign)}$"))
    place = text.first.bounding_box()
    its.page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    return says(its)


def test_circles_are_pressed_in_turn_and_others_say_what_they_wait_for(visit):
    its = at_figure(visit, "en", *FIGURE)
    assert "x₁ = 1.5 and x₂ = 0.8 are given" in says(its)
    assert press(its, "sin") == "sin lacks a number before it and cannot be computed yet."
    assert "1.5 × 0.8 = 1.2." in press(its, "×")
    assert "sin 1.2 = 0.932." in press(its, "sin")
    turn = press(its, "+")
    assert "f = 1.5 + 0.932 = 2.432" in turn and "click + once more" in turn
    assert "waits for the derivative behind it" in press(its, "×")
    assert "waits for its other share" in press(its, "+")
    assert "1 × 0.3624 = 0.3624" in press(its, "sin")
    end = press(its, "×")
    value, slopes = value_and_grad(f)([1.5, 0.8])
    assert [f"{number:.4g}" for number in (value, *slopes)] == ["2.432", "1.29", "0.5435"]
    assert "∂f/∂x₁ = 1 + 0.2899 = 1.29, and ∂f/∂x₂ = 0.5435." in end
    assert press(its, "×") == "All is done."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_circle_whose_turn_it_is_stands_out_and_is_named(visit, lang):
    its = at_figure(visit, lang, *FIGURE)
    for step, sign in enumerate(("×", "sin", "+", "+", "sin", "×")):
        assert re.search(rf"(^|\s|点){re.escape(sign)}([.,:，。]| |$)", says(its)), (
            step,
            says(its),
        )
        due = its.locator(".instrument-plot circle.due")
        assert due.count() == 1
        width = "e => parseFloat(getComputedStyle(e).strokeWidth)"
        others = its.locator(".instrument-plot circle[r='24']:not(.due)").all()
        assert due.evaluate(width) >= 2 * max(other.evaluate(width) for other in others)
        box = due.bounding_box()
        its.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        settled(its.page)
        assert its.locator(".player span").inner_text() == f"{step + 1} / 6"
    assert its.locator(".instrument-plot circle.due").count() == 0


APART = """(its) => {
  const plot = its.querySelector(".instrument-plot > svg");
  const frame = plot.getBoundingClientRect();
  const texts = [...plot.querySelectorAll("text")].filter((t) => t.textContent)
    .map((t) => ({ said: t.textContent, ...t.getBoundingClientRect().toJSON() }));
  const inside = ({ left, right, top, bottom }, x, y) =>
    x > left + 1 && x < right - 1 && y > top + 2 && y < bottom - 2;
  const found = [];
  texts.forEach((a, i) => {
    if (a.left < frame.left - 1 || a.right > frame.right + 1) found.push([a.said, "the edge"]);
    for (const b of texts.slice(i + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      if (across > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3) {
        found.push([a.said, b.said]);
      }
    }
  });
  for (const path of plot.querySelectorAll("path")) {
    if (!path.getAttribute("d") || path.matches(".tick")) continue;
    const at = path.getScreenCTM();
    for (let s = 0; s <= path.getTotalLength(); s++) {
      const { x, y } = path.getPointAtLength(s).matrixTransform(at);
      const hit = texts.find((text) => inside(text, x, y));
      if (hit) { found.push([hit.said, "a line"]); break; }
    }
  }
  for (const circle of plot.querySelectorAll("circle[r='24']")) {
    const { left, top, width } = circle.getBoundingClientRect();
    const [cx, cy] = [left + width / 2, top + width / 2];
    const held = (v, low, high) => Math.min(Math.max(v, low), high);
    for (const { said, left, right, top, bottom } of texts) { // but for its sign, in its middle
      const middle = Math.hypot((left + right) / 2 - cx, (top + bottom) / 2 - cy);
      const [x, y] = [held(cx, left + 1, right - 1), held(cy, top + 3, bottom - 3)];
      if (Math.hypot(x - cx, y - cy) < 24 && middle > 4) found.push([said, "a circle"]);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_lies_on_anything(visit, width):
    its = at_figure(visit, "en", *FIGURE, viewport={"width": width, "height": 844})
    for x1, x2 in ((1.5, 0.8), (-2.95, -2.95), (-0.01, -2.75)):
        for step in (0, 4, 7):  # held at the last
            its.page.evaluate(f"location.hash = '{FIGURE[1]}?x1={x1}&x2={x2}&step={step}'")
            settled(its.page)
            assert its.evaluate(APART) == [], (x1, x2, step)


def test_each_sign_is_a_circle_to_press_and_an_input_is_given(visit):
    its = at_figure(visit, "zh", *FIGURE, "?step=3")
    circles = its.locator(".instrument-plot circle[r='24']")
    assert circles.count() == 5
    x1 = circles.first.bounding_box()
    its.page.mouse.click(x1["x"] + x1["width"] / 2, x1["y"] + x1["height"] / 2)
    assert says(its) == "x₁ 是给定的，沿旁边的短线拖动它。"


def test_an_input_is_dragged_and_everything_follows(visit):
    its = at_figure(visit, "zh", *FIGURE, "?step=6")
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
        its = at_figure(visit, "en", *FIGURE, f"?x1={x1}&x2={x2}&step=6")
        last = re.search(r"∂f/∂x₂ = ([−\d.×⁻¹⁰¹²³⁴⁵⁶⁷⁸⁹]+)\.$", says(its))[1]
        assert last == "0" or "10⁻" in last
        assert abs(value_and_grad(f)([float(f"{x1:.6g}"), x2])[1][1]) < 1e-5
