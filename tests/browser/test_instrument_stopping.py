"""A tolerance across four curves: the steps read off are those of the chapter's own loop."""

import re
from math import inf, sqrt

import numpy as np
import pytest

from gdcore import GradientDescent, descend, parabola
from tests.support.instruments import at_figure, drag_to, said, settled
from tests.support.numbers import spoken

FAST = {
    "test_the_line_is_dragged_a_decade_down_and_each_rule_takes_what_the_chapter_says",
}

TOLERANCES = (1e-4, 0.001, 0.0013, 0.01, 0.033, 0.5, 1)
NAMES = ("|f′|", "|Δx|", "f", "|Δf|")
RATES = (0.001, 0.0073, 0.05, 0.1, 0.2, 0.25)


@pytest.fixture
def stopping(visit):
    return lambda query="", **settings: at_figure(
        visit, "en", "learning-rate", "fig-four-rules", query, **settings
    )


def descend_until(small, eta, x=1.8):
    """The loop of the chapter."""
    before, steps = inf, 0
    while not small(before, x):
        before, x = x, x - eta * 2 * x
        steps += 1
    return steps, x


def rules(tol):
    return (
        lambda before, x: abs(2 * x) < tol,
        lambda before, x: abs(x - before) < tol,
        lambda before, x: x * x < tol,
        lambda before, x: abs(x * x - before * before) < tol,
    )


def test_the_counts_are_those_of_the_chapters_loop(stopping):
    settings = [(tol, eta) for tol in TOLERANCES for eta in RATES]
    queries = [{"tol": tol, "eta": eta} for tol, eta in settings]
    for (tol, eta), words in zip(settings, said(stopping(), queries), strict=True):
        ends = [descend_until(small, eta) for small in rules(tol)]
        assert spoken(words)[:6] == [tol, eta, *(steps for steps, _ in ends)]
        assert farther(words) == pytest.approx(
            max(x for _, x in ends) / min(x for _, x in ends), rel=5e-3
        )


def farther(words):
    return spoken(re.search(r"first to stop: [^,]*, ([\d.×⁻⁰-⁹¹²³]*) times", words)[0])[0]


def first(tol, eta):
    """Which rules stop first, by the chapter's loop."""
    counts = [descend_until(small, eta)[0] for small in rules(tol)]
    return {name for name, steps in zip(NAMES, counts, strict=True) if steps == min(counts)}


def test_which_stops_first_is_said_of_this_tolerance_and_of_another_where_it_differs(stopping):
    settings = [(tol, eta) for tol in TOLERANCES for eta in RATES]
    queries = [{"tol": tol, "eta": eta} for tol, eta in settings]
    heard = set()
    for (tol, eta), words in zip(settings, said(stopping(), queries), strict=True):
        here, other = re.search(r"first to stop: ([^,]*), [^;]*(?:; at a (.*))?\.$", words).groups()
        now = first(tol, eta)
        assert set(here.split(" and ")) == now
        if other:
            [there], names = spoken(other), other.partition(": ")[2]
            assert set(names.split(" and ")) == first(there, eta)
            assert not now <= first(there, eta)
        else:
            assert all(now <= first(t, eta) for t in np.logspace(-4, 0, 9))
        heard.add((here, names if other else None))
    assert {("|Δx|", "|Δf|"), ("|Δf|", "|Δx|")} <= heard


def test_it_begins_with_the_counts_that_the_chapter_prints(stopping):
    its = stopping()
    assert spoken(its.locator(".instrument-says").inner_text())[2:6] == [27, 18, 13, 12]
    printed = its.page.locator("text=/27 steps, x = /").first.inner_text()
    assert "18 steps" in printed and "13 steps" in printed and "12 steps" in printed


def test_the_large_dots_are_gdcores_first_values_below_the_line(stopping):
    its = stopping()
    x = descend(parabola, GradientDescent(0.1), 1.8, max_steps=30).x[:, 0]
    dots = its.evaluate(
        """(figure) => {
          const box = figure.querySelector(".edge").getBBox();
          const unit = box.width / 50, decade = box.height / 6;
          return [...figure.querySelectorAll(".instrument path[stroke-width='10']")].map((dot) => {
            const [across, down] = dot.getAttribute("d").match(/[\\d.]+/g).map(Number);
            return [(across - box.x) / unit, 1 - (down - box.y) / decade];
          });
        }"""
    )
    values = [abs(2 * x[27]), abs(x[18] - x[17]), x[13] ** 2, abs(x[12] ** 2 - x[11] ** 2)]
    assert np.array(dots) == pytest.approx(
        np.transpose([[27, 18, 13, 12], np.log10(values)]), abs=0.01
    )


def test_the_line_is_dragged_a_decade_down_and_each_rule_takes_what_the_chapter_says(stopping):
    its = stopping()
    drag_to(its, its.get_by_role("slider", name="tolerance"), 0, 0.5, (5 - 3) / 6)
    numbers = spoken(its.locator(".instrument-says").inner_text())
    assert numbers[0] == pytest.approx(0.001, rel=0.1)
    assert numbers[2:6] == [
        steps for steps, _ in (descend_until(s, 0.1) for s in rules(numbers[0]))
    ]
    assert 9 <= numbers[2] - 27 <= 11 and 4 <= numbers[4] - 13 <= 6  # 10.3 steps a decade, and 5.2


def test_a_small_rate_fools_the_rule_of_the_displacement_at_once(stopping):
    its = stopping()
    its.get_by_role("slider", name="learning rate").focus()
    its.page.keyboard.press("Home")
    settled(its.page)
    numbers = spoken(its.locator(".instrument-says").inner_text())
    assert numbers[:4] == [0.01, 0.001, numbers[2], 1]
    assert numbers[2] > 2000
    assert "The first to stop: |Δx|" in its.locator(".instrument-says").inner_text()


def test_small_rates_have_as_much_room_as_large_ones(stopping):
    its = stopping()
    its.get_by_role("slider", name="learning rate").click()  # in the middle
    settled(its.page)
    eta = spoken(its.locator(".instrument-says").inner_text())[1]
    assert eta == pytest.approx(sqrt(0.001 * 0.25), rel=0.05)
