// Fewer points for the same picture, and work in small pieces. Nothing here needs a page.

book.thin = (() => {
  /**
   * Which points to draw, by their numbers: not those within `near` of the one before, but the last.
   * @param {Spot[]} spots
   * @param {number} near
   */
  const apart = (spots, near) => {
    /** @type {number[]} */
    const kept = [];
    let [x, y] = [NaN, NaN];
    spots.forEach(([u, v], i) => {
      if (Math.abs(u - x) < near && Math.abs(v - y) < near && i < spots.length - 1) return;
      kept.push(i);
      [x, y] = [u, v];
    });
    return kept;
  };

  /**
   * Values that stand beside each other, at most two in each of so many columns: the least and the
   * greatest, in their order. What is returned are their numbers.
   * @param {ArrayLike<number>} values
   * @param {number} columns
   */
  const extremes = (values, columns) => {
    const { length } = values;
    if (length <= 2 * columns) return Array.from(values, (_, i) => i);
    /** @type {number[]} */
    const kept = [];
    for (let column = 0; column < columns; column++) {
      const [from, to] = [column, column + 1].map((c) => Math.floor((c * length) / columns));
      let [least, most] = [from, from];
      for (let i = from + 1; i < to; i++) {
        if (values[i] < values[least]) least = i;
        if (values[i] > values[most]) most = i;
      }
      kept.push(Math.min(least, most));
      if (least !== most) kept.push(Math.max(least, most));
    }
    return kept;
  };

  return { apart, extremes };
})();

book.work = (() => {
  // So many steps of descents are taken before the reader's hand is looked at again.
  const AT_ONCE = 4000;

  /**
   * Names that wait for a turn. Those that are asked for again keep their place, so that each gets its
   * turn, however fast the asking.
   */
  const queue = () => {
    /** @type {Set<string>} */
    const waiting = new Set();
    return {
      /** @param {string[]} names all that may wait from now on */
      ask: (names) => {
        for (const name of waiting) if (!names.includes(name)) waiting.delete(name);
        for (const name of names) waiting.add(name);
      },
      /**
       * Those whose turn it is: `first`, if it waits, and as many as there is room for, at least one.
       * @param {string | undefined} first
       * @param {number} each the steps that one takes
       */
      next: (first, each) => {
        const order = first && waiting.has(first) ? [first, ...[...waiting].filter((name) => name !== first)] : [...waiting];
        const turn = order.slice(0, Math.max(1, Math.floor(AT_ONCE / each)));
        for (const name of turn) waiting.delete(name);
        return turn;
      },
      waits: () => waiting.size > 0,
    };
  };

  /**
   * Do long work in slices. `begin` drops what was begun before.
   * @param {(go: () => void) => unknown} later calls back when the reader has had a turn
   */
  const slices = (later) => {
    let turn = 0;
    return {
      /** @param {Iterator<number>} work yields how many steps it has taken since the last time */
      begin: (work) => {
        const mine = ++turn;
        const go = () => {
          if (mine !== turn) return;
          for (let taken = 0; taken < AT_ONCE;) {
            const { value, done } = work.next();
            if (done) return;
            taken += value;
          }
          later(go);
        };
        later(go);
      },
      stop: () => void turn++,
    };
  };

  return { AT_ONCE, queue, slices };
})();
