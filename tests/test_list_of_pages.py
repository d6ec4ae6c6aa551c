"""The list of pages beside each page: it knows on which it stands, and is what the theme makes."""

import re

import pytest
from bs4 import BeautifulSoup
from conftest import LANGUAGES, PAGES
from small_book import SmallBook

BARE = ["search", "genindex"]  # pages that Sphinx adds


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_marks_the_page_and_leads_to_every_other(soup, html, lang, page):
    links = soup(lang, page).select("nav.bd-docs-nav a.reference")
    here = [link for link in links if "current" in link["class"]]
    assert [link["href"] for link in here] == ([] if page == "index" else ["#"])
    for link in here:
        title = soup(lang, page).find("h1").get_text().rstrip("#")
        number, entry = re.fullmatch(r"(\d+\. )?(.*)", " ".join(link.get_text().split())).groups()
        assert entry == " ".join(title.split()) and bool(number) == page.startswith("chapters/")
    others = {link["href"] for link in links} - {"#"}
    folder = (html / lang / page).parent
    reached = {(folder / href).resolve() for href in others}
    expected = {html / lang / f"{other}.html" for other in PAGES if other not in ("index", page)}
    assert reached == {path.resolve() for path in expected}


@pytest.mark.parametrize("levels", [1, 2])
def test_the_list_is_what_the_theme_makes(tmp_path, levels):
    book = SmallBook(tmp_path / "book")
    book.add_chapter("other", "x = 1")
    (book.folder / "more.md").write_text("(more)=\n# {zh}`其余` {en}`More`\n", encoding="utf-8")
    book.edit("index.md", "chapters/other\n", "chapters/other\nmore\n")
    if levels == 2:
        book.edit("index.md", "chapters/other\n", "")
        with book.chapter.open("a", encoding="utf-8") as chapter:
            chapter.write("\n```{toctree}\nother\n```\n")
    code, said = book.build()
    assert code == 0, said
    ours = lists(book)
    book.edit("_templates/sbt-sidebar-nav.html", "list_of_pages(", "generate_toctree_html(")
    code, said = book.build()
    assert code == 0, said
    marked = {path.stem for path, nav in ours.items() if "current" in nav}
    assert marked == {"small", "other", "more"} and len(ours) == 2 * len([*marked, "index", *BARE])
    assert lists(book) == ours


def lists(book):
    pages = (book.folder / "_build" / "html").glob("*/**/*.html")
    soups = {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in pages}
    return {path: str(nav) for path, soup in soups.items() if (nav := soup.select_one(".bd-links"))}
