// Many dimensions: an ellipse to turn and to stretch, a descent on it, and what one step leaves along
// each of its axes. Uses gradient_descent, bowl.

book.instrument("ellipse", (it) => {
  const { say, write } = it;
  const REACH = 5; // where the contour that is drawn ends on an axis whose curvature is 1
  const STEPS = 20;
  const state = it.has({
    angle: { start: 30, low: -180, high: 180, whole: true },
    l1: { start: 1, low: 1, high: 16 },
    l2: { start: 4, low: 1, high: 16 },
    eta: { start: 0.1, low: 0.01, high: 1.2, step: 0.01 },
    x: { start: -5, low: -6, high: 6 },
    y: { start: -2, low: -5, high: 5 },
  });
  /** A point of the axes of the ellipse. @param {number} u @param {number} v */
  const turned = (u, v) => {
    const [cos, sin] = [Math.cos((state.angle * Math.PI) / 180), Math.sin((state.angle * Math.PI) / 180)];
    return [cos * u - sin * v, sin * u + cos * v];
  };
  /** f = xᵀAx / 2, and its gradient, Ax. @param {number} x @param {number} y @param {Numbers} out */
  const run = (x, y, out) => {
    const [cos, sin] = turned(1, 0);
    const { l1, l2 } = state;
    const [a, b, c] = [l1 * cos * cos + l2 * sin * sin, (l1 - l2) * cos * sin, l1 * sin * sin + l2 * cos * cos];
    out[1] = a * x + b * y;
    out[2] = b * x + c * y;
    out[0] = (x * out[1] + y * out[2]) / 2;
  };

  const plane = it.plot({
    label: say("斜放的椭圆、它的两条轴和一次梯度下降", "A tilted ellipse, its two axes, and a gradient descent"),
    axes: () => ({ x: [-6.2, 6.2], y: [-5.2, 5.2], equal: true, across: "x₁", up: "x₂" }),
    share: 0.62,
  });
  const bars = it.plot({
    label: say("沿每条轴走一步剩下几分之几", "What a step leaves along each axis"),
    axes: () => ({ x: [0, 3], y: [0, 2.2], ticksX: [], ticksY: [0, 1, 2] }),
    ratio: 1.4,
    most: 330,
    share: 0.38,
  });
  for (const [field, quarter, color, letter] of /** @type {[string, number, string, string][]} */ ([["l1", 0, "blue", "λ₁"], ["l2", 90, "slate", "λ₂"]])) {
    /** @param {number} angle @param {number} curvature */
    const shape = (angle, curvature) => it.set({ angle: ((Math.round(angle) + 540) % 360) - 180, [field]: Math.round(10 * curvature) / 10 });
    plane.handle({
      at: () => {
        const reach = REACH / Math.sqrt(state[field]);
        return quarter ? turned(0, reach) : turned(reach, 0);
      },
      drag: (x, y) => shape((Math.atan2(y, x) * 180) / Math.PI - quarter, REACH ** 2 / (x * x + y * y)),
      key: (x, y, far) => shape(state.angle + x * (far ? 15 : 1), state[field] - (y * (far ? 10 : 1)) / 10),
      label: say(`椭圆的轴 ${letter}`, `axis ${letter} of the ellipse`),
      value: () => `${state.angle}°, ${letter} = ${write(state[field])}`,
      color,
      hint: !quarter,
    });
  }
  const move = (/** @type {number} */ x, /** @type {number} */ y) => it.set({ x: Math.round(10 * x) / 10, y: Math.round(10 * y) / 10 });
  plane.handle({
    at: () => [state.x, state.y],
    drag: move,
    key: (x, y, far) => move(state.x + (x * (far ? 10 : 1)) / 10, state.y + (y * (far ? 10 : 1)) / 10),
    label: say("起点", "start"),
    value: () => `(${write(state.x)}, ${write(state.y)})`,
    color: "orange",
  });
  it.slider("eta", "η", say("学习率 η", "learning rate η"), (value) => write(Math.round(1000 * value) / 1000));
  it.guessed("best-eta", (eta) => it.set({ eta }));

  it.draw(() => {
    const { angle, l1, l2, eta, x, y } = state;
    const { last, ...path } = book.descents.descend({ objective: /** @type {Objective} */ ({ run }),
      optimizer: book.gdcore.OPTIMIZERS.gradient_descent, parameters: [eta], start: [x, y], steps: STEPS });
    plane.bowl(angle, [l1, l2]);
    const [r1, r2] = [REACH / Math.sqrt(l1), REACH / Math.sqrt(l2)];
    plane.line("level", Array.from({ length: 121 }, (_, i) => (i * Math.PI) / 60).map((t) => turned(r1 * Math.cos(t), r2 * Math.sin(t))), { color: "ink" });
    plane.line("axis 1", [turned(-r1, 0), turned(r1, 0)], { color: "blue" });
    plane.line("axis 2", [turned(0, -r2), turned(0, r2)], { color: "slate" });
    const points = Array.from({ length: last + 1 }, (_, k) => [path.x[k], path.y[k]]);
    plane.line("path", points, { color: "orange" });
    plane.dots("iterates", points, { color: "orange" });
    plane.text("minimizer", [0, 0], "★", { anchor: "middle", dx: 0, dy: 5 });
    const leaves = [l1, l2].map((curvature) => Math.abs(1 - eta * curvature));
    leaves.forEach((left, i) => {
      const [color, letter] = [["blue", "λ₁"], ["slate", "λ₂"]][i];
      const at = 0.85 + 1.3 * i;
      bars.line(letter, [[at - 0.4, 0], [at - 0.4, left], [at + 0.4, left], [at + 0.4, 0]], { color, fill: color, width: 2 });
      bars.text(`name ${letter}`, [at, 0], `|1 − η${letter}|`, { anchor: "middle", dx: 0, dy: 18 });
      bars.text(`value ${letter}`, [at, left > 0.85 && left < 1 ? 1 : Math.min(left, 2)], write(left), { anchor: "middle", dx: 0 });
    });
    bars.line("one", [[0, 1], [3, 1]], { dash: "5 4", width: 1.2 });
    const worst = write(Math.max(...leaves));
    const [from, to] = [Math.hypot(x, y), Math.hypot(path.x[last], path.y[last])];
    it.tell(say(
      `从最坏的起点出发，每走一步，到最小值点的距离变为 ${worst} 倍。${from ? `图中这条路走完 ${last} 步，距离变为 ${write(to / from)} 倍。` : ""}`,
      `From the worst start, each step multiplies the distance to the minimizer by ${worst}. ${from ? `The ${last} steps of this path multiply it by ${write(to / from)}.` : ""}`));
  });
});
