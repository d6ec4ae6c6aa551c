"""The zip: the whole book, the same bytes each time, read from where it is unpacked."""

import os
import zipfile

from press.pack import pack
from tests.support.book import CHAPTERS


def test_the_zip_holds_the_book_and_nothing_else(html, tmp_path):
    pack(html, tmp_path / "book.zip")
    with zipfile.ZipFile(tmp_path / "book.zip") as packed:
        names = packed.namelist()
        assert names == sorted(names) and "book/index.html" in names
        for name in names:
            assert packed.read(name) == (html / name.removeprefix("book/")).read_bytes()
        assert len(names) == sum(path.is_file() for path in html.rglob("*"))


def test_the_same_book_gives_the_same_bytes(tmp_path):
    book = tmp_path / "book"
    zips = []
    for order, time in (("ab", 10**9), ("ba", 1.7 * 10**9)):
        for name in order:
            (book / name).mkdir(parents=True, exist_ok=True)
            (book / name / "page.html").write_text(name)
            os.utime(book / name / "page.html", (time, time))
        pack(book, tmp_path / "gradient-descent.zip")
        zips.append((tmp_path / "gradient-descent.zip").read_bytes())
    assert zips[0] == zips[1]


def test_an_unpacked_book_opens_from_disk(html, visit, tmp_path):
    pack(html, tmp_path / "book.zip")
    with zipfile.ZipFile(tmp_path / "book.zip") as packed:
        packed.extractall(tmp_path)
    tab = visit(str(tmp_path / "book" / "index.html"), locale="zh-CN")
    tab.wait_for_url("**/book/zh/index.html")
    tab.get_by_role("link", name="English", exact=True).click()
    tab.wait_for_url("**/book/en/index.html*")
    tab.goto((tmp_path / "book" / "en" / "chapters" / f"{CHAPTERS[0]}.html").as_uri())
    assert tab.locator("article h1").is_visible()
