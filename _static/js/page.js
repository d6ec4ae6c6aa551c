// What a page of the theme does: light and dark, search, sidebars, the contents that follow the
// reader. The theme's own script measures every block of the page as it opens, which takes a phone
// half a second on a long chapter; this one measures nothing.

{
  const { remember, keepPlace, all, html } = book.page;
  const root = document.documentElement;

  // Light or dark: as chosen, or as the system says, also when it changes its mind.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const modes = all(".theme-change-button", HTMLElement);
  const show = (mode = "auto") => {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (dark.matches ? "dark" : "light") : mode;
    modes.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.mode === mode)));
  };
  show(root.dataset.mode);
  dark.addEventListener("change", () => show(root.dataset.mode));
  modes.forEach((button) => button.addEventListener("click", () => {
    show(button.dataset.mode);
    remember("mode", root.dataset.mode ?? "auto");
  }));

  // Dialogs close at Escape, and when one clicks beside them.
  /** @param {HTMLDialogElement} dialog */
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

  // Words that a search has found are marked by scripts of Sphinx's, which no other page needs.
  const found = () => {
    try {
      return localStorage.getItem("sphinx_highlight_terms");
    } catch {
      return null; // there is no storage
    }
  };
  if (found() || new URLSearchParams(location.search).has("highlight")) {
    for (const { src } of all("script[type='asked']:not([src*='js/'], [src*='.twins.'])", HTMLScriptElement)) {
      html("script", { src, async: false }, document.head); // in their order
    }
  }

  // Search: the buttons and Ctrl+K or ⌘K open it, the form leads to the search page.
  const [search] = all("#pst-search-dialog", HTMLDialogElement);
  if (search) {
    closable(search);
    const toggle = () => (search.open ? search.close() : search.showModal());
    all(".search-button__button", HTMLElement).forEach((button) => button.addEventListener("click", toggle));
    addEventListener("keydown", (event) => {
      const alone = !event.shiftKey && !event.altKey && event.ctrlKey !== event.metaKey;
      if (!alone || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      toggle();
    });
  }

  // Sidebars: beside the text where there is room, else in a dialog that their button opens.
  for (const [side, roomy] of [["primary", "(min-width: 992px)"], ["secondary", "(min-width: 1200px)"]]) {
    const [button] = all(`.${side}-toggle`, HTMLElement);
    const [bar] = all(`#pst-${side}-sidebar`, HTMLElement);
    const [dialog] = all(`#pst-${side}-sidebar-modal`, HTMLDialogElement);
    if (!button || !bar || !dialog) continue;
    /** @param {HTMLElement} from @param {HTMLElement} to */
    const move = (from, to) => {
      to.append(...from.childNodes);
      to.className = from.className;
      from.className = "";
    };
    closable(dialog);
    dialog.addEventListener("close", () => { move(dialog, bar); button.focus({ preventScroll: true }); });
    dialog.addEventListener("click", ({ target }) => target instanceof Element && target.closest("a") && dialog.close());
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
  all("#pst-page-toc-nav a", HTMLAnchorElement).forEach((link) => {
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
      link.closest(".toc-entry")?.classList.toggle("active", section.contains(current));
      if (section === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }, { rootMargin: "-80px 0px -70% 0px" });
  entries.forEach((_, section) => reading.observe(section));

  // They make room for what reaches into the margin.
  const [contents] = all("#pst-secondary-sidebar", HTMLElement);
  const inTheMargin = new Set();
  const yielding = new IntersectionObserver((changes) => {
    const edge = contents?.getBoundingClientRect().left ?? 0;
    changes.forEach(({ target, isIntersecting, boundingClientRect: { right } }) => {
      inTheMargin[isIntersecting && right > edge ? "add" : "delete"](target);
    });
    contents?.classList.toggle("yields", inTheMargin.size > 0);
  });
  const roomy = matchMedia("(min-width: 1200px)"); // else they stand in a dialog
  const share = () => {
    if (!roomy.matches) return;
    const inMargin = ".tag_beside, .tag_margin, .margin, .tag_full-width, .full-width";
    all(`article :is(${inMargin})`, HTMLElement).forEach((piece) => yielding.observe(piece));
  };
  share();
  roomy.addEventListener("change", share);

  // A click may lead anywhere on the page: from then on all of it is laid out (book.css).
  const layOut = () => keepPlace(() => root.classList.remove("from-the-top"), "article > section > *");
  for (const event of ["click", "hashchange"]) addEventListener(event, layOut, { capture: true, once: true });

  // Scripts that wait (type="later") are those of instruments: they come as the reader nears one.
  const wait = new IntersectionObserver((seen) => {
    if (!location.hash.includes("?") && !seen.some(({ isIntersecting }) => isIntersecting)) return;
    wait.disconnect();
    for (const { src } of all('script[type="later"]', HTMLScriptElement)) {
      book.page.html("script", { src, async: false }, document.head);
    }
  }, { rootMargin: "150%" });
  for (const kind of [".relief", ".predict[data-axes]"]) { // one by one they are found sooner
    all(kind, HTMLElement).forEach((one) => wait.observe(one));
  }
  all(".instrument", HTMLElement).forEach(({ dataset: { figure = "" } }) => {
    const still = document.getElementById(figure);
    if (still) wait.observe(still);
  });

  // What scrolls sideways in a box of its own can be reached with the keyboard. It is looked at on the
  // next frame: at once, Firefox says that boxes have changed while it told of changes, an error.
  const boxes = new ResizeObserver((changes) => requestAnimationFrame(() => {
    const wide = changes.map(({ target }) => target.scrollWidth > target.clientWidth);
    changes.forEach(({ target }, i) => {
      if (wide[i]) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    });
  }));
  const look = () => {
    for (const kind of ["pre", ".katex-display", ".pst-scrollable-table-container"]) {
      all(kind, HTMLElement).forEach((box) => {
        boxes.unobserve(box);
        boxes.observe(box);
      });
    }
  };
  look();
  document.fonts.addEventListener("loadingdone", look); // letters of another width
}
