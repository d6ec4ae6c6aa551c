"""Sharpness and loss on one clock: the page carries what training and Lanczos give."""

import json
import re

import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator, eigsh

from gdcore import GradientDescent, iterates
from tests.pages.test_claims_edge import rows
from tests.support.book import ROOT
from tests.support.instruments import at_figure, settled

FAST = {
    "test_one_cursor_walks_through_both_charts",
}

FIGURE = ("edge-of-stability", "fig-edge-sharpness")
SOURCE = (ROOT / "chapters" / "edge-of-stability.md").read_text("utf-8")


@pytest.fixture(scope="module")
def values(soup):
    page = soup("en", "chapters/edge-of-stability")
    return json.loads(page.select_one(".instrument[data-name=edge]")["data-values"])["edge"]


def network():
    """The chapter's network, its start, and what it is made of."""
    names: dict = {}
    for cell in re.findall(r"^```\{code-cell\} python\n(.*?)^```", SOURCE, re.M | re.S):
        if re.search(r"^(import matplotlib|def squared|rng = np.*rng\(0\))", cell, re.M):
            exec(cell.split("x, losses = start, []")[0], names)
    return names["network"], names["start"]


def test_blocks_of_gdcores_descent_and_their_sharpness_by_lanczos(values):
    network_, start = network()
    walk, losses, sharp = iterates(lambda x: network_(x)[1], GradientDescent(0.4), start), [], {}
    for k, (x, _) in enumerate(walk):
        if k in (0, 250, 500):
            product = LinearOperator(
                (x.size, x.size),
                lambda v, x=x: (network_(x + 1e-4 * v)[1] - network_(x - 1e-4 * v)[1]) / 2e-4,
            )
            sharp[k] = eigsh(product, k=1, which="LA", return_eigenvectors=False)[0]
        if k == 500:
            break
        losses.append(network_(x)[0])
    of = values["eta"].index(0.4)
    blocks = np.reshape(losses, (20, 25))
    assert abs(values["start"] - losses[0]) < 1e-4
    assert np.abs(blocks.min(axis=1) * 1e4 - values["low"][of][:20]).max() < 0.6
    assert np.abs(blocks.max(axis=1) * 1e4 - values["high"][of][:20]).max() < 0.6
    rose = np.append(np.diff(losses) > 0, False).reshape(20, 25).sum(axis=1)
    assert np.array_equal(rose[:19], values["rose"][of][:19])
    for k, found in sharp.items():  # power iteration is behind where two are nearly as large
        assert values["sharpness"][of][k // 25] / 100 == pytest.approx(found, rel=0.02), k


def test_what_it_carries_is_the_table_of_the_chapter(values, soup):
    table = rows(soup, "en")
    assert list(table) == values["eta"]
    for i, (eta, (_, sharpness, rose, first, last)) in enumerate(table.items()):
        digits, off = (1, 0.1) if eta == 0.3 else (3, 0.003)
        assert float(f"{sum(values['rose'][i]):.{digits}g}") == rose
        assert values["sharpness"][i][-1] / 100 == pytest.approx(sharpness, rel=off)
        assert values["start"] == pytest.approx(first, abs=6e-4)
        assert values["low"][i][-1] / 1e4 <= last * (1.5 if eta == 0.3 else 1.01)
        blocks = [len(values[name][i]) for name in ("sharpness", "low", "high", "rose")]
        assert blocks == [81, 80, 80, 80]


def says(its) -> str:
    settled(its.page)
    return its.locator(".instrument-says").inner_text()


def drag(its, handle, to) -> None:
    ring = handle.locator(".ring").bounding_box()
    its.page.mouse.move(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    its.page.mouse.down()
    its.page.mouse.move(*to, steps=5)
    its.page.mouse.up()


def test_one_cursor_walks_through_both_charts(visit, values):
    its = at_figure(visit, "en", *FIGURE)
    assert "At the start" in says(its)
    frames = its.locator(".instrument-plot .edge")
    for plot, step in ((0, 1500), (1, 500)):
        box = frames.nth(plot).bounding_box()
        handle = its.get_by_role("slider", name="step").nth(plot)
        drag(its, handle, (box["x"] + box["width"] * step / 2000, box["y"] + box["height"] / 2))
        found = f"{values['sharpness'][2][step // 25] / 100:.3g}"
        assert f"At step {step} the sharpness is {found}," in says(its)
        places = its.get_by_role("slider", name="step").all()
        assert len({one.get_attribute("aria-valuenow") for one in places}) == 1


@pytest.mark.parametrize("k", [0, 25, 500, 1250, 2000])
@pytest.mark.parametrize("width", [1280, 390])
def test_each_line_has_its_rate_at_its_end(visit, values, k, width):
    its = at_figure(
        visit, "en", *FIGURE, f"?eta=0.6&k={k}", viewport={"width": width, "height": 844}
    )
    found = its.locator(".instrument-plot").first.evaluate(
        """(plot) => {
          const edge = plot.querySelector(".edge").getBoundingClientRect();
          return [...plot.querySelectorAll("text.letters")].map((text) => {
            const { left, top, bottom } = text.getBoundingClientRect();
            const bold = getComputedStyle(text).fontWeight;
            return [text.textContent, (left - edge.left) / edge.width, (top + bottom) / 2, bold,
              edge.bottom - edge.top, edge.bottom];
          });
        }"""
    )
    assert sorted(float(eta) for eta, *_ in found) == sorted(values["eta"])
    assert [eta for eta, _, _, bold, *_ in found if bold == "600"] == ["0.6"]
    heights = []
    for eta, across, y, _, tall, bottom in found:
        assert 0 < across - k / 2000 < 0.06
        sharpness = values["sharpness"][values["eta"].index(float(eta))][k // 25] / 100
        line = bottom - sharpness / 8.5 * tall
        assert abs(y - line) < 40, (eta, line, y)
        heights.append(y)
    assert np.diff(sorted(heights)).min() > 15.9


@pytest.mark.parametrize(("lang", "name"), [("zh", "界线"), ("en", "limit")])
def test_the_line_has_one_name_in_the_instrument_and_around_it(visit, lang, name):
    its = at_figure(visit, lang, *FIGURE, "?k=500")
    assert name in says(its) and "上限" not in says(its)
    assert its.locator(f".instrument-handle[aria-label^='{name} 2/η']").count() == 1
    question = its.page.locator("#predict-edge-highest-loss").inner_text()
    assert name in question and "上限" not in question


def test_the_line_of_the_limit_is_dragged_from_rate_to_rate(visit):
    its = at_figure(visit, "en", *FIGURE, "?k=2000")
    box = its.locator(".instrument-plot .edge").first.bounding_box()
    handle = its.locator(".instrument-handle[aria-label*='2/η']")
    for eta, height in ((0.1, 0.98), (0.8, 2.5 / 8.5), (0.3, 6.6 / 8.5)):
        drag(its, handle, (box["x"] + box["width"] * 0.9, box["y"] + box["height"] * (1 - height)))
        assert f"the limit 2/η = {2 / eta:.3g}." in says(its)
        assert its.get_by_role("radio", name=str(eta), exact=True).is_checked()


def test_all_rates_but_the_smallest_end_at_their_limit(visit):
    for eta in (0.1, 0.3, 0.4, 0.6, 0.8):
        its = at_figure(visit, "en", *FIGURE, f"?eta={eta}&k=2000")
        off = int(re.search(r"(\d+)% (?:above|below) the limit", says(its))[1])
        assert (off <= 6) == (eta > 0.1), eta
