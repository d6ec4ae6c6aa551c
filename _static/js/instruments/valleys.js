// Four valleys: one η for four walkers, each of whom starts beside a minimizer. Which valleys hold by
// theory, η < 2/L, and what becomes of the walkers. Uses himmelblau, gradient_descent, outcomes, ground.

book.instrument("valleys", (it) => {
  const { say, write } = it;
  const objective = book.gdcore.OBJECTIVES.himmelblau;
  const { minimizers } = objective;
  const colors = book.gdcore.BASIN_COLORS;
  const limits = minimizers.map((_, i) => book.outcomes.limitOf(objective, i) ?? 0);
  const [LOW, HIGH, ROWS] = [0.008, 0.03, 4];
  const [STEPS, TOL, BESIDE] = [5000, 0.01, 0.01];
  const state = it.has({ eta: { start: 0.01, low: LOW, high: HIGH, step: 1e-4 } });
  const name = (/** @type {number} */ i) => book.numbers.writePoint(minimizers[i]);

  /** What becomes of the walker beside a minimizer: in words, whether at home, and its last points. @param {number} i @param {number} eta */
  const walk = (i, eta) => {
    const run = book.descents.descend({ objective, optimizer: book.gdcore.OPTIMIZERS.gradient_descent, parameters: [eta],
      start: minimizers[i].map((c) => c + BESIDE), steps: STEPS, tol: TOL });
    const { x, y, last, status } = run;
    const trail = (/** @type {number} */ many) => Array.from({ length: Math.min(many, last + 1) }, (_, k) => [x[last - k], y[last - k]]);
    const ends = (/** @type {string} */ words, many = 0, home = false) => ({ words, home, trail: trail(many), joined: many < 300 });
    if (status === "diverged") return ends(say(`第 ${last + 1} 步发散了`, `diverges at step ${last + 1}`));
    if (status === "converged") {
      const end = book.outcomes.minimizerAt(objective, x[last], y[last], TOL);
      if (end === i) return ends(say("回到谷底", "returns"), 1, true);
      return ends(end < 0 ? say("停在别处", "stops elsewhere") : say(`到了 ${name(end)}`, `reaches ${name(end)}`), 200);
    }
    const period = Array.from({ length: 32 }, (_, p) => p + 1).find((p) =>
      Math.abs(x[last] - x[last - p]) + Math.abs(y[last] - y[last - p]) < 1e-10);
    if (period) return ends(say(`在 ${period} 个点之间跳`, `jumps ${period === 2 ? "between" : "among"} ${period} points`), period + 1);
    return ends(say("没有停下来", "has not settled"), 600);
  };

  const plane = it.plot({
    label: say("Himmelblau 函数的四个谷和四个人", "The four valleys of Himmelblau's function, and four walkers"),
    axes: () => ({ x: [-5.5, 5.5], y: [-5.5, 5.5], equal: true, across: "x₁", up: "x₂" }),
    share: 0.58,
  });
  const strip = it.plot({
    label: say("学习率，以及四个谷的界限", "The learning rate, and the limits of the four valleys"),
    axes: () => ({ x: [LOW, HIGH], y: [0, ROWS + 1], ticksX: [0.01, 0.02, 0.03], ticksY: [], across: "η" }),
    ratio: 1.4,
    most: 340,
    share: 0.42,
  });
  strip.handle({
    at: () => [state.eta, ROWS + 0.55],
    drag: (eta) => it.set({ eta }),
    label: say("学习率 η", "learning rate η"),
    field: "eta",
    hint: true,
    anywhere: true,
  });

  // What was seen at the rates tried so far, at most one of them in each pixel or two.
  /** @type {Map<number, { eta: number, home: boolean[] }>} */
  const tried = new Map();
  let walked = NaN;
  it.whenReset(() => { tried.clear(); walked = NaN; });
  /** @type {ReturnType<typeof walk>[]} */
  let walkers = [];

  it.draw(() => {
    const { eta } = state;
    if (eta !== walked) {
      walkers = minimizers.map((_, i) => walk(i, eta));
      walked = eta;
      tried.set(Math.round(eta * 5000), { eta, home: walkers.map(({ home }) => home) });
    }
    plane.terrain("himmelblau", (x, y) => {
      const out = [0, 0, 0];
      objective.run(x, y, out);
      return out[0];
    });
    walkers.forEach(({ words, trail, joined }, i) => {
      const color = colors[i];
      const [[x], holds] = [minimizers[i], eta < limits[i]];
      if (joined) plane.line(`way ${i}`, trail, { color });
      plane.dots(`trail ${i}`, trail, { color, r: joined ? 3.5 : 1.4 });
      plane.text(`minimizer ${i}`, minimizers[i], holds ? "★" : "☆", { anchor: "middle", dx: 0, dy: 5, color: holds ? color : "ink" });
      plane.text(`valley ${i}`, minimizers[i], name(i), { anchor: x > 0 ? "end" : "start", dx: x > 0 ? 8 : -8, dy: -12, color: holds ? "ink" : "faint" });
      const row = ROWS - i - 0.5;
      const looks = { color, width: 4, opacity: holds ? 1 : 0.4 };
      strip.line(`holds ${i}`, [[LOW, row], [limits[i], row]], looks);
      strip.line(`limit ${i}`, [[limits[i], row + 0.15], [limits[i], row - 0.15]], looks);
      strip.line(`eta ${i}`, [[eta, row + 0.14], [eta, row - 0.14]], { width: 1.2 });
      strip.text(`name ${i}`, [LOW, row], `${holds ? "★" : "☆"} ${name(i)}`, { dy: -14 });
      strip.text(`words ${i}`, [LOW, row], words, { dy: 23, weight: holds ? "400" : "600" });
      for (const at of [true, false]) {
        const seen = [...tried.values()].filter(({ home }) => home[i] === at).map((one) => [one.eta, row]);
        strip.dots(`tried ${i} ${at}`, seen, at ? { r: 4 } : { color: "faint", r: 1.8 });
      }
    });

    const holding = limits.filter((limit) => eta < limit).length;
    const home = walkers.filter((one) => one.home).length;
    const lost = walkers.flatMap(({ words, home: at }, i) => (at ? [] : [say(`${name(i)} 旁边的人${words}`, `the one beside ${name(i)} ${words}`)]));
    it.tell(say(
      `η = ${write(eta)} 时，2/L 还大于 η 的谷有 ${holding} 个。走 5000 步，回到自己谷底的有 ${home} 人${lost.length ? `；${lost.join("，")}` : ""}。`,
      `Valleys whose 2/L is above η = ${write(eta)}: ${holding}. Walkers back at their bottoms after 5000 steps: ${home}${lost.length ? `; ${lost.join(", ")}` : ""}.`));
  });
});
