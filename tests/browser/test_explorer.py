"""What a reader does with the explorer, in a real browser: by mouse, by keyboard, by touch."""

import gzip
import json
import re
from itertools import combinations

import numpy as np
import pytest
from playwright.sync_api import expect

from gdcore import OBJECTIVES, GradientDescent, Momentum, descend, himmelblau, parabola
from gdcore.optimizers import OPTIMIZERS
from tests.support.book import LANGUAGES, at_rest
from tests.support.numbers import read
from tests.support.tiers import few

FAST = {
    "test_it_opens_at_the_start_and_gives_no_answer",
    "test_its_descents_are_those_of_gdcore",
    "test_a_drag_moves_the_start",
    "test_on_a_phone_every_target_is_44_pixels_high",
    "test_without_a_script_there_is_a_figure[zh]",
}

PAGE = "explorer.html"
PRESET = (-0.4, -0.65)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def explore(visit):
    """Open the explorer, in English, at an address, and bring it into view with its drawer open."""

    def open_page(query="", lang="en", drawer=True, **settings):
        address = f"#fig-explorer?{query}" if query else ""
        tab = visit(f"{lang}/{PAGE}{address}", **{"viewport": WIDE, **settings})
        ready(tab)
        if drawer:
            tab.locator(".explorer-drawer").evaluate("drawer => (drawer.open = true)")
            settled(tab)
        return tab

    return open_page


def ready(tab):
    """Wait until the explorer is alive: its scripts come as the reader nears it."""
    for _ in range(2):
        tab.locator(".explorer").evaluate("e => e.scrollIntoView()")
        tab.locator(".explorer-row:not([hidden])").first.wait_for()
    settled(tab)


def settled(tab):
    """Wait until what was asked for is drawn."""
    at_rest(tab)


def numbers(tab, row=0):
    """The numbers in a row of the live table, and the word at its end."""
    cells = tab.locator(".explorer tbody tr").nth(row).locator("td").all_text_contents()
    return [read(cell) for cell in cells[:-1]], cells[-1]


def word_of(tab, name="gradient_descent"):
    """The honest word in the line of a method."""
    return tab.locator(f'.explorer-row:has([value="{name}"]) em').text_content()


def start(tab):
    boxes = tab.get_by_role("spinbutton", name=re.compile("^Start x"))
    return [float(boxes.nth(i).input_value()) for i in range(2)]


def write_in(tab, name, value):
    box = tab.get_by_role("spinbutton", name=name, exact=True)
    box.fill(str(value))
    box.press("Enter")
    settled(tab)


def slide(tab, runner, rate):
    """Set a learning rate, and look at its method."""
    write_in(tab, f"η of {runner}", f"{rate:.3g}")


def rate_of(tab):
    """The learning rate of the method that is looked at."""
    return read(tab.locator(".explorer-chart.sweep").get_attribute("aria-valuetext"))


def go_to(tab, k):
    tab.mouse.move(0, 0)  # where no step is looked at
    scrub = tab.get_by_role("slider", name="Step", exact=True)
    scrub.evaluate(
        """(scrub, k) => { scrub.value = k; scrub.dispatchEvent(new Event("input")); }""", k
    )
    settled(tab)


def step_of(tab):
    return int(tab.locator(".explorer-player input").input_value())


def spot(tab, x, y):
    """Where a point of the plane lies in the window."""
    over = tab.locator(".explorer-over")
    box = over.bounding_box()
    x0, x1, y0, y1 = json.loads(over.get_attribute("data-view"))
    return (
        box["x"] + (x - x0) / (x1 - x0) * box["width"],
        box["y"] + (y1 - y) / (y1 - y0) * box["height"],
    )


def drag(tab, a, b):
    tab.mouse.move(*a)
    tab.mouse.down()
    tab.mouse.move(*(np.add(a, b) / 2), steps=2)
    tab.mouse.move(*b, steps=2)
    settled(tab)


def middle(tab, selector):
    box = tab.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def assert_shows(tab, run, k, row=0):
    """The table shows a descent of gdcore at a step."""
    shown, _ = numbers(tab, row)
    k = min(k, len(run.x) - 1)
    x = run.x[k]
    expected = [*x, *run.objective.grad(x), run.f[k]]
    assert np.allclose(shown, expected, rtol=5.1e-4, atol=1e-12)


# How it opens


def test_it_opens_at_the_start_and_gives_no_answer(explore):
    tab = explore()
    assert step_of(tab) == 0
    assert [word_of(tab, name) for name in ("gradient_descent", "momentum", "adam")] == [
        "at the start"
    ] * 3
    assert not tab.locator(".explorer-dots").evaluate_all(
        "all => all.map(one => one.getAttribute('d')).join('')"
    )


def test_its_descents_are_those_of_gdcore(explore):
    tab = explore()
    go_to(tab, 100)
    runs = [GradientDescent(0.01), Momentum(0.002, 0.9)]
    for row, optimizer in enumerate(runs):
        run = descend(himmelblau, optimizer, PRESET, max_steps=100, grad_tol=1e-9)
        assert_shows(tab, run, 100, row)


@pytest.mark.parametrize(("objective", "names"), [("himmelblau", "x₁x₂"), ("parabola", "xf")])
def test_axes_have_names_and_the_knob_at_the_start_hides_no_number(explore, objective, names):
    tab = explore(f"objective={objective}&k=0", drawer=False)
    assert names in "".join(tab.locator(".explorer-ticks text").all_text_contents())
    hidden = tab.locator(".explorer-chart:has(.explorer-knob)").evaluate_all(
        """(charts) => charts.flatMap((chart) => {
          const knob = chart.querySelector(".explorer-knob").getBoundingClientRect();
          return [...chart.querySelectorAll("text")].filter((text) => {
            const { left, right, top, bottom } = text.getBoundingClientRect();
            return text.textContent && right > knob.left && left < knob.right
              && bottom - 3 > knob.top && top + 3 < knob.bottom;
          }).map((text) => text.textContent);
        })"""
    )
    assert hidden == []


def test_on_a_desk_it_is_at_most_976_wide_and_720_tall(explore):
    """Its caption included, with all methods shown."""
    every = "&".join(f"{name}=0.01" for name in OPTIMIZERS)
    for query in ("", f"objective=himmelblau&{every}&k=9"):
        tab = explore(query, drawer=False)
        box = tab.locator(".explorer-figure").bounding_box()
        assert box["width"] <= 976 and box["height"] <= 720
        plot = tab.locator(".explorer-plot").bounding_box()
        assert abs(plot["width"] - 600) <= 1
        side = tab.locator(".explorer-side").bounding_box()
        assert side["x"] >= plot["x"] + plot["width"]
        assert side["height"] <= 648
        assert tab.evaluate("document.scrollingElement.scrollWidth") <= 1280


@pytest.mark.parametrize("width", [390, 360])
def test_on_a_phone_the_plot_stays_on_top_in_less_than_half_the_window(explore, width):
    tall = {390: 844, 360: 740}[width]
    tab = explore(viewport={"width": width, "height": tall}, has_touch=True, is_mobile=True)
    stage = tab.locator(".explorer-stage")
    assert stage.bounding_box()["height"] <= 0.45 * tall
    tab.locator(".explorer-rows").scroll_into_view_if_needed()
    settled(tab)
    tab.locator(".explorer-drawer summary").evaluate("e => e.scrollIntoView({ block: 'end' })")
    settled(tab)
    top = tab.locator(".bd-header-article").bounding_box()
    assert abs(stage.bounding_box()["y"] - (top["y"] + top["height"])) < 2  # below the header
    chart = tab.locator(".explorer-chart.sweep").bounding_box()
    assert chart == pytest.approx(stage.bounding_box() | {k: chart[k] for k in ("y", "height")})
    assert not tab.locator(".explorer-chart.loss").is_visible()
    tab.get_by_role("button", name="by step").tap()
    assert tab.locator(".explorer-chart.loss").is_visible()
    assert not tab.locator(".explorer-chart.sweep").is_visible()
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 768])
def test_the_plot_that_stays_on_top_covers_no_line_of_readings(explore, width):
    query = "objective=himmelblau&" + "&".join(f"{name}=0.1" for name in OPTIMIZERS)
    tab = explore(query, viewport={"width": width, "height": 844}, has_touch=True)
    assert tab.locator(".explorer-row:visible").count() == len(OPTIMIZERS)
    covered = tab.evaluate(
        """() => {
          const box = (part) => document.querySelector(part).getBoundingClientRect();
          const covered = [];
          const end = box(".explorer-rows").bottom + scrollY;
          for (let y = 0; y < end; y += 20) {
            scrollTo({ top: y, behavior: "instant" });
            if (box(".explorer-stage").bottom > box(".explorer-rows").top + 1) covered.push(y);
          }
          return covered;
        }"""
    )
    assert covered == []


def test_on_a_phone_every_target_is_44_pixels_high(explore):
    tab = explore(viewport=PHONE, has_touch=True, is_mobile=True)
    small = tab.evaluate(
        """() => [...document.querySelectorAll(
          ".explorer :is(button, select, summary, .explorer-row, input[type=number], .reach)")]
          .filter((e) => e.checkVisibility())
          .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
          .filter(([, { height }]) => height < 43.5).map(([name]) => name)"""
    )
    assert small == []


@pytest.mark.parametrize(("front", "behind", "chart"), [(0, 1, "loss"), (1, 0, "sweep")])
def test_a_chart_behind_its_tab_is_there_when_one_turns_to_it(explore, front, behind, chart):
    tab = explore(viewport=PHONE, has_touch=True, is_mobile=True)
    tabs = tab.locator(".explorer-tabs button")
    tabs.nth(front).click()
    tab.locator(".explorer-handle.start").focus()
    tab.keyboard.press("ArrowRight")  # what has changed is drawn in both
    settled(tab)
    tabs.nth(behind).click()
    settled(tab)
    width, height, drawn = tab.locator(f".explorer-chart.{chart}").evaluate(
        """({ viewBox: { baseVal: { width, height } }, children }) =>
          [width, height, children[0].querySelectorAll("text").length]"""
    )
    assert width > 100 and height > 50 and drawn > 3


# The start


def test_a_drag_moves_the_start(explore):
    tab = explore()
    x, y = middle(tab, ".explorer-handle.start .ring")
    before = start(tab)
    expect(tab.locator(".explorer-drag-me")).to_be_visible()
    drag(tab, (x, y), (x + 40, y - 30))
    tab.mouse.up()
    go_to(tab, 100)
    after = start(tab)
    assert after[0] > before[0] + 0.5 and after[1] > before[1] + 0.4
    run = descend(himmelblau, GradientDescent(0.01), after, max_steps=100, grad_tol=1e-9)
    assert abs(numbers(tab)[0][0] - run.x[-1][0]) < 1e-2
    moved = middle(tab, ".explorer-handle.start .ring")
    assert abs(moved[0] - x - 40) < 2 and abs(moved[1] - y + 30) < 2
    expect(tab.locator(".explorer-drag-me")).to_be_hidden()


def test_a_tap_moves_the_start_on_a_phone(explore):
    tab = explore(viewport=PHONE, has_touch=True, is_mobile=True)
    tab.locator(".explorer-stage").scroll_into_view_if_needed()
    box = tab.locator(".explorer-plot").bounding_box()
    tab.touchscreen.tap(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.3)
    settled(tab)
    x, y = start(tab)
    assert x > 1 and y > 1
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_a_finger_drags_the_start(explore):
    tab = explore(viewport=PHONE, has_touch=True, is_mobile=True)
    tab.locator(".explorer").evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 80)")
    settled(tab)
    x, y = middle(tab, ".explorer-handle.start .ring")
    scrolled = tab.evaluate("scrollY")
    session = tab.context.new_cdp_session(tab)

    def touch(kind, *points):
        points = [{"x": x + across, "y": y + down} for across, down in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (0, 0))
    for part in (0.25, 0.5, 0.75, 1):
        touch("touchMove", (60 * part, -50 * part))
    touch("touchEnd")
    settled(tab)
    after = start(tab)
    assert after[0] > PRESET[0] + 1 and after[1] > PRESET[1] + 1
    assert tab.evaluate("scrollY") == scrolled  # the page stood still under the finger


def test_arrow_keys_move_the_start(explore):
    tab = explore()
    tab.locator(".explorer-handle.start").focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Shift+ArrowUp")
    settled(tab)
    assert np.allclose(start(tab), [PRESET[0] + 0.1, PRESET[1] + 1])
    name = tab.locator(".explorer-handle.start").get_attribute("aria-label")
    assert "−0.3" in name and "0.35" in name


def test_coordinates_can_be_written(explore):
    tab = explore()
    write_in(tab, "Start x₁", 3)
    write_in(tab, "Start x₂", -4)
    shown, _ = numbers(tab)
    assert shown[:2] == [3, -4] and shown[4] == himmelblau([3, -4])


# The learning rate


def first_step(optimizer, x0):
    """The first step of a method of gdcore."""
    x0 = np.array(x0, dtype=float)
    return optimizer.update(himmelblau.grad(x0), optimizer.init(x0), x0)[0]


@pytest.mark.parametrize("name", few(OPTIMIZERS, "gradient_descent", "adam", "lion"))
def test_dragging_the_arrow_of_the_first_step_sets_the_rate(explore, name):
    """So that the step ends where on its line the arrowhead was dragged to."""
    tab = explore(f"objective=himmelblau&start=-1,-1&{name}=0.02")
    optimizer = type(OPTIMIZERS[name])(0.02)
    was = first_step(optimizer, (-1, -1))
    along = was / np.linalg.norm(was)
    grip = middle(tab, ".explorer-handle.tip .ring")
    head = spot(tab, *(np.array([-1.0, -1.0]) + was))
    to = spot(tab, *(np.array([-1.0, -1.0]) + 0.7 * along + 0.2 * np.array([-along[1], along[0]])))
    drag(tab, grip, np.add(to, np.subtract(grip, head)))
    tab.mouse.up()
    settled(tab)
    expected = 0.7 / np.linalg.norm(was) * 0.02  # what lies across its line does not count
    expected = min(expected, 10)  # the largest rate, which Adadelta's short first step asks for
    pixel = 10 / 600 / np.linalg.norm(was) * 0.02
    assert abs(rate_of(tab) - expected) <= 1.5 * pixel + 5e-3 * expected


def test_dragging_the_cursor_of_the_sweep_sets_the_rate(explore):
    tab = explore("objective=parabola&start=2&gradient_descent=0.01")
    chart = tab.locator(".explorer-chart.sweep")
    knob = middle(tab, ".explorer-chart.sweep .explorer-knob")
    box = chart.bounding_box()
    drag(tab, knob, (knob[0] + box["width"] / 6, knob[1] - 40))
    tab.mouse.up()
    settled(tab)
    em = 14
    expected = 0.01 * 10 ** (6 * box["width"] / 6 / (box["width"] - 4.1 * em))
    assert np.isclose(rate_of(tab), expected, rtol=0.04)  # a pixel is 2 percent
    go_to(tab, 3)
    assert np.isclose(numbers(tab)[0][0], 2 * (1 - 2 * rate_of(tab)) ** 3, rtol=1e-3)


@pytest.mark.parametrize("slider", [".explorer-chart.sweep", ".explorer-handle.tip"])
def test_a_rate_is_turned_by_the_keyboard(explore, slider):
    tab = explore()
    assert tab.locator(slider).get_attribute("role") == "slider"
    assert "η of Gradient descent" in tab.locator(slider).get_attribute("aria-label")
    tab.locator(slider).focus()
    tab.keyboard.press("ArrowRight")
    settled(tab)
    assert np.isclose(rate_of(tab), 0.01 * 10**0.01, rtol=5e-3)
    tab.keyboard.press("Shift+ArrowDown")
    settled(tab)
    assert np.isclose(rate_of(tab), 0.01 * 10**-0.09, rtol=1e-2)
    tab.keyboard.press("End")
    settled(tab)
    assert rate_of(tab) == 10


def test_each_optimizer_has_a_rate_of_its_own(explore):
    tab = explore()
    slide(tab, "Momentum", 0.005)
    assert rate_of(tab) == 0.005  # it is looked at
    go_to(tab, 7)
    for row, optimizer in enumerate([GradientDescent(0.01), Momentum(0.005, 0.9)]):
        run = descend(himmelblau, optimizer, PRESET, max_steps=100, grad_tol=1e-9)
        assert_shows(tab, run, 7, row)


def test_other_parameters_can_be_written(explore):
    tab = explore()
    write_in(tab, "β of Momentum", 0.5)
    go_to(tab, 9)
    run = descend(himmelblau, Momentum(0.002, 0.5), PRESET, max_steps=100, grad_tol=1e-9)
    assert_shows(tab, run, 9, 1)


# Methods


def test_a_chip_shows_a_method_and_a_line_looks_at_it(explore):
    tab = explore(drawer=False)
    chip = tab.get_by_role("button", name="RMSProp", exact=True)
    assert chip.get_attribute("aria-pressed") == "false"
    chip.click()
    settled(tab)
    assert chip.get_attribute("aria-pressed") == "true"
    watched = tab.locator(".explorer-row input:checked")
    assert watched.get_attribute("value") == "rmsprop"
    tab.get_by_role("radio", name="Adam").check()
    settled(tab)
    assert tab.locator(".explorer-chart.sweep").get_attribute("aria-label") == (
        "Learning rate η of Adam"
    )
    tab.get_by_role("button", name="Adam", exact=True).click()
    settled(tab)
    assert not tab.locator('.explorer-row:has([value="adam"])').is_visible()
    assert watched.get_attribute("value") != "adam"


def test_every_optimizer_of_gdcore_is_there_told_apart_by_color_and_dash(explore):
    every = "&".join(f"{name}=0.01" for name in OPTIMIZERS)
    tab = explore(f"objective=himmelblau&{every}&k=20")
    assert tab.locator(".explorer tbody tr").count() == len(OPTIMIZERS) == 9
    paths = tab.locator(".explorer-over g[clip-path] path[stroke]").evaluate_all(
        """paths => paths.filter(p => p.getAttribute("d")).map(p =>
          [getComputedStyle(p).stroke, p.getAttribute("stroke-dasharray")])"""
    )
    assert len(paths) == len({tuple(one) for one in paths}) == len({d for _, d in paths}) == 9


def test_noise_follows_its_seed(explore):
    tab = explore("objective=himmelblau&k=30")
    ends = []
    for seed in ("1", "2", "1"):
        write_in(tab, "Gradient noise", 2)
        write_in(tab, "Seed", seed)
        ends.append(numbers(tab)[0])
    assert ends[0] == ends[2] != ends[1]


# Steps


def test_it_steps_forth_and_back(explore):
    tab = explore()
    tab.get_by_role("button", name="Step forward").click()
    tab.get_by_role("button", name="Step forward").click()
    tab.get_by_role("button", name="Step back").click()
    settled(tab)
    run = descend(himmelblau, GradientDescent(0.01), PRESET, max_steps=100)
    assert_shows(tab, run, 1)
    said = re.compile(r"Step 1: Gradient descent: f = .*descending")
    expect(tab.locator(".explorer-spoken")).to_have_text(said)


def test_it_plays(explore):
    tab = explore()
    tab.get_by_role("button", name="Play").click()
    tab.wait_for_function("Number(document.querySelector('.explorer-player input').value) >= 4")
    tab.get_by_role("button", name="Pause").click()
    settled(tab)
    k = step_of(tab)
    assert 4 <= k < 100
    tab.clock.install(time=0)
    tab.clock.pause_at(1)
    tab.clock.run_for(1000)
    assert step_of(tab) == k


def test_under_reduced_motion_it_does_not_play_and_can_be_scrubbed(explore):
    tab = explore(reduced_motion="reduce")
    assert not tab.get_by_role("button", name="Play").is_visible()
    go_to(tab, 12)
    assert word_of(tab) == "descending"


def test_dragging_the_dot_goes_to_the_nearest_step(explore):
    tab = explore("objective=himmelblau&start=-0.4,-0.65&gradient_descent=0.01&k=20")
    run = descend(himmelblau, GradientDescent(0.01), PRESET, max_steps=100)
    for k in (6, 31, 0):
        now = min(step_of(tab), len(run.x) - 1)
        drag(tab, spot(tab, *run.x[now]), np.add(spot(tab, *run.x[k]), (1, 1)))
        tab.mouse.up()
        settled(tab)
        assert np.linalg.norm(run.x[step_of(tab)] - run.x[k]) < 0.04
        if not step_of(tab):
            return


def test_the_loss_curve_is_dragged_to_scrub(explore):
    tab = explore()
    chart = tab.locator(".explorer-chart.loss")
    box = chart.bounding_box()
    em = 14
    left, right = box["x"] + 3.4 * em, box["x"] + box["width"] - 0.7 * em
    for part in (0.25, 0.5):
        y = box["y"] + box["height"] / 2
        drag(tab, (left, y), (left + part * (right - left), y))
        tab.mouse.up()
        settled(tab)
        assert step_of(tab) == round(100 * part)
    d = chart.locator(".cursor").get_attribute("d")
    assert abs(float(re.match(r"M([\d.]+)", d)[1]) - (left + right) / 2 + box["x"]) < 0.6


def test_the_step_under_the_mouse_lights_up_in_every_view(explore):
    tab = explore("objective=himmelblau&start=-0.4,-0.65&gradient_descent=0.01&k=20")
    run = descend(himmelblau, GradientDescent(0.01), PRESET, max_steps=100)
    f = tab.locator(".explorer-row .number").first
    for k in (9, 12):
        tab.mouse.move(*spot(tab, *run.x[k]))
        settled(tab)
        assert np.isclose(read(f.text_content().removeprefix("f = ")), run.f[k], rtol=5.1e-4)
        assert_shows(tab, run, k)
        lit = tab.locator('.explorer-over circle.explorer-lit[style*="orange"]')
        assert lit.get_attribute("r") != "0"
        assert np.allclose(middle_of(lit), spot(tab, *run.x[k]), atol=1)
        line = tab.locator(".explorer-chart.loss .explorer-lit").get_attribute("d")
        cursor = tab.locator(".explorer-chart.loss .cursor").get_attribute("d")
        across = [float(re.match(r"M([\d.]+)", d)[1]) for d in (line, cursor)]
        assert np.isclose((across[0] - 47.6) / (across[1] - 47.6), k / 20, atol=0.02)
        assert step_of(tab) == 20
    box = tab.locator(".explorer-chart.loss").bounding_box()
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settled(tab)
    k = int(re.search(r"\d+", tab.locator(".explorer thead th").first.text_content())[0])
    assert 40 < k < 60 and np.isclose(read(f.text_content().removeprefix("f = ")),
                                      run.f[min(k, len(run.f) - 1)], rtol=5.1e-4)  # fmt: skip
    tab.mouse.move(0, 0)
    settled(tab)
    assert_shows(tab, run, 20)


def middle_of(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# Forces

SAID = """({ query, name, k }) => {
  const { OBJECTIVES, OPTIMIZERS } = book.gdcore;
  const pictures = Object.entries(OBJECTIVES).map(([name, { limits }]) => [name, limits]);
  const state = book.address.read(query, Object.fromEntries(pictures), { steps: 100 });
  const objective = OBJECTIVES[state.objective];
  const { step, memory, pull, roots } = book.forces.at({ objective, optimizer: OPTIMIZERS[name],
    parameters: state.runners[name].numbers, start: state.start, steps: 100 }, k);
  return { step, memory, pull, roots };
}"""


def parts_by_gdcore(optimizer, k):
    """What step k of a descent on Himmelblau's function is made of, and the roots of Adam's kin."""
    x = np.array(PRESET)
    state = optimizer.init(x)
    for _ in range(k):
        step, state = optimizer.update(himmelblau.grad(x), state, x)
        x = x + step
    g = himmelblau.grad(x)
    step, _ = optimizer.update(g, state, x)
    memory, _ = optimizer.update(np.zeros(2), state, x)
    return g, step, memory


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_pull_and_memory_add_up_to_the_step_of_gdcore(explore, name):
    tab = explore(f"objective=himmelblau&start=-0.4,-0.65&{name}=0.02&k=7", drawer=False)
    query = f"objective=himmelblau&start=-0.4,-0.65&{name}=0.02"
    said = tab.evaluate(SAID, {"query": query, "name": name, "k": 7})
    optimizer = type(OPTIMIZERS[name])(0.02)
    g, step, memory = parts_by_gdcore(optimizer, 7)
    assert np.array_equal(said["step"], step)
    assert np.array_equal(said["memory"], memory)
    assert np.allclose(np.add(said["pull"], said["memory"]), said["step"], rtol=1e-12, atol=1e-15)
    if name in ("gradient_descent", "adagrad", "rmsprop"):
        assert not np.any(memory)
    if name == "momentum":
        assert np.allclose(said["pull"], -0.02 * g)
    # An adaptive step is pull over root; the bars are as long as the roots are to each other.
    bars = tab.locator(".explorer-roots")
    adaptive = name in ("adagrad", "rmsprop", "adadelta", "adam", "adamw")
    assert bars.is_visible() == adaptive == ("roots" in said and said["roots"] is not None)
    if adaptive:
        widths = [bar.bounding_box()["width"] for bar in bars.locator("i").all()]
        assert np.isclose(widths[0] / widths[1], said["roots"][0] / said["roots"][1], rtol=0.05)
    if name in ("adagrad", "rmsprop"):
        assert np.allclose(np.add(said["roots"], 1e-8), -0.02 * g / step)


def arrow(tab, part):
    d = tab.locator(f".explorer-force.{part}").get_attribute("d")
    (x0, y0), (x1, y1) = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", d)[:2]
    return np.array([float(x0), float(y0)]), np.array([float(x1), float(y1)])


def test_the_three_arrows_are_drawn_head_to_tail(explore):
    tab = explore(
        "objective=himmelblau&start=-0.4,-0.65&momentum=0.002,0.9&k=5&steps=40", drawer=False
    )
    _, step, memory = parts_by_gdcore(Momentum(0.002, 0.9), 5)
    (a, pull), (b, end), (c, sum_) = (arrow(tab, part) for part in ("pull", "memory", "step"))
    assert np.allclose(a, c, atol=0.11)
    assert np.allclose(b, pull, atol=0.11) and np.allclose(end, sum_, atol=0.11)
    times = tab.locator(".explorer-key .times").text_content() or "arrows drawn 1× as long"
    scale = 60 * float(re.fullmatch(r"arrows drawn (\d+)× as long", times)[1])  # pixels a unit
    assert np.allclose(sum_ - c, step * [1, -1] * scale, atol=0.3)
    assert np.allclose(end - b, memory * [1, -1] * scale, atol=0.3)


# Out of the picture


def test_where_it_diverges_the_view_widens_and_says_when_it_left(explore):
    tab = explore("objective=himmelblau&start=-0.4,-0.65&gradient_descent=0.1&k=1")
    over = tab.locator(".explorer-over")
    assert json.loads(over.get_attribute("data-view")) == [-5, 5, -5, 5]
    run = descend(himmelblau, GradientDescent(0.1), PRESET, max_steps=100)
    out = int((np.abs(run.x).max(axis=1) > 5).argmax())
    go_to(tab, out - 1)
    assert json.loads(over.get_attribute("data-view")) == [-5, 5, -5, 5]
    assert not tab.locator(".explorer-zoomed").is_visible()
    go_to(tab, out)
    view = json.loads(over.get_attribute("data-view"))
    times = (view[1] - view[0]) / 10
    assert (times in (2, 4, 8) and abs(run.x[out]).max() <= 5 * times) or times == 8
    assert tab.locator(".explorer-zoomed").text_content() == (
        f"Zoomed out {times:.0f}×. Left the picture: Gradient descent at step {out}"
    )
    corner = re.match(r"M([\d.]+) ([\d.]+)", tab.locator(".explorer-frame").get_attribute("d"))
    assert np.allclose([float(c) for c in corner.groups()],
                       [300 - 300 / times, 300 + 300 / times], atol=1)  # fmt: skip
    go_to(tab, 0)
    assert json.loads(over.get_attribute("data-view")) == [-5, 5, -5, 5]


def test_while_a_hand_drags_the_view_stays(explore):
    tab = explore("objective=himmelblau&start=-0.4,-0.65&gradient_descent=0.01&k=60")
    knob = middle(tab, ".explorer-chart.sweep .explorer-knob")
    drag(tab, knob, (knob[0] + 60, knob[1]))
    over = tab.locator(".explorer-over")
    assert json.loads(over.get_attribute("data-view")) == [-5, 5, -5, 5]
    tab.mouse.up()
    settled(tab)
    assert json.loads(over.get_attribute("data-view")) == [-40, 40, -40, 40]


# What is known of the rates


def about_rates(tab):
    """What is written about the rates, once it has been worked out."""
    tab.wait_for_function(
        "document.querySelector('.explorer-law')?.textContent.length > 1 && "
        "!document.querySelector('.explorer-chart.stale')"
    )
    return tab.locator(".explorer-law").text_content()


PROVED = [  # of which rate a chapter says that a run stays bounded
    (
        "objective=parabola&start=2",
        "η 在约 1.00 以内，走 1000 步也不会跑掉；超过 2/L = 1.00，连 x = 0 旁边的点也会被甩开",
        "it does not run away in 1000 steps with η up to about 1.00; above 2/L = 1.00, even "
        "points beside x = 0 are thrown off it",
    ),
    (
        "objective=ellipse&start=-2.5,-2",
        "η 在约 0.500 以内，走 1000 步也不会跑掉；超过 2/L = 0.500，连 (0, 0) 旁边的点也会被甩开",
        "it does not run away in 1000 steps with η up to about 0.500; above 2/L = 0.500, even "
        "points beside (0, 0) are thrown off it",
    ),
    (
        "objective=himmelblau&start=-0.4,-0.65&gradient_descent=0.01",
        "η 在约 0.0397 以内，走 1000 步也不会跑掉；"
        "超过 2/L = 0.0248，连 (−2.81, 3.13) 旁边的点也会被甩开",
        "it does not run away in 1000 steps with η up to about 0.0397; above 2/L = 0.0248, even "
        "points beside (−2.81, 3.13) are thrown off it",
    ),
    (
        "objective=ellipse&start=-2.5,-2&noise=1",
        "带着噪声的这一次，η 在约 0.500 以内，走 1000 步也不会跑掉",
        "with this noise it does not run away in 1000 steps with η up to about 0.500",
    ),
]


@pytest.mark.parametrize(("query", "zh", "en"), few(PROVED, PROVED[0]))
def test_the_rates_are_those_that_the_chapters_prove(explore, query, zh, en):
    assert about_rates(explore(query, "zh")) == zh
    tab = explore(query, "en")
    assert about_rates(tab) == en
    mark = tab.locator(".explorer-chart .limit path")
    if "2/L" not in en:
        assert mark.count() == 0
        return
    at = float(re.match(r"M([\d.]+)", mark.get_attribute("d"))[1])
    limit = float(re.search(r"2/L = ([\d.]+)", en)[1])
    width = tab.locator(".explorer-chart.sweep").bounding_box()["width"]
    assert abs(at - (47.6 + (np.log10(limit) + 5) / 6 * (width - 57.4))) < 1


def test_shaded_rates_are_those_of_a_bounded_run(explore):
    tab = explore("objective=parabola&start=2")
    about_rates(tab)
    counts = tab.locator(".explorer-chart .bounded").evaluate_all(
        "all => all.map(({ dataset }) => Number(dataset.count))"
    )
    assert counts == [sum(10 ** (-5 + 0.06 * i) <= 1 for i in range(101))]


def test_of_the_other_methods_nothing_is_said_but_what_was_tried(explore):
    tab = explore()
    tab.get_by_role("radio", name="Adam").check()
    settled(tab)
    assert about_rates(tab) == "it does not run away in 1000 steps, even with η = 10"
    assert tab.locator(".explorer-chart .limit").count() == 0


def test_on_flat_ground_no_rate_is_named(explore):
    tab = explore("objective=easom&start=0.2,6.1&k=5")
    assert about_rates(tab) == "from here it hardly moves at any η"
    # The ground is nearly flat, and not quite: the run goes on, down by less than anyone sees.
    easom = OBJECTIVES["easom"]
    run = descend(easom, GradientDescent(0.17), (0.2, 6.1), max_steps=5)
    assert 1e-9 < np.abs(easom.grad(run.x[-1])).max() < 1e-6
    assert run.f[5] < run.f[4] and np.abs(run.x[-1] - run.x[0]).max() < 1e-6
    assert numbers(tab)[1] == word_of(tab) == "descending"


# The landscape


@pytest.mark.parametrize("name", few([n for n in OBJECTIVES if OBJECTIVES[n].dim == 2], "beale"))
def test_the_landscape_has_the_tints_of_gdcore(explore, name):
    """Between its contours each pixel has the tint of its height, by the rule of gdcore.draw."""
    from matplotlib.figure import Figure

    from gdcore.draw import landscape
    from gdcore.draw.style import COLORS, TERRAIN

    tab = explore(f"objective={name}", drawer=False)
    tab.wait_for_function("document.querySelector('.explorer-ground').width > 400")
    settled(tab)
    read_all = """canvas => { const { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      return [width, height, Array.from(data)]; }"""
    width, height, data = tab.locator(".explorer-ground").evaluate(read_all)
    pixels = np.array(data).reshape(height, width, 4)[..., :3]
    x0, x1, y0, y1 = json.loads(tab.locator(".explorer-over").get_attribute("data-view"))
    [lines] = landscape(OBJECTIVES[name], Figure().subplots(), [(x0, x1), (y0, y1)], levels=10)
    levels = lines.levels
    rows, columns = np.mgrid[3:height:29, 2:width:23]
    x = np.array([x0 + (columns + 0.5) / width * (x1 - x0), y1 - (rows + 0.5) / height * (y1 - y0)])
    f, slope = OBJECTIVES[name](x), np.hypot(*OBJECTIVES[name].grad(x)) * (x1 - x0) / width
    far = np.abs(f - levels[:, None, None]).min(axis=0) > 3 * slope + 1e-6 * np.abs(f)
    count = min(len(TERRAIN) - 1, len(levels))
    borders = levels[np.rint(np.linspace(0, len(levels) - 1, count)).astype(int)]
    tints = np.array([[int(COLORS[t][i : i + 2], 16) for i in (1, 3, 5)] for t in TERRAIN])
    expected = tints[(f > borders[:, None, None]).sum(axis=0)]
    assert far.mean() > 0.2  # enough is far from all contours
    assert np.abs(pixels[rows, columns] - expected)[far].max() <= 1


def show_map(tab):
    """Turn the basin map on; return its pixels, the first row the lowest, and those of its legend.

    The legend's are by what is written beside them.
    """
    tab.get_by_label("Basin map").check()
    tab.wait_for_function("document.querySelector('.explorer-map').dataset.milliseconds")
    read = """canvas => Array.from(canvas.getContext("2d")
      .getImageData(0, 0, canvas.width, canvas.height).data)"""
    pixels = np.array(tab.locator(".explorer-map").evaluate(read)).reshape(240, 240, 4)
    items = tab.locator(".explorer-legend li")
    assert tab.locator(".explorer-legend").is_visible()
    return pixels[::-1], {
        item.text_content(): np.array(item.locator("canvas").evaluate(read)).reshape(16, 24, 4)
        for item in items.all()
    }


def ends_of(rate, some):
    """How gdcore's descents on himmelblau end from some cells of the map, as the legend says it."""
    x1, x2 = np.meshgrid(*[-5 + (some + 0.5) / 240 * 10] * 2)
    run = descend(
        himmelblau, GradientDescent(rate), np.stack([x1, x2]), max_steps=200, grad_tol=0.01
    )
    minimizers = np.array(himmelblau.minimizers)
    far = np.linalg.norm(run.x[-1] - minimizers[:, :, np.newaxis, np.newaxis], axis=1)
    words = ["(3, 2)", "(−2.81, 3.13)", "(−3.78, −3.28)", "(3.58, −1.85)"]
    reached = np.array([f"reached {point}" for point in words])[far.argmin(axis=0)]
    unlike = np.where(run.status == "diverged", "diverged", "neither")
    return np.where((run.status == "converged") & (far.min(axis=0) <= 0.1), reached, unlike)


def test_the_basin_map_is_that_of_gdcore(explore):
    """Each cell has the colour that its end has in the legend, and no two ends share one."""
    tab = explore()
    pixels, legend = show_map(tab)
    some = np.arange(5, 240, 23)
    ends, shown = ends_of(0.01, some), pixels[np.ix_(some, some)]
    assert set(np.unique(ends)) <= set(legend)
    colors = {end: {tuple(c) for c in shown[ends == end][:, :3]} for end in np.unique(ends)}
    for end, color in colors.items():
        beside = np.median(legend[end].reshape(-1, 4), axis=0)[:3]
        assert np.abs(np.array(list(color)) - beside).max() <= 2  # a canvas rounds
    apart = [np.array(min(color)) for color in colors.values()]
    assert len(apart) == 4
    assert min(np.abs(a - b).max() for a, b in combinations(apart, 2)) > 20


@pytest.mark.slow
def test_no_two_patterns_of_the_legend_are_alike(explore):
    """By which cells are inked and which are not, whatever their colours."""
    tab = explore()
    patterns = {}
    for rate in (0.01, 0.03):
        slide(tab, "Gradient descent", rate)
        _, legend = show_map(tab)
        patterns |= legend
        tab.get_by_label("Basin map").uncheck()
        settled(tab)
    assert {"bouncing", "diverged", "stopped elsewhere", "still on the way"} < set(patterns)
    opacities = {tuple(pattern[..., 3].ravel()) for pattern in patterns.values()}
    assert len(opacities) == len(patterns) == 8


def test_the_legend_says_all_that_is_drawn(explore):
    """Where paths run away the map has no colour, and the pattern that stands for it."""
    tab = explore()
    slide(tab, "Gradient descent", 0.03)
    pixels, legend = show_map(tab)
    some = np.arange(0, 240, 5)  # of which all places in a pattern of 16 by 24 are seen
    away = some[np.argwhere(ends_of(rate_of(tab), some) == "diverged")]
    assert len(away) > 40
    row, column = away.T
    shown = pixels[row, column, 3]
    expected = legend["diverged"][(239 - row) % 16, column % 24, 3]
    assert np.array_equal(shown, expected) and len(set(shown)) == 2


@pytest.mark.parametrize(
    ("name", "only"),
    [
        ("ackley", {"stopped elsewhere", "bouncing"}),
        ("rosenbrock", {"reached (1, 1)", "still on the way"}),
    ],
)
def test_what_did_not_arrive_is_not_said_to_have(explore, name, only):
    tab = explore()
    tab.get_by_label("Objective").select_option(name)
    settled(tab)
    pixels, legend = show_map(tab)
    assert set(legend) == only
    basins = np.ptp(pixels[..., :3], axis=2) > 50  # no shade of ink
    assert basins.any() == any(end.startswith("reached") for end in only) and not basins.all()


@pytest.mark.parametrize("scheme", few(["light", "dark"], "dark"))
def test_patterns_are_inked_in_the_color_of_the_text(explore, scheme):
    tab = explore(color_scheme=scheme)
    tab.get_by_label("Objective").select_option("ackley")
    settled(tab)
    _, legend = show_map(tab)
    pattern = legend["stopped elsewhere"]
    [drawn] = {tuple(map(int, color)) for color in pattern[pattern[..., 3] > 100][:, :3]}
    text = tab.locator(".explorer").evaluate("e => getComputedStyle(e).color")
    assert np.abs(np.array(drawn) - [int(n) for n in re.findall(r"\d+", text)]).max() <= 2


def test_the_legend_goes_with_the_map(explore):
    tab = explore()
    assert not tab.locator(".explorer-legend").is_visible()
    show_map(tab)
    write_in(tab, "Gradient noise", 1)
    tab.wait_for_function(
        "document.querySelector('.explorer-legend p').textContent.endsWith('without noise')"
    )
    tab.get_by_label("Basin map").uncheck()
    settled(tab)
    assert not tab.locator(".explorer-legend").is_visible()


# Words


@pytest.mark.parametrize(
    ("rate", "k", "word"),
    few(
        [(0.2, 5, "descending"), (0.9, 5, "bouncing"), (0.5, 20, "arrived at x = 0")],
        (0.9, 5, "bouncing"),
    ),
)
def test_one_word_says_how_it_goes(explore, rate, k, word):
    tab = explore("objective=parabola&start=2&steps=20")
    slide(tab, "Gradient descent", rate)
    go_to(tab, k)
    assert numbers(tab)[1] == word_of(tab) == word


def test_a_descent_that_leaves_all_numbers_has_diverged(explore):
    tab = explore()
    slide(tab, "Gradient descent", 0.1)
    go_to(tab, 100)
    run = descend(himmelblau, GradientDescent(0.1), PRESET, max_steps=100)
    assert word_of(tab) == f"diverged at step {run.steps + 1}"


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "到了 (−2.81, 3.13)"), ("en", "arrived at (−2.81, 3.13)")],
)
def test_it_says_where_it_arrived(explore, lang, words):
    tab = explore("objective=himmelblau&start=-0.4,-0.65&gradient_descent=0.01&k=99", lang)
    assert word_of(tab) == words
    tab.locator(".explorer-player button").nth(2).click()
    expect(tab.locator(".explorer-spoken")).to_contain_text(words)


def test_every_objective_can_be_chosen(explore):
    tab = explore()
    choose = tab.get_by_label("Objective")
    names = choose.locator("option").evaluate_all("all => all.map(one => one.value)")
    assert names.pop() == "own"  # a test of its own has it
    assert sorted(names) == sorted(OBJECTIVES)
    for name in names:
        choose.select_option(name)
        settled(tab)
        shown, _ = numbers(tab)  # x, the gradient, and f
        assert len(shown) == 2 * OBJECTIVES[name].dim + 1 and np.isfinite(shown).all()


def test_one_dimension_has_a_tangent(explore):
    tab = explore("objective=parabola&start=2.5&gradient_descent=0.2&k=2")
    shown, _ = numbers(tab)
    run = descend(parabola, GradientDescent(0.2), 2.5, max_steps=10)
    assert np.allclose(shown, [run.x[2, 0], 2 * run.x[2, 0], run.f[2]], rtol=1e-3)
    over = tab.locator(".explorer-over")
    x0, x1, y0, y1 = json.loads(over.get_attribute("data-view"))
    box = over.bounding_box()
    d = tab.locator(".explorer-tangent").get_attribute("d")
    (a, b), (c, e) = [map(float, p) for p in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", d)]
    slope = -((e - b) / box["height"] * (y1 - y0)) / ((c - a) / box["width"] * (x1 - x0))
    assert abs(slope - 2 * run.x[2, 0]) < 0.05


# What is kept


def test_reset_brings_the_beginning_back(explore):
    tab = explore()
    before = tab.locator(".explorer table").inner_text()
    slide(tab, "Gradient descent", 0.02)
    tab.locator(".explorer-handle.start").focus()
    tab.keyboard.press("ArrowLeft")
    settled(tab)
    assert tab.locator(".explorer table").inner_text() != before
    tab.get_by_role("button", name="Reset").click()
    settled(tab)
    assert tab.locator(".explorer table").inner_text() == before


def test_a_link_shows_others_the_same(explore):
    tab = explore()
    tab.get_by_label("Objective").select_option("booth")
    settled(tab)
    slide(tab, "Gradient descent", 0.05)
    tab.locator(".explorer-handle.start").focus()
    tab.keyboard.press("Shift+ArrowRight")
    settled(tab)
    go_to(tab, 7)
    tab.get_by_role("button", name="Copy a link").click()
    tab.wait_for_function("location.hash.includes('booth')")
    other = explore(tab.evaluate("location.hash").partition("?")[2], "zh")
    assert numbers(other)[0] == numbers(tab)[0]
    assert step_of(other) == 7
    assert other.evaluate("scrollY") > 0


@pytest.mark.parametrize(
    "query",
    few(
        ["objective=nothing", "objective=booth&start=x,y&steps=1e9&adam=-1", "%%%", "k=NaN"], "%%%"
    ),
)
def test_an_address_that_makes_no_sense_does_no_harm(explore, query):
    shown, _ = numbers(explore(query))
    assert len(shown) == 5 and np.isfinite(shown).all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_script_there_is_a_figure(visit, lang):
    tab = visit(f"{lang}/{PAGE}", java_script_enabled=False)
    drawing = tab.locator("#fig-explorer > svg.figure:not(.narrow)")
    assert drawing.count() == 1 and drawing.is_visible()
    assert len(drawing.get_attribute("aria-label")) > 15


def test_on_paper_there_is_the_picture_and_nothing_to_press(explore):
    tab = explore("objective=himmelblau&start=-0.4,-0.65&gradient_descent=0.01&k=20", drawer=False)
    tab.emulate_media(media="print")
    assert tab.locator(".explorer-plot").is_visible()
    assert not tab.locator(".explorer :is(button, select, input, summary):visible").count()


# By the keyboard


def test_every_control_is_reached_by_keyboard(explore):
    tab = explore()
    tab.get_by_label("Objective").focus()
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Shift+Tab")
    reached = set()
    for _ in range(60):
        reached.add(
            tab.evaluate("""() => {
              const at = document.activeElement;
              return at.closest(".explorer") ? at.ariaLabel || at.getAttribute("aria-label") ||
                at.labels?.[0]?.textContent.trim() || at.textContent : "";
            }""")
        )
        tab.keyboard.press("Tab")
    controls = tab.locator(
        ".explorer :is(input:not([type=radio]), select, button, summary, [tabindex='0']):visible"
    ).count()
    assert len(reached - {""}) == controls + 1  # of the lines one is reached, arrows lead on


def test_the_keyboard_alone_does_it_all(explore):
    """Another objective, another method, its rate, the start, the step."""
    tab = explore(drawer=False)
    tab.get_by_label("Objective").focus()
    tab.keyboard.press("ArrowDown")
    settled(tab)
    chosen = tab.get_by_label("Objective").input_value()
    assert chosen != "himmelblau"
    tab.get_by_role("button", name="Nesterov").focus()
    tab.keyboard.press("Space")
    settled(tab)
    tab.locator(".explorer-row input:checked").focus()
    tab.keyboard.press("ArrowUp")
    settled(tab)
    assert tab.locator(".explorer-row input:checked").get_attribute("value") == "momentum"
    tab.locator(".explorer-chart.sweep").focus()
    before = rate_of(tab)
    tab.keyboard.press("ArrowLeft")
    settled(tab)
    assert rate_of(tab) < before
    tab.get_by_role("slider", name="Step", exact=True).focus()
    tab.keyboard.press("ArrowRight")
    settled(tab)
    assert step_of(tab) == 1


# On time

KEYS = """async () => {
  const slider = document.querySelector(".explorer-chart.sweep");
  const shown = [];
  for (let i = 0; i < 30; i++) {
    await new Promise(requestAnimationFrame);
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
    await new Promise(requestAnimationFrame); // runs after the explorer's own
    const [x1] = document.querySelectorAll(".explorer tbody td");
    shown.push([slider.getAttribute("aria-valuetext"), x1.textContent]);
  }
  return shown;
}"""


def test_the_next_frame_shows_what_the_slider_says(explore):
    every = "&".join(f"{name}=0.01" for name in OPTIMIZERS)
    tab = explore(f"objective=himmelblau&start=-0.4,-0.65&k=100&{every}&watched=gradient_descent")
    shown = tab.evaluate(KEYS)
    assert len({rate for rate, _ in shown}) == 30
    for rate, x1 in shown:
        run = descend(himmelblau, GradientDescent(read(rate)), PRESET, max_steps=100)
        assert np.isclose(read(x1), run.x[-1, 0], rtol=5.1e-4)


COUNTED = """async () => {
  let steps = 0;
  const tasks = [];
  for (const optimizer of Object.values(book.gdcore.OPTIMIZERS)) {
    const { step } = optimizer;
    optimizer.step = (...given) => { steps++; step(...given); };
  }
  const over = document.querySelector(".explorer-over");
  const handle = document.querySelector(".explorer-handle.start");
  const { x, y } = handle.getBoundingClientRect();
  const point = (kind, i) => (i ? over : handle).dispatchEvent(new PointerEvent(kind,
    { bubbles: true, pointerType: "mouse", clientX: x + 22 + i, clientY: y + 22 - i }));
  over.setPointerCapture = () => {};
  over.hasPointerCapture = () => true;
  point("pointerdown", 0);
  for (let i = 1; i <= 20; i++) {
    steps = 0;
    point("pointermove", i);
    await new Promise(requestAnimationFrame);
    tasks.push(steps);
  }
  return tasks;
}"""


def test_what_a_drag_computes_before_it_shows_is_bounded(explore):
    """Of nine methods with 1000 steps each, so many as there is time for; each gets its turn."""
    every = "&".join(f"{name}=0.001" for name in OPTIMIZERS)
    tab = explore(f"objective=rastrigin&start=1.2,1.5&steps=1000&k=1000&{every}", drawer=False)
    about_rates(tab)
    tasks = tab.evaluate(COUNTED)
    # 4000 steps of descents, 1000 again to the step at hand, and the first step.
    assert 1000 <= max(tasks) <= 4000 + 1000 + 12
    assert min(tasks) >= 1000


def test_long_work_is_done_in_slices_and_the_newest_wins():
    """Of work that counts its steps, no more than one slice is done before the others' turn."""
    from tests.support.scripts import engine

    context = engine("thin")
    context.eval("""
      var turns = [], log = [];
      var slices = book.work.slices((go) => turns.push(go));
      function* work(name) {
        for (let i = 0; i < 30; i++) { log.push(name); yield 1000; }
        log.push(name + "!");
      }
      slices.begin(work("a"));
      turns.shift()(); var first = log.length;
      slices.begin(work("b"));
      var rounds = 0;
      while (turns.length) { rounds++; turns.shift()(); }
    """)
    assert context.eval("first") == 4
    assert context.eval("log.filter((it) => it === 'a').length") == 4  # it was given up
    assert context.eval("log.at(-1)") == "b!"
    assert context.eval("rounds") == 1 + 8  # one that came too late, and eight of four


def test_each_gets_its_turn_however_fast_the_asking():
    from tests.support.scripts import engine

    context = engine("thin")
    served = json.loads(
        context.eval("""
      const queue = book.work.queue();
      const names = ["a", "b", "c", "d", "e", "f"];
      JSON.stringify(Array.from({ length: 4 }, () => {
        queue.ask(names);
        return queue.next("c", 1000);
      }))""")
    )
    assert all(turn[0] == "c" and len(turn) == 4 for turn in served)
    assert set(served[0] + served[1]) == set("abcdef")


def test_the_basin_map_lets_others_in_every_eight_milliseconds(explore):
    """On a clock that goes on by 1 ms at every look, and the map looks every 16 cells."""
    tab = explore()
    about_rates(tab)
    turns = tab.evaluate("""() => new Promise((done) => {
      let looks = 0, turns = 0;
      performance.now = () => ++looks;
      const later = setTimeout;
      window.setTimeout = (act, wait) => {
        turns += wait === undefined;
        return later(act, wait);
      };
      const canvas = document.querySelector(".explorer-map");
      new MutationObserver(() => canvas.dataset.milliseconds && done(turns))
        .observe(canvas, { attributes: true });
      document.querySelector(".explorer-bar input[type=checkbox]").click();
    })""")
    assert 240 * 240 / 16 / 8 <= turns + 1 <= 240 * 240 / 16 / 8 + 3


def test_the_scripts_and_the_page_are_small(html):
    folder = html / "en" / "_static" / "js"
    page = (html / "en" / PAGE).read_bytes()
    names = re.findall(r'src="_static/js/(\w+)\.js', page.decode())
    own = {"explorer"} | ({"kit"} & set(names))
    assert "explorer" in names
    size = sum(len(gzip.compress((folder / f"{n}.js").read_bytes(), mtime=0)) for n in own)
    assert size <= 30_000, "gzipped"
    assert len(page) <= 250_000
