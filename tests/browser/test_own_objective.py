"""An objective of the reader's own, f(x, y) in Python, is one of the explorer's like the others."""

import json
import math
import random
from dataclasses import replace
from itertools import pairwise
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import expect

from gdcore import OBJECTIVES, Momentum, autodiff, descend
from gdcore.curvature import curvatures, learning_rates
from gdcore.draw.style import COLORS, TERRAIN
from gdcore.optimizers import OPTIMIZERS
from gdcore.trace import parameters
from tests.browser import test_explorer
from tests.browser.test_explorer import go_to, numbers, settled, start, write_in
from tests.browser.test_explorer_own import BALL
from tests.support.book import LANGUAGES
from tests.support.browsing import reload
from tests.support.scripts import engine, tuned

FAST = {
    "test_it_is_chosen_drawn_and_said[en]",
}

explore = test_explorer.explore  # the fixture
PANEL = ".own-code:has(textarea):visible"
HIMMELBLAU = """def f(x, y):
    return (x**2 + y - 11)**2 + (x + y**2 - 7)**2
"""
ROSENBROCK = """low, high = -2, 2
def f(x, y):
    return (1 - x)**2 + 100 * (y - x**2)**2
"""
IN_PYTHON = {
    "himmelblau": HIMMELBLAU,
    "rosenbrock": ROSENBROCK,
    "ackley": """import math
def f(x, y):
    far = math.sqrt((x**2 + y**2) / 2)
    waves = (math.cos(2 * math.pi * x) + math.cos(2 * math.pi * y)) / 2
    return -20 * math.exp(-0.2 * far) - math.exp(waves) + 20 + math.e
""",
    "rastrigin": """from math import cos as wave, pi
def f(*point):
    return sum(c**2 - 10 * wave(2 * pi * c) + 10 for c in point)
""",
    "booth": """def square(a):
    return a * a
f = lambda x, y: square(x + 2 * y - 7) + square(2 * x + y - 5)
""",
}
# What is noted of a code, and what comes of it at points; and the same in Python.
AT_POINTS = """([code, points]) => new Promise((done) => {
  const { BEFORE, AFTER, read, python } = book.ownTape;
  book.page.python(BEFORE, code, (said) => {
    if (said.error || said.stopped) return done(JSON.stringify(said));
    if (!said.done) return;
    const { run, size, limits } = read(said.result);
    const found = points.map(([x, y]) => {
      const out = [0, 0, 0];
      run(x, y, out);
      return out.map(String);
    });
    done({ found, size, limits, python: python(said.result) });
  }, AFTER);
})"""
GRID = np.array([[x + 0.01, y - 0.02] for x in range(-3, 4) for y in range(-3, 4)])


def choose_own(tab, code=None, zh=False):
    """Turn to an objective of one's own; with a code of its own, run it."""
    tab.get_by_label("目标函数" if zh else "Objective", exact=True).select_option("own")
    said = tab.locator(PANEL).locator("output")
    expect(said).to_contain_text("找到" if zh else "found in", timeout=20000)
    settled(tab)
    if code is not None:
        run_own(tab, code, zh)
        settled(tab)
    return said


def run_own(tab, code, zh=False):
    panel = tab.locator(PANEL)
    panel.locator("textarea").fill(code)
    expect(panel.locator("output")).to_contain_text("还没有运行" if zh else "not run yet")
    panel.get_by_role("button", name="运行" if zh else "Run").click()
    expect(panel.get_by_role("button", name="运行" if zh else "Run")).to_be_visible(timeout=20000)


def at_points(tab, code, points=GRID):
    came = tab.evaluate(AT_POINTS, [code, [list(map(float, p)) for p in points]])
    assert "found" in came, (code, came)
    return np.array([[float(word) for word in three] for three in came["found"]]), came


def test_values_and_gradients_are_those_of_gdcore(explore):
    tab = explore()
    choose_own(tab)
    for name, code in IN_PYTHON.items():
        found, came = at_points(tab, code)
        ours = np.array([[OBJECTIVES[name](p), *OBJECTIVES[name].grad(p)] for p in GRID])
        size = np.abs(ours).max(axis=0)
        np.testing.assert_allclose(found / size, ours / size, rtol=0, atol=1e-12, err_msg=name)
        names = {}
        exec(came["python"], names)  # what an optimizer of the reader's own is given
        spelled = [names["objective"](*map(float, p)) for p in GRID]
        np.testing.assert_allclose(spelled / size, ours / size, rtol=0, atol=1e-12, err_msg=name)


def written(draw, deep):
    """A random expression, that is a number for any x, y."""
    if deep == 0:
        return draw.choice(["x", "y", "x", "y", f"{draw.uniform(-2, 2):.3f}", "3"])
    a, b = written(draw, deep - 1), written(draw, deep - 1)
    return draw.choice([
        f"({a} + {b})", f"({a} - {b})", f"({a}) * ({b})", f"({a}) / (2 + ({b})**2)", f"-({a})",
        f"sin({a})", f"cos({a})", f"tanh({a})", f"atan({a})", f"exp(-({a})**2)", f"abs({a})",
        f"log(1 + ({a})**2)", f"sqrt(1 + ({a})**2)", f"({a})**3", f"(1.5 + sin({a}))**({b})",
        f"max({a}, {b})", f"min({a}, {b})", f"2**sin({a})", f"sinh(sin({a}))", f"cosh(cos({a}))",
    ])  # fmt: skip


def test_random_expressions_have_the_gradient_of_gdcore_autodiff(explore):
    tab = explore()
    choose_own(tab)
    names = {n: getattr(np, n) for n in ("sin", "cos", "tanh", "exp", "abs", "log", "sqrt", "sinh",
                                         "cosh")}  # fmt: skip
    names |= {"atan": np.arctan, "max": np.maximum, "min": np.minimum}
    draw = random.Random(7)
    points = np.array(GRID[::4])
    for _ in range(40):
        text = written(draw, draw.choice([2, 3, 4]))
        found, _ = at_points(tab, f"def f(x, y):\n    return {text} + 0 * x", points)

        def ours(p, text=text):
            return eval(f"{text} + 0 * x", names | {"x": p[0], "y": p[1]})

        expected = [[ours(p), *autodiff.grad(ours)(p)] for p in points]
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11, err_msg=text)


@pytest.mark.parametrize(
    "text",
    [
        "tan(x) + asin(x / 5) + acos(y / 5)",
        "asinh(x) + acosh(5 + y) + atanh(x / 4) + expm1(x * y / 4)",
        "log(x + 4, 3) + log2(y + 4) + log10(x + 5) + pow(x + 4, 1.5)",
        "degrees(x) * radians(y) + atan2(y, x) + fabs(y)",
        "+x / (y + 5) - (2 - x) + max([x, y, 0.5]) * min(x, y)",
    ],
)
def test_the_other_functions_have_the_slope_of_differences(explore, text):
    tab = explore()
    choose_own(tab)
    found, _ = at_points(tab, f"def f(x, y): return {text}")

    def f(x, y):
        return eval(text, vars(math) | {"x": x, "y": y})

    h = 1e-6
    expected = [
        [f(x, y), (f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)]
        for x, y in GRID
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-6)


def test_at_an_edge_the_slope_is_the_mean_of_both_sides_as_in_gdcore(explore):
    tab = explore()
    choose_own(tab)
    for text, where, slope in (
        ("abs(x)", (0, 1), (0, 0)),
        ("max(x, y)", (1, 1), (0.5, 0.5)),
        ("min(x, 3 * y)", (3, 1), (0.5, 1.5)),
        ("sqrt(x**2 + y**2)", (0, 0), (0, 0)),
    ):
        found, _ = at_points(tab, f"def f(x, y): return {text}", [where])
        assert tuple(found[0][1:]) == slope, text


def test_every_optimizer_goes_where_gdcore_goes(explore):
    tab = explore()
    choose_own(tab, ROSENBROCK)
    for name, optimizer in OPTIMIZERS.items():
        numbers = [0.001, *list(parameters(optimizer).values())[1:]]
        x, y = tab.evaluate(
            """([name, parameters]) => {
              const { OBJECTIVES: { own }, OPTIMIZERS } = book.gdcore;
              const { x, y, last } = book.descents.descend({
                objective: own, optimizer: OPTIMIZERS[name], parameters, start: [-1.2, 1],
                steps: 200 });
              return [[...x.slice(0, last + 1)], [...y.slice(0, last + 1)]];
            }""",
            [name, numbers],
        )
        run = descend(OBJECTIVES["rosenbrock"], tuned(name, numbers), (-1.2, 1.0), max_steps=200)
        np.testing.assert_allclose(np.array([x, y]).T, run.x, rtol=0, atol=1e-12, err_msg=name)


def test_a_drag_goes_on_while_all_of_them_descend_on_it(explore):
    tab = explore(
        "objective=himmelblau&steps=1000&k=1000&"
        + "&".join(f"{n}=0.001" for n in list(OPTIMIZERS)[:6])
    )
    choose_own(tab, ROSENBROCK)
    x, y = test_explorer.middle(tab, ".explorer-handle.start .ring")
    before = start(tab)
    tab.mouse.move(x, y)
    tab.mouse.down()
    seen = []
    for i in range(1, 11):
        tab.mouse.move(x - 8 * i, y + 5 * i)
        settled(tab)
        seen.append(start(tab)[0])
    tab.mouse.up()
    settled(tab)
    assert sorted(set(seen), reverse=True) == seen and seen[0] < before[0]
    after = start(tab)
    go_to(tab, 1000)
    plain = tuned("gradient_descent", [test_explorer.rate_of(tab)])
    run = descend(OBJECTIVES["rosenbrock"], plain, after, max_steps=1000, grad_tol=1e-9)
    assert numbers(tab)[0][:2] == pytest.approx(run.last, rel=1e-3)


def test_an_optimizer_of_ones_own_descends_on_it(explore):
    tab = explore("objective=himmelblau&gradient_descent=0.01&steps=20&k=20")
    choose_own(tab, HIMMELBLAU)
    type_own_beside(tab)
    write_in(tab, "Start x₁", 1)
    x0 = start(tab)
    expect(tab.locator(".explorer tbody tr")).to_have_count(2, timeout=20000)
    settled(tab)
    go_to(tab, 20)
    ball = descend(OBJECTIVES["himmelblau"], Momentum(0.002, 0.9), x0, max_steps=20)
    expected = [*ball.last, *OBJECTIVES["himmelblau"].grad(ball.last), ball.f[-1]]
    assert numbers(tab, 1)[0] == pytest.approx(expected, rel=1e-3)
    # Another f: it goes again, on that.
    panel = tab.locator(".own-code").filter(has_text="f(x, y)")
    panel.locator("textarea").fill("def f(x, y): return x**2 + y**2")
    panel.get_by_role("button", name="Run").click()
    expect(panel.locator("output")).to_contain_text("One minimum", timeout=20000)
    ball = descend(OBJECTIVES["sphere"], Momentum(0.002, 0.9), x0, max_steps=20)
    row = tab.locator(".explorer tbody tr").nth(1).locator("td").first
    expect(row).to_contain_text(f"{ball.last[0]:.4g}", timeout=20000)


def type_own_beside(tab):
    tab.get_by_role("button", name="Your own", exact=True).click()
    panel = tab.locator(".own-code").filter(has_text="optimizer")
    panel.locator("textarea").fill(BALL)
    panel.get_by_role("button", name="Run").click()
    expect(panel.locator("output")).to_contain_text("f =", timeout=20000)


# What is found of it


def plain(name, limits=None):
    box = json.dumps(limits or [[float(c) for c in side] for side in OBJECTIVES[name].domain])
    return f"({{ limits: {box}, run: book.gdcore.OBJECTIVES.{name}.run }})"


@pytest.fixture(scope="module")
def facts():
    context = engine("numbers", "facts")

    def ask(call):
        return json.loads(context.eval(f"JSON.stringify(book.ownFacts.{call})"))

    return ask


@pytest.mark.parametrize("name", ["himmelblau", "rosenbrock", "booth", "beale", "valley"])
def test_minimizers_and_curvatures_are_those_of_the_catalogue(facts, name):
    objective = OBJECTIVES[name]
    known = facts(f"know({plain(name)})")
    listed = [*objective.minimizers, *objective.local_minimizers]
    found = np.array(sorted(known["minimizers"]))
    np.testing.assert_allclose(found, np.array(sorted(listed)), rtol=0, atol=1e-6)
    bends = dict(zip(map(tuple, known["minimizers"]), known["curvatures"], strict=True))
    for place in listed:
        near = min(bends, key=lambda one: np.hypot(*np.subtract(one, place)))
        assert bends[near] == pytest.approx(curvatures(objective, place), rel=1e-5)
    assert known["minimum"] == pytest.approx(objective.minimum, abs=1e-9)


def test_what_is_no_minimum_is_not_listed(facts):
    for f in ("x * x - y * y, 2 * x, -2 * y", "x, 1, 0", "x ** 3, 3 * x * x, 0", "3, 0, 0",
              "Math.log(x), 1 / x, 0"):  # fmt: skip
        run = f"(x, y, out) => [out[0], out[1], out[2]] = [{f}]"
        assert facts(f"know({{ limits: [[-5, 5], [-5, 5]], run: {run} }})")["minimizers"] == []


def test_at_an_edge_and_on_ground_too_flat_no_curvature_is_said(facts):
    for f in ("Math.abs(x) + y * y, Math.sign(x), 2 * y",
              "(x - 0.123) ** 4 + y ** 4, 4 * (x - 0.123) ** 3, 4 * y ** 3"):  # fmt: skip
        run = f"(x, y, out) => [out[0], out[1], out[2]] = [{f}]"
        known = facts(f"know({{ limits: [[-5, 5], [-5, 5]], run: {run} }})")
        assert known["curvatures"] == [None]
        assert np.allclose(known["minimizers"], [[0.123 * ("123" in f), 0]], atol=1e-4)


def test_levels_are_the_shares_of_gdcore_and_level_ground_has_none(facts):
    heights = np.sort(np.random.default_rng(1).normal(size=301))
    expected = np.quantile(heights, np.linspace(0.1, 1, 10) ** 2 * 0.97)
    assert facts(f"levels({heights.tolist()})") == pytest.approx(expected, abs=1e-12)
    assert facts("levels([3, 3, 3])") == [] and facts("levels([1, 1.0000000000000002])") == []


def test_rates_are_by_the_rule_of_the_catalogue(facts):
    known = facts(f"know({plain('himmelblau', [[-5, 5], [-5, 5]])})")
    first = known["rates"]["gradient_descent"]
    box = ((-5.0, 5.0), (-5.0, 5.0))
    by_rule = learning_rates(replace(OBJECTIVES["himmelblau"], domain=box, name="own"))
    assert set(known["rates"]) == set(by_rule) == set(OPTIMIZERS)
    part = first / by_rule["gradient_descent"]
    for name in ("momentum", "nesterov"):
        assert known["rates"][name] == pytest.approx(part * by_rule[name], rel=0.05)
    for name in set(by_rule) - {"gradient_descent", "momentum", "nesterov"}:
        assert known["rates"][name] == pytest.approx(by_rule[name])
    run = descend(OBJECTIVES["himmelblau"], tuned("gradient_descent", [first]), known["start"],
                  max_steps=30)  # fmt: skip
    assert (np.diff(run.f) <= 0).all()


def test_an_f_that_is_no_number_somewhere_starts_where_it_is_one(facts):
    run = "(x, y, out) => [out[0], out[1], out[2]] = [Math.log(-x) + y * y, 1 / x, 2 * y]"
    known = facts(f"know({{ limits: [[-5, 5], [-5, 5]], run: {run} }})")
    assert known["start"][0] < 0 and 0.4 < known["blank"] < 0.6
    nowhere = "(x, y, out) => out[0] = NaN"
    context = engine("numbers", "facts")
    limits = "limits: [[-5, 5], [-5, 5]]"
    assert context.eval(f"book.ownFacts.know({{ {limits}, run: {nowhere} }}) === undefined")


# What is seen

# It is drawn a little at a time. Where f is no number there are a tint and its hatch.
COLORS_OF_GROUND = """new Set(new Uint32Array(((c) => c.getContext("2d")
  .getImageData(0, 0, c.width, c.height))
  (document.querySelector(".explorer-ground")).data.buffer))"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_chosen_drawn_and_said(explore, lang):
    zh = lang == "zh"
    tab = explore(lang=lang)
    said = choose_own(tab, HIMMELBLAU, zh)
    for word in ("4", "(3, 2)", "(−3.78, −3.28)", "f = 0"):
        expect(said).to_contain_text(word)
    loss = tab.locator(".explorer-chart.loss")
    assert loss.get_attribute("aria-label").startswith("f，随步数" if zh else "f by step")
    texts = tab.locator(".explorer-chart text").all_text_contents()
    assert not any("min f" in text for text in texts)
    stars = tab.locator(".explorer-stars").get_attribute("d")
    assert stars.count("Z") == 4
    assert tab.get_by_label("目标函数" if zh else "Objective", exact=True).input_value() == "own"


def test_where_it_arrives_is_said(explore):
    tab = explore("objective=himmelblau&gradient_descent=0.01&steps=300&k=300")
    choose_own(tab, HIMMELBLAU)
    go_to(tab, 300)
    expect(tab.locator(".explorer-row em").first).to_have_text("arrived at (3, 2)")


def test_its_basin_map_is_that_of_the_catalogue(explore):
    tab = explore("objective=himmelblau&gradient_descent=0.01&basins=1")
    ends = []
    for own in (False, True):
        if own:
            choose_own(tab, HIMMELBLAU)
            write_in(tab, "η of Gradient descent", 0.01)
        tab.wait_for_function("document.querySelector('.explorer-map').dataset.milliseconds")
        ends.append(sorted(tab.locator(".explorer-legend li").all_text_contents()))
    assert ends[0] == ends[1] and sum("reached" in end for end in ends[0]) == 4


def test_lower_ground_is_darker_and_what_is_no_number_is_hatched(explore):
    tab = explore()
    choose_own(tab, "def f(x, y):\n    return log(x) + y**2")
    tab.wait_for_function(COLORS_OF_GROUND.replace("width,", "width / 2 - 2,") + ".size <= 4")
    pixels = tab.locator(".explorer-ground").evaluate(
        """(canvas) => {
          const { width, height } = canvas;
          const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
          return { width, height, data: [...data] };
        }"""
    )
    width, height = pixels["width"], pixels["height"]
    image = np.array(pixels["data"]).reshape(height, width, 4)[..., :3]
    view = json.loads(tab.locator(".explorer-over").get_attribute("data-view"))
    x = view[0] + (np.arange(width) + 0.5) / width * (view[1] - view[0])
    y = view[3] - (np.arange(height) + 0.5) / height * (view[3] - view[2])
    with np.errstate(invalid="ignore"):
        f = np.log(x)[None, :] + (y**2)[:, None]
    right = x > 0
    ranges = []
    for tint in TERRAIN:
        rgb = [int(COLORS[tint][i : i + 2], 16) for i in (1, 3, 5)]
        its = f[:, right][(image[:, right] == rgb).all(axis=2)]
        ranges.append((its.min(), its.max()))
    for (_, most), (least, _) in pairwise(ranges):
        assert most <= least


def test_level_ground_is_even_and_said_to_be(explore):
    tab = explore()
    said = choose_own(tab, "def f(x, y): return 3")
    expect(said).to_have_text("f is 3 everywhere: there are no contours")
    tab.wait_for_function(COLORS_OF_GROUND + ".size === 1")
    assert test_explorer.word_of(tab) == "stopped on flat ground"


# What goes wrong


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_wrong_is_said_and_the_picture_stays(explore, lang):
    zh = lang == "zh"
    tab = explore(lang=lang)
    said = choose_own(tab, HIMMELBLAU, zh)
    drawn = tab.locator(".explorer-stars").get_attribute("d")
    once = "f 只运行一次" if zh else "f runs only once"
    cases = tab.locator(".explorer-stars")
    line2 = "第 2 行" if zh else "Line 2"
    for code, *words in (
        ("", "def f(x, y)"),
        ("g = 3", "def f(x, y)"),
        ("f = 3", "def f(x, y)"),
        ("def f(x):\n    return x", "def f(x, y)", "两个参数" if zh else "two arguments"),
        ("def f(x, y):\n    if x > 0:\n        return x\n    return y", line2, once, "max"),
        ("def f(x, y):\n    if 0 < x:\n        return x\n    return y", line2, once, "max"),
        ("def f(x, y):\n    while x != y: pass", line2, once, "max"),
        ("def f(x, y):\n    return int(x)", line2, once, "math"),
        ("def f(x, y):\n    return x % 2", line2, once, "math"),
        ("def f(x, y):\n    return floor(y)", line2, once, "math"),
        ("def f(x, y):\n    return x^2 + y^2", line2, "^"),
        ("def f(x, y):\n    x * y", "return"),
        ("def f(x, y):\n    return x, y", "tuple"),
        ("def f(x, y):\n    return 'x'", "str"),
        ("def f(x, y):\n    return x + (1, 2)", line2, "tuple"),
        ("def f(x, y):\n    return x / 0", line2, "ZeroDivisionError"),
        ("def f(x, y):\n    return sine(x)", line2, "NameError"),
        ("def f(x, y):\n    return f(y, x)", line2, "RecursionError"),
        ("def f(x, y):\n    return (-2)**x", line2, "底数" if zh else "base"),
        ("def f(x, y):\n    for i in range(10**9): x = x + y\n    return x", line2, "2000"),
        ("low, high = 1, -1\ndef f(x, y): return x", "low"),
        ("def f(x, y): return log(-1 - x**2)", "数" if zh else "no number"),
        ("def f(x, y) return x", "第 1 行" if zh else "Line 1"),
        ("import os\ndef f(x, y): return x", "第 1 行" if zh else "Line 1", "math"),
    ):
        run_own(tab, code, zh)
        for word in words:
            expect(said).to_contain_text(word)
        assert tab.locator(PANEL).locator("textarea").input_value() == code
        assert cases.get_attribute("d") == drawn
    run_own(tab, "def f(x, y):\n    return x**2 + y**2", zh)
    expect(said).to_contain_text("(0, 0)")


def test_what_does_not_end_or_prints_too_much_is_stopped(explore):
    tab = explore()
    said = choose_own(tab, HIMMELBLAU)
    for code in ("while True: pass", "def f(x, y):\n    while True: pass",
                 "while True: print('x' * 1000)"):  # fmt: skip
        tab.locator(PANEL).locator("textarea").fill(code)
        tab.locator(PANEL).get_by_role("button", name="Run").click()
        write_in(tab, "Start x₁", 1)  # the page lives
        assert np.isfinite(numbers(tab)[0]).all()
        expect(said).to_contain_text("stopped", timeout=20000)
    run_own(tab, "print('hello')\ndef f(x, y):\n    print(x)\n    return x**2 + y**2")
    expect(said).to_contain_text("(0, 0)")


# What lasts


def test_a_link_shows_it_and_runs_nothing(explore):
    hostile = ROSENBROCK + "# </textarea><img src=x onerror=alert(1)>,&=%\n"
    query = "objective=own&start=-1.2,1&steps=50&k=50&gradient_descent=0.002&f="
    tab = explore(query + quote(hostile, safe=""))
    panel = tab.locator(PANEL)
    expect(panel.locator("textarea")).to_have_value(hostile)
    expect(panel.locator("output")).to_have_text("Not run yet; the picture still shows: Himmelblau")
    assert tab.locator("script[src*=micropython]").count() == 0
    assert panel.locator("img").count() == 0
    write_in(tab, "Start x₁", "1")
    settled(tab)
    assert tab.locator("script[src*=micropython]").count() == 0
    panel.get_by_role("button", name="Run").click()
    expect(panel.locator("output")).to_contain_text("(1, 1)", timeout=20000)
    settled(tab)
    assert start(tab) == [-1.2, 1] and test_explorer.step_of(tab) == 50
    run = descend(OBJECTIVES["rosenbrock"], tuned("gradient_descent", [0.002]), (-1.2, 1.0),
                  max_steps=50)  # fmt: skip
    assert numbers(tab)[0][:2] == pytest.approx(run.last, rel=1e-3)


def test_a_reload_keeps_it_and_so_does_choosing_it_again(explore):
    tab = explore()
    choose_own(tab, ROSENBROCK)
    write_in(tab, "Start x₁", "-1.5")
    tab.wait_for_function("/objective=own&start=-1.5/.test(location.hash)")
    reload(tab)
    test_explorer.ready(tab)
    panel = tab.locator(PANEL)
    expect(panel.locator("textarea")).to_have_value(ROSENBROCK)
    expect(panel.locator("output")).to_contain_text("Not run yet")
    panel.locator("textarea").fill(HIMMELBLAU)
    tab.wait_for_function("/start=-1.5.*f=def/.test(location.hash)")
    panel.get_by_role("button", name="Run").click()
    expect(panel.locator("output")).to_contain_text("4 minima", timeout=20000)
    tab.locator(".explorer-drawer").evaluate("drawer => (drawer.open = true)")
    settled(tab)
    assert start(tab)[0] == -1.5
    tab.get_by_label("Objective", exact=True).select_option("booth")
    expect(tab.locator(".own-code")).to_be_hidden()
    tab.get_by_label("Objective", exact=True).select_option("own")
    expect(panel.locator("textarea")).to_have_value(HIMMELBLAU)
    expect(panel.locator("output")).to_contain_text("4 minima", timeout=20000)


def test_a_text_that_is_too_long_is_cut(explore):
    tab = explore("objective=own&f=" + quote(HIMMELBLAU + "#" * 5000, safe=""))
    area = tab.locator(PANEL).locator("textarea")
    assert len(area.input_value()) == 3000 == int(area.get_attribute("maxlength"))


def test_it_is_written_with_the_keyboard_alone(explore):
    tab = explore()
    choose_own(tab)
    area = tab.get_by_label("Your own f(x, y) (Python)")
    area.focus()
    tab.keyboard.press("Control+a")
    tab.keyboard.type("f = lambda x, y: x*x + y*y")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator(PANEL).locator("output")).to_contain_text("(0, 0)", timeout=20000)
    tab.keyboard.press("Escape")
    expect(tab.locator(PANEL).get_by_role("button", name="Run")).to_be_focused()


def test_on_a_phone_it_fits(explore):
    tab = explore(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    choose_own(tab, HIMMELBLAU + "# " + "x" * 300)
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert tab.locator(PANEL).locator("textarea").bounding_box()["width"] > 340
    assert tab.locator(PANEL).locator("button").bounding_box()["height"] >= 43.5
    assert tab.locator(".explorer-title").bounding_box()["width"] < 300
