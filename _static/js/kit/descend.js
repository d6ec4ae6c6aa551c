// Descents in the page: the loop of gdcore.descend, one start at a time, over gdcore's own formulas,
// which the build writes before this script. Objectives put f, ∂f/∂x1 and ∂f/∂x2 into `out`; optimizers put
// the step there. With one component the second stays 0.

/**
 * @typedef {object} Setting what a descent is made of
 * @property {Objective} objective
 * @property {Optimizer} optimizer
 * @property {Numbers} parameters
 * @property {number[]} start
 * @property {number} steps
 * @property {number} [tol]
 * @property {((out: Numbers) => void)} [noise] may add to the gradient that a step is made of
 * @typedef {object} Run where a descent went: up to `last`
 * @property {Float64Array} x
 * @property {Float64Array} y
 * @property {Float64Array} f
 * @property {Float64Array} gx
 * @property {Float64Array} gy
 * @property {number} last
 * @property {"converged" | "diverged" | "max_steps"} status
 */

book.descents = (() => {
  /**
   * Where a descent goes. What is returned is f and its gradient without noise. As in gdcore, a
   * descent ends "converged" at the first gradient no greater than `tol`, "diverged" before the first
   * number that is not finite, else after `steps` steps.
   * @param {Setting} setting
   * @returns {Run}
   */
  const descend = ({ objective, optimizer, parameters, start, steps, tol = -1, noise }) => {
    const [x, y, f, gx, gy] = Array.from({ length: 5 }, () => new Float64Array(steps + 1));
    const out = new Float64Array(3);
    const move = new Float64Array(2);
    let [a, b] = start;
    const state = Float64Array.from(optimizer.start(a, b));
    for (let k = 0; k <= steps; k++) {
      objective.run(a, b, out);
      const finite = 0 * a + 0 * b + 0 * out[0] + 0 * out[1] + 0 * out[2] === 0;
      if (!finite) return { x, y, f, gx, gy, last: k - 1, status: "diverged" };
      x[k] = a;
      y[k] = b;
      f[k] = out[0];
      gx[k] = out[1];
      gy[k] = out[2];
      if (Math.abs(out[1]) <= tol && Math.abs(out[2]) <= tol) {
        return { x, y, f, gx, gy, last: k, status: "converged" };
      }
      noise?.(out);
      optimizer.step(out, state, parameters, move, a, b);
      a += move[0];
      b += move[1];
    }
    return { x, y, f, gx, gy, last: steps, status: "max_steps" };
  };

  /**
   * Normal noise from a seed: Mulberry32 numbers made normal by Box and Muller. The same seed gives
   * the same noise everywhere, but not that of NumPy. With one component the second has none.
   * @param {number} seed
   * @param {number} scale
   */
  const noiseOf = (seed, scale, dim = 2) => {
    let at = seed >>> 0;
    const uniform = () => {
      at = (at + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(at ^ (at >>> 15), at | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
    };
    return (/** @type {Numbers} */ out) => {
      const radius = scale * Math.sqrt(-2 * Math.log(uniform()));
      const angle = 2 * Math.PI * uniform();
      out[1] += radius * Math.cos(angle);
      if (dim === 2) out[2] += radius * Math.sin(angle);
    };
  };

  return { descend, noiseOf };
})();
