"""The built book: its pages are there, say the same in both languages, and lead somewhere."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml.html import document_fromstring

from gdcore import GradientDescent, descend, parabola

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"
PAGES = ["index", *(f"chapters/{file.stem}" for file in sorted(ROOT.glob("chapters/[!.]*.md")))]
NUMBER = re.compile(r"\d+\.\d+")  # a language may write two as a word, and the other as 2

each_page = pytest.mark.parametrize("page", PAGES)


@cache
def tree(lang, page):
    return document_fromstring((HTML / lang / f"{page}.html").read_bytes())


def text(lang, page):
    """What a page says in its own language: paragraphs, without formulas and the other language."""
    paragraphs = tree(lang, page).xpath(
        "//article//p[not(ancestor::*[contains(concat(' ', @class, ' '), ' twin ')])]"
    )
    return " ".join(paragraph.text_content() for paragraph in paragraphs)


@each_page
def test_both_languages_have_the_page_with_a_title(page):
    titles = [tree(lang, page).findtext(".//title") for lang in ("zh", "en")]
    assert all(titles) and titles[0] != titles[1]


@each_page
def test_both_languages_say_the_same(page):
    """The build compares their texts; here are the numbers, figures and formulas of the pages."""
    zh, en = (sorted(NUMBER.findall(text(lang, page))) for lang in ("zh", "en"))
    assert zh == en
    for what in ("//article//figure", "//article//*[@class='katex']", "//article//h2"):
        assert len(tree("zh", page).xpath(what)) == len(tree("en", page).xpath(what))


def test_the_numbers_are_those_of_the_library():
    end = descend(parabola, GradientDescent(0.2), 10, max_steps=10).x[-1, 0]
    for lang in ("zh", "en"):
        assert f"{end:.3f}" in text(lang, "chapters/small")


def test_the_numbers_are_those_of_calculus():
    """Near the root the error becomes its square, divided by twice the root."""
    for lang in ("zh", "en"):
        assert f"{1 / (2 * 2**0.5):.3f}" in text(lang, "chapters/roots")


@each_page
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_links_lead_somewhere(lang, page):
    here = f"{lang}/{page}.html"
    links = [urlsplit(urljoin(here, href)) for href in tree(lang, page).xpath("//a/@href")]
    inside = [link for link in links if not link.scheme]
    assert inside
    for link in inside:
        target = HTML / unquote(link.path)
        assert target.is_file(), f"{here} leads to {link.path}"
        if link.fragment and target.suffix == ".html":
            name = target.relative_to(HTML / Path(link.path).parts[0]).with_suffix("").as_posix()
            ids = tree(Path(link.path).parts[0], name).xpath("//@id")
            assert unquote(link.fragment) in ids, f"{here} leads to {link.path}#{link.fragment}"
