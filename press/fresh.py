"""Fresh pages: whatever a page depends on, a change of it is seen, and what is gone does not stay.

The outputs of a page's cells are kept in a file that is named by all they depend on: the cells, the
files that the page's front matter says they read, the sources of gdcore, or whatever library the
book has, what runs them, the locked requirements and Python's version. Sphinx knows a page by its
source and the settings. Here a hash is one of them: of what reading a page depends on, libraries,
extensions, the locked requirements and the interface's words. Another hash, of what pages show of
each other and of what writing depends on, is kept in the environment: when it is another, all pages
are written, into an empty folder.
"""

import hashlib
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from glob import glob
from pathlib import Path
from pprint import pformat

ROOT = Path(__file__).parents[1]
CELLS = ROOT / "_build" / "cells"
CELL = re.compile(r"^\s*(```+|~~~+)\{code-cell\}.*?^\s*\1", flags=re.MULTILINE | re.DOTALL)
READS = re.compile(r"\A---\n(?:(?!---).*\n)*?reads: (.*)\n")
CAPTION = re.compile(r"\{(zh|en)\}`[^`]*`")
BOOK = "*", "[!_]*/**/*", "_[!b]*/**/*"  # all of it but _build
# What runs cells and writes down what they print and draw.
RUNNERS = [f"press/{name}.py" for name in ("cells", "shell", "ext/page/outputs")]
RUNNERS += [f"press/ext/figures/{name}.py" for name in ("compact_svg", "markers", "path_data")]
# What pages are read with, besides libraries.
READERS = "press/**/*.*", "locale/**/*.po", "requirements.lock"


def files(root: Path, *patterns: str) -> Iterator[Path]:
    """Yield the files of some names, but what Python and Sphinx make beside their sources.

    Hidden ones are passed over, which no pattern names: editors leave theirs anywhere.
    """
    names = {n for pattern in patterns for n in glob(pattern, root_dir=root, recursive=True)}
    for path in map(root.joinpath, sorted(names)):
        if path.is_file() and path.suffix not in (".pyc", ".mo"):
            yield path


def hash_of(root: Path, *patterns: str) -> str:
    """Return a hash of some files' names and contents, and of the Python that is running."""
    digest = hashlib.sha256(sys.version.encode())
    for path in files(root, *patterns):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def libraries(root: Path = ROOT) -> list[Path]:
    """Return the folders of the packages that a book's cells may import from it."""
    packages = (file.parent for file in sorted(root.glob("*/__init__.py")))
    return [folder for folder in packages if folder.name not in {"press", "tests", "benchmarks"}]


def hash_with_libraries(root: Path, *patterns: str) -> str:
    return hash_of(root, *patterns, *(f"{folder.name}/**/*.py" for folder in libraries(root)))


def outputs_file(text: str, root: Path = ROOT) -> Path:
    """Return where the outputs of a page's cells are kept, while all they depend on is the same.

    Captions and other texts in two languages may change without a run. A page whose cells read
    files of the book names them in its front matter: ``reads: press/**/*.py chapters/*.md``.
    """
    of_all = hash_with_libraries(root, "requirements.lock", *RUNNERS)
    digest = hashlib.sha256(of_all.encode())
    if found := READS.match(text):
        digest.update(hash_of(root, *found[1].split()).encode())
    for cell in CELL.finditer(text):
        digest.update(CAPTION.sub("", cell[0]).encode() + b"\0")
    return CELLS / f"{digest.hexdigest()[:32]}.json"


def set_hash(app, config) -> None:
    config.fresh_reading = hash_with_libraries(ROOT, *READERS)


def note_outputs(app, page: str, source: list[str]) -> None:
    """Let a page be read again when the file with the outputs of its cells is another."""
    if CELL.search(source[0]):
        app.env.note_dependency(outputs_file(source[0]))


def hash_of_writing(app, env) -> str:
    """Return a hash of what writing a page depends on, besides the page.

    These are the settings, the templates, the static files and what pages show of others: their
    order, titles and numbers, their exercises, where labels, terms and names lead, the works that
    are cited, and the front page, whose picture stands for pages that have none and which asks the
    chapters' questions.
    """
    files = hash_of(ROOT, "conf.py", "_templates/**/*", "_static/**/*")
    works = [entry.formatted_entry for entry in env.domaindata["cite"]["citations"]]
    facts = (
        {page: title.pformat() for page, title in env.titles.items()},
        {page: data["exercises"] for page, data in env.metadata.items() if "exercises" in data},
        (env.toctree_includes, env.toc_secnumbers, env.toc_fignumbers),
        (env.domaindata["std"], *(env.domaindata[name]["objects"] for name in ("math", "py"))),
        [(work.key, work.label, str(work.text)) for work in works],
        env.all_docs[app.config.root_doc],  # when the front page was read
    )
    made_of = f"{files} {app.config.fresh_reading} {pformat(facts)}"
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
    app.connect("source-read", note_outputs, priority=900)  # when the catalogue has its sections
    app.connect("env-get-updated", write_all, priority=900)  # when all numbers are known
