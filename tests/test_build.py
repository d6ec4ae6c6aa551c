"""Building: fresh numbers after an edit, one run for both languages, and nothing lost by a failure.

What builds may be spoiled by from outside is in test_robust.py.
"""

import re
import subprocess

import pytest
from conftest import ROOT
from small_book import DRAWING, SmallBook


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    book = SmallBook(tmp_path_factory.mktemp("built") / "book")
    book.sources = {p.relative_to(book.folder).as_posix() for p in book.folder.rglob("*")}
    code, said = book.build()
    assert code == 0, said
    book.said = said
    return book


@pytest.fixture
def book(built):
    with built.restored():
        yield built


def executions(said):
    return len(re.findall(r": its cells took", said))


def test_both_languages_are_built_from_one_execution(built):
    assert executions(built.said) == 1
    for lang in ("zh", "en"):
        assert "epoch 10, x: 0.06046617599999997" in built.page(lang)
    assert (built.folder / "_build" / "html" / "index.html").exists()
    assert "The book is ready" in built.said


def test_a_second_build_executes_nothing(book):
    book.build()
    before = book.files()
    code, said = book.build()
    assert code == 0 and executions(said) == 0
    assert book.files() == before


def test_a_change_in_gdcore_changes_the_page(book):
    book.edit(
        "gdcore/optimizers.py", "-self.learning_rate * grad", "-0.5 * self.learning_rate * grad"
    )
    code, said = book.build()
    assert code == 0 and executions(said) == 1, said
    for lang, text in (("zh", "最后的"), ("en", "The final")):
        assert "epoch 10, x: 1.0737418240000003" in book.page(lang)  # 10 · 0.8¹⁰
        assert "0.0604" not in book.page(lang)
        assert re.search(rf"{text}.*1\.074", book.page(lang))


def test_a_change_of_the_locked_packages_runs_the_cells_again(book):
    with (book.folder / "requirements.lock").open("a") as lock:
        lock.write("# numpy moved\n")
    assert executions(book.build()[1]) == 1


def test_a_change_of_the_prose_alone_executes_nothing(book):
    book.build()
    book.edit("chapters/small.md", "最后的", "末了的")
    code, said = book.build()
    assert code == 0 and executions(said) == 0
    assert "末了的" in book.page("zh")


FIGURE = """\
```{code-cell} python
---
mystnb:
  figure:
    name: fig-dot
    caption: "{zh}`一点` {en}`A dot`"
  image:
    alt: "{zh}`一个点。` {en}`A dot.`"
---
import matplotlib.pyplot as plt
from gdcore.plot import use_book_style

use_book_style()
_ = plt.figure().subplots().plot(0, 0, "o")
```
"""


def test_a_caption_changes_without_a_run(book):
    text = book.chapter.read_text(encoding="utf-8")
    book.chapter.write_text(f"{text}\n{FIGURE}", encoding="utf-8")
    code, said = book.build()
    assert code == 0 and executions(said) == 1, said
    book.edit("chapters/small.md", "A dot`", "The dot`")
    code, said = book.build()
    assert code == 0 and executions(said) == 0, said
    assert "The dot" in book.page("en") and "A dot." in book.page("en")
    book.edit("chapters/small.md", '"o")', '"x")')
    assert executions(book.build()[1]) == 1


def test_a_change_of_an_extension_changes_the_pages(book):
    book.build()
    book.edit("_ext/bilingual.py", 'classes=["lang"]', 'classes=["lang", "tongue"]')
    code, said = book.build()
    assert code == 0 and executions(said) == 0
    assert "tongue" in book.page("zh") and "tongue" in book.page("en")


def test_a_page_goes_with_its_source(book):
    extra = book.folder / "chapters" / "extra.md"
    extra.write_text("(extra)=\n# {zh}`附录` {en}`Extra`\n", encoding="utf-8")
    book.edit("index.md", "chapters/small\n", "chapters/small\nchapters/extra\n")
    code, said = book.build()
    assert code == 0, said
    pages = [
        book.folder / "_build" / "html" / lang / "chapters/extra.html" for lang in ("zh", "en")
    ]
    assert all(page.exists() for page in pages)
    extra.unlink()
    book.edit("index.md", "chapters/extra\n", "")
    code, said = book.build()
    assert code == 0, said
    assert not any(page.exists() for page in pages)
    assert "jupyter_execute" not in {path.parts[0] for path in book.files()}


def test_a_change_of_the_interfaces_words_changes_the_pages(book):
    catalogue = "locale/zh_CN/LC_MESSAGES/sphinx.po"
    book.build()
    assert 'title="显示或收起全书目录"' in book.page("zh")
    before = (book.folder / catalogue).read_bytes()
    book.edit(catalogue, "显示或收起全书目录", "开关目录")
    code, said = book.build()
    (book.folder / catalogue).write_bytes(before)
    assert code == 0, said
    assert 'title="开关目录"' in book.page("zh")


STYLE = "from gdcore.plot import use_book_style; use_book_style()\n"
ALT = '  image:\n    alt: "{zh}`一条线` {en}`a line`"\n'
assert STYLE in DRAWING and ALT in DRAWING
FAILURES = {
    "an error in a cell": (
        "chapters/small.md",
        'print("epoch',
        'print(undefined, "epoch',
        r"small\.md:10: .*cell 1, which begins with `from gdcore.*NameError: name 'undefined'",
    ),
    "a failed assertion": (
        "chapters/small.md",
        'glue("x", x)',
        "assert x > 1",
        r"small\.md:\d+: .*cell 2, .*failed: AssertionError",
    ),
    "a warning in a cell": (
        "chapters/small.md",
        'glue("x", x)',
        'glue("x", x); import warnings; warnings.warn("mind the gap")',
        r"small\.md:\d+: .*cell 2, .*warned: .*UserWarning: mind the gap",
    ),
    "a cell that runs too long": (
        "chapters/small.md",
        'glue("x", x)',
        "while True: pass",
        r"small\.md:\d+: .*cell 2, .*failed: it ran longer than conf\.py allows",
    ),
    "a crashed kernel": (
        "chapters/small.md",
        'glue("x", x)',
        "import os; os._exit(1)",
        r"small\.md:\d+: .*cell 2, .*failed: it ended the Python process",
    ),
    "a cell that is left open": (
        "chapters/small.md",
        "\n```\n\n:::{zh}",
        "\n\n:::{zh}",
        r"small\.md:\d+: .*```\{code-cell\} is never closed",
    ),
    "a cell that is left open at the end": (
        "index.md",
        "A book.\n:::",
        "A book.\n:::\n\n```{code-cell} python\nx = 1",
        r"index\.md:\d+: .*```\{code-cell\} is not closed before ```\{toctree\}",
    ),
    "twins that differ": (
        "chapters/small.md",
        "The final $x$",
        "The final $y$",
        r"small\.md:\d+: .*the twins differ in mathematics",
    ),
    "a figure that is no SVG": (
        "chapters/small.md",
        "\n:::{zh}\n最后的",
        DRAWING.replace(STYLE, "") + "\n:::{zh}\n最后的",
        r"small\.md:\d+: .*a cell drew a \.png picture; call use_book_style\(\) first",
    ),
    "a figure that the blind cannot read": (
        "chapters/small.md",
        "\n:::{zh}\n最后的",
        DRAWING.replace(ALT, "") + "\n:::{zh}\n最后的",
        r"small\.md:\d+: .*a figure needs mystnb: image: alt:",
    ),
    "a reference to nothing": (
        "index.md",
        "A book.",
        "A book, {ref}`nowhere`.",
        r"index\.md:\d+: .*undefined label: 'nowhere'",
    ),
    "a broken gdcore": (
        "gdcore/descent.py",
        "step, state = optimizer.update(g, state)",
        "step, state = optimizer.upgrade(g, state)",
        r"small\.md:10: .*cell 1, .*AttributeError",
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_explained_and_loses_nothing(book, failure):
    file, old, new, says = FAILURES[failure]
    assert (book.folder / "_build" / "html" / "index.html").exists()
    before = book.files()
    book.edit("conf.py", "nb_execution_timeout = 120", "nb_execution_timeout = 3")
    book.edit(file, old, new)
    for attempt in ("first", "second"):  # a failure must not pass by being tried again
        code, said = book.build()
        assert code != 0, attempt
        assert re.search(says, said) and "Traceback" not in said, said
        assert "The last good book is still at" in said
        assert book.files() == before


def test_after_a_failure_is_mended_the_book_is_built_again(book):
    book.edit("chapters/small.md", "The final", "The last")
    code, said = book.build()
    assert code == 0, said
    assert "The last" in book.page("en")


def test_git_need_not_be_told_of_what_a_build_makes(book):
    files = [path for path in book.folder.rglob("*") if path.is_file()]
    made = {path.relative_to(book.folder).as_posix() for path in files} - book.sources
    assert {"_build/html/index.html", "locale/zh_CN/LC_MESSAGES/sphinx.mo"} <= made
    run = subprocess.run(["git", "check-ignore", "--no-index", "--stdin"], cwd=ROOT, text=True,
                         input="\n".join(made), stdout=subprocess.PIPE)  # fmt: skip
    assert made - set(run.stdout.splitlines()) == set()


def test_make_installs_nothing_twice():
    make = subprocess.run(["make", "--question", ".venv/test.installed"], cwd=ROOT)
    assert make.returncode == 0
