"""Exercises that answer, in a browser: in MicroPython each check tells right from wrong."""

import re
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.book import CHAPTERS, LANGUAGES, ROOT
from tests.support.browsing import lies_on_its_colors, reload
from tests.support.exercises import exercises

FAST = {
    "test_stub_and_wrong_answers_fail_and_the_solution_passes[en/history]",
    "test_a_wrong_answer_is_told_with_its_values",
    "test_what_was_typed_and_solved_outlives_a_reload_and_a_change_of_language",
}

RIGHT = {"zh": "✓ 做对了。", "en": "✓ Right."}
OF = {c: exercises((ROOT / "chapters" / f"{c}.md").read_text("utf-8")) for c in CHAPTERS}
BUSY = re.compile("^(正在检查……|Checking …)?$")
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


class Its:
    """An exercise on a page."""

    def __init__(self, tab, name):
        self.tab, self.name, self.root = tab, name, tab.locator(f"#exercise-{name}")
        self.told = self.root.locator(".exercise-told")
        self.start = self.root.locator(".exercise-start")
        self.area = self.root.locator(".exercise-code")

    def check(self, answer=None):
        if answer is not None:
            self.root.locator(".exercise-code, .exercise-bar input").fill(answer)
        self.start.click()
        return expect(self.told)

    def said(self, answer=None) -> str:
        self.check(answer).not_to_have_text(BUSY, timeout=30000)
        return self.told.inner_text()


@pytest.fixture
def exercise(visit):
    def find(chapter, name, lang="en", **settings):
        return Its(visit(f"{lang}/chapters/{chapter}.html", **settings), name)

    return find


@pytest.mark.parametrize("place", [*product(LANGUAGES, filter(OF.get, CHAPTERS))], ids="/".join)
def test_stub_and_wrong_answers_fail_and_the_solution_passes(visit, place):
    lang, chapter = place
    tab = visit(f"{lang}/chapters/{chapter}.html")
    for written in OF[chapter]:
        its = Its(tab, written.name)
        assert its.root.locator(".exercise-wrong").count() == len(written.wrong)
        if not written.numeric:
            assert its.area.input_value() == written.stub
            assert RIGHT[lang] not in its.said()
        for answer, words in written.wrong:
            said = its.said(answer.strip())
            assert words[lang] in said and RIGHT[lang] not in said, (written.name, answer, said)
        shown = ".predict-value" if written.numeric else ".exercise-solution pre"
        solution = its.root.locator(shown).first.text_content()
        its.check(solution).to_have_text(RIGHT[lang], timeout=30000)


def test_a_wrong_answer_is_told_with_its_values(exercise):
    its = exercise("one-dimension", "all-the-points")
    said = its.said("def descend(x, eta, steps):\n    return [5] * (steps + 1)")
    assert said == "descend(0, 0.25, 3) should be [0, 1.5, 2.25, 2.625]; yours is [5, 5, 5, 5]."
    assert its.said("def descend(x, eta, steps):\n    return x +").startswith("Line 2: ")
    assert "a name is used that nothing defines" in its.said("def down(x): return x")
    assert its.said("def descend(x, eta, steps):\n    return [y]").startswith("Line 2: ")
    assert (
        its.said("def descend（x）:\n    return x")
        == "Line 1: Python has no （ ）: write the half-width ( )"
    )
    its.check("while True: pass")
    its.start.click()
    expect(its.told).to_have_text("Stopped")


@pytest.mark.parametrize(
    ("answer", "got", "want"),
    [
        ("x - 0.1, 25", "(0.2, 25)", "(3.4, 25)"),  # 0.3 - 0.1 has 17 digits
        ("1000000 / 7, 1e-7 / 3", "(142857.1, 3.33333e-08)", "(3.4, 25)"),
        ("3.4000001, 25", "(3.4000001, 25)", "(3.4, 25)"),  # shown in full: else they look equal
        ("3.4000001, 26 / 3", "(3.4000001, 8.666666666666666)", "(3.4, 25)"),
        ("3.3999999999999, 26 / 3", "(3.4, 8.66667)", "(3.4, 25)"),
    ],
)
def test_values_are_told_in_six_digits_unless_they_would_look_equal(exercise, answer, got, want):
    said = exercise("adaptive", "adagrad-step").said(
        f"def step(x, s, g, eta):\n    x = 0.3\n    return {answer}"
    )
    assert f"should be {want}; yours is {got}." in said


def test_what_is_printed_is_shown_as_text(exercise):
    its = exercise("one-dimension", "all-the-points")
    its.said("print('<b>6</b>')\nimport os")
    assert its.root.locator(".run-output").inner_text().strip() == "<b>6</b>"
    assert not its.root.locator(".run-output b").count()


def test_hints_come_one_at_a_time_and_the_solution_last(exercise):
    its = exercise("one-dimension", "all-the-points")
    first, second = its.root.locator(".hint").all()
    solution = its.root.locator(".solution")
    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    expect(solution).to_be_hidden()
    first.locator("summary").click()
    expect(second).to_be_visible()
    expect(solution).to_be_hidden()
    second.locator("summary").click()
    expect(solution).to_be_visible()


def test_what_was_typed_and_solved_outlives_a_reload_and_a_change_of_language(exercise):
    its = exercise("one-dimension", "all-the-points")
    tab, code = its.tab, its.root.locator(".exercise-solution pre").text_content()
    its.check(code).to_have_text(RIGHT["en"], timeout=30000)
    expect(its.root.locator(".solution")).to_be_visible()  # a reward
    reload(tab)
    assert its.area.input_value() == code
    expect(its.told).to_have_text("✓ You have solved this one.")
    tab.locator("a.language-link:visible").first.click()
    tab.wait_for_url("**/zh/**")
    assert its.area.input_value() == code
    expect(its.told).to_have_text("✓ 这道题你做对过。")
    its.root.get_by_role("button", name="恢复").click()
    assert its.area.input_value() == OF["one-dimension"][0].stub
    reload(tab)
    assert its.area.input_value() == OF["one-dimension"][0].stub


def test_what_was_typed_for_another_stub_is_not_for_this_one(visit):
    tab = visit("en/chapters/one-dimension.html")
    for kept in ('["mine", "an older stub"]', "no JSON", "[1]"):
        tab.evaluate("(kept) => localStorage.setItem('exercise-all-the-points', kept)", kept)
        reload(tab)
        assert Its(tab, "all-the-points").area.input_value() == OF["one-dimension"][0].stub


def test_the_front_page_shows_progress_and_forgets_it_at_a_click(visit):
    tab = visit("en/index.html")
    assert tab.locator(".chapter-progress, .solved-so-far").count() == 0
    names = [written.name for written in OF["one-dimension"]]
    tab.evaluate("(name) => localStorage.setItem(`solved-${name}`, '1')", names[0])
    tab.evaluate("(name) => localStorage.setItem(`exercise-${name}`, 'x')", names[0])
    reload(tab)
    card = tab.locator("a.chapter-card[href*=one-dimension]")
    assert (
        card.locator(".chapter-progress").inner_text()
        == f"1 of {len(names)} checked exercises solved"
    )
    assert tab.locator(".chapter-progress").count() == 1
    every = sum(map(len, OF.values()))
    assert f"solved 1 of the {every} exercises" in tab.locator(".solved-so-far").inner_text()
    tab.goto(tab.url.replace("/en/", "/zh/"))
    assert card.locator(".chapter-progress").inner_text() == f"做对 1 道，共 {len(names)} 道能检查"
    tab.once("dialog", lambda dialog: dialog.accept())
    tab.get_by_role("button", name="忘掉练习").click()
    expect(tab.locator(".solved-so-far")).to_have_text("已经忘掉了。")
    assert tab.locator(".chapter-progress").count() == 0
    kept = tab.evaluate(
        "Object.entries(localStorage).filter(([k]) => /^(solved|exercise)-/.test(k))"
    )
    assert all(value == "" for _, value in kept)
    reload(tab)
    assert tab.locator(".chapter-progress, .solved-so-far").count() == 0


def test_keys_alone_suffice(exercise):
    its = exercise("one-dimension", "all-the-points")
    keyboard, code = its.tab.keyboard, its.root.locator(".exercise-solution pre").text_content()
    its.area.focus()
    keyboard.press("Control+A")
    keyboard.insert_text(code.rstrip("\n"))
    keyboard.press("Control+Enter")
    expect(its.told).to_have_text(RIGHT["en"], timeout=30000)
    keyboard.press("Control+A")
    keyboard.type("if x:")
    keyboard.press("Enter")
    keyboard.type("y")
    assert its.area.input_value() == "if x:\n    y"
    keyboard.press("Escape")
    expect(its.start).to_be_focused()


def test_nothing_runs_and_no_engine_comes_before_a_click(exercise):
    its = exercise("one-dimension", "all-the-points")
    assert its.told.inner_text() == ""
    engine = its.tab.locator("script[src*=micropython]")
    assert engine.count() == 0
    its.said()
    assert engine.count() == 1


def test_field_and_colors_lie_on_each_other(exercise):
    its = exercise("one-dimension", "all-the-points")
    its.area.fill("x = 1  # one\n" * 30 + "y = '" + "long" * 40 + "'")
    lies_on_its_colors(its.area)
    assert its.root.locator(".exercise-stub pre .c1").count() == 30


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_fits(exercise, scheme):
    its = exercise("one-dimension", "all-the-points", color_scheme=scheme, **PHONE)
    its.root.scroll_into_view_if_needed()  # its field comes as one nears it
    its.area.fill("y = '" + "long" * 40 + "'")
    assert its.tab.evaluate("document.scrollingElement.scrollWidth") <= 390
    for button in its.root.locator("button:visible, summary:visible").all():
        assert button.bounding_box()["height"] >= 43.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("chapter", "name", "answer"),
    [
        ("one-dimension", "all-the-points", "def descend(*a): return 0"),
        ("history", "roots-of-kappa", "3"),
    ],
)
def test_axe_finds_no_violation_in_an_exercise_that_was_answered(
    exercise, chapter, name, answer, scheme
):
    its = exercise(chapter, name, "zh", color_scheme=scheme, reduced_motion="reduce")
    its.said(answer)
    its.root.locator(".hint summary").first.click()
    its.tab.evaluate("document.documentElement.classList.remove('from-the-top')")
    options = {"resultTypes": ["violations"], "preload": False}
    results = Axe().run(its.tab, context=f"#exercise-{name}", options=options).response
    assert results["passes"] and results["violations"] == []


def test_without_a_script_all_of_it_stands_there(visit):
    tab = visit("en/chapters/one-dimension.html", java_script_enabled=False)
    root = tab.locator("#exercise-all-the-points")
    assert root.locator("textarea, button").count() == 0
    assert "points = [x]" in root.locator(".exercise-stub").inner_text()
    for one in root.locator("details").all():
        expect(one).to_be_visible()
    expect(root.locator(".exercise-wrong").first).to_be_hidden()


def test_on_paper_all_hints_stand_there(exercise):
    its = exercise("one-dimension", "all-the-points")
    hints = its.root.locator("details").all_text_contents()
    its.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    its.tab.emulate_media(media="print")
    shown = its.tab.locator("details.hint, details.solution").all()
    assert 0 < len(hints) <= len(shown)
    for one in shown:
        expect(one).to_be_visible()
    assert not its.root.locator("button, textarea").first.is_visible()
