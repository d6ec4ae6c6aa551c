"""The live swarm: at every step it counts what gdcore's own sweep of the same net would count."""

import re

import numpy as np
import pytest

from gdcore import OBJECTIVES, GradientDescent, sweep
from tests.support.instruments import at_figure, settled

FAST = {
    "test_a_press_lays_the_net_there",
}

FIGURE = "fig-montage-griewank"
# The chapter's nets: their middles, and half their sides.
NETS = {
    "griewank": ((0, 0), (4, 4)),
    "sphere": ((0, 0), (3, 3)),
    "six_hump_camel": ((0, 0), (2, 1)),
    "himmelblau": ((0, -0.5), (5, 4)),
    "easom": ((3, 3), (7, 7)),
}
CASES = [  # objective, rate, steps, middle, size
    ("griewank", 0.1, 600, (0, 0), 1),
    ("griewank", 0.1, 40, (0, 0), 1),
    ("griewank", 1.0, 300, (1, -1), 0.5),
    ("sphere", 0.006, 520, (0, 0), 1),
    ("sphere", 1.1, 600, (0, 0), 1),
    ("six_hump_camel", 0.005, 200, (0, 0), 1),
    ("six_hump_camel", 0.2, 600, (0, 0), 1),
    ("himmelblau", 0.01, 600, (0, -0.5), 1),
    ("himmelblau", 0.0235, 600, (-3.5, -2.5), 0.2),
    ("easom", 0.1, 0, (3, 3), 1),
    ("easom", 0.1, 600, (3, 3), 1),
    ("easom", 500.0, 600, (3, 3), 1),
]


def finished(figure):
    settled(figure.page)
    figure.page.wait_for_function("document.querySelectorAll('.working').length === 0")


def said(figure):
    """Step, rate, points, reached, elsewhere, under way, outside, diverged."""
    text = figure.locator(".instrument-says").inner_text()
    return [float(n) for n in re.findall(r"\d+(?:\.\d+)?", text)]


def by_gdcore(name, rate, steps, middle, size):
    """How many of the net reach each minimizer, stop elsewhere, are under way, have diverged."""
    objective = OBJECTIVES[name]
    axes = [
        m + size * half * (-1 + 2 * np.arange(32) / 31)
        for m, half in zip(middle, NETS[name][1], strict=True)
    ]
    starts = np.array(np.meshgrid(*axes)).reshape(2, -1)
    minimizers = np.array(objective.minimizers + objective.local_minimizers)
    if steps:
        swept = sweep(objective, GradientDescent, starts, [rate], max_steps=steps, grad_tol=0.01)
        ends, status = swept.x[:, 0], swept.status[0]
    else:
        ends = starts
        flat = np.abs(objective.grad(starts)).max(axis=0) <= 0.01
        status = np.where(flat, "converged", "max_steps")
    gaps = np.hypot(*(ends[:, np.newaxis] - minimizers.T[..., np.newaxis]))
    there = (status == "converged") & (gaps.min(axis=0) <= 0.1)
    counts = [int(np.sum(there & (gaps.argmin(axis=0) == i))) for i in range(len(minimizers))]
    elsewhere = (status == "converged") & ~there
    others = (elsewhere, status == "max_steps", status == "diverged")
    return counts, [int(np.sum(which)) for which in others]


@pytest.mark.parametrize(("name", "rate", "steps", "middle", "size"), CASES)
def test_it_counts_what_gdcores_sweep_counts(visit, name, rate, steps, middle, size):
    query = f"?objective={name}&eta={rate}&k={steps}&x={middle[0]}&y={middle[1]}&size={size}"
    its = at_figure(visit, "en", "montage", FIGURE, query)
    finished(its)
    counts, (elsewhere, going, lost) = by_gdcore(name, rate, steps, middle, size)
    numbers = said(its)
    assert numbers[2:6] + numbers[7:] == [1024, sum(counts), elsewhere, going, lost]
    labels = its.locator(".instrument-plot text[style*='font-weight: 600']").all_text_contents()
    assert [int(label) for label in labels] == counts


def test_no_rate_brings_more_than_a_few_points_of_easom_to_the_bottom_of_the_well():
    for rate in 10.0 ** np.arange(-3, 3.1, 0.25):
        counts, _ = by_gdcore("easom", rate, 600, *NETS["easom"][:1], 1)
        assert sum(counts) < 0.06 * 1024


def test_a_chip_begins_with_the_chapters_net_and_rate(visit):
    its = at_figure(visit, "en", "montage", FIGURE)
    assert said(its)[:2] == [0, 0.1]
    its.get_by_label("Easom").check()
    settled(its.page)
    counts, (elsewhere, going, _) = by_gdcore("easom", 0.1, 0, *NETS["easom"][:1], 1)
    assert said(its)[:2] == [0, 0.1] and said(its)[3:6] == [sum(counts), elsewhere, going]


def test_it_plays_until_all_have_stopped(visit):
    its = at_figure(visit, "en", "montage", FIGURE, "?objective=himmelblau&eta=0.01&y=-0.5")
    its.page.locator(f"#{FIGURE} .play").click()
    its.page.wait_for_function(
        "document.querySelector('.instrument-says').textContent.includes(', 0 are under way')"
    )
    finished(its)
    steps = int(said(its)[0])
    assert by_gdcore("himmelblau", 0.01, steps, *NETS["himmelblau"][:1], 1)[1][1] == 0


def middles(its, selector):
    found = boxes(its, selector)
    return found[:, :2] + found[:, 2:] / 2


def boxes(its, selector):
    """Where things are on the page: left, top, width, height of each."""
    found = [one.bounding_box() for one in its.locator(selector).all()]
    return np.array([[box[k] for k in ("x", "y", "width", "height")] for box in found])


def test_no_ring_lies_on_what_is_counted_and_one_drag_of_any_ends_the_asking(visit):
    its = at_figure(visit, "en", "montage", FIGURE)
    its.locator(".instrument-plot svg").scroll_into_view_if_needed()
    counts, rings = boxes(its, "text[style*='font-weight: 600']"), middles(its, ".ring")
    bottoms = counts[:, :2] + [0, -6] + counts[:, 2:] * [0.5, 0]  # the numbers stand below them
    gaps = np.abs(bottoms[:, np.newaxis] - rings).max(axis=2)
    assert gaps.shape == (7, 2) and gaps.min() > 16
    assert its.locator(".hint").count() == 1
    mouse = its.page.mouse
    x, y = max(rings.tolist())
    mouse.move(x, y)
    mouse.down()
    mouse.move(x - 50, y + 40, steps=3)
    mouse.up()
    settled(its.page)
    assert its.locator(".hint").count() == 0


@pytest.mark.parametrize("held", [(-2, -2), (1.5, 1)], ids=["ring", "within"])
def test_the_net_moves_as_far_as_the_hand_wherever_it_is_held(visit, held):
    its = at_figure(visit, "en", "montage", FIGURE, "?size=0.5")
    its.locator(".instrument-plot svg").scroll_into_view_if_needed()
    [[left, top, width, height]] = boxes(its, ".edge")
    x, y = left + width * (held[0] + 7) / 14, top + height * (5.5 - held[1]) / 11

    before = middles(its, ".ring")
    its.page.mouse.move(x, y)
    its.page.mouse.down()
    its.page.mouse.move(x + 30, y - 20, steps=3)
    its.page.mouse.up()
    settled(its.page)
    assert middles(its, ".ring") - before == pytest.approx(np.array([[30, -20], [30, -20]]), abs=1)


def test_a_press_lays_the_net_there(visit):
    its = at_figure(visit, "en", "montage", FIGURE, "?size=0.1")
    its.locator(".instrument-plot svg").scroll_into_view_if_needed()
    box = its.locator(".edge").bounding_box()
    its.page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    its.page.wait_for_function("location.hash.includes('x=-')")
    x = float(re.search(r"x=(-[\d.]+)", its.page.url)[1])
    assert x == pytest.approx(-3.5, abs=0.1)
