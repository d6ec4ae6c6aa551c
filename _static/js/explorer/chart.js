// A small chart, upwards the logarithm of a number; what is drawn in it is the caller's.

book.chart = (() => {
  const { html, svg } = book.page;
  const { clamp, power } = book.numbers;

  /** @param {string} title @param {Element} parent */
  const make = (title, parent) => {
    const box = html("div", { className: "explorer-chart" }, parent);
    const head = html("p", {}, box);
    const picture = svg("svg", { viewBox: "0 0 300 130", role: "img" }, box);
    picture.style.cursor = "crosshair";
    /** @type {SVGPathElement | undefined} */
    let cursor;
    let [first, last] = [0, 1];
    /** @param {number} u */
    const across = (u) => 40 + ((u - first) / (last - first)) * 252;

    /**
     * Begin anew, with axes for these powers of ten, of which those above `top` lie at the upper edge.
     * Returns how far down a power lies.
     * @param {number[]} values
     * @param {number} top
     * @param {Interval} range of what goes across
     * @param {[number, string][]} ticks
     */
    const begin = (values, top, range, ticks) => {
      picture.replaceChildren();
      [first, last] = range;
      const finite = values.filter(Number.isFinite).map((v) => Math.min(v, top));
      let [low, high] = finite.length ? [Math.floor(Math.min(...finite)), Math.ceil(Math.max(...finite))] : [0, 1];
      if (low === high) high += 1;
      /** @param {number} v */
      const up = (v) => 108 - ((clamp(v, low, high) - low) / (high - low)) * 100;
      /** @param {string} text @param {number} x @param {number} y @param {string} anchor */
      const label = (text, x, y, anchor) =>
        (svg("text", { x, y, "text-anchor": anchor }, picture).textContent = text);
      for (let v = low; v <= high; v += Math.ceil((high - low) / 4)) {
        svg("path", { d: `M40 ${up(v)}H292`, class: "grid" }, picture);
        label(power(v), 36, up(v) + 4, "end");
      }
      for (const [u, text] of ticks) label(text, across(u), 124, "middle");
      return up;
    };
    /** The words above it, which are also its name; `name` may say more. @param {string} text */
    const say = (text, name = text) => {
      head.textContent = text;
      picture.setAttribute("aria-label", name);
    };
    /** @param {number} u */
    const point = (u) => {
      if (!cursor?.isConnected) cursor = svg("path", { class: "cursor" }, picture);
      cursor.setAttribute("d", `M${across(u)} 8V108`);
    };
    /** Where the pointer is. @param {MouseEvent} event */
    const along = (event) => {
      const { x } = book.hands.spotIn(picture, event);
      return (x - across(0)) / (across(1) - across(0));
    };
    return { title, picture, across, begin, say, point, along };
  };

  return { make };
})();
