// On the search page: below each result its page's words around what was found. They come as scripts
// (found_words.py), for a page opened from disk may not read another; and only those of results that
// the reader sees.

{
  /** @type {Map<string, Promise<Record<string, string>>>} what a page's sections say, by the page's name */
  const pages = new Map();
  /** @type {Map<string, (sections: Record<string, string>) => void>} */
  const waiting = new Map();
  addEventListener("words", (event) => {
    const [page, sections] = /** @type {CustomEvent} */ (event).detail;
    waiting.get(page)?.(sections);
  });

  const ask = (/** @type {string} */ page) => {
    const asked = pages.get(page) ?? new Promise((resolve) => {
      waiting.set(page, resolve);
      book.page.html("script", { src: `${page}.words.js` }, document.head);
    });
    pages.set(page, asked);
    return asked;
  };

  const query = new URLSearchParams(location.search).get("q")?.trim().toLowerCase() ?? "";
  const runs = query.match(/[\u3400-\u9fff]+|[\p{L}\p{N}_]+/gu) ?? [];
  const stemmer = new (/** @type {any} */ (window).Stemmer)(); // of Sphinx's search
  // What to look for, the best first: all of it, each word, its stem, and the pairs of Chinese ones.
  // A Latin word is found where one begins, and as far as it goes.
  const looked = [query, ...runs, ...runs.map((run) => stemmer.stemWord(run)),
    ...runs.flatMap((run) => (/^[\u3400-\u9fff]{3}/.test(run) ? Array.from(run.slice(1), (two, i) => run[i] + two) : [])),
  ].filter(Boolean).map((part) => {
    const plain = part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(/^[a-z]/.test(part) ? `\\b${plain}[a-z]*` : plain, "i");
  });

  /**
   * Cut out of a text what stands around the place that was found.
   * @param {string} text
   * @returns {[before: string, found: string, after: string] | null} nothing if it is not there
   */
  const around = (text) => {
    const found = looked.find((part) => part.test(text))?.exec(text);
    if (!found) return null;
    const at = found.index;
    const wide = /[\u3400-\u9fff]/.test(text) ? 40 : 80; // characters on either side
    const from = at <= wide ? 0 : text.indexOf(" ", at - wide) + 1 || at - wide;
    const end = at + found[0].length;
    const to = text.length <= end + wide ? text.length : Math.max(text.lastIndexOf(" ", end + wide), end);
    const [before, after] = [text.slice(Math.min(from, at), at), text.slice(end, to)]; // where it is cut, one … is enough
    return [from && from < at ? before.replace(/^[… ]*/, "… ") : before, text.slice(at, end),
      to < text.length ? after.replace(/[… ]*$/, " …") : after];
  };

  const show = async (/** @type {Element} */ result) => {
    const link = result.querySelector("a");
    const [file, anchor = ""] = link?.getAttribute("href")?.split("#") ?? [""];
    const sections = await ask(file.replace(/\.html$/, ""));
    const own = sections[decodeURIComponent(anchor)];
    const all = Object.values(sections);
    const [before, found, after] = (own && around(own)) || (own ? null : all.map(around).find(Boolean))
      || [(own ?? all[0] ?? "").slice(0, 160), "", ""];
    const words = book.page.html("p", { className: "found" }, result);
    words.append(before, book.page.html("mark", { textContent: found }, words), after);
  };

  const seen = new IntersectionObserver((changes) => changes.forEach(({ target, isIntersecting }) => {
    if (!isIntersecting) return;
    seen.unobserve(target);
    show(target);
  }), { rootMargin: "100%" });
  const [results] = book.page.all("#search-results", HTMLElement);
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
    if (node instanceof HTMLLIElement) seen.observe(node);
  }))).observe(results, { childList: true, subtree: true });
}
