// What the book's scripts share. Each puts what it offers under `book`, their one global name, and
// touches the page only when it is called: so what needs no page is tested without one.

const book = {};

/**
 * @typedef {Float64Array | number[]} Numbers
 * @typedef {[number, number]} Interval
 * @typedef {object} Objective one of gdcore, with what its formulas give
 * @property {string} title
 * @property {number} dim 1 or 2
 * @property {Interval[]} limits
 * @property {number[]} levels of its contours, rising
 * @property {number[]} start
 * @property {Record<string, number>} rates the learning rate to begin with, by optimizer
 * @property {number[][]} minimizers
 * @property {([number, number] | null)[]} curvatures the least and the greatest at each minimizer
 * @property {number} minimum
 * @property {(x: number, y: number, out: Numbers) => void} run
 * @property {number} [near] how near a minimizer a run has arrived; 0.1, where it is not said
 * @property {number} [unit] of f in the charts, where nobody knows how low it goes
 * @property {number} [size] how many operations it takes, where they are not the browser's own
 * @property {string} [code] where it is the reader's own, in Python; and `python`, with its gradient
 * @property {string} [python]
 * @property {string} [glsl] the same in GLSL, for scripts that ask for it
 * @property {(x: number) => number} [hess] the second derivative, for a script that uses hess
 * @typedef {object} Optimizer one of gdcore
 * @property {Record<string, number>} parameters the learning rate first
 * @property {(x: number, y: number) => number[]} start
 * @property {boolean} roots whether it divides by roots, which then stand behind the step
 * @property {(gradient: Numbers, state: Numbers, parameters: Numbers, out: Numbers, x: number,
 *   y: number) => void} step
 * @property {string} [glsl]
 * @typedef {object} Gdcore
 * @property {Record<string, Objective>} OBJECTIVES
 * @property {Record<string, Optimizer>} OPTIMIZERS
 * @property {Record<string, [string, string]>} METHOD_LOOKS color and dash
 * @property {string[]} BASIN_COLORS
 */

/**
 * What gdcore brings, written by the build, to a page with an explorer.
 * @type {Gdcore}
 */
book.gdcore = { OBJECTIVES: {}, OPTIMIZERS: {}, METHOD_LOOKS: {}, BASIN_COLORS: [] };

/**
 * MicroPython, once a page has asked for it: its engine, and the script that starts it.
 * @type {{ wasm: string, engine: string }}
 */
book.micropython = { wasm: "", engine: "" };

book.page = (() => {
  /**
   * The one of two texts that is in the page's language.
   * @param {string} zh
   * @param {string} en
   */
  const say = (zh, en) => (document.documentElement.lang.startsWith("zh") ? zh : en);

  /**
   * Keep what the reader chose, on this device alone; where storage is refused, nothing is kept.
   * @param {string} key
   * @param {string} value
   */
  const remember = (key, value) => {
    try { localStorage.setItem(key, value); } catch { /* a private window, say */ }
  };
  /** @param {string} key */
  const remembered = (key) => {
    try { return localStorage.getItem(key); } catch { return null; }
  };

  /** The numbers of a point, or the heights of a line, in a text. @param {string | null} [text] */
  const numbersIn = (text) => (text?.match(/[-−]?\d[\d.]*(?:e[-+]?\d+)?/g) ?? []).map((number) => Number(number.replace("−", "-")));

  /** A number as people write it: 0.36, 0,36, ０．３６, −2, 3e-4; not 1,000, which is one or a thousand. @param {string} text */
  const numberIn = (text) => {
    const plain = text.normalize("NFKC").trim().replace(/^[−–]/, "-");
    return !plain || /^-?[1-9]\d{0,2},\d{3}$/.test(plain) ? NaN : Number(plain.replace(/[,。]/, "."));
  };

  /** Whether the reader wants no motion: `matches`, and "change" events. */
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)");

  /** Call when the page has become light or dark. @param {() => void} act */
  const whenThemeChanges = (act) => new MutationObserver(act)
    .observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

  /**
   * The color that a text, such as `var(--figure-ink)`, stands for at an element.
   * @param {string} css
   * @param {HTMLElement} element which may take it
   */
  const colorOf = (css, element) => {
    element.style.color = css;
    return getComputedStyle(element).color;
  };

  /**
   * The elements of a kind that a selector finds.
   * @template {Element} Kind
   * @param {string} selector
   * @param {new () => Kind} kind
   */
  const all = (selector, kind) =>
    /** @type {Kind[]} */ ([...document.querySelectorAll(selector)].filter((element) => element instanceof kind));

  /**
   * A new element within another, with these properties.
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {{ [P in keyof HTMLElementTagNameMap[Tag]]?:
   *   HTMLElementTagNameMap[Tag][P] extends string ? string | number : HTMLElementTagNameMap[Tag][P] }} properties
   * @param {ParentNode | null} [parent]
   */
  const html = (tag, properties = {}, parent) => {
    const element = Object.assign(document.createElement(tag), properties);
    parent?.append(element);
    return /** @type {HTMLElementTagNameMap[Tag]} */ (element);
  };
  /**
   * A new element of a drawing within another, with these attributes.
   * @template {keyof SVGElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Record<string, string | number>} attributes
   * @param {Element} [parent]
   */
  const svg = (tag, attributes = {}, parent) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    parent?.append(element);
    return element;
  };

  /** Returns a function that asks for one drawing on the next frame. @param {() => void} draw */
  const onceAFrame = (draw) => {
    let asked = 0;
    return () => {
      asked ||= requestAnimationFrame(() => {
        asked = 0;
        draw();
      });
    };
  };
  /**
   * Go on, twelve times a second at speed 1, until `go` returns false. It is told how many turns are
   * due, none on some frames of a fast screen.
   * @param {(due: number) => boolean} go
   * @param {() => number} speed
   */
  const inMotion = (go, speed = () => 1) => {
    let then = performance.now();
    /** @param {number} time */
    const advance = (time) => {
      const each = 1000 / 12 / speed();
      const due = Math.max(0, Math.floor((time - then) / each));
      then += due * each;
      if (go(due)) requestAnimationFrame(advance);
    };
    requestAnimationFrame(advance);
  };

  /**
   * Change something and leave what the reader looks at, the first piece that ends below the header,
   * where it is in the window.
   * @param {() => void} change
   */
  const keepPlace = (change, among = ".lang:not(.twin) > *, .cell, section > :not(section, .pair)") => {
    const piece = [...document.querySelectorAll(among)].find((p) => p.getBoundingClientRect().bottom > 80);
    const before = piece?.getBoundingClientRect().top ?? 0;
    change();
    if (piece) window.scrollBy(0, piece.getBoundingClientRect().top - before);
  };

  /** What waits for a reader to come near. @type {Map<Element, () => void>} */
  const waiting = new Map();
  /** @param {Iterable<Element>} elements */
  const begin = (elements) => {
    for (const one of elements) {
      const start = waiting.get(one);
      waiting.delete(one);
      start?.();
    }
  };
  /**
   * Set up what has fields as a reader nears it, on a phone, or does more there than scroll; elsewhere
   * at once. A browser, to fill in forms, lays out whole sections for a field when the page has loaded.
   * @param {Element} element
   * @param {() => void} act
   */
  const nearing = (element, act) => {
    const phone = matchMedia("(pointer: coarse)").matches && document.documentElement.matches(".from-the-top");
    if (!phone) return act();
    if (!waiting.size) for (const event of ["click", "keydown", "hashchange"]) {
      addEventListener(event, () => begin([...waiting.keys()]), { capture: true, once: true });
    }
    waiting.set(element, act);
    new IntersectionObserver((seen, watch) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      begin([element]);
    }, { rootMargin: "150%" }).observe(element);
  };

  /** @type {Promise<void> | undefined} */
  let asked;
  /**
   * Run Python as python.js does, which a page does not have before. Returns how to stop it.
   * @param {string} before
   * @param {string} code
   * @param {Parameters<typeof book.python.run>[2]} tell
   * @param {string} [after]
   */
  const python = (before, code, tell, after) => {
    let stop = () => {
      stop = () => {};
      tell({ stopped: say("已停止", "Stopped") });
    };
    const waiting = stop;
    asked ??= new Promise((resolve, reject) => {
      const [{ src }] = all("script[src*='js/python.']", HTMLScriptElement);
      Object.assign(html("script", { src }, document.head), { onload: () => resolve(), onerror: reject });
    });
    asked.then(() => {
      if (stop === waiting) stop = book.python.run(before, code, tell, after);
    }, () => {
      asked = undefined; // and may be asked again
      tell({ stopped: say("没有取到 Python，请再试一次", "Python could not be fetched: try again") });
    });
    return () => stop();
  };

  return { say, remember, remembered, numberIn, numbersIn, calm, whenThemeChanges, colorOf, all, html, svg, onceAFrame, inMotion, keepPlace, nearing, python };
})();
