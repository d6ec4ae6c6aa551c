// A race with a finish line to drag: seven methods on all functions of two variables, each at the best of the
// same rates, as the chapter runs it; the map can be turned, noise added, other starts taken.
// Uses sphere, ellipse, valley, booth, matyas, zakharov, rosenbrock, beale, three_hump_camel, six_hump_camel,
// himmelblau, styblinski_tang, bohachevsky, griewank, rastrigin, ackley, easom, gradient_descent, momentum,
// nesterov, adagrad, rmsprop, adadelta, adam.

book.race = (() => {
  /** @type {Record<string, string>} */
  const NAMES = { gradient_descent: "GD", momentum: "Momentum", nesterov: "Nesterov", adagrad: "AdaGrad", rmsprop: "RMSProp", adadelta: "Adadelta", adam: "Adam" };
  const LADDER = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300]; // where there can be a finish
  const TRAIN = 20; // starts to tune from, and others to race from
  const FRESH = 60;

  /** Starts that fill a box evenly: multiples of two irrational numbers, moved on by the seed. @param {Interval[]} domain @param {number} seed */
  const starts = (domain, seed) => Array.from({ length: TRAIN + FRESH }, (_, i) => domain.map(([low, high], c) =>
    low + (high - low) * ((0.5 + i * [0.7548776662466927, 0.5698402909980532][c] + seed * [0.6180339887498949, 0.41421356237309515][c]) % 1)));

  /**
   * One race on all courses, little by little: yields while it works, and returns for each method its mean
   * score at each finish up to the last; `told` hears how many courses are done.
   * @param {{ courses: Record<string, Interval[]>, rates: number[], degrees: number, sigma: number, seed: number, last: number, told?: (done: number) => void }} rules
   */
  function* race({ courses, rates, degrees, sigma, seed, last, told }) {
    const methods = Object.keys(NAMES).map((name) => book.gdcore.OPTIMIZERS[name]);
    const finishes = LADDER.filter((k) => k <= last);
    const scores = methods.map(() => finishes.map(() => 0));
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const [out, move] = [new Float64Array(3), new Float64Array(2)];
    const noises = Array.from({ length: sigma ? TRAIN + FRESH : 0 }, (_, i) => { // the same for all methods and rates
      const noise = book.descents.noiseOf(1000 * seed + i, 1);
      return Array.from({ length: last }, () => {
        out.fill(0);
        noise(out);
        return [out[1], out[2]];
      });
    });
    let done = 0;
    for (const [name, domain] of Object.entries(courses)) {
      const { run, minimum } = book.gdcore.OBJECTIVES[name];
      const from = starts(domain, seed);
      const steep = from.slice(0, TRAIN).map(([x, y]) => (run(x, y, out), Math.hypot(out[1], out[2]))).sort((a, b) => a - b);
      const scale = (sigma * (steep[TRAIN / 2 - 1] + steep[TRAIN / 2])) / 2; // the median
      /** f and its gradient on the turned map. @param {number} x @param {number} y */
      const there = (x, y) => {
        run(c * x + s * y, c * y - s * x, out);
        const [, g, h] = out;
        out[1] = c * g - s * h;
        out[2] = s * g + c * h;
      };
      for (const [m, optimizer] of methods.entries()) {
        const numbers = Object.values(optimizer.parameters);
        /** The digits gained at each finish, added to a sum. @param {number} i which start @param {number[]} sum */
        const walk = (i, sum) => {
          let [x, y] = [c * from[i][0] - s * from[i][1], s * from[i][0] + c * from[i][1]];
          const state = optimizer.start(x, y);
          there(x, y);
          const first = out[0] - minimum;
          for (let k = 1, finish = 0; k <= last; k++) {
            if (sigma) {
              out[1] += scale * noises[i][k - 1][0];
              out[2] += scale * noises[i][k - 1][1];
            }
            optimizer.step(out, state, numbers, move, x, y);
            x += move[0];
            y += move[1];
            if (!Number.isFinite(x) || !Number.isFinite(y)) return; // who diverges gains nothing
            there(x, y);
            if (k < finishes[finish]) continue;
            const gained = Math.log10(first / Math.max(out[0] - minimum, 1e-300));
            sum[finish++] += Math.min(Math.max(gained, 0), 8) || 0;
          }
        };
        const tried = /** @type {number[][]} */ ([]);
        for (numbers[0] of rates) {
          const sum = finishes.map(() => 0);
          for (let i = 0; i < TRAIN; i++) walk(i, sum);
          tried.push(sum);
          yield;
        }
        const best = finishes.map((_, f) => tried.reduce((b, sum, r) => (sum[f] > tried[b][f] ? r : b), 0)); // the first of the best
        for (const r of new Set(best)) {
          numbers[0] = rates[r];
          const sum = finishes.map(() => 0);
          for (let i = TRAIN; i < TRAIN + FRESH; i++) {
            walk(i, sum);
            if (i % 20 === 0) yield;
          }
          for (const [f, of] of best.entries()) if (of === r) scores[m][f] += sum[f] / FRESH / Object.keys(courses).length;
        }
      }
      told?.(++done);
    }
    return scores;
  }
  return { NAMES, LADDER, starts, race };
})();

book.instrument("race", (it) => {
  const { say } = it;
  const { NAMES, LADDER, race } = book.race;
  const { courses, rates } = it.values.race;
  const top = LADDER.length - 1;
  const methods = Object.keys(NAMES);
  const [colors, dashes] = [0, 1].map((i) => methods.map((name) => book.gdcore.METHOD_LOOKS[name][i]));
  const SIGMAS = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
  const state = it.has({
    bet: { start: "", choices: methods },
    finish: { start: 0, low: 0, high: top, whole: true },
    degrees: { start: 0, low: 0, high: 90, whole: true },
    noise: { start: 0, low: 0, high: SIGMAS.length - 1, whole: true },
    seed: { start: 0, low: 0, high: 999, whole: true },
  });
  const plot = it.plot({
    label: say("七种方法的平均分随步数的变化，画到终点线为止", "Mean scores of seven methods against the number of steps, up to the finish line"),
    axes: () => ({ x: [1, 2500], y: [0, 6], logX: true, across: "K", up: say("平均分", "mean score") }),
    ratio: 0.9,
    most: 370,
  });
  const steps = () => say(`${LADDER[state.finish]} 步`, `${LADDER[state.finish]} step${state.finish ? "s" : ""}`);
  plot.handle({
    at: () => [LADDER[state.finish], 5.5],
    drag: (k) => it.set({ finish: LADDER.filter((one, i) => i && Math.sqrt(one * LADDER[i - 1]) < k).length }),
    label: say("终点线", "finish line"),
    field: "finish",
    value: steps,
    hint: true,
    anywhere: true,
  });
  it.choice("bet", say("押谁？", "Your bet:"), methods.map((name, i) => [name, NAMES[name], colors[i]]));
  it.slider("degrees", "θ", say("地图转过的角度", "angle by which the map is turned"), (v) => `${v}°`);
  it.slider("noise", "σ", say("梯度的噪声", "noise of the gradient"), (v) => it.write(SIGMAS[v]));
  it.button(say("换一批起点", "Other starts"), () => it.set({ seed: (state.seed + 1) % 1000 }));
  it.guessed("race-sprint", (guess) => it.set({ bet: ["gradient_descent", "momentum", "adagrad", "adam"][guess - 1] }));

  /** What has been raced, and what is: under which rules, and to which finish. */
  let known = { key: "", scores: methods.map(() => [0]) };
  let doing = { key: "", to: -1, done: 0 };
  const begin = (/** @type {string} */ key, /** @type {number} */ to) => {
    if (doing.key === key && doing.to >= to) return;
    const now = doing = { key, to, done: 0 };
    it.slices((function* () {
      const scores = yield* race({ courses, rates, degrees: state.degrees, sigma: SIGMAS[state.noise], seed: state.seed,
        last: LADDER[to], told: (done) => { now.done = done; } });
      known = { key, scores };
    })(), it.refresh);
  };

  it.draw(() => {
    const { bet, finish, degrees, noise, seed } = state;
    const key = [degrees, noise, seed].join();
    const raced = known.key === key ? known.scores[0].length - 1 : -1;
    if (raced < finish) begin(key, Math.min(finish + 2, top)); // what is asked for next, too
    const { scores } = known;
    const end = Math.min(finish, scores[0].length - 1);
    const stale = known.key !== key;
    plot.line("finish", [[LADDER[finish], 0], [LADDER[finish], 5.5]], { dash: "4 4", width: 1 });
    const { bottom } = plot.size();
    let above = -Infinity;
    const ends = methods.map((_, i) => ({ i, y: plot.place(1, scores[i][end])[1], at: 0 })).sort((a, b) => a.y - b.y);
    for (const one of ends) above = one.at = Math.max(one.y, above + 15);
    for (const [i, one] of ends.reverse().entries()) one.at = Math.min(one.at, bottom - 6 - 15 * i);
    for (const { i, y, at } of ends) {
      const its = methods[i] === bet;
      const look = { color: colors[i], opacity: stale ? 0.3 : 1 };
      const way = scores[i].slice(0, end + 1).map((score, k) => [LADDER[k], score]);
      plot.line(`line ${i}`, way, { ...look, dash: its ? "" : dashes[i], width: its ? 3.5 : 1.6 });
      plot.dots(`end ${i}`, way.slice(-1), { ...look, r: its ? 5 : 3, free: true });
      if (known.key) plot.text(`name ${i}`, [LADDER[end], scores[i][end]], NAMES[methods[i]], { color: colors[i], dx: 10, dy: at - y + 4, weight: its ? "700" : "400" });
    }
    if (raced < finish) {
      const done = doing.done;
      return it.tell(say(`正在重新调参、重新跑，跑完 ${done} / 17 条赛道……`, `Tuning and racing anew: ${done} of 17 courses done …`));
    }
    const ranked = methods.map((name, i) => ({ name: NAMES[name], score: scores[i][finish] })).sort((a, b) => b.score - a.score);
    const [first, second, last] = [ranked[0], ranked[1], ranked[ranked.length - 1]];
    const its = bet ? scores[methods.indexOf(bet)][finish] : NaN;
    const rank = 1 + ranked.filter(({ score }) => score > its).length;
    const written = (/** @type {number} */ score) => score.toFixed(1);
    const close = first.score - second.score < 0.1;
    const mine = bet ? say(`你押的 ${NAMES[bet]} 排第 ${rank}，${written(its)} 分。`, `Your bet, ${NAMES[bet]}, is number ${rank} with ${written(its)}.`)
      : say("你还没有押。", "You have not bet yet.");
    if (first.score - last.score < 0.1) return it.tell(say(`走 ${steps()}，谁也没有领先，七种方法相差不到 0.1 分。`, `After ${steps()} nobody leads: all seven are within 0.1 of each other. `) + mine);
    it.tell(say(`走 ${steps()}，${first.name} 领先，${written(first.score)} 分；${second.name} 第二，${written(second.score)} 分${close ? "，差得这么少，换一批起点就可能换位" : ""}。`,
      `After ${steps()} ${first.name} leads with ${written(first.score)}, ahead of ${second.name} with ${written(second.score)}${close ? ", so close that other starts may swap them" : ""}. `) + mine);
  });
});
