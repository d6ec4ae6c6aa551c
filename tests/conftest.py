"""What the tests share: the built book, and a browser."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import settings

from tests.support.book import HTML
from tests.support.browsing import reading

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built book; without one there is nothing to test."""
    if not (HTML / "index.html").exists():
        pytest.fail("The book is not built. `make test` builds it first; `make html` does too.")
    return HTML


@pytest.fixture(scope="session")
def soup(html):
    """Give a page of the built book, parsed: soup("zh", "chapters/stochastic")."""
    pages = {}

    def read(lang: str, page: str) -> BeautifulSoup:
        if (lang, page) not in pages:
            text = (html / lang / f"{page}.html").read_text(encoding="utf-8")
            pages[lang, page] = BeautifulSoup(text, "lxml")
        return pages[lang, page]

    return read


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    from press.browser import find_browser

    with sync_playwright() as playwright:
        path = find_browser()
        if path is None:
            pytest.fail("No Chromium or Chrome was found. `make test` installs one if it can.")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, html):
    """Open a page of the book; afterwards nothing may have gone wrong or gone outside."""
    with reading(browser, html) as (open_page, _, troubles):
        yield open_page
    assert troubles == []
