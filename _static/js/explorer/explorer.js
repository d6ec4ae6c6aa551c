// The explorer: makes a landscape that gdcore drew into one to try things on. Here is what happens when
// a reader acts. What is computed stands in descend.js and outcomes.js, over gdcore's own formulas;
// what is said, in words.js; what is seen, in controls.js, paths.js, chart.js and basin-map.js.

book.page.all(".explorer", HTMLElement).forEach((root, number) => {
  const { say, calm: calmness, whenThemeChanges, onceAFrame, inMotion } = book.page;
  const { clamp, power, write } = book.numbers;
  const { OBJECTIVES, OPTIMIZERS } = book.gdcore;
  const { AT_REST, LONG, ending, longRun, boundedUpTo } = book.outcomes;
  const { held, heldStart, fresh } = book.state;
  const { RATES } = book.controls;
  const calm = calmness();
  const words = book.words(say);

  /** @type {Preset} */
  const preset = JSON.parse(root.dataset.preset ?? "");
  root.querySelector(".explorer-still")?.remove(); // the paths as they were printed
  const drawings = /** @type {SVGSVGElement[]} */ ([...root.querySelectorAll("svg, template")].map((e) =>
    e instanceof HTMLTemplateElement ? e.content.firstElementChild : e));
  const id = root.closest("[id]")?.id;
  /** @param {SVGSVGElement} drawing @returns {number[]} */
  const viewOf = ({ dataset }) => JSON.parse(dataset.view ?? "");
  /** @type {Record<string, Interval[]>} */
  const pictures = {};
  for (const one of drawings) {
    const [x0, x1, y0, y1] = viewOf(one);
    const name = one.dataset.objective ?? "";
    pictures[name] = /** @type {Interval[]} */ ([[x0, x1], [y0, y1]]).slice(0, OBJECTIVES[name].dim);
  }

  root.replaceChildren();
  const controls = book.controls.make(root, number, drawings.length > 1, preset, words);
  const { choose, plot, map, over, handle, play, scrub, watch, coordinates, mapped, told } = controls;
  const losses = book.chart.make(say("f − min f，随步数", "f − min f by step"), controls.side);
  const rates = book.chart.make(say("走完后的 f − min f，随 η", "Final f − min f by η"), controls.side);
  const paths = book.paths(controls);
  const basinMap = book.basinMap(map, controls.legend, words);

  /** @type {State} */
  let state = fresh(preset.objective, preset, preset.descents);
  let objective = OBJECTIVES[state.objective];
  let limits = pictures[state.objective];
  /** @type {SVGSVGElement | undefined} */
  let drawing;
  /** @type {ReturnType<typeof book.geometry.scales>} */
  let scales;
  /** @type {Record<string, Run>} */
  let runs = {};
  /** @type {{ key: string, upTo: number, moves: boolean } | undefined} */
  let sweep;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let keeping;
  let playing = false;
  let touched = false;
  let dirty = true; // whether more than the step has changed

  // The room that the tallest picture needs is kept for all of them, so that nothing below moves.
  const tallest = Math.max(...drawings.map(({ viewBox: { baseVal: { width, height } } }) => height / width));
  controls.room.style.setProperty("--tallest", String(tallest));

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
  const begin = () => {
    state = fresh(preset.objective, preset, preset.descents);
    state.start = [...preset.start, 0].slice(0, 2);
  };

  // Computing -----------------------------------------------------------------------------------

  const shown = () => Object.keys(state.runners).filter((name) => state.runners[name].on);
  /** @param {string} name @param {number} [rate] */
  const setting = (name, rate) => {
    const { numbers } = state.runners[name];
    return { objective, limits, optimizer: OPTIMIZERS[name], start: state.start, steps: state.steps,
      tol: state.noise ? -1 : AT_REST, // with noise nothing comes to rest
      parameters: rate ? [rate, ...numbers.slice(1)] : numbers,
      noise: state.noise ? book.descents.noiseOf(state.seed, state.noise, objective.dim) : undefined };
  };
  /** @param {number} f */
  const gap = (f) => Math.log10(Math.max(f - objective.minimum, 1e-16));
  /** What ran away lies at the upper edge of the charts. */
  const top = () => gap(runs[state.watched ?? ""]?.f[0] ?? 1) + 4;
  const settleSweep = () => {
    const { watched } = state;
    const key = JSON.stringify([watched, state.start, state.steps, state.noise, state.seed, state.objective,
      state.runners[watched ?? ""]?.numbers.slice(1)]);
    if (sweep?.key === key) return sayRates();
    const powers = Array.from({ length: 101 }, (_, i) => RATES[0] + 0.06 * i);
    const points = powers.flatMap((e) => {
      if (!watched) return [];
      const run = book.descents.descend(setting(watched, 10 ** e));
      return [{ e, end: gap(run.f[run.last]), ...longRun(setting(watched, 10 ** e)) }];
    });
    const found = new Map(points.map(({ e, bounded }) => [e, bounded]));
    const upTo = watched
      ? boundedUpTo((e) => found.get(e) ?? longRun(setting(watched, 10 ** e)).bounded, powers) : -Infinity;
    sweep = { key, upTo, moves: points.some(({ moved }) => moved > 1e-3) };
    drawSweep(points);
  };

  // Drawing -------------------------------------------------------------------------------------

  const fit = () => {
    objective = OBJECTIVES[state.objective];
    limits = pictures[state.objective];
    basinMap.hide();
    drawing?.remove();
    const now = drawings.find((one) => one.dataset.objective === state.objective) ?? drawings[0];
    drawing = now;
    map.after(now);
    const [left, top, width, height] = JSON.parse(now.dataset.box ?? "");
    scales = book.geometry.scales([left, top, width, height], viewOf(now));
    const { width: w, height: h } = now.viewBox.baseVal;
    over.setAttribute("viewBox", `0 0 ${w} ${h}`);
    plot.style.maxWidth = now.style.maxWidth;
    for (const [name, value] of Object.entries({ x: left, y: top, width, height })) {
      controls.clip.setAttribute(name, String(value));
    }
    Object.assign(map.style, { left: `${(left / w) * 100}%`, top: `${(top / h) * 100}%`,
      width: `${(width / w) * 100}%`, height: `${(height / h) * 100}%` });
    for (const box of [mapped, coordinates[1]]) box.parentElement?.toggleAttribute("hidden", objective.dim === 1);
    if (objective.dim === 1) state.basins = false;
  };

  const drawLosses = () => {
    const all = Object.entries(runs).map(([name, run]) => ({ name, run,
      gaps: Array.from(run.f.subarray(0, run.last + 1), gap) }));
    const half = Math.round(state.steps / 2);
    const up = losses.begin(all.flatMap(({ gaps }) => gaps), top(), [0, state.steps],
      [0, half, state.steps].map((k) => [k, String(k)]));
    for (const { name, gaps } of all) {
      const [color, dash] = book.gdcore.METHOD_LOOKS[name];
      book.page.svg("path", { d: book.geometry.line(gaps.map((g, i) => [losses.across(i), up(g)])),
        stroke: `var(--figure-${color})`, fill: "none", "stroke-width": 1.5, "stroke-dasharray": dash }, losses.picture);
    }
    losses.say(losses.title, `${losses.title}: ` + all.map(({ name, run }) =>
      `${words.METHODS[name]} ${[0, run.last].map((k) => write(run.f[k] - objective.minimum)).join(" → ")}`).join("; "));
  };
  /** @param {{ e: number, end: number, bounded: boolean }[]} points */
  const drawSweep = (points) => {
    const up = rates.begin(points.map(({ end }) => end), top(), RATES, [-5, -3, -1, 1].map((e) => [e, power(e)]));
    const width = rates.across(0.06) - rates.across(0) + 0.3;
    for (const { e, bounded } of points) {
      if (bounded) book.page.svg("rect", { x: rates.across(e - 0.03), y: 8, width, height: 100, class: "bounded" }, rates.picture);
    }
    for (const { e, end } of points) {
      book.page.svg("circle", { cx: rates.across(e), cy: up(end), r: 1.6, class: "sweep" }, rates.picture);
    }
    sayRates();
    drawCursors();
  };
  // What is known of the rates of the method that is looked at.
  const sayRates = () => {
    const { watched } = state;
    if (!watched || !sweep) return rates.say(rates.title);
    let about = words.bounded(sweep, state.noise > 0);
    if (watched === "gradient_descent" && sweep.moves && !state.noise) {
      const [x, y] = state.start;
      about += words.attracts(objective, ending({ ...setting(watched), steps: LONG })(x, y));
    }
    rates.say([rates.title, words.METHODS[watched], about].join(" · "));
  };
  const drawCursors = () => {
    losses.point(state.k);
    const rate = state.runners[state.watched ?? ""]?.numbers[0];
    if (rate) rates.point(clamp(Math.log10(rate), ...RATES));
  };

  const table = () => {
    const names = objective.dim === 1 ? ["x", "f′(x)"] : ["x₁", "x₂", "∂f/∂x₁", "∂f/∂x₂"];
    const head = [words.step(state.k), ...names, "f", say("状态", "State")];
    const body = shown().map((name) => {
      const run = runs[name];
      const at = Math.min(state.k, run.last);
      const columns = objective.dim === 1 ? [run.x, run.gx] : [run.x, run.y, run.gx, run.gy];
      return [words.METHODS[name], ...[...columns, run.f].map((column) => book.numbers.steady(column[at])),
        words.stands(run, state.k, objective, limits)];
    });
    return { head, body };
  };
  // Tell who does not see it how all of them stand.
  const tell = () => {
    const told = table().body.map((cells) => `${cells[0]}: f = ${cells.at(-2)}, ${cells.at(-1)}`);
    controls.told.textContent = words.step(state.k) + say("：", ": ") + told.join(say("；", "; "));
  };

  const drawMap = () => {
    if (state.basins && state.watched) basinMap.draw(setting(state.watched), words.METHODS[state.watched]);
    else basinMap.hide();
  };
  const drawStep = () => {
    paths.draw(runs, state, objective, limits, scales);
    handle.setAttribute("aria-label", words.start(state.start.slice(0, objective.dim)));
    const { head, body } = table();
    controls.tabulate(head, body);
    controls.show(state, playing);
    drawCursors();
  };
  const draw = () => {
    const all = dirty;
    dirty = false;
    if (!all) return drawStep();
    if (drawing?.dataset.objective !== state.objective) fit();
    runs = Object.fromEntries(shown().map((name) => [name, book.descents.descend(setting(name))]));
    drawLosses();
    drawStep();
    setTimeout(settleSweep);
    drawMap();
  };
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

  for (const { name, on, slider, parameters, others } of controls.rows) {
    // What is turned is shown and looked at.
    const turned = () => {
      state.runners[name].on = true;
      state.watched = name;
      change();
    };
    on.onchange = () => {
      if (on.checked) return turned();
      state.runners[name].on = shown().length === 1; // the last one stays
      if (state.watched === name) [state.watched] = shown();
      change();
    };
    slider.oninput = () => {
      state.runners[name].numbers[0] = Number((10 ** slider.valueAsNumber).toPrecision(3));
      turned();
    };
    others.forEach((input, i) => (input.onchange = () => {
      const { numbers } = state.runners[name];
      numbers[i + 1] = held(parameters[i], input.valueAsNumber, numbers[i + 1]);
      input.value = String(numbers[i + 1]);
      turned();
    }));
  }

  /** @param {number} x @param {number} y */
  const moveTo = (x, y) => {
    state.start = heldStart(objective, limits, [x, y], state.start);
    change();
  };
  /** @param {MouseEvent} event */
  const pointed = (event) => {
    const { x, y } = book.hands.spotIn(over, event);
    const [a, b] = scales.back(x, y);
    moveTo(a, b);
  };
  over.onpointerdown = (event) => {
    if (event.button || (event.pointerType !== "mouse" && !handle.contains(/** @type {Node} */ (event.target)))) return;
    event.preventDefault();
    handle.focus({ preventScroll: true });
    over.setPointerCapture(event.pointerId);
    pointed(event);
  };
  over.onpointermove = (event) => over.hasPointerCapture(event.pointerId) && pointed(event);
  over.onclick = (event) => {
    if (/** @type {PointerEvent} */ (event).pointerType !== "mouse") pointed(event); // a tap
  };
  book.hands.movable(handle, (x, y, far) => {
    const [across, up = 0] = limits.map(([low, high]) => (high - low) * (far ? 0.1 : 0.01));
    moveTo(state.start[0] + x * across, state.start[1] + y * up);
  });
  losses.picture.onclick = (event) => go(losses.along(event));
  rates.picture.onclick = (event) => {
    if (!state.watched) return;
    const rate = 10 ** clamp(rates.along(event), ...RATES);
    state.runners[state.watched].numbers[0] = Number(rate.toPrecision(3));
    change();
  };

  if (choose) choose.onchange = () => {
    const { steps, noise, seed, runners, basins } = state;
    state = { ...fresh(choose.value, preset), steps, noise, seed, basins };
    for (const name of Object.keys(runners)) state.runners[name].on = runners[name].on;
    state.watched = shown()[0];
    change();
  };
  watch.onchange = () => {
    state.watched = watch.value;
    change();
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
  controls.reset.onclick = () => {
    playing = false;
    begin();
    state.k = calm.matches ? state.steps : 0;
    change();
    told.textContent = say("已复位", "Reset");
  };
  controls.share.onclick = async () => {
    keep();
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    told.textContent = copied
      ? say("链接已复制，也在地址栏里", "The link is copied, and in the address bar")
      : say("没能复制，链接在地址栏里", "The link could not be copied; it is in the address bar");
  };
  // The language link takes what the reader has set along while it is in view.
  book.page.all("a.language-link", HTMLAnchorElement).forEach((other) => other.addEventListener("click", () => {
    const { top, bottom } = root.getBoundingClientRect();
    if (touched && top < innerHeight && bottom > 0) other.hash = link();
  }));
  addEventListener("hashchange", () => read() && change());
  calm.addEventListener("change", () => change());
  whenThemeChanges(() => state.basins && drawMap());

  const asked = read();
  if (!asked) begin();
  if (!asked) state.k = state.steps;
  fit();
  draw();
  const [arrival] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (asked && arrival.type === "navigate") root.scrollIntoView(); // else the reader comes back to a place
});
