// Descents in the page: the loop of gdcore.descend, one start at a time, over gdcore's own formulas
// (gdcore.js, which the build writes). Objectives put f, ∂f/∂x1 and ∂f/∂x2 into `out`; optimizers put
// the step there. With one component the second stays 0.

// Where a descent goes. `noise` may add to the gradient in `out`. As in gdcore, it ends "converged"
// at the first gradient no greater than `tol`, "diverged" before the first number that is not finite,
// else after `steps` steps.
function descend({ objective, optimizer, parameters, start, steps, tol = -1, noise }) {
  const [x, y, f, gx, gy] = Array.from({ length: 5 }, () => new Float64Array(steps + 1));
  const out = new Float64Array(3);
  const move = new Float64Array(2);
  const state = Float64Array.from(optimizer.start(...start));
  let [a, b] = start;
  for (let k = 0; k <= steps; k++) {
    objective.run(a, b, out);
    if (noise) noise(out);
    if (![a, b, ...out].every(Number.isFinite)) return { x, y, f, gx, gy, last: k - 1, status: "diverged" };
    x[k] = a;
    y[k] = b;
    [f[k], gx[k], gy[k]] = out;
    if (Math.abs(out[1]) <= tol && Math.abs(out[2]) <= tol) {
      return { x, y, f, gx, gy, last: k, status: "converged" };
    }
    optimizer.step(out, state, parameters, move);
    a += move[0];
    b += move[1];
  }
  return { x, y, f, gx, gy, last: steps, status: "max_steps" };
}

// One word for how a run stands at step k: it turns back wherever a step points against the last.
function standing({ x, y, last, status }, k) {
  if (k >= last && status === "diverged") return "diverged";
  if (k >= last && status === "converged") return "stopped";
  const at = Math.min(k, last);
  const step = (i) => [x[i] - x[i - 1], y[i] - y[i - 1]];
  if (at < 2) return "converging";
  const [[a, b], [c, d]] = [step(at), step(at - 1)];
  return a * c + b * d < 0 ? "oscillating" : "converging";
}

// Normal noise from a seed: Mulberry32 numbers made normal by Box and Muller. The same seed gives the
// same noise everywhere, but not that of NumPy.
function noiseOf(seed, scale) {
  let at = seed >>> 0;
  const uniform = () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return (out) => {
    const radius = scale * Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    out[1] += radius * Math.cos(angle);
    out[2] += radius * Math.sin(angle);
  };
}

// Where the starts of a grid end: for each cell, row by row from below, which minimizer is nearest to
// its end; -1 where it ran away, -2 where it was still on its way. Yields now and then, to be resumed.
function* basins({ objective, optimizer, parameters, limits, side, steps, tol = 0.01 }) {
  const [[left, right], [low, high]] = limits;
  const ends = new Int8Array(side * side);
  const out = new Float64Array(3);
  const move = new Float64Array(2);
  const begin = Float64Array.from(optimizer.start(0, 0));
  const state = new Float64Array(begin.length);
  const { minimizers, run } = objective;
  const { step } = optimizer;
  for (let cell = 0; cell < side * side; cell++) {
    if (cell % 16 === 0) yield ends;
    let a = left + (((cell % side) + 0.5) / side) * (right - left);
    let b = low + ((Math.floor(cell / side) + 0.5) / side) * (high - low);
    let end = -2;
    state.set(begin);
    for (let k = 0; k < steps; k++) {
      run(a, b, out);
      if (out[1] <= tol && out[1] >= -tol && out[2] <= tol && out[2] >= -tol) {
        end = nearest(minimizers, a, b);
        break;
      }
      step(out, state, parameters, move);
      a += move[0];
      b += move[1];
      if (!(a - a === 0 && b - b === 0)) {
        end = -1;
        break;
      }
    }
    ends[cell] = end;
  }
  return ends;
}

function nearest(points, a, b) {
  let best = 0;
  let least = Infinity;
  points.forEach(([x, y], i) => {
    const far = (x - a) ** 2 + (y - b) ** 2;
    if (far < least) [best, least] = [i, far];
  });
  return best;
}
