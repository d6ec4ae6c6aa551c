"""What the chapter on the race claims of ranks: so with other starts, and however one rounds."""

import re

import numpy as np
import pytest

from tests.support.book import LANGUAGES, ROOT
from tests.support.drawings import markers

SOURCE = (ROOT / "chapters" / "race.md").read_text("utf-8")
NAMES = ["GD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adadelta", "Adam"]
MAPS = ("fig-race-turned", "fig-race-noise")


def chapter() -> dict:
    """The names that the chapter's cells define, without its races and figures."""
    names: dict = {"budgets": [10, 30, 100, 300]}
    for cell in re.findall(r"^```\{code-cell\} python\n(.*?)^```", SOURCE, re.M | re.S):
        if re.search(r"^(def (digits|turn|race|at_patients)\(|runners = |patients = )", cell, re.M):
            exec(cell, names)
    return names


def boards(names: dict, seed: int) -> tuple[np.ndarray, ...]:
    """The figure of budgets and the two heat maps, from the starts of a seed."""
    race, board = names["race"], names["board"]
    angles, sigmas = (0, 15, 30, 45), (0, 0.01, 0.1, 1)
    return (
        board(race([10, 30, 100, 300], seed=seed)[0]),
        np.hstack([board(race([10], degrees=angle, seed=seed)[0]) for angle in angles]),
        np.hstack([board(race([100], sigma=sigma, seed=seed)[0]) for sigma in sigmas]),
    )


def check_orders(budget, turned, noise) -> None:
    """All that the text says of who is ahead of whom."""
    at, by_angle, in_noise = (
        dict(zip(NAMES, part, strict=True)) for part in (budget, turned, noise)
    )
    order = [[NAMES[i] for i in np.argsort(-column)] for column in budget.T]
    assert order[0][:2] == ["AdaGrad", "RMSProp"] and set(order[0][-2:]) == {"Adam", "Momentum"}
    assert order[-1][0] == "Adam" and order[-1][-2:] == ["RMSProp", "Adadelta"]
    for name in ("GD", "Momentum", "Nesterov"):
        assert np.ptp(by_angle[name]) < 0.06
    assert abs(by_angle["AdaGrad"][2] - by_angle["GD"][2]) < 0.2
    assert by_angle["AdaGrad"][2] < at["AdaGrad"][0] - 0.4
    assert by_angle["RMSProp"][2] < by_angle["GD"][2] < at["RMSProp"][0]
    assert by_angle["AdaGrad"][3] > by_angle["AdaGrad"][2] + 0.3
    assert max(in_noise, key=lambda name: in_noise[name][0]) == "AdaGrad"
    assert max(in_noise, key=lambda name: in_noise[name][1]) == "Nesterov"
    assert np.ptp(noise[:, 2]) < 0.3 < 1 < np.ptp(noise[:, 0])


@pytest.fixture(scope="module")
def names():
    return chapter()


@pytest.fixture(scope="module")
def own(names):
    return boards(names, seed=0)


@pytest.mark.parametrize("seed", [5, *(pytest.param(k, marks=pytest.mark.slow) for k in (1, 2, 3))])
def test_the_orders_that_the_text_names_survive_other_starts(names, seed):
    check_orders(*boards(names, seed))
    patients = dict(zip(NAMES, names["at_patients"](seed), strict=True))
    assert max(NAMES, key=lambda name: patients[name][0]) == "GD"
    assert min(patients[name][-1] for name in ("Momentum", "Nesterov")) > 7.9
    assert patients["AdaGrad"][-1] < patients["GD"][-1] + 0.2


@pytest.mark.slow
def test_the_orders_do_not_hang_on_rounding(names, own):
    """Starts that differ in the last digits give the same scores, to what the maps show of them."""
    nudged = dict(names)
    digits = names["digits"]
    code = names["race"].__code__
    nudged["digits"] = lambda f, runner, rates, starts, budgets: digits(
        f, runner, rates, starts * (1 + 1e-14), budgets
    )
    nudged["race"] = type(names["race"])(code, nudged, "race", names["race"].__defaults__)
    other = boards(nudged, seed=0)
    check_orders(*other)
    assert max(np.abs(a - b).max() for a, b in zip(own, other, strict=True)) < 0.1


def cells_of(svg) -> list[tuple[str, float]]:
    """The number and the tint of each cell of a heat map, row by row."""
    axes = svg.find(id=re.compile("axes_1$"))
    numbers = [
        found[1]
        for text in axes.find_all(id=re.compile(r"text_\d+$"), recursive=False)
        if (found := re.search(r"<!-- (\d\.\d) -->", str(text)))
    ]
    patches = axes.find_all(id=re.compile(r"patch_\d+$"), recursive=False)
    tints = [
        float(found[1])
        for patch in patches
        if (found := re.search(r"figure-blue\).*?opacity: ?([\d.]+)", str(patch)))
    ]
    return list(zip(numbers, tints, strict=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_heat_maps_show_the_scores_on_one_scale(soup, own, lang):
    page = soup(lang, "chapters/race")
    for name, board in zip(MAPS, own[1:], strict=True):
        cells = cells_of(page.find(id=name).select_one("svg.figure"))
        assert [number for number, _ in cells] == [f"{score:.1f}" for score in board.ravel()], name
        for (_, tint), score in zip(cells, board.ravel(), strict=True):
            assert tint == pytest.approx(score / 12, abs=1e-3), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lines_show_the_scores_at_each_budget(soup, own, lang):
    axes = soup(lang, "chapters/race").find(id="fig-race-budget").select_one("svg.figure")
    axes = axes.find(id=re.compile("axes_1$"))
    at = [float(tick.find("use")["y"]) for tick in axes.find_all(id=re.compile(r"ytick_\d+$"))]
    zero, unit = at[0], at[0] - at[1]  # ticks stand at 0, 1, …
    lines = axes.find_all(id=re.compile(r"line2d_\d+$"), recursive=False)
    shown = [[(zero - y) / unit for _, _, y in markers(line)] for line in lines]
    np.testing.assert_allclose(shown, own[0], atol=0.01)
