"""The words around the text: each page speaks its own language, by name, by label and by script."""

import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from tests.support.book import LANGUAGES, PAGES

EVERYWHERE = [*PAGES, "genindex", "search"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SAID = ("aria-label", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt",
        "data-bs-title", "data-bs-original-title")  # fmt: skip
NAMES = {  # the same in both languages, with the reason
    "English": "a language calls itself by its own name",
    "中文": "a language calls itself by its own name",
    "Ctrl": "a key",
    "⌘": "a key",
    "K": "a key",
    "CC BY 4.0": "a licence",
    "AdaGrad": "an optimizer",
    "RMSProp": "an optimizer",
    "Adam": "an optimizer",
}


def alien(words: str, lang: str) -> bool:
    """Whether words have letters, but none of the language's."""
    if words.strip() in NAMES or not re.search(r"[a-zA-Z\u4e00-\u9fff]{2}", words):
        return False
    return bool(CHINESE.search(words)) != (lang == "zh")


def is_work_or_code(element) -> bool:
    """Works keep their titles, and the names in programs are what they are."""
    return bool(element.find_parent(class_="bibtex-citation") or element.find("code")) or (
        element.has_attr("title") and element["title"].startswith("gdcore.")
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", EVERYWHERE)
def test_every_label_is_in_the_pages_language(soup, lang, page):
    labels = [
        (element.name, name, element[name])
        for element in soup(lang, page).body.find_all(True)
        for name in SAID
        if element.has_attr(name) and not is_work_or_code(element)
        if not element.find_parent(hidden=True)
    ]
    assert len(labels) > 8
    assert [label for label in labels if alien(label[2], lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", EVERYWHERE)
def test_every_word_around_the_article_is_in_the_pages_language(html, lang, page):
    soup = BeautifulSoup((html / lang / f"{page}.html").read_text("utf-8"), "lxml")
    for element in soup.select("article, script, style, svg, noscript, code"):
        element.extract()
    words = list(soup.body.stripped_strings)
    assert len(words) > 10
    assert [text for text in words if alien(text, lang)] == []


# What a reader may meet after the scripts have run: the labels and texts of controls and notices.
# Prose and code, works and the other language's pieces are passed over.
MET = """(labels) => {
    const pass = "article :is(h1, p, li, td, dt), code, script, style, noscript, .twin, "
        + ".bibtex-citation, .genindextable";
    const met = [];
    for (const element of document.body.querySelectorAll("*")) {
        if (element.closest(pass)) continue;
        met.push(...labels.map((name) => element.getAttribute(name)).filter(Boolean));
        const texts = [...element.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE);
        if (!element.closest("svg, pre, math, .katex")) met.push(...texts.map((text) => text.data));
    }
    return met;
}"""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "page",
    [
        "chapters/stopping.html",
        "chapters/himmelblau.html",
        "catalogue.html",
        "explorer.html",
        "index.html",
    ],
)
def test_scripts_speak_the_pages_language(visit, lang, page):
    tab = visit(f"{lang}/{page}")
    tab.wait_for_load_state("load")
    met = tab.evaluate(MET, list(SAID))
    if "explorer" in page:
        tab.locator(".explorer tbody tr").first.wait_for()
        met = tab.evaluate(MET, list(SAID))
        assert {"zh": "复位", "en": "Reset"}[lang] in met
    if "stopping" in page:
        assert {"zh": "前进一步", "en": "Step forward"}[lang] in met  # a script's own label
    assert len(met) > 20
    assert [words for words in met if alien(words, lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("query", ["Himmelblau", "descend", "qqqq", "学习率", ""])
def test_the_search_speaks_the_pages_language(visit, lang, query):
    tab = visit(f"{lang}/search.html?q={quote(query)}")
    if query:
        summary = tab.locator("#search-results p.search-summary", has_text=re.compile("."))
        summary = summary.inner_text()  # it comes when the search has ended
        assert bool(CHINESE.search(summary)) == (lang == "zh"), summary
    around = "document.querySelectorAll('#search-results li').forEach((li) => li.remove())"
    tab.evaluate(around)
    assert [words for words in tab.evaluate(MET, list(SAID)) if alien(words, lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_footer_says_whose_the_book_is_and_under_which_licence(soup, lang):
    for page in PAGES:
        [footer] = soup(lang, page).select(".bd-footer-content .extra_footer")
        said = " ".join(footer.get_text().split())
        assert said.startswith({"zh": "© 本书作者", "en": "© The authors"}[lang])
        assert "CC BY 4.0" in said and "BSD 3-Clause" in said
        [link] = footer.select("a[rel=license]")
        assert link["href"].startswith("https://creativecommons.org/licenses/by/4.0/")
        assert "The authors" not in said or lang == "en"
