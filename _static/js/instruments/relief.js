// The relief on the front page: walkers on a landscape. They run once; then their starts can be dragged
// and the learning rate turned. What they do is said in the explorer's words.
// Uses himmelblau, gradient_descent, outcomes, standing, methods, words.

book.page.all(".relief", HTMLElement).forEach((root) => {
  const { say, calm, html, svg, onceAFrame, inMotion } = book.page;
  const { clamp, steady } = book.numbers;
  const words = book.words(say);
  const drawing = root.querySelector("svg");
  if (!drawing) return;

  /** @type {{ objective: string, starts: number[][], rate: number, steps: number }} */
  const { objective: name, starts, rate, steps } = JSON.parse(root.dataset.preset ?? "");
  const objective = book.gdcore.OBJECTIVES[name];
  /** @type {number[]} */
  const view = JSON.parse(drawing.dataset.view ?? "");
  const limits = /** @type {Interval[]} */ ([view.slice(0, 2), view.slice(2)]);
  const { place, back, box } = book.geometry.scales(JSON.parse(drawing.dataset.box ?? ""), view);
  let power = Math.log10(rate);
  let k = calm().matches ? steps : 0;

  drawing.querySelectorAll('[id*="-walk-"]').forEach((drawn) => drawn.remove());
  drawing.setAttribute("role", "group");
  const walkers = starts.map((start) => {
    const way = svg("path", { class: "relief-way" }, drawing);
    const dots = svg("path", { class: "relief-dots" }, drawing);
    return { start, way, dots };
  });
  const rings = walkers.map(() => {
    const ring = svg("g", { class: "explorer-handle", tabindex: 0, role: "application" }, drawing);
    svg("circle", { r: 22, class: "reach" }, ring);
    svg("circle", { r: 8, class: "ring" }, ring);
    return ring;
  });

  const board = html("div", { className: "relief-rate" }, root);
  const label = html("label", {}, board);
  const said = html("span", {}, label);
  const slider = html("input", { type: "range", min: -4, max: -1, step: 0.01, value: power }, label);
  const told = html("output", {}, board);

  const draw = () => {
    const parameters = [10 ** power];
    const runs = walkers.map(({ start }) => book.descents.descend({ objective, parameters, start, steps,
      tol: book.outcomes.AT_REST, optimizer: book.gdcore.OPTIMIZERS.gradient_descent }));
    runs.forEach((run, number) => {
      const { start, way, dots } = walkers[number];
      const upTo = Math.min(k, run.last) + 1;
      const spots = Array.from({ length: upTo }, (_, i) => place(run.x[i], run.y[i]));
      way.setAttribute("d", book.geometry.trace(spots, box));
      const seen = spots.filter((spot) => spot.every((c, i) => c >= box[i][0] && c <= box[i][1]));
      dots.setAttribute("d", seen.map((spot) => `M${book.geometry.said(spot)}h0`).join(""));
      const [x, y] = place(start[0], start[1]);
      rings[number].setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      rings[number].setAttribute("aria-label", words.start(start));
    });
    const eta = `η = ${steady(10 ** power, 2)}`;
    said.textContent = say(`一步走 ${eta} 乘以坡度`, `One step is ${eta} times the slope`);
    slider.ariaValueText = eta;
    const stand = runs.map((run) => words.stands(run, k, objective, limits));
    const apart = new Set(stand);
    const together = [...apart].map((word) => {
      const many = stand.filter((one) => one === word).length;
      return many > 1 ? say(`${many} 人${word}`, `${many} walkers ${word}`) : apart.size < stand.length ? say(`1 人${word}`, `one ${word}`) : word;
    });
    told.ariaLive = k < steps ? "off" : "polite"; // while they run it changes too often to be read aloud
    told.textContent = `${words.step(k)}${say("：", ": ")}${together.join(say("；", "; "))}`;
  };
  const drawSoon = onceAFrame(draw);
  const change = () => {
    k = steps; // who touches sees the whole way
    drawSoon();
  };

  slider.oninput = () => {
    power = slider.valueAsNumber;
    change();
  };
  /** @param {number[]} start @param {number} x @param {number} y */
  const moveTo = (start, x, y) => {
    start[0] = Number(clamp(x, ...limits[0]).toPrecision(4));
    start[1] = Number(clamp(y, ...limits[1]).toPrecision(4));
    change();
  };
  rings.forEach((ring, number) => {
    const { start } = walkers[number];
    ring.onpointerdown = (event) => {
      event.preventDefault();
      ring.focus({ preventScroll: true });
      ring.setPointerCapture(event.pointerId);
    };
    ring.onpointermove = (event) => {
      if (!ring.hasPointerCapture(event.pointerId)) return;
      const { x, y } = book.hands.spotIn(drawing, event);
      const [across, up] = back(x, y);
      moveTo(start, across, up);
    };
    book.hands.movable(ring, (across, up, far) => {
      const length = far ? 0.5 : 0.05;
      moveTo(start, start[0] + across * length, start[1] + up * length);
    });
  });

  draw();
  inMotion((due) => {
    if (due && k < steps) {
      k = Math.min(k + due, steps);
      drawSoon();
    }
    return k < steps;
  });
});
