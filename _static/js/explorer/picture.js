// What stands on the landscape: the paths of descents and their dots, where they left the picture, the
// start and the first step's arrow, and the forces at the step at hand. A unit of the drawing is a pixel.

/** @param {ReturnType<typeof book.controls.make>} controls */
book.picture = ({ over, clip, inside, ticks, exits, frame, shaft, handle, tip, dragMe }) => {
  const { svg } = book.page;
  const { clamp, write } = book.numbers;
  const { line, visible, arrow } = book.geometry;
  const { apart } = book.thin;

  const curve = svg("path", { class: "explorer-curve" }, inside);
  const tangent = svg("path", { class: "explorer-tangent" }, inside);
  const stars = svg("path", { class: "explorer-stars" }, inside);
  const walkers = Object.entries(book.gdcore.METHOD_LOOKS).map(([name, [color, dash]]) => {
    const stroke = `var(--figure-${color})`;
    return { name, stroke,
      way: svg("path", { stroke, fill: "none", "stroke-width": 1.8, "stroke-dasharray": dash }, inside),
      dots: svg("path", { class: "explorer-dots", style: `stroke: ${stroke}` }, inside),
      ring: svg("circle", { r: 0, class: "explorer-lit", style: `stroke: ${stroke}` }, inside),
      dot: svg("circle", { r: 6, fill: stroke, class: "explorer-dot", "data-method": name }, inside),
      /** @type {unknown[]} */ drawn: [], seen: true };
  });
  const forces = ["memory", "pull", "step"].map((part) => svg("path", { class: `explorer-force ${part}` }, inside));

  /** A number of a path, to a tenth of a pixel. @param {number} c */
  const tenth = (c) => Math.round(10 * c) / 10;
  /** @param {Spot} spot @returns {Spot} */
  const held = ([x, y], most = 1e4) => [clamp(x, -most, most), clamp(y, -most, most)];

  /** What of a line lies in a box. @param {Spot[]} spots @param {Interval[]} box */
  const trace = (spots, [[left, right], [top, bottom]]) => {
    let way = "";
    let joined = false; // whether the line so far ends where this segment begins
    let [x, y] = spots[0];
    let within = x >= left && x <= right && y >= top && y <= bottom;
    for (const i of apart(spots, 0.1)) {
      if (!i) continue;
      const [u, v] = spots[i];
      const inside = u >= left && u <= right && v >= top && v <= bottom;
      if (within && inside) {
        way += (joined ? "L" : `M${tenth(x)} ${tenth(y)}L`) + `${tenth(u)} ${tenth(v)}`;
      } else {
        const part = visible([x, y], [u, v], [[left, right], [top, bottom]]);
        if (part) way += `M${part[0].map(tenth).join(" ")}L${part[1].map(tenth).join(" ")}`;
      }
      joined = inside;
      within = inside;
      [x, y] = [u, v];
    }
    return way;
  };

  /**
   * Where a path left the picture: an arrow at the edge, and the step at which it was outside.
   * @param {string} color
   * @param {Spot} a
   * @param {Spot} b
   * @param {number} k
   * @param {Interval[]} box of the picture as it was
   * @param {Interval[]} whole
   */
  const drawExit = (color, a, b, k, box, whole) => {
    const [, end] = visible(a, b, box) || [a, a];
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    const [u, v] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
    const [x, y] = end;
    svg("path", { d: line([end, [x - 11 * u - 5 * v, y - 11 * v + 5 * u], [x - 11 * u + 5 * v, y - 11 * v - 5 * u]]) + "Z",
      fill: color }, exits);
    // Its words stand beside it, rather on the side of the middle, where no others are.
    const [[left, right], [top, bottom]] = box;
    const side = Math.sign((left + right - 2 * x) * -v + (top + bottom - 2 * y) * u) || 1;
    const down = y > (top + bottom) / 2 ? -19 : 19;
    const edges = /** @type {Interval[]} */ ([[34, whole[0][1] - 34], [11, whole[1][1] - 11]]);
    const spots = [0, 1, 2, 3, 4, 5].flatMap((row) => [side, -side].map((side) => [
      clamp(x - 11 * u - 38 * side * v, ...edges[0]),
      clamp(clamp(y - 11 * v + 20 * side * u, ...edges[1]) + row * down, ...edges[1])]));
    const taken = [...exits.querySelectorAll("text")].map((text) => [text.x, text.y].map((c) => c.baseVal[0].value));
    const [across, up] = spots.find(([p, q]) => taken.every(([r, s]) => Math.abs(p - r) > 66 || Math.abs(q - s) > 18))
      || spots[0];
    svg("text", { x: across, y: up, style: `--walker: ${color}` }, exits).textContent = `k = ${k}`;
  };

  /** Round numbers within an interval, about so many. @param {number} low @param {number} high @param {number} count */
  const round = (low, high, count) => {
    const rough = (high - low) / count;
    const ten = 10 ** Math.floor(Math.log10(rough));
    const by = ten * ([1, 2, 5].find((m) => m * ten >= rough) ?? 10);
    const from = Math.ceil(low / by);
    return Array.from({ length: Math.floor(high / by) - from + 1 }, (_, i) => Number(((from + i) * by).toPrecision(12)));
  };

  /**
   * What does not change with the descents: curve, minimizers, numbers at the edges, the frame of the
   * picture as it was before it was zoomed out.
   * @param {Objective} objective
   * @param {number[]} view
   * @param {number[]} picture the view before
   * @param {ReturnType<typeof book.geometry.scales>} scales
   */
  const lay = (objective, view, picture, { place }) => {
    const { clientWidth: width, clientHeight: height } = over;
    const em = parseFloat(getComputedStyle(over).fontSize);
    over.setAttribute("viewBox", `0 0 ${width} ${height}`);
    over.dataset.view = JSON.stringify(view);
    for (const [name, value] of Object.entries({ width, height })) clip.setAttribute(name, String(value));
    const [x0, x1, y0, y1] = view;
    const out = [0, 0, 0];
    /** @param {number} x */
    const curved = (x) => {
      objective.run(x, 0, out);
      return held(place(x, out[0]));
    };
    const flat = objective.dim === 1;
    curve.setAttribute("d", flat ? line(Array.from({ length: 401 }, (_, i) => curved(x0 + ((x1 - x0) * i) / 400))) : "");
    const five = Array.from({ length: 10 }, (_, i) => [Math.sin((i * Math.PI) / 5), -Math.cos((i * Math.PI) / 5)]
      .map((c) => c * (i % 2 ? 2.8 : 7)));
    stars.setAttribute("d", objective.minimizers.map(([x, y = 0]) => {
      objective.run(x, y, out);
      if (out[0] - objective.minimum > 1e-6) return "";
      const [u, v] = place(x, flat ? out[0] : y);
      return `${line(five.map(([p, q]) => [u + p, v + q]))}Z`;
    }).join(""));
    const [[left, bottom], [right, top]] = [place(picture[0], picture[2]), place(picture[1], picture[3])];
    frame.setAttribute("d", view[1] - view[0] > picture[1] - picture[0]
      ? `M${left} ${bottom}V${top}H${right}V${bottom}Z` : "");
    ticks.replaceChildren();
    for (const x of round(x0, x1, width / 90)) {
      const [u] = place(x, y0);
      if (u > 3 * em && u < width - 3 * em) svg("text", { x: u, y: height - em / 2, "text-anchor": "middle" }, ticks).textContent = write(x);
    }
    svg("text", { x: width - em / 2, y: height - em / 2, "text-anchor": "end" }, ticks).textContent = flat ? "x" : "x₁";
    svg("text", { x: em / 2, y: 4.6 * em }, ticks).textContent = flat ? "f" : "x₂";
    for (const y of round(y0, y1, height / 90)) {
      const [, v] = place(x0, y);
      if (v > 5.8 * em && v < height - 2 * em) svg("text", { x: em / 2, y: v + em / 3 }, ticks).textContent = write(y);
    }
  };

  /**
   * @param {Record<string, Run>} runs
   * @param {State} state
   * @param {Objective} objective
   * @param {number[]} picture
   * @param {ReturnType<typeof book.geometry.scales>} scales
   * @param {(run: Run) => number} exitOf the first step outside of the picture
   * @param {number} [looked] the step that is looked at
   */
  const draw = (runs, { k, watched }, objective, picture, scales, exitOf, looked) => {
    const flat = objective.dim === 1;
    const { place, box } = scales;
    const [[left, bottom], [right, top]] = [place(picture[0], picture[2]), place(picture[1], picture[3])];
    const edges = /** @type {Interval[]} */ ([[left, right], [top, bottom]]);
    /** @param {Run} run @param {number} k */
    const far = (run, k) => held(place(run.x[k], flat ? run.f[k] : run.y[k]), 1e15);

    exits.replaceChildren();
    for (const walker of walkers) {
      const { name, stroke, way, dots, dot, ring } = walker;
      const run = runs[name];
      if (Boolean(run) !== walker.seen) {
        for (const part of [way, dots, dot, ring]) part.style.display = run ? "" : "none";
        walker.seen = Boolean(run);
      }
      if (!run) continue;
      const at = Math.min(k, run.last);
      const same = [run, at, scales].every((it, i) => it === walker.drawn[i]);
      walker.drawn = [run, at, scales];
      if (!same) {
        const spots = Array.from({ length: at + 1 }, (_, i) => far(run, i));
        way.setAttribute("d", trace(spots, box));
        const seen = at > 200 ? apart(spots, 1) : spots.map((_, i) => i);
        dots.setAttribute("d", seen.map((i) => {
          const [x, y] = held(spots[i]);
          return i ? `M${tenth(x)} ${tenth(y)}h0` : "";
        }).join(""));
        const [cx, cy] = held(spots[at]);
        dot.setAttribute("cx", String(cx));
        dot.setAttribute("cy", String(cy));
      }
      dot.classList.toggle("watched", name === watched);
      const [cx, cy] = held(far(run, Math.min(looked ?? 0, run.last)));
      ring.setAttribute("r", looked === undefined ? "0" : "9");
      ring.setAttribute("cx", String(cx));
      ring.setAttribute("cy", String(cy));
      const exit = exitOf(run);
      if (exit <= at) drawExit(stroke, far(run, exit - 1), far(run, exit), exit, edges, box);
    }
  };

  /**
   * The start, with the arrow of the first step, whose end is to be dragged.
   * @param {Objective} objective
   * @param {number[]} start
   * @param {number[]} first the first step of the method that is watched
   * @param {string} color its
   * @param {ReturnType<typeof book.geometry.scales>} scales
   */
  const begin = (objective, start, first, color, { place, box }) => {
    const out = [0, 0, 0];
    objective.run(start[0], start[1], out);
    const flat = objective.dim === 1;
    const spot = place(start[0], flat ? out[0] : start[1]);
    handle.setAttribute("transform", `translate(${spot.map(tenth).join(" ")})`);
    const end = held(place(start[0] + first[0], flat ? out[0] : start[1] + first[1]));
    const [u, v] = [end[0] - spot[0], end[1] - spot[1]];
    const length = Math.hypot(u, v);
    // The grip lies a little beyond the arrowhead, in its direction, and always in sight.
    const [p, q] = length ? [u / length, v / length] : [1, 0];
    const grip = [end[0] + 22 * p, end[1] + 22 * q].map((c, i) => clamp(c, box[i][0] + 14, box[i][1] - 14));
    tip.setAttribute("transform", `translate(${grip.map(tenth).join(" ")})`);
    tip.dataset.tip = end.map(tenth).join(" ");
    tip.style.setProperty("--walker", color);
    tip.style.display = length ? "" : "none";
    shaft.setAttribute("d", arrow(spot, u, v));
    const toRight = spot[0] < box[0][1] - 110;
    dragMe.setAttribute("x", String(spot[0] + (toRight ? 18 : -18)));
    dragMe.setAttribute("y", String(spot[1] + (v > 0 ? -12 : 22)));
    dragMe.setAttribute("text-anchor", toRight ? "start" : "end");
  };

  /**
   * The three arrows at the step at hand: memory after pull, and their sum. Small ones are drawn larger,
   * by the factor that is returned.
   * @param {Run} run
   * @param {number} at
   * @param {Forces | undefined} at_it
   * @param {Objective} objective
   * @param {Interval[]} limits
   * @param {ReturnType<typeof book.geometry.scales>} scales
   */
  const push = (run, at, at_it, objective, limits, { place }) => {
    const flat = objective.dim === 1;
    tangent.setAttribute("d", flat ? line(limits[0].map((u) =>
      held(place(u, run.f[at] + run.gx[at] * (u - run.x[at]))))) : "");
    for (const path of forces) path.setAttribute("d", "");
    if (!at_it) return 1;
    const here = held(place(run.x[at], flat ? run.f[at] : run.y[at]));
    const [ox, oy] = place(0, 0);
    const [memory, pull, step] = [at_it.memory, at_it.pull, at_it.step].map(([u, v]) => {
      const [x, y] = place(u, flat ? 0 : v);
      return [x - ox, y - oy];
    });
    const longest = Math.max(...[memory, pull, step].map(([u, v]) => Math.hypot(u, v)));
    if (!(longest < 1e6)) return 1; // nor what SVG cannot write
    const larger = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1].find((times) => longest * times <= 90) ?? 1;
    const apart = flat ? 7 : 0; // in one dimension they would lie on each other
    /** @param {number[]} from @param {number[]} by */
    const drawn = ([x, y], [u, v]) => arrow([x, y], u * larger, v * larger);
    forces[0].setAttribute("d", drawn([here[0] + pull[0] * larger, here[1] + pull[1] * larger - apart], memory));
    forces[1].setAttribute("d", drawn([here[0], here[1] - apart], pull));
    forces[2].setAttribute("d", drawn([here[0], here[1] + apart], step));
    return larger;
  };

  /** The step of a run whose dot is nearest, and how far. @param {Run} run @param {number} upTo */
  const nearest = (run, upTo, /** @type {Objective} */ { dim }, /** @type {ReturnType<typeof book.geometry.scales>} */ { place },
    /** @type {{ x: number, y: number }} */ spot) => {
    let [best, far] = [0, Infinity];
    for (let i = 0; i <= Math.min(upTo, run.last); i++) {
      const [u, v] = place(run.x[i], dim === 1 ? run.f[i] : run.y[i]);
      const away = Math.hypot(u - spot.x, v - spot.y);
      if (away < far) [best, far] = [i, away];
    }
    return { k: best, far };
  };

  return { lay, draw, begin, push, nearest };
};
