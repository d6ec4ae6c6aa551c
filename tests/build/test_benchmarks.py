"""What is measured goes to `_build`; what the book shows is checked for sense, not for speed.

And the benchmarks, which nobody runs every day, still fit what they measure.
"""

import ast
import inspect
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

import numpy as np
import pytest

from benchmarks import descents
from gdcore import OBJECTIVES, GradientDescent, descend
from tests.support.book import ROOT
from tests.support.small_book import SmallBook

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


# That each still fits what it measures

ELSEWHERE = "grad_descent_visualizer_peer.py"  # it runs in an environment of its own
SCRIPTS = [p for p in sorted((ROOT / "benchmarks").glob("[!_]*.py")) if p.name != ELSEWHERE]


def named(node, module):
    """What a name of a script, or a name in what it imports, stands for, if it does for any."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute) and isinstance(named(node.value, module), ModuleType):
        return getattr(named(node.value, module), node.attr)
    return None


def misfits(text, module):
    """The calls in a script of what is ours that its signature does not take, and how many fit."""
    found, fit = [], 0
    for node in ast.walk(ast.parse(text)):
        try:
            called = named(node, module)  # a name that is not in its module is a misfit, too
            if not isinstance(node, ast.Call):
                continue
            called, arguments = named(node.func, module), node.args
            whole = getattr(called, "__name__", "") != "partial"
            if not whole:
                called, arguments = named(arguments[0], module), arguments[1:]
            room = (getattr(called, "__module__", None) or "").split(".")[0]
            if room not in ("benchmarks", "gdcore", "press") or not callable(called):
                continue
            if any(isinstance(one, ast.Starred) for one in arguments):
                continue
            signature = inspect.signature(called)
            names = {keyword.arg: 0 for keyword in node.keywords if keyword.arg}
            (signature.bind if whole else signature.bind_partial)(*arguments, **names)
            fit += 1
        except (AttributeError, TypeError) as error:
            found.append(f"line {node.lineno}: {ast.unparse(node)}: {error}")
    return found, fit


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_benchmark_calls_what_is_there_as_it_wants_to_be_called(script):
    with patch.dict(os.environ):  # one of them limits the threads of NumPy
        module = import_module(f"benchmarks.{script.stem}")
    found, fit = misfits(script.read_text(encoding="utf-8"), module)
    assert found == [] and (fit >= 5 or script.stem == "report")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("new.make(folder)", "new.make(folder, 1, 2)"),
        ("new.make(", "new.made("),
        ("stock(folder, kept), floor", "stock(folder), floor"),
        ('of a cold build", 100 * nothing / ours, 1, " %")', 'of a cold build", unit=" %")'),
    ],
)
def test_a_call_that_does_not_fit_is_found(old, new):
    text = (ROOT / "benchmarks" / "build.py").read_text(encoding="utf-8")
    assert old in text
    found, _ = misfits(text.replace(old, new), import_module("benchmarks.build"))
    assert len({one.split(":")[0] for one in found}) == 1  # on one line


@pytest.mark.parametrize("name", ["sphere", "beale"])
def test_the_three_ways_to_descend_that_are_timed_end_at_the_same_points(name, monkeypatch):
    monkeypatch.setattr(descents, "STEPS", 7)
    *sides, rate, _ = descents.GRIDS[name]
    points = np.array([np.linspace(*side, 5) for side in sides])
    run = descend(OBJECTIVES[name], GradientDescent(rate), points, max_steps=7)
    for way in (descents.ours, descents.naive, descents.plain):
        end = way(OBJECTIVES[name], points, rate)
        assert end == pytest.approx(np.abs(run.x[-1]).mean(), rel=1e-12)


@pytest.mark.slow
def test_building_is_measured_in_any_book(tmp_path):
    """The floor, which is given texts, paths and pages, and edits, in a small book."""
    book = SmallBook(tmp_path / "book")
    measure = (
        "from pathlib import Path; from benchmarks import build; book = Path({!r}); "
        "chapter = book / 'chapters' / 'small.md'; build.build(book); "
        "print(build.floor(book), *(build.build(book) for _ in build.edited(chapter, 'prose')))"
    )
    command = [sys.executable, "-c", measure.format(str(book.folder))]
    code, said = book.build(*command, PYTHONPATH=str(ROOT))
    assert code == 0, said
    assert len(said.split()) == 4 and all(float(seconds) > 0 for seconds in said.split())
