// The landscape of an objective, in the tints and with the contours of gdcore.draw, over whatever view is
// asked for. Its heights are gdcore's; a contour is where f is within a hair of a level. Where f is no
// number, it is hatched.

/** @param {HTMLCanvasElement} canvas */
book.terrain = (canvas) => {
  const { colorOf } = book.page;
  const TINTS = 5;
  const HALF = 0.55; // of a contour's width, in pixels
  const work = book.work.slices((go) => setTimeout(go));

  /** @param {string} name */
  const color = (name) => (colorOf(`var(--figure-${name})`, canvas).match(/[\d.]+/g) ?? []).map(Number);

  /**
   * Each tint reaches up to a level; they are spread over the levels as gdcore.draw.terrain does it.
   * @param {number[]} levels
   */
  const borders = (levels) => {
    const count = Math.min(TINTS - 1, levels.length);
    return Array.from({ length: count }, (_, i) => {
      const at = (i * (levels.length - 1)) / Math.max(1, count - 1);
      return levels[at % 1 === 0.5 ? 2 * Math.round(at / 2) : Math.round(at)];
    });
  };

  /**
   * @param {Objective} objective
   * @param {number[]} view
   * @param {number} width of the picture, in pixels of the page
   * @param {number} height
   */
  function* rows({ run, levels, dim, size = 0 }, [x0, x1, y0, y1], width, height) {
    const scale = Math.min(devicePixelRatio, 2);
    const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
    const image = new ImageData(across, down);
    const tints = Array.from({ length: TINTS }, (_, i) => color(`terrain${i + 1}`));
    const [r, g, b] = color("contour");
    const edges = borders(levels);
    const out = new Float64Array(3);
    const pixel = (x1 - x0) / across;
    for (let j = 0; dim === 2 && j < down; j++) {
      const y = y1 - ((j + 0.5) / down) * (y1 - y0);
      for (let i = 0; i < across; i++) {
        run(x0 + (i + 0.5) * pixel, y, out);
        const [f] = out;
        const known = Math.abs(f) < Infinity;
        let tint = 0;
        while (tint < TINTS - 1 && (!known || f > edges[tint])) tint++;
        const ground = tints[tint];
        const slope = Math.hypot(out[1], out[2]) * pixel;
        let nearest = Infinity;
        for (const level of levels) nearest = Math.min(nearest, Math.abs(f - level));
        const line = known ? slope > 0 && HALF * scale + 0.5 - nearest / slope : (i + j) % (8 * scale) < scale;
        const ink = Math.min(1, Math.max(0, Number(line))) * 0.8;
        const at = 4 * (j * across + i);
        image.data[at] = ground[0] + (r - ground[0]) * ink;
        image.data[at + 1] = ground[1] + (g - ground[1]) * ink;
        image.data[at + 2] = ground[2] + (b - ground[2]) * ink;
        image.data[at + 3] = 255;
      }
      yield (across / 8) * Math.max(1, size / 10); // a pixel is one look at f, and of those a step takes a few
    }
    canvas.width = across;
    canvas.height = down;
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }

  /** @param {Objective} objective @param {number[]} view @param {number} width @param {number} height */
  const draw = (objective, view, width, height) => work.begin(rows(objective, view, width, height));

  return { draw };
};
