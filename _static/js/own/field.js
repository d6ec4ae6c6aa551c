// Where a reader writes an optimizer or an objective: a field with a label, a button that runs it or stops
// it, and what is said of it. Nothing runs but at a click.

/**
 * @param {string} label
 * @param {string} kept under which name what was typed is kept on this device
 * @param {(code: string) => void} type what the reader has typed
 * @param {() => void} click the button, or Control+Enter
 * @param {string} [how] what else is to be known of the code
 */
book.field = (label, kept, type, click, how) => {
  const { say, html, remember } = book.page;
  const root = html("div", { className: "own-code", hidden: true });
  const box = html("label", {}, root);
  html("span", { textContent: label }, box);
  const area = html("textarea", { spellcheck: false, autocapitalize: "off", maxLength: book.owned.LETTERS }, box);
  area.setAttribute("autocorrect", "off");
  if (how) html("p", { textContent: how }, root);
  const bar = html("div", { className: "own-code-bar" }, root);
  const start = html("button", { type: "button" }, bar);
  const said = html("output", { ariaLive: "polite" }, bar);
  area.oninput = () => {
    remember(kept, area.value);
    type(area.value);
  };
  start.onclick = click;
  area.onkeydown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") start.focus();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!running) click();
    }
  };
  /** Show code, or nothing. @param {string} [code] */
  const show = (code) => {
    root.hidden = code === undefined;
    if (area.value !== (code ?? "")) area.value = code ?? "";
    area.rows = area.value.split("\n").length;
  };
  let running = false;
  /** Name the button by what it does. @param {boolean} runs */
  const name = (runs) => {
    running = runs;
    start.textContent = runs ? say("停止", "Stop") : say("运行", "Run");
  };
  name(false);
  return { root, area, said, show, name };
};
