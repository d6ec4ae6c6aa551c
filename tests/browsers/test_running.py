"""What answers a reader, in each browser, from a file: Python, exercises, cards, questions."""

import pytest

from gdcore import Momentum, descend, valley
from tests.browser.test_explorer_own import BALL
from tests.browser.test_run import WORDS
from tests.support.book import LANGUAGES
from tests.support.browsers import click, says, until, write
from tests.support.browsing import reload
from tests.support.instruments import settled
from tests.support.numbers import read as number

pytestmark = pytest.mark.browsers
EXERCISE = "#exercise-all-the-points"
MARK = """(words) => {
  document.querySelectorAll("details").forEach((e) => (e.open = true));
  const number = [...document.querySelectorAll(".cell:has(.run)")]
    .find((cell) => cell.textContent.includes(words)).querySelector(".run").dataset.number;
  document.querySelector(`.cell:has(.run[data-number="${number}"])`).id = "its";
}"""
# Marks a text in a field, as a reader does before typing something else.
SELECT = """([selector, text]) => {
  const field = document.querySelector(selector);
  field.focus();
  const from = field.value.indexOf(text);
  field.setSelectionRange(from, from + text.length);
  return from >= 0;
}"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_cell_prints_what_the_build_printed_and_a_changed_one_its_own(read, lang):
    run, same, mine, restore, change = WORDS[lang]
    tab = read(f"{lang}/chapters/one-dimension.html")
    tab.evaluate(MARK, "trace = gd(0.2)")
    assert tab.evaluate("document.querySelectorAll('script[src*=micropython]').length") == 0
    click(tab, "#its button", run)
    until(tab, "#its .run output", same)
    assert "epoch 10, x: 0.06046617599999997\n" in says(tab, "#its .run-output")
    click(tab, "#its button", change)
    assert tab.evaluate(SELECT, ["#its textarea", "0.2"])
    tab.keyboard.type("1.1")
    tab.keyboard.press("Control+Enter")
    until(tab, "#its .run output", mine)
    assert says(tab, "#its .run-output") == "epoch 10, x: 61.917364224000096\n"
    reload(tab)
    tab.evaluate(MARK, "trace = gd(1.1)")
    assert "trace = gd(1.1)" in tab.evaluate("document.querySelector('#its pre').textContent")
    click(tab, "#its button", restore)
    assert "trace = gd(0.2)" in tab.evaluate("document.querySelector('#its pre').textContent")


def test_what_does_not_end_is_stopped_and_the_page_lives(read):
    tab = read("en/chapters/one-dimension.html")
    tab.evaluate(MARK, "trace = gd(0.2)")
    click(tab, "#its button", "Change")
    write(tab, "#its textarea", "while True: pass")
    click(tab, "#its button", "Run")
    click(tab, "#its button", "Stop")
    until(tab, "#its .run output", "Stopped")
    write(tab, "#its textarea", "print('alive')")
    click(tab, "#its button", "Run")
    until(tab, "#its .run-output", "alive")


def test_an_error_is_said_with_its_line(read):
    tab = read("zh/chapters/one-dimension.html")
    tab.evaluate(MARK, "trace = gd(0.2)")
    click(tab, "#its button", "修改")
    write(tab, "#its textarea", "x = 1\ny = 2 * z")
    click(tab, "#its button", "运行")
    until(tab, "#its .run-error", "第 2 行：用到了没有定义的名字")


def test_an_exercise_fails_with_its_stub_and_passes_with_its_solution(read):
    tab = read("en/chapters/one-dimension.html")
    click(tab, f"{EXERCISE} .exercise-start")
    until(tab, f"{EXERCISE} .exercise-told", "should be [0, 1.5, 2.25, 2.625]")
    solution = says(tab, f"{EXERCISE} .exercise-solution pre")
    write(tab, f"{EXERCISE} .exercise-code", solution)
    click(tab, f"{EXERCISE} .exercise-start")
    until(tab, f"{EXERCISE} .exercise-told", "✓ Right.")
    click(tab, "a.language-link")  # what is kept, is kept for other pages
    tab.wait_for_function("document.documentElement.lang === 'zh-CN'")
    until(tab, f"{EXERCISE} .exercise-told", "✓ 这道题你做对过。")
    assert tab.evaluate(f"document.querySelector('{EXERCISE} textarea').value") == solution


def test_an_optimizer_of_the_readers_own_goes_where_gdcore_goes(read):
    query = "objective=valley&start=-3,-2&gradient_descent=0.4&steps=20&k=20"
    tab = read(f"en/explorer.html#fig-explorer?{query}")
    tab.wait_for_function("document.querySelector('.explorer-row:not([hidden])')")
    click(tab, ".explorer-chip", "Your own")
    tab.wait_for_function("document.querySelector('.own-code textarea')?.checkVisibility()")
    write(tab, ".own-code textarea", BALL.replace("0.002, 0.9", "0.4, 0.5"))
    tab.evaluate("() => (document.querySelector('.explorer-drawer').open = true)")
    click(tab, ".own-code button", "Run")
    until(tab, ".own-code output", "f =")
    settled(tab)
    ball = descend(valley, Momentum(0.4, 0.5), (-3, -2), max_steps=20)
    shown = tab.evaluate(
        """[...document.querySelectorAll(".explorer tbody tr")[1].querySelectorAll("td")]
          .map((cell) => cell.textContent)"""
    )
    expected = [*ball.last, *valley.grad(ball.last), ball.f[-1]]
    assert [number(cell) for cell in shown[:-1]] == pytest.approx(expected, rel=1e-3)


def test_a_card_is_answered_and_a_missed_one_comes_again_on_the_page_of_all(read):
    tab = read("en/chapters/one-dimension.html")
    click(tab, ".recall summary")
    click(tab, ".recall button", "Show the answer")
    until(tab, ".recall dd:not(.recall-waits)", "Opposite.")
    click(tab, ".recall button", "I knew it")
    click(tab, ".recall button", "Show the answer")
    click(tab, ".recall button", "I didn’t")
    kept = "[localStorage['recall-descent-sign'], localStorage['recall-descent-predicted']]"
    assert [known.split()[0] for known in tab.evaluate(kept)] == ["1", "0"]
    reload(tab)
    click(tab, ".recall summary")
    until(tab, ".recall-count", "1 / ")
    assert [known.split()[0] for known in tab.evaluate(kept)] == ["1", "0"]


def test_a_guess_is_answered_and_kept_over_a_reload(read):
    tab = read("en/chapters/one-dimension.html")
    click(tab, "#predict-no-lower input")
    tab.keyboard.type("1")
    tab.keyboard.press("Enter")
    until(tab, "#predict-no-lower output", "Right.")
    assert tab.evaluate("document.querySelector('#predict-no-lower details').open")
    reload(tab)
    until(tab, "#predict-no-lower output", "Right.")
