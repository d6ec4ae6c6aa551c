// A race with a finish line to drag: seven methods on all functions of two variables, each at the best of the
// same rates, as the chapter runs it; the map can be turned, noise added, other starts taken, and an optimizer
// of the reader's own, in Python, can join.
// Uses sphere, ellipse, valley, booth, matyas, zakharov, rosenbrock, beale, three_hump_camel, six_hump_camel,
// himmelblau, styblinski_tang, bohachevsky, griewank, rastrigin, ackley, easom, gradient_descent, momentum,
// nesterov, adagrad, rmsprop, adadelta, adam, methods, own, racing.

book.instrument("race", (it) => {
  const { say } = it;
  const { METHODS, LADDER, race } = book.racing;
  const { courses, rates } = it.values.race;
  const [top, many] = [LADDER.length - 1, Object.keys(courses).length];
  const names = book.methods(say);
  const looks = book.gdcore.METHOD_LOOKS;
  const SIGMAS = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
  const state = it.has({
    bet: { start: "", choices: [...METHODS, "own"] },
    finish: { start: 0, low: 0, high: top, whole: true },
    degrees: { start: 0, low: 0, high: 90, whole: true },
    noise: { start: 0, low: 0, high: SIGMAS.length - 1, whole: true },
    seed: { start: 0, low: 0, high: 999, whole: true },
    own: { start: "", like: RegExp(`^[^]{0,${book.owned.LETTERS}}$`) },
  });
  const plot = it.plot({
    label: say("各种方法的平均分随步数的变化，画到终点线为止", "Mean scores of the methods against the number of steps, up to the finish line"),
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
  it.choice("bet", say("押谁？", "Your bet:"), [...METHODS, "own"].map((name) => [name, names[name], looks[name][0]]));
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

  // The reader's own has a panel, asked for when it is first bet on, or comes with the address.
  /** @type {ReturnType<typeof book.ownRace.join> | undefined} */
  let panel;
  let open = false;
  it.whenReset(() => { open = false; });
  /** What is known of the reader's own. @param {Rules} rules @param {boolean} busy whether the others are racing */
  const own = (rules, busy) => {
    if (!open && (state.bet === "own" || state.own)) {
      if (!panel) {
        book.owned.wanted("own.js", () => {
          panel ??= book.ownRace.join(it.controls, (code) => it.set({ own: code }), it.refresh);
          it.refresh();
        });
        return;
      }
      open = true;
      if (!state.own) it.set({ own: book.own.beginning(0.1) });
    }
    return panel?.settle(open ? state.own : undefined, rules, busy);
  };

  it.draw(() => {
    const { bet, finish, degrees, noise, seed } = state;
    const key = [degrees, noise, seed].join();
    const { scores } = known;
    const stale = known.key !== key;
    const busy = stale || scores[0].length - 1 < finish;
    const racers = METHODS.map((name, i) => ({ name, scores: scores[i], stale }));
    const its = own({ courses, rates, degrees, sigma: SIGMAS[noise], seed, last: LADDER[finish] }, busy);
    if (its?.scores.length) racers.push({ name: "own", ...its });
    plot.line("finish", [[LADDER[finish], 0], [LADDER[finish], 5.5]], { dash: "4 4", width: 1 });
    plot.text("steps", [LADDER[finish], 5.5], `K = ${LADDER[finish]}`, { dx: 14, dy: 5 });
    // Names stand beside the ends of their lines, as near as there is room for each.
    const ends = racers.map((one) => {
      const way = one.scores.slice(0, finish + 1).map((score, k) => [LADDER[k], score]);
      return { ...one, way, y: plot.place(1, way[way.length - 1][1])[1], at: 0 };
    }).sort((a, b) => a.y - b.y);
    ends.forEach((one, n) => { one.at = Math.max(one.y, n ? ends[n - 1].at + 15 : 0); });
    ends.reverse().forEach((one, n) => { one.at = Math.min(one.at, plot.size().bottom - 6 - 15 * n); });
    for (const { name, way, stale, y, at } of ends) {
      const [color, dash] = looks[name];
      const look = { color, opacity: stale ? 0.3 : 1 };
      plot.line(`line ${name}`, way, { ...look, dash: name === bet ? "" : dash, width: name === bet ? 3.5 : 1.6 });
      plot.dots(`end ${name}`, way.slice(-1), { ...look, r: name === bet ? 5 : 3, free: true });
      if (known.key) plot.text(`name ${name}`, way[way.length - 1], names[name], { color, dx: 10, dy: at - y + 4, weight: name === bet ? "700" : "400" });
    }
    if (busy) {
      begin(key, Math.min(finish + 2, top)); // what is asked for next, too
      return it.tell(say(`正在重新调参、重新跑，跑完 ${doing.done} / ${many} 条赛道……`, `Tuning and racing anew: ${doing.done} of ${many} courses done …`));
    }
    const there = racers.filter((one) => !one.stale && one.scores.length > finish)
      .map(({ name, scores }) => ({ name, score: scores[finish] })).sort((a, b) => b.score - a.score);
    const [first, second] = there;
    const written = (/** @type {number} */ score) => score.toFixed(1);
    const named = (/** @type {string} */ name) => (name === "own" ? say("你的方法", "your optimizer") : say(names[name].replace(/\w$/, "$& "), names[name].replace(/^(Gr|Mo)/, (w) => w.toLowerCase()))); // a space before Chinese
    const rank = (/** @type {string} */ name) => {
      const one = there.find((racer) => racer.name === name);
      return one && { place: 1 + there.filter(({ score }) => score > one.score).length, score: written(one.score) };
    };
    const [betted, mine] = [rank(bet), rank("own")];
    const said = [betted ? say(`你押的排第 ${betted.place}，${betted.score} 分。`, `Your bet is number ${betted.place} with ${betted.score}.`)
      : bet ? say("你押的是自己的方法，它还没有跑。", "Your bet is your own optimizer, which has not raced yet.") : say("你还没有押。", "You have not bet yet.")];
    if (mine && bet !== "own") said.push(say(`你的方法排第 ${mine.place}，${mine.score} 分。`, `Your optimizer is number ${mine.place} with ${mine.score}.`));
    const close = first.score - second.score < 0.1;
    if (first.score - there[there.length - 1].score < 0.1) said.unshift(say(`走 ${steps()}，谁也没有领先，${mine ? "八" : "七"}种方法相差不到 0.1 分。`,
      `After ${steps()} nobody leads: all ${mine ? "eight" : "seven"} are within 0.1 of each other.`));
    else said.unshift(say(`走 ${steps()}，${named(first.name)}领先，${written(first.score)} 分；${named(second.name)}第二，${written(second.score)} 分${close ? "，差得这么少，换一批起点就可能换位" : ""}。`,
      `After ${steps()} ${named(first.name)} leads with ${written(first.score)}, ahead of ${named(second.name)} with ${written(second.score)}${close ? ", so close that other starts may swap them" : ""}.`));
    it.tell(said.join(say("", " ")));
  });
});
