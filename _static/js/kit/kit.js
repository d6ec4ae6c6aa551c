// What the instruments are made of: a state with bounds that stands in the address, plots that are
// drawn anew on every frame that needs it, handles, sliders, a player, and one voice.
//
// An instrument is a function that is given its tools, makes plots and controls of them once, and says
// with `draw` how everything looks for the state as it is. What is drawn is named; what a drawing does
// not name again goes.

/**
 * @typedef {object} Field a number of the state, or where there are `choices` one of these, or a text
 * @property {number | string} start
 * @property {number} [low]
 * @property {number} [high]
 * @property {boolean} [log] whether a slider goes by its logarithm
 * @property {boolean} [whole]
 * @property {number} [step] of a slider, and of an arrow key
 * @property {string[]} [choices]
 * @property {RegExp} [like] for a text: what it must look like
 * @typedef {Record<string, any>} Values numbers and choices by name
 * @typedef {object} Axes how a plot lies
 * @property {Interval} x
 * @property {Interval} y
 * @property {boolean} [logX]
 * @property {boolean} [logY]
 * @property {boolean} [equal] the same scale along both
 * @property {boolean} [bare] without ticks
 * @property {number} [room] at the right, in pixels, for what is drawn there: `free`, and the texts
 * @property {number[]} [ticksX] where they are, if not at round numbers
 * @property {number[]} [ticksY]
 * @property {string} [across] what goes across, written at its end
 * @property {string} [up] what goes up, written above
 * @typedef {object} Look
 * @property {string} [color] of the palette
 * @property {number} [width]
 * @property {string} [dash]
 * @property {number} [opacity]
 * @property {string} [fill] of the palette
 * @property {number} [r] of dots
 * @property {boolean} [free] not cut at the edge of the plot
 * @property {string} [anchor] of a text: start, middle, end
 * @property {number} [dx]
 * @property {number} [dy]
 * @property {string} [weight]
 * @property {boolean} [near] whether a text goes where around its point it crosses the least
 */

/**
 * Make each place of this name on the page alive.
 * @param {string} name
 * @param {(it: ReturnType<typeof book.kit>) => void} build
 */
book.instrument = (name, build) => book.page.all(`.instrument[data-name="${name}"]`, HTMLElement).forEach((root) => {
  const figure = document.getElementById(root.dataset.figure ?? "");
  book.page.nearing(figure ?? root, () => {
    const it = book.kit(root, figure?.id ?? "");
    book.page.keepPlace(() => {
      figure?.querySelector("figcaption")?.before(root);
      figure?.classList.add("live");
      build(it);
      it.begin();
    });
    it.arrive();
  });
});

/** @param {HTMLElement} root @param {string} id of its figure, which the address names; none, if nothing goes there */
book.kit = (root, id) => {
  const { say, html, svg, calm, onceAFrame, inMotion, remembered, colorOf, whenThemeChanges } = book.page;
  const { clamp, write, power } = book.numbers;

  /** @type {Record<string, Field>} */
  const fields = {};
  /** @type {Values} */
  const state = {};
  /** @type {(() => void)[]} */
  const shows = []; // what shows the state besides the drawing
  /** @type {(() => void)[]} */
  const lasts = []; // what goes by where all else is
  /** @type {{ clear: () => void, sweep: () => void }[]} */
  const plots = [];
  let drawing = () => {};
  let touched = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let keeping;

  const stage = html("div", { className: "instrument-stage" });
  const controls = html("div", { className: "instrument-controls" });
  const says = html("p", { className: "instrument-says" });
  const voice = html("output", { className: "instrument-voice", ariaLive: "polite" });
  root.prepend(stage, controls, says);
  root.append(voice);

  // State -----------------------------------------------------------------------------------------

  /** The value given for a field, held within its bounds; the one before, where it makes no sense. */
  const held = (/** @type {string} */ name, /** @type {unknown} */ given) => {
    const { choices, like, low = -Infinity, high = Infinity, whole } = fields[name];
    if (like) return like.test(String(given)) ? String(given) : state[name];
    if (choices) return choices.includes(String(given)) ? given : state[name];
    const number = typeof given === "string" && !given.trim() ? NaN : Number(given);
    if (Number.isNaN(number)) return state[name];
    const inside = clamp(number, low, high);
    return whole ? Math.round(inside) : inside;
  };
  const refresh = onceAFrame(() => draw());
  /** Change some of the state: it shows on the next frame, and in the address a while later. @param {Values} values */
  const set = (values) => {
    for (const [name, value] of Object.entries(values)) state[name] = held(name, value);
    touched = true;
    refresh();
    clearTimeout(keeping);
    keeping = setTimeout(() => {
      if (id) history.replaceState(null, "", `#${id}?${new URLSearchParams(written())}`);
      voice.textContent = says.textContent;
    }, 500);
  };
  const written = () => Object.fromEntries(Object.keys(fields).map((name) =>
    [name, typeof state[name] === "number" ? String(Number(state[name].toPrecision(6))) : state[name]]));
  const asked = () => {
    const [place, query = ""] = location.hash.slice(1).split("?");
    return place === id && query ? new URLSearchParams(query) : undefined;
  };
  const read = () => {
    const query = asked();
    for (const name of query ? Object.keys(fields) : []) state[name] = held(name, query?.get(name) ?? state[name]);
    return Boolean(query);
  };
  const fresh = () => { for (const name of Object.keys(fields)) state[name] = fields[name].start; };

  /** Name what the reader may set. Returns the state, to be read; `set` changes it. @param {Record<string, Field>} its */
  const has = (its) => {
    Object.assign(fields, its);
    for (const name of Object.keys(its)) state[name] = its[name].start;
    return state;
  };

  /**
   * Begin where the reader's guess at a question of this page lies, unless they have moved on already.
   * @param {string} name of the {predict}
   * @param {(guess: number) => void} act
   */
  const guessed = (name, act) => {
    const begin = () => {
      const guess = remembered(`predict-${name}`);
      const number = Number((guess || "NaN").replace(/^[−–]/, "-").replace(",", "."));
      if (!touched && Number.isFinite(number)) act(number);
    };
    addEventListener("guess", begin);
    starts.push(begin);
  };
  /** @type {(() => void)[]} */
  const starts = [];

  // Drawing ---------------------------------------------------------------------------------------

  const draw = () => {
    for (const one of plots) one.clear();
    drawing();
    for (const one of plots) one.sweep();
    for (const show of [...shows, ...lasts]) show();
  };
  /** @type {(() => void)[]} */
  const resets = [];
  /** Say how what an instrument remembers besides its state is forgotten. @param {() => void} forget */
  const whenReset = (forget) => resets.push(forget);
  /** Say how everything is drawn. @param {() => void} how */
  const drawn = (how) => { drawing = how; };
  /** What one would say of it, for eyes and ears. @param {string} text */
  const tell = (text) => { if (says.textContent !== text) says.textContent = text; };

  /**
   * A plot. Its drawing is in pixels of the page, so that letters have their size at any width.
   * @param {object} options
   * @param {string} options.label what one sees, for those who do not
   * @param {() => Axes} options.axes
   * @param {number} [options.ratio] of height to width, where the axes are not equal
   * @param {number} [options.most] how high at most, in pixels
   * @param {number} [options.share] of the width, beside other plots
   */
  const plot = ({ label, axes, ratio = 0.6, most = 460, share = 1 }) => {
    const box = html("div", { className: "instrument-plot" }, stage);
    box.style.flex = `${share} 1 ${share < 1 ? 16 : 20}rem`;
    const canvas = html("canvas", { hidden: true, ariaHidden: "true" }, box);
    const second = html("canvas", { hidden: true, ariaHidden: "true" }, box);
    const picture = svg("svg", { role: "group", "aria-label": label }, box);
    const frame = svg("g", { "aria-hidden": "true" }, picture);
    const clipping = `${id || root.parentElement?.id}-clip-${plots.length}`;
    const clip = svg("rect", {}, svg("clipPath", { id: clipping }, picture));
    const inside = svg("g", { "clip-path": `url(#${clipping})`, "aria-hidden": "true" }, picture);
    const over = svg("g", { "aria-hidden": "true" }, picture);
    const hands = svg("g", {}, picture);
    /** @type {Map<string, SVGElement>} */
    const parts = new Map();
    /** @type {Set<string>} */
    let named = new Set();
    /** @type {{ way: Spot[], width: number }[]} */
    let ways = []; // where lines go, which words keep clear of
    /** @type {(() => void)[]} */
    let nears = []; // what finds its place when all else stands
    lasts.push(() => nears.forEach((find) => find()));
    let [width, height] = [0, 0];
    let [left, top, right, bottom] = [0, 0, 0, 0];
    let its = axes();
    let framed = "";

    /** @param {number} v @param {boolean} [log] */
    const along = (v, log) => (log ? Math.log10(Math.max(v, 1e-300)) : v);
    /** Where a point lies. @param {number} x @param {number} y @returns {Spot} */
    const place = (x, y) => {
      const [[x0, x1], [y0, y1]] = [its.x.map((v) => along(v, its.logX)), its.y.map((v) => along(v, its.logY))];
      return [left + ((along(x, its.logX) - x0) / (x1 - x0)) * (right - left),
        bottom - ((along(y, its.logY) - y0) / (y1 - y0)) * (bottom - top)];
    };
    /** Which point lies there. @param {number} across @param {number} down @returns {[number, number]} */
    const back = (across, down) => {
      /** @param {number} t @param {Interval} interval @param {boolean} [log] */
      const at = (t, interval, log) => {
        const [low, high] = interval.map((v) => along(v, log));
        return log ? 10 ** (low + t * (high - low)) : low + t * (high - low);
      };
      return [at((across - left) / (right - left), its.x, its.logX), at((bottom - down) / (bottom - top), its.y, its.logY)];
    };

    // Round numbers within an interval, at most so many.
    /** @param {Interval} interval @param {boolean | undefined} log @param {number} many */
    const ticks = ([low, high], log, many) => {
      if (log) {
        const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
        const each = Math.ceil((last - first + 1) / many);
        return Array.from({ length: Math.floor((last - first) / each) + 1 }, (_, i) => 10 ** (first + i * each));
      }
      const rough = (high - low) / many;
      const unit = 10 ** Math.floor(Math.log10(rough));
      const each = [1, 2, 5, 10].map((m) => m * unit).find((m) => m >= rough) ?? rough;
      return Array.from({ length: Math.floor(high / each + 1e-9) - Math.ceil(low / each - 1e-9) + 1 },
        (_, i) => Number(((Math.ceil(low / each - 1e-9) + i) * each).toPrecision(12)));
    };
    /** Words that would be cut off at a side of the drawing move in. @param {SVGTextElement} words */
    const kept = (words) => {
      const { x, width: wide } = words.getBBox();
      const over = x - clamp(x, 0, width - wide);
      if (over) words.setAttribute("x", String(Number(words.getAttribute("x")) - over));
    };
    const layOut = () => {
      if (framed && !box.clientWidth) return; // on paper, or else out of sight
      its = axes();
      width = Math.max(box.clientWidth, 120);
      [left, top, right] = its.bare ? [1, 1, width - 1] : [46, its.up ? 26 : 10, Math.max(width - 12 - (its.room ?? 0), 47)];
      const foot = its.bare ? 1 : its.across ? 42 : 24;
      const tall = its.equal
        ? Math.min(((right - left) * (its.y[1] - its.y[0])) / (its.x[1] - its.x[0]) + top + foot, most) : Math.min(ratio * width, most);
      height = Math.round(tall);
      bottom = Math.max(height - foot, top + 1);
      if (its.equal) right = Math.min(right, left + ((bottom - top) * (its.x[1] - its.x[0])) / (its.y[1] - its.y[0]));
      const key = JSON.stringify([width, height, its]);
      if (key === framed) return;
      framed = key;
      picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
      for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) clip.setAttribute(name, String(value));
      for (const one of [canvas, second]) Object.assign(one.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
      frame.replaceChildren();
      svg("rect", { x: left, y: top, width: right - left, height: bottom - top, class: "edge" }, frame);
      if (its.bare) return;
      /** @param {number} v @param {boolean} [log] */
      const named = (v, log) => (log ? power(Math.round(Math.log10(v))) : write(v));
      for (const v of its.ticksX ?? ticks(its.x, its.logX, Math.max(2, Math.floor((right - left) / 70)))) {
        const [x] = place(v, its.y[0]);
        svg("path", { d: `M${x} ${bottom}v4`, class: "tick" }, frame);
        const words = svg("text", { x, y: bottom + 18, "text-anchor": "middle" }, frame);
        words.textContent = named(v, its.logX);
        kept(words);
      }
      for (const v of its.ticksY ?? ticks(its.y, its.logY, Math.max(2, Math.floor((bottom - top) / 44)))) {
        const [, y] = place(its.x[0], v);
        svg("path", { d: `M${left} ${y}h-4`, class: "tick" }, frame);
        svg("text", { x: left - 10, y: y + 4, "text-anchor": "end" }, frame).textContent = named(v, its.logY);
      }
      if (its.across) svg("text", { x: right, y: height - 4, "text-anchor": "end", class: "name" }, frame).textContent = its.across;
      if (its.up) svg("text", { x: 2, y: 14, class: "name" }, frame).textContent = its.up;
    };

    /** The element of this name, made where there is none, with these attributes: one of a kind on a plot. */
    const put = (/** @type {string} */ key, /** @type {"path" | "text" | "circle"} */ tag,
      /** @type {Record<string, string | number>} */ attributes, free = false) => {
      let part = parts.get(key);
      if (named.has(key) || (part && part.tagName !== tag)) throw new Error(`Two things on a plot are called "${key}": name each anew`);
      if (!part) parts.set(key, (part = svg(tag, {}, free ? over : inside)));
      named.add(key);
      for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, String(value));
      return part;
    };
    /** @param {string} [color] */
    const paint = (color) => (color ? `var(--figure-${color})` : "none");
    /** As near as SVG can write it. @param {number[]} point @returns {Spot} */
    const spot = ([x, y]) => {
      const [across, down] = place(x, y);
      return [clamp(Number.isNaN(across) ? 1e5 : across, -1e5, 1e5), clamp(Number.isNaN(down) ? 1e5 : down, -1e5, 1e5)];
    };
    /** A line through points. @param {string} key @param {number[][]} points @param {Look} look */
    const line = (key, points, { color = "ink", width = 1.6, dash = "", opacity = 1, fill, free } = {}) => {
      const way = points.map(spot);
      if (color !== "none") ways.push({ way, width });
      return put(key, "path", { d: book.geometry.line(way), fill: paint(fill), stroke: color === "none" ? "none" : paint(color),
        "stroke-width": width, "stroke-dasharray": dash, opacity, "fill-opacity": fill ? 0.18 : 1 }, free);
    };
    /** Dots at points. @param {string} key @param {number[][]} points @param {Look} look */
    const dots = (key, points, { color = "ink", r = 2.5, opacity = 1, free } = {}) =>
      put(key, "path", { d: points.map((p) => `M${book.geometry.said(spot(p))}h.01`).join(""), stroke: paint(color),
        "stroke-width": 2 * r, "stroke-linecap": "round", fill: "none", opacity }, free);
    /** An arrow from one point to another. @param {string} key @param {number[]} from @param {number[]} to @param {Look} look */
    const arrow = (key, from, to, { color = "ink", width = 1.8, free } = {}) => {
      const [a, b] = [spot(from), spot(to)];
      ways.push({ way: [a, b], width });
      return put(key, "path", { d: book.geometry.arrow(a, b[0] - a[0], b[1] - a[1]), fill: "none", stroke: paint(color), "stroke-width": width }, free);
    };
    /** A text at a point, within the drawing if the point is. @param {string} key @param {number[]} point @param {string} words @param {Look} look */
    const text = (key, point, words, { color = "ink", anchor = "start", dx = 6, dy = -6, weight = "400", near } = {}) => {
      const [x, y] = spot(point);
      const part = /** @type {SVGTextElement} */ (put(key, "text", { x: x + dx, y: y + dy, "text-anchor": anchor, style: `fill: ${paint(color)}; font-weight: ${weight}` }, true));
      if (part.textContent !== words) part.textContent = words;
      if (near) nears.push(() => beside(part, [x, y], [x, y]));
      else if (x === clamp(x, 0, width)) kept(part);
      return part;
    };

    /** Write words beside a spot where they are in view and cross the least. @param {SVGTextElement} words @param {number[]} spot @param {number[]} [from] where their own group has its origin */
    const beside = (words, [x, y], [u, v] = [0, 0]) => {
      const wide = words.getComputedTextLength();
      const page = picture.getBoundingClientRect();
      const taken = [...picture.querySelectorAll("text, .ring")].filter((one) => one !== words).map((one) => one.getBoundingClientRect());
      const cost = (/** @type {number[]} */ [dx, dy]) => {
        const [l, t] = [x + dx, y + dy - 12];
        const box = /** @type {Interval[]} */ ([[l, l + wide], [t, t + 16]]);
        return (l < 0 || l + wide > width || t < 0 || t + 16 > height ? 99 : 0)
          + (l < left || l + wide > right || t < top || t + 16 > bottom ? 0.5 : 0)
          + taken.map((one) => [one.x - page.x, one.y - page.y, one.width, one.height])
            .filter(([a, b, w, h]) => a < l + wide && a + w > l && b < t + 16 && b + h > t).length
          + ways.reduce((sum, { way, width }) => sum + (way.some((to, i) => i && book.geometry.visible(way[i - 1], to, box)) ? width : 0), 0);
      };
      const [dx, dy] = [[14, -12, 22, 4], [-8, -18, 28]].flatMap(([dx, ...rows]) => rows.flatMap((dy) => [[dx, dy], [-dx - wide, dy]]))
        .reduce((a, b) => (cost(b) < cost(a) ? b : a));
      words.setAttribute("x", String(u + dx));
      words.setAttribute("y", String(v + dy));
    };

    /**
     * Something to drag: by mouse, by finger, by arrow keys. With `field` it is a slider of it.
     * @param {object} options
     * @param {() => number[]} options.at its point
     * @param {(x: number, y: number) => void} options.drag
     * @param {string} options.label
     * @param {string} [options.field] what it sets, if that is one number
     * @param {(x: number, y: number, far: boolean) => void} [options.key] by -1, 0 or 1 along each axis
     * @param {() => string} [options.value] where it is, in words
     * @param {string} [options.color]
     * @param {boolean} [options.hint] whether it asks to be dragged, until it is
     * @param {boolean} [options.anywhere] whether a press anywhere on the plot moves it there
     */
    const handle = ({ at, drag, label, field, key, value, color = "ink", hint = false, anywhere = false }) => {
      const hand = svg("g", { class: "instrument-handle", tabindex: 0, role: field ? "slider" : "application", "aria-label": label }, hands);
      svg("circle", { r: 22, class: "reach" }, hand);
      svg("circle", { r: 8, class: "ring", style: `stroke: ${paint(color)}` }, hand);
      svg("circle", { r: 14, class: "focused" }, hand);
      const where = () => {
        const [x, y] = spot(at());
        return [clamp(x, left, right), clamp(y, top, bottom)];
      };
      const asks = hint ? svg("text", { class: "hint", "aria-hidden": "true" }, hand) : undefined;
      if (asks) {
        asks.textContent = say("拖我", "drag me");
        let stood = "";
        lasts.push(() => {
          const now = [...where(), framed].join();
          if (now !== stood && asks.isConnected) beside(asks, where());
          stood = now;
        });
      }
      /** @param {PointerEvent} event */
      const pulled = (event) => {
        const { x, y } = book.hands.spotIn(picture, event);
        drag(...back(clamp(x, left, right), clamp(y, top, bottom)));
        picture.querySelector(".hint")?.remove();
      };
      const from = anywhere ? picture : hand;
      if (anywhere) picture.classList.add("anywhere");
      from.addEventListener("pointerdown", (event) => {
        if (event.button || (anywhere && event.target instanceof Element && event.target.closest(".instrument-handle") &&
          !hand.contains(event.target))) return;
        event.preventDefault();
        hand.focus(/** @type {FocusOptions} */ ({ preventScroll: true, focusVisible: false }));
        from.setPointerCapture(event.pointerId);
        pulled(event);
      });
      from.addEventListener("pointermove", (event) => from.hasPointerCapture(event.pointerId) && pulled(event));
      book.hands.movable(hand, (x, y, far) => {
        if (key) key(x, y, far);
        else if (field) nudge(field, x || y, far);
        picture.querySelector(".hint")?.remove();
      });
      shows.push(() => {
        const [x, y] = where();
        hand.setAttribute("transform", `translate(${x} ${y})`);
        if (!field) return hand.setAttribute("aria-label", value ? `${label}: ${value()}` : label);
        const { low = 0, high = 1 } = fields[field];
        const now = { "aria-valuemin": low, "aria-valuemax": high, "aria-valuenow": state[field], "aria-valuetext": value?.() ?? write(state[field]) };
        for (const [name, v] of Object.entries(now)) hand.setAttribute(name, String(v));
      });
      return hand;
    };

    /** A canvas under the drawing, of its size: with its pen, and how many of its pixels are one of the page. @param {HTMLCanvasElement} its */
    const layer = (its) => {
      const ratio = Math.min(devicePixelRatio, 2);
      const [w, h] = [Math.round((right - left) * ratio), Math.round((bottom - top) * ratio)];
      if (its.width !== w || its.height !== h) Object.assign(its, { width: w, height: h });
      its.hidden = false;
      return { canvas: its, pen: its.getContext("2d"), ratio };
    };
    const clear = () => { named = new Set(); [ways, nears] = [[], []]; layOut(); };
    const sweep = () => {
      for (const [key, part] of parts) {
        if (named.has(key)) continue;
        part.remove();
        parts.delete(key);
      }
    };
    new ResizeObserver(() => box.clientWidth !== width && refresh()).observe(box);
    const made = { box, canvas, picture, place, back, put, line, dots, arrow, text, handle, clear, sweep,
      size: () => ({ left, top, right, bottom }),
      /** The ground, for what has many points, or a terrain; and a veil over it. */
      ground: () => layer(canvas),
      veil: () => layer(second),
      /** ground.js @param {string} key says which function it is @param {(x: number, y: number) => number} f */
      terrain: (key, f) => book.ground(made, `${key} ${framed}`, f),
      /** bowl.js @param {number} angle @param {number[]} curvatures */
      bowl: (angle, curvatures) => book.bowl(made, its, angle, curvatures) };
    plots.push(made);
    return made;
  };

  // Controls --------------------------------------------------------------------------------------

  /** A field, a key's worth further, without what rounding adds up to. @param {string} name @param {number} way @param {boolean} far */
  const nudge = (name, way, far) => {
    const { log, whole, low = 0, high = 1, step = whole ? 1 : (high - low) / 100 } = fields[name];
    set({ [name]: log ? state[name] * 10 ** (way * (far ? 0.2 : 0.02)) : Number((state[name] + way * step * (far ? 10 : 1)).toPrecision(12)) });
  };
  /**
   * A slider of a field. Returns the element.
   * @param {string} name
   * @param {string} letter what stands before it
   * @param {string} label its whole name
   * @param {(value: number) => string} [words]
   */
  const slider = (name, letter, label, words = (value) => write(value, 3)) => {
    const { log } = fields[name];
    const row = html("label", { className: "instrument-slider" }, controls);
    html("span", { textContent: letter, ariaHidden: "true" }, row);
    const input = html("input", { type: "range", ariaLabel: label }, row);
    const value = html("output", { ariaHidden: "true" }, row);
    input.oninput = () => set({ [name]: log ? Number((10 ** input.valueAsNumber).toPrecision(3)) : input.valueAsNumber });
    shows.push(() => { // its bounds may depend on the state
      const { whole, low = 0, high = 1, step = whole ? 1 : (high - low) / 500 } = fields[name];
      const [first, last] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
      Object.assign(input, { min: first, max: last, step: log ? (last - first) / 500 : step });
      input.value = String(log ? Math.log10(state[name]) : state[name]);
      input.ariaValueText = value.textContent = words(state[name]);
    });
    return input;
  };
  /**
   * One of several, as chips.
   * @param {string} name of the field
   * @param {string} label
   * @param {[string, string, string?][]} choices each with its words, and the color it has in the plot
   */
  const choice = (name, label, choices) => {
    const group = html("fieldset", { className: "instrument-choice" }, controls);
    html("legend", { textContent: label }, group);
    for (const [value, words, color] of choices) {
      const chip = html("label", {}, group);
      if (color) chip.style.setProperty("--chip", `var(--figure-${color})`);
      const input = html("input", { type: "radio", name: `${id}-${name}`, value }, chip);
      chip.append(words);
      input.onchange = () => set({ [name]: value });
      shows.push(() => { input.checked = state[name] === value; });
    }
  };
  /** @param {string} words @param {() => void} act */
  const button = (words, act) => {
    const made = html("button", { type: "button", textContent: words }, controls);
    made.onclick = act;
    return made;
  };
  /**
   * Play, step by step, the whole field `name` up to its last.
   * @param {string} name
   * @param {() => number} last
   * @param {(k: number) => number} [pace] how many steps a turn takes there
   * @param {number} [speed] of its turns; at 1 they are twelve a second
   */
  const player = (name, last, pace = () => 1, speed = 1) => {
    const bar = html("div", { className: "player", role: "group", ariaLabel: say("步数", "Steps") }, controls);
    const play = html("button", { type: "button", className: "play" }, bar);
    const by = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {number} */ way) =>
      (html("button", { type: "button", textContent: sign, ariaLabel: label }, bar).onclick = () => go(Math.min(state[name], last()) + way));
    by("←", say("后退一步", "Step back"), -1);
    by("→", say("前进一步", "Step forward"), 1);
    const scrub = html("input", { type: "range", min: 0, ariaLabel: say("步数", "Step") }, bar);
    const count = html("span", {}, bar);
    let playing = false;
    const go = (/** @type {number} */ k) => { playing = false; set({ [name]: clamp(k, 0, last()) }); };
    scrub.oninput = () => go(scrub.valueAsNumber);
    play.onclick = () => {
      playing = !playing;
      if (playing && state[name] >= last()) set({ [name]: 0 });
      refresh();
      if (playing) inMotion((due) => {
        if (playing && due) set({ [name]: Math.min(state[name] + due * pace(state[name]), last()) });
        if (state[name] >= last()) playing = false;
        if (!playing) refresh();
        return playing;
      }, () => speed);
    };
    shows.push(() => {
      scrub.max = String(last());
      scrub.value = String(state[name]);
      scrub.ariaValueText = say(`第 ${state[name]} 步`, `step ${state[name]}`);
      count.textContent = `${Math.min(state[name], last())} / ${last()}`;
      play.textContent = playing ? say("暂停", "Pause") : say("播放", "Play");
      play.hidden = calm().matches;
    });
  };

  /**
   * Do long work a few milliseconds at a time, between frames; a new call ends the one before.
   * @param {Iterator<unknown>} work
   * @param {(done: boolean) => void} shown after each slice
   */
  const slices = (work, shown) => {
    clearTimeout(working);
    root.classList.add("working");
    const go = () => {
      const until = performance.now() + 8;
      let done;
      do done = work.next().done; while (!done && performance.now() < until);
      if (done) root.classList.remove("working");
      shown(Boolean(done));
      if (!done) working = setTimeout(go);
    };
    working = setTimeout(go);
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let working;

  const begin = () => {
    const back = html("button", { type: "button", className: "instrument-reset", textContent: say("复位", "Reset") }, controls);
    back.onclick = () => {
      fresh();
      for (const forget of resets) forget();
      set({});
    };
    if (!read()) for (const start of starts) start();
    touched = Boolean(asked());
    draw();
    addEventListener("hashchange", () => read() && draw());
    whenThemeChanges(refresh);
  };
  /** Show it to who came by an address that asks for it; who comes back is where they were. */
  const arrive = () => {
    const [arrival] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    if (asked() && arrival.type === "navigate") root.scrollIntoView({ block: "center" });
  };

  return { root, say, write, clamp, /** What cells of the chapter glued for it. */
    values: /** @type {Record<string, any>} */ (JSON.parse(root.dataset.values ?? "{}")),
    /** A color of the palette as a canvas takes it. @param {string} name */
    color: (name) => colorOf(`var(--figure-${name})`, voice),
    state, has, set, guessed, whenReset, draw: drawn, refresh, tell, plot, slider, choice, button, player, slices, controls, begin, arrive };
};
