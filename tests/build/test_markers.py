"""Markers and letters in a figure: said in fewer words, they look the same."""

import re
from io import BytesIO, StringIO

import numpy as np
import pytest
import resvg_py
from bs4 import BeautifulSoup
from matplotlib.figure import Figure
from PIL import Image

from press.ext.figures.compact_svg import compact
from press.ext.figures.markers import in_a_row, styled_once
from tests.support.drawings import markers

DOTS = {
    "filled, without an edge": {"mew": 0, "color": "#0072b2"},
    "an edge of another color": {"mfc": "#c95300", "mec": "#000000"},
    "hollow": {"mfc": "none", "mec": "#0072b2"},
    "translucent": {"color": "#7b7e84", "alpha": 0.4},
}
ALONE = {"color": "#7b7e84", "alpha": 0.4}  # one marker, of a kind of which others stand in a row


def drawn(*kinds, text=""):
    figure = Figure(figsize=(2, 2))
    ax = figure.subplots()
    for up, kind in enumerate(kinds):
        ax.plot(range(5), [up] * 5, "o", ms=9, **kind)
    ax.plot(2, 0.5, "o", ms=9, **ALONE)
    figure.text(0.5, 0.5, text, size=14)
    file = StringIO()
    figure.savefig(file, format="svg")
    return file.getvalue()


def pixels(svg):
    svg = re.sub(r'width="\d+pt" height="\d+pt"', 'width="432" height="432"', svg)
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


@pytest.mark.parametrize("kind", DOTS.values(), ids=DOTS)
def test_they_look_the_same_and_say_less(kind):
    svg = drawn(kind)
    once = styled_once(svg)
    assert (pixels(once) == pixels(svg)).all()
    assert (pixels(svg) != pixels(svg.replace("<use", "<no"))).any()
    assert re.search('<use[^>]* style="', svg) and not re.search('<use[^>]* style="', once)


def test_each_of_several_kinds_keeps_its_own_look():
    svg = drawn(*DOTS.values(), {"mfc": "#c95300", "mec": "#0072b2"})  # two with this edge
    assert (pixels(styled_once(svg)) == pixels(svg)).all()


def test_those_of_a_kind_are_one_path_and_look_the_same():
    """To a tenth of a point, which moves a border by less than a quarter of a pixel."""
    svg = styled_once(drawn(*DOTS.values()))
    rows = in_a_row(svg)
    assert np.abs(pixels(rows) - pixels(svg)).max() < 0.3 * 255
    before, after = (
        markers(BeautifulSoup(one[one.index("<svg") :], "html.parser")) for one in (svg, rows)
    )
    assert [name for name, *_ in before] == [name.removesuffix("s") for name, *_ in after]
    assert sum(name.endswith("s") for name, *_ in after) == 5 * len(DOTS)
    np.testing.assert_allclose([at for _, *at in after], [at for _, *at in before], atol=0.051)


def test_letters_look_the_same_and_take_less_place():
    svg = drawn(text=r"$\eta\,\nabla f(x_1)$ and so on")
    small = compact(svg)
    shapes = [re.findall(r'<path id="(?:Cm|DejaVu)[^>]*', one) for one in (svg, small)]
    assert len(shapes[0]) == len(shapes[1]) > 10
    assert sum(map(len, shapes[1])) < 2 / 3 * sum(map(len, shapes[0]))
    assert np.abs(pixels(small) - pixels(svg)).max() < 0.3 * 255
