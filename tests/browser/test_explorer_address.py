"""What a reader set in the explorer lasts: in a link, over a reload, in the other language.

And what a reader may type, into the address or into a box, does no harm.
"""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser import test_explorer
from tests.browser.test_address import HOSTILE
from tests.browser.test_explorer import PAGE, WIDE, numbers, rate_of, ready, settled, slide
from tests.support.tiers import few

FAST = {
    "test_a_reload_keeps_what_was_set",
}

explore = test_explorer.explore  # the fixture
OUTPUT = ".explorer-bar output"


def all_of(tab):
    """Everything that the explorer says and draws, but for the words of a language."""
    tab.locator(".explorer-drawer").evaluate("drawer => (drawer.open = true)")
    if tab.get_by_label(re.compile("Basin map|盆地图")).is_checked():
        tab.locator(".explorer-legend").wait_for()  # the map is drawn a little at a time
    settled(tab)
    return tab.locator(".explorer").evaluate(
        """root => {
          const all = (selector, what) => Array.from(root.querySelectorAll(selector), what);
          return [all("input", e => /checkbox|radio/.test(e.type) ? e.checked : e.value),
            all("select", e => e.value), all("button", e => e.ariaPressed),
            all("td", e => e.textContent).filter(t => /[0-9]/.test(t)),
            all(".explorer-over path", e => e.getAttribute("d")), all("canvas", e => e.hidden)];
        }"""
    )


def set_all(tab):
    """Change one of everything, and go to a step."""
    tab.locator(".explorer-drawer").evaluate("drawer => (drawer.open = true)")
    tab.get_by_role("button", name="Lion").click()
    settled(tab)
    tab.get_by_label(re.compile("β₂ of Lion|Lion的 β₂")).fill("0.9")
    tab.keyboard.press("Enter")
    tab.locator(".explorer-handle.start").focus()
    tab.keyboard.press("Shift+ArrowRight")
    for name, value in (
        ("Steps|步数", "30"),
        ("Gradient noise|梯度噪声", "0.5"),
        ("Seed|种子", "7"),
    ):
        tab.get_by_role("spinbutton", name=re.compile(f"^({name})$")).fill(value)
        tab.keyboard.press("Enter")
    tab.get_by_label(re.compile("Basin map|盆地图")).check()
    tab.locator(".explorer-row input").first.check()
    tab.locator(".explorer-player input").evaluate(
        "scrub => { scrub.value = 7; scrub.dispatchEvent(new Event('input')); }"
    )
    settled(tab)


def written(tab):
    """Wait until the address says what the explorer shows."""
    tab.wait_for_function("location.hash.includes('&k=7&')")


def test_a_reload_keeps_what_was_set(explore):
    tab = explore()
    set_all(tab)
    before = all_of(tab)
    written(tab)
    tab.reload()
    ready(tab)
    assert all_of(tab) == before


def test_a_reload_keeps_the_place(explore):
    tab = explore()
    set_all(tab)
    written(tab)
    tab.evaluate("scrollTo(0, 0)")
    tab.reload()
    tab.locator(".explorer-row:not([hidden])").first.wait_for(state="attached")
    settled(tab)
    assert tab.evaluate("scrollY") == 0


def test_an_address_leads_to_the_explorer(visit):
    tab = visit(f"en/{PAGE}#fig-explorer?objective=himmelblau", viewport=WIDE)
    tab.wait_for_function("document.querySelector('.explorer-row:not([hidden])')")
    tab.wait_for_function("document.querySelector('.explorer').getBoundingClientRect().top < 200")


def test_until_something_is_set_the_address_is_left_alone(explore):
    tab = explore()
    before = tab.url
    set_all(tab)
    assert tab.url == before  # not at every frame of a drag, which some browsers refuse
    written(tab)


@pytest.mark.parametrize(("lang", "other"), few([("zh", "en"), ("en", "zh")], ("en", "zh")))
def test_the_language_link_keeps_what_was_set(explore, lang, other):
    tab = explore(lang=lang)
    set_all(tab)
    before = all_of(tab)
    tab.locator("a.language-link").first.evaluate("link => link.click()")
    tab.wait_for_url(f"**/{other}/{PAGE}*")
    tab.locator(".explorer-row:not([hidden])").first.wait_for()
    settled(tab)
    assert tab.locator(".explorer").evaluate("e => e.getBoundingClientRect().top") < 200
    assert all_of(tab) == before


@pytest.mark.slow
def test_so_it_does_where_the_address_has_led_elsewhere(explore):
    tab = explore()
    set_all(tab)
    written(tab)
    before = all_of(tab)
    tab.evaluate("location.hash = 'explorer'")
    tab.locator(".explorer").evaluate("e => e.scrollIntoView()")
    tab.locator("a.language-link").first.evaluate("link => link.click()")
    tab.wait_for_url(f"**/zh/{PAGE}*")
    tab.locator(".explorer-row:not([hidden])").first.wait_for()
    settled(tab)
    assert all_of(tab) == before


def test_when_the_explorer_is_out_of_view_the_language_link_leads_to_the_section(
    explore,
):
    tab = explore()
    set_all(tab)
    written(tab)
    tab.locator("main section section").first.evaluate("section => section.scrollIntoView()")
    anchor = tab.locator("main section section").first.get_attribute("id")
    tab.locator("a.language-link").first.evaluate("link => link.click()")
    tab.wait_for_url(f"**/zh/{PAGE}#{anchor}")


def share(tab):
    tab.get_by_role("button", name="Copy a link").click()
    expect(tab.locator(OUTPUT)).to_contain_text("link")
    assert tab.evaluate("location.hash").startswith("#fig-explorer?objective=himmelblau&")
    return tab.locator(OUTPUT).text_content()


def test_a_link_that_was_copied_is_said_to_be(explore):
    tab = explore(permissions=["clipboard-read", "clipboard-write"])
    assert share(tab) == "The link is copied, and in the address bar"
    assert tab.evaluate("navigator.clipboard.readText()") == tab.url


def test_a_link_that_was_not_copied_is_said_to_be_in_the_address_bar(explore):
    tab = explore(permissions=["geolocation"])  # and no others
    write = "navigator.permissions.query({ name: 'clipboard-write' }).then(({ state }) => state)"
    assert tab.evaluate(write) == "denied"
    assert share(tab) == "The link could not be copied; it is in the address bar"


def test_so_it_is_where_there_is_no_clipboard(explore):
    tab = explore()
    tab.evaluate("delete Navigator.prototype.clipboard")
    assert tab.evaluate("navigator.clipboard") is None
    assert share(tab) == "The link could not be copied; it is in the address bar"


def assert_whole(tab):
    """The table has a row, all its numbers are numbers, and so is everything drawn."""
    tab.locator(".explorer-drawer").evaluate("drawer => (drawer.open = true)")
    settled(tab)
    assert tab.locator(".explorer tbody tr").count() >= 1
    assert np.isfinite(numbers(tab)[0]).all()
    drawn = tab.locator(".explorer").evaluate(
        "root => Array.from(root.querySelectorAll('svg'), svg => svg.outerHTML).join('')"
    )
    assert not re.search("NaN|undefined|Infinity", drawn)


@pytest.mark.parametrize(
    "key", few(["objective", "start", "steps", "watched", "basins", "adam"], "start")
)
def test_no_address_does_harm(visit, key):
    tab = visit(f"en/{PAGE}#fig-explorer?objective=booth&{key}={HOSTILE[0]}", viewport=WIDE)
    tab.locator(".explorer-row:not([hidden])").first.wait_for()
    for word in HOSTILE:
        objective = "" if key == "objective" else "objective=booth&"
        tab.evaluate("query => { location.hash = query; }", f"fig-explorer?{objective}{key}={word}")
        settled(tab)
        assert_whole(tab)


QUERIES = [
    "objective=himmelblau&start=1e200,0",
    "objective=himmelblau&start=NaN,1&steps=-5&k=1e9",
    "objective=__proto__&start=1,1",
    "objective=constructor",
    "objective=parabola&start=1,2,3,4&basins=1&watched=__proto__",
    "objective=booth&adam=1,off&gradient_descent=off",
    "objective=%E0%A4%A&%%%=%&start",
    "objective=<img src=x onerror=alert(1)>&watched=<script>alert(1)</script>",
]


@pytest.mark.parametrize("query", few(QUERIES, QUERIES[1], QUERIES[4], QUERIES[7]))
def test_a_page_opens_at_any_address(visit, query):
    tab = visit(f"en/{PAGE}#fig-explorer?{query}", viewport=WIDE)
    tab.locator(".explorer-row:not([hidden])").first.wait_for()
    settled(tab)
    assert_whole(tab)
    chip = tab.get_by_role("button", name="Gradient descent", exact=True)
    if chip.get_attribute("aria-pressed") == "false":
        chip.click()
        settled(tab)
    slide(tab, "Gradient descent", 1e-3)  # and it lives
    assert rate_of(tab) == 1e-3


NONSENSE = ["", "-", "--5", "1e", "1e999", "-1e300", "0", "3.7"]


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "objective=parabola&start=2&adamw=0.1"])
def test_nonsense_in_a_box_does_no_harm(explore, query):
    tab = explore(query)
    boxes = tab.locator(".explorer input[type=number]:visible")
    for i in range(boxes.count()):
        for text in NONSENSE:
            boxes.nth(i).click()
            tab.keyboard.press("Control+A")
            tab.keyboard.press("Backspace")
            tab.keyboard.type(text)
            tab.keyboard.press("Enter")
            settled(tab)
            assert_whole(tab)
    written_in = boxes.evaluate_all("all => all.map(one => one.valueAsNumber)")
    assert np.isfinite(written_in).all()


BOXES = [
    ("Start x₁", "1e9", 5),
    ("Start x₂", "-1e9", -5),
    ("Start x₁", "", -0.4),
    ("Steps", "1e9", 1000),
    ("Steps", "-5", 1),
    ("Steps", "2.6", 3),
    ("Steps", "e", 100),
    ("Gradient noise", "-1", 0),
    ("Gradient noise", "1e300", 1000),
    ("Seed", "-3", 0),
    ("Seed", "1e12", 1e9),
    ("β of Momentum", "1", 1 - 1e-9),
    ("β of Momentum", "-1", 0),
    ("β of Momentum", "-", 0.9),
    ("ε of Adam", "0", 1e-16),
    ("η of Adam", "1e9", 10),
    ("η of Adam", "x", 0.3),
]


@pytest.mark.parametrize(("box", "typed", "taken"), few(BOXES, *BOXES[2:11:2]))
def test_a_box_shows_what_was_taken(explore, box, typed, taken):
    """At once, while the reader is still in it."""
    tab = explore()
    field = tab.get_by_role("spinbutton", name=box, exact=True)
    field.click()
    tab.keyboard.press("Control+A")
    tab.keyboard.press("Backspace")
    tab.keyboard.type(typed)
    tab.keyboard.press("Enter")
    settled(tab)
    assert field.evaluate("field => field === document.activeElement && field.valueAsNumber") == (
        taken
    )


def test_the_last_descent_stays(explore):
    tab = explore()
    chips = tab.locator('.explorer-chip[aria-pressed="true"]').all_text_contents()
    assert len(chips) == 3
    for name in chips:
        tab.get_by_role("button", name=name, exact=True).click()
        settled(tab)
        assert_whole(tab)
    assert tab.locator('.explorer-chip[aria-pressed="true"]').all_text_contents() == chips[-1:]
