"""Say what differs between the book before an upgrade and the one after it, numbers first."""

import re
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path

from press.build import BUILD, HTML

BEFORE = BUILD / "before"  # where `make upgrade` keeps the book as it was
NUMBER = re.compile(r"[-−]?[\d⁰¹²³⁴-⁹⁻]+(?:[.,]\d+)*")
LINES = "article br button caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 label "
LINES += "li ol option p pre section summary table td th title tr ul"  # what begins a line


class Text(HTMLParser):
    """The text of a page's article, a paragraph, a cell or a line of code in each line."""

    def __init__(self, page: str):
        super().__init__()
        self.text, self.within = "", []
        article = re.search("<article.*</article>", page, re.DOTALL)
        self.feed(article[0] if article else "")

    def handle_starttag(self, tag, attrs):
        if tag in ("pre", "script", "style"):
            self.within.append(tag)
        self.text += "\n" if tag in LINES.split() else ""

    def handle_endtag(self, tag):
        if tag in self.within:
            self.within.remove(tag)
        self.text += "\n" if tag in LINES.split() else ""

    def handle_data(self, data):
        if not {"script", "style"} & set(self.within):
            self.text += data if self.within else re.sub(r"\s+", " ", data)


def lines_of(page: Path) -> list[str]:
    text = Text(page.read_text(encoding="utf-8")).text
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def changes(before: list[str], after: list[str]) -> tuple[list, list]:
    """Return the pairs of lines that differ in numbers alone, and those that differ in words."""
    numbers, words = [], []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for old, new in zip_longest(before[i:j], after[k:m]) if what != "equal" else ():
            same = old and new and NUMBER.sub("#", old) == NUMBER.sub("#", new)
            (numbers if same else words).append((old, new))
    return numbers, words


def compare(before: Path, after: Path) -> list[str]:
    """Return what is to be said of two built books, in lines."""
    old, new = ({f.relative_to(book) for f in book.rglob("*.html")} for book in (before, after))
    said = [f"Only before: {page.as_posix()}" for page in sorted(old - new)]
    said += [f"Only after: {page.as_posix()}" for page in sorted(new - old)]
    both = sorted(old & new)
    other = [page for page in both if (before / page).read_bytes() != (after / page).read_bytes()]
    found = [(page, *changes(lines_of(before / page), lines_of(after / page))) for page in other]
    numbers = [(page, pairs) for page, pairs, _ in found if pairs]
    words = [(page, pairs) for page, _, pairs in found if pairs]
    for title, changed in (("Other numbers", numbers), ("Other words", words)):
        for page, pairs in changed:
            said.append(f"\n{title}: {page.as_posix()}")
            for pair in pairs:
                said += [f"  {sign} {line}" for sign, line in zip("-+", pair, strict=True) if line]
    told = len({page for page, _ in numbers + words})
    said.append(f"\nOf {len(both)} pages {len(other)} have other bytes, {told} another text.")
    return said


def main() -> None:
    print(*compare(BEFORE, HTML), sep="\n")
