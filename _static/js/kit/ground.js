// The terrain of an objective under a plot: five tints, and contours.

/** @typedef {{ put: Function, back: (across: number, down: number) => [number, number], ground: Function,
 *   canvas: HTMLCanvasElement, size: () => { left: number, top: number, right: number, bottom: number } }} Ground */

/**
 * It is computed anew only when the key, the view or the theme changes.
 * @param {Ground} plot
 * @param {string} key says which function it is, in which view
 * @param {(x: number, y: number) => number} f
 */
book.ground = (plot, key, f) => {
  const now = [key, document.documentElement.dataset.theme].join();
  const levels = [0.01, 0.04, 0.09, 0.16, 0.26, 0.38, 0.52, 0.68, 0.84];
  if (plot.canvas.dataset.shows === now) return levels.forEach((_, i) => plot.put(`terrain ${i}`, "path", {}));
  plot.canvas.dataset.shows = now;
  const { left, top, right, bottom } = plot.size();
  const side = 96;
  const grid = Float64Array.from({ length: (side + 1) ** 2 }, (_, i) =>
    f(...plot.back(left + ((i % (side + 1)) / side) * (right - left), top + (Math.floor(i / (side + 1)) / side) * (bottom - top))));
  const sorted = Float64Array.from(grid).sort();
  const quantile = (/** @type {number} */ q) => sorted[Math.min(sorted.length - 1, Math.round(q * sorted.length))];
  const tints = [0.2, 0.4, 0.6, 0.8].map(quantile);
  const { canvas, pen } = plot.ground();
  const rgba = [1, 2, 3, 4, 5].map((i) =>
    [...(book.page.colorOf(`var(--figure-terrain${i})`, canvas).match(/\d+/g)?.map(Number) ?? [0, 0, 0]), 255]);
  const small = new OffscreenCanvas(2 * side, 2 * side);
  const image = new ImageData(2 * side, 2 * side);
  for (let i = 0; i < 4 * side * side; i++) {
    const [u, v] = [((i % (2 * side)) + 0.5) / 2, (Math.floor(i / (2 * side)) + 0.5) / 2];
    const [a, b] = [Math.floor(u), Math.floor(v)];
    const at = (/** @type {number} */ p, /** @type {number} */ q) => grid[q * (side + 1) + p];
    const value = (at(a, b) * (a + 1 - u) + at(a + 1, b) * (u - a)) * (b + 1 - v) + (at(a, b + 1) * (a + 1 - u) + at(a + 1, b + 1) * (u - a)) * (v - b);
    let tint = 0;
    while (value > tints[tint]) tint++;
    image.data.set(rgba[tint], 4 * i);
  }
  small.getContext("2d")?.putImageData(image, 0, 0);
  pen?.drawImage(small, 0, 0, canvas.width, canvas.height);
  for (const [i, q] of levels.entries()) {
    const way = book.geometry.contour(grid, side, quantile(q)).map(([a, b]) => `M${[a, b].map(([u, v]) =>
      book.geometry.said([left + (u / side) * (right - left), top + (v / side) * (bottom - top)])).join("L")}`);
    plot.put(`terrain ${i}`, "path", { d: way.join(""), fill: "none", stroke: "var(--figure-contour)", "stroke-width": 0.6 });
  }
};
