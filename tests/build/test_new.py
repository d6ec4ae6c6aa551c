"""`python -m press new DIR` begins a book: what it says, what it makes, that it builds at once."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from lxml.html import document_fromstring

from press import new
from tests.support.small_book import SmallBook

OURS = "跑起来的梯度下降", "Gradient Descent, Running", "gradient-descent"


def press_new(*arguments, cwd=new.ROOT, **env):
    return subprocess.run(
        [sys.executable, "-m", "press", "new", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **env},
        encoding="utf-8",
        capture_output=True,
    )


@pytest.fixture
def taken(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    return tmp_path


@pytest.mark.parametrize(
    "where, says",
    [
        ((), r"python -m press takes one of these:(.|\n)*begin a book of your own: .* new DIR"),
        (("{}/a", "{}/b"), "It was given 'new .*/a .*/b'"),
        (("{}/full",), "/full is there already. Name a folder that is empty"),
        (("{}/full/notes.txt",), r"/notes\.txt is there already"),
        (("{}/full/notes.txt/book",), "could not be made: Not a directory: "),
        (("a-book",), r"/a-book lies in this book\. Name a folder outside of it, such as \.\./"),
        ((".",), "lies in this book"),
    ],
)
def test_it_says_what_is_wrong_with_the_folder_and_makes_nothing(taken, where, says):
    run = press_new(*(place.format(taken) for place in where))
    assert run.returncode == 1 and "Traceback" not in run.stderr
    assert re.search(says, run.stderr), run.stderr
    assert [file.name for file in taken.rglob("*")] == ["full", "notes.txt"]
    assert not (new.ROOT / "a-book").exists()


def test_it_makes_what_the_tests_build(tmp_path):
    """In a folder with a Chinese name and spaces, on a machine that knows no UTF-8."""
    folder = tmp_path / "一本 'new' \"书\""
    folder.mkdir()
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    run = press_new(folder, **bare)
    assert run.returncode == 0, run.stderr
    assert f"A new book is in {folder}\n" in run.stdout
    tests_book = SmallBook(tmp_path / "other")
    assert contents(folder) == contents(tests_book.folder)


def contents(folder):
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_its_files_are_as_private_as_their_owner_has_asked(tmp_path):
    """Whatever the modes of those they were copied from."""
    command = f'umask 077; exec "{sys.executable}" -m press new "{tmp_path}/book"'
    assert subprocess.run(["sh", "-c", command], cwd=new.ROOT).returncode == 0
    files = [tmp_path / "book", *(tmp_path / "book").rglob("*")]
    modes = {(file.is_dir(), file.stat().st_mode & 0o777) for file in files}
    assert modes == {(True, 0o700), (False, 0o600)}


def test_it_has_no_name_mark_or_work_of_this_book(tmp_path):
    new.make(tmp_path / "book")
    for file in ("_templates/mark.html", "_static/favicon.svg", "references.bib", "index.md"):
        ours, theirs = (
            root.joinpath(file).read_text("utf-8") for root in (new.ROOT, tmp_path / "book")
        )
        assert ours != theirs
    assert not (tmp_path / "book" / "_templates" / "title.svg").exists()
    readers_see = [
        *(tmp_path / "book").glob("[!.]*.*"),
        *(tmp_path / "book").glob("_templates/**/*.*"),
    ]
    assert len(readers_see) > 20
    for file in readers_see:
        if file.suffix != ".woff":
            text = file.read_text("utf-8")
            assert [name for name in OURS if name in text] == [], file


def jobs_of(workflow):
    return yaml.safe_load(workflow.read_text("utf-8"))["jobs"].values()


WORKFLOW = ".github/workflows/book.yml"


def test_its_workflow_is_checked_as_ours_are_and_runs_what_they_run(tmp_path):
    new.make(tmp_path / "book")
    jobs = jobs_of(tmp_path / "book" / WORKFLOW)
    ours = [job for file in new.ROOT.glob(".github/workflows/*.yml") for job in jobs_of(file)]
    used, known = (
        {step["uses"] for job in some for step in job["steps"] if "uses" in step}
        for some in (jobs, ours)
    )
    assert len(used) == 6 and used <= known  # each with its hash
    [lint] = re.findall(r"^.*/zizmor .*$", (new.ROOT / "Makefile").read_text("utf-8"), re.M)
    assert lint.split()[-2:] == [".github", "press/small_book/.github"]


# For real -----------------------------------------------------------------------------------------

MAKE = ("make", f"PYTHON={sys.executable}")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A new book, built; with what a SmallBook can do."""
    book = SmallBook.__new__(SmallBook)
    book.folder = tmp_path_factory.mktemp("new") / "一本 new 书"
    run = press_new(book.folder)
    assert run.returncode == 0, run.stderr
    code, said = book.build(*MAKE, "html")
    assert code == 0, said
    assert "cells: 2 of 2 chapters" in said
    return book


@pytest.mark.slow
def test_its_pages_show_what_there_is_and_nothing_of_this_book(book):
    for lang in ("zh", "en"):
        page = document_fromstring(book.page(lang, "roots"))
        for what in ("predict", "exercise", "recall", "figure"):
            assert page.xpath(f"//article//*[contains(@class, '{what}')]"), what
        assert page.xpath("//article//svg[@aria-label]")
        assert page.xpath("//article//a[contains(@href, 'small.html')]")
    for name, content in book.files().items():
        if name.suffix in {".html", ".ipynb", ".txt", ".xml"}:
            said = content.decode().casefold()
            assert "梯度下降" not in said and "gradient descent" not in said, name


@pytest.mark.slow
def test_its_own_tests_pass_and_can_fail(book):
    code, said = book.build(*MAKE, "test")
    assert code == 0 and re.search(r"^=.* \d+ passed", said, re.M), said
    with book.restored():
        book.edit("_templates/mark.html", "{#-", '<a href="nowhere.html"></a>{#-')
        code, said = book.build(*MAKE, "test")
    assert code != 0 and "leads to en/chapters/nowhere.html" in said, said


@pytest.mark.slow
def test_its_workflow_finds_what_it_runs_and_uploads(book):
    build, _deploy = jobs_of(book.folder / WORKFLOW)
    for step in build["steps"]:
        if "run" in step:
            given = dict.fromkeys(step.get("env", ()), "https://example.org/book")
            code, said = book.build("bash", "-ec", step["run"], PYTHON=sys.executable, **given)
            assert code == 0, said
        elif "path" in (given := step.get("with", {})):
            assert list(book.folder.glob(given["path"])), given
    site = book.folder / "_build" / "site"
    assert "https://example.org/book/en/" in (site / "sitemap.xml").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "old, wrong, says",
    [
        (
            "$x$ is too large, $a / x$",
            "$x$ is too large, $a$",
            "the twins differ in mathematics: only Chinese has",
        ),
        (
            "Take their average, and",
            "\n\nTake their average, and",
            "the twins differ in paragraphs",
        ),
        ("(x + a / x) / 2\n    guesses", "(x + a / x) / 3\n    guesses", "failed: AssertionError"),
    ],
)
def test_what_is_wrong_in_one_language_or_with_a_number_is_not_built(book, old, wrong, says):
    before = book.files()
    with book.restored():
        book.edit("chapters/roots.md", old, wrong)
        code, said = book.build(*MAKE, "html")
    assert code != 0 and re.search(rf"roots\.md:\d+: WARNING: .*{says}", said), said
    assert book.files() == before


LIBRARY = """
```{code-cell} python
from mine import answer

print("The answer is", answer())
```
"""


@pytest.mark.slow
def test_a_library_of_its_authors_own_stands_in_place_of_what_can_go(book, tmp_path):
    """What the README says may be deleted, is; and a change of the library is seen in the pages."""
    own = SmallBook.__new__(SmallBook)
    ignored = shutil.ignore_patterns("_build", "__pycache__")
    own.folder = shutil.copytree(book.folder, tmp_path / "own", ignore=ignored)
    readme = (own.folder / "README.md").read_text("utf-8")
    [row] = re.findall(r"^\| (.*) \|.*\| yes, with the lines (.*) in `conf\.py` \|$", readme, re.M)
    folders, extensions = (re.findall(r"`([^`]+)`", cell) for cell in row)
    assert len(folders) == len(extensions) == 2
    for folder in folders:
        shutil.rmtree(own.folder / folder)
    for name in extensions:
        line = f'    "press.ext.figures.{name.rpartition(".")[2]}",\n'
        own.edit("conf.py", line, "")
    (own.folder / "mine").mkdir()
    library = own.folder / "mine" / "__init__.py"
    library.write_text("def answer():\n    return 42\n")
    with (own.folder / "chapters" / "small.md").open("a", encoding="utf-8") as chapter:
        chapter.write(LIBRARY)
    code, said = own.build()
    assert code == 0 and "The answer is 42" in own.page("zh"), said
    library.write_text("def answer():\n    return 43\n")
    code, said = own.build()
    assert code == 0 and "The answer is 43" in own.page("zh"), said
    library.write_text("def answer(:\n    return 43\n")
    code, said = own.build()
    assert code == 1 and "Traceback" not in said and "mine" in said, said
