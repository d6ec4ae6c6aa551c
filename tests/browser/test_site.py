"""The site: each page says what it may load, and keeps to it; any server can serve it as it is.

What it loads is named by its content, also what it asks for when a reader clicks.
"""

import os
import re
import shutil
import subprocess
from functools import cache
from hashlib import sha256
from itertools import product

import pytest
import tinycss2
import yaml
from lxml import html as html_of

from press import site
from tests.support.book import LANGUAGES, PAGES, ROOT
from tests.support.browsing import serving

FAST = {
    "test_a_page_keeps_to_what_it_says_it_may_load[en/chapters/learning-rate]",
    "test_the_readers_python_runs_on_the_site",
    "test_the_site_can_be_searched",
}


@pytest.fixture(scope="module")
def folder(html, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "site"
    site.make(html, folder, "")
    assert (folder / ".nojekyll").exists()
    drawn = (ROOT / "gdcore" / "picture.png").read_bytes()
    assert (folder / "gdcore.png").read_bytes() == drawn  # by which PyPI finds it
    return folder


@pytest.fixture(scope="module")
def served(folder):
    with serving(folder) as address:
        yield address


@pytest.fixture
def page(browser, served, folder):
    """A new tab; whatever it has asked of the site, but pages, must have been named by content."""
    page = browser.new_page()
    page.troubles, page.asked = [], set()
    page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else 0)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("request", lambda request: page.asked.add(request.url))
    yield page
    page.close()
    paths = [url.removeprefix(f"{served}/") for url in page.asked if url.startswith("http")]
    loaded = [path for path in paths if not re.search(r"(\.html([?#].*)?|\.words\.js)$", path)]
    assert [path for path in loaded if not named_by_content(folder / path)] == []


@cache
def named_by_content(file):
    digest = sha256(file.read_bytes()).hexdigest() if file.is_file() else "missing"
    return file.suffixes[-2:-1] == [f".{digest[:8]}"]


@pytest.mark.parametrize("place", [*product(LANGUAGES, PAGES)], ids="/".join)
def test_a_page_keeps_to_what_it_says_it_may_load(served, folder, page, place):
    lang, name = place
    address = f"{served}/{lang}/{name}.html"
    page.goto(address)
    # As the file has them: on the page an instrument may have begun, and look different.
    written = html_of.fromstring((folder / lang / f"{name}.html").read_bytes())
    for figure in written.xpath("//*[contains(@class, 'instrument')]/@data-figure"):
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


def test_the_readers_own_optimizer_comes_by_its_contents_name(served, page):
    page.goto(f"{served}/en/explorer.html")
    page.get_by_role("button", name="Your own", exact=True).click()
    with page.expect_request(re.compile(r"/micropython\.\w{8}\.js$")):
        page.locator(".own-code").get_by_role("button", name="Run").click()
    page.locator('.explorer-row:has([value="own"])').wait_for()
    for name in ("own", "python"):
        assert any(re.search(rf"/{name}\.\w{{8}}\.js$", url) for url in page.asked), name
    assert page.troubles == []


def test_an_exercise_is_checked_on_the_site(served, page):
    page.goto(f"{served}/zh/chapters/one-dimension.html")
    exercise = page.locator(".exercise", has=page.locator("textarea")).first
    exercise.get_by_role("button", name="检查").click()
    exercise.locator("output:not(:empty)").wait_for()
    assert any(re.search(r"/micropython\.\w{8}\.js$", url) for url in page.asked)
    assert page.troubles == []


def test_the_site_can_be_searched(served, page):
    page.goto(f"{served}/en/search.html?q=saddle")
    page.locator("#search-results li a").first.wait_for()
    assert any(re.search(r"/searchindex\.\w{8}\.js$", url) for url in page.asked)
    assert page.troubles == []


def asked_by(file):
    """Yield what a page, or a style, asks for."""
    if file.suffix == ".html":
        found = html_of.fromstring(file.read_bytes())
        yield from found.xpath("//script/@src | //img/@src | //source/@src | //video/@src")
        yield from found.xpath("//link[@rel='stylesheet' or @rel='icon']/@href")
        yield from found.xpath("//meta[@property='og:image']/@content")
        for script in found.xpath("//script[not(@src)]/text()"):
            yield from re.findall(r'"([^"]*\.woff2)"', script)
    else:
        for rule in tinycss2.parse_stylesheet(file.read_text("utf-8"), skip_comments=True):
            within = getattr(rule, "content", None) or []
            yield from (token.value for token in within if token.type == "url")
            functions = [token for token in within if token.type == "function"]
            called = [token for token in functions if token.lower_name == "url"]
            yield from (token.arguments[0].value for token in called)


def test_whatever_is_asked_for_is_there_and_named_by_its_content(folder):
    files = [file for kind in ("html", "css") for file in folder.rglob(f"*.{kind}")]
    seen = set()
    for file in files:
        here = {path for path in asked_by(file) if not path.startswith("data:")}
        wrong = [path for path in here if not named_by_content(file.parent / path)]
        assert wrong == [], file
        seen |= {path.rpartition(".")[2] for path in here}
    assert seen == {"css", "js", "png", "svg", "webp", "woff2"}
    rest = {file.suffix for file in folder.rglob("*") if file.is_file()}
    rest -= {f".{kind}" for kind in seen}
    assert rest == {
        "",
        ".html",
        ".ipynb",
        ".inv",
        ".txt",
    }  # what one asks for by name, and licences
    listed = (folder / "loaded.txt").read_text(encoding="utf-8").splitlines()
    loaded = [file for file in folder.rglob("*") if file.suffix.removeprefix(".") in seen]
    by_name = (site.WORDS, site.PICTURE)  # which a search and PyPI ask for
    loaded = [file for file in loaded if not file.name.endswith(by_name)]
    assert sorted(folder / name for name in listed) == sorted(loaded)


def a_small_site(folder, url="", font="a"):
    """A page with a style and a script, each of which asks for something more."""
    book, made = folder / "book", folder / "made"
    files = {
        "en/page.html": f'<meta charset="utf-8"><link href="_static/style.css?v=1">'
        f'<script src="_static/js/all.js?v=2"></script><meta content="{url}en/_cards/page.png">'
        '<p>"style.css" (missing.js) "_static/style.css.map"</p>',
        "en/_static/style.css": "@font-face { src: url(fonts/serif.woff2) }",
        "en/_static/fonts/serif.woff2": font,
        "en/_static/js/all.js": 'new URL("rare.js", src)',
        "en/_static/js/rare.js": "1",
        "en/_static/part.css": "joined to style.css",
        "en/_cards/page.png": "a picture",
    }
    for name, text in files.items():
        (book / name).parent.mkdir(parents=True, exist_ok=True)
        (book / name).write_text(text)
    site.make(book, made, url)
    return files_of(made)


def files_of(folder):
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_a_name_never_stands_for_two_contents(tmp_path):
    before = a_small_site(tmp_path / "before")
    after = a_small_site(tmp_path / "after", font="b")
    same = before.keys() & after.keys()
    assert {name for name in same if before[name] != after[name]} == {"en/page.html", "loaded.txt"}
    [changed] = [name for name in before if "style" in name]  # whose font alone has changed
    assert changed not in after
    [script] = [name for name in before if "rare" in name]
    assert script in after
    page = before["en/page.html"].decode()
    assert '<p>"style.css" (missing.js) "_static/style.css.map"</p>' in page
    assert "?v=" not in page and not any("part" in name for name in before)


def test_a_release_keeps_what_the_last_one_loads(tmp_path):
    """As the workflow that publishes does, for pages that readers have open."""
    assert shutil.which("curl"), "This test needs curl. On Debian: apt install curl"
    workflow = (ROOT / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(workflow)["jobs"]["build"]["steps"]
    [keep] = [step["run"] for step in steps if step.get("name", "").startswith("keep")]
    before, after = a_small_site(tmp_path / "before"), a_small_site(tmp_path / "after", font="b")
    outside = "zh/../../../stolen.css"  # whatever a list might say
    listed = tmp_path / "before" / "made" / "loaded.txt"
    listed.write_text(f"{listed.read_text('utf-8')}{outside}\n", encoding="utf-8")
    site_of_now = tmp_path / "now" / "_build" / "site"
    shutil.copytree(tmp_path / "after" / "made", site_of_now)

    def run(url):
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", keep],  # as GitHub does
            cwd=tmp_path / "now",
            env={**os.environ, "BOOK_URL": url},
            check=True,
        )

    with serving(tmp_path / "after" / "book") as url:  # has no list, as before the first release
        run(url)
    assert files_of(site_of_now) == after
    with serving(tmp_path / "before" / "made") as url:
        run(url)
    loaded = {name: before[name] for name in before["loaded.txt"].decode().split()}
    assert files_of(site_of_now) == {**loaded, **after}
    assert len(loaded.keys() - after.keys()) == 2  # the style and its font
    assert not list(tmp_path.rglob("stolen.css"))


def test_a_card_is_named_by_its_content_with_the_books_address_too(tmp_path):
    files = a_small_site(tmp_path, "https://example.org/book/")
    [card] = [name for name in files if "_cards" in name]
    assert f'content="https://example.org/book/{card}"' in files["en/page.html"].decode()
    assert card != "en/_cards/page.png"
