// The rules of the race, as chapters/race.md has them: its courses, how one is tuned, what a score is. They are
// the same for gdcore's methods, which run in the page a little at a time, and for the reader's own.

/**
 * @typedef {object} Rules
 * @property {Record<string, Interval[]>} courses the domains of objectives
 * @property {number[]} rates that all try
 * @property {number} degrees by which the map is turned
 * @property {number} sigma of the noise, by the median of the gradients
 * @property {number} seed of starts and noise
 * @property {number} last how many steps
 */

book.racing = (() => {
  const METHODS = ["gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam"];
  const LADDER = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300]; // where there can be a finish
  const [TRAIN, FRESH] = [20, 60]; // starts to tune from, and others to race from
  const finishes = (/** @type {number} */ last) => LADDER.filter((k) => k <= last);

  /** Starts that fill a box evenly: multiples of two irrational numbers, moved on by the seed. @param {Interval[]} domain @param {number} seed */
  const starts = (domain, seed) => Array.from({ length: TRAIN + FRESH }, (_, i) => domain.map(([low, high], c) =>
    low + (high - low) * ((0.5 + i * [0.7548776662466927, 0.5698402909980532][c] + seed * [0.6180339887498949, 0.41421356237309515][c]) % 1)));

  /** A course as all run it, with the same starts and the same noise. @param {string} name @param {Rules} rules */
  const course = (name, { courses, degrees, sigma, seed, last }) => {
    const { run, minimum } = book.gdcore.OBJECTIVES[name];
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const out = new Float64Array(3);
    /** f and its gradient on the turned map. @param {number} x @param {number} y */
    const there = (x, y) => {
      run(c * x + s * y, c * y - s * x, out);
      out.set([c * out[1] - s * out[2], s * out[1] + c * out[2]], 1);
      return out;
    };
    const straight = starts(courses[name], seed);
    const steep = straight.slice(0, TRAIN).map(([x, y]) => (run(x, y, out), Math.hypot(out[1], out[2]))).sort((a, b) => a - b);
    const scale = (sigma * (steep[TRAIN / 2 - 1] + steep[TRAIN / 2])) / 2; // the median
    const from = straight.map(([x, y]) => [c * x - s * y, s * x + c * y]);
    const gaps = from.map(([x, y]) => there(x, y)[0] - minimum);
    const noises = from.map((_, i) => {
      const noise = book.descents.noiseOf(1000 * seed + i, 1);
      return sigma ? Array.from({ length: last }, () => (out.fill(0), noise(out), [scale * out[1], scale * out[2]])) : undefined;
    });
    /** The digits that one who began at start i has gained here. @param {number} i @param {number} x @param {number} y */
    const gained = (i, x, y) => Math.min(Math.max(Math.log10(gaps[i] / Math.max(there(x, y)[0] - minimum, 1e-300)), 0), 8) || 0;
    return { starts: from, noises, turned: [c, s], there, gained };
  };

  /**
   * How one is tuned and races on a course: it yields rates, each with the first of twenty starts, is told the
   * digits gained from these at each finish, added up, and returns the mean at each finish.
   * @param {(number | undefined)[]} rates
   * @param {number} many how many finishes
   * @returns {Generator<[rate: number | undefined, first: number][], number[], number[][]>}
   */
  function* tuned(rates, many) {
    const tried = yield rates.map((rate) => [rate, 0]);
    const best = Array.from({ length: many }, (_, f) => tried.reduce((b, sum, r) => (sum[f] > tried[b][f] ? r : b), 0)); // the first of the best
    const runs = /** @type {[number | undefined, number][]} */ ([]);
    for (const r of new Set(best)) for (let first = TRAIN; first < TRAIN + FRESH; first += TRAIN) runs.push([rates[r], first]);
    const raced = yield runs;
    return best.map((r, f) => raced.reduce((sum, its, i) => (runs[i][0] === rates[r] ? sum + its[f] / FRESH : sum), 0));
  }

  /** What a method of gdcore gains from twenty starts. @param {ReturnType<typeof course>} its @param {string} method @param {number} last */
  const walker = ({ starts, noises, there, gained }, method, last) => {
    const { start, step, parameters } = book.gdcore.OPTIMIZERS[method];
    const [numbers, move, ends] = [Object.values(parameters), new Float64Array(2), finishes(last)];
    return (/** @type {number} */ rate, /** @type {number} */ first) => {
      const sum = ends.map(() => 0);
      numbers[0] = rate;
      for (let i = first; i < first + TRAIN; i++) {
        let [x, y] = starts[i];
        const state = start(x, y);
        const noise = noises[i];
        for (let k = 1, finish = 0; k <= last; k++) {
          const out = there(x, y);
          if (noise) noise[k - 1].forEach((z, d) => { out[d + 1] += z; });
          step(out, state, numbers, move, x, y);
          x += move[0];
          y += move[1];
          if (!Number.isFinite(x + y)) break; // who diverges gains nothing
          if (k === ends[finish]) sum[finish++] += gained(i, x, y);
        }
      }
      return sum;
    };
  };

  /**
   * The race of gdcore's methods, little by little: yields how many courses are done while it works, and
   * returns for each method its mean score at each finish.
   * @param {Rules} rules
   * @returns {Generator<number, number[][]>}
   */
  function* race(rules) {
    const { courses, rates, last } = rules;
    const many = finishes(last).length;
    const scores = METHODS.map(() => Array.from({ length: many }, () => 0));
    for (const [done, name] of Object.keys(courses).entries()) {
      const its = course(name, rules);
      for (const [m, method] of METHODS.entries()) {
        const gains = walker(its, method, last);
        const turn = tuned(rates, many);
        let now = turn.next([]);
        while (!now.done) {
          const sums = [];
          for (const [rate, first] of now.value) {
            sums.push(gains(Number(rate), first));
            yield done;
          }
          now = turn.next(sums);
        }
        now.value.forEach((score, f) => { scores[m][f] += score / Object.keys(courses).length; });
      }
    }
    return scores;
  }

  return { METHODS, LADDER, TRAIN, finishes, starts, course, tuned, race };
})();
