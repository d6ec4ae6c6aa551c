// Basins: where the descent from each spot of a square ends, as the learning rate turns and one looks
// closer, and the way from one spot. The map is computed in single precision by the reader's graphics
// or, where these cannot, in double precision and coarser; the way always in double precision.
// Uses himmelblau, six_hump_camel, styblinski_tang, gradient_descent, glsl, outcomes, words, ends.

book.instrument("basins", (it) => {
  const { say, write, clamp } = it;
  const { OBJECTIVES, OPTIMIZERS } = book.gdcore;
  const { AT_REST_ON_MAP: tol, ending, limitOf } = book.outcomes;
  const words = book.words(say);
  const optimizer = OPTIMIZERS.gradient_descent;
  const steps = 400;
  const CLOSEST = 0.004; // the least width of a view: there a pixel is 17 steps of single precision
  // Of each objective: half the width of its square, the rates, and a spot to begin with.
  /** @type {Record<string, { half: number, eta: number, most: number, x: number, y: number }>} */
  const FIRST = {
    himmelblau: { half: 6.5, eta: 0.0015, most: 0.036, x: -4.5, y: 5.5 },
    six_hump_camel: { half: 2.2, eta: 0.005, most: 0.2, x: -1.1, y: 1.7 },
    styblinski_tang: { half: 5, eta: 0.01, most: 0.08, x: -4.5, y: 1 },
  };
  const half = () => FIRST[state.objective].half;
  const within = (/** @type {number} */ start) => ({ start, get low() { return -half(); }, get high() { return half(); } });
  const state = it.has({
    objective: { start: "himmelblau", choices: Object.keys(FIRST) },
    eta: { start: FIRST.himmelblau.eta, low: 0.001, get high() { return FIRST[state.objective].most; }, step: 0.0001 },
    x: within(FIRST.himmelblau.x),
    y: within(FIRST.himmelblau.y),
    width: { start: 13, low: CLOSEST, get high() { return 2 * half(); } },
    u: within(0), // the middle of the view
    v: within(0),
  });
  const limits = () => /** @type {Interval[]} */ ([state.u, state.v].map((c) => [c - state.width / 2, c + state.width / 2]));
  const setting = () => ({ objective: OBJECTIVES[state.objective], optimizer, parameters: [state.eta], steps, tol });

  // The view --------------------------------------------------------------------------------------

  const plot = it.plot({
    label: say("平面上的盆地图：每一点的颜色是从那里下降的终点", "A map of basins: the color of each spot is where the descent from there ends"),
    axes: () => ({ x: limits()[0], y: limits()[1], equal: true, across: "x₁", up: "x₂" }),
    most: 540,
  });
  /** @param {number} u @param {number} v @param {number} width */
  const look = (u, v, width) => {
    const w = clamp(width, CLOSEST, 2 * half());
    const [most, before] = [half() - w / 2, state.width];
    it.set({ u: clamp(u, -most, most), v: clamp(v, -most, most), width: w });
    return w !== before;
  };
  /** Look closer at a spot, which stays where it is. @param {number} times @param {number} x @param {number} y */
  const zoom = (times, x, y) => {
    const ratio = clamp(state.width / times, CLOSEST, 2 * half()) / state.width;
    return look(x + (state.u - x) * ratio, y + (state.v - y) * ratio, state.width * ratio);
  };
  /** The chosen spot where it is in view, else the middle. */
  const watched = () => ([state.x, state.y].every((c, i) => Math.abs(c - [state.u, state.v][i]) <= state.width / 2)
    ? [state.x, state.y] : [state.u, state.v]);
  const closer = (/** @type {number} */ times) => zoom(times, watched()[0], watched()[1]);

  const hand = plot.handle({
    at: () => [state.x, state.y],
    drag: (x, y) => it.set({ x, y }),
    label: say("起点", "Start"),
    key: (across, up, far) => {
      const [x, y] = [state.x + (across * state.width) / (far ? 10 : 100), state.y + (up * state.width) / (far ? 10 : 100)];
      it.set({ x, y });
      const [u, v] = watched(); // the view goes along
      if (u !== state.x || v !== state.y) look(x, y, state.width);
    },
    value: () => pointOf(state.x, state.y),
    hint: true,
  });
  /** @type {number[] | undefined} */
  let hovered;
  /** @type {Map<number, { across: number, down: number }>} */
  const fingers = new Map();
  let moved = 0;
  /** The point at a spot of the drawing, as the view is by now. @param {{ across: number, down: number }} spot @returns {[number, number]} */
  const pointAt = ({ across, down }) => {
    const { left, top, right, bottom } = plot.size();
    return [state.u + ((across - left) / (right - left) - 0.5) * state.width, state.v - ((down - top) / (bottom - top) - 0.5) * state.width];
  };
  /** @param {PointerEvent | WheelEvent} event */
  const spotOf = (event) => {
    const { x: across, y: down } = book.hands.spotIn(plot.picture, event);
    const { left, top, right, bottom } = plot.size();
    return { across, down, inside: across >= left && across <= right && down >= top && down <= bottom };
  };
  plot.picture.addEventListener("pointerdown", (event) => {
    const spot = spotOf(event);
    if (event.button || !spot.inside || (event.target instanceof Element && event.target.closest(".instrument-handle"))) return;
    fingers.set(event.pointerId, spot);
    plot.picture.setPointerCapture(event.pointerId);
    hand.focus({ preventScroll: true });
    if (fingers.size === 1) moved = 0;
    event.preventDefault();
  });
  plot.picture.addEventListener("pointermove", (event) => {
    const [spot, before] = [spotOf(event), fingers.get(event.pointerId)];
    hovered = event.pointerType === "mouse" && !event.buttons && spot.inside ? pointAt(spot) : undefined;
    if (!before) return it.refresh();
    fingers.set(event.pointerId, spot);
    moved += Math.hypot(spot.across - before.across, spot.down - before.down);
    if (moved < 4) return;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    const [[a, b], [c, d]] = [pointAt(before), pointAt(spot)];
    if (!other) return void look(state.u + a - c, state.v + b - d, state.width);
    // Of two fingers one moves at a time: what is under the other stays.
    const apart = (/** @type {{ across: number, down: number }} */ one) => Math.hypot(one.across - other.across, one.down - other.down);
    const [x, y] = pointAt(other);
    zoom(apart(spot) / Math.max(apart(before), 1), x, y);
  });
  for (const end of ["pointerup", "pointercancel"]) plot.picture.addEventListener(end, (event) => {
    if (!(event instanceof PointerEvent) || !fingers.delete(event.pointerId) || moved >= 4 || end === "pointercancel") return;
    const [x, y] = pointAt(spotOf(event));
    it.set({ x, y });
  });
  plot.picture.addEventListener("pointerleave", () => { hovered = undefined; it.refresh(); });
  plot.picture.addEventListener("wheel", (event) => {
    // A page goes on being scrolled, unless the reader has touched the map before.
    const spot = spotOf(event);
    if (!spot.inside || !(event.ctrlKey || plot.box.contains(document.activeElement))) return;
    if (zoom(Math.exp(-clamp(event.deltaY, -100, 100) / (event.ctrlKey ? 60 : 300)), ...pointAt(spot))) event.preventDefault();
  }, { passive: false });
  plot.box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !"+=-_".includes(event.key)) return;
    closer("+=".includes(event.key) ? 1.5 : 1 / 1.5);
    event.preventDefault();
  });

  it.slider("eta", "η", say("学习率 η", "learning rate η"));
  it.choice("objective", "f", Object.keys(FIRST).map((name) => [name, OBJECTIVES[name].title]));
  it.button("+", () => closer(2)).ariaLabel = say("放大", "Zoom in");
  it.button("−", () => closer(0.5)).ariaLabel = say("缩小", "Zoom out");
  const map = book.ends(it, plot, setting, limits);
  it.guessed("first-islands", (thousandths) => it.set({ eta: thousandths / 1000 }));

  const pointOf = (/** @type {number} */ x, /** @type {number} */ y) => {
    const digits = 3 + Math.max(0, Math.ceil(Math.log10((2 * half()) / state.width)));
    return `(${write(x, digits)}, ${write(y, digits)})`;
  };
  let [named, numbers] = ["", ""];
  it.draw(() => {
    const { objective: name, eta, x, y, u, v, width } = state;
    const now = [eta, x, y, u, v, width].join();
    if (named && name !== named && now === numbers) { // a chip: begin anew there
      const { half: h, ...first } = FIRST[name];
      it.set({ eta: first.eta, x: first.x, y: first.y, u: 0, v: 0, width: 2 * h });
    }
    [named, numbers] = [name, now];
    plot.picture.style.touchAction = width < 2 * half() ? "none" : "pan-y";
    const objective = OBJECTIVES[name];
    const [a, b] = hovered ?? [x, y];
    const run = book.descents.descend({ ...setting(), start: [a, b] });
    const way = Array.from({ length: run.last + 1 }, (_, k) => [run.x[k], run.y[k]]);
    plot.line("way", way, { color: "ink", width: 1 });
    plot.dots("iterates", way, { color: "ink", r: 2 });
    objective.minimizers.forEach((m, i) => {
      const inView = m.every((c, j) => Math.abs(c - [u, v][j]) <= width / 2);
      if (inView) plot.text(`minimizer ${i}`, m, eta < (limitOf(objective, i) ?? 0) ? "★" : "×", { anchor: "middle", dx: 0, dy: 5 });
    });
    map.show();
    const end = words.ends(ending(setting())(a, b), objective);
    it.tell(say(
      `η = ${write(eta)}。从 ${pointOf(a, b)} 出发，走了 ${run.last} 步，${end}。★ 是留得住人的最小值点，× 留不住。`,
      `η = ${write(eta)}. From ${pointOf(a, b)}, after ${run.last} steps: ${end}. Minimizers that hold are marked ★, those that do not ×.`));
  });
});
