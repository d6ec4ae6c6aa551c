"""The book under test: its folders, its languages and its pages; a page that has come to rest."""

import gc
import json
import re
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup
from lxml.html import HtmlElement, document_fromstring

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
LANGUAGES = {"zh": "zh-CN", "en": "en"}
CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("[!.]*.md"))
PAGES = [
    *(path.stem for path in sorted(ROOT.glob("[!.]*.md")) if path.stem == path.stem.lower()),
    *(f"chapters/{name}" for name in CHAPTERS),
]


def in_order() -> list[str]:
    """The names of the pages, in the order of index.md's contents."""
    contents = "".join((ROOT / "index.md").read_text(encoding="utf-8").split("{toctree}")[1:])
    names = re.findall(r"^((?:chapters/)?[\w-]+)$", contents, re.MULTILINE)
    assert len(names) > 10
    return ["index", *names]


def with_twins(lang: str, page: str) -> str:
    """A page of the built book, and in it the texts that it shows side by side."""
    text = (HTML / lang / f"{page}.html").read_text(encoding="utf-8")
    script = HTML / lang / f"{page}.twins.js"
    if not script.exists():
        return text
    told = re.search(r"detail: (.*) \}\)\);$", script.read_text(encoding="utf-8"))[1]
    texts = iter(json.loads(told))
    filled = re.sub(
        r'<(?:div|span) class="lang twin[^>]*>', lambda twin: twin[0] + next(texts), text
    )
    assert next(texts, None) is None
    return filled


@cache
def soup_of(lang: str, page: str) -> BeautifulSoup:
    """A page of the built book, parsed for what asks it simply; nobody may change it."""
    text = with_twins(lang, page)
    gc.disable()  # nothing of a page is garbage, and to look takes as long as to parse
    try:
        return BeautifulSoup(text, "lxml")
    finally:
        gc.freeze()
        gc.enable()


@cache
def tree_of(lang: str, page: str) -> HtmlElement:
    """The same for what asks much, with XPath: twenty times as fast; nobody may change it."""
    return document_fromstring(with_twins(lang, page).encode())


def at_rest(tab) -> None:
    """Wait until a page has its fonts, and has laid out and painted what was asked of it."""
    tab.evaluate(
        """async () => {
          await document.fonts.ready;
          for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
          await new Promise((done) => setTimeout(done)); // what the frames have put off is done
        }"""
    )
