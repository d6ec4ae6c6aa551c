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
    at: () => [state.x, at(state.x)[0]],
    drag: (x) => it.set({ x, k: 0 }),
    key: (x, y, far) => it.set({ x: state.x + (x || y) * (far ? 1 : 0.1), k: 0 }),
    label: say("x，起点", "x, the start"),
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
    plot.dots("here", [[x, f]], { color, r: 5 });
    if (Number.isFinite(next)) {
      plot.line("to the curve", [[next, model(next)], [next, at(next)[0]]], { color: "faint", dash: "2 3", width: 1.2 });
      plot.arrow("step", [x, f], [next, model(next)], { color });
      plot.dots("next", [[next, at(next)[0]]], { color, r: 5 });
    }
    // Who leaves the picture leaves a word at its edge.
    const ends = [x, next].filter(Number.isFinite);
    const [left, right] = [ends.find((u) => u < LOW), ends.find((u) => u > HIGH)];
    if (left !== undefined) plot.text("left", [LOW, 30], `← x = ${write(left)}`, { color, dy: 18, weight: "600" });
    if (right !== undefined) plot.text("right", [HIGH, 30], `x = ${write(right)} →`, { color, anchor: "end", dx: -6, dy: 18, weight: "600" });
    it.tell(told(x, f, slope, curvature, next, model(next) - f));
  });

  /** @param {number} x */
  const outside = (x) => x < LOW || x > HIGH;
  /** @param {number} x */
  const named = (x) => write(x) + (outside(x) ? say("（图外）", " (outside the picture)") : "");
  /** By how much something changes. @param {number} by */
  const change = (by) => (by < 0 ? say(`降 ${write(-by)}`, `fall by ${write(-by)}`) : say(`升 ${write(by)}`, `rise by ${write(by)}`));

  /** @param {number} x @param {number} f @param {number} slope @param {number} curvature @param {number} next @param {number} promised */
  const told = (x, f, slope, curvature, next, promised) => {
    const bend = hess(x);
    const where = `x = ${named(x)}, f″ = ${write(bend)}`.replace(", ", say("，", ", "));
    if (Math.abs(slope) < 1e-6) { // f changes in its last digits at most
      return bend < 0 ? say(`${where}：坡度为零，停在山顶。`, `${where}. The slope is zero: it rests on a top.`)
        : say(`${where}：坡度为零，停在谷底。`, `${where}. The slope is zero: it rests at a bottom.`);
    }
    if (!Number.isFinite(next)) return say(`${where}：曲率为零，这一步没有定义。`, `${where}. No curvature: the step is not defined.`);
    const [shape, end] = curvature > 0 ? [say("谷", "valley"), say("谷底", "bottom")] : [say("山", "hill"), say("山顶", "top")];
    const always = state.method === "descent" ? say("，曲率总是 1/η = 0.5", " whose curvature is always 1/η = 0.5") : "";
    const far = state.method === "half" ? say(`朝${end}走一半，到`, `goes half the way to its ${end}, to`) : say(`走到${end}`, `goes to its ${end},`);
    const rise = at(next)[0] - f;
    return say(`${where}。模型是${shape}${always}，这一步${far} ${named(next)}。照模型，f 会${change(promised)}；真走过去，${change(rise)}。`,
      `${where}. The model is a ${shape}${always}; the step ${far} ${named(next)}. The model lets f ${change(promised)}; in fact f will ${change(rise)}.`);
  };
});
