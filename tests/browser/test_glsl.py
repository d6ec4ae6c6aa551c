"""gdcore's formulas in GLSL, on a browser's graphics: single precision, so up to rounding gdcore's.

Each is compiled and run by WebGL 2, one point a pixel. The oracle is gdcore itself.
"""

import numpy as np
import pytest

from gdcore import OBJECTIVES
from gdcore.optimizers import OPTIMIZERS
from gdcore.trace import GLSL, Tape, parameters
from gdcore.translate import objective_glsl, optimizer_glsl
from tests.browser.test_javascript import WAVY

FAST = {
    "test_an_objective_in_glsl_is_gdcores_in_single_precision[himmelblau]",
    "test_an_optimizer_in_glsl_takes_gdcores_steps[adam]",
}

# Draws one pixel for each point, in floats, and reads them; what the compiler says is the error.
RUN = """([source, points, numbers]) => {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  gl.getExtension("EXT_color_buffer_float");
  const program = gl.createProgram();
  const corners = `#version 300 es
    void main() {
      gl_Position = vec4(vec2[3](vec2(-1), vec2(3, -1), vec2(-1, 3))[gl_VertexID], 0, 1);
    }`;
  for (const [kind, text] of [[gl.VERTEX_SHADER, corners], [gl.FRAGMENT_SHADER, source]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    const log = gl.getShaderInfoLog(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(log + text);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
  const texture = (format, data) => {
    const made = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, made);
    gl.texStorage2D(gl.TEXTURE_2D, 1, format, points.length, 1);
    if (data) gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, points.length, 1, gl.RG, gl.FLOAT, data);
    return made;
  };
  const out = texture(gl.RGBA32F);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, out, 0);
  const given = texture(gl.RG32F, new Float32Array(points.flat()));
  for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
    gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
  }
  if (numbers.length) gl.uniform1fv(gl.getUniformLocation(program, "p"), numbers);
  gl.viewport(0, 0, points.length, 1);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
  const read = new Float32Array(4 * points.length);
  gl.readPixels(0, 0, points.length, 1, gl.RGBA, gl.FLOAT, read);
  if (gl.getError()) throw new Error("WebGL error");
  gl.getExtension("WEBGL_lose_context").loseContext();
  return points.map((_, i) => [...read.subarray(4 * i, 4 * i + 3)]);
}"""
HEAD = "#version 300 es\nprecision highp float;\nuniform sampler2D points;\nout vec4 result;\n"
MAIN = "void main() {{ vec2 x = texelFetch(points, ivec2(gl_FragCoord), 0).xy; {} }}"


@pytest.fixture
def run(tabs):
    tab = tabs.take({})
    yield lambda functions, body, points, numbers=(): np.array(
        tab.evaluate(RUN, [HEAD + functions + MAIN.format(body), points.tolist(), list(numbers)])
    )
    tabs.give_back(tab, {})


def points_of(objective):
    low, high = np.array(objective.domain).T
    rng = np.random.default_rng(0)
    points = rng.uniform(low, high, size=(40, objective.dim))
    points[:10] = np.array(objective.minimizers[0]) + rng.uniform(-1, 1, size=(10, objective.dim))
    wide = np.zeros((40, 2))
    wide[:, : objective.dim] = points
    return np.float32(wide).astype(float)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_an_objective_in_glsl_is_gdcores_in_single_precision(run, name):
    objective = OBJECTIVES[name]
    points = points_of(objective)
    found = run(objective_glsl(objective), "result = vec4(run(x.x, x.y), 0);", points)
    x = points.T[: objective.dim]
    ours = np.zeros((40, 3))
    ours[:, 0] = objective.value(x)
    ours[:, 1 : 1 + objective.dim] = objective.grad(x).T
    # Of sin and cos a graphics chip owes no more than 2**-11.
    allowed = 2e-3 if name in WAVY else 2e-5
    assert np.abs(found - ours).max() < allowed * np.abs(ours).max()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_in_glsl_takes_gdcores_steps(run, name):
    points = points_of(OBJECTIVES["himmelblau"])
    body = (
        "start(x.x, x.y); vec2 first = stepped(vec3(0, x), x.x, x.y);"
        "result = vec4(first + stepped(vec3(0, 2.0 * x), x.x, x.y), 0, 0);"
    )
    optimizer = OPTIMIZERS[name]
    found = run(optimizer_glsl(optimizer), body, points, parameters(optimizer).values())
    x = points.T
    first, state = optimizer.update(x, optimizer.init(x), x)
    second, _ = optimizer.update(2 * x, state, x)
    ours = (first + second).T
    # 1 - 0.999 loses three of seven digits in Adam and RMSProp.
    assert np.abs(found[:, :2] - ours).max() < 1e-3 * np.abs(ours).max()


FORMULAS = {
    "a cube": lambda x: x**3,
    "a fifth power": lambda x: x**5,
    "a root": lambda x: (x * x) ** 1.5,
    "whole and small numbers": lambda x: 3 - x * 1e-5,
}


@pytest.mark.parametrize("name", FORMULAS)
def test_powers_of_negative_numbers_and_whole_numbers_are_spelled(run, name):
    tape = Tape()
    x = tape.symbols("x.x")
    [value] = FORMULAS[name](x)
    body = f"{tape.written(GLSL)}result = vec4({GLSL.spell(value)}, 0, 0, 0);"
    points = np.array([[-1.5, 0.0], [2.25, 0.0], [-3.0, 0.0]])
    found = run("", body, points)[:, 0]
    assert found == pytest.approx(FORMULAS[name](points[:, 0]), rel=1e-5)
