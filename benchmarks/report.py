"""What the benchmarks share: running a command, taking turns, a figure beside its limit."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
FAILED = []


def run(command: list[str], folder: Path, **env: str) -> tuple[float, str]:
    """Run a command in a folder; return the seconds it took, and what it printed."""
    env = {**os.environ, "PYTHONPATH": str(folder), **env}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)  # fmt: skip
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}")
    return seconds, done.stdout


def best_of_three(turns: Callable[[], list]) -> list:
    """Let all take their turns, three times; return the least that each came to."""
    return list(map(min, zip(*(turns() for _ in range(3)), strict=True)))


def demand(what: str, value: float, limit: float, unit: str = "", at_least: bool = False) -> None:
    """Print a figure beside what is asked of it: to be at most the limit, or at least."""
    met = value >= limit if at_least else value <= limit
    FAILED.extend([] if met else [what])
    bound = "at least" if at_least else "at most"
    print(f"{what:58s} {value:7.2f}{unit}  ({bound} {limit}{unit}: {'met' if met else 'MISSED'})",
          flush=True)  # fmt: skip


def finish() -> None:
    """End the command, as a failure if a demand was missed."""
    if FAILED:
        sys.exit(f"Missed: {', '.join(FAILED)}.")
