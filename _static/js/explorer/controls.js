// What a reader sees and touches in the explorer, before anything is drawn: its stage, buttons, boxes
// and sliders, and how they show the state.

book.controls = (() => {
  const { say, calm, html, svg } = book.page;
  const { write } = book.numbers;
  const RATES = /** @type {Interval} */ ([-5, 1]); // the powers of ten between which learning rates go

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
   * @param {boolean} any whether the reader may choose the objective
   * @param {Preset} preset
   * @param {ReturnType<typeof book.words>} words
   */
  const make = (root, number, any, preset, words) => {
    const { OBJECTIVES, OPTIMIZERS, METHOD_LOOKS } = book.gdcore;
    const choose = any && labelled(say("目标函数", "Objective"), "select", {},
      html("div", { className: "explorer-bar" }, root));
    if (choose) {
      for (const [name, { title }] of Object.entries(OBJECTIVES)) html("option", { value: name, text: title }, choose);
    }
    const stage = html("div", { className: "explorer-stage" }, root);
    const room = html("div", { className: "explorer-room" }, stage);
    const plot = html("div", { className: "explorer-plot" }, room);
    const map = html("canvas", { width: 240, height: 240, hidden: true }, plot);
    const over = svg("svg", { class: "explorer-over" }, plot);
    const clip = svg("rect", {}, svg("clipPath", { id: `explorer-clip-${number}` }, over));
    const inside = svg("g", { "clip-path": `url(#explorer-clip-${number})` }, over);
    const exits = svg("g", { class: "explorer-exits" }, over);
    const handle = svg("g", { class: "explorer-handle", tabindex: 0, role: "application" }, over);
    svg("circle", { r: 22, class: "reach" }, handle);
    svg("circle", { r: 8, class: "ring" }, handle);
    const legend = html("div", { className: "explorer-legend", hidden: true }, stage);
    const side = html("div", { className: "explorer-side" }, stage);

    const bar = html("div", { className: "player explorer-player", role: "group", ariaLabel: say("步数", "Steps") }, root);
    const play = html("button", { className: "play" }, bar);
    const earlier = html("button", { textContent: "←", ariaLabel: say("后退一步", "Step back") }, bar);
    const later = html("button", { textContent: "→", ariaLabel: say("前进一步", "Step forward") }, bar);
    const scrub = html("input", { type: "range", min: 0, ariaLabel: say("步数", "Step") }, bar);
    const count = html("span", {}, bar);

    const list = html("fieldset", { className: "explorer-runs" }, root);
    html("legend", { textContent: say("优化器与学习率 η", "Optimizers and their learning rates η") }, list);
    // In a chapter those that it does not speak of wait in a drawer.
    const drawer = any ? list : html("details", {}, list);
    if (!any) html("summary", { textContent: say("其他优化器", "Other optimizers") }, drawer);
    const rows = Object.entries(METHOD_LOOKS).map(([name, [color, dash]]) => {
      const title = words.METHODS[name];
      const row = html("div", { className: "explorer-run" });
      if (!any && name in (preset.descents || {})) drawer.before(row);
      else drawer.append(row);
      const label = html("label", {}, row);
      const on = html("input", { type: "checkbox" }, label);
      const swatch = svg("svg", { viewBox: "0 0 30 8", width: 30, height: 8, "aria-hidden": "true" }, label);
      svg("path", { d: "M0 4H30", stroke: `var(--figure-${color})`, "stroke-width": 2.5, "stroke-dasharray": dash }, swatch);
      label.append(title);
      const slider = html("input", { type: "range", min: RATES[0], max: RATES[1], step: 0.01,
        ariaLabel: say(`${title}的学习率 η`, `Learning rate η of ${title}`) }, row);
      const value = html("output", {}, row);
      const beside = html("span", { className: "explorer-numbers" }, row);
      const parameters = Object.keys(OPTIMIZERS[name].parameters).slice(1);
      const others = parameters.map((parameter) =>
        labelled(words.LETTERS[parameter], "input", { type: "number", step: "any", min: 0,
          ariaLabel: say(`${title}的 ${words.LETTERS[parameter]}`, `${words.LETTERS[parameter]} of ${title}`) }, beside));
      return { name, on, slider, value, parameters, others };
    });

    const more = html("div", { className: "explorer-bar" }, root);
    const watch = labelled(say("细看", "Look at"), "select", {}, more);
    const coordinates = ["₁", "₂"].map((i) =>
      labelled(say(`起点 x${i}`, `Start x${i}`), "input", { type: "number", step: "any", className: "wide" }, more));
    const boxes = {
      steps: labelled(say("步数", "Steps"), "input", { type: "number", min: 1, max: 1000 }, more),
      noise: labelled(say("梯度噪声", "Gradient noise"), "input", { type: "number", min: 0, step: "any" }, more),
      seed: labelled(say("种子", "Seed"), "input", { type: "number", min: 0 }, more),
    };
    const mapped = labelled(say("盆地图", "Basin map"), "input", { type: "checkbox" }, more);

    const scroll = html("div", { className: "pst-scrollable-table-container", tabIndex: 0, role: "region" }, root);
    const table = html("table", { className: "table explorer-table" }, scroll);
    const last = html("div", { className: "explorer-bar" }, root);
    const reset = html("button", { textContent: say("复位", "Reset") }, last);
    const share = html("button", { textContent: say("复制链接", "Copy a link") }, last);
    const told = html("output", { ariaLive: "polite" }, last);

    /** Write into a box, unless the reader is about to. @param {HTMLInputElement} box @param {number} number */
    const put = (box, number) => {
      if (box !== document.activeElement) box.value = String(number);
    };
    /** @param {State} state @param {boolean} playing */
    const show = (state, playing) => {
      if (choose) choose.value = state.objective;
      for (const { name, on, slider, value, others } of rows) {
        const { numbers } = state.runners[name];
        on.checked = state.runners[name].on;
        slider.value = String(Math.log10(numbers[0]));
        slider.ariaValueText = value.textContent = write(numbers[0]);
        others.forEach((input, i) => put(input, numbers[i + 1]));
      }
      watch.replaceChildren(...rows.filter(({ name }) => state.runners[name].on).map(({ name }) =>
        html("option", { value: name, text: words.METHODS[name] })));
      watch.value = state.watched ?? "";
      coordinates.forEach((input, i) => put(input, Number(state.start[i].toPrecision(6))));
      boxes.steps.value = String(state.steps);
      boxes.noise.value = String(state.noise);
      boxes.seed.value = String(state.seed);
      mapped.checked = state.basins;
      scrub.max = String(state.steps);
      count.textContent = `${state.k} / ${state.steps}`;
      scrub.value = String(state.k);
      scrub.ariaValueText = words.step(state.k);
      play.textContent = playing ? say("暂停", "Pause") : say("播放", "Play");
      play.hidden = calm().matches;
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

    return { choose, room, plot, map, over, clip, inside, exits, handle, legend, side, play, earlier, later, scrub, rows, watch,
      coordinates, boxes, mapped, reset, share, told, show, tabulate };
  };

  return { RATES, make };
})();
