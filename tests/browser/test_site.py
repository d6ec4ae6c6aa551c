"""The site: each page says what it may load, and keeps to it; any server can serve it as it is."""

import pytest

from press import site
from tests.support.book import LANGUAGES, PAGES
from tests.support.browsing import serving
from tests.support.tiers import by_turns


@pytest.fixture(scope="module")
def served(html, tmp_path_factory):
    """The site's address, while a server knows nothing of it but its folder."""
    folder = tmp_path_factory.mktemp("site") / "site"
    site.make(html, folder)
    assert (folder / ".nojekyll").exists()
    with serving(folder) as address:
        yield address


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.troubles = []
    page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else 0)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    yield page
    page.close()


@pytest.mark.parametrize("place", by_turns(PAGES, LANGUAGES))
def test_a_page_keeps_to_what_it_says_it_may_load(served, page, place):
    lang, name = place
    address = f"{served}/{lang}/{name}.html"
    page.goto(address)
    instruments = page.locator(".instrument[data-figure]").all()
    for figure in [instrument.get_attribute("data-figure") for instrument in instruments]:
        page.goto(f"{address}#{figure}")
        page.locator(f"#{figure}.live").wait_for()
    assert page.troubles == []
    policy = page.content().partition('Security-Policy" content="')[2].partition('"')[0]
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "unsafe-inline" not in scripts and "'unsafe-eval'" not in scripts


def test_the_readers_python_runs_on_the_site(served, page):
    page.goto(f"{served}/en/chapters/one-dimension.html")
    cell = page.locator(".cell", has=page.locator(".run")).first
    cell.locator(".run-start").click()
    cell.get_by_text("As the book printed it").wait_for()
    assert page.troubles == []


@pytest.mark.parametrize("path", ["index.html", "404.html"])
def test_pages_that_lead_on_keep_to_it_too(served, page, path):
    page.goto(f"{served}/{path}")
    assert page.troubles == []


def test_a_script_that_the_book_has_not_brought_does_not_run(served, page):
    said = []
    page.on("console", lambda message: said.append(message.text))

    def spoiled(route):
        text = route.fetch().text()
        route.fulfill(
            body=text.replace("</body>", "<script>console.log('strange')</script></body>")
        )

    page.route("**/basins.html", spoiled)
    page.goto(f"{served}/en/chapters/basins.html")
    assert "strange" not in said
    [trouble] = page.troubles
    assert "Content Security Policy" in trouble
