"""Build the book in both languages and publish them together, or not at all.

Sphinx builds each language into `_build/work/`. When both have succeeded they replace
`_build/html/` in one move; when one fails, the last good book stays where it is.

A book that is to stand on the web may be told its address: `BOOK_URL=https://example.org/book/`.
Then it has a sitemap, and its pages name their own addresses, as search engines and cards need.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import jinja2

ROOT = Path(__file__).parent
BUILD = ROOT / "_build"
LANGUAGES = {"zh": "中文", "en": "English"}
TAGS = {"zh": "zh-CN", "en": "en"}  # for HTML and for sitemaps

# What Sphinx and the theme leave and no page asks for (see _ext/stylesheet.py).
UNWANTED = [".buildinfo*", "jupyter_execute", "*.map", "fontawesome*", "bootstrap*", "vendor"]
UNWANTED += ["*webpack-macros.html", "locales"]


def address() -> str:
    """Return the book's address on the web, with a slash at its end, or "" if none is given."""
    url = os.environ.get("BOOK_URL", "").strip()
    if url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        sys.exit(
            f"BOOK_URL is {url!r}. It should be the address of the book's folder on the web, such "
            "as https://example.org/book/, or be left out."
        )
    return url.rstrip("/") + "/" if url else ""


def build(lang: str, url: str) -> None:
    """Build one language into `_build/work/`, or exit with what to do."""
    doctrees = BUILD / "doctrees" / lang
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "-b", "html", "-t", lang]
    command += ["-D", f"html_baseurl={urljoin(url, f'{lang}/')}"] if url else []
    command += ["-d", str(doctrees), str(ROOT), str(BUILD / "work" / lang)]
    print(f"\n== {LANGUAGES[lang]}", flush=True)
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        # Sphinx would not read these pages again, and so not repeat its warnings.
        shutil.rmtree(doctrees, ignore_errors=True)
        book = BUILD / "html" / "index.html"
        kept = f" The last good book is still at {book}." if book.exists() else ""
        sys.exit(f"\nThe {LANGUAGES[lang]} book was not built; the warnings above say why.{kept}")


def publish(url: str) -> Path:
    """Move the finished languages into `_build/html/` and return its first page."""
    new, old, html = BUILD / "html.new", BUILD / "html.old", BUILD / "html"
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BUILD / "work", new, ignore=shutil.ignore_patterns(*UNWANTED))
    write_front_pages(new, url)
    if url:
        write_sitemap(new, url)
    if html.exists():
        html.rename(old)
    new.rename(html)
    shutil.rmtree(old, ignore_errors=True)
    return html / "index.html"


def write_front_pages(html: Path, url: str) -> None:
    """Write the page that leads to either language, and the one for missing addresses."""
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "_templates"))
    for template, name in {"choose-language": "index", "not-found": "404"}.items():
        page = templates.get_template(f"{template}.html")
        text = page.render(url=url, root=urlsplit(url).path or "/")
        (html / f"{name}.html").write_text(text, encoding="utf-8")


def write_sitemap(html: Path, url: str) -> None:
    """Name every page that has a source, each with its translations, for search engines."""
    sources = sorted(s.relative_to(ROOT) for s in [*ROOT.glob("*.md"), *ROOT.glob("*/*.md")])
    pages = [s.with_suffix(".html").as_posix() for s in sources]
    xhtml = "http://www.w3.org/1999/xhtml"
    ElementTree.register_namespace("xhtml", xhtml)
    sitemap = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for page in pages:
        if not all((html / lang / page).exists() for lang in LANGUAGES):
            continue
        versions = {TAGS[lang]: urljoin(url, f"{lang}/{page}") for lang in LANGUAGES}
        if page == "index.html":
            versions["x-default"] = url  # the page that leads to either language
        for version in versions.values():
            entry = ElementTree.SubElement(sitemap, "url")
            ElementTree.SubElement(entry, "loc").text = version
            for lang, href in versions.items():
                link = {"rel": "alternate", "hreflang": lang, "href": href}
                ElementTree.SubElement(entry, f"{{{xhtml}}}link", link)
    ElementTree.indent(sitemap)
    ElementTree.ElementTree(sitemap).write(html / "sitemap.xml", "utf-8", xml_declaration=True)
    robots = f"User-agent: *\nDisallow:\n\nSitemap: {urljoin(url, 'sitemap.xml')}\n"
    (html / "robots.txt").write_text(robots, encoding="utf-8")


if __name__ == "__main__":
    url = address()
    for lang in LANGUAGES:
        build(lang, url)
    print(f"\nThe book is ready. Open {publish(url)}")
