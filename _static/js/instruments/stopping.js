// Stopping: one tolerance across four quantities of one descent, each of which is below it at a step of
// its own. Uses parabola, gradient_descent.

book.instrument("stopping", (it) => {
  const { say, write } = it;
  const objective = book.gdcore.OBJECTIVES.parabola;
  const optimizer = book.gdcore.OPTIMIZERS.gradient_descent;
  const [START, STEPS, SEEN, HELD, FLOOR] = [1.8, 6000, 50, 20, 1e-5];
  const state = it.has({
    tol: { start: 0.01, low: 1e-4, high: 1, log: true },
    eta: { start: 0.1, low: 0.001, high: 0.25, log: true },
  });
  /** @type {[string, string, number, number][]} name, color, on which side it is written, and how low at the edge */
  const LOOKS = [["|f′|", "blue", 1, -3], ["|Δx|", "orange", -1, 14], ["f", "ink", 1, 10], ["|Δf|", "slate", -1, -3]];
  /** @type {{ eta: number, values: Float64Array[], x: Float64Array }} */
  let known = { eta: NaN, values: [], x: new Float64Array(0) };
  /** The four at each step, the changes from the first on. */
  const descent = () => {
    if (known.eta === state.eta) return known;
    const { x, f, gx } = book.descents.descend({ objective, optimizer, parameters: [state.eta], start: [START, 0], steps: STEPS });
    const change = (/** @type {Float64Array} */ of) => of.map((v, k) => (k ? Math.abs(v - of[k - 1]) : NaN));
    return (known = { eta: state.eta, values: [gx.map(Math.abs), change(x), f, change(f)], x });
  };

  const plot = it.plot({
    label: say("四个量随步数下降，纵轴是对数刻度；一条水平的容差线横穿过去", "Four quantities falling with the steps, on a logarithmic scale, and a level line of the tolerance across them"),
    axes: () => ({ x: [0, SEEN], y: [FLOOR, 10], logY: true, across: say("步数 k", "step k"), room: 44 }),
    ratio: 0.9,
    most: 420,
  });
  plot.handle({
    at: () => [SEEN - 6, state.tol],
    drag: (_, y) => it.set({ tol: Number(y.toPrecision(2)) }),
    label: say("容差", "tolerance"),
    field: "tol",
    hint: true,
    anywhere: true,
  });
  plot.handle({
    at: () => [HELD, descent().values[0][HELD]],
    drag: (_, y) => {
      const left = (y / descent().values[0][0]) ** (1 / HELD); // of the slope, after a step
      it.set({ eta: Number(((1 - left) / 2).toPrecision(2)) });
    },
    label: say("学习率 η，定几条线的斜度", "learning rate η, which tilts the lines"),
    field: "eta",
    color: "blue",
  });

  it.draw(() => {
    const { tol, eta } = state;
    const { values, x } = descent();
    plot.line("tolerance", [[0, tol], [SEEN, tol]], { width: 1.2 });
    plot.text("tolerance name", [0, tol], say(`容差 ${write(tol)}`, `tolerance ${write(tol)}`), { dy: tol < 30 * FLOOR ? -6 : 16 });
    plot.text("eta", [HELD, values[0][HELD]], `η = ${write(eta)}`, { dx: 12, dy: -12, color: "blue" });
    const stops = values.map((row, i) => {
      const [name, color, side, low] = LOOKS[i];
      const points = Array.from(row.subarray(0, SEEN + 1), (v, k) => [k, v]).filter(([, v]) => !Number.isNaN(v));
      plot.line(name, points, { color });
      plot.dots(`${name} dots`, points, { color, r: 1.8 });
      const last = points.filter(([, v]) => v > 3 * FLOOR).at(-1) ?? points[0];
      plot.text(`${name} name`, last, name, { color, anchor: side < 0 ? "end" : "start", dx: 7 * side, dy: last[0] === SEEN ? low : side < 0 ? 12 : -3 });
      const first = row.findIndex((v) => v < tol);
      if (first >= 0 && first <= SEEN) {
        plot.line(`${name} stop`, [[first, tol], [first, FLOOR]], { color, width: 1, dash: "2 3" });
        plot.dots(`${name} first`, [[first, row[first]]], { color, r: 5 });
      }
      return first;
    });
    const [earliest, latest] = [Math.min(...stops), Math.max(...stops)];
    it.tell(say(`容差 ${write(tol)}，η = ${write(eta)}。|f′| 在第 ${stops[0]} 步停，|Δx| 在第 ${stops[1]} 步，f 在第 ${stops[2]} 步，|Δf| 在第 ${stops[3]} 步。`,
      `Tolerance ${write(tol)}, η = ${write(eta)}. |f′| stops at step ${stops[0]}, |Δx| at ${stops[1]}, f at ${stops[2]}, |Δf| at ${stops[3]}. `) +
      say(`最早停的，离最小值点的距离是最晚停的 ${write(x[earliest] / x[latest], 3)} 倍。`,
        `The first to stop is ${write(x[earliest] / x[latest], 3)} times as far from the minimizer as the last.`));
  });
});
