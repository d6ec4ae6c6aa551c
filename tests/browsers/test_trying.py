"""What a reader touches, in each browser: instruments, by keys and by mouse, and the explorer."""

from itertools import combinations
from urllib.parse import parse_qs

import numpy as np
import pytest

from gdcore import GradientDescent, Momentum, descend, himmelblau
from tests.browser.test_explorer import ends_of
from tests.browser.test_instrument_basins import FIGURE, SIDE, away_from_borders, by_gdcore
from tests.browser.test_instruments import EACH
from tests.support.book import LANGUAGES
from tests.support.browsers import click, drag
from tests.support.browsing import reload
from tests.support.instruments import alive, settled
from tests.support.numbers import SPOKEN, spoken
from tests.support.numbers import read as number

pytestmark = pytest.mark.browsers
FOCUS = """(selector) => {
  const control = [...document.querySelectorAll(selector)].find((e) => e.checkVisibility());
  control?.focus();
  return Boolean(control) && control === document.activeElement;
}"""
# What an instrument says, and where its first handle is.
TOLD = """(id) => {
  const its = document.getElementById(id);
  const handle = [...its.querySelectorAll(".instrument-handle")].find((e) => e.checkVisibility());
  return [its.querySelector(".instrument-says").textContent, handle.getAttribute("transform")];
}"""


def at(tab, folder, place):
    """Go to an instrument in another tab: chapter and figure, with its state."""
    tab.mouse.move(0, 0)
    tab.goto("about:blank")
    tab.goto(f"{folder.as_uri()}/en/chapters/{place}")
    alive(tab, place.partition("#")[2].partition("?")[0])


def where(tab, figure):
    """The place at which a tab is, once its address has been written, as the voice has been."""
    tab.wait_for_function(
        """(id) => location.hash.includes("?") && [".instrument-says", ".instrument-voice"]
          .map((its) => document.querySelector(`#${id} ${its}`).textContent)
          .every((text, _, [first]) => text === first)""",
        arg=figure,
    )
    return tab.url.rpartition("/")[2]


def assert_same(heard, told):
    """Two sentences with the same words and numbers; an address knows six digits of a state."""
    # Of where a point was before an address knows nothing; a tab that was elsewhere may tell it.
    heard, told = (words.partition(" Pale: ")[0] for words in (heard, told))
    assert SPOKEN.sub("#", heard) == SPOKEN.sub("#", told)
    assert spoken(heard) == pytest.approx(spoken(told), rel=0.01)


@EACH
def test_an_instrument_tells_by_keys_and_by_mouse_what_it_tells_in_chromium(
    read, chromium, overheard, name, chapter, figure
):
    tab = read(f"en/chapters/{chapter}.html#{figure}")
    alive(tab, figure)
    seen = []

    def look():
        settled(tab)
        seen.append(tuple(tab.evaluate(TOLD, figure)))

    look()
    assert tab.evaluate(FOCUS, f"#{figure} .instrument-handle")
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowDown"):
        tab.keyboard.press(key)
        look()
    assert len({spot for _, spot in seen}) > 1
    if tab.evaluate(FOCUS, f"#{figure} .instrument input[type=range]"):
        for _ in range(3):
            tab.keyboard.press("ArrowRight")
            look()
    assert len({words for words, _ in seen}) > 1
    by_keys = where(tab, figure), seen[-1]
    for way in (40, -40):  # what stands at an end can go but one way
        drag(tab, f"#{figure} .instrument-handle .ring", way, way / 4)
        look()
        if seen[-1] != seen[-2]:
            break
    assert seen[-1] != seen[-2]
    by_mouse = where(tab, figure), seen[-1]
    for place, (words, _) in ((f"{chapter}.html#{figure}", seen[0]), by_keys, by_mouse):
        at(chromium, overheard, place)
        assert_same(words, chromium.evaluate(TOLD, figure)[0])


# The explorer

TABLE = """[...document.querySelectorAll(".explorer tbody tr")].map((row) =>
  [...row.querySelectorAll("td")].map((cell) => cell.textContent))"""
PIXELS = """() => {
  const canvas = document.querySelector(".explorer-map");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const keys = [...document.querySelectorAll(".explorer-legend li")];
  return [[...data], keys.map((key) => key.textContent)];
}"""
# The colors of a plot's ground at so many spots across and up, the first row the lowest.
GROUND = """([figure, side]) => {
  const plot = document.querySelector(`#${figure} .instrument-plot`);
  const edge = plot.querySelector(".edge").getBoundingClientRect();
  const canvas = plot.querySelector("canvas");
  const { x, y, width, height } = canvas.getBoundingClientRect();
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const colors = [];
  for (let i = 0; i < side ** 2; i++) {
    const across = edge.x + ((i % side) + 0.5) / side * edge.width - x;
    const down = edge.bottom - (Math.floor(i / side) + 0.5) / side * edge.height - y;
    const [column, row] = [across / width * canvas.width, down / height * canvas.height];
    const at = 4 * (Math.floor(row) * canvas.width + Math.floor(column));
    colors.push(...data.subarray(at, at + 4));
  }
  return colors;
}"""
STEP = "Number(document.querySelector('.explorer-player input').value)"


def ready(tab):
    tab.wait_for_function("document.querySelector('.explorer-row:not([hidden])')")
    tab.evaluate("() => { document.querySelector('.explorer-drawer').open = true; }")
    settled(tab)


@pytest.fixture
def explore(read):
    def open_page(query, lang="en"):
        tab = read(f"{lang}/explorer.html#fig-explorer?{query}")
        ready(tab)
        return tab

    return open_page


def assert_shows(tab, run, k, row=0):
    """A row of the table has the numbers of a descent of gdcore at a step."""
    shown = [number(cell) for cell in tab.evaluate(TABLE)[row][:-1]]
    x = run.x[k]
    expected = [*x, *run.objective.grad(x), run.f[k]]
    assert np.allclose(shown, expected, rtol=5.1e-4, atol=1e-12)


def its_state(tab):
    return {key: value for key, [value] in parse_qs(tab.url.partition("?")[2]).items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_descents_of_the_explorer_are_those_of_gdcore(explore, lang):
    tab = explore(
        "objective=himmelblau&start=-1,-2&gradient_descent=0.01&momentum=0.002,0.9&k=20", lang
    )
    for row, optimizer in enumerate((GradientDescent(0.01), Momentum(0.002, 0.9))):
        assert_shows(tab, descend(himmelblau, optimizer, (-1, -2), max_steps=30), 20, row)


def test_the_explorer_plays_and_a_drag_of_the_start_changes_its_descent(explore):
    tab = explore("objective=himmelblau&start=-1,-2&gradient_descent=0.01&k=0")
    click(tab, ".explorer-player .play")
    tab.wait_for_function(f"{STEP} >= 3")
    click(tab, ".explorer-player .play")
    drag(tab, ".explorer-handle.start .ring", 60, -30)
    tab.wait_for_function("location.hash.includes('start=') && !location.hash.includes('=-1,-2')")
    settled(tab)
    state = its_state(tab)
    x, y = map(float, state["start"].split(","))
    assert -0.5 < x < 1 and -2 < y < -1
    k = tab.evaluate(STEP)
    assert k == int(state["k"]) >= 3
    assert_shows(tab, descend(himmelblau, GradientDescent(0.01), (x, y), max_steps=k), k)
    before = tab.evaluate(TABLE)
    reload(tab)
    ready(tab)
    assert tab.evaluate(TABLE) == before


def test_the_explorers_map_is_that_of_gdcore(explore):
    """Each cell has the color that its end has in the legend, and no two ends share one."""
    tab = explore("objective=himmelblau&start=-1,-2&gradient_descent=0.01&basins=1")
    tab.wait_for_function("document.querySelector('.explorer-map').dataset.milliseconds")
    flat, legend = tab.evaluate(PIXELS)
    some = np.arange(5, 240, 23)
    shown = np.array(flat).reshape(240, 240, 4)[::-1][np.ix_(some, some)]
    ends = ends_of(0.01, some)
    assert set(np.unique(ends)) <= set(legend)
    colors = [shown[ends == end][:, :3] for end in np.unique(ends)]
    assert len(colors) == 4 and all(np.ptp(its, axis=0).max() <= 4 for its in colors)
    assert all(np.abs(a[0] - b[0]).max() > 20 for a, b in combinations(colors, 2))


def test_the_live_map_of_basins_is_that_of_gdcore(read):
    """By WebGL where the browser has it, else by the script, which is coarser."""
    tab = read(f"en/chapters/basins.html#{FIGURE}")
    alive(tab, FIGURE)
    drawn = np.array(tab.evaluate(GROUND, [FIGURE, SIDE])).reshape(SIDE, SIDE, 4)[
        ..., :3
    ]  # hatched is more opaque
    ours = by_gdcore(0.0015)
    inside = away_from_borders(ours)
    colors = [drawn[inside & (ours == end)] for end in range(4)]
    common = [np.median(its, axis=0) for its in colors]
    alike = [np.abs(its - one).max(axis=1) <= 4 for its, one in zip(colors, common, strict=True)]
    assert np.concatenate(alike).mean() >= 0.98
    assert all(np.abs(a - b).max() > 20 for a, b in combinations(common, 2))
