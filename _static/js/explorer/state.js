// The explorer's state, what a reader may set, and within which bounds. Nothing here needs a page.

/**
 * @typedef {{ on: boolean, numbers: number[] }} Runner an optimizer: shown or not, and its numbers
 * @typedef {object} State what a reader has set
 * @property {string} objective
 * @property {number[]} start two components, also where the objective has one
 * @property {number} steps
 * @property {number} k the step that is shown
 * @property {number} noise
 * @property {number} seed
 * @property {Record<string, Runner>} runners
 * @property {string} [watched] the optimizer that is looked at
 * @property {boolean} basins
 * @property {string} [own] the code of the reader's own optimizer, if it is shown
 * @property {string} [f] that of their own objective, if it is shown; `objective` is "own" once it has run
 * @property {string} [asked] the query of a link to their own objective, until that has run
 * @typedef {{ objective: string, start: number[], steps: number,
 *   descents?: Record<string, number[]> | null }} Preset how a page begins
 */

book.state = (() => {
  /** @type {Record<string, [number, number]>} */
  const BOUNDS = {
    learning_rate: [1e-5, 10],
    beta: [0, 1 - 1e-9],
    beta1: [0, 1 - 1e-9],
    beta2: [0, 1 - 1e-9],
    rho: [0, 1 - 1e-9],
    eps: [1e-16, 1e3],
    weight_decay: [0, 1e3],
    steps: [1, 1000],
    noise: [0, 1e3],
    seed: [0, 1e9],
  };
  const WHOLE = ["steps", "k", "seed"];

  /**
   * The number given for a name, held within its bounds; where it is no number, the one before.
   * @param {string} name
   * @param {number} given
   * @param {number} before
   */
  const held = (name, given, before, [low, high] = BOUNDS[name]) => {
    if (!(given <= Infinity)) return before;
    const number = book.numbers.clamp(given, low, high);
    return WHOLE.includes(name) ? Math.round(number) : number;
  };

  /**
   * The start given, held within the picture; the one before, where f or its gradient is not finite.
   * @param {Objective} objective
   * @param {Interval[]} picture
   * @param {number[]} given
   * @param {number[]} before
   */
  const heldStart = ({ run }, picture, given, before) => {
    const [x, y = 0] = picture.map(([low, high], i) => book.numbers.clamp(given[i], low, high));
    const out = [0, 0, 0];
    run(x, y, out);
    return [x, y, ...out].every(Number.isFinite) ? [x, y] : before;
  };

  /**
   * How the explorer begins on an objective: with the catalogue's start and rates, and with plain
   * descent, unless `descents` names others, each with its numbers.
   * @param {string} objective
   * @param {Pick<Preset, "steps">} preset
   * @param {Preset["descents"]} [descents]
   * @returns {State}
   */
  const fresh = (objective, { steps }, descents) => {
    const { OBJECTIVES, OPTIMIZERS } = book.gdcore;
    const { start, rates } = OBJECTIVES[objective];
    /** @type {Record<string, Runner>} */
    const runners = {};
    for (const [name, { parameters }] of Object.entries(OPTIMIZERS)) {
      const own = Object.values({ ...parameters, learning_rate: rates[name] });
      const on = descents ? name in descents : name === "gradient_descent";
      runners[name] = { on, numbers: descents?.[name]?.slice() || own };
    }
    const watched = Object.keys(runners).find((name) => runners[name].on);
    return { objective, start: [...start, 0].slice(0, 2), steps, k: 0, noise: 0, seed: 1, runners, watched, basins: false };
  };

  /** How a page begins. @param {Preset} preset @returns {State} */
  const first = (preset) => ({ ...fresh(preset.objective, preset, preset.descents), start: [...preset.start, 0].slice(0, 2) });

  /**
   * As on a fresh start on another objective, with the optimizers that are shown and all that is theirs.
   * @param {State} state
   * @param {string} objective
   * @param {Preset} preset
   * @returns {State}
   */
  const turned = ({ steps, noise, seed, runners, basins, own }, objective, preset) => {
    const state = { ...fresh(objective, preset), steps, noise, seed, basins, own };
    const names = Object.keys(runners);
    for (const name of names) state.runners[name].on = runners[name].on;
    return { ...state, watched: names.find((name) => runners[name].on) };
  };

  return { BOUNDS, held, heldStart, fresh, first, turned };
})();
