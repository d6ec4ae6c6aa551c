"""What a page asks a slow line to carry: everything it loads, gzipped as a web server sends it."""

import gzip
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.book import CHAPTERS, LANGUAGES

KB = 1000
TEXT = 250 * KB  # a chapter of text and figures
PICTURES = 350 * KB  # one with maps, grids of moving points or clouds of noisy paths
WITH_PICTURES = {"basins", "montage", "stochastic"}


def transferred(path: str) -> int:
    with open(path, "rb") as file:
        data = file.read()
    return len(data) if path.endswith((".woff2", ".png")) else len(gzip.compress(data, 9, mtime=0))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_light(visit, lang, chapter, capsys):
    tab = visit(f"{lang}/chapters/{chapter}.html")
    files = set()
    tab.on("request", lambda request: files.add(unquote(urlsplit(request.url).path)))
    tab.reload()
    tab.evaluate("document.fonts.ready.then(() => true)")
    files = {path for path in files if path.startswith("/")}  # the others are data: addresses
    assert any(path.endswith("style.css") for path in files)
    sizes = {path.rsplit("/", 1)[1]: transferred(path) for path in files}
    total = sum(sizes.values())
    with capsys.disabled():
        print(f"\n{lang}/{chapter}: {total / KB:.0f} KB, the page {max(sizes.values()) / KB:.0f}")
    assert total <= (PICTURES if chapter in WITH_PICTURES else TEXT), sizes


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_of_the_theme_is_published_in_vain(html, lang):
    static = html / lang / "_static"
    assert not list(static.rglob("*.map"))
    assert not (static / "scripts" / "fontawesome.js").exists()
    assert (static / "style.css").stat().st_size < 200 * KB
