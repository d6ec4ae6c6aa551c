"""Fresh pages: whatever a page depends on, a change of it is seen, and what is gone does not stay.

The outputs of a page's cells are kept in a file that is named by the cells and the files that the
page's front matter says they read, in a folder that is named by what else they depend on: the
sources of gdcore, or whatever library the book has, what runs them, the locked requirements and
Python's version. Sphinx knows a page by its source and the settings. Here a hash is one of them: of
what reading a page depends on, the outputs' folder, the extensions, the locked requirements and the
interface's words. Another hash, of what pages show of each other and of what writing depends on, is
kept in the environment: when it is another, all pages are written, into an empty folder.
"""

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from pprint import pformat

ROOT = Path(__file__).parents[1]
CELL = re.compile(r"^\s*(```+|~~~+)\{code-cell\}.*?^\s*\1", flags=re.MULTILINE | re.DOTALL)
READS = re.compile(r"\A---\n(?:(?!---).*\n)*?reads: (.*)\n")
CAPTION = re.compile(r"\{(zh|en)\}`[^`]*`")


# What runs cells and writes down what they print and draw.
RUNNERS = ["cells.py", "shell.py", "ext/page/outputs.py"]
RUNNERS += [f"ext/figures/{name}.py" for name in ("compact_svg", "markers", "path_data")]


def hash_of(root: Path, files: Iterable[Path]) -> str:
    """Return a hash of some files' names and contents, and of the Python that is running.

    Folders and hidden files are passed over: editors leave theirs anywhere.
    """
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(files):
        if path.is_file() and not path.name.startswith("."):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def libraries(root: Path) -> list[Path]:
    """Return the folders of the packages that a book's cells may import from it."""
    packages = (file.parent for file in sorted(root.glob("*/__init__.py")))
    return [folder for folder in packages if folder.name not in {"press", "tests", "benchmarks"}]


def cells_folder(root: Path) -> Path:
    """Return where the outputs of cells are kept, as long as all they depend on is the same."""
    own = (file for folder in libraries(root) for file in folder.rglob("*.py"))
    others = [root / "requirements.lock", *(root / "press" / name for name in RUNNERS)]
    return root / "_build" / "cells" / hash_of(root, [*own, *others])


def forget_older(folder: Path) -> None:
    """Remove the folders beside one, but for that of the state before, to which one may go back."""
    os.utime(folder)
    others = set(folder.parent.iterdir()) - {folder}
    for old in sorted(others, key=lambda other: other.stat().st_mtime)[:-1]:
        shutil.rmtree(old)


def outputs_file(text: str, folder: Path) -> Path:
    """Return where the outputs of a page's cells are kept, in what `cells_folder` returns.

    Captions and other texts in two languages may change without a run. A page whose cells read
    files of the book names them in its front matter: ``reads: press/**/*.py chapters/*.md``.
    """
    digest = hashlib.sha256()
    if found := READS.match(text):
        root, kinds = folder.parents[2], found[1].split()
        digest.update(hash_of(root, [f for kind in kinds for f in root.glob(kind)]).encode())
    for cell in CELL.finditer(text):
        digest.update(CAPTION.sub("", cell[0]).encode() + b"\0")
    return folder / f"{digest.hexdigest()[:32]}.json"


def readers() -> list[Path]:
    """Return what reading a page depends on, besides its source."""
    own = [file for file in ROOT.glob("press/**/*.*") if file.suffix != ".pyc"]
    return [*own, *ROOT.glob("locale/**/*.po"), ROOT / "requirements.lock"]


def set_hash(app, config) -> None:
    config.fresh_reading = f"{cells_folder(ROOT).name} {hash_of(ROOT, readers())}"


def pages_that_read(app, env, added, changed, removed) -> list[str]:
    """Let pages whose cells read files of the book be read again with their new outputs."""
    before, folder = getattr(env, "fresh_outputs", {}), cells_folder(ROOT)
    texts = {page: Path(env.doc2path(page)).read_text("utf-8-sig") for page in env.found_docs}
    reading = (page for page in texts if READS.match(texts[page]))
    env.fresh_outputs = {page: outputs_file(texts[page], folder).name for page in reading}
    return [page for page, name in env.fresh_outputs.items() if before.get(page) != name]


def hash_of_writing(app, env) -> str:
    """Return a hash of what writing a page depends on, besides the page.

    These are the settings, the templates, the static files and what pages show of others: their
    order, titles and numbers, their exercises, where labels, terms and names lead, the works that
    are cited, and the front page, whose picture and first words stand for pages that have none.
    """
    files = [ROOT / "conf.py", *ROOT.glob("_templates/**/*"), *ROOT.glob("_static/**/*")]
    works = [entry.formatted_entry for entry in env.domaindata["cite"]["citations"]]
    facts = (
        {page: title.pformat() for page, title in env.titles.items()},
        {page: data["exercises"] for page, data in env.metadata.items() if "exercises" in data},
        (env.toctree_includes, env.toc_secnumbers, env.toc_fignumbers),
        (env.domaindata["std"], *(env.domaindata[name]["objects"] for name in ("math", "py"))),
        [(work.key, work.label, str(work.text)) for work in works],
        env.all_docs[app.config.root_doc],  # when the front page was read
    )
    made_of = f"{hash_of(ROOT, files)} {app.config.fresh_reading} {pformat(facts)}"
    return hashlib.sha256(made_of.encode()).hexdigest()


def write_all(app, env) -> Iterable[str]:
    """Let all pages be written if any may show what it should not."""
    if app.builder.format != "html":
        return []
    now = hash_of_writing(app, env)
    if getattr(env, "fresh_writing", "") == now:
        return []
    env.fresh_writing = now
    if Path(app.srcdir, "_build", "new") in Path(app.outdir).parents:  # a folder of build.py
        shutil.rmtree(app.outdir)
        Path(app.outdir).mkdir()
    return env.found_docs


def setup(app):
    app.add_config_value("fresh_reading", "", "env", types=[str])
    app.connect("config-inited", set_hash, priority=100)  # before myst-nb reads its setting
    app.connect("env-get-outdated", pages_that_read)
    app.connect("env-get-updated", write_all, priority=900)  # when all numbers are known
