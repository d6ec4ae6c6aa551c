"""The quadratic model of a wave: its steps are gdcore's, and uphill exactly where it says so."""

import numpy as np
import pytest
import quickjs
from sphinx.errors import ExtensionError

from gdcore import OBJECTIVES, GradientDescent, Newton, descend, himmelblau
from gdcore.objectives import growing_wave as wave
from press.ext.figures.javascript import gdcore_js, hess_js
from tests.support.instruments import at_figure, drag_to, drawn, numbers_in, says, settled
from tests.support.scripts import JS

PLACE = ("en", "newton", "fig-convergence-wave")
METHODS = {
    "newton": Newton(wave.hess),
    "half": Newton(wave.hess, learning_rate=0.5),
    "descent": GradientDescent(2),
}


@pytest.fixture
def its(visit):
    return at_figure(visit, *PLACE)


@pytest.mark.parametrize("name", ["parabola", "catenary", "growing_wave"])
def test_the_second_derivative_of_the_script_is_gdcores(name):
    engine = quickjs.Context()
    engine.eval((JS / "book.js").read_text("utf-8") + gdcore_js("en", [name, "hess"]))
    for x in np.linspace(-9, 29, 77):
        theirs = engine.eval(f"book.gdcore.OBJECTIVES.{name}.hess({x})")
        assert theirs == pytest.approx(OBJECTIVES[name].hess(np.array([x])).item(), rel=1e-13)


def test_a_second_derivative_comes_only_to_a_script_that_asks_and_of_one_variable():
    assert "hess" not in gdcore_js("en", ["growing_wave"]) + gdcore_js("en")
    with pytest.raises(ExtensionError, match="himmelblau"):
        hess_js(himmelblau)


@pytest.mark.parametrize("method", METHODS)
def test_a_step_leads_where_gdcores_does_and_is_called_what_it_is(its, method):
    uphill = 0
    for start in np.arange(-3.9, 29, 1.37).round(2):
        said = says(its, x=start, k=0, method=method)
        run = descend(wave, METHODS[method], start, max_steps=1)
        bend, slope = wave.hess(run.x[0]).item(), wave.grad(run.x[0])[0]
        assert numbers_in(said, "x = #, f″ = #.") == pytest.approx([start, bend], rel=6e-4), said
        [x] = numbers_in(said, "It leads to #")
        assert x == pytest.approx(run.x[1, 0], rel=6e-4, abs=1e-3), said
        rise = run.f[1] - run.f[0]
        [told] = numbers_in(said, "f rises by #" if rise >= 0 else "f falls by #")
        assert told == pytest.approx(abs(rise), rel=6e-4), said
        rises = slope * (run.x[1, 0] - start) > 0
        assert ("uphill" in said) == rises == (method != "descent" and bend < 0), said
        assert ("outside the picture" in said) == (not -4 <= run.x[1, 0] <= 29), said
        uphill += rises
    assert (uphill > 5) == (method != "descent")


@pytest.mark.parametrize("method", METHODS)
def test_ten_steps_from_10_end_where_the_chapter_says(its, method):
    run = descend(wave, METHODS[method], 10, max_steps=10)
    for k in (1, 2, 5, 10):
        [x] = numbers_in(says(its, x=10, k=k, method=method), "x = #, f″")
        assert x == pytest.approx(run.x[k, 0], rel=6e-4)
    end = {"newton": 26.83, "half": 7.27, "descent": -1.528}[method]
    assert x == pytest.approx(end, abs=0.01)
    assert "rests on a top" in says(its, x=10, k=10, method="newton")


@pytest.mark.parametrize("x", [10, 5, 25])
def test_the_model_it_draws_is_the_quadratic(its, x):
    says(its, x=x, k=0, method="newton")
    across, up = drawn(its, 0, "magenta", 331).T
    u, heights = 33 * across - 4, 55 * up - 25
    at = np.array([float(x)])
    model = wave(at) + wave.grad(at)[0] * (u - x) + wave.hess(at).item() / 2 * (u - x) ** 2
    assert heights == pytest.approx(model, rel=1e-3, abs=0.06)


def test_dragged_to_a_crest_it_makes_for_the_top(its):
    drag_to(its, its.locator(".instrument-handle"), 0, 29 / 33, 0.8)
    said = its.locator(".instrument-says").inner_text()
    assert numbers_in(said, "x = #,")[0] == pytest.approx(25, abs=0.2)
    assert "hill: the step makes for its top, uphill" in said
    its.get_by_label("Gradient descent, η = 2").check()
    settled(its.page)
    assert "downhill" in its.locator(".instrument-says").inner_text()
