// Cells that run in the page. A reader may change the code; what they typed is kept on this machine.

{
  const { say, html, svg, all } = book.page;
  const { color, field, typed, keep, keys } = book.editor;

  const POINTS = 5000; // of a path that are drawn

  /**
   * Draw points into a figure of the page, or a panel of it, in place of what was drawn there before;
   * without points, that only goes. Returns of each whether it lies outside.
   * @param {string} figure
   * @param {number[][]} points
   */
  const draw = (figure, points) => {
    const [id, panel = "1"] = figure.split("/");
    /** @type {boolean[]} */
    let outside = [];
    for (const drawing of all(`#${id} svg[data-axes]`, SVGSVGElement)) {
      drawing.querySelector(`:scope > .run-path[data-panel="${panel}"]`)?.remove();
      const [left, top, width, height, x0, x1, y0, y1] = JSON.parse(drawing.dataset.axes ?? "[]")[Number(panel) - 1];
      const spots = points.map(([x, y]) => [width * (x - x0) / (x1 - x0), height * (y1 - y) / (y1 - y0)]);
      outside = spots.map(([across, down]) => !(across >= 0 && across <= width && down >= 0 && down <= height));
      /** What is far outside stays there. @param {number} c */
      const said = (c) => Math.max(-1e5, Math.min(1e5, c)).toFixed(2);
      const known = spots.filter((spot) => !spot.some(Number.isNaN)).map((spot) => spot.map(said).join(" "));
      if (!known.length) continue;
      const panes = { x: left, y: top, width, height, class: "run-path", "data-panel": panel };
      const pane = svg("svg", panes, drawing);
      svg("path", { d: `M${known.join("L")}`, class: "run-line" }, pane);
      svg("path", { d: known.map((spot) => `M${spot}h0`).join(""), class: "run-dots" }, pane);
    }
    return outside;
  };

  /** The cells that run, by their numbers. @type {{ code: () => string, mine: () => boolean }[]} */
  const cells = [];
  all(".run", HTMLElement).forEach((place) => {
    const cell = place.closest(".cell");
    const pre = place.parentElement?.querySelector("pre");
    if (!cell || !pre) return;
    const number = Number(place.dataset.number);
    /** @type {(string | number)[]} */
    const before = JSON.parse(place.dataset.before ?? "[]");
    /** What a run draws, by figure. @type {Record<string, string>} */
    const draws = JSON.parse(place.dataset.draws ?? "{}");
    const figures = Object.keys(draws);
    const after = Object.values(draws).map((points) => `for x, y in ${points}: print(float(x), float(y), end=" ")\nprint()`).join("\n");
    const original = (pre.textContent ?? "").replace(/\n$/, "");
    const colored = [...pre.childNodes];
    const key = `code-${location.pathname.split("/").at(-1)}-${number}`;
    let code = typed(key, original);

    const start = html("button", { type: "button", className: "run-start" }, place);
    const edit = html("button", { type: "button", textContent: say("修改", "Change"), ariaExpanded: "false" }, place);
    const reset = html("button", { type: "button", textContent: say("恢复", "Restore") }, place);
    const told = html("output", { ariaLive: "polite" }, place);
    const printed = html("pre", { className: "run-output", hidden: true, tabIndex: 0, ariaLabel: say("你的输出", "Your output") });
    const drawn = html("a", { className: "run-drawn", hidden: true, href: `#${figures[0]?.split("/")[0]}` }, place);
    place.after(printed);
    const shown = cell.querySelector(".cell_output");
    const books = html("p", { className: "run-books", hidden: true, textContent: say("书里的输出：", "The book’s output:") });
    shown?.prepend(books);
    const built = [...(shown?.querySelectorAll(".output pre") ?? [])].map(({ textContent }) => textContent).join("");
    /** The field, from the first change on. @type {HTMLTextAreaElement | undefined} */
    let area;

    /** @type {(() => void) | undefined} */
    let stop;
    const mine = () => code !== original;
    const changedAbove = () => before.some((piece) => typeof piece === "number" && cells[piece]?.mine());
    const show = () => {
      start.textContent = stop ? say("停止", "Stop") : say("运行", "Run");
      reset.hidden = !mine();
      if (area && area.value !== code) area.value = code;
      if (mine()) color(pre, `${code}\n`);
      else pre.replaceChildren(...colored);
      cell.classList.toggle("run-changed", mine());
    };
    const leave = () => {
      pre.ariaHidden = null;
      if (area) area.hidden = true;
      edit.ariaExpanded = "false";
    };
    const notYet = () => (told.textContent = mine() ? say("改过，还没有运行", "Changed, not run yet") : "");

    drawn.dataset.panels = figures.join();
    /** No path, no slider, and no word of one, also of another cell that draws there. */
    const wipe = () => {
      figures.forEach((figure) => draw(figure, []));
      for (const one of all(".run-steps, .run-drawn", HTMLElement)) {
        if (!one.dataset.panels?.split(",").some((panel) => figures.includes(panel))) continue;
        if (one.matches(".run-drawn")) one.hidden = true;
        else one.remove();
      }
    };
    /**
     * Below each figure a slider, which goes along the reader's path step by step.
     * @param {Record<string, number[][]>} paths
     */
    const stepThrough = (paths) => [...new Set(figures.map((figure) => figure.split("/")[0]))].forEach((id) => {
      const panels = figures.filter((figure) => figure.split("/")[0] === id);
      const last = Math.max(...panels.map((panel) => paths[panel].length)) - 1;
      const label = html("label", { className: "run-steps" });
      label.dataset.panels = panels.join();
      html("span", { textContent: say("你的路径", "Your path") }, label);
      const slider = html("input", { type: "range", max: last, value: last }, label);
      const at = html("output", {}, label);
      slider.oninput = () => {
        const k = slider.valueAsNumber;
        const outside = panels.map((panel) => draw(panel, paths[panel].slice(0, k + 1))[k]);
        at.textContent = slider.ariaValueText = say(`第 ${k} 步`, `Step ${k}`) + (!outside.includes(false) ? say("，在图外", ", outside") : "");
      };
      slider.oninput(new Event("input"));
      document.getElementById(id)?.querySelector("figcaption")?.before(label);
    });
    /** Draw the path of each figure. @param {string} result a line for each, numbers in pairs */
    const showPaths = (result) => {
      const lines = result.split("\n");
      let [count, outside, most] = [0, 0, 0];
      /** @type {Record<string, number[][]>} */
      const paths = {};
      figures.forEach((figure, i) => {
        const numbers = lines[i].split(" ").filter(Boolean).map(Number);
        most = Math.max(most, numbers.length / 2);
        const points = numbers.flatMap((x, k) => (k % 2 ? [] : [[x, numbers[k + 1]]])).slice(0, POINTS);
        count += points.length;
        outside += draw(figure, points).filter(Boolean).length;
        paths[figure] = points;
      });
      if (count) stepThrough(paths);
      drawn.hidden = false;
      drawn.textContent = !count ? say("没有点可画", "No points to draw") : say("图里蓝色的路径是你的", "The blue path in the figure is yours") + (outside
        ? say(`，有 ${outside} 个点在图外`, `; ${outside} of its points lie outside`) : "") + (most > POINTS
        ? say(`，只画了前 ${POINTS} 个点`, `; only the first ${POINTS} are drawn`) : "");
    };

    /** @param {Parameters<Parameters<typeof book.python.run>[2]>[0]} said */
    const hear = ({ text, error, stopped, result }) => {
      if (text) {
        printed.hidden = false;
        return printed.append(text);
      }
      stop = undefined;
      if (error?.where === "after") { // there are no points to draw, and all the rest is well
        drawn.hidden = false;
        drawn.textContent = say("没有点可画：", "No points to draw: ") + book.python.explain(error);
        error = undefined;
      } else if (result && (mine() || changedAbove())) showPaths(result);
      if (error) html("span", { className: "run-error", textContent: book.python.explain(error) }, printed);
      const same = printed.textContent === built;
      told.textContent = stopped ?? (error ? say("出错了", "An error")
        : !same ? changedAbove() ? say("这是你的输出，前面的代码你改过", "Your output: you have changed code above") : say("这是你的输出", "Your output")
          : built ? say("和书里的输出一样", "As the book printed it") : say("运行完了，没有输出", "Done; nothing was printed"));
      printed.hidden = same || !printed.textContent;
      books.hidden = printed.hidden;
      show();
    };
    start.onclick = () => {
      if (stop) return stop();
      const first = before.map((piece) => (typeof piece === "number" ? cells[piece]?.code() ?? "" : piece)).join("\n");
      printed.textContent = "";
      printed.hidden = books.hidden = true;
      wipe();
      told.textContent = say("正在运行……", "Running …");
      stop = book.page.python(first, code, hear, after);
      show();
    };
    const made = () => {
      const its = field(pre, "run-code", say("代码，可以修改；按 Esc 离开，按 Ctrl+Enter 运行", "The code, to be changed; Escape leaves it, Control+Enter runs it"));
      its.value = code;
      its.hidden = true;
      its.oninput = () => {
        code = its.value.replace(/\u00a0/g, " ");
        keep(key, code, original);
        show();
        if (!stop) notYet();
      };
      keys(its, () => {
        leave();
        edit.focus();
      }, () => stop || start.click());
      return its;
    };
    edit.onclick = () => {
      area ??= made();
      if (!area.hidden) return leave();
      area.hidden = false;
      pre.ariaHidden = "true";
      edit.ariaExpanded = "true";
      area.focus();
    };
    reset.onclick = () => {
      stop?.();
      code = original;
      keep(key, original, original);
      printed.hidden = books.hidden = true;
      wipe();
      show();
      leave();
      told.textContent = say("恢复成书里的代码了", "The book’s code again");
      start.focus();
    };
    cells[number] = { code: () => code, mine: () => mine() || changedAbove() };
    show();
    leave();
    notYet();
  });
}
