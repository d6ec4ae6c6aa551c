// What the explorer must know of a function besides its formulas, found by looking at it in its picture:
// gdcore has it for its own objectives. Nothing here needs a page.

book.ownFacts = (() => {
  const SIDE = 100; // of the grid that is looked at
  const LEVELS = 10;
  const MOST = 100; // minimizers

  /** @typedef {{ limits: Interval[], run: Objective["run"], size?: number }} Plain a function, and where it is looked at */
  /** @typedef {{ x: number, y: number, f: number, slope: number }} Look */

  /** Look at a grid, row by row from below; a slope is that of the steepest ascent. @param {Plain} plain @returns {Look[]} */
  const looks = ({ limits: [[left, right], [low, high]], run }) => {
    const out = [0, 0, 0];
    return Array.from({ length: (SIDE + 1) ** 2 }, (_, i) => {
      const x = left + ((i % (SIDE + 1)) / SIDE) * (right - left);
      const y = low + (Math.floor(i / (SIDE + 1)) / SIDE) * (high - low);
      run(x, y, out);
      return { x, y, f: out[0], slope: Math.hypot(out[1], out[2]) };
    });
  };

  /** Of rising numbers the one that so large a part of them is below. @param {number[]} sorted @param {number} part */
  const quantile = (sorted, part) => {
    const at = part * (sorted.length - 1);
    const below = Math.floor(at);
    const next = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (at - below) * (next - sorted[below]);
  };

  /** The levels of gdcore.draw.landscape, each of which encloses its share; none on level ground. @param {number[]} sorted */
  const levels = (sorted) => {
    const [least, most] = [sorted[0], sorted[sorted.length - 1]];
    if (most - least <= 1e-12 * Math.max(1, Math.abs(least), Math.abs(most))) return [];
    const all = Array.from({ length: LEVELS }, (_, i) => quantile(sorted, 0.97 * (0.1 + (0.9 * i) / (LEVELS - 1)) ** 2));
    return [...new Set(all)];
  };

  /**
   * The second derivatives, by differences of the gradient a part of the picture apart.
   * @param {Plain} plain
   * @param {number} x
   * @param {number} y
   */
  const bends = ({ limits: [[left, right]], run }, x, y, part = 1e-5) => {
    const h = part * (right - left);
    const [a, b, c, d] = [[h, 0], [-h, 0], [0, h], [0, -h]].map(([u, v]) => {
      const out = [0, 0, 0];
      run(x + u, y + v, out);
      return out;
    });
    const [xx, xy, yy] = [a[1] - b[1], (a[2] - b[2] + c[1] - d[1]) / 2, c[2] - d[2]].map((change) => change / (2 * h));
    const middle = (xx + yy) / 2;
    const apart = Math.hypot((xx - yy) / 2, xy);
    return { xx, xy, yy, least: middle - apart, most: middle + apart };
  };

  /**
   * The minimizer that Newton's method, kept going down, reaches from a place; none, if it leaves the
   * picture, or the ground where it ends is not bent upwards both ways. Its curvatures are those of
   * differences, or not known, where they depend on how far apart these are, as at an edge.
   * @param {Plain} plain
   * @param {number} x
   * @param {number} y
   */
  const bottom = (plain, x, y) => {
    const { limits, run } = plain;
    const width = limits[0][1] - limits[0][0];
    const out = [0, 0, 0];
    for (let turn = 0; turn < 100; turn++) {
      run(x, y, out);
      const [f, gx, gy] = out;
      const { xx, xy, yy, least, most } = bends(plain, x, y);
      if (!(Math.abs(f) + Math.abs(least) + Math.abs(most) < Infinity)) return undefined;
      const upright = Math.max(0, 1e-3 * Math.max(Math.abs(most), Math.abs(least)) - least);
      const [a, d] = [xx + upright, yy + upright];
      const det = a * d - xy * xy;
      let [u, v] = det > 0 ? [(xy * gy - d * gx) / det, (xy * gx - a * gy) / det] : [-gx, -gy];
      const long = Math.hypot(u, v) / (0.05 * width);
      if (long > 1) [u, v] = [u / long, v / long];
      if (!(Math.hypot(u, v) > 1e-8 * width)) { // the step after that would be its square
        [x, y] = [x + u, y + v];
        const inside = [x, y].every((c, i) => c >= limits[i][0] && c <= limits[i][1]);
        if (!inside || !(least > 1e-7 * most)) return undefined;
        const further = bends(plain, x, y, 3e-5);
        const same = Math.abs(further.least - least) + Math.abs(further.most - most) <= 0.01 * least;
        return { x, y, f, curvatures: same ? /** @type {Interval} */ ([least, most]) : null };
      }
      let part = 1;
      for (; part > 1e-9; part /= 2) {
        run(x + part * u, y + part * v, out);
        if (out[0] <= f) break;
      }
      if (part <= 1e-9) part = Math.hypot(u, v) < 1e-7 * width ? 1 : NaN; // f has no more digits, or no smooth ground
      [x, y] = [x + part * u, y + part * v];
    }
    return undefined;
  };

  /** The minimizers in the picture, as far as they are found from the lowest places of the grid. @param {Plain} plain @param {Look[]} grid */
  const minimizers = (plain, grid) => {
    const width = plain.limits[0][1] - plain.limits[0][0];
    const around = [-SIDE - 2, -SIDE - 1, -SIDE, -1, 1, SIDE, SIDE + 1, SIDE + 2];
    const lows = grid.filter(({ f }, i) => {
      const column = i % (SIDE + 1);
      return column && column < SIDE && around.every((j) => f <= grid[i + j]?.f);
    }).sort((one, other) => one.f - other.f).slice(0, 4 * MOST);
    /** @type {NonNullable<ReturnType<typeof bottom>>[]} */
    const found = [];
    for (const { x, y } of lows) {
      const one = bottom(plain, x, y);
      if (one && found.every((other) => Math.hypot(one.x - other.x, one.y - other.y) > 1e-3 * width)) found.push(one);
    }
    return found.sort((one, other) => one.f - other.f).slice(0, MOST);
  };

  /**
   * A learning rate for plain descent: the first of 10, 5, 2, 1, 0.5, … at which for thirty steps f does
   * not rise and no step is longer than a tenth of the picture.
   * @param {Plain} plain
   * @param {number[]} start
   */
  const rate = ({ limits: [[left, right]], run }, start) => {
    const out = [0, 0, 0];
    const fits = (/** @type {number} */ eta) => {
      let [x, y] = start;
      let before = Infinity;
      for (let k = 0; k <= 30; k++) {
        run(x, y, out);
        const [u, v] = [-eta * out[1], -eta * out[2]];
        if (!(out[0] <= before && Math.hypot(u, v) <= 0.1 * (right - left))) return false;
        [x, y, before] = [x + u, y + v, out[0]];
      }
      return true;
    };
    const all = Array.from({ length: 19 }, (_, i) => Number(`${[1, 5, 2][i % 3]}e${1 - Math.ceil(i / 3)}`));
    return all.find(fits) ?? 1e-5;
  };

  /**
   * All of it; nothing, if no f in the picture is a number.
   * @param {Plain} plain
   */
  const know = (plain) => {
    const [[left, right], [low, high]] = plain.limits;
    const width = right - left;
    const grid = looks(plain);
    const known = grid.filter(({ f, slope }) => 0 * f + 0 * slope === 0);
    if (!known.length) return undefined;
    const sorted = known.map(({ f }) => f).sort((one, other) => one - other);
    const wished = [left + 0.9 * width, low + 0.8 * (high - low)];
    const begin = known.reduce((best, one) =>
      Math.hypot(one.x - wished[0], one.y - wished[1]) < Math.hypot(best.x - wished[0], best.y - wished[1]) ? one : best);
    const start = [begin.x, begin.y].map((c) => Number(c.toPrecision(6)));
    const found = minimizers(plain, grid);
    const minimum = Math.min(sorted[0], found[0]?.f ?? Infinity);
    const eta = rate(plain, start);
    // As in press/ext/figures/javascript.py.
    const rates = { gradient_descent: eta, momentum: 0.2 * eta, nesterov: 0.2 * eta, adagrad: 0.1 * width, rmsprop: 0.01 * width,
      adadelta: 1, adam: 0.02 * width, adamw: 0.02 * width, lion: 0.01 * width };
    const fall = (begin.f - minimum || sorted[sorted.length - 1] - minimum || 1) / 5;
    const ten = 10 ** Math.floor(Math.log10(fall));
    return {
      dim: 2,
      limits: plain.limits,
      levels: levels(sorted),
      start,
      rates: Object.fromEntries(Object.entries(rates).map(([name, value]) => [name, Number(value.toPrecision(2))])),
      minimizers: found.map((one) => [one.x, one.y].map((c) => Number((Math.round(c / width * 1e9) / 1e9 * width).toPrecision(12)))),
      curvatures: found.map(({ curvatures }) => curvatures),
      minimum,
      near: 1e-3 * width,
      unit: ten * ([5, 2].find((times) => times * ten <= fall) ?? 1),
      blank: 1 - known.length / grid.length,
      run: plain.run,
      size: plain.size,
    };
  };

  return { levels, minimizers, looks, rate, know };
})();
