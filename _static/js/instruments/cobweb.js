// The learning rate: a step as a map, x → x − ηf′(x), and the staircase that it makes, on x² and on x⁴.
// Uses parabola, gradient_descent.

book.instrument("cobweb", (it) => {
  const { say, write } = it;
  const { parabola } = book.gdcore.OBJECTIVES;
  const optimizer = book.gdcore.OPTIMIZERS.gradient_descent;
  /** x⁴, which gdcore has not. @type {Objective["run"]} */
  const quartic = (x, _, out) => { [out[0], out[1], out[2]] = [x * x * x * x, 4 * x * x * x, 0]; };
  const [WIDE, STEPS] = [2.4, 30];
  const state = it.has({
    f: { start: "2", choices: ["2", "4"] },
    eta: { start: 0.2, low: -0.1, high: 1.1, step: 0.01 },
    x: { start: 1.8, low: -2.2, high: 2.2, step: 0.05 },
    k: { start: 0, low: 0, high: STEPS, whole: true },
  });
  const square = () => state.f === "2";
  const objective = () => ({ ...parabola, run: square() ? parabola.run : quartic });
  const out = [0, 0, 0];
  /** f and f′ there. @param {number} x */
  const at = (x) => {
    objective().run(x, 0, out);
    return out;
  };
  /** The map. @param {number} x */
  const next = (x) => x - state.eta * at(x)[1];
  /** Who moves something sees the whole way. @param {Record<string, number>} values */
  const move = (values) => it.set({ k: STEPS, ...values });

  const map = it.plot({
    label: say("横轴是 x，纵轴是走一步之后的 x；一条代表一步的线、对角线，和在两者之间走的阶梯",
      "Across is x, up is x one step later; the line that stands for a step, the diagonal, and a staircase between the two"),
    axes: () => ({ x: [-WIDE, WIDE], y: [-WIDE, WIDE], equal: true, across: "x", up: say("走一步之后的 x", "x one step later"), room: 36 }),
    most: 420,
  });
  const curve = it.plot({
    label: say("同一次下降，画在 f 的曲线上", "The same descent on the curve of f"),
    axes: () => ({ x: [-WIDE, WIDE], y: square() ? [-0.5, 7] : [-1, 14], across: "x", up: "f(x)" }),
    ratio: 1.1,
    most: 230,
  });
  map.box.style.flex = "2 1 20rem";
  curve.box.style.flex = "1 1 12rem";
  // The line is held across from the start, where no η leads it out of the frame.
  const end = () => (state.x < 0 ? 1 : -1) * (square() ? 1.8 : 0.8);
  map.handle({
    at: () => [state.x, state.x],
    drag: (x) => move({ x: Math.round(20 * x) / 20 }),
    key: (x, y, far) => move({ x: state.x + (x || y) * (far ? 0.5 : 0.05) }),
    label: say("起点 x₀", "start x₀"),
    field: "x",
    color: "orange",
    anywhere: true,
  });
  map.handle({
    at: () => [end(), next(end())],
    drag: (_, y) => move({ eta: Math.round((100 * (end() - y)) / at(end())[1]) / 100 }),
    key: (x, y, far) => move({ eta: Number((state.eta + (x || y) * (far ? 0.1 : 0.01)).toPrecision(12)) }),
    label: say("学习率 η，定线的斜度", "learning rate η, which tilts the line"),
    field: "eta",
    hint: true,
  });
  it.choice("f", say("函数", "function"), [["2", "x²"], ["4", "x⁴"]]);
  it.player("k", () => STEPS);
  it.guessed("best-of-ten", (eta) => move({ eta }));

  /** What becomes of it, in honest words. */
  const fate = () => {
    const { x, eta } = state;
    let to = next(x);
    const slower = square() ? "" : say("，越走越慢", ", ever more slowly");
    if (!x) return say("起点就在谷底，不会动", "The start is the bottom, and it stays there");
    if (to === x) return say("一步也不动", "It never moves");
    if (eta < 0) return say("每一步都上坡，越走越远，发散", "Every step goes uphill, and farther: it diverges");
    if (to === 0) return say("一步到达", "It arrives in one step");
    if (to === -x) return say(`在 ${write(x)} 与 ${write(to)} 之间一直跳`, `It bounces between ${write(x)} and ${write(to)} for ever`);
    if (Math.abs(to) > Math.abs(x)) return say("每步越过谷底，越走越远，发散", "Every step crosses the bottom and goes farther: it diverges");
    if (to / x > 0) return say("始终在同一侧，逐渐靠近 0", "It stays on one side and nears 0") + slower;
    if (square()) return say("每步越过谷底，左右振荡，逐渐靠近 0", "Every step crosses the bottom, closer each time: it oscillates and nears 0");
    let crossed = 0;
    for (let from = x; to / from < 0 && crossed < 100; crossed++) [from, to] = [to, next(to)];
    return say(`先越过谷底 ${crossed} 次，然后在同一侧靠近 0`, `It crosses the bottom ${crossed === 1 ? "once" : `${crossed} times`}, then nears 0 from one side`) + slower;
  };

  it.draw(() => {
    const { x, eta, k } = state;
    const run = book.descents.descend({ objective: objective(), optimizer, parameters: [eta], start: [x, 0], steps: STEPS });
    const upTo = Math.min(k, run.last);
    const way = Array.from(run.x.subarray(0, upTo + 1));
    const grid = Array.from({ length: 101 }, (_, i) => (i / 50 - 1) * WIDE);

    for (const side of [-WIDE, WIDE]) map.line(`shrinks ${side}`, [[0, 0], [side, WIDE], [side, -WIDE]], { color: "none", fill: "contour" });
    map.line("stays", [[-WIDE, -WIDE], [WIDE, WIDE]], { color: "faint", width: 1 });
    map.line("mirrors", [[-WIDE, WIDE], [WIDE, -WIDE]], { color: "faint", width: 1, dash: "5 4" });
    map.line("arrives", [[-WIDE, 0], [WIDE, 0]], { color: "faint", width: 1, dash: "1 4" });
    map.text("stays name", [WIDE, WIDE], "→ x", { dy: 12 });
    map.text("mirrors name", [WIDE, -WIDE], "→ −x", { dy: 0 });
    map.text("arrives name", [WIDE, 0], "→ 0", { dy: 4 });
    map.line("map", grid.map((u) => [u, next(u)]), { width: 2 });
    map.text("eta", [end(), next(end())], `η = ${write(eta)}`, { near: true, weight: "600" });
    map.line("web", [[x, x], ...way.slice(1).flatMap((to, i) => [[way[i], to], [to, to]])], { color: "orange", width: 1.4 });
    const border = square() ? Infinity : 1 / Math.sqrt(2 * Math.max(eta, 0));
    map.dots("border", border < WIDE ? [[border, -border], [-border, border]] : [], { r: 3.5 });

    curve.line("curve", grid.map((u) => [u, at(u)[0]]), { color: "slate" });
    const spots = way.map((u, i) => [u, run.f[i]]);
    curve.line("way", spots, { color: "orange", width: 1.2 });
    curve.dots("stops", spots.slice(1), { color: "orange", r: 3 });
    curve.dots("start", [[x, run.f[0]]], { color: "orange", r: 5 });

    const line = square() ? say(`η = ${write(eta)}，线的斜率是 ${write(1 - 2 * eta)}。`, `η = ${write(eta)}: the line has the slope ${write(1 - 2 * eta)}. `)
      : eta > 0 ? say(`η = ${write(eta)}，起点离 0 不到 ${write(border)} 才走得回来。`, `η = ${write(eta)}: it comes home only from a start closer to 0 than ${write(border)}. `)
        : say(`η = ${write(eta)}。`, `η = ${write(eta)}. `);
    const now = k === 0 ? say(`从 x = ${write(x)} 出发，还没有走。`, `The start is x = ${write(x)}; no step yet.`)
      : say(`${fate()}。第 ${upTo} 步，x = ${write(way[upTo])}${k > upTo ? "，再往后大得计算机也写不下" : ""}。`,
        `${fate()}. At step ${upTo}, x = ${write(way[upTo])}${k > upTo ? ", and then too large for a computer" : ""}.`);
    it.tell(line + now);
  });
});
