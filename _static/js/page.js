// What a page of the theme does: light and dark, search, sidebars, the contents that follow the
// reader. The theme's own script measures every block of the page as it opens, which takes a phone
// half a second on a long chapter; this one measures nothing.

// Change something and leave what the reader looks at, the first piece that ends below the header,
// where it is in the window.
const keepPlace = (change, among = ".lang:not(.twin), .cell, section > :not(section)") => {
  const pieces = document.querySelectorAll(among);
  const piece = [...pieces].find((p) => p.getBoundingClientRect().bottom > 80);
  const before = piece?.getBoundingClientRect().top;
  change();
  if (piece) window.scrollBy(0, piece.getBoundingClientRect().top - before);
};

(() => {
  const root = document.documentElement;
  const all = (selector) => document.querySelectorAll(selector);
  const one = (selector) => document.querySelector(selector);

  // Light or dark: as chosen, or as the system says, also when it changes its mind.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const modes = [...all(".theme-change-button")];
  const show = (mode) => {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (dark.matches ? "dark" : "light") : mode;
    modes.forEach((button) => button.setAttribute("aria-pressed", button.dataset.mode === mode));
  };
  show(root.dataset.mode);
  dark.addEventListener("change", () => show(root.dataset.mode));
  modes.forEach((button) => button.addEventListener("click", () => {
    show(button.dataset.mode);
    try { localStorage.setItem("mode", button.dataset.mode); } catch { /* a private window, say */ }
  }));

  // Dialogs close at Escape, and when one clicks beside them.
  const closable = (dialog) => {
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      dialog.close();
    });
    dialog.addEventListener("click", (event) => {
      const box = dialog.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right &&
        event.clientY >= box.top && event.clientY <= box.bottom;
      if (event.target === dialog && !inside) dialog.close();
    });
  };

  // Search: the buttons and Ctrl+K or ⌘K open it, the form leads to the search page.
  const search = one("#pst-search-dialog");
  if (search) {
    closable(search);
    const toggle = () => (search.open ? search.close() : search.showModal());
    all(".search-button__button").forEach((button) => button.addEventListener("click", toggle));
    addEventListener("keydown", (event) => {
      const alone = !event.shiftKey && !event.altKey && event.ctrlKey !== event.metaKey;
      if (!alone || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      toggle();
    });
  }

  // Sidebars: beside the text where there is room, else in a dialog that their button opens.
  for (const [side, roomy] of [["primary", "(min-width: 992px)"], ["secondary", "(min-width: 1200px)"]]) {
    const button = one(`.${side}-toggle`);
    const bar = one(`#pst-${side}-sidebar`);
    const dialog = one(`#pst-${side}-sidebar-modal`);
    if (!button || !bar || !dialog) continue;
    const move = (from, to) => {
      to.append(...from.childNodes);
      to.className = from.className;
      from.className = "";
    };
    closable(dialog);
    dialog.addEventListener("close", () => { move(dialog, bar); button.focus({ preventScroll: true }); });
    dialog.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
    button.addEventListener("click", () => {
      if (matchMedia(roomy).matches) {
        bar.classList.toggle("pst-sidebar-hidden");
      } else {
        move(bar, dialog);
        dialog.showModal();
      }
    });
  }

  // The contents mark the section that is being read.
  const entries = new Map();
  all("#pst-page-toc-nav a").forEach((link) => {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) entries.set(section, link);
  });
  const inView = new Set();
  const reading = new IntersectionObserver((changes) => {
    changes.forEach(({ target, isIntersecting }) => inView[isIntersecting ? "add" : "delete"](target));
    const current = [...entries.keys()].filter((section) => inView.has(section)).at(-1);
    if (!current) return;
    entries.forEach((link, section) => {
      link.classList.toggle("active", section === current);
      link.closest(".toc-entry").classList.toggle("active", section.contains(current));
      if (section === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }, { rootMargin: "-80px 0px -70% 0px" });
  entries.forEach((_, section) => reading.observe(section));

  // A click may lead anywhere on the page: from then on all of it is laid out (book.css).
  const layOut = () => keepPlace(() => root.classList.remove("from-the-top"), "article > section > *");
  for (const event of ["click", "hashchange"]) addEventListener(event, layOut, { capture: true, once: true });

  // Scripts that wait (type="later") are those of the explorers: they come as the reader nears one.
  const wait = new IntersectionObserver((seen) => {
    if (!location.hash.includes("?") && !seen.some(({ isIntersecting }) => isIntersecting)) return;
    wait.disconnect();
    all('script[type="later"]').forEach(({ src }) => {
      document.head.append(Object.assign(document.createElement("script"), { src, async: false }));
    });
  }, { rootMargin: "200%" });
  all(".explorer").forEach((explorer) => wait.observe(explorer));

  // What scrolls sideways in a box of its own can be reached with the keyboard.
  const boxes = new ResizeObserver((changes) => {
    const wide = changes.map(({ target }) => target.scrollWidth > target.clientWidth);
    changes.forEach(({ target }, i) => {
      if (wide[i]) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    });
  });
  const look = () => all("pre, .katex-display, .pst-scrollable-table-container").forEach((box) => {
    boxes.unobserve(box);
    boxes.observe(box);
  });
  look();
  document.fonts.addEventListener("loadingdone", look); // letters of another width
})();
