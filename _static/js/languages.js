// Two languages on one page: the link that keeps the reader's place, and both side by side.
{
  const { remember, remembered, keepPlace, all } = book.page;
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

  /** @param {boolean} on */
  const set = (on) => {
    if (on) fill();
    root.classList.toggle("side-by-side", on);
    all(".twin", HTMLElement).forEach((twin) => { twin.hidden = !on; });
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(on)));
  };

  buttons.forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      keepPlace(() => set(!isOn()));
      remember("side-by-side", String(isOn()));
    });
  });
  const asked = new URLSearchParams(location.search).has("side-by-side");
  if (asked || remembered("side-by-side") === "true") set(true);
}
