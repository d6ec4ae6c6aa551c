// Two languages on one page: the link that keeps the reader's place, and both side by side.
{
  const { remember, remembered, keepPlace, all, html, say } = book.page;
  remember("language", document.documentElement.lang);

  // Wherever the book is, search engines want the addresses of its two languages in full.
  for (const link of all("link[hreflang]", HTMLLinkElement)) link.href = link.href;

  // The link leads to the section now at the top of the window: both languages share their anchors.
  all("a.language-link", HTMLAnchorElement).forEach((link) => {
    const page = link.getAttribute("href");
    link.addEventListener("click", () => {
      const passed = all("main section[id]", HTMLElement).filter(
        (section) => section.getBoundingClientRect().top < window.innerHeight / 3
      );
      // The first section is the page itself; there the link needs no anchor.
      const anchor = passed.length > 1 ? `#${passed.at(-1)?.id}` : "";
      link.href = page + (isOn() ? "?side-by-side" : "") + anchor;
    });
  });

  // Side by side: show the hidden twins. `?side-by-side` in an address asks for it.
  const root = document.documentElement;
  const isOn = () => root.classList.contains("side-by-side");
  const buttons = all(".side-by-side-button", HTMLElement);
  const twins = all(".twin", HTMLElement); // as they stand now: other scripts may move what holds them

  // The formulas of the twins are those of the text, which stands there already: copy them.
  const fill = () => {
    const formulas = new Map();
    document.querySelectorAll(".math:not(.later) annotation").forEach((latex) => {
      const formula = latex.closest(".katex-display") || latex.closest(".katex");
      formulas.set(latex.textContent.replace(/\s/g, ""), formula);
    });
    document.querySelectorAll(".math.later").forEach((later) => {
      const formula = formulas.get(later.textContent.replace(/\s/g, ""));
      if (!formula) return;
      later.replaceChildren(formula.cloneNode(true));
      later.classList.remove("later");
    });
  };

  // What the twins say stands in a script beside the page, for few ask for it.
  /** @type {Promise<void> | undefined} */
  let fetched;
  const ask = () => fetched ??= new Promise((resolve, reject) => {
    const [script] = all("script[type='asked'][src*='.twins.']", HTMLScriptElement);
    if (!script) return resolve(); // on a page without a text
    addEventListener("twins", (event) => {
      const texts = /** @type {CustomEvent<string[]>} */ (event).detail;
      twins.forEach((twin, i) => { twin.innerHTML = texts[i]; });
      fill();
      resolve();
    }, { once: true });
    Object.assign(html("script", { src: script.src }, document.head), { onerror: reject });
  });

  /** @param {boolean} on */
  const set = (on) => keepPlace(() => {
    root.classList.toggle("side-by-side", on);
    twins.forEach((twin) => { twin.hidden = !on; });
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(on)));
  });

  /** @param {HTMLElement} button */
  const show = (button) => {
    button.setAttribute("aria-busy", "true");
    ask().then(() => set(true), () => {
      fetched = undefined; // and may be asked again
      button.textContent = say("没有取到，再按一次", "Not fetched: press again");
    }).finally(() => button.removeAttribute("aria-busy"));
  };
  buttons.forEach((button) => {
    const name = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const on = !isOn();
      button.textContent = name;
      remember("side-by-side", String(on));
      if (on) show(button);
      else set(false);
    });
  });
  const asked = new URLSearchParams(location.search).has("side-by-side");
  if (buttons[0] && (asked || remembered("side-by-side") === "true")) show(buttons[0]);
}
