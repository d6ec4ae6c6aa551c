"""Cards to recall: asked one at a time where they stand, and again when their day has come."""

import json
import re
from datetime import date, datetime, timedelta, timezone

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.book import LANGUAGES, ROOT
from tests.support.browsing import reload
from tests.support.small_book import SmallBook

FAST = {
    "test_a_card_is_asked_then_answered_and_the_next_one_comes",
    "test_the_review_asks_what_was_missed_until_it_is_known",
    "test_a_card_goes_by_the_rule",
}

CARDS = r"""
(rule)=
## {zh}`规则` {en}`The rule`

$$
x \leftarrow x - \eta f'(x)
$$ (rule-update)

```{recall}
- name: sign
  of: rule-update
  q: "{zh}`$f'(x)$ 前是什么符号？` {en}`Which sign stands before $f'(x)$?`"
  a: "{zh}`减号。` {en}`A minus.`"
- name: rate
  q: >-
    {zh}`$\eta$ 叫什么？`
    {en}`What is $\eta$ called?`
  a: "{zh}`学习率 $\\eta$。` {en}`The learning rate $\\eta$.`"
```
"""
OTHER = """
```{recall}
- name: other
  q: "{zh}`另一章？` {en}`Another chapter?`"
  a: "{zh}`是。` {en}`It is.`"
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    book = SmallBook(tmp_path_factory.mktemp("recall") / "book")
    (book.folder / "chapters" / "roots.md").unlink()  # whose card would be one more
    book.edit("index.md", "chapters/roots\n", "")
    with book.chapter.open("a", encoding="utf-8") as chapter:
        chapter.write(CARDS)
    book.add_chapter("other", "x = 1")
    with (book.folder / "chapters" / "other.md").open("a", encoding="utf-8") as chapter:
        chapter.write(OTHER)
    review = (ROOT / "review.md").read_text(encoding="utf-8")
    (book.folder / "review.md").write_text(review, encoding="utf-8")
    book.edit("index.md", "chapters/other\n", "chapters/other\nreview\n")
    code, said = book.build()
    assert code == 0, said
    return book


@pytest.fixture
def visit(book, browser):
    """Open a page, in a browser of a reader who has not been there; nothing goes wrong on it."""
    contexts, troubles = [], []

    def open_page(path="en/chapters/small.html", **settings):
        settings = {"viewport": {"width": 390, "height": 800}, **settings}
        contexts.append(browser.new_context(**settings))
        tab = contexts[-1].new_page()
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.goto((book.folder / "_build" / "html" / path).as_uri())
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def go(tab, path):
    tab.goto(re.sub(r"/html/.*", f"/html/{path}", tab.url))


def kept(tab):
    """What is kept of each card: how many times running it was known."""
    found = json.loads(tab.evaluate("JSON.stringify(localStorage)"))
    cards = {key: value for key, value in found.items() if key.startswith("recall-") and value}
    return {key.removeprefix("recall-"): int(value.split()[0]) for key, value in cards.items()}


def answer(tab, *knew):
    for known in knew:
        tab.get_by_role("button", name="Show the answer").click()
        tab.get_by_role("button", name="I knew it" if known else "I didn’t").click()


def pretend(tab, **states):
    """Let cards have been known so many times running, so many days ago."""
    for name, (known, ago) in states.items():
        tab.evaluate(
            f"book.page.remember('recall-{name}', '{known} ' + (book.recall.today()-{ago}))"
        )
    reload(tab)


# In a chapter


def test_a_card_is_asked_then_answered_and_the_next_one_comes(visit):
    tab = visit()
    assert not tab.get_by_text("Which sign").is_visible()
    tab.get_by_text("Recall (2 cards)").click()
    expect(tab.get_by_text("Which sign")).to_be_visible()
    expect(tab.get_by_text("A minus.")).not_to_be_visible()
    expect(tab.get_by_text("called?")).not_to_be_visible()
    tab.get_by_role("button", name="Show the answer").click()
    expect(tab.get_by_text("A minus.")).to_be_visible()
    link = tab.get_by_role("link", name="Where it stands")
    assert link.get_attribute("href") == "#equation-rule-update"
    tab.get_by_role("button", name="I knew it").click()
    expect(tab.get_by_text("Which sign")).not_to_be_visible()
    expect(tab.get_by_text("called?")).to_be_visible()
    answer(tab, False)
    expect(tab.locator(".recall [role=status]")).to_contain_text("1 of 2 not known yet.")
    assert kept(tab) == {"sign": 1, "rate": 0}
    tab.get_by_role("link", name="Review").last.click()
    expect(tab).to_have_url(re.compile("review.html"))


def test_a_card_without_a_label_points_to_its_section(visit):
    tab = visit()
    tab.get_by_text("Recall (2 cards)").click()
    answer(tab, True)
    tab.get_by_role("button", name="Show the answer").click()
    assert tab.get_by_role("link", name="Where it stands").get_attribute("href") == "#rule"


def test_what_was_answered_is_there_after_a_reload_and_in_the_other_language(visit):
    tab = visit()
    tab.get_by_text("Recall (2 cards)").click()
    answer(tab, True)
    reload(tab)
    tab.get_by_text("Recall (2 cards)").click()
    expect(tab.get_by_text("called?")).to_be_visible()  # the one that is left
    expect(tab.locator(".recall-count")).to_have_text("1 / 1")
    go(tab, "zh/chapters/small.html")
    tab.get_by_text("回想一下（2 张卡片）").click()
    expect(tab.get_by_text("叫什么？")).to_be_visible()
    tab.get_by_role("button", name="看答案").click()
    tab.get_by_role("button", name="不记得").click()
    expect(tab.locator(".recall [role=status]")).to_contain_text("2 张里有 1 张还没记住。")
    tab.get_by_role("button", name="再来一遍").click()
    expect(tab.get_by_text("是什么符号？")).to_be_visible()


def test_all_of_it_goes_by_key_and_the_focus_is_never_lost(visit):
    tab = visit()
    tab.locator(".recall summary").focus()
    at = tab.locator("*:focus")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    for key in ("Space", "Enter"):
        expect(at).to_have_text("Show the answer")
        tab.keyboard.press(key)
        expect(at).to_have_text("I knew it")
        tab.keyboard.press("Tab")
        expect(at).to_have_text("I didn’t")
        tab.keyboard.press("Enter")
    expect(at).to_have_text("Once more")
    tab.keyboard.press("Enter")
    expect(at).to_have_text("Show the answer")
    tab.keyboard.press("Shift+Tab")
    expect(at).to_contain_text("Recall")  # nothing of a hidden answer lies between


def test_cards_are_read_aloud_as_they_come(visit):
    tab = visit()
    tab.get_by_text("Recall (2 cards)").click()
    assert tab.locator(".recall dl").get_attribute("aria-live") == "polite"
    shown = tab.locator(".recall dl").aria_snapshot()
    assert "Which sign" in shown and "A minus." not in shown and "called?" not in shown
    tab.get_by_role("button", name="Show the answer").click()
    assert "A minus." in tab.locator(".recall dl").aria_snapshot()


def test_nothing_moves_when_the_answer_comes(visit):
    tab = visit()
    tab.get_by_text("Recall (2 cards)").click()
    show = tab.get_by_role("button", name="Show the answer")
    before = show.bounding_box()
    show.click()
    yes = tab.get_by_role("button", name="I knew it").bounding_box()
    assert (yes["x"], yes["y"]) == (before["x"], before["y"])


@pytest.mark.parametrize("nonsense", ["<img src=x>", "9 1", "1", "-1 20000", "1 1e9", "null", ""])
def test_what_storage_may_hold_instead_is_passed_over(visit, nonsense):
    tab = visit()
    tab.evaluate("text => localStorage.setItem('recall-sign', text)", nonsense)
    reload(tab)
    tab.get_by_text("Recall (2 cards)").click()
    expect(tab.get_by_text("Which sign")).to_be_visible()


def test_where_nothing_may_be_kept_it_is_known_until_the_page_is_left(visit):
    tab = visit()
    tab.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('refused'); }; }")
    tab.get_by_text("Recall (2 cards)").click()
    answer(tab, True, False)
    expect(tab.locator(".recall [role=status]")).to_contain_text("1 of 2 not known yet.")


def test_without_a_script_it_is_a_list(visit):
    tab = visit(java_script_enabled=False)
    tab.locator(".recall summary").click()
    for text in ("Which sign", "A minus.", "called?", "The learning rate"):
        assert tab.get_by_text(text).first.is_visible()
    assert tab.locator(".recall button").count() == 0


def test_on_paper_all_cards_stand_with_their_answers(visit):
    tab = visit()
    tab.get_by_text("Recall (2 cards)").click()
    tab.emulate_media(media="print")
    for text in ("Which sign", "A minus.", "called?", "The learning rate"):
        assert tab.get_by_text(text).first.is_visible()
    assert not tab.get_by_role("button", name="Show the answer").is_visible()
    go(tab, "en/review.html")
    assert not tab.get_by_text("Which sign").is_visible()  # once in the book is enough


def test_targets_are_large_enough_for_a_finger(visit):
    tab = visit(has_touch=True, is_mobile=True)
    tab.get_by_text("Recall (2 cards)").click()
    tab.get_by_role("button", name="Show the answer").click()
    for control in tab.locator(".recall :is(button, summary):visible").all():
        assert control.bounding_box()["height"] >= 43.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_while_a_card_is_answered(visit, scheme):
    tab = visit(color_scheme=scheme)
    tab.get_by_text("Recall (2 cards)").click()
    answer(tab, True)
    tab.get_by_role("button", name="Show the answer").click()
    pages = [Axe().run(tab).response["violations"]]
    pretend(tab, sign=(0, 0))
    go(tab, "en/review.html")
    pages.append(Axe().run(tab).response["violations"])
    assert [[v["id"] for v in violations] for violations in pages] == [[], []]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_languages_show_side_by_side(visit, lang):
    tab = visit(f"{lang}/chapters/small.html")
    tab.locator(".recall summary").click()
    tab.locator(".side-by-side-button").evaluate("button => button.click()")
    for text in ("是什么符号？", "Which sign"):
        expect(tab.get_by_text(text).first).to_be_visible()


# All cards


def test_the_review_asks_what_was_missed_until_it_is_known(visit):
    tab = visit()
    tab.get_by_text("Recall (2 cards)").click()
    answer(tab, False, True)
    go(tab, "en/review.html")
    bar = tab.locator(".recall-bar")
    expect(bar).to_contain_text("1 due, 1 later, 1 not answered yet")
    expect(tab.get_by_text("Which sign")).to_be_visible()
    link = tab.locator("dd:visible a, dd.recall-waits:not([hidden]) a")
    assert link.get_attribute("href") == "chapters/small.html#equation-rule-update"
    answer(tab, False)
    expect(tab.locator("[role=status]")).to_have_text("1 still not known.")
    tab.get_by_role("button", name="Once more").click()
    answer(tab, True)
    expect(bar).to_contain_text("0 due, 2 later, 1 not answered yet")
    tomorrow = date.fromtimestamp(tab.evaluate("Date.now() / 1000")) + timedelta(days=1)
    expect(tab.locator("[role=status]")).to_contain_text(
        f"next card is due on {tomorrow:%B} {tomorrow.day}, {tomorrow.year}."
    )
    expect(tab.locator("*:focus")).to_have_attribute("role", "status")  # no button is left
    assert kept(tab) == {"sign": 1, "rate": 1}


def test_cards_come_back_on_their_days_the_most_urgent_first(visit):
    tab = visit("en/review.html")
    pretend(tab, sign=(1, 1), rate=(2, 4), other=(3, 6))
    expect(tab.locator(".recall-bar")).to_contain_text("2 due, 1 later, 0 not answered yet")
    expect(tab.get_by_text("called?")).to_be_visible()  # due yesterday
    answer(tab, True)
    expect(tab.get_by_text("Which sign")).to_be_visible()  # due today
    assert kept(tab) == {"sign": 1, "rate": 3, "other": 3}


def test_a_chapter_may_be_gone_through_alone(visit):
    tab = visit("en/review.html")
    pretend(tab, sign=(0, 0), rate=(0, 0), other=(0, 0))
    expect(tab.locator(".recall-count")).to_have_text("1 / 3")
    choice = tab.get_by_label("From")
    choice.select_option("Small chapter (1 card)")
    expect(tab.locator(".recall-count")).to_have_text("1 / 1")
    expect(tab.get_by_text("Another chapter?")).to_be_visible()
    choice.select_option("the whole book")
    expect(tab.locator(".recall-count")).to_have_text("1 / 3")


def test_all_can_be_forgotten_but_not_by_mistake(visit):
    tab = visit("en/review.html")
    pretend(tab, sign=(0, 0), rate=(4, 0))
    forget = tab.get_by_role("button", name="Forget the cards")
    tab.once("dialog", lambda dialog: dialog.dismiss())
    forget.click()
    assert kept(tab) == {"sign": 0, "rate": 4}
    tab.once("dialog", lambda dialog: dialog.accept())
    forget.click()
    assert kept(tab) == {}
    expect(tab.locator("[role=status]")).to_contain_text("No card of these was answered yet")
    reload(tab)
    expect(tab.locator(".recall-bar")).to_contain_text("0 due, 0 later, 3 not answered yet")


def test_without_a_script_the_page_lists_all_cards_by_chapter(visit):
    tab = visit("en/review.html", java_script_enabled=False)
    chapters = tab.locator(".review > details")
    assert [chapters.nth(i).locator("dt").count() for i in range(chapters.count())] == [2, 1]
    chapters.first.locator("summary").click()
    assert tab.get_by_text("A minus.").is_visible()


# The rule


def test_the_days_are_those_that_the_page_tells(visit):
    days = visit("en/review.html").evaluate("book.recall.DAYS")
    text = (ROOT / "review.md").read_text(encoding="utf-8")
    zh, en = (re.search(rf":::{{{lang}}}(.*?):::", text, re.DOTALL)[1] for lang in LANGUAGES)
    assert re.findall(r"(?:(?<!一直)隔|然后) (\d+) 天", zh) == ["1", "3", "7", "21"]
    assert re.findall(r"after (\d+)", en) == ["1", "3", "7", "21"]
    assert "一直隔 21 天" in zh and "every 21 days from then on" in en
    assert days == [0, 1, 3, 7, 21]


def test_a_card_goes_by_the_rule(visit):
    tab = visit("en/review.html")
    waits = (0, 1, 3, 7, 21)  # days
    today = 20000

    def after(known, ago, knew):
        state = {"known": known, "day": today - ago}
        return tab.evaluate("given => book.recall.after(...given)", [state, knew, today])

    for known, wait in enumerate(waits):
        higher = {"known": min(known + 1, 4), "day": today}
        assert after(known, wait, True) == after(known, wait + 9, True) == higher
        assert after(known, wait, False) == {"known": 0, "day": today}
        if wait:  # before its day
            assert after(known, wait - 1, True) == {"known": known, "day": today - wait + 1}
            assert after(known, wait - 1, False) == {"known": 0, "day": today}
        assert after(known, -5, True) == higher  # a clock that was put back
    assert tab.evaluate("book.recall.after(null, true, 9)") == {"known": 1, "day": 9}
    assert tab.evaluate("book.recall.after(null, false, 9)") == {"known": 0, "day": 9}


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("Asia/Shanghai", 8), ("America/Los_Angeles", -8), ("Pacific/Kiritimati", 14)],
)
def test_a_day_begins_at_the_readers_midnight(visit, zone, hours):
    tab = visit("en/review.html", timezone_id=zone)
    midnight = datetime(2026, 3, 6, tzinfo=timezone(timedelta(hours=hours)))
    day = (date(2026, 3, 6) - date(1970, 1, 1)).days
    for seconds, expected in ((-1, day - 1), (0, day), (86399, day), (86400, day + 1)):
        tab.clock.set_fixed_time(midnight + timedelta(seconds=seconds))
        assert tab.evaluate("book.recall.today()") == expected
