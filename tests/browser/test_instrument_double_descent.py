"""Double descent by hand: the numbers of every p, and a curve drawn as far as one has been."""

import json
import re

import numpy as np
import pytest

from tests.support.book import LANGUAGES
from tests.support.instruments import at_figure, settled
from tests.support.numbers import spoken
from tests.support.patients import Found, by_other_means

FAST = {
    "test_it_tells_the_numbers_of_where_the_ring_is[190-zh]",
}

PLACE = ("billions", "fig-billions-mountain")


@pytest.fixture(scope="module")
def mountain(soup):
    root = soup("en", "chapters/billions").select_one("[data-name=double-descent]")
    return json.loads(root["data-values"])["mountain"]


@pytest.mark.parametrize("p", [2, 20, 100, 180, 210, 400, 1000])
def test_its_numbers_are_found_by_other_means(mountain, p):
    i = mountain["p"].index(p)
    given = [mountain[name][i] for name in Found._fields]
    np.testing.assert_allclose(given, by_other_means(p), rtol=2e-3, atol=1e-12)
    table = np.random.default_rng(0).normal(size=(200, p))
    assert np.isclose(mountain["table"][i], np.linalg.cond(table) ** 2, rtol=1e-3)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("p", [2, 190, 200, 10_000])
def test_it_tells_the_numbers_of_where_the_ring_is(visit, mountain, lang, p):
    its = at_figure(visit, lang, *PLACE, f"?p={p}")
    told = spoken(its.locator(".instrument-says").inner_text())
    i = mountain["p"].index(p)
    values = [mountain[name][i] for name in ("met", "least", "kappa", "length")]
    for value in [p, *values, *([mountain["learned"][i]] if p < 200 else [0])]:
        assert any(np.isclose(number, value, rtol=1e-3) for number in told), (value, told)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_thin_line_has_its_name_beside_it_and_no_name_lies_on_another(visit, lang, width):
    its = at_figure(visit, lang, *PLACE, viewport={"width": width, "height": 844})
    its.get_by_role("button").first.click()  # all of it is drawn, and nothing has been dragged
    settled(its.page)
    texts, line = its.locator(".instrument-plot").first.evaluate(
        """(plot) => [
          [...plot.querySelectorAll("svg > g:nth-child(n + 3) text")].filter((t) => t.textContent)
            .map((t) => [t.textContent, t.getBoundingClientRect().toJSON()]),
          plot.querySelector("path[stroke$='faint)']").getBoundingClientRect().y]"""
    )
    named = [box for words, box in texts if words in ("只用那十个数", "the ten numbers alone")]
    assert len(named) == 1 and abs((named[0]["top"] + named[0]["bottom"]) / 2 - line) < 20
    assert len(texts) >= 3
    for i, (words, a) in enumerate(texts):
        for others, b in texts[:i]:
            apart = a["right"] <= b["left"] or b["right"] <= a["left"]
            assert apart or a["bottom"] <= b["top"] + 4 or b["bottom"] <= a["top"] + 4, (
                words,
                others,
            )


def drawn(its) -> int:
    """How many sizes the curve of the error in new patients passes through."""
    curve = its.locator(".instrument-plot").first.locator(
        "path[stroke$='blue)'][stroke-width='1.6']"
    )
    return len(re.findall("[ML]", curve.get_attribute("d")))


def test_the_curve_is_drawn_as_far_as_the_ring_has_been(visit, mountain):
    its = at_figure(visit, "en", *PLACE)
    assert drawn(its) == 1
    ring = its.locator(".instrument-handle .ring")
    box, plot = ring.bounding_box(), its.locator(".instrument-plot").first.bounding_box()
    its.page.mouse.move(box["x"] + 8, box["y"] + 8)
    its.page.mouse.down()
    its.page.mouse.move(plot["x"] + plot["width"] / 2, box["y"], steps=5)
    its.page.mouse.up()
    settled(its.page)
    reached = int(ring.locator("..").get_attribute("aria-valuenow"))
    assert drawn(its) == mountain["p"].index(reached) + 1 and 20 < reached < 1000
    its.page.keyboard.press("ArrowLeft")
    settled(its.page)
    assert drawn(its) == mountain["p"].index(reached) + 1
    its.get_by_role("button", name="Draw it all").click()
    settled(its.page)
    assert drawn(its) == len(mountain["p"]) > 40


def test_the_worst_p_for_new_patients_is_the_number_of_examples(visit, mountain, soup):
    worst = max(zip(mountain["met"], mountain["p"], strict=True))[1]
    answers = soup("en", "chapters/billions").select_one("#predict-worst-for-new-patients")
    choice = int(answers.select_one(".predict-value").text)
    assert [2, 20, 200, 10_000][choice - 1] == worst == 200
    assert mountain["learned"][mountain["p"].index(200)] < 1e-20
