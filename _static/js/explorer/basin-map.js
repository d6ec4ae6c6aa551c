// The basin map: a canvas whose every spot tells where the descent from there ends, and its legend.

/**
 * @param {HTMLCanvasElement} canvas square
 * @param {HTMLElement} legend
 * @param {ReturnType<typeof book.words>} words
 */
book.basinMap = (canvas, legend, words) => {
  const { say, html, colorOf } = book.page;
  const { ELSEWHERE, BOUNCING, UNDERWAY, DIVERGED, AT_REST_ON_MAP, basins } = book.outcomes;
  const STEPS = 200;
  const side = canvas.width;
  // How ends are drawn, so that colour alone tells none from another: where a minimizer's colour is
  // hatched, and how dark ink stands for the other ends.
  /** @type {((x: number, y: number) => boolean)[]} */
  const HATCHES = [
    () => false,
    (_, y) => y % 6 === 0,
    (x) => x % 6 === 0,
    (x, y) => (x + y) % 8 === 0,
    (x, y) => (x + 7 * y) % 8 === 0,
    (x, y) => x % 8 === 0 || y % 8 === 0,
    (x, y) => x % 8 < 4 && y % 8 < 4,
  ];
  /** @type {Record<number, (x: number, y: number) => number>} */
  const INKED = {
    [ELSEWHERE]: (x, y) => (x % 4 < 2 && y % 4 < 2 ? 150 : 45),
    [BOUNCING]: (x, y) => (y % 8 === Math.abs(6 - (x % 12)) ? 150 : 15),
    [UNDERWAY]: () => 0,
    [DIVERGED]: (x, y) => ((x + y) % 4 < 2 ? 170 : 90),
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const hide = () => {
    clearTimeout(timer);
    delete canvas.dataset.milliseconds;
    canvas.hidden = legend.hidden = true;
  };

  /**
   * Draw it, a few milliseconds at a time, so that the reader is never kept waiting.
   * @param {Setting & { limits: Interval[] }} setting
   * @param {string} method
   */
  const draw = (setting, method) => {
    clearTimeout(timer);
    delete canvas.dataset.milliseconds;
    const work = basins({ ...setting, side, steps: STEPS, tol: AT_REST_ON_MAP });
    const began = performance.now();
    const go = () => {
      const until = performance.now() + 8;
      let next;
      do next = work.next(); while (!next.done && performance.now() < until);
      if (!next.done) return void (timer = setTimeout(go));
      const ends = next.value;
      const color = colors();
      paint(canvas, (x, y) => color(ends[(side - 1 - y) * side + x], x, y));
      explain(new Set(ends), color, setting, method);
      canvas.hidden = legend.hidden = false;
      canvas.dataset.milliseconds = String(Math.round(performance.now() - began));
    };
    go();
  };

  /** The color of an end at a place of the map, as red, green, blue and opacity. */
  const colors = () => {
    const names = book.gdcore.BASIN_COLORS.map((name) => `var(--figure-${name})`);
    const [ink, ...own] = ["", ...names].map((css) => colorOf(css, canvas).match(/\d+/g)?.map(Number) ?? []);
    canvas.style.color = "";
    return (/** @type {number} */ end, /** @type {number} */ x, /** @type {number} */ y) => {
      if (end < 0) return [...ink, INKED[end](x, y)];
      return [...own[end % own.length], HATCHES[end % HATCHES.length](x, y) ? 190 : 115];
    };
  };
  /** @param {HTMLCanvasElement} canvas @param {(x: number, y: number) => number[]} colorAt */
  const paint = (canvas, colorAt) => {
    const { width, height } = canvas;
    const pen = canvas.getContext("2d");
    const image = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) image.data.set(colorAt(i % width, Math.floor(i / width)), 4 * i);
    pen?.putImageData(image, 0, 0);
  };
  /**
   * @param {Set<number>} ends
   * @param {ReturnType<typeof colors>} color
   * @param {Setting} setting
   * @param {string} method
   */
  const explain = (ends, color, { objective, noise }, method) => {
    const without = noise ? say("，不带噪声", ", without noise") : "";
    legend.replaceChildren(html("p", { textContent: say(`盆地图：${method}，最多 ${STEPS} 步${without}`,
      `Basin map: ${method}, at most ${STEPS} steps${without}`) }));
    const list = html("ul", {}, legend);
    /** @param {number} end */
    const order = (end) => (end < 0 ? objective.minimizers.length - end : end);
    for (const end of [...ends].sort((one, other) => order(one) - order(other))) {
      const item = html("li", {}, list);
      item.dataset.end = String(end);
      paint(html("canvas", { width: 24, height: 16, ariaHidden: "true" }, item), (x, y) => color(end, x, y));
      item.append(words.ends(end, objective));
    }
  };

  return { draw, hide };
};
