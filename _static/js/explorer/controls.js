// What a reader sees and touches in the explorer, before anything is drawn, and how it shows the state.

book.controls = (() => {
  const { say, calm, html, svg } = book.page;
  const { steady } = book.numbers;
  const RATES = /** @type {Interval} */ ([-5, 1]); // the powers of ten between which learning rates go

  /** Write a text where it is not there yet: so nothing is laid out in vain. @param {Element} element @param {string} text */
  const write = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  /**
   * A control with its name before it.
   * @template {"input" | "select"} Tag
   * @param {string} name
   * @param {Tag} tag
   * @param {Parameters<typeof html<Tag>>[1]} properties
   * @param {Element} parent
   */
  const labelled = (name, tag, properties, parent) => {
    const label = html("label", {}, parent);
    html("span", { textContent: name }, label);
    return html(tag, properties, label);
  };

  /**
   * @param {HTMLElement} root
   * @param {number} number of the explorer on its page
   * @param {string[]} choices the objectives that the reader may choose from
   * @param {ReturnType<typeof book.words>} words
   */
  const make = (root, number, choices, words) => {
    const { OBJECTIVES, OPTIMIZERS, METHOD_LOOKS } = book.gdcore;
    const looks = Object.entries(METHOD_LOOKS);
    // The color of a method; within `letters`, where ink is that of the words around, it is the page's.
    /** @param {string} color */
    const paint = (color) => (color === "ink" ? "var(--page-text)" : `var(--figure-${color})`);
    const top = html("div", { className: "explorer-top" }, root); // within it the stage stays in view
    const stage = html("div", { className: "explorer-stage" }, top);
    const plot = html("div", { className: "explorer-plot" }, stage);
    const ground = html("canvas", { className: "explorer-ground", ariaHidden: "true" }, plot);
    const map = html("canvas", { className: "explorer-map", width: 240, height: 240, hidden: true }, plot);
    const over = svg("svg", { class: "explorer-over", role: "group", "aria-label": say("图", "Picture") }, plot);
    const clip = svg("rect", {}, svg("clipPath", { id: `explorer-clip-${number}` }, over));
    const frame = svg("path", { class: "explorer-frame" }, over);
    const inside = svg("g", { "clip-path": `url(#explorer-clip-${number})` }, over);
    const ticks = svg("g", { class: "explorer-ticks", "aria-hidden": "true" }, over);
    const exits = svg("g", { class: "explorer-exits" }, over);
    const hands = svg("g", {}, over);
    const shaft = svg("path", { class: "explorer-shaft" }, over);
    const dragMe = svg("text", { class: "explorer-drag-me", "aria-hidden": "true" }, over);
    dragMe.textContent = say("拖我", "drag me");
    /** @param {string} kind @param {string} role */
    const grip = (kind, role) => {
      const handle = svg("g", { class: `explorer-handle ${kind}`, tabindex: 0, role }, hands);
      svg("circle", { r: 22, class: "reach" }, handle);
      svg("circle", { r: 9, class: "ring" }, handle);
      return handle;
    };
    const handle = grip("start", "application");
    const tip = grip("tip", "slider");
    svg("text", { "text-anchor": "middle", y: 5, "aria-hidden": "true" }, tip).textContent = "η";
    const choose = html("select", { className: "explorer-title", ariaLabel: say("目标函数", "Objective") }, plot);
    for (const name of choices) html("option", { value: name, text: OBJECTIVES[name].title }, choose);
    html("option", { value: "own", text: say("你自己的 f(x, y)……", "Your own f(x, y) …") }, choose);
    const full = html("button", { className: "explorer-full", ariaLabel: say("全屏", "Full screen"), title: say("全屏", "Full screen") }, plot);
    svg("path", { d: "M1 5V1H5M11 1H15V5M15 11V15H11M5 15H1V11" }, svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, full));
    full.hidden = !document.fullscreenEnabled;
    const zoomed = html("p", { className: "explorer-zoomed" }, plot);
    // What the arrows are, and the roots that an adaptive method divides by.
    const key = html("div", { className: "explorer-key" }, plot);
    for (const [part, text] of Object.entries(words.FORCES)) html("span", { className: part, textContent: text }, key);
    const times = html("span", { className: "times" }, key);
    const roots = html("div", { className: "explorer-roots", role: "img" }, plot);
    const bars = ["₁", "₂"].map((i) => {
      const bar = html("p", {}, roots);
      html("span", { textContent: `√s${i}` }, bar);
      return html("i", {}, bar);
    });

    const bar = html("div", { className: "player explorer-player", role: "group", ariaLabel: say("步数", "Steps") }, top);
    const play = html("button", { className: "play" }, bar);
    const earlier = html("button", { textContent: "←", ariaLabel: say("后退一步", "Step back") }, bar);
    const later = html("button", { textContent: "→", ariaLabel: say("前进一步", "Step forward") }, bar);
    const scrub = html("input", { type: "range", min: 0, ariaLabel: say("步数", "Step") }, bar);
    const count = html("span", {}, bar);

    const side = html("div", { className: "explorer-side letters" }, top);
    const chips = html("div", { className: "explorer-chips", role: "group", ariaLabel: say("优化器", "Optimizers") }, side);
    const buttons = looks.map(([name, [color]]) => {
      const chip = html("button", { className: "explorer-chip", textContent: words.METHODS[name] }, chips);
      chip.dataset.method = name;
      chip.style.setProperty("--walker", paint(color));
      return { name, chip };
    });
    const eta = html("p", { className: "explorer-eta" }, side);
    const law = html("p", { className: "explorer-law" }, side);
    const tabs = html("div", { className: "explorer-tabs", role: "group", ariaLabel: say("看哪张图", "Which chart") }, side);
    const [sweep, loss] = [["sweep", "slider"], ["loss", "img"]].map(([kind, role]) =>
      svg("svg", { class: `explorer-chart ${kind}`, role }, side));
    sweep.setAttribute("tabindex", "0");
    sweep.setAttribute("aria-valuemin", String(10 ** RATES[0]));
    sweep.setAttribute("aria-valuemax", String(10 ** RATES[1]));
    const shows = [say("随 η", "by η"), say("随步数", "by step")].map((text) => html("button", { textContent: text }, tabs));
    const list = html("fieldset", { className: "explorer-rows letters" }, root);
    html("legend", { textContent: say("细看哪一个", "Which to look at") }, list);
    const rows = looks.map(([name, [color]]) => {
      const row = html("label", { className: "explorer-row" }, list);
      row.style.setProperty("--walker", paint(color));
      const choice = html("input", { type: "radio", name: `watched-${number}`, value: name }, row);
      html("span", { textContent: words.METHODS[name] }, row);
      choice.disabled = name === "own"; // it has no η to turn
      return { name, row, choice, f: html("span", { className: "number" }, row), word: html("em", {}, row) };
    });

    const drawer = html("details", { className: "explorer-drawer" }, root);
    html("summary", { textContent: say("起点、参数、噪声、盆地图、数表、链接", "Start, parameters, noise, basin map, table, link") }, drawer);
    const more = html("div", { className: "explorer-bar" }, drawer);
    const coordinates = ["₁", "₂"].map((i) =>
      labelled(say(`起点 x${i}`, `Start x${i}`), "input", { type: "number", step: "any", className: "wide" }, more));
    const boxes = {
      steps: labelled(say("步数", "Steps"), "input", { type: "number", min: 1, max: 1000 }, more),
      noise: labelled(say("梯度噪声", "Gradient noise"), "input", { type: "number", min: 0, step: "any" }, more),
      seed: labelled(say("种子", "Seed"), "input", { type: "number", min: 0, className: "wide" }, more),
    };
    const mapped = labelled(say("盆地图", "Basin map"), "input", { type: "checkbox" }, more);
    const legend = html("div", { className: "explorer-legend", hidden: true }, drawer);
    const numbers = html("div", { className: "explorer-numbers" }, drawer);
    const lines = looks.filter(([name]) => name in OPTIMIZERS).map(([name]) => {
      const title = words.METHODS[name];
      const line = html("div", {}, numbers);
      html("b", { textContent: title }, line);
      const inputs = Object.keys(OPTIMIZERS[name].parameters).map((parameter) =>
        labelled(words.LETTERS[parameter], "input", { type: "number", step: "any", min: 0,
          ariaLabel: say(`${title}的 ${words.LETTERS[parameter]}`, `${words.LETTERS[parameter]} of ${title}`) }, line));
      return { name, line, inputs };
    });
    const scroll = html("div", { className: "pst-scrollable-table-container", tabIndex: 0, role: "region" }, drawer);
    const table = html("table", { className: "table explorer-table" }, scroll);
    const last = html("div", { className: "explorer-bar" }, drawer);
    const reset = html("button", { textContent: say("复位", "Reset") }, last);
    const share = html("button", { textContent: say("复制链接", "Copy a link") }, last);
    const told = html("output", { ariaLive: "polite" }, last);
    const spoken = html("output", { className: "explorer-spoken", ariaLive: "polite" }, root);

    /** Write into a box, unless the reader is about to. @param {HTMLInputElement} box @param {number} number */
    const put = (box, number) => {
      if (box !== document.activeElement) box.value = String(number);
    };
    /** @param {State} state @param {boolean} playing */
    const show = (state, playing) => {
      const { watched = "" } = state;
      choose.value = state.f === undefined ? state.objective : "own";
      /** @param {string} name */
      const on = (name) => (name === "own" ? state.own !== undefined : state.runners[name].on);
      for (const { name, chip } of buttons) chip.ariaPressed = String(on(name));
      for (const { name, row, choice } of rows) {
        row.hidden = !on(name);
        choice.checked = name === watched;
      }
      const rate = state.runners[watched].numbers[0];
      write(eta, `η = ${steady(rate, 3)}`);
      eta.className = `explorer-eta in-${METHOD_LOOKS[watched][0]}`;
      const named = say(`${words.METHODS[watched]}的学习率 η`, `Learning rate η of ${words.METHODS[watched]}`);
      for (const slider of [sweep, tip]) {
        slider.setAttribute("aria-valuenow", String(rate));
        slider.setAttribute("aria-valuetext", steady(rate, 3));
      }
      sweep.setAttribute("aria-label", named);
      tip.setAttribute("aria-label", say(`第一步的箭头：${named}`, `Arrow of the first step: ${named}`));
      scrub.max = String(state.steps);
      write(count, `${state.k} / ${state.steps}`);
      scrub.value = String(state.k);
      scrub.ariaValueText = words.step(state.k);
      write(play, playing ? say("暂停", "Pause") : say("播放", "Play"));
      play.hidden = calm().matches;
      coordinates.forEach((input, i) => put(input, Number(state.start[i].toPrecision(6))));
      for (const { name, line, inputs } of lines) {
        line.hidden = !state.runners[name].on;
        inputs.forEach((input, i) => put(input, state.runners[name].numbers[i]));
      }
      put(boxes.steps, state.steps);
      put(boxes.noise, state.noise);
      put(boxes.seed, state.seed);
      mapped.checked = state.basins;
    };
    /** Write a table with its head. @param {string[]} head @param {string[][]} body */
    const tabulate = (head, body) => {
      table.replaceChildren();
      /** @param {string[]} texts @param {Element} section @param {(i: number) => string} scope */
      const row = (texts, section, scope) => {
        const line = html("tr", {}, section);
        texts.forEach((text, i) => {
          const cell = html(scope(i) ? "th" : "td", { textContent: text }, line);
          if (i && i < texts.length - 1) cell.className = "number";
          if (scope(i)) cell.scope = scope(i);
        });
      };
      row(head, html("thead", {}, table), () => "col");
      const section = html("tbody", {}, table);
      for (const texts of body) row(texts, section, (i) => (i ? "" : "row"));
      scroll.ariaLabel = head[0];
    };
    /** Which chart a phone shows. @param {number} which */
    const turnTo = (which) => {
      shows.forEach((button, i) => (button.ariaPressed = String(i === which)));
      [sweep, loss].forEach((chart, i) => chart.classList.toggle("behind", i !== which));
    };
    shows.forEach((button, i) => (button.onclick = () => turnTo(i)));
    turnTo(0);

    return { stage, plot, ground, map, over, clip, ticks, frame, inside, exits, shaft, dragMe, handle, tip, choose, full, zoomed,
      key, times, roots, bars, play, earlier, later, scrub, buttons, law, sweep, loss, rows, drawer, coordinates, boxes,
      mapped, legend, lines, reset, share, told, spoken, show, tabulate };
  };

  return { RATES, write, make };
})();
