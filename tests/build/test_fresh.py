"""After any change the book is byte for byte what a clean build gives, and nothing else is kept.

The oracle is Sphinx without any memory: the same sources, built in a folder that has no book yet.
"""

import ast
import re
import shutil
from pathlib import Path

import pytest

from press.fresh import READERS, READS, files, outputs_file
from tests.build.test_reproducible import EVERYTHING, REFERENCES
from tests.support.book import ROOT
from tests.support.small_book import DRAWING, SmallBook

OTHER = """\
(other)=
# {zh}`另一章` {en}`Another chapter`

:::{zh}
见{numref}`图 %s <fig-line>`、{ref}`small`、{eq}`square`、{term}`步`，以及 {cite}`cauchy1847`。
:::

:::{en}
See {numref}`Figure %s <fig-line>`, {ref}`small`, {eq}`square`, {term}`step`,
and {cite}`cauchy1847`.
:::
"""
SQUARE = """
$$
x^2
$$ (square)

:::{glossary}
步
step
: {zh}`走一步。` {en}`One step.`
:::
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A book of three chapters, the last of which speaks of the first two, and a list of works."""
    book = SmallBook(tmp_path_factory.mktemp("fresh") / "book")
    chapters = book.folder / "chapters"
    with book.chapter.open("a", encoding="utf-8") as small:
        small.write(DRAWING)
    (chapters / "everything.md").write_text(EVERYTHING, encoding="utf-8")
    (chapters / "other.md").write_text(OTHER, encoding="utf-8")
    (book.folder / "terms.md").write_text(
        f"(terms)=\n# {{zh}}`词` {{en}}`Terms`\n{SQUARE}", encoding="utf-8"
    )
    (book.folder / "references.md").write_text(REFERENCES, encoding="utf-8")
    shutil.copy(ROOT / "references.bib", book.folder)
    pages = ["chapters/small", "chapters/everything", "chapters/other", "terms", "references"]
    book.edit("index.md", "chapters/small\n", "".join(f"{page}\n" for page in pages))
    (book.folder / "_static" / "extra.txt").write_text("extra")
    code, said = book.build()
    assert code == 0, said
    book.clean = book.files()
    return book


@pytest.fixture
def book(built):
    with built.restored():
        yield built


def built_anew(book, folder):
    """The files of a clean build of the same sources, which need not run the cells again."""
    kept = shutil.ignore_patterns("good", "new", "html", "fingerprint", "__pycache__")
    other = SmallBook.__new__(SmallBook)
    other.folder = shutil.copytree(book.folder, folder, symlinks=True, ignore=kept)
    code, said = other.build()
    assert code == 0, said
    return other.files()


def differences(ours, theirs):
    return sorted(str(name) for name in ours.keys() | theirs.keys()
                  if ours.get(name) != theirs.get(name))  # fmt: skip


def add(book, place):
    """Add a chapter that has one of everything, under names of its own."""
    text = EVERYTHING.replace("(everything)", "(added)").replace("fig-", "fig-added-")
    (book.folder / "chapters/added.md").write_text(text + "\nZyzzyva.\n", encoding="utf-8")
    book.edit("index.md", place, f"chapters/added\n{place}")


def rename(book):
    chapters = book.folder / "chapters"
    (chapters / "everything.md").rename(chapters / "renamed.md")
    book.edit("index.md", "chapters/everything", "chapters/renamed")


CHANGES = {
    "a chapter is added at the beginning": lambda book: add(book, "chapters/small\n"),
    "a chapter is added at the end": lambda book: add(book, "terms\n"),
    "a chapter has another name": rename,
    "two chapters change places": lambda book: book.edit(
        "index.md", "chapters/small\nchapters/everything", "chapters/everything\nchapters/small"
    ),
    "a chapter has another title": lambda book: book.edit(
        "chapters/small.md", "{en}`Small chapter`", "{en}`Little chapter`"
    ),
    "a chapter has a figure more": lambda book: book.edit(
        "chapters/small.md",
        "\n:::{zh}\n最后的",
        DRAWING.replace("fig-line", "fig-first") + "\n:::{zh}\n最后的",
    ),
    "a chapter has lost its figure": lambda book: (
        book.edit("chapters/small.md", DRAWING, ""),
        book.edit("chapters/other.md", "{numref}`图 %s <fig-line>`、", ""),
        book.edit("chapters/other.md", "{numref}`Figure %s <fig-line>`, ", ""),
    ),
    "a term has another anchor": lambda book: book.edit("terms.md", "步\nstep", "步\nstep\nstride"),
    "a work has another title": lambda book: book.edit("references.bib", "éthode", "ethode"),
    "the front page has other words": lambda book: book.edit("index.md", "A book.", "The book."),
    "a static file is gone": lambda book: (book.folder / "_static" / "extra.txt").unlink(),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_the_book_is_as_if_built_anew(built, change, tmp_path):
    with built.restored():
        CHANGES[change](built)
        code, said = built.build()
        assert code == 0, said
        assert differences(built.files(), built.clean)
        assert differences(built.files(), built_anew(built, tmp_path / "anew")) == []
    code, said = built.build()
    assert code == 0, said
    assert differences(built.files(), built.clean) == []


@pytest.mark.slow
def test_a_change_of_one_chapters_prose_writes_that_chapter_alone(book):
    def written():
        html = book.folder / "_build/good/en/html"
        return {p.name: p.stat().st_mtime_ns for p in html.rglob("*.html")}

    before = written()
    book.edit("chapters/small.md", "The final", "The last")
    code, said = book.build()
    assert code == 0, said
    after = written()
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"small.html", "index.html", "genindex.html", "search.html"}


@pytest.mark.slow
def test_a_chapter_that_is_gone_is_missed_where_another_speaks_of_it(book):
    book.build()
    book.chapter.unlink()
    book.edit("index.md", "chapters/small\n", "")
    code, said = book.build()
    assert code != 0 and "other.md" in said and "undefined label: 'small'" in said, said


# What is kept of the outputs of cells, and for how long


def imports(file):
    """The files of press that a module of it imports."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {node.module for node in nodes}
    names |= {f"{node.module}.{name.name}" for node in nodes for name in node.names}
    places = [ROOT / f"{name.replace('.', '/')}.py" for name in names if name.startswith("press")]
    return [place for place in places if place.exists()]


def made_by(name, without):
    """A file of press, and all that it imports; but for these files, and what they import."""
    makers, found = [ROOT / "press" / name], set()
    while makers:
        file = makers.pop()
        if file not in found and file.name not in without:
            found.add(file)
            makers += imports(file)
    return found


def is_part_of_the_key(file, tmp_path):
    """Whether a change of this file leads to other outputs."""
    shutil.rmtree(tmp_path)
    shutil.copytree(ROOT / "gdcore", tmp_path / "gdcore")
    copy = tmp_path / file.relative_to(ROOT)
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(file.read_bytes())
    before = outputs_file("", tmp_path)
    copy.write_bytes(file.read_bytes() + b"\n# a change\n")
    return outputs_file("", tmp_path) != before


# What cells.py imports and the outputs of a cell do not depend on.
ASKED_BEFORE = {"fresh.py", "proofread.py", "catalogue.py", "progress.py", "run.py"}


def test_what_runs_cells_is_part_of_the_key_of_their_outputs(tmp_path):
    found = made_by("cells.py", ASKED_BEFORE)
    assert len(found) == 6
    for file in [*found, ROOT / "requirements.lock"]:
        assert is_part_of_the_key(file, tmp_path), file


def test_what_the_cells_of_a_page_read_is_part_of_the_key_of_its_outputs(tmp_path):
    page = "---\ncard: a\nreads: *.txt\n---\n"
    (tmp_path / "a.txt").write_text("a")
    before = outputs_file(page, tmp_path)
    (tmp_path / "b.md").write_text("b")
    assert outputs_file(page, tmp_path) == before
    (tmp_path / "a.txt").write_text("b")
    assert outputs_file(page, tmp_path) != before
    ours = (ROOT / "chapters" / f"{name}.md" for name in ("scale", "training-today"))
    assert [READS.match(page.read_text("utf-8"))[1] for page in ours] == [
        "benchmarks/published.md benchmarks/sweeps.py tests/library/test_sweeps.py",
        "gdcore/docstrings.txt",
    ]
    in_its_text = "---\ncard: a\n---\nreads: *.txt\n"
    assert outputs_file(in_its_text) == outputs_file("")


def test_whatever_reads_pages_is_part_of_the_key_of_reading():
    kinds = ("ext/**/*.py", "ext/**/*.js", "ext/**/*.md", "ext/**/*.svg", "*.py")
    ours = {file for kind in kinds for file in (ROOT / "press").glob(kind)}
    assert len(ours) > 40
    assert ours <= set(files(ROOT, *READERS))


@pytest.mark.slow
def test_a_page_is_made_anew_when_what_its_cells_read_has_changed(book):
    notes = book.folder / "notes.txt"
    notes.write_text("First.")
    reads = f"print(open({str(notes)!r}).read(), "
    book.edit("chapters/small.md", "kernelspec:", "reads: notes.txt\nkernelspec:")
    book.edit("chapters/small.md", "print(", reads)
    try:
        code, said = book.build()
        assert code == 0 and "First. epoch" in book.page("en"), said
        notes.write_text("Second.")
        code, said = book.build()
        assert code == 0 and "Second. epoch" in book.page("en"), said
        assert re.findall(r"^cells: .*?\(([^ ]+)", said, re.M) == ["small"]
    finally:
        notes.unlink()


@pytest.mark.slow
def test_cells_run_otherwise_give_other_outputs(book):
    book.edit("press/shell.py", '"text": text}', '"text": text.upper()}')
    code, said = book.build()
    assert code == 0 and "(small " in said, said
    assert "EPOCH 10, X: 0.06046617599999997" in book.page("en")


def kept(book):
    build = book.folder / "_build"
    return set(build.glob("cells/**/*"))


@pytest.mark.slow
def test_what_no_page_uses_is_not_kept(book):
    book.build()
    before = kept(book)
    for number in range(3):
        book.edit("chapters/small.md", f"[1, {number + 2}]", f"[1, {number + 3}]")
        code, said = book.build()
        assert code == 0 and "(small " in said, said
        assert len(kept(book)) == len(before)
    assert kept(book) != before


# What editors and systems leave beside the sources


@pytest.mark.slow
def test_hidden_files_and_what_editors_leave_are_no_part_of_the_book(book, tmp_path):
    book.build()
    left = [book.folder / name for name in (
        ".#index.md", "._index.md", "chapters/.#small.md", "chapters/._small.md",
        "chapters/#small.md#", "chapters/small.md~", "gdcore/.#descent.py", "gdcore/._descent.py",
        "press/ext/.#fresh.py", "press/ext/._fresh.py", "_static/.#book.css", "_static/._book.css",
        "_static/book.css~", "_static/#book.css#", "locale/.#x.po",
    )]  # fmt: skip
    try:
        for file in left:
            if file.name.startswith(".#"):
                file.symlink_to("somebody@somewhere.4711:1")  # Emacs; it leads nowhere
            else:
                file.write_bytes(b"\x00\x05\x16\x07\xff")
        book.edit("chapters/small.md", "The final", "The last")
        code, said = book.build()
        assert code == 0 and "cells: " not in said, said
        assert differences(book.files(), built_anew(book, tmp_path / "anew")) == []
        book.edit("chapters/small.md", "The last", "The final")
        code, said = book.build()
        assert code == 0, said
        assert differences(book.files(), built_anew(book, tmp_path / "again")) == []
        assert differences(book.files(), book.clean) == []
        assert book.build(BOOK_URL="https://example.org/")[0] == 0
        assert "%23" not in (sitemap := book.files()[Path("sitemap.xml")].decode())
        assert "._" not in sitemap and ".#" not in sitemap
    finally:
        for file in left:
            file.unlink()
