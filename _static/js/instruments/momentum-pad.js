// Momentum: a point of the plane of ηλ and β, the two roots that it stands for, and what becomes of the
// error step by step, one after the other. Uses parabola, momentum, gradient_descent, ground.

book.instrument("momentum-pad", (it) => {
  const { say, write } = it;
  const { OBJECTIVES, OPTIMIZERS } = book.gdcore;
  const [STEPS, WIDE] = [30, 1.5];
  const state = it.has({
    eta: { start: 0.25, low: 0.01, high: 4.3 }, // at curvature 1, so it is ηλ
    beta: { start: 0.9, low: -1.05, high: 1.05 },
  });
  /** The roots of z² − (1 + β − ηλ) z + β, the larger first. @param {number} eta @param {number} beta @returns {[Spot, Spot]} */
  const rootsOf = (eta, beta) => {
    const half = (1 + beta - eta) / 2;
    const inside = half * half - beta;
    if (inside < 0) return [[half, Math.sqrt(-inside)], [half, -Math.sqrt(-inside)]];
    const far = half + (half < 0 ? -1 : 1) * Math.sqrt(inside);
    return [[far, 0], [far && beta / far, 0]];
  };
  /** @param {number} eta @param {number} beta */
  const radius = (eta, beta) => Math.hypot(...rootsOf(eta, beta)[0]);
  /** Where both roots are one. @param {number} eta */
  const doubleAt = (eta) => (1 - Math.sqrt(eta)) ** 2;
  /** Move the point; within `near` it stops at the double root. @param {number} eta @param {number} beta @param {number} near */
  const move = (eta, beta, near) => {
    const double = doubleAt(Math.max(eta, 0));
    it.set({ eta, beta: Math.abs(beta - double) < near && double < 1 ? double : beta });
  };
  /** The root and its conjugate: β = |z|², ηλ = |1 − z|². @param {number} re @param {number} im */
  const turn = (re, im) => it.set({ eta: (1 - re) ** 2 + im * im, beta: re * re + im * im });
  /** The errors from x = 1 at rest: x² has the curvature 2. @param {Optimizer} optimizer @param {number[]} more */
  const errors = (optimizer, ...more) => {
    const { x, last } = book.descents.descend({ objective: OBJECTIVES.parabola, optimizer,
      parameters: [state.eta / 2, ...more], start: [1, 0], steps: STEPS });
    return [...x.subarray(0, last + 1)];
  };
  const pad = it.plot({
    label: say("横轴 ηλ，纵轴 β：稳定的三角形，里面的一点", "ηλ across, β up: the triangle of stability and a point in it"),
    axes: () => ({ x: [-0.1, 4.3], y: [-1.05, 1.05], across: "ηλ", up: say("① 选 ηλ 和 β", "① choose ηλ and β") }),
    ratio: 0.95,
  });
  pad.handle({
    at: () => [state.eta, state.beta],
    drag: (eta, beta) => move(eta, beta, 0.015),
    key: (x, y, far) => move(state.eta + x * (far ? 0.5 : 0.05), state.beta + y * (far ? 0.1 : 0.01), 0.004),
    label: say("ηλ 和 β", "ηλ and β"),
    value: () => `${write(state.eta, 3)}, ${write(state.beta, 3)}`,
    color: "green", hint: true, anywhere: true,
  });
  const circle = it.plot({
    label: say("单位圆，里面是两个根", "the unit circle with the two roots"),
    axes: () => ({ x: [-WIDE, WIDE], y: [-WIDE, WIDE], equal: true, bare: true }),
    share: 0.8,
  });
  circle.handle({
    at: () => rootsOf(state.eta, state.beta)[0],
    drag: (re, im) => turn(re, Math.abs(im) < 0.06 ? 0 : im),
    key: (x, y, far) => {
      const [re, im] = rootsOf(state.eta, state.beta)[0];
      turn(re + x * (far ? 0.1 : 0.02), Math.max(im + y * (far ? 0.1 : 0.02), 0));
    },
    label: say("较大的根", "the larger root"),
    value: () => rootsOf(state.eta, state.beta)[0].map((v) => write(v, 3)).join(" + ") + " i",
    color: "green",
  });
  const steps = it.plot({
    label: say("误差随步数的变化：动量法和没有动量的", "the error over the steps, with momentum and without"),
    axes: () => ({ x: [0, STEPS], y: [-WIDE, WIDE], across: "k", up: say("③ 误差 xₖ", "③ the error xₖ") }),
    most: 230,
  });
  steps.box.style.flexBasis = "100%";
  const around = Array.from({ length: 97 }, (_, i) => [Math.cos((i * Math.PI) / 48), Math.sin((i * Math.PI) / 48)]);
  const doubles = Array.from({ length: 101 }, (_, i) => [(i / 50) ** 2, doubleAt((i / 50) ** 2)]);
  const cross = [[-2, 0], [2, 0], [0, 0], [0, 2], [0, -2]];

  it.draw(() => {
    const { eta, beta } = state;
    const [z, other] = rootsOf(eta, beta);
    const rho = Math.hypot(...z);
    const double = Math.abs(beta - doubleAt(eta)) < 2e-6; // an address has six digits

    pad.terrain("rho", radius);
    pad.line("border", [[0, -1], [0, 1], [4, 1], [0, -1]], { width: 2.2 });
    pad.line("double", doubles, { dash: "5 4" });
    pad.dots("shrinks", it.values.tried.shrinks, { color: "slate", r: 1.6 });
    pad.put("grows", "path", { stroke: "var(--figure-faint)", d: it.values.tried.grows.map((/** @type {number[]} */ [x, y]) => {
      const [a, b] = pad.place(x, y);
      return `M${book.geometry.said([a - 2, b - 2])}l4 4m0 -4l-4 4`;
    }).join("") });
    pad.dots("plain", [[eta, 0]], { color: "orange", r: 4 });

    const angle = Math.atan2(z[1], z[0]);
    const powers = Array.from({ length: STEPS + 1 }, (_, k) => [rho ** k * Math.cos(k * angle), rho ** k * Math.sin(k * angle)]);
    circle.line("cross", cross, { color: "faint", width: 0.6 });
    circle.line("one", around, { width: 1.2 });
    circle.line("rho", around.map(([a, b]) => [rho * a, rho * b]), { color: "green", width: 1, dash: "3 3" });
    circle.line("way", powers, { color: "green", width: 1, opacity: 0.6 });
    circle.dots("powers", powers, { color: "green", r: 1.8, opacity: 0.6 });
    circle.dots("roots", [z, other], { color: "green", r: 4.5 });
    circle.text("name", [-WIDE, WIDE], say("② 两个根 z", "② the two roots z"), { dx: 4, dy: 16 }).classList.add("name");

    const [ball, plain] = [errors(OPTIMIZERS.momentum, beta), errors(OPTIMIZERS.gradient_descent)];
    steps.line("zero", [[0, 0], [STEPS, 0]], { color: "faint", width: 0.8 });
    for (const [color, xs] of Object.entries({ orange: plain, green: ball })) {
      const over = xs.map((x, k) => [k, x]);
      steps.line(color, over, { color, width: 1.2 });
      steps.dots(`${color} dots`, over, { color, r: 2.2 });
    }
    steps.text("ball name", [STEPS, WIDE], `β = ${write(beta, 3)}`, { color: "green", anchor: "end", dx: -6, dy: 18 });
    steps.text("plain name", [STEPS, -WIDE], "β = 0", { color: "orange", anchor: "end", dx: -6, dy: -8 });

    it.tell([kind(z, other, double), fate(rho), say(`没有动量，则是 |1 − ηλ| = ${write(Math.abs(1 - eta))}。`,
      `Without momentum it is |1 − ηλ| = ${write(Math.abs(1 - eta))}.`)].join(say("", " ")));
  });

  /** What the roots mean. @param {Spot} z @param {Spot} other @param {boolean} double */
  const kind = (z, other, double) => {
    const here = `ηλ = ${write(state.eta)}, β = ${write(state.beta)}`.replace(", ", say("，", ", "));
    if (double) return say(`${here}：重根 ${write(1 - Math.sqrt(state.eta))}，临界，这个 ηλ 没有更快的 β。`,
      `${here}: a double root, ${write(1 - Math.sqrt(state.eta))}. Critical: no β is faster at this ηλ.`);
    if (z[1]) {
      const period = write((2 * Math.PI) / Math.atan2(z[1], z[0]), 3);
      return say(`${here}：两根共轭，来回摆，${period} 步一个周期。`, `${here}: conjugate roots. It swings, ${period} steps a period.`);
    }
    const roots = [z, other].map(([re]) => write(re)).join(say(" 和 ", " and "));
    const sum = 1 + state.beta - state.eta;
    if (Math.abs(sum) < 1e-9) return say(`${here}：实根 ${roots}，一样大。`, `${here}: real roots, ${roots}, of one size.`);
    return sum > 0 ? say(`${here}：实根 ${roots}，到后来只在一边爬。`, `${here}: real roots, ${roots}. In the end it creeps, on one side.`)
      : say(`${here}：实根 ${roots}，到后来每步换一边。`, `${here}: real roots, ${roots}. In the end it changes sides at every step.`);
  };
  /** What becomes of the error. @param {number} rho */
  const fate = (rho) => {
    const size = `ρ = ${write(rho)}`;
    if (Math.abs(rho - 1) < 1e-6) return say(`${size}，正在边界上，误差不消失。`, `${size}, just on the border: the error does not vanish.`);
    return rho < 1 ? say(`长远看，误差平均每步乘以 ${size}。`, `In the long run a step multiplies the error by ${size} on average.`)
      : say(`${size} 大于 1，越走越远。`, `${size} is above 1: it is thrown out.`);
  };
  it.guessed("fastest-beta", (beta) => it.set({ eta: 0.25, beta }));
});
