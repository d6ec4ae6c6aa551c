"""The page of history: every year on it is that of the work which is cited beside it."""

import re

import pytest

from tests.support.book import LANGUAGES, ROOT

YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
BIB = (ROOT / "references.bib").read_text("utf-8")
YEARS = {
    key: re.search(r"year\s*=\s*\{(\d{4})\}", entry)[1]
    for key, entry in re.findall(r"^@\w+\{(\w+),(.*?)^\}", BIB, re.MULTILINE | re.DOTALL)
    if "year" in entry
}
# The turns that the page tells, in its order, by the works that took them.
TURNS = [
    ("cauchy1847",),
    ("robbins1951",),
    ("polyak1964",),
    ("nesterov1983",),
    ("linnainmaa1970", "rumelhart1986"),
    ("kingma2015",),
    ("jordan2024",),
]


def source(lang: str) -> str:
    """What the page says in one language."""
    text = (ROOT / "chapters" / "history.md").read_text("utf-8")
    blocks = re.findall(rf"^:::\{{{lang}\}}\n(.*?)^:::$", text, re.MULTILINE | re.DOTALL)
    return "\n\n".join(blocks)


def cited(text: str) -> list[str]:
    return [key for keys in re.findall(r"\{cite\}`([^`]+)`", text) for key in keys.split(",")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_year_is_that_of_a_work_cited_beside_it(lang):
    seen = 0
    for paragraph in re.split(r"\n\n+|^- ", source(lang), flags=re.MULTILINE):
        words = re.sub(r"\{cite\}`[^`]+`", "", paragraph)
        for year in YEAR.findall(words):
            assert year in {YEARS[key] for key in cited(paragraph)}, (year, paragraph)
            seen += 1
    assert seen >= len(TURNS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_turn_is_told_with_its_year(soup, lang):
    """As the built page shows it: the year in bold, the work behind it."""
    bold = [
        element
        for element in soup(lang, "chapters/history").select("article p strong")
        if not element.find_parent(hidden=True) and YEAR.search(element.get_text())
    ]
    told = [YEAR.findall(element.get_text()) for element in bold]
    assert told == [[YEARS[key] for key in keys] for keys in TURNS]
    for element, keys in zip(bold, TURNS, strict=True):
        links = element.find_parent("p").select(".bibtex-citation a, a.bibtex-citation")
        titles = " ".join(link.get("title", "") for link in links)
        for key in keys:
            assert YEARS[key] in titles, (key, titles)


def test_the_picture_has_the_same_years():
    text = (ROOT / "chapters" / "history.md").read_text("utf-8")
    drawn = re.findall(r"^    \((\d{4}), r\"", text, flags=re.MULTILINE)
    assert drawn == sorted(YEARS[key] for keys in TURNS for key in keys)
    for alt in re.findall(r"\{(?:zh|en)\}`([^`]*1847[^`]*)`", text):  # what is told of it
        assert set(YEAR.findall(alt)) <= set(drawn)
