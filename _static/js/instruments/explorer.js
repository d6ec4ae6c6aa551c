// The explorer: what happens when a reader acts. What is computed stands in descend.js, outcomes.js,
// standing.js and forces.js, over gdcore's own formulas; what is said, in words.js; what is seen, in controls.js,
// terrain.js, picture.js, chart.js and basin-map.js. A change shows on the next frame: of a descent of
// each method that is shown so many are computed as there is time for, the watched one first (work.js).

book.page.all('.instrument[data-name="explorer"]', HTMLElement).forEach((root, number) => {
  const { say, calm: calmness, whenThemeChanges, onceAFrame, inMotion, svg } = book.page;
  const { clamp, power, steady, write: written } = book.numbers;
  const { OBJECTIVES, OPTIMIZERS, METHOD_LOOKS } = book.gdcore;
  const { AT_REST, ending, limitOf } = book.outcomes;
  const { LONG, longRun, boundedUpTo } = book.standing;
  const { held, heldStart, first, turned } = book.state;
  const { RATES, write } = book.controls;
  const { movable, spotIn } = book.hands;
  const ZOOMS = [1, 2, 4, 8];
  const calm = calmness();
  const words = book.words(say);

  /** @type {{ preset: Preset }} */
  const { preset } = JSON.parse(root.dataset.values ?? "");
  const { figure: id = "" } = root.dataset;
  const figure = document.getElementById(id);
  /** @type {Record<string, Interval[]>} */
  const pictures = {};
  for (const [name, { limits }] of Object.entries(OBJECTIVES)) pictures[name] = limits;
  const choices = Object.keys(pictures).sort((one, other) => Number(other === preset.objective) - Number(one === preset.objective));

  figure?.classList.add("live", "explorer-figure");
  figure?.querySelector("figcaption")?.before(root);
  root.replaceChildren();
  root.className = "explorer";
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", say("试一试", "Try it"));
  const controls = book.controls.make(root, number, choices, words);
  const { choose, plot, stage, map, over, handle, tip, play, scrub, coordinates, mapped, told } = controls;
  const losses = book.chart.make(controls.loss);
  const rates = book.chart.make(controls.sweep);
  const picture = book.picture(controls);
  const terrain = book.terrain(controls.ground);
  const basinMap = book.basinMap(map, controls.legend, words);
  const queue = book.work.queue();
  const sweeping = book.work.slices((go) => setTimeout(go));

  /** @type {State} */
  let state = first(preset);
  let objective = OBJECTIVES[state.objective];
  let limits = pictures[state.objective];
  /** @type {number[]} */
  let view = []; // of the picture, and as it is seen, zoomed out
  let seen = "";
  let zoom = 1;
  /** @type {ReturnType<typeof book.geometry.scales>} */
  let scales;
  /** @type {Record<string, Run>} */
  let runs = {};
  /** @type {{ key: string, points: { e: number, end: number, bounded: boolean }[], upTo?: number, moves: boolean, minimizer: number, began?: string }} */
  let sweep = { key: "", points: [], moves: true, minimizer: -1 };
  /** @type {Interval | undefined} */
  let powers; // between which the charts go
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let keeping;
  /** @type {number | undefined} */
  let looked; // the step that the pointer is at
  let hand = ""; // what is dragged
  let playing = false;
  let [wide, high] = [0, 0]; // the stage
  let touched = false;
  let moved = false; // whether the start ever was
  let dirty = true; // whether more than the step has changed

  // The address says what the reader has set, from half a second later on, so that a reload keeps it.
  const link = () => `#${id}?${book.address.write(state)}`;
  const keep = () => history.replaceState(null, "", link());
  const read = () => {
    const [place, query] = location.hash.slice(1).split("?");
    const asked = place === id && query && book.address.read(query, pictures, preset);
    if (!asked) return false;
    state = asked;
    touched = true;
    return true;
  };

  // Computing -----------------------------------------------------------------------------------

  const shown = () => Object.keys(state.runners).filter((name) => state.runners[name].on);
  const watched = () => state.watched ?? shown()[0];
  /** @param {string} name @param {number} [rate] */
  const setting = (name, rate) => {
    const { numbers } = state.runners[name];
    return { objective, limits, optimizer: OPTIMIZERS[name], start: state.start, steps: state.steps,
      tol: state.noise ? -1 : AT_REST, // with noise nothing comes to rest
      parameters: rate ? [rate, ...numbers.slice(1)] : numbers,
      noise: state.noise ? book.descents.noiseOf(state.seed, state.noise, objective.dim) : undefined };
  };
  // What is the reader's own has a script and a panel of its own, asked for when it is first shown.
  /** @type {ReturnType<typeof book.ownDescent.make> | undefined} */
  let own;
  /** @param {() => void} act */
  const withOwn = (act) => book.owned.wanted("own.js", () => {
    own ??= book.ownDescent.make(controls.drawer, typeOwn, showOwn);
    act();
  });
  /** @type {ReturnType<typeof book.ownObjective.make> | undefined} */
  let ownF;
  /** @param {() => void} act */
  const withF = (act) => book.owned.wanted("own-objective.js", () => {
    ownF ??= book.ownObjective.make(controls.drawer, preset, pictures, () => state, turnTo);
    act();
  });
  const settleF = () => {
    if (!ownF && state.f !== undefined) return void withF(settleF);
    ownF?.settle(objective.title);
  };
  /** @param {string} code */
  const typeOwn = (code) => {
    state.own = code;
    change();
  };
  /** @param {Run} [run] */
  const showOwn = (run) => {
    if (run) runs.own = run;
    else delete runs.own;
    lossLines.own?.setAttribute("d", "");
    if (!run) return;
    fit();
    layCharts();
    if (!state.k) return void go(state.steps); // where it can be seen
    drawStep();
    tell();
  };
  const settleOwn = () => {
    if (!own && state.own !== undefined) return void withOwn(settleOwn);
    const { objective: name, start, steps, noise, seed } = state;
    own?.settle(state.own, JSON.stringify([state.own, name, start, steps, noise, seed, objective.code]), name,
      setting("gradient_descent"), Boolean(hand));
  };
  /** @param {number} f */
  const above = (f) => (objective.unit ? f : f - objective.minimum);
  /** How high in the charts. @param {number} f */
  const gap = (f) => (objective.unit ? f / objective.unit : Math.log10(Math.max(above(f), 1e-16)));
  /** @param {number} v */
  const height = (v) => (objective.unit ? written(v * objective.unit) : power(v));
  /** The view of the whole picture; in one dimension upwards as far as the curve goes. @returns {number[]} */
  const wholeView = () => {
    if (objective.dim === 2) return limits.flat();
    const [[x0, x1]] = limits;
    const out = [0, 0, 0];
    const heights = Array.from({ length: 401 }, (_, i) => {
      objective.run(x0 + ((x1 - x0) * i) / 400, 0, out);
      return out[0];
    });
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    return [x0, x1, low - 0.05 * (high - low), high + 0.05 * (high - low)];
  };

  /** How the method that is watched ends at each rate, a coarse picture first. */
  function* sweepOver() {
    const name = watched();
    const all = Array.from({ length: 101 }, (_, i) => RATES[0] + 0.06 * i);
    const coarse = all.filter((_, i) => i % 5 === 0);
    /** @type {Map<number, boolean>} */
    const bounded = new Map();
    /** @type {typeof sweep.points} */
    const points = [];
    let moves = false;
    for (const e of [...coarse, ...all.filter((e) => !coarse.includes(e))]) {
      const run = book.descents.descend(setting(name, 10 ** e));
      const long = longRun(setting(name, 10 ** e));
      bounded.set(e, long.bounded);
      moves ||= long.moved > 1e-3;
      points.push({ e, end: gap(run.f[run.last]), bounded: long.bounded });
      if (points.length === coarse.length) {
        sweep.points = points.slice();
        drawSweep();
      }
      yield run.last + 1 + LONG;
    }
    for (;;) { // look closer, as boundedUpTo asks, a run at a time
      /** @type {number | undefined} */
      let asked;
      const upTo = boundedUpTo((e) => bounded.get(e) ?? ((asked ??= e), false), all);
      if (asked === undefined) {
        Object.assign(sweep, { points: points.sort((one, other) => one.e - other.e), upTo, moves });
        break;
      }
      bounded.set(asked, longRun(setting(name, 10 ** asked)).bounded);
      yield LONG;
    }
    drawSweep();
    sayRates();
  }
  const settleSweep = () => {
    const key = JSON.stringify([watched(), state.start, state.steps, state.noise, state.seed, state.objective, objective.code,
      state.runners[watched()].numbers.slice(1)]);
    if (sweep.key !== key) {
      sweep = { key, points: sweep.points, moves: true, minimizer: -1 };
      controls.sweep.classList.add("stale");
      sweeping.stop();
    }
    if (hand || sweep.began === key) return; // while a hand moves the start, it would come to no end
    sweep.began = key;
    sweeping.begin(sweepOver());
  };

  /** @type {WeakMap<Run, number>} */
  const exits = new WeakMap();
  /** The first step at which a run is outside of the picture; Infinity, if it never is. @param {Run} run */
  const exitOf = (run) => {
    const known = exits.get(run);
    if (known !== undefined) return known;
    const [[x0, x1], [y0, y1] = [-Infinity, Infinity]] = limits;
    let k = 1;
    while (k <= run.last && run.x[k] >= x0 && run.x[k] <= x1 && run.y[k] >= y0 && run.y[k] <= y1) k++;
    const exit = k <= run.last ? k : Infinity;
    exits.set(run, exit);
    return exit;
  };

  // Drawing -------------------------------------------------------------------------------------

  // How far out one must go to see all of the descents up to this step.
  const zoomNeeded = () => {
    const [[x0, x1, y0, y1], flat] = [view, objective.dim === 1];
    let most = 1;
    for (const { x, y, f, last } of Object.values(runs)) {
      for (let i = 0; i <= Math.min(state.k, last); i++) {
        most = Math.max(most, Math.abs(2 * x[i] - x0 - x1) / (x1 - x0), Math.abs(2 * (flat ? f[i] : y[i]) - y0 - y1) / (y1 - y0));
      }
    }
    return ZOOMS.find((times) => times >= most) ?? ZOOMS[ZOOMS.length - 1];
  };
  /** Lay the picture out where something about it has changed. */
  const fit = () => {
    if (!hand) zoom = zoomNeeded();
    const as = [state.objective, zoom, wide, high].join();
    if (as === seen) return;
    seen = as;
    const [x0, x1, y0, y1] = view;
    const ratio = objective.dim === 1 ? wide / high : (x1 - x0) / (y1 - y0);
    const width = Math.round(Math.min(wide, high * ratio));
    const height = Math.round(Math.min(high, wide / ratio));
    Object.assign(plot.style, { width: `${width}px`, height: `${height}px` });
    /** @param {number} low @param {number} top */
    const wider = (low, top) => [low - ((zoom - 1) / 2) * (top - low), top + ((zoom - 1) / 2) * (top - low)];
    const now = [...wider(x0, x1), ...wider(y0, y1)];
    scales = book.geometry.scales([0, 0, width, height], now);
    picture.lay(objective, now, view, scales);
    terrain.draw(objective, now, width, height);
    const part = 100 / zoom;
    Object.assign(map.style, { left: `${(100 - part) / 2}%`, top: `${(100 - part) / 2}%`, width: `${part}%`, height: `${part}%` });
    layCharts();
  };
  const chooseObjective = () => {
    objective = OBJECTIVES[state.objective];
    limits = pictures[state.objective];
    view = wholeView();
    runs = {};
    seen = "";
    powers = undefined;
    basinMap.hide();
    for (const box of [mapped, coordinates[1]]) box.parentElement?.toggleAttribute("hidden", objective.dim === 1);
    if (objective.dim === 1) state.basins = false;
  };

  const charted = () => (objective.unit ? "f" : "f − min f");
  const titles = {
    loss: () => say(`${charted()}，随步数`, `${charted()} by step`),
    sweep: () => say(`第 ${state.steps} 步的 ${charted()}，随 η`, `${charted()} at step ${state.steps}, by η`),
  };
  /** @type {Record<string, SVGPathElement>} */
  const lossLines = {};
  const layCharts = () => {
    const ends = Object.values(runs).flatMap(({ f, last }) => [f[0], f[last]].map(gap)).filter(Number.isFinite);
    const top = gap(runs[watched()]?.f[0] ?? 1) + 4; // what ran away lies at the upper edge
    const low = Math.max(Math.min(...ends, top - 5), top - 40); // and what fell without end, at the lower one
    const high = Math.min(top, Math.max(...Object.values(runs).map(({ f, last }) => {
      let most = -Infinity;
      for (let i = 0; i <= last; i++) most = Math.max(most, f[i]);
      return gap(most);
    }), low + 1));
    if (!hand || !powers) powers = [low, high];
    const half = Math.round(state.steps / 2);
    losses.begin(powers, [0, state.steps], [0, half, state.steps].map((k) => [k, half === 0 && !k ? "" : String(k)]), titles.loss(), height);
    for (const [name, [color, dash]] of Object.entries(METHOD_LOOKS)) {
      lossLines[name] = svg("path", { stroke: `var(--figure-${color})`, fill: "none", "stroke-width": 1.6,
        "stroke-dasharray": dash }, losses.content);
    }
    Object.keys(runs).forEach(drawLoss);
    drawSweep();
  };
  /** @param {string} name */
  const drawLoss = (name) => {
    const { f, last } = runs[name];
    const points = book.thin.extremes(f.subarray(0, last + 1), losses.columns());
    lossLines[name]?.setAttribute("d", points.map((i, at) =>
      `${at ? "L" : "M"}${Math.round(10 * losses.across(i)) / 10} ${Math.round(10 * losses.up(gap(f[i]))) / 10}`).join(""));
  };
  const drawSweep = () => {
    if (!powers) return;
    rates.begin(powers, RATES, [-5, -3, -1, 1].map((e) => [e, power(e)]), titles.sweep(), height);
    const { points, upTo } = sweep;
    controls.sweep.classList.toggle("stale", upTo === undefined);
    const [color] = METHOD_LOOKS[watched()];
    for (let i = 0; upTo !== undefined && i < points.length; i++) {
      const from = i;
      while (i < points.length && points[i].bounded) i++;
      if (i === from) continue;
      const [left, right] = [points[from].e - 0.03, points[i - 1].e + 0.03].map((e) => rates.across(clamp(e, ...RATES)));
      svg("rect", { x: left, y: rates.up(powers[1]), width: right - left, height: rates.up(-Infinity) - rates.up(powers[1]),
        class: "bounded", "data-count": i - from }, rates.content);
    }
    svg("path", { class: "sweep", style: `stroke: var(--figure-${color})`,
      d: points.map(({ e, end }) => `M${rates.across(e).toFixed(1)} ${rates.up(end).toFixed(1)}h0`).join("") }, rates.content);
    drawLimit();
    drawCursors();
  };
  // The minimizer of which the theorem about 2/L speaks: the one that is reached now or, if none is, the
  // one that is reached at the rate of the catalogue.
  const drawLimit = () => {
    rates.content.querySelector(".limit")?.remove();
    sweep.minimizer = -1;
    if (watched() !== "gradient_descent" || state.noise || sweep.upTo === undefined) return;
    const [x, y] = state.start;
    for (const rate of [undefined, objective.rates.gradient_descent]) {
      if (sweep.minimizer < 0) sweep.minimizer = ending({ ...setting("gradient_descent", rate), steps: LONG })(x, y);
    }
    const limit = sweep.minimizer >= 0 && limitOf(objective, sweep.minimizer);
    if (!limit || Math.log10(limit) > RATES[1]) return;
    const mark = svg("g", { class: "limit" }, rates.content);
    const at = rates.across(Math.log10(limit));
    svg("path", { d: `M${at} ${rates.up(Infinity)}V${rates.up(-Infinity)}` }, mark);
    svg("text", { x: at + 4, y: (rates.up(Infinity) + rates.up(-Infinity)) / 2 }, mark).textContent = "2/L";
  };
  // What is known of the rates of the method that is watched.
  const sayRates = () => {
    if (sweep.upTo === undefined) return write(controls.law, "…");
    const { moves, upTo, minimizer } = sweep;
    let about = words.bounded({ upTo, moves }, state.noise > 0);
    if (moves) about += words.attracts(objective, minimizer);
    write(controls.law, about);
  };
  const drawCursors = () => {
    losses.point(state.k);
    losses.light(looked);
    rates.point(clamp(Math.log10(state.runners[watched()].numbers[0]), ...RATES));
  };

  const step = () => looked ?? state.k;
  const drawRows = () => {
    for (const { name, f, word } of controls.rows) {
      const run = runs[name];
      if (state.runners[name]?.on === false) continue;
      write(f, run ? `f = ${steady(run.f[Math.min(step(), run.last)])}` : "");
      write(word, run ? words.stands(run, step(), objective, limits) : "…");
    }
  };
  const table = () => {
    const names = objective.dim === 1 ? ["x", "f′(x)"] : ["x₁", "x₂", "∂f/∂x₁", "∂f/∂x₂"];
    const head = [words.step(step()), ...names, "f", say("状态", "State")];
    const body = [...shown(), "own"].filter((name) => runs[name]).map((name) => {
      const run = runs[name];
      const at = Math.min(step(), run.last);
      const columns = objective.dim === 1 ? [run.x, run.gx] : [run.x, run.y, run.gx, run.gy];
      return [words.METHODS[name], ...[...columns, run.f].map((column) => steady(column[at])),
        words.stands(run, step(), objective, limits)];
    });
    return { head, body };
  };
  // Tell who does not see it how all of them stand.
  const tell = () => {
    const said = table().body.map((cells) => `${cells[0]}: f = ${cells.at(-2)}, ${cells.at(-1)}`);
    controls.spoken.textContent = words.step(state.k) + say("：", ": ") + said.join(say("；", "; "));
  };

  const drawMap = () => {
    if (state.basins) basinMap.draw(setting(watched()), words.METHODS[watched()]);
    else basinMap.hide();
  };
  // The forces at the step at hand; at the start the arrow of the first step says it.
  const drawForces = () => {
    const run = runs[watched()];
    const at = run && Math.min(state.k, run.last);
    const here = run && at === state.k ? book.forces.at(setting(watched()), at) : undefined;
    const larger = run ? picture.push(run, at, at ? here : undefined, objective, limits, scales) : 1;
    controls.key.hidden = !here || !at;
    write(controls.times, words.larger(larger));
    const roots = here?.roots?.slice(0, objective.dim);
    controls.roots.hidden = !roots;
    if (!roots) return;
    controls.roots.setAttribute("aria-label", words.roots(roots));
    controls.bars.forEach((bar, i) => {
      bar.parentElement?.toggleAttribute("hidden", !(i in roots));
      bar.style.width = `${4 * (roots[i] / Math.max(...roots) || 0)}em`;
    });
  };
  const drawStep = () => {
    picture.draw(runs, state, objective, view, scales, exitOf, looked);
    const [color] = METHOD_LOOKS[watched()];
    picture.begin(objective, state.start, book.forces.at(setting(watched()), 0).step, `var(--figure-${color})`, scales);
    drawForces();
    handle.setAttribute("aria-label", words.start(state.start.slice(0, objective.dim)));
    controls.dragMe.style.display = moved ? "none" : "";
    drawRows();
    if (controls.drawer.open) {
      const { head, body } = table();
      controls.tabulate(head, body);
    }
    write(controls.zoomed, words.zoomed(zoom, [...shown(), "own"].flatMap((name) => {
      const exit = runs[name] ? exitOf(runs[name]) : Infinity;
      return exit <= state.k ? [/** @type {[string, number]} */ ([name, exit])] : [];
    })));
    controls.show(state, playing);
    drawCursors();
  };
  const draw = () => {
    const all = dirty;
    dirty = false;
    if (all) {
      if (objective !== OBJECTIVES[state.objective]) chooseObjective();
      for (const name of Object.keys(runs)) {
        if (state.runners[name]?.on === false) {
          delete runs[name];
          lossLines[name]?.setAttribute("d", "");
        }
      }
      queue.ask(shown());
      settleF();
      settleOwn();
    }
    const turn = queue.next(watched(), state.steps);
    for (const name of turn) runs[name] = book.descents.descend(setting(name));
    fit();
    if (turn.length && !hand) layCharts();
    else turn.forEach(drawLoss);
    drawStep();
    if (all) {
      settleSweep();
      drawLimit();
      sayRates();
      drawMap();
    }
    if (queue.waits()) drawSoon();
    else sayLosses();
  };
  const sayLosses = () => controls.loss.setAttribute("aria-label", `${titles.loss()}: ` +
    Object.entries(runs).map(([name, run]) =>
      `${words.METHODS[name]} ${[0, run.last].map((k) => written(above(run.f[k]))).join(" → ")}`).join("; "));
  const drawSoon = onceAFrame(draw);
  // Everything changes on the next frame; a change of the step alone computes nothing anew.
  const change = (all = true) => {
    dirty ||= all;
    drawSoon();
    touched = true;
    clearTimeout(keeping);
    keeping = setTimeout(keep, 500);
  };

  // What the reader does ------------------------------------------------------------------------

  /** @param {number} k */
  const go = (k, speak = true) => {
    state.k = clamp(Math.round(k), 0, state.steps);
    change(false);
    if (speak) setTimeout(tell, 50);
  };
  const stop = () => {
    playing = false;
    go(state.k);
  };
  play.onclick = () => {
    if (playing) return stop();
    playing = true;
    if (state.k >= state.steps) state.k = 0;
    inMotion((due) => {
      if (playing && due) go(state.k + due, false);
      if (playing && state.k >= state.steps) stop();
      return playing;
    });
  };
  /** @param {number} steps */
  const by = (steps) => () => {
    playing = false;
    go(state.k + steps);
  };
  controls.earlier.onclick = by(-1);
  controls.later.onclick = by(1);
  scrub.oninput = () => {
    playing = false;
    go(scrub.valueAsNumber, false);
  };
  scrub.onchange = tell;

  /** @param {string} name */
  const watch = (name) => {
    state.runners[name].on = true;
    state.watched = name;
    change();
  };
  for (const { name, chip } of controls.buttons) {
    chip.onclick = () => {
      if (name === "own") {
        if (state.own === undefined) {
          withOwn(() => typeOwn(book.own.beginning(objective.rates.gradient_descent)));
          return;
        }
        state.own = undefined;
        change();
        return;
      }
      if (!state.runners[name].on) return watch(name);
      state.runners[name].on = shown().length === 1; // the last one stays
      if (state.watched === name) [state.watched] = shown();
      change();
    };
  }
  for (const { name, choice } of controls.rows) choice.onchange = () => watch(name);
  /** @param {number} rate */
  const turn = (rate) => {
    if (!(rate <= Infinity)) return;
    state.runners[watched()].numbers[0] = Number(clamp(rate, ...book.state.BOUNDS.learning_rate).toPrecision(3));
    change();
  };
  for (const { name, inputs } of controls.lines) {
    const parameters = Object.keys(OPTIMIZERS[name].parameters);
    inputs.forEach((input, i) => (input.onchange = () => {
      const { numbers } = state.runners[name];
      numbers[i] = held(parameters[i], input.valueAsNumber, numbers[i]);
      input.value = String(numbers[i]);
      watch(name);
    }));
  }

  /** @param {number} x @param {number} y */
  const moveTo = (x, y) => {
    state.start = heldStart(objective, limits, [x, y], state.start);
    moved = true;
    change();
  };

  /** @param {number} [k] */
  const look = (k) => {
    if (k === looked) return;
    looked = k;
    drawSoon();
  };

  // A hand on the picture has the start, the first step's arrow or a dot; `off` is how far it is off.
  let off = { x: 0, y: 0 };
  let corner = { x: 0, y: 0 }; // of the picture, in the window
  /** @param {MouseEvent} event */
  const dragged = (event) => {
    const spot = { x: event.clientX - corner.x, y: event.clientY - corner.y };
    const [a, b] = scales.back(spot.x - off.x, spot.y - off.y);
    if (hand === "start") moveTo(a, b);
    else if (hand === "tip") turn(book.forces.rateTo(setting(watched()), a, objective.dim === 1 ? 0 : b));
    else if (hand === "dot") go(picture.nearest(runs[watched()], state.steps, objective, scales, spot).k, false);
  };
  /** Which dot of a descent is near. @param {{ x: number, y: number }} spot @param {number} within */
  const dotAt = (spot, within) => {
    for (const name of [watched(), ...shown()]) {
      const run = runs[name];
      if (!run || !state.k) continue;
      const at = Math.min(state.k, run.last);
      const [x, y] = scales.place(run.x[at], objective.dim === 1 ? run.f[at] : run.y[at]);
      if (Math.hypot(x - spot.x, y - spot.y) <= within) return name;
    }
    return undefined;
  };
  over.onpointerdown = (event) => {
    if (event.button) return;
    const finger = event.pointerType !== "mouse";
    const spot = spotIn(over, event);
    const on = /** @type {Element} */ (event.target);
    const dot = dotAt(spot, finger ? 22 : 12);
    off = { x: 0, y: 0 };
    if (tip.contains(on)) {
      hand = "tip";
      const [x, y] = (tip.dataset.tip ?? "").split(" ").map(Number);
      if (x > 0 && x < over.clientWidth && y > 0 && y < over.clientHeight) off = { x: spot.x - x, y: spot.y - y };
    } else if (dot && !handle.contains(on)) {
      hand = "dot";
      if (dot !== watched()) watch(dot);
    } else if (finger && !handle.contains(on)) {
      return;
    } else {
      hand = "start";
    }
    event.preventDefault();
    playing = false;
    corner = { x: event.clientX - spot.x, y: event.clientY - spot.y };
    look();
    if (hand !== "dot") (hand === "tip" ? tip : handle).focus({ preventScroll: true });
    over.setPointerCapture(event.pointerId);
    if (hand !== "tip") dragged(event);
  };
  const released = () => {
    if (!hand) return;
    const was = hand;
    hand = "";
    change(false);
    layCharts();
    settleSweep();
    settleOwn();
    if (was === "dot") tell();
  };
  over.onpointermove = (event) => {
    if (over.hasPointerCapture(event.pointerId)) return dragged(event);
    if (event.pointerType !== "mouse") return;
    const on = /** @type {Element} */ (event.target);
    if (handle.contains(on) || tip.contains(on)) return look();
    const spot = spotIn(over, event);
    const near = Object.values(runs).map((run) => picture.nearest(run, state.k, objective, scales, spot))
      .sort((one, other) => one.far - other.far)[0];
    look(near && near.far < 12 ? near.k : undefined);
  };
  over.onlostpointercapture = released;
  over.onclick = (event) => { // a tap
    const on = /** @type {Element} */ (event.target);
    if (/** @type {PointerEvent} */ (event).pointerType === "mouse" || handle.contains(on) || tip.contains(on)) return;
    const { x, y } = spotIn(over, event);
    if (!dotAt({ x, y }, 22)) {
      const [a, b] = scales.back(x, y);
      moveTo(a, b);
    }
  };
  // Where a finger may take a dot, the page does not scroll under it.
  over.addEventListener("touchstart", (event) => {
    const spot = spotIn(over, /** @type {MouseEvent} */ (/** @type {unknown} */ (event.touches[0])));
    if (dotAt(spot, 22)) event.preventDefault();
  }, { passive: false });
  over.onpointerleave = controls.loss.onpointerleave = () => look();

  movable(handle, (x, y, far) => {
    const [across, up = 0] = limits.map(([low, high]) => (high - low) * (far ? 0.1 : 0.01));
    moveTo(state.start[0] + x * across, state.start[1] + y * up);
  });
  // Both sliders of η: the arrow on the picture and the cursor in the chart.
  for (const slider of [tip, controls.sweep]) {
    movable(slider, (x, y, far) => turn(state.runners[watched()].numbers[0] * 10 ** ((x + y) * (far ? 0.1 : 0.01))));
    slider.addEventListener("keydown", ({ key }) => {
      /** @type {Record<string, number>} */
      const ends = { Home: 10 ** RATES[0], End: 10 ** RATES[1] };
      if (key in ends) turn(ends[key]);
    });
  }
  /**
   * A chart whose cursor is dragged; what is at the pointer before is looked at.
   * @param {typeof losses} chart
   * @param {string} name
   * @param {(u: number) => void} act
   */
  const draggable = (chart, name, act) => {
    const { picture } = chart;
    picture.onpointerdown = (event) => {
      if (event.button) return;
      playing = false;
      hand = name;
      picture.setPointerCapture(event.pointerId);
      act(chart.along(event));
    };
    picture.onlostpointercapture = () => {
      released();
      if (name === "k") tell();
    };
    picture.onpointermove = (event) => {
      if (picture.hasPointerCapture(event.pointerId)) act(chart.along(event));
      else if (name === "k" && event.pointerType === "mouse") look(clamp(Math.round(chart.along(event)), 0, state.steps));
    };
  };
  draggable(losses, "k", (u) => go(u, false));
  draggable(rates, "rate", (e) => turn(10 ** clamp(e, ...RATES)));

  /** @param {State} next */
  const turnTo = (next) => {
    state = next;
    playing = false;
    change();
  };
  choose.onchange = () => {
    if (choose.value === "own") withF(() => ownF?.begin());
    else turnTo(turned(state, choose.value, preset));
  };
  coordinates.forEach((input, i) => (input.onchange = () => {
    const [x, y] = state.start.map((c, j) => (i === j ? input.valueAsNumber : c));
    moveTo(x, y);
    input.value = String(Number(state.start[i].toPrecision(6)));
  }));
  for (const name of /** @type {const} */ (["steps", "noise", "seed"])) {
    const box = controls.boxes[name];
    box.onchange = () => {
      state[name] = held(name, box.valueAsNumber, state[name]);
      box.value = String(state[name]);
      state.k = Math.min(state.k, state.steps);
      change();
    };
  }
  mapped.onchange = () => {
    state.basins = mapped.checked;
    change();
  };
  controls.drawer.ontoggle = () => drawSoon();
  controls.reset.onclick = () => {
    turnTo(first(preset));
    told.textContent = say("已复位", "Reset");
  };
  controls.share.onclick = async () => {
    keep();
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    told.textContent = copied
      ? say("链接已复制，也在地址栏里", "The link is copied, and in the address bar")
      : say("没能复制，链接在地址栏里", "The link could not be copied; it is in the address bar");
  };
  controls.full.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  // The language link takes what the reader has set along while it is in view.
  book.page.all("a.language-link", HTMLAnchorElement).forEach((other) => other.addEventListener("click", () => {
    const { top, bottom } = root.getBoundingClientRect();
    if (touched && top < innerHeight && bottom > 80) other.hash = link();
  }));
  addEventListener("hashchange", () => read() && change());
  calm.addEventListener("change", () => change());
  const afresh = () => {
    seen = "";
    dirty = true;
    drawSoon();
  };
  whenThemeChanges(afresh);
  const measure = () => ({ clientWidth: wide, clientHeight: high } = stage);
  new ResizeObserver(() => {
    measure();
    drawSoon();
  }).observe(stage);

  const asked = read();
  measure();
  chooseObjective();
  draw();
  const [arrival] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (asked && arrival.type === "navigate") root.scrollIntoView(); // else the reader comes back to a place
});
