"""Building: fresh numbers after an edit, one run for both languages, and nothing lost by a failure.

Each test builds a small book in a folder of its own, with the project's real settings.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

INDEX = """\
(index)=
# {zh}`书` {en}`Book`

:::{zh}
一本书。
:::

:::{en}
A book.
:::

```{toctree}
chapters/small
```
"""
CHAPTER = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
(small)=
# {zh}`小章` {en}`Small chapter`

```{code-cell} python
from gdcore import GradientDescent, descend, parabola

x = float(descend(parabola, GradientDescent(0.2), 10, max_steps=10).x[-1, 0])
print("epoch 10, x:", x)
```

```{code-cell} python
:tags: [remove-cell]
from myst_nb import glue

glue("x", x)
```

:::{zh}
最后的 $x$ 是 {glue:text}`x:.3f`。
:::

:::{en}
The final $x$ is {glue:text}`x:.3f`.
:::
"""


class SmallBook:
    def __init__(self, folder):
        self.folder = folder
        for name in ("_ext", "_static", "_templates", "gdcore", "locale"):
            shutil.copytree(ROOT / name, folder / name)
        for name in ("conf.py", "build.py", "references.bib", "requirements.lock"):
            shutil.copy(ROOT / name, folder)
        (folder / "chapters").mkdir()
        (folder / "index.md").write_text(INDEX, encoding="utf-8")
        self.chapter = folder / "chapters" / "small.md"
        self.chapter.write_text(CHAPTER, encoding="utf-8")

    def build(self):
        """Run build.py; return its exit code and all that it said."""
        env = {**os.environ, "PYTHONPATH": str(self.folder), "NO_COLOR": "1"}
        run = subprocess.run([sys.executable, "build.py"], cwd=self.folder, env=env, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        return run.returncode, run.stdout

    def page(self, lang):
        path = self.folder / "_build" / "html" / lang / "chapters" / "small.html"
        return path.read_text(encoding="utf-8")

    def files(self):
        html = self.folder / "_build" / "html"
        return {path.relative_to(html): path.read_bytes() for path in html.rglob("*.*")}

    def edit(self, file, old, new):
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    book = SmallBook(tmp_path_factory.mktemp("built") / "book")
    code, said = book.build()
    assert code == 0, said
    book.said = said
    return book


@pytest.fixture
def book(built):
    """The small book, to be spoiled; its sources are as they were when the next test comes."""
    sources = [*built.folder.glob("*.*"), *built.folder.glob("[!_]*/*.*")]
    before = {path: path.read_bytes() for path in sources if path.is_file()}
    yield built
    for path, content in before.items():
        path.write_bytes(content)


def executions(said):
    return len(re.findall(r"Executed notebook in", said))


def test_both_languages_are_built_from_one_execution(built):
    assert executions(built.said) == 1
    for lang in ("zh", "en"):
        assert "epoch 10, x: 0.06046617599999997" in built.page(lang)
    assert (built.folder / "_build" / "html" / "index.html").exists()
    assert "The book is ready. Open" in built.said


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
    book.edit("chapters/small.md", "最后的", "末了的")
    code, said = book.build()
    assert code == 0 and executions(said) == 0
    assert "末了的" in book.page("zh")


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
    "twins that differ": (
        "chapters/small.md",
        "The final $x$",
        "The final $y$",
        r"small\.md:\d+: .*the twins differ in mathematics",
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
        assert re.search(says, said), said
        assert "The last good book is still at" in said
        assert book.files() == before


def test_after_a_failure_is_mended_the_book_is_built_again(book):
    book.edit("chapters/small.md", "The final", "The last")
    code, said = book.build()
    assert code == 0, said
    assert "The last" in book.page("en")


def test_make_installs_nothing_twice():
    make = subprocess.run(["make", "--question", ".venv/test.installed"], cwd=ROOT)
    assert make.returncode == 0
