// The language link keeps the reader's place: it leads to the section now at the top of the window.
// Both languages use the same anchors.
document.querySelectorAll("a.language-link").forEach((link) => {
  const page = link.getAttribute("href");
  link.addEventListener("click", () => {
    const passed = [...document.querySelectorAll("main section[id]")].filter(
      (section) => section.getBoundingClientRect().top < window.innerHeight / 3
    );
    // The first section is the page itself; there the link needs no anchor.
    link.href = passed.length > 1 ? `${page}#${passed.at(-1).id}` : page;
  });
});
