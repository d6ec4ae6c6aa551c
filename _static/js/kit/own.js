// An optimizer of the reader's own, before its script is there: how long its code may be, how its lines
// look, and how what runs it is asked for, which _static/js/own/ holds.

book.owned = (() => {
  const LETTERS = 3000;
  book.gdcore.METHOD_LOOKS.own = /** @type {[string, string]} */ (["blue", "8 3"]);

  /** @type {Record<string, Promise<unknown>>} */
  const scripts = {};
  /**
   * Have a script, fetched when it is wanted for the first time, and then act.
   * @param {string} name
   * @param {() => void} act
   */
  const wanted = (name, act) => void (scripts[name] ??= new Promise((come, fail) => {
    const { all, html } = book.page;
    const [{ src }] = all("script[src*='js/book.']", HTMLScriptElement);
    Object.assign(html("script", { src: new URL(name, src).href }, document.head), { onload: come, onerror: fail });
  })).then(act, () => delete scripts[name]); // and may be asked again

  return { LETTERS, wanted };
})();
