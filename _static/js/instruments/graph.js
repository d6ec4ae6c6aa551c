// A computation graph to click through: values forward, then derivatives back, at inputs that can be dragged.

/** What stands on the tape of f = x₁ + sin(x₁ x₂), and its adjoints when it has been read backward. @param {number} x1 @param {number} x2 */
book.graph = (x1, x2) => {
  const product = x1 * x2;
  const sine = Math.sin(product);
  const slope = Math.cos(product);
  const share = slope * x2; // what x₁ gets by way of the product
  return { x1, x2, product, sine, f: x1 + sine, slope, share, bar1: 1 + share, bar2: slope * x1 };
};

book.instrument("graph", (it) => {
  const { say, write, root } = it;
  const state = it.has({
    x1: { start: 1.5, low: -3, high: 3, step: 0.05 },
    x2: { start: 0.8, low: -3, high: 3, step: 0.05 },
    step: { start: 0, low: 0, high: 6, whole: true },
  });
  // Each circle: its sign, when it gets its value and its adjoint, its place on a wide page and on a narrow one.
  const NODES = [
    { sign: "x₁", value: 0, adjoint: 4, wide: [110, 220], narrow: [80, 325] },
    { sign: "x₂", value: 0, adjoint: 6, wide: [110, 85], narrow: [235, 325] },
    { sign: "×", value: 1, adjoint: 5, wide: [275, 85], narrow: [235, 225] },
    { sign: "sin", value: 2, adjoint: 4, wide: [440, 85], narrow: [235, 125] },
    { sign: "+", value: 3, adjoint: 4, wide: [570, 220], narrow: [80, 65] },
  ];
  // Where its two numbers stand, off every arrow: across, the value's and the adjoint's height, and which end is there.
  /** @type {{ wide: [number, number, number, string], narrow: [number, number, number, string] }[]} */
  const BESIDE = [
    { wide: [0, -50, -33, "middle"], narrow: [0, -48, -32, "middle"] },
    { wide: [0, -32, 43, "middle"], narrow: [0, -48, -32, "middle"] },
    { wide: [-8, -32, 43, "start"], narrow: [30, -3, 14, "start"] },
    { wide: [8, -32, 43, "end"], narrow: [30, -3, 14, "start"] },
    { wide: [0, -32, 43, "middle"], narrow: [0, 40, 56, "middle"] },
  ];
  const EDGES = [[0, 2], [1, 2], [2, 3], [3, 4], [0, 4]];
  const ORDER = [2, 3, 4, 4, 3, 2]; // which circle each step is about: forward, then back
  const narrow = () => root.clientWidth < 520;
  const place = (/** @type {number} */ i) => (narrow() ? NODES[i].narrow : NODES[i].wide);
  const plot = it.plot({
    label: say("f = x₁ + sin(x₁ x₂) 的计算图：x₁ 和 x₂ 连到乘号，乘号连到 sin，sin 和 x₁ 连到加号", "The graph of f = x₁ + sin(x₁ x₂): x₁ and x₂ lead to a product, the product to a sine, the sine and x₁ to a sum"),
    axes: () => ({ x: [0, narrow() ? 335 : 640], y: [0, narrow() ? 425 : 325], equal: true, bare: true }),
  });
  /** Where an input's line to drag along lies: its middle, and half its length. @param {number} i */
  const track = (i) => (narrow() ? [place(i)[0], 399, 55] : [110, i ? 22 : 302, 80]);
  for (const [i, field] of ["x1", "x2"].entries()) {
    plot.handle({
      at: () => [track(i)[0] + (state[field] / 3) * track(i)[2], track(i)[1]],
      drag: (x) => it.set({ [field]: Math.round((x - track(i)[0]) / track(i)[2] * 300) / 100 }),
      label: NODES[i].sign,
      field,
    });
  }
  it.player("step", () => ORDER.length, () => 1, 1 / 24); // a step takes two seconds to read

  let remark = "";
  /** A circle is pressed: its turn has come, or it says what it waits for. @param {number} i */
  const pressed = (i) => {
    const { step } = state;
    if (ORDER[step] === i) return it.set({ step: step + 1 });
    const { sign } = NODES[i];
    if (i < 2) remark = say(`${sign} 是给定的，沿旁边的短线拖动它。`, `${sign} is given; drag it along its line.`);
    else if (step === ORDER.length) remark = say("已经走完了。", "All is done.");
    else if (step < 3) remark = NODES[i].value > step ? say(`${sign} 还缺前面的数，现在算不出来。`, `${sign} lacks a number before it and cannot be computed yet.`)
      : say(`${sign} 已经算过了。`, `${sign} has been computed.`);
    else remark = NODES[i].adjoint > step ? say(`往回走的时候，${sign} 要等后面的导数。`, `On the way back ${sign} waits for the derivative behind it.`)
      : say(`${sign} 已经往回分过了。`, `${sign} has handed its shares back.`);
    it.refresh();
  };

  it.draw(() => {
    const { step } = state;
    const { x1, x2, product, sine, f, slope, share, bar1, bar2 } = book.graph(state.x1, state.x2);
    const [a, b, v, s, c] = [x1, x2, product, sine, slope].map((number) => write(number));
    /** In a formula, behind a sign. @param {number} number */
    const in_ = (number) => (number < 0 ? `(${write(number)})` : write(number));
    const values = [x1, x2, product, sine, f].map((number) => write(number));
    const adjoints = [step < ORDER.length ? "1 + …" : `1 + ${in_(share)} = ${write(bar1)}`, write(bar2), c, "1", "1"];
    const slopes = [`x₂ = ${b}`, `x₁ = ${a}`, `cos = ${c}`, "1", "1"]; // along the edges
    for (const i of [0, 1]) {
      const [x, y, half] = track(i);
      plot.line(`track ${i}`, [[x - half, y], [x + half, y]], { color: "faint", width: 1.2 });
      plot.text(`its ${i}`, [x - half, y], NODES[i].sign, { anchor: "end", dx: -5, dy: 4 });
    }
    for (const [e, [i, j]] of EDGES.entries()) {
      const [[x, y], [to, up]] = [place(i), place(j)];
      const length = Math.hypot(to - x, up - y);
      const [u, w] = [(to - x) / length, (up - y) / length];
      /** Along the edge, from circle to circle, and a little to the side. @param {number} side */
      const ends = (side) => [[x + 27 * u - side * w, y + 27 * w + side * u], [to - 27 * u - side * w, up - 27 * w + side * u]];
      const there = step >= NODES[j].value;
      const gone = step >= 8 - j; // its share has been handed back
      const [from, end] = ends(3);
      plot.arrow(`edge ${e}`, from, end, { color: there ? "slate" : "contour", width: there ? 1.6 : 1 });
      if (gone) plot.arrow(`share ${e}`, ends(-3)[1], ends(-3)[0], { color: "blue" });
      if (!there) continue;
      const level = Math.abs(w) < 0.1; // then the words stand above, else at the right, off the slanting line
      const upright = Math.abs(u) < 0.1;
      const beside = upright ? [12, 4] : u * w > 0 ? [10, 20] : [16, -6];
      const t = level || upright ? 0.5 : 0.38; // how far along
      plot.text(`slope ${e}`, [x + t * (to - x), y + t * (up - y)], slopes[e], { color: gone ? "blue" : "slate", anchor: level ? "middle" : "start", dx: level ? 0 : beside[0], dy: level ? -11 : beside[1] });
    }
    for (const [i, { sign, value, adjoint }] of NODES.entries()) {
      const spot = place(i);
      const [cx, cy] = plot.place(spot[0], spot[1]);
      const known = step >= value;
      const due = ORDER[step] === i;
      const circle = plot.put(`circle ${i}`, "circle", { cx, cy, r: 24, fill: "var(--figure-terrain5)", "stroke-width": due ? 4 : known ? 1.8 : 1.2,
        stroke: `var(--figure-${due ? (step < 3 ? "slate" : "blue") : known ? "ink" : "faint"})`, "stroke-dasharray": known || due ? "" : "4 3", style: "cursor: pointer" });
      circle.classList.toggle("due", due);
      circle.onclick = () => pressed(i);
      plot.text(`sign ${i}`, spot, sign, { anchor: "middle", dx: 0, dy: 4 }).style.pointerEvents = "none";
      const [dx, over, under, anchor] = narrow() ? BESIDE[i].narrow : BESIDE[i].wide;
      if (known) plot.text(`value ${i}`, spot, values[i], { color: "slate", anchor, dx, dy: over });
      if (step >= adjoint) plot.text(`adjoint ${i}`, spot, adjoints[i], { color: "blue", weight: "600", anchor, dx: narrow() || i < 2 || i > 3 ? dx : 0, dy: under });
    }
    it.tell(remark || [
      say(`x₁ = ${a} 和 x₂ = ${b} 是给定的，可以点粗圈的 × 了。`, `x₁ = ${a} and x₂ = ${b} are given: it is the turn of ×, the bold circle.`),
      say(`${a} × ${in_(x2)} = ${v}，轮到 sin。`, `${a} × ${in_(x2)} = ${v}. Now sin.`),
      say(`sin ${in_(product)} = ${s}，轮到 +。`, `sin ${in_(product)} = ${s}. Now +.`),
      say(`f = ${a} + ${in_(sine)} = ${write(f)}，往前算完了。f 对自己的导数是 1；再点一次 +，往回走。`, `f = ${a} + ${in_(sine)} = ${write(f)}, and the way forward ends. The derivative of f with respect to itself is 1: click + once more, to go back.`),
      say("+ 把 1 原样分给每个加数。x₁ 还有一份没到，要等；轮到 sin。", "+ hands 1 to either term. x₁ is used once more, and waits for its other share. Now sin."),
      say(`sin 的导数是 cos ${in_(product)} = ${c}，× 得到 1 × ${in_(slope)} = ${c}，轮到 ×。`, `The derivative of sin is cos ${in_(product)} = ${c}, and × gets 1 × ${in_(slope)} = ${c}. Now ×.`),
      say(`× 给 x₁ 的是 ${c} × ${in_(x2)} = ${write(share)}，给 x₂ 的是 ${c} × ${in_(x1)} = ${write(bar2)}。两份到齐，∂f/∂x₁ = 1 + ${in_(share)} = ${write(bar1)}，∂f/∂x₂ = ${write(bar2)}。`,
        `× hands ${c} × ${in_(x2)} = ${write(share)} to x₁ and ${c} × ${in_(x1)} = ${write(bar2)} to x₂. Both shares are there: ∂f/∂x₁ = 1 + ${in_(share)} = ${write(bar1)}, and ∂f/∂x₂ = ${write(bar2)}.`),
    ][step]);
    remark = "";
  });
});
