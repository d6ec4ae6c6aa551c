"""What a reader does with the explorer, in a real browser: by mouse, by keyboard, by touch."""

import gzip
import re
from itertools import combinations

import numpy as np
import pytest
from playwright.sync_api import expect

from gdcore import OBJECTIVES, GradientDescent, Momentum, descend, himmelblau, parabola
from press.ext.figures.explorer import Explorer
from tests.support.book import LANGUAGES, ROOT, at_rest
from tests.support.numbers import read
from tests.support.tiers import few

PAGE = "explorer.html"
PRESET = (-0.4, -0.65)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def explore(visit):
    """Open a page with an explorer, in English, and bring it into view."""

    def open_page(page=PAGE, lang="en", **settings):
        tab = visit(f"{lang}/{page}", **{"viewport": WIDE, **settings})
        for _ in range(2):  # its scripts come as the reader nears it
            tab.locator(".explorer").evaluate("e => e.scrollIntoView()")
            tab.locator(".explorer table tbody tr").first.wait_for()
        return tab

    return open_page


def numbers(tab, row=0):
    """The numbers in a row of the live table, and the word at its end."""
    cells = tab.locator(".explorer tbody tr").nth(row).locator("td").all_text_contents()
    return [read(cell) for cell in cells[:-1]], cells[-1]


def settled(tab):
    """Wait until what was asked for is drawn."""
    at_rest(tab)


def start(tab):
    boxes = tab.locator(".explorer input.wide")
    return [float(boxes.nth(i).input_value()) for i in range(2)]


def slide(tab, runner, rate):
    """Set a learning rate by its slider, as a drag does."""
    slider = tab.get_by_role("slider", name=f"Learning rate η of {runner}")
    slider.evaluate(
        "(slider, to) => { slider.value = to; slider.dispatchEvent(new Event('input')); }",
        np.log10(rate),
    )
    settled(tab)


def go_to(tab, k):
    scrub = tab.get_by_role("slider", name="Step", exact=True)
    scrub.evaluate(
        """(scrub, k) => { scrub.value = k; scrub.dispatchEvent(new Event("input")); }""", k
    )
    settled(tab)


def assert_shows(tab, run, k, row=0):
    """The table shows a descent of gdcore at a step."""
    shown, _ = numbers(tab, row)
    k = min(k, len(run.x) - 1)
    x = run.x[k]
    expected = [*x, *run.objective.grad(x), run.f[k]]
    assert np.allclose(shown, expected, rtol=5.1e-4, atol=1e-12)


def test_it_opens_with_the_descents_of_gdcore(explore):
    tab = explore()
    runs = [GradientDescent(0.01), Momentum(0.002, 0.9)]
    for row, optimizer in enumerate(runs):
        run = descend(himmelblau, optimizer, PRESET, max_steps=100, grad_tol=1e-9)
        assert_shows(tab, run, 100, row)


def test_a_drag_moves_the_start(explore):
    tab = explore()
    handle = tab.locator(".explorer-handle .ring").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    before = start(tab)
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 40, y - 30, steps=4)
    tab.mouse.up()
    settled(tab)
    after = start(tab)
    assert after[0] > before[0] + 0.5 and after[1] > before[1] + 0.5
    run = descend(himmelblau, GradientDescent(0.01), after, max_steps=100, grad_tol=1e-9)
    assert abs(numbers(tab)[0][0] - run.x[-1][0]) < 1e-2
    moved = tab.locator(".explorer-handle .ring").bounding_box()
    assert abs(moved["x"] - handle["x"] - 40) < 2 and abs(moved["y"] - handle["y"] + 30) < 2


def test_a_tap_moves_the_start_on_a_phone(explore):
    tab = explore(viewport=PHONE, has_touch=True, is_mobile=True)
    tab.locator(".explorer-plot").scroll_into_view_if_needed()
    box = tab.locator(".explorer-plot").bounding_box()
    tab.touchscreen.tap(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.3)
    settled(tab)
    x, y = start(tab)
    assert x > 1 and y > 1
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_a_finger_drags_the_start(explore):
    tab = explore(viewport=PHONE, has_touch=True, is_mobile=True)
    tab.locator(".explorer-plot").scroll_into_view_if_needed()
    ring = tab.locator(".explorer-handle .ring").bounding_box()
    x, y = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
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
    tab.locator(".explorer-handle").focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Shift+ArrowUp")
    settled(tab)
    assert np.allclose(start(tab), [PRESET[0] + 0.1, PRESET[1] + 1])
    name = tab.locator(".explorer-handle").get_attribute("aria-label")
    assert "−0.3" in name and "0.35" in name


def test_coordinates_can_be_written(explore):
    tab = explore()
    for i, value in enumerate(("3", "-4")):
        tab.locator(".explorer input.wide").nth(i).fill(value)
        tab.keyboard.press("Enter")
    go_to(tab, 0)
    shown, _ = numbers(tab)
    assert shown[:2] == [3, -4] and shown[4] == himmelblau([3, -4])


def test_each_optimizer_has_a_rate_of_its_own(explore):
    tab = explore()
    slide(tab, "Momentum", 0.005)
    slider = tab.get_by_role("slider", name="Learning rate η of Momentum")
    rate = read(slider.get_attribute("aria-valuetext"))
    assert abs(rate - 0.005) < 1e-4
    go_to(tab, 7)
    for row, optimizer in enumerate([GradientDescent(0.01), Momentum(rate, 0.9)]):
        run = descend(himmelblau, optimizer, PRESET, max_steps=100, grad_tol=1e-9)
        assert_shows(tab, run, 7, row)


def test_a_rate_is_turned_by_the_keyboard(explore):
    tab = explore()
    slider = tab.get_by_role("slider", name="Learning rate η of Gradient descent")
    slider.focus()
    before = read(slider.get_attribute("aria-valuetext"))
    tab.keyboard.press("ArrowRight")
    settled(tab)
    assert np.isclose(read(slider.get_attribute("aria-valuetext")), before * 10**0.01, rtol=1e-2)


def test_other_parameters_can_be_written(explore):
    tab = explore()
    tab.get_by_label("β of Momentum").fill("0.5")
    tab.keyboard.press("Enter")
    settled(tab)
    go_to(tab, 9)
    run = descend(himmelblau, Momentum(0.002, 0.5), PRESET, max_steps=100, grad_tol=1e-9)
    assert_shows(tab, run, 9, 1)


def test_six_optimizers_are_told_apart_by_color_and_dash(explore):
    tab = explore()
    for box in tab.locator(".explorer-run input[type=checkbox]").all():
        box.check()
    settled(tab)
    assert tab.locator(".explorer tbody tr").count() == 6
    paths = tab.locator(".explorer-over g[clip-path] path[stroke]").evaluate_all(
        """paths => paths.filter(p => p.getAttribute("d")).map(p =>
          [getComputedStyle(p).stroke, p.getAttribute("stroke-dasharray")])"""
    )
    assert len(paths) == 6
    assert len({color for color, _ in paths}) == len({dash for _, dash in paths}) == 6


def test_noise_follows_its_seed(explore):
    tab = explore()
    ends = []
    for seed in ("1", "2", "1"):
        tab.get_by_label("Gradient noise").fill("2")
        tab.keyboard.press("Enter")
        tab.get_by_label("Seed").fill(seed)
        tab.keyboard.press("Enter")
        settled(tab)
        ends.append(numbers(tab)[0])
    assert ends[0] == ends[2] != ends[1]


def test_noise_may_be_any_number_of_zero_or_more():
    read = Explorer.option_spec["noise"]
    assert [read(text) for text in ("0", "0.5", "1e-3")] == [0, 0.5, 0.001]
    for text in ("-1", "nan", "inf", "much"):
        with pytest.raises(ValueError):
            read(text)


def test_it_steps_forth_and_back(explore):
    tab = explore()
    go_to(tab, 0)
    tab.get_by_role("button", name="Step forward").click()
    tab.get_by_role("button", name="Step forward").click()
    tab.get_by_role("button", name="Step back").click()
    settled(tab)
    run = descend(himmelblau, GradientDescent(0.01), PRESET, max_steps=100)
    assert_shows(tab, run, 1)
    said = re.compile(r"Step 1: Gradient descent: f = .*descending")
    expect(tab.locator(".explorer output[aria-live]")).to_have_text(said)


def test_it_plays(explore):
    tab = explore()
    go_to(tab, 0)
    tab.get_by_role("button", name="Play").click()
    tab.wait_for_function("Number(document.querySelector('.explorer-player input').value) >= 4")
    tab.get_by_role("button", name="Pause").click()
    settled(tab)
    k = int(tab.locator(".explorer-player input").input_value())
    assert 4 <= k < 100
    tab.clock.install(time=0)
    tab.clock.pause_at(1)
    tab.clock.run_for(1000)
    assert int(tab.locator(".explorer-player input").input_value()) == k


def test_under_reduced_motion_it_does_not_play(explore):
    tab = explore(reduced_motion="reduce")
    assert not tab.get_by_role("button", name="Play").is_visible()


def test_the_slope_is_shown_in_its_two_parts(explore):
    tab = explore()
    go_to(tab, 0)
    both = {}
    for part in ("x", "y", "both"):
        d = tab.locator(f".explorer-slope.{part}").get_attribute("d")
        (x0, y0), (x1, y1) = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", d)[:2]
        both[part] = np.array([float(x1) - float(x0), float(y0) - float(y1)])  # y goes down there
    assert np.allclose(both["x"] + both["y"], both["both"], atol=0.21)
    downhill = -himmelblau.grad(np.array(PRESET))
    cosine = both["both"] @ downhill / np.linalg.norm(both["both"]) / np.linalg.norm(downhill)
    assert cosine > 0.999


def test_the_loss_curve_shares_the_cursor(explore):
    tab = explore()
    chart = tab.locator(".explorer-chart svg").first
    box = chart.bounding_box()
    middle = (40 + 126) / 300  # the axis runs from 40 to 292 of 300
    tab.mouse.click(box["x"] + box["width"] * middle, box["y"] + box["height"] / 2)
    settled(tab)
    assert int(tab.locator(".explorer-player input").input_value()) == 50
    go_to(tab, 25)
    d = chart.locator(".cursor").get_attribute("d")
    assert abs(float(re.match(r"M([\d.]+)", d)[1]) - (40 + 252 / 4)) < 0.1


def about_rates(tab):
    """What is written above the chart of rates, once it has been worked out."""
    tab.wait_for_function(
        "document.querySelectorAll('.explorer-chart p')[1]?.textContent.includes(' · ')"
    )
    chart = tab.locator(".explorer-chart").nth(1)
    assert chart.locator("svg").get_attribute("aria-label") == chart.locator("p").text_content()
    return chart.locator("p").text_content()


PROVED = [  # of which rate a chapter says that a run stays bounded
    (
        "chapters/one-dimension.html",
        "η 到约 1.00 为止有界（1000 步）；大于 2/L = 1.00 时，x = 0 留不住附近的点",
        "stays bounded up to η ≈ 1.00 (1000 steps); above 2/L = 1.00, x = 0 no longer attracts "
        "the points around it",
    ),
    (
        "chapters/many-dimensions.html",
        "η 到约 0.500 为止有界（1000 步）；大于 2/L = 0.500 时，(0, 0) 留不住附近的点",
        "stays bounded up to η ≈ 0.500 (1000 steps); above 2/L = 0.500, (0, 0) no longer "
        "attracts the points around it",
    ),
    (
        "chapters/himmelblau.html",
        "η 到约 0.0397 为止有界（1000 步）；大于 2/L = 0.0248 时，(−2.81, 3.13) 留不住附近的点",
        "stays bounded up to η ≈ 0.0397 (1000 steps); above 2/L = 0.0248, (−2.81, 3.13) no "
        "longer attracts the points around it",
    ),
]


@pytest.mark.parametrize(("page", "zh", "en"), few(PROVED, PROVED[0]))
def test_the_rates_are_those_that_the_chapters_prove(explore, page, zh, en):
    assert about_rates(explore(page, "zh")).endswith(f" · 梯度下降 · {zh}")
    assert about_rates(explore(page, "en")).endswith(f" · Gradient descent · {en}")


def test_green_rates_are_those_of_a_bounded_run(explore):
    tab = explore("chapters/one-dimension.html")
    about_rates(tab)
    assert tab.locator(".explorer-chart").nth(1).locator(".bounded").count() == sum(
        10 ** (-5 + 0.06 * i) <= 1 for i in range(101)
    )


def test_of_the_other_methods_nothing_is_said_but_what_was_tried(explore):
    tab = explore()
    tab.get_by_label("Look at").select_option("adam")
    settled(tab)
    assert about_rates(tab).endswith("Adam · stays bounded at every η up to 10 (1000 steps)")


def test_on_flat_ground_no_rate_is_named(explore):
    tab = explore(PAGE + "#fig-explorer?objective=easom&start=0.2,6.1&k=5")
    settled(tab)
    assert about_rates(tab).endswith("from here it hardly moves at any η")
    # The ground is nearly flat, and not quite: the run goes on, down by less than anyone sees.
    easom = OBJECTIVES["easom"]
    run = descend(easom, GradientDescent(0.17), (0.2, 6.1), max_steps=5)
    assert 1e-9 < np.abs(easom.grad(run.x[-1])).max() < 1e-6
    assert run.f[5] < run.f[4] and np.abs(run.x[-1] - run.x[0]).max() < 1e-6
    assert numbers(tab)[1] == "descending"


def test_a_click_on_the_sweep_sets_the_rate(explore):
    tab = explore("chapters/one-dimension.html")
    tab.wait_for_function(
        "document.querySelectorAll('.explorer-chart p')[1].textContent.includes('bounded')"
    )
    box = tab.locator(".explorer-chart svg").nth(1).bounding_box()
    at = (40 + 252 * 4 / 6) / 300  # η = 0.1
    tab.mouse.click(box["x"] + box["width"] * at, box["y"] + box["height"] / 2)
    settled(tab)
    go_to(tab, 3)
    shown, word = numbers(tab)
    assert abs(shown[0] - 10 * 0.8**3) < 0.3 and word == "descending"


def show_map(tab):
    """Turn the basin map on; return its pixels, the first row the lowest, and those of its legend.

    The legend's are by what is written beside them.
    """
    tab.get_by_label("Basin map").check()
    tab.wait_for_function("document.querySelector('.explorer-plot canvas').dataset.milliseconds")
    read = """canvas => Array.from(canvas.getContext("2d")
      .getImageData(0, 0, canvas.width, canvas.height).data)"""
    pixels = np.array(tab.locator(".explorer-plot canvas").evaluate(read)).reshape(240, 240, 4)
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
    assert {"bouncing", "diverged", "stopped elsewhere", "still on the way"} < set(patterns)
    opacities = {tuple(pattern[..., 3].ravel()) for pattern in patterns.values()}
    assert len(opacities) == len(patterns) == 8


def test_the_legend_says_all_that_is_drawn(explore):
    """Where paths run away the map has no colour, and the pattern that stands for it."""
    tab = explore()
    slide(tab, "Gradient descent", 0.03)
    pixels, legend = show_map(tab)
    rate = tab.get_by_role("slider", name="Learning rate η of Gradient descent")
    rate = read(rate.get_attribute("aria-valuetext"))
    some = np.arange(0, 240, 5)  # of which all places in a pattern of 16 by 24 are seen
    away = some[np.argwhere(ends_of(rate, some) == "diverged")]
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
    tab.get_by_label("Gradient noise").fill("1")
    tab.keyboard.press("Enter")
    tab.wait_for_function(
        "document.querySelector('.explorer-legend p').textContent.endsWith('without noise')"
    )
    tab.get_by_label("Basin map").uncheck()
    settled(tab)
    assert not tab.locator(".explorer-legend").is_visible()


@pytest.mark.parametrize(
    ("rate", "k", "word"),
    few(
        [(0.2, 5, "descending"), (0.9, 5, "bouncing"), (0.5, 20, "arrived at x = 0")],
        (0.9, 5, "bouncing"),
    ),
)
def test_one_word_says_how_it_goes(explore, rate, k, word):
    tab = explore("chapters/one-dimension.html")
    tab.get_by_role("spinbutton", name="Steps").fill("20")
    tab.keyboard.press("Enter")
    slide(tab, "Gradient descent", rate)
    go_to(tab, k)
    assert numbers(tab)[1] == word


def test_a_descent_that_leaves_all_numbers_has_diverged(explore):
    tab = explore()
    slide(tab, "Gradient descent", 0.1)
    go_to(tab, 100)
    run = descend(himmelblau, GradientDescent(0.1), PRESET, max_steps=100)
    assert numbers(tab)[1] == f"diverged at step {run.steps + 1}"


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "到了 (−2.81, 3.13)"), ("en", "arrived at (−2.81, 3.13)")],
)
def test_it_says_where_it_arrived(explore, lang, words):
    tab = explore(lang=lang)
    assert numbers(tab)[1] == words
    tab.locator(".explorer-player button").nth(1).click()
    expect(tab.locator(".explorer output[aria-live]")).to_contain_text(words)


def test_every_objective_can_be_chosen(explore):
    tab = explore()
    choose = tab.get_by_label("Objective")
    names = choose.locator("option").evaluate_all("all => all.map(one => one.value)")
    assert sorted(names) == sorted(OBJECTIVES)
    for name in names:
        choose.select_option(name)
        settled(tab)
        drawing = tab.locator(".explorer-plot svg.figure")
        assert drawing.count() == 1 and drawing.get_attribute("data-objective") == name
        shown, _ = numbers(tab)  # x, the gradient, and f
        assert len(shown) == 2 * OBJECTIVES[name].dim + 1 and np.isfinite(shown).all()


def test_one_dimension_has_a_tangent(explore):
    tab = explore("chapters/one-dimension.html")
    go_to(tab, 2)
    shown, _ = numbers(tab)
    run = descend(parabola, GradientDescent(0.2), 10, max_steps=10)
    assert np.allclose(shown, [run.x[2, 0], 2 * run.x[2, 0], run.f[2]], rtol=1e-3)
    drawing = tab.locator(".explorer-plot svg.figure")
    *_, width, height = eval(drawing.get_attribute("data-box"))
    x0, x1, y0, y1 = eval(drawing.get_attribute("data-view"))
    d = tab.locator(".explorer-tangent").get_attribute("d")
    (a, b), (c, e) = [map(float, p) for p in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", d)]
    slope = -((e - b) / height * (y1 - y0)) / ((c - a) / width * (x1 - x0))
    assert abs(slope - 2 * run.x[2, 0]) < 0.05


def test_reset_brings_the_beginning_back(explore):
    tab = explore(reduced_motion="reduce")
    before = tab.locator(".explorer table").inner_text()
    slide(tab, "Gradient descent", 0.02)
    tab.locator(".explorer-handle").focus()
    tab.keyboard.press("ArrowLeft")
    settled(tab)
    assert tab.locator(".explorer table").inner_text() != before
    tab.get_by_role("button", name="Reset").click()
    settled(tab)
    assert tab.locator(".explorer table").inner_text() == before


def test_a_link_shows_others_the_same(explore, visit):
    tab = explore()
    tab.get_by_label("Objective").select_option("booth")
    settled(tab)
    slide(tab, "Gradient descent", 0.05)
    tab.locator(".explorer-handle").focus()
    tab.keyboard.press("Shift+ArrowRight")
    settled(tab)
    go_to(tab, 7)
    tab.get_by_role("button", name="Copy a link").click()
    tab.wait_for_function("location.hash.includes('booth')")
    other = visit("zh/" + PAGE + tab.evaluate("location.hash"), viewport=WIDE)
    other.locator(".explorer tbody tr").first.wait_for()
    settled(other)
    assert numbers(other)[0] == numbers(tab)[0]
    assert other.locator(".explorer-player input").input_value() == "7"
    assert other.evaluate("scrollY") > 0


@pytest.mark.parametrize(
    "query",
    few(
        ["objective=nothing", "objective=booth&start=x,y&steps=1e9&adam=-1", "%%%", "k=NaN"], "%%%"
    ),
)
def test_an_address_that_makes_no_sense_does_no_harm(visit, query):
    tab = visit(f"en/{PAGE}#fig-explorer?{query}", viewport=WIDE)
    tab.locator(".explorer tbody tr").first.wait_for()
    shown, _ = numbers(tab)
    assert len(shown) == 5 and np.isfinite(shown).all()


def test_a_chapter_opens_without_the_scripts_of_its_explorer(explore, visit):
    asked = []
    tab = visit("en/chapters/many-dimensions.html", viewport=WIDE)
    tab.on("request", lambda request: asked.append(request.url))
    tab.reload()
    tab.locator(".explorer").evaluate(  # the page has looked before, for it began to watch earlier
        """explorer => new Promise(done => new IntersectionObserver(done).observe(explorer))"""
    )
    later = tab.locator("script[src*='explorer.js']")
    assert later.evaluate_all("all => all.map(script => script.type)") == ["later"]
    assert not [url for url in asked if "explorer.js" in url]
    tab.locator(".explorer").evaluate("e => e.scrollIntoView()")
    tab.locator(".explorer table tbody tr").first.wait_for()
    assert len([url for url in asked if "explorer.js" in url]) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_script_there_is_a_figure(visit, lang):
    tab = visit(f"{lang}/{PAGE}", java_script_enabled=False)
    drawing = tab.locator(".explorer svg.figure")
    assert drawing.count() == 1 and drawing.is_visible()
    assert len(drawing.get_attribute("aria-label")) > 15


def test_every_control_is_reached_by_keyboard(explore):
    tab = explore()
    tab.locator(".explorer select").first.focus()
    reached = set()
    for _ in range(40):
        reached.add(
            tab.evaluate("""() => {
              const at = document.activeElement;
              return at.closest(".explorer") ? at.ariaLabel || at.getAttribute("aria-label") ||
                at.labels?.[0]?.textContent.trim() || at.textContent : "";
            }""")
        )
        tab.keyboard.press("Tab")
    controls = tab.locator(".explorer :is(input, select, button, [tabindex='0']):visible").count()
    assert len(reached - {""}) == controls


DRAG = """async () => {
  const slider = document.querySelectorAll(".explorer-run input[type=range]")[0];
  const shown = [];
  for (let i = 0; i < 30; i++) {
    await new Promise(requestAnimationFrame);
    slider.value = -3 + i / 30;
    slider.dispatchEvent(new Event("input"));
    await new Promise(requestAnimationFrame); // runs after the explorer's own
    const [x1] = document.querySelectorAll(".explorer tbody td");
    shown.push([Number(slider.value), slider.ariaValueText, x1.textContent]);
  }
  return shown;
}"""


def test_the_next_frame_shows_what_the_slider_says(explore):
    tab = explore()
    for box in tab.locator(".explorer-run input[type=checkbox]").all():
        box.check()
    settled(tab)
    shown = tab.evaluate(DRAG)
    assert len({value for value, _, _ in shown}) == 30
    for value, rate, x1 in shown:
        assert np.isclose(read(rate), 10**value, rtol=5.1e-3)  # it has three digits
        run = descend(himmelblau, GradientDescent(read(rate)), PRESET, max_steps=100)
        assert np.isclose(read(x1), run.x[-1, 0], rtol=5.1e-4)


def test_the_basin_map_lets_others_in_every_eight_milliseconds(explore):
    """On a clock that goes on by 1 ms at every look, and the map looks every 16 cells."""
    tab = explore()
    turns = tab.evaluate("""() => new Promise((done) => {
      let looks = 0, turns = 0;
      performance.now = () => ++looks;
      const later = setTimeout;
      window.setTimeout = (act, ...rest) => { turns += 1; return later(act, ...rest); };
      const canvas = document.querySelector(".explorer canvas");
      new MutationObserver(() => canvas.dataset.milliseconds && done(turns))
        .observe(canvas, { attributes: true });
      [...document.querySelectorAll(".explorer-bar input[type=checkbox]")].at(-1).click();
    })""")
    assert 240 * 240 / 16 / 8 <= turns + 1 <= 240 * 240 / 16 / 8 + 3


def test_the_script_is_small(html):
    script = (html / "en" / "_static" / "js" / "explorer.js").read_bytes()
    assert len(gzip.compress(script, mtime=0)) <= 20_000, "gzipped"


def explorers():
    for path in sorted((ROOT / "chapters").glob("[!.]*.md")):
        text = path.read_text(encoding="utf-8")
        cells = "\n".join(re.findall(r"```\{code-cell\}.*?```", text, re.DOTALL))
        for block in re.findall(r"```\{explorer\}\n(.*?)```", text, re.DOTALL):
            options = dict(re.findall(r"^:(\w+): (.*)$", block, re.MULTILINE))
            yield pytest.param(options, cells, id=options["name"])


@pytest.mark.parametrize(("options", "cells"), list(explorers()))
def test_it_begins_with_an_experiment_of_the_chapter(options, cells):
    """Its objective, its start and its rates are those that the chapter's own cells run."""
    assert re.search(rf"\b{options['objective']}\b", cells)
    start = options["start"]
    assert f"({start})" in cells or re.search(rf"\bx0? ?= ?{start}\b|, {start}[,)]", cells)
    for words in options["descents"].split(","):
        rate = words.split()[1]
        assert re.search(rf"(?<![\d.]){re.escape(rate)}(?![\d.])", cells), words
