"""What a reader sees of the figures, on a desk and on a phone, by day and by night.

Each page is opened once. The oracle is what Chromium says of the elements it shows: how large their
letters stand on the screen, which colours they have; and the rules of WCAG 2.2 for contrast.
"""

import json
import re
from dataclasses import dataclass

import numpy as np
import pytest

from gdcore import OBJECTIVES, descend
from tests.library.test_style import contrast
from tests.support.book import PAGES, at_rest
from tests.support.scripts import tuned

DESK, PHONE = 1280, 360
SMALLEST = 12  # pixels
SURFACES = {"terrain1", "terrain2", "terrain3", "terrain4", "terrain5", "contour"}

# All that is shown in figures: letters drawn as shapes, letters of fonts, and colours of lines.
LETTERS = """() => {
  const shown = [];
  const pictures = "svg.figure, .explorer svg";
  for (const svg of document.querySelectorAll(pictures)) {
    if (!svg.checkVisibility({ visibilityProperty: true })) continue;
    for (const one of svg.querySelectorAll('g[transform*="scale("], text')) {
      const letters = one.querySelector(":scope > use") && /#\\w*(Cm|DejaVu)/.test(one.innerHTML);
      if (one.tagName === "g" && !letters) continue;
      if (one.tagName === "text" && !one.textContent.trim()) continue;
      const { a, b } = one.getScreenCTM();
      const size = one.tagName === "g" ? 100 : parseFloat(getComputedStyle(one).fontSize);
      const name = svg.closest("figure")?.id ?? "";
      shown.push([name, Math.hypot(a, b) * size, getComputedStyle(one).fill]);
    }
  }
  return shown;
}"""
LINES = """() => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const seen = {};
  const contours = new Set();
  for (const svg of document.querySelectorAll("svg.figure")) {
    if (!svg.checkVisibility({ visibilityProperty: true })) continue;
    for (const one of svg.querySelectorAll("path[style], use[style], circle[style]")) {
      const style = getComputedStyle(one);
      if (one.closest(".surface") && one.style.fill !== "none") continue; // cells, in the light
      const part = style.stroke !== "none" ? "stroke" : "fill";
      const [, name] = one.style[part].match(/--figure-(\\w+)/) ?? [];
      const solid = Number(style.opacity) * Number(style[part + "Opacity"]) === 1;
      if (name && solid) seen[name] = style[part];
      if (name === "contour" && one.closest("[id*=QuadContourSet]")) {
        const scale = style.vectorEffect === "none" ? one.getScreenCTM().a : 1;
        contours.add((parseFloat(style.strokeWidth) * scale).toFixed(1));
      }
    }
  }
  const rgb = (color) => {
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return "#" + [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)
      .map((part) => part.toString(16).padStart(2, "0")).join("");
  };
  const root = getComputedStyle(document.documentElement);
  const behind = ["--pst-color-background", "--figure-terrain1", "--figure-terrain5"];
  return {
    contours: [...contours],
    lines: Object.fromEntries(Object.entries(seen).map(([name, color]) => [name, rgb(color)])),
    letters: [...new Set([...document.querySelectorAll("svg.figure g.letters")].map((one) =>
      rgb(getComputedStyle(one).fill)))],
    grounds: behind.map((name) => rgb(root.getPropertyValue(name).trim())),
  };
}"""


@dataclass(frozen=True)
class Sight:
    """What one saw of a page's figures."""

    letters: dict[int, list[tuple[str, float, str]]]  # figure, pixels, colour, for each width
    colors: dict[str, dict]  # by theme


@pytest.fixture(scope="module", params=PAGES)
def sight(request, browser, html):
    tab = browser.new_page(viewport={"width": DESK, "height": 800})
    tab.goto((html / "en" / f"{request.param}.html").as_uri())
    tab.add_style_tag(content="section { content-visibility: visible !important }")
    letters, colors = {}, {}
    for width in (DESK, PHONE):
        tab.set_viewport_size({"width": width, "height": 800})
        at_rest(tab)
        letters[width] = tab.evaluate(LETTERS)
    tab.set_viewport_size({"width": DESK, "height": 800})
    for theme in ("light", "dark"):
        tab.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
        at_rest(tab)
        colors[theme] = tab.evaluate(LINES)
    tab.close()
    return Sight(letters, colors)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_letter_in_a_figure_is_smaller_than_12_pixels(sight, width):
    small = {(name, round(size, 1)) for name, size, _ in sight.letters[width] if size < SMALLEST}
    assert not small


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_stand_out_from_page_and_terrain_and_letters_can_be_read(sight, theme):
    """3:1 for lines, 4.5:1 for letters, against the ground and the nearest tint of terrain."""
    seen = sight.colors[theme]
    for name, color in seen["lines"].items():
        if name not in SURFACES:
            worst = min(contrast(color, ground) for ground in seen["grounds"])
            assert worst >= 3, name
    for color in seen["letters"]:
        assert min(contrast(color, ground) for ground in seen["grounds"]) >= 4.5, color


def test_contours_are_hairlines(sight):
    """0.6 pixels; in explorers, whose drawings are made smaller, a little less."""
    assert all(0.3 <= float(width) <= 0.6 for width in sight.colors["light"]["contours"])


def test_an_explorer_that_no_script_has_reached_shows_where_the_descents_go(soup):
    """The points of its lines, read back through its axes, are the iterates of gdcore."""
    seen = 0
    for page in PAGES:
        for root in soup("en", page).select(".explorer[data-preset]"):
            preset = json.loads(root["data-preset"])
            if not preset["descents"]:
                continue
            svg = root.select_one("svg.figure")
            left, top, width, height = json.loads(svg["data-box"])
            x_low, x_high, y_low, y_high = json.loads(svg["data-view"])
            objective = OBJECTIVES[preset["objective"]]
            lines = [p for p in svg.select(".explorer-still path") if "h0" not in p["d"]]
            for (name, numbers), drawn in zip(preset["descents"].items(), lines, strict=True):
                x0 = preset["start"] if objective.dim == 2 else preset["start"][0]
                optimizer = tuned(name, numbers)
                run = descend(objective, optimizer, x0, max_steps=preset["steps"])
                points = np.array(re.findall(r"[ML](\S+) ([^L]+)", drawn["d"]), dtype=float)
                across = x_low + (points[:, 0] - left) / width * (x_high - x_low)
                up = y_high - (points[:, 1] - top) / height * (y_high - y_low)
                y = run.x[:, 1] if objective.dim == 2 else run.f
                near = (np.abs(points) < 1e4).all(axis=1)
                unit = 0.06 * max((x_high - x_low) / width, (y_high - y_low) / height)
                np.testing.assert_allclose(across[near], run.x[near, 0], atol=unit)
                np.testing.assert_allclose(up[near], y[near], atol=unit)
                seen += 1
    assert seen >= 3
