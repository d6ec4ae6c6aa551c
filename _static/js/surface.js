// Surfaces turn: a canvas for each svg with a data-surface. gdcore/draw/surface.py writes its numbers
// and draws the same picture, for print and without a script.
book.page.all("svg[data-surface]", SVGSVGElement).forEach((svg) => {
  const { say, colorOf, html, onceAFrame, whenThemeChanges } = book.page;
  /**
   * @type {{ axes: [number, string, number, string][][], color: string, corners: number[][], lit: number[][],
   *   paths: [number, number, number, number][][], side: number, tall: number, view: [number, number] }}
   */
  const data = JSON.parse(svg.dataset.surface ?? "");
  const { axes, color, corners, lit, paths, side, tall, view } = data;
  const canvas = html("canvas");
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let [azimuth, elevation] = view; // of the eye, in degrees
  let [eye, rise] = [[1, 0], [1, 0]]; // their cosines and sines
  /** @type {Spot[][]} */
  let spots;
  /** @type {Record<string, string>} */
  let colors = {};
  let last = { x: 0, y: 0 };
  let inView = false;

  // From the box, u and v on the ground, w upright, 0 to 1, to the canvas.
  /** @param {number} u @param {number} v */
  const near = (u, v) => u * eye[0] + v * eye[1];
  /** @param {number} u @param {number} v @param {number} w @returns {Spot} */
  const place = (u, v, w) => {
    const right = near(v - 0.5, 0.5 - u);
    const down = near(u - 0.5, v - 0.5) * rise[1] - (w - 0.5) * tall * rise[0];
    return [216 + 186.8 * right, 173 + 186.8 * down];
  };

  /** @param {string} css @param {number} [width] of a line; without one it is filled */
  const draw = (css, width) => {
    colors[css] ||= colorOf(css, canvas);
    pen.fillStyle = pen.strokeStyle = colors[css];
    pen.lineWidth = width ?? 0;
    if (width) pen.stroke();
    else pen.fill();
  };
  /** @param {Spot[]} line */
  const trace = (...line) => {
    pen.beginPath();
    line.forEach(([x, y]) => pen.lineTo(x, y));
  };
  /** @param {Spot} spot @param {number} radius */
  const disc = ([x, y], radius) => {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 7);
  };

  // Cells, and pieces of paths a little before them.
  /** @type {{ u: number, v: number, before: number, paint: () => void }[]} */
  const things = [];
  lit.forEach((row, i) =>
    row.forEach((percent, j) => {
      const shade = `color-mix(in srgb, var(--figure-lit) ${percent}%, var(--figure-unlit))`;
      const paint = () => {
        trace(spots[i][j], spots[i][j + 1], spots[i + 1][j + 1], spots[i + 1][j], spots[i][j]);
        draw(shade);
        draw("var(--figure-contour)", 0.4);
      };
      things.push({ u: (j + 0.5) / side, v: (i + 0.5) / side, before: 0, paint });
    })
  );
  paths.forEach((path) =>
    path.forEach(([u, v, w, iterate], k) => {
      const paint = () => {
        const spot = place(u, v, w);
        const [a, b, c] = path[k - 1] ?? [];
        if (k) trace(place(a, b, c), spot);
        else disc(spot, 3.7);
        draw(color, 1.1);
        disc(spot, k ? 1.7 * iterate : 0);
        draw(color);
      };
      things.push({ u, v, before: 1.5 / side, paint });
    })
  );

  // Letters are as large as elsewhere on the page, however large the canvas is. None leaves it, and
  // none stands on another: names look for a free place, and numbers that find theirs taken stay out.
  /** @param {((t: number, by: number) => Spot)[]} edges */
  const letter = (edges) => {
    const width = canvas.clientWidth;
    const scale = width / 432;
    /** @type {{ x: number, y: number, half: number }[]} */
    const taken = [];
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.fillStyle = colors["var(--figure-ink)"];
    pen.textBaseline = "middle";
    /** @param {string} text @param {string} font @param {Spot} spot @param {boolean} must */
    const write = (text, font, [x, y], must) => {
      pen.font = font;
      const half = pen.measureText(text).width / 2 + 2;
      const inside = { x: Math.min(Math.max(x, half), width - half), y: Math.min(Math.max(y, 9), 0.8 * width - 9) };
      const free = taken.every((one) => Math.abs(one.x - inside.x) > one.half + half || Math.abs(one.y - inside.y) > 17);
      if (!free && !must) return false;
      taken.push({ ...inside, half });
      pen.fillText(text, inside.x, inside.y);
      return true;
    };
    /** @param {(t: number, by: number) => Spot} edge @param {number} t @param {number} away @returns {Spot} */
    const beside = (edge, t, away) => {
      const [[x, y], [outX, outY]] = [edge(t, 0), edge(t, 1)];
      const length = Math.hypot(outX - x, outY - y);
      const [right, down] = length > 1 ? [(outX - x) / length, (outY - y) / length] : [0, 1];
      return [x * scale + away * right, y * scale + away * down];
    };
    const named = axes.map((side) => side.slice(-1)[0]);
    named.forEach(([, text, away, font], k) => {
      const places = [0.5, 0.35, 0.65, 0.2, 0.8, 0, 1].flatMap((t) =>
        [1, 1.4, 0.6].map((far) => beside(edges[k], t, far * away)));
      places.some((spot) => write(text, font, spot, false)) || write(text, font, places[0], true);
    });
    axes.forEach((side, k) => side.slice(0, -1).forEach(([t, text, away, font]) =>
      write(text, font, beside(edges[k], t, away), false)));
  };

  const paint = () => {
    canvas.width = canvas.clientWidth * devicePixelRatio;
    canvas.height = canvas.width * 0.8;
    pen.scale(canvas.width / 432, canvas.width / 432); // the figure is 432 points wide
    pen.lineCap = pen.lineJoin = "round";
    pen.textAlign = "center";
    /** @param {number} angle */
    const unit = (angle) => [Math.cos, Math.sin].map((f) => f((angle * Math.PI) / 180));
    eye = unit(azimuth);
    rise = unit(elevation);

    /** @param {boolean} far @param {number} by */
    const out = (far, by) => (far ? 1 + by : -by);
    /** @type {((t: number, by: number) => Spot)[]} */
    const edges = [
      (t, by) => place(t, out(eye[1] > 0, by), 0),
      (t, by) => place(out(eye[0] > 0, by), t, 0),
      (t, by) => place(out(eye[1] > 0, by), out(eye[0] < 0, by), t),
    ];
    edges.forEach((edge) => {
      trace(edge(0, 0), edge(1, 0));
      draw("var(--figure-ink)", 0.4);
    });
    spots = corners.map((row, i) => row.map((w, j) => place(j / side, i / side, w)));
    /** @param {(typeof things)[number]} thing */
    const order = ({ u, v, before }) => near(u, v) + before;
    things.sort((a, b) => order(a) - order(b)).forEach(({ paint }) => paint());
    letter(edges);
    canvas.dataset.view = `${azimuth},${elevation}`;
  };
  const paintSoon = onceAFrame(paint);
  const look = (a = azimuth, e = elevation) => {
    azimuth = a;
    elevation = Math.min(Math.max(e, 0), 90);
    if (inView) paintSoon();
  };
  const renew = () => {
    colors = {};
    look();
  };

  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = event;
  };
  canvas.onpointermove = (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    look(azimuth - (event.x - last.x) / 2, elevation + (event.y - last.y) / 2);
    last = event;
  };
  canvas.ondblclick = () => look(...view);
  canvas.onkeydown = (event) => {
    /** @type {Record<string, [number, number]>} */
    const ways = {
      ArrowLeft: [azimuth + 5, elevation],
      ArrowRight: [azimuth - 5, elevation],
      ArrowUp: [azimuth, elevation - 5],
      ArrowDown: [azimuth, elevation + 5],
      Home: view,
    };
    const to = ways[event.key];
    if (!to || event.altKey || event.metaKey) return;
    event.preventDefault();
    look(...to);
  };

  canvas.className = "surface";
  canvas.title = say("拖动或用方向键转动，双击或按 Home 键复位",
    "Drag or use arrow keys to turn; double-click or Home resets");
  canvas.role = "application";
  canvas.ariaLabel = `${svg.ariaLabel} ${canvas.title}`;
  canvas.tabIndex = 0;
  svg.before(canvas);
  new ResizeObserver(renew).observe(canvas);
  new IntersectionObserver((seen) => {
    inView = seen.at(-1)?.isIntersecting ?? false;
    renew();
  }).observe(canvas);
  whenThemeChanges(renew);
});
