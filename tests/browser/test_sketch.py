"""The line that a reader draws before the chapter on the learning rate shows it."""

from math import ceil, log

import numpy as np
import pytest
from playwright.sync_api import expect

from gdcore import himmelblau

FAST = {
    "test_a_point_is_put_on_the_terrain_that_is_asked_about[390]",
}

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


@pytest.mark.parametrize("width", [390, 1280])
def test_a_point_is_put_on_the_terrain_that_is_asked_about(visit, width):
    settings = {"viewport": {"width": width, "height": 800}}
    tab = visit("en/chapters/himmelblau.html#predict-where-he-stops", **settings)
    question = tab.locator("#predict-where-he-stops")
    question.locator(".instrument-handle").wait_for()
    plot = question.locator(".edge").bounding_box()
    word = question.get_by_text("start", exact=True).bounding_box()
    across = plot["x"] + (-0.4 + 5) / 10 * plot["width"]
    down = plot["y"] + (5 + 0.65) / 10 * plot["height"]
    assert abs(word["x"] + word["width"] + 8 - across) < 5
    assert word["y"] < down < word["y"] + word["height"]
    lines = question.locator("path[stroke='var(--figure-contour)']")
    assert lines.count() == 9
    inner = lines.first.bounding_box()  # of the lowest level: it goes around all four bottoms
    for across, up in himmelblau.minimizers:
        x = plot["x"] + (across + 5) / 10 * plot["width"]
        y = plot["y"] + (5 - up) / 10 * plot["height"]
        assert inner["x"] - 1 <= x <= inner["x"] + inner["width"] + 1
        assert inner["y"] - 1 <= y <= inner["y"] + inner["height"] + 1
