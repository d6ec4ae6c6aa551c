// An optimizer of the reader's own, in Python: all of its descent is computed in one go, in the worker
// of python.js. What it is given and what it owes:
//
//   state                  what it remembers, to begin with: whatever it likes
//   step(g, state)         for the gradient g, a pair: the step to add, a pair, and what it remembers now
//
// It is drawn and compared with the others. It has no η of its own to turn, so no chart by η, no arrows.
// The explorer asks for this script when it is wanted; the build adds gdcore's formulas in Python.

book.own = (() => {
  const { say, remembered } = book.page;
  const { steady } = book.numbers;
  const KEPT = "own-optimizer";
  /** `def objective(x, y)` of each objective. @type {Record<string, string>} */
  const OBJECTIVES = {};
  /** @typedef {Omit<Setting, "optimizer" | "parameters">} Around what a descent is made of besides */

  /** What the reader wrote last; plain descent before that. @param {number} rate */
  const beginning = (rate) => remembered(KEPT) || `eta = ${rate}
state = (0, 0)

def step(g, state):
    return (-eta * g[0], -eta * g[1]), state
`;

  /**
   * The loop of gdcore.descend around the reader's step, and the formulas of an objective.
   * @param {string} name
   * @param {Around} setting
   */
  const loop = (name, { objective, start: [x, y], steps, tol = -1, noise }) => {
    const out = [0, 0, 0];
    const added = Array.from({ length: noise ? steps : 0 }, () => {
      out.fill(0);
      noise?.(out);
      return `(${out[1]},${out[2]})`;
    });
    return `
from math import *
${objective.python ?? OBJECTIVES[name]}
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
            x, y = x + d1, y + ${objective.dim === 2 ? "d2" : "0"}
        except (TypeError, ValueError):
            raise TypeError("step returned " + repr(moved))
descent(${x}, ${y}, state, [${added}])
`;
  };

  /**
   * Where the descent went, of what `loop` has printed.
   * @param {string} printed
   * @param {Around} setting
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
  const explain = (error) => (error.where === "code" ? book.python.explain(error) + (/'tuple'/.test(error.message) ? say(
    "：g 是一对数，要分开算，比如 return (-eta * g[0], -eta * g[1]), state",
    ": g is a pair of numbers, each to be taken by itself, as in return (-eta * g[0], -eta * g[1]), state") : "") : say(
    `要有 state 和 step(g, state)，step 返回一对数和新的 state（${error.message}）`,
    `state and step(g, state) are needed; step returns a pair of numbers and the new state (${error.message})`));

  /**
   * The panel with the code, before the drawer. It runs at the reader's click, and from then on whenever
   * what it starts from has changed; code that came with a link waits for the click.
   * @param {Element} drawer
   * @param {(code: string) => void} type what the reader has typed
   * @param {(run?: Run) => void} show where it went, or that this is not known any more
   */
  const make = (drawer, type, show) => {
    const { area, said, show: reveal, name } = book.ownPanel(drawer, say("你自己的优化器（Python）", "Your own optimizer (Python)"),
      KEPT, type, () => {
        if (stop) return stop();
        allowed = area.value;
        known = "";
        type(area.value); // the explorer looks at it again
      });

    /** The code that was clicked. @type {string | undefined} */
    let allowed;
    let known = ""; // what runs, or has run
    /** @type {(() => void) | undefined} */
    let stop;
    /** @param {string} code @param {string} objective @param {Around} setting */
    const run = (code, objective, setting) => {
      said.textContent = say("正在运行……", "Running …");
      const key = known;
      stop = book.page.python("", code, ({ done, result = "", error, stopped, text }) => {
        if (text) return; // what it prints is for nobody
        stop = undefined;
        name(false);
        if (key !== known) return;
        said.textContent = stopped ?? (error ? explain(error) : "");
        if (!done) {
          allowed = undefined; // it is not tried again before the next click
          return;
        }
        const went = ran(result, setting);
        show(went);
        said.textContent = went.status === "diverged" ? say(`第 ${went.last + 1} 步发散`, `diverged at step ${went.last + 1}`)
          : say(`第 ${went.last} 步 f = ${steady(went.f[went.last])}`, `f = ${steady(went.f[went.last])} at step ${went.last}`);
      }, loop(objective, setting));
    };
    /**
     * Go by the explorer's state.
     * @param {string | undefined} code none, if it is not shown
     * @param {string} key of all that a descent goes by
     * @param {string} objective
     * @param {Around} setting
     * @param {boolean} busy whether a hand still drags something
     */
    const settle = (code, key, objective, setting, busy) => {
      reveal(code);
      if (known && known !== key) {
        known = "";
        stop?.();
        show();
      }
      if (code === undefined) said.textContent = "";
      else if (code !== allowed) said.textContent = say("还没有运行", "Not run yet");
      else if (!known && !busy) {
        known = key;
        run(code, objective, setting);
      }
      name(Boolean(stop));
    };
    return { settle };
  };

  return { OBJECTIVES, beginning, loop, ran, make };
})();
