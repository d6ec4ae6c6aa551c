"""A step as a map, and its staircase: the walks and the words are true, on x² and on x⁴."""

from itertools import pairwise
from math import copysign, isclose, isfinite, sqrt

import pytest

from gdcore import GradientDescent, descend, parabola
from tests.support.instruments import at_figure, drag_to, overlaps, said, settled
from tests.support.numbers import spoken

FAST = {
    "test_its_walks_and_its_words_are_true[2]",
}

STARTS = (-2.2, -1, 0.25, 1, 1.8)
RATES = (-0.1, 0, 0.01, 0.13, 0.25, 0.36, 0.5, 0.51, 0.99, 1, 1.1)
SLOPES = {"2": lambda x: 2 * x, "4": lambda x: 4 * x * x * x}
WORDS = {
    "It never moves": lambda xs: set(xs) == {xs[0]},
    "uphill, and farther: it diverges": lambda xs: all(b / a > 1 for a, b in pairwise(xs)),
    "It arrives in one step": lambda xs: set(xs[1:]) == {0},
    "It bounces between": lambda xs: set(xs) == {xs[0], -xs[0]} and xs[1] == -xs[0],
    "Every step crosses the bottom and goes farther: it diverges": lambda xs: all(
        b / a < -1 for a, b in pairwise(xs)
    ),
    "It stays on one side and nears 0": lambda xs: all(0 < b / a < 1 for a, b in pairwise(xs)),
    "Every step crosses the bottom, closer each time": lambda xs: all(
        -1 < b / a < 0 for a, b in pairwise(xs)
    ),
}


@pytest.fixture
def cobweb(visit):
    return lambda query="", **settings: at_figure(
        visit, "en", "learning-rate", "fig-cobweb", query, **settings
    )


@pytest.mark.parametrize("f", SLOPES)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_line_crosses_no_word_at_any_rate(cobweb, f, width):
    its = cobweb(viewport={"width": width, "height": 800})
    its.locator(".hint").evaluate("(hint) => hint.remove()")
    for eta in (-0.1, 0, 0.2, 0.4, 0.5, 0.6, 0.8, 1, 1.1):
        for x in (1.8, -1):
            said(its, [{"f": f, "eta": eta, "x": x, "k": 30}])
            settled(its.page)
            crossed = [pair for pair in overlaps(its) if pair[1] == "var(--figure-ink)"]
            assert crossed == [], (eta, x)


def walk(f, eta, x, steps=30):
    """The chapter's loop, as far as a computer's numbers go."""
    trace = [x := float(x)]
    while len(trace) <= steps:
        x = x - eta * SLOPES[f](x)
        if not isfinite(SLOPES[f](x)) or not isfinite(x * x * (1 if f == "2" else x * x)):
            break
        trace.append(x)
    return trace


def crossings(f, eta, x):
    count = 0
    while SLOPES[f](x) * eta / x > 1:
        x, count = x - eta * SLOPES[f](x), count + 1
    return count


@pytest.mark.parametrize("f", SLOPES)
def test_its_walks_and_its_words_are_true(cobweb, f):
    settings = [(x, eta) for x in STARTS for eta in RATES]
    queries = [{"f": f, "eta": eta, "x": x, "k": 30} for x, eta in settings]
    heard = set()
    for (x, eta), words in zip(settings, said(cobweb(), queries), strict=True):
        trace = walk(f, eta, x)
        numbers = spoken(words)
        assert numbers[-2:] == [len(trace) - 1, pytest.approx(trace[-1], rel=1e-3)]
        assert ("too large for a computer" in words) == (len(trace) < 31)
        known = [word for word in WORDS if word in words]
        if not known:
            many = crossings(f, eta, x)
            assert f == "4" and many and abs(trace[1]) < abs(x)
            assert (f"crosses the bottom {many} times" if many > 1 else "bottom once") in words
            assert trace[-1] * copysign(1, x) * (-1) ** many > 0
        else:
            [word] = known
            assert WORDS[word](trace), (x, eta, words)
        heard.update(known or ["crosses, then one side"])
        if f == "2":
            assert numbers[:2] == pytest.approx([eta, 1 - 2 * eta])
            if eta > 0:
                gd = descend(parabola, GradientDescent(eta), x, max_steps=30)
                assert gd.x[:, 0].tolist() == trace
        elif eta > 0:
            border = 1 / sqrt(2 * eta)
            assert numbers[:3] == pytest.approx([eta, 0, border], rel=1e-3)
            if not isclose(abs(x), border):
                assert ("diverges" in words) == (abs(x) > border)
    gone = {"2": "crosses, then one side", "4": "closer each time"}[f]
    assert heard == {word for word in [*WORDS, "crosses, then one side"] if gone not in word}


def test_the_wall_on_the_quartic_is_where_a_step_leads_to_the_mirror_image(cobweb):
    words = said(
        cobweb(), [{"f": "4", "eta": eta, "x": 1.25, "k": 30} for eta in (0.31, 0.32, 0.33)]
    )
    assert ["crosses the bottom" in words[0], "bounces between 1.25 and −1.25" in words[1],
            "diverges" in words[2]] == [True] * 3  # fmt: skip


def test_before_the_first_step_nothing_is_given_away(cobweb):
    its = cobweb()
    says = its.locator(".instrument-says")
    assert says.inner_text().endswith("The start is x = 1.8; no step yet.")
    its.get_by_role("button", name="Step", exact=False).nth(1).click()
    its.page.wait_for_function(
        "document.querySelector('#fig-cobweb .instrument-says').textContent"
        ".includes('At step 1, x = 1.08')"
    )


def test_the_line_is_tilted_by_its_end_and_shows_the_whole_way(cobweb):
    its = cobweb()
    says = its.locator(".instrument-says")
    line, start = (its.get_by_role("slider", name=name) for name in ("learning rate", "start"))
    drag_to(its, line, 0, 0.1, 0.5)  # level
    assert "the slope 0. It arrives in one step. At step 30, x = 0." in says.inner_text()
    drag_to(its, line, 0, 0.1, (1.8 + 2.4) / 4.8)  # the mirror image of -1.8
    assert "η = 1: the line has the slope −1. It bounces between 1.8 and −1.8" in says.inner_text()
    drag_to(its, start, 0, (1 + 2.4) / 4.8, 0.5)
    assert "bounces between 1 and −1" in says.inner_text()


def test_it_opens_at_the_guess_with_the_way_that_it_leads(cobweb):
    its = cobweb()
    question = its.page.locator("#predict-best-of-ten")
    question.get_by_role("textbox").fill("0.9")
    question.get_by_role("button", name="That is my guess").click()
    its.page.wait_for_function(
        "/η = 0.9: .* oscillates .* At step 30/.test("
        "document.querySelector('#fig-cobweb .instrument-says').textContent)"
    )


def test_the_ring_that_tilts_the_line_is_whole_and_on_the_line_at_every_setting(cobweb):
    its = cobweb()
    for f in SLOPES:
        for x in (-2.2, -0.8, 0, 1.8):
            for eta in (-0.1, 0, 0.5, 1, 1.05, 1.1):
                said(its, [{"f": f, "x": x, "eta": eta}])
                ring, frame = its.evaluate(
                    """(figure) => ["[aria-label^=learning] .ring", ".edge"].map((one) => {
                      const { left, right, top, bottom } =
                        figure.querySelector(`.instrument ${one}`).getBoundingClientRect();
                      return [left, right, top, bottom];
                    })"""
                )
                assert frame[0] <= ring[0] < ring[1] <= frame[1], (f, x, eta)
                assert frame[2] <= ring[2] < ring[3] <= frame[3], (f, x, eta)
                unit = (frame[1] - frame[0]) / 4.8
                across = (ring[0] + ring[1] - frame[0] - frame[1]) / 2 / unit
                up = (frame[2] + frame[3] - ring[2] - ring[3]) / 2 / unit
                assert up == pytest.approx(across - eta * SLOPES[f](across), abs=0.02)
