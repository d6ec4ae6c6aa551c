// The explorer's address, a query that says all of its state. What stands in an address is held to the
// same bounds as what a reader types. Nothing here needs a page.

book.address = (() => {
  /** @param {State} state */
  const write = ({ runners, basins, own, f, asked, ...state }) => {
    if (asked) return asked;
    /** @type {[string, unknown][]} */
    const said = Object.entries(state);
    if (basins) said.push(["basins", 1]);
    for (const [name, code] of Object.entries({ own, f })) {
      if (code !== undefined) said.push([name, encodeURIComponent(code)]);
    }
    for (const [name, { on, numbers }] of Object.entries(runners)) {
      said.push([name, on ? numbers : [...numbers, "off"]]);
    }
    return said.map(([name, value]) => `${name}=${value}`).join("&");
  };

  /**
   * The state that a query asks for; none, if there is no picture of its objective, or the page's first,
   * if that is the reader's own and has to run before. What the query leaves out, or says in no sensible
   * way, is as on a fresh start.
   * @param {string} query
   * @param {Record<string, Interval[]>} pictures the limits of each
   * @param {Preset} preset
   */
  const read = (query, pictures, preset) => {
    const { held, heldStart, fresh, first } = book.state;
    const { OBJECTIVES, OPTIMIZERS } = book.gdcore;
    /** @type {Map<string, string[]>} */
    const said = new Map();
    for (const part of query.split("&")) {
      const [name, value = ""] = part.split("=");
      try {
        if (!said.has(name)) said.set(name, decodeURIComponent(value).split(","));
      } catch { /* a % that stands for nothing */ }
    }
    const [objective = "", watched = "", basins] = ["objective", "watched", "basins"].map((name) => said.get(name)?.[0]);
    const [own, f] = ["own", "f"].map((name) => said.get(name)?.join(",").slice(0, book.owned.LETTERS));
    if (!Object.keys(pictures).includes(objective)) return f === undefined ? f : { ...first(preset), f, asked: query };
    /** @param {string} name */
    const numbers = (name) => (said.get(name) || []).map((word) => (word.trim() ? Number(word) : NaN));

    const state = fresh(objective, preset);
    const its = OBJECTIVES[objective];
    state.start = heldStart(its, pictures[objective], numbers("start"), state.start);
    state.steps = held("steps", numbers("steps")[0], state.steps);
    state.noise = held("noise", numbers("noise")[0], state.noise);
    state.seed = held("seed", numbers("seed")[0], state.seed);
    state.k = held("k", numbers("k")[0], 0, [0, state.steps]);
    state.basins = basins === "1" && its.dim === 2;
    state.own = own;
    state.f = f ?? its.code;

    const on = Object.keys(OPTIMIZERS).filter((name) => said.has(name) && said.get(name)?.at(-1) !== "off");
    for (const [name, runner] of Object.entries(state.runners)) {
      const given = numbers(name);
      const parameters = Object.keys(OPTIMIZERS[name].parameters);
      runner.numbers = parameters.map((parameter, i) => held(parameter, given[i], runner.numbers[i]));
      if (on.length) runner.on = on.includes(name);
    }
    if (on.length) state.watched = on.includes(watched) ? watched : on[0];
    return state;
  };

  return { write, read };
})();
