// Mini-batches: batch size and learning rate for equally many examples. A square that has been visited
// shows how high the chapter's own descents ended; a dashed curve shows what its laws foretell.

book.instrument("batches", (it) => {
  const { say, write } = it;
  /** @type {{ sizes: number[], rates: number[], epochs: number[], heights: number[][][] }} */
  const { sizes, rates, epochs, heights } = it.values.measured_map;
  /** @type {{ n: number, curvature: number[], shares: number[], floor: number }} */
  const { n, curvature, shares, floor } = it.values.law;
  const limit = 2 / Math.max(...curvature);
  const state = it.has({
    B: { start: 16, low: 1, high: n, log: true, whole: true },
    eta: { start: rates[1], low: rates[0], high: rates[rates.length - 1], log: true },
    seen: { start: "41", like: /^(\d\d)*$/ },
  });

  /** Which of several is nearest to a number. @param {number[]} all @param {number} one */
  const nearest = (all, one) => all.reduce((best, some, i) =>
    (Math.abs(Math.log(some / one)) < Math.abs(Math.log(all[best] / one)) ? i : best), 0);
  const place = () => [nearest(sizes, state.B), nearest(rates, state.eta)];
  const visited = () => new Set([...(state.seen.match(/../g) ?? []), place().join("")]);
  /** Go to a square, and keep it. @param {number} i @param {number} j */
  const go = (i, j) => {
    const [b, e] = [it.clamp(i, 0, sizes.length - 1), it.clamp(j, 0, rates.length - 1)];
    it.set({ B: sizes[b], eta: rates[e], seen: [...visited().add(`${b}${e}`)].join("") });
  };
  it.guessed("best-rate", (guess) => {
    it.set({ B: 64, eta: guess, seen: "" });
  });

  /** What the laws foretell: how much is left of the way, and the floor, in percent. @param {number} B @param {number} eta @param {number} epoch */
  const foretold = (B, eta, epoch) => {
    const steps = epoch * Math.ceil(n / B);
    const left = shares.reduce((sum, share, i) => sum + share * (1 - eta * curvature[i]) ** (2 * steps), 0);
    return [100 * left, ((floor * eta) / B) * ((n - B) / (n - 1))];
  };

  const map = it.plot({
    label: say("批量大小和学习率的方格", "Squares of batch size and learning rate"),
    axes: () => ({ x: [0.7, 620], y: [0.0007, 0.75], logX: true, logY: true, across: "B", up: "η" }),
    ratio: 0.62,
  });
  const curve = it.plot({
    label: say("高度对轮数", "The height against the epoch"),
    axes: () => ({ x: [0, 10.4], y: [0.3, 300], logY: true, across: say("轮", "epochs"), room: 88, up: say("高度，起点是 100%", "height, 100% at the start") }),
    ratio: 0.45,
    most: 180,
  });
  for (const { box } of [map, curve]) box.style.flexBasis = "100%";
  map.handle({
    at: () => [sizes[place()[0]], rates[place()[1]]],
    drag: (B, eta) => go(nearest(sizes, B), nearest(rates, eta)),
    key: (x, y, far) => go(place()[0] + x * (far ? 3 : 1), place()[1] + y * (far ? 3 : 1)),
    label: say("批量大小和学习率", "batch size and learning rate"),
    value: () => `B = ${sizes[place()[0]]}, η = ${write(rates[place()[1]])}`,
    color: "orange",
    hint: true,
    anywhere: true,
  });
  it.button(say("全部显示", "Show all"), () =>
    it.set({ seen: sizes.map((_, b) => rates.map((_, e) => `${b}${e}`).join("")).join("") }));

  const edges = (/** @type {number[]} */ all) => [all[0] / Math.SQRT2,
    ...all.slice(1).map((one, i) => Math.sqrt(one * all[i])), all[all.length - 1] * 1.3];
  const [across, up] = [edges(sizes), edges(rates)];
  it.draw(() => {
    const [b, e] = place();
    const [B, eta] = [sizes[b], rates[e]];
    for (const square of visited()) {
      const [i, j] = [...square].map(Number);
      const [[x0, y0], [x1, y1]] = [map.place(across[i], up[j]), map.place(across[i + 1], up[j + 1])];
      const h = heights[i][j][epochs.length - 1];
      const tint = [1, 2, 5, 20, 100].filter((most) => h >= most).length;
      map.put(`square ${square}`, "path", { d: `M${x0 + 0.5} ${y0 - 0.5}H${x1 - 0.5}V${y1 + 0.5}H${x0 + 0.5}z`,
        fill: "var(--figure-slate)", "fill-opacity": [0.8, 0.5, 0.3, 0.18, 0.08, 0][tint] });
      const words = tint > 4 ? "×" : x1 - x0 > 40 ? write(h, 2) : "";
      if (square !== `${b}${e}`) map.text(`height ${square}`, [sizes[i], rates[j]], words, { anchor: "middle", dx: 0, dy: 4 });
    }
    map.line("alike", [[0.1, (eta / B) * 0.1], [5000, (eta / B) * 5000]], { dash: "1 4", width: 2 });
    map.line("limit", [[0.1, limit], [5000, limit]], { dash: "6 4", width: 1.2 });
    map.text("limit words", [0.75, limit], "2/L", { dy: 16, dx: 2 });
    const laws = Array.from({ length: 10 }, (_, k) => foretold(B, eta, k + 1));
    curve.line("foretold", [[0, 100], ...laws.map(([left, floor], k) => [k + 1, left + floor])], { color: "faint", dash: "5 4" });
    const [left, low] = laws[9];
    const falls = eta < limit;
    if (falls) curve.line("floor", [[0, low], [11, low]], { color: "faint", width: 1 });
    if (falls && low > 0.3) curve.text("floor words", [0, low], say("地板", "floor"), { color: "faint", dy: low < 1 ? -6 : 16 });
    const ways = [[0, 100], ...epochs.map((epoch, k) => [epoch, heights[b][e][k]])];
    curve.line("measured", ways, { color: "orange" });
    curve.dots("measured dots", ways, { color: "orange", r: 3.5 });
    const [end, much] = [heights[b][e][epochs.length - 1], left + low];
    // Their names beside their ends, the higher one above.
    const { top, bottom, right } = curve.size();
    const [above, below] = [end, much].map((h) => curve.place(0, h)[1]).sort((p, q) => p - q);
    const middle = it.clamp((above + below) / 2, top + 16, bottom - 16);
    /** @param {string} key @param {string} words @param {boolean} higher @param {string} color */
    const name = (key, words, higher, color) => curve.text(key, curve.back(right, higher
      ? it.clamp(above, top + 8, middle - 8) : it.clamp(below, middle + 8, bottom - 8)), words, { color, dx: 8, dy: 4 });
    name("measured words", say("实跑三次", "three runs"), end >= much, "orange");
    name("foretold words", say("公式预计", "by the laws"), end < much, "faint");
    const said = end >= 1e6 ? say("走得没了影", "have run away") : say(`平均剩下 ${write(end, 3)}%`, `leave ${write(end, 3)}% on average`);
    const law = !falls ? say("η 大于 2/L，公式预计越走越高", "η is above 2/L, so by the laws it rises without end")
      : B === n ? say(`公式预计十轮之后剩下 ${write(much, 3)}%；每一步看全部样本，没有噪声，也就没有地板`,
        `By the laws ${write(much, 3)}% are left after ten epochs; each step sees all examples, so there is no noise and no floor`)
      : say(`公式预计十轮之后剩下 ${write(much, 3)}%，其中 ${write(low, 3)}% 是地板，即噪声使它降不下去的高度`,
        `By the laws ${write(much, 3)}% are left after ten epochs, of which ${write(low, 3)}% are the floor, below which noise does not let it`);
    it.tell(say(`B = ${B}，η = ${write(eta)}，η/B = ${write(eta / B, 3)}。${law}；实际跑三次，${said}。`,
      `B = ${B}, η = ${write(eta)}, η/B = ${write(eta / B, 3)}. ${law}; three runs ${said}.`));
  });
});
