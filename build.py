"""Build the book in both languages and publish them together, or not at all.

Sphinx builds each language into `_build/work/`. When both have succeeded they replace
`_build/html/` in one move; when one fails, the last good book stays where it is.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent
BUILD = ROOT / "_build"
LANGUAGES = {"zh": "中文", "en": "English"}


def build(lang: str) -> None:
    """Build one language into `_build/work/`, or exit with what to do."""
    doctrees = BUILD / "doctrees" / lang
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "-b", "html", "-t", lang]
    command += ["-d", str(doctrees), str(ROOT), str(BUILD / "work" / lang)]
    print(f"\n== {LANGUAGES[lang]}", flush=True)
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        # Sphinx would not read these pages again, and so not repeat its warnings.
        shutil.rmtree(doctrees, ignore_errors=True)
        book = BUILD / "html" / "index.html"
        kept = f" The last good book is still at {book}." if book.exists() else ""
        sys.exit(f"\nThe {LANGUAGES[lang]} book was not built; the warnings above say why.{kept}")


def publish() -> Path:
    """Move the finished languages into `_build/html/` and return its first page."""
    new, old, html = BUILD / "html.new", BUILD / "html.old", BUILD / "html"
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BUILD / "work", new, ignore=shutil.ignore_patterns(".buildinfo*"))
    shutil.copy(ROOT / "_templates" / "choose-language.html", new / "index.html")
    if html.exists():
        html.rename(old)
    new.rename(html)
    shutil.rmtree(old, ignore_errors=True)
    return html / "index.html"


if __name__ == "__main__":
    for lang in LANGUAGES:
        build(lang)
    print(f"\nThe book is ready. Open {publish()}")
