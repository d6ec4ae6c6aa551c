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
  const today = () => Math.floor((Date.now() - new Date().getTimezoneOffset() * 60000) / 86400000);

  /**
   * @typedef {object} Card
   * @property {string} key under which its state is kept
   * @property {HTMLElement} question
   * @property {HTMLElement} answer
   */

  /** The cards of a list. @param {Element} list @returns {Card[]} */
  const cards = (list) => [...list.querySelectorAll("dt")].map((question) =>
    ({ key: question.id, question, answer: /** @type {HTMLElement} */ (question.nextElementSibling) }));

  /** @type {Map<string, State>} what was answered on this page, for where nothing may be kept */
  const here = new Map();
  /** @param {Card} card */
  const stateOf = ({ key }) => read(book.page.remembered(key)) ?? here.get(key) ?? null;
  /** @param {Card} card @param {State} state */
  const keep = ({ key }, state) => {
    here.set(key, state);
    book.page.remember(key, write(state));
  };
  /** @param {Card} card */
  const forget = ({ key }) => {
    here.delete(key);
    book.page.remember(key, "");
  };

  /**
   * Show cards of a list one at a time, and below them what the reader may do. Returns a function that
   * begins anew.
   * @param {HTMLElement} list
   * @param {Card[]} all that are in it
   * @param {(again: boolean) => Card[]} pick those to go through, when the reader comes and once more
   * @param {() => (Node | string)[]} ending what is said when there is none left
   */
  const deal = (list, all, pick, ending) => {
    const { say, html } = book.page;
    let [cards, at] = [pick(false), 0];
    list.ariaLive = "polite";
    const form = html("div", { className: "recall-form" });
    list.after(form);
    const count = html("span", { className: "recall-count" }, form);
    const show = html("button", { type: "button", textContent: say("看答案", "Show the answer") }, form);
    const yes = html("button", { type: "button", textContent: say("记得", "I knew it") }, form);
    const no = html("button", { type: "button", textContent: say("不记得", "I didn’t") }, form);
    const told = html("p", { role: "status", tabIndex: -1 }, form);
    const again = html("button", { type: "button", textContent: say("再来一遍", "Once more") }, form);

    const draw = (shown = false) => {
      const end = at >= cards.length;
      for (const card of all) {
        card.question.hidden = card.answer.hidden = card !== cards[at];
        card.answer.classList.toggle("recall-waits", !shown);
      }
      count.textContent = `${at + 1} / ${cards.length}`;
      show.hidden = shown || end;
      yes.hidden = no.hidden = !shown;
      count.hidden = end;
      told.hidden = !end;
      told.replaceChildren(...(end ? ending() : []));
      again.hidden = !end || !pick(true).length;
    };
    const focus = () => (at < cards.length ? show : again.hidden ? told : again).focus();
    /** @param {boolean} knew */
    const answered = (knew) => {
      keep(cards[at], after(stateOf(cards[at]), knew, today()));
      at += 1;
      draw();
      focus();
      dispatchEvent(new Event("recall"));
    };
    /** @param {boolean} once */
    const begin = (once) => {
      [cards, at] = [pick(once), 0];
      draw();
    };
    show.onclick = () => {
      draw(true);
      yes.focus();
    };
    yes.onclick = () => answered(true);
    no.onclick = () => answered(false);
    again.onclick = () => {
      begin(true);
      focus();
    };
    draw();
    return () => begin(false);
  };

  return { DAYS, read, write, next, due, after, today, cards, stateOf, forget, deal };
})();

// In a chapter: the cards of a section, first those that were never answered.
book.page.all(".recall", HTMLElement).filter((root) => !root.closest(".review")).forEach((root) => {
  const { say, html } = book.page;
  const { cards, stateOf, deal } = book.recall;
  const [list] = root.getElementsByTagName("dl");
  const all = cards(list);
  deal(list, all, (again) => (again ? all : all.filter((card) => !stateOf(card))), () => {
    const missed = all.filter((card) => stateOf(card)?.known === 0).length;
    const said = missed ? say(`${all.length} 张里有 ${missed} 张还没记住。`, `${missed} of ${all.length} not known yet.`)
      : say("都记住了。", "You knew them all.");
    const { review } = root.dataset;
    return review ? [said, html("a", { href: review, textContent: say("去复习", "Review") })] : [said];
  });
});

// On the page of all cards: those that are to come again, of the book or of a chapter.
book.page.all(".review", HTMLElement).forEach((root) => {
  const { say, html } = book.page;
  const { cards, stateOf, next, due, today, forget, deal } = book.recall;
  const chapters = [...root.children].map((part) => {
    const title = part.querySelector("summary")?.textContent ?? "";
    return { title, cards: cards(part) };
  });
  const all = chapters.flatMap((chapter) => chapter.cards);

  const panel = html("div", { className: "recall" });
  const bar = html("div", { className: "recall-bar" }, panel);
  const label = html("label", { textContent: say("范围：", "From: ") }, bar);
  const which = html("select", {}, label);
  html("option", { value: "", textContent: say("全书", "the whole book") }, which);
  chapters.forEach(({ title }, i) => html("option", { value: i, textContent: title }, which));
  const tally = html("span", {}, bar);
  const list = html("dl", {}, panel);
  list.append(...all.flatMap(({ question, answer }) => [question, answer]));
  const clear = html("button", { type: "button", textContent: say("忘掉卡片", "Forget the cards") });
  root.replaceChildren(panel);

  const chosen = () => chapters[Number(which.value || NaN)]?.cards ?? all;
  /** The states of those of the chosen cards that were answered, the most urgent first. */
  const met = () => chosen().flatMap((card) => {
    const state = stateOf(card);
    return state ? [{ card, state }] : [];
  }).sort((one, other) => next(one.state) - next(other.state));
  const pick = () => met().filter(({ state }) => due(state, today())).map(({ card }) => card);

  const begin = deal(list, all, pick, () => {
    const left = pick().length;
    if (left) return [say(`还有 ${left} 张没记住。`, `${left} still not known.`)];
    const [first] = met();
    if (!first) return [say("这里还没有答过的卡片；它们在各节的末尾。", "No card of these was answered yet; they stand at the ends of sections.")];
    const day = new Date(next(first.state) * 86400000)
      .toLocaleDateString(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
    return [say(`今天没有要复习的了。下一张在 ${day}。`, `Nothing more is due today. The next card is due on ${day}.`)];
  });
  panel.append(clear);
  const count = () => {
    const [answered, waiting] = [met().length, pick().length];
    const [later, unmet] = [answered - waiting, chosen().length - answered];
    tally.textContent = say(`该复习 ${waiting} 张，没到日子 ${later} 张，还没答过 ${unmet} 张`,
      `${waiting} due, ${later} later, ${unmet} not answered yet`);
  };
  const anew = () => {
    begin();
    count();
  };
  addEventListener("recall", count);
  which.onchange = anew;
  clear.onclick = () => {
    if (!confirm(say("所有卡片的记录都会删掉。要删吗？", "This forgets your answers to all cards of the book. Go on?"))) return;
    all.forEach(forget);
    anew();
  };
  count();
});
