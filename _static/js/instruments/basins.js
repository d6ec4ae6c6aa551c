// Basins: where the descent from each spot of a square ends, as the learning rate turns and one looks
// closer, and the way from one spot. The map is computed in single precision by the reader's graphics
// or, where these cannot, in double precision and coarser; the way always in double precision.
// Uses himmelblau, gradient_descent, glsl, outcomes, ends.

book.instrument("basins", (it) => {
  const { say, write, clamp } = it;
  const { OBJECTIVES: { himmelblau: objective }, OPTIMIZERS: { gradient_descent: optimizer } } = book.gdcore;
  const { AT_REST_ON_MAP: tol, ending, limitOf, inWords } = book.outcomes;
  const steps = 400;
  const HALF = 6.5; // half the width of the square
  const CLOSEST = 0.004; // the least width of a view: there a pixel is 17 steps of single precision
  const within = { low: -HALF, high: HALF };
  const state = it.has({
    eta: { start: 0.0015, low: 0.001, high: 0.036, step: 0.0001 },
    x: { start: -4.5, ...within },
    y: { start: 5.5, ...within },
    width: { start: 2 * HALF, low: CLOSEST, high: 2 * HALF },
    u: { start: 0, ...within }, // the middle of the view
    v: { start: 0, ...within },
  });
  const limits = () => /** @type {Interval[]} */ ([state.u, state.v].map((c) => [c - state.width / 2, c + state.width / 2]));
  const setting = () => ({ objective, optimizer, parameters: [state.eta], steps, tol });

  // The view --------------------------------------------------------------------------------------

  const plot = it.plot({
    label: say("平面上的盆地图：每一点的颜色是从那里下降的终点", "A map of basins: the color of each spot is where the descent from there ends"),
    axes: () => ({ x: limits()[0], y: limits()[1], equal: true, across: "x₁", up: "x₂" }),
    most: 540,
  });
  /** @param {number} u @param {number} v @param {number} width */
  const look = (u, v, width) => {
    const w = clamp(width, CLOSEST, 2 * HALF);
    const most = HALF - w / 2;
    it.set({ u: clamp(u, -most, most), v: clamp(v, -most, most), width: w });
  };
  /** Look closer at a spot, which stays where it is. @param {number} times @param {number[]} spot */
  const zoom = (times, [x, y]) => {
    const ratio = clamp(state.width / times, CLOSEST, 2 * HALF) / state.width;
    look(x + (state.u - x) * ratio, y + (state.v - y) * ratio, state.width * ratio);
  };
  const inView = (/** @type {number[]} */ spot) => spot.every((c, i) => Math.abs(c - [state.u, state.v][i]) <= state.width / 2);
  /** Look closer at the chosen spot where it is in view, else at the middle. @param {number} times */
  const closer = (times) => zoom(times, inView([state.x, state.y]) ? [state.x, state.y] : [state.u, state.v]);

  const hand = plot.handle({
    at: () => [state.x, state.y],
    drag: (x, y) => it.set({ x, y }),
    label: say("起点", "Start"),
    key: (across, up, far) => {
      const one = state.width / (far ? 10 : 100);
      it.set({ x: state.x + across * one, y: state.y + up * one });
      if (!inView([state.x, state.y])) look(state.x, state.y, state.width); // the view goes along
    },
    value: () => pointOf([state.x, state.y]),
    hint: true,
  });
  /** @type {number[] | undefined} */
  let hovered;
  let wheeled = false; // in vain
  /** @type {Map<number, Spot>} */
  const fingers = new Map();
  let moved = 0;
  /** The point at a spot of the drawing, as the view is by now. @param {Spot} spot */
  const pointAt = ([across, down]) => {
    const { left, top, right, bottom } = plot.size();
    return [state.u + ((across - left) / (right - left) - 0.5) * state.width, state.v - ((down - top) / (bottom - top) - 0.5) * state.width];
  };
  /** @param {MouseEvent} event @returns {Spot} */
  const spotOf = (event) => {
    const { x, y } = book.hands.spotIn(plot.picture, event);
    return [x, y];
  };
  /** @param {Spot} a @param {Spot} b */
  const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  plot.picture.addEventListener("pointerdown", (event) => {
    const spot = spotOf(event);
    if (event.button || !inView(pointAt(spot)) || (event.target instanceof Element && event.target.closest(".instrument-handle"))) return;
    fingers.set(event.pointerId, spot);
    plot.picture.setPointerCapture(event.pointerId);
    hand.focus({ preventScroll: true });
    if (fingers.size === 1) moved = 0;
    event.preventDefault();
  });
  plot.picture.addEventListener("pointermove", (event) => {
    const [spot, before] = [spotOf(event), fingers.get(event.pointerId)];
    const point = pointAt(spot);
    hovered = event.pointerType === "mouse" && !event.buttons && inView(point) ? point : undefined;
    if (!before) return it.refresh();
    fingers.set(event.pointerId, spot);
    moved += apart(spot, before);
    if (moved < 4) return;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    const [a, b] = pointAt(before);
    if (!other) return look(state.u + a - point[0], state.v + b - point[1], state.width);
    zoom(apart(spot, other) / Math.max(apart(before, other), 1), pointAt(other)); // one of two moves at a time
  });
  for (const end of ["pointerup", "pointercancel"]) plot.picture.addEventListener(end, (event) => {
    if (!(event instanceof PointerEvent) || !fingers.delete(event.pointerId) || moved >= 4 || end === "pointercancel") return;
    const [x, y] = pointAt(spotOf(event));
    it.set({ x, y });
  });
  plot.picture.addEventListener("pointerleave", () => { hovered = undefined; wheeled = false; it.refresh(); });
  plot.picture.addEventListener("wheel", (event) => {
    // The wheel alone scrolls the page. What two fingers do on a touchpad comes with Ctrl, too.
    const point = pointAt(spotOf(event));
    if (!inView(point)) return;
    wheeled = !(event.ctrlKey || event.metaKey);
    if (wheeled) return it.refresh();
    event.preventDefault();
    zoom(Math.exp(-clamp(event.deltaY, -50, 50) / 80), point);
  }, { passive: false });
  plot.box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !"+=-_".includes(event.key)) return;
    closer("+=".includes(event.key) ? 1.5 : 1 / 1.5);
    event.preventDefault();
  });

  it.slider("eta", "η", say("学习率 η", "learning rate η"), write).parentElement?.style.setProperty("flex-basis", "100%");
  it.button("+", () => closer(2)).ariaLabel = say("放大", "Zoom in");
  it.button("−", () => closer(0.5)).ariaLabel = say("缩小", "Zoom out");
  const map = book.ends(it, plot, setting, limits);
  it.guessed("first-islands", (thousandths) => it.set({ eta: thousandths / 1000 }));

  /** A spot in so many digits as one sees. @param {number[]} spot */
  const pointOf = (spot) => `(${spot.map((c) => write(c, 3 + Math.ceil(Math.log10((2 * HALF) / state.width)))).join(", ")})`;
  it.draw(() => {
    const { eta, width } = state;
    plot.picture.style.touchAction = width < 2 * HALF ? "none" : "pan-y";
    const [a, b] = hovered ?? [state.x, state.y];
    const run = book.descents.descend({ ...setting(), start: [a, b] });
    const way = Array.from({ length: run.last + 1 }, (_, k) => [run.x[k], run.y[k]]);
    plot.line("way", way, { color: "ink", width: 1 });
    plot.dots("iterates", way, { color: "ink", r: 2 });
    const holds = objective.minimizers.map((_, i) => eta < (limitOf(objective, i) ?? 0));
    objective.minimizers.forEach((m, i) => inView(m) && plot.text(`minimizer ${i}`, m, holds[i] ? "★" : "×", { anchor: "middle", dx: 0, dy: 5 }));
    if (wheeled) plot.text("wheel", [state.u, state.v], say("按住 Ctrl 再转滚轮，就放大", "Ctrl + wheel looks closer"), { anchor: "middle", weight: "600" });
    map.show();
    const [end, many] = [inWords(say, ending(setting())(a, b), objective), holds.filter(Boolean).length];
    it.tell(say(
      `η = ${write(eta)}。从 ${pointOf([a, b])} 出发，走了 ${run.last} 步，${end}。四个最小值点里，${many} 个留得住附近的点（★），${4 - many} 个留不住（×）。`,
      `η = ${write(eta)}. From ${pointOf([a, b])}, after ${run.last} steps: ${end}. Minimizers that hold the points around them (★): ${many} of four; that do not (×): ${4 - many}.`));
  });
});
