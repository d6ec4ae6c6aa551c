"""Cells that run in the page print what the build printed, and what a reader types is theirs."""

import pytest
from playwright.sync_api import expect

from tests.support.book import CHAPTERS, LANGUAGES

WORDS = {
    "zh": ("运行", "和书里印的一样", "这是你的结果", "复原", "出错了"),
    "en": ("Run", "As the book printed it", "Your output", "Restore", "An error"),
}


@pytest.fixture
def cell(visit):
    """Open a chapter; give the place of the first cell that holds these words."""

    def find(chapter, words, lang="en", **settings):
        tab = visit(f"{lang}/chapters/{chapter}.html", **settings)
        tab.evaluate("document.documentElement.classList.remove('from-the-top')")
        found = tab.locator(".cell", has=tab.locator(".run")).filter(has_text=words).first
        number = found.locator(".run").get_attribute("data-number")
        return tab.locator(".cell", has=tab.locator(f".run[data-number='{number}']"))

    return find


def type_into(cell, code: str) -> None:
    cell.get_by_role("button", name="Change").click()
    cell.locator("textarea").fill(code)
    cell.get_by_role("button", name="Run").click()


def replace(cell, old: str, new: str) -> None:
    code = cell.locator("textarea").input_value()
    assert old in code
    type_into(cell, code.replace(old, new))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_prints_what_the_build_printed(visit, soup, chapter):
    lang = "zh" if CHAPTERS.index(chapter) % 2 else "en"
    places = soup(lang, f"chapters/{chapter}").select(".run")
    assert chapter not in ("one-dimension", "learning-rate", "himmelblau") or len(places) >= 3
    if not places:
        assert soup(lang, f"chapters/{chapter}").select("script[src*='js/run.js']") == []
        return
    tab = visit(f"{lang}/chapters/{chapter}.html")
    tab.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))")
    tab.evaluate("document.documentElement.classList.remove('from-the-top')")
    for place in tab.locator(".run").all():
        place.locator(".run-start").click()
        expect(place.locator("output")).to_have_text(WORDS[lang][1], timeout=20000)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_changed_rate_gives_the_number_of_that_rate(cell, lang):
    run, _, mine, restore, _ = WORDS[lang]
    its = cell("one-dimension", "trace = gd(0.2)", lang)
    its.locator(".run button").nth(1).click()
    code = its.locator("textarea").input_value()
    its.locator("textarea").fill(code.replace("gd(0.2)", "gd(1.1)"))
    its.get_by_role("button", name=run).click()
    expect(its.locator(".run-output")).to_have_text("epoch 10, x: 61.917364224000096\n")
    expect(its.locator(".run output")).to_have_text(mine)
    assert "0.06046617599999997" in its.locator(".output").inner_text()  # the book's stays
    its.get_by_role("button", name=restore).click()
    assert its.locator("textarea").input_value() == code
    expect(its.locator(".run-output")).to_be_hidden()


def test_a_later_cell_goes_by_what_the_reader_made_of_an_earlier_one(cell):
    first = cell("one-dimension", "return 2 * x  # the derivative")
    replace(first, "return 2 * x", "return 0 * x")
    its = first.page.locator(".cell", has=first.page.locator(".run[data-number='1']"))
    its.get_by_role("button", name="Run").click()
    expect(its.locator(".run-output")).to_have_text("epoch 10, x: 10.0\n")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("x = 1\ny = 2 * z", "Line 2: a name is used that nothing defines"),
        ("x = (1", "Line 1: this is not Python"),
        ("def f():\nreturn 1", "Line 2: "),
        ("1 / 0", "Line 1: a division by zero"),
        ("[1][2]", "Line 1: an index is out of range"),
        ("import numpy", "Line 1: only math, random"),
        ("def f(n): return f(n + 1)\nf(0)", "a recursion too deep"),
        ("x = [0]\nwhile True: x = x + x", "the memory is used up"),
    ],
)
def test_an_error_is_said_with_its_line(cell, code, said):
    its = cell("one-dimension", "trace = gd(0.2)")
    type_into(its, code)
    expect(its.locator(".run-error")).to_contain_text(said, timeout=20000)
    expect(its.locator(".run output")).to_have_text("An error")


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("print('梯度 η é')", "梯度 η é\n"),
        ("if True:\r\n\tprint(1)\r\n", "1\n"),
        ("print(1, end='')", "1"),
        ("print(f'{2/3:.3f} {7:03d} {1e-9} {10**20} {-0.0} {float(\"nan\")}')",
         f"{2/3:.3f} {7:03d} {1e-9} {10**20} {-0.0} {float('nan')}\n"),
    ],
)  # fmt: skip
def test_letters_ends_of_lines_and_numbers_are_those_of_python(cell, code, printed):
    its = cell("one-dimension", "trace = gd(0.2)")
    type_into(its, code)
    expect(its.locator(".run-output")).to_have_text(printed, use_inner_text=False, timeout=20000)


def test_an_empty_cell_runs(cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    type_into(its, "")
    expect(its.locator(".run output")).to_have_text("Your output")


def test_what_does_not_end_is_stopped_and_the_page_lives(cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    type_into(its, "while True: pass")
    its.get_by_role("button", name="Stop").click()
    expect(its.locator(".run output")).to_have_text("Stopped.")
    type_into(its, "while True: print('x' * 99)")
    expect(its.locator(".run output")).to_have_text("It printed too much: stopped.", timeout=20000)
    assert len(its.locator(".run-output").text_content()) < 100000
    type_into(its, "while True: pass")
    expect(its.locator(".run output")).to_contain_text("Not done after", timeout=20000)
    type_into(its, "print('alive')")
    expect(its.locator(".run-output")).to_have_text("alive\n", timeout=20000)


def test_what_was_typed_is_there_after_a_reload_and_runs_only_at_a_click(cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    type_into(its, "print('<b>mine</b>')")
    tab = its.page
    tab.reload()
    assert its.locator("textarea").input_value() == "print('<b>mine</b>')"
    assert its.locator(".run-output").text_content() == "" and not its.locator("b").count()


def test_not_a_byte_of_the_engine_comes_before_the_first_click(visit, cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    asked = "() => performance.getEntriesByType('resource').map((e) => e.name).join()"
    assert "micropython" not in its.page.evaluate(asked)
    assert its.page.locator("script[src*=micropython]").count() == 0
    its.get_by_role("button", name="Run").click()
    expect(its.locator(".run output")).to_have_text("As the book printed it", timeout=20000)
    assert its.page.locator("script[src*=micropython]").count() == 1


def test_keys_alone_suffice_and_escape_leaves(cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    tab = its.page
    its.get_by_role("button", name="Change").focus()
    tab.keyboard.press("Enter")
    expect(its.locator("textarea")).to_be_focused()
    tab.keyboard.press("Control+A")
    tab.keyboard.type("print(6 * 7)")
    tab.keyboard.press("Control+Enter")
    expect(its.locator(".run-output")).to_have_text("42\n", timeout=20000)
    tab.keyboard.press("Escape")
    expect(its.get_by_role("button", name="Change")).to_be_focused()
    assert (
        its.locator("textarea").is_hidden()
        and "6 * 7" in its.locator(".cell_input pre").first.inner_text()
    )


def test_on_a_phone_it_fits(cell):
    its = cell(
        "one-dimension",
        "trace = gd(0.2)",
        viewport={"width": 390, "height": 800},
        has_touch=True,
        is_mobile=True,
    )
    for button in its.locator(".run button:visible").all():
        assert button.bounding_box()["height"] >= 43.5
    its.get_by_role("button", name="Change").click()
    assert its.page.evaluate("document.scrollingElement.scrollWidth") <= 390


def test_without_a_script_there_is_nothing_to_press(visit):
    tab = visit("en/chapters/one-dimension.html", java_script_enabled=False)
    assert tab.locator(".run").count() >= 3 and not tab.locator(".run button").count()
