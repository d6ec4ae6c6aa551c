"""Make the built book into a folder that any web server can serve: `_build/site`.

Each page says what it may load (a content security policy): the book's own files and nothing else,
of scripts within the page those that are there now, and WebAssembly only where Python runs in it.
What a page loads has a hash of its content in its name, so a page never meets another's; the names
stand in `loaded.txt`. Who puts the next site over this one, and removes nothing, or only what the
one before has left, lets pages that are still open find their own.
A server need not be told anything, and GitHub Pages not to look for Jekyll's files.
"""

import os
import re
import shutil
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from press.build import BUILD, HTML, ROOT
from press.publish import address

SITE = BUILD / "site"
PICTURE = "gdcore.png"  # what gdcore's README shows on PyPI, see package.py
INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
ENGINE = "/js/python."  # which starts a worker with MicroPython
FIRST = re.compile(r'<meta charset="utf-8"[^>]*>')  # what a browser must know before all else
LOADED = "css|js|png|svg|webp|woff2"
WORDS = ".words.js"  # of a page, for the search, which asks for them by the page's name
# A path in quotes or brackets, as pages, styles and scripts write it; Sphinx adds ?v= to some.
ASKED = re.compile(rf"""(?<=["'(])([^"'()<>\s?#]+\.(?:{LOADED}))(?:\?v=\w+)?(?=["')])""")


def name_by_content(site: Path, url: str) -> None:
    """Give each file that a page loads a name with its hash, wherever it is asked for.

    What nothing asks for is removed; the names are listed in `loaded.txt`. `url` is the book's
    address, with which some pages ask.
    """
    kinds = (path for path in site.rglob("*") if re.fullmatch(LOADED, path.suffix[1:]))
    files = {path for path in kinds if not path.name.endswith(WORDS)}
    names: dict[Path, str] = {}

    def name(file: Path) -> str:
        if file not in names:
            content = file.read_bytes()
            if file.suffix in (".css", ".js"):  # whose hash is that of what they ask for, too
                content = renamed(content.decode(), file).encode()
            digest = sha256(content).hexdigest()[:8]
            names[file] = f"{file.stem}.{digest}{file.suffix}"
            file.with_name(names[file]).write_bytes(content)
        return names[file]

    def renamed(text: str, asking: Path) -> str:
        def path(asked: re.Match) -> str:
            within = url and asked[1].startswith(url)
            target = site / asked[1][len(url) :] if within else asking.parent / asked[1]
            target = Path(os.path.normpath(target))
            return f"{asked[1][: -len(target.name)]}{name(target)}" if target in files else asked[0]

        return ASKED.sub(path, text)

    for page in site.rglob("*.html"):
        page.write_text(renamed(page.read_text(encoding="utf-8"), page), encoding="utf-8")
    for file in files:
        file.unlink()
    named = sorted((old.parent / new).relative_to(site).as_posix() for old, new in names.items())
    (site / "loaded.txt").write_bytes("".join(f"{name}\n" for name in named).encode())


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


def make(html: Path, site: Path, url: str) -> None:
    """Write the site of a built book, in place of what is there."""
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(html, site)
    name_by_content(site, url)
    for page in site.rglob("*.html"):
        page.write_text(with_policy(page.read_text(encoding="utf-8")), encoding="utf-8")
    (site / ".nojekyll").touch()
    if (picture := ROOT / "gdcore" / "picture.png").exists():
        shutil.copy(picture, site / PICTURE)


def main() -> None:
    make(HTML, SITE, address())
    print(f"{SITE} can be served as it is.")
