// Questions that a reader answers before the page does. A guess stays on this machine, until the reader
// takes it back.

book.page.all(".predict", HTMLElement).forEach((root) => book.page.nearing(root, () => {
  const { say, html, remember, remembered, numberIn: read, numbersIn } = book.page;
  const answer = root.querySelector("details");
  const value = root.querySelector(".predict-value")?.textContent?.trim() ?? "";
  if (!answer) return;
  const key = root.id;
  const { kind = "number" } = root.dataset;
  const choices = kind === "choices";
  const drawn = kind === "point" || kind === "line";
  const within = Number(root.dataset.within);

  /** How high a number lies on the plot, from 0 to 1. @param {number} v */
  const height = (v) => {
    const [, low, high, log] = JSON.parse(root.dataset.axes ?? "[]")[1];
    const [at, from, to] = [v, low, high].map((u) => (log ? Math.log(Math.max(u, 1e-300)) : u));
    return (at - from) / (to - from);
  };
  /** What is wrong with a guess, in words; nothing, if it can be judged. @param {string} guess */
  const wrong = (guess) => {
    if (choices) return Number.isFinite(read(guess)) ? "" : say("先选一项。", "Choose one first.");
    if (!drawn) return Number.isFinite(read(guess)) ? "" : say("请写一个数，例如 0.5 或 1000。", "Write a number, such as 0.5 or 1000.");
    if (numbersIn(guess).length === numbersIn(value).length) return "";
    return kind === "point" ? say("先在图上放一个点。", "Put a point on the plot first.")
      : say("先从左到右画一条线。", "Draw a line from the left to the right first.");
  };
  /** @param {string} guess */
  const verdict = (guess) => {
    if (drawn) {
      const right = numbersIn(value);
      const apart = numbersIn(guess).map((v, i) => (kind === "point" ? v - right[i] : height(v) - height(right[i])));
      const far = kind === "point" ? Math.hypot(...apart) : apart.reduce((sum, h) => sum + Math.abs(h), 0) / apart.length;
      if (far <= within) return say("猜中了。", "Right.");
      return kind === "point" ? say("差得有点远，看答案在哪里。", "Not there: see where the answer is.")
        : say("和你画的不一样，看看差在哪里。", "Not as you drew it: see where they part.");
    }
    const [number, right] = [read(guess), read(value)];
    if (Math.abs(number - right) <= within) return say("猜中了。", "Right.");
    if (choices) return say(`不是 ${number}。`, `Not ${number}.`);
    return number > right ? say("猜大了。", "Too high.") : say("猜小了。", "Too low.");
  };

  const form = html("form", { id: `${key}-form`, className: "predict-form", noValidate: true });
  answer.before(form);
  /** @type {HTMLInputElement[]} */
  const radios = [];
  /** @type {HTMLInputElement | undefined} */
  let field;
  if (choices) {
    root.querySelectorAll(":scope > .pair ol").forEach((list, language) => [...list.children].forEach((item, i) => {
      const label = html("label");
      const radio = html("input", { type: "radio", name: `${key}-${language}`, value: i + 1 });
      radio.setAttribute("form", form.id);
      const said = html("span", { innerHTML: item.innerHTML }); // a formula once, as it is read aloud
      said.querySelectorAll(".katex-html, annotation").forEach((part) => part.remove());
      radio.ariaLabel = said.textContent?.trim() || String(i + 1);
      label.append(radio, ...item.childNodes);
      item.append(label);
      radios.push(radio);
    }));
  } else if (drawn) {
    field = html("input", { type: "hidden", className: "predict-drawn" }, form); // sketch.js fills it
  } else {
    const label = html("label", { textContent: say("你猜：", "Your guess: ") }, form);
    field = html("input", { type: "text", inputMode: "decimal", autocomplete: "off", size: 8 }, label);
  }
  const commit = html("button", { textContent: say("就猜这个", "That is my guess") }, form);
  const again = html("button", { type: "button", textContent: say("重新猜", "Guess again") }, form);
  const told = html("output", { ariaLive: "polite" }, form);

  /** @param {string | null} guess */
  const show = (guess) => {
    const made = guess !== null;
    answer.open = made;
    root.classList.toggle("guessed", made);
    commit.hidden = made;
    again.hidden = !made;
    if (field) {
      field.readOnly = made;
      field.value = guess ?? "";
    }
    for (const radio of radios) {
      radio.disabled = made;
      radio.checked = radio.value === guess;
      radio.closest("li")?.classList.toggle("right", made && radio.value === value);
    }
    told.textContent = guess === null ? "" : verdict(guess);
    dispatchEvent(new Event("guess")); // a plot or an instrument may go by it
  };

  root.oninput = () => { // what was missing is being mended
    if (!root.matches(".guessed")) told.textContent = "";
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const guess = field ? field.value : radios.find((radio) => radio.checked)?.value ?? "";
    told.textContent = wrong(guess);
    if (told.textContent) return;
    remember(key, guess);
    show(guess);
  };
  again.onclick = () => {
    remember(key, "");
    show(null);
    (field && !drawn ? field : radios[0] ?? root.querySelector("[tabindex='0']"))?.focus();
  };
  // Who has opened the answer has nothing left to guess.
  answer.ontoggle = () => (commit.disabled = answer.open && !root.matches(".guessed"));
  const kept = remembered(key);
  show(kept && !wrong(kept) ? kept : null);
}));
