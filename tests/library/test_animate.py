"""Moving pictures show the trajectory's own iterates, where the axes beside them say they are."""

import gzip
import re
from dataclasses import replace

import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.figure import Figure

from gdcore import OBJECTIVES, GradientDescent, descend, himmelblau, parabola
from gdcore.draw import (
    COLORS,
    Animation,
    animate,
    animate_slices,
    frame_steps,
    landscape,
    reached,
)
from press.ext.figures.compact_svg import compact
from press.ext.figures.inline_svg import elements

CAMEL, GRIEWANK, SPHERE = (OBJECTIVES[n] for n in ("six_hump_camel", "griewank", "sphere"))
HALF_A_TENTH = 0.05 + 1e-4  # of a unit; the ticks are written to a millionth


def grid(across, up, n=15):
    return np.stack(np.meshgrid(np.linspace(*across, n), np.linspace(*up, n)))


def one_point():
    return descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), grad_tol=0.01)


def read(animation: Animation) -> BeautifulSoup:
    """The picture, without the narrow one in it."""
    svg = BeautifulSoup(animation.svg[animation.svg.index("<svg") :], "html.parser")
    svg.find("svg", class_="narrow").extract()
    return svg


def ruler(svg: BeautifulSoup, axes: int, axis: str):
    """Read the ticks of an axis: a function from data to units of the SVG."""
    ticks = svg.find(id=f"axes_{axes}").find_all(id=re.compile(f"^{axis}tick_"))
    values, places = [], []
    for tick in ticks:
        label = tick.find(
            string=re.compile(r"\{[−\-\d.]+\}")
        )  # a comment beside the letters' shapes
        values.append(float(re.search(r"\{(.*)\}", label)[1].replace("−", "-")))
        places.append(float(tick.find("use")[axis]))
    slope, offset = np.polyfit(values, places, 1)
    assert len(values) >= 3
    np.testing.assert_allclose(slope * np.array(values) + offset, places, atol=1e-4)
    return lambda value: slope * value + offset


def rows(group) -> np.ndarray:
    """What a moving part holds, in units of the SVG: an array of shape (frames, points, 2)."""
    text = group.get("data-rows") or group["data-trail"]
    steps = [[int(number or 0) for number in row.split(",")] for row in text.split(";")]
    return np.cumsum(steps, axis=0).reshape(len(steps), -1, 2) / 10


def values(svg: BeautifulSoup) -> list[list[str]]:
    return [tspan["data-values"].split(",") for tspan in svg.select("[data-values]")]


def assert_places(found, x, y):
    assert np.abs(found[..., 0] - x).max() <= HALF_A_TENTH
    assert np.abs(found[..., 1] - y).max() <= HALF_A_TENTH


# Where things are


def test_a_point_slides_along_its_curve():
    trajectory = descend(parabola, GradientDescent(0.1), 1.8, grad_tol=0.01)
    svg = read(animate(trajectory, limits=[(-2, 2)]))
    across, up = ruler(svg, 1, "x"), ruler(svg, 1, "y")
    x = trajectory.x[:, 0]
    [trail], [point] = svg.select("[data-trail]"), svg.select("[data-rows]")
    assert_places(rows(trail)[:, 0], across(x), up(x * x))
    assert_places(rows(point)[:, 0], across(x), up(x * x))
    steps, slopes = values(svg)
    assert steps == [str(k) for k in range(28)]
    assert slopes[0] == "3.600" and slopes[12] == "0.2474"
    np.testing.assert_allclose([float(s) for s in slopes], 2 * x, rtol=5e-4)


def test_the_tangent_touches_with_the_slope_of_the_curve():
    trajectory = descend(parabola, GradientDescent(0.1), 1.8, grad_tol=0.01)
    svg = read(animate(trajectory, limits=[(-2, 2)], tangent=True))
    across, up = ruler(svg, 1, "x"), ruler(svg, 1, "y")
    tangent = rows(svg.select_one("[data-rows]"))
    x = trajectory.x[:, 0]
    middle = tangent.mean(axis=1)
    np.testing.assert_allclose(middle, np.stack([across(x), up(x * x)], axis=-1), atol=0.1)
    way = tangent[:, 1] - tangent[:, 0]
    np.testing.assert_allclose(np.hypot(*way.T), 140, atol=0.2)
    slope = (way[:, 1] / (up(1) - up(0))) / (way[:, 0] / (across(1) - across(0)))
    np.testing.assert_allclose(slope, 2 * x, atol=0.02)


def test_a_path_grows_over_contours():
    trajectory = one_point()
    svg = read(animate(trajectory))
    across, up = ruler(svg, 1, "x"), ruler(svg, 1, "y")
    [trail], [point] = svg.select("[data-trail]"), svg.select("[data-rows]")
    for part in (trail, point):
        assert_places(rows(part)[:, 0], across(trajectory.x[:, 0]), up(trajectory.x[:, 1]))
    steps, heights = values(svg)
    assert steps[-1] == "21" and heights[-1] == "1.887×10⁻⁷"


@pytest.mark.parametrize("flat", [False, True])
def test_points_of_a_batch_slide_together_coloured_by_their_minimizer(flat):
    starts = grid((-5, 5), (-4.5, 3.5))
    starts = starts.reshape(2, -1) if flat else starts
    trajectory = descend(himmelblau, GradientDescent(0.01), starts, grad_tol=0.01)
    svg = read(animate(trajectory))
    across, up = ruler(svg, 1, "x"), ruler(svg, 1, "y")
    x = trajectory.x.reshape(len(trajectory.x), 2, -1)
    # The four minimizers as published; which is nearest, and whose colour is whose, found anew.
    published = [(3, 2), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)]
    nearest = np.array([[np.hypot(*(end - m)) for m in published] for end in x[-1].T]).argmin(
        axis=1
    )
    colors, marks = set(), set()
    groups = svg.select("[data-rows]")
    assert len(groups) == 4
    for number, group in enumerate(groups):
        mine = x[:, :, nearest == number]
        assert_places(rows(group), across(mine[:, 0]), up(mine[:, 1]))
        colors.add(re.search(r"fill: (#\w+)", group.path["style"])[1])
        marks.add(group.path["data-mark"])
    assert len(colors) == len(marks) == 4 and colors <= set(COLORS.values())


def test_a_point_that_reaches_no_minimizer_is_faint():
    starts = np.array([[2.0, -2.0], [2.0, 2.0]])
    trajectory = descend(himmelblau, GradientDescent(0.001), starts, max_steps=5)
    assert reached(trajectory).tolist() == [-1, -1]
    [group] = read(animate(trajectory)).select("[data-rows]")
    assert COLORS["faint"] in group.path["style"]


@pytest.mark.parametrize(
    ("objective", "across", "up", "eta", "kinds"),
    [(CAMEL, (-2, 2), (-1, 1), 0.005, 6), (GRIEWANK, (-4, 4), (-4, 4), 0.1, 7)],
)
def test_each_of_many_minimizers_has_its_own_colour_and_mark(objective, across, up, eta, kinds):
    # An even number of points a side: none starts on the ridge between two minimizers.
    trajectory = descend(objective, GradientDescent(eta), grid(across, up, 10), grad_tol=0.01)
    groups = read(animate(trajectory, limits=[(-7, 7), (-7, 7)])).select("[data-rows]")
    assert len({group.path["style"] for group in groups}) == kinds
    assert len({group.path["data-mark"] for group in groups}) == kinds


def test_as_many_points_reach_each_minimizer_as_computed_beforehand():
    """Of 100 points on the camel 28 come to each global minimum, 14 and 8 to each local one."""
    trajectory = descend(CAMEL, GradientDescent(0.005), grid((-2, 2), (-1, 1), 10), grad_tol=0.01)
    assert np.bincount(reached(trajectory).ravel()).tolist() == [28, 28, 14, 14, 8, 8]


def test_what_was_reached_keeps_the_shape_and_the_tolerance():
    trajectory = descend(himmelblau, GradientDescent(0.01), grid((-5, 5), (-4, 3)), max_steps=100)
    assert reached(trajectory).shape == (15, 15)
    assert (reached(trajectory, tol=1e-12) == -1).any()
    assert reached(one_point()).shape == () and reached(one_point()) == 1
    nothing_known = replace(himmelblau, minimizers=())
    assert reached(replace(one_point(), objective=nothing_known)) == -1


def test_each_slice_moves_because_the_other_coordinate_does():
    trajectory = one_point()
    svg = read(animate_slices(trajectory))
    assert len(trajectory.x) == 22
    x1, x2 = trajectory.x.T
    curve1, point1, curve2, point2, line1, line2, point = map(rows, svg.select("[data-rows]"))
    for axes, axis, curve, dot in ((1, 0, curve1, point1), (2, 1, curve2, point2)):
        across, up = ruler(svg, axes, "x"), ruler(svg, axes, "y")
        free = np.linspace(-5, 5, curve.shape[1])
        for k in range(22):
            at = np.full((2, len(free)), trajectory.x[k][:, np.newaxis])
            at[axis] = free
            assert_places(curve[k], across(free), up(himmelblau(at)))
        assert_places(dot[:, 0], across(trajectory.x[:, axis]), up(trajectory.f))
    across, up = ruler(svg, 3, "x"), ruler(svg, 3, "y")
    assert_places(point[:, 0], across(x1), up(x2))
    assert_places(rows(svg.select_one("[data-trail]"))[:, 0], across(x1), up(x2))
    assert_places(line1, across(np.array([-5, 5])), up(x2)[:, np.newaxis])
    assert_places(line2, across(x1)[:, np.newaxis], up(np.array([-5, 5])))


# Which frames, and the last of them


@pytest.mark.parametrize("steps", [0, 1, 9, 10, 11, 19, 20, 119, 120, 121, 530, 10_000])
@pytest.mark.parametrize("most", [2, 3, 10, 120])
def test_the_choice_of_frames_follows_its_rule(steps, most):
    shown = frame_steps(steps, most).tolist()
    assert len(shown) <= most and shown == sorted(set(shown))
    assert shown[0] == 0 and shown[-1] == steps
    if steps < most:
        assert shown == list(range(steps + 1))
        return
    early = most // 2
    assert shown[:early] == list(range(early))
    gaps = np.diff(shown[early - 1 :])
    stride = gaps[0]
    assert (gaps[:-1] == stride).all() and gaps[-1] <= stride
    if stride > 1 and len(gaps) > 1:  # with the next smaller stride there would be too many
        assert early + int(np.ceil((steps - early + 1) / (stride - 1))) > most


def test_a_long_run_shows_true_step_numbers_and_leaves_no_step_out_of_its_trail():
    trajectory = descend(OBJECTIVES["rosenbrock"], GradientDescent(0.001), (-2, 2), max_steps=500)
    svg = read(animate(trajectory, limits=[(-2.5, 2.5), (-1, 3)], max_frames=20))
    shown = frame_steps(500, 20)
    assert svg.select_one("[data-steps]")["data-steps"] == ",".join(map(str, shown))
    assert values(svg)[0] == [str(k) for k in shown]
    trail = rows(svg.select_one("[data-trail]"))
    assert len(trail) == 501
    np.testing.assert_array_equal(rows(svg.select_one("[data-rows]")), trail[shown])


@pytest.mark.parametrize("make", [animate, animate_slices])
def test_as_written_the_picture_shows_the_last_frame_with_the_trail(make):
    svg = read(make(one_point()))
    for group in svg.select("[data-rows], [data-trail]"):
        shape = rows(group)
        last = shape[-1] if group.has_attr("data-rows") else shape[:, 0]
        for path in group.find_all("path"):
            places = re.findall(r"[ML](-?\d+) (-?\d+)", path["d"])
            np.testing.assert_allclose(np.array(places, dtype=float) / 10, last)
    assert svg.find("text").get_text() == "k = 21f = 1.887×10⁻⁷"


# What it weighs, and that it repeats


def weight(name, animation):
    svg = "".join(elements(compact(animation.svg), "alt", "fig1-", set()))
    size = len(gzip.compress(svg.encode(), 9, mtime=0))
    print(f"{name}, {animation!r}: {size / 1000:.1f} KB gzipped")
    return size


@pytest.mark.parametrize(
    ("objective", "across", "up", "eta", "limits"),
    [
        (SPHERE, (-3, 3), (-3, 3), 0.006, None),
        (GRIEWANK, (-4, 4), (-4, 4), 0.1, [(-7, 7), (-7, 7)]),
        (CAMEL, (-2, 2), (-1, 1), 0.005, [(-2, 2), (-1, 1)]),
        (himmelblau, (-5, 5), (-4.5, 3.5), 0.01, None),
        (OBJECTIVES["easom"], (-4, 10), (-4, 10), 0.1, [(-4, 10), (-4, 10)]),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_grid_of_15_by_15_weighs_at_most_60_kilobytes(objective, across, up, eta, limits):
    trajectory = descend(objective, GradientDescent(eta), grid(across, up), grad_tol=0.01)
    assert weight("15 × 15", animate(trajectory, limits=limits)) <= 60_000


def test_a_path_weighs_at_most_40_kilobytes():
    one = descend(parabola, GradientDescent(0.1), 1.8, grad_tol=0.01)
    assert weight("1-D", animate(one, limits=[(-2, 2)], tangent=True)) <= 40_000
    assert weight("path", animate(one_point())) <= 40_000
    assert weight("slices", animate_slices(one_point())) <= 40_000
    long = descend(OBJECTIVES["rosenbrock"], GradientDescent(0.001), (-2, 2), max_steps=10_000)
    limits = [(-2.5, 2.5), (-1, 3)]
    assert weight("long path", animate(long, limits=limits)) <= 40_000
    assert weight("long slices", animate_slices(long, limits=limits)) <= 66_000  # drawn twice


def test_thinned_contours_still_show_the_objective():
    """They are thinned once, where what cells draw is kept; by a tenth of a unit, and rounded."""
    limits = [(-5, 5), (-5, 5)]
    svg = read(animate(one_point(), limits=limits))
    across, up = ruler(svg, 1, "x"), ruler(svg, 1, "y")
    (left, right), (low, high) = ((of(-5), of(5)) for of in (across, up))
    whole = Figure().subplots()
    [contours] = landscape(himmelblau, whole, limits)
    before = sum(len(path) for path in contours.get_paths())
    kept = 0
    drawn = read(replace(film := animate(one_point(), limits=limits), svg=compact(film.svg)))
    paths = drawn.find_all(id=re.compile("QuadContourSet_"))[-1].find_all("path")
    assert len(paths) == len(contours.levels)
    for level, path in zip(contours.levels, paths, strict=True):
        at, start = [], np.zeros(2)
        for piece in re.findall("m[^m]*", path["d"]):
            numbers = re.findall(r"-?(?:\d+\.?\d*|\.\d+)", piece)
            way = start + np.cumsum(np.array(numbers, dtype=float).reshape(-1, 2), axis=0)
            at.append(way)
            start = way[0] if piece.rstrip().endswith("z") else way[-1]
        places = np.concatenate(at)
        kept += len(places)
        x = -5 + 10 * (places - [left, low]) / [right - left, high - low]
        # How far off, in units of the picture: by first order (f - level) / |gradient of f|.
        scale = np.array([[right - left], [high - low]]) / 10
        slope = np.linalg.norm(himmelblau.grad(x.T) / scale, axis=0)
        assert (np.abs(himmelblau(x.T) - level) / slope).max() < 0.3
    assert kept < before / 3


@pytest.mark.parametrize("make", [animate, animate_slices])
def test_the_same_descent_gives_the_same_bytes(make):
    assert make(one_point()).svg == make(one_point()).svg


def test_a_cell_gets_a_picture_and_a_line():
    bundle = animate(one_point())._repr_mimebundle_()
    assert bundle["image/svg+xml"].lstrip().startswith("<?xml")
    assert bundle["text/plain"] == "Animation(himmelblau: 22 frames of 21 steps)"


def test_a_descent_that_runs_off_still_has_a_picture():
    trajectory = descend(himmelblau, GradientDescent(0.1), (4, 4), max_steps=50)
    assert trajectory.status == "diverged" and np.abs(trajectory.x).max() > 1e20
    assert rows(read(animate(trajectory)).select_one("[data-trail]")).max() <= 1e5


@pytest.mark.parametrize("make", [animate, animate_slices])
def test_a_descent_that_had_nowhere_to_go_is_one_frame(make):
    trajectory = descend(himmelblau, GradientDescent(0.01), (3, 2), grad_tol=0.01)
    assert repr(make(trajectory)) == "Animation(himmelblau: 1 frames of 0 steps)"


# What it refuses


def test_there_is_no_picture_of_what_cannot_be_drawn():
    one, line = one_point(), descend(parabola, GradientDescent(0.1), 1.8, max_steps=3)
    many = descend(parabola, GradientDescent(0.1), [[1.0, 2.0]], max_steps=3)
    deep = replace(himmelblau, dim=3, domain=((0.0, 1.0),) * 3, minimizers=())
    solid = replace(one, objective=deep)
    with pytest.raises(TypeError, match=r"a Trajectory.*'himmelblau' \(str\) was given"):
        animate("himmelblau")
    with pytest.raises(ValueError, match=r"two dimensions only.*shape \(2,\).*parabola"):
        animate(many)
    with pytest.raises(ValueError, match=r"tangent.*himmelblau has 2"):
        animate(one, tangent=True)
    with pytest.raises(ValueError, match="slices belong to one descent on two components"):
        animate_slices(line)
    with pytest.raises(ValueError, match=r"slices belong.*shape \(2, 15, 15\)"):
        animate_slices(
            descend(himmelblau, GradientDescent(0.01), grid((0, 1), (0, 1)), max_steps=2)
        )
    for make in (animate, animate_slices):
        with pytest.raises(ValueError, match=r"one or two components.*has 3"):
            make(solid)
        for limits in ([(0, 1)], [(0, 1), (1, 0)], 5, [(0, 1), "ab"]):
            with pytest.raises(ValueError, match=r"limits must be 2 pair\(s\)"):
                make(one, limits=limits)
        for frames in (1, 2.5, True, None):
            with pytest.raises(ValueError, match="max_frames must be a whole number, 2 or more"):
                make(one, max_frames=frames)
