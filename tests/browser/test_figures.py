"""What a reader sees of the figures, on a desk and on a phone, by day and by night.

Each page is opened once. The oracle is what Chromium says of the elements it shows: how large their
letters stand on the screen, which colours they have; and the rules of WCAG 2.2 for contrast.
"""

import json

import numpy as np
import pytest

from gdcore import OBJECTIVES, descend
from tests.library.test_style import contrast
from tests.support.drawings import markers
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
    """0.6 pixels; on the front page, whose drawing is made smaller, a little less."""
    assert all(0.3 <= float(width) <= 0.6 for width in seen.colors["light"]["contours"])


def test_where_no_script_has_come_the_explorer_shows_the_descents_that_it_begins_with(soup):
    """The dots of the still figure, read back through its axes, are the iterates of gdcore."""
    page = soup("en", "explorer")
    [place] = page.select("[data-name=explorer]")
    preset = json.loads(place["data-values"])["preset"]
    svg = page.select_one("#fig-explorer > svg:not(.narrow)")
    box = svg.select_one("clippath > rect")
    left, top, width, height = (float(box[side]) for side in ("x", "y", "width", "height"))
    (x0, x1), (y0, y1) = OBJECTIVES[preset["objective"]].domain
    dots = {}
    for name, across, up in markers(svg):
        spot = x0 + (across - left) / width * (x1 - x0), y1 - (up - top) / height * (y1 - y0)
        dots.setdefault(name, []).append(spot)
    for name, numbers in preset["descents"].items():
        walk = descend(
            OBJECTIVES[preset["objective"]],
            tuned(name, numbers),
            preset["start"],
            max_steps=preset["steps"],
        )
        near = [
            spots
            for spots in dots.values()
            if len(spots) == walk.steps and np.allclose(spots, walk.x[1:], atol=0.02)
        ]
        assert len(near) == 1, name
