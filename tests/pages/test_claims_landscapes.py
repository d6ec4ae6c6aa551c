"""Claims of the three chapters on landscapes that no cell of theirs can check, and their digits."""

import re

import numpy as np
import pytest

from tests.pages.test_pages import cell_outputs, visible_text
from tests.support.book import LANGUAGES, ROOT

LANDSCAPES = ("himmelblau", "montage", "basins")
MINIMA = np.array([(3, 2), (-2.8051180870, 3.1313125183), (-3.7793102534, -3.2831859913),
                   (3.5844283403, -1.8481265270)])  # fmt: skip
MAXIMUM, HEIGHT = (-0.2708445907, -0.9230385565), 181.6165215
# Where the divers of the puzzle start, and the minimizer that each reaches.
DIVERS = {-0.5: (-3.78, -3.28), -0.4: (-2.81, 3.13), -0.2: (3.00, 2.00), 0.2: (3.58, -1.85)}
# The most steps of a point, if all go on until the end and if each stops for itself; and the lost.
STOPPED = {"sphere": (530, 0, 530, 0), "six_hump_camel": (280, 0, 280, 0),
           "himmelblau": (94, 0, 62, 1), "griewank": (174, 0, 174, 0),
           "easom": (299, 2351, 272, 2363)}  # fmt: skip

each_language = pytest.mark.parametrize("lang", LANGUAGES)


def slope(x):
    """Himmelblau's gradient, multiplied out."""
    x1, x2 = x
    return np.array([4 * x1**3 + 4 * x1 * x2 - 42 * x1 + 2 * x2**2 - 14,
                     4 * x2**3 + 4 * x1 * x2 - 26 * x2 + 2 * x1**2 - 22])  # fmt: skip


def bends(x, h=1e-5):
    rows = [(slope(x + e) - slope(x - e)) / (2 * h) for e in h * np.eye(2)]
    return np.linalg.eigvalsh(rows)


@each_language
def test_the_nine_flat_places_are_printed_with_the_known_digits(soup, lang):
    printed = "".join(cell_outputs(soup(lang, "chapters/himmelblau")))
    number = r"\s*(-?\d+\.\d+)"
    rows = re.findall(rf"\({number},{number}\)  f{number}  (minimum|saddle|maximum)", printed)
    kinds = [kind for *_, kind in rows]
    assert [kinds.count(kind) for kind in ("minimum", "saddle", "maximum")] == [4, 4, 1]
    for *numbers, kind in rows:
        x1, x2, f = map(float, numbers)
        assert np.abs(slope((x1, x2))).max() < 1e-7
        falling = int((bends(np.array([x1, x2])) < 0).sum())
        assert ("minimum", "saddle", "maximum")[falling] == kind
        if kind == "minimum":
            assert np.abs(MINIMA - (x1, x2)).max(axis=1).min() < 1.5e-10 and f == 0
        if kind == "maximum":
            assert np.allclose((x1, x2), MAXIMUM, rtol=0, atol=1.5e-10)
            assert abs(f - HEIGHT) < 1.5e-7
    assert "1.8869397806486" in printed


@each_language
def test_each_diver_of_the_puzzle_gets_into_the_valley_that_is_told(soup, lang):
    printed = "".join(cell_outputs(soup(lang, "chapters/himmelblau")))
    for start, end in DIVERS.items():
        x = np.array([start, -0.65])
        for _ in range(200):
            x = x - 0.01 * slope(x)
        assert np.allclose(x, end, rtol=0, atol=0.006)
        told = re.search(rf"x1\s+{re.escape(str(start))}: to \(([^)]*)\)", printed)[1]
        assert tuple(float(n) for n in told.split(",")) == end


@each_language
def test_the_puzzle_of_the_reports_is_answered(soup, lang):
    """137 of 2500: by a gradient taken apart, f = -u(x1) u(x2) with u = cos x exp(-(x - pi)^2)."""
    x = np.array(np.meshgrid(*[np.linspace(-4, 10, 50)] * 2)).reshape(2, -1)
    moving = np.full(x.shape[1], True)
    for _ in range(1000):
        u = np.cos(x) * np.exp(-((x - np.pi) ** 2))
        du = -np.sin(x) * np.exp(-((x - np.pi) ** 2)) - 2 * (x - np.pi) * u
        g = -du * u[::-1]
        moving &= np.abs(g).max(axis=0) > 0.01
        if not moving.any():
            break
        x[:, moving] -= 0.1 * g[:, moving]
    assert not moving.any()
    answer = int((np.hypot(*(x - np.pi)) < 0.1).sum())
    assert answer == 137
    told = visible_text(soup(lang, "chapters/montage"))
    question, summary = told[:1000], told[told.rindex("converged") - 100 :]
    assert "2500" in question and str(answer) not in question and str(answer) in summary


@each_language
def test_the_table_of_two_ways_to_stop_has_the_known_counts(soup, lang):
    outputs = cell_outputs(soup(lang, "chapters/montage"))
    [table] = [output for output in outputs if "all: steps" in output]
    for name, counts in STOPPED.items():
        row = re.search(rf"^{name}\s+\d+ \|\s+(\d+)\s+(\d+) \|\s+\d+\s+(\d+)\s+(\d+)$", table, re.M)
        assert tuple(map(int, row.groups())) == counts, name


@each_language
def test_the_share_of_ends_that_a_thousandth_changes_is_as_told(soup, lang):
    starts = np.random.default_rng(0).uniform((-4.5, -3.5), (-2.5, -1.5), size=(5000, 2)).T
    holding = MINIMA[:2]  # for eta = 0.0235

    def ends(x):
        for _ in range(400):
            x = x - 0.0235 * slope(np.clip(x, -1e3, 1e3))
        gaps = np.hypot(*(x[:, np.newaxis] - holding.T[:, :, np.newaxis]))
        lost = np.hypot(*x) > 100
        return np.where(gaps.min(axis=0) < 0.02, gaps.argmin(axis=0), 2 + lost)

    share = 100 * np.mean(ends(starts) != ends(np.add(starts, [[0.001], [0]])))
    first = visible_text(soup(lang, "chapters/basins"))[:2500]
    [told] = re.findall(r"(\d+)%", first)
    assert abs(share - int(told)) < 1


@pytest.mark.parametrize("stem", LANDSCAPES)
def test_exercises_are_labeled_and_go_from_easy_to_hard(stem):
    text = (ROOT / "chapters" / f"{stem}.md").read_text("utf-8")
    for pattern, levels in (
        (r"\*\*练习 (\d)（(.)）\*\*", "易中难"),
        (r"\*\*Exercise (\d) \((\w+)\)\.\*\*", ("easy", "medium", "hard")),
    ):
        found = re.findall(pattern, text)
        assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
        ranks = [levels.index(level) for _, level in found]
        assert len(ranks) >= 4 and ranks == sorted(ranks) and set(ranks) == {0, 1, 2}
