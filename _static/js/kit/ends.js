// A map of where descents end, on the canvas under a plot: coarse while something changes, then fine,
// made in parts so that nothing waits for it; and beside the plot what its colors mean. It is made by
// the reader's graphics in single precision (glsl.js), or where these cannot in double and coarser.

/**
 * @param {ReturnType<typeof book.kit>} it
 * @param {ReturnType<ReturnType<typeof book.kit>["plot"]>} plot of equal axes
 * @param {() => Omit<MapSetting, "limits" | "side">} setting
 * @param {() => Interval[]} limits what is in view
 */
book.ends = (it, plot, setting, limits) => {
  const { html } = book.page;
  const { say } = it;
  const { ELSEWHERE, BOUNCING, UNDERWAY, DIVERGED, basins, inWords } = book.outcomes;
  const { BASIN_COLORS } = book.gdcore;
  const { objective } = setting();
  const [FINE, COARSE] = [480, 160];

  const graphics = book.glsl();
  let broken = !graphics;
  /** @type {{ ends: Int8Array, side: number, limits: Interval[], key: string } | undefined} */
  let map;
  let busy = false;
  let fast = false; // whether the fine map is made within a few frames
  const wanted = () => [setting().parameters, limits()].join();
  /** The same map in double precision, in slices. @param {MapSetting} its @param {(part: number) => boolean} goOn */
  const slowly = (its, goOn) => new Promise((/** @type {(found: Int8Array | "stopped") => void} */ resolve) => {
    const work = basins(its);
    let cells = 0;
    it.slices({ next: () => {
      const { value, done } = work.next();
      if (done) resolve(value);
      else if (!goOn((cells += 16) / its.side ** 2)) resolve("stopped");
      else return { done: false, value };
      return { done: true, value };
    } }, () => undefined);
  });
  const sides = () => (broken ? [40, 120] : fast ? [FINE] : [COARSE, FINE]);
  const current = () => map?.key === wanted() && map.side === sides().at(-1);
  const work = async () => {
    if (busy) return;
    busy = true;
    it.root.classList.add("working");
    while (!current()) {
      const [key, view] = [wanted(), limits()];
      const side = map?.key === key && sides().includes(map.side) ? sides().at(-1) ?? FINE : sides()[0];
      const began = performance.now();
      /** @param {number} part */
      const goOn = (part) => {
        status.textContent = say(`正在算，${Math.round(100 * part)}%`, `computing, ${Math.round(100 * part)}%`);
        return side === sides()[0] || wanted() === key; // a coarse map is always finished, or a drag would show none
      };
      const made = await (graphics && !broken ? graphics : slowly)({ ...setting(), limits: view, side }, goOn);
      if (made === "broken") broken = true;
      if (typeof made === "string") continue;
      if (side === FINE) fast = performance.now() - began < 60;
      map = { ends: made, side, limits: view, key };
      it.refresh();
      await new Promise(requestAnimationFrame);
    }
    busy = false;
    it.root.classList.remove("working");
  };

  // No end is told by its color alone: a hatch, a gray, specks.
  /** @type {((i: number, j: number) => boolean)[]} */
  const HATCHES = [() => false, (_, j) => j % 8 === 0, (i) => i % 8 === 0, (i, j) => (i + j) % 8 === 0, (i, j) => (i - j + 24) % 8 === 0,
    (i, j) => i % 8 === 0 || j % 8 === 0];
  /** @type {Record<number, (i: number, j: number) => number>} */
  const INKS = { [ELSEWHERE]: (i, j) => (i % 4 < 2 && j % 4 < 2 ? 150 : 45), [BOUNCING]: () => 110,
    [UNDERWAY]: (i, j) => ((i + j) % 6 < 2 ? 150 : 60), [DIVERGED]: (i, j) => (i % 8 === 0 && j % 8 === 0 ? 120 : 0) };
  /** Tiles of 24 × 24 pixels for each end from DIVERGED on. @type {Uint8ClampedArray[]} */
  let tiles = [];
  let inkedFor = "";
  const inked = () => {
    const rgb = (/** @type {string} */ name) => it.color(name).match(/\d+/g)?.map(Number).slice(0, 3) ?? [0, 0, 0];
    tiles = Array.from({ length: 4 + objective.minimizers.length }, (_, n) => {
      const end = n - 4;
      const color = rgb(end < 0 ? "ink" : BASIN_COLORS[end % BASIN_COLORS.length]);
      const tile = new Uint8ClampedArray(4 * 24 * 24);
      for (let p = 0; p < 24 * 24; p++) {
        const [i, j] = [p % 24, Math.floor(p / 24)];
        tile.set([...color, end < 0 ? INKS[end](i, j) : HATCHES[end % HATCHES.length](i, j) ? 200 : 150], 4 * p);
      }
      return tile;
    });
  };
  /** @param {HTMLCanvasElement} canvas @param {(i: number, j: number) => number | undefined} endAt */
  const paint = (canvas, endAt) => {
    const { width, height } = canvas;
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const colors = tiles.map((tile) => new Uint32Array(tile.buffer));
    for (let p = 0; p < width * height; p++) {
      const [i, j] = [p % width, Math.floor(p / width)];
      const end = endAt(i, j);
      if (end !== undefined) pixels[p] = colors[end + 4][(j % 24) * 24 + (i % 24)];
    }
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  };
  let paintedAs = "";
  const painted = () => {
    const { left, right, top, bottom } = plot.size();
    if (!map) return;
    const { ends, side, limits: its, key } = map;
    const now = [key, side, limits(), left, right, top, bottom, inkedFor].join();
    if (now === paintedAs) return;
    paintedAs = now;
    const canvas = Object.assign(plot.canvas, { width: Math.round(right - left), height: Math.round(bottom - top), hidden: false });
    const cells = (/** @type {number} */ many, /** @type {Interval} */ view, /** @type {Interval} */ own) => Int32Array.from({ length: many }, (_, i) =>
      Math.floor(((view[0] + ((i + 0.5) / many) * (view[1] - view[0]) - own[0]) / (own[1] - own[0])) * side));
    const [columns, rows] = [cells(canvas.width, limits()[0], its[0]), cells(canvas.height, limits()[1], its[1]).reverse()];
    paint(canvas, (i, j) => {
      const [c, r] = [columns[i], rows[j]];
      return c >= 0 && c < side && r >= 0 && r < side ? ends[r * side + c] : undefined;
    });
  };

  const board = html("div", { className: "instrument-legend" }, plot.box.parentElement);
  const status = html("p", {}, board);
  const list = html("ul", {}, board);
  const border = html("p", {}, board);
  let explained = "";
  /** What the map shows, in words; while a finer one is made, that, and no shares, for they are not true yet. */
  const explain = () => {
    const done = current();
    const grain = broken ? say("双精度", "double precision") : say("单精度", "single precision");
    const { side, ends, key } = map ?? { side: FINE, ends: new Int8Array(), key: "" };
    if (done) status.textContent = say(`${side} × ${side} 个起点，${setting().steps} 步，${grain}`, `${side} × ${side} starts, ${setting().steps} steps, ${grain}`);
    const now = [key, side, done, inkedFor].join();
    if (now === explained) return;
    explained = now;
    const counts = new Uint32Array(16);
    let borders = 0;
    for (let i = 0; i < ends.length; i++) {
      counts[ends[i] + 4]++;
      if ((i % side < side - 1 && ends[i] !== ends[i + 1]) || (i + side < ends.length && ends[i] !== ends[i + side])) borders++;
    }
    const share = (/** @type {number} */ count) => (done ? `${(100 * count / ends.length).toFixed(1)}%` : "…");
    list.replaceChildren();
    for (const end of [...objective.minimizers.keys(), BOUNCING, ELSEWHERE, UNDERWAY, DIVERGED]) {
      const item = html("li", {}, list);
      item.dataset.end = String(end);
      paint(html("canvas", { width: 24, height: 16, ariaHidden: "true" }, item), () => end);
      html("span", { textContent: end < 0 ? inWords(say, end, objective) : book.numbers.writePoint(objective.minimizers[end]) }, item);
      html("span", { textContent: share(counts[end + 4]) }, item);
    }
    border.textContent = say(`界线经过 ${share(borders)} 的格子`, `borders run through ${share(borders)} of the cells`);
  };

  /** Show the map as it is, and see to one that is wanted. */
  const show = () => {
    const { theme = "" } = document.documentElement.dataset;
    if (theme !== inkedFor) inked();
    inkedFor = theme;
    painted();
    explain();
    work();
  };
  return { show };
};
