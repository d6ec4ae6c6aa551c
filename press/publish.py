"""Let the finished languages replace the book that readers open.

A book that is to stand on the web may be told its address: `BOOK_URL=https://example.org/book/`.
Then it has a sitemap, and its pages name their own addresses, as search engines and cards need.
"""

import os
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

import jinja2

from gdcore.draw.style import PAGE
from press.ext.language.bilingual import LANGUAGES

# What Sphinx and the theme leave and no page asks for (see ext/page/stylesheet.py).
UNWANTED = [".buildinfo*", "*.map", "fontawesome*", "bootstrap*", "vendor"]
UNWANTED += ["*webpack-macros.html", "locales", "styles"]
TEMPLATES = Path(__file__).parents[1] / "_templates"
FRONT = {"choose-language.html": "index.html", "not-found.html": "404.html"}
FOR_ROBOTS = {name: name for name in ("sitemap.xml", "robots.txt")}


def address() -> str:
    """Return the book's address on the web, with a slash at its end, or "" if none is given."""
    url = os.environ.get("BOOK_URL", "").strip()
    if url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        sys.exit(
            f"BOOK_URL is {url!r}. It should be the address of the book's folder on the web, such "
            "as https://example.org/book/, or be left out."
        )
    return url.rstrip("/") + "/" if url else ""


def publish(built: Path, html: Path, url: str, pages: list[str], book: dict) -> None:
    """Copy both languages, and what leads to them, to a new folder, which then replaces the old."""
    new = html.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    unwanted = shutil.ignore_patterns(*UNWANTED)
    for lang in LANGUAGES:
        shutil.copytree(built / lang / "html", new / lang, ignore=unwanted)
    about = {"url": url, "root": urlsplit(url).path or "/", "languages": LANGUAGES, "pages": pages}
    about |= {name: f"light-dark({', '.join(pair)})" for name, pair in PAGE.items()}
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    for template, name in {**FRONT, **(FOR_ROBOTS if url else {})}.items():
        text = templates.get_template(template).render(about, book=book)
        (new / name).write_text(text, encoding="utf-8")
    replace(html, by=new)


def replace(folder: Path, by: Path) -> None:
    """Put one folder in another's place. A stop between the moves leaves the old one beside it."""
    old = folder.with_suffix(".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    by.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
