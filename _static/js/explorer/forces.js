// What a step is made of. Nothing here needs a page.

/**
 * @typedef {object} Forces at a step, each with two components
 * @property {number[]} step what the method adds to x
 * @property {number[]} memory what it would add were the ground level here: what it brings along
 * @property {number[]} pull the rest, which the slope here adds to that
 * @property {number[] | undefined} roots what an adaptive method divides each component by, √s
 */

book.forces = (() => {
  /**
   * The forces at step k of a descent, which is walked once more up to there. So pull and memory add up
   * to the step of gdcore, whatever the method.
   * @param {Setting} setting
   * @param {number} k
   * @returns {Forces}
   */
  const at = ({ objective, optimizer, parameters, start, noise }, k) => {
    const out = new Float64Array(3);
    const move = new Float64Array(4);
    let [a, b] = start;
    const state = Float64Array.from(optimizer.start(a, b));
    for (let i = 0; ; i++) {
      objective.run(a, b, out);
      noise?.(out);
      if (i === k) break;
      optimizer.step(out, state, parameters, move, a, b);
      a += move[0];
      b += move[1];
    }
    const level = new Float64Array(4);
    optimizer.step([0, 0, 0], state.slice(), parameters, level, a, b);
    optimizer.step(out, state, parameters, move, a, b);
    return {
      step: [move[0], move[1]],
      memory: [level[0], level[1]],
      pull: [move[0] - level[0], move[1] - level[1]],
      roots: optimizer.roots ? [move[2], move[3]] : undefined,
    };
  };

  /**
   * The learning rate whose first step ends nearest to a place. Of every method in gdcore the first step
   * is proportional to it; of plain descent this is the projection on −∇f.
   * @param {Setting} setting
   * @param {number} x
   * @param {number} y
   */
  const rateTo = (setting, x, y) => {
    const [u, v] = at({ ...setting, parameters: [1, ...Array.from(setting.parameters).slice(1)] }, 0).step;
    const [p, q] = [x - setting.start[0], y - setting.start[1]];
    return (p * u + q * v) / (u * u + v * v);
  };

  return { at, rateTo };
})();
