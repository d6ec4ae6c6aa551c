"""What holds for every instrument: keys, fingers, addresses, paper, no script, no motion, letters.

What each of them says and computes is tested beside its name, in test_instrument_NAME.py.
"""

import re
from itertools import product
from urllib.parse import parse_qsl, quote

import pytest

from tests.support.book import LANGUAGES, ROOT
from tests.support.instruments import INSTRUMENTS, alive, at_figure, settled

FAST = {
    "test_on_a_phone_an_instrument_is_set_up_as_its_own_figure_nears",
    "test_everything_that_can_be_set_is_set_by_keys[cobweb]",
    "test_an_address_leads_back_to_what_was_set_and_reset_to_the_beginning[parabolas]",
    "test_a_hostile_address_is_held_to_what_the_hand_could_set[model-NaN]",
    "test_on_a_phone_it_fits_and_is_large_enough_to_read_and_touch[fall-zh]",
    "test_on_a_phone_it_fits_and_is_large_enough_to_read_and_touch[examples-en]",
    "test_a_finger_drags_it_and_not_the_page[valleys]",
    "test_without_a_script_and_on_paper_the_still_figure_stands[edge]",
    "test_nothing_moves_by_itself_and_nothing_plays_for_who_wants_no_motion[examples]",
    "test_it_says_as_much_in_either_language[momentum-pad]",
}

FINGER = 44
LETTERS = 12
NAMES = [name for name, _, _ in INSTRUMENTS]
JUNK = ("", "NaN", "1e999", "-1e999", "<img src=x>", "%zz", "__proto__")
EACH = pytest.mark.parametrize(("name", "chapter", "figure"), INSTRUMENTS, ids=NAMES)
CASE = "{0[1][0]}-{0[0]}".format  # its name, and what is made of it
SEEN = """(root) => {
  const parts = [...root.querySelectorAll(
    ".instrument-plot svg, .instrument-plot svg *, .instrument-says, output, [role], input")];
  const said = parts.map((e) => [e.textContent, e.ariaValueText, e.ariaLabel, e.value, e.checked,
    ...[...e.attributes].map(({ value }) => value)]);
  const painted = [...root.querySelectorAll("canvas")].map((c) => (c.hidden ? "" : c.toDataURL()));
  return JSON.stringify([said, painted]);
}"""


def seen(figure) -> str:
    settled(figure.page)
    return figure.evaluate(SEEN)


def its_query(tab) -> dict[str, str]:
    """What the address says, once it has been written."""
    tab.wait_for_function("location.hash.includes('?')")
    return dict(parse_qsl(tab.url.partition("?")[2], keep_blank_values=True))


def test_every_instrument_is_used_and_every_one_used_is_there():
    there = {path.stem for path in (ROOT / "_static" / "js" / "instruments").glob("*.js")}
    assert there - {"explorer", "relief", "sketch"} == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


def test_on_a_phone_an_instrument_is_set_up_as_its_own_figure_nears(visit):
    """All of a chapter at once would hold a phone up before anything can be touched."""
    first, last = (figure for _, chapter, figure in INSTRUMENTS if chapter == "many-dimensions")
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    tab = visit("en/chapters/many-dimensions.html", **phone)
    show = "(id) => document.getElementById(id).scrollIntoView()"
    tab.evaluate(show, first)
    alive(tab, first)
    assert not tab.locator(f"#{last}.live").count()
    tab.evaluate(show, last)
    alive(tab, last)


@EACH
def test_everything_that_can_be_set_is_set_by_keys(visit, name, chapter, figure):
    its = at_figure(visit, "en", chapter, figure)
    tab = its.page
    controls = its.locator("[tabindex='0']:visible:not(.katex-display), .instrument input:visible")
    assert controls.count()
    for control in controls.all():
        assert (
            control.get_attribute("aria-label") or control.evaluate("e => e.labels?.[0]?.innerText")
        ).strip()
        before = seen(its)
        control.focus()
        assert control.evaluate("e => e === document.activeElement")
        kind = control.get_attribute("type")
        for key in (
            ["Space"]
            if kind in ("radio", "checkbox")
            else ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"]
        ):
            if kind == "radio" and control.is_checked():
                key = "ArrowRight"
            tab.keyboard.press(key)
            if seen(its) != before:
                break
        else:
            pytest.fail(f"{control.evaluate('e => e.outerHTML')[:200]} answers to no key")
    for button in its.locator(".instrument button:visible").all():
        assert (button.get_attribute("aria-label") or button.inner_text()).strip()


@EACH
def test_an_address_leads_back_to_what_was_set_and_reset_to_the_beginning(
    visit, name, chapter, figure
):
    its = at_figure(visit, "en", chapter, figure)
    tab = its.page
    first = its.locator(".instrument-says").inner_text()
    control = its.locator(".instrument-handle:visible, .instrument input:visible").first
    control.focus()
    tab.keyboard.press("Space" if control.get_attribute("type") == "checkbox" else "ArrowLeft")
    its_query(tab)
    settled(tab)
    said = its.locator(".instrument-says").inner_text()
    tab.reload()
    alive(tab, figure)
    assert its.locator(".instrument-says").inner_text() == said
    its.locator(".instrument-reset").click()
    settled(tab)
    assert its.locator(".instrument-says").inner_text() == first


@pytest.mark.parametrize("case", [*product(JUNK, INSTRUMENTS)], ids=CASE)
def test_a_hostile_address_is_held_to_what_the_hand_could_set(visit, case):
    junk, (_, chapter, figure) = case
    its = at_figure(visit, "en", chapter, figure)
    control = its.locator(".instrument-handle:visible, .instrument input:visible").first
    control.focus()
    its.page.keyboard.press(
        "Space" if control.get_attribute("type") == "checkbox" else "ArrowRight"
    )
    fields = its_query(its.page)
    query = "&".join(
        f"{field}={junk if '%' in junk else quote(junk)}" for field in [*fields, "constructor"]
    )
    its = at_figure(visit, "en", chapter, figure, f"?{query}")
    drawn = its.locator(".instrument").inner_html()
    assert not re.search(r'="[^"]*(NaN|undefined)', drawn)
    assert "NaN" not in its.locator(".instrument").inner_text()
    assert its.locator(".instrument img").count() == 0
    assert its.locator(".instrument-says").inner_text().strip()


@pytest.mark.parametrize("case", [*product(LANGUAGES, INSTRUMENTS)], ids=CASE)
def test_on_a_phone_it_fits_and_is_large_enough_to_read_and_touch(visit, case):
    lang, (_, chapter, figure) = case
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    its = at_figure(visit, lang, chapter, figure, color_scheme="dark", **phone)
    wide, letters, targets, cut = its.evaluate(
        """(root) => {
          const all = (selector) =>
            [...root.querySelectorAll(selector)].filter((e) => e.checkVisibility());
          const texts = all(".instrument-plot text").filter((e) => e.textContent);
          return [document.scrollingElement.scrollWidth,
            texts.map((e) => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a),
            all(".instrument :is(button, label, select), .instrument-handle .reach").map((e) =>
              [e.outerHTML.slice(0, 120), e.getBoundingClientRect().height]),
            texts.map((e) => [e.textContent, e.getBoundingClientRect()])
              .filter(([, { left, right }]) => left < -1 || right > innerWidth + 1)
              .map(([text]) => text)];
        }"""
    )
    assert wide <= 390
    assert min(letters, default=LETTERS) >= LETTERS - 0.1
    assert not cut
    assert [target for target in targets if target[1] < FINGER - 0.5] == []


@EACH
def test_a_finger_drags_it_and_not_the_page(visit, name, chapter, figure):
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    its = at_figure(visit, "zh", chapter, figure, **phone)
    tab = its.page
    for handle in its.locator(".instrument-handle:visible").all():
        handle.scroll_into_view_if_needed()
        box = handle.locator(".ring").bounding_box()
        spot = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        before, place = handle.get_attribute("transform"), tab.evaluate("scrollY")
        for way in (-9, 9):  # one that stands at an end can go but one way
            with_touch(tab, spot, way)
            settled(tab)
            assert tab.evaluate("scrollY") == place
            if handle.get_attribute("transform") != before:
                return
    assert not its.locator(".instrument-handle:visible").count(), "no handle followed the finger"


def with_touch(tab, spot, way) -> None:
    """A finger goes down from a spot, to the left or to the right."""
    session = tab.context.new_cdp_session(tab)
    ways = [("touchStart", spot)]
    ways += [("touchMove", [spot[0] + way * i, spot[1] + 7 * i]) for i in range(1, 6)]
    for kind, (x, y) in ways:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@EACH
def test_without_a_script_and_on_paper_the_still_figure_stands(visit, name, chapter, figure):
    tab = visit(f"en/chapters/{chapter}.html#{figure}", java_script_enabled=False)
    assert tab.locator(f"#{figure} > svg.figure:visible, #{figure} .figure:visible").count()
    assert not tab.locator(f".instrument[data-figure={figure}]").is_visible()
    its = at_figure(visit, "en", chapter, figure)
    assert its.locator(".instrument").is_visible() and not its.locator("svg.figure:visible").count()
    its.page.emulate_media(media="print")
    assert not its.locator(".instrument").is_visible() and its.locator("svg.figure:visible").count()


@EACH
def test_nothing_moves_by_itself_and_nothing_plays_for_who_wants_no_motion(
    visit, name, chapter, figure
):
    its = at_figure(visit, "en", chapter, figure, reduced_motion="reduce")
    assert its.locator(".play:visible").count() == 0
    its.page.wait_for_function("document.querySelectorAll('.working').length === 0")
    before = seen(its)
    for _ in range(5):
        assert seen(its) == before


@EACH
def test_it_says_as_much_in_either_language(visit, name, chapter, figure):
    said = {lang: at_figure(visit, lang, chapter, figure) for lang in LANGUAGES}
    numbers = {
        lang: re.findall(r"\d+(?:\.\d+)?", its.locator(".instrument-says").inner_text())
        for lang, its in said.items()
    }
    assert sorted(numbers["zh"]) == sorted(numbers["en"])
    assert not re.search(
        "[\u4e00-\u9fff]",
        " ".join(said["en"].locator(".instrument > :not(.instrument-how)").all_inner_texts()),
    )
