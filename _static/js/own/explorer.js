// The reader's own optimizer in the explorer: drawn and compared with the others. It has no η of its own to
// turn there, so no chart by η, no arrows.

book.ownDescent = (() => {
  const { say } = book.page;
  const { steady } = book.numbers;
  /** @typedef {Omit<Setting, "optimizer" | "parameters">} Around what a descent is made of besides */

  /** Python that prints where it goes, step by step. @param {string} code @param {string} name @param {Around} setting */
  const loop = (code, name, { objective: { dim, python }, start, steps, tol, noise }) => book.own.loop(code, [{
    name,
    python,
    starts: [start],
    noises: [noise && Array.from({ length: steps }, () => {
      const out = [0, 0, 0];
      noise(out);
      return out.slice(1);
    })],
    descents: [[undefined, 0]],
  }], Array.from({ length: steps + 1 }, (_, k) => k), tol, dim);

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

  /**
   * Its panel, before the drawer.
   * @param {Element} drawer
   * @param {(code: string) => void} type what the reader has typed
   * @param {(run?: Run) => void} show where it went, or that this is not known any more
   */
  const make = (drawer, type, show) => {
    const panel = book.own.make(type, show);
    drawer.before(panel.root);
    /**
     * Go by the explorer's state.
     * @param {string | undefined} code none, if it is not shown
     * @param {string} key of all that a descent goes by
     * @param {string} objective
     * @param {Around} setting
     * @param {boolean} busy whether a hand still drags something
     */
    const settle = (code, key, objective, setting, busy) => panel.settle(code, key, busy, (hear) =>
      book.page.python("", code ?? "", ({ done, result = "", error, stopped, text }) => {
        if (text) return; // what it prints is for nobody
        if (!done) return hear(stopped ?? (error ? book.own.explain(error) : ""), false);
        const went = ran(result, setting);
        show(went);
        hear(went.status === "diverged" ? say(`第 ${went.last + 1} 步发散`, `diverged at step ${went.last + 1}`)
          : say(`第 ${went.last} 步 f = ${steady(went.f[went.last])}`, `f = ${steady(went.f[went.last])} at step ${went.last}`), true);
      }, loop(code ?? "", objective, setting)));
    return { settle };
  };

  return { loop, ran, make };
})();
