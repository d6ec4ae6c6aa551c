"""How long other builders take for the same book: python -m benchmarks.peers [--install [name ...]]

The book is a stand-in: 6 chapters in 2 languages, each with headings, paragraphs, formulas and 8
code cells, every second of which draws a figure. Ours builds both languages at once, from bilingual
chapters. The others build two books, one after the other, each as it comes: cold, with its own
theme and settings. The stock build is Sphinx and MyST-NB with this book's theme.

Of them, sphinx-gallery runs the cells as scripts in one process, without kernels; d2lbook runs two
chapters at once, as we do.

Each builder has a book of one chapter first, which is not counted, so that its packages have been
read from the disk. Ours takes a turn after each of them, for the machine has faster and slower
minutes. With --install, those named, or all, get a virtualenv each, in _build/peers; without, those
that are there are measured.
"""

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import ROOT, demand, finish, run
from press import new

PEERS = ROOT / "_build" / "peers"
CHAPTERS, LANGUAGES = 6, ("zh", "en")
SPHINX_LANGUAGES = {"zh": "zh_CN", "en": "en"}

# The stand-in -------------------------------------------------------------------------------------

OBJECTIVES = ("himmelblau", "six_hump_camel", "beale", "rosenbrock")
EXPERIMENT = """\
import numpy as np
from gdcore import GradientDescent, OBJECTIVES, descend
objective = OBJECTIVES["{name}"]
path = descend(objective, GradientDescent(0.001), (-1.2, 0.{n}), max_steps=200)
print(path)"""
FIGURE = """\
import matplotlib.pyplot as plt
mesh = np.array(np.meshgrid(np.linspace(-2, 2, 81), np.linspace(-2, 2, 81)))
ax = plt.figure().subplots()
ax.contour(*mesh, objective(mesh), levels=12)
_ = ax.plot(path.x[:, 0], path.x[:, 1], ".-")"""


class Block(NamedTuple):
    """A piece of a chapter; a code cell that draws has a caption in both languages."""

    kind: str
    zh: str = ""
    en: str = ""
    code: str = ""


def chapter(n: int) -> list[Block]:
    blocks = [Block("title", f"第 {n} 章", f"Chapter {n}")]
    for name in OBJECTIVES:
        blocks += [
            Block("heading", f"{name} 上的下降", f"A descent on {name}"),
            Block(
                "text",
                "每一步都沿着梯度的反方向走，学习率 $\\eta$ 太大，就会越过最小值点。",
                "Each step goes against the gradient, and leaps over the minimizer where the "
                "learning rate $\\eta$ is too large.",
            ),
            Block("formula", code=r"x_{k+1} = x_k - \eta \, \nabla f(x_k)"),
            Block("code", code=EXPERIMENT.format(name=name, n=n)),
            Block(
                "text",
                "图中是等高线，以及下降经过的每一点 $x_k$ 。",
                "The figure shows contours, and every point $x_k$ that the descent has passed.",
            ),
            Block("code", "下降的路径。", "The path of the descent.", FIGURE),
        ]
    return blocks


# Its chapters, as each builder wants them ---------------------------------------------------------

NOTEBOOK_HEADER = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"


def bilingual(n: int) -> str:
    parts = [NOTEBOOK_HEADER]
    for i, (kind, zh, en, code) in enumerate(chapter(n)):
        if kind in ("title", "heading"):
            sign = "#" if kind == "title" else "##"
            parts.append(f"(label-{n}-{i})=\n{sign} {{zh}}`{zh}` {{en}}`{en}`\n")
        elif kind == "text":
            parts.append(f":::{{zh}}\n{zh}\n:::\n\n:::{{en}}\n{en}\n:::\n")
        elif kind == "formula":
            parts.append(f"$$\n{code}\n$$\n")
        else:
            caption = f"{{zh}}`{zh}` {{en}}`{en}`" if zh else ""
            parts.append(code_cell(code, f"figure-{n}-{i}", caption))
    style = "from gdcore import draw; draw.use_book_style()"  # every chapter here has it
    parts.insert(2, code_cell(f":tags: [remove-cell]\n{style}", "", ""))
    return "\n".join(parts)


def code_cell(code: str, name: str, caption: str) -> str:
    options = ""
    if caption:
        options = f'---\nmystnb:\n  figure:\n    name: {name}\n    caption: "{caption}"\n'
        options += f'  image:\n    alt: "{caption}"\n---\n'
    return f"```{{code-cell}} python\n{options}{code}\n```\n"


def markdown(block: Block, lang: str) -> str:
    text = getattr(block, lang)
    return {
        "title": f"# {text}\n",
        "heading": f"## {text}\n",
        "text": f"{text}\n",
        "formula": f"$$\n{block.code}\n$$\n",
    }[block.kind]


def myst(n: int, lang: str) -> str:
    parts = [NOTEBOOK_HEADER]
    for i, block in enumerate(chapter(n)):
        if block.kind == "code":
            parts.append(code_cell(block.code, f"figure-{n}-{i}", getattr(block, lang)))
        else:
            parts.append(markdown(block, lang))
    return "\n".join(parts)


def notebook(n: int, lang: str) -> str:
    cells = []
    for i, block in enumerate(chapter(n)):
        cell = {"id": f"cell-{i}", "metadata": {}}
        if block.kind == "code":
            cell |= {"cell_type": "code", "source": block.code}
            cell |= {"outputs": [], "execution_count": None}
        else:
            cell |= {"cell_type": "markdown", "source": markdown(block, lang)}
        cells.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5})


def gallery_script(n: int, lang: str) -> str:
    parts = []
    for block in chapter(n):
        text = getattr(block, lang)
        if block.kind == "code":
            parts.append(f"{block.code}\n")
        elif block.kind == "title":
            parts.append(f'"""\n{text}\n{"=" * 40}\n"""\n')
        else:
            text = {
                "heading": f"{text}\n{'-' * 40}",
                "text": re.sub(r"\$(.+?)\$", r":math:`\1`", text),
                "formula": f".. math:: {block.code}",
            }[block.kind]
            parts.append("# %%\n" + re.sub("^", "# ", text, flags=re.MULTILINE) + "\n")
    return "\n".join(parts)


def d2l_markdown(n: int, lang: str) -> str:
    parts = []
    for block in chapter(n):
        if block.kind == "code":
            parts.append(f"```{{.python .input}}\n{block.code}\n```\n")
        else:
            parts.append(markdown(block, lang))
    return "\n".join(parts)


# The builders -------------------------------------------------------------------------------------


def stock_book(lang: str, count: int) -> dict[str, str]:
    settings = 'html_theme = "sphinx_book_theme"\nmyst_enable_extensions = ["dollarmath"]\n'
    settings += 'nb_execution_mode = "force"\n'
    index = "# Book\n\n```{toctree}\n" + "\n".join(names(count)) + "\n```\n"
    return {
        "conf.py": sphinx_settings("myst_nb", lang) + settings,
        "index.md": index,
        **pages("{}.md", myst, lang, count),
    }


def jupyter_book(lang: str, count: int) -> dict[str, str]:
    settings = "title: Book\nexecute:\n  execute_notebooks: force\n"
    settings += f"sphinx:\n  config:\n    language: {SPHINX_LANGUAGES[lang]}\n"
    contents = "format: jb-book\nroot: index\nchapters:\n"
    contents += "".join(f"- file: {name}\n" for name in names(count))
    return {
        "_config.yml": settings,
        "_toc.yml": contents,
        "index.md": "# Book\n",
        **pages("{}.md", myst, lang, count),
    }


def nbsphinx_book(lang: str, count: int) -> dict[str, str]:
    return {
        "conf.py": sphinx_settings("nbsphinx", lang) + 'nbsphinx_execute = "always"\n',
        "index.rst": rst_index(names(count)),
        **pages("{}.ipynb", notebook, lang, count),
    }


def mkdocs_book(lang: str, count: int) -> dict[str, str]:
    settings = "site_name: Book\ntheme: material\nplugins:\n- mkdocs-jupyter:\n    execute: true\n"
    return {
        "mkdocs.yml": settings,
        "docs/index.md": "# Book\n",
        **pages("docs/{}.ipynb", notebook, lang, count),
    }


def gallery_book(lang: str, count: int) -> dict[str, str]:
    settings = "sphinx_gallery_conf = "
    settings += '{"examples_dirs": "scripts", "gallery_dirs": "chapters", "filename_pattern": ""}\n'
    return {
        "conf.py": sphinx_settings("sphinx_gallery.gen_gallery", lang) + settings,
        "index.rst": rst_index(["chapters/index"]),
        "scripts/GALLERY_HEADER.rst": "Chapters\n========\n",
        **pages("scripts/{}.py", gallery_script, lang, count),
    }


def d2l_book(lang: str, count: int) -> dict[str, str]:
    settings = "[project]\nname = book\ntitle = Book\n[build]\nnotebooks = *.md\n"
    return {
        "config.ini": settings,
        "index.md": "# Book\n\n```toc\n:maxdepth: 1\n\n" + "\n".join(names(count)) + "\n```\n",
        **pages("{}.md", d2l_markdown, lang, count),
    }


def names(count: int) -> list[str]:
    return [f"chapter-{n}" for n in range(1, count + 1)]


def pages(path: str, write: Callable[[int, str], str], lang: str, count: int) -> dict[str, str]:
    return {path.format(name): write(n, lang) for n, name in enumerate(names(count), start=1)}


def sphinx_settings(extension: str, lang: str) -> str:
    return f'extensions = ["{extension}"]\nlanguage = "{SPHINX_LANGUAGES[lang]}"\n'


def rst_index(listed: list[str]) -> str:
    return "Book\n====\n\n.. toctree::\n\n" + "".join(f"   {page}\n" for page in listed)


class Builder(NamedTuple):
    """What its virtualenv needs, the files of a book in a language, and what builds them."""

    packages: list[str]
    book: Callable[[str, int], dict[str, str]]
    command: list[str]


SPHINX = ["sphinx-build", "-q", "-b", "html", ".", "_build"]
PANDOC = "pypandoc_binary"  # brings the program that nbsphinx and d2lbook call
STOCK = Builder([], stock_book, SPHINX)
BUILDERS = {
    "jupyter-book": Builder(["jupyter-book<2"], jupyter_book, ["jupyter-book", "build", "."]),
    "nbsphinx": Builder(["nbsphinx", PANDOC], nbsphinx_book, SPHINX),
    "mkdocs-jupyter": Builder(["mkdocs-jupyter"], mkdocs_book, ["mkdocs", "build", "-q"]),
    "sphinx-gallery": Builder(["sphinx-gallery"], gallery_book, SPHINX),
    "d2lbook": Builder(["d2lbook", "pybtex<0.25", PANDOC], d2l_book, ["d2lbook", "build", "html"]),
}
# descents.py measures this one twice: with the NumPy of this book, so that they differ in nothing
# else, and with NumPy 1.22.4, which its author pinned. There are no wheels of that for Python 3.11,
# where pip has to compile it, and it cannot be had on Python 3.12.
VISUALIZER, PINNED = "grad-descent-visualizer", "grad-descent-visualizer-pinned"
BASE = ["numpy", "matplotlib", "ipykernel"]
INSTALLED_WITH = {name: [[*BASE, *builder.packages]] for name, builder in BUILDERS.items()}
INSTALLED_WITH[VISUALIZER] = [
    [f"numpy=={version('numpy')}", "autograd", "pyvista", "cmocean", "colorcet"],
    ["--no-deps", VISUALIZER],
]
INSTALLED_WITH[PINNED] = [[VISUALIZER]]


# Their virtualenvs --------------------------------------------------------------------------------


def environment(name: str) -> Path | None:
    """Return the Python of a peer's virtualenv, if it is there."""
    python = PEERS / name / "bin" / "python"
    return python if python.exists() else None


def how_to_install(name: str) -> str:
    return f"not installed: python -m benchmarks.peers --install {name}"


def install(name: str) -> None:
    folder = PEERS / name
    shutil.rmtree(folder, ignore_errors=True)
    print(f"installing {name}", flush=True)
    try:
        PEERS.mkdir(parents=True, exist_ok=True)
        run([sys.executable, "-m", "venv", str(folder)], PEERS)
        for packages in INSTALLED_WITH[name]:
            run([f"{folder}/bin/python", "-m", "pip", "install", "-q", *packages], PEERS)
    except SystemExit as failure:
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{failure}\n{name} could not be installed; the last lines say why.")


# Measuring ----------------------------------------------------------------------------------------


def ours(place: Path, count: int) -> float:
    """Build the stand-in with this book's press; return the seconds."""
    folder = place / "ours"
    shutil.rmtree(folder, ignore_errors=True)
    new.make(folder)
    for chapter in (folder / "chapters").glob("*.md"):
        chapter.unlink()
    listed = [f"chapters/{name}" for name in names(count)]
    index = new.INDEX.replace("chapters/small\nchapters/roots", "\n".join(listed))
    (folder / "index.md").write_text(index, encoding="utf-8")
    for n, name in enumerate(listed, start=1):
        (folder / f"{name}.md").write_text(bilingual(n), encoding="utf-8")
    seconds, _ = run([sys.executable, "-m", "press", "html"], folder)
    check(folder / "_build" / "html", count * len(LANGUAGES))
    return seconds


def theirs(name: str, builder: Builder, python: Path, place: Path, count: int) -> float:
    """Build the stand-in with another builder, one language after the other."""
    programs = [python.parent, *python.parents[1].glob("lib/*/site-packages/pypandoc/files")]
    path = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
    total = 0.0
    for lang in LANGUAGES:
        folder = place / f"{name.replace(' ', '-')}-{count}-{lang}"
        for file, text in builder.book(lang, count).items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
        seconds, _ = run(builder.command, folder, PATH=path, PYTHONPATH=str(ROOT))
        check(folder, count)
        total += seconds
    return total


def check(folder: Path, count: int) -> None:
    """See that so many pages show what their cells print, and not only the cells."""
    texts = [page.read_text(encoding="utf-8") for page in folder.rglob("*.html")]
    ran = sum(text.count("Trajectory") >= len(OBJECTIVES) for text in texts)
    if ran != count:
        sys.exit(f"{folder}: {ran} pages show the results of cells, but {count} should.")


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--install"]:
        unknown = sorted({*arguments[1:]} - {*INSTALLED_WITH})
        if unknown:
            sys.exit(f"{', '.join(unknown)}: not among {', '.join(INSTALLED_WITH)}.")
        for name in arguments[1:] or INSTALLED_WITH:
            install(name)
        return
    stock = "Sphinx and MyST-NB"
    pythons = {stock: Path(sys.executable), **{name: environment(name) for name in BUILDERS}}
    print(f"{'':20s}{'its time':>10s}{'this book':>12s}")
    ratios = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        ours(place, 1)
        for name, python in pythons.items():
            if python is None:
                print(f"{name:20s}{how_to_install(name)}")
                continue
            build = partial(theirs, name, BUILDERS.get(name, STOCK), python, place)
            build(1)
            took, seconds = build(CHAPTERS), ours(place, CHAPTERS)
            ratios[name] = seconds / took
            print(f"{name:20s}{took:8.1f} s{seconds:10.1f} s{took / seconds:7.1f} x", flush=True)
    demand("this book, in stock builds", ratios[stock], 0.5)
    demand("this book, in builds of the fastest", max(ratios.values()), 1)
    finish()


if __name__ == "__main__":
    main(sys.argv[1:])
