// An optimizer of the reader's own, before its script is there: how long its code may be, how its lines
// look, and how what runs it is asked for, which _static/js/own/ holds.

book.owned = (() => {
  const LETTERS = 3000;
  book.gdcore.METHOD_LOOKS.own = /** @type {[string, string]} */ (["blue", "1 4"]);

  let asking = false;
  /** Have own.js, which the explorer and the race share; what asks again while it is on its way goes without. @param {() => void} act */
  const wanted = (act) => {
    if (asking) return;
    asking = true;
    const { all, html } = book.page;
    const [{ src }] = all("script[src*='js/book.js']", HTMLScriptElement);
    Object.assign(html("script", { src: new URL("own.js", src).href }, document.head), {
      onload: act,
      onerror: () => { asking = false; }, // and may be asked again
    });
  };

  return { LETTERS, wanted };
})();
