"""Questions that a reader answers before the page does; the answer is the build's."""

import pytest
from playwright.sync_api import expect

from press.ext.page.predict import terrain
from tests.support.book import LANGUAGES
from tests.support.browsing import reload
from tests.support.small_book import SmallBook
from tests.support.tiers import few

FAST = {
    "test_a_guess_is_judged_by_what_the_build_found[27-Right.]",
    "test_one_of_several_is_chosen_by_key[2]",
    "test_a_point_is_put_on_a_plot_and_judged_by_its_distance[3.2-1.8-Right.]",
    "test_a_line_is_drawn_on_a_plot_and_judged_by_its_heights[ups0-Right.]",
}

CHAPTER = """---
file_format: mystnb
kernelspec:
  name: python3
---
(small)=
# {zh}`小章` {en}`Small chapter`

```{code-cell} python
:tags: [remove-cell]
from myst_nb import glue

x, steps = 1.8, 0
while abs(2 * x) >= 0.01:
    x, steps = x - 0.1 * 2 * x, steps + 1
glue("steps", steps)
glue("way", 2)
glue("valley", (3.0, 2.0))
glue("falls", [10.0, 1.0, 0.1])
```

:::::{predict} steps
:answer: steps
:within: 2

::::{zh}
要走几步？
::::

::::{en}
How many steps?
::::

---

::::{zh}
每一步乘以 0.8。
::::

::::{en}
Each multiplies by 0.8.
::::
:::::

:::::{predict} way
:answer: way
:choices:

::::{zh}
往哪边走？

1. 上坡
2. 下坡
::::

::::{en}
Which way?

1. uphill
2. downhill
::::

---

::::{zh}
逆着坡度。
::::

::::{en}
Against the slope.
::::
:::::

:::::{predict} valley
:answer: valley
:within: 0.5
:point: x -6 6; y -4 4

::::{zh}
停在哪里？
::::

::::{en}
Where does it stop?
::::

---

::::{zh}
停在谷底。
::::

::::{en}
At the bottom.
::::
:::::

:::::{predict} falls
:answer: falls
:within: 0.05
:line: k 0 2; f 0.01 100 log

::::{zh}
怎样下降？
::::

::::{en}
How does it fall?
::::

---

::::{zh}
每步为原来的 1/10。
::::

::::{en}
To a tenth a step.
::::
:::::
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    book = SmallBook(tmp_path_factory.mktemp("predict") / "book")
    book.chapter.write_text(CHAPTER, encoding="utf-8")
    code, said = book.build()
    assert code == 0, said
    return book


@pytest.fixture
def ask(book, browser):
    """Open the chapter, in a browser of a reader who has not been there."""
    contexts = []

    def open_page(lang="en", **settings):
        contexts.append(browser.new_context(viewport={"width": 390, "height": 800}, **settings))
        tab = contexts[-1].new_page()
        path = book.folder / "_build" / "html" / lang / "chapters" / "small.html"
        tab.goto(path.as_uri())
        return tab

    yield open_page
    for context in contexts:
        context.close()


def number(tab):
    return tab.locator("#predict-steps")


@pytest.mark.parametrize(
    ("guess", "verdict"),
    [("27", "Right."), ("25", "Right."), ("29,0", "Right."), ("２７．０", "Right."),
     ("24", "Too low."), ("−3", "Too low."), ("1e3", "Too high.")],
)  # fmt: skip
def test_a_guess_is_judged_by_what_the_build_found(ask, guess, verdict):
    tab = ask()
    assert not number(tab).get_by_text("Each multiplies").is_visible()
    number(tab).get_by_label("Your guess").fill(guess)
    tab.keyboard.press("Enter")
    expect(number(tab).locator("output")).to_have_text(verdict)
    expect(number(tab).get_by_text("Each multiplies")).to_be_visible()
    assert number(tab).locator(".predict-value").text_content() == "27"


@pytest.mark.parametrize(
    "nonsense", ["", "  ", "many", "1/0", "NaN", "Infinity", "<b>1</b>", "1,000"]
)
def test_what_is_no_number_is_not_judged(ask, nonsense):
    tab = ask()
    number(tab).get_by_label("Your guess").fill(nonsense)
    tab.keyboard.press("Enter")
    expect(number(tab).locator("output")).to_have_text("Write a number, such as 0.5 or 1000.")
    assert not number(tab).get_by_text("Each multiplies").is_visible()
    assert number(tab).get_by_label("Your guess").input_value() == nonsense


@pytest.mark.parametrize("choice", [1, 2])
def test_one_of_several_is_chosen_by_key(ask, choice):
    tab = ask()
    way = tab.locator("#predict-way")
    way.get_by_role("button", name="That is my guess").click()
    expect(way.locator("output")).to_have_text("Choose one first.")
    way.get_by_label(["uphill", "downhill"][choice - 1], exact=True).focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")
    expect(way.locator("output")).to_have_text("Right." if choice == 2 else "Not 1.")
    assert way.locator("li.right:visible").text_content().strip() == "downhill"


def spot(plot, across, up):
    """A place of a plot, by its shares of the width and the height inside its edge."""
    box = plot.locator(".edge").bounding_box()
    return box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]


@pytest.mark.parametrize(("x", "y", "verdict"), [(3.2, 1.8, "Right."), (-3, 2, "Not there")])
def test_a_point_is_put_on_a_plot_and_judged_by_its_distance(ask, x, y, verdict):
    tab = ask()
    valley = tab.locator("#predict-valley")
    valley.scroll_into_view_if_needed()
    valley.locator(".instrument-handle").wait_for()
    valley.get_by_role("button", name="That is my guess").click()
    expect(valley.locator("output").last).to_contain_text("Put a point")
    tab.mouse.click(*spot(valley, (x + 6) / 12, (y + 4) / 8))
    valley.get_by_role("button", name="That is my guess").click()
    expect(valley.locator(".predict-form output")).to_contain_text(verdict)
    expect(valley.get_by_text("At the bottom.")).to_be_visible()
    reload(tab)  # it is kept
    expect(valley.locator(".predict-form output")).to_contain_text(verdict)
    assert "=" not in tab.url


def where_the_diver_stops():
    x, y = -0.4, -0.65
    while True:
        a, b = x * x + y - 11, x + y * y - 7
        slopes = 4 * x * a + 2 * b, 2 * a + 4 * y * b
        if max(map(abs, slopes)) <= 0.01:
            return x, y
        x, y = x - 0.01 * slopes[0], y - 0.01 * slopes[1]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("right", [True, False])
def test_the_diver_of_the_book_stops_where_its_answer_is_on_a_plane_of_equal_scales(
    visit, lang, right
):
    tab = visit(f"{lang}/chapters/himmelblau.html#predict-where-he-stops")
    question = tab.locator("#predict-where-he-stops")
    question.locator(".instrument-handle").wait_for()
    box = question.locator(".edge").bounding_box()
    assert abs(box["width"] - box["height"]) < 1  # both go from -5 to 5
    x, y = where_the_diver_stops() if right else (3.58, -1.85)  # the nearest bottom
    tab.mouse.click(*spot(question, (x + 5) / 10, (y + 5) / 10))
    question.locator(".predict-form button").first.click()
    verdict = question.locator(".predict-form output")
    expect(verdict).to_contain_text(
        {"zh": ["看答案在哪里", "猜中了"], "en": ["Not there", "Right."]}[lang][right]
    )


@pytest.mark.parametrize(
    ("ups", "verdict"),
    [([0.75, 0.5, 0.25], "Right."), ([0.75, 0.75, 0.75], "Not as you drew it")],
)  # 10, 1 and 0.1 between 0.01 and 100
def test_a_line_is_drawn_on_a_plot_and_judged_by_its_heights(ask, ups, verdict):
    tab = ask()
    falls = tab.locator("#predict-falls")
    falls.scroll_into_view_if_needed()
    falls.locator(".instrument-handle").wait_for()
    tab.mouse.move(*spot(falls, 0.01, ups[0]))
    tab.mouse.down()
    for across, up in zip((0.5, 0.99), ups[1:], strict=True):
        tab.mouse.move(*spot(falls, across, up))
    tab.mouse.up()
    falls.get_by_role("button", name="That is my guess").click()
    expect(falls.locator(".predict-form output")).to_contain_text(verdict)
    answer = falls.locator("path[stroke='var(--figure-ink)']")
    expect(answer).to_have_count(1)  # beside it
    falls.get_by_role("button", name="Guess again").click()
    expect(answer).to_have_count(0)


def test_a_line_is_drawn_by_keys(ask):
    tab = ask()
    falls = tab.locator("#predict-falls")
    falls.scroll_into_view_if_needed()
    falls.locator(".instrument-handle").focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowDown", "ArrowRight"):
        tab.keyboard.press(key)
    falls.get_by_role("button", name="That is my guess").click()
    expect(falls.locator(".predict-form output")).to_contain_text("Not as you drew it")


def test_who_has_seen_the_answer_has_nothing_to_guess(ask):
    tab = ask()
    number(tab).locator("summary").click()
    expect(number(tab).get_by_role("button", name="That is my guess")).to_be_disabled()
    number(tab).locator("summary").click()
    expect(number(tab).get_by_role("button", name="That is my guess")).to_be_enabled()


def test_a_guess_is_there_after_a_reload_and_in_the_other_language_until_it_is_taken_back(ask):
    tab = ask()
    number(tab).get_by_label("Your guess").fill("30")
    tab.keyboard.press("Enter")
    for _again in range(2):
        expect(number(tab).locator("output")).to_have_text("Too high.")
        reload(tab)
    tab.goto(tab.url.replace("/en/", "/zh/"))
    assert number(tab).get_by_label("你猜").input_value() == "30"
    expect(number(tab).locator("output")).to_have_text("猜大了。")
    number(tab).get_by_role("button", name="重新猜").click()
    assert number(tab).get_by_label("你猜").input_value() == ""
    reload(tab)
    assert not number(tab).locator("details").evaluate("e => e.open")
    assert number(tab).get_by_label("你猜").input_value() == ""


def test_what_storage_may_hold_instead_of_a_guess_is_passed_over(ask):
    tab = ask()
    tab.evaluate("localStorage.setItem('predict-steps', '<img src=x onerror=alert(1)>')")
    reload(tab)
    assert number(tab).get_by_label("Your guess").input_value() == ""
    assert not number(tab).locator("details").evaluate("e => e.open")


def test_without_a_script_the_answer_can_be_opened(ask):
    tab = ask(java_script_enabled=False)
    assert number(tab).locator("form").count() == 0
    number(tab).locator("summary").click()
    assert number(tab).get_by_text("Each multiplies").is_visible()
    assert "The answer is" in number(tab).inner_text() and "27" in number(tab).inner_text()


def test_targets_are_large_enough_for_a_finger(ask):
    tab = ask(has_touch=True, is_mobile=True)
    tab.locator(".predict-form").first.wait_for()
    for control in tab.locator(".predict :is(button, label, summary):visible").all():
        assert control.bounding_box()["height"] >= 43.5


MISTAKES = [
    (":answer: steps\n", ""),
    ("\n---\n\n::::{zh}\n每一步", "\n::::{zh}\n每一步"),
    (":within: 2", ":within: -1"),
    ('glue("steps", steps)', 'import numpy as np; glue("steps", np.float64(27))'),
    ("f 0.01 100 log", "f 0 100 log"),
    ("x -6 6; ", ""),
]


@pytest.mark.parametrize(("old", "new"), few(MISTAKES))
def test_a_question_that_cannot_be_asked_stops_the_build(tmp_path, old, new):
    book = SmallBook(tmp_path / "book")
    assert old in CHAPTER
    book.chapter.write_text(CHAPTER.replace(old, new, 1), encoding="utf-8")
    code, said = book.build()
    assert code != 0
    errors = ("{predict} asks for", "zero or more", "from less to more", "expected two axes")
    errors += ("which is no number",)
    assert "small.md" in said and any(error in said for error in errors), said


@pytest.mark.parametrize("wrong", [None, "", "himmelblau", "himmelblau 1", "hill 1 2", "easom 1 b"])
def test_a_terrain_is_an_objective_and_a_start(wrong):
    assert terrain(" himmelblau  -0.4 -0.65 ") == "himmelblau -0.4 -0.65"
    with pytest.raises(ValueError, match=r"expected an objective|could not convert"):
        terrain(wrong)
