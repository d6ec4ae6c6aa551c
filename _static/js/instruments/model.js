// Newton's method: a curve, its quadratic model at a point, and the step to where the model is level, be that
// its lowest point or its highest. Uses growing_wave, hess.

book.instrument("model", (it) => {
  const { say, write } = it;
  const { run, hess = () => NaN } = book.gdcore.OBJECTIVES.growing_wave;
  const STEPS = 10;
  const [LOW, HIGH] = [-4, 29];
  const out = [0, 0, 0];
  /** f and f′ there. @param {number} x @returns {[number, number]} */
  const at = (x) => {
    run(x, 0, out);
    return [out[0], out[1]];
  };
  // Gradient descent has a model, too: its curvature is 1/η everywhere.
  /** @type {Record<string, { part: number, bend: (x: number) => number, color: string, dash?: string }>} */
  const METHODS = {
    newton: { part: 1, bend: hess, color: "magenta" },
    half: { part: 0.5, bend: hess, color: "magenta", dash: "5 4" },
    descent: { part: 1, bend: () => 1 / 2, color: "orange" },
  };
  const state = it.has({
    x: { start: 10, low: LOW, high: HIGH, step: 0.1 },
    k: { start: 0, low: 0, high: STEPS, whole: true },
    method: { start: "newton", choices: Object.keys(METHODS) },
  });
  const plot = it.plot({
    label: say("一条越来越高的波浪，一点处的二次模型，以及走到模型水平处的一步",
      "a wave of growing height, its quadratic model at a point, and the step to where the model is level"),
    axes: () => ({ x: [LOW, HIGH], y: [-25, 30], across: "x", up: "f(x)" }),
    ratio: 0.64,
  });
  /** The points of the method from here. */
  const way = () => {
    const { part, bend } = METHODS[state.method];
    const xs = [state.x];
    for (let k = 0; k < STEPS; k++) {
      const next = xs[k] - (part * at(xs[k])[1]) / bend(xs[k]);
      if (!Number.isFinite(next)) break;
      xs.push(next);
    }
    return xs;
  };
  let xs = [state.x];
  const here = () => xs[Math.min(state.k, xs.length - 1)];
  plot.handle({
    at: () => [here(), at(here())[0]],
    drag: (x) => it.set({ x, k: 0 }),
    key: (x, y, far) => it.set({ x: here() + (x || y) * (far ? 1 : 0.1), k: 0 }),
    value: () => write(here()),
    label: say("x，模型所在的点", "x, where the model is made"),
    field: "x",
    hint: true,
    anywhere: true,
  });
  it.choice("method", say("方法", "Method"), [
    ["newton", say("牛顿法", "Newton"), "magenta"],
    ["half", say("牛顿法，η = 0.5", "Newton, η = 0.5"), "magenta"],
    ["descent", say("梯度下降，η = 2", "Gradient descent, η = 2"), "orange"],
  ]);
  it.player("k", () => xs.length - 1);
  const grid = Array.from({ length: 331 }, (_, i) => LOW + i / 10);
  const curve = grid.map((x) => [x, at(x)[0]]);

  it.draw(() => {
    xs = way();
    const { part, bend, color, dash } = METHODS[state.method];
    const x = here();
    const [f, slope] = at(x);
    const curvature = bend(x);
    const model = (/** @type {number} */ u) => f + slope * (u - x) + (curvature / 2) * (u - x) ** 2;
    const next = x - (part * slope) / curvature;
    const been = xs.slice(0, state.k + 1).map((u) => [u, at(u)[0]]);
    plot.line("curve", curve, { color: "slate" });
    plot.line("model", grid.map((u) => [u, model(u)]), { color, dash: "2 3" });
    plot.line("been", been, { color, dash, opacity: 0.5 });
    plot.dots("points", been, { color, r: 3 });
    if (Number.isFinite(next)) {
      plot.line("to the curve", [[next, model(next)], [next, at(next)[0]]], { color: "faint", dash: "2 3", width: 1.2 });
      plot.arrow("step", [x, f], [next, model(next)], { color });
      plot.dots("next", [[next, at(next)[0]]], { color, r: 5 });
    }
    it.tell(told(x, f, slope, curvature, next));
  });

  /** @param {number} x @param {number} f @param {number} slope @param {number} curvature @param {number} next */
  const told = (x, f, slope, curvature, next) => {
    const bend = hess(x);
    const where = `x = ${write(x)}, f″ = ${write(bend)}`.replace(", ", say("，", ", "));
    if (Math.abs(slope) < 1e-9) {
      return bend < 0 ? say(`${where}：坡度为零，停在山顶。`, `${where}. The slope is zero: it rests on a top.`)
        : say(`${where}：坡度为零，停在谷底。`, `${where}. The slope is zero: it rests at a bottom.`);
    }
    if (!Number.isFinite(next)) return say(`${where}：曲率为零，这一步没有定义。`, `${where}. No curvature: the step is not defined.`);
    const shape = state.method === "descent" ? say("模型的曲率总是 1/η = 0.5，这一步朝下", "The model's curvature is always 1/η = 0.5, and the step points downhill")
      : curvature > 0 ? say("模型是谷，这一步朝下", "The model is a valley, and the step points downhill")
        : say("模型是山，走向山顶，这一步朝上", "The model is a hill: the step makes for its top, uphill");
    const rise = at(next)[0] - f;
    const change = rise < 0 ? say(`f 降了 ${write(-rise)}`, `f falls by ${write(-rise)}`) : say(`f 升了 ${write(rise)}`, `f rises by ${write(rise)}`);
    const away = next < LOW || next > HIGH ? say("（图外）", " (outside the picture)") : "";
    return say(`${where}。${shape}。走到 ${write(next)}${away}，${change}。`, `${where}. ${shape}. It leads to ${write(next)}${away}, where ${change}.`);
  };
});
