"""How long the book is: words of two letters or more that a reader of English reads in chapters.

Running text is counted, exercises and solutions too; no formulas, code, outputs, captions, titles,
no hints, and no cards to recall.
"""

import re
from functools import cache

import pytest
from lxml.html import document_fromstring

from tests.support.book import CHAPTERS, HTML, ROOT

BOOK = 31_000
CORE = 16_000
CHAPTER = 2_400

# The chapters that the front page marks as its core.
MARKED = re.findall(r"^([\w-]+)\*: ", (ROOT / "index.md").read_text("utf-8"), re.MULTILINE)

PASSED_OVER = """.//script | .//style | .//svg | .//pre | .//figcaption | .//h1 | .//h2 | .//h3
    | .//*[contains(@class, 'katex')] | .//*[contains(concat(' ', @class, ' '), ' math ')]
    | .//*[contains(@class, 'cell')] | .//*[contains(@class, 'admonition-title')]
    | .//*[contains(concat(' ', @class, ' '), ' twin ')]
    | .//details[contains(@class, 'recall') or contains(@class, 'hint')]"""
READ = ".//p[not(ancestor::p)] | .//dd[not(.//p)] | .//li[not(.//p)]"


@cache
def words(chapter: str) -> int:
    page = document_fromstring((HTML / "en" / "chapters" / f"{chapter}.html").read_bytes())
    article = page.xpath("//article")[0]
    for part in article.xpath(PASSED_OVER):
        if part.getparent() is not None:
            part.drop_tree()
    text = " ".join(part.text_content() for part in article.xpath(READ))
    return len(re.findall(r"[A-Za-z]{2,}(?:['’-][A-Za-z]+)*", text))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_read_in_one_sitting(chapter):
    print(f"{chapter}: {words(chapter)} words")
    assert 300 < words(chapter) <= CHAPTER


def test_the_book_and_its_core_are_short():
    print(f"all {sum(map(words, CHAPTERS))} words, the core {sum(map(words, MARKED))}")
    assert 6 <= len(MARKED) < len(CHAPTERS)
    assert sum(map(words, CHAPTERS)) <= BOOK
    assert sum(map(words, MARKED)) <= CORE
