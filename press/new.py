"""Begin a new book in a folder of its own: `python -m press new DIR`.

It has the pages, tests and marks in `small_book` beside this file, and of this book whatever makes
pages: the press, its look, gdcore, the locked packages, and the settings but for the names in them.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SMALL = Path(__file__).with_name("small_book")
INDEX = (SMALL / "index.md").read_text(encoding="utf-8")
CHAPTER = (SMALL / "chapters" / "small.md").read_text(encoding="utf-8")
FOLDERS = ("_static", "_templates", "gdcore", "locale", "press")
FILES = (".gitignore", "LICENSE", "pyproject.toml", "requirements.lock", "requirements-test.lock")
SHOWN = (".github", ".gitignore")  # of what begins with a dot, what is no editor's
OURS = "_templates/title.svg"  # this book's title, as a drawing
BOOK = """\
BOOK = {
    "name": "a-book",
    "zh": {
        "title": "一本书",
        "author": "本书作者",
        "about": "一本中英双语的书，而且会运行。",
        "rights": "文字和图依 CC BY 4.0 发布，代码依 BSD 3-Clause 发布。",
    },
    "en": {
        "title": "A Book",
        "author": "The author",
        "about": "A book in Chinese and English that runs.",
        "rights": "Text and figures under CC BY 4.0, code under BSD 3-Clause.",
    },
}
"""
BLOCK = re.compile(r"^BOOK = \{$.*?^\}\n", re.MULTILINE | re.DOTALL)


def parts() -> Iterator[tuple[Path, str]]:
    """Yield the files that a new book gets as they are, each with its place in it."""
    roots = [(ROOT, [ROOT / name for name in FILES])]
    roots += [(ROOT, (ROOT / name).rglob("*")) for name in FOLDERS]
    roots += [(SMALL, SMALL.rglob("*"))]
    for root, files in roots:
        for file in files:
            place = file.relative_to(root)
            made = "__pycache__" in place.parts or file.suffix in {".mo", ".pyc"}
            hidden = any(part.startswith(".") and part not in SHOWN for part in place.parts)
            if file.is_file() and not made and not hidden and place.as_posix() != OURS:
                yield file, place.as_posix()


def make(folder: Path) -> None:
    """Write a new book into a folder that is empty, or not there yet."""
    for file, place in {place: (file, place) for file, place in parts()}.values():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / place)
    settings, count = BLOCK.subn(BOOK, (ROOT / "conf.py").read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{ROOT / 'conf.py'} has no BOOK = {{ … }} to put the new names into")
    (folder / "conf.py").write_text(settings, encoding="utf-8")


def main(folder: str) -> None:
    target = Path(folder).resolve()
    if target.is_relative_to(ROOT.resolve()):
        sys.exit(f"{target} lies in this book. Name a folder outside of it, such as ../a-book")
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            sys.exit(f"{target} is there already. Name a folder that is empty, or not there yet.")
        make(target)
    except OSError as error:
        sys.exit(
            f"{target} could not be made: {error.strerror}: {error.filename}. "
            "Name a folder that can be written, and remove what is half made."
        )
    print(f"A new book is in {target}\nGo there, and type: make html, or: python -m press html")
