"""How fast sweeps are on a GPU: python -m benchmarks.gpu

Nanoseconds per point and step, for several objectives and optimizers: by NumPy on one core, by CuPy
array by array, and by the kernels that gdcore writes. Where NumPy's bits are promised, they are
compared. Then the map for the wall: to which minimizer of Himmelblau's function each of 16,384²
starts leads.

It needs a GPU of NVIDIA's and CuPy, which ``pip install gdcore[cupy]`` brings, and is no part of
`make bench`. The figures go into `_build/measured/gpu.md`, with the GPU and the date, and the map
beside them, as gpu.png.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # before NumPy is imported

import platform
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.report import ROOT, best_of_three
from gdcore import OBJECTIVES, Adam, GradientDescent, Momentum, himmelblau, sweep

MEASURED = ROOT / "_build" / "measured"
RATE = 0.001  # no start diverges
EXACT = ("himmelblau", "sphere")  # made of + - * / alone
COMPARED = 100_000  # points
CASES = [(name, make) for name in (*EXACT, "griewank") for make in (GradientDescent, Adam)]
ON_CORE, BY_ARRAY, BY_KERNEL = (10**6, 20), (10**8, 20), (10**8, 1000)  # points and steps

SIDE, BAND, STEPS = 16_384, 512, 400  # of the map: points, points a band, steps
WIDTH = 5.0  # it shows x1 and x2 from -5 to 5
BALL = partial(Momentum, beta=0.9)  # goes over hills, so that the basins mingle
BALL_RATE = 0.01


def needed() -> Any:
    """Return CuPy, or say what is missing."""
    try:
        import cupy
    except ImportError:
        sys.exit("CuPy is not installed, so no GPU is measured: pip install 'gdcore[cupy]'")
    try:
        cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        sys.exit(f"CuPy finds no GPU, so none is measured: {error}")
    return cupy


def starts(name: str, points: int) -> np.ndarray:
    """Points of an objective's domain, evenly at random."""
    low, high = np.array(OBJECTIVES[name].domain).T[..., np.newaxis]
    return np.random.default_rng(0).uniform(low, high, size=(2, points))


def cost(objective: Any, make: Callable, x0: Any, steps: int, wait: Callable) -> float:
    """Nanoseconds per point and step, once all that is compiled is."""

    def seconds() -> list[float]:
        started = perf_counter()
        sweep(objective, make, x0, [RATE], max_steps=steps)
        wait()
        return [perf_counter() - started]

    seconds()
    [least] = best_of_three(seconds)
    return least / (x0.shape[1] * steps) * 1e9


def compare(name: str, make: Callable, to_gpu: Callable) -> None:
    """End the command if the kernel does not give NumPy's bits."""
    it, x0 = OBJECTIVES[name], starts(name, COMPARED)
    expected = sweep(it, make, x0, [RATE], max_steps=200, grad_tol=1e-3)
    found = sweep(it, make, to_gpu(x0), [RATE], max_steps=200, grad_tol=1e-3)
    same = np.array_equal(found.x.get(), expected.x)
    same &= np.array_equal(found.steps.get(), expected.steps)
    if not (same and np.array_equal(np.asarray(found.status), expected.status)):
        sys.exit(f"The kernel of {name} by {make.__name__} does not end where NumPy does.")


def basins(to_gpu: Callable, side: int, band: int) -> np.ndarray:
    """To which minimizer each start of a square leads: its number from 1, or 0 for none."""
    along = np.linspace(-WIDTH, WIDTH, side)
    rows = []
    for first in range(0, side, band):
        mesh = np.stack(np.meshgrid(along, along[::-1][first : first + band])).reshape(2, -1)
        ends = sweep(himmelblau, BALL, to_gpu(mesh), [BALL_RATE], max_steps=STEPS)
        x1, x2 = ends.x[:, 0]
        way = [(x1 - a) ** 2 + (x2 - b) ** 2 for a, b in himmelblau.minimizers]
        which = sum(k * (squares < 0.01) for k, squares in enumerate(way, 1))
        which = which * (ends.status[0] != "diverged")
        rows.append(which.astype(np.uint8))
    host = [row.get() if hasattr(row, "get") else row for row in rows]
    return np.concatenate(host).reshape(side, side)


def draw(which: np.ndarray) -> None:
    """Write the map as a picture, in the book's colors of basins."""
    from PIL import Image

    from gdcore.draw import BASINS, COLORS

    picture = Image.fromarray(which)
    colors = ["#ffffff", *(COLORS[basin.color] for basin in BASINS)]
    picture.putpalette([int(c[i : i + 2], 16) for c in colors for i in (1, 3, 5)])
    picture.save(MEASURED / "gpu.png")


def main() -> None:
    cupy = needed()
    name = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
    wait = cupy.cuda.Device().synchronize
    lines = ["| | NumPy | CuPy | kernel |", "|---|---|---|---|"]
    for objective, make in CASES:
        it = OBJECTIVES[objective]
        if objective in EXACT:
            compare(objective, make, cupy.asarray)
        on_core = cost(it, make, starts(objective, ON_CORE[0]), ON_CORE[1], lambda: None)
        x0 = cupy.asarray(starts(objective, BY_ARRAY[0]))
        by_array = cost((it.value, it.grad), make, x0, BY_ARRAY[1], wait)  # a pair has no kernel
        by_kernel = cost(it, make, x0, BY_KERNEL[1], wait)
        costs = f"{on_core:.3g} | {by_array:.3g} | {by_kernel:.3g}"
        lines.append(f"| {objective}, {make.__name__} | {costs} |")
        print(lines[-1], "ns", flush=True)

    started = perf_counter()
    which = basins(cupy.asarray, SIDE, BAND)
    seconds = perf_counter() - started
    lines += ["", f"The map of {SIDE}² starts × {STEPS} steps took {seconds:.2f} s."]
    lines += ["", f"{name}, CuPy {cupy.__version__}, NumPy {np.__version__}, "
              f"Python {platform.python_version()}, {date.today().isoformat()}; ns per point and "
              "step, NumPy on one core."]  # fmt: skip
    print(*lines[-3:], sep="\n")
    MEASURED.mkdir(parents=True, exist_ok=True)
    (MEASURED / "gpu.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    draw(which)
    print(f"Written to {MEASURED}: gpu.md, gpu.png.")


if __name__ == "__main__":
    main()
