"""Below each result of a search stands what its page says around the words that were found."""

import json
import re
from dataclasses import MISSING, fields
from urllib.parse import quote

import pytest

from gdcore import Momentum
from tests.support.book import HTML, LANGUAGES

FAST = {
    "test_titles_are_not_marked_in_half_of_a_word",
    "test_a_term_of_the_glossary_shows_its_definition",
}


def squeezed(text):
    return re.sub(r"\s", "", text)


def results(tab):
    """Each result that is seen: its address, what is marked, and the words around it."""
    tab.locator("#search-results li .found").first.wait_for()
    tab.wait_for_function(
        """() => [...document.querySelectorAll("#search-results li")]
          .filter((one) => one.getBoundingClientRect().top < innerHeight)
          .every((one) => one.querySelector(".found"))"""
    )
    return tab.evaluate(
        """() => [...document.querySelectorAll("#search-results li:has(.found)")].map((one) =>
          [one.querySelector("a").getAttribute("href"), one.querySelector("mark").textContent,
            one.querySelector(".found").textContent])"""
    )


@pytest.mark.parametrize(
    ("lang", "query", "marked"),
    [
        ("en", "sharpness", "sharp\\w*"),
        ("en", "learning rates", "learning rates|learning|rates?|learn\\w*"),
        ("en", "oscillating", "oscillat\\w*"),
        ("zh", "锐度", "锐度"),
        ("zh", "随机梯度", "随机梯度|随机|机梯|梯度"),
        ("zh", "学习率", "学习率"),
    ],
)
def test_each_result_shows_its_words_around_what_was_found(visit, tree, lang, query, marked):
    tab = visit(f"{lang}/search.html?q={quote(query)}")
    found = results(tab)
    assert len(found) > 2
    hits = [mark for _, mark, _ in found if mark]
    assert len(hits) >= 0.8 * len(found)
    for mark in hits:
        assert re.fullmatch(marked, mark, re.IGNORECASE), mark
    for address, _, words in found:
        assert 0 < len(words) <= 200 and not re.search("^… …|… …$", words)
        run = max(re.findall(r"(?:[^\W\d_]{2,}[ ,，]*)+", words), key=len)  # without a formula
        page = tree(lang, re.sub(r"\.html.*", "", address))
        unsaid = "ancestor::*[contains(@class, 'headerlink') or contains(@class, 'twin')]"
        texts = page.xpath(f"//article//text()[not({unsaid})]")
        assert squeezed(run) in squeezed("".join(texts))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_a_page_are_those_of_its_own_language(lang):
    """And they are not in the search index, which is asked for on each search."""
    page, sections = read(lang, "chapters/newton")
    chinese = re.findall("[\u4e00-\u9fff]", "".join(sections.values()))
    assert page == "chapters/newton" and "convergence-newton" in sections
    assert len(chinese) > 2000 if lang == "zh" else not chinese


def read(lang, name):
    text = (HTML / lang / f"{name}.words.js").read_text("utf-8")
    return json.loads(re.search(r"detail: (.*) \}\)\);$", text, re.S)[1])


def test_titles_are_not_marked_in_half_of_a_word(visit):
    tab = visit(f"zh/search.html?q={quote('学习率')}")
    results(tab)
    grounds = tab.locator("#search-results .highlighted").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one).backgroundColor)"
    )
    assert grounds and {*grounds} == {"rgba(0, 0, 0, 0)"}


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "η 定，而 η 要"), ("en", "η, and η is up to us")]
)
def test_a_letter_of_mathematics_is_shown_as_one_reads_it(lang, words):
    assert words in (HTML / lang / "chapters" / "learning-rate.words.js").read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_the_reference_have_its_signatures_as_one_reads_them(lang):
    own = [f.name if f.default is MISSING else f"{f.name}={f.default}" for f in fields(Momentum)]
    said = "".join(read(lang, "api")[1].values())
    assert len(own) == 3 and f"Momentum({', '.join(own)})" in said


def test_a_term_of_the_glossary_shows_its_definition(visit):
    tab = visit("en/search.html?q=learning+rate")
    first = tab.locator(
        "#search-results li", has=tab.locator("a[href='glossary.html#term-learning-rate']")
    )
    first.locator(".found mark").first.wait_for()
    definition = read("en", "glossary")[1]["term-learning-rate"]
    words = first.locator(".found").first.text_content().removesuffix(" …")
    assert words in definition
