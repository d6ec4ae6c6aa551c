// What the explorer says, in one of the book's two languages: names of methods, how a run stands, what
// is known of its rates. Nothing here needs a page.

/** @param {(zh: string, en: string) => string} say the one of two texts */
book.words = (say) => {
  const { write, steady, writePoint, power } = book.numbers;
  const { AT_REST, minimizerAt, limitOf } = book.outcomes;
  const { LONG, standing } = book.standing;

  const METHODS = book.methods(say);
  /** @type {Record<string, string>} */
  const LETTERS = { learning_rate: "η", beta: "β", beta1: "β₁", beta2: "β₂", rho: "ρ", eps: "ε", weight_decay: "λ" };
  const FORCES = { pull: say("坡的拉力", "pull"), memory: say("惯性", "memory"), step: say("这一步", "step") };
  const STANDING = {
    start: say("在起点", "at the start"),
    descending: say("正在下降", "descending"),
    slowing: say("慢下来了", "slowing"),
    bouncing: say("来回跳", "bouncing"),
    rising: say("正在上升", "rising"),
    left: say("跑到图外了", "left the picture"),
    flat: say("停在平地上", "stopped on flat ground"),
    elsewhere: say("停在别处", "stopped elsewhere"),
  };
  /** @param {number} k */
  const step = (k) => say(`第 ${k} 步`, `Step ${k}`);

  /**
   * How a run stands at step k.
   * @param {Run} run
   * @param {number} k
   * @param {Objective} objective
   * @param {Interval[]} limits
   */
  const stands = (run, k, objective, limits) => {
    const word = standing(run, k, objective, limits);
    if (word === "diverged") return say(`第 ${run.last + 1} 步发散`, `diverged at step ${run.last + 1}`);
    if (word !== "arrived") return STANDING[word];
    const point = writePoint(objective.minimizers[minimizerAt(objective, run.x[run.last], run.y[run.last], AT_REST)]);
    return say(`到了 ${point}`, `arrived at ${point}`);
  };

  /** An end of the basin map. @param {number} end @param {Objective} objective */
  const ends = (end, objective) => book.outcomes.inWords(say, end, objective);

  /**
   * Up to which rate a method stays bounded, which is said as not to run away.
   * @param {{ upTo: number, moves: boolean }} found the power of ten, and whether it moves at any rate
   * @param {boolean} noisy
   */
  const bounded = ({ upTo, moves }, noisy) => {
    if (!moves) return say("从这里出发，η 取多大都几乎不动", "from here it hardly moves at any η");
    const which = noisy ? say("带着噪声的这一次，", "with this noise ") : "";
    const edge = steady(10 ** upTo, 3);
    const least = power(-5);
    return which + (upTo === -Infinity ? say(`η 小到 ${least}，走 ${LONG} 步也会跑掉`, `it runs away in ${LONG} steps even with η = ${least}`)
      : upTo === Infinity ? say(`η 大到 10，走 ${LONG} 步也不会跑掉`, `it does not run away in ${LONG} steps, even with η = 10`)
        : say(`η 在约 ${edge} 以内，走 ${LONG} 步也不会跑掉`, `it does not run away in ${LONG} steps with η up to about ${edge}`));
  };

  /**
   * The theorem about the minimizer that plain descent reaches; nothing, where it reaches none.
   * @param {Objective} objective
   * @param {number} reached
   */
  const attracts = (objective, reached) => {
    const limit = reached >= 0 && limitOf(objective, reached);
    if (!limit) return "";
    const point = writePoint(objective.minimizers[reached]);
    return say(`；超过 2/L = ${steady(limit, 3)}，连 ${point} 旁边的点也会被甩开`,
      `; above 2/L = ${steady(limit, 3)}, even points beside ${point} are thrown off it`);
  };

  /** A start, and how to move it. @param {number[]} x */
  const start = (x) => {
    const coordinates = x.map((c) => write(c)).join(say("，", ", "));
    return say(`起点 ${coordinates}；用方向键移动`, `Start ${coordinates}; arrow keys move it`);
  };

  /** That the picture has been zoomed out, and who left it when. @param {number} zoom @param {[string, number][]} left */
  const zoomed = (zoom, left) => {
    if (!left.length) return "";
    const when = left.map(([name, k]) => say(`${METHODS[name]}在第 ${k} 步`, `${METHODS[name]} at step ${k}`)).join(say("，", ", "));
    const wide = zoom > 1 ? say(`画面的范围变为 ${zoom} 倍；`, `Zoomed out ${zoom}×. `) : "";
    return wide + say(`离开原图：${when}`, `Left the picture: ${when}`);
  };

  /** How much longer arrows are drawn than they are. @param {number} times */
  const larger = (times) => (times > 1 ? say(`箭头画成 ${times} 倍长`, `arrows drawn ${times}× as long`) : "");

  /** What an adaptive method divides by. @param {number[]} roots */
  const roots = (roots) => roots.map((s, i) => `√s${"₁₂"[i]} = ${steady(s, 3)}`).join(say("，", ", "));

  return { METHODS, LETTERS, FORCES, step, stands, ends, bounded, attracts, start, zoomed, larger, roots };
};
