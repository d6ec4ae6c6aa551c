// The explorer's state and its address, a query that says all of it. What stands in an address is held
// to the same bounds as what a reader types. Nothing here needs a page.

const BOUNDS = {
  learning_rate: [1e-5, 10],
  beta: [0, 1 - 1e-9],
  beta1: [0, 1 - 1e-9],
  beta2: [0, 1 - 1e-9],
  eps: [1e-16, 1e3],
  steps: [1, 1000],
  noise: [0, 1e3],
  seed: [0, 1e9],
};
const WHOLE = ["steps", "k", "seed"];

// The number given for a name, held within its bounds; where it is no number, the one before.
function held(name, given, before, [low, high] = BOUNDS[name]) {
  if (!(given <= Infinity)) return before;
  const number = Math.min(Math.max(given, low), high);
  return WHOLE.includes(name) ? Math.round(number) : number;
}

// The start given, held within the picture; the one before, where f or its gradient is not finite.
function heldStart({ run }, picture, given, before) {
  const start = picture.map(([low, high], i) => Math.min(Math.max(given[i], low), high));
  if (start.length === 1) start.push(0);
  const out = [0, 0, 0];
  run(...start, out);
  return [...start, ...out].every(Number.isFinite) ? start : before;
}

// How the explorer begins on an objective: with the catalogue's start and rates, and with plain
// descent, unless `descents` names others, each with its numbers.
function freshState(name, { steps, noise }, descents) {
  const { start, rates } = OBJECTIVES[name];
  const runners = {};
  for (const [optimizer, { parameters }] of Object.entries(OPTIMIZERS)) {
    const own = Object.values({ ...parameters, learning_rate: rates[optimizer] });
    const on = descents ? optimizer in descents : optimizer === "gradient_descent";
    runners[optimizer] = { on, numbers: descents?.[optimizer]?.slice() || own };
  }
  const watched = Object.keys(runners).find((optimizer) => runners[optimizer].on);
  return { objective: name, start: [...start, 0].slice(0, 2), steps, k: 0, noise, seed: 1, runners, watched,
    basins: false };
}

function writeState({ runners, basins, ...state }) {
  const said = Object.entries(state);
  if (basins) said.push(["basins", 1]);
  for (const [optimizer, { on, numbers }] of Object.entries(runners)) {
    said.push([optimizer, on ? numbers : [...numbers, "off"]]);
  }
  return said.map(([name, value]) => `${name}=${value}`).join("&");
}

// The state that a query asks for; none, if there is no picture of its objective. `pictures` are the
// limits of each. What the query leaves out, or says in no sensible way, is as on a fresh start.
function readState(query, pictures, preset) {
  const said = new Map();
  for (const part of query.split("&")) {
    const [name, value = ""] = part.split("=");
    try {
      if (!said.has(name)) said.set(name, decodeURIComponent(value).split(","));
    } catch { /* a % that stands for nothing */ }
  }
  const [objective, watched, basins] = ["objective", "watched", "basins"].map((name) => said.get(name)?.[0]);
  if (!Object.keys(pictures).includes(objective)) return undefined;
  const numbers = (name) => (said.get(name) || []).map((word) => (word.trim() ? Number(word) : NaN));

  const state = freshState(objective, preset);
  const own = OBJECTIVES[objective];
  state.start = heldStart(own, pictures[objective], numbers("start"), state.start);
  for (const name of ["steps", "noise", "seed"]) state[name] = held(name, numbers(name)[0], state[name]);
  state.k = held("k", numbers("k")[0], 0, [0, state.steps]);
  state.basins = basins === "1" && own.dim === 2;

  const on = Object.keys(OPTIMIZERS).filter((name) => said.has(name) && said.get(name).at(-1) !== "off");
  for (const [name, runner] of Object.entries(state.runners)) {
    const given = numbers(name);
    const parameters = Object.keys(OPTIMIZERS[name].parameters);
    runner.numbers = parameters.map((parameter, i) => held(parameter, given[i], runner.numbers[i]));
    if (on.length) runner.on = on.includes(name);
  }
  if (on.length) state.watched = on.includes(watched) ? watched : on[0];
  return state;
}
