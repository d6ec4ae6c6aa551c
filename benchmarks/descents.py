"""How long grids of descents take, and in ratios: python -m benchmarks.descents

2500 points go 1000 steps on each objective that grad-descent-visualizer has too, and every step is
kept. The table says how many milliseconds `gdcore.descend` takes, and how many times as long others
need for the same:

- a naive loop in NumPy, with gdcore's formulas, that looks at nothing and appends to lists;
- a plain loop in Python, over floats. It runs on every 25th point only and counts 25 times;
- grad-descent-visualizer 0.1.1, running itself (see grad_descent_visualizer_peer.py), with the
  NumPy that gdcore uses and with the one that its author pinned, whose powers are five times faster
  than today's. It has virtualenvs of its own: see peers.py.

All take turns, each turn in a process of its own, and the best of three counts: how arrays happen
to lie in a process's memory makes a difference of a third. All must end at the same points.
"""

import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.peers import PINNED, VISUALIZER, environment, how_to_install
from benchmarks.report import ROOT, best_of_three, demand, finish, run
from gdcore import OBJECTIVES, GradientDescent, descend
from gdcore.objectives import Objective
from gdcore.trace import FUNCTIONS, JAVASCRIPT, Tape

STEPS, SIDE, EVERY = 1000, 50, 25
GRIDS = {  # x1 from and to, x2 from and to, the learning rate, what the visualizer calls it
    "sphere": ((-3, 3), (-3, 3), 0.006, "sphere_function"),
    "six_hump_camel": ((-2, 2), (-1, 1), 0.005, "six_hump_camel_function"),
    "himmelblau": ((-5, 5), (-4.5, 3.5), 0.01, "himmelblau_function"),
    "griewank": ((-4, 4), (-4, 4), 0.1, "griewank_function"),
    "easom": ((-4, 10), (-4, 10), 0.1, "easom_function"),
    "beale": ((-4.5, 4.5), (-4.5, 4.5), 1e-5, "beale_function"),
    "matyas": ((-10, 10), (-10, 10), 0.1, "matyas_function"),
    "three_hump_camel": ((-2, 2), (-2, 2), 0.01, "three_camel_hump"),
    "bohachevsky": ((-100, 100), (-100, 100), 0.01, "bohachevsky_function"),
    "zakharov": ((-5, 5), (-5, 5), 1e-6, "zakharov_function"),
}
PYTHON = replace(  # of the tape's operations, those that objectives have
    JAVASCRIPT,
    let="\n {0} = {1}",
    spellings=JAVASCRIPT.spellings | {name: f"{name}({{0}})" for name in FUNCTIONS},
)
DIFFER = {"griewank"}  # its formula there adds the cosines, which should be multiplied


def ours(objective: Objective, points: np.ndarray, rate: float) -> float:
    """Descend with gdcore; return the mean size of a coordinate at the end."""
    trajectory = descend(objective, GradientDescent(rate), points, max_steps=STEPS)
    assert trajectory.x.shape == (STEPS + 1, *points.shape)
    return np.abs(trajectory.x[-1]).mean()


def naive(objective: Objective, points: np.ndarray, rate: float) -> float:
    x, path, values = points, [points], [objective.value(points)]
    for _ in range(STEPS):
        x = x - rate * objective.grad(x)
        path.append(x)
        values.append(objective.value(x))
    return np.abs(x).mean()


def plain(objective: Objective, points: np.ndarray, rate: float) -> float:
    formula, ends = on_floats(objective), []
    for x, y in points.T.tolist():
        path = []
        for _ in range(STEPS):
            f, by_x, by_y = formula(x, y)
            path.append((x, y, f))
            x, y = x - rate * by_x, y - rate * by_y
        path.append((x, y, formula(x, y)[0]))
        ends += [abs(x), abs(y)]
    return sum(ends) / len(ends)


def on_floats(objective: Objective) -> Callable[[float, float], tuple[float, float, float]]:
    """Return f and its gradient as one function of floats, written down from gdcore's own."""
    tape = Tape()
    x = tape.symbols("x", "y")
    results = [objective.value(x), *objective.grad(x)]
    lines = f"{tape.written(PYTHON)}\n return {', '.join(map(PYTHON.spell, results))}"
    names = dict(vars(math))
    exec(f"def formula(x, y):{lines}", names)
    return names["formula"]


def timed(function: Callable[..., float], *arguments) -> tuple[float, float]:
    """Call a function; return the milliseconds it took, and what it returned."""
    started = time.perf_counter()
    result = function(*arguments)
    return 1000 * (time.perf_counter() - started), result


def turn(name: str) -> None:
    """Let `ours`, `naive` and `plain` descend a grid; print their times and ends as JSON."""
    *sides, rate, _ = GRIDS[name]
    objective = OBJECTIVES[name]
    axes = [np.linspace(*side, SIDE) for side in sides]
    points = np.stack(np.meshgrid(*axes)).reshape(2, -1)
    some = points[:, ::EVERY]
    results = [timed(method, objective, points, rate) for method in (ours, naive)]
    milliseconds, end = timed(plain, objective, some, rate)
    assert np.isclose(end, ours(objective, some, rate))
    print(json.dumps([*results, (EVERY * milliseconds, results[0][1])]))


def run_turn(name: str) -> list[tuple[float, float]]:
    """Take a turn in a process of its own."""
    _, said = run([sys.executable, __file__, name], ROOT)
    return [tuple(result) for result in json.loads(said)]


def visualizer(python: Path, name: str) -> list[tuple[float, float]]:
    """Run the visualizer in its virtualenv; return its milliseconds, and where it ended."""
    *sides, rate, function = GRIDS[name]
    sides = [(*side, SIDE) for side in sides]
    grid = {"function": function, "sides": sides, "rate": rate, "steps": STEPS}
    driver = Path(__file__).with_name("grad_descent_visualizer_peer.py")
    _, said = run([str(python), str(driver), json.dumps(grid)], python.parent)
    answer = json.loads(said.splitlines()[-1])
    return [(answer["milliseconds"], answer["end"])]


def main() -> None:
    peers = {peer: environment(peer) for peer in (VISUALIZER, PINNED)}
    columns = ["naive NumPy", "plain Python", *(peer for peer, python in peers.items() if python)]
    print(
        f"{'':20s}{'gdcore':>10s}" + "".join(f"{column:>{len(column) + 4}s}" for column in columns)
    )
    all_ratios = []
    for name in GRIDS:
        turns = [partial(run_turn, name)]
        turns += [partial(visualizer, python, name) for python in peers.values() if python]
        fastest = best_of_three(lambda turns=turns: [result for t in turns for result in t()])
        (best, end), *others = fastest
        line = f"{name:20s}{best:7.1f} ms"
        for column, (milliseconds, end_there) in zip(columns, others, strict=True):
            assert np.isclose(end_there, end) or (name in DIFFER and column in peers)
            line += f"{milliseconds / best:{len(column) + 2}.1f} x"
            if column in peers:
                all_ratios.append(milliseconds / best)
        print(line, flush=True)
    for peer, python in peers.items():
        if not python:
            print(f"{peer} is {how_to_install(peer)}")
    if all_ratios:
        demand(f"{VISUALIZER} in gdcore's time, least", min(all_ratios), 10, at_least=True)
        demand(f"{VISUALIZER} in gdcore's time, greatest", max(all_ratios), 50, at_least=True)
    finish()


if __name__ == "__main__":
    turn(sys.argv[1]) if sys.argv[1:] else main()
