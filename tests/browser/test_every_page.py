"""Each page in each language, opened once as a reader does; the tests read what was seen then."""

import gzip
import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.book import LANGUAGES, PAGES, at_rest
from tests.support.browsing import reading

PHONE = 390
KB = 1000
LIGHT = 250 * KB
EVERY_PAGE = [(lang, page) for lang in LANGUAGES for page in PAGES]


# Signs of formulas that their own font lacks: they are drawn as they would be without it, or as a
# sign that no font has, such as U+E7FF.
STRANGE = """async () => {
  const pen = new OffscreenCanvas(60, 60).getContext("2d", { willReadFrequently: true });
  const drawn = (font, sign) => {
    pen.clearRect(0, 0, 60, 60);
    pen.font = font;
    pen.fillText(sign, 20, 40);
    return pen.getImageData(0, 0, 60, 60).data.join();
  };
  const signs = new Map();
  for (const formula of document.querySelectorAll(".katex-html")) {
    const walker = document.createTreeWalker(formula, NodeFilter.SHOW_TEXT);
    for (let text; (text = walker.nextNode());) {
      if (text.parentElement.closest(".cjk_fallback")) continue;
      const { fontFamily, fontStyle, fontWeight } = getComputedStyle(text.parentElement);
      for (const sign of text.data.replace(/[\\s\\u200b]/g, "")) {
        const own = fontFamily.split(",")[0];
        signs.set(`${sign} of ${own}`, [`${fontStyle} ${fontWeight} 20px`, own, sign]);
      }
    }
  }
  const fonts = [...signs.values()].map(([size, own]) => document.fonts.load(`${size} ${own}`));
  await Promise.all(fonts);
  const lacks = ([size, own, sign]) => {
    const shown = drawn(`${size} ${own}, serif`, sign);
    return [drawn(`${size} serif`, sign), drawn(`${size} ${own}, serif`, "\ue7ff")].includes(shown);
  };
  return [[...signs].filter(([, how]) => lacks(how)).map(([name]) => name), signs.size];
}"""


@dataclass(frozen=True)
class Visit:
    """What one saw of a page, and what went wrong meanwhile."""

    lang: str
    page: str
    language: str
    title: str
    headings: list[str]  # the languages of those that show
    twins: int  # how many show
    unset: int  # formulas without their glyphs when the twins show, too
    strange: list[str]  # signs of formulas that their own fonts lack
    signs: int  # how many different ones formulas have
    files: set[str]  # paths of all that it loaded
    width: int  # of the page, in pixels, after the window has shrunk to a phone's
    troubles: list[str]


@pytest.fixture(scope="module", params=EVERY_PAGE, ids="/".join)
def seen(request, tabs, html):
    lang, page = request.param
    with reading(tabs, html) as (open_page, asked, troubles):
        tab = open_page(f"{lang}/{page}.html")
        tab.evaluate("document.fonts.ready.then(() => true)")
        addresses = [urlsplit(url) for url in asked]
        language, title = tab.evaluate("[document.documentElement.lang, document.title]")
        headings = tab.locator("article h1 .lang:visible")
        headings = headings.evaluate_all("all => all.map((heading) => heading.lang)")
        twins = tab.locator(".twin:visible").count()
        tab.set_viewport_size({"width": PHONE, "height": 800})
        at_rest(tab)
        width = tab.evaluate("document.scrollingElement.scrollWidth")
        tab.locator(".side-by-side-button").evaluate("button => button.click()")
        assert tab.locator(".twin:visible").count() > 0
        unset = tab.locator(".math:not(:has(.katex-html))").count()
        strange, signs = tab.evaluate(STRANGE)
    files = {unquote(url.path) for url in addresses if url.scheme == "file"}
    seen_there = (language, title, headings, twins, unset, strange, signs, files, width, troubles)
    return Visit(lang, page, *seen_there)


def test_nothing_goes_wrong_and_nothing_is_asked_of_the_network(seen):
    assert seen.troubles == []


def test_a_page_shows_its_language_and_no_twin(seen):
    assert seen.language == LANGUAGES[seen.lang]
    assert bool(re.search(r"[\u4e00-\u9fff]", seen.title)) == (seen.lang == "zh")
    assert seen.headings == [LANGUAGES[seen.lang]]
    assert seen.twins == 0


def test_every_formula_is_set_those_of_the_twins_too(seen):
    assert seen.unset == 0


def test_the_fonts_of_formulas_have_all_their_signs(seen):
    assert seen.strange == []
    assert seen.signs > 5 or not seen.page.startswith("chapters/")


def test_a_page_does_not_scroll_sideways_in_a_window_as_narrow_as_a_phone(seen):
    assert 0 < seen.width <= PHONE


@cache
def transferred(path: str) -> int:
    """How many bytes a web server sends of a file."""
    with open(path, "rb") as file:
        data = file.read()
    return len(data) if path.endswith((".woff2", ".png")) else len(gzip.compress(data, 9, mtime=0))


def test_a_page_is_light(seen):
    """What it asks a slow line to carry: everything it loads, gzipped as a web server sends it."""
    assert any(path.endswith("style.css") for path in seen.files)
    sizes = {path.rsplit("/", 1)[1]: transferred(path) for path in seen.files}
    assert sum(sizes.values()) <= LIGHT, sizes


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_of_the_theme_is_published_in_vain(html, lang):
    static = html / lang / "_static"
    assert not list(static.rglob("*.map"))
    assert not (static / "scripts" / "fontawesome.js").exists()
    assert (static / "style.css").stat().st_size < 200 * KB
