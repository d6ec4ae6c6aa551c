// Python in the page: MicroPython in a worker, which is fetched at the first run and started anew for
// each. Nothing is asked of the network; `math` and `random` are there, and no other module.
//
// const stop = book.page.python(before, code, tell, after)
//
// asks for this script and has book.python.run run three texts, one after the other, with the same names: `before` and `after` in silence, `code`,
// which is the reader's, aloud. `tell` hears, as they come,
//
//   { text }           a piece of what the code prints,
//
// and in the end one of these:
//
//   { done: true, result }   all has run; `result` is what `after` has printed,
//   { error }          { type, message, line, where }: where is "code" if the reader's lines have
//                      failed, also those that `after` called, and line is theirs; else "before" or
//                      "after". book.python.explain(error) says it in the page's language; `result`
//                      is what `after` had printed by then. Characters of Chinese in place of Python's
//                      are found before anything runs,
//   { stopped, late }  why it has not ended, in the page's language: too long, which is `late`, too
//                      much, or stop().
//
// So an exercise has its asserts in `after`, and a drawing prints its points there.

book.python = (() => {
  const { say, html, all } = book.page;
  const SECONDS = 5; // that a run may take
  const LETTERS = 20000; // that it may print
  const ENGINE = new URL("../python/micropython.js", all("script[src*='js/python.']", HTMLScriptElement)[0]?.src ?? location.href).href;
  /** What went wrong, by its type. @type {Record<string, string>} */
  const TROUBLES = {
    SyntaxError: say("这里不合 Python 的语法", "this is not Python"),
    IndentationError: say("缩进不对：冒号下面的行要多缩进，同一层的行要对齐", "the indentation is wrong: lines below a colon go in further, and those of one block begin alike"),
    NameError: say("用到了没有定义的名字", "a name is used that nothing defines"),
    TypeError: say("这种值不能这样用", "a value of this type cannot be used so"),
    ValueError: say("这个值不合适", "this value does not fit"),
    IndexError: say("下标超出了范围", "an index is out of range"),
    KeyError: say("字典里没有这个键", "the dict has no such key"),
    AttributeError: say("它没有这个属性", "it has no such attribute"),
    ZeroDivisionError: say("除数是零", "a division by zero"),
    OverflowError: say("数太大了", "a number is too large"),
    ImportError: say("这里只有 math 和 random 两个模块", "only the modules math and random are here"),
    MemoryError: say("内存用完了", "the memory is used up"),
    RecursionError: say("函数调用自己的层数太多", "a function calls itself too often"),
    AssertionError: say("断言不成立", "an assertion does not hold"),
    NotImplementedError: say("MicroPython 没有这个功能", "MicroPython cannot do this"),
  };

  /**
   * @typedef {{ type: string, message: string, line?: number, where: string, odd?: string[][] }} Trouble odd: characters, each with Python's
   * @typedef {{ text?: string, done?: boolean, result?: string, error?: Trouble, stopped?: string, late?: boolean }} Said
   */

  const ASIDE = /#.*|("""|''')[^]*?\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g; // where any character may stand
  const ODD = /[\u3000-\u3002\u300a\u300b\u3010\u3011\uff01-\uff20\uff3b-\uff3e\uff40\uff5b-\uff5e“”‘’−—×÷]/g; // full-width ones and their like
  /** @type {Record<string, string>} */
  const USUAL = { "\u3000": " ", "、": ",", "。": ".", "《": "<", "》": ">", "【": "[", "】": "]", "“": '"', "”": '"', "‘": "'", "’": "'", "−": "-", "—": "-", "×": "*", "÷": "/" };
  /** The first line with characters that input methods give and Python does not take. @param {string} code @param {string} where @returns {Trouble | undefined} */
  const typo = (code, where) => {
    const lines = code.replace(ASIDE, (text) => text.replace(/./g, " ")).split("\n");
    const number = lines.findIndex((line) => line.match(ODD));
    if (number < 0) return;
    const odd = [...new Set(lines[number].match(ODD))].map((one) => [one, USUAL[one] ?? String.fromCharCode(one.charCodeAt(0) - 0xfee0)]);
    return { type: "SyntaxError", message: "", line: number + 1, where, odd };
  };

  // What no reader's code gets at: other modules, through one of which MicroPython reaches the browser.
  const ONLY = `
import builtins
def only(importing):
    def checked(name, *rest):
        if name not in ("math", "random"):
            raise ImportError("no module named '" + name + "'")
        return importing(name, *rest)
    return checked
def missing(*_):
    raise NameError("input and open are not here")
builtins.__import__ = only(__import__)
builtins.input = builtins.open = missing
del builtins, only, missing
`;
  /** What the worker does. It is told the engine first, and when it is wanted, what to run. */
  const WORK = `
    let ready;
    const start = async (wasm) => {
      const bytes = Uint8Array.from(atob(wasm), (letter) => letter.charCodeAt(0));
      self.fetch = async () => new Response(bytes, { headers: { "Content-Type": "application/wasm" } });
      return (await engine())({ url: "micropython.wasm", heapsize: 2 ** 25, pystack: 2 ** 16, linebuffer: false,
        stdin: () => null, stdout: (byte) => hear(byte), stderr: (byte) => hear(byte) });
    };
    let hear = () => {};
    const decode = (bytes, stream) => decoder.decode(new Uint8Array(bytes.splice(0)), { stream });
    const decoder = new TextDecoder();
    const run = async (texts) => {
      const python = await ready.catch(() => undefined);
      if (!python) return postMessage({ failed: true });
      postMessage({ started: true });
      let where = "start";
      const bytes = [];
      const say = (last) => bytes.length && postMessage({ text: decode(bytes, !last) });
      try {
        python.runPython(${JSON.stringify(ONLY)});
        for (where of ["before", "code", "after"]) {
          hear = where === "before" ? () => {} : where === "code"
            ? ([byte]) => bytes.push(byte) > 2000 && say() : ([byte]) => bytes.push(byte);
          python.runPython("exec(compile(" + JSON.stringify(texts[where]) + ", '" + where + "', 'exec'))");
          if (where === "code") say(true);
        }
        postMessage({ done: true, result: decode(bytes) });
      } catch (error) {
        if (where === "code") say(true);
        const [traceback, type] = [String(error.message ?? error), String(error.type ?? "")];
        const lines = [...traceback.matchAll(/File "code", line (\\d+)/g)];
        const last = traceback.trim().split("\\n").at(-1);
        const deep = /recursion|pystack/.test(last);
        postMessage({ error: {
          type: deep ? "RecursionError" : type || last.split(":")[0],
          message: last.replace(/^\\w+: ?/, ""),
          line: lines.length ? Math.min(Number(lines.at(-1)[1]), texts.code.trimEnd().split("\\n").length) : undefined,
          where: lines.length ? "code" : where,
        }, result: decode(bytes) });
      }
    };
    onmessage = ({ data }) => (data.wasm ? (ready = start(data.wasm)) : run(data));`;

  /** @type {Promise<void> | undefined} */
  let asked;
  const fetched = () => (asked ??= new Promise((resolve, reject) => {
    const script = html("script", { src: ENGINE }, document.head);
    script.onload = () => resolve();
    script.onerror = () => {
      asked = undefined; // and may be asked again
      reject();
    };
  }));
  /** @type {string | undefined} */
  let text;
  const worker = () => {
    text ??= URL.createObjectURL(new Blob([
      `const engine = async () => { ${book.micropython.engine}; return loadMicroPython; };`, WORK], { type: "text/javascript" }));
    const one = new Worker(text);
    one.postMessage({ wasm: book.micropython.wasm });
    return one;
  };
  /** One that waits, with its engine started. @type {Worker | undefined} */
  let spare;

  const broken = { stopped: say("Python 在这个浏览器里启动不了", "Python does not start in this browser") };
  /** @param {string} before @param {string} code @param {(said: Said) => void} tell */
  const run = (before, code, tell, after = "") => {
    const error = typo(before, "before") ?? typo(code, "code");
    if (error) {
      tell({ error });
      return () => {};
    }
    let left = LETTERS;
    let over = false;
    /** @type {Worker | undefined} */
    let one;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** @param {Said} said */
    const end = (said) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      one?.terminate();
      if (one) spare ??= worker();
      tell(said);
    };
    const late = () => end({ stopped: say(`${SECONDS} 秒还没有运行完，已停止`, `Not done after ${SECONDS} seconds: stopped`), late: true });
    fetched().then(() => {
      if (over) return;
      one = spare ?? worker();
      spare = undefined;
      one.onmessage = ({ data }) => {
        if (over) return;
        if (data.failed) end(broken);
        else if (data.started) timer = setTimeout(late, 1000 * SECONDS);
        else if (data.text) {
          tell({ text: data.text.slice(0, left) });
          left -= data.text.length;
          if (left < 0) end({ stopped: say("输出太多，已停止", "It prints too much: stopped") });
        } else end(data);
      };
      one.onerror = () => end(broken);
      one.postMessage({ before, code, after });
    }, () => end({ stopped: say("没有取到 Python，请再试一次", "Python could not be fetched: try again") }));
    return () => end({ stopped: say("已停止", "Stopped") });
  };

  /** An error in the page's language, with its line in the reader's code. @param {Trouble} error */
  const explain = ({ type, message, line, where, odd }) => {
    const place = where === "before" ? say("前面的代码：", "In earlier code: ")
      : line ? say(`第 ${line} 行：`, `Line ${line}: `) : "";
    if (odd) {
      const shown = odd.map((pair) => pair.map((one) => one.trim() || say("空格", "space")));
      const [these, usual] = [0, 1].map((of) => shown.map((pair) => pair[of]).join(" "));
      return place + say(`${these} 不是 Python 的字符，请改成半角的 ${usual}`, `Python has no ${these}: write the half-width ${usual}`);
    }
    if (message.includes("__xor__")) return place + say("^ 不是乘方，乘方写作 **", "^ is no power: write **");
    const literal = message ? `${type}: ${message}` : type;
    return place + (TROUBLES[type] ? TROUBLES[type] + say(`（${literal}）`, ` (${literal})`) : literal);
  };

  return { run, typo, explain };
})();
