"""What is measured goes to `_build`; what the book shows is checked for sense, not for speed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.book import ROOT

PUBLISHED = (ROOT / "benchmarks" / "published.md").read_text(encoding="utf-8")
CHAPTER = (ROOT / "chapters" / "scale.md").read_text(encoding="utf-8")
[CHECK] = re.findall(
    r"^```\{code-cell\}.*\n:tags: .*\n\n(published = (?:.*\n)*?)```", CHAPTER, re.M
)
COST = re.compile(r"^(\|.*\| )(\S+)( \| \S* \|)$", re.M)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A copy of the benchmarks, after sweeps so small that they measure nothing."""
    folder = tmp_path_factory.mktemp("measured")
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    for name in ("benchmarks", "gdcore"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    script = folder / "benchmarks" / "sweeps.py"
    text = script.read_text(encoding="utf-8")
    small = re.sub(
        r"(?<=^STARTS, STEPS, BLOCK, CHUNK = ).*$", "1000, 3, 100, 250", text, flags=re.M
    )
    assert small != text
    script.write_text(small, encoding="utf-8")
    before = contents(folder)
    command = [sys.executable, "-m", "benchmarks.sweeps"]
    run = subprocess.run(command, text=True, capture_output=True, cwd=folder)
    assert run.returncode == 0 or "Missed: " in run.stderr, run.stderr  # it is not fast
    return folder, before


def contents(folder):
    """All files but those that Python makes."""
    files = {path for path in folder.rglob("*") if path.is_file()}
    return {path: path.read_bytes() for path in files if "__pycache__" not in path.parts}


@pytest.mark.slow
def test_what_is_measured_changes_no_file_of_the_book(measured):
    folder, before = measured
    after = contents(folder)
    made = [path.relative_to(folder).as_posix() for path in after.keys() - before.keys()]
    assert made == ["_build/measured/sweeps.md"]
    assert {path: after[path] for path in before} == before


@pytest.mark.slow
def test_what_is_measured_could_be_published(measured):
    table = (measured[0] / "_build/measured/sweeps.md").read_text(encoding="utf-8")
    assert COST.sub("", table).splitlines()[:5] == COST.sub("", PUBLISHED).splitlines()[:5]
    assert len(COST.findall(table)) == len(COST.findall(PUBLISHED)) == 6


def check(table, folder):
    """Run the hidden cell of the chapter on a table; return what it gives the text."""
    (folder / "benchmarks").mkdir(exist_ok=True)
    (folder / "benchmarks" / "published.md").write_text(table, encoding="utf-8")
    given = {}
    library = SimpleNamespace(__file__=str(folder / "gdcore" / "__init__.py"))
    names = {"Path": Path, "re": re, "gdcore": library}
    names |= {"measured_starts": 1e6, "measured_steps": 100}
    exec(CHECK, names | {"glue": lambda name, value, display: given.update({name: value})})
    return given


def with_costs(costs):
    """The published table, with other costs and the ratios that belong to them."""
    before, costs = None, iter(costs)

    def row(match):
        nonlocal before
        cost = next(costs)
        ratio = f"{cost / before:.2f}" if match[3] != " |  |" else ""
        before = cost
        return f"{match[1]}{cost:.2f} | {ratio} |"

    return COST.sub(row, PUBLISHED)


@pytest.mark.parametrize("costs", [(10, 40, 29, 150, 160, 155), (0.2, 0.3, 0.6, 0.7, 0.8, 0.4)])
def test_another_machine_may_be_slower_or_faster_at_anything(costs, tmp_path):
    given = check(with_costs(costs), tmp_path)
    assert given["two_to_one"] == costs[5] / costs[4] and given["alone"] == costs[3]
    assert given["job"] == pytest.approx(1e6 / 16 * 100 * costs[3] * 1e-6)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"\| 1\.91 \|", "| 1.19 |"),
        (r"\| 8\.57 \|", "| -8.57 |"),
        (r"\| 8\.57 \|", "| nan |"),
        (r", \d{4}-\d\d-\d\d$", ""),
        (r"^\d+ × CPU, ", ""),
        (r"\n\| sphere \| `sweep`.*", ""),
    ],
)
def test_a_table_that_makes_no_sense_stops_the_book(old, new, tmp_path):
    table, count = re.subn(old, new, PUBLISHED, flags=re.M)
    assert count == 1
    with pytest.raises((AssertionError, ValueError)):
        check(table, tmp_path)
