"""How long building takes, in ratios: python -m benchmarks.build [cold] [edits] [growth]

Cold: the whole book, against what a stock build of the same chapters takes (Sphinx and MyST-NB as
they come: one language after the other, each running the cells in ordinary kernels), and against a
floor (every cell run once, in forks of one process on all cores, and one Sphinx pass a language
with execution off, side by side).

Edits: nothing, a line of prose, or a line of code changed, in the whole book.

Growth: books of 10, 50 and 200 small chapters: what a chapter more costs cold, what an edit costs,
and the greatest memory of all processes together.
"""

import os
import re
import shutil
import sys
import tempfile
import threading
import time
from contextlib import suppress
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import psutil

from benchmarks.report import ROOT, demand, finish, run
from press import cells, new, shell

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


def build(folder: Path) -> tuple[float, str]:
    return run([sys.executable, "-m", "press", "html"], folder)


def sphinx(folder: Path, lang: str, mode: str) -> tuple[float, str]:
    """Build one language as Sphinx does by itself, without keeping anything."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-t", lang]
        command += ["-D", f"nb_execution_mode={mode}", "-d", f"{out}/doctrees"]
        return run([*command, ".", f"{out}/{lang}/html"], folder)


# Cold ---------------------------------------------------------------------------------------------


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
    texts = [chapter.read_text(encoding="utf-8") for chapter in chapters]
    for module in (*shell.ALWAYS, *cells.imported(texts)):  # once, before forking
        with suppress(ImportError):
            import_module(module)

    started = time.perf_counter()
    with get_context("fork").Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        pool.map(run_cells_of, map(str, chapters), chunksize=1)
    passes = [threading.Thread(target=sphinx, args=(folder, lang, "off")) for lang in ("zh", "en")]
    for one in passes:
        one.start()
    for one in passes:
        one.join()
    return time.perf_counter() - started


def cold(folder: Path) -> None:
    ours, _ = build(folder)
    stock = sum(sphinx(folder, lang, "force")[0] for lang in ("zh", "en"))
    least = floor(folder)
    print(f"cold: this book {ours:.1f} s, stock {stock:.1f} s, floor {least:.1f} s")
    demand("cold, in stock builds", ours / stock, 0.3)
    demand("cold, in floors", ours / least, 1.2)


# Edits --------------------------------------------------------------------------------------------


def edits(folder: Path, chapter: str = CHAPTER, limits: bool = True) -> list[float]:
    """Print what it costs to change nothing, prose and code; return the seconds of the last two."""
    build(folder)
    nothing = min(build(folder)[0] for _ in range(3))
    path, took = folder / chapter, []
    text = path.read_text(encoding="utf-8")
    for place, edit in (
        (r"^:::+\{en\}\n", "Edit NUMBER. "),
        (r"^```\{code-cell\} python\n(?=[^:-])", "# edit NUMBER\n"),
    ):
        seconds = []
        for number in range(3):
            at = re.search(place, text, flags=re.MULTILINE).end()
            edited = text[:at] + edit.replace("NUMBER", str(number)) + text[at:]
            path.write_text(edited, encoding="utf-8")
            total, said = build(folder)
            own = sum(float(s.split()[-2]) for s in said.splitlines() if s.startswith("cells: "))
            seconds.append(total - own)
        took.append(min(seconds))
    path.write_text(text, encoding="utf-8")
    if limits:
        demand("nothing changed, s", nothing, 1.0)
        demand("prose of a chapter changed, s", took[0], 2.5)
        demand("code of a chapter changed, s besides its cells", took[1], 2.5)
    return took


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
    names = [f"chapters/chapter-{n}" for n in range(1, count + 1)]
    for n, name in enumerate(names, start=1):
        (folder / f"{name}.md").write_text(TEMPLATE.format(n=n), encoding="utf-8")
    contents = "\n".join(["chapters/small", *names])
    index = new.INDEX.replace("chapters/small", contents)
    (folder / "index.md").write_text(index, encoding="utf-8")


def growth(place: Path) -> None:
    seconds, edit = {}, {}
    for count in (10, 50, 200):
        folder = place / f"book of {count}"
        synthetic(folder, count)
        memory = Memory()
        memory.start()
        seconds[count], _ = build(folder)
        memory.over.set()
        edit[count] = edits(folder, "chapters/chapter-5.md", limits=False)[0]
        print(f"{count} chapters: cold {seconds[count]:.1f} s, an edit {edit[count]:.2f} s, "
              f"memory {memory.peak / 2**20:.0f} MiB", flush=True)  # fmt: skip
    early = (seconds[50] - seconds[10]) / 40
    late = (seconds[200] - seconds[50]) / 150
    demand("a chapter beyond 50, in chapters beyond 10", late / early, 1.2)
    demand("memory with 200 chapters, MiB", memory.peak / 2**20, 1024)
    print(f"an edit in a book of 200, in edits in a book of 10: {edit[200] / edit[10]:.2f}")


def main(parts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "book")
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("_build", ".*", "__pycache__"))
        if "cold" in parts:
            cold(folder)
        if "edits" in parts:
            edits(folder)
        if "growth" in parts:
            growth(Path(place))
    finish()


if __name__ == "__main__":
    main(sys.argv[1:] or ["cold", "edits", "growth"])
