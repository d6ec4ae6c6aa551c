"""An optimizer of the reader's own, in Python, in the race, by the rules for the seven."""

from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import expect

from gdcore import OBJECTIVES
from tests.browser.test_explorer_own import BALL, click_run
from tests.browser.test_explorer_own import says as heard
from tests.browser.test_instrument_race import FIGURE, POLYNOMIAL, says
from tests.support.book import LANGUAGES
from tests.support.browsing import reload
from tests.support.instruments import alive, at_figure, drawn

FAST = {
    "test_it_joins_as_one_more_at_a_click_and_stays_as_the_finish_moves[en]",
}

PLAIN = """eta = 0.1
state = (0, 0)

def step(g, state):
    return (-eta * g[0], -eta * g[1]), state
"""
LISTS = """eta = 1
state = [0, 0]

def step(g, state):
    for i in 0, 1:
        state[i] = 0.9 * state[i] + g[i]
    print(state)
    return [-eta * v for v in state], state
"""
RATES = [0.001, 0.01, 0.1, 1, 10]
RACES = """async ([rules, codes]) => {
  if (!book.ownRace) await new Promise((done) => book.owned.wanted("own.js", done));
  const work = book.racing.race(rules);
  let turn;
  do turn = work.next(); while (!turn.done);
  const ours = {};
  for (const code of codes) {
    ours[code] = await new Promise((done) => book.ownRace.race(code, rules, () => {}, done));
  }
  return [Object.fromEntries(book.racing.METHODS.map((m, i) => [m, turn.value[i]])), ours];
}"""


def raced(its, codes, courses=POLYNOMIAL, **rules):
    """The scores of gdcore's methods, by name, and how the race of each code has ended."""
    given = {"rates": RATES, "degrees": 0, "sigma": 0, "seed": 0, "last": 10, **rules}
    given["courses"] = {name: OBJECTIVES[name].domain for name in courses}
    return its.page.evaluate(RACES, [given, codes])


@pytest.mark.parametrize(
    "its", [{}, {"last": 30, "degrees": 33, "seed": 2}, {"sigma": 0.1, "seed": 1}], ids=str
)
def test_plain_descent_and_momentum_score_as_gdcores_do(visit, its):
    scores, ours = raced(at_figure(visit, "en", *FIGURE), [PLAIN, BALL, LISTS], **its)
    assert max(scores["gradient_descent"]) > 0.5 and max(scores["momentum"]) > 0.5
    assert ours[PLAIN] == {"scores": scores["gradient_descent"], "tunes": True}
    assert ours[BALL] == ours[LISTS] == {"scores": scores["momentum"], "tunes": True}


def test_on_all_functions_it_scores_as_gdcores_does(visit):
    courses = [name for name, f in OBJECTIVES.items() if f.dim == 2]
    scores, ours = raced(at_figure(visit, "en", *FIGURE), [PLAIN], courses)
    # Sines and exponentials are rounded otherwise by Python than by JavaScript.
    within = pytest.approx(scores["gradient_descent"], abs=0.01)
    assert ours[PLAIN]["scores"] == within


def test_code_without_eta_races_as_it_is(visit):
    its = at_figure(visit, "en", *FIGURE)
    fixed = PLAIN.replace("eta = 0.1\n", "").replace("eta", "0.01")
    [scores, _], [_, ours] = raced(its, [], rates=[0.01]), raced(its, [fixed])
    assert ours[fixed] == {"scores": scores["gradient_descent"], "tunes": False}


SLOW = """() => {
  const run = book.page.python;
  window.late = 0;
  book.page.python = (before, code, tell, after) => {
    const many = after.match(/\\([\\d.e-]+,\\d+\\)/g)?.length ?? 0;
    if (many <= 20) return run(before, code, tell, after);
    late++;
    setTimeout(() => tell({ stopped: "", late: true }));
    return () => {};
  };
}"""


def test_what_takes_too_long_is_cut(visit):
    its = at_figure(visit, "en", *FIGURE)
    its.page.evaluate(SLOW)  # more than twenty descents at once
    scores, ours = raced(its, [PLAIN], ["booth", "valley"], last=3)
    assert its.page.evaluate("late") > 0
    assert ours[PLAIN] == {"scores": scores["gradient_descent"], "tunes": True}


def join(its, code=None, zh=False):
    its.get_by_role("radio", name="你自己的" if zh else "Your own", exact=True).check()
    area = its.get_by_role("textbox", name="Python")
    area.wait_for()
    if code is not None:
        area.fill(code)
    return area


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_joins_as_one_more_at_a_click_and_stays_as_the_finish_moves(visit, lang):
    zh = lang == "zh"
    its = at_figure(visit, lang, *FIGURE, "?finish=1")
    assert its.page.locator("script[src*='js/own.js']").count() == 0
    area = join(its, zh=zh)
    assert area.input_value() == PLAIN
    expect(heard(its)).to_have_text("还没有运行" if zh else "Not run yet")
    assert ("它还没有跑" if zh else "has not raced yet") in says(its)
    assert its.page.locator("script[src*=micropython]").count() == 0
    area.fill(PLAIN.replace("0.1", "3"))
    click_run(its, zh)
    joined = "已上场，eta" if zh else "In the race, its eta tuned"
    expect(heard(its)).to_contain_text(joined, timeout=120000)
    assert ("你押的排第" if zh else "Your bet is number") in says(its)
    np.testing.assert_allclose(drawn(its, 0, "blue", 2), drawn(its, 0, "orange", 2), atol=2e-3)
    its.locator(".instrument-handle").press("ArrowRight")
    expect(heard(its)).not_to_contain_text(joined)
    expect(heard(its)).to_contain_text(joined, timeout=120000)
    says(its)
    np.testing.assert_allclose(drawn(its, 0, "blue", 3), drawn(its, 0, "orange", 3), atol=2e-3)
    its.get_by_role("radio", name="Adam", exact=True).check()
    assert ("你的方法排第" if zh else "Your optimizer is number") in says(its)
    its.locator(".instrument-reset").click()
    expect(its.locator(".own-code")).to_be_hidden()
    assert join(its, zh=zh).input_value() == PLAIN.replace("0.1", "3")


def test_code_from_a_link_is_shown_and_waits_for_a_click(visit):
    hostile = PLAIN + "# </textarea><img src=x onerror=alert(1)>,&=%+\n"
    its = at_figure(visit, "en", *FIGURE, f"?finish=1&own={quote(hostile, safe='')}")
    area = its.get_by_role("textbox", name="Python")
    expect(area).to_have_value(hostile)
    expect(heard(its)).to_have_text("Not run yet")
    its.get_by_role("slider", name="angle").press("ArrowRight")  # nor as the rest is touched
    says(its)
    assert its.page.locator("script[src*=micropython]").count() == 0
    assert its.locator("img").count() == 0
    click_run(its)
    expect(heard(its)).to_contain_text("In the race", timeout=120000)
    its.page.wait_for_function("location.hash.includes('degrees=1')")
    reload(its.page)
    alive(its.page, FIGURE[1])
    expect(area).to_have_value(hostile)
    expect(heard(its)).to_have_text("Not run yet")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_wrong_is_said_and_the_others_stand(visit, lang):
    zh = lang == "zh"
    its = at_figure(visit, lang, *FIGURE, "?finish=2")
    need = "要有 state 和 step(g, state)" if zh else "state and step(g, state) are needed"
    steep = (
        "state = 0\ndef step(g, s):\n    if abs(g[0]) > 1e5:\n        1 / 0\n    return (0, 0), s"
    )
    where = "Rosenbrock 函数：第 4 行：" if zh else "Rosenbrock: Line 4: "  # none else is as steep
    loop = "state = 0\ndef step(g, s):\n    while True: pass"
    area = join(its, "", zh)
    others = says(its)
    assert ("走 3 步" if zh else "After 3 steps") in others
    for code, said in (
        ("", need),
        ("state = 0\ndef step(g, s): return 1", need),
        ("state = (", "第 1 行" if zh else "Line 1"),
        ("import os", "math"),
        (steep, where),
    ):
        area.fill(code)
        click_run(its, zh)
        expect(heard(its)).to_contain_text(said, timeout=120000)
        assert area.input_value() == code
        assert says(its) == others
        expect(heard(its)).to_contain_text(said)  # also when all is drawn anew
    area.fill(loop)
    click_run(its, zh)
    its.locator(".own-code").get_by_role("button", name="停止" if zh else "Stop").click()
    expect(heard(its)).to_have_text("已停止" if zh else "Stopped")
    assert area.input_value() == loop and says(its) == others


def test_on_a_phone_it_fits_and_escape_leaves_it(visit):
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    its = at_figure(visit, "en", *FIGURE, **phone)
    area = join(its, PLAIN + "# " + "x" * 300)
    assert its.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    style = "(e) => [getComputedStyle(e).whiteSpace, parseFloat(getComputedStyle(e).fontSize)]"
    assert area.evaluate(style) == ["pre", 16] and area.bounding_box()["width"] > 300
    button = its.locator(".own-code button")
    assert button.bounding_box()["height"] >= 43.5
    area.press("Escape")
    expect(button).to_be_focused()
