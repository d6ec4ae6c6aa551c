// An optimizer of the reader's own, in Python: all of its descent is computed in one go, in the worker
// of python.js. What it is given and what it owes:
//
//   state                  what it remembers, to begin with: whatever it likes
//   step(g, state)         for the gradient g, a pair: the step to add, a pair, and what it remembers now
//
// It is drawn and compared with the others. It has no η of its own to turn, so no chart by η, no arrows.

book.gdcore.METHOD_LOOKS.own = /** @type {[string, string]} */ (["blue", "1 4"]);

book.own = (() => {
  const { say } = book.page;
  const MOST = 3000; // letters of code that an address may bring

  /** What stands there until the reader writes their own: plain descent. @param {number} rate */
  const beginning = (rate) => `eta = ${rate}
state = (0, 0)

def step(g, state):
    return (-eta * g[0], -eta * g[1]), state
`;

  /**
   * The loop of gdcore.descend around the reader's step, and the formulas of an objective.
   * @param {Omit<Setting, "optimizer" | "parameters">} setting
   */
  const loop = ({ objective: { python, dim }, start: [x, y], steps, tol = -1, noise }) => {
    const out = [0, 0, 0];
    const added = Array.from({ length: noise ? steps : 0 }, () => {
      out.fill(0);
      noise?.(out);
      return `(${out[1]},${out[2]})`;
    });
    return `
from math import *
${python}
def descent(x, y, state, noise):
    for k in range(${steps} + 1):
        try:
            f, g1, g2 = objective(x, y)
        except (OverflowError, ZeroDivisionError, ValueError):
            return
        if 0 * (x + y + f + g1 + g2) != 0:
            return
        print(x, y)
        if k == ${steps} or abs(g1) <= ${tol} and abs(g2) <= ${tol}:
            return
        if noise:
            g1, g2 = g1 + noise[k][0], g2 + noise[k][1]
        moved = step((g1, g2), state)
        try:
            (d1, d2), state = moved
            x, y = x + d1, y + ${dim === 2 ? "d2" : "0"}
        except (TypeError, ValueError):
            raise TypeError("step returned " + repr(moved))
descent(${x}, ${y}, state, [${added}])
`;
  };

  /**
   * Where the descent went, of what `loop` has printed.
   * @param {string} printed
   * @param {Omit<Setting, "optimizer" | "parameters">} setting
   * @returns {Run}
   */
  const ran = (printed, { objective, start, steps, tol = -1 }) => {
    const [x, y, f, gx, gy] = Array.from({ length: 5 }, () => new Float64Array(steps + 1));
    const lines = (printed.trim() || start.join(" ")).split("\n").slice(0, steps + 1);
    const out = [0, 0, 0];
    lines.forEach((line, k) => {
      [x[k], y[k]] = line.split(" ").map(Number);
      objective.run(x[k], y[k], out);
      [f[k], gx[k], gy[k]] = out;
    });
    const last = lines.length - 1;
    const status = Math.abs(gx[last]) <= tol && Math.abs(gy[last]) <= tol ? "converged"
      : last < steps ? "diverged" : "max_steps";
    return { x, y, f, gx, gy, last, status };
  };

  /** What is wrong, in the page's language. @param {Parameters<typeof book.python.explain>[0]} error */
  const explain = (error) => (error.where === "code" ? book.python.explain(error) : say(
    `要有 state 和 step(g, state)，step 返回一对数和新的 state（${error.message}）`,
    `state and step(g, state) are needed; step returns a pair of numbers and the new state (${error.message})`));

  return { MOST, explain, beginning, loop, ran };
})();
