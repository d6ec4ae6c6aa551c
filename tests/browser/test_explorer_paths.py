"""The explorer's paths show every step, and where and when a descent left the picture."""

import json
import re

import numpy as np
import pytest

from gdcore import GradientDescent, Momentum, descend, himmelblau, parabola, valley
from gdcore.curvature import example
from gdcore.optimizers import OPTIMIZERS
from tests.browser.test_explorer import PAGE, WIDE, go_to, settled
from tests.support.tiers import few

FAST = {
    "test_every_step_has_a_dot[7]",
}

# Descents that leave by one edge or another, some to come back, and two in one dimension.
LEAVING = [
    (himmelblau, GradientDescent(0.03), (4, 4)),
    (himmelblau, GradientDescent(0.1), (-0.4, -0.65)),
    (himmelblau, Momentum(0.02, 0.9), (0, -3)),
    (valley, GradientDescent(0.52), (-1.8, 0.9)),
    (valley, GradientDescent(0.52), (1.8, -0.9)),
    (valley, Momentum(0.9, 0.9), (-1.8, 0.9)),
    (parabola, GradientDescent(1.05), (-1.8,)),
    (parabola, GradientDescent(9), (2.5,)),
]


SIZE = "svg => [svg.clientWidth, svg.clientHeight]"


@pytest.fixture
def show(visit):
    """Open the explorer on a descent, at a step."""

    def open_page(objective, optimizer, start, k, steps=40, lang="en", **settings):
        runner, numbers = (
            ("momentum", (optimizer.learning_rate, optimizer.beta))
            if isinstance(optimizer, Momentum)
            else ("gradient_descent", (optimizer.learning_rate,))
        )
        query = f"objective={objective.name}&start={','.join(map(str, start))}"
        query += f"&steps={steps}&k={k}&{runner}={','.join(map(str, numbers))}"
        tab = visit(f"{lang}/{PAGE}#fig-explorer?{query}", **{"viewport": WIDE, **settings})
        tab.locator(".explorer-row:not([hidden])").first.wait_for()
        settled(tab)
        return tab

    return open_page


def place(tab, points, objective=himmelblau):
    """Where points lie on the drawing, and the corners of its picture as it is without a zoom."""
    over = tab.locator(".explorer-over")
    x0, x1, y0, y1 = json.loads(over.get_attribute("data-view"))
    width, height = over.evaluate("svg => [svg.clientWidth, svg.clientHeight]")

    def spots(points):
        points = np.asarray(points, dtype=float)
        across = (points[..., 0] - x0) / (x1 - x0) * width
        return np.stack([across, (y1 - points[..., 1]) / (y1 - y0) * height], axis=-1)

    limits, _, _ = example(objective)
    if objective.dim == 1:
        f = objective.value(np.linspace(*limits[0], 401)[np.newaxis])
        limits = [*limits, (f.min() - 0.05 * np.ptp(f), f.max() + 0.05 * np.ptp(f))]
    (left, right), (low, high) = limits
    return spots(points), spots([(left, high), (right, low)])


def left_at(objective, run):
    """The first step of gdcore's descent that lies outside the picture."""
    low, high = np.array(example(objective)[0]).T
    outside = ((run.x < low) | (run.x > high)).any(axis=1)
    return int(outside.argmax()) if outside.any() else None


def on_drawing(run):
    return run.x if run.x.shape[1] == 2 else np.stack([run.x[:, 0], run.f], axis=1)


@pytest.mark.parametrize(("objective", "optimizer", "start"), few(LEAVING, *LEAVING[1::2]))
def test_the_edge_says_when_a_path_left(show, objective, optimizer, start):
    tab = show(objective, optimizer, start, 40)
    run = descend(objective, optimizer, start, max_steps=40, grad_tol=1e-9)
    k = left_at(objective, run)
    assert tab.locator(".explorer-exits text").all_text_contents() == [f"k = {k}"]

    # The arrow's tip is where the last segment crosses the edge; it points out along it.
    d = tab.locator(".explorer-exits path").get_attribute("d")
    tip, *feet = np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", d), dtype=float)
    (a, b), (low, high) = place(tab, on_drawing(run)[k - 1 : k + 1], objective)
    fractions = [edge for edge in np.concatenate([(low - a) / (b - a), (high - a) / (b - a)])]
    crossing = a + min(t for t in fractions if t > 0) * (b - a)
    assert np.allclose(tip, crossing, atol=0.1)
    out = tip - np.mean(feet, axis=0)
    assert out @ (b - a) / np.linalg.norm(out) / np.linalg.norm(b - a) > 0.999

    go_to(tab, k - 1)
    assert tab.locator(".explorer-exits > *").count() == 0
    go_to(tab, k)
    assert tab.locator(".explorer-exits text").count() == 1


def test_a_path_that_stays_has_no_arrow(show):
    tab = show(himmelblau, GradientDescent(0.01), (-0.4, -0.65), 40)
    assert tab.locator(".explorer-exits > *").count() == 0


@pytest.mark.parametrize(("objective", "optimizer", "start"), few(LEAVING, *LEAVING[::2]))
def test_the_path_within_the_picture_is_that_of_gdcore(show, objective, optimizer, start):
    """Every point of it lies on a segment of gdcore's path, and every segment inside is there."""
    tab = show(objective, optimizer, start, 40)
    run = descend(objective, optimizer, start, max_steps=40, grad_tol=1e-9)
    spots, _ = place(tab, on_drawing(run), objective)
    low, high = np.zeros(2), np.array(tab.locator(".explorer-over").evaluate(SIZE))
    runner = "green" if isinstance(optimizer, Momentum) else "orange"
    way = tab.locator(f'.explorer-over path[stroke="var(--figure-{runner})"]').get_attribute("d")
    drawn = np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", way), dtype=float)
    assert (drawn >= low - 0.1).all() and (drawn <= high + 0.1).all()
    a, b = spots[:-1], spots[1:]
    along = (b - a) / np.linalg.norm(b - a, axis=1, keepdims=True)
    for point in drawn:
        reach = np.clip(((point - a) * along).sum(axis=1), 0, np.linalg.norm(b - a, axis=1))
        assert np.linalg.norm(a + along * reach[:, np.newaxis] - point, axis=1).min() < 0.2
    inside = ((spots >= low) & (spots <= high)).all(axis=1)
    for point in spots[inside]:
        assert np.linalg.norm(drawn - point, axis=1).min() < 0.1


def dots(tab, color="orange"):
    path = tab.locator(f'.explorer-dots[style*="{color}"]')
    found = re.findall(r"M(-?[\d.]+) (-?[\d.]+)h0", path.get_attribute("d"))
    return np.array(found, dtype=float).reshape(-1, 2)


@pytest.mark.parametrize("k", [0, 1, 7, 40])
def test_every_step_has_a_dot(show, k):
    tab = show(himmelblau, GradientDescent(0.01), (-0.4, -0.65), k)
    run = descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), max_steps=40, grad_tol=1e-9)
    shown = dots(tab)
    last = min(k, len(run.x) - 1)
    assert len(shown) == last
    spots, _ = place(tab, run.x[1 : last + 1])
    assert np.allclose(shown, spots.reshape(-1, 2), atol=0.06)


def test_a_dot_in_one_dimension_is_on_the_curve(show):
    tab = show(parabola, GradientDescent(0.9), (-1.8,), 12)
    run = descend(parabola, GradientDescent(0.9), -1.8, max_steps=40)
    spots, _ = place(tab, on_drawing(run)[1:13], parabola)
    assert np.allclose(dots(tab), spots, atol=0.06)


def test_a_thousand_steps_are_one_path_and_each_has_a_dot_within_a_pixel(show):
    tab = show(himmelblau, Momentum(0.00001, 0.9), (-0.4, -0.65), 1000, steps=1000)
    shown = dots(tab, "green")
    run = descend(himmelblau, Momentum(0.00001, 0.9), (-0.4, -0.65), max_steps=1000)
    spots, _ = place(tab, run.x[1:])
    assert len(shown) < 1000
    for spot in spots.reshape(-1, 2):
        assert np.abs(shown - spot).max(axis=1).min() <= 1.06
    assert tab.locator(".explorer-dots").count() == len(OPTIMIZERS) + 1  # and the reader's own
    assert tab.locator(".explorer-over *").count() < 100


def test_the_step_at_hand_has_a_larger_dot(show):
    tab = show(himmelblau, GradientDescent(0.01), (-0.4, -0.65), 7)
    dot = tab.locator('.explorer-dot[fill*="orange"]')
    assert np.allclose([float(dot.get_attribute(c)) for c in ("cx", "cy")], dots(tab)[-1], atol=0.1)
    style = "getComputedStyle(e)"
    width = tab.locator(".explorer-dots").first.evaluate(f"e => parseFloat({style}.strokeWidth)")
    assert width == 5 and 2 * float(dot.get_attribute("r")) > width
    assert tab.locator(".explorer-dots").first.evaluate(f"e => {style}.strokeLinecap") == "round"


RATIO = """e => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (color) => {
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b] = Array.from(pen.getImageData(0, 0, 1, 1).data, (c) =>
      c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(e);
  const [a, b] = [light(style.fill), light(style.stroke)].sort((p, q) => q - p);
  return (a + 0.05) / (b + 0.05);
}"""


@pytest.mark.parametrize(
    ("width", "scheme"),
    few(
        [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")],
        (360, "dark"),
        (1280, "light"),
    ),
)
def test_the_words_at_the_edge_can_be_read(show, scheme, width):
    """At least 12 px high, 4.5 times as light or dark as their ground (WCAG 1.4.3), apart."""
    tab = show(
        himmelblau,
        GradientDescent(0.1),
        (-0.4, -0.65),
        40,
        lang="zh",
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )
    tab.evaluate(
        """() => { location.hash += "&momentum=0.1,0.9&nesterov=0.05,0.9&adagrad=9,1e-8" +
          "&rmsprop=9,0.9,1e-8&adam=9,0.9,0.999,1e-8"; }"""
    )
    settled(tab)
    words = tab.locator(".explorer-exits text")
    assert words.count() == 6
    scale = 1
    for word in words.all():
        size = word.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        assert size * scale >= 12
        assert word.evaluate(RATIO) >= 4.5
    edges = tab.locator(".explorer-plot").bounding_box()
    boxes = [word.bounding_box() for word in words.all()]
    for i, box in enumerate(boxes):
        assert edges["x"] <= box["x"] and box["x"] + box["width"] <= edges["x"] + edges["width"]
        for other in boxes[:i]:
            across = abs(box["x"] - other["x"]) >= (box["width"] + other["width"]) / 2
            down = abs(box["y"] - other["y"]) >= size * scale
            assert across or down, (box, other)
