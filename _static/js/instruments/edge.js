// Five trainings on one clock: their sharpness above, their loss below, as the chapter's cells measured them
// in blocks of 25 steps; one learning rate is looked at, by the line 2/η.

book.instrument("edge", (it) => {
  const { say, write } = it;
  /** @type {{ eta: number[], start: number, sharpness: number[][], low: number[][], high: number[][], rose: number[][] }} */
  const its = it.values.edge; // sharpness in hundredths, losses in ten-thousandths
  const COLORS = ["orange1", "orange", "orange3", "orange4", "orange5"];
  const [CEILING, ROOM] = [8.5, 48];
  const state = it.has({
    eta: { start: "0.4", choices: its.eta.map(String) },
    k: { start: 0, low: 0, high: 2000, step: 25, whole: true },
  });
  const at = () => its.eta.indexOf(Number(state.eta));
  const block = () => Math.round(state.k / 25); // how many have been walked
  const [above, below] = [
    it.plot({
      label: say("锐度随步数的变化，和每个学习率的 2/η", "Sharpness against the step, and 2/η of each rate"),
      axes: () => ({ x: [0, 2000], y: [0, CEILING], room: ROOM, up: say("锐度 λ", "sharpness λ") }),
      ratio: 0.55,
      most: 270,
    }),
    it.plot({
      label: say("损失随步数的变化，每 25 步的最低与最高", "The loss against the step, lowest and highest of every 25"),
      axes: () => ({ x: [0, 2000], y: [0.01, 1], room: ROOM, logY: true, across: "k", up: say("损失 f", "loss f") }),
      ratio: 0.55,
      most: 270,
    }),
  ];
  /** Where the line 2/η is drawn, or where the picture ends. @param {number} i */
  const limit = (i) => Math.min(2 / its.eta[i], CEILING);
  for (const [plot, y] of /** @type {[typeof above, number][]} */ ([[above, 0.7], [below, 0.015]])) {
    plot.handle({
      at: () => [state.k, y],
      drag: (k) => it.set({ k: 25 * Math.round(k / 25) }),
      label: say("第几步", "step"),
      field: "k",
      hint: plot === above,
      anywhere: true,
    });
  }
  const turn = (/** @type {number} */ i) => it.set({ eta: String(its.eta[it.clamp(i, 0, its.eta.length - 1)]) });
  above.handle({
    at: () => [1960, limit(at())],
    drag: (_, y) => turn(its.eta.map((_, i) => Math.abs(limit(i) - y)).reduce((best, far, i, all) => (far < all[best] ? i : best), 0)),
    key: (x, y) => turn(at() + x - y),
    value: () => `η = ${state.eta}, 2/η = ${write(2 / Number(state.eta), 3)}`,
    label: say("界线 2/η", "limit 2/η"),
    color: "orange3",
  });
  it.choice("eta", "η", its.eta.map((eta, i) => [String(eta), String(eta), COLORS[i]]));
  it.guessed("edge-highest-loss", (guess) => it.set({ eta: ["0.1", "0.4", "0.8"][guess - 1] }));

  /** Each so much farther that none is nearer to the one before than a line of text. @param {number[]} spots */
  const apart = (spots) => {
    let last = -Infinity;
    return spots.map((spot) => (last = Math.max(spot, last + 16)));
  };
  it.draw(() => {
    const [chosen, b, k] = [at(), block(), 25 * block()];
    const all = its.eta.map((_, i) => i);
    // The rate of each line is written at its end; where these are close, above and below each other around them.
    const order = [...all].sort((i, j) => its.sharpness[j][b] - its.sharpness[i][b] || i - j);
    const ends = order.map((i) => above.place(k, its.sharpness[i][b] / 100)[1]);
    const down = apart(ends);
    const up = apart(ends.map((y) => -y).reverse()).reverse();
    order.forEach((i, n) => above.text(`rate ${i}`, above.back(above.place(k, 0)[0], (down[n] - up[n]) / 2), String(its.eta[i]),
      { color: COLORS[i], dx: 8, dy: 4, weight: i === chosen ? "600" : "400" }).classList.add("letters"));
    for (const i of [...all.filter((i) => i !== chosen), chosen]) {
      const now = i === chosen;
      const look = { color: COLORS[i], width: now ? 2.4 : 1, opacity: now ? 1 : 0.5 };
      const sharpness = its.sharpness[i].slice(0, b + 1).map((s, j) => [25 * j, s / 100]);
      above.line(`limit ${i}`, [[0, 2 / its.eta[i]], [2000, 2 / its.eta[i]]], { ...look, width: now ? 1.6 : 1, dash: "6 4" });
      above.line(`sharpness ${i}`, sharpness, look);
      above.dots(`now ${i}`, sharpness.slice(-1), { ...look, r: now ? 4.5 : 2.5, free: true });
      const [high, low] = [its.high, its.low].map((of) => [[0, its.start], ...of[i].slice(0, b).map((f, j) => [25 * (j + 1), f / 1e4])]);
      below.line(`loss ${i}`, [...high, ...low.reverse()], { ...look, width: now ? 1.2 : 0.8, fill: COLORS[i] });
      below.dots(`now ${i}`, high.slice(-1), { ...look, r: now ? 4.5 : 2.5, free: true });
      if (now) below.text("rate", high[b], `η = ${its.eta[i]}`, { color: COLORS[i], dx: 8, dy: 4, weight: "600" }).classList.add("letters");
    }
    const line = 2 / its.eta[chosen];
    const early = k < 1200; // then there is room for it at the right
    above.text("limit", [early ? 1900 : 0, limit(chosen)], `2/η = ${write(line, 3)}${line > CEILING ? " ↑" : ""}`, { anchor: early ? "end" : "start", dx: early ? 0 : 6, dy: line > CEILING ? 18 : -8, color: COLORS[chosen], weight: "600" });
    above.line("cursor", [[k, 0], [k, CEILING]], { width: 1, dash: "2 3" });
    below.line("cursor", [[k, 0.01], [k, 1]], { width: 1, dash: "2 3" });
    const s = its.sharpness[chosen][b] / 100;
    const percent = `${Math.round(Math.abs(s / line - 1) * 100)}%`;
    const [zh, en] = s > line ? [`比界线 2/η = ${write(line, 3)} 高 ${percent}`, `${percent} above the limit 2/η = ${write(line, 3)}`] : [`比界线 2/η = ${write(line, 3)} 低 ${percent}`, `${percent} below the limit 2/η = ${write(line, 3)}`];
    if (!b) return it.tell(say(`在起点，锐度 ${write(s, 3)}，${zh}。往右拖竖线，它会怎样？`, `At the start the sharpness is ${write(s, 3)}, ${en}. Drag the upright line: what becomes of it?`));
    const [low, high] = [its.low, its.high].map((of) => write(of[chosen][b - 1] / 1e4, 3));
    const rose = its.rose[chosen][b - 1];
    it.tell(say(
      `第 ${k} 步，锐度 ${write(s, 3)}，${zh}。最近 25 步里，损失有 ${rose} 步上升，在 ${low} 与 ${high} 之间。`,
      `At step ${k} the sharpness is ${write(s, 3)}, ${en}. Of the last 25 steps ${rose} raised the loss, which was between ${low} and ${high}.`));
  });
});
