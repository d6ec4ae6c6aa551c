"""What a reader sees of the figures, on a desk and on a phone, by day and by night.

Each page is opened once. The oracle is what Chromium says of the elements it shows: how large their
letters stand on the screen, which colours they have; and the rules of WCAG 2.2 for contrast.
"""

import json
import re

import numpy as np
import pytest

from gdcore import OBJECTIVES, descend
from tests.library.test_style import contrast
from tests.support.book import PAGES
from tests.support.scripts import tuned
from tests.support.sight import DESK, PHONE

FAST = {
    "test_no_letter_in_a_figure_is_smaller_than_12_pixels",
    "test_lines_stand_out_from_page_and_terrain_and_letters_can_be_read",
    "test_contours_are_hairlines",
}

SMALLEST = 12  # pixels
SURFACES = {"terrain1", "terrain2", "terrain3", "terrain4", "terrain5", "contour"}


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_letter_in_a_figure_is_smaller_than_12_pixels(seen, width):
    small = {(name, round(size, 1)) for name, size, _ in seen.letters[width] if size < SMALLEST}
    assert not small


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_stand_out_from_page_and_terrain_and_letters_can_be_read(seen, theme):
    """3:1 for lines, 4.5:1 for letters, against the ground and the nearest tint of terrain."""
    seen = seen.colors[theme]
    for name, color in seen["lines"].items():
        if name not in SURFACES:
            worst = min(contrast(color, ground) for ground in seen["grounds"])
            assert worst >= 3, name
    for color in seen["letters"]:
        assert min(contrast(color, ground) for ground in seen["grounds"]) >= 4.5, color


def test_contours_are_hairlines(seen):
    """0.6 pixels; in explorers, whose drawings are made smaller, a little less."""
    assert all(0.3 <= float(width) <= 0.6 for width in seen.colors["light"]["contours"])


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
