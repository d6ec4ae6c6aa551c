"""Pictures show the trajectory's own numbers, in the axes given, and repeat byte for byte."""

import io
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from gdcore import GradientDescent, descend, draw, ellipse, himmelblau, parabola, sphere


@pytest.fixture
def ax():
    return Figure().subplots()


def test_a_path_in_one_dimension_lies_on_the_curve(ax):
    trajectory = descend(parabola, GradientDescent(0.2), 10, max_steps=10)
    line, ring = draw.path(trajectory, ax)
    x, y = line.get_data()
    np.testing.assert_array_equal(x, trajectory.x[:, 0])
    np.testing.assert_array_equal(y, x * x)
    assert ring.get_data() == ([10.0], [100.0])


def test_a_batch_gives_a_path_each_up_to_its_own_stop(ax):
    starts = np.array([[-5.0, 0.0, 1.0], [-2.0, 0.0, 1.0]])
    trajectory = descend(ellipse, GradientDescent(0.1), starts, grad_tol=0.1)
    lines = draw.path(trajectory, ax, label="η")[::2]
    assert [len(line.get_xdata()) for line in lines] == (trajectory.steps + 1).tolist()
    np.testing.assert_array_equal(
        lines[2].get_ydata(), trajectory.x[: trajectory.steps[2] + 1, 1, 2]
    )
    assert len(ax.get_legend_handles_labels()[1]) == 1


def test_contours_show_the_objective(ax):
    [contours] = draw.landscape(ellipse, ax, limits=[(-5.5, 1), (-3, 1)], levels=[1.0, 4.0])
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        np.testing.assert_allclose(ellipse(path.vertices.T), level, atol=2e-2)
    assert ax.get_xlim() == (-5.5, 1) and ax.get_ylim() == (-3, 1)


def test_a_descent_that_runs_off_widens_the_picture(ax):
    trajectory = descend(parabola, GradientDescent(1.1), 10, max_steps=10)
    curve = draw.descent(trajectory, ax)[0]
    assert curve.get_xdata().max() == np.abs(trajectory.x).max()


def test_three_components_cannot_be_drawn(ax):
    with pytest.raises(ValueError, match=r"one or two components.*has 3"):
        draw.landscape(replace(ellipse, dim=3, domain=((0.0, 1.0),) * 3, minimizers=()), ax)


@pytest.mark.parametrize("name", ["landscape", "surface", "animate"])
def test_without_a_domain_limits_must_be_given(name, ax):
    trajectory = descend(replace(himmelblau, domain=None), GradientDescent(0.01), (0, 0))
    given = (trajectory.objective, ax) if name == "landscape" else (trajectory,)
    picture = getattr(draw, name)
    with pytest.raises(ValueError, match=r"give limits, .* for himmelblau has no domain"):
        picture(*given)
    assert picture(*given, limits=[(-5, 5), (-5, 5)])


def test_the_book_style_repeats_byte_for_byte():
    def picture():
        with mpl.rc_context():
            draw.use_book_style()
            figure = Figure()
            trajectory = descend(himmelblau, GradientDescent(0.01), (0, 0), max_steps=9)
            draw.descent(trajectory, figure.subplots())
            file = io.StringIO()
            figure.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()

    first = picture()
    assert first == picture()
    assert "<text" not in first  # letters are shapes: no font is asked for


def test_every_colour_of_the_book_has_a_value_for_the_page():
    light, dark, *_ = draw.css_variables().splitlines()
    for name, color in draw.COLORS.items():
        assert f"--figure-{name}:{'currentColor' if name == 'ink' else color};" in light
        assert f"--figure-{name}:" in dark or name == "ink"  # which has the colour of the text


def test_contours_enclose_their_shares_of_a_picture():
    """Where the sphere is at most r², in a square from -1 to 1, are π r² / 4 of its points."""
    heights = draw.heights_of(sphere, [(-1, 1), (-1, 1)], 9)
    shares = np.linspace(0.1, 1, 9) ** 2 * 0.97
    inside = shares < np.pi / 4
    np.testing.assert_allclose(heights[inside], 4 * shares[inside] / np.pi, rtol=0.02)
    assert inside.sum() == 8 and heights[-1] < 2
    [contours] = draw.landscape(sphere, Figure().subplots(), [(-1, 1), (-1, 1)], levels=9)
    np.testing.assert_array_equal(contours.levels, heights)


def test_heights_that_are_the_same_stand_once():
    flat = replace(sphere, value=lambda x: np.where(x[0] > 0, 1.0, 0.0))
    assert draw.heights_of(flat, [(-1, 1), (-1, 1)], 9).tolist() == [0, 1]
