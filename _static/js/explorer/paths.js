// The paths of descents on a landscape: their lines, their dots, where they left the picture, and the
// slope where they are.

/**
 * @param {ReturnType<typeof book.controls.make>} controls
 */
book.paths = ({ inside, exits, handle }) => {
  const { svg } = book.page;
  const { clamp } = book.numbers;
  const { said, line, visible, trace, arrow } = book.geometry;

  const tangent = svg("path", { class: "explorer-tangent" }, inside);
  const walkers = Object.entries(book.gdcore.METHOD_LOOKS).map(([name, [color, dash]]) => {
    const stroke = `var(--figure-${color})`;
    return { name, stroke,
      way: svg("path", { stroke, fill: "none", "stroke-width": 1.8, "stroke-dasharray": dash }, inside),
      dots: svg("path", { class: "explorer-dots", style: `stroke: ${stroke}` }, inside),
      dot: svg("circle", { r: 4.5, fill: stroke }, inside) };
  });
  const parts = ["x", "y", "both"].map((part) => svg("path", { class: `explorer-slope ${part}` }, inside));

  /**
   * Where a path left the picture: an arrow at the edge, and the step at which it was outside.
   * @param {string} color
   * @param {Spot} a
   * @param {Spot} b
   * @param {number} k
   * @param {Interval[]} box
   */
  const drawExit = (color, a, b, k, box) => {
    const [, tip] = visible(a, b, box) || [a, a];
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    const [u, v] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
    const [x, y] = tip;
    svg("path", { d: line([tip, [x - 11 * u - 5 * v, y - 11 * v + 5 * u], [x - 11 * u + 5 * v, y - 11 * v - 5 * u]]) + "Z",
      fill: color }, exits);
    // Its words stand beside it, rather on the side of the middle, where no others are.
    const [[left, right], [top, bottom]] = box;
    const side = Math.sign((left + right - 2 * x) * -v + (top + bottom - 2 * y) * u) || 1;
    const down = y > (top + bottom) / 2 ? -19 : 19;
    const spots = [0, 1, 2, 3, 4, 5].flatMap((row) => [side, -side].map((side) => [
      clamp(x - 11 * u - 38 * side * v, left + 34, right - 34),
      clamp(y - 11 * v + 20 * side * u, top + 11, bottom - 11) + row * down]));
    const taken = [...exits.querySelectorAll("text")].map((text) => [text.x, text.y].map((c) => c.baseVal[0].value));
    const [across, up] = spots.find(([p, q]) => taken.every(([r, s]) => Math.abs(p - r) > 66 || Math.abs(q - s) > 18))
      || spots[0];
    svg("text", { x: across, y: up, style: `--walker: ${color}` }, exits).textContent = `k = ${k}`;
  };

  /**
   * @param {Record<string, Run>} runs
   * @param {State} state
   * @param {Objective} objective
   * @param {Interval[]} limits
   * @param {ReturnType<typeof book.geometry.scales>} scales
   */
  const draw = (runs, { k, start, watched = "" }, objective, limits, { place, box }) => {
    const flat = objective.dim === 1;
    // Where a run stands on the drawing, and as near as SVG can write it.
    /** @param {Run} run @param {number} k */
    const far = (run, k) => held(place(run.x[k], flat ? run.f[k] : run.y[k]), 1e15);
    /** @param {Spot} spot @returns {Spot} */
    const held = ([x, y], most = 1e4) => [clamp(x, -most, most), clamp(y, -most, most)];

    exits.replaceChildren();
    for (const { name, stroke, way, dots, dot } of walkers) {
      const run = runs[name];
      way.style.display = dots.style.display = dot.style.display = run ? "" : "none";
      if (!run) continue;
      const at = Math.min(k, run.last);
      const points = Array.from({ length: at + 1 }, (_, i) => far(run, i));
      way.setAttribute("d", trace(points, box));
      dots.setAttribute("d", points.slice(1).map((spot) => `M${said(held(spot))}h0`).join(""));
      const [cx, cy] = held(points[at]);
      dot.setAttribute("cx", String(cx));
      dot.setAttribute("cy", String(cy));
      const left = points.findIndex((_, i) =>
        limits.some(([low, high], c) => !(low <= [run.x, run.y][c][i] && [run.x, run.y][c][i] <= high)));
      if (left > 0) drawExit(stroke, points[left - 1], points[left], left, box);
    }
    const out = [0, 0, 0];
    objective.run(start[0], start[1], out);
    handle.setAttribute("transform", `translate(${place(start[0], flat ? out[0] : start[1]).join(" ")})`);

    const run = runs[watched];
    for (const path of [...parts, tangent]) path.setAttribute("d", "");
    if (!run) return;
    const at = Math.min(k, run.last);
    if (flat) {
      const ends = limits[0].map((u) => held(place(u, run.f[at] + run.gx[at] * (u - run.x[at]))));
      tangent.setAttribute("d", line(ends));
      return;
    }
    // −∇f and its two parts, a steep one 70 long and a flat one shorter
    const [right, down] = [-run.gx[at], run.gy[at]];
    const length = Math.hypot(right, down);
    const scale = length ? (70 * Math.tanh(Math.log1p(length) / 3)) / length : 0;
    [[right, 0], [0, down], [right, down]].forEach(([u, v], i) =>
      parts[i].setAttribute("d", arrow(held(far(run, at)), u * scale, v * scale)));
  };

  return { draw };
};
