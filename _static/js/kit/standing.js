// How a run stands at a step, and up to which rate runs stay bounded: each word that the explorer says
// of a run is defined here, without a page; tests/browser/test_outcomes.py holds it against gdcore.

book.standing = (() => {
  const { AT_REST, minimizerAt } = book.outcomes;

  /**
   * Flat ground: a step of 0.001 along either axis changes no component of the gradient by more than
   * 1e-9, so no curvature there is above 1e-6. That of a listed minimizer is 0.04 or more.
   * @param {Objective} objective
   * @param {number} a
   * @param {number} b
   */
  function isFlat({ run, dim }, a, b) {
    /** @param {number} x @param {number} y */
    const gradient = (x, y) => {
      const out = new Float64Array(3);
      run(x, y, out);
      return out.subarray(1);
    };
    const here = gradient(a, b);
    const around = dim === 1 ? [[0.001, 0]] : [[0.001, 0], [0, 0.001]];
    return around.every(([u, v]) => gradient(a + u, b + v).every((g, i) => Math.abs(g - here[i]) <= 1e-9));
  }

  /**
   * One word for how a run of `descend` stands at step k, the first of these that is true:
   *
   *   arrived     it has stopped by step k, at a listed minimizer (minimizerAt)
   *   flat        it has stopped by step k, on flat ground (isFlat)
   *   elsewhere   it has stopped by step k: at a saddle, a maximum, a minimum that is not listed
   *   diverged    there is no step k: x, f or its gradient would be no finite number
   *   start       k is 0
   *   left        x is outside the picture, `limits`
   *   rising      f rose in this step, which did not turn back; or it did, and f rose in the last one too
   *   bouncing    this step turned back: it points against the last one (their product is below 0)
   *   slowing     this step is at most a hundredth of the longest so far
   *   descending  none of these
   *
   * "Stopped" is a gradient of at most AT_REST in each component. Noise has no such thing: what it adds
   * to the gradient moves the point again at the next step, so a noisy run is never said to have
   * stopped or arrived (it is asked to descend with tol -1); all other words are about x and f alone.
   * @param {Run} run
   * @param {number} k
   * @param {Objective} objective
   * @param {Interval[]} limits
   */
  function standing({ x, y, f, last, status }, k, objective, limits) {
    if (k >= last && status === "converged") {
      if (minimizerAt(objective, x[last], y[last], AT_REST) >= 0) return "arrived";
      return isFlat(objective, x[last], y[last]) ? "flat" : "elsewhere";
    }
    if (k > last) return "diverged";
    if (k === 0) return "start";
    const at = [x[k], y[k]];
    if (limits.some(([low, high], i) => at[i] < low || at[i] > high)) return "left";
    /** @param {number} i */
    const step = (i) => [x[i] - x[i - 1], y[i] - y[i - 1]];
    const [u, v] = step(k);
    const [p, q] = k > 1 ? step(k - 1) : [0, 0];
    const back = u * p + v * q < 0;
    if (f[k] > f[k - 1] && (!back || f[k - 1] > f[k - 2])) return "rising";
    if (back) return "bouncing";
    let longest = 0;
    for (let i = 1; i <= k; i++) longest = Math.max(longest, Math.hypot(...step(i)));
    return Math.hypot(u, v) <= longest / 100 ? "slowing" : "descending";
  }

  const LONG = 1000;
  const VERY_LONG = 20000;
  const FAR = 100;
  /**
   * Whether a run stays bounded, and how far from its start it ever was, in widths of the picture.
   *
   * Bounded: for LONG steps it stays finite and within FAR widths of the picture from its middle, along
   * each axis. And it is not on its way out: as long as the highest f of the last hundred steps is above
   * that of the hundred before, it is followed, until it is outside, or rises no more, or has risen so
   * for all of VERY_LONG steps, which is not bounded either.
   * So on x² a run is bounded up to η = 1, where it bounces for ever, and at no η above, however little.
   * @param {Setting & { limits: Interval[] }} setting
   */
  function longRun({ objective, optimizer, parameters, start, limits, noise }) {
    const out = new Float64Array(3);
    const move = new Float64Array(2);
    const state = optimizer.start(start[0], start[1]);
    const widths = limits.map(([low, high]) => high - low);
    const [width, height] = [widths[0], widths[1] ?? 1];
    const middles = limits.map(([low, high]) => (low + high) / 2);
    const [across, up] = [middles[0], middles[1] ?? 0];
    let [a, b] = start;
    let [moved, before, lately] = [0, 0, -Infinity];
    for (let k = 0; k <= VERY_LONG; k++) {
      objective.run(a, b, out);
      noise?.(out);
      const finite = 0 * out[0] + 0 * out[1] + 0 * out[2] === 0;
      if (!finite || !(Math.abs(a - across) <= FAR * width && Math.abs(b - up) <= FAR * height)) {
        return { bounded: false, moved: Infinity };
      }
      moved = Math.max(moved, Math.abs(a - start[0]) / width, Math.abs(b - start[1]) / height);
      lately = Math.max(lately, out[0]);
      if (k % 100 === 0) {
        if (k >= LONG && lately <= before) return { bounded: true, moved };
        before = lately;
        lately = -Infinity;
      }
      optimizer.step(out, state, parameters, move, a, b);
      a += move[0];
      b += move[1];
    }
    return { bounded: false, moved };
  }

  /**
   * Up to which power of ten `isBounded` holds without a gap: the first of the rising `powers` at which
   * it fails is looked for more closely three times, each time among eighths of the gap before it.
   * Infinity where it never fails, -Infinity where it fails at the first.
   * @param {(power: number) => boolean} isBounded
   * @param {number[]} powers
   */
  function boundedUpTo(isBounded, powers) {
    const first = powers.findIndex((power) => !isBounded(power));
    if (first < 1) return first ? Infinity : -Infinity;
    let low = powers[first - 1];
    let part = powers[first] - low;
    for (let closer = 0; closer < 3; closer++) {
      part /= 8;
      for (let i = 0; i < 7 && isBounded(low + part); i++) low += part;
    }
    return low;
  }

  return { LONG, isFlat, standing, longRun, boundedUpTo };
})();
