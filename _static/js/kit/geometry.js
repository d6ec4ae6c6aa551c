// Where things stand on a drawing, and the paths of SVG through them. Nothing here needs a page.

/** @typedef {[number, number]} Spot on a drawing, across and down */

book.geometry = (() => {
  /** @param {Spot} spot */
  const said = (spot) => spot.map((c) => c.toFixed(1)).join(" ");
  /** A line through points. @param {Spot[]} points */
  const line = (points) => points.map((spot, i) => (i ? "L" : "M") + said(spot)).join("");

  /**
   * How a picture, [x0, x1, y0, y1], lies in the axes of a drawing, [left, top, width, height]: from a
   * point to its spot, and back.
   * @param {number[]} axes
   * @param {number[]} view
   */
  const scales = ([left, top, width, height], [x0, x1, y0, y1]) => ({
    box: /** @type {Interval[]} */ ([[left, left + width], [top, top + height]]),
    /** @param {number} x @param {number} y @returns {Spot} */
    place: (x, y) => [left + ((x - x0) / (x1 - x0)) * width, top + ((y1 - y) / (y1 - y0)) * height],
    /** @param {number} across @param {number} down */
    back: (across, down) => [x0 + ((across - left) / width) * (x1 - x0), y1 - ((down - top) / height) * (y1 - y0)],
  });

  /**
   * The part of a segment that lies in a box, between two points; none, if it passes by.
   * @param {Spot} a
   * @param {Spot} b
   * @param {Interval[]} box
   * @returns {[Spot, Spot] | undefined}
   */
  const visible = (a, b, box) => {
    let [from, to] = [0, 1];
    box.forEach(([low, high], i) => {
      const [enter, leave] = [low, high].map((edge) => (edge - a[i]) / (b[i] - a[i] || 1e-9)).sort((p, q) => p - q);
      from = Math.max(from, enter);
      to = Math.min(to, leave);
    });
    /** @param {number} t @returns {Spot} */
    const between = (t) => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
    return from <= to ? [between(from), between(to)] : undefined;
  };

  /** What of a line lies in a box. @param {Spot[]} points @param {Interval[]} box */
  const trace = (points, box) => {
    let [way, last] = ["", ""];
    for (let i = 1; i < points.length; i++) {
      const part = visible(points[i - 1], points[i], box);
      if (!part) continue;
      const [from, to] = part.map(said);
      way += from === last ? `L${to}` : `M${from}L${to}`;
      last = to;
    }
    return way;
  };

  /** An arrow, of nothing if it is shorter than 1. @param {Spot} from @param {number} u @param {number} v */
  const arrow = ([x, y], u, v) => {
    const length = Math.hypot(u, v);
    if (length < 1) return "";
    const [a, b] = [(u / length) * 6, (v / length) * 6];
    const [tipX, tipY] = [x + u, y + v];
    return line([[x, y], [tipX, tipY]]) +
      line([[tipX - a - b / 2, tipY - b + a / 2], [tipX, tipY], [tipX - a + b / 2, tipY - b - a / 2]]);
  };

  /**
   * Where a function on a grid of (side + 1)² values crosses a level, as segments in the grid's own
   * measure: each cell is cut along the straight lines between its corners.
   * @param {Float64Array} grid row by row
   * @param {number} side
   * @param {number} level
   */
  const contour = (grid, side, level) => {
    /** @type {[Spot, Spot][]} */
    const segments = [];
    for (let cell = 0; cell < side * side; cell++) {
      const [u, v] = [cell % side, Math.floor(cell / side)];
      const at = v * (side + 1) + u;
      const above = grid[at] > level;
      if ([1, side + 1, side + 2].every((next) => grid[at + next] > level === above)) continue; // most
      const corners = [[u, v], [u + 1, v], [u + 1, v + 1], [u, v + 1]];
      const values = corners.map(([a, b]) => grid[b * (side + 1) + a] - level);
      /** @type {Spot[]} */
      const cuts = [];
      for (let i = 0; i < 4; i++) {
        const j = (i + 1) % 4;
        if (values[i] > 0 === values[j] > 0) continue;
        const t = values[i] / (values[i] - values[j]);
        cuts.push([corners[i][0] + t * (corners[j][0] - corners[i][0]), corners[i][1] + t * (corners[j][1] - corners[i][1])]);
      }
      for (let i = 0; i + 1 < cuts.length; i += 2) segments.push([cuts[i], cuts[i + 1]]);
    }
    return segments;
  };

  return { contour, said, line, scales, visible, trace, arrow };
})();
