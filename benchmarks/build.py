"""How long building takes, in ratios: python -m benchmarks.build [book] [growth]

The whole book, cold, with nothing changed, and with a line of prose or of code changed. Beside it
stands a stock build of the same chapters (Sphinx and MyST-NB as they come: one language after the
other, the cells of each chapter that is read running in an ordinary kernel), and for the cold build
a floor (every cell run once, in forks of one process on all cores, and one Sphinx pass a language
with execution off, side by side).

Growth: books of 10, 30 and 50 small chapters: what a chapter more costs cold, what an edit costs,
and the greatest memory of all processes together.
"""

import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.pool import ThreadPool
from pathlib import Path

import psutil

from benchmarks.report import ROOT, demand, finish, run
from press import new

ALWAYS = ("IPython.core.interactiveshell", "matplotlib.backends.backend_svg")
IMPORTED = re.compile(r"^(?:from|import) ([\w.]+)", re.MULTILINE)
CHAPTER = "chapters/race.md"
TEMPLATE = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
(chapter-{n})=
# {{zh}}`第 {n} 章` {{en}}`Chapter {n}`

:::{{zh}}
学习率是 $1/{n}$，见{{numref}}`图 %s <fig-{n}>`。
:::

:::{{en}}
The learning rate is $1/{n}$, see {{numref}}`Figure %s <fig-{n}>`.
:::

```{{code-cell}} python
from gdcore import draw; draw.use_book_style()
from gdcore import GradientDescent, descend, himmelblau
path = descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), max_steps=10 + {n})
print(path)
```

```{{code-cell}} python
---
mystnb:
  figure:
    name: fig-{n}
    caption: "{{zh}}`路径` {{en}}`The path`"
  image:
    alt: "{{zh}}`一条路径。` {{en}}`A path.`"
---
import matplotlib.pyplot as plt
ax = plt.figure().subplots()
_ = ax.plot(path.x[:, 0], path.x[:, 1])
```
"""


def build(folder: Path) -> float:
    return run([sys.executable, "-m", "press", "html"], folder)[0]


def sphinx(folder: Path, lang: str, mode: str, out: Path) -> float:
    """Build one language as Sphinx does by itself, going on from what it left in a folder."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-t", lang]
    command += ["-D", f"nb_execution_mode={mode}", "-d", f"{out}/{lang}/doctrees"]
    return run([*command, ".", f"{out}/{lang}/html"], folder)[0]


def stock(folder: Path, out: Path) -> float:
    """Build both languages as Sphinx and MyST-NB do by themselves."""
    return sum(sphinx(folder, lang, "force", out) for lang in ("zh", "en"))


# Floor --------------------------------------------------------------------------------------------


def run_cells_of(path: str) -> None:
    """Run the cells of one chapter in this process, and draw its figures."""
    os.chdir(tempfile.mkdtemp())
    import matplotlib.pyplot as plt
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from myst_nb.core.read import read_myst_markdown_notebook

    from press.ext.figures.catalogue import expanded

    ipython = InteractiveShell.instance()
    notebook = read_myst_markdown_notebook(expanded(Path(path).read_text(encoding="utf-8")))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            with capture_output():
                ipython.run_cell(cell.source).raise_error()
                for number in plt.get_fignums():
                    plt.figure(number).savefig("figure.svg")
            plt.close("all")


def floor(folder: Path) -> float:
    """Run every cell once on all cores, then one Sphinx pass a language with execution off."""
    pages = [*folder.glob("*.md"), *folder.glob("chapters/*.md")]
    chapters = [p for p in pages if "file_format: mystnb" in p.read_text(encoding="utf-8")[:200]]
    chapters.sort(key=lambda path: -path.stat().st_size)
    text = "\n".join(chapter.read_text(encoding="utf-8") for chapter in chapters)
    for name in {*ALWAYS, *IMPORTED.findall(text)}:  # once, before forking
        with suppress(Exception):
            import_module(name)

    started = time.perf_counter()
    with get_context("fork").Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        pool.map(run_cells_of, map(str, chapters), chunksize=1)
    with tempfile.TemporaryDirectory() as out, ThreadPool(2) as pool:
        pool.map(lambda lang: sphinx(folder, lang, "off", Path(out)), ("zh", "en"))
    return time.perf_counter() - started


# The whole book -----------------------------------------------------------------------------------

EDITS = {  # below which line of a chapter what is written
    "prose": (r"^:::+\{en\}\n", "Edit NUMBER. "),
    "code": (r"^```\{code-cell\} python\n(?=[^:-])", "# edit NUMBER\n"),
}


def edited(path: Path, kind: str) -> Iterator[None]:
    """Change a line of a chapter three times, and put it back in the end."""
    text = path.read_text(encoding="utf-8")
    place, edit = EDITS[kind]
    at = re.search(place, text, flags=re.MULTILINE).end()
    for number in range(3):
        path.write_text(text[:at] + edit.replace("NUMBER", str(number)) + text[at:], "utf-8")
        yield
    path.write_text(text, "utf-8")


def book(folder: Path, kept: Path) -> None:
    """Build the whole book, build it again, and edit it, beside the stock build."""
    ours, theirs, least = build(folder), stock(folder, kept), floor(folder)
    print(f"cold: this book {ours:.1f} s, stock {theirs:.1f} s, floor {least:.1f} s")
    demand("cold, in stock's", ours / theirs, 0.3)
    demand("cold, in floors", ours / least, 1.2)
    nothing = min(build(folder) for _ in range(3))
    demand("nothing changed, of a cold build", 100 * nothing / ours, 1, " %")
    for kind in EDITS:
        turns = [(build(folder), stock(folder, kept)) for _ in edited(folder / CHAPTER, kind)]
        ours, theirs = map(min, zip(*turns, strict=True))
        print(f"{kind} of a chapter changed: this book {ours:.1f} s, stock {theirs:.1f} s")
        demand(f"{kind} of a chapter changed, in stock's", ours / theirs, 0.33)


# Growth -------------------------------------------------------------------------------------------


class Memory(threading.Thread):
    """Notes the greatest sum of the memory of all processes below this one, shared parts once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.over = 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            total = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.peak = max(self.peak, total)


def synthetic(folder: Path, count: int) -> None:
    """Make a book of so many small chapters."""
    new.make(folder)
    (folder / "chapters" / "roots.md").unlink()
    names = [f"chapters/chapter-{n}" for n in range(1, count + 1)]
    for n, name in enumerate(names, start=1):
        (folder / f"{name}.md").write_text(TEMPLATE.format(n=n), encoding="utf-8")
    contents = "\n".join(["chapters/small", *names])
    index = new.INDEX.replace("chapters/small\nchapters/roots", contents)
    (folder / "index.md").write_text(index, encoding="utf-8")


def growth(place: Path) -> None:
    seconds, edit = {}, {}
    for count in (10, 30, 50):
        folder = place / f"book of {count}"
        synthetic(folder, count)
        memory = Memory()
        memory.start()
        seconds[count] = build(folder)
        memory.over.set()
        edit[count] = min(build(folder) for _ in edited(folder / "chapters/chapter-5.md", "prose"))
        print(f"{count} chapters: cold {seconds[count]:.1f} s, an edit {edit[count]:.2f} s, "
              f"memory {memory.peak / 2**20:.0f} MiB", flush=True)  # fmt: skip
    ratio = (seconds[50] - seconds[30]) / (seconds[30] - seconds[10])
    demand("20 chapters beyond 30, in 20 beyond 10", ratio, 1.3)
    demand("memory with 50 chapters, MiB", memory.peak / 2**20, 1024)
    print(f"an edit in a book of 50, in edits in a book of 10: {edit[50] / edit[10]:.2f}")


def main(parts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "book")
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("_build", ".*", "__pycache__"))
        if "book" in parts:
            book(folder, Path(place, "stock"))
        if "growth" in parts:
            growth(Path(place))
    finish()


if __name__ == "__main__":
    main(sys.argv[1:] or ["book", "growth"])
