// An optimizer of the reader's own, in Python. What it is given and what it owes, wherever it joins:
//
//   state                  what it remembers, to begin with: whatever it likes
//   step(g, state)         for the gradient g, a pair: the step to add, a pair, and what it remembers now
//   eta                    its learning rate, if it has one: the race sets it, once the code has run
//
// The code runs anew before each descent, so nothing is left of the one before. All of a descent, or of many,
// is computed in one go, in the worker of python.js. The build adds gdcore's formulas in Python.

book.own = (() => {
  const { say, remembered } = book.page;
  const KEPT = "own-optimizer";
  /** `def objective(x, y)` of each objective. @type {Record<string, string>} */
  const OBJECTIVES = {};

  /** What the reader wrote last; plain descent before that. @param {number} rate */
  const beginning = (rate) => remembered(KEPT) || `eta = ${rate}
state = (0, 0)

def step(g, state):
    return (-eta * g[0], -eta * g[1]), state
`;

  /** As Python writes a float: integers would grow without end, where floats overflow. @param {number} v */
  const float = (v) => (Number.isInteger(v) ? v.toFixed(1) : String(v));
  /** @param {number[]} pair */
  const floats = (pair) => `(${pair.map(float)})`;

  /**
   * The loop of gdcore.descend around the reader's step, many times: at each of the steps `marks` it prints
   * where it is, and an empty line behind each descent. It stands apart from the reader's names.
   * @param {string} code
   * @param {object[]} courses
   * @param {string} courses[].name of the objective
   * @param {string} [courses[].python] its formulas, if it is the reader's own
   * @param {number[][]} courses[].starts
   * @param {(number[][] | undefined)[]} courses[].noises what is added to the gradients of a start's steps
   * @param {[rate: number | undefined, start: number][]} courses[].descents each with the eta that it is given
   * @param {number[]} [courses[].turned] cosine and sine of the angle by which the map is turned
   * @param {number[]} marks rising
   * @param {number} [tol]
   * @param {number} [dim]
   */
  const loop = (code, courses, marks, tol = -1, dim = 2) => `exec(${JSON.stringify(`
from math import *
code = compile(${JSON.stringify(code)}, "code", "exec")
marks = {${marks}}
def descent(rate, start, noise):
    names = {"__name__": "__main__", "print": lambda *_, **__: None}
    exec(code, names)
    if rate is not None:
        names["eta"] = rate
    step, state = names["step"], names["state"]
    x, y = start
    for k in range(${marks.at(-1)} + 1):
        try:
            f, g1, g2 = objective(c * x + s * y, c * y - s * x)
        except (OverflowError, ZeroDivisionError, ValueError):
            return
        g1, g2 = c * g1 - s * g2, s * g1 + c * g2
        if 0 * (x + y + f + g1 + g2) != 0:
            return
        if k in marks:
            print(x, y)
        if k == ${marks.at(-1)} or abs(g1) <= ${tol} and abs(g2) <= ${tol}:
            return
        if noise:
            g1, g2 = g1 + noise[2 * k], g2 + noise[2 * k + 1]
        moved = step((g1, g2), state)
        try:
            (d1, d2), state = moved
            x, y = x + d1, y + ${dim === 2 ? "d2" : "0"}
        except (TypeError, ValueError):
            raise TypeError("step returned " + repr(moved))
${courses.map(({ name, python, starts, noises, descents, turned = [1, 0] }) => `
${python ?? OBJECTIVES[name]}
c, s = ${floats(turned)}
starts = [${starts.map(floats)}]
noises = [${noises.map((noise) => (noise ? `[float(v) for v in "${noise.flat().join(" ")}".split()]` : "None"))}]
for rate, i in [${descents.map(([rate, i]) => `(${rate === undefined ? "None" : float(rate)},${i})`)}]:
    descent(rate, starts[i], noises[i])
    print()
`).join("")}
`)}, {})`;

  /** What is wrong, in the page's language. @param {Parameters<typeof book.python.explain>[0]} error */
  const explain = (error) => (error.where === "code" ? book.python.explain(error) + (/'tuple'/.test(error.message) ? say(
    "：g 是一对数，要分开算，比如 return (-eta * g[0], -eta * g[1]), state",
    ": g is a pair of numbers, each to be taken by itself, as in return (-eta * g[0], -eta * g[1]), state") : "") : say(
    `要有 state 和 step(g, state)，step 返回一对数和新的 state（${error.message}）`,
    `state and step(g, state) are needed; step returns a pair of numbers and the new state (${error.message})`));

  /**
   * The panel with the code. It runs at the reader's click, and from then on whenever what it goes by has
   * changed; code that came with a link waits for the click.
   * @param {(code: string) => void} type what the reader has typed, or wants run: to be settled anew
   * @param {() => void} forget what came of it before is not known any more
   * @param {string} how what else is to be known of the code
   */
  const make = (type, forget, how = "") => {
    const { root, area, said, show, name } = book.field(say("你自己的优化器（Python）", "Your own optimizer (Python)"), KEPT, type, () => {
      if (running) return running.stop();
      allowed = area.value;
      known = "";
      type(area.value); // it is looked at again
    }, how);

    /** The code that was clicked. @type {string | undefined} */
    let allowed;
    let failed = ""; // that of which it is said why it has not run
    let known = ""; // what runs, or has run
    /** @type {{ stop: () => void } | undefined} */
    let running;
    const end = () => {
      const old = running;
      running = undefined;
      old?.stop();
    };
    /**
     * Go by the page's state.
     * @param {string | undefined} code none, if it is not shown
     * @param {string} key of all that a run goes by
     * @param {boolean} busy whether a run waits
     * @param {(hear: (text: string, done?: boolean) => void) => () => void} run starts it, and returns how to
     *   stop it; `hear` is told how it goes, and in the end whether it is done
     */
    const settle = (code, key, busy, run) => {
      show(code);
      if (known && known !== key) {
        known = "";
        end();
        forget();
      }
      if (code === undefined) said.textContent = failed = "";
      else if (code !== allowed) {
        if (!failed || code !== failed) said.textContent = say("还没有运行", "Not run yet");
      } else if (!known && !busy) {
        known = key;
        said.textContent = say("正在运行……", "Running …");
        const one = running = { stop: () => {} };
        one.stop = run((text, done) => {
          if (running !== one) return;
          said.textContent = text;
          if (done === undefined) return;
          running = undefined;
          name(false);
          if (done) return;
          allowed = undefined; // it is not tried again before the next click
          failed = code;
        });
      }
      name(Boolean(running));
    };
    return { root, settle };
  };

  return { OBJECTIVES, beginning, loop, explain, make };
})();
