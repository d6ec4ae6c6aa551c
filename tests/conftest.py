"""What the tests share: the built book, and browsers."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import browsers, tiers
from tests.support.book import HTML, LANGUAGES, PAGES, at_rest, soup_of, tree_of
from tests.support.browsing import Tabs, reading
from tests.support.sight import look_at

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")

pytest_itemcollected = tiers.one_a_behaviour


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built book; without one there is nothing to test."""
    if not (HTML / "index.html").exists():
        pytest.fail("The book is not built. `make test` builds it first; `make html` does too.")
    return HTML


@pytest.fixture(scope="session")
def soup(html):
    """Give a page of the built book, parsed: soup("zh", "chapters/stochastic")."""
    return soup_of


@pytest.fixture(scope="session")
def tree(html):
    """Give a page as a tree of lxml: tree("zh", "chapters/stochastic")."""
    return tree_of


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


@pytest.fixture(scope="session")
def tabs(browser, tmp_path_factory):
    return Tabs(browser, tmp_path_factory.mktemp("tabs") / "blank.html")


@pytest.fixture
def visit(tabs, html):
    """Open a page of the book; afterwards nothing may have gone wrong or gone outside."""
    with reading(tabs, html) as (open_page, _, troubles):
        yield open_page
    assert troubles == []


@pytest.fixture(scope="session", params=tiers.by_turns(PAGES, LANGUAGES), ids="/".join)
def seen(request, tabs, html):
    """What one sees of each page; whatever is asked of all pages is asked of one visit."""
    return look_at(tabs, html, *request.param)


# In other browsers, too


@pytest.fixture(scope="session")
def overheard(html, tmp_path_factory):
    """The folder of a copy of the book whose pages note what goes wrong."""
    return browsers.overheard(html, tmp_path_factory.mktemp("overheard"))


@pytest.fixture(scope="session")
def chromium(browser):
    tab = browser.new_page(viewport={"width": 1280, "height": 860})
    yield tab
    tab.close()


@pytest.fixture(scope="session", params=["chromium", "firefox", "webkit"])
def reader(request, tmp_path_factory):
    """A tab of each of the browsers, one after another."""
    if request.param == "chromium":
        yield request.getfixturevalue("chromium")
    else:
        with getattr(browsers, request.param)(tmp_path_factory.mktemp("browser")) as tab:
            yield tab


@pytest.fixture
def read(reader, overheard):
    """Open a page in each of the browsers in turn; afterwards nothing may have gone wrong."""

    def open_page(path: str, folder: str = overheard.as_uri()):
        reader.goto("about:blank")  # for another place on the same page is no new page
        reader.goto(f"{folder}/{path}")
        at_rest(reader)
        return reader

    yield open_page
    troubles = reader.evaluate("troubles")
    reader.evaluate("localStorage.clear()")
    assert troubles == []
