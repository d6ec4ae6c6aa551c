// Sets the moving pictures of draw.animate in motion, with controls in the <div class="player">
// that stands empty below each. Only the computed frames are shown, none in between.
{
  const { say, all, html, inMotion } = book.page;
  const calm = book.page.calm();

  // Each row is written as its difference from the row before, with nothing for a zero.
  /** @param {string} text */
  const decode = (text) => {
    /** @type {number[]} */
    let row = [];
    /** @param {string} by @param {number} i */
    const sum = (by, i) => (row[i] || 0) + Number(by);
    return text.split(";").map((line) => (row = line.split(",").map(sum)));
  };

  // A path's data: a mark at each point or, without a mark, a line through all of them.
  /** @param {number[]} row */
  const outline = (row, mark = "") => {
    let d = "";
    for (let i = 0; i < row.length; i += 2) {
      d += (mark || !i ? "M" : "L") + row[i] + " " + row[i + 1] + mark;
    }
    return d;
  };

  // What shows one moving part at a given frame.
  /** @param {HTMLElement | SVGElement} part @param {string[]} steps @returns {(frame: number) => void} */
  const painter = (part, steps) => {
    const { values, rows, trail } = part.dataset;
    if (values) {
      const texts = values.split(",");
      return (frame) => (part.textContent = texts[frame]);
    }
    const all = decode(rows || trail || "");
    return (frame) => {
      const row = rows ? all[frame] : all.slice(0, Number(steps[frame]) + 1).flat();
      for (const path of part.querySelectorAll("path")) path.setAttribute("d", outline(row, path.dataset.mark));
    };
  };

  /** @param {SVGSVGElement[]} pictures the wide one and the narrow one @param {HTMLElement} bar */
  const setUp = (pictures, bar) => {
    const parts = pictures.flatMap((picture) =>
      /** @type {SVGElement[]} */ ([...picture.querySelectorAll("[data-rows], [data-trail], [data-values]")]));
    const steps = parts[0].closest("[data-steps]")?.getAttribute("data-steps")?.split(",") ?? [];
    const last = steps.length - 1;
    const painters = parts.map((part) => painter(part, steps));

    const play = html("button", { className: "play", textContent: say("播放", "Play") }, bar);
    const back = html("button", { textContent: "←", ariaLabel: say("后退一步", "Step back") }, bar);
    const forth = html("button", { textContent: "→", ariaLabel: say("前进一步", "Step forward") }, bar);
    const scrub = html("input", { type: "range", max: last, ariaLabel: say("步数", "Step") }, bar);
    const speed = html("select", { ariaLabel: say("速度", "Speed") });
    for (const times of [0.5, 1, 2, 4]) html("option", { value: times, text: times + "×" }, speed);
    speed.value = "1";
    const still = html("span", {
      hidden: true,
      textContent: say("系统要求减少动态效果，请逐步查看", "Your system reduces motion: go step by step"),
    }, bar);
    const told = html("output", { ariaLive: "polite" }, bar);
    Object.assign(bar, { role: "group", ariaLabel: say("动画", "Animation") });

    let now = 0;
    let before = 0;
    let playing = false;

    /** @param {number} frame */
    const show = (frame) => {
      now = Math.max(0, Math.min(last, frame));
      painters.forEach((paint) => paint(now));
      scrub.value = String(now);
    };
    // Stand still at a frame, and tell those who listen which it is.
    /** @param {number} frame */
    const rest = (frame) => {
      playing = false;
      pictures.forEach((picture) => picture.classList.remove("playing"));
      play.textContent = say("播放", "Play");
      show(frame);
      const value = pictures[0].querySelector(".value");
      told.textContent = say(`第 ${steps[now]} 步`, `Step ${steps[now]}`);
      if (value) told.textContent += say("，", ", ") + value.textContent;
      scrub.ariaValueText = told.textContent;
    };
    const toggle = () => {
      if (playing) return rest(now);
      if (calm.matches) return;
      show(now === last ? 0 : now);
      playing = true;
      pictures.forEach((picture) => picture.classList.add("playing"));
      play.textContent = say("暂停", "Pause");
      told.textContent = "";
      inMotion((due) => {
        if (playing && inView.size && due) show(now + due);
        if (playing && now === last) rest(last);
        return playing;
      }, () => Number(speed.value));
    };
    // At first, and whenever the reader's wish changes: the start, or all of it at once.
    const settle = () => {
      play.hidden = speed.hidden = calm.matches;
      still.hidden = !calm.matches;
      rest(calm.matches ? last : 0);
    };

    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => rest(now - 1),
      ArrowRight: () => rest(now + 1),
      Home: () => rest(0),
      End: () => rest(last),
    };
    bar.onkeydown = (event) => {
      // A button takes the space bar for itself, and the choice of speed takes every key.
      const act = event.key === " " && event.target === scrub ? toggle : keys[event.key];
      if (!act || event.target === speed || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      act();
    };
    play.onclick = toggle;
    back.onclick = keys.ArrowLeft;
    forth.onclick = keys.ArrowRight;
    scrub.oninput = () => rest(Number(scrub.value));
    /** @type {Set<Element>} */
    const inView = new Set();
    const watch = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) inView[isIntersecting ? "add" : "delete"](target);
    });
    for (const picture of pictures) {
      watch.observe(picture);
      picture.onclick = () => {
        scrub.focus({ preventScroll: true }); // from here on the keys are the player's
        toggle();
      };
    }
    document.addEventListener("visibilitychange", () => document.hidden && playing && rest(now));
    calm.addEventListener("change", settle);
    addEventListener("beforeprint", () => {
      before = now;
      rest(last);
    });
    addEventListener("afterprint", () => rest(before));
    // A page opens sooner when only the pictures near its window get ready.
    const approach = new IntersectionObserver((seen) => {
      if (!seen.at(-1)?.isIntersecting) return;
      approach.disconnect();
      still.before(speed); // for a menu the browser lays out all that is around it
      if (!playing) settle();
    }, { rootMargin: "100%" });
    approach.observe(bar);
  };
  // One after another, so that the reader's own taps come in between.
  const bars = all("svg + .player", HTMLElement);
  const next = () => {
    const bar = bars.shift();
    if (!bar) return;
    const last = /** @type {SVGSVGElement} */ (bar.previousElementSibling);
    const wide = last.matches(".narrow") && /** @type {SVGSVGElement} */ (last.previousElementSibling);
    setUp(wide ? [wide, last] : [last], bar);
    setTimeout(next);
  };
  next();
}
