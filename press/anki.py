"""Make the book's cards into decks: `_build/anki/NAME-zh.apkg` and `-en.apkg`.

They are those of the built page that has them all. A note is known by the card's name, so a deck
that is imported once more renews its cards and leaves what Anki knows of their reader. Each leads
back to its place: on the web, if the build is told the book's address (`BOOK_URL`).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import genanki
from bs4 import BeautifulSoup, Tag

from press.ext.language.bilingual import LANGUAGES
from press.names import of_the_book
from press.publish import address

BUILD = Path(__file__).parents[1] / "_build"
BOOK = of_the_book()
NAME = BOOK["name"]
CSS = """\
.card { max-width: 34em; margin: 0 auto; font-size: 20px; line-height: 1.5; text-align: center; }
.where { margin-top: 2em; font-size: 14px; }
"""


class Card(NamedTuple):
    """A card as Anki has it: texts in HTML, their formulas for MathJax."""

    name: str
    question: str
    answer: str
    place: str  # the address in the book of its language
    words: str  # of the link that leads there


def number(name: str) -> int:
    """Return the number by which Anki knows a deck or a kind of notes: always the same."""
    return 2**30 + int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2**30


MODEL = genanki.Model(
    number(f"{NAME} card"),
    BOOK["en"]["title"],
    fields=[{"name": "Question"}, {"name": "Answer"}, {"name": "Where"}],
    templates=[
        {
            "name": "Recall",
            "qfmt": "{{Question}}",
            "afmt": '{{FrontSide}}<hr id="answer">{{Answer}}<div class="where">{{Where}}</div>',
        }
    ],
    css=CSS,
)


def cards(book: BeautifulSoup) -> Iterator[Card]:
    """Yield the cards of the page that has them all, in the order of the book."""
    for question in book.select(".review dt"):
        answer = question.find_next_sibling("dd")
        link = answer.select_one(".recall-where a")
        texts = (text(piece.select_one(".lang:not(.twin)")) for piece in (question, answer))
        yield Card(question["id"].removeprefix("recall-"), *texts, link["href"], link.get_text())


def text(piece: Tag) -> str:
    """Return a text as Anki shows it, with its formulas in LaTeX."""
    for formula in piece.select(".math"):
        formula.replace_with(rf"\({formula.select_one('annotation').get_text()}\)")
    for tag in piece.find_all(True):
        tag.attrs = {}
    for span in piece.select("span"):
        span.unwrap()
    return piece.decode_contents().strip()


def note(card: Card, lang: str, url: str, due: int) -> genanki.Note:
    where = f"{lang}/{card.place}"
    where = f'<a href="{url}{where}">{card.words}</a>' if url else where
    chapter = Path(urlsplit(card.place).path).stem
    return genanki.Note(
        MODEL,
        [card.question, card.answer, where],
        guid=genanki.guid_for(NAME, lang, card.name),
        tags=[f"{NAME}::{chapter}"],
        due=due,  # new cards come in the order of the book
    )


def write(deck: genanki.Deck, archive: Path, written: float) -> None:
    """Write a deck, dated by the page that it is made of: the same page gives the same bytes."""
    genanki.Package(deck).write_to_file(archive, timestamp=written)
    with ZipFile(archive) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    with ZipFile(archive, "w", ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(ZipInfo(name), content, ZIP_DEFLATED)  # dated 1980


def make(html: Path, folder: Path, url: str) -> Iterator[tuple[Path, int]]:
    """Write a deck for each language, and yield its file and the number of its cards."""
    folder.mkdir(parents=True, exist_ok=True)
    for lang in LANGUAGES:
        page = html / lang / "review.html"
        book = BeautifulSoup(page.read_text(encoding="utf-8"), "lxml")
        title = book.select_one(".navbar-brand").get_text().strip()
        deck = genanki.Deck(number(f"{NAME} {lang}"), title)
        for due, card in enumerate(cards(book)):
            deck.add_note(note(card, lang, url, due))
        archive = folder / f"{NAME}-{lang}.apkg"
        write(deck, archive, page.stat().st_mtime)
        yield archive, len(deck.notes)


def main() -> None:
    for archive, count in make(BUILD / "html", BUILD / "anki", address()):
        print(f"Made {archive}, {count} cards")
