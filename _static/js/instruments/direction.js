// Many dimensions: an arrow that is turned around a point, the slope that is measured along it, and the
// cosine that the slopes trace. Uses ellipse, ground.

book.instrument("direction", (it) => {
  const { say, write } = it;
  const { run, curvatures } = book.gdcore.OBJECTIVES.ellipse;
  const H = 1e-6; // how far one moves to measure a slope
  const out = [0, 0, 0];
  /** @param {number} x @param {number} y */
  const f = (x, y) => {
    run(x, y, out);
    return out[0];
  };
  /** @param {number} phi in degrees */
  const unit = (phi) => [Math.cos((phi * Math.PI) / 180), Math.sin((phi * Math.PI) / 180)];
  /** @param {number} phi */
  const whole = (phi) => ((Math.round(phi) % 360) + 360) % 360;
  const state = it.has({
    phi: { start: 30, low: 0, high: 360, whole: true },
    x: { start: -2, low: -3, high: 0.5 },
    y: { start: -1, low: -1.5, high: 0.5 },
    fromX: { start: -2, low: -3, high: 0.5 }, // where the point was before it was moved
    fromY: { start: -1, low: -1.5, high: 0.5 },
  });
  const slope = (/** @type {number} */ phi, { x, y } = state) => {
    const [u, v] = unit(phi);
    return (f(x + H * u, y + H * v) - f(x, y)) / H;
  };
  let moving = false; // since the arrow was turned
  /** @param {number[]} to */
  const tenths = (...to) => {
    const [x, y] = to.map((c) => Math.round(10 * c) / 10);
    if (x === state.x && y === state.y) return;
    it.set({ x, y, ...(moving ? {} : { fromX: state.x, fromY: state.y }) });
    moving = true;
  };
  const turn = (/** @type {number} */ phi) => {
    it.set({ phi: whole(phi) });
    moving = false;
  };
  /** @param {number} x @param {number} y @param {boolean} far */
  const byKey = (x, y, far) => turn(state.phi + (x || y) * (far ? 15 : 1));

  const plane = it.plot({
    label: say("椭圆等高线上的一点，和它周围的方向", "A point on elliptic contours, and the directions around it"),
    axes: () => ({ x: [-4.1, 1.6], y: [-2.6, 1.6], equal: true, across: "x₁", up: "x₂" }),
    share: 0.55,
  });
  const chart = it.plot({
    label: say("坡度随方向的变化", "The slope against the direction"),
    axes: () => ({ x: [0, 360], y: [-9.5, 9.5], ticksX: [0, 90, 180, 270, 360], across: "φ (°)", up: "Dᵤf" }),
    ratio: 1,
    most: 270,
    share: 0.45,
  });
  const point = { at: () => [state.x, state.y], value: () => `(${write(state.x)}, ${write(state.y)})` };
  plane.handle({ ...point, drag: tenths, key: (x, y) => tenths(state.x + x / 10, state.y + y / 10), label: say("点", "point") });
  const arrow = { label: say("方向 φ", "direction φ"), field: "phi", key: byKey, value: () => `${state.phi}°` };
  plane.handle({
    ...arrow,
    at: () => unit(state.phi).map((c, i) => c + [state.x, state.y][i]),
    drag: (x, y) => turn((Math.atan2(y - state.y, x - state.x) * 180) / Math.PI),
    color: "orange",
    hint: true,
  });
  chart.handle({ ...arrow, at: () => [state.phi, slope(state.phi)], drag: turn, color: "orange", anywhere: true });
  it.guessed("which-way-is-down", turn);

  // The directions that the arrow has been turned through, which a point keeps as it moves.
  /** @type {Set<number>} */
  const seen = new Set();
  /** @type {number | undefined} */
  let was;
  it.whenReset(() => {
    seen.clear();
    was = undefined;
    moving = false;
  });
  const trace = () => {
    const way = ((state.phi - (was ?? state.phi) + 540) % 360) - 180;
    const many = Math.abs(way) <= 60 ? Math.abs(way) : 0;
    for (let i = 0; i <= many; i++) seen.add(whole(state.phi - Math.sign(way) * i));
    was = state.phi;
  };

  it.draw(() => {
    const { phi, x, y, fromX, fromY } = state;
    trace();
    const slopes = Array.from({ length: 360 }, (_, degree) => slope(degree));
    const steepest = slopes.indexOf(Math.min(...slopes));
    const atRest = x === 0 && y === 0;
    const bottom = whole((Math.atan2(-y, -x) * 180) / Math.PI);
    plane.terrain("ellipse", f);
    const level = (curvatures[0] ?? []).map((/** @type {number} */ curvature) => Math.sqrt((2 * f(x, y)) / curvature));
    plane.line("level", Array.from({ length: 121 }, (_, i) => unit(3 * i).map((c, k) => c * level[k])), { color: "slate" });
    plane.line("toward", [[x, y], [0, 0]], { color: "faint", dash: "5 4", width: 1.2 });
    plane.text("minimizer", [0, 0], "★", { anchor: "middle", dx: 0, dy: 5 });
    chart.line("zero", [[0, 0], [360, 0]], { color: "faint", width: 1 });
    if (!atRest) chart.line("bottom", [[bottom, -9.5], [bottom, 9.5]], { color: "faint", dash: "5 4", width: 1.2 });
    /** @type {Record<string, number[]>} */
    const found = { ink: [], faint: [], blue: [], orange: [] };
    const colorOf = (/** @type {number} */ degree) => {
      if (Math.abs(slopes[degree]) < 1e-5) return "faint";
      if (degree === steepest) return "orange";
      return slopes[degree] < 0 ? "blue" : "ink";
    };
    for (const degree of seen) found[colorOf(degree)].push(degree);
    const other = fromX !== x || fromY !== y ? { x: fromX, y: fromY } : undefined;
    if (other) {
      plane.dots("left", [[other.x, other.y]], { color: "faint", r: 3 });
      chart.dots("slopes left", [...seen].map((degree) => [degree, slope(degree, other)]), { color: "faint", r: 1, opacity: 0.7 });
    }
    for (const [color, degrees] of Object.entries(found)) {
      const r = color === "orange" ? 4 : 2;
      plane.dots(`ring ${color}`, degrees.map((degree) => unit(degree).map((c, i) => c + [x, y][i])), { color, r });
      chart.dots(`slopes ${color}`, degrees.map((degree) => [degree, slopes[degree]]), { color, r });
    }
    const now = whole(phi);
    const [u, v] = unit(phi);
    plane.arrow("arrow", [x, y], [x + 0.86 * u, y + 0.86 * v], { color: colorOf(now), width: 2.4 });
    const before = other ? say(`浅色的曲线是原来那一点 (${write(other.x)}, ${write(other.y)}) 处的坡度。`,
      ` Pale: the slopes at (${write(other.x)}, ${write(other.y)}), where the point was.`) : "";
    if (atRest) return it.tell(say("在最低处，哪个方向都是平的。", "At the bottom it is level in every direction.") + before);
    const height = Math.round(100 * slopes[now]) / 100;
    const [zh, en] = height < 0 ? ["下坡", "downhill"] : height > 0 ? ["上坡", "uphill"] : ["平的", "level"];
    it.tell(say(
      `${now}° 方向的坡度是 ${write(height || 0)}，${zh}。谷底在 ${bottom}° 方向。${now === steepest ? "整度数的方向里，没有更陡的下坡。" : ""}`,
      `At ${now}° the slope is ${write(height || 0)}, ${en}. The bottom lies at ${bottom}°.${now === steepest ? " No whole degree falls faster from here." : ""}`) + before);
  });
});
