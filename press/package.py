"""Pack gdcore for PyPI into `_build/package`: its sdist, and the wheel that is made of that.

PyPI shows a picture and follows a link only by a whole address. That of the book is known to who
publishes both, and to nobody else: `BOOK_URL`. So what the README names by a path, as in a folder
of the book, is there named by its address, and `make site` puts the picture where it says.
"""

import shutil
import sys
import tarfile
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from flit_core.buildapi import build_sdist, build_wheel

from press.build import BUILD, ROOT
from press.publish import address
from press.site import PICTURE

PACKAGE = BUILD / "package"
FILES = ("pyproject.toml", "LICENSE", "CHANGELOG.md", "CITATION.cff")
LINKS = {"](../README.md)": "]({})", "](picture.png)": f"]({{}}{PICTURE})"}


def pack(url: str, folder: Path) -> None:
    """Write sdist and wheel, whose README names the book's address, into a folder made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with TemporaryDirectory() as tree:
        for name in FILES:
            shutil.copy2(ROOT / name, tree)
        unwanted = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(ROOT / "gdcore", Path(tree, "gdcore"), ignore=unwanted)
        readme, settings = Path(tree, "gdcore", "README.md"), Path(tree, "pyproject.toml")
        text = readme.read_text(encoding="utf-8")
        for path, named in LINKS.items():
            text = text.replace(path, named.format(url))
        readme.write_text(text, encoding="utf-8")
        with settings.open("a", encoding="utf-8") as more:
            more.write(f'\n[project.urls]\nBook = "{url}"\n')
        with chdir(tree):
            sdist = folder / build_sdist(str(folder))
    with TemporaryDirectory() as tree:
        with tarfile.open(sdist) as packed:
            packed.extractall(tree, filter="data")
        [unpacked] = Path(tree).iterdir()
        with chdir(unpacked):
            build_wheel(str(folder))


def main() -> None:
    url = address()
    if not url:
        sys.exit(
            "PyPI needs the book's address for the README's picture and link: "
            "make package BOOK_URL=https://example.org/book/"
        )
    pack(url, PACKAGE)
    print("\n".join(map(str, sorted(PACKAGE.iterdir()))))
