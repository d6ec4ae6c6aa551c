"""Surfaces: the numbers that a page gets are gdcore's own, and the still figure shows them."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from gdcore import OBJECTIVES, GradientDescent, descend, ellipse, himmelblau
from gdcore.draw import surface

TRAJECTORY = descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), grad_tol=0.01)
PLANE = [name for name, objective in OBJECTIVES.items() if objective.dim == 2]


def numbers(trajectory, **settings):
    """What stands in data-surface."""
    root = ElementTree.fromstring(surface(trajectory, **settings).svg)
    return json.loads(root.attrib["data-surface"])


def values(objective, limits):
    """The objective at the corners of the mesh, one by one, x_2 growing from row to row."""
    (low1, high1), (low2, high2) = limits
    return np.array(
        [
            [objective([low1 + (high1 - low1) * j / 32, low2 + (high2 - low2) * i / 32])
             for j in range(33)] for i in range(33)
        ]
    )  # fmt: skip


def in_units_of_x(path, limits):
    """The iterates of a path; the points between them only help to draw it."""
    low, high = np.array(limits).T
    return np.array([low + (high - low) * row[:2] for row in np.array(path) if row[3]])


@pytest.mark.parametrize("name", PLANE)
def test_the_mesh_is_the_objective(name):
    objective = OBJECTIVES[name]
    trajectory = descend(objective, GradientDescent(1e-6), np.mean(objective.domain, axis=1) + 0.3)
    f = values(objective, objective.domain)
    expected = (f - f.min()) / np.ptp(f)
    np.testing.assert_allclose(numbers(trajectory)["corners"], expected, atol=5.1e-4)


@pytest.mark.parametrize("name", PLANE)
def test_a_logarithm_keeps_the_order_and_lifts_the_valley(name):
    objective = OBJECTIVES[name]
    trajectory = descend(objective, GradientDescent(1e-6), np.mean(objective.domain, axis=1) + 0.3)
    f = values(objective, objective.domain).ravel()
    w = np.ravel(numbers(trajectory, height="log")["corners"])
    assert (np.diff(w[np.argsort(f, kind="stable")]) >= 0).all()
    assert w.min() == 0 and w.max() == 1
    if np.quantile(f, 0.1) > f.min():
        # Where f stands s above its least, the height is log 2, on the scale where its top is
        # log(1 + top / s).
        s, top = np.quantile(f, 0.1) - f.min(), np.ptp(f)
        assert np.quantile(w, 0.1) == pytest.approx(np.log(2) / np.log(1 + top / s), abs=2e-2)


def test_the_path_is_the_trajectory_and_lies_on_the_surface():
    data = numbers(TRAJECTORY)
    [path] = data["paths"]
    x = in_units_of_x(path, himmelblau.domain)
    # Its first iterates; the last ones stand closer than 1/500 of the picture.
    count = len(x)
    assert count >= 15
    np.testing.assert_allclose(x[: count - 2], TRAJECTORY.x[: count - 2], atol=5.1e-5 * 10)
    np.testing.assert_allclose(x[-1], TRAJECTORY.x[-1], atol=10 / 500)

    u, v, w, _ = np.array(path).T
    f = himmelblau(np.array([u, v]) * 10 - 5)
    at_corners = himmelblau(np.array(np.meshgrid(*[np.linspace(-5, 5, 33)] * 2)))
    np.testing.assert_allclose(w, (f - at_corners.min()) / np.ptp(at_corners), atol=2e-3)
    assert np.abs(np.diff([u, v])).max() <= 1 / 32 + 1e-4  # no piece is longer than a cell


def test_every_iterate_is_there_or_on_the_spot_of_one_that_is():
    trajectory = descend(ellipse, GradientDescent(0.03), (-5, -2), max_steps=300)
    x = in_units_of_x(numbers(trajectory)["paths"][0], ellipse.domain)
    distance = np.abs(trajectory.x[:, np.newaxis] - x).max(axis=2).min(axis=1)
    assert len(x) < 200
    assert distance.max() <= 12 / 500


def test_a_batch_has_a_path_each_and_a_path_ends_where_it_leaves_the_picture():
    starts = np.array([[-5.0, 1.0, 9.0], [-2.0, 1.0, 0.0]])
    trajectory = descend(ellipse, GradientDescent(0.45), starts, max_steps=4)
    limits = [(-5.5, 0.5), (-3, 1.65)]
    paths = numbers(trajectory, limits=limits)["paths"]
    [x] = [in_units_of_x(path, limits) for path in paths]  # two of three start outside
    # x2 goes -2, 1.6, -1.28 ...; x1 goes -5, -0.5, ... and stays
    np.testing.assert_allclose(x, trajectory.x[:, :, 0][: len(x)], atol=1e-3)
    both = numbers(trajectory, limits=[(-6, 2), (-3, 1.5)])["paths"]
    assert [len(in_units_of_x(path, limits)) for path in both] == [1, 5]


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(ValueError, match=r"two components.*parabola has 1"):
        surface(descend(OBJECTIVES["parabola"], GradientDescent(0.1), 1))
    with pytest.raises(ValueError, match=r'"linear" or "log", but \'high\' was given'):
        surface(TRAJECTORY, height="high")
    with pytest.raises(ValueError, match=r"a pair \(low, high\).*but \[\(1, 0\)"):
        surface(TRAJECTORY, limits=[(1, 0), (0, 1)])
    with pytest.raises(ValueError, match="himmelblau must be finite within the limits"):
        surface(TRAJECTORY, limits=[(-1e200, 1e200), (-1, 1)])
    with pytest.raises(ValueError, match="no descent starts within the limits"):
        surface(TRAJECTORY, limits=[(3, 4), (0, 1)])


def test_a_flat_objective_and_one_step_have_a_surface():
    flat = replace(ellipse, value=lambda x: 0 * x[0], grad=lambda x: 0 * x)
    data = numbers(descend(flat, GradientDescent(0.1), (0, 0), grad_tol=1), height="log")
    assert np.ptp(data["corners"]) == 0 and len(data["paths"][0]) == 1


def test_the_same_surface_gives_the_same_bytes():
    assert surface(TRAJECTORY).svg == surface(TRAJECTORY).svg


def hidden(path, objective, azimuth, elevation=30, tall=0.6):
    """How much of a path the surface hides from afar: rays toward the eye, stepped finely."""
    (low1, high1), (low2, high2) = objective.domain
    heights = objective(np.array(np.meshgrid(*[np.linspace(0, 1, 33)] * 2)) * 10 - 5)
    scale = lambda f: (f - heights.min()) / np.ptp(heights)  # noqa: E731
    toward = np.array([np.cos(np.radians(azimuth)), np.sin(np.radians(azimuth))])
    count = 0
    for u, v, w, _ in path:
        away = np.linspace(0.03, 1.5, 400)
        across, along = u + away * toward[0], v + away * toward[1]
        inside = (across >= 0) & (across <= 1) & (along >= 0) & (along <= 1)
        x = np.array([low1 + across * (high1 - low1), low2 + along * (high2 - low2)])
        ray = w + away * np.tan(np.radians(elevation)) / tall
        count += bool((inside & (scale(objective(x)) > ray + 0.02)).any())
    return count / len(path)


@pytest.mark.parametrize("start", [(-0.4, -0.65), (4.9, 4.9), (-4.9, 4.9), (4.9, -4.9), (-4.9, 0)])
def test_it_is_seen_from_where_little_of_the_path_is_hidden(start):
    data = numbers(descend(himmelblau, GradientDescent(0.005), start, grad_tol=0.01))
    [path], (azimuth, elevation) = data["paths"], data["view"]
    shares = {at: hidden(path, himmelblau, at, elevation, data["tall"]) for at in range(0, 360, 30)}
    assert max(shares.values()) > 0.3  # it matters
    assert shares[azimuth % 360] <= min(shares.values()) + 0.1


def test_cells_are_painted_from_far_to_near_and_stand_where_the_view_puts_them():
    root = ElementTree.fromstring(surface(TRAJECTORY).svg)
    data = json.loads(root.attrib["data-surface"])
    [group] = [g for g in root.iter() if g.get("class") == "surface"]
    cells = [g.get("d") for g in group if "--lit" in g.get("style", "")]
    assert len(cells) == data["side"] ** 2 == 1024
    corners = np.array([[int(n) for n in re.findall(r"-?\d+", d)[:2]] for d in cells])
    toward = np.array([np.cos(np.radians(data["view"][0])), np.sin(np.radians(data["view"][0]))])
    v, u = np.array(list(np.ndindex(32, 32))).T / 32
    order = np.argsort(u * toward[0] + v * toward[1], kind="stable")
    w = np.array(data["corners"])[:32, :32].ravel()
    space = np.array([u, v, w, np.ones(1024)]).T[order]
    # With no perspective one linear map leads from the box to the page, for all corners alike.
    fit, *_ = np.linalg.lstsq(space, corners, rcond=None)
    assert np.abs(space @ fit - corners).max() < 1.5  # tenths of a point
    elevation = np.radians(data["view"][1])
    right = np.array([-toward[1], toward[0]])
    size = np.hypot(*fit[:2, 0])
    np.testing.assert_allclose(fit[:2, 0], size * right, atol=0.01 * size)
    np.testing.assert_allclose(fit[:2, 1], size * np.sin(elevation) * toward, atol=0.01 * size)
    assert fit[2, 1] == pytest.approx(-size * data["tall"] * np.cos(elevation), rel=0.01)


def test_cells_are_lit_as_lambert_has_it():
    """By the cosine of the angle between a cell's normal and a sun at the left behind the eye."""
    data = numbers(TRAJECTORY)
    w, side = data["tall"] * np.array(data["corners"]), data["side"]
    along = (w[:-1, 1:] + w[1:, 1:] - w[:-1, :-1] - w[1:, :-1]) / 2 * side
    across = (w[1:, :-1] + w[1:, 1:] - w[:-1, :-1] - w[:-1, 1:]) / 2 * side
    normals = np.stack([-along, -across, np.ones_like(along)])
    left = np.radians(data["view"][0] - 60)
    sun = np.array([0.6 * np.cos(left), 0.6 * np.sin(left), 0.8])
    cosine = np.tensordot(sun, normals / np.linalg.norm(normals, axis=0), 1)
    lit = np.array(data["lit"]).reshape(side, side)
    assert np.ptp(lit) > 30
    np.testing.assert_allclose(
        lit, 100 * cosine.clip(0, 1), atol=3.7
    )  # in steps of five, of heights to a thousandth
