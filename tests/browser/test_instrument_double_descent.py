"""Double descent under the finger: the numbers of every p, and a curve drawn as far as one has been."""

import json
import re

import numpy as np
import pytest
from scipy.linalg import lstsq
from sklearn.datasets import load_diabetes

from tests.support.book import LANGUAGES
from tests.support.instruments import at_figure, settled

PLACE = ("billions", "fig-billions-mountain")
NUMBER = r"(\d+(?:\.\d+)?(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)"


def read(number: str) -> float:
    mantissa, _, power = number.partition("×10")
    return float(mantissa) * 10.0 ** int(
        power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0
    )


@pytest.fixture(scope="module")
def mountain(soup):
    root = soup("en", "chapters/billions").select_one("[data-name=double-descent]")
    return json.loads(root["data-values"])["mountain"]


def by_other_means(p: int) -> list[float]:
    """Medians over three draws: by QR with pivots, and eigenvalues of the smaller Gram matrix."""
    patients = load_diabetes(scaled=False)
    order = np.random.default_rng(0).permutation(442)
    known, new = order[:200], order[200:]
    inputs = patients.data - patients.data[known].mean(axis=0)
    inputs = inputs / patients.data[known].std(axis=0)
    y = patients.target - patients.target[known].mean()
    tries = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        features = np.tanh(inputs @ rng.normal(size=(10, p)) + rng.normal(size=p))
        w = lstsq(features[known], y[known], lapack_driver="gelsy")[0]
        off = (features @ w - y) ** 2
        table = features[known] if p < 200 else features[known].T
        squares = np.linalg.eigvalsh(table.T @ table)
        shares = [off[who].sum() / (y[who] ** 2).sum() for who in (known, new)]
        kappa = squares[-1] / squares[0]
        tries.append([*shares, np.sqrt(squares[0]), kappa, np.linalg.norm(w)])
    return list(np.median(tries, axis=0))


@pytest.mark.parametrize("p", [2, 20, 100, 180, 210, 400, 1000])
def test_its_numbers_are_found_by_other_means(mountain, p):
    i = mountain["p"].index(p)
    given = [mountain[name][i] for name in ("learned", "met", "least", "kappa", "length")]
    np.testing.assert_allclose(given, by_other_means(p), rtol=2e-3, atol=1e-12)
    table = np.random.default_rng(0).normal(size=(200, p))
    assert np.isclose(mountain["table"][i], np.linalg.cond(table) ** 2, rtol=1e-3)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("p", [2, 190, 200, 10_000])
def test_it_tells_the_numbers_of_where_the_ring_is(visit, mountain, lang, p):
    its = at_figure(visit, lang, *PLACE, f"?p={p}")
    told = [read(n) for n in re.findall(NUMBER, its.locator(".instrument-says").inner_text())]
    i = mountain["p"].index(p)
    values = [mountain[name][i] for name in ("met", "least", "kappa", "length")]
    for value in [p, *values, *([mountain["learned"][i]] if p < 200 else [0])]:
        assert any(np.isclose(number, value, rtol=1e-3) for number in told), (value, told)


def drawn(its) -> int:
    """How many sizes the curve of the error in new patients passes through."""
    curve = its.locator(".instrument-plot").first.locator("path[stroke$='blue)'][stroke-width='1.6']")
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
