"""Kernels（核函数）: a sweep as one function of C, which a GPU runs for every point at once.

Taken array by array, each operation of each step reads all points from the GPU's memory and writes
them back, and the GPU waits for its memory. A kernel walks a point from its start to its end with
all that is remembered of it in registers, and touches memory twice.

No formula is written for it: `gdcore.trace` notes those of an objective and of an optimizer, and
what stands here is the loop around them, `gdcore.descent.watch` over again for one point. So a
kernel can be written for what is gdcore's own: every objective of `OBJECTIVES` and every kind of
optimizer in `OPTIMIZERS`, `Scheduled` or `Clipped` or both. A function of the reader's may ask for
a number, ``if x[0] > 0``, and a tape would not notice; a schedule may be anyone's, for its rates of
all steps are asked for beforehand. `Newton` solves equations for its step, `Backtracking` tries as
many rates as it takes, and `Muon` steps a matrix: they go over the GPU array by array.

The text is C and CUDA alike. It gives NumPy's bits if the compiler is told not to fuse a product
and a sum into one rounding: ``--fmad=false`` in CUDA, ``-ffp-contract=off`` in C. Only a
gradient's norm, for `Clipped`, is rounded by each of them in its own way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcore.checks import fits, on_host
from gdcore.clipping import Clipped
from gdcore.descent import CONVERGED, DIVERGED, MAX_STEPS, overflowing
from gdcore.objectives import OBJECTIVES, Objective
from gdcore.optimizers import OPTIMIZERS, Optimizer
from gdcore.schedules import Scheduled, _rate
from gdcore.trace import C, _indexed, note_objective, note_step, parameters

Run = Callable[[str, int, tuple[Any, ...]], None]

THREADS = 256  # of a block: points that a part of the GPU walks side by side
STATUSES = (MAX_STEPS, CONVERGED, DIVERGED)  # what the kernel's 0, 1 and 2 mean

SOURCE = Template("""\
/* Written by gdcore: sweeps of $objective by $optimizer. */
#ifdef __CUDACC__
#define FUNCTION static __device__ __forceinline__
#define KERNEL extern "C" __global__
#define FIRST (blockIdx.x * (long long)blockDim.x + threadIdx.x)
#define STRIDE (gridDim.x * (long long)blockDim.x)
#else
#include <math.h>
#define FUNCTION static
#define KERNEL
#define FIRST 0
#define STRIDE 1
#endif

/* f at x. */
FUNCTION double value(const double *x) {
$value}

/* Its gradient at x, into g. */
FUNCTION void slopes(const double *x, double *g) {
$slopes}

/* The gradient g as the optimizer gets to see it. */
FUNCTION void clip(double *g, const double *p) {
$clip}

/* What the optimizer remembers at the start x, into s. */
FUNCTION void begin(const double *x, double *s) {
$begin}

/* One step from x, where the gradient is g: x and the memory s anew. The optimizer's numbers are p,
   its rates, one a component, r. */
FUNCTION void step(double *x, const double *g, double *s, const double *p, const double *r) {
$step}

/* Whether all components are finite: the difference of infinity and itself is no number. */
FUNCTION int all_finite(const double *v) {
  int all = 1;
  for (int c = 0; c < $dim; ++c) all &= v[c] - v[c] == 0;
  return all;
}

/* Walk from each of n starts with each optimizer, count pairs in all. Arrays have components
   first: starts ($dim, n); numbers (count / n, $numbers); rates ($dim, count), if they are read,
   and of a schedule (max_steps, count / n); ends ($dim, count); steps and status (count). steps are
   -1 where a start lies too far away. */
KERNEL void walk(const double *starts, const double *numbers, const double *rates, long long count,
                 long long n, long long max_steps, double grad_tol, double *ends, long long *steps,
                 unsigned char *status) {
  for (long long i = FIRST; i < count; i += STRIDE) {
    double x[$dim], g[$dim], last[$dim], s[$memory], p[$numbers], r[$dim], f;
    for (int j = 0; j < $numbers; ++j) p[j] = numbers[i / n * $numbers + j];
    for (int c = 0; c < $dim; ++c) r[c] = $rate;

    /* Without a tolerance only the end is looked at; if something is wrong there, walk again. */
    long long k;
    unsigned char why;
    int looking = grad_tol >= 0, again;
    do {
      for (int c = 0; c < $dim; ++c) last[c] = x[c] = starts[c * n + i % n];
      begin(x, s);
      f = value(x);
      again = !looking && f - f != 0;
      why = 0;
      for (k = 0;; ++k) {
        slopes(x, g);
        if (looking) {
          f = value(x);
          if (!(all_finite(x) && all_finite(g) && f - f == 0)) {
            why = 2;
            break;
          }
          int flat = 1;
          for (int c = 0; c < $dim; ++c) flat &= fabs(g[c]) <= grad_tol;
          if (flat) {
            why = 1;
            break;
          }
        }
        if (k == max_steps) break;
        for (int c = 0; c < $dim; ++c) last[c] = x[c];
$scheduled        clip(g, p);
        step(x, g, s, p, r);
      }
      f = value(x);
      again |= !looking && !(all_finite(x) && all_finite(g) && f - f == 0);
      looking = 1;
    } while (again);

    for (int c = 0; c < $dim; ++c) ends[c * count + i] = why == 2 ? last[c] : x[c];
    steps[i] = why == 2 ? k - 1 : k;
    status[i] = why;
  }
}
""")

SCHEDULED = "        for (int c = 0; c < $dim; ++c) r[c] = rates[k * (count / n) + i / n];\n"
# Where limit stands for a limit; what is no number stays so, as in NumPy.
CLIPPED = {
    True: "  for (int c = 0; c < $dim; ++c)\n"
    "    g[c] = g[c] < -limit ? -limit : g[c] > limit ? limit : g[c];\n",
    False: "  norm = 0;\n"
    "  for (int c = 0; c < $dim; ++c) norm = hypot(norm, g[c]);\n"
    "  norm = limit / (norm < limit ? limit : norm);\n"
    "  for (int c = 0; c < $dim; ++c) g[c] = g[c] * norm;\n",
}


@dataclass(frozen=True, eq=False)
class Words:
    """Statuses that stay on a GPU（留在 GPU 上的状态）, which knows numbers and no words.

    A comparison with a word, ``status == "diverged"``, is made on the GPU and gives an array of
    bool there; ``numpy.asarray(status)`` brings the words.

    Parameters
    ----------
    codes : array of uint8
        Which of "max_steps", "converged" and "diverged" each is, as 0, 1 or 2.

    Examples
    --------
    >>> status = Words(np.array([0, 2], dtype=np.uint8))
    >>> status == "diverged"
    array([False,  True])
    >>> np.asarray(status)
    array(['max_steps', 'diverged'], dtype='<U9')
    """

    codes: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return self.codes.shape

    def __getitem__(self, key: Any) -> "Words":
        return Words(self.codes[key])

    def __eq__(self, word: object) -> Any:
        return self.codes == (STATUSES.index(word) if word in STATUSES else len(STATUSES))

    def __ne__(self, word: object) -> Any:
        return ~(self == word)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(np.array(STATUSES)[on_host(self.codes)], dtype=dtype)


def source(objective: Objective, optimizer: Optimizer) -> str:
    """Write the kernel（写出核函数） that sweeps an objective with a kind of optimizer.

    Parameters
    ----------
    objective : Objective
        One of `OBJECTIVES`.
    optimizer : Optimizer
        One of the kinds of `OPTIMIZERS`, or `Scheduled` or `Clipped` around one. Its numbers do not
        stand in the kernel, which is given them when it is started; its switches do, and whether
        its learning rate is an array or scheduled.

    Returns
    -------
    str
        Its text, in C and in CUDA: the function ``walk`` and what it calls.

    Examples
    --------
    >>> from gdcore import GradientDescent, parabola
    >>> print(*source(parabola, GradientDescent(0.1)).splitlines()[21:25], sep="\\n")
    FUNCTION void slopes(const double *x, double *g) {
      const double t0 = 2.0*x[0];
      g[0] = t0;
    }
    """
    clips, scheduled, inner = _layers(optimizer)
    dim, names = objective.dim, [name for name, _ in _numbers(inner, scheduled)]
    x = _indexed("x", dim)

    tape, [height] = note_objective(objective, x, "value")
    value = f"{tape.written(C)}  return {C.spell(height)};\n"
    tape, slope = note_objective(objective, x, "grad")
    slopes = tape.written(C) + C.puts("g", slope)
    tape, start, move, after = note_step(inner, x, _indexed("g", dim), names)
    there = tape.symbols(*x) + move  # on the tape before the tape is written
    step = tape.written(C) + C.puts("s", after) + C.puts("x", there)

    clip = "".join(
        CLIPPED[one.by_value].replace("limit", f"p[{number}]")
        for number, one in enumerate(clips, start=len(names))
    )
    norm = "  double norm;\n" if "norm" in clip else ""
    whole = SOURCE.template.replace("$scheduled", SCHEDULED if scheduled else "")
    return Template(whole.replace("$clip", norm + clip)).substitute(
        objective=objective.name,
        optimizer=" of ".join(type(one).__name__ for one in (*clips, scheduled, inner) if one),
        dim=dim,
        value=value,
        slopes=slopes,
        begin=C.puts("s", start),
        step=step,
        memory=max(1, len(start)),
        numbers=max(1, len(names) + len(clips)),
        rate="0" if scheduled or "learning_rate" in names else "rates[c * count + i]",
    )


def is_on_gpu(array: Any) -> bool:
    """Tell whether an array is one of CuPy's（是否在 GPU 上）.

    Parameters
    ----------
    array : object
        Anything.

    Returns
    -------
    bool
        Whether it is.
    """
    return type(array).__module__.partition(".")[0] == "cupy"


def is_written(objective: Objective, optimizers: Sequence[Optimizer]) -> bool:
    """Tell whether one kernel serves a sweep（是否有核函数）.

    Parameters
    ----------
    objective : Objective
        What is swept.
    optimizers : sequence of Optimizer
        One for each learning rate.

    Returns
    -------
    bool
        Whether all is gdcore's own, and the optimizers differ in their numbers alone.

    Examples
    --------
    >>> from gdcore import Adam, Newton, himmelblau
    >>> is_written(himmelblau, [Adam(0.1), Adam(0.2)]), is_written(himmelblau, [Newton(min)])
    (True, False)
    """
    own = {type(optimizer) for optimizer in OPTIMIZERS.values()}
    inner = {type(_layers(optimizer)[-1]) for optimizer in optimizers}
    if objective is not OBJECTIVES.get(objective.name) or not own.issuperset(inner):
        return False
    return len({source(objective, optimizer) for optimizer in optimizers}) == 1


def on_cupy(code: str, count: int, arguments: tuple[Any, ...]) -> None:
    """Start a kernel on the GPU（启动核函数）.

    Parameters
    ----------
    code : str
        Its `source`.
    count : int
        How many points it walks.
    arguments : tuple
        What ``walk`` asks for: arrays, of CuPy or NumPy, and NumPy's numbers.
    """
    import cupy

    sent = tuple(cupy.asarray(v) if isinstance(v, np.ndarray) else v for v in arguments)
    blocks = min(-(-count // THREADS), 2**31 - 1)
    cupy.RawKernel(code, "walk", options=("--fmad=false",))((blocks,), (THREADS,), sent)


def walked(
    objective: Objective,
    optimizers: Sequence[Optimizer],
    x0: Any,
    max_steps: int,
    grad_tol: float | None,
    run: Run = on_cupy,
) -> tuple[Any, Any, Words]:
    """Sweep by a kernel（用核函数扫描）: the arrays of `gdcore.sweeps.Ends`.

    Parameters
    ----------
    objective : Objective
        What to descend.
    optimizers : sequence of Optimizer
        One for each learning rate, such that the kernel `is_written`.
    x0 : array of float64, shape (d, n)
        The starts, in C order.
    max_steps : int
        Stop after so many steps.
    grad_tol : float or None
        See `gdcore.sweep`.
    run : callable
        Starts the kernel, as `on_cupy` does.

    Returns
    -------
    tuple
        x of shape (d, m, n), steps and status of shape (m, n), all on the GPU.

    Raises
    ------
    ValueError
        If f or its gradient is no finite number at one of the starts, or an array of learning
        rates does not fit x0.

    Examples
    --------
    Where there is no GPU, a function may stand in for one; this one takes no step:

    >>> from gdcore import GradientDescent, parabola
    >>> def stay(code, count, arguments):
    ...     x0, *_, x, steps, status = arguments
    ...     x[:], steps[:], status[:] = x0[:, np.newaxis], 0, 0
    >>> x0 = np.ones((1, 2))
    >>> x, steps, status = walked(parabola, [GradientDescent(0.1)], x0, 0, None, run=stay)
    >>> x.shape, np.asarray(status)
    ((1, 1, 2), array([['max_steps', 'max_steps']], dtype='<U9'))
    """
    dim, n = x0.shape
    shape, count = (len(optimizers), n), len(optimizers) * n
    layers = [_layers(optimizer) for optimizer in optimizers]
    numbers = np.array(
        [
            [*(float(v) for _, v in _numbers(inner, scheduled)), *(one.limit for one in clips)]
            for clips, scheduled, inner in layers
        ]
    )
    schedules = [scheduled for _, scheduled, _ in layers if scheduled]
    if schedules:
        given = np.array(
            [
                [float(_rate("schedule", s.schedule, s.first + k)) for s in schedules]
                for k in range(max_steps)
            ]
        )
    else:
        rates = [inner.learning_rate for *_, inner in layers if hasattr(inner, "learning_rate")]
        for rate in rates:
            fits(rate, x0)
        arrays = [np.broadcast_to(rate, x0.shape) for rate in rates if hasattr(rate, "ndim")]
        given = np.ascontiguousarray(np.stack(arrays, axis=1)) if arrays else x0

    x = np.empty_like(x0, shape=(dim, *shape), order="C")
    steps = np.empty_like(x0, shape=shape, dtype=np.int64, order="C")
    why = np.empty_like(x0, shape=shape, dtype=np.uint8, order="C")
    tol = np.float64(-1 if grad_tol is None else grad_tol)
    limits = np.int64(count), np.int64(n), np.int64(max_steps), tol
    run(source(objective, optimizers[0]), count, (x0, numbers, given, *limits, x, steps, why))
    too_far = int((steps[0] < 0).sum())
    if too_far:
        raise overflowing(objective, too_far)
    return x, steps, Words(why)


def _layers(optimizer: Any) -> tuple[list[Clipped], Scheduled | None, Any]:
    """What clips, what schedules, if anything does, and the optimizer within."""
    clips, scheduled = [], None
    while type(optimizer) is Clipped:
        clips.append(optimizer)
        optimizer = optimizer.optimizer
    if type(optimizer) is Scheduled:
        scheduled, optimizer = optimizer, optimizer.optimizer
    return clips, scheduled, optimizer


def _numbers(optimizer: Optimizer, scheduled: Scheduled | None) -> list[tuple[str, float]]:
    """The numbers of an optimizer by name, without a learning rate that is an array or unused."""
    found = parameters(optimizer).items()
    without = "learning_rate" if scheduled else ""
    return [(name, v) for name, v in found if name != without and not hasattr(v, "ndim")]
