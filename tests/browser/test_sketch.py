"""The line that a reader draws before the chapter on the learning rate shows it."""

from math import ceil, log

import numpy as np
import pytest
from playwright.sync_api import expect

RATES = np.arange(1, 50) / 50


def steps_to(eta: float) -> int:
    """From 1.8 on x², until the derivative is at most 0.01: 3.6 |1 - 2η|ᵏ ≤ 0.01."""
    return 1 if eta == 0.5 else ceil(log(360) / -log(abs(1 - 2 * eta)))


STEPS = np.array([steps_to(eta) for eta in RATES])
GUESSES = {
    "the two sides mirror each other": (STEPS, "Right."),
    "straight down and up again": (300 ** abs(2 * RATES - 1), "Right."),
    "the larger the rate the faster": (np.geomspace(300, 1, 49), "Not as you drew it"),
    "then no faster": (np.where(RATES < 0.5, STEPS, 1), "Not as you drew it"),
    "it does not matter": (np.full(49, 27), "Not as you drew it"),
}


@pytest.mark.parametrize("guess", GUESSES)
def test_who_knows_that_too_large_is_as_slow_as_too_small_is_right(visit, guess):
    heights, verdict = GUESSES[guess]
    tab = visit("en/chapters/learning-rate.html#predict-steps-over-rates")
    question = tab.locator("#predict-steps-over-rates")
    question.locator(".instrument-handle").wait_for()
    question.scroll_into_view_if_needed()
    edge = question.locator(".edge").bounding_box()
    across = edge["x"] + np.linspace(0.001, 0.999, 49) * edge["width"]
    down = edge["y"] + (1 - np.log(heights) / np.log(300)) * edge["height"]
    tab.mouse.move(across[0], down[0])
    tab.mouse.down()
    for spot in zip(across[1:], down[1:], strict=True):
        tab.mouse.move(*spot)
    tab.mouse.up()
    question.get_by_role("button", name="That is my guess").click()
    expect(question.locator(".predict-form output")).to_contain_text(verdict)


def test_the_answer_that_is_drawn_is_the_closed_form(visit):
    tab = visit("en/chapters/learning-rate.html")
    answer = tab.locator("#predict-steps-over-rates .predict-value")
    assert [int(k) for k in answer.text_content().strip("[]").split(",")] == STEPS.tolist()


def test_the_warning_goes_once_a_point_is_put(visit):
    tab = visit("en/chapters/himmelblau.html#predict-where-he-stops")
    question = tab.locator("#predict-where-he-stops")
    question.locator(".instrument-handle").wait_for()
    told = question.locator(".predict-form output")
    question.get_by_role("button", name="That is my guess").click()
    expect(told).to_have_text("Put a point on the plot first.")
    question.locator(".instrument-handle").focus()
    tab.keyboard.press("ArrowLeft")
    expect(told).to_have_text("")
    question.get_by_role("button", name="That is my guess").click()
    expect(told).not_to_have_text("")
    verdict = told.inner_text()
    tab.keyboard.press("ArrowLeft")  # once it is judged, the verdict stays
    expect(told).to_have_text(verdict)
