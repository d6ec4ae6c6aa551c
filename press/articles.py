"""The text of the built book, for what is made of it: a page's article after another, in order."""

import re
from pathlib import Path
from urllib.parse import urljoin

HTML = Path(__file__).parents[1] / "_build" / "html"


def articles(lang: str) -> dict[str, str]:
    """Return the articles of a language's pages, each by the page's name, from each to the next."""
    pages, name = {}, "index.html"
    while name:
        text = (HTML / lang / name).read_text(encoding="utf-8")
        pages[name] = re.search("<article.*</article>", text, re.DOTALL)[0]
        following = re.search('<link rel="next".*? href="(.*?)"', text)
        name = following and urljoin(name, following[1])
    return pages
