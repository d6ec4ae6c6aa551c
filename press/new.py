"""A new book: the small one in the folder beside this file, with this book's settings."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
SMALL = Path(__file__).with_name("small_book")
INDEX = (SMALL / "index.md").read_text(encoding="utf-8")
CHAPTER = (SMALL / "chapters" / "small.md").read_text(encoding="utf-8")
FOLDERS = ("_static", "_templates", "gdcore", "locale", "press")
FILES = ("conf.py", "references.bib", "requirements.lock")


def make(folder: Path) -> None:
    """Write a new book into a folder that is not there yet."""
    shutil.copytree(SMALL, folder)
    ignored = shutil.ignore_patterns("__pycache__", ".*", "*.mo")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, folder)
