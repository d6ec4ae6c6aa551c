// One dimension: a step from a point on a curve, and two bars: how far it falls as the tangent says, and
// as it is. Uses parabola.

book.instrument("fall", (it) => {
  const { say, write } = it;
  const { run } = book.gdcore.OBJECTIVES.parabola;
  const [LOW, HIGH] = [-110, 150];
  const out = [0, 0, 0];
  /** f and f′ there. @param {number} x @returns {[number, number]} */
  const at = (x) => {
    run(x, 0, out);
    return [out[0], out[1]];
  };
  const state = it.has({
    x: { start: 10, low: -10, high: 10, step: 0.1 },
    eta: { start: 0.2, low: 0.05, high: 1.1, step: 0.01 },
  });
  const landing = () => state.x - state.eta * at(state.x)[1];
  const plot = it.plot({
    label: say("抛物线 x²，上面有一点、它的切线和走一步之后的点；右边两根柱子，是预测的下降量与实际的下降量",
      "The parabola x² with a point, its tangent, and the point one step on; at the right two bars, the predicted fall and the actual one"),
    axes: () => ({ x: [-12.6, 12.6], y: [LOW, HIGH], across: "x", up: "f(x)", room: 124 }),
    ratio: 0.9,
    most: 420,
  });
  plot.handle({
    at: () => [state.x, at(state.x)[0]],
    drag: (x) => it.set({ x: Math.round(10 * x) / 10 }),
    label: say("x，从这里走一步", "x, where the step begins"),
    field: "x",
    color: "ink",
    hint: true,
    anywhere: true,
  });
  plot.handle({
    at: () => [landing(), at(landing())[0]],
    drag: (x) => {
      const slope = at(state.x)[1];
      if (slope) it.set({ eta: Math.round((100 * (state.x - x)) / slope) / 100 });
    },
    label: say("学习率 η，定这一步走到哪里", "learning rate η, which says where the step ends"),
    field: "eta",
    color: "orange",
  });
  it.guessed("no-lower", (eta) => it.set({ eta }));
  const curve = Array.from({ length: 127 }, (_, i) => -12.6 + i / 5).map((x) => [x, at(x)[0]]);

  /** A bar beside the plot, from a height to a height; open at the end, if that is outside. */
  const bar = (/** @type {string} */ name, /** @type {number} */ middle, /** @type {number} */ from,
    /** @type {number} */ to, /** @type {string} */ color) => {
    const across = (/** @type {number} */ pixels) => plot.back(plot.size().right + pixels, 0)[0];
    const end = Math.max(to, LOW);
    const [left, right] = [across(middle - 14), across(middle + 14)];
    const sides = [[left, end], [left, from], [right, from], [right, end]];
    plot.line(name, to < LOW ? sides : [...sides, [left, end]], { color, fill: color, free: true });
    if (to < LOW) plot.arrow(`${name} on`, [across(middle), LOW + 24], [across(middle), LOW], { color, free: true });
    plot.text(`${name} name`, [across(middle), HIGH], name, { anchor: "middle", dx: 0, dy: -8 });
    const below = Math.max(Math.min(from, to), LOW);
    plot.text(`${name} size`, [across(middle), below], `${to > from ? "↑" : "↓"} ${write(Math.abs(from - to))}`, { anchor: "middle", dx: 0, dy: 17, weight: "600" });
  };

  it.draw(() => {
    const { x, eta } = state;
    const [f, slope] = at(x);
    const next = landing();
    const promised = eta * slope * slope;
    const actual = f - at(next)[0];
    plot.line("curve", curve, { color: "slate" });
    plot.line("tangent", [-13, 13].map((u) => [u, f + slope * (u - x)]), { color: "faint", dash: "5 4", width: 1.2 });
    plot.line("level", [[Math.min(x, next), f], [plot.back(plot.size().right + 120, 0)[0], f]], { color: "faint", dash: "1 4", free: true });
    plot.line("step", [[x, f], [next, f - promised]], { color: "faint", width: 2.4 });
    plot.line("gap", [[next, f - promised], [next, at(next)[0]]], { color: "orange", width: 2.4 });
    plot.dots("foretold", [[next, f - promised]], { color: "faint", r: 4 });
    plot.text("rate", [0, HIGH], `η = ${write(eta)}`, { anchor: "middle", dx: 0, dy: 20, weight: "600", color: "orange" }); // where nothing else goes
    bar(say("切线预测", "predicted"), 34, f, f - promised, "faint");
    bar(say("实际", "actual"), 94, f, f - actual, "orange");

    const way = say(`η = ${write(eta)}，从 x = ${write(x)} 走到 ${write(next)}。`, `η = ${write(eta)}: the step leads from x = ${write(x)} to ${write(next)}. `);
    const foretold = say(`切线预测降 ${write(promised)}，`, `The tangent predicts a fall of ${write(promised)}; `);
    if (!slope) it.tell(say("x = 0 处是平的，η 再大也不动。", "At x = 0 the ground is level, and no η makes it move."));
    else if (actual > 0) {
      const share = write((100 * actual) / promised, 3);
      it.tell(way + foretold + say(`实际降了 ${write(actual)}，是预测的 ${share}%。`, `the actual fall is ${write(actual)}, ${share}% of that.`));
    } else if (actual < 0) it.tell(way + foretold + say(`实际却升了 ${write(-actual)}。`, `in fact f rises by ${write(-actual)}.`));
    else it.tell(way + foretold + say("实际一点也没有降，对面一样高。", "in fact f does not fall at all: the other side is as high."));
  });
});
