"""The quadratic model of a wave: its steps are gdcore's, and what it says is true at every x."""

import numpy as np
import pytest
import quickjs
from sphinx.errors import ExtensionError

from gdcore import OBJECTIVES, GradientDescent, Newton, descend
from gdcore.objectives import growing_wave as wave
from press.ext.figures.javascript import gdcore_js
from tests.support.bare_instrument import Bare
from tests.support.instruments import at_figure, drag_to, drawn, numbers_in, says, settled
from tests.support.scripts import JS

FAST = {
    "test_dragged_to_a_crest_it_makes_for_the_top",
}

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
    with pytest.raises(ExtensionError, match=r"A script uses hess.* himmelblau is none"):
        gdcore_js("en", ["himmelblau", "hess"])


PROMISES = {  # the model's, and what comes of it
    "en": ("x = #, f″ = #. The model is a ", "The model lets f {} by #; in fact f will {} by #."),
    "zh": ("x = #，f″ = #。模型是", "照模型，f 会{} #；真走过去，{} #。"),
}
WORDS = {"en": ("fall", "rise", "hill"), "zh": ("降", "升", "山")}


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("method", METHODS)
def test_what_it_says_of_a_step_is_what_the_model_and_f_do(method, lang):
    bare, hills = Bare("model", lang), 0
    where, promise = PROMISES[lang]
    *ways, hill = WORDS[lang]
    part = 0.5 if method == "half" else 1
    for start in [*np.arange(-3.9, 29, 0.37).round(2), -4, 1e-4, 4.79, 29]:
        said = bare.show(x=float(start), k=0, method=method)["told"]
        run = descend(wave, METHODS[method], float(start), max_steps=1)
        bend, slope = wave.hess(run.x[0]).item(), wave.grad(run.x[0])[0]
        assert numbers_in(said, where) == pytest.approx([start, bend], rel=6e-4), said
        curvature = 0.5 if method == "descent" else bend
        whole = run.x[0, 0] - slope / curvature  # where the model is level
        move = part * (whole - start)
        changes = [slope * move + curvature / 2 * move**2, run.f[1] - run.f[0]]
        told = numbers_in(said, promise.format(*[ways[int(change >= 0)] for change in changes]))
        assert told is not None and told == pytest.approx(np.abs(changes), rel=6e-4), said
        assert (f" {hill};" in said or f"模型是{hill}，" in said) == (curvature < 0), said
        off = "outside the picture" in said or "图外" in said
        assert off == (not -4 <= run.x[1, 0] <= 29), said
        assert "hill" not in said or (said.count("top") and not said.count("bottom"))
        hills += curvature < 0
    assert (hills > 5) == (method != "descent")


@pytest.mark.parametrize(
    ("setting", "mark"),
    [
        ({"x": 4.79, "k": 0, "method": "newton"}, "← x = −38.59"),
        ({"x": 4.79, "k": 1, "method": "newton"}, "← x = −38.59"),
        ({"x": 29, "k": 0, "method": "descent"}, "x = 52.44 →"),
        ({"x": 10, "k": 1, "method": "newton"}, None),
    ],
)
def test_the_ring_stays_at_the_start_and_a_point_off_the_picture_is_named_at_its_edge(
    its, setting, mark
):
    says(its, **setting)
    settled(its.page)
    ring = its.locator(".instrument-handle .ring").bounding_box()
    edge = its.locator(".instrument-plot .edge").bounding_box()
    across = (ring["x"] + ring["width"] / 2 - edge["x"]) / edge["width"]
    assert across == pytest.approx((setting["x"] + 4) / 33, abs=0.005)
    texts = its.locator(".instrument-plot text").all_text_contents()
    marks = [text for text in texts if "x =" in text]
    assert marks == ([mark] if mark else [])


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
    assert "The model is a hill; the step goes to its top" in said
    its.get_by_label("Gradient descent, η = 2").check()
    settled(its.page)
    assert "The model is a valley" in its.locator(".instrument-says").inner_text()
