// A swarm: a thousand points go down together from a net that can be laid anywhere, each until its
// gradient is small, as in gdcore's sweep; what places they begin at takes the color of where they end.
// Uses sphere, six_hump_camel, himmelblau, griewank, easom, gradient_descent, outcomes, ground.

book.instrument("swarm", (it) => {
  const { say, write } = it;
  const { OBJECTIVES, OPTIMIZERS, BASIN_COLORS } = book.gdcore;
  const { AT_REST_ON_MAP: TOL, ELSEWHERE, UNDERWAY, DIVERGED, minimizerAt } = book.outcomes;
  const [SIDE, COUNT, STEPS] = [32, 32 * 32, 600];
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
  /** A corner of the net: the upper right one, or with -1 the lower left one. */
  const corner = (way = 1) => [state.x + way * state.size * its().half[0], state.y + way * state.size * its().half[1]];
  let grip = [0, 0]; // from the hand to the middle of the net, which is held where it is taken, or laid where it is not
  plot.picture.addEventListener("pointerdown", (event) => {
    const { x, y } = book.hands.spotIn(plot.picture, event);
    const spot = plot.back(x, y);
    const held = event.target instanceof Element && event.target.closest(".instrument-handle");
    grip = held || spot.every((c, i) => c >= corner(-1)[i] && c <= corner()[i]) ? [state.x - spot[0], state.y - spot[1]] : [0, 0];
  });
  plot.handle({
    at: () => corner(-1),
    drag: (x, y) => it.set({ x: x + grip[0], y: y + grip[1] }),
    label: say("网，它的中心在", "Net, its middle"),
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
  it.controls.addEventListener("change", ({ target }) => { // a chip: begin anew there
    const { eta, middle: [x, y] } = its();
    if (target instanceof HTMLInputElement && target.type === "radio") it.set({ eta, x, y, size: 1, k: 0 });
  });
  it.player("k", () => (moving ? STEPS : at), (k) => 1 + Math.floor(k / 20)); // slow at first, when most happens

  // The points: where they begin and are, and how each stands.
  const [x0, y0, xs, ys] = Array.from({ length: 4 }, () => new Float64Array(COUNT));
  const ends = new Int8Array(COUNT);
  const [out, move] = [new Float64Array(3), new Float64Array(2)];
  let [at, moving, laid] = [0, COUNT, ""];
  /** Each point that goes on takes a step, or none, and is asked whether it stops here. @param {number} steps */
  const go = (steps) => {
    const { run, ...objective } = OBJECTIVES[state.objective];
    at += steps;
    for (let i = 0; i < COUNT; i++) {
      if (ends[i] !== UNDERWAY) continue;
      run(xs[i], ys[i], out);
      if (steps) {
        OPTIMIZERS.gradient_descent.step(out, [], [state.eta], move, xs[i], ys[i]);
        run(xs[i] += move[0], ys[i] += move[1], out);
      }
      const steepest = Math.max(Math.abs(out[1]), Math.abs(out[2]));
      if (!Number.isFinite(xs[i] + ys[i] + out[0] + steepest)) ends[i] = DIVERGED;
      else if (steepest <= TOL) ends[i] = minimizerAt(objective, xs[i], ys[i], TOL);
      if (ends[i] !== UNDERWAY) moving--;
    }
  };
  const lay = (/** @type {string} */ net) => {
    const [[u, v], [p, q]] = [corner(-1), corner()];
    for (let i = 0; i < COUNT; i++) {
      xs[i] = x0[i] = u + ((p - u) * (i % SIDE)) / (SIDE - 1);
      ys[i] = y0[i] = v + ((q - v) * Math.floor(i / SIDE)) / (SIDE - 1);
    }
    [at, moving, laid] = [0, COUNT, net];
    ends.fill(UNDERWAY);
    go(0);
  };

  const paint = () => {
    const { canvas, pen, ratio } = plot.veil();
    const { left, top } = plot.size();
    if (!pen) return;
    pen.setTransform(ratio, 0, 0, ratio, -ratio * left, -ratio * top);
    pen.clearRect(left, top, canvas.width / ratio, canvas.height / ratio);
    const [[a, b], [c, d]] = [plot.place(x0[0], y0[0]), plot.place(x0[COUNT - 1], y0[COUNT - 1])];
    const [wide, tall] = [Math.max((c - a) / (SIDE - 1), 1), Math.max((b - d) / (SIDE - 1), 1)];
    const [ink, ...colors] = ["ink", ...BASIN_COLORS].map(it.color);
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
      pen.beginPath();
      pen.arc(...plot.place(xs[i], ys[i]), ends[i] === UNDERWAY ? 1.6 : 1, 0, 2 * Math.PI);
      pen.fill();
    }
  };

  it.draw(() => {
    const { k, eta } = state;
    const objective = OBJECTIVES[state.objective];
    const net = String(Object.values({ ...state, k: 0 }));
    if (k < at || net !== laid) lay(net);
    const until = performance.now() + 8;
    while (at < k && moving && performance.now() < until) go(1);
    const late = at < k && moving > 0;
    it.root.classList.toggle("working", late);
    if (late) it.refresh(); // the rest in the next frame

    plot.terrain(objective.title, (u, v) => (objective.run(u, v, out), out[0]));
    paint();
    const many = (/** @type {(i: number) => boolean} */ counted) => ends.reduce((sum, _, i) => sum + Number(counted(i)), 0);
    const [reached, elsewhere, lost] = [many((i) => ends[i] >= 0), many((i) => ends[i] === ELSEWHERE), many((i) => ends[i] === DIVERGED)];
    const [[left, right], [low, high]] = its().view;
    const outside = many((i) => ends[i] === UNDERWAY && (xs[i] < left || xs[i] > right || ys[i] < low || ys[i] > high));
    objective.minimizers.forEach((m, n) =>
      plot.text(`reached ${n}`, m, String(many((i) => ends[i] === n)), { anchor: "middle", dx: 0, dy: 22, weight: "600" }));
    plot.line("net", [[x0[0], y0[0]], [corner()[0], y0[0]], corner(), [x0[0], corner()[1]], [x0[0], y0[0]]], { width: 0.8, dash: "3 3" });
    it.tell(say(
      `第 ${at} 步，η = ${write(eta, 3)}：${COUNT} 个点里，到了谷底的 ${reached} 个，停在别处的 ${elsewhere} 个，还在走的 ${moving} 个（图外 ${outside} 个），发散的 ${lost} 个。`,
      `Step ${at}, η = ${write(eta, 3)}: of ${COUNT} points, ${reached} have reached a bottom, ${elsewhere} have stopped elsewhere, ${moving} are under way (${outside} outside the picture), ${lost} have diverged.`));
  });
});
