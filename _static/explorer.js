// The explorer: makes a landscape that gdcore drew into one to try things on. The descents are those
// of descend.js, what they compute with is gdcore's own, the words for them are those of outcomes.js;
// here is what the reader sees and does.
{
  const chinese = document.documentElement.lang.startsWith("zh");
  const say = (zh, en) => (chinese ? zh : en);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const FRAMES_A_SECOND = 12;
  const RATES = [-5, 1]; // the powers of ten between which learning rates go
  const SIDE = 240; // cells of the basin map, each way
  const MAP_STEPS = 200;

  const NAMES = {
    gradient_descent: say("梯度下降", "Gradient descent"),
    momentum: say("动量法", "Momentum"),
    nesterov: say("Nesterov 动量法", "Nesterov"),
    adagrad: "AdaGrad",
    rmsprop: "RMSProp",
    adam: "Adam",
  };
  const LOOKS = Object.fromEntries(
    Object.entries(METHOD_LOOKS).map(([name, [color, dash]]) => [name, [NAMES[name], color, dash]])
  );
  const LETTERS = { learning_rate: "η", beta: "β", beta1: "β₁", beta2: "β₂", eps: "ε" };
  // The words of `standing`; where one arrived and when one diverged is said with them.
  const WORDS = {
    start: say("在起点", "at the start"),
    descending: say("正在下降", "descending"),
    slowing: say("慢下来了", "slowing"),
    bouncing: say("来回跳", "bouncing"),
    rising: say("正在上升", "rising"),
    left: say("跑到图外了", "left the picture"),
    flat: say("停在平地上", "stopped on flat ground"),
    elsewhere: say("停在别处", "stopped elsewhere"),
  };
  const ENDS = {
    [ELSEWHERE]: WORDS.elsewhere,
    [BOUNCING]: WORDS.bouncing,
    [UNDERWAY]: say("还在路上", "still on the way"),
    [DIVERGED]: say("发散了", "diverged"),
  };
  // How ends are drawn on the map, so that colour alone tells none from another: where a minimizer's
  // colour is hatched, and how dark ink stands for the other ends.
  const HATCHES = [
    () => false,
    (x, y) => y % 6 === 0,
    (x, y) => x % 6 === 0,
    (x, y) => (x + y) % 8 === 0,
    (x, y) => (x + 7 * y) % 8 === 0,
    (x, y) => x % 8 === 0 || y % 8 === 0,
    (x, y) => x % 8 < 4 && y % 8 < 4,
  ];
  const INKED = {
    [ELSEWHERE]: (x, y) => (x % 4 < 2 && y % 4 < 2 ? 150 : 45),
    [BOUNCING]: (x, y) => (y % 8 === Math.abs(6 - (x % 12)) ? 150 : 15),
    [UNDERWAY]: () => 0,
    [DIVERGED]: (x, y) => ((x + y) % 4 < 2 ? 170 : 90),
  };

  // A number as gdcore.draw.written has it: four digits, a power of ten below 10⁻³ and above 10⁵.
  const write = (number) => {
    const rounded = Number(number.toPrecision(4));
    const size = Math.abs(rounded);
    if (!Number.isFinite(number)) return Number.isNaN(number) ? "NaN" : number > 0 ? "∞" : "−∞";
    if (size === 0 || (size >= 1e-3 && size <= 1e5)) return String(rounded + 0).replace("-", "−");
    const [digits, power] = rounded.toExponential().split("e");
    const raised = [...String(Number(power))].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
    return `${digits.replace("-", "−")}×10${raised}`;
  };
  const short = (number) => Number(number.toPrecision(6));
  const clamp = (number, low, high) => Math.min(Math.max(number, low), high);
  const svg = (tag, attributes = {}, parent) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    parent?.append(element);
    return element;
  };
  const html = (tag, properties = {}, parent) => {
    const element = Object.assign(document.createElement(tag), properties);
    parent?.append(element);
    return element;
  };
  // A control with its name before it.
  const labelled = (name, tag, properties, parent) => {
    const label = html("label", {}, parent);
    html("span", { textContent: name }, label);
    return html(tag, properties, label);
  };
  // A point as one writes it: (3, 2), or x = 0 where there is one component.
  const pointOf = (x) => {
    const numbers = x.map((c) => write(Number(c.toPrecision(3))));
    return x.length === 1 ? `x = ${numbers[0]}` : `(${numbers.join(", ")})`;
  };
  const line = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

  document.querySelectorAll(".explorer").forEach((root, number) => {
    const preset = JSON.parse(root.dataset.preset);
    const drawings = [...root.querySelectorAll("svg, template")].map((e) => e.content?.firstElementChild || e);
    const id = root.closest("[id]").id;
    const pictures = {};
    for (const { dataset } of drawings) {
      const [x0, x1, y0, y1] = JSON.parse(dataset.view);
      pictures[dataset.objective] = [[x0, x1], [y0, y1]].slice(0, OBJECTIVES[dataset.objective].dim);
    }
    let state, objective, limits, box, runs, sweep, drawing, place, back, dirty, frame, timer, then, keeping;
    let playing = false;
    let touched = false;

    // The address says what the reader has set, from half a second later on, so that a reload keeps it.
    const link = () => `#${id}?${writeState(state)}`;
    const keep = () => history.replaceState(null, "", link());
    const read = () => {
      const [place, query] = location.hash.slice(1).split("?");
      const asked = place === id && query && readState(query, pictures, preset);
      if (!asked) return false;
      state = asked;
      touched = true;
      return true;
    };
    const begin = () => {
      state = freshState(preset.objective, preset, preset.descents);
      state.start = [...preset.start, 0].slice(0, 2);
    };

    // What the reader sees and touches ----------------------------------------------------------

    root.replaceChildren();
    let choose;
    if (drawings.length > 1) {
      const bar = html("div", { className: "explorer-bar" }, root);
      choose = labelled(say("目标函数", "Objective"), "select", {}, bar);
      for (const name of Object.keys(OBJECTIVES)) html("option", { value: name, text: OBJECTIVES[name].title }, choose);
    }
    const stage = html("div", { className: "explorer-stage" }, root);
    const plot = html("div", { className: "explorer-plot" }, stage);
    const map = html("canvas", { width: SIDE, height: SIDE, hidden: true }, plot);
    const over = svg("svg", { class: "explorer-over" }, plot);
    const clip = svg("rect", {}, svg("clipPath", { id: `explorer-clip-${number}` }, over));
    const inside = svg("g", { "clip-path": `url(#explorer-clip-${number})` }, over);
    const tangent = svg("path", { class: "explorer-tangent" }, inside);
    const paths = {};
    for (const [name, [, color, dash]] of Object.entries(LOOKS)) {
      const look = { stroke: `var(--figure-${color})`, fill: "none", "stroke-width": 1.8, "stroke-dasharray": dash };
      paths[name] = { way: svg("path", look, inside),
        dots: svg("path", { class: "explorer-dots", style: `stroke: ${look.stroke}` }, inside),
        dot: svg("circle", { r: 4.5, fill: look.stroke }, inside) };
    }
    const parts = ["x", "y", "both"].map((part) => svg("path", { class: `explorer-slope ${part}` }, inside));
    const exits = svg("g", { class: "explorer-exits" }, over);
    const handle = svg("g", { class: "explorer-handle", tabindex: 0, role: "application" }, over);
    svg("circle", { r: 22, class: "reach" }, handle);
    svg("circle", { r: 8, class: "ring" }, handle);

    const legend = html("div", { className: "explorer-legend", hidden: true }, stage);
    const side = html("div", { className: "explorer-side" }, stage);
    const chart = (title) => {
      const box = html("div", { className: "explorer-chart" }, side);
      const head = html("p", {}, box);
      const picture = svg("svg", { viewBox: "0 0 300 130", role: "img" }, box);
      picture.style.cursor = "crosshair";
      return { head, title, picture };
    };
    const losses = chart(say("f − min f，随步数", "f − min f by step"));
    const rates = chart(say("走完后的 f − min f，随 η", "Final f − min f by η"));

    const bar = html("div", { className: "player explorer-player", role: "group", ariaLabel: say("步数", "Steps") }, root);
    const play = html("button", { className: "play" }, bar);
    const earlier = html("button", { textContent: "←", ariaLabel: say("后退一步", "Step back") }, bar);
    const later = html("button", { textContent: "→", ariaLabel: say("前进一步", "Step forward") }, bar);
    const scrub = html("input", { type: "range", min: 0, ariaLabel: say("步数", "Step") }, bar);
    const count = html("span", {}, bar);

    const rows = {};
    const list = html("fieldset", { className: "explorer-runs" }, root);
    html("legend", { textContent: say("优化器与学习率 η", "Optimizers and their learning rates η") }, list);
    // In a chapter those that it does not speak of wait in a drawer.
    const drawer = choose ? list : html("details", {}, list);
    if (!choose) html("summary", { textContent: say("其他优化器", "Other optimizers") }, drawer);
    for (const [name, [title, color, dash]] of Object.entries(LOOKS)) {
      const row = html("div", { className: "explorer-run" });
      if (!choose && name in (preset.descents || {})) drawer.before(row);
      else drawer.append(row);
      const label = html("label", {}, row);
      const on = html("input", { type: "checkbox" }, label);
      const swatch = svg("svg", { viewBox: "0 0 30 8", width: 30, height: 8, "aria-hidden": "true" }, label);
      svg("path", { d: "M0 4H30", stroke: `var(--figure-${color})`, "stroke-width": 2.5, "stroke-dasharray": dash }, swatch);
      label.append(title);
      const [low, high] = RATES;
      const slider = html("input", { type: "range", min: low, max: high, step: 0.01 }, row);
      slider.ariaLabel = say(`${title}的学习率 η`, `Learning rate η of ${title}`);
      const value = html("output", {}, row);
      const beside = html("span", { className: "explorer-numbers" }, row);
      const parameters = Object.keys(OPTIMIZERS[name].parameters).slice(1);
      const others = parameters.map((parameter) =>
        labelled(LETTERS[parameter], "input", { type: "number", step: "any", min: 0,
          ariaLabel: say(`${title}的 ${LETTERS[parameter]}`, `${LETTERS[parameter]} of ${title}`) }, beside));
      rows[name] = { on, slider, value, others };
      on.onchange = () => {
        state.runners[name].on = on.checked || shown().length === 1; // the last one stays
        if (on.checked) state.watched = name;
        else if (state.watched === name) [state.watched] = shown();
        change();
      };
      slider.oninput = () => {
        state.runners[name].numbers[0] = Number((10 ** slider.value).toPrecision(3));
        state.runners[name].on = true;
        state.watched = name;
        change();
      };
      others.forEach((input, i) => (input.onchange = () => {
        const { numbers } = state.runners[name];
        numbers[i + 1] = input.value = held(parameters[i], input.valueAsNumber, numbers[i + 1]);
        state.watched = name;
        state.runners[name].on = true;
        change();
      }));
    }

    const more = html("div", { className: "explorer-bar" }, root);
    const watch = labelled(say("细看", "Look at"), "select", {}, more);
    const coordinates = [1, 2].map((i) =>
      labelled(say(`起点 x${"₁₂"[i - 1]}`, `Start x${"₁₂"[i - 1]}`), "input", { type: "number", step: "any", className: "wide" }, more));
    const steps = labelled(say("步数", "Steps"), "input", { type: "number", min: 1, max: 1000 }, more);
    const noise = labelled(say("梯度噪声", "Gradient noise"), "input", { type: "number", min: 0, step: "any" }, more);
    const seed = labelled(say("种子", "Seed"), "input", { type: "number", min: 0 }, more);
    const mapped = labelled(say("盆地图", "Basin map"), "input", { type: "checkbox" }, more);

    const scroll = html("div", { className: "pst-scrollable-table-container", tabIndex: 0, role: "region" }, root);
    const table = html("table", { className: "table explorer-table" }, scroll);
    const reset = html("button", { textContent: say("复位", "Reset") }, html("div", { className: "explorer-bar" }, root));
    const share = html("button", { textContent: say("复制链接", "Copy a link") }, reset.parentElement);
    const told = html("output", { ariaLive: "polite" }, reset.parentElement);

    // Computing ---------------------------------------------------------------------------------

    const shown = () => Object.keys(LOOKS).filter((name) => state.runners[name].on);
    const setting = (name, rate) => {
      const { numbers } = state.runners[name];
      return { objective, limits, optimizer: OPTIMIZERS[name], start: state.start, steps: state.steps,
        tol: state.noise ? -1 : AT_REST, // with noise nothing comes to rest
        parameters: rate ? [rate, ...numbers.slice(1)] : numbers,
        noise: state.noise ? noiseOf(state.seed, state.noise, objective.dim) : undefined };
    };
    const gap = (f) => Math.log10(Math.max(f - objective.minimum, 1e-16));
    const settle = () => {
      runs = {};
      for (const name of shown()) runs[name] = descend(setting(name));
    };
    const settleSweep = () => {
      const key = JSON.stringify([state.watched, state.start, state.steps, state.noise, state.seed, state.objective,
        state.runners[state.watched]?.numbers.slice(1)]);
      if (sweep?.key === key) return sayRates();
      const powers = Array.from({ length: 101 }, (_, i) => RATES[0] + 0.06 * i);
      const long = (e) => longRun(setting(state.watched, 10 ** e));
      const points = (state.watched ? powers : []).map((e) => {
        const run = descend(setting(state.watched, 10 ** e));
        return { e, end: run.f[run.last], ...long(e) };
      });
      const found = new Map(points.map(({ e, bounded }) => [e, bounded]));
      const upTo = state.watched && boundedUpTo((e) => found.get(e) ?? long(e).bounded, powers);
      sweep = { key, points, upTo, moves: points.some(({ moved }) => moved > 1e-3) };
      drawSweep();
    };
    // What is known of the rates of the method that is looked at.
    const aboutRates = () => {
      const { upTo, moves } = sweep;
      if (!moves) return say("从这里出发，η 取多大都几乎不动", "from here it hardly moves at any η");
      const which = state.noise ? say("带着噪声的这一次，", "this noisy run ") : "";
      const edge = (10 ** upTo).toPrecision(3);
      const bound = which + (upTo === -Infinity ? say("η = 10⁻⁵ 就已经无界", "runs away even at η = 10⁻⁵")
        : upTo === Infinity ? say("η 一直到 10 都有界", "stays bounded at every η up to 10")
          : say(`η 到约 ${edge} 为止有界`, `stays bounded up to η ≈ ${edge}`)) + say(`（${LONG} 步）`, ` (${LONG} steps)`);
      if (state.watched !== "gradient_descent" || state.noise) return bound;
      // The minimizer that this rate leads to, if it does, and the theorem about it.
      const reached = ending({ ...setting(state.watched), steps: LONG })(...state.start);
      const limit = reached >= 0 && limitOf(objective, reached);
      if (!limit) return bound;
      const point = pointOf(objective.minimizers[reached]);
      return bound + say(`；大于 2/L = ${limit.toPrecision(3)} 时，${point} 留不住附近的点`,
        `; above 2/L = ${limit.toPrecision(3)}, ${point} no longer attracts the points around it`);
    };

    // Drawing -----------------------------------------------------------------------------------

    const fit = () => {
      objective = OBJECTIVES[state.objective];
      drawing = drawings.find((one) => one.dataset.objective === state.objective);
      hideMap();
      plot.querySelector("svg.figure")?.remove();
      map.after(drawing);
      const [left, top, width, height] = JSON.parse(drawing.dataset.box);
      const [x0, x1, y0, y1] = JSON.parse(drawing.dataset.view);
      limits = pictures[state.objective];
      box = [[left, left + width], [top, top + height]];
      place = (x, y) => [left + ((x - x0) / (x1 - x0)) * width, top + ((y1 - y) / (y1 - y0)) * height];
      back = (across, down) => [x0 + ((across - left) / width) * (x1 - x0), y1 - ((down - top) / height) * (y1 - y0)];
      const { width: w, height: h } = drawing.viewBox.baseVal;
      over.setAttribute("viewBox", `0 0 ${w} ${h}`);
      plot.style.maxWidth = drawing.style.maxWidth;
      for (const [name, value] of Object.entries({ x: left, y: top, width, height })) clip.setAttribute(name, value);
      Object.assign(map.style, { left: `${(left / w) * 100}%`, top: `${(top / h) * 100}%`,
        width: `${(width / w) * 100}%`, height: `${(height / h) * 100}%` });
      mapped.parentElement.hidden = coordinates[1].parentElement.hidden = objective.dim === 1;
      if (objective.dim === 1) state.basins = false;
    };
    // Where a run stands on the drawing, and as near as SVG can write it.
    const far = (run, k) =>
      place(run.x[k], objective.dim === 1 ? run.f[k] : run.y[k]).map((c) => clamp(c, -1e15, 1e15));
    const spot = (run, k) => far(run, k).map((c) => clamp(c, -1e4, 1e4));
    const startSpot = () => {
      const out = new Float64Array(3);
      objective.run(...state.start, out);
      return place(state.start[0], objective.dim === 1 ? out[0] : state.start[1]);
    };

    // The part of a segment that lies in the picture, between two points; none, if it passes by.
    const visible = (a, b) => {
      let [from, to] = [0, 1];
      box.forEach(([low, high], i) => {
        const [enter, leave] = [low, high].map((edge) => (edge - a[i]) / (b[i] - a[i] || 1e-9)).sort((p, q) => p - q);
        from = Math.max(from, enter);
        to = Math.min(to, leave);
      });
      return from <= to && [from, to].map((t) => [0, 1].map((i) => a[i] + t * (b[i] - a[i])));
    };
    const trace = (points) => {
      let [way, last] = ["", ""];
      for (let i = 1; i < points.length; i++) {
        const part = visible(points[i - 1], points[i]);
        if (!part) continue;
        const [from, to] = part.map((p) => p.map((c) => c.toFixed(1)).join(" "));
        way += from === last ? `L${to}` : `M${from}L${to}`;
        last = to;
      }
      return way;
    };
    // Where a path left the picture: an arrow at the edge, and the step at which it was outside.
    const drawExit = (color, a, b, k) => {
      const [, tip] = visible(a, b) || [a, a];
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      const [u, v] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
      const [x, y] = tip;
      svg("path", { d: line([tip, [x - 11 * u - 5 * v, y - 11 * v + 5 * u], [x - 11 * u + 5 * v, y - 11 * v - 5 * u]]) + "Z",
        fill: color }, exits);
      // Its words stand beside it, rather on the side of the middle, where no others are.
      const [[left, right], [top, bottom]] = box;
      const side = Math.sign((left + right - 2 * x) * -v + (top + bottom - 2 * y) * u) || 1;
      const down = y > (top + bottom) / 2 ? -19 : 19;
      const spots = [0, 1, 2, 3, 4, 5].flatMap((row) => [side, -side].map((side) => [
        clamp(x - 11 * u - 38 * side * v, left + 34, right - 34),
        clamp(y - 11 * v + 20 * side * u, top + 11, bottom - 11) + row * down]));
      const taken = [...exits.querySelectorAll("text")].map((text) => [text.x, text.y].map((c) => c.baseVal[0].value));
      const free = ([p, q]) => taken.every(([r, s]) => Math.abs(p - r) > 66 || Math.abs(q - s) > 18);
      const [across, up] = spots.find(free) || spots[0];
      svg("text", { x: across, y: up, style: `--walker: ${color}` }, exits).textContent = `k = ${k}`;
    };

    const drawPaths = () => {
      exits.replaceChildren();
      for (const [name, [, color]] of Object.entries(LOOKS)) {
        const { way, dots, dot } = paths[name];
        const run = runs[name];
        way.style.display = dots.style.display = dot.style.display = run ? "" : "none";
        if (!run) continue;
        const at = Math.min(state.k, run.last);
        const points = Array.from({ length: at + 1 }, (_, i) => far(run, i));
        way.setAttribute("d", trace(points));
        dots.setAttribute("d", points.slice(1).map((_, i) => `M${spot(run, i + 1).map((c) => c.toFixed(1)).join(" ")}h0`).join(""));
        const [cx, cy] = spot(run, at);
        dot.setAttribute("cx", cx);
        dot.setAttribute("cy", cy);
        const outside = (_, i) => limits.some(([low, high], c) => !(low <= run["xy"[c]][i] && run["xy"[c]][i] <= high));
        const left = points.findIndex(outside);
        if (left > 0) drawExit(`var(--figure-${color})`, points[left - 1], points[left], left);
      }
      handle.setAttribute("transform", `translate(${startSpot().join(" ")})`);
      const coordinates = state.start.slice(0, objective.dim).map(write).join(say("，", ", "));
      handle.setAttribute("aria-label", say(`起点 ${coordinates}；用方向键移动`, `Start ${coordinates}; arrow keys move it`));

      const run = runs[state.watched];
      parts.forEach((part) => part.setAttribute("d", ""));
      tangent.setAttribute("d", "");
      if (!run) return;
      const at = Math.min(state.k, run.last);
      const [x, y] = spot(run, at);
      if (objective.dim === 1) {
        const [left, right] = limits[0];
        const ends = [left, right].map((u) => place(u, run.f[at] + run.gx[at] * (u - run.x[at])));
        tangent.setAttribute("d", line(ends.map((p) => p.map((c) => clamp(c, -1e4, 1e4)))));
        return;
      }
      // −∇f and its two parts, a steep one 70 long and a flat one shorter
      const [right, down] = [-run.gx[at], run.gy[at]];
      const length = Math.hypot(right, down);
      const scale = length ? (70 * Math.tanh(Math.log1p(length) / 3)) / length : 0;
      [[right, 0], [0, down], [right, down]].forEach(([u, v], i) => arrow(parts[i], x, y, u * scale, v * scale));
    };
    const arrow = (path, x, y, u, v) => {
      const length = Math.hypot(u, v);
      if (length < 1) return;
      const [a, b] = [(u / length) * 6, (v / length) * 6];
      const [tipX, tipY] = [x + u, y + v];
      path.setAttribute("d", line([[x, y], [tipX, tipY]]) +
        line([[tipX - a - b / 2, tipY - b + a / 2], [tipX, tipY], [tipX - a + b / 2, tipY - b - a / 2]]));
    };

    // A chart of numbers whose logarithms run from low to high; returns where they go on it.
    const frameOf = ({ picture }, values, [first, last], tick) => {
      picture.replaceChildren();
      const top = gap(runs[state.watched]?.f[0] ?? 1) + 4; // what ran away lies at the upper edge
      const finite = values.filter(Number.isFinite).map((v) => Math.min(v, top));
      let [low, high] = finite.length ? [Math.floor(Math.min(...finite)), Math.ceil(Math.max(...finite))] : [0, 1];
      if (low === high) high += 1;
      const across = (u) => 40 + ((u - first) / (last - first)) * 252;
      const up = (v) => 108 - ((clamp(v, low, high) - low) / (high - low)) * 100;
      const every = Math.ceil((high - low) / 4);
      const label = (text, x, y, anchor) =>
        (svg("text", { x, y, "text-anchor": anchor }, picture).textContent = text);
      for (let v = low; v <= high; v += every) {
        svg("path", { d: `M40 ${up(v)}H292`, class: "grid" }, picture);
        label(`1e${v}`.replace("-", "−"), 36, up(v) + 4, "end");
      }
      for (const u of tick) label(tick === TENS ? `1e${u}`.replace("-", "−") : u, across(u), 124, "middle");
      return { across, up };
    };
    const TENS = [-5, -3, -1, 1];

    const drawLosses = () => {
      const values = Object.values(runs).flatMap((run) => Array.from(run.f.subarray(0, run.last + 1), gap));
      const half = Math.round(state.steps / 2);
      const { across, up } = frameOf(losses, values, [0, state.steps], [0, half, state.steps]);
      for (const [name, run] of Object.entries(runs)) {
        const points = Array.from({ length: run.last + 1 }, (_, i) => [across(i), up(gap(run.f[i]))]);
        const [, color, dash] = LOOKS[name];
        svg("path", { d: line(points), stroke: `var(--figure-${color})`, fill: "none", "stroke-width": 1.5,
          "stroke-dasharray": dash }, losses.picture);
      }
      losses.cursor = svg("path", { class: "cursor" }, losses.picture);
      losses.across = across;
      losses.head.textContent = losses.title;
      losses.picture.setAttribute("aria-label", `${losses.title}: ` + Object.entries(runs).map(([name, run]) =>
        `${LOOKS[name][0]} ${write(run.f[0] - objective.minimum)} → ${write(run.f[run.last] - objective.minimum)}`).join("; "));
    };
    const drawSweep = () => {
      const { points } = sweep;
      const { across, up } = frameOf(rates, points.map(({ end }) => gap(end)), RATES, TENS);
      for (const { e, bounded } of points) {
        if (bounded) svg("rect", { x: across(e - 0.03), y: 8, width: across(0.06) - across(0) + 0.3, height: 100, class: "bounded" }, rates.picture);
      }
      for (const { e, end } of points) {
        svg("circle", { cx: across(e), cy: up(gap(end)), r: 1.6, class: "sweep" }, rates.picture);
      }
      rates.cursor = svg("path", { class: "cursor" }, rates.picture);
      rates.across = across;
      sayRates();
      drawCursors();
    };
    const sayRates = () => {
      const about = state.watched ? [LOOKS[state.watched][0], aboutRates()] : [];
      rates.head.textContent = [rates.title, ...about].join(" · ");
      rates.picture.setAttribute("aria-label", rates.head.textContent);
    };
    const drawCursors = () => {
      const up = (chart, u) => chart.cursor?.setAttribute("d", `M${chart.across(u)} 8V108`);
      up(losses, state.k);
      const rate = state.runners[state.watched]?.numbers[0];
      if (rate) up(rates, clamp(Math.log10(rate), ...RATES));
    };

    const stands = (run) => {
      const word = standing(run, state.k, objective, limits);
      if (word === "diverged") return say(`第 ${run.last + 1} 步发散`, `diverged at step ${run.last + 1}`);
      if (word !== "arrived") return WORDS[word];
      const minimizer = minimizerAt(objective, run.x[run.last], run.y[run.last], AT_REST);
      const point = pointOf(objective.minimizers[minimizer]);
      return say(`到了 ${point}`, `arrived at ${point}`);
    };
    const drawTable = () => {
      const names = objective.dim === 1 ? ["x", "f′(x)"] : ["x₁", "x₂", "∂f/∂x₁", "∂f/∂x₂"];
      const head = [say(`第 ${state.k} 步`, `Step ${state.k}`), ...names, "f", say("状态", "State")];
      const cells = shown().map((name) => {
        const run = runs[name];
        const at = Math.min(state.k, run.last);
        const two = [run.x[at], run.y[at], run.gx[at], run.gy[at]];
        const numbers = objective.dim === 1 ? [two[0], two[2]] : two;
        return [LOOKS[name][0], ...[...numbers, run.f[at]].map(write), stands(run)];
      });
      const row = (texts, tag, section) => {
        const line = html("tr", {}, section);
        texts.forEach((text, i) => {
          const cell = html(tag === "th" || !i ? "th" : "td", { textContent: text }, line);
          cell.scope = tag === "th" ? "col" : i ? "" : "row";
          if (!cell.scope) cell.removeAttribute("scope");
        });
      };
      table.replaceChildren();
      row(head, "th", html("thead", {}, table));
      const body = html("tbody", {}, table);
      cells.forEach((texts) => row(texts, "td", body));
      scroll.ariaLabel = head[0];
    };
    const tell = () => {
      told.textContent = [...table.querySelectorAll("tr")].slice(1).map((row) => {
        const cells = [...row.children].map((cell) => cell.textContent);
        return `${cells[0]}: f = ${cells.at(-2)}, ${cells.at(-1)}`;
      }).join(say("；", "; "));
      told.textContent = `${say(`第 ${state.k} 步`, `Step ${state.k}`)}${say("：", ": ")}${told.textContent}`;
    };

    const drawControls = () => {
      if (choose) choose.value = state.objective;
      for (const [name, { on, slider, value, others }] of Object.entries(rows)) {
        const { numbers } = state.runners[name];
        on.checked = state.runners[name].on;
        slider.value = Math.log10(numbers[0]);
        slider.ariaValueText = value.textContent = write(numbers[0]);
        others.forEach((input, i) => input === document.activeElement || (input.value = numbers[i + 1]));
      }
      watch.replaceChildren(...shown().map((name) => html("option", { value: name, text: LOOKS[name][0] })));
      watch.value = state.watched;
      coordinates.forEach((input, i) => input === document.activeElement || (input.value = short(state.start[i])));
      steps.value = state.steps;
      noise.value = state.noise;
      seed.value = state.seed;
      mapped.checked = state.basins;
      scrub.max = state.steps;
      count.textContent = `${state.k} / ${state.steps}`;
      scrub.value = state.k;
      scrub.ariaValueText = say(`第 ${state.k} 步`, `Step ${state.k}`);
      play.textContent = playing ? say("暂停", "Pause") : say("播放", "Play");
      play.hidden = calm.matches;
    };

    const hideMap = () => (map.hidden = legend.hidden = true);
    // The basin map, a few milliseconds at a time, so that the reader is never kept waiting.
    const drawMap = () => {
      clearTimeout(timer);
      delete map.dataset.milliseconds;
      if (!state.basins || !state.watched) return hideMap();
      const work = basins({ ...setting(state.watched), side: SIDE, steps: MAP_STEPS, tol: AT_REST_ON_MAP });
      const began = performance.now();
      const go = () => {
        const until = performance.now() + 8;
        let next;
        do next = work.next(); while (!next.done && performance.now() < until);
        if (!next.done) return (timer = setTimeout(go));
        const color = colorOf();
        paint(map, (x, y) => color(next.value[(SIDE - 1 - y) * SIDE + x], x, y));
        explain(new Set(next.value), color);
        map.hidden = legend.hidden = false;
        map.dataset.milliseconds = Math.round(performance.now() - began);
      };
      go();
    };
    // The color of an end at a place of the map, as red, green, blue and opacity.
    const colorOf = () => {
      const style = getComputedStyle(root);
      const pen = map.getContext("2d");
      const names = BASIN_COLORS.map((name) => style.getPropertyValue(`--figure-${name}`).trim());
      const [ink, ...colors] = [style.color, ...names].map((color) => {
        pen.fillStyle = color;
        return [1, 3, 5].map((i) => parseInt(pen.fillStyle.slice(i, i + 2), 16));
      });
      return (end, x, y) => {
        if (end < 0) return [...ink, INKED[end](x, y)];
        return [...colors[end % colors.length], HATCHES[end % HATCHES.length](x, y) ? 190 : 115];
      };
    };
    const paint = (canvas, colorAt) => {
      const { width, height } = canvas;
      const pen = canvas.getContext("2d");
      const image = pen.createImageData(width, height);
      for (let i = 0; i < width * height; i++) image.data.set(colorAt(i % width, Math.floor(i / width)), 4 * i);
      pen.putImageData(image, 0, 0);
    };
    const explain = (ends, color) => {
      const name = LOOKS[state.watched][0];
      const without = state.noise ? say("，不带噪声", ", without noise") : "";
      legend.replaceChildren(html("p", { textContent: say(`盆地图：${name}，最多 ${MAP_STEPS} 步${without}`,
        `Basin map: ${name}, at most ${MAP_STEPS} steps${without}`) }));
      const list = html("ul", {}, legend);
      const order = (end) => (end < 0 ? objective.minimizers.length - end : end);
      for (const end of [...ends].sort((one, other) => order(one) - order(other))) {
        const item = html("li", {}, list);
        item.dataset.end = end;
        paint(html("canvas", { width: 24, height: 16, ariaHidden: "true" }, item), (x, y) => color(end, x, y));
        const point = end >= 0 && pointOf(objective.minimizers[end]);
        item.append(point ? say(`到了 ${point}`, `reached ${point}`) : ENDS[end]);
      }
    };

    const draw = () => {
      frame = 0;
      if (dirty === "step") return drawStep();
      if (drawing?.dataset.objective !== state.objective) fit();
      settle();
      drawLosses();
      drawStep();
      setTimeout(settleSweep);
      drawMap();
    };
    const drawStep = () => {
      drawPaths();
      drawTable();
      drawControls();
      drawCursors();
    };
    // Everything changes on the next frame; a change of the step alone computes nothing anew.
    const change = (what = "all") => {
      dirty = frame && dirty === "all" ? "all" : what;
      frame ||= requestAnimationFrame(draw);
      touched = true;
      clearTimeout(keeping);
      keeping = setTimeout(keep, 500);
    };

    // What the reader does ----------------------------------------------------------------------

    const go = (k, speak = true) => {
      state.k = clamp(Math.round(k), 0, state.steps);
      change("step");
      if (speak) setTimeout(tell, 50);
    };
    const stop = () => {
      playing = false;
      go(state.k);
    };
    const advance = (time) => {
      if (!playing) return;
      if (time - then >= 1000 / FRAMES_A_SECOND) {
        then = time;
        go(state.k + 1, false);
      }
      if (state.k >= state.steps) stop();
      else requestAnimationFrame(advance);
    };
    play.onclick = () => {
      if (playing) return stop();
      playing = true;
      if (state.k >= state.steps) state.k = 0;
      then = performance.now();
      requestAnimationFrame(advance);
    };
    const by = (steps) => () => {
      playing = false;
      go(state.k + steps);
    };
    earlier.onclick = by(-1);
    later.onclick = by(1);
    scrub.oninput = () => {
      playing = false;
      go(scrub.valueAsNumber, false);
    };
    scrub.onchange = tell;

    const moveTo = (x, y) => {
      state.start = heldStart(objective, limits, [x, y], state.start);
      change();
    };
    const pointed = (event) => {
      const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(over.getScreenCTM().inverse());
      moveTo(...back(spot.x, spot.y));
    };
    over.onpointerdown = (event) => {
      if (event.button || (event.pointerType !== "mouse" && !handle.contains(event.target))) return;
      event.preventDefault();
      handle.focus({ preventScroll: true });
      over.setPointerCapture(event.pointerId);
      pointed(event);
    };
    // A finger on the handle drags it and not the page.
    handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    over.onpointermove = (event) => over.hasPointerCapture(event.pointerId) && pointed(event);
    over.onclick = (event) => {
      if (event.pointerType !== "mouse") pointed(event); // a tap
    };
    handle.onkeydown = (event) => {
      const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      const way = ways[event.key];
      if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const part = event.shiftKey ? 0.1 : 0.01;
      const [across, up = [0, 0]] = limits.map(([low, high]) => (high - low) * part);
      moveTo(state.start[0] + way[0] * across, state.start[1] + (objective.dim === 1 ? 0 : way[1] * up));
    };
    const along = (event, { picture, across }) => {
      const { x } = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
      return (x - across(0)) / (across(1) - across(0));
    };
    losses.picture.onclick = (event) => go(along(event, losses));
    rates.picture.onclick = (event) => {
      if (!state.watched) return;
      const rate = 10 ** clamp(along(event, rates), ...RATES);
      state.runners[state.watched].numbers[0] = Number(rate.toPrecision(3));
      change();
    };

    if (choose) choose.onchange = () => {
      const { steps, noise, seed, runners, basins } = state;
      state = { ...freshState(choose.value, preset), steps, noise, seed, basins };
      for (const name of Object.keys(runners)) state.runners[name].on = runners[name].on;
      state.watched = shown()[0];
      change();
    };
    watch.onchange = () => {
      state.watched = watch.value;
      change();
    };
    coordinates.forEach((input, i) => (input.onchange = () => {
      const start = [...state.start];
      start[i] = input.valueAsNumber;
      moveTo(...start);
      input.value = short(state.start[i]);
    }));
    for (const [name, input] of Object.entries({ steps, noise, seed })) input.onchange = () => {
      state[name] = input.value = held(name, input.valueAsNumber, state[name]);
      state.k = Math.min(state.k, state.steps);
      change();
    };
    mapped.onchange = () => {
      state.basins = mapped.checked;
      change();
    };
    reset.onclick = () => {
      playing = false;
      begin();
      state.k = calm.matches ? state.steps : 0;
      change();
      told.textContent = say("已复位", "Reset");
    };
    share.onclick = async () => {
      keep();
      const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
      told.textContent = copied
        ? say("链接已复制，也在地址栏里", "The link is copied, and in the address bar")
        : say("没能复制，链接在地址栏里", "The link could not be copied; it is in the address bar");
    };
    // The language link takes what the reader has set along while it is in view.
    document.querySelectorAll("a.language-link").forEach((other) => other.addEventListener("click", () => {
      const { top, bottom } = root.getBoundingClientRect();
      if (touched && top < innerHeight && bottom > 0) other.hash = link();
    }));
    addEventListener("hashchange", () => read() && change());
    calm.addEventListener("change", () => change());
    new MutationObserver(() => state.basins && drawMap())
      .observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

    const asked = read();
    if (!asked) begin();
    if (!asked) state.k = state.steps;
    fit();
    draw();
    const [{ type }] = performance.getEntriesByType("navigation");
    if (asked && type === "navigate") root.scrollIntoView(); // else the reader comes back to a place
  });
}
