"""The built book in a real browser, opened from disk as a reader does, with no network to ask."""

import re
from urllib.parse import quote

import pytest

from tests.support.book import at_rest

FAST = {
    "test_the_first_page_leads_to_the_readers_language[zh-CN-zh]",
    "test_the_language_link_keeps_the_place[zh-en-English]",
    "test_figures_follow_the_theme[dark]",
    "test_search_leads_to_the_right_page_first[zh-momentum-chapters/momentum]",
    "test_a_tab_that_is_taken_again_knows_nothing_of_its_reader_before",
}


@pytest.mark.parametrize(("locale", "lang"), [("zh-CN", "zh"), ("nb-NO", "en"), ("en-US", "en")])
def test_the_first_page_leads_to_the_readers_language(visit, locale, lang):
    tab = visit("index.html", locale=locale)
    tab.wait_for_url(f"**/{lang}/index.html")


def test_the_first_page_works_without_a_script(visit):
    tab = visit("index.html", java_script_enabled=False)
    tab.get_by_role("link", name="中文").click()
    tab.wait_for_url("**/zh/index.html")


@pytest.mark.parametrize(("lang", "other", "name"), [("zh", "en", "English"), ("en", "zh", "中文")])
def test_the_language_link_keeps_the_place(visit, lang, other, name):
    tab = visit(f"{lang}/chapters/stochastic.html")
    section = tab.locator("article section section").nth(2)
    anchor = section.get_attribute("id")
    section.evaluate("section => section.scrollIntoView()")
    at_rest(tab)  # nobody clicks before the next frame
    place = tab.get_by_role("link", name=name, exact=True).bounding_box()
    tab.mouse.click(place["x"] + 5, place["y"] + 5)  # click() itself would scroll
    tab.wait_for_url(f"**/{other}/chapters/stochastic.html#{anchor}")
    top = tab.locator(f"[id='{anchor}']").evaluate("s => s.getBoundingClientRect().top")
    assert -5 < top < 200


def test_the_language_link_works_without_a_script(visit):
    tab = visit("zh/chapters/stochastic.html", java_script_enabled=False)
    tab.get_by_role("link", name="English", exact=True).click()
    tab.wait_for_url("**/en/chapters/stochastic.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_the_theme(visit, scheme):
    tab = visit("zh/chapters/one-dimension.html", color_scheme=scheme)
    # The letters of a figure are drawn in the colour of the text around it.
    ink, text = tab.evaluate(
        """() => {
          const letters = [...document.querySelectorAll("svg.figure g[style*='--figure-ink']")];
          return [getComputedStyle(letters[0]).fill, getComputedStyle(document.body).color];
        }"""
    )
    assert ink == text


def test_formulas_are_set_in_their_own_fonts(visit):
    tab = visit("en/chapters/one-dimension.html")
    assert tab.evaluate("document.fonts.ready.then(() => document.fonts.check('16px KaTeX_Math'))")
    assert tab.evaluate(
        "[...document.fonts].some(f => f.family.includes('KaTeX') && f.status === 'loaded')"
    )


@pytest.mark.parametrize(
    ("lang", "query", "page"),
    [
        ("zh", "梯度下降", "chapters/one-dimension"),
        ("zh", "学习率", "chapters/learning-rate"),
        ("zh", "随机梯度", "chapters/stochastic"),
        ("zh", "海森", "glossary"),
        ("zh", "learning rate", "chapters/learning-rate"),
        ("zh", "momentum", "chapters/momentum"),
        ("en", "learning rate", "chapters/learning-rate"),
        ("en", "stochastic", "chapters/stochastic"),
        ("en", "学习率", "glossary"),
        ("en", "黑塞", "glossary"),
    ],
)
def test_search_leads_to_the_right_page_first(visit, lang, query, page):
    tab = visit(f"{lang}/search.html?q={quote(query)}")
    first = tab.locator("#search-results li > a").first
    first.wait_for()
    assert f"/{page}.html" in first.evaluate("link => link.href")


def test_search_does_not_find_the_hidden_twins(visit):
    tab = visit("zh/search.html?q=muddy")  # an English word of the twins' prose
    tab.locator("#search-results p.search-summary", has_text=re.compile(".")).wait_for()  # the end
    assert tab.locator("#search-results li > a").count() == 0


SEEN = """[localStorage.length, sessionStorage.length, innerWidth,
  ...["print", "(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"]
    .map((query) => matchMedia(query).matches)]"""


def test_a_tab_that_is_taken_again_knows_nothing_of_its_reader_before(tabs, html):
    """Other tests rely on it; one whose clock has been stopped is not taken again."""
    settings = {"locale": "nb-NO", "reduced_motion": "no-preference"}  # no other test's
    tab = tabs.take(settings)
    tab.goto((html / "404.html").as_uri())
    tab.evaluate("localStorage.mark = sessionStorage.mark = 1")
    tab.set_viewport_size({"width": 300, "height": 300})
    tab.emulate_media(media="print", color_scheme="dark", reduced_motion="reduce")
    assert tab.evaluate(SEEN) == [1, 1, 300, True, True, True]
    tabs.give_back(tab, settings)
    assert tabs.take(settings) is tab
    assert tab.evaluate(SEEN) == [0, 0, 1280, False, False, False]
    tab.clock.install(time=0)
    tabs.give_back(tab, settings)
    other = tabs.take(settings)
    assert other is not tab and tab.is_closed()
    other.context.close()
