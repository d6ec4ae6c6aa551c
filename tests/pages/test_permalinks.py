"""Anchors: the same in both languages, and named for what they lead to, never numbered."""

import re
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.book import LANGUAGES, PAGES

each_page = pytest.mark.parametrize("page", PAGES)
every_page = pytest.mark.parametrize(
    ("lang", "page"), [(lang, page) for lang in LANGUAGES for page in PAGES]
)
NUMBERED = re.compile(r"(id|term|index|equation|footnote|bibtex-bibliography.*)-?\d+")


def anchors(page) -> list[str]:
    """Return the ids of an article, those inside pictures left out."""
    return page.xpath("//article//*[@id and not(ancestor::svg)]/@id")


@each_page
def test_every_anchor_of_one_language_is_one_of_the_other(tree, page):
    zh, en = (anchors(tree(lang, page)) for lang in LANGUAGES)
    assert zh == en and len(zh) > 0


@every_page
def test_no_anchor_is_a_number_that_an_insertion_would_change(tree, lang, page):
    assert [anchor for anchor in anchors(tree(lang, page)) if NUMBERED.fullmatch(anchor)] == []


@each_page
def test_what_shows_a_permalink_is_what_one_would_link_to(soup, page):
    article = soup("zh", page).find("article")
    places = {place["id"]: place for place in article.find_all(id=True)}
    for link in article.select("a.headerlink"):
        target = places[unquote(urlsplit(link["href"]).fragment)]
        assert any(one is target for one in link.parents) or any(
            one is link for one in target.parents
        )
    shown = article.select(
        "h1, h2, h3, figcaption, caption:not(.heat *), .eqno, dl.glossary dt[id], dt.sig[id]"
    )
    assert shown
    for place in shown:
        assert place.select("a.headerlink"), place.get_text()[:60]


def slug(words: str) -> str:
    return re.sub(r"[^A-Za-z]+", "-", words).strip("-")


def test_a_glossary_entry_is_named_for_its_english_word(soup):
    for lang in LANGUAGES:
        definitions = soup(lang, "glossary").select("dl.glossary > dd")
        assert len(definitions) > 30
        for definition in definitions:
            english, chinese = definition.find_previous_siblings("dt", limit=2)
            assert re.search(r"[\u4e00-\u9fff]", chinese.get_text())
            assert chinese["id"] == f"term-{slug(english.get_text())}"
            assert not english.has_attr("id")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_words_of_a_term_lead_to_its_entry(soup, lang):
    links = {}
    for page in PAGES:
        for term in soup(lang, page).select("a span.std-term"):
            words = re.sub(r"\s+", " ", term.get_text()).lower()
            links.setdefault(unquote(urlsplit(term.parent["href"]).fragment), set()).add(words)
    assert {"学习率", "learning rate"} <= links["term-learning-rate"]
    assert {"梯度", "gradient"} <= links["term-gradient"]
    assert all(re.search(r"[\u4e00-\u9fff]", "".join(words)) for words in links.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_work_is_named_by_its_key(soup, html, lang):
    from tests.support.book import ROOT

    keys = re.findall(r"^@\w+\{([\w-]+),", (ROOT / "references.bib").read_text("utf-8"), flags=re.M)
    works = soup(lang, "references").select("div.citation")
    assert {work["id"] for work in works} == {f"cite-{key}" for key in keys}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_index_leads_to_the_glossary(tree, lang):
    for words in ("学习率", "learning rate"):
        [address] = tree(lang, "genindex").xpath("//a[. = $words]/@href", words=words)
        assert address == "glossary.html#term-learning-rate"
