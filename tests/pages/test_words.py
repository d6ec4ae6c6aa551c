"""The words around the text: each page speaks its own language, by name, by label and by script."""

import re
from copy import deepcopy
from urllib.parse import quote

import pytest

from tests.support.book import LANGUAGES, PAGES
from tests.support.tiers import few

FAST = {
    "test_scripts_speak_the_pages_language[explorer.html-zh]",
}

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
    "Adadelta": "an optimizer",
    "AdamW": "an optimizer",
    "Lion": "an optimizer",
    "Adam": "an optimizer",
}


def alien(words: str, lang: str) -> bool:
    """Whether words have letters, but none of the language's."""
    if words.strip() in NAMES or not re.search(r"[a-zA-Z\u4e00-\u9fff]{2}", words):
        return False
    return bool(CHINESE.search(words)) != (lang == "zh")


# Works keep their titles, and the names in programs are what they are.
WORK_OR_CODE = (
    "ancestor::*[contains(concat(' ', @class, ' '), ' bibtex-citation ')]"
    " or descendant::code or starts-with(@title, 'gdcore.')"
)
LABEL = " or ".join(f"name() = '{name}'" for name in SAID)
LABELLED = f"//body//@*[{LABEL}][parent::*[not({WORK_OR_CODE}) and not(ancestor::*[@hidden])]]"
ASIDE = "//article | //script | //style | //svg | //noscript | //code"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", EVERYWHERE)
def test_every_label_is_in_the_pages_language(tree, lang, page):
    labels = tree(lang, page).xpath(LABELLED)
    assert len(labels) > 8
    assert [label for label in labels if alien(label, lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", EVERYWHERE)
def test_every_word_around_the_article_is_in_the_pages_language(tree, lang, page):
    around = deepcopy(tree(lang, page))
    for element in around.xpath(ASIDE):
        if element.getparent() is not None:
            element.drop_tree()
    words = [text.strip() for text in around.body.itertext() if text.strip()]
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
        "chapters/learning-rate.html",
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
        tab.locator(".explorer-row:not([hidden])").first.wait_for()
        met = tab.evaluate(MET, list(SAID))
        assert {"zh": "复位", "en": "Reset"}[lang] in met
    if "learning-rate" in page:
        assert {"zh": "前进一步", "en": "Step forward"}[lang] in met  # a script's own label
    assert len(met) > 20
    assert [words for words in met if alien(words, lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "query", few(["Himmelblau", "descend", "qqqq", "学习率", ""], "Himmelblau", "qqqq", "学习率")
)
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
