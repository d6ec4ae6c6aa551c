// A race with a finish line to drag: seven methods on all functions of two variables, each at the best of the
// same rates, as the chapter runs it; the map can be turned, noise added, other starts taken.
// Uses sphere, ellipse, valley, booth, matyas, zakharov, rosenbrock, beale, three_hump_camel, six_hump_camel,
// himmelblau, styblinski_tang, bohachevsky, griewank, rastrigin, ackley, easom, gradient_descent, momentum,
// nesterov, adagrad, rmsprop, adadelta, adam, methods.

book.race = (() => {
  const METHODS = ["gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam"];
  const LADDER = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300]; // where there can be a finish
  const [TRAIN, FRESH] = [20, 60]; // starts to tune from, and others to race from

  /** Starts that fill a box evenly: multiples of two irrational numbers, moved on by the seed. @param {Interval[]} domain @param {number} seed */
  const starts = (domain, seed) => Array.from({ length: TRAIN + FRESH }, (_, i) => domain.map(([low, high], c) =>
    low + (high - low) * ((0.5 + i * [0.7548776662466927, 0.5698402909980532][c] + seed * [0.6180339887498949, 0.41421356237309515][c]) % 1)));

  /**
   * One race on all courses, little by little: yields how many courses are done while it works, and returns
   * for each method its mean score at each finish up to the last.
   * @param {{ courses: Record<string, Interval[]>, rates: number[], degrees: number, sigma: number, seed: number, last: number }} rules
   * @returns {Generator<number, number[][]>}
   */
  function* race({ courses, rates, degrees, sigma, seed, last }) {
    const finishes = LADDER.filter((k) => k <= last);
    const scores = METHODS.map(() => finishes.map(() => 0));
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const [out, move] = [new Float64Array(3), new Float64Array(2)];
    const noises = Array.from({ length: sigma ? TRAIN + FRESH : 0 }, (_, i) => { // the same for all methods and rates
      const noise = book.descents.noiseOf(1000 * seed + i, 1);
      return Array.from({ length: last }, () => (out.fill(0), noise(out), [out[1], out[2]]));
    });
    for (const [done, [name, domain]] of Object.entries(courses).entries()) {
      const { run, minimum } = book.gdcore.OBJECTIVES[name];
      const from = starts(domain, seed);
      const steep = from.slice(0, TRAIN).map(([x, y]) => (run(x, y, out), Math.hypot(out[1], out[2]))).sort((a, b) => a - b);
      const scale = (sigma * (steep[TRAIN / 2 - 1] + steep[TRAIN / 2])) / 2; // the median
      /** f and its gradient on the turned map. @param {number} x @param {number} y */
      const there = (x, y) => {
        run(c * x + s * y, c * y - s * x, out);
        out.set([c * out[1] - s * out[2], s * out[1] + c * out[2]], 1);
      };
      for (const [m, method] of METHODS.entries()) {
        const { start, step, parameters } = book.gdcore.OPTIMIZERS[method];
        const numbers = Object.values(parameters);
        /** The digits that twenty starts gain at each finish, added up. @param {number} rate @param {number} first of them */
        const gained = (rate, first) => {
          const sum = finishes.map(() => 0);
          numbers[0] = rate;
          for (let i = first; i < first + TRAIN; i++) {
            let [x, y] = [c * from[i][0] - s * from[i][1], s * from[i][0] + c * from[i][1]];
            const state = start(x, y);
            there(x, y);
            const gap = out[0] - minimum;
            for (let k = 1, finish = 0; k <= last; k++) {
              if (sigma) noises[i][k - 1].forEach((z, d) => { out[d + 1] += scale * z; });
              step(out, state, numbers, move, x, y);
              x += move[0];
              y += move[1];
              if (!Number.isFinite(x + y)) break; // who diverges gains nothing
              there(x, y);
              if (k < finishes[finish]) continue;
              sum[finish++] += Math.min(Math.max(Math.log10(gap / Math.max(out[0] - minimum, 1e-300)), 0), 8) || 0;
            }
          }
          return sum;
        };
        const tried = /** @type {number[][]} */ ([]);
        for (const rate of rates) {
          tried.push(gained(rate, 0));
          yield done;
        }
        const best = finishes.map((_, f) => tried.reduce((b, sum, r) => (sum[f] > tried[b][f] ? r : b), 0)); // the first of the best
        for (const r of new Set(best)) for (let first = TRAIN; first < TRAIN + FRESH; first += TRAIN) {
          const sum = gained(rates[r], first);
          best.forEach((its, f) => { if (its === r) scores[m][f] += sum[f] / FRESH / Object.keys(courses).length; });
          yield done;
        }
      }
    }
    return scores;
  }
  return { METHODS, LADDER, starts, race };
})();

book.instrument("race", (it) => {
  const { say } = it;
  const { METHODS, LADDER, race } = book.race;
  const { courses, rates } = it.values.race;
  const [top, many] = [LADDER.length - 1, Object.keys(courses).length];
  const names = METHODS.map((name) => book.methods(say)[name]);
  const [colors, dashes] = [0, 1].map((i) => METHODS.map((name) => book.gdcore.METHOD_LOOKS[name][i]));
  const SIGMAS = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
  const state = it.has({
    bet: { start: "", choices: METHODS },
    finish: { start: 0, low: 0, high: top, whole: true },
    degrees: { start: 0, low: 0, high: 90, whole: true },
    noise: { start: 0, low: 0, high: SIGMAS.length - 1, whole: true },
    seed: { start: 0, low: 0, high: 999, whole: true },
  });
  const plot = it.plot({
    label: say("七种方法的平均分随步数的变化，画到终点线为止", "Mean scores of seven methods against the number of steps, up to the finish line"),
    axes: () => ({ x: [1, LADDER[top]], y: [0, 6], logX: true, across: "K", room: 126,
      up: say("平均分：f − min f 缩小了几位", "mean score: how many digits f − min f has lost") }),
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
  it.choice("bet", say("押谁？", "Your bet:"), METHODS.map((name, i) => [name, names[i], colors[i]]));
  it.slider("degrees", "θ", say("地图转过的角度", "angle by which the map is turned"), (v) => `${v}°`);
  it.slider("noise", "σ", say("梯度的噪声", "noise of the gradient"), (v) => it.write(SIGMAS[v]));
  it.button(say("换一批起点", "Other starts"), () => it.set({ seed: (state.seed + 1) % 1000 }));
  it.guessed("race-sprint", (guess) => it.set({ bet: ["gradient_descent", "momentum", "adagrad", "adam"][guess - 1] }));

  /** What has been raced, and what is: under which rules, and to which finish. */
  let known = { key: "", scores: METHODS.map(() => [0]) };
  let doing = { key: "", to: -1, done: 0 };
  const begin = (/** @type {string} */ key, /** @type {number} */ to) => {
    if (doing.key === key && doing.to >= to) return;
    const work = race({ courses, rates, degrees: state.degrees, sigma: SIGMAS[state.noise], seed: state.seed, last: LADDER[to] });
    doing = { key, to, done: 0 };
    it.slices({ next: () => {
      const step = work.next();
      if (step.done) known = { key, scores: step.value };
      else doing.done = step.value;
      return step;
    } }, it.refresh);
  };

  it.draw(() => {
    const { bet, finish, degrees, noise, seed } = state;
    const key = [degrees, noise, seed].join();
    const { scores } = known;
    const [stale, end] = [known.key !== key, Math.min(finish, scores[0].length - 1)];
    plot.line("finish", [[LADDER[finish], 0], [LADDER[finish], 5.5]], { dash: "4 4", width: 1 });
    plot.text("steps", [LADDER[finish], 5.5], `K = ${LADDER[finish]}`, { dx: 14, dy: 5 });
    // Names stand beside the ends of their lines, as near as there is room for each.
    const ends = METHODS.map((_, i) => ({ i, y: plot.place(1, scores[i][end])[1], at: 0 })).sort((a, b) => a.y - b.y);
    ends.forEach((one, n) => { one.at = Math.max(one.y, n ? ends[n - 1].at + 15 : 0); });
    ends.reverse().forEach((one, n) => { one.at = Math.min(one.at, plot.size().bottom - 6 - 15 * n); });
    for (const { i, y, at } of ends) {
      const its = METHODS[i] === bet;
      const look = { color: colors[i], opacity: stale ? 0.3 : 1 };
      const way = scores[i].slice(0, end + 1).map((score, k) => [LADDER[k], score]);
      plot.line(`line ${i}`, way, { ...look, dash: its ? "" : dashes[i], width: its ? 3.5 : 1.6 });
      plot.dots(`end ${i}`, way.slice(-1), { ...look, r: its ? 5 : 3, free: true });
      if (known.key) plot.text(`name ${i}`, way[end], names[i], { color: colors[i], dx: 10, dy: at - y + 4, weight: its ? "700" : "400" });
    }
    if (stale || end < finish) {
      begin(key, Math.min(finish + 2, top)); // what is asked for next, too
      return it.tell(say(`正在重新调参、重新跑，跑完 ${doing.done} / ${many} 条赛道……`, `Tuning and racing anew: ${doing.done} of ${many} courses done …`));
    }
    const [first, second, ...others] = METHODS.map((_, i) => ({ i, score: scores[i][finish] })).sort((a, b) => b.score - a.score);
    const its = scores[METHODS.indexOf(bet)]?.[finish];
    const rank = 1 + scores.filter((score) => score[finish] > its).length;
    const written = (/** @type {number} */ score) => score.toFixed(1);
    const named = (/** @type {number} */ i) => names[i].replace(/\w$/, "$& "); // before Chinese
    const close = first.score - second.score < 0.1;
    const mine = bet ? say(`你押的排第 ${rank}，${written(its)} 分。`, `Your bet is number ${rank} with ${written(its)}.`)
      : say("你还没有押。", "You have not bet yet.");
    if (first.score - others[4].score < 0.1) return it.tell(say(`走 ${steps()}，谁也没有领先，七种方法相差不到 0.1 分。`, `After ${steps()} nobody leads: all seven are within 0.1 of each other. `) + mine);
    it.tell(say(`走 ${steps()}，${named(first.i)}领先，${written(first.score)} 分；${named(second.i)}第二，${written(second.score)} 分${close ? "，差得这么少，换一批起点就可能换位" : ""}。`,
      `After ${steps()} ${names[first.i]} leads with ${written(first.score)}, ahead of ${names[second.i]} with ${written(second.score)}${close ? ", so close that other starts may swap them" : ""}. `) + mine);
  });
});
