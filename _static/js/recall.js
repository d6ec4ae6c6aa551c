// Recall cards: one question at a time, its answer, and whether the reader knew it. That stays on this machine,
// under the card's name, and says when the card is to come again.

book.recall = (() => {
  const DAYS = [0, 1, 3, 7, 21]; // until a card comes again that was known so many times running

  /**
   * @typedef {object} State
   * @property {number} known how many times running, at most the last of DAYS
   * @property {number} day of the last answer that counted, since 1970
   */

  /**
   * What was kept of a card, such as "2 20421".
   * @param {string | null} kept
   * @returns {State | null}
   */
  const read = (kept) => {
    const [, known, day] = (/^([0-4]) (\d{1,6})$/.exec(kept ?? "") ?? []).map(Number);
    return known === undefined ? null : { known, day };
  };
  /** @param {State} state */
  const write = ({ known, day }) => `${known} ${day}`;
  /** The day from which a card is to come again. @param {State} state */
  const next = ({ known, day }) => day + DAYS[known];
  /** Whether it is to come again; so is one of a day that is still to come. @param {State} state @param {number} today */
  const due = (state, today) => next(state) <= today || state.day > today;
  /**
   * A card that was not known begins anew; one that was known before its day stays as it is.
   * @param {State | null} state
   * @param {boolean} knew
   * @param {number} today
   * @returns {State}
   */
  const after = (state, knew, today) => {
    if (!knew) return { known: 0, day: today };
    if (state && !due(state, today)) return state;
    return { known: Math.min((state?.known ?? 0) + 1, DAYS.length - 1), day: today };
  };
  /** The reader's own day. */
  const today = () => Math.floor(Date.now() / 86400000 - new Date().getTimezoneOffset() / 1440);

  /**
   * @typedef {object} Card
   * @property {string} key under which its state is kept
   * @property {HTMLElement} question
   * @property {HTMLElement} answer
   */

  /** The cards of a list. @param {Element} list @returns {Card[]} */
  const cards = (list) => [...list.querySelectorAll("dt")].map((question) =>
    ({ key: question.id, question, answer: /** @type {HTMLElement} */ (question.nextElementSibling) }));

  /** @param {Card} card */
  const stateOf = ({ key }) => read(book.page.remembered(key));

  /**
   * Show the cards of a list one at a time, and what the reader does with them below.
   * @param {HTMLElement} list whose live text the cards are
   * @param {Card[]} all
   * @param {number} start the first to be shown
   * @param {(knew: boolean[]) => (Node | string)[]} ending what is said when all have been answered
   */
  const deal = (list, all, start, ending) => {
    const { say, html, remember } = book.page;
    let at = start;
    /** @type {boolean[]} */
    let knew = [];
    list.ariaLive = "polite";
    const form = html("div", { className: "recall-form" });
    list.after(form);
    const count = html("span", { className: "recall-count" }, form);
    const show = html("button", { type: "button", textContent: say("看答案", "Show the answer") }, form);
    const yes = html("button", { type: "button", textContent: say("记得", "I knew it") }, form);
    const no = html("button", { type: "button", textContent: say("不记得", "I didn’t") }, form);
    const told = html("p", { role: "status" }, form);
    const again = html("button", { type: "button", textContent: say("再来一遍", "Once more") }, form);

    const draw = (shown = false) => {
      const end = at >= all.length;
      all.forEach(({ question, answer }, i) => {
        question.hidden = answer.hidden = i !== at;
        answer.classList.toggle("recall-waits", !shown);
      });
      count.textContent = `${at + 1} / ${all.length}`;
      show.hidden = shown || end;
      yes.hidden = no.hidden = !shown;
      count.hidden = end;
      told.hidden = again.hidden = !end;
      told.replaceChildren(...(end ? ending(knew) : []));
    };
    /** @param {boolean} known */
    const answered = (known) => {
      remember(all[at].key, write(after(stateOf(all[at]), known, today())));
      knew.push(known);
      at += 1;
      draw();
      (at < all.length ? show : again).focus();
    };
    show.onclick = () => {
      draw(true);
      yes.focus();
    };
    yes.onclick = () => answered(true);
    no.onclick = () => answered(false);
    again.onclick = () => {
      [at, knew] = [0, []];
      draw();
      show.focus();
    };
    draw();
  };

  return { DAYS, read, write, next, due, after, today, cards, stateOf, deal };
})();

// In a chapter: the cards of a section, from the first that was never answered.
book.page.all(".recall", HTMLElement).filter((root) => !root.closest(".review")).forEach((root) => {
  const { say, html } = book.page;
  const { cards, stateOf, deal } = book.recall;
  const [list] = root.getElementsByTagName("dl");
  const all = cards(list);
  const start = all.findIndex((card) => !stateOf(card));
  deal(list, all, start < 0 ? all.length : start, () => {
    const missed = all.filter((card) => stateOf(card)?.known === 0).length;
    const said = missed ? say(`${all.length} 张里有 ${missed} 张还没记住。`, `${missed} of ${all.length} not known yet.`)
      : say("都记住了。", "You knew them all.");
    const { review } = root.dataset;
    return review ? [said, html("a", { href: review, textContent: say("去复习", "Review") })] : [said];
  });
});
