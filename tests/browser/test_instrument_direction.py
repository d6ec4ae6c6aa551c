"""The arrow that is turned around a point: its slopes are gdcore's, and lie on the cosine."""

import numpy as np
import pytest

from gdcore import ellipse
from tests.support.bare_instrument import Bare
from tests.support.instruments import at_figure, settled

FAST = {
    "test_the_mouse_turns_the_arrow_and_moves_the_point",
}

COLORS = ("ink", "faint", "blue", "orange")
POINTS = [(-2, -1), (-3, 0.5), (0.3, -1.5), (-1.1, 0), (0, -0.7)]


def traced(shown) -> dict[int, tuple[float, str]]:
    """The slope that is drawn at each degree, and its color."""
    dots = {color: shown["drawn"][f"slopes {color}"][1] for color in COLORS}
    return {degree: (slope, color) for color, all_ in dots.items() for degree, slope in all_}


def all_around(bare, point):
    for phi in range(0, 361, 45):
        shown = bare.show(x=point[0], y=point[1], phi=phi)
    return traced(shown)


@pytest.mark.parametrize("point", POINTS)
def test_all_slopes_are_measured_with_gdcores_f_and_lie_on_the_cosine(point):
    slopes = all_around(Bare("direction"), point)
    assert sorted(slopes) == list(range(360))
    gradient = ellipse.grad(np.array(point, dtype=float))
    for degree, (slope, color) in slopes.items():
        u = np.array([np.cos(np.radians(degree)), np.sin(np.radians(degree))])
        measured = (ellipse(point + 1e-6 * u) - ellipse(np.array(point))) / 1e-6
        assert slope == pytest.approx(measured, abs=1e-8)
        theta = np.radians(degree) - np.arctan2(gradient[1], gradient[0])
        assert slope == pytest.approx(np.linalg.norm(gradient) * np.cos(theta), abs=1e-5)
        if color in ("ink", "blue"):
            assert (slope < 0) == (color == "blue")
    found = {color: [d for d, (_, c) in slopes.items() if c == color] for color in COLORS}
    down = np.degrees(np.arctan2(*-gradient[::-1])) % 360
    assert found["orange"] == [pytest.approx(down, abs=0.51)]
    assert all(abs(np.cos(np.radians(d - down))) < 1e-5 for d in found["faint"])


def test_only_from_an_axis_does_the_steepest_way_down_lead_to_the_bottom():
    bare = Bare("direction")
    for x, y in [(-2, -1), (-3, -0.1), (0.5, 0.5), (-3, 0), (0.4, 0), (0, -1.5)]:
        bottom = round(np.degrees(np.arctan2(-y, -x))) % 360
        says = bare.show(x=x, y=y, phi=bottom)["told"]
        assert says.startswith(f"At {bottom}° the slope is") and f"lies at {bottom}°" in says
        assert ("No whole degree falls faster" in says) == (x == 0 or y == 0)
    assert "45° the slope is −5.66, downhill" in bare.show(x=-2, y=-1, phi=45)["told"]
    assert "slope is 0, level" in bare.show(phi=135)["told"]
    assert bare.show(x=0, y=0)["told"].startswith("At the bottom it is level in every direction.")


def test_the_mouse_turns_the_arrow_and_moves_the_point(visit):
    its = at_figure(visit, "en", "many-dimensions", "fig-slope-angle")
    mouse, (point, arrow) = its.page.mouse, its.locator(".instrument-handle").all()[:2]
    said = its.locator(".instrument-says")

    def middle(handle):
        box = handle.locator(".ring").bounding_box()
        return np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])

    def drag(handle, to):
        mouse.move(*middle(handle))
        mouse.down()
        mouse.move(*to, steps=6)
        mouse.up()
        settled(its.page)

    assert said.inner_text().startswith("At 30°")
    drag(arrow, middle(point) + np.array([80, -80]))
    assert said.inner_text().startswith("At 45° the slope is −5.66")
    trace = its.locator(".instrument-plot").nth(1).locator("path[stroke-linecap=round]")
    assert "".join(part.get_attribute("d") for part in trace.all()).count("M") == 16  # 30° to 45°
    radius = np.linalg.norm(middle(arrow) - middle(point))
    drag(point, middle(point) + np.array([0, -radius]))  # up by 1, on to the axis
    assert "The bottom lies at 0°" in said.inner_text()
    assert "Pale: the slopes at (−2, −1), where the point was." in said.inner_text()
    assert "".join(part.get_attribute("d") for part in trace.all()).count("M") == 2 * 16


def test_a_point_that_moves_keeps_its_directions_and_leaves_its_curve_behind_in_pale():
    bare = Bare("direction")
    around = all_around(bare, (-2, -1))
    bare.drag(0, -1.5, -1)
    bare.drag(0, -1, 0.5)  # on its way
    moved = bare.show()
    here = traced(moved)
    assert sorted(here) == sorted(around) == list(range(360))
    pale = dict(moved["drawn"]["slopes left"][1])
    gradients = [ellipse.grad(np.array(at)) for at in ((-2.0, -1.0), (-1.0, 0.5))]
    for degree in here:
        u = np.array([np.cos(np.radians(degree)), np.sin(np.radians(degree))])
        assert [pale[degree], here[degree][0]] == pytest.approx(
            [g @ u for g in gradients], abs=1e-5
        )
    assert moved["told"].endswith("Pale: the slopes at (−2, −1), where the point was.")
    bare.drag(2, 40, 0)
    turned = bare.show()
    assert dict(turned["drawn"]["slopes left"][1]) == pale  # until the point moves again
    bare.drag(0, -3, 0.5)
    again = bare.show()
    assert again["told"].endswith("Pale: the slopes at (−1, 0.5), where the point was.")
    assert "slopes left" not in bare.show(x=-1)["drawn"]  # back where it was


def test_it_opens_at_the_guess(visit):
    its = at_figure(visit, "en", "many-dimensions", "fig-slope-angle")
    question = its.page.locator("#predict-which-way-is-down")
    question.locator("input").fill("70")
    question.locator("button").first.click()
    settled(its.page)
    assert its.locator(".instrument-says").inner_text().startswith("At 70°")
