// Guarantees: two parabolas that touch a curve, one above it and one below; what a step of 1/L gains at
// least, and what is left to gain at most. Uses catenary, gradient_descent.

book.instrument("parabolas", (it) => {
  const { say, write } = it;
  const { OBJECTIVES: { catenary }, OPTIMIZERS: { gradient_descent } } = book.gdcore;
  const L = it.values.cat_L; // on this interval, as the chapter computes it
  const mu = catenary.curvatures[0]?.[0] ?? 0; // at the bottom, where it is least
  const STEPS = 10;
  const state = it.has({
    x: { start: 2.5, low: -4, high: 4, step: 0.05 },
    k: { start: 0, low: 0, high: STEPS, whole: true },
  });
  const plot = it.plot({
    label: say("曲线 cosh(x/2)，上下各有一条抛物线与它相切", "the curve cosh(x/2), touched by a parabola above it and one below"),
    axes: () => ({ x: [-4, 4], y: [-3, 4.2], across: "x", up: "f(x)" }),
    ratio: 0.7,
  });
  /** @type {Run} */
  let run;
  const descended = () => {
    run = book.descents.descend({ objective: catenary, optimizer: gradient_descent, parameters: [1 / L],
      start: [state.x, 0], steps: STEPS });
    return run;
  };
  const here = () => run.x[state.k];
  plot.handle({
    at: () => [here(), run.f[state.k]],
    drag: (x) => it.set({ x, k: 0 }),
    key: (x, y, far) => it.set({ x: here() + (x || y) * (far ? 0.5 : 0.05), k: 0 }),
    value: () => write(here()),
    label: say("相切处 x", "where they touch, x"),
    field: "x",
    hint: true,
    anywhere: true,
  });
  it.player("k", () => STEPS);
  const grid = Array.from({ length: 161 }, (_, i) => -4 + i / 20);
  const out = [0, 0, 0];
  const curve = grid.map((x) => {
    catenary.run(x, 0, out);
    return [x, out[0]];
  });

  it.draw(() => {
    const { x: xs, f: fs, gx } = descended();
    const [x, f, slope] = [here(), fs[state.k], gx[state.k]];
    /** The lowest point of the parabola of this curvature. @param {number} curvature */
    const lowest = (curvature) => [x - slope / curvature, f - slope * slope / (2 * curvature)];
    /** @param {number} curvature */
    const touching = (curvature) => grid.map((u) => [u, f + slope * (u - x) + (curvature / 2) * (u - x) ** 2]);
    const [[next, promised], [far, floor]] = [lowest(L), lowest(mu)];
    catenary.run(next, 0, out);
    plot.line("never", [[-4, floor], [4, floor], [4, -3], [-4, -3]], { color: "none", fill: "blue", opacity: 0.5 });
    plot.line("curve", curve, { color: "slate" });
    plot.line("above", touching(L), { color: "orange", dash: "5 4" });
    plot.line("below", touching(mu), { color: "blue", dash: "5 4" });
    plot.line("level", [[x, f], [next, f]], { color: "faint", width: 1, dash: "2 3" });
    plot.line("gain", [[next, f], [next, promised]], { color: "orange", width: 3 });
    plot.line("more", [[next, promised], [next, out[0]]], { color: "slate", width: 1.2 });
    plot.line("floor", [[-4, floor], [4, floor]], { color: "blue", width: 1, dash: "2 3" });
    plot.dots("been", [...xs.subarray(0, state.k)].map((u, j) => [u, fs[j]]), { color: "orange", r: 3, opacity: 0.6 });
    plot.dots("next", [[next, promised]], { color: "orange", r: 5 });
    plot.dots("far", [[far, floor]], { color: "blue", r: 5 });
    const [outer, inner] = slope < 0 ? ["start", "end"] : ["end", "start"];
    plot.text("above name", [next, promised], `L = ${write(L)}`, { color: "orange", anchor: outer, dx: slope < 0 ? 9 : -9, dy: 14 });
    plot.text("below name", [far, floor], `μ = ${write(mu)}`, { color: "blue", anchor: inner, dx: slope < 0 ? -4 : 4, dy: floor < -2 ? -10 : 18 });
    const [least, gained] = [f - promised, f - out[0]].map((v) => write(v));
    const [most, left] = [f - floor, f - catenary.minimum].map((v) => write(v));
    it.tell(say(
      `x = ${write(x)}。橙：η = 1/L 的一步至少降 ${least}，实际降 ${gained}。蓝：到最低处至多还有 ${most}，实际还有 ${left}。`,
      `x = ${write(x)}. Orange: a step with η = 1/L gains at least ${least}; it gains ${gained}. Blue: at most ${most} is left to the bottom; it is ${left}.`));
  });
});
