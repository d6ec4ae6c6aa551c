"""The house: what may import what, and that nothing is found by a changed search path."""

import ast

import pytest

from tests.support.book import ROOT

FILES = [
    file
    for folder in ("gdcore", "press", "benchmarks", "tests")
    for file in sorted((ROOT / folder).rglob("[!.]*.py"))
]
OWN = {"gdcore", "press", "benchmarks", "tests"}
MAY_IMPORT = {"gdcore": {"gdcore"}, "press": {"gdcore", "press"}}
MAY_IMPORT |= {"benchmarks": {*MAY_IMPORT["press"], "benchmarks"}, "tests": OWN}


def imported(file):
    """The first names of the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            yield node.module.split(".")[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_go_one_way(file):
    room = file.relative_to(ROOT).parts[0]
    assert OWN & set(imported(file)) <= MAY_IMPORT[room]
    tree = ast.parse(file.read_text(encoding="utf-8"))
    used = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    assert "sys.path" not in used


def test_the_rooms_are_those_that_contributors_are_told_of():
    assert [file.name for file in ROOT.glob("*.py")] == ["conf.py"]
    rooms = {file.parent.name for file in (ROOT / "press" / "ext").glob("*/*.py")}
    assert rooms == {"figures", "language", "page", "patches"}
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for file in (ROOT / "press").glob("[!_]*.py"):
        assert f"`{file.name}`" in told
    for room in rooms:
        assert f"`ext/{room}/`" in told


def test_patches_of_others_code_are_few():
    patches = list((ROOT / "press" / "ext" / "patches").glob("[!_]*.py"))
    assert 0 < len(patches) <= 4
