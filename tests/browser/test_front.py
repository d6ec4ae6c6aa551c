"""The front page in a real browser: its walkers, its cards, at every width, in both languages."""

import re

import numpy as np
import pytest

from gdcore import GradientDescent, descend, himmelblau
from tests.support.book import LANGUAGES, ROOT, at_rest

FAST = {
    "test_who_wants_no_motion_sees_the_walkers_where_gdcore_has_them_end[zh]",
    "test_walkers_run_once_and_arrive",
    "test_nothing_lies_on_anything_else_at_any_width[zh-360]",
    "test_each_chapter_has_a_card_in_its_order_with_a_picture_and_a_question[light]",
}

STARTS = [(-0.9, -0.4), (0.5, 0.1), (0.3, -1.4)]
CALM = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def front(visit):
    def open_page(lang="en", **settings):
        tab = visit(f"{lang}/index.html", **{**CALM, **settings})
        tab.locator(".relief output").wait_for()
        return tab

    return open_page


def points(text: str) -> list[tuple[float, ...]]:
    """The points that a text names."""
    named = re.findall(r"\(([^()]*)\)", text.replace("−", "-"))
    return [tuple(float(number) for number in point.split(",")) for point in named]


def ends(starts, rate) -> np.ndarray:
    """Where gdcore's walkers go."""
    walk = descend(himmelblau, GradientDescent(rate), np.transpose(starts), max_steps=150)
    return walk.last.T


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_wants_no_motion_sees_the_walkers_where_gdcore_has_them_end(front, lang):
    tab = front(lang)
    told = tab.locator(".relief output").text_content()
    np.testing.assert_allclose(points(told), ends(STARTS, 0.01), atol=0.006)
    assert told.count("到了" if lang == "zh" else "arrived at") == 3


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "第 150 步：3 人正在下降"), ("en", "Step 150: 3 walkers descending")]
)
def test_what_all_walkers_do_is_said_once(front, lang, words):
    tab = front(lang)
    slider = tab.locator(".relief input")
    slider.evaluate("(s) => { s.value = -4; s.dispatchEvent(new Event('input')); }")
    at_rest(tab)
    assert tab.locator(".relief output").text_content() == words


@pytest.fixture
def walk(visit):
    """The front page of a reader who takes motion as it comes, its clock stopped at the start."""
    tab = visit("en/index.html", viewport={"width": 1280, "height": 900})
    tab.clock.install(time=0)
    tab.clock.pause_at(1)
    tab.reload()
    tab.locator(".relief output").wait_for()
    return tab


def test_walkers_run_once_and_arrive(walk):
    told = walk.locator(".relief output")
    assert "Step 150" not in told.text_content()
    walk.clock.run_for(15_000)  # 150 steps, twelve in a second
    there = told.text_content()
    assert len(points(there)) == 3
    walk.clock.run_for(2_000)
    assert told.text_content() == there


def test_one_who_does_something_else_is_counted_too_and_only_the_end_is_read_aloud(walk):
    tab = walk
    tab.evaluate(
        """() => {
          const told = document.querySelector(".relief output");
          window.heard = [];
          new MutationObserver(() => heard.push([told.ariaLive, told.textContent]))
            .observe(told, { childList: true });
        }"""
    )
    tab.clock.run_for(15_000)
    heard = tab.evaluate("heard")
    assert len(heard) == 150  # every one
    assert [live for live, _ in heard] == ["off"] * (len(heard) - 1) + ["polite"]
    counted = [text.partition(": ")[2] for _, text in heard]
    assert "2 walkers slowing; one descending" in counted, counted
    assert len(points(counted[-1])) == 3 and "one" not in counted[-1]


@pytest.mark.parametrize("width", [360, 820, 1280, 1920])
def test_there_is_a_way_to_search_at_any_width(front, width):
    tab = front(viewport={"width": width, "height": 900})
    tab.get_by_role("button", name="Search", exact=True).click()
    assert tab.locator("dialog input[type=search]").is_visible()


def test_the_length_of_the_page_is_foreseen(front):
    tab = front()
    height = "document.scrollingElement.scrollHeight"
    foreseen = tab.evaluate(height)
    tab.locator("html").evaluate("(root) => root.classList.remove('from-the-top')")
    assert abs(tab.evaluate(height) / foreseen - 1) < 0.15


def test_a_start_is_dragged_and_its_walker_goes_from_there(front):
    tab = front()
    ring = tab.locator(".relief [role=application]").first
    box = ring.locator(".ring").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x - 60, y + 40, steps=3)
    tab.mouse.up()
    at_rest(tab)
    where = [
        float(n)
        for n in re.findall(r"-?[\d.]+", ring.get_attribute("aria-label").replace("−", "-"))
    ]
    assert where[0] < STARTS[0][0] - 0.5 and where[1] < STARTS[0][1] - 0.3
    told = points(tab.locator(".relief output").text_content())
    np.testing.assert_allclose(told, ends([where, *STARTS[1:]], 0.01), atol=0.006)


def test_a_start_moves_by_the_arrow_keys(front):
    tab = front()
    ring = tab.locator(".relief [role=application]").nth(1)
    ring.focus()
    for key in ("ArrowRight", "ArrowUp", "Shift+ArrowUp"):
        ring.press(key)
    at_rest(tab)
    assert "0.55, 0.65" in ring.get_attribute("aria-label")


@pytest.mark.parametrize(("power", "word"), [(-1, "diverged"), (-4, "3 walkers descending")])
def test_the_rate_decides_what_becomes_of_them(front, power, word):
    tab = front()
    slider = tab.locator(".relief input")
    slider.evaluate("(s, to) => { s.value = to; s.dispatchEvent(new Event('input')); }", power)
    at_rest(tab)
    told = tab.locator(".relief output").text_content()
    assert word in told
    with np.errstate(all="ignore"):
        walk = descend(
            himmelblau, GradientDescent(10.0**power), np.transpose(STARTS), max_steps=150
        )
    assert [status == "diverged" for status in walk.status] == [word == "diverged"] * 3


def test_without_a_script_the_walkers_ways_are_drawn(visit):
    tab = visit("en/index.html", java_script_enabled=False)
    ways = tab.locator(".relief [id*='-walk-'][id$='-0'] > path")
    last = "(way) => way.getPointAtLength(way.getTotalLength())"
    places = ways.evaluate_all(f"all => all.map({last}).map(({{ x, y }}) => [x, y])")
    spots = [(x / 40 - 24, 5.6 - y / 40) for x, y in places]
    np.testing.assert_allclose(spots, ends(STARTS, 0.01), atol=0.01)
    assert "three different valleys" in tab.locator(".relief svg").get_attribute("aria-label")


@pytest.mark.parametrize("width", [360, 820, 1280, 1920])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_lies_on_anything_else_at_any_width(front, lang, width):
    tab = front(lang, viewport={"width": width, "height": 900})
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= width
    boxes = [
        tab.locator(selector).first.bounding_box()
        for selector in ("article h1", ".front-words", ".relief-rate", ".chapter-cards")
    ]
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            apart = (
                one["y"] >= other["y"] + other["height"] - 1
                or other["y"] >= one["y"] + one["height"] - 1
                or one["x"] >= other["x"] + other["width"] - 1
                or other["x"] >= one["x"] + one["width"] - 1
            )
            assert apart, (one, other)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_chapter_has_a_card_in_its_order_with_a_picture_and_a_question(front, scheme):
    tab = front(color_scheme=scheme)
    named = re.findall(r"^chapters/(\S+)$", (ROOT / "index.md").read_text("utf-8"), re.M)
    cards = tab.locator(".chapter-card")
    links = cards.evaluate_all("all => all.map(card => card.getAttribute('href'))")
    assert links == [f"chapters/{name}.html" for name in named]
    numbers = tab.locator(".chapter-number").all_text_contents()
    assert numbers == [str(number) for number in range(1, len(named) + 1)]
    for card in cards.all():
        card.scroll_into_view_if_needed()
        picture = card.locator("img:visible")
        assert picture.count() == 1
        picture.evaluate("i => i.decode()")
        assert f"-{scheme}.webp" in picture.get_attribute("src")
        assert card.locator("p :not(.twin)").first.inner_text().endswith("?")


@pytest.mark.parametrize("width", [390, 820, 1280, 1920])
def test_the_cards_of_each_part_fill_its_rows(visit, width):
    tab = visit("en/index.html", viewport={"width": width, "height": 900})
    tab.evaluate("document.documentElement.classList.remove('from-the-top')")
    parts = tab.locator(".chapter-cards").evaluate_all(
        """(parts) => parts.map((part) => {
          const { left, right } = part.getBoundingClientRect();
          return [left, right, [...part.children].map((card) => {
            const { top, left, right } = card.getBoundingClientRect();
            return [Math.round(top), left, right];
          })];
        })"""
    )
    for left, right, cards in parts:
        for top in {top for top, _, _ in cards}:
            row = [card for card in cards if card[0] == top]
            assert abs(min(card[1] for card in row) - left) < 1
            assert abs(max(card[2] for card in row) - right) < 1
            if width > 1200 and len(cards) > 1:
                assert len(row) > 1


def test_the_chinese_title_is_set_without_the_latin_font_and_so_stands_still_when_it_comes(visit):
    """A line is as high as the first font of its heading makes it, too."""
    tab = visit("zh/index.html", viewport={"width": 412, "height": 823})
    heading = tab.locator("article h1")
    fonts = (
        "h => [h, ...h.querySelectorAll(':lang(zh)')].map((e) => getComputedStyle(e).fontFamily)"
    )
    assert len(set(heading.evaluate(fonts))) == 1
    assert "Source Serif" not in heading.evaluate(fonts)[0]
