// Cells that run in the page: MicroPython in a worker, which is fetched at the first click and started
// anew for each run. A reader may change the code; what they typed is kept on this machine.

{
  const { say, html, remember, remembered, all } = book.page;
  const SECONDS = 5; // that a run may take
  const LETTERS = 20000; // that it may print
  const ENGINE = new URL("../python/micropython.js", all("script[src*='js/run.js']", HTMLScriptElement)[0].src).href;
  /** What went wrong, by its type. @type {Record<string, string>} */
  const TROUBLES = {
    SyntaxError: say("这不是合法的 Python", "this is not Python"),
    IndentationError: say("缩进不对", "the indentation is wrong"),
    NameError: say("用到了没有定义的名字", "a name is used that nothing defines"),
    TypeError: say("这种值不能这样用", "a value of this type cannot be used so"),
    ValueError: say("这个值不合适", "this value does not fit"),
    IndexError: say("下标超出了范围", "an index is out of range"),
    KeyError: say("字典里没有这个键", "the dict has no such key"),
    AttributeError: say("对象没有这个属性", "the object has no such attribute"),
    ZeroDivisionError: say("除以零", "a division by zero"),
    OverflowError: say("数太大了", "a number is too large"),
    ImportError: say("这里只有 math、random 等少数模块", "only math, random and a few other modules are here"),
    MemoryError: say("内存用完了", "the memory is used up"),
    RuntimeError: say("递归太深，或者运行出错", "a recursion too deep, or an error as it ran"),
    AssertionError: say("断言不成立", "an assertion does not hold"),
  };

  /** What the worker does: it runs what must run before, silently, then the cell. */
  const WORK = `
    onmessage = async ({ data: { wasm, before, code } }) => {
      const decode = new TextDecoder();
      let bytes = [], silent = true;
      const flush = () => { if (bytes.length) postMessage({ text: decode.decode(new Uint8Array(bytes)) }); bytes = []; };
      const stdout = (part) => { if (!silent) bytes.push(...part); if (bytes.length > 2000) flush(); };
      const python = await (await engine())({ url: wasm, heapsize: 2 ** 25, pystack: 2 ** 15, linebuffer: false, stdout, stderr: stdout });
      try {
        python.runPython(before);
        silent = false;
        python.runPython(code);
        flush();
        postMessage({ done: true });
      } catch (error) {
        flush();
        postMessage({ error: String(error.message ?? error), before: silent });
      }
    };
    postMessage({ ready: true });`;

  /** @type {Promise<void> | undefined} */
  let asked;
  const fetched = () => (asked ??= new Promise((resolve, reject) => {
    const script = html("script", { src: ENGINE }, document.head);
    script.onload = () => resolve();
    script.onerror = reject;
  }));
  /** @type {string | undefined} */
  let text;
  /** @type {Worker | undefined} */
  let spare;
  const worker = () => {
    text ??= URL.createObjectURL(new Blob([
      `const engine = () => (async () => { ${book.micropython.engine}; return loadMicroPython; })();`, WORK], { type: "text/javascript" }));
    return new Worker(text);
  };

  /**
   * Run a cell after what must run before; say what it prints as it prints it. Returns how to stop it.
   * @param {string} before
   * @param {string} code
   * @param {(said: { text?: string, error?: string, done?: boolean, stopped?: string }) => void} tell
   */
  const run = (before, code, tell) => {
    let printed = 0;
    let over = false;
    /** @type {Worker | undefined} */
    let one;
    /** @param {Parameters<typeof tell>[0]} said */
    const end = (said) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      one?.terminate();
      tell(said);
    };
    const timer = setTimeout(() => end({ stopped: say(`${SECONDS} 秒还没有完，停下了。`, `Not done after ${SECONDS} seconds: stopped.`) }), 1000 * SECONDS);
    fetched().then(() => {
      if (over) return;
      one = spare ?? worker();
      spare = undefined;
      one.onmessage = ({ data }) => {
        if (over || data.ready) return;
        if (data.text) {
          printed += data.text.length;
          tell({ text: data.text.slice(0, LETTERS) });
          if (printed > LETTERS) end({ stopped: say("印出的太多，停下了。", "It printed too much: stopped.") });
        } else end(data);
        if (over) spare ??= worker();
      };
      one.onerror = (event) => end({ error: event.message });
      one.postMessage({ wasm: `data:application/wasm;base64,${book.micropython.wasm}`, before, code });
    }, () => end({ error: say("没能取到 MicroPython。", "MicroPython could not be fetched.") }));
    return () => end({ stopped: say("停下了。", "Stopped.") });
  };

  /** An error in the page's language, with its line. @param {string} error */
  const explained = (error) => {
    const line = /line (\d+)/.exec(error)?.[1];
    const last = error.trim().split("\n").at(-1) ?? error;
    const [type] = last.split(":");
    const where = line ? say(`第 ${line} 行：`, `Line ${line}: `) : "";
    return where + (TROUBLES[type] ? `${TROUBLES[type]}${say("（", " (")}${last}${say("）", ")")}` : last);
  };

  // Colors ----------------------------------------------------------------------------------------

  const TOKENS = /(#[^\n]*)|([fbru]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"[^"\n]*"|'[^'\n]*'))|\b(\d[\d_.]*(?:e[-+]?\d+)?)\b|\b(and|as|assert|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|True|False|None)\b/g;
  const KINDS = ["c1", "s2", "mf", "k"];
  /** Show code in the colors of the book's. @param {Element} pre @param {string} code */
  const color = (pre, code) => {
    const parts = [];
    let at = 0;
    for (const match of code.matchAll(TOKENS)) {
      parts.push(code.slice(at, match.index), html("span", { className: KINDS[match.slice(1).findIndex(Boolean)], textContent: match[0] }));
      at = match.index + match[0].length;
    }
    pre.replaceChildren(...parts, code.slice(at));
  };

  // The cells -------------------------------------------------------------------------------------

  /** @type {{ code: () => string }[]} */
  const cells = [];
  all(".run", HTMLElement).forEach((place) => {
    const input = place.parentElement;
    const cell = place.closest(".cell");
    const pre = input?.querySelector("pre");
    if (!input || !cell || !pre) return;
    const number = Number(place.dataset.number);
    /** @type {(string | number)[]} */
    const before = JSON.parse(place.dataset.before ?? "[]");
    const original = (pre.textContent ?? "").replace(/\n$/, "");
    const colored = [...pre.childNodes];
    const key = `code-${location.pathname.split("/").at(-1)}-${number}`;
    // What was typed into an older text of the cell is not for this one.
    const [kept, of] = JSON.parse(remembered(key) || "[null, null]");
    let code = of === original && typeof kept === "string" ? kept : original;

    const start = html("button", { type: "button", className: "run-start" }, place);
    const edit = html("button", { type: "button", textContent: say("改一改", "Change") }, place);
    const reset = html("button", { type: "button", textContent: say("复原", "Restore") }, place);
    const told = html("output", { ariaLive: "polite" }, place);
    const printed = html("pre", { className: "run-output", hidden: true });
    const built = [...cell.querySelectorAll(".cell_output .output pre")].map(({ textContent }) => textContent).join("");
    place.after(printed);
    const area = html("textarea", { className: "run-code", spellcheck: false, autocapitalize: "off", hidden: true, ariaLabel: say(
      "代码，可以改；按 Esc 离开", "Code to change; Escape leaves it") });
    pre.after(area);

    const mine = () => code !== original;
    const show = () => {
      start.textContent = stop ? say("停下", "Stop") : say("运行", "Run");
      reset.hidden = !mine();
      if (mine()) color(pre, `${code}\n`);
      else pre.replaceChildren(...colored);
      area.value = code;
      area.rows = code.split("\n").length;
    };
    /** @type {(() => void) | undefined} */
    let stop;
    const leave = () => {
      pre.hidden = false;
      area.hidden = true;
      edit.ariaExpanded = "false";
    };
    start.onclick = () => {
      if (stop) return stop();
      const first = before.map((piece) => (typeof piece === "number" ? cells[piece]?.code() ?? "" : piece)).join("\n");
      printed.textContent = "";
      printed.hidden = false;
      told.textContent = say("正在运行……", "Running …");
      stop = run(first, code, ({ text, error, stopped, done }) => {
        if (text) return printed.append(text);
        stop = undefined;
        if (error) html("span", { className: "run-error", textContent: explained(error) }, printed);
        const same = printed.textContent === built;
        told.textContent = stopped ?? (error ? say("出错了", "An error")
          : done && same ? say("和书里印的一样", "As the book printed it") : say("这是你的结果", "Your output"));
        cell.classList.toggle("run-mine", !same);
        printed.hidden = same || !printed.textContent;
        show();
      });
      show();
    };
    edit.onclick = () => {
      if (!area.hidden) return leave();
      area.hidden = false;
      pre.hidden = true;
      edit.ariaExpanded = "true";
      area.focus();
    };
    area.oninput = () => {
      code = area.value.replace(/\r\n?/g, "\n").replace(/\u00a0/g, " ");
      remember(key, mine() ? JSON.stringify([code, original]) : "");
      reset.hidden = !mine();
      area.rows = code.split("\n").length;
    };
    area.onkeydown = (event) => {
      if (event.key === "Escape") {
        show();
        leave();
        edit.focus();
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) start.click();
    };
    reset.onclick = () => {
      code = original;
      remember(key, "");
      printed.hidden = true;
      cell.classList.remove("run-mine");
      told.textContent = say("已复原", "Restored");
      show();
      leave();
    };
    cells[number] = { code: () => code };
    show();
  });
}
