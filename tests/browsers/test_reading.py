"""Each page in each browser, from a file: it opens, nothing goes wrong, and a reader gets about."""

from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image

import press.site
from tests.support.book import LANGUAGES, PAGES, at_rest
from tests.support.browsers import click, listen_in, says, spot, until
from tests.support.browsing import both_languages, reload, serving
from tests.support.instruments import alive

pytestmark = pytest.mark.browsers
CHAPTER = "chapters/learning-rate.html"
ASKED = """performance.getEntriesByType("resource").map((e) => e.name)
  .filter((name) => !/^(file|data|blob):/.test(name))"""
# No window is as narrow as a phone, but a frame is.
ON_A_PHONE = """async () => {
  const frame = document.createElement("iframe");
  frame.style.cssText = "position: fixed; width: 390px; height: 800px; border: 0";
  frame.src = location.href.replace(/[?#].*/, "?phone");
  document.body.append(frame);
  await new Promise((done) => (frame.onload = done));
  const answer = new Promise((done) => addEventListener("message", done, { once: true }));
  frame.contentWindow.postMessage("how wide", "*");
  const { data } = await answer;
  frame.remove();
  return data;
}"""
TWINS = "[...document.querySelectorAll('article .twin')].filter((e) => e.checkVisibility()).length"
THEME = "document.documentElement.dataset.theme"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_opens_and_fits(read, lang, page):
    tab = read(f"{lang}/{page}.html")
    assert tab.evaluate("document.documentElement.lang") == LANGUAGES[lang]
    assert tab.evaluate(ASKED) == []
    wide, window = tab.evaluate(
        "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
    )
    assert wide <= window and 1200 < window <= 1280
    phone = tab.evaluate(ON_A_PHONE)
    assert phone["troubles"] == [] and 300 < phone["wide"] <= 390


@pytest.mark.parametrize(
    ("page", "trouble"),
    [
        ("<script>throw new Error('spoiled')</script>", "rror"),
        ("<script>console.error('spoiled')</script>", "spoiled"),
        ("<script>Promise.reject('spoiled')</script>", "spoiled"),
        ("<script src='gone.js'></script>", "gone.js"),
        ("<img src='gone.png'>", "gone.png"),
        ("<link rel='stylesheet' href='gone.css'>", "gone.css"),
    ],
)
def test_what_goes_wrong_is_told(reader, overheard, tmp_path, page, trouble):
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><title>Spoiled</title>{page}", encoding="utf-8")
    listen_in(tmp_path)
    reader.goto(path.as_uri())
    reader.wait_for_function("troubles.length")
    [told] = reader.evaluate("troubles")
    assert trouble in told


def test_what_is_asked_of_the_network_is_told(reader, tmp_path):
    (tmp_path / "sign.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    with serving(tmp_path) as address:
        path = tmp_path / "page.html"
        path.write_text(f"<!doctype html><img src='{address}/sign.svg'>", encoding="utf-8")
        reader.goto(path.as_uri())
        assert reader.evaluate(ASKED) == [f"{address}/sign.svg"]


# What a reader does on any page


@pytest.mark.parametrize(
    ("lang", "words", "page"), [("zh", "动量", "momentum"), ("en", "momentum", "momentum")]
)
def test_search_finds(read, lang, words, page):
    tab = read(f"{lang}/search.html?q={quote(words)}")
    tab.wait_for_function("document.querySelector('#search-results li > a')")
    assert f"/chapters/{page}.html" in tab.evaluate(
        "document.querySelector('#search-results li > a').href"
    )


def test_search_opens_by_its_keys_and_leads_to_the_results(read):
    tab = read(f"en/{CHAPTER}")
    tab.keyboard.press("Control+k")
    tab.wait_for_function("document.activeElement.matches('input[type=search]')")
    tab.keyboard.press("Escape")
    tab.wait_for_function("!document.querySelector('#pst-search-dialog').open")
    tab.keyboard.press("Control+k")
    tab.keyboard.type("momentum")
    tab.keyboard.press("Enter")
    tab.wait_for_function("document.querySelector('#search-results li > a')")
    assert "/en/search.html?q=momentum" in tab.url


def test_both_languages_show_side_by_side(read):
    tab = read(f"en/{CHAPTER}")
    assert tab.evaluate(TWINS) == 0
    click(tab, ".side-by-side-button")
    both_languages(tab)
    at_rest(tab)
    assert tab.evaluate(TWINS) > 30
    zh, en = tab.evaluate(
        """[...document.querySelector("article .pair").children].map((lang) => {
          const { left, right, top } = lang.firstElementChild.getBoundingClientRect();
          return [left, right, top];
        })"""
    )
    assert zh[1] <= en[0] and zh[2] == en[2] and zh[1] - zh[0] >= 450
    assert tab.evaluate("document.querySelectorAll('.math:not(:has(.katex-html))').length") == 0
    click(tab, ".side-by-side-button")
    at_rest(tab)
    assert tab.evaluate(TWINS) == 0


def test_a_dark_page_is_chosen_and_stays_dark(read):
    tab = read(f"zh/{CHAPTER}")
    assert tab.evaluate(THEME) == "light"
    click(tab, ".theme-switch-button")
    click(tab, ".theme-change-button[data-mode=dark]")
    tab.wait_for_function(f"{THEME} === 'dark'")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert tab.evaluate(ground) == "rgb(20, 23, 26)"
    reload(tab)
    assert tab.evaluate(THEME) == "dark" and tab.evaluate(ground) == "rgb(20, 23, 26)"


@pytest.mark.parametrize(("lang", "other"), [("zh", "en"), ("en", "zh")])
def test_the_language_link_keeps_the_place(read, lang, other):
    tab = read(f"{lang}/chapters/stochastic.html")
    anchor = tab.evaluate(
        """() => {
          const section = document.querySelectorAll("article section section")[2];
          section.scrollIntoView({ behavior: "instant" });
          return section.id;
        }"""
    )
    at_rest(tab)
    x, y = tab.evaluate(
        """() => {
          const all = [...document.querySelectorAll("a.language-link")];
          const { x, y, height } = all.find((e) => e.checkVisibility()).getBoundingClientRect();
          return [x + 5, y + height / 2];
        }"""
    )
    tab.mouse.click(x, y)  # without scrolling to it
    tab.wait_for_function(
        "(end) => location.href.endsWith(end) && document.readyState === 'complete'",
        arg=f"/{other}/chapters/stochastic.html#{anchor}",
    )
    at_rest(tab)
    top = tab.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top", anchor)
    assert -5 < top < 200


def test_the_first_page_leads_to_a_language(reader, overheard):
    reader.goto((overheard / "index.html").as_uri())
    there = "(end) => document.readyState === 'complete' && location.href.endsWith(end)"
    language = reader.evaluate("navigator.language")
    end = "/zh/index.html" if language.startswith("zh") else "/en/index.html"
    reader.wait_for_function(there, arg=end)
    assert reader.evaluate("troubles") == []


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("index", "a.chapter-card[href*='one-dimension'] p"),
        ("chapters/momentum", "a.navbar-brand"),
    ],
)
def test_a_card_and_the_books_name_look_alike_once_one_has_been_there(read, tmp_path, page, words):
    """By their darkest pixel, for no script is told what was visited."""
    for place in ("index", "chapters/one-dimension", page):
        tab = read(f"en/{place}.html")
    spot(tab, words)
    x, y, width, height = tab.evaluate(
        """(selector) => {
          const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
          return [x, y, width, height].map(Math.round);
        }""",
        words,
    )
    tab.screenshot(path=tmp_path / "seen.png")
    seen = np.array(Image.open(tmp_path / "seen.png").convert("RGB"), dtype=int)
    pixels = seen[y : y + height, x : x + width].reshape(-1, 3)
    darkest = pixels[pixels.sum(axis=1).argmin()]
    assert darkest.max() < 100 and np.ptp(darkest) < 40


# The site, as it is served


@pytest.fixture(scope="module")
def site(html, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "site"
    press.site.make(html, folder, "")
    listen_in(folder)
    with serving(folder) as address:
        yield address


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_site_keeps_to_what_it_says_it_may_load(read, site, page):
    tab = read(f"{list(LANGUAGES)[PAGES.index(page) % 2]}/{page}.html", site)
    outside = [address for address in tab.evaluate(ASKED) if not address.startswith(site)]
    assert outside == []
    for figure in tab.evaluate(
        "[...document.querySelectorAll('.instrument[data-figure]')].map((e) => e.dataset.figure)"
    ):
        tab.evaluate("(id) => document.getElementById(id).scrollIntoView()", figure)
        alive(tab, figure)


@pytest.mark.parametrize("path", ["index.html", "404.html"])
def test_pages_of_the_site_that_lead_on_keep_to_it_too(read, site, path):
    assert read(path, site).evaluate("troubles") == []


def test_a_script_that_the_book_has_not_brought_is_refused(read, site):
    tab = read("en/chapters/basins.html", site)
    tab.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "document.title = 'strange'";
          document.body.append(script);
        }"""
    )
    tab.wait_for_function("troubles.length")
    assert tab.evaluate("document.title") != "strange"
    [trouble] = tab.evaluate("troubles.splice(0)")
    assert "script-src" in trouble


def test_the_readers_python_runs_on_the_site(read, site):
    tab = read("en/chapters/one-dimension.html", site)
    click(tab, ".run-start")
    until(tab, ".run output", "As the book printed it")
    assert says(tab, ".run-output") == says(tab, ".cell:has(.run) .cell_output pre")
