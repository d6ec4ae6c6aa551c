"""The map of batch sizes and rates: its squares, what it foretells, and that η/B decides."""

import json

import numpy as np
import pytest
from sklearn.datasets import load_diabetes

from tests.support.book import LANGUAGES
from tests.support.instruments import at_figure, says, settled
from tests.support.numbers import spoken

FAST = {
    "test_squares_that_the_ring_has_visited_stay_and_no_other",
}

PLACE = ("minibatches", "fig-minibatches-map")
EPOCHS = 10


@pytest.fixture(scope="module")
def given(soup):
    root = soup("en", "chapters/minibatches").select_one("[data-name=batches]")
    return json.loads(root["data-values"])


@pytest.fixture(scope="module")
def patients():
    diabetes = load_diabetes(scaled=False)
    a = diabetes.data - diabetes.data.mean(axis=0)
    return a / a.std(axis=0), diabetes.target - diabetes.target.mean()


def height(a, y, x):
    """In percent of that at x = 0, column by column, from residuals alone."""
    lowest = np.mean((a @ np.linalg.lstsq(a, y, rcond=None)[0] - y) ** 2)
    off = np.mean((a @ x - y[:, np.newaxis]) ** 2, axis=0)
    return 100 * (off - lowest) / (np.mean(y**2) - lowest)


def test_every_square_is_what_a_plain_loop_finds(given, patients):
    a, y = patients
    its = given["measured_map"]
    rates, n = np.array(its["rates"]), len(y)
    for size, squares in zip(its["sizes"], its["heights"], strict=True):
        found = []
        for seed in range(3):
            rng, x, ends = np.random.default_rng(seed), np.zeros((10, len(rates))), []
            for epoch in range(EPOCHS):
                order = rng.permutation(n)
                for begin in range(0, n, size):
                    rows = order[begin : begin + size]
                    off = a[rows] @ x - y[rows, np.newaxis]
                    x = np.clip(x - rates * (a[rows].T @ off) / len(rows), -1e8, 1e8)
                if epoch + 1 in its["epochs"]:
                    ends.append(height(a, y, x))
            found.append(ends)
        mean = np.mean(found, axis=0).T
        known = np.array(squares) < 1e4  # what has run away is not compared number by number
        np.testing.assert_allclose(np.array(squares)[known], mean[known], rtol=6e-3)
        assert (mean[~known] > 9e3).all()


def told(its):
    """B, η and η/B, and in percent: what the formulas leave, the floor, what was measured."""
    return spoken(its.locator(".instrument-says").inner_text())


def foretold(patients, size: int, rate: float) -> tuple[float, float]:
    """By powers of the matrix of a step what is left of the way, and the floor of the laws."""
    a, y = patients
    n, H = len(y), a.T @ a / len(y)
    best = np.linalg.solve(H, a.T @ y / n)
    steps = EPOCHS * -(-n // size)
    left = best - np.linalg.matrix_power(np.eye(10) - rate * H, steps) @ best
    noise = np.sum((a * (a @ best - y)[:, np.newaxis]) ** 2) / n
    top = np.mean(y**2) / 2 - np.mean((a @ best - y) ** 2) / 2
    floor = 100 * rate / size * noise / 4 / top * (n - size) / (n - 1)
    return float(height(a, y, left[:, np.newaxis])[0]) + floor, floor


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("size", "rate"), [(1, 0.001), (16, 0.016), (128, 0.004), (442, 0.256)])
def test_what_it_foretells_is_what_the_laws_of_the_chapter_give(visit, patients, lang, size, rate):
    its = at_figure(visit, lang, *PLACE, f"?B={size}&eta={rate}")
    b, eta, ratio, *much, measured = told(its)
    assert (b, eta) == (size, rate) and np.isclose(ratio, rate / size, rtol=6e-3)
    laws = foretold(patients, size, rate)
    if size == 442:  # without noise there is no floor, and the law is exact
        assert {"zh": "也就没有地板", "en": "so there is no noise and no floor"}[lang] in says(its)
        assert laws[1] == 0 and much == [measured]
        laws = laws[:1]
    np.testing.assert_allclose(much, laws, rtol=6e-3)


def test_along_a_line_of_equal_ratio_the_heights_are_alike_up_to_the_limit(visit):
    its = at_figure(visit, "en", *PLACE)
    ends = [spoken(says(its, B=b, eta=b / 1000))[-1] for b in (1, 2, 4, 8, 16, 32, 64)]
    assert max(ends) < 1.07 * min(ends)
    assert spoken(says(its, B=442, eta=0.512))[-1] > 100  # 2/L lies below
    assert spoken(says(its, B=442, eta=0.256))[-1] < 1


def squares(its) -> int:
    return its.locator("path[fill='var(--figure-slate)']").count()


def test_squares_that_the_ring_has_visited_stay_and_no_other(visit, given):
    its = at_figure(visit, "en", *PLACE)
    assert squares(its) == 1
    ring = its.locator(".instrument-handle").first
    ring.focus()
    for key in ("ArrowRight", "ArrowUp", "ArrowUp"):
        its.page.keyboard.press(key)
    settled(its.page)
    assert squares(its) == 4 and told(its)[:2] == [32, 0.008]
    plot = its.locator(".instrument-plot svg").first.bounding_box()
    its.page.mouse.click(plot["x"] + 0.8 * plot["width"], plot["y"] + 0.5 * plot["height"])
    settled(its.page)
    assert squares(its) == 5 and told(its)[0] == 128
    its.get_by_role("button", name="Show all").click()
    settled(its.page)
    many = given["measured_map"]
    assert squares(its) == len(many["sizes"]) * len(many["rates"]) == 100


@pytest.mark.parametrize(
    ("lang", "names"), [("zh", ["公式预计", "实跑三次"]), ("en", ["by the laws", "three runs"])]
)
@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize(("size", "rate"), [(16, 0.002), (1, 0.128), (128, 0.512), (442, 0.256)])
def test_both_curves_are_named_beside_their_ends(visit, lang, names, phone, size, rate):
    its = at_figure(
        visit,
        lang,
        *PLACE,
        f"?B={size}&eta={rate}",
        viewport={"width": 390 if phone else 1280, "height": 800},
    )
    chart = its.locator(".instrument-plot").nth(1)
    laws, runs = (chart.locator("text", has_text=name).bounding_box() for name in names)
    edge, stage = (
        chart.locator(".edge").bounding_box(),
        its.locator(".instrument-stage").bounding_box(),
    )
    for box in (laws, runs):
        assert edge["x"] + edge["width"] < box["x"]
        assert box["x"] + box["width"] <= stage["x"] + stage["width"] + 1
        assert edge["y"] <= box["y"] + box["height"] / 2 <= edge["y"] + edge["height"]
    assert abs(laws["y"] - runs["y"]) > 12


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["公式预计", "是地板，即噪声使它降不下去的高度", "实际跑三次，平均"]),
        ("en", ["By the laws", "the floor, below which noise does not let it", "three runs leave"]),
    ],
)
def test_it_says_what_its_words_mean_and_foretells_no_floor_above_the_limit(visit, lang, words):
    its = at_figure(visit, lang, *PLACE)
    assert all(word in says(its, B=16, eta=0.016) for word in words)
    assert words[1] not in says(its, B=442, eta=0.512)
    assert words[1] in says(its, B=256, eta=0.256)
