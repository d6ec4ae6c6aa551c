// Changing the ruler: a valley that is turned with its start, and how low 20 steps of each method get in
// it at the best of 61 rates. Uses valley, gradient_descent, momentum, adagrad, rmsprop, adam, bowl.

book.instrument("ruler", (it) => {
  const { say, write } = it;
  const { OBJECTIVES: { valley }, OPTIMIZERS, METHOD_LOOKS } = book.gdcore;
  const [START, STEPS, FULL] = [[-5, -2], 20, 90];
  const RATES = Array.from({ length: 61 }, (_, i) => 10 ** (-2 + i / 20));
  const NAMES = { gradient_descent: say("梯度下降", "gradient descent"), momentum: say("动量法", "momentum"), adagrad: "AdaGrad", rmsprop: "RMSProp", adam: "Adam" };
  const state = it.has({ angle: { start: 0, low: 0, high: FULL, whole: true } });

  /** The valley turned by an angle, and its start. @param {number} angle in degrees */
  const turned = (angle) => {
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    /** @param {number[]} point */
    const turn = ([u, v]) => [cos * u - sin * v, sin * u + cos * v];
    /** @param {number} x @param {number} y @param {Numbers} out */
    const run = (x, y, out) => {
      valley.run(cos * x + sin * y, cos * y - sin * x, out);
      [out[1], out[2]] = turn([out[1], out[2]]);
    };
    return { objective: { ...valley, run }, start: turn(START), turn };
  };
  /** The lowest that a method gets in so many steps: where it goes, and its rate. @param {string} method @param {number} angle */
  const best = (method, angle) => {
    const { objective, start } = turned(angle);
    const optimizer = OPTIMIZERS[method];
    const [, ...others] = Object.values(optimizer.parameters);
    const found = RATES.map((rate) => {
      const path = book.descents.descend({ objective, optimizer, parameters: [rate, ...others], start, steps: STEPS });
      return { method, rate, path, f: path.last === STEPS ? path.f[STEPS] : Infinity };
    });
    return found.reduce((low, one) => (one.f < low.f ? one : low));
  };
  /** All methods at an angle, each worked out once. @type {Map<number, ReturnType<typeof best>[]>} */
  const known = new Map();
  const at = (/** @type {number} */ angle) => {
    const found = known.get(angle) ?? Object.keys(NAMES).map((method) => best(method, angle));
    known.set(angle, found);
    return found;
  };

  const plane = it.plot({
    label: say("转过一个角度的谷，和各种方法最好的路", "The turned valley, and the best path of each method"),
    axes: () => ({ x: [-6, 6], y: [-6, 6], equal: true, across: "x₁", up: "x₂" }),
    share: 0.47,
  });
  const chart = it.plot({
    label: say("各种方法把 f 降到多低，随角度变化", "How low each method brings f, against the angle"),
    axes: () => ({ x: [0, 158], y: [1e-26, 100], logY: true, ticksX: [0, 30, 60, 90], across: "θ (°)", up: "f" }),
    ratio: 1.1,
    most: 320,
    share: 0.53,
  });
  const handle = { label: say("角度 θ", "angle θ"), field: "angle", value: () => `${state.angle}°` };
  plane.handle({ ...handle, at: () => turned(state.angle).turn([-5.4, 0]), drag: (x, y) => it.set({ angle: (Math.atan2(-y, -x) * 180) / Math.PI }), hint: true });
  chart.handle({ ...handle, at: () => [state.angle, 1e-25], drag: (angle) => it.set({ angle }), anywhere: true });
  it.guessed("turned-valley", (angle) => it.set({ angle }));

  /** The angles turned through so far. @type {Set<number>} */
  const seen = new Set();
  let was = NaN;
  it.whenReset(() => { seen.clear(); was = NaN; });
  it.draw(() => {
    const { angle } = state;
    const way = Math.sign(angle - was) || 1;
    for (let a = was; a !== angle && Math.abs(angle - was) <= 30; a += way) seen.add(a);
    seen.add(angle);
    was = angle;
    const now = at(angle);
    const missing = [...seen].filter((a) => !known.has(a));
    if (missing.length) it.slices((function* () { for (const a of missing) yield at(a); })(), (done) => done && it.refresh());

    const { turn } = turned(angle);
    plane.bowl(angle, valley.curvatures[0] ?? []);
    plane.line("floor", [turn([-9, 0]), turn([9, 0])], { color: "faint", dash: "5 4", width: 1.2 });
    chart.line("now", [[angle, 1e-26], [angle, 100]], { color: "faint", width: 1.2 });
    chart.line("end", [[FULL, 1e-26], [FULL, 100]], { color: "faint", width: 0.6 });
    let above = -Infinity;
    for (const { method, path, f } of [...now].sort((a, b) => b.f - a.f)) {
      const [color] = METHOD_LOOKS[method];
      const points = Array.from({ length: path.last + 1 }, (_, k) => [path.x[k], path.y[k]]);
      plane.line(`path ${method}`, points, { color });
      plane.dots(`iterates ${method}`, points, { color });
      chart.dots(`seen ${method}`, [...seen].filter((a) => known.has(a)).map((a) => [a, at(a).find((one) => one.method === method)?.f ?? 0]), { color, r: 2 });
      chart.dots(`now ${method}`, [[angle, f]], { color, r: 4 });
      above = Math.max(chart.place(0, f)[1], above + 15);
      chart.text(`name ${method}`, [FULL, chart.back(0, above)[1]], NAMES[/** @type {keyof typeof NAMES} */ (method)], { color, dy: 4 }).classList.add("letters");
    }
    plane.text("minimizer", [0, 0], "★", { anchor: "middle", dx: 0, dy: 5 });
    const each = [...now].sort((a, b) => a.f - b.f).map(({ method, f, rate }) => say(
      `${NAMES[/** @type {keyof typeof NAMES} */ (method)]} ${write(f, 3)}（η = ${write(rate, 3)}）`,
      `${NAMES[/** @type {keyof typeof NAMES} */ (method)]} ${write(f, 3)} (η = ${write(rate, 3)})`));
    it.tell(say(`θ = ${angle}°，各用 61 个 η 里最好的走 20 步，f 从低到高：${each.join("，")}。`,
      `θ = ${angle}°. The value f after 20 steps, each at the best of 61 η, from the lowest: ${each.join(", ")}.`));
  });
});
