// Exercises that answer: the reader's Python, or number, is checked in the page. What they typed and
// what is solved stays on this machine. Nothing runs before a click.

book.page.all(".exercise", HTMLElement).forEach((root) => {
  const { say, html, remember, remembered } = book.page;
  /** @type {{ program: string, asked: string[], given: [string, string][] } | { within: number, wrong: number[] } | null} */
  const data = JSON.parse(root.dataset.checks ?? "null");
  if (!data) return;
  const name = root.id.replace("exercise-", "");
  const title = root.querySelector(".lang:not(.twin) strong")?.textContent?.replace(/\.$/, "") ?? "";
  const solution = root.querySelector(".solution");
  const opened = [...root.children].filter((one) => one instanceof HTMLDetailsElement); // the hints, then the solution
  const wrong = [...root.querySelectorAll(".exercise-wrong")];

  // One hint at a time; the solution comes last, or with success.
  const solved = () => remembered(`solved-${name}`) === "1";
  const offer = () => opened.forEach((one, i) => {
    one.hidden = i > 0 && !opened[i - 1].open && !one.open && !(one === solution && solved());
  });
  opened.forEach((one) => one.addEventListener("toggle", () => one.open && offer()));

  const bar = html("div", { className: "exercise-bar" });
  opened[0].before(bar);
  const start = html("button", { type: "button", className: "exercise-start" });
  const told = html("output", { className: "exercise-told", ariaLive: "polite" });

  /** @param {(string | Node)[]} words */
  const tell = (...words) => told.replaceChildren(...words);
  const right = () => {
    remember(`solved-${name}`, "1");
    root.classList.add("solved");
    tell(say("✓ 做对了。", "✓ Right."));
    offer();
  };
  /** What the book says to a wrong answer. @param {number} number */
  const about = (number) => html("div", { innerHTML: wrong[number]?.innerHTML ?? "" });
  const welcome = () => tell(solved() ? say("✓ 这道题你做对过。", "✓ You have solved this one.") : "");

  const code = () => {
    if (!("program" in data)) return;
    const pre = root.querySelector(".exercise-stub pre");
    if (!pre) return;
    const { color, field, typed, keep, keys } = book.editor;
    const stub = (pre.textContent ?? "").replace(/\n$/, "");
    const colored = [...pre.childNodes];
    let text = typed(root.id, stub);
    const area = field(pre, "exercise-code", title + say("：你的代码；按 Esc 离开，按 Ctrl+Enter 检查", ": your code; Escape leaves it, Control+Enter checks it"));
    pre.ariaHidden = "true";
    const reset = html("button", { type: "button", textContent: say("恢复", "Restore") });
    bar.append(start, reset);
    const printed = html("pre", { className: "run-output", hidden: true, tabIndex: 0, ariaLabel: say("你的输出", "Your output") });
    bar.after(printed, told);

    /** @type {(() => void) | undefined} */
    let stop;
    const show = () => {
      start.textContent = stop ? say("停止", "Stop") : say("检查", "Check");
      reset.hidden = text === stub;
      if (area.value !== text) area.value = text;
      if (text === stub) pre.replaceChildren(...colored);
      else color(pre, `${text}\n`);
    };
    /** @param {string} value */
    const short = (value) => html("code", { className: "literal", textContent: value.length > 120 ? `${value.slice(0, 120)}…` : value });
    /** Two values to six digits, if two numbers that differ are still seen to. @param {string[]} values */
    const rounded = (...values) => {
      const texts = values.map((value) => value.replace(/\d+\.\d{6,}/g, (x) => `${Number(Number(x).toPrecision(Math.max(6, x.indexOf(".") + 1)))}`));
      const [exact, seen] = [values, texts].map(([got, want]) => book.page.numbersIn(got).map((x, i) => [x, book.page.numbersIn(want)[i]]));
      const hides = seen.some(([a, b], i) => a === b && Math.abs(exact[i][0] - exact[i][1]) > 1e-9 * Math.abs(a));
      return hides || seen.every(([a, b]) => a === b) ? values : texts;
    };
    /** Where the checks stopped: number, wrong answer, and the values. @param {string} message */
    const fails = (message) => {
      const [number, known, ...values] = message.split("\t");
      const [got, want] = rounded(...values);
      const asked = data.asked[Number(number)];
      if (want === "True" && got !== "None") tell(short(asked), say(" 应该成立，现在不成立。", " should hold, and does not."));
      else tell(short(asked), say(" 应该是 ", " should be "), short(want), say("，你的是 ", "; yours is "), short(got), say("。", "."));
      if (known) told.append(about(Number(known)));
      else if (got === "None") told.append(say("什么也没有返回：缺了 return？", " Nothing is returned: is a return missing?"));
      const given = data.given.filter(([name]) => new RegExp(`\\b${name}\\b`).test(asked));
      if (given.length) told.append(html("pre", { textContent: given.map(([, code]) => code).join("\n") }));
    };
    /** @param {Parameters<Parameters<typeof book.python.run>[2]>[0]} said */
    const hear = ({ text: more, error, stopped, done }) => {
      if (more) {
        printed.hidden = false;
        return printed.append(more);
      }
      stop = undefined;
      if (done) right();
      else if (error?.where === "after" && error.message.split("\t").length === 4) fails(error.message);
      else tell(error ? book.python.explain(error) : stopped ?? "");
      show();
    };
    start.onclick = () => {
      if (stop) return stop();
      printed.textContent = "";
      printed.hidden = true;
      tell(say("正在检查……", "Checking …"));
      stop = book.page.python("", text, hear, data.program);
      show();
    };
    area.oninput = () => {
      text = area.value.replace(/\u00a0/g, " ");
      keep(root.id, text, stub);
      if (!stop) tell();
      show();
    };
    keys(area, () => start.focus(), () => stop || start.click());
    reset.onclick = () => {
      stop?.();
      text = stub;
      keep(root.id, text, stub);
      printed.hidden = true;
      show();
      tell(say("已恢复", "Restored"));
      start.focus();
    };
    show();
  };

  const number = () => {
    if (!("within" in data)) return;
    const answer = Number(root.querySelector(".predict-value")?.textContent?.trim().replace("−", "-"));
    const label = html("label", { textContent: say("你的答案：", "Your answer: ") }, bar);
    const field = html("input", { type: "text", inputMode: "decimal", autocomplete: "off", size: 8, value: remembered(root.id) ?? "" }, label);
    field.ariaLabel = title + say("：你的答案", ": your answer");
    start.textContent = say("检查", "Check");
    bar.append(start);
    bar.after(told);
    /** @param {number} given @param {number} number */
    const near = (given, number) => Math.abs(given - number) <= data.within + 1e-9 * Math.abs(number);
    start.onclick = () => {
      const given = book.page.numberIn(field.value);
      const known = data.wrong.findIndex((other) => near(given, other));
      if (!Number.isFinite(given)) tell(say("请写一个数，例如 0.5 或 1000。", "Write a number, such as 0.5 or 1000."));
      else if (near(given, answer)) right();
      else {
        tell(given > answer ? say("大了。", "Too high.") : say("小了。", "Too low."));
        if (known >= 0) told.append(about(known));
      }
    };
    field.oninput = () => {
      remember(root.id, field.value);
      tell();
    };
    field.onkeydown = (event) => {
      if (event.key === "Enter") start.click();
    };
  };

  root.classList.toggle("solved", solved());
  offer();
  welcome();
  book.page.nearing(root, () => {
    code();
    number();
  });
});
