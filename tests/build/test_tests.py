"""The tests themselves: what they wait for, and that each can fail."""

import ast
import re

import pytest

from tests.support.book import ROOT

TESTS = sorted((ROOT / "tests").rglob("[!_]*.py"))
SLEEP = re.compile(r"wait_for_timeout\(|\bsleep\(|setTimeout\([^;]*, *\d|networkidle")
CHECKS = {"raises", "parse", "wait_for_url", "wait_for_function", "warns", "fail"}


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_none_waits_for_a_while(path):
    """A while is too short on one machine and too long on another.

    Wait for what is awaited: an element, a condition, an event, a file, the next frame
    (`tests.support.book.at_rest`). Let a page's clock go on by itself: `page.clock.run_for(1000)`.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if SLEEP.search(line) and "re.compile" not in line] == []


@pytest.mark.parametrize(
    "line",
    [f"{what}(done, 30)" for what in ("tab.wait_for_timeout", "time.sleep", "sleep", "setTimeout")],
)
def test_such_a_wait_is_found(line):
    assert SLEEP.search(line)


def checks(function: ast.FunctionDef) -> bool:
    """Whether a test says what must hold: it asserts, expects an error, or calls what does."""
    return any(
        isinstance(node, ast.Assert)
        or (
            isinstance(node, ast.Call)
            and (name := ast.unparse(node.func).split(".")[-1])
            and (name in CHECKS or name.startswith(("assert_", "check")))
        )
        for node in ast.walk(function)
    )


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_each_says_what_must_hold(path):
    found = functions(path)
    assert found or not path.name.startswith("test_")
    assert [function.name for function in found if not checks(function)] == []


def test_one_that_says_nothing_is_found():
    tree = ast.parse("def test_it(tab):\n    for box in tab:\n        print(box)")
    assert not checks(tree.body[0])
