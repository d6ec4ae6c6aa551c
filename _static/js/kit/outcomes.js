// What becomes of a descent, without a page; tests/browser/test_outcomes.py holds it against gdcore.

book.outcomes = (() => {
  // The gradient at which a run that is shown has stopped, in each component; that of the basin map.
  const AT_REST = 1e-9;
  const AT_REST_ON_MAP = 0.01;
  // An end of the basin map is the number of the minimizer that was reached, or one of these:
  const ELSEWHERE = -1; // stopped, but at no listed minimizer: another minimum, a saddle, flat ground
  const BOUNCING = -2; // in the last quarter of its steps one in three turned back, and its steepest
  // gradient component there was at least nine tenths of that in the quarter before
  const UNDERWAY = -3; // none of the others
  const DIVERGED = -4; // x, f or its gradient was no finite number any more

  /**
   * How near a minimizer a gradient of at most `tol` in each component has to have stopped a run that
   * has arrived there: 0.1, as in gdcore's `reached`; in a bowl whose least curvature λ lets a run stop
   * as far as tol √2 / λ from the bottom, twice that, where it is more.
   * @param {Pick<Objective, "curvatures" | "near">} objective
   * @param {number} i
   * @param {number} tol
   */
  const reach = ({ curvatures, near = 0.1 }, i, tol) => Math.max(near, (2 * Math.SQRT2 * tol) / (curvatures[i]?.[0] ?? Infinity));

  /**
   * The listed minimizer at which a gradient of at most `tol` in each component has stopped a run, or
   * -1.
   * @param {Pick<Objective, "minimizers" | "curvatures" | "near">} objective
   * @param {number} a
   * @param {number} b
   * @param {number} tol
   */
  function minimizerAt(objective, a, b, tol) {
    return objective.minimizers.findIndex(([x, y = 0], i) => Math.hypot(a - x, b - y) <= reach(objective, i, tol));
  }

  /**
   * Returns (a, b) => how a descent from there ends after at most so many steps, in the numbers above.
   * @param {Omit<Setting, "start" | "noise"> & { tol: number }} setting
   * @returns {(a: number, b: number) => number}
   */
  function ending({ objective, optimizer, parameters, steps, tol }) {
    const { run } = objective;
    const out = new Float64Array(3);
    const move = new Float64Array(2);
    const quarter = Math.floor(steps / 4);
    return (a, b) => {
      const state = optimizer.start(a, b);
      let [before, lately, turns, u, v] = [0, 0, 0, 0, 0];
      for (let k = 0; k <= steps; k++) {
        run(a, b, out);
        if (0 * a + 0 * b + 0 * out[0] + 0 * out[1] + 0 * out[2] !== 0) return DIVERGED;
        const steepest = Math.max(Math.abs(out[1]), Math.abs(out[2]));
        if (steepest <= tol) return minimizerAt(objective, a, b, tol); // ELSEWHERE is its -1
        if (k > steps - quarter) lately = Math.max(lately, steepest);
        else if (k > steps - 2 * quarter) before = Math.max(before, steepest);
        optimizer.step(out, state, parameters, move, a, b);
        if (k >= steps - quarter && k < steps && u * move[0] + v * move[1] < 0) turns++;
        u = move[0];
        v = move[1];
        a += u;
        b += v;
      }
      return turns >= quarter / 3 && lately >= 0.9 * before ? BOUNCING : UNDERWAY;
    };
  }

  /**
   * How the starts of a grid end, row by row from below. Yields now and then, to be resumed.
   * @param {Omit<Setting, "start" | "noise"> & { tol: number, limits: Interval[], side: number }} setting
   */
  function* basins({ objective, optimizer, parameters, limits, side, steps, tol }) {
    const [[left, right], [low, high]] = limits;
    const ends = new Int8Array(side * side);
    const end = ending({ objective, optimizer, parameters, steps, tol });
    for (let cell = 0; cell < side * side; cell++) {
      if (cell % 16 === 0) yield ends;
      const a = left + (((cell % side) + 0.5) / side) * (right - left);
      const b = low + ((Math.floor(cell / side) + 0.5) / side) * (high - low);
      ends[cell] = end(a, b);
    }
    return ends;
  }

  /**
   * 2/L of a minimizer, with L the greatest curvature there: where η is larger, plain gradient descent
   * is driven away from it. Undefined where no curvature is.
   * @param {Pick<Objective, "curvatures">} objective
   * @param {number} minimizer
   */
  function limitOf({ curvatures }, minimizer) {
    const most = curvatures[minimizer]?.[1];
    return most && 2 / most;
  }

  /** An end of the basin map in words. @param {(zh: string, en: string) => string} say @param {number} end @param {Objective} objective */
  const inWords = (say, end, { minimizers }) => {
    if (end === ELSEWHERE) return say("停在别处", "stopped elsewhere");
    if (end === BOUNCING) return say("来回跳", "bouncing");
    if (end === UNDERWAY) return say("还在路上", "still on the way");
    if (end === DIVERGED) return say("发散了", "diverged");
    return say(`到了 ${book.numbers.writePoint(minimizers[end])}`, `reached ${book.numbers.writePoint(minimizers[end])}`);
  };

  return { AT_REST, AT_REST_ON_MAP, ELSEWHERE, BOUNCING, UNDERWAY, DIVERGED, reach, minimizerAt, ending, basins, limitOf, inWords };
})();
