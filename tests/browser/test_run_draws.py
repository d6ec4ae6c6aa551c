"""What a reader's change does is drawn over the chapter's figure, where it belongs."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.support.book import LANGUAGES

FAST = {
    "test_what_1_1_does_is_drawn_in_the_figure[en]",
}

RUN = {"zh": ("运行", "修改", "恢复"), "en": ("Run", "Change", "Restore")}


def opened(visit, chapter, words, lang="en", **settings):
    tab = visit(f"{lang}/chapters/{chapter}.html", **settings)
    tab.evaluate("document.documentElement.classList.remove('from-the-top')")
    cell = tab.locator(".cell:has(.run)").filter(has_text=words).first
    number = cell.locator(".run").get_attribute("data-number")
    return tab, tab.locator(f".cell:has(.run[data-number='{number}'])")


def run(cell, change, lang="en"):
    """Change the code of a cell by a function, and run it."""
    if cell.locator("textarea").is_hidden():
        # By a key, for while all is laid out a button may move between a mouse's press and release.
        cell.get_by_role("button", name=RUN[lang][1]).press("Enter")
    cell.locator("textarea").fill(change(cell.locator("textarea").input_value()))
    cell.get_by_role("button", name=RUN[lang][0]).click()
    expect(cell.locator(".run-start")).to_have_text(RUN[lang][0], timeout=20000)


def vertices(d: str) -> np.ndarray:
    """The points of a path of absolute and relative moves and lines, as it stands on the page."""
    spots, at = [], np.zeros(2)
    for kind, numbers in re.findall(r"([MLml])([^MLml]*)", d):
        pairs = np.array([float(n) for n in re.findall(r"-?\d*\.?\d+", numbers)]).reshape(-1, 2)
        for pair in pairs:
            at = at + pair if kind.islower() else pair
            spots.append(at)
    return np.array(spots)


def drawn(tab, figure) -> list:
    """The reader's points in each of a figure's drawings, in its units, and the drawing's axes."""
    name, _, panel = figure.partition("/")
    found = tab.locator(f"#{name} svg[data-axes]").evaluate_all(
        """(drawings, panel) => drawings.map((drawing) => {
          const pane = drawing.querySelector(`.run-path[data-panel="${panel}"]`);
          return [drawing.dataset.axes, pane?.querySelector(".run-line").getAttribute("d"),
            pane && ["x", "y", "width", "height"].map((n) => Number(pane.getAttribute(n)))];
        })""",
        panel or "1",
    )
    return [
        (json.loads(axes)[int(panel or 1) - 1], d and vertices(d) + pane[:2], pane)
        for axes, d, pane in found
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_1_1_does_is_drawn_in_the_figure(visit, lang):
    tab, cell = opened(visit, "one-dimension", "trace = gd(0.2)", lang)
    assert [d for _, d, _ in drawn(tab, "fig-trace")] == [None, None]
    run(cell, lambda code: code.replace("gd(0.2)", "gd(1.1)"), lang)
    expect(cell.locator(".run-output")).to_have_text("epoch 10, x: 61.917364224000096\n")
    trace = 10 * (-1.2) ** np.arange(11)  # in closed form
    outside = 0
    for (left, top, width, height, x0, x1, y0, y1), spots, pane in drawn(tab, "fig-trace"):
        across = left + width * (trace - x0) / (x1 - x0)
        up = top + height * (y1 - trace**2) / (y1 - y0)
        assert np.allclose(spots, np.stack([across, up], axis=1), atol=0.01)
        assert pane == pytest.approx([left, top, width, height])
        outside = np.sum((trace < x0) | (trace > x1) | (trace**2 > y1))
    assert 0 < outside < 11
    said = cell.locator(".run-drawn")
    expect(said).to_contain_text(str(outside))
    assert said.get_attribute("href") == "#fig-trace"
    cell.get_by_role("button", name=RUN[lang][2]).click()
    assert [d for _, d, _ in drawn(tab, "fig-trace")] == [None, None]
    expect(said).to_be_hidden()


@pytest.mark.parametrize(
    ("chapter", "words", "figures"),
    [
        ("one-dimension", "trace = gd(0.2)", ["fig-trace"]),
        ("learning-rate", "slow = gd(0.05)", ["fig-too-large/1", "fig-too-large/2"]),
        ("many-dimensions", "points = train_2d(gd_2d)", ["fig-trace-2d"]),
        ("himmelblau", "points.append((x1, x2))", ["fig-four-starts"]),
        ("momentum", "plain = train_2d", ["fig-momentum-zigzag/1", "fig-momentum-zigzag/3"]),
        ("momentum", "ball = train_2d", ["fig-momentum-zigzag/2", "fig-momentum-zigzag/4"]),
        ("newton", "trace = newton_1d", ["fig-convergence-wave"]),
        ("edge-of-stability", "walks = [walk(eta)", ["fig-edge-canyon"]),
    ],
)
def test_the_same_loop_is_drawn_on_the_path_that_the_book_has_drawn(visit, chapter, words, figures):
    tab, cell = opened(visit, chapter, words)
    run(cell, lambda code: code + "  # mine")
    expect(cell.locator(".run-drawn")).to_contain_text("The blue path in the figure is yours")
    for figure in figures:
        lines = tab.locator(f"#{figure.partition('/')[0]} svg[data-axes] path").evaluate_all(
            "paths => paths.filter((p) => !p.closest('.run-path')).map((p) => p.getAttribute('d'))"
        )
        books = [vertices(d) for d in lines if re.fullmatch(r"[MLml\d. -]+", d)]
        _, spots, pane = drawn(tab, figure)[0]  # the wide drawing, which has the lines of both
        assert any(same(spots, line, pane) for line in books), figure


def same(spots, line, pane) -> bool:
    """Whether the book's line goes through these points, but for what it cuts off at the edges."""
    far = np.abs(line - np.add(pane[:2], np.divide(pane[2:], 2)))  # from the middle of the panel
    near = [
        np.abs(spots - vertex).max(axis=1).min() < 0.2
        for vertex in line[(far < np.divide(pane[2:], 2) - 1).all(axis=1)]
    ]
    return len(near) > 1 and all(near) and np.abs(spots[0] - line[0]).max() < 0.2


def test_a_slider_below_the_figure_goes_along_the_path(visit):
    tab, cell = opened(visit, "momentum", "plain = train_2d")
    run(cell, lambda code: code.replace("eta = 0.4", "eta = 0.3"))
    slider = tab.get_by_role("slider", name="Your path")
    expect(slider).to_have_value("20")
    slider.focus()
    for key in ("Home", "ArrowRight", "ArrowRight"):
        tab.keyboard.press(key)
    assert slider.get_attribute("aria-valuetext") == "Step 2"
    for panel in (1, 3):
        assert len(drawn(tab, f"fig-momentum-zigzag/{panel}")[0][1]) == 3
    cell.get_by_role("button", name="Restore").click()
    expect(slider).to_have_count(0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_each_step_outside_of_the_figure_it_is_said(visit, lang):
    tab, cell = opened(visit, "one-dimension", "trace = gd(0.2)", lang)
    run(cell, lambda code: code.replace("gd(0.2)", "gd(1.1)"), lang)
    slider = tab.locator("#fig-trace").get_by_role("slider").last
    trace = 10 * (-1.2) ** np.arange(11)  # in closed form
    _, _, _, _, x0, x1, _, y1 = drawn(tab, "fig-trace")[0][0]
    said = []
    for k in range(11):
        slider.fill(str(k))
        said.append(slider.get_attribute("aria-valuetext"))
    words = {"zh": "，在图外", "en": ", outside"}[lang]
    outside = (trace < x0) | (trace > x1) | (trace**2 > y1)
    assert [text.endswith(words) for text in said] == outside.tolist()
    assert any(outside) and not all(outside)
    run(cell, lambda code: "trace = [0, 1] * 2501", lang)
    few = {"zh": "只画了前 5000 个点", "en": "only the first 5000 are drawn"}[lang]
    expect(cell.locator(".run-drawn")).to_contain_text(few)


def test_two_cells_that_draw_in_one_place_take_turns(visit):
    tab, first = opened(visit, "adaptive", "slow = train_2d(adagrad_2d)")
    _, second = opened(lambda *_, **__: tab, "adaptive", "rms = train_2d(rmsprop_2d)")
    # AdaGrad, Duchi et al. (2011), and RMSProp, Tieleman and Hinton (2012), with epsilon within.
    for cell, kept, new in ((first, 1, 1), (second, 0.9, 0.1)):
        run(cell, lambda code: code.replace("eta = 0.4", "eta = 0.9"))
        expect(tab.get_by_role("slider", name="Your path")).to_have_count(1)
        way, s = [np.array([-5.0, -2.0])], 0.0
        for _ in range(20):
            g = np.array([0.2, 4]) * way[-1]
            s = kept * s + new * g * g
            way.append(way[-1] - 0.9 * g / np.sqrt(s + 1e-6))
        x, y = np.array(way).T
        for (left, top, width, height, x0, x1, y0, y1), spots, _ in drawn(tab, "fig-adaptive-film"):
            assert np.allclose(spots[:, 0], left + width * (x - x0) / (x1 - x0), atol=0.02)
            assert np.allclose(spots[:, 1], top + height * (y1 - y) / (y1 - y0), atol=0.02)
    expect(tab.locator(".run-drawn:visible")).to_have_count(1)  # the second's
    first.get_by_role("button", name="Restore").click()
    expect(tab.get_by_role("slider", name="Your path")).to_have_count(0)
    expect(tab.locator(".run-drawn:visible")).to_have_count(0)
    assert [d for _, d, _ in drawn(tab, "fig-adaptive-film")] == [None, None]


def test_no_path_is_no_harm(visit):
    tab, cell = opened(visit, "one-dimension", "trace = gd(0.2)")
    run(cell, lambda code: code.replace("trace = gd(0.2)", "way = gd(0.2)"))
    expect(cell.locator(".run-drawn")).to_have_text(
        re.compile("No points to draw: a name is used that nothing defines")
    )
    expect(cell.locator(".run output")).to_have_text("As the book printed it")
    for bad in ("trace = [float('nan'), 1, float('inf'), -1e308]", "trace = []", "trace = 7"):
        run(cell, lambda code, bad=bad: bad)
        expect(cell.locator(".run-drawn")).to_be_visible()
    assert [d for _, d, _ in drawn(tab, "fig-trace")] == [None, None]
