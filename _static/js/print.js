// While a page is printed, its theme is the light one, for paper is white; and answers and solutions
// stand at the chapter's end, with links there and back, so that nobody reads them by accident.
// The PDF has it, too (`_templates/pdf.html`), and there `book` is not.

{
  const root = document.documentElement;
  const [TITLE, EXERCISE, QUESTION, THERE] = root.lang.startsWith("zh")
    ? ["答案与解答", "练习", "问题", "：在本章末尾"]
    : ["Answers and solutions", "Exercise", "Question", ": at the end of the chapter"];

  const make = (/** @type {string} */ tag, attributes = {}, /** @type {(Node | string)[]} */ ...parts) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...parts);
    return made;
  };

  /** What a reader of the page's language reads in an element. */
  const words = (/** @type {Element} */ element) => {
    const copy = make("div", { innerHTML: element.innerHTML });
    copy.querySelectorAll(".twin, .closed").forEach((unread) => unread.remove());
    return (copy.textContent ?? "").trim();
  };

  /** @type {(() => void)[]} */
  let undo = [];

  /** Move what opens to the end of each article; what `undo` holds moves it back. */
  const gather = () => {
    let number = 0;
    for (const article of document.querySelectorAll("article")) {
      const answers = make("section", { className: "answers" }, make("h2", {}, TITLE));
      const exercises = [...article.querySelectorAll(".lang:not(.twin) strong")].map((strong) => ({
        strong, name: words(strong).replace(/\.$/, ""),
      })).filter(({ name }) => name.startsWith(EXERCISE));
      let questions = 0;
      for (const details of article.querySelectorAll("details.disclosure:not(.code, .rest, .recall, details *)")) {
        number += 1;
        const opens = words(details.firstElementChild ?? details);
        const before = (/** @type {{ strong: Element }} */ { strong }) => strong.compareDocumentPosition(details) & Node.DOCUMENT_POSITION_FOLLOWING;
        const exercise = exercises.filter(before).at(-1)?.name ?? "";
        const name = details.classList.contains("answer") ? `${QUESTION} ${(questions += 1)}`
          : details.classList.contains("hint") ? `${exercise} · ${opens}` : exercise;
        const there = make("a", { href: `#answer-${number}` }, opens + THERE);
        const here = make("p", { className: "ahead", id: `asked-${number}` }, there);
        const back = make("a", { href: `#asked-${number}` }, name);
        details.replaceWith(here);
        undo.push(() => here.replaceWith(details));
        answers.append(make("div", { id: `answer-${number}` }, make("h4", {}, back), details));
      }
      if (answers.childElementCount === 1) continue;
      article.querySelector("section")?.append(answers);
      undo.push(() => answers.remove());
    }
  };

  let theme = root.dataset.theme;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    gather();
  });
  addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    undo.forEach((step) => step());
    undo = [];
  });
}
