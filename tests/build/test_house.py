"""The house: what may import what, and that nothing is found by a changed search path."""

import ast
import io
import tokenize

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


# What readers have asked for since the package was counted for the first time.
LATER = "anki articles chapters checks code compare epub exercise found_words glosses install "
LATER += "instruments markers methods names narrow new package path_data picture pictures predict "
LATER += "recall relief run script_files serve site twins vendor"
LINES = 1850  # of code that the rest may have, with what those needed in it
BETWEEN = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


def lines_of_code(text):
    """How many lines a module has without comments, docstrings and blank lines."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    code = (token for token in tokens if token.type not in BETWEEN and token.string)
    lines = {n for token in code for n in range(token.start[0], token.end[0] + 1)}
    for node in ast.walk(ast.parse(text)):
        described = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if described and ast.get_docstring(node):
            lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def test_the_package_that_makes_the_book_stays_small():
    assert lines_of_code('"""Doc."""\n\nx = [  # a\n    1,\n]\n') == 3
    files = [f for f in (ROOT / "press").rglob("[!.]*.py") if f.stem not in LATER.split()]
    files = [f for f in files if "small_book" not in f.parts]  # a book, and not what makes it
    counted = {file.stem: lines_of_code(file.read_text(encoding="utf-8")) for file in files}
    assert sum(counted.values()) <= LINES, "delete something, or say in CONTRIBUTING.md why not"


def test_patches_of_others_code_are_few():
    patches = list((ROOT / "press" / "ext" / "patches").glob("[!_]*.py"))
    assert 0 < len(patches) <= 4
