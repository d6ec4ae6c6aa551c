"""Make the built book into a folder that any web server can serve: `_build/site`.

Each page says what it may load (a content security policy): the book's own files and nothing else,
of scripts within the page those that are there now, and WebAssembly only where Python runs in it.
A server need not be told anything, and GitHub Pages not to look for Jekyll's files.
"""

import re
import shutil
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from press.build import BUILD, HTML

SITE = BUILD / "site"
INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
ENGINE = "/python.js"  # which starts a worker with MicroPython
FIRST = re.compile(r'<meta charset="utf-8"[^>]*>')  # what a browser must know before all else


def policy(page: str) -> str:
    """Return what a page may load."""
    hashes = sorted({b64encode(sha256(s.encode()).digest()).decode() for s in INLINE.findall(page)})
    scripts = ["'self'", *(f"'sha256-{one}'" for one in hashes)]
    engine = ENGINE in page
    rules = {
        "default-src": ["'self'"],
        "script-src": [*scripts, *(["'wasm-unsafe-eval'"] if engine else [])],
        "style-src": ["'self'", "'unsafe-inline'"],  # drawings and films have styles of their own
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "worker-src": ["blob:"] if engine else ["'none'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],  # the page for what is missing has one
        "form-action": ["'self'"],
    }
    return "; ".join(" ".join([rule, *sources]) for rule, sources in rules.items())


def with_policy(page: str) -> str:
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
    return FIRST.sub(lambda first: f"{first[0]}{tag}", page, count=1)


def make(html: Path, site: Path) -> None:
    """Write the site of a built book, in place of what is there."""
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(html, site)
    for page in site.rglob("*.html"):
        page.write_text(with_policy(page.read_text(encoding="utf-8")), encoding="utf-8")
    (site / ".nojekyll").touch()


def main() -> None:
    make(HTML, SITE)
    print(f"{SITE} can be served as it is.")
