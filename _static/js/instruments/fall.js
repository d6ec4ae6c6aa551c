// One dimension: a point on a curve, its tangent, and how far a step falls, as the tangent says it and
// as it is. Uses parabola.

book.instrument("fall", (it) => {
  const { say, write } = it;
  const { run } = book.gdcore.OBJECTIVES.parabola;
  const out = [0, 0, 0];
  /** f and f′ there. @param {number} x @returns {[number, number]} */
  const at = (x) => {
    run(x, 0, out);
    return [out[0], out[1]];
  };
  const state = it.has({
    x: { start: 8, low: -11, high: 11 },
    eta: { start: 0.1, low: 0.01, high: 1.2 },
  });
  const plot = it.plot({
    label: say("抛物线 x²，上面有一点、它的切线和走一步之后的点", "The parabola x² with a point on it, its tangent, and the point one step on"),
    axes: () => ({ x: [-12, 12], y: [-10, 130], across: "x", up: "f(x)" }),
  });
  plot.handle({
    at: () => [state.x, at(state.x)[0]],
    drag: (x) => it.set({ x }),
    label: say("x", "x"),
    field: "x",
    color: "orange",
    hint: true,
    anywhere: true,
  });
  it.slider("eta", "η", say("学习率 η", "learning rate η"));
  const curve = Array.from({ length: 121 }, (_, i) => -12 + i / 5).map((x) => [x, at(x)[0]]);

  it.draw(() => {
    const { x, eta } = state;
    const [f, slope] = at(x);
    const next = x - eta * slope;
    const promised = eta * slope * slope;
    const actual = f - at(next)[0];
    plot.line("curve", curve);
    plot.line("tangent", [-12, 12].map((u) => [u, f + slope * (u - x)]), { color: "faint", dash: "5 4", width: 1.2 });
    plot.line("step", [[x, f], [next, f - promised], [next, at(next)[0]]], { color: "orange" });
    plot.dots("next", [[next, at(next)[0]]], { color: "orange", r: 5 });
    plot.dots("foretold", [[next, f - promised]], { color: "faint", r: 4 });
    it.tell(say(
      `x = ${write(x)}，f′(x) = ${write(slope)}。切线说会降 ${write(promised)}，实际降了 ${write(actual)}。`,
      `x = ${write(x)}, f′(x) = ${write(slope)}. The tangent promises a fall of ${write(promised)}; the actual fall is ${write(actual)}.`));
  });
});
