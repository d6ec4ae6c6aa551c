"""The PDFs, printed once: contents that tell the truth, bookmarks, links, fonts, and the text."""

import os
import re
import subprocess
import sys

import matplotlib
import pypdfium2
import pytest
from pypdf import PdfReader

from press import pdf
from press.browser import find_browser
from tests.support.book import CHAPTERS, LANGUAGES, ROOT, in_order

pytestmark = pytest.mark.slow
each_language = pytest.mark.parametrize("lang", LANGUAGES)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def printed(html):
    """Print the books; give the path of one."""
    run = subprocess.run(
        [sys.executable, "-m", "press", "pdf"], cwd=ROOT, text=True, capture_output=True
    )
    if "fonts-noto-cjk" in run.stderr:
        pytest.skip(run.stderr.strip().splitlines()[-1])
    assert run.returncode == 0, run.stderr
    return {lang: pdf.PDF / f"gradient-descent-{lang}.pdf" for lang in LANGUAGES}.get


@pytest.fixture(scope="module")
def book(printed):
    """Give the PDF of a language, to be taken apart."""
    return {lang: PdfReader(printed(lang)) for lang in LANGUAGES}.get


@pytest.fixture(scope="module")
def texts(printed):
    """Give the text of each page, as another program reads it."""

    def read(lang):
        with pypdfium2.PdfDocument(printed(lang)) as document:
            return [page.get_textpage().get_text_range() for page in document]

    return {lang: read(lang) for lang in LANGUAGES}.get


def squeezed(text):
    return re.sub(r"\s|\ufffe", "", text)  # pdfium reads a hyphen at a line's end as U+FFFE


def bookmarks(reader, items=None, level=1):
    for item in reader.outline if items is None else items:
        if isinstance(item, list):
            yield from bookmarks(reader, item, level + 1)
        else:
            yield level, squeezed(item.title), reader.get_destination_page_number(item) + 1


def headings(soup, lang):
    """The levels and words of the pages' headings."""
    for name in in_order():
        for heading in soup(lang, name).select("article :is(h1, h2, h3)"):
            words = (
                text
                for text in heading.find_all(string=True)
                if not text.find_parent(class_=["twin", "headerlink", "katex-mathml"])
            )
            yield int(heading.name[1]), squeezed("".join(words))


@each_language
def test_bookmarks_are_the_headings_of_the_book(book, soup, lang):
    (level, about), *rest = [(level, title) for level, title, _ in bookmarks(book(lang))]
    assert level == 1 and about == {"zh": "关于本书", "en": "Aboutthisbook"}[lang]
    assert rest == list(headings(soup, lang))[1:]


@each_language
def test_bookmarks_lead_to_their_headings(book, texts, lang):
    marks = list(bookmarks(book(lang)))
    assert len(marks) > len(CHAPTERS)
    for _, title, number in marks:
        assert title in squeezed(texts(lang)[number - 1])


@each_language
def test_the_contents_tell_the_pages(book, texts, lang):
    marks = [mark for mark in bookmarks(book(lang)) if mark[0] < 3]
    begin = marks[0][2]
    sheets = (re.sub(r"^\d+\s", "", text) for text in texts(lang)[1 : begin - 1])
    told = "".join(f"{title}{number}" for _, title, number in marks)
    assert squeezed("".join(sheets)) == {"zh": "目录", "en": "Contents"}[lang] + told


@each_language
def test_pages_are_numbered_and_none_is_blank(book, texts, lang):
    cover, *rest = texts(lang)
    assert book(lang).metadata.title in cover and not re.search(r"\d\s*$", cover)
    for number, text in enumerate(rest, start=2):
        assert text.startswith(f"{number}\r\n"), number
        assert len(squeezed(text)) > len(str(number)) + 3, number


@each_language
def test_pages_are_a4(book, lang):
    for page in book(lang).pages:
        width, height = (float(side) / 72 * 25.4 for side in page.mediabox[2:])
        assert abs(width - 210) < 1 and abs(height - 297) < 1


@each_language
def test_links_lead_into_the_book_or_to_the_web(book, soup, lang):
    inside = outside = 0
    places = book(lang).named_destinations
    for page in book(lang).pages:
        for annotation in page.get("/Annots", ()):
            link = annotation.get_object()
            if "/Dest" in link:
                assert link["/Dest"] in places
                inside += 1
            elif "/A" in link:
                assert link["/A"]["/URI"].startswith(("https://", "http://")), link["/A"]
                outside += 1
    on_pages = [
        "external" in link["class"]
        for name in in_order()
        for link in soup(lang, name).select("article a.reference")
        if not link.find_parent(class_=["twin", "recall-where", "review"])  # paper leaves them out
    ]
    assert inside >= on_pages.count(False) > 200  # a link on two lines is two
    assert outside >= on_pages.count(True) > 10


@each_language
def test_answers_stand_at_the_end_of_their_chapters(book, texts, soup, lang):
    """Each has a link there and one back, and none stands where it is asked for."""
    opening = "article details.disclosure:not(.code, .rest, .recall, details *)"
    counts = {name: len(soup(lang, f"chapters/{name}").select(opening)) for name in CHAPTERS}
    places = book(lang).named_destinations
    for kind in ("answer", "asked"):
        found = [place for place in places if re.fullmatch(rf"/?{kind}-\d+", place)]
        assert len(found) >= sum(counts.values())
    title = {"zh": "答案与解答", "en": "Answersandsolutions"}[lang]
    assert squeezed("".join(texts(lang))).count(title) >= sum(map(bool, counts.values())) > 10


@each_language
def test_fonts_are_in_the_file(book, lang):
    fonts = {}
    for page in book(lang).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            fonts[font.indirect_reference.idnum] = font.get_object()
    for font in fonts.values():
        if font["/Subtype"] == "/Type3":  # its glyphs are drawings
            assert len(font["/CharProcs"]) > 0
        else:
            [inner] = font.get("/DescendantFonts", [font])
            assert "/FontFile" in str(list(inner.get_object()["/FontDescriptor"]))
    assert any("KaTeX" in str(font.get("/BaseFont")) for font in fonts.values())


@each_language
def test_the_prose_can_be_found_and_copied(texts, soup, lang):
    """Every paragraph that is nothing but words, unless a page ends within it."""
    whole = squeezed("".join(texts(lang)))
    paragraphs = [
        squeezed(paragraph.get_text())
        for chapter in CHAPTERS
        for paragraph in soup(lang, f"chapters/{chapter}").select("article .lang:not(.twin) p")
        if not paragraph.select(".math, code, .twin")
    ]
    found = [paragraph in whole for paragraph in paragraphs]
    assert len(found) > 50 and sum(found) > 0.95 * len(found)


def test_each_book_is_in_its_own_language(book, texts):
    assert book("zh").trailer["/Root"]["/Lang"] == "zh-CN"
    assert book("en").trailer["/Root"]["/Lang"] == "en"
    chinese = {lang: len(CHINESE.findall("".join(texts(lang)))) for lang in LANGUAGES}
    assert chinese["zh"] > 20_000 and chinese["en"] < 2_000


def test_a_machine_without_chinese_is_noticed(browser, tmp_path):
    assert browser.new_page().evaluate(pdf.NO_CHINESE) is False
    config = tmp_path / "fonts.conf"
    fonts = f"{matplotlib.get_data_path()}/fonts/ttf"  # DejaVu: Latin, Greek, no Chinese
    config.write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    bare = browser.browser_type.launch(
        executable_path=find_browser(),
        args=["--no-sandbox"],
        env={**os.environ, "FONTCONFIG_FILE": str(config)},
    )
    assert bare.new_page().evaluate(pdf.NO_CHINESE) is True
    bare.close()
