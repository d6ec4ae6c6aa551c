"""One η over four valleys: the limits are 2/L, and what becomes of the walkers is gdcore's."""

import re

import numpy as np
import pytest

from gdcore import GradientDescent, descend, himmelblau
from tests.support.bare_instrument import Bare
from tests.support.instruments import at_figure, overlaps, said, settled

FAST = {
    "test_a_press_on_the_strip_sets_the_rate",
}

MINIMIZERS = np.array(himmelblau.minimizers)
LIMITS = [2 / np.linalg.eigvalsh(himmelblau.hess(x))[-1] for x in MINIMIZERS]
RATES = (0.008, 0.01, 0.0148, 0.0152, 0.016, 0.0187, 0.0192, 0.02, 0.022, 0.023, 0.0241, 0.0245)
RATES = (*RATES, 0.0247, 0.025, 0.0265, 0.03)


def walked(eta, x):
    return descend(himmelblau, GradientDescent(eta), x + 0.01, max_steps=5000, grad_tol=0.01)


def test_the_lines_end_at_the_limits():
    drawn = Bare("valleys").show()["drawn"]
    ends = [drawn[f"holds {i}"][1][1][0] for i in range(4)]
    np.testing.assert_allclose(ends, LIMITS, rtol=1e-6)


@pytest.mark.parametrize("eta", RATES)
def test_every_walker_ends_as_with_gdcore_and_returns_where_theory_says(eta):
    shown = Bare("valleys").show(eta=eta)
    for i, x in enumerate(MINIMIZERS):
        run = walked(eta, x)
        words, trail = shown["drawn"][f"words {i}"][2], shown["drawn"][f"trail {i}"][1]
        assert trail[0] == run.last.tolist()  # to the last bit
        assert (words == "returns") == (eta < LIMITS[i])
        assert shown["drawn"][f"minimizer {i}"][2] == ("★" if eta < LIMITS[i] else "☆")
        distances = np.linalg.norm(MINIMIZERS - run.last, axis=1)
        if words == "returns":
            assert run.status == "converged" and distances[i] < 0.01
        elif words.startswith("reaches"):
            end = [float(c) for c in re.findall(r"[\d.]+", words.replace("−", ""))]
            assert run.status == "converged" and distances.min() < 0.01 and distances.argmin() != i
            assert np.abs(np.abs(MINIMIZERS[distances.argmin()]) - end).max() < 0.006
        elif found := re.fullmatch(r"jumps (?:between|among) (\d+) points", words):
            period = int(found[1])
            assert run.status == "max_steps"
            back = np.abs(run.x[-1] - run.x[-1 - period : -1]).max(axis=1)
            assert back[0] < 1e-9 and (back[1:] > 1e-6).all()
        else:
            assert words == "has not settled" and run.status == "max_steps"
            assert np.abs(run.x[-33:-1] - run.x[-1]).max(axis=1).min() > 1e-10


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [390, 1280])
def test_each_valley_says_whether_it_holds_and_no_words_lie_on_others_or_on_a_line(
    visit, lang, width
):
    screen = {"viewport": {"width": width, "height": 900}}
    its = at_figure(visit, lang, "himmelblau", "fig-valleys", **screen)
    for eta in RATES:
        said(its, [{"eta": eta}])
        strip = its.locator(".instrument-plot").nth(1)
        texts = strip.locator("text").all_text_contents()
        stars = [text[0] for text in texts if text[:1] in ("★", "☆")]
        assert stars == ["★" if eta < limit else "☆" for limit in LIMITS]
        plane = its.locator(".instrument-plot").nth(0).locator("text").all_text_contents()
        assert [text for text in plane if text in ("★", "☆")] == stars
        found = [pair for pair in overlaps(its) if pair[1].startswith("var") is False]
        on_strip = [pair for pair in overlaps(its) if pair[0] in texts and pair[0] not in plane]
        assert found == on_strip == [], eta


def test_one_after_the_other_they_are_lost():
    bare = Bare("valleys")
    said = {}
    for eta in (0.01, 0.016, 0.02, 0.0245, 0.025):
        told = bare.show(eta=eta)["told"]
        said[eta] = [int(n) for n in re.findall(r": (\d)", told)]
    assert list(said.values()) == [[n, n] for n in (4, 3, 2, 1, 0)]
    seen = bare.show()["drawn"]
    assert [len(seen[f"tried {i} true"][1]) for i in range(4)] == [3, 4, 1, 2]
    assert [len(seen[f"tried {i} false"][1]) for i in range(4)] == [2, 1, 4, 3]


def test_a_press_on_the_strip_sets_the_rate(visit):
    its = at_figure(visit, "en", "himmelblau", "fig-valleys")
    said = its.locator(".instrument-says")
    assert "η = 0.01: 4" in said.inner_text()
    box = its.locator(".instrument-plot svg").nth(1).bounding_box()
    its.page.mouse.click(
        box["x"] + 46 + (0.016 - 0.008) / 0.022 * (box["width"] - 58), box["y"] + 90
    )
    settled(its.page)
    assert re.search(r"η = 0\.01(5|6)\d*: 3\. .*: 3; .*jumps between 2 points", said.inner_text())
