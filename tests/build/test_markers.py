"""Markers in a figure: what they look like is said once, and not one pixel changes."""

import re
from io import StringIO

import pytest
import resvg_py
from matplotlib.figure import Figure

from press.ext.figures.compact_svg import styled_once

DOTS = {
    "filled, without an edge": {"mew": 0, "color": "#0072b2"},
    "an edge of another color": {"mfc": "#c95300", "mec": "#000000"},
    "hollow": {"mfc": "none", "mec": "#0072b2"},
    "translucent": {"color": "#7b7e84", "alpha": 0.4},
}


def drawn(*kinds):
    figure = Figure(figsize=(2, 2))
    ax = figure.subplots()
    for up, kind in enumerate(kinds):
        ax.plot(range(5), [up] * 5, "o", ms=9, **kind)
    file = StringIO()
    figure.savefig(file, format="svg")
    return file.getvalue()


def pixels(svg):
    svg = re.sub(r'width="\d+pt" height="\d+pt"', 'width="432" height="432"', svg)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))


@pytest.mark.parametrize("kind", DOTS.values(), ids=DOTS)
def test_they_look_the_same_and_say_less(kind):
    svg = drawn(kind)
    once = styled_once(svg)
    assert pixels(once) == pixels(svg) != pixels(svg.replace("<use", "<no"))
    assert re.search('<use[^>]* style="', svg) and not re.search('<use[^>]* style="', once)


def test_each_of_several_kinds_keeps_its_own_look():
    svg = drawn(*DOTS.values(), {"mfc": "#c95300", "mec": "#0072b2"})  # two with this edge
    assert pixels(styled_once(svg)) == pixels(svg)
