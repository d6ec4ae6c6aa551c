"""Surfaces: a canvas that turns under mouse, finger and keys, and shows what the figure shows."""

import shutil

import numpy as np
import pytest

from gdcore.draw import css_variables, surface
from press.ext.figures.inline_svg import elements
from tests.library.test_surface import TRAJECTORY, numbers
from tests.support.book import ROOT
from tests.support.browsing import reading

FAST = {
    "test_the_canvas_shows_what_the_figure_shows",
    "test_arrow_keys_turn_it_and_home_resets_it[ArrowLeft-turned0]",
    "test_without_a_script_the_figure_stands",
}

STATIC = ROOT / "_static"


@pytest.fixture
def visit(tabs, tmp_path):
    """Open a small page with one surface from disk; nothing may go wrong on it."""
    for name in ("js/book.js", "js/surface.js", "book.css"):
        shutil.copy(STATIC / name, tmp_path)
    [svg] = elements(surface(TRAJECTORY).svg, "A path on a surface.", prefix="fig1-", letters=set())
    with reading(tabs, tmp_path) as (open_page, _, troubles):

        def show(lang="en", width=600, **settings):
            (tmp_path / "page.html").write_text(
                f'<!doctype html><html lang="{lang}" data-theme="light"><meta charset="utf-8">'
                f'<link rel="stylesheet" href="book.css"><style>{css_variables()}</style>'
                '<script src="book.js" defer></script><script src="surface.js" defer></script>'
                f'<body style="margin: 0; font-size: 17px">{svg}<p style="height: 2000px">Below</p>'
                "</body></html>",
                encoding="utf-8",
            )
            return open_page("page.html", viewport={"width": width, "height": 600}, **settings)

        yield show
    assert troubles == []


@pytest.fixture
def tab(visit):
    """The page with its surface painted."""
    tab = visit()
    tab.wait_for_selector("canvas[data-view]")
    return tab


def frame(tab):
    """Wait until what was asked for is painted."""
    tab.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def view(tab):
    frame(tab)
    return [float(part) for part in tab.locator("canvas").get_attribute("data-view").split(",")]


def pixels(tab):
    frame(tab)
    return tab.evaluate("document.querySelector('canvas').toDataURL()")


def test_the_script_is_small(html):
    assert len((html / "en" / "_static" / "js" / "surface.js").read_bytes()) <= 6500


def test_the_canvas_stands_in_for_the_figure_on_a_screen_only(tab):
    canvas, svg = tab.locator("canvas"), tab.locator("svg")
    assert canvas.is_visible() and not svg.is_visible()
    tab.emulate_media(media="print")
    assert svg.is_visible() and not canvas.is_visible()


def test_without_a_script_the_figure_stands(visit):
    tab = visit(java_script_enabled=False)
    assert tab.locator("svg").is_visible() and tab.locator("canvas").count() == 0
    assert tab.locator("svg .surface path").count() > 1024


def test_the_canvas_shows_what_the_figure_shows(tab):
    """The same points of the surface and of the path at the same places, in the same colours."""
    import io

    from matplotlib.image import imread

    painted = imread(io.BytesIO(tab.locator("canvas").screenshot()))[..., :3]
    tab.add_style_tag(
        content="canvas { display: none !important } svg { display: block !important }"
    )
    still = imread(io.BytesIO(tab.locator("svg").screenshot()))[..., :3]
    assert painted.shape == still.shape
    middle = slice(100, 380), slice(150, 450)
    assert np.abs(painted[middle] - still[middle]).mean() < 0.02
    orange = [(image[..., 0] - image[..., 2] > 0.4) for image in (painted, still)]
    assert orange[0].sum() > 100
    assert (orange[0] & orange[1]).sum() > 0.8 * orange[0].sum()


@pytest.mark.parametrize(
    ("key", "turned"),
    [("ArrowLeft", (5, 0)), ("ArrowRight", (-5, 0)), ("ArrowUp", (0, -5)), ("ArrowDown", (0, 5))],
)
def test_arrow_keys_turn_it_and_home_resets_it(tab, key, turned):
    start, before = view(tab), pixels(tab)
    tab.keyboard.press("Tab")
    tab.keyboard.press(key)
    assert view(tab) == [start[0] + turned[0], start[1] + turned[1]]
    assert pixels(tab) != before
    assert tab.evaluate("scrollY") == 0  # the page keeps its place
    tab.keyboard.press("Home")
    assert view(tab) == start and pixels(tab) == before


def test_the_mouse_turns_it_and_a_double_click_resets_it(tab):
    start, before = view(tab), pixels(tab)
    tab.mouse.move(300, 200)
    assert view(tab) == start  # without a button nothing turns
    tab.mouse.down()
    tab.mouse.move(340, 220, steps=4)
    tab.mouse.up()
    tab.mouse.move(400, 300)
    assert view(tab) == [start[0] - 20, start[1] + 10]
    assert pixels(tab) != before
    tab.mouse.dblclick(300, 200)
    assert view(tab) == start and pixels(tab) == before


def test_the_eye_never_goes_below_the_ground_or_beyond_the_top(tab):
    tab.locator("canvas").focus()
    for key, end in (("ArrowUp", 0), ("ArrowDown", 90)):
        for _ in range(20):
            tab.keyboard.press(key)
        assert view(tab)[1] == end


def swipe(tab, across, down):
    """Draw a finger over the surface, as the screen reports it."""
    client = tab.context.new_cdp_session(tab)
    for step in range(11):
        kind = "touchStart" if step == 0 else "touchMove"
        point = {"x": 200 + across * step / 10, "y": 250 + down * step / 10}
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        frame(tab)
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_turns_it_sideways_and_scrolls_the_page_up_and_down(visit):
    tab = visit(has_touch=True, width=390)
    tab.wait_for_selector("canvas[data-view]")
    start, before = view(tab), pixels(tab)
    swipe(tab, 100, 10)
    turned = view(tab)
    assert turned[0] < start[0] - 30 and pixels(tab) != before
    assert tab.evaluate("scrollY") == 0
    swipe(tab, 0, -150)
    tab.wait_for_function("scrollY > 50")
    assert abs(view(tab)[0] - turned[0]) < 5


def test_it_follows_the_theme(tab):
    def brightness():
        return tab.evaluate(
            """() => {
              const { width, height } = document.querySelector("canvas");
              const pen = document.querySelector("canvas").getContext("2d");
              const { data } = pen.getImageData(0, 0, width, height);
              let sum = 0, count = 0;
              for (let i = 0; i < data.length; i += 4)
                if (data[i + 3] === 255) { sum += data[i] + data[i + 1] + data[i + 2]; count++; }
              return sum / count / 3;
            }"""
        )

    frame(tab)
    light = brightness()
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    frame(tab)
    assert brightness() < 0.75 * light
    tab.evaluate("document.documentElement.dataset.theme = 'light'")
    frame(tab)
    assert brightness() == light


@pytest.mark.parametrize("ratio", [1, 2])
def test_it_is_as_sharp_as_the_screen_and_as_wide_as_the_text(visit, ratio):
    tab = visit(device_scale_factor=ratio)
    size = "[canvas.width, canvas.clientWidth, canvas.clientHeight]"
    for width in (600, 390):
        tab.set_viewport_size({"width": width, "height": 600})
        frame(tab)
        drawn, wide, high = tab.evaluate(
            f"canvas => {size}", tab.locator("canvas").element_handle()
        )
        assert wide == width and drawn == ratio * width and high == round(0.8 * width)


@pytest.mark.parametrize(("lang", "says"), [("zh-CN", "方向键"), ("en", "arrow keys")])
def test_it_says_what_it_is_and_how_to_turn_it(visit, lang, says):
    tab = visit(lang=lang)
    canvas = tab.get_by_role("application", name="A path on a surface.")
    assert says in canvas.get_attribute("aria-label") and says in canvas.get_attribute("title")
    assert canvas.get_attribute("tabindex") == "0"


COUNT_PAINTING = """() => {
  window.done = { paintings: 0, shapes: 0, corners: 0 };
  const { prototype } = CanvasRenderingContext2D;
  const { fill, stroke, lineTo, fillText } = prototype;
  prototype.fill = function (...rest) { done.shapes++; fill.apply(this, rest); };
  prototype.stroke = function (...rest) { done.shapes++; stroke.apply(this, rest); };
  prototype.lineTo = function (...rest) { done.corners++; lineTo.apply(this, rest); };
  prototype.fillText = function (text, ...rest) {
    if (text === "f") done.paintings++;
    fillText.call(this, text, ...rest);
  };
}"""


def turn(tab, times):
    tab.evaluate(
        """times => {
          const press = new KeyboardEvent("keydown", {key: "ArrowLeft"});
          for (let k = 0; k < times; k++) document.querySelector("canvas").dispatchEvent(press);
        }""",
        times,
    )


def test_it_paints_only_when_something_changes_and_then_once_a_frame(tab):
    frame(tab)
    tab.clock.install(time=0)
    tab.clock.pause_at(1)  # from here on frames come only where this test lets them
    tab.evaluate(COUNT_PAINTING)
    tab.clock.run_for(1000)
    assert tab.evaluate("done.paintings") == 0
    turn(tab, 5)
    tab.clock.run_for(100)
    assert tab.evaluate("done.paintings") == 1
    for _ in range(10):
        turn(tab, 1)
        tab.clock.run_for(17)
    assert tab.evaluate("done.paintings") == 11


def test_a_painting_draws_each_cell_and_each_piece_of_the_path_once(tab):
    """What a turn costs lies in what it draws."""
    frame(tab)
    tab.evaluate(COUNT_PAINTING)
    turn(tab, 1)
    frame(tab)
    [path] = numbers(TRAJECTORY)["paths"]
    done = tab.evaluate("done")
    assert done["paintings"] == 1
    assert done["shapes"] == 2 * (32 * 32 + len(path)) + 3  # filled and outlined; and three axes
    assert done["corners"] == 5 * 32 * 32 + 2 * (len(path) - 1) + 2 * 3


# Its letters

SEEN = """async ([azimuths, elevations]) => {
  const canvas = document.querySelector("canvas");
  const pen = CanvasRenderingContext2D.prototype;
  const write = pen.fillText;
  const pictures = [];
  pen.fillText = function (text, x, y) {
    const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right, actualBoundingBoxAscent: up,
      actualBoundingBoxDescent: down } = this.measureText(text);
    const [a, b] = [[x - left, y - up], [x + right, y + down]].map(([x, y]) =>
      new DOMPoint(x, y).matrixTransform(this.getTransform()));
    pictures.at(-1).words.push({ text, box: [a.x, a.y, b.x, b.y].map((c) => c / devicePixelRatio),
      size: parseFloat(this.font.match(/[\\d.]+px/)) * this.getTransform().a / devicePixelRatio });
    write.call(this, text, x, y);
  };
  const press = (key, times) => {
    for (let i = 0; i < times; i++) canvas.dispatchEvent(new KeyboardEvent("keydown", { key }));
  };
  press("ArrowUp", 30);
  for (let row = 0; row < elevations; row++) {
    for (let i = 0; i < azimuths; i++) {
      pictures.push({ words: [] });
      press("ArrowLeft", 72 / azimuths);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      pictures.at(-1).view = canvas.dataset.view;
    }
    press("ArrowDown", 18 / (elevations - 1));
  }
  return [pictures, canvas.clientWidth, canvas.clientHeight];
}"""


@pytest.mark.parametrize("width", [600, 328])
def test_its_letters_never_leave_it_nor_stand_on_each_other_turned_anywhere(visit, width):
    tab = visit(width=width)
    tab.wait_for_selector("canvas[data-view]")
    pictures, right, bottom = tab.evaluate(SEEN, [12, 4])
    assert len({picture["view"] for picture in pictures}) == 48
    shown = 0
    for picture in pictures:
        words = picture["words"]
        assert {"x₁", "x₂", "f"} <= {word["text"] for word in words}, picture["view"]
        for k, word in enumerate(words):
            x0, y0, x1, y1 = word["box"]
            assert x0 >= 0 and y0 >= 0 and x1 <= right and y1 <= bottom, (picture["view"], word)
            assert word["size"] >= 12
            for other in words[:k]:
                a0, b0, a1, b1 = other["box"]
                apart = x1 <= a0 or a1 <= x0 or y1 <= b0 or b1 <= y0
                assert apart, (picture["view"], word, other)
        shown += len(words)
    assert shown >= 48 * 7  # numbers, too
