"""Print the built book: `_build/pdf/NAME-zh.pdf` and `NAME-en.pdf`.

The pages of `_build/html/` are joined into one, `_templates/pdf.html`, and Chromium prints that.
A first print tells on which page each section begins; then the contents say it, and the second
print is the book.
"""

import re
import sys
import unicodedata
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Fit

from press.articles import articles
from press.names import of_the_book

ROOT = Path(__file__).parents[1]
PDF = ROOT / "_build" / "pdf"

NO_CHINESE = Path(__file__).with_name("no_chinese.js").read_text(encoding="utf-8")


def join_pages(lang: str) -> str:
    """Return the pages of a language as one."""
    templates = Environment(loader=FileSystemLoader(ROOT / "_templates"))
    return templates.get_template("pdf.html").render(
        lang=lang, pages=articles(lang), rights=of_the_book()[lang]["rights"]
    )


def print_page(tab: Page, pdf: Path, tagged: bool) -> PdfReader:
    tab.pdf(path=pdf, prefer_css_page_size=True, print_background=True, tagged=tagged)
    return PdfReader(pdf)


def places(reader: PdfReader) -> dict[str, tuple[int, float]]:
    """Return where each anchor stands: the number of its page, and its height there."""
    return {
        name.lstrip("/"): (reader.get_destination_page_number(place) + 1, place.top)
        for name, place in reader.named_destinations.items()
    }


def finish(reader: PdfReader, title: str, sections: list[dict], pdf: Path) -> None:
    """Add bookmarks and the title, and make the Chinese text one that can be searched."""
    writer = PdfWriter(clone_from=reader)
    writer.metadata = {"/Title": title}
    writer.page_mode = "/UseOutlines"
    at, above = places(reader), {}
    for section in sections:
        page, top = at[section["anchor"]]
        above[section["level"]] = writer.add_outline_item(
            title=section["title"],
            page_number=page - 1,
            parent=above.get(section["level"] - 1),
            fit=Fit.xyz(top=top),
        )
    fonts = (page["/Resources"].get("/Font", {}).values() for page in writer.pages)
    named = (font.get_object() for some in fonts for font in some)
    tables = (font.raw_get("/ToUnicode") for font in named if "/ToUnicode" in font)
    for table in {table.idnum: table for table in tables}.values():
        stream = table.get_object()
        stream.set_data(re.sub(TO_UNICODE, as_written, stream.get_data()))
    writer.write(pdf)


# Chromium says of a glyph that it is a radical, where a font draws that as it draws a character:
# U+2F64 for 用. Unicode knows the characters of most radicals; these it keeps apart.
APART = (
    "⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食"
    "⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙"
)
CHARACTERS = dict(zip(APART[::2], APART[1::2], strict=True))
# A line of such a table: a glyph, and a radical. Lines of several glyphs in a row have none: where
# radicals are in a row, their characters are not.
TO_UNICODE = re.compile(rb"^<(\w+)> <(2[EF]\w\w)>$", re.MULTILINE)


def as_written(line: re.Match) -> bytes:
    """Return a line of a font's table of characters, with a character in place of its radical."""
    radical = chr(int(line[2], 16))
    character = unicodedata.normalize("NFKC", CHARACTERS.get(radical, radical))
    return b"<%b> <%04X>" % (line[1], ord(character))


def make(lang: str) -> Path:
    """Print the book in one language."""
    from press.browser import find_browser

    PDF.mkdir(parents=True, exist_ok=True)
    joined, pdf = PDF / f"{lang}.html", PDF / f"{of_the_book()['name']}-{lang}.pdf"
    joined.write_text(join_pages(lang), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_default_timeout(180_000)  # milliseconds: it is the whole book on one page
        if tab.evaluate(NO_CHINESE):
            sys.exit(
                "No font on this machine has Chinese characters; the PDF would show boxes. "
                "Install one (on Debian: apt install fonts-noto-cjk), then try again."
            )
        tab.goto(joined.as_uri())
        tab.evaluate("document.fonts.ready")
        draft = places(print_page(tab, pdf, tagged=False))
        numbers = {name: page for name, (page, _) in draft.items()}
        tab.evaluate("numbers => number(numbers)", numbers)
        book = print_page(tab, pdf, tagged=True)
        finish(book, tab.title(), tab.evaluate("sections"), pdf)
    joined.unlink()
    return pdf


def main() -> None:
    with ProcessPoolExecutor() as pool:
        for pdf in pool.map(make, ("zh", "en")):
            print(f"Printed {pdf}")
