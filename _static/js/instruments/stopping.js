// Stopping: one tolerance across four quantities of one descent, each of which is below it at a step of
// its own; and which of the four stops first, at other tolerances, too. Uses parabola, gradient_descent.

book.instrument("stopping", (it) => {
  const { say, write } = it;
  const objective = book.gdcore.OBJECTIVES.parabola;
  const optimizer = book.gdcore.OPTIMIZERS.gradient_descent;
  const [START, STEPS, SEEN, FLOOR] = [1.8, 6000, 50, 1e-5];
  const TOLERANCES = [-4, -3, -2, -1].flatMap((e) => [1, 1.3, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8].map((m) => Number(`${m}e${e}`))).concat(1);
  const state = it.has({
    tol: { start: 0.01, low: 1e-4, high: 1, log: true },
    eta: { start: 0.1, low: 0.001, high: 0.25, log: true },
  });
  /** @type {[string, string, number, number][]} name, color, on which side it is written, and how low at the edge */
  const LOOKS = [["|f′|", "blue", 1, -3], ["|Δx|", "orange", -1, 14], ["f", "ink", 1, 10], ["|Δf|", "slate", -1, -3]];
  /** At which step each of the four is below a tolerance for the first time. @param {Float64Array[]} values @param {number} tol */
  const stopsAt = (values, tol) => values.map((row) => row.findIndex((v) => v < tol));
  /** Which of the four stop first. @param {number[]} stops */
  const first = (stops) => LOOKS.flatMap(([name], i) => (stops[i] === Math.min(...stops) ? [name] : []));
  /** @type {{ eta: number, values: Float64Array[], x: Float64Array, firsts: string[][] }} */
  let known = { eta: NaN, values: [], x: new Float64Array(0), firsts: [] };
  /** The four at each step, the changes from the first on; and which are first at each of the tolerances. */
  const descent = () => {
    if (known.eta === state.eta) return known;
    const { x, f, gx } = book.descents.descend({ objective, optimizer, parameters: [state.eta], start: [START, 0], steps: STEPS });
    const change = (/** @type {Float64Array} */ of) => of.map((v, k) => (k ? Math.abs(v - of[k - 1]) : NaN));
    const values = [gx.map(Math.abs), change(x), f, change(f)];
    return (known = { eta: state.eta, values, x, firsts: TOLERANCES.map((tol) => first(stopsAt(values, tol))) });
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
  it.slider("eta", "η", say("学习率 η", "learning rate η"), (value) => write(value));

  it.draw(() => {
    const { tol, eta } = state;
    const { values, x, firsts } = descent();
    const stops = stopsAt(values, tol);
    plot.line("tolerance", [[0, tol], [SEEN, tol]], { width: 1.2 });
    plot.text("tolerance name", [0, tol], say(`容差 ${write(tol)}`, `tolerance ${write(tol)}`), { dy: tol < 30 * FLOOR ? -6 : 16 });
    values.forEach((row, i) => {
      const [name, color, side, low] = LOOKS[i];
      const points = Array.from(row.subarray(0, SEEN + 1), (v, k) => [k, v]).filter(([, v]) => !Number.isNaN(v));
      plot.line(name, points, { color });
      plot.dots(`${name} dots`, points, { color, r: 1.8 });
      const last = points.filter(([, v]) => v > 3 * FLOOR).at(-1) ?? points[0];
      plot.text(`${name} name`, last, name, { color, anchor: side < 0 ? "end" : "start", dx: 7 * side, dy: last[0] === SEEN ? low : side < 0 ? 12 : -3 });
      const stop = stops[i];
      if (stop > SEEN) return;
      plot.line(`${name} stop`, [[stop, tol], [stop, FLOOR]], { color, width: 1, dash: "2 3" });
      plot.dots(`${name} first`, [[stop, row[stop]]], { color, r: 5 });
    });
    const [earliest, latest, now] = [Math.min(...stops), Math.max(...stops), first(stops)];
    const far = (/** @type {number} */ i) => Math.abs(Math.log(TOLERANCES[i] / tol)); // the nearest tolerance with another first is told
    const [other] = [...TOLERANCES.keys()].filter((i) => now.some((name) => !firsts[i].includes(name))).sort((i, j) => far(i) - far(j));
    it.tell(say(`容差 ${write(tol)}，η = ${write(eta)}。|f′| 在第 ${stops[0]} 步停，|Δx| 在第 ${stops[1]} 步，f 在第 ${stops[2]} 步，|Δf| 在第 ${stops[3]} 步。`,
      `Tolerance ${write(tol)}, η = ${write(eta)}. |f′| stops at step ${stops[0]}, |Δx| at ${stops[1]}, f at ${stops[2]}, |Δf| at ${stops[3]}. `) +
      say(`最早停的是 ${now.join(" 和 ")}，离最小值点的距离是最晚停的 ${write(x[earliest] / x[latest], 3)} 倍`,
        `The first to stop: ${now.join(" and ")}, ${write(x[earliest] / x[latest], 3)} times as far from the minimizer as the last`) +
      (other === undefined ? say("。", ".") : say(`；容差换成 ${write(TOLERANCES[other])}，最早停的是 ${firsts[other].join(" 和 ")}。`,
        `; at a tolerance of ${write(TOLERANCES[other])}: ${firsts[other].join(" and ")}.`)));
  });
});
