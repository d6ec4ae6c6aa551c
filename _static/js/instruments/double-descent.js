// Double descent: walk along the error in new patients as features are added. What has not been walked
// is not drawn yet.

book.instrument("double-descent", (it) => {
  const { say, write } = it;
  /** What the chapter measured at each number of features. @type {Record<string, number[]>} */
  const { p: sizes, learned, met, least, kappa, length, table } = it.values.mountain;
  const [first, last] = [sizes[0], sizes[sizes.length - 1]];
  const size = { start: first, low: first, high: last, log: true, whole: true };
  const state = it.has({ p: size, near: size, far: size });
  /** Which of the measured sizes is nearest. @param {number} p */
  const index = (p) => sizes.reduce((best, one, i) =>
    (Math.abs(Math.log(one / p)) < Math.abs(Math.log(sizes[best] / p)) ? i : best), 0);
  /** Go to a size; what lies between has been walked. @param {number} i */
  const go = (i) => {
    const p = sizes[it.clamp(i, 0, sizes.length - 1)];
    it.set({ p, near: Math.min(p, state.near), far: Math.max(p, state.far) });
  };
  it.guessed("worst-for-new-patients", (guess) => {
    const p = [2, 20, 200, 10000][guess - 1];
    it.set({ p, near: p, far: p });
  });

  const x = /** @type {Interval} */ ([first / 1.2, last * 1.6]);
  const errors = it.plot({
    label: say("没有解释的份额对参数个数", "The share unexplained against the number of parameters"),
    axes: () => ({ x, y: [0.02, 200], logX: true, logY: true, up: "1 − R²" }),
    ratio: 0.5,
    most: 290,
  });
  const steepness = it.plot({
    label: say("条件数对参数个数", "The condition number against the number of parameters"),
    axes: () => ({ x, y: [0.05, 1e9], logX: true, logY: true, up: "κ", across: "p" }),
    ratio: 0.45,
    most: 220,
  });
  for (const { box } of [errors, steepness]) box.style.flexBasis = "100%";
  errors.handle({
    at: () => [sizes[index(state.p)], met[index(state.p)]],
    drag: (p) => go(index(p)),
    key: (across, up, far) => go(index(state.p) + (across || up) * (far ? 5 : 1)),
    label: say("参数个数 p", "number of parameters p"),
    field: "p",
    color: "blue",
    hint: true,
    anywhere: true,
  });
  it.button(say("画出全部", "Draw it all"), () => it.set({ near: first, far: last }));

  it.draw(() => {
    const i = index(state.p);
    const [from, to] = [Math.min(i, index(state.near)), Math.max(i, index(state.far))];
    /** The part of a curve that has been walked. @param {number[]} values */
    const walked = (values) => sizes.map((p, k) => [p, values[k]]).slice(from, to + 1);
    for (const plot of [errors, steepness]) plot.line("n", [[200, 1e-4], [200, 1e12]], { dash: "5 4", width: 1 });
    errors.line("straight", [[x[0], it.values.straight], [x[1], it.values.straight]], { color: "faint", width: 1 });
    errors.text("straight words", [260, it.values.straight], say("只用那十个数", "the ten numbers alone"), { color: "faint", dy: 16 }).classList.add("letters");
    /** @type {[ReturnType<typeof it.plot>, string, string, number[], string, number][]} */
    const curves = [ // and how far below its dot the name of each stands
      [errors, "met", "blue", met, say("新病人", "new patients"), -28],
      [errors, "learned", "slate", learned, say("学过的病人", "patients learned from"), 20],
      [steepness, "kappa", "blue", kappa, say("病人的特征", "patients’ features"), -10],
      [steepness, "table", "slate", table, say("随机矩阵", "a random matrix"), 20],
    ];
    for (const [plot, key, color, values, words, dy] of curves) {
      plot.line(key, walked(values), { color });
      plot.dots(`${key} dot`, [[sizes[i], values[i]]], { color, r: 4 });
      if (from === to || values[i] < 0.02) continue;
      const right = sizes[i] < 300;
      plot.text(`${key} words`, [sizes[i], values[i]], words, { color, anchor: right ? "start" : "end", dx: right ? 12 : -12, dy });
    }
    steepness.text("n words", [200, 0.05], "n", { dx: 5, dy: -6 });
    const known = learned[i] < 1e-12 ? say("0（只差舍入）", "0 but for rounding") : write(learned[i]);
    it.tell(say(
      `p = ${sizes[i]}。没有解释的份额：学过的 200 位病人是 ${known}，新病人是 ${write(met[i])}。最小的奇异值是 ${write(least[i])}，κ = ${write(kappa[i])}，解的长度是 ${write(length[i])}。`,
      `p = ${sizes[i]}: the share unexplained is ${known} in the 200 patients learned from, and ${write(met[i])} in new ones. The least singular value is ${write(least[i])}, κ = ${write(kappa[i])}, and the solution has length ${write(length[i])}.`));
  });
});
