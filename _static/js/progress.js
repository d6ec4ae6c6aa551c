// The front page shows which exercises a reader has solved, and forgets it all at a click.

{
  const { say, html, remember, remembered, all } = book.page;
  const cards = all("[data-exercises]", HTMLElement);
  /** @param {HTMLElement} card */
  const names = (card) => (card.dataset.exercises ?? "").split(" ").filter(Boolean);
  const every = cards.flatMap(names);
  /** @param {string} name */
  const solved = (name) => remembered(`solved-${name}`) === "1";

  for (const card of cards) {
    const [done, of] = [names(card).filter(solved).length, names(card).length];
    if (done) html("span", { className: "chapter-core chapter-progress", textContent: say(`做对 ${done} 道，共 ${of} 道能检查`, `${done} of ${of} checked exercises solved`) }, card.querySelector(".chapter-title"));
  }

  const last = all(".chapter-cards", HTMLElement).at(-1);
  if (last && every.some((name) => solved(name) || remembered(`exercise-${name}`))) {
    const line = html("p", { className: "solved-so-far" });
    last.after(line);
    const count = every.filter(solved).length;
    line.append(say(`${every.length} 道能在页面里检查的题，你做对了 ${count} 道；只记在这台机器上。`, `You have solved ${count} of the ${every.length} exercises that pages check; only this machine knows. `));
    const forget = html("button", { type: "button", textContent: say("忘掉练习", "Forget the exercises") }, line);
    forget.onclick = () => {
      if (!confirm(say("做对的记录和写过的代码都会删掉。要删吗？", "This forgets what you solved, and the code that you wrote for it. Go on?"))) return;
      for (const name of every) for (const kind of ["solved", "exercise"]) remember(`${kind}-${name}`, "");
      all(".chapter-progress", HTMLElement).forEach((tag) => tag.remove());
      line.replaceChildren(html("output", { textContent: say("已经忘掉了。", "Forgotten.") }));
    };
  }
}
