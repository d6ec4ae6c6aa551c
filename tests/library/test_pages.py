"""Figures as pages show them: laid out twice, letters of one size, labels apart."""

import re
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.figure import Figure

from gdcore import draw, ellipse
from gdcore.draw.style import PIXEL


@pytest.fixture(autouse=True)
def book_style():
    with mpl.rc_context():
        draw.use_book_style()
        yield


def drawings(svg: str):
    """The wide drawing, without the narrow one, and the narrow one."""
    root = BeautifulSoup(svg, "xml").svg
    narrow = root.find("svg", attrs={"class": "narrow"}).extract()
    return root, narrow


def width(drawing) -> float:
    return float(drawing["viewBox"].split()[2])


def sizes(drawing) -> list[float]:
    """The sizes of a drawing's letters, in pixels of the page."""
    found = [g["transform"] for g in drawing.find_all("g", transform=re.compile(r"scale\("))]
    return [100 * float(re.search(r"scale\(([\d.]+)", one)[1]) / PIXEL for one in found]


def many_lines(ends) -> Figure:
    figure = Figure(figsize=(6, 3))
    ax = figure.subplots()
    for k, end in enumerate(ends):
        ax.plot([0, 1], [k, end], label=f"$x_{k}$", color=draw.COLORS["blue"])
    ax.set(xlabel="$x$", ylabel="$f(x)$")
    draw.label_ends(ax)
    return figure


def test_letters_are_as_large_on_a_phone_as_on_a_desk():
    wide, narrow = drawings(draw.picture(many_lines([1, 2, 3])))
    assert width(wide) / PIXEL == pytest.approx(640)
    assert width(narrow) / PIXEL == pytest.approx(328)
    assert min(sizes(wide)) == min(sizes(narrow)) >= 12
    assert max(sizes(wide)) == max(sizes(narrow)) <= 18


def test_nothing_shows_the_narrow_drawing_outside_the_book():
    _, narrow = drawings(draw.picture(many_lines([1])))
    assert narrow["display"] == "none"


@pytest.mark.parametrize("ends", [[1, 1, 1], [0.01, 0, 5, 5.02, 5.01], range(7)])
def test_labels_at_the_ends_of_lines_are_apart_and_in_the_order_of_the_lines(ends):
    figure = many_lines(ends)
    draw.picture(figure)
    boxes = [label.get_window_extent() for label in figure.axes[0].texts]
    by_end = sorted(range(len(boxes)), key=lambda k: list(ends)[k])
    for one, other in pairwise([boxes[k] for k in by_end]):
        assert other.y0 >= one.y1 - 0.5
    colors = {label.get_color() for label in figure.axes[0].texts}
    assert colors == {draw.COLORS["blue"]}


def test_the_narrow_drawing_shows_the_lines_of_the_wide_one_at_their_own_places():
    """The contour f = x1² + 2 x2² = 4 has its ends at 2 and at the root of 2, in either drawing."""
    figure = Figure(figsize=(6, 4))
    draw.landscape(ellipse, figure.subplots(), [(-3, 3), (-2, 2)], levels=[4.0])
    wide, narrow = drawings(draw.picture(figure))
    [use] = [u for u in narrow.find_all("use", transform=re.compile("matrix"))][-1:]
    line = wide.find(id=use["xlink:href"].removeprefix("#"))
    points = np.array(re.findall(r"[ML] ([\d.-]+) ([\d.-]+)", line["d"]), dtype=float)
    a, _, _, d, e, f = map(float, re.findall(r"-?[\d.]+", use["transform"]))
    for drawing, spots in ((wide, points), (narrow, points * [a, d] + [e, f])):
        [axes] = drawing.find_all(id="axes_1")
        clip = use.parent["clip-path"] if drawing is narrow else line["clip-path"]
        rect = drawing.find(id=clip.removeprefix("url(#").removesuffix(")")).rect
        left, top, across, down = (float(rect[k]) for k in ("x", "y", "width", "height"))
        x1 = (spots[:, 0] - left) / across * 6 - 3
        x2 = 2 - (spots[:, 1] - top) / down * 4
        np.testing.assert_allclose(x1**2 + 2 * x2**2, 4, atol=0.06)
        assert across / down == pytest.approx(6 / 4, rel=0.01)
        assert axes


def test_two_panels_side_by_side_stand_one_below_the_other_on_a_phone():
    figure = Figure(figsize=(6, 3))
    for ax in figure.subplots(1, 2):
        ax.plot([0, 1], [0, 1])
    wide, narrow = drawings(draw.picture(figure))
    for drawing, beside in ((wide, True), (narrow, False)):
        one, other = (clip.rect for clip in drawing.find_all("clipPath")[:2])
        assert (one["x"] != other["x"]) == beside and (one["y"] != other["y"]) == (not beside)


def test_the_label_of_a_vertical_axis_lies_upright_above_it():
    figure = many_lines([1, 2])
    draw.picture(figure)
    ax = figure.axes[0]
    box = ax.yaxis.label.get_window_extent()
    assert ax.yaxis.label.get_rotation() == 0
    assert box.y0 >= ax.bbox.y1 and abs(box.x0 - ax.bbox.x0) < 20


def test_a_table_of_numbers_has_a_row_a_name_and_tints_its_cells():
    table = draw.table(
        "η & K", ["f", "g"], ["GD", "Adam"], [["1", "2"], ["3", "<4"]], [[0, 1], [0.5, 0.25]]
    )
    page = BeautifulSoup(table._repr_html_(), "html.parser")
    assert [th.text for th in page.select('th[scope="col"]')] == ["GD", "Adam"]
    rows = [(tr.th.text, [td.text for td in tr("td")]) for tr in page.select("tbody tr")]
    assert rows == [("f", ["1", "2"]), ("g", ["3", "<4"])]
    assert [td["style"] for td in page.select("tbody td")] == [
        f"--tint: {percent}%" for percent in (0, 100, 50, 25)
    ]
    assert page.caption.text == "η & K"
    with pytest.raises(ValueError, match=r"2 rows of 2 numbers from 0 to 1, .*from 0.0 to 2.0"):
        draw.table("η", ["f", "g"], ["a", "b"], [["1", "2"], ["3", "4"]], [[0, 1], [2, 1]])
