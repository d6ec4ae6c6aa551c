// The reader's own optimizer in the race, by the rules that racing.js has for all: the same courses, starts and
// noise, and the same rates for its eta, if it has one. Python in a worker does the descents, so the page stays
// alive: as many at a time as take about half a second, on several courses at once.

book.ownRace = (() => {
  const { say } = book.page;
  const { TRAIN, finishes, course, tuned } = book.racing;
  const TIME = 500; // ms that a piece of the race may take, if it can be cut so small
  const LANES = 4;

  /**
   * Race on all courses. Returns how to stop.
   * @param {string} code
   * @param {Rules} rules
   * @param {(done: number) => void} progress how many courses are done
   * @param {(end: { scores?: number[], tunes?: boolean, trouble?: string }) => void} tell the mean score at
   *   each finish, and whether it has an eta; or what is wrong
   */
  const race = (code, rules, progress, tell) => {
    const marks = finishes(rules.last);
    const names = Object.keys(rules.courses);
    const scores = marks.map(() => 0);
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
    /** What Python prints, after the reader's code. @param {string} after @param {string} [where] */
    const printed = (after, where = "") => /** @type {Promise<string>} */ (new Promise((resolve) => {
      const stop = book.page.python("", code, ({ done, result = "", error, stopped, text }) => {
        if (text) return; // what the code prints is for nobody
        stops.delete(stop);
        if (done) resolve(result);
        else end({ trouble: where + (stopped ?? (error ? book.own.explain(error) : "")) });
      }, after);
      stops.add(stop);
    }));
    let many = 1; // times twenty descents a piece
    /**
     * What it gains from twenty starts at each of these.
     * @param {string} name
     * @param {ReturnType<typeof course>} its
     * @param {[rate: number | undefined, first: number][]} asked
     */
    const gains = async (name, its, asked) => {
      const sums = asked.map(() => marks.map(() => 0));
      for (let from = 0; from < asked.length;) {
        const piece = asked.slice(from, from + many);
        const began = performance.now();
        const descents = piece.flatMap(([rate, first]) =>
          Array.from({ length: TRAIN }, (_, i) => /** @type {[number | undefined, number]} */ ([rate, first + i])));
        const wanted = new Set(descents.map(([, i]) => i));
        const noises = its.noises.map((noise, i) => (wanted.has(i) ? noise : undefined));
        const { title } = book.gdcore.OBJECTIVES[name];
        const lines = (await printed(book.own.loop(code, name, { ...its, noises, descents, marks }), say(`${title}：`, `${title}: `))).split("\n");
        let [at, finish] = [0, 0];
        for (const line of lines.slice(0, -1)) {
          if (!line) [at, finish] = [at + 1, 0]; // where a descent ends
          else {
            const [x, y] = line.split(" ").map(Number);
            sums[from + Math.floor(at / TRAIN)][finish++] += its.gained(descents[at][1], x, y);
          }
        }
        from += piece.length;
        many = Math.max(1, Math.floor((piece.length * TIME) / (performance.now() - began)));
      }
      return sums;
    };
    (async () => {
      const tunes = (await printed("print('eta' in globals(), step, state)")).startsWith("True");
      const next = names[Symbol.iterator]();
      let done = 0;
      const lane = async () => {
        for (const name of next) {
          const its = course(name, rules);
          const turn = tuned(tunes ? rules.rates : [undefined], marks.length);
          let now = turn.next([]);
          while (!now.done) now = turn.next(await gains(name, its, now.value));
          now.value.forEach((score, f) => { scores[f] += score / names.length; });
          progress(++done);
        }
      };
      await Promise.all(Array.from({ length: Math.min(LANES, navigator.hardwareConcurrency || 1) }, lane));
      end({ scores, tunes });
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
      const many = Object.keys(rules.courses).length;
      panel.settle(code, `${key}${last}`, busy, (hear) => race(code ?? "", { ...rules, last },
        (done) => hear(say(`正在调参、赛跑，跑完 ${done} / ${many} 条赛道……`, `Tuning and racing: ${done} of ${many} courses done …`)),
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
