"""How fast sweeps are, in ratios: python -m benchmarks.sweeps

Against a loop written by hand: a million starts, a hundred steps, the ends alone. The loop computes
in place, block by block, and is as fast as NumPy allows; it can do one function and nothing else.

On a cluster: the same sweep at several learning rates on one worker and on two, on this machine.
Its ends must be those of NumPy, to the last bit.

The figures go into `_build/measured/sweeps.md`, with the machine and the date. The chapter on scale
shows benchmarks/published.md: to publish yours, copy the one to the other.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # before NumPy is imported

import platform
import sys
from collections.abc import Callable
from datetime import date
from importlib import import_module
from time import perf_counter

import dask
import dask.array as da
import numpy as np
from dask.distributed import Client, LocalCluster, wait

from benchmarks.report import ROOT, best_of_three, demand, finish
from gdcore import OBJECTIVES, Ends, GradientDescent, himmelblau, sweep

MEASURED = ROOT / "_build" / "measured" / "sweeps.md"
STARTS, STEPS, BLOCK, CHUNK = 10**6, 100, 16_384, 62_500
RATE = 0.005  # no start diverges, so that both may be compared to the last bit
RATES = [0.002, 0.003, 0.004, 0.005]

TABLE = """\
:::{{table}} {{zh}}`每点每步的时间` {{en}}`Time per point and step`
:name: tab-measured

| {{zh}}`函数` {{en}}`Function` | {{zh}}`怎样算` {{en}}`How` | ns | {{zh}}`与上一行之比` {{en}}`To the row above` |
|---|---|---|---|
{rows}
:::

{cores} × CPU, Python {python}, NumPy {numpy}, Dask {dask}, {date}
"""  # noqa: E501 -- a row of a table is a line
BY_HAND = "{zh}`手写的循环` {en}`a loop by hand`"
NUMPY = "`sweep`, NumPy"
ONE = "`sweep`, Dask, {zh}`一个工作进程` {en}`one worker`"
TWO = "`sweep`, Dask, {zh}`两个工作进程` {en}`two workers`"


# Against a loop by hand ---------------------------------------------------------------------------


def sphere_by_hand(x: np.ndarray, eta: float, steps: int) -> None:
    """Walk down the sphere, all points of a block, in place."""
    move = np.empty_like(x)
    for _ in range(steps):
        np.multiply(x, 2, out=move)  # the gradient
        move *= eta
        x -= move


def himmelblau_by_hand(x: np.ndarray, eta: float, steps: int) -> None:
    """Walk down Himmelblau's function, all points of a block, in place."""
    x1, x2 = x
    a, b, move = np.empty((3, x1.size))
    for _ in range(steps):
        np.multiply(x1, x1, out=a)
        a += x2
        a -= 11
        np.multiply(x2, x2, out=b)
        b += x1
        b -= 7

        np.multiply(x1, a, out=move)
        move *= 2
        move += b
        move *= 2 * eta
        x1 -= move

        np.multiply(x2, b, out=move)
        move *= 2
        move += a
        move *= 2 * eta
        x2 -= move


def by_hand(walk: Callable, x0: np.ndarray) -> np.ndarray:
    """Return the ends, computed block by block."""
    ends = np.empty_like(x0)
    for first in range(0, x0.shape[1], BLOCK):
        block = x0[:, first : first + BLOCK].copy()
        walk(block, RATE, STEPS)
        ends[:, first : first + BLOCK] = block
    return ends


def against_a_loop(objective, walk: Callable) -> list[float]:
    """Print and return the nanoseconds per point and step, by hand and by `sweep`."""
    x0 = np.random.default_rng(0).uniform(-5, 5, size=(2, STARTS))
    ends = {}

    def loop() -> float:
        started = perf_counter()
        ends["by hand"] = by_hand(walk, x0)
        return perf_counter() - started

    def library() -> float:
        started = perf_counter()
        ends["sweep"] = sweep(objective, GradientDescent, x0, [RATE], max_steps=STEPS).x[:, 0]
        return perf_counter() - started

    seconds = best_of_three(lambda: [loop(), library()])
    if not np.array_equal(ends["by hand"], ends["sweep"]):
        sys.exit(f"The loop by hand and sweep end elsewhere on {objective.name}.")
    per_second = [STARTS * STEPS / s for s in seconds]
    print(f"{objective.name}: by hand {per_second[0]:.2e}, sweep {per_second[1]:.2e} point·steps/s")
    demand(f"sweep of {objective.name}, in loops by hand", seconds[1] / seconds[0], 2)
    return [s / (STARTS * STEPS) * 1e9 for s in seconds]


# On a cluster -------------------------------------------------------------------------------------

# Let workers keep memory that they will want again at the next step.
# As Dask sets them up they give it back to the system at once.
WORKERS = "distributed.nanny.pre-spawn-environ"
KEEP_MEMORY = {
    f"{WORKERS}.MALLOC_TRIM_THRESHOLD_": 2**27,  # bytes
    f"{WORKERS}.MALLOC_MMAP_THRESHOLD_": 2**25,
}


def on_cluster(workers: int, x0: da.Array) -> tuple[Ends, float]:
    """Sweep on so many processes; return the ends, and the seconds."""
    with (
        dask.config.set(KEEP_MEMORY),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
        ) as cluster,
        Client(cluster) as client,
    ):
        client.run(import_module, "gdcore")
        x0 = client.persist(x0)
        wait(x0)  # every worker has its share of the starts

        started = perf_counter()
        lazy = sweep(himmelblau, GradientDescent, x0, RATES, max_steps=STEPS)
        (there,) = dask.persist(lazy)  # the workers begin
        wait([there.x, there.steps, there.status])
        seconds = perf_counter() - started

        (ends,) = dask.compute(there)  # from the workers to us
    return ends, seconds


def one_and_two_workers() -> list[float]:
    """Print and return the nanoseconds per point and step, on one worker and on two."""
    rng = da.random.default_rng(0)
    x0 = rng.uniform(-5, 5, size=(2, STARTS), chunks=(2, CHUNK))
    starts = x0.compute(scheduler="synchronous")
    expected = sweep(himmelblau, GradientDescent, starts, RATES, max_steps=STEPS)

    def run(workers: int) -> float:
        ends, seconds = on_cluster(workers, x0)
        for name in ("x", "steps", "status"):
            if not np.array_equal(getattr(ends, name), getattr(expected, name)):
                sys.exit(f"On {workers} worker(s) {name} is not what NumPy gives.")
        return seconds

    seconds = best_of_three(lambda: [run(1), run(2)])
    costs = [s / (len(RATES) * STARTS * STEPS) * 1e9 for s in seconds]
    print("one worker {:.2f} ns, two workers {:.2f} ns per point·step".format(*costs))
    demand("two workers, in times of one", costs[1] / costs[0], 0.75)
    return costs


def table(costs: list[tuple[str, str, float]]) -> str:
    """Write the costs down in Markdown, each beside its ratio to the one before."""
    rows = []
    for number, (function, how, cost) in enumerate(costs):
        ratio = "" if how == BY_HAND else f"{cost / costs[number - 1][2]:.2f}"
        rows.append(f"| {function} | {how} | {cost:.2f} | {ratio} |")
    return TABLE.format(
        rows="\n".join(rows),
        cores=os.cpu_count(),
        python=platform.python_version(),
        numpy=np.__version__,
        dask=dask.__version__,
        date=date.today().isoformat(),
    )


def main() -> None:
    sphere_costs = against_a_loop(OBJECTIVES["sphere"], sphere_by_hand)
    himmelblau_costs = against_a_loop(himmelblau, himmelblau_by_hand)
    cluster_costs = one_and_two_workers()
    names, himmel = (BY_HAND, NUMPY, ONE, TWO), "Himmelblau"
    costs = [("sphere", *pair) for pair in zip(names[:2], sphere_costs, strict=True)]
    himmelblau_costs += cluster_costs
    costs += [(himmel, *pair) for pair in zip(names, himmelblau_costs, strict=True)]
    MEASURED.parent.mkdir(parents=True, exist_ok=True)
    MEASURED.write_text(table(costs), encoding="utf-8")
    print(f"Written to {MEASURED.relative_to(ROOT)}; the book shows benchmarks/published.md.")
    finish()


if __name__ == "__main__":
    main()
