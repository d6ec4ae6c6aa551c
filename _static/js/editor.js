// Where a reader writes Python: a field over the code that it colors, which keeps what was typed.

book.editor = (() => {
  const { html, remember, remembered } = book.page;

  const TOKENS = /(#[^\n]*)|([fbru]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"[^"\n]*"|'[^'\n]*'))|\b(\d[\d_.]*(?:e[-+]?\d+)?)\b|\b(and|as|assert|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|True|False|None)\b/g;
  const KINDS = ["c1", "s2", "mf", "k"];
  /** Show code in the colors of the book's. @param {Element} pre @param {string} code */
  const color = (pre, code) => {
    const parts = [];
    let at = 0;
    for (const match of code.matchAll(TOKENS)) {
      parts.push(code.slice(at, match.index), html("span", { className: KINDS[match.slice(1).findIndex(Boolean)], textContent: match[0] }));
      at = match.index + match[0].length;
    }
    pre.replaceChildren(...parts, code.slice(at));
  };

  /**
   * A field over code of the book, which shows through it in its colors.
   * @param {Element} pre
   * @param {string} className
   * @param {string} ariaLabel
   */
  const field = (pre, className, ariaLabel) => {
    const area = html("textarea", { className, ariaLabel, spellcheck: false, autocapitalize: "off" });
    area.setAttribute("autocorrect", "off");
    pre.after(area);
    return area;
  };

  /** What was typed for a text of the book; nothing, if it was for another. @param {string} key @param {string} original */
  const typed = (key, original) => {
    try {
      const [code, of] = JSON.parse(remembered(key) || "[]");
      return of === original && typeof code === "string" ? code : original;
    } catch {
      return original;
    }
  };
  /** @param {string} key @param {string} code @param {string} original */
  const keep = (key, code, original) => remember(key, code === original ? "" : JSON.stringify([code, original]));

  /** A new line begins as the one before, deeper after a colon. @param {HTMLTextAreaElement} area */
  const newLine = (area) => {
    const line = area.value.slice(0, area.selectionStart).split("\n").at(-1) ?? "";
    const indent = /^[ \t]*/.exec(line)?.[0] + (/:\s*(#.*)?$/.test(line) ? "    " : "");
    document.execCommand("insertText", false, `\n${indent}`); // it can be undone, unlike a new value
  };

  /**
   * What keys do in a field: Escape leaves it, Control+Enter runs its code, Enter begins a line.
   * @param {HTMLTextAreaElement} area
   * @param {() => void} leave
   * @param {() => void} run
   */
  const keys = (area, leave, run) => {
    area.onkeydown = (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") leave();
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        run();
      } else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        newLine(area);
      }
    };
  };

  return { color, field, typed, keep, keys };
})();
