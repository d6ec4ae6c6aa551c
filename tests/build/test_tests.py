"""The tests themselves: where they lie, in which tier, what they wait for, that each can fail."""

import ast
import re
import subprocess

import pytest

from press import checks as of_press
from tests.support.book import ROOT
from tests.support.tiers import opens_a_tab

TESTS = sorted((ROOT / "tests").rglob("[!_]*.py"))
SLEEP = re.compile(r"wait_for_timeout\(|\bsleep\(|setTimeout\([^;]*, *\d|networkidle")
CHECKS = {"expect", "raises", "parse", "wait_for_url", "wait_for_function", "warns", "fail"}
CHECKS |= {"until"}


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


# Rooms and tiers

ROOMS = {"library", "build", "pages", "browser", "browsers"}
TAKES_LONG = re.compile(r"SIGKILL|NotebookClient|nbclient\.execute|unshare")


def test_every_test_lies_in_a_room():
    places = {path.relative_to(ROOT / "tests").parent.as_posix() for path in TESTS}
    assert places == {".", "support", *ROOMS}
    for path in TESTS:
        in_a_room = path.parent.name in ROOMS and path.parent.parent == ROOT / "tests"
        assert path.name.startswith("test_") == in_a_room, path


def unmarked(tree: ast.Module) -> list[str]:
    """The tests that kill, mount, or run notebooks, and are not marked slow."""
    if any("pytestmark = pytest.mark.slow" in ast.unparse(node) for node in tree.body):
        return []
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and TAKES_LONG.search(ast.unparse(node))
        and "pytest.mark.slow" not in map(ast.unparse, node.decorator_list)
    ]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_what_kills_or_mounts_or_runs_notebooks_is_marked_slow(path):
    assert unmarked(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_one_that_is_not_marked_is_found():
    kill = "def test_it(book):\n    os.kill(book.pid, signal.SIGKILL)\n"
    assert unmarked(ast.parse(kill)) == ["test_it"]
    assert unmarked(ast.parse(f"@pytest.mark.slow\n{kill}")) == []
    assert unmarked(ast.parse(f"pytestmark = pytest.mark.slow\n{kill}")) == []


def tiers(*targets: str) -> list[str]:
    """Which tests `make` would run for each target in turn."""
    runs = (
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, text=True, capture_output=True)
        for target in targets
    )
    said = "".join(run.stdout for run in runs)
    return [of_press.TESTS[name][2] for name in re.findall(r"-m press (test[\w-]*)$", said, re.M)]


def test_all_tests_are_run_once_by_test_all_and_those_in_chromium_by_ci():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    fast, *long = "not slow and not browsers", "slow"
    assert tiers(*re.findall(r"^make ([\w-]+)$", script, re.M)) == [fast, *long]
    assert tiers("test-all") == [fast, *long, "browsers"]
    assert tiers("test") == [fast]


def test_what_is_in_the_room_of_other_browsers_is_marked_so():
    for path in (ROOT / "tests" / "browsers").glob("test_*.py"):
        assert "\npytestmark = pytest.mark.browsers\n" in path.read_text(encoding="utf-8"), path
    others = [path for path in TESTS if path.parent.name not in ("browsers", "build")]
    assert not [path for path in others if "pytest.mark.browsers" in path.read_text("utf-8")]


# What `make test` may cost: five times what a build does that finds nothing built

VISITS = 120  # of two seconds, as a page takes that is opened for one test alone


def named_fast(path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    sets = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "FAST"
    ]
    return {name.partition("[")[0] for names in sets for name in names}


def opens_tabs(path) -> bool:
    parts = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    given = {a.arg for node in parts if isinstance(node, ast.FunctionDef) for a in node.args.args}
    return bool(given & {"visit", "tabs", "browser", "explore", "seen"})


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_what_a_file_names_as_fast_is_there_and_one_that_opens_tabs_names_some(path):
    named = named_fast(path)
    assert named <= {function.name for function in functions(path)}
    assert named or path.parent.name != "browser" or not opens_tabs(path)


def test_few_tests_open_a_tab_of_their_own_in_make_test(request):
    """Where only some tests are collected, they are fewer still."""
    alone = [
        item
        for item in request.session.items
        if opens_a_tab(item)
        and "seen" not in item.fixturenames
        and not {"slow", "browsers"} & {mark.name for mark in item.iter_markers()}
    ]
    assert len(alone) <= VISITS
