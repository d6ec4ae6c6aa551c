"""Fresh pages: whatever a page depends on, a change of it is seen.

The outputs of a page's cells are kept in a file that is named by the cells, in a folder that is
named by what else they depend on: the sources of gdcore, the locked requirements and the Python
that runs them. Sphinx knows a page by its source and the settings. Here two hashes are settings,
too: one of what reading a page depends on, the extensions, the locked requirements and the
interface's words, and one of what writing it depends on, the templates and the static files. A page
whose source is gone does not stay.
"""

import hashlib
import re
import sys
from pathlib import Path

CELL = re.compile(r"^\s*(```+|~~~+)\{code-cell\}.*?^\s*\1", flags=re.MULTILINE | re.DOTALL)
CAPTION = re.compile(r"\{(zh|en)\}`[^`]*`")


def hash_of(root: Path, files: list[Path]) -> str:
    """Return a hash of some files' names and contents, and of the Python that is running."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(files):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def cells_folder(root: Path) -> Path:
    """Return where the outputs of cells are kept, as long as all they depend on is the same."""
    sources = [*(root / "gdcore").rglob("*.py"), root / "requirements.lock"]
    sources.append(
        root / "press" / "ext" / "figures" / "compact_svg.py"
    )  # which figures have gone through
    sources += (root / "benchmarks").glob("measured.md")  # a cell checks what is said of it
    return root / "_build" / "cells" / hash_of(root, sources)


def outputs_file(page: Path, folder: Path) -> Path:
    """Return where the outputs of a page's cells are kept, in what `cells_folder` returns.

    Captions and other texts in two languages may change without a run.
    """
    source = page.read_text(encoding="utf-8")
    digest = hashlib.sha256()
    for cell in CELL.finditer(source):
        digest.update(CAPTION.sub("", cell[0]).encode() + b"\0")
    if "```{catalogue}" in source:  # catalogue.py puts cells there
        digest.update(Path(__file__).with_name("ext").joinpath("figures/catalogue.py").read_bytes())
    return folder / f"{digest.hexdigest()[:32]}.json"


def hash_of_reading() -> str:
    """Return a hash of what reading a page depends on, besides its source."""
    book = Path(__file__).parents[1]
    makers = [
        *book.glob("press/**/*.py"),
        *book.glob("press/**/*.js"),
        *book.glob("locale/**/*.po"),
    ]
    return hash_of(book, [*makers, book / "requirements.lock"])


def set_hashes(app, config) -> None:
    root = Path(app.srcdir)
    config.nb_execution_cache_path = str(cells_folder(root))
    config.fresh_reading = hash_of_reading()
    book = Path(__file__).parents[1]
    writing = [*book.glob("_templates/**/*"), *book.glob("_static/**/*")]
    config.fresh_writing = hash_of(book, [path for path in writing if path.is_file()])


def remove_pages(app, env, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Take the pages away whose sources are gone, and their cards."""
    for page in removed if app.builder.format == "html" else ():
        for path in (f"{page}.html", f"_cards/{page}.png"):
            Path(app.outdir, path).unlink(missing_ok=True)
    return []


def setup(app):
    app.add_config_value("fresh_reading", "", "env", types=[str])
    app.add_config_value("fresh_writing", "", "html", types=[str])
    app.connect("config-inited", set_hashes, priority=100)  # before myst-nb reads its setting
    app.connect("env-get-outdated", remove_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
