"""Choosing examples by hand: where x goes, how many steps go uphill, and what comes to rest."""

import json
from functools import partial

import numpy as np
import pytest

from gdcore import GradientDescent, descend
from tests.support.book import LANGUAGES
from tests.support.instruments import alive, at_figure, says, settled
from tests.support.numbers import spoken

FAST = {
    "test_a_click_steps_toward_the_example_and_so_does_enter",
}

PLACE = ("stochastic", "fig-sgd-examples")
START = np.array([-5.0, -2.0])


@pytest.fixture(scope="module")
def cloud(soup):
    root = soup("en", "chapters/stochastic").select_one("[data-name=examples]")
    given = json.loads(root["data-values"])["cloud"]
    return np.array([given["x"], given["y"]]), given["draws"]


def told(its):
    return spoken(its.locator(".instrument-says").inner_text())


def loss(points, x):
    return np.mean(np.sum((x[:, np.newaxis] - points) ** 2, axis=0)) / 2


def test_its_examples_and_draws_are_those_of_the_chapter(cloud):
    points, draws = cloud
    rng = np.random.default_rng(0)
    exact = rng.normal(loc=[[2.0], [1.0]], scale=[[1.5], [0.8]], size=(2, 200))
    assert np.abs(points - exact).max() <= 0.0005 + 1e-12
    rng = np.random.default_rng(1)
    assert draws == [rng.integers(200) for _ in range(300)]


def walk(points, indices, eta):
    """The same descent by gdcore, which is given one example's gradient after the other."""
    order = iter([*indices, 0])
    grads = [partial(lambda x, i: x - points[:, i], i=i) for i in range(200)]
    pair = (lambda x: 0.0, lambda x: grads[next(order)](x))
    return descend(pair, GradientDescent(eta), START, max_steps=len(indices)).last


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("k", "eta"), [(1, 0.1), (60, 0.1), (300, 0.02), (300, 1)])
def test_it_walks_as_gdcore_does_and_counts_what_goes_uphill(visit, cloud, lang, k, eta):
    points, draws = cloud
    best = points.mean(axis=1)
    its = at_figure(visit, lang, *PLACE, f"?k={k}&eta={eta}&aim=7&at={k}")
    x = walk(points, draws[:k], eta)
    mean = points[:, draws[:k]].mean(axis=1)
    after = [loss(points, x - eta * (x - points[:, i])) for i in range(200)]
    now = loss(points, x)
    uphill = sum(f > now + 1e-12 for f in after)
    away, off = np.linalg.norm(x - best), np.linalg.norm(mean - best)
    floor = np.sqrt(eta / (2 - eta) * points.var(axis=1).sum())
    expected = [k, away, floor, off, 200, uphill, now, after[7]]
    np.testing.assert_allclose(told(its), expected, rtol=6e-3)


def test_far_away_no_step_goes_uphill_and_nearest_to_the_minimizer_most_do(visit, cloud):
    points, draws = cloud
    assert told(at_figure(visit, "en", *PLACE))[4] == 0
    x, away = START, []
    for i in draws:
        x = x + 0.1 * (points[:, i] - x)
        away.append(np.linalg.norm(x - points.mean(axis=1)))
    nearest = int(np.argmin(away)) + 1
    near = told(at_figure(visit, "en", *PLACE, f"?k={nearest}"))
    assert near[1] < 0.1 and near[5] > 150


def test_a_click_steps_toward_the_example_and_so_does_enter(visit, cloud):
    points, draws = cloud
    best = points.mean(axis=1)
    its = at_figure(visit, "en", *PLACE)
    hand = its.locator(".instrument-handle").first
    hand.focus()
    its.page.keyboard.press("Enter")
    settled(its.page)
    x = walk(points, draws[:1], 0.1)
    assert told(its)[0] == 1 and np.isclose(told(its)[1], np.linalg.norm(x - best), rtol=6e-3)
    right = points[0].argmax()  # the outermost example, so no other is nearer to the pointer
    ring = hand.locator(".ring")
    its.page.keyboard.press("ArrowUp")
    says(its, k=1, aim=right, at=1)
    box = ring.bounding_box()
    its.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settled(its.page)
    x = walk(points, [draws[0], int(right)], 0.1)
    assert told(its)[0] == 2 and np.isclose(told(its)[1], np.linalg.norm(x - best), rtol=6e-3)
    its.page.wait_for_function("location.hash.includes('picks=')")
    its.page.reload()
    alive(its.page, PLACE[1])
    assert np.isclose(told(its)[1], np.linalg.norm(x - best), rtol=6e-3)


def test_at_a_constant_rate_it_stays_at_the_floor_and_the_mean_goes_below(cloud, visit):
    variance = cloud[0].var(axis=1).sum()
    its = at_figure(visit, "en", *PLACE)
    at = [spoken(says(its, k=k))[1:4:2] for k in range(60, 301, 30)]
    distances, means = np.array(at).T
    floor = np.sqrt(0.1 / 1.9 * variance)
    assert 0.5 * floor < np.sqrt(np.mean(distances**2)) < 1.5 * floor
    assert np.sqrt(np.mean(means**2)) < 0.6 * floor
    assert means[-1] < 4 * np.sqrt(variance / 300)


def test_who_plays_sees_the_ring_at_chances_next_choice(visit, cloud):
    points, draws = cloud
    its = at_figure(visit, "en", *PLACE)
    its.locator(".instrument-handle").first.press("ArrowLeft")  # a choice of the reader's own
    its.locator(".instrument-handle").first.press("Enter")
    settled(its.page)
    for k in (2, 3, 4):
        its.get_by_role("button", name="Step forward").click()
        settled(its.page)
        ring = its.locator(".ring").first.bounding_box()
        edge = its.locator(".edge").first.bounding_box()
        across = ring["x"] + ring["width"] / 2 - edge["x"]
        assert across / edge["width"] * 11.8 - 5.6 == pytest.approx(points[0, draws[k]], abs=0.05)


@pytest.mark.parametrize(("lang", "floor"), [("zh", "地板"), ("en", "floor")])
def test_the_circle_is_called_the_floor_and_what_asks_for_a_click_covers_no_example(
    visit, lang, floor
):
    its = at_figure(visit, lang, *PLACE)
    plane = its.locator(".instrument-plot").first
    texts = {
        text.text_content(): text.bounding_box() for text in plane.locator("text[style]").all()
    }
    [asks] = [text for text in texts if len(text) > 5]
    dots = plane.locator("path[stroke-width='5'][stroke*=slate]").bounding_box()
    assert texts[asks]["y"] > dots["y"] + dots["height"] or (
        texts[asks]["x"] + texts[asks]["width"] < dots["x"]
    )
    circle = plane.locator("path[stroke-dasharray='5 4']").bounding_box()
    middle = texts[floor]["x"] + texts[floor]["width"] / 2
    assert middle == pytest.approx(circle["x"] + circle["width"] / 2, abs=2)
    assert texts[floor]["y"] + texts[floor]["height"] == pytest.approx(circle["y"], abs=8)
