"""Both languages side by side, in a real browser: columns, place, keyboard, memory, link."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.book import LANGUAGES, at_rest, soup_of
from tests.support.browsing import both_languages, reload
from tests.support.instruments import INSTRUMENTS, alive

FAST = {
    "test_the_button_shows_both_languages_in_two_columns[en-Side by side]",
    "test_on_a_phone_the_twins_are_stacked",
    "test_the_choice_is_remembered",
}

CHAPTER = "chapters/learning-rate.html"


def columns(tab, pair=0):
    """The left edges, tops and widths of the paragraphs of a pair on the page: zh and en."""
    return (
        tab.locator("article .pair")
        .nth(pair)
        .evaluate(
            """pair => [...pair.children].map((lang) =>
          [...lang.children].map((p) => [p.offsetLeft, p.offsetTop, p.offsetWidth]))"""
        )
    )


def button(tab):
    return tab.locator(".side-by-side-button")


@pytest.mark.parametrize(("lang", "name"), [("zh", "对照"), ("en", "Side by side")])
def test_the_button_shows_both_languages_in_two_columns(visit, lang, name):
    tab = visit(f"{lang}/{CHAPTER}", viewport={"width": 1280, "height": 800})
    twins = tab.locator("article .twin").count()
    assert tab.locator("article .twin:visible").count() == 0
    tab.get_by_role("button", name=name, exact=True).click()
    both_languages(tab)
    assert button(tab).get_attribute("aria-pressed") == "true"
    assert tab.locator("article .twin:not([hidden])").count() == twins > 50
    for zh, en in zip(*columns(tab), strict=True):  # paragraph beside paragraph
        (zh_left, zh_top, zh_width), (en_left, en_top, en_width) = zh, en
        assert en_left >= zh_left + zh_width and en_top == zh_top and abs(en_width - zh_width) <= 1
        assert zh_width >= 450  # of a window of 1280, whose sidebar has 232
    button(tab).click()
    assert tab.locator("article .twin:visible").count() == 0


def test_the_number_stands_on_the_pages_own_title(visit):
    """The own title comes first, behind the number; the other one below, without a number."""
    tab = visit("en/chapters/momentum.html?side-by-side", viewport={"width": 1280, "height": 800})
    both_languages(tab)
    title = tab.locator("article h1")
    assert title.locator(".lang").all_text_contents() == ["Momentum", "动量法"]
    number, own, twin = (title.locator(s) for s in (".section-number", "[lang=en]", "[lang=zh-CN]"))
    assert number.bounding_box()["y"] == own.bounding_box()["y"]
    assert twin.bounding_box()["y"] + twin.bounding_box()["height"] > own.bounding_box()["y"] + 30


def test_on_a_phone_the_twins_are_stacked(visit):
    tab = visit(f"zh/{CHAPTER}?side-by-side", viewport={"width": 390, "height": 800})
    both_languages(tab)
    ((zh_left, zh_top, _), *_), ((en_left, en_top, _), *_) = columns(tab)
    assert abs(en_left - zh_left) <= 16 and en_top > zh_top
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 390


def test_the_reader_keeps_the_place(visit):
    tab = visit(f"zh/{CHAPTER}", viewport={"width": 1280, "height": 800})
    piece = tab.locator("article .pair .lang:not(.twin) > p").nth(20).element_handle()
    for _, chapter, figure in INSTRUMENTS:  # they get their height as one nears them
        if chapter in CHAPTER:
            tab.locator(f"#{figure}").scroll_into_view_if_needed()
            alive(tab, figure)
    at_rest(tab)
    piece.evaluate("piece => window.scrollBy(0, piece.getBoundingClientRect().top - 60)")
    for turn in ("on", "off"):
        before = piece.evaluate("piece => piece.getBoundingClientRect().top")
        button(tab).evaluate("button => button.click()")
        if turn == "on":
            both_languages(tab)
        after = piece.evaluate("piece => piece.getBoundingClientRect().top")
        assert abs(after - before) < 2


def test_the_button_works_by_keyboard(visit):
    tab = visit(f"zh/{CHAPTER}")
    button(tab).focus()
    outline = button(tab).evaluate(
        "b => getComputedStyle(b).outlineStyle + getComputedStyle(b).boxShadow"
    )
    assert outline != "nonenone"
    tab.keyboard.press("Space")
    both_languages(tab)
    assert tab.locator("article .twin:visible").count() > 50
    tab.keyboard.press("Enter")
    assert tab.locator("article .twin:visible").count() == 0


def test_the_choice_is_remembered(visit):
    tab = visit(f"zh/{CHAPTER}")
    button(tab).click()
    both_languages(tab)
    reload(tab)
    both_languages(tab)
    assert tab.locator("article .twin:visible").count() > 50
    tab.get_by_role("link", name="English", exact=True).click()
    tab.wait_for_url("**/en/**")
    both_languages(tab)
    assert tab.locator("article .twin:visible").count() > 50


def test_the_language_read_last_is_remembered(visit, html):
    tab = visit(f"zh/{CHAPTER}", locale="en-US")
    tab.goto((html / "index.html").as_uri())
    tab.wait_for_url("**/zh/index.html")


def test_without_a_script_there_is_no_button(visit):
    tab = visit(f"zh/{CHAPTER}", java_script_enabled=False)
    assert not button(tab).is_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_text_gets_its_own_twin(visit, lang):
    """Whatever the scripts of a page have moved before the texts come."""
    tab = visit(f"{lang}/{CHAPTER}?side-by-side")
    both_languages(tab)
    shown = tab.locator(".twin").evaluate_all(
        "all => all.filter((t) => !t.querySelector('.math')).map((t) => t.textContent.trim())"
    )
    [other] = {*LANGUAGES} - {lang}
    own = soup_of(other, CHAPTER.removesuffix(".html")).select(".lang:not(.twin)")
    assert shown == [text.get_text().strip() for text in own if not text.select(".math")]
    assert len(shown) > 30


def test_the_button_is_busy_until_the_other_language_has_come(browser, html):
    tab = browser.new_page()  # of its own, for it holds requests back
    held = []
    tab.route("**/*.twins.js", lambda route: held.append(route))
    tab.goto((html / "en" / CHAPTER).as_uri())
    button(tab).click()
    expect(button(tab)).to_have_attribute("aria-busy", "true")
    expect(button(tab)).to_have_attribute("aria-pressed", "false")
    held[0].continue_()
    expect(button(tab)).to_have_attribute("aria-pressed", "true")
    expect(button(tab)).not_to_have_attribute("aria-busy", "true")
    tab.close()


def test_a_page_says_so_when_it_cannot_fetch_the_other_language_and_asks_again(browser, html):
    tab = browser.new_page()  # whose failed request is no trouble
    tab.goto((html / "en" / CHAPTER).as_uri())
    script = tab.locator("script[type=asked][src$='.twins.js']")
    script.evaluate("script => script.setAttribute('src', 'nowhere.twins.js')")
    button(tab).click()
    expect(button(tab)).to_have_text("Not fetched: press again")
    assert button(tab).get_attribute("aria-pressed") == "false"
    assert tab.locator("article .twin:visible").count() == 0
    script.evaluate("script => script.setAttribute('src', 'learning-rate.twins.js')")
    button(tab).click()
    both_languages(tab)
    expect(button(tab)).to_have_text("Side by side")
    assert tab.locator("article .twin:visible").count() > 50
    tab.close()


def test_who_reads_one_language_does_not_fetch_the_other(visit, html):
    tab = visit(f"zh/{CHAPTER}")
    page = (html / "zh" / CHAPTER).read_text(encoding="utf-8")
    empty = re.findall(r'class="lang twin[^>]*></(?:div|span)>', page)
    assert len(empty) == page.count('class="lang twin') > 50
    assert tab.locator("head script[src$='.twins.js']").count() == 0
    at_rest(tab)  # else what is pressed may move from under the mouse
    button(tab).click()
    both_languages(tab)
    assert tab.locator("head script[src$='.twins.js']").count() == 1
