"""How far a step falls, as its tangent says and as it is: the instrument says what gdcore walks."""

import numpy as np
import pytest

from gdcore import GradientDescent, descend, parabola
from tests.support.instruments import at_figure, drag_to, overlaps, said
from tests.support.numbers import spoken

FAST = {
    "test_the_start_is_dragged_along_the_curve_and_the_landing_point_sets_the_rate",
}

PLACES = (-10, -4.4, -0.1, 0.3, 2, 7.5, 10)
RATES = (0.05, 0.2, 0.5, 0.77, 0.99, 1, 1.01, 1.1)


@pytest.fixture
def fall(visit):
    return lambda query="", **settings: at_figure(
        visit, "en", "one-dimension", "fig-promise", query, **settings
    )


def test_both_falls_are_those_of_a_step_of_gdcore_anywhere(fall):
    settings = [(x, eta) for x in PLACES for eta in RATES]
    for (x, eta), words in zip(
        settings, said(fall(), [{"x": x, "eta": eta} for x, eta in settings]), strict=True
    ):
        step = descend(parabola, GradientDescent(eta), x, max_steps=1)
        actual = step.f[0] - step.f[1]
        predicted = eta * parabola.grad(step.x[0])[0] ** 2
        numbers = spoken(words)
        expected = [eta, x, step.x[1, 0], predicted]
        if eta < 1:
            expected += [actual, 100 * actual / predicted]
        elif eta > 1:
            assert "in fact f rises by" in words
            expected += [-actual]
        else:
            assert "does not fall at all" in words and actual == 0
        assert numbers == pytest.approx(expected, rel=2e-3)


def test_on_a_parabola_the_share_that_comes_true_is_the_same_everywhere(fall):
    its = fall()
    for eta in (0.05, 0.3, 0.9):
        words = said(its, [{"x": x, "eta": eta} for x in PLACES])
        shares = [float(one.split("%")[0].split()[-1]) for one in words]
        assert shares == pytest.approx([100 * (1 - eta)] * len(PLACES))  # as the chapter's r = ε²


def test_at_the_bottom_no_rate_makes_it_move(fall):
    for words in said(fall(), [{"x": 0, "eta": eta} for eta in RATES]):
        assert words == "At x = 0 the ground is level, and no η makes it move."


def test_the_start_is_dragged_along_the_curve_and_the_landing_point_sets_the_rate(fall):
    its = fall()
    says = its.locator(".instrument-says")
    start, landing = (its.get_by_role("slider", name=name) for name in ("begins", "ends"))
    drag_to(its, landing, 0, (2 + 12.6) / 25.2, 0.5)  # 10 - 20 η = 2
    assert says.inner_text().startswith("η = 0.4: the step leads from x = 10 to 2.")
    drag_to(its, start, 0, (7 + 12.6) / 25.2, 0.5)
    assert says.inner_text().startswith("η = 0.4: the step leads from x = 7 to 1.4.")


def test_a_rise_stands_above_the_level_of_the_start_and_a_fall_below(fall):
    its = fall()
    for eta, below in ((0.3, True), (1.08, False)):
        said(its, [{"x": 6, "eta": eta}])
        level, predicted, actual = its.evaluate(
            """(figure) => {
              const box = (color, at) => [...figure.querySelectorAll(
                `.instrument path[fill="var(--figure-${color})"]`)][at].getBBox();
              const start = figure.querySelector(".instrument-handle").getCTM().f;
              return [start, box("faint", 0), box("orange", 0)].map((b) =>
                typeof b === "number" ? b : [b.y, b.y + b.height]);
            }"""
        )
        assert predicted[0] == pytest.approx(level, abs=0.6)
        assert actual[0 if below else 1] == pytest.approx(level, abs=0.6)
        assert np.diff(actual) > 3


def test_it_opens_where_the_reader_guessed_that_f_no_longer_falls(fall):
    its = fall()
    its.page.locator("#predict-no-lower").get_by_role("textbox").fill("0.7")
    its.page.locator("#predict-no-lower").get_by_role("button", name="That is my guess").click()
    its.page.wait_for_function(
        "document.querySelector('#fig-promise .instrument-says').textContent.startsWith('η = 0.7')"
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_no_words_lie_on_others_or_on_a_line(fall, width):
    its = fall(viewport={"width": width, "height": 900})
    drag_to(
        its, its.get_by_role("slider", name="x, where"), 0, 0.5, 0.5
    )  # the hint has been heeded
    for x in (-10, -8, -3, 0, 2, 6, 10):
        for eta in (0.05, 0.2, 0.5, 0.77, 0.97, 1, 1.1):
            said(its, [{"x": x, "eta": eta}])
            assert overlaps(its) == [], (x, eta)


def test_the_size_of_each_fall_stands_below_its_bar(fall):
    its = fall()
    for eta in (0.2, 0.7, 1.08):
        said(its, [{"x": 6, "eta": eta}])
        for color in ("faint", "orange"):
            bar, size, foot = its.evaluate(
                """(figure, color) => {
                  const box = (e) => e.getBoundingClientRect();
                  const bar = box(
                    figure.querySelector(`.instrument path[fill="var(--figure-${color})"]`));
                  const edge = box(figure.querySelector(".instrument .edge"));
                  const size = [...figure.querySelectorAll(".instrument text")].filter((e) =>
                    /[↓↑]/.test(e.textContent)).map(box).find((one) =>
                    Math.abs(one.left + one.right - bar.left - bar.right) < 4);
                  return [bar.bottom, size.top, edge.bottom];
                }""",
                color,
            )
            assert -2 < size - min(bar, foot) < 12
