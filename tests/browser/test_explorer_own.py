"""An optimizer of the reader's own, in Python, beside gdcore's in the explorer."""

from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import expect

from gdcore import OBJECTIVES, GradientDescent, Momentum, descend, valley
from gdcore.curvature import example
from tests.browser import test_explorer
from tests.browser.test_explorer import numbers, settled, write_in
from tests.support.book import LANGUAGES
from tests.support.browsing import reload

FAST = {
    "test_a_momentum_of_the_readers_own_beats_plain_descent[en]",
}

explore = test_explorer.explore  # the fixture
BALL = """eta, beta = 0.002, 0.9
state = (0, 0)

def step(g, state):
    v1 = beta * state[0] + g[0]
    v2 = beta * state[1] + g[1]
    return (-eta * v1, -eta * v2), (v1, v2)
"""
WAVY = {"catenary", "growing_wave", "bohachevsky", "griewank", "rastrigin", "ackley", "easom"}
WHERE_IT_WENT = """(settings) => Promise.all(settings.map(([name, start, steps, code]) =>
  new Promise((done) => {
    const setting = { objective: book.gdcore.OBJECTIVES[name], start, steps, tol: 1e-9 };
    book.page.python("", code, (said) => {
      if (said.error || said.stopped) return done(said);
      if (!said.done) return;
      const { x, y, last, status } = book.ownDescent.ran(said.result, setting);
      done({ x: [...x.slice(0, last + 1)], y: [...y.slice(0, last + 1)], status });
    }, book.ownDescent.loop(code, name, setting));
  })))"""


def type_own(tab, code, zh=False):
    chip = tab.get_by_role("button", name="你自己的" if zh else "Your own", exact=True)
    if chip.get_attribute("aria-pressed") == "false":
        chip.click()
        tab.locator(".own-code").wait_for()
    tab.locator(".own-code textarea").fill(code)


def click_run(tab, zh=False):
    tab.locator(".own-code").get_by_role("button", name="运行" if zh else "Run").click()


def says(tab):
    return tab.locator(".own-code output")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_momentum_of_the_readers_own_beats_plain_descent(explore, lang):
    tab = explore("objective=valley&start=-3,-2&gradient_descent=0.4&steps=20&k=20", lang)
    type_own(tab, BALL.replace("0.002, 0.9", "0.4, 0.5"), lang == "zh")
    expect(says(tab)).to_have_text("还没有运行" if lang == "zh" else "Not run yet")
    click_run(tab, lang == "zh")
    expect(says(tab)).to_contain_text("f =", timeout=20000)
    settled(tab)
    plain = descend(valley, GradientDescent(0.4), (-3, -2), max_steps=20)
    ball = descend(valley, Momentum(0.4, 0.5), (-3, -2), max_steps=20)
    table, ours = numbers(tab, 1)[0], ball.last
    assert table == pytest.approx([*ours, *valley.grad(ours), ball.f[-1]], rel=1e-3)
    assert ball.f[-1] < plain.f[-1] and table[-1] < numbers(tab, 0)[0][-1]
    paths = tab.locator(".explorer-over g[clip-path] path[stroke]")
    assert sum(bool(d) for d in paths.evaluate_all("p => p.map((e) => e.getAttribute('d'))")) == 2


def test_it_goes_where_gdcore_goes(explore):
    tab = explore(drawer=False)
    settings, ours = [], []
    for name, objective in OBJECTIVES.items():
        _, start, rate = example(objective)
        code = BALL.replace("0.002", repr(0.2 * rate))
        settings.append([name, [*map(float, start), 0.0][:2], 20, code])
        ours.append(descend(objective, Momentum(0.2 * rate, 0.9), start, max_steps=20))
    type_own(tab, BALL)
    click_run(tab)  # fetches what runs it
    expect(says(tab)).to_contain_text("f =", timeout=20000)
    theirs = [tab.evaluate(WHERE_IT_WENT, [setting])[0] for setting in settings]
    for (name, *_), run, went in zip(settings, ours, theirs, strict=True):
        assert "x" in went, (name, went)
        path = np.array([went["x"], went["y"]]).T[:, : run.x.shape[1]]
        size = max(1.0, np.abs(run.x).max())
        within = 1e-9 if name in WAVY else 1e-12
        np.testing.assert_allclose(path, run.x, rtol=0, atol=within * size, err_msg=name)


def test_as_the_start_moves_it_goes_again_but_changed_code_waits(explore):
    tab = explore("objective=sphere&steps=10&k=10")
    type_own(tab, BALL.replace("0.002", "0.1"))
    click_run(tab)
    expect(says(tab)).to_contain_text("f =", timeout=20000)
    for x1 in (3.0, -2.0):
        write_in(tab, "Start x₁", str(x1))
        x2 = float(tab.get_by_role("spinbutton", name="Start x₂").input_value())
        ball = descend(OBJECTIVES["sphere"], Momentum(0.1, 0.9), (x1, x2), max_steps=10)
        expect(tab.locator(".explorer tbody tr").nth(1)).to_be_visible(timeout=20000)
        settled(tab)
        assert numbers(tab, 1)[0][:2] == pytest.approx(ball.last, rel=1e-3)
    tab.locator(".own-code textarea").fill(BALL)
    expect(says(tab)).to_have_text("Not run yet")
    expect(tab.locator(".explorer tbody tr")).to_have_count(1)


def test_code_from_a_link_is_shown_and_waits_for_a_click(explore):
    hostile = BALL + "# </textarea><img src=x onerror=alert(1)>,&=%\n"
    tab = explore(f"objective=himmelblau&gradient_descent=0.01&own={quote(hostile, safe='')}")
    area = tab.locator(".own-code textarea")
    expect(area).to_have_value(hostile)
    expect(says(tab)).to_have_text("Not run yet")
    assert tab.locator("script[src*=micropython]").count() == 0
    assert tab.locator(".own-code img").count() == 0
    write_in(tab, "Start x₁", "1")  # nor does it run as the reader touches the rest
    settled(tab)
    assert tab.locator("script[src*=micropython]").count() == 0
    click_run(tab)
    expect(says(tab)).to_contain_text("f =", timeout=20000)
    tab.wait_for_function("location.hash.includes('own=')")
    reload(tab)
    test_explorer.ready(tab)
    expect(area).to_have_value(hostile)
    expect(says(tab)).to_have_text("Not run yet")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_wrong_is_said(explore, lang):
    tab = explore("objective=himmelblau", lang)
    zh = lang == "zh"
    need = "要有 state 和 step(g, state)" if zh else "state and step(g, state) are needed"
    for code, said in (
        ("", need),
        ("state = 0", need),
        ("state = 0\ndef step(g): return g, 0", need),
        ("state = 0\ndef step(g, s): return 1", need),
        ("state = 0\ndef step(g, s): return ('a', 'b'), s", need),
        ("state = 0\ndef step(g, s):\n    return g / 2, s", "第 3 行" if zh else "Line 3"),
        ("state = 0\ndef step(g, s):\n    return -0.01 * g, s", "一对数" if zh else "g is a pair"),
        ("state = (", "第 1 行" if zh else "Line 1"),
        ("import os", "math"),
    ):
        type_own(tab, code, zh)
        click_run(tab, zh)
        expect(says(tab)).to_contain_text(said, timeout=20000)
        assert tab.locator(".own-code textarea").input_value() == code
    type_own(tab, "state = 0\ndef step(g, s):\n    while True: pass", zh)
    click_run(tab, zh)
    tab.locator(".own-code").get_by_role("button", name="停止" if zh else "Stop").click()
    expect(says(tab)).to_have_text("已停止" if zh else "Stopped")


@pytest.mark.parametrize("start", ["1.5,2.5", "-3,-2"])  # whole numbers overflow as others do
def test_what_runs_away_diverges(explore, start):
    tab = explore(f"objective=himmelblau&start={start}&steps=50&k=50")
    type_own(tab, "state = 0\ndef step(g, s): return (-g[0], -g[1]), s")
    click_run(tab)
    expect(tab.locator('.explorer-row:has([value="own"]) em')).to_contain_text(
        "diverged", timeout=20000
    )


def test_how_it_stands_is_spoken_once_it_has_run(explore):
    tab = explore("objective=sphere&gradient_descent=0.1&steps=20&k=20")
    type_own(tab, "state = 0\ndef step(g, s): return (-0.1 * g[0], -0.1 * g[1]), s")
    click_run(tab)
    row = tab.locator('.explorer-row:has([value="own"]) .number')
    expect(row).to_contain_text("f =", timeout=20000)
    expect(tab.locator(".explorer-spoken")).to_contain_text(f"Your own: {row.text_content()}")


def test_its_names_and_what_it_prints_are_its_own(explore):
    code = "gamma, e, state = 0.9, 0.1, 0\ndef objective(): pass\ndef step(g, s):\n"
    code += "    print(s)\n    s = gamma * s + g[0]\n    return (-e * s, -e * g[1]), s"
    tab = explore("objective=sphere&start=3,2&steps=10&k=10")
    type_own(tab, code)
    click_run(tab)
    expect(says(tab)).to_contain_text("f =", timeout=20000)
    settled(tab)
    ball = descend(OBJECTIVES["sphere"], Momentum(0.1, 0.9), (3, 2), max_steps=10).last
    assert numbers(tab, 1)[0][0] == pytest.approx(ball[0], rel=1e-3)


def test_its_noise_is_that_of_the_others(explore):
    tab = explore("objective=sphere&gradient_descent=0.1&noise=0.5&seed=3&steps=20&k=20")
    type_own(tab, "state = 0\ndef step(g, s): return (-0.1 * g[0], -0.1 * g[1]), s")
    click_run(tab)
    expect(says(tab)).to_contain_text("f =", timeout=20000)
    settled(tab)
    assert numbers(tab, 1)[0] == pytest.approx(numbers(tab, 0)[0], rel=1e-9)


def test_it_goes_with_its_chip_and_what_was_typed_comes_back(explore):
    tab = explore("objective=himmelblau")
    type_own(tab, BALL)
    chip = tab.get_by_role("button", name="Your own", exact=True)
    chip.click()
    expect(tab.locator(".own-code")).to_be_hidden()
    chip.click()
    expect(tab.locator(".own-code textarea")).to_have_value(BALL)
    tab.locator(".own-code textarea").focus()
    tab.keyboard.press("Escape")
    expect(tab.locator(".own-code").get_by_role("button", name="Run")).to_be_focused()


def test_on_a_phone_it_fits(explore):
    tab = explore("objective=himmelblau", viewport={"width": 390, "height": 800}, has_touch=True,
                  is_mobile=True)  # fmt: skip
    type_own(tab, BALL + "# " + "x" * 300)
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 390
    area = tab.locator(".own-code textarea")
    style = "(e) => [getComputedStyle(e).whiteSpace, parseFloat(getComputedStyle(e).fontSize)]"
    space, size = area.evaluate(style)
    assert area.bounding_box()["width"] > 340 and space == "pre" and size >= 16
    assert tab.locator(".own-code button").bounding_box()["height"] >= 43.5
