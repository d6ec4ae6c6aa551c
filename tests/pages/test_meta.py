"""What others read of the book: cards, descriptions, sitemap, icon, and the page not found."""

import io
import re
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from press.ext.figures import pictures
from press.ext.page import cards, chapters
from press.names import of_the_book
from press.new import CHAPTER
from tests.support.book import LANGUAGES, PAGES, ROOT
from tests.support.small_book import DRAWING, SmallBook
from tests.support.tiers import few

FAST = {
    "test_a_missing_page_leads_back_into_the_book[zh/-zh-/books/gd/]",
    "test_a_card_looks_as_a_browser_draws_the_figure",
}

every_page = pytest.mark.parametrize(
    ("lang", "page"), [(lang, page) for lang in LANGUAGES for page in PAGES]
)


def tags(page) -> dict[str, str]:
    """Return the contents of a page's meta tags by their names."""
    metas = page.find_all("meta", content=True)
    named = [meta for meta in metas if meta.get("property") or meta.get("name")]
    return {meta.get("property") or meta["name"]: meta["content"] for meta in named}


# Descriptions and cards


@every_page
def test_a_page_is_described_by_its_question_and_by_what_the_book_is(soup, lang, page):
    told = tags(soup(lang, page))
    assert len(soup(lang, page).find_all("meta", attrs={"name": "description"})) == 1
    assert told["description"] == told["og:description"]
    about = of_the_book()[lang]["about"]
    asked = [
        card.select_one("p .lang:not(.twin)").get_text()
        for card in soup(lang, "index").select(".chapter-card")
        if card["href"] == f"{page}.html"
    ]
    assert len(asked) == page.startswith("chapters/")
    assert told["description"] == {"zh": "", "en": " "}[lang].join([*asked, about])


@every_page
def test_a_card_names_the_page_and_its_languages(soup, lang, page):
    told = tags(soup(lang, page))
    heading = soup(lang, page).select_one("article h1 .lang:not(.twin)")
    assert told["og:title"] == heading.get_text()
    locales = {"zh": "zh_CN", "en": "en_US"}
    assert told["og:locale"] == locales.pop(lang)
    assert told["og:locale:alternate"] == locales.popitem()[1]
    assert told["og:type"] == ("website" if page == "index" else "article")
    assert told["twitter:card"] == "summary_large_image"


def figure_of_card(soup, lang, page):
    """Find the figure that a card should show: the one named in the front matter, or the first."""
    named = re.search(r"^card: (\S+)$", (ROOT / f"{page}.md").read_text("utf-8"), flags=re.M)
    figures = soup(lang, page).select("figure:has(svg.figure)")
    if named:
        return next(figure for figure in figures if figure["id"] == named[1])
    return figures[0] if figures else figure_of_card(soup, lang, "index")


@every_page
def test_a_card_is_a_picture_of_the_right_size_with_the_figures_own_words(soup, html, lang, page):
    told = tags(soup(lang, page))
    picture = (html / lang / f"{page}.html").parent / told["og:image"]
    with Image.open(picture) as image:
        assert image.format == "PNG" and image.size == (1200, 630)
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    svg = figure_of_card(soup, lang, page).select_one("svg.figure")
    assert told["og:image:alt"] == svg["aria-label"]
    assert picture.stat().st_size < 200_000


SHOW_AS_A_CARD = """([figure, left, width, height]) => {
    const svg = document.querySelector(figure ? `#${figure} svg.figure` : "svg.figure");
    const [, , w, h] = svg.getAttribute("viewBox").split(" ").map(Number);
    const scale = Math.min((width - left - 90) / w, (height - 90) / h);
    for (const other of document.body.children) other.style.opacity = 0; // but its letters stay
    document.body.append(svg);
    document.body.style.cssText = "margin: 0; background: #fffdf9; overflow: hidden; min-height: 0";
    svg.style.cssText = `position: fixed; overflow: visible; max-width: none; margin: 0;
        width: ${w * scale}px; height: ${h * scale}px;
        left: ${(left + width - w * scale) / 2}px; top: ${(height - h * scale) / 2}px;`;
}"""


@pytest.mark.parametrize(
    "page",
    few([*(page for page in PAGES if "chapters/" in page), "index"], "index", "chapters/basins"),
)
def test_a_card_looks_as_a_browser_draws_the_figure(soup, visit, html, page):
    figure = figure_of_card(soup, "zh", page)["id"]
    still = {"viewport": {"width": 1200, "height": 630}, "java_script_enabled": False}
    tab = visit(f"zh/{page}.html", color_scheme="light", **still)
    left = cards.MARGIN + cards.TITLE_WIDTH if page == "index" else 0  # there stands the title
    tab.evaluate(SHOW_AS_A_CARD, [figure, left, 1200, 630])

    def ink_of(file) -> np.ndarray:
        """How dark each spot is, but where the title or the mark is."""
        with Image.open(file) as image:
            ink = 253.0 - np.asarray(image.convert("L"))
        ink[:, :left] = ink[530:, :90] = 0
        return np.asarray(Image.fromarray(ink).resize((300, 158)))

    drawn = ink_of(io.BytesIO(tab.screenshot()))
    card = ink_of(html / "zh" / "_cards" / f"{page}.png")
    difference = np.abs(drawn - card).mean()
    print(f"{page}: the card differs by {difference:.2f} of 255, of {drawn.mean():.1f} drawn")
    # Another figure would differ by all its ink.
    assert drawn.mean() > 1 and difference < 0.2 * drawn.mean()


def test_the_front_pages_card_has_the_books_title(html):
    """Against the title's outlines, as a browser would find them: dark where the letters are."""
    with Image.open(html / "en" / "_cards" / "index.png") as card:
        left = np.asarray(card.convert("L"))[140:520, cards.MARGIN : cards.MARGIN + 400]
    alone = pictures.rendered(pictures.inside(pictures.TITLE, 0, 0, 400, 380), 400, 380)
    letters = np.asarray(Image.open(io.BytesIO(alone)))[:, :, 3] > 200
    assert 0.1 < letters.mean() < 0.5
    assert (left[letters] < 80).mean() > 0.99 and (left[~letters] > 200).mean() > 0.9


def test_the_mark_is_the_same_wherever_it_stands(html):
    icon = (html / "en" / "_static" / "favicon.svg").read_text("utf-8")
    shapes = re.findall(r' (?:d|cx|cy|r|stroke-width)="[^"]*"', icon)
    assert len(shapes) == 7
    for place in ("en/chapters/momentum.html", "index.html", "404.html"):
        page = (html / place).read_text("utf-8")
        mark = re.search(r'<svg class="emblem".*?</svg>', page, re.DOTALL)[0]
        assert sorted(re.findall(r' (?:d|cx|cy|r|stroke-width)="[^"]*"', mark)) == sorted(shapes)


FIGURE = '<svg class="figure" aria-label="{}" viewBox="0 0 400 300" xmlns="{}">{}</svg>'
CIRCLE = '<circle cx="200" cy="150" r="100" style="fill: var(--figure-blue)"/>'


def test_a_card_is_the_same_for_both_languages():
    zh, en = (FIGURE.format(alt, "http://www.w3.org/2000/svg", CIRCLE) for alt in ("圆", "circle"))
    png = cards.draw(zh)
    assert cards.draw(en) == png
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    blue = (pixels == (0x00, 0x72, 0xB2)).all(axis=2).sum()
    assert abs(blue / (np.pi * (100 * 540 / 300) ** 2) - 1) < 0.01  # a circle of that radius
    assert tuple(pixels[0, 0]) == (0xFF, 0xFD, 0xF9)
    assert cards.draw(zh.replace("blue", "red")) != png


# A book that knows its address

URL = "https://example.org/books/gd/"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A small book, built with an address; and the address's path as a folder."""
    book = SmallBook(tmp_path_factory.mktemp("published") / "book")
    book.chapter.write_text(CHAPTER + DRAWING, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOOK_URL", URL.rstrip("/"))
        code, said = book.build()
    assert code == 0, said
    return book.folder / "_build" / "html"


def file_at(published: Path, url: str) -> Path:
    assert url.startswith(URL)
    path = url.removeprefix(URL)
    return published / (path or "index.html")


@pytest.mark.slow
def test_the_sitemap_names_every_page_once_with_its_translations(published):
    robots = (published / "robots.txt").read_text("utf-8")
    [where] = re.findall(r"^Sitemap: (\S+)$", robots, flags=re.M)
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    names["x"] = "http://www.w3.org/1999/xhtml"
    root = ElementTree.parse(file_at(published, where)).getroot()
    assert root.tag == f"{{{names['s']}}}urlset"
    entries = {
        entry.find("s:loc", names).text: {
            link.get("hreflang"): link.get("href") for link in entry.findall("x:link", names)
        }
        for entry in root.findall("s:url", names)
    }
    pages = ["index.html", "chapters/small.html", "chapters/roots.html"]
    both = {urljoin(URL, f"{lang}/{page}") for lang in LANGUAGES for page in pages}
    assert set(entries) == {URL, *both} and len(root) == len(entries)
    for url, versions in entries.items():
        assert file_at(published, url).exists()
        assert url in versions.values()
        for version in versions.values():  # a translation counts if it is mutual
            assert entries[version] == versions
    assert set(entries[URL]) == {"x-default", *LANGUAGES.values()}


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", ["index.html", "chapters/small.html"])
def test_a_page_with_an_address_says_it(published, lang, page):
    soup = BeautifulSoup((published / lang / page).read_text("utf-8"), "html.parser")
    here = urljoin(URL, f"{lang}/{page}")
    assert soup.select_one("link[rel=canonical]")["href"] == here
    assert tags(soup)["og:url"] == here
    versions = {link["hreflang"]: link["href"] for link in soup.select("link[rel=alternate]")}
    assert versions == {tag: urljoin(URL, f"{lang}/{page}") for lang, tag in LANGUAGES.items()}


@pytest.mark.slow
def test_a_card_with_an_address_can_be_fetched_from_anywhere(published):
    for lang in LANGUAGES:
        text = (published / lang / "chapters" / "small.html").read_text("utf-8")
        told = tags(BeautifulSoup(text, "html.parser"))
        assert file_at(published, told["og:image"]).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert told["og:image:alt"] == {"zh": "一条线", "en": "a line"}[lang]


@pytest.mark.slow
def test_the_page_not_found_starts_from_the_address(published):
    soup = BeautifulSoup((published / "404.html").read_text("utf-8"), "html.parser")
    assert soup.find("base")["href"] == urlsplit(URL).path


def test_without_an_address_there_is_no_sitemap(html):
    assert not (html / "sitemap.xml").exists() and not (html / "robots.txt").exists()


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org/", "https://", "https://a/?b"])
def test_an_address_that_is_none_is_explained(url):
    env = {"BOOK_URL": url}
    run = subprocess.run(
        [sys.executable, "-m", "press", "html"], cwd=ROOT, env=env, capture_output=True
    )
    said = run.stderr.decode()
    assert run.returncode == 1 and repr(url) in said and "such as https://" in said


# The page not found


class Host(SimpleHTTPRequestHandler):
    """Serves the book below a path, and 404.html for every missing address, as hosts do."""

    def __init__(self, *args, path: str, **kwargs):
        self.below = path
        super().__init__(*args, **kwargs)

    def do_GET(self):
        path = urlsplit(self.path).path.removeprefix(self.below)
        file = Path(self.directory, path or "index.html")
        found = self.path.startswith(self.below) and file.is_file()
        page = file if found else Path(self.directory, "404.html")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self.guess_type(str(page)))
        self.end_headers()
        self.wfile.write(page.read_bytes())

    def log_message(self, *args):
        pass


@pytest.fixture
def at_host(html, tabs):
    """Open an address of the book at a host; no request may leave it, and none may fail."""
    closing = []

    def open_page(address, below="/", missing=True, **settings):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=html, path=below))
        Thread(target=server.serve_forever, daemon=True).start()
        tab, asked = tabs.take(settings), []

        def note(request):
            asked.append(request.url)

        def leave():
            tab.remove_listener("request", note)
            tabs.give_back(tab, settings)

        closing.extend([server.server_close, server.shutdown, leave])
        root = f"http://127.0.0.1:{server.server_port}"
        tab.on("request", note)
        assert tab.goto(root + below + address).status == 404
        assert asked and all(url.startswith(root) for url in asked)
        return tab

    yield open_page
    for close in reversed(closing):
        close()


MISSING = [
    ("zh/nothing.html", "zh"),
    ("en/nothing.html", "en"),
    ("en/chapters/deep/er/nothing", "en"),
    ("zh/", "zh"),
]


@pytest.mark.parametrize("below", ["/", "/books/gd/"])
@pytest.mark.parametrize(("address", "lang"), MISSING)
def test_a_missing_page_leads_back_into_the_book(at_host, below, address, lang):
    tab = at_host(address, below)
    assert tab.locator("section").first.get_attribute("lang") == LANGUAGES[lang]
    with tab.expect_response(lambda response: response.url.endswith(f"{lang}/index.html")) as told:
        tab.locator("section").first.get_by_role("link").click()
    assert told.value.status == 200
    tab.wait_for_url(f"**{below}{lang}/index.html")


@pytest.mark.parametrize(("locale", "lang"), [("zh-CN", "zh"), ("nb-NO", "en")])
def test_elsewhere_the_browsers_language_stands_first(at_host, locale, lang):
    tab = at_host("no/such/thing.html", locale=locale)
    assert tab.locator("section").first.get_attribute("lang") == LANGUAGES[lang]
    assert tab.get_by_role("heading").inner_text() == "找不到这一页 · Page not found"


def test_a_missing_page_reads_well_without_a_script(at_host):
    tab = at_host("en/deep/nothing.html", java_script_enabled=False)
    links = [link.get_attribute("href") for link in tab.get_by_role("link").all()]
    assert links == ["zh/index.html", "en/index.html"]
    tab.get_by_role("link", name="Gradient Descent").click()
    tab.wait_for_url("**/en/index.html")
    assert tab.locator("h1").count() >= 1


@pytest.mark.parametrize(("lang", "words"), [("zh", "学习率"), ("en", "learning rate")])
def test_a_missing_page_offers_the_search(at_host, lang, words):
    tab = at_host(f"{lang}/deep/nothing.html")
    tab.locator("input").first.fill(words)
    tab.locator("input").first.press("Enter")
    tab.wait_for_url(f"**/{lang}/search.html?q=*")
    first = tab.locator("#search-results li > a").first
    first.wait_for()
    assert "learning-rate" in first.evaluate("link => link.href")


def test_the_page_not_found_is_not_to_be_indexed(html):
    soup = BeautifulSoup((html / "404.html").read_text("utf-8"), "html.parser")
    assert tags(soup)["robots"] == "noindex"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_not_found_fits_a_phone_and_any_theme(visit, width, scheme):
    tab = visit("404.html", viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= width
    tab.get_by_role("link", name="Gradient Descent").click()  # it works from disk, too
    tab.wait_for_url("**/en/index.html")


# The icon


@pytest.mark.parametrize("page", ["index.html", "404.html", "zh/index.html", "en/search.html"])
def test_every_kind_of_page_has_the_icon(html, page):
    soup = BeautifulSoup((html / page).read_text("utf-8"), "html.parser")
    [icon] = soup.select("link[rel=icon]")
    ElementTree.parse((html / page).parent / icon["href"])


@pytest.mark.parametrize(
    ("scheme", "bowl", "path"),
    [
        ("light", (0x1F, 0x23, 0x28), (0xD5, 0x5E, 0x00)),
        ("dark", (0xE2, 0xDF, 0xD8), (0xD5, 0x5E, 0x00)),
    ],
)
def test_the_icon_is_legible_at_16_pixels(visit, scheme, bowl, path):
    tab = visit("en/_static/favicon.svg", viewport={"width": 16, "height": 16}, color_scheme=scheme)
    with Image.open(io.BytesIO(tab.screenshot())) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=int)
    for color in (bowl, path):
        near = np.abs(pixels - color).max(axis=2) < 60
        assert near.sum() >= 12, f"{near.sum()} pixels have the colour"
        assert np.ptp(np.argwhere(near), axis=0).min() >= 8  # it is seen across the icon


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">{}</svg>'


@pytest.mark.parametrize(
    "drawn",
    [
        '<rect x="100.4" y="50.4" width="199.3" height="60.3" fill="#ff0000"/>',
        '<path d="M50 150H350" stroke="#ff0000"/>',  # thinner than what is half covered
    ],
)
def test_a_chapters_picture_is_filled_by_what_its_figure_shows(drawn):
    picture = np.asarray(chapters.cropped(chapters.without_axes(SVG.format(drawn))))
    assert picture.shape == (chapters.HEIGHT, chapters.WIDTH, 4)
    assert (picture == [255, 0, 0, 255]).all()


def test_a_figure_of_axes_alone_leaves_its_picture_empty():
    axes = SVG.format('<g id="a"><g id="fig1-matplotlib.axis_1"><path d="M0 0H9"/></g></g>')
    picture = np.asarray(chapters.cropped(chapters.without_axes(axes)))
    assert picture.shape[:2] == (chapters.HEIGHT, chapters.WIDTH) and not picture[..., 3].any()
