// Stochastic gradient descent on a cloud of examples: choose one, and x steps toward it. Those toward
// which a step leads uphill are hollow. The ring is around the example of the next step: the reader's
// choice, else the chapter's own draw, as when one plays. Uses gradient_descent, ground.

book.instrument("examples", (it) => {
  const { say, write } = it;
  /** @type {{ x: number[], y: number[], draws: number[] }} */
  const { x: xs, y: ys, draws } = it.values.cloud;
  const [n, last] = [xs.length, draws.length];
  /** @param {number[]} all */
  const mean = (all) => all.reduce((sum, one) => sum + one, 0) / all.length;
  const best = [mean(xs), mean(ys)];
  const variance = mean(xs.map((x, i) => (x - best[0]) ** 2 + (ys[i] - best[1]) ** 2));
  /** @param {number[]} x */
  const away = (x) => Math.hypot(x[0] - best[0], x[1] - best[1]);
  /** @param {number[]} x */
  const f = (x) => (away(x) ** 2 + variance) / 2;
  const [gradient, move] = [new Float64Array(3), new Float64Array(2)];
  /** A step by the gradient of the loss of one example. @param {number[]} x @param {number} i @param {number} eta */
  const toward = (x, i, eta) => {
    [gradient[1], gradient[2]] = [x[0] - xs[i], x[1] - ys[i]];
    book.gdcore.OPTIMIZERS.gradient_descent.step(gradient, new Float64Array(0), [eta], move, x[0], x[1]);
    return [x[0] + move[0], x[1] + move[1]];
  };

  const state = it.has({
    k: { start: 0, low: 0, high: last, whole: true },
    eta: { start: 0.1, low: 0.01, high: 1, log: true },
    aim: { start: 0, low: 0, high: n - 1, whole: true }, // the reader's, at one step; at all others chance aims
    at: { start: -1, low: -1, high: last, whole: true },
    picks: { start: "", like: /^(\d{1,3}\.\d{1,3}_){0,400}$/ }, // at which step, which example
  });
  /** The example of each step: the reader's choice, else the chapter's draw. */
  const chosen = () => {
    const all = [...draws];
    for (const pick of state.picks.split("_").filter(Boolean)) {
      const [k, i] = pick.split(".").map(Number);
      if (k < last) all[k] = Math.min(i, n - 1);
    }
    return all;
  };
  /** The example of the step that comes next. */
  const aimed = () => (state.at === state.k ? state.aim : chosen()[Math.min(state.k, last - 1)]);
  const aimAt = (/** @type {number} */ aim) => it.set({ aim, at: state.k });
  const choose = () => {
    const [aim, k] = [aimed(), state.k + 1];
    if (k <= last) it.set({ picks: `${state.picks}${state.k}.${aim}_`, k, aim, at: k }); // who goes on, goes there again
  };

  const plane = it.plot({
    label: say("样本、走过的路和最小值点", "The examples, the way taken, and the minimizer"),
    axes: () => ({ x: [-5.6, 6.2], y: [-2.9, 4.1], across: "x₁", up: "x₂", equal: true }),
  });
  const chart = it.plot({
    label: say("到最小值点的距离对步数", "The distance to the minimizer against the step"),
    axes: () => ({ x: [0, last], y: [0.02, 12], logY: true, across: "k", up: say("距离", "distance") }),
    ratio: 0.45,
    most: 170,
  });
  for (const { box } of [plane, chart]) box.style.flexBasis = "100%";
  const hand = plane.handle({
    at: () => [xs[aimed()], ys[aimed()]],
    drag: (x, y) => aimAt(xs.reduce((near, _, i) =>
      (Math.hypot(xs[i] - x, ys[i] - y) < Math.hypot(xs[near] - x, ys[near] - y) ? i : near), 0)),
    key: (across, up) => {
      /** How far an example lies that way; farther than any, if it lies another way. @param {number} i */
      const far = (i) => {
        const [x, y] = [xs[i] - xs[aimed()], ys[i] - ys[aimed()]];
        return x * across + y * up > Math.abs(x * up) + Math.abs(y * across) ? Math.hypot(x, y) : Infinity;
      };
      aimAt(xs.reduce((near, _, i) => (far(i) < far(near) ? i : near), aimed()));
    },
    label: say("选一个样本，按回车键朝它走一步", "Choose an example; Enter steps toward it"),
    value: () => book.numbers.writePoint([xs[aimed()], ys[aimed()]]),
    color: "slate",
    anywhere: true,
  });
  hand.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose();
  });
  plane.picture.addEventListener("pointerup", (event) => plane.picture.hasPointerCapture(event.pointerId) && choose());
  it.player("k", () => last);
  it.slider("eta", "η", say("学习率 η", "learning rate η"));

  it.draw(() => {
    const { k, eta } = state;
    const aim = aimed();
    const [way, means] = [[[-5, -2]], [[-5, -2]]];
    for (const [step, i] of chosen().slice(0, k).entries()) {
      way.push(toward(way[step], i, eta));
      means.push(toward(means[step], i, 1 / (step + 1)));
    }
    const x = way[k];
    const uphill = xs.map((_, i) => away(toward(x, i, eta)) > away(x));
    const floor = Math.sqrt((eta * variance) / (2 - eta));
    const round = Array.from({ length: 73 }, (_, i) => [best[0] + floor * Math.cos((i * Math.PI) / 36), best[1] + floor * Math.sin((i * Math.PI) / 36)]);

    plane.terrain("cloud", (u, v) => f([u, v]));
    plane.dots("downhill", xs.map((u, i) => [u, ys[i]]).filter((_, i) => !uphill[i]), { color: "slate", r: 2.5 });
    plane.put("uphill", "path", { d: xs.map((u, i) => (uphill[i]
      ? `M${book.geometry.said(plane.place(u, ys[i]))}m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0` : "")).join(""),
    fill: "none", stroke: "var(--figure-slate)", "stroke-width": 1 });
    plane.line("floor", round, { dash: "5 4", width: 1.2 });
    plane.line("way", way, { color: "orange", width: 1.2, opacity: 0.75 });
    plane.line("aim", [x, [xs[aim], ys[aim]]], { color: "faint", width: 1, dash: "2 3" });
    plane.arrow("step", x, toward(x, aim, eta), { color: "orange", width: 2.4 });
    plane.dots("x", [x], { color: "orange", r: 5 });
    plane.text("x words", x, "x", { color: "orange", dx: -14, dy: 4, weight: "600" });
    plane.dots("mean", k ? [means[k]] : [], { color: "orange5", r: 5 });
    plane.text("floor words", [best[0], best[1] + floor], say("地板", "floor"), { dx: 0, anchor: "middle" });
    if (!k) plane.text("how", x, say("点一个样本，x 就朝它走", "click an example: x goes toward it"), { dx: -8, dy: 20 });

    chart.line("floor", [[0, floor], [last, floor]], { dash: "5 4", width: 1.2 });
    chart.line("way", way.map((u, i) => [i, away(u)]), { color: "orange", width: 1.2 });
    chart.line("means", means.slice(1).map((u, i) => [i + 1, away(u)]), { color: "orange5", width: 1.2 });
    chart.text("floor words", [last, floor], say("地板", "floor"), { anchor: "end", dx: -4, dy: -8 });
    if (k > 20) chart.text("mean words", [k, away(means[k])], say("选过的平均", "mean of the chosen"), { color: "orange5", anchor: k > 80 ? "end" : "start", dy: 18 });
    const many = uphill.filter(Boolean).length;
    const [now, then] = [f(x), f(toward(x, aim, eta))].map((value) => write(value));
    it.tell(say(
      `第 ${k} 步，x 离最小值点 ${write(away(x), 3)}，地板（虚线圆）离它 ${write(floor, 3)}${k ? `，选过的样本的平均离它 ${write(away(means[k]), 3)}` : ""}。从这里出发的 ${n} 种走法里有 ${many} 种上坡；朝圈住的样本走，f 从 ${now} 变成 ${then}。`,
      `Step ${k}: x is ${write(away(x), 3)} from the minimizer, the floor (dashed circle) ${write(floor, 3)}${k ? `, the mean of the examples chosen ${write(away(means[k]), 3)}` : ""}. Of the ${n} steps from here ${many} go uphill; the one toward the ringed example takes f from ${now} to ${then}.`));
  });
  chart.handle({
    at: () => {
      let x = [-5, -2];
      for (const i of chosen().slice(0, state.k)) x = toward(x, i, state.eta);
      return [state.k, away(x)];
    },
    drag: (k) => it.set({ k }),
    label: say("步数 k", "step k"),
    field: "k",
    color: "orange",
    anywhere: true,
  });
});
