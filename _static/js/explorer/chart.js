// A small chart, upwards the logarithm of a number; what is drawn in it is the caller's. A unit of it is
// a pixel of the page, so that letters and lines have their sizes wherever it stands.

book.chart = (() => {
  const { svg } = book.page;
  const { clamp, power } = book.numbers;

  /** @param {SVGSVGElement} picture */
  const make = (picture) => {
    const grid = svg("g", { "aria-hidden": "true" }, picture);
    const content = svg("g", {}, picture);
    const lit = svg("path", { class: "explorer-lit" }, picture);
    const cursor = svg("path", { class: "cursor" }, picture);
    const knob = svg("circle", { class: "explorer-knob" }, picture);
    let [width, height, em] = [300, 130, 14];
    let [first, last] = [0, 1];
    let [low, high] = [0, 1];
    /** @param {number} u */
    const across = (u) => 3.4 * em + ((u - first) / (last - first)) * (width - 4.1 * em);
    /** @param {number} v */
    const up = (v) => height - 1.6 * em - ((clamp(v, low, high) - low) / (high - low)) * (height - 3.2 * em);

    /**
     * Begin anew, with axes for these powers of ten.
     * @param {Interval} powers
     * @param {Interval} range of what goes across
     * @param {[number, string][]} ticks
     * @param {string} title above it
     * @param {(v: number) => string} name of a height
     */
    const begin = (powers, range, ticks, title, name = power) => {
      if (picture.clientWidth) ({ clientWidth: width, clientHeight: height } = picture); // else it waits behind its tab
      em = parseFloat(getComputedStyle(picture).fontSize);
      picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
      [first, last] = range;
      low = Math.floor(powers[0]);
      high = Math.max(low + 1, Math.ceil(powers[1]));
      grid.replaceChildren();
      content.replaceChildren();
      /** @param {string} text @param {number} x @param {number} y @param {string} anchor */
      const label = (text, x, y, anchor) =>
        Object.assign(svg("text", { x, y, "text-anchor": anchor }, grid), { textContent: text });
      const rows = Math.max(2, Math.floor(height / (2.6 * em)));
      for (let v = low; v <= high; v += Math.ceil((high - low) / rows)) {
        svg("path", { d: `M${across(first)} ${up(v)}H${across(last)}`, class: "grid" }, grid);
        label(name(v), across(first) - em, up(v) + em / 3, "end");
      }
      ticks.forEach(([u, text], i) => label(text, across(u), height - em / 4, i && i === ticks.length - 1 ? "end" : "middle"));
      label(title, 0, 0.9 * em, "start").classList.add("title");
    };
    /** Where the pointer is. @param {MouseEvent} event */
    const along = (event) => {
      const { x } = book.hands.spotIn(picture, event);
      return (x - across(0)) / (across(1) - across(0));
    };
    /** @param {number} u */
    const point = (u) => {
      cursor.setAttribute("d", `M${across(u)} ${up(high) - em / 3}V${up(low)}`);
      for (const [name, value] of Object.entries({ cx: across(u), cy: up(low), r: 0.55 * em })) knob.setAttribute(name, String(value));
    };
    /** A step that is looked at, in all views. @param {number} [u] */
    const light = (u) => lit.setAttribute("d", u === undefined ? "" : `M${across(u)} ${up(high)}V${up(low)}`);
    /** How many pixels go across. */
    const columns = () => Math.max(1, Math.round(across(last) - across(first)));
    return { picture, content, across, up, begin, point, light, along, columns };
  };

  return { make };
})();
