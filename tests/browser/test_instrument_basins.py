"""The live map of basins: its graphics and its slices against gdcore, and what hands do to it.

gdcore's `sweep` says where each start ends. The map has single precision: it may differ only beside
a border, and there are wide borders where basins are dust.
"""

import json
import re

import numpy as np
import pytest

from gdcore import OBJECTIVES, GradientDescent, descend, himmelblau, sweep
from tests.support.instruments import at_figure, settled
from tests.support.scripts import engine

FIGURE = "fig-basins-live"
SIDE, STEPS, TOL = 96, 400, 0.01
SQUARES = {"himmelblau": 6.5, "six_hump_camel": 2.2, "styblinski_tang": 5}
CASES = [
    ("himmelblau", 0.0015),
    ("himmelblau", 0.0145),
    ("himmelblau", 0.0235),
    ("himmelblau", 0.03),
    ("six_hump_camel", 0.005),
    ("six_hump_camel", 0.06),
    ("styblinski_tang", 0.01),
    ("styblinski_tang", 0.055),
]
MAP = """async ([name, rate, half, side, steps, tol]) => {
  const setting = { objective: book.gdcore.OBJECTIVES[name], parameters: [rate], side, steps, tol,
    optimizer: book.gdcore.OPTIMIZERS.gradient_descent, limits: [[-half, half], [-half, half]] };
  return [...await book.glsl()(setting, () => true)];
}"""


def centers(half):
    axis = -half + (np.arange(SIDE) + 0.5) / SIDE * 2 * half
    return np.array(np.meshgrid(axis, axis))


def by_gdcore(name, rate):
    """The number of the minimizer that each start reaches; -1 where it reaches none."""
    objective = OBJECTIVES[name]
    starts = centers(SQUARES[name]).reshape(2, -1)
    swept = sweep(objective, GradientDescent, starts, [rate], max_steps=STEPS, grad_tol=TOL)
    minimizers = np.array(objective.minimizers + objective.local_minimizers)
    gaps = np.hypot(*(swept.x - minimizers.T[..., np.newaxis]))
    arrived = (swept.status[0] == "converged") & (gaps.min(axis=0) <= 0.1)
    return np.where(arrived, gaps.argmin(axis=0), -1).reshape(SIDE, SIDE)


def away_from_borders(ends):
    """Whether a cell and its eight neighbors end alike."""
    wide = np.pad(ends, 1, mode="edge")
    shifts = [wide[i : i + SIDE, j : j + SIDE] for i in range(3) for j in range(3)]
    return np.all([shift == ends for shift in shifts], axis=0)


@pytest.fixture(scope="module")
def by_graphics(tabs, html):
    """Maps of the reader's graphics, all from one page."""
    tab = tabs.take({})
    tab.goto((html / "en/chapters/basins.html").as_uri() + f"#{FIGURE}")
    tab.wait_for_function("document.querySelector('.live')")
    yield lambda name, rate: np.array(
        tab.evaluate(MAP, [name, rate, SQUARES[name], SIDE, STEPS, TOL])
    ).reshape(SIDE, SIDE)
    tabs.give_back(tab, {})


@pytest.mark.parametrize(("name", "rate"), CASES)
def test_the_graphics_agree_with_gdcore_away_from_the_borders(by_graphics, name, rate):
    found, ours = by_graphics(name, rate), by_gdcore(name, rate)
    inside = away_from_borders(ours)
    assert inside.mean() > 0.3
    assert (np.maximum(found, -1) == ours)[inside].mean() >= 0.995


@pytest.mark.parametrize(("name", "rate"), CASES)
def test_the_graphics_tell_the_same_ends_as_double_precision(by_graphics, name, rate):
    half = SQUARES[name]
    context = engine("descend", "outcomes")
    context.eval("const { OBJECTIVES, OPTIMIZERS } = book.gdcore;")
    work = f"""book.outcomes.basins({{ objective: OBJECTIVES.{name}, parameters: [{rate}],
      optimizer: OPTIMIZERS.gradient_descent, side: {SIDE}, steps: {STEPS}, tol: {TOL},
      limits: [[-{half}, {half}], [-{half}, {half}]] }})"""
    ends = context.eval(f"""(() => {{ const work = {work}; let next; do next = work.next();
      while (!next.done); return JSON.stringify([...next.value]); }})()""")
    ours = np.array(json.loads(ends)).reshape(SIDE, SIDE)
    inside = away_from_borders(ours)
    assert (by_graphics(name, rate) == ours)[inside].mean() >= 0.995


def worked(figure):
    """When the map is finished."""
    settled(figure.page)
    figure.page.wait_for_function("document.querySelectorAll('.working').length === 0")


def said(figure):
    return figure.locator(".instrument-says").inner_text().replace("−", "-")


@pytest.mark.parametrize(
    ("eta", "x", "y"), [(0.0015, -4.5, 5.5), (0.01, 0.2, -3), (0.0235, 3.3, -1.5), (0.036, 6, 6)]
)
def test_the_way_drawn_is_the_descent_of_gdcore(visit, eta, x, y):
    its = at_figure(visit, "en", "basins", FIGURE, f"?eta={eta}&x={x}&y={y}")
    with np.errstate(all="ignore"):
        ours = descend(himmelblau, GradientDescent(eta), (x, y), max_steps=STEPS, grad_tol=TOL)
    steps = int(ours.steps)
    assert f"after {steps} steps" in said(its)
    words = {"converged": "reached", "diverged": "diverged", "max_steps": "bouncing"}
    assert words[str(ours.status)] in said(its)
    edge = its.locator(".edge").evaluate(
        "e => ['x', 'y', 'width', 'height'].map((n) => Number(e.getAttribute(n)))"
    )
    way = its.locator(".instrument-plot path[stroke-width='1']").get_attribute("d")
    drawn = np.array(re.findall(r"[ML](\S+) ([^ML]+)", way), dtype=float)
    place = np.array([edge[0], edge[1] + edge[3]]) + (ours.x[: steps + 1] + 6.5) / 13 * [
        edge[2],
        -edge[3],
    ]
    seen = np.abs(place).max(axis=1) < 1e5
    assert drawn.shape == place.shape
    assert np.abs(drawn - place)[seen].max() < 0.06


def test_the_borders_crumble_as_the_rate_turns(visit):
    its = at_figure(visit, "en", "basins", FIGURE)
    shares = []
    for eta in (0.0015, 0.0145, 0.0235):
        slider = its.locator(".instrument-slider input")
        slider.fill(str(eta))
        its.page.wait_for_function(
            "(eta) => document.querySelector('.instrument-says').textContent.includes(eta)",
            arg=str(eta),
        )
        worked(its)
        text = its.locator(".instrument-legend > p").last.inner_text()
        shares.append(float(re.search(r"([\d.]+)%", text)[1]))
    assert shares[0] < 2 < shares[1] < shares[2] and shares[2] > 8


def test_a_press_chooses_a_spot_the_wheel_looks_closer_and_a_drag_moves(visit):
    its = at_figure(visit, "en", "basins", FIGURE)
    tab = its.page
    edge = its.locator(".edge")
    edge.scroll_into_view_if_needed()
    box = edge.bounding_box()

    def spot(x, y):
        return box["x"] + (x + 6.5) / 13 * box["width"], box["y"] + (6.5 - y) / 13 * box["height"]

    def ticks():
        texts = its.locator(".instrument-plot text[text-anchor='middle']").all_inner_texts()
        return [float(t.replace("−", "-")) for t in texts if re.fullmatch(r"−?[\d.]+", t)]

    place = tab.evaluate("scrollY")
    tab.mouse.move(*spot(-4, -2))
    settled(tab)
    assert "From (-4, -2)" in said(its) or "From (-4.0" in said(its) or "From (-3.9" in said(its)
    tab.mouse.click(*spot(-4, -2))
    for _ in range(5):
        tab.mouse.wheel(0, -100)
    tab.wait_for_function("location.hash.includes('width=')")
    tab.wait_for_function("Number(/width=([\\d.]+)/.exec(location.hash)[1]) < 4")
    assert tab.evaluate("scrollY") == place
    settled(tab)
    assert min(ticks()) < -4 < max(ticks()) < 0  # what was under the hand stays there
    before = ticks()
    tab.mouse.down()
    tab.mouse.move(*spot(-2, -2), steps=4)
    tab.mouse.up()
    settled(tab)
    assert np.mean(ticks()) < np.mean(before)
    tab.keyboard.press("-")
    settled(tab)
    wide = np.ptp(ticks())
    tab.keyboard.press("+")
    settled(tab)
    assert np.ptp(ticks()) < wide
    worked(its)


def test_where_graphics_cannot_the_map_is_coarse_and_of_double_precision(visit):
    tab = visit("en/chapters/basins.html")  # at its top: the figure is not alive yet
    assert not tab.locator(f"#{FIGURE}.live").count()
    tab.evaluate(
        """() => {
          const own = HTMLCanvasElement.prototype.getContext;
          HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
            return kind === "webgl2" ? null : own.call(this, kind, ...more);
          };
        }"""
    )
    tab.locator(f"#{FIGURE}").scroll_into_view_if_needed()
    tab.wait_for_function(f"document.querySelector('#{FIGURE}.live')")
    its = tab.locator(f"#{FIGURE}")
    worked(its)
    legend = its.locator(".instrument-legend").inner_text()
    assert "120 × 120" in legend and "double precision" in legend
    shares = {
        int(item.get_attribute("data-end")): float(item.inner_text().split()[-1].rstrip("%"))
        for item in its.locator("li").all()
    }
    assert all(23 < shares[end] < 27 for end in range(4))
    assert sum(shares.values()) == pytest.approx(100, abs=0.5)
