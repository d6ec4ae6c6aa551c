// An objective of the reader's own: f(x, y) in Python, noted by tape.js, looked at by facts.js, and
// from then on an objective like the others, but that the explorer does not know how low it goes.
// The explorer asks for this script when it is wanted.
//
//   def f(x, y)          returns a number
//   low, high = -5, 5    between which x and y lie in the picture; may be left out

book.ownObjective = (() => {
  const { say, remembered } = book.page;
  const { write, writePoint } = book.numbers;
  const KEPT = "own-objective";
  const TITLE = say("你自己的 f(x, y)", "Your own f(x, y)");
  /** What the reader wrote last; an example before that. */
  const beginning = () => remembered(KEPT) || `${say("# 图上的 x 和 y 都从 low 到 high", "# x and y go from low to high")}
low, high = -5, 5

def f(x, y):
    return x**2 + y**2 / 4 + 5 * sin(y)
`;

  const ALLOWED = say("只能用 + - * / **、abs、max、min 和 math 里的函数", "only + - * / **, abs, max, min and functions of math can be used");
  const ONCE = say("f 只运行一次，这时 x 和 y 还不是具体的数，", "f runs only once, before x and y are numbers: ");
  /** What tape.js finds wrong. @type {Record<string, string>} */
  const WRONG = {
    missing: say("要有 def f(x, y)，它返回一个数", "def f(x, y) is needed, which returns a number"),
    limits: say("low 和 high 应当是数，high 比 low 大 0.001 到一百万，low 的绝对值不超过一百万",
      "low and high must be numbers, high above low by 0.001 to a million, and low within a million of 0"),
    nothing: say("f 什么也没有返回：最后要有 return", "f returns nothing: it must end with return"),
    compare: ONCE + say("不能比较，也不能用在 if 和 while 里；要分情况，用 abs、max 或 min", "they can be neither compared nor asked by if and while; for cases, use abs, max or min"),
    long: say("f 的运算太多了，最多 2000 次", "f takes too many operations; 2000 is the most"),
    base: say("底数不大于 0 的数，指数只能是写定的数", "a base that is not above 0 needs a fixed exponent"),
  };
  /** What is wrong, in the page's language. @param {Parameters<typeof book.python.explain>[0]} error */
  const explain = (error) => {
    const { message, where, line, type } = error;
    const place = line ? say(`第 ${line} 行：`, `Line ${line}: `) : "";
    const [, what = "", kind = ""] = /^f: (no number|\w+) ?(\w*)/.exec(message) ?? [];
    if (what === "no number") {
      return place + (line ? say(`这里要的是数，不是 ${kind}`, `a number is needed here, not ${kind}`)
        : say(`f 要返回一个数，它返回的是 ${kind}`, `f must return a number; it returns ${kind}`));
    }
    if (what in WRONG) return place + WRONG[what];
    if (/__[lg][te]__.*_Symbol/.test(message)) return place + WRONG.compare;
    if (message.includes("_Symbol") && !message.includes("__xor__")) return place + ONCE + ALLOWED;
    if (where === "after" && type === "TypeError") return say("f 要有两个参数：def f(x, y)", "f must take two arguments: def f(x, y)");
    return book.python.explain(error);
  };

  /** What was found of it. @param {NonNullable<ReturnType<typeof book.ownFacts.know>>} facts */
  const report = ({ minimizers, levels, minimum, blank, unit, run }) => {
    const out = [0, 0, 0];
    const heights = minimizers.map(([x, y]) => {
      run(x, y, out);
      return out[0];
    });
    const lowest = minimizers.filter((_, i) => heights[i] - heights[0] <= 1e-6 * unit).map(writePoint);
    const where = lowest.slice(0, 4).join(say("、", ", ")) + (lowest.length > 4 ? " …" : "");
    const f = write(Math.abs(heights[0]) < 1e-9 * unit ? 0 : heights[0]);
    const said = [];
    if (minimizers.length === 1) said.push(say(`图中找到一个极小值点 ${where}，f = ${f}`, `One minimum found in the picture: ${where}, f = ${f}`));
    else if (minimizers.length) {
      said.push(say(`图中找到 ${minimizers.length} 个极小值点，最低的是 ${where}，f = ${f}`,
        `${minimizers.length} minima found in the picture, the lowest at ${where}, f = ${f}`));
    } else if (levels.length) said.push(say("图中没有找到极小值点", "No minimum found in the picture"));
    if (!levels.length) said.push(say(`f 处处是 ${write(minimum)}，没有等高线`, `f is ${write(minimum)} everywhere: there are no contours`));
    if (blank) said.push(say("画斜线的地方，f 不是数", "where it is hatched, f is no number"));
    return said.join(say("；", "; "));
  };

  /**
   * The panel with the code, before the drawer. It runs when the reader says so; until then, and where
   * it fails, the picture stays as it is.
   * @param {Element} drawer
   * @param {Preset} preset
   * @param {Record<string, Interval[]>} pictures the limits of each objective
   * @param {() => State} state the explorer's
   * @param {(state: State) => void} turnTo another
   */
  const make = (drawer, preset, pictures, state, turnTo) => {
    /** What the reader has typed. @param {string} code */
    const type = (code) => turnTo({ ...state(), f: code,
      asked: state().asked?.replace(/(^|&)f=[^&]*/, () => `&f=${encodeURIComponent(code)}`) });
    const { root, area, said, show, name } = book.field(`${TITLE} (Python)`, KEPT, type, () => (stop ? stop() : run(area.value)));
    drawer.before(root);
    /** It has run: what a link asked for besides comes with it, else what the reader has set stays. @param {Objective} its */
    const use = (its) => {
      const { OBJECTIVES } = book.gdcore;
      const [before, now] = [OBJECTIVES.own, state()];
      OBJECTIVES.own = its;
      pictures.own = its.limits;
      if (now.objective === "own") {
        for (const [name, { numbers }] of Object.entries(now.runners)) { // rates that nobody has turned
          if (numbers[0] === before.rates[name]) numbers[0] = its.rates[name];
        }
      }
      const same = String(before?.limits) === String(its.limits);
      const next = (now.asked && book.address.read(now.asked, pictures, preset)) || (now.objective === "own"
        ? { ...now, start: same ? book.state.heldStart(its, its.limits, now.start, its.start) : its.start } : book.state.turned(now, "own", preset));
      turnTo({ ...next, f: its.code });
    };
    /** @type {(() => void) | undefined} */
    let stop;
    let running = "";
    /** What came of the code that ran last. @type {{ code?: string, text: string }} */
    let last = { text: "" };
    let shown = ""; // the title of what the picture is of
    /** @param {string} text */
    const tell = (text) => {
      if (said.textContent !== text) said.textContent = text;
    };
    /** @param {string} code */
    const run = (code) => {
      running = code;
      tell(say("正在运行……", "Running …"));
      const { BEFORE, AFTER, read, python } = book.ownTape;
      stop = book.page.python(BEFORE, code, ({ done, result = "", error, stopped, text }) => {
        if (text) return; // what it prints is for nobody
        stop = undefined;
        name(false);
        if (running !== code) return;
        const facts = done ? book.ownFacts.know(read(result)) : undefined;
        last = { code, text: facts ? report(facts) : stopped ?? (error ? explain(error)
          : say("图中没有一处的 f 是数", "f is no number anywhere in the picture")) };
        if (facts) use({ ...facts, title: TITLE, code, python: python(result) });
        else settle(shown);
      }, AFTER);
      name(true);
    };
    /** Go by the explorer's state. @param {string} title of what the picture is of */
    const settle = (title) => {
      const code = state().f;
      show(code);
      shown = title;
      if (stop && code !== running) {
        running = "";
        stop();
      }
      if (stop) return;
      tell(code === undefined ? "" : code === last.code ? last.text
        : title === TITLE ? say("改了以后还没有运行", "Changed, and not run yet")
          : say(`还没有运行，图上仍是：${title}`, `Not run yet; the picture still shows: ${title}`));
    };
    /** The reader wants one. */
    const begin = () => {
      type(beginning());
      run(beginning());
    };
    return { begin, settle };
  };

  return { report, make };
})();
