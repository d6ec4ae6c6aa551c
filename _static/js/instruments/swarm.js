// A swarm: a thousand points go down together from a net that can be laid anywhere, each until its
// gradient is small, as in gdcore's sweep; what places they begin at takes the color of where they end.
// Uses sphere, six_hump_camel, himmelblau, griewank, easom, gradient_descent, outcomes, ground.

book.instrument("swarm", (it) => {
  const { say, write } = it;
  const { OBJECTIVES, OPTIMIZERS, BASIN_COLORS } = book.gdcore;
  const { AT_REST_ON_MAP: TOL, ELSEWHERE, UNDERWAY, DIVERGED, minimizerAt } = book.outcomes;
  const [SIDE, STEPS] = [32, 600];
  const COUNT = SIDE * SIDE;
  // Of each objective: the middle of the chapter's net and half its sides, what is in view, the rates.
  /** @type {Record<string, { middle: number[], half: number[], view: Interval[], eta: number, most: number }>} */
  const FIRST = {
    griewank: { middle: [0, 0], half: [4, 4], view: [[-7, 7], [-5.5, 5.5]], eta: 0.1, most: 10 },
    sphere: { middle: [0, 0], half: [3, 3], view: [[-4, 4], [-3.5, 3.5]], eta: 0.006, most: 1.2 },
    six_hump_camel: { middle: [0, 0], half: [2, 1], view: [[-2.4, 2.4], [-1.3, 1.3]], eta: 0.005, most: 0.3 },
    himmelblau: { middle: [0, -0.5], half: [5, 4], view: [[-6, 6], [-5.5, 5]], eta: 0.01, most: 0.05 },
    easom: { middle: [3, 3], half: [7, 7], view: [[-5, 11], [-5, 11]], eta: 0.1, most: 1000 },
  };
  const its = () => FIRST[state.objective];
  const along = (/** @type {number} */ axis) => ({ start: 0, get low() { return its().view[axis][0]; }, get high() { return its().view[axis][1]; } });
  const state = it.has({
    objective: { start: "griewank", choices: Object.keys(FIRST) },
    eta: { start: FIRST.griewank.eta, low: 0.001, get high() { return its().most; }, log: true },
    x: along(0), // the middle of the net
    y: along(1),
    size: { start: 1, low: 0.02, high: 1 }, // a part of the chapter's net
    k: { start: 0, low: 0, high: STEPS, whole: true },
  });
  const plot = it.plot({
    label: say("一千个点在等高线图上一起下降", "A thousand points going down together on a map with contours"),
    axes: () => ({ x: its().view[0], y: its().view[1], equal: true, across: "x₁", up: "x₂" }),
  });
  const corner = () => [state.x + state.size * its().half[0], state.y + state.size * its().half[1]];
  plot.handle({
    at: () => [state.x, state.y],
    drag: (x, y) => it.set({ x, y }),
    label: say("网的中心", "Middle of the net"),
    key: (across, up, far) => {
      const one = (its().view[0][1] - its().view[0][0]) / (far ? 20 : 200);
      it.set({ x: state.x + across * one, y: state.y + up * one });
    },
    value: () => book.numbers.writePoint([state.x, state.y]),
    hint: true,
    anywhere: true,
  });
  plot.handle({
    at: corner,
    drag: (x, y) => it.set({ size: Math.max((x - state.x) / its().half[0], (y - state.y) / its().half[1]) }),
    label: say("网的大小", "Size of the net"),
    field: "size",
  });
  it.slider("eta", "η", say("学习率 η", "learning rate η"));
  it.choice("objective", "f", Object.keys(FIRST).map((name) => [name, OBJECTIVES[name].title]));
  // Slow at first, when most happens.
  it.player("k", () => (moving ? STEPS : at), (k) => 1 + Math.floor(k / 20));

  // The points: where they begin and are, and how each stands.
  const [x0, y0, xs, ys] = Array.from({ length: 4 }, () => new Float64Array(COUNT));
  const ends = new Int8Array(COUNT);
  const [out, move] = [new Float64Array(3), new Float64Array(2)];
  let [at, moving, laid] = [0, COUNT, ""];
  /** Look at each point that goes on: whether it stops here. */
  const judge = () => {
    const { run, ...objective } = OBJECTIVES[state.objective];
    for (let i = 0; i < COUNT; i++) {
      if (ends[i] !== UNDERWAY) continue;
      run(xs[i], ys[i], out);
      const steepest = Math.max(Math.abs(out[1]), Math.abs(out[2]));
      if (!Number.isFinite(xs[i] + ys[i] + out[0] + steepest)) ends[i] = DIVERGED;
      else if (steepest <= TOL) ends[i] = minimizerAt(objective, xs[i], ys[i], TOL);
      if (ends[i] !== UNDERWAY) moving--;
    }
  };
  const lay = () => {
    const [u, v] = its().half;
    for (let i = 0; i < COUNT; i++) {
      xs[i] = x0[i] = state.x + state.size * u * (-1 + (2 * (i % SIDE)) / (SIDE - 1));
      ys[i] = y0[i] = state.y + state.size * v * (-1 + (2 * Math.floor(i / SIDE)) / (SIDE - 1));
    }
    [at, moving] = [0, COUNT];
    ends.fill(UNDERWAY);
    judge();
  };
  const step = () => {
    const { run } = OBJECTIVES[state.objective];
    for (let i = 0; i < COUNT; i++) {
      if (ends[i] !== UNDERWAY) continue;
      run(xs[i], ys[i], out);
      OPTIMIZERS.gradient_descent.step(out, [], [state.eta], move, xs[i], ys[i]);
      xs[i] += move[0];
      ys[i] += move[1];
    }
    at++;
    judge();
  };

  const paint = () => {
    const { canvas, pen, ratio } = plot.veil();
    const { left, top } = plot.size();
    if (!pen) return;
    pen.setTransform(ratio, 0, 0, ratio, -ratio * left, -ratio * top);
    pen.clearRect(left, top, canvas.width / ratio, canvas.height / ratio);
    const [[a, b], [c, d]] = [plot.place(x0[0], y0[0]), plot.place(x0[COUNT - 1], y0[COUNT - 1])];
    const [wide, tall] = [Math.max((c - a) / (SIDE - 1), 1), Math.max((b - d) / (SIDE - 1), 1)];
    const colors = BASIN_COLORS.map(it.color);
    const ink = it.color("ink");
    for (let i = 0; i < COUNT; i++) {
      if (ends[i] === UNDERWAY) continue;
      const [x, y] = plot.place(x0[i], y0[i]);
      pen.globalAlpha = ends[i] < 0 ? 0.25 : 0.55;
      pen.fillStyle = ends[i] < 0 ? ink : colors[ends[i] % colors.length];
      pen.fillRect(x - wide / 2, y - tall / 2, wide, tall);
    }
    pen.globalAlpha = 1;
    pen.fillStyle = ink;
    for (let i = 0; i < COUNT; i++) {
      const [x, y] = plot.place(xs[i], ys[i]);
      pen.beginPath();
      pen.arc(x, y, ends[i] === UNDERWAY ? 1.6 : 1, 0, 2 * Math.PI);
      pen.fill();
    }
  };

  let [named, numbers] = ["", ""];
  it.draw(() => {
    const { objective: name, eta, x, y, size, k } = state;
    const now = [eta, x, y, size, k].join();
    if (named && name !== named && now === numbers) { // a chip: begin anew there
      const { eta: rate, middle } = FIRST[name];
      it.set({ eta: rate, x: middle[0], y: middle[1], size: 1, k: 0 });
    }
    [named, numbers] = [name, now];
    const objective = OBJECTIVES[name];
    const net = [name, eta, x, y, size].join();
    if (net !== laid || k < at) lay();
    laid = net;
    const until = performance.now() + 8;
    while (at < k && moving && performance.now() < until) step();
    const late = at < k && moving > 0;
    it.root.classList.toggle("working", late);
    if (late) it.refresh(); // the rest in the next frame

    plot.terrain(name, (u, v) => {
      objective.run(u, v, out);
      return out[0];
    });
    paint();
    const counts = new Int32Array(objective.minimizers.length);
    let [elsewhere, lost, outside] = [0, 0, 0];
    const [[left, right], [low, high]] = its().view;
    for (let i = 0; i < COUNT; i++) {
      if (ends[i] >= 0) counts[ends[i]]++;
      else if (ends[i] === ELSEWHERE) elsewhere++;
      else if (ends[i] === DIVERGED) lost++;
      else if (xs[i] < left || xs[i] > right || ys[i] < low || ys[i] > high) outside++;
    }
    objective.minimizers.forEach((m, i) => plot.text(`reached ${i}`, m, String(counts[i]), { anchor: "middle", dx: 0, dy: 22, weight: "600" }));
    plot.line("net", [[x0[0], y0[0]], [corner()[0], y0[0]], corner(), [x0[0], corner()[1]], [x0[0], y0[0]]], { width: 0.8, dash: "3 3" });
    const reached = counts.reduce((sum, one) => sum + one, 0);
    it.tell(say(
      `第 ${at} 步，η = ${write(eta, 3)}：${COUNT} 个点里，到了谷底的 ${reached} 个，停在别处的 ${elsewhere} 个，还在走的 ${moving} 个（图外 ${outside} 个），发散的 ${lost} 个。`,
      `Step ${at}, η = ${write(eta, 3)}: of ${COUNT} points, ${reached} have reached a bottom, ${elsewhere} have stopped elsewhere, ${moving} are under way (${outside} outside the picture), ${lost} have diverged.`));
  });
});
