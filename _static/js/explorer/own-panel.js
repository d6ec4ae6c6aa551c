// Where a reader writes code of their own in the explorer: a field with a label, a button that runs it or
// stops it, and what is said of it. Nothing runs but at a click.

/**
 * @param {Element} drawer which it stands before
 * @param {string} label
 * @param {string} kept under which name what was typed is kept on this device
 * @param {(code: string) => void} type what the reader has typed
 * @param {() => void} click the button, or Control+Enter
 */
book.ownPanel = (drawer, label, kept, type, click) => {
  const { say, html, remember } = book.page;
  const panel = html("div", { className: "explorer-own", hidden: true });
  drawer.before(panel);
  const box = html("label", {}, panel);
  html("span", { textContent: label }, box);
  const area = html("textarea", { spellcheck: false, autocapitalize: "off", maxLength: book.state.OWN }, box);
  area.setAttribute("autocorrect", "off");
  const bar = html("div", { className: "explorer-own-bar" }, panel);
  const start = html("button", {}, bar);
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
    panel.hidden = code === undefined;
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
  return { area, said, show, name };
};
