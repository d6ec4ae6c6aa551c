"""How a page is set, measured in a real browser: lines, headings, room, contrast, fonts, targets.

The oracles are typography's rules of thumb and WCAG 2.2, written down here again in numbers.
"""

import re
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import combinations, pairwise
from statistics import median

import pytest

from tests.support.book import LANGUAGES, ROOT, at_rest
from tests.support.sight import WIDTHS

FAST = {
    "test_a_line_is_as_long_as_one_reads_well",
    "test_headings_have_three_sizes_one_weight_and_room_above",
    "test_a_chinese_title_breaks_between_words",
    "test_nothing_scrolls_sideways",
    "test_a_figure_stands_beside_its_text_where_there_is_room",
    "test_text_stands_out_from_its_ground",
    "test_a_finger_finds_every_control[chapters/learning-rate-en]",
    "test_a_finger_finds_every_control[explorer-zh]",
}

HAN = "\u4e00-\u9fff"
LINE = {"zh": (32, 40), "en": (62, 74)}  # characters; a letter among Chinese takes half the room
SIZES = {360: {28, 24, 20}, 1280: {36, 26, 20}, 1920: {36, 26, 20}}
FINGER = 44  # px
FONT = 50_000  # bytes
BESIDE = {"learning-rate", "himmelblau", "basins", "momentum"}

SMALL = """(least) => [...document.querySelectorAll(
    "button, select, summary, input, .header-article-items a, .prev-next-area a")]
  .filter((control) => control.checkVisibility({ visibilityProperty: true }))
  .map((control) => control.closest("label") ?? control)
  .map((control) => [control.getBoundingClientRect(), control.outerHTML.slice(0, 110)])
  .filter(([{ width, height }]) => width > 2 && (height < least - 0.5 || width < least - 0.5))
  .map(([{ width, height }, what]) => `${width.toFixed(0)} × ${height.toFixed(0)} ${what}`)"""


def room(line: str, lang: str) -> float:
    """How many characters a line has."""
    wide = len(re.findall(rf"[{HAN}\u3000-\u303f\uff00-\uffef“”‘’…—]", line))
    return wide + (len(line) - wide) / 2 if lang == "zh" else len(line.strip())


def test_a_line_is_as_long_as_one_reads_well(seen):
    for width in (1280, 1920):
        full = [room(line, seen.lang) for p in seen.at[width]["paragraphs"] for line in p[:-1]]
        low, high = LINE[seen.lang]
        assert full or not seen.page.startswith("chapters/")
        assert len(full) < 4 or low <= median(full) <= high, width


def test_headings_have_three_sizes_one_weight_and_room_above(seen):
    for width in WIDTHS:
        page = seen.at[width]
        own = "h1" if seen.page == "index" else ""  # its title is set for itself
        sizes = {(name, size) for name, size, _, _ in page["headings"] if name != own}
        assert len(sizes) == len({name for name, _ in sizes})  # a size each
        assert {size for _, size in sizes} <= SIZES[width]
        assert {weight for _, _, weight, _ in page["headings"]} == {"600"}
        assert page["clear"] >= 8


def test_what_is_dragged_hides_nothing_of_the_picture_around_it(visit):
    """A ring can be taken beside it, too; on the front page that wider circle was black."""
    for page in ("index", "explorer"):
        tab = visit(f"en/{page}.html")
        tab.locator(".explorer, .relief").evaluate("e => e.scrollIntoView()")
        tab.locator(".explorer-handle").first.wait_for()
        fills = tab.locator(".explorer-handle .reach").evaluate_all(
            "all => all.map((one) => getComputedStyle(one).fill)"
        )
        assert fills and set(fills) == {"rgba(0, 0, 0, 0)"}


def test_a_chinese_title_breaks_between_words(seen):
    for width in WIDTHS if seen.lang == "zh" else ():
        for _, _, _, lines in seen.at[width]["headings"]:
            for before, after in pairwise(lines):
                inside = re.search(rf"[{HAN}]$", before) and re.match(rf"[{HAN}]", after)
                broken = inside and not before.endswith("的")  # behind which one may pause
                alone = re.fullmatch(r"\d+\. ?", before)
                assert not broken and not alone, lines


def test_nothing_scrolls_sideways(seen):
    assert all(seen.at[width]["width"] <= width for width in WIDTHS)
    assert all(beyond <= 0 for beyond in seen.at[1280]["tables"])


def test_a_figure_stands_beside_its_text_where_there_is_room(seen):
    name = seen.page.removeprefix("chapters/")
    assert len(seen.at[1280]["beside"]) == (name in BESIDE)
    for width in WIDTHS:
        for position, float_, gap, margin in seen.at[width]["beside"]:
            if width < 1200:
                assert position != "sticky" and float_ == "none"
            else:
                assert position == "sticky" and gap >= 16 and margin >= 8


def test_text_stands_out_from_its_ground(seen):
    assert seen.faint == {"light": [], "dark": []}


def test_the_numbers_of_an_explorer_fit_beside_each_other(visit):
    tab = visit("en/explorer.html", viewport={"width": 1280, "height": 900})
    tab.evaluate("document.documentElement.classList.remove('from-the-top')")
    tab.locator(".explorer").first.scroll_into_view_if_needed()
    tab.locator(".explorer-row:not([hidden])").first.wait_for()
    tab.locator(".explorer-drawer").evaluate("drawer => (drawer.open = true)")
    table = tab.locator(".explorer-table").first
    table.locator("td").first.wait_for()
    assert table.evaluate("table => table.parentElement.scrollWidth - table.offsetWidth") >= 0
    assert table.evaluate("({ parentElement: box }) => box.scrollWidth - box.clientWidth") == 0


def test_what_is_wide_reaches_into_the_margin_and_a_note_stands_in_it(visit):
    tab = visit("en/chapters/learning-rate.html", viewport={"width": 1920, "height": 900})
    tab.evaluate(
        """() => {
          document.documentElement.classList.remove("from-the-top");
          const [wide, other] = document.querySelectorAll("article .cell:has(figure)");
          wide.classList.add("tag_full-width");
          const note = '<aside class="margin sidebar"><p>Aside</p></aside>';
          other.insertAdjacentHTML("beforebegin", note);
        }"""
    )
    for width, has_margin in ((1920, True), (1440, True), (1280, False), (360, False)):
        tab.set_viewport_size({"width": width, "height": 900})
        text = tab.locator("article section > .pair .lang:visible").first.bounding_box()
        edge = text["x"] + text["width"]
        wide = tab.locator(".tag_full-width").bounding_box()
        note = tab.locator("aside.margin").bounding_box()
        assert wide["x"] == text["x"] and wide["width"] <= 960
        beyond = wide["width"] - text["width"]
        assert beyond > 250 if width >= 1280 else beyond == 0
        if has_margin:
            assert note["x"] >= edge + 16 and 180 <= note["width"] <= 260
        else:
            assert note["x"] + note["width"] <= edge + 1  # in the text
        assert tab.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["chapters/learning-rate", "chapters/montage", "explorer", "search"]
)
def test_a_finger_finds_every_control(visit, lang, name):
    phone = {"width": 360, "height": 740}
    tab = visit(f"{lang}/{name}.html", viewport=phone, has_touch=True, is_mobile=True)
    assert tab.evaluate("matchMedia('(pointer: coarse)').matches")
    if name == "explorer":
        tab.locator(".explorer").first.scroll_into_view_if_needed()
        tab.locator(".explorer-row:not([hidden])").first.wait_for()
        tab.locator(".explorer-drawer").evaluate("drawer => (drawer.open = true)")
    tab.evaluate("document.documentElement.classList.remove('from-the-top')")
    tab.evaluate("dispatchEvent(new Event('hashchange'))")  # what waits for a reader comes
    at_rest(tab)
    assert tab.evaluate(SMALL, FINGER) == []


# Fonts


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def served(folder):
    """Give the address of a web server that has the files of a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_fonts_are_small_and_have_their_licence_beside_them():
    fonts = sorted((ROOT / "_static" / "fonts").glob("*.woff2"))
    assert len(fonts) == 3
    assert all(0 < font.stat().st_size <= FONT for font in fonts)
    assert "SIL OPEN FONT LICENSE" in (ROOT / "_static/fonts/LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_font_that_comes_late_hardly_moves_the_page(browser, html, lang):
    """Asked for before the page is painted, and held back until then, it shifts next to nothing."""
    with served(html) as address:
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        held, painted = [], []
        tab.route(
            "**/fonts/source-serif*",
            lambda route: route.continue_() if painted else held.append(route),
        )
        tab.add_init_script(
            """window.shifts = [];
            new PerformanceObserver((list) => shifts.push(...list.getEntries().map((e) => e.value)))
              .observe({ type: "layout-shift", buffered: true });"""
        )
        tab.goto(f"{address}/{lang}/chapters/momentum.html", wait_until="commit")
        tab.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
        preloaded = tab.evaluate(
            "[...document.querySelectorAll('link[rel=preload]')].map((l) => l.href)"
        )
        late = {route.request.url for route in held}
        assert late and late <= set(preloaded)
        tab.wait_for_function(
            "[...document.fonts].every((font) => "
            "font.family.includes('Source Serif 4') || font.status !== 'loading')"
        )
        tab.evaluate("shifts.length = 0")  # those of the fonts of formulas are not meant here
        before = tab.evaluate("document.querySelector('article').offsetHeight")
        painted.append(True)
        for route in held:
            route.continue_()
        tab.wait_for_function(
            "[...document.fonts].some((font) => "
            "font.family.includes('Source Serif 4') && font.status === 'loaded')"
        )
        at_rest(tab)
        after = tab.evaluate("document.querySelector('article').offsetHeight")
        assert sum(tab.evaluate("shifts")) < 0.05  # half of what web vitals call good
        assert abs(after / before - 1) < 0.02
        tab.close()


def test_no_look_of_five_parts_stands_twice_in_the_stylesheets():
    rules = []
    for file in sorted((ROOT / "_static").glob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.DOTALL)
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
            parts = {" ".join(part.split()) for part in body.split(";")} - {""}
            rules.append((f"{file.name}: {' '.join(selector.split())}", parts))
    assert len(rules) > 300
    twice = [(a, b) for (a, one), (b, other) in combinations(rules, 2) if len(one & other) > 4]
    assert twice == []
