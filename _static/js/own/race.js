// The reader's own optimizer in the race, by the rules that racing.js has for all: the same courses, starts and
// noise, and the same rates for its eta, if it has one. Python in a worker does the descents, so the page stays
// alive: as many at a time as take about a second, on several courses at once.

book.ownRace = (() => {
  const { say } = book.page;
  const TIME = 1000; // ms that a piece of the race may take, if it can be cut so small
  const LANES = 4;

  /**
   * Race on all courses. Returns how to stop.
   * @param {string} code
   * @param {Rules} rules
   * @param {(part: number, races: boolean) => void} progress how much of the tuning is done, then of the race
   * @param {(end: { scores?: number[], tunes?: boolean, trouble?: string }) => void} tell the mean score at
   *   each finish, and whether it has an eta; or what is wrong
   */
  const race = (code, rules, progress, tell) => {
    const { TRAIN, finishes, course, tuned } = book.racing; // which the explorer lacks
    const marks = finishes(rules.last);
    const names = Object.keys(rules.courses);
    const courses = names.map((name) => course(name, rules));
    let over = false;
    /** @type {Set<() => void>} */
    const stops = new Set();
    /** @param {Parameters<typeof tell>[0]} said */
    const end = (said) => {
      if (over) return;
      over = true;
      for (const stop of stops) stop();
      tell(said);
    };
    /**
     * What Python prints, after the reader's code; nothing, if it takes too long and can be cut.
     * @param {string} after
     * @param {boolean} [cut]
     * @param {(printed: string) => string} [where] it was when it failed
     */
    const printed = (after, cut, where = () => "") => /** @type {Promise<string | undefined>} */ (new Promise((resolve) => {
      const stop = book.page.python("", code, ({ done, result = "", error, stopped, late, text }) => {
        if (text) return; // what the code prints is for nobody
        stops.delete(stop);
        if (done) resolve(result);
        else if (late && cut) resolve(undefined);
        else end({ trouble: stopped ?? (error ? where(result) + book.own.explain(error) : "") });
      }, after);
      stops.add(stop);
    }));
    let many = 1; // times twenty descents a piece
    let start = Infinity; // ms that Python takes to start, as far as is known
    /**
     * What it gains from twenty starts at each of these.
     * @param {{ c: number, rate: number | undefined, first: number }[]} asked on which course, at which rate
     * @param {boolean} races
     */
    const gains = async (asked, races) => {
      const sums = asked.map(() => marks.map(() => 0));
      let [next, done] = [0, 0];
      /** Those from one on, so many. @param {number} from @param {number} size @returns {Promise<void>} */
      const run = async (from, size) => {
        const began = performance.now();
        const descents = asked.slice(from, from + size).flatMap(({ c, rate, first }) =>
          Array.from({ length: TRAIN }, (_, i) => ({ c, rate, i: first + i })));
        const parts = [...new Set(descents.map(({ c }) => c))].map((c) => {
          const its = descents.filter((one) => one.c === c);
          const wanted = new Set(its.map(({ i }) => i));
          return { ...courses[c], name: names[c], noises: courses[c].noises.map((noise, i) => (wanted.has(i) ? noise : undefined)),
            descents: its.map(({ rate, i }) => /** @type {[number | undefined, number]} */ ([rate, i])) };
        });
        const result = await printed(book.own.loop(code, parts, marks), size > 1, (by) => {
          const { title } = book.gdcore.OBJECTIVES[names[descents[by.split("\n").slice(0, -1).filter((line) => !line).length].c]];
          return say(`${title}：`, `${title}: `);
        });
        if (result === undefined) {
          many = 1;
          for (let i = 0; i < size; i++) await run(from + i, 1);
          return;
        }
        let [at, finish] = [0, 0];
        for (const line of result.split("\n").slice(0, -1)) {
          if (!line) [at, finish] = [at + 1, 0]; // where a descent ends
          else {
            const [x, y] = line.split(" ").map(Number);
            sums[from + Math.floor(at / TRAIN)][finish++] += courses[descents[at].c].gained(descents[at].i, x, y);
          }
        }
        progress((done += size) / asked.length, races);
        const took = performance.now() - began;
        start = Math.min(start, took);
        many = Math.max(1, Math.floor(size * Math.min(4, TIME / (took - start))));
      };
      const lane = async () => {
        while (next < asked.length) {
          const [from, size] = [next, Math.min(many, asked.length - next)];
          next += size;
          await run(from, size);
        }
      };
      await Promise.all(Array.from({ length: Math.min(LANES, navigator.hardwareConcurrency || 1) }, lane));
      return sums;
    };
    (async () => {
      const tunes = (await printed("print('eta' in globals(), step, state)"))?.startsWith("True");
      const turns = names.map(() => tuned(tunes ? rules.rates : [undefined], marks.length));
      let sums = names.map(() => /** @type {number[][]} */ ([]));
      for (const races of [false, true]) { // all tune before one races: so few pieces are small
        const asked = turns.flatMap((turn, c) => [turn.next(sums[c]).value].flatMap((its) =>
          /** @type {[number | undefined, number][]} */ (its).map(([rate, first]) => ({ c, rate, first }))));
        const gained = await gains(asked, races);
        sums = names.map((_, c) => gained.filter((_, i) => asked[i].c === c));
      }
      const each = turns.map((turn, c) => /** @type {number[]} */ (turn.next(sums[c]).value));
      end({ scores: marks.map((_, f) => each.reduce((sum, its) => sum + its[f] / names.length, 0)), tunes });
    })();
    return () => end({ trouble: say("已停止", "Stopped") });
  };

  /**
   * Its panel, behind the controls.
   * @param {HTMLElement} controls
   * @param {(code: string) => void} type what the reader has typed
   * @param {() => void} show when there are scores
   */
  const join = (controls, type, show) => {
    const panel = book.own.make(type, () => {}, say("每次下降前，这段代码都重新运行一遍。代码里有 eta，就和别的方法一样为它试遍所有学习率；没有，就按原样上场。",
      "The code runs anew before each descent. If it has an eta, all the rates are tried for it, as for the others; if not, it races as it is."));
    controls.after(panel.root);
    let asked = { rules: "", last: 0 }; // the longest race under these rules
    let known = { rules: "", scores: /** @type {number[]} */ ([]) };
    /**
     * Go by the state of the race. Returns its scores, none before it has raced, and whether they are stale.
     * @param {string | undefined} code none, if it is not shown
     * @param {Rules} rules
     * @param {boolean} busy whether the others are racing
     */
    const settle = (code, rules, busy) => {
      if (code === undefined) known = { rules: "", scores: [] };
      const key = JSON.stringify([code, rules.degrees, rules.sigma, rules.seed]);
      asked = { rules: key, last: Math.max(rules.last, asked.rules === key ? asked.last : 0) };
      const { last } = asked;
      panel.settle(code, `${key}${last}`, busy, (hear) => race(code ?? "", { ...rules, last },
        (part, races) => {
          const tenths = `${10 * Math.floor(10 * part)}%`; // seldom enough to be spoken
          hear(races ? say(`正在比赛，完成 ${tenths}……`, `Racing: ${tenths} done …`) : say(`正在调参，完成 ${tenths}……`, `Tuning: ${tenths} done …`));
        },
        ({ scores, tunes, trouble }) => {
          if (!scores) return hear(trouble ?? "", false);
          known = { rules: key, scores };
          hear(tunes ? say("已上场，eta 和别的方法一样调过", "In the race, its eta tuned as the others' rates are")
            : say("已上场：代码里没有 eta，按原样跑", "In the race as it is: there is no eta to tune"), true);
          show();
        }));
      return { scores: known.scores, stale: known.rules !== key };
    };
    return { settle };
  };

  return { race, join };
})();
