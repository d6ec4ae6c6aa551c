// Questions that a reader answers before the page does. A guess stays on this machine, until the reader
// takes it back.

book.page.all(".predict", HTMLElement).forEach((root) => {
  const { say, html, remember, remembered } = book.page;
  const answer = root.querySelector("details");
  const value = root.querySelector(".predict-value")?.textContent?.trim() ?? "";
  if (!answer) return;
  const key = root.id;
  const choices = root.dataset.kind === "choice";
  const within = Number(root.dataset.within);

  /** A number as people write it: 0.36, 0,36, −2, 3e-4. @param {string} text */
  const read = (text) => (text.trim() ? Number(text.trim().replace(/^[−–]/, "-").replace(",", ".")) : NaN);
  /** @param {number} guess */
  const verdict = (guess) => {
    const right = read(value);
    if (Math.abs(guess - right) <= within) return say("猜中了。", "Right.");
    if (choices) return say(`你选的是 ${guess}。`, `You chose ${guess}.`);
    return guess > right ? say("猜大了。", "Too high.") : say("猜小了。", "Too low.");
  };

  const form = html("form", { id: `${key}-form`, className: "predict-form", noValidate: true });
  answer.before(form);
  /** @type {HTMLInputElement[]} */
  const radios = [];
  /** @type {HTMLInputElement | undefined} */
  let field;
  if (choices) {
    for (const list of root.querySelectorAll(":scope > .pair ol")) {
      [...list.children].forEach((item, i) => {
        const label = html("label");
        const radio = html("input", { type: "radio", name: `${key}-${radios.length - i}`, value: i + 1 });
        radio.setAttribute("form", form.id);
        const said = html("span", { innerHTML: item.innerHTML }); // a formula once, as it is read aloud
        said.querySelectorAll(".katex-html, annotation").forEach((part) => part.remove());
        radio.ariaLabel = said.textContent?.trim() || String(i + 1);
        label.append(radio, ...item.childNodes);
        item.append(label);
        radios.push(radio);
      });
    }
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
    told.textContent = guess === null ? "" : verdict(read(guess));
  };

  form.onsubmit = (event) => {
    event.preventDefault();
    const guess = field ? field.value : radios.find((radio) => radio.checked)?.value ?? "";
    if (!Number.isFinite(read(guess))) {
      told.textContent = choices ? say("先选一项。", "Choose one first.")
        : say("请写一个数，例如 0.5。", "Write a number, such as 0.5.");
      return;
    }
    remember(key, String(choices ? guess : read(guess)));
    show(guess);
    dispatchEvent(new Event("guess")); // an instrument may begin there
  };
  again.onclick = () => {
    remember(key, "");
    show(null);
    (field ?? radios[0])?.focus();
  };
  const kept = remembered(key);
  show(kept && Number.isFinite(read(kept)) ? kept : null);
});
