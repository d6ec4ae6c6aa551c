"""The decks that `make anki` makes of the cards, read as files and by Anki's own library."""

import html
import re
import sqlite3
from contextlib import closing
from zipfile import ZipFile

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from bs4 import BeautifulSoup

from press import anki
from tests.support.book import LANGUAGES

FORMULA = '<span class="katex-html">x</span><annotation>a &lt; b_{{1}}</annotation>'
PAGE = f"""<a class="navbar-brand"> A book </a><div class="review"><details><dl>
<dt id="recall-small-step"><span class="lang" lang="en">Is
<span class="together"><span class="math">{FORMULA}</span></span>
<em>small</em> &amp; <code class="a"><span class="pre">x</span></code>?</span><span
class="lang twin" hidden lang="zh-CN">问</span></dt>
<dd><p><span class="lang">A</span></p><p class="recall-where"><a
href="chapters/one.html#place">Where it stands</a></p></dd></dl></details></div>"""


@pytest.fixture(scope="module")
def decks(html, tmp_path_factory):
    """The decks of the built book, by language."""
    folder = tmp_path_factory.mktemp("anki")
    return dict(zip(LANGUAGES, (deck for deck, _ in anki.make(html, folder, "")), strict=True))


def rows(deck, columns, table="notes"):
    """What an Anki deck holds: a database in a zip file."""
    database = deck.with_suffix(".db")
    with ZipFile(deck) as packed:
        database.write_bytes(packed.read("collection.anki2"))
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()


@pytest.fixture
def small(tmp_path):
    """A book of one card in either language."""
    for lang in LANGUAGES:
        page = tmp_path / "html" / lang / "review.html"
        page.parent.mkdir(parents=True)
        page.write_text(PAGE, encoding="utf-8")
    return tmp_path


def fields(deck):
    [(text,)] = rows(deck, "flds")
    return text.split("\x1f")


def test_texts_are_what_anki_shows_formulas_for_mathjax_and_one_language(small):
    [_, (deck, count)] = anki.make(small / "html", small / "decks", "")
    assert count == 1
    question, answer, where = fields(deck)
    question = " ".join(question.split())
    assert question == r"Is \(a &lt; b_{{1}}\) <em>small</em> &amp; <code>x</code>?"
    assert (answer, where) == ("A", "en/chapters/one.html#place")
    assert rows(deck, "tags") == [(" gradient-descent::one ",)]


def test_a_card_leads_back_to_the_book_on_the_web(small):
    [(deck, _), _] = anki.make(small / "html", small / "decks", "https://example.org/book/")
    there = "https://example.org/book/zh/chapters/one.html#place"
    assert fields(deck)[2] == f'<a href="{there}">Where it stands</a>'


def test_a_note_keeps_its_id_when_its_words_change_and_no_two_share_one(small):
    decks = [deck for deck, _ in anki.make(small / "html", small / "decks", "")]
    before = [rows(deck, "guid") for deck in decks]
    assert before[0] != before[1]
    page = small / "html" / "en" / "review.html"
    page.write_text(PAGE.replace("small</em>", "large</em>"), encoding="utf-8")
    list(anki.make(small / "html", small / "decks", ""))
    assert [rows(deck, "guid") for deck in decks] == before
    assert "large" in fields(decks[1])[0]
    page.write_text(PAGE.replace("recall-small-step", "recall-other"), encoding="utf-8")
    list(anki.make(small / "html", small / "decks", ""))
    assert rows(decks[1], "guid") != before[1]


def test_the_same_book_gives_the_same_bytes(html, decks, tmp_path):
    for deck, (again, _) in zip(decks.values(), anki.make(html, tmp_path, ""), strict=True):
        assert again.read_bytes() == deck.read_bytes()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_deck_has_every_card_of_the_book(decks, soup, lang):
    page = soup(lang, "review")
    expected = []
    for question in page.select(".review dt"):
        answer = question.find_next_sibling("dd")
        expected.append([said(question), said(answer)])
    notes = [text.split("\x1f")[:2] for (text,) in rows(decks[lang], "flds")]
    assert [[plain(text) for text in note] for note in notes] == expected
    assert len(expected) > 0
    assert [due for (due,) in rows(decks[lang], "due", "cards")] == list(range(len(expected)))


def said(piece):
    """What a page says, its formulas between signs."""
    [text] = BeautifulSoup(str(piece), "lxml").select(".lang:not(.twin)")
    for formula in text.select(".katex"):
        formula.replace_with(rf"\({formula.select_one('annotation').get_text()}\)")
    return re.sub(r"\s", "", text.get_text())


def plain(text):
    return re.sub(r"\s", "", html.unescape(re.sub(r"</?(em|strong|code|p)>", "", text)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ankis_own_library_imports_a_deck_and_renews_it(decks, tmp_path, lang):
    count = len(rows(decks[lang], "id"))
    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        for new in (count, 0):  # once more: every note is known by its id
            request = ImportAnkiPackageRequest(
                package_path=str(decks[lang]), options=ImportAnkiPackageOptions()
            )
            log = collection.import_anki_package(request).log
            assert (len(log.new), log.found_notes) == (new, count)
            assert len(collection.find_cards("is:new")) == count > 0
        names = [deck.name for deck in collection.decks.all_names_and_ids()]
        assert ("跑起来的梯度下降" if lang == "zh" else "Gradient Descent, Running") in names
        card = collection.get_card(collection.find_cards("")[0])
        question, answer, where = card.note().fields
        assert question in card.question() and answer not in card.question()
        assert answer in card.answer() and where in card.answer()
    finally:
        collection.close()
