// A plot on which a reader puts a point or draws a line, before they see where it is: the answer to a
// {predict}. What is put there becomes the guess of its form; once that is made, the answer is drawn.
// Uses himmelblau, ground.

book.page.all(".predict[data-axes]", HTMLElement).forEach((root) => {
  const { say, html, numbersIn } = book.page;
  const field = root.querySelector(".predict-drawn");
  const form = root.querySelector("form");
  if (!(field instanceof HTMLInputElement) || !form) return;
  const [[across, x0, x1, logX], [up, y0, y1, logY]] = JSON.parse(root.dataset.axes ?? "[]");
  const line = root.dataset.kind === "line";
  const [on = "", ...start] = root.dataset.on?.split(" ") ?? []; // a terrain, and where one sets out on it
  const objective = book.gdcore.OBJECTIVES[on];
  const right = numbersIn(root.querySelector(".predict-value")?.textContent);

  const holder = html("div", { className: "instrument" });
  form.before(holder);
  const it = book.kit(holder, "");
  const count = line ? right.length : 1;
  /** @type {(number | undefined)[]} */
  let heights = [];
  // Where the hand is: its column, or how far across; and how high.
  const state = it.has({ x: { start: (x0 + x1) / 2, low: x0, high: x1 }, y: { start: (y0 + y1) / 2, low: y0, high: y1 } });
  if (logX) state.x = Math.sqrt(x0 * x1);
  if (logY) state.y = Math.sqrt(y0 * y1);
  if (line) state.x = x0;
  /** @param {number} i */
  const column = (i) => (logX ? x0 * (x1 / x0) ** (i / (count - 1)) : x0 + ((x1 - x0) * i) / (count - 1));
  /** @param {number} x */
  const nearest = (x) => Math.round((logX ? Math.log(x / x0) / Math.log(x1 / x0) : (x - x0) / (x1 - x0)) * (count - 1));

  /** @param {number} x @param {number} y */
  const put = (x, y) => {
    if (root.matches(".guessed")) return;
    if (line) {
      // What the hand has passed on its way is drawn, too.
      const [from, to] = [nearest(state.x), nearest(x)];
      const start = heights[from] ?? y;
      for (let i = Math.min(from, to); i <= Math.max(from, to); i++) {
        const t = from === to ? 1 : (i - from) / (to - from);
        heights[i] = logY ? start * (y / start) ** t : start + t * (y - start);
      }
      it.set({ x: column(to), y });
    } else {
      it.set({ x, y });
      heights = [state.y];
    }
    const all = line ? Array.from({ length: count }, (_, i) => heights[i]) : [state.x, state.y];
    field.value = all.every((v) => v !== undefined) ? all.map((v) => Number(v?.toPrecision(5))).join(", ") : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const plot = it.plot({
    label: line ? say("在图上从左到右画一条线", "A plot on which to draw a line from the left to the right")
      : say("在图上放一个点", "A plot on which to put a point"),
    axes: () => ({ x: [x0, x1], y: [y0, y1], logX, logY, across, up, equal: !line && !logX && !logY && x1 - x0 === y1 - y0 }),
    most: 360,
  });
  plot.handle({
    at: () => [state.x, state.y],
    drag: put,
    /** @param {number} x @param {number} y @param {boolean} far */
    key: (x, y, far) => {
      const [now, high] = [plot.place(state.x, state.y), far ? 20 : 4];
      const [u, v] = plot.back(now[0] + x * high, now[1] - y * high);
      const next = it.clamp(line ? column(it.clamp(nearest(state.x) + x, 0, count - 1)) : u, x0, x1);
      put(next, it.clamp(v, y0, y1));
    },
    label: line ? say("笔，用方向键画", "Pen; arrow keys draw") : say("点，用方向键移动", "Point; arrow keys move it"),
    value: () => `${across} ${it.write(state.x)}${say("，", ", ")}${up} ${it.write(state.y)}`,
    color: "orange",
    hint: true,
    anywhere: true,
  });
  it.draw(() => {
    if (objective) {
      plot.terrain(on, (x, y) => {
        const out = [0, 0, 0];
        objective.run(x, y, out);
        return out[0];
      });
      const at = start.map(Number);
      plot.dots("start", [at], { r: 4 });
      plot.text("start word", at, say("起点", "start"), { anchor: "end", dx: -8, dy: 4 });
    }
    const given = numbersIn(field.value);
    if (root.matches(".guessed") && given.length) {
      if (!line) [state.x, state.y] = given;
      else heights = given;
    } else if (!field.value && root.dataset.was === "guessed") heights = [];
    root.dataset.was = root.matches(".guessed") ? "guessed" : "";
    const drawn = Array.from({ length: count }, (_, i) => [column(i), heights[i] ?? NaN]).filter(([, y]) => !Number.isNaN(y));
    if (line) plot.line("guess", drawn, { color: "orange", width: 2.5 });
    if (!root.matches(".guessed")) return;
    if (line) plot.line("answer", right.map((y, i) => [column(i), y]), { width: 2 });
    else plot.dots("answer", [right], { r: 5 });
  });
  addEventListener("guess", it.refresh);
  it.refresh();
});
