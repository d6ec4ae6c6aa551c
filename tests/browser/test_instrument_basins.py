"""The live map of basins: its graphics and its slices against gdcore, and what hands do to it.

gdcore's `sweep` says where each start ends. The map has single precision: it may differ only beside
a border, and there are wide borders where basins are dust.
"""

import json
import re
from urllib.parse import parse_qsl

import numpy as np
import pytest

from gdcore import GradientDescent, descend, himmelblau, sweep
from tests.support.instruments import at_figure, settled
from tests.support.scripts import engine

FAST = {
    "test_a_press_chooses_a_spot_ctrl_and_the_wheel_look_closer_and_a_drag_moves",
}

FIGURE = "fig-basins-live"
SIDE, STEPS, TOL = 96, 400, 0.01
HALF = 6.5
RATES = pytest.mark.parametrize("rate", [0.0015, 0.0145, 0.0235, 0.03])
MAP = """async ([rate, half, side, steps, tol]) => {
  const setting = { objective: book.gdcore.OBJECTIVES.himmelblau, parameters: [rate],
    optimizer: book.gdcore.OPTIMIZERS.gradient_descent, side, steps, tol,
    limits: [[-half, half], [-half, half]] };
  return [...await book.glsl()(setting, () => true)];
}"""


def by_gdcore(rate):
    """The number of the minimizer that each start reaches; -1 where it reaches none."""
    axis = -HALF + (np.arange(SIDE) + 0.5) / SIDE * 2 * HALF
    starts = np.array(np.meshgrid(axis, axis)).reshape(2, -1)
    swept = sweep(himmelblau, GradientDescent, starts, [rate], max_steps=STEPS, grad_tol=TOL)
    minimizers = np.array(himmelblau.minimizers)
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
    yield lambda rate: np.array(tab.evaluate(MAP, [rate, HALF, SIDE, STEPS, TOL])).reshape(
        SIDE, SIDE
    )
    tabs.give_back(tab, {})


@RATES
def test_the_graphics_agree_with_gdcore_away_from_the_borders(by_graphics, rate):
    found, ours = by_graphics(rate), by_gdcore(rate)
    inside = away_from_borders(ours)
    assert inside.mean() > 0.3
    assert (np.maximum(found, -1) == ours)[inside].mean() >= 0.995


@RATES
def test_the_graphics_tell_the_same_ends_as_double_precision(by_graphics, rate):
    context = engine("descend", "outcomes")
    context.eval("const { OBJECTIVES, OPTIMIZERS } = book.gdcore;")
    work = f"""book.outcomes.basins({{ objective: OBJECTIVES.himmelblau, parameters: [{rate}],
      optimizer: OPTIMIZERS.gradient_descent, side: {SIDE}, steps: {STEPS}, tol: {TOL},
      limits: [[-{HALF}, {HALF}], [-{HALF}, {HALF}]] }})"""
    ends = context.eval(f"""(() => {{ const work = {work}; let next; do next = work.next();
      while (!next.done); return JSON.stringify([...next.value]); }})()""")
    ours = np.array(json.loads(ends)).reshape(SIDE, SIDE)
    inside = away_from_borders(ours)
    assert (by_graphics(rate) == ours)[inside].mean() >= 0.995


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


def spots(its):
    """Where on the page a point of the whole square is."""
    its.locator(".instrument-plot svg").scroll_into_view_if_needed()
    box = its.locator(".edge").bounding_box()

    def spot(x, y):
        return box["x"] + (x + 6.5) / 13 * box["width"], box["y"] + (6.5 - y) / 13 * box["height"]

    return spot


def view(tab, before=None):
    """The middle and the width in view, once the address says another."""
    tab.wait_for_function(
        "(before) => location.hash.includes('width=') && location.hash !== before", arg=before
    )
    query = dict(parse_qsl(tab.url.partition("?")[2]))
    return [float(query[name]) for name in ("u", "v", "width")]


def test_a_press_chooses_a_spot_ctrl_and_the_wheel_look_closer_and_a_drag_moves(visit):
    its = at_figure(visit, "en", "basins", FIGURE)
    tab = its.page
    worked(its)
    spot = spots(its)

    def address():
        return tab.evaluate("location.hash")

    place = tab.evaluate("scrollY")
    tab.mouse.click(*spot(-4, -2))
    assert view(tab) == [0, 0, 13]
    spoken = [float(n) for n in re.findall(r"-?[\d.]+(?=[,)])", said(its))[:2]]
    assert spoken == pytest.approx([-4, -2], abs=0.05)
    before = address()
    tab.keyboard.down("Control")
    tab.mouse.wheel(0, -40)
    tab.mouse.wheel(0, -40)
    tab.keyboard.up("Control")
    u, v, width = view(tab, before)
    assert width == pytest.approx(13 * np.exp(-1), rel=1e-5)
    # What is under the hand stays there.
    ratio = width / 13
    assert [u, v] == pytest.approx([-4 * (1 - ratio), -2 * (1 - ratio)], abs=0.05)
    before = address()
    tab.mouse.move(*spot(2, 3))
    tab.mouse.down()
    tab.mouse.move(*spot(1, 2), steps=4)
    tab.mouse.up()
    moved = view(tab, before)
    assert moved == pytest.approx([u + ratio, v + ratio, width], abs=0.02)
    before = address()
    tab.keyboard.press("-")
    assert view(tab, before)[2] == pytest.approx(1.5 * width, rel=1e-5)
    assert tab.evaluate("scrollY") == place
    worked(its)


def test_the_wheel_alone_scrolls_the_page_even_over_a_map_in_use_and_one_is_told(visit):
    its = at_figure(visit, "en", "basins", FIGURE)
    tab = its.page
    worked(its)
    tab.mouse.click(*spots(its)(-4, -2))
    assert view(tab) == [0, 0, 13]
    place = tab.evaluate("scrollY")
    tab.mouse.wheel(0, 120)
    tab.wait_for_function("(place) => scrollY >= place + 100", arg=place)
    assert its.locator("text", has_text="Ctrl + wheel").is_visible()
    tab.mouse.wheel(0, -120)
    tab.wait_for_function("(place) => scrollY <= place", arg=place)
    tab.mouse.click(*spots(its)(-4, -3))
    settled(tab)
    assert "width=13&" in tab.evaluate("location.hash")


@pytest.mark.parametrize("upright", [False, True])
def test_two_fingers_look_closer_and_what_is_between_them_stays(visit, upright):
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    its = at_figure(visit, "zh", "basins", FIGURE, **phone)
    tab = its.page
    middle, place = spots(its)(-2, 1), tab.evaluate("scrollY")
    session = tab.context.new_cdp_session(tab)

    def touch(kind, *apart):
        ways = [(0, d) if upright else (d, 0) for d in apart]
        points = [
            {"x": middle[0] + a, "y": middle[1] + b, "id": i} for i, (a, b) in enumerate(ways)
        ]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", -20)
    touch("touchStart", -20, 20)
    for apart in (30, 40, 50, 60):
        touch("touchMove", -apart, apart)
    touch("touchEnd")
    u, v, width = view(tab)
    assert width == pytest.approx(13 / 3, rel=0.01)
    assert [u, v] == pytest.approx([-2 * 2 / 3, 1 * 2 / 3], abs=0.05)
    assert tab.evaluate("[scrollY, visualViewport.scale]") == [place, 1]


def test_no_share_is_shown_that_is_not_true_yet_and_the_plot_stays_where_it_is(visit):
    its = at_figure(visit, "en", "basins", FIGURE)
    worked(its)
    its.evaluate(
        """(figure) => {
          const legend = figure.querySelector(".instrument-legend");
          const edge = figure.querySelector(".edge");
          window.shown = [];
          const note = () => shown.push([
            legend.textContent.match(/[\\d.]+%/g) ?? [],
            Object.values(edge.getBoundingClientRect().toJSON()).slice(0, 4).join()]);
          note();
          new MutationObserver(note).observe(legend, { childList: true, subtree: true });
        }"""
    )
    its.locator(".instrument-slider input").fill("0.0235")
    its.page.wait_for_function("document.querySelector('.working')")
    worked(its)
    # The status counts up in whole percent; shares have a decimal.
    shares, places = zip(*its.page.evaluate("shown"), strict=True)
    shares = [tuple(share for share in some if "." in share) for some in shares]
    assert len(shares) > 3 and len(shares[0]) == len(shares[-1]) == 9
    assert set(shares) == {shares[0], (), shares[-1]} and shares[0] != shares[-1]
    assert len(set(places)) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_plus_and_minus_stand_side_by_side_on_a_phone(visit, lang):
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    its = at_figure(visit, lang, "basins", FIGURE, **phone)
    plus, minus = (its.get_by_text(sign, exact=True).bounding_box() for sign in "+−")
    assert plus["y"] == minus["y"] and 0 < minus["x"] - plus["x"] - plus["width"] < 24


def test_where_graphics_cannot_the_map_is_coarse_and_of_double_precision(visit):
    own = {"viewport": {"width": 1281, "height": 720}}  # a tab that no other test gets
    tab = visit("en/index.html", **own)
    tab.add_init_script(
        """const own = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
          return kind === "webgl2" ? null : own.call(this, kind, ...more);
        };"""
    )
    tab.goto(tab.url.replace("index.html", f"chapters/basins.html#{FIGURE}"))
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
