"""The e-books: what an EPUB owes, checked here, and all that the pages have, compared with them.

`make check-epub` lets epubcheck read them, too.
"""

import os
import re
import subprocess
import sys
import zipfile
from base64 import b64decode
from collections import Counter
from functools import cache
from io import BytesIO
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from lxml.html import document_fromstring
from PIL import Image

from press import epub
from press.articles import articles
from tests.support.book import LANGUAGES, ROOT, in_order

pytestmark = pytest.mark.slow

each_language = pytest.mark.parametrize("lang", LANGUAGES)
XHTML, SVG, MATH, OPF, DC = (
    f"{{http://{name}}}"
    for name in (
        "www.w3.org/1999/xhtml",
        "www.w3.org/2000/svg",
        "www.w3.org/1998/Math/MathML",
        "www.idpf.org/2007/opf",
        "purl.org/dc/elements/1.1/",
    )
)
HREF = "{http://www.w3.org/1999/xlink}href"
PAGES = [name for name in in_order() if name not in ("explorer", "review")]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def archives(html, tmp_path_factory):
    """Bind both e-books; give the path of one."""
    folder = tmp_path_factory.mktemp("epub")
    for lang in LANGUAGES:
        epub.pack(epub.bind(lang), folder / lang)
    return lambda lang: folder / lang


@pytest.fixture(scope="module")
def books(archives):
    """Give the files of an e-book by their names, as they come out of the zip."""

    def read(lang):
        with zipfile.ZipFile(archives(lang)) as packed:
            names = [name for name in packed.namelist() if name.startswith("EPUB/")]
            return {name.removeprefix("EPUB/"): packed.read(name) for name in names}

    return {lang: read(lang) for lang in LANGUAGES}.get


@pytest.fixture(scope="module")
def trees(books):
    """Give the trees of an e-book's XML, which a file that is not well-formed does not have."""
    kinds = (".xhtml", ".svg", ".opf")
    return {
        lang: {
            name: etree.fromstring(text)
            for name, text in books(lang).items()
            if name.endswith(kinds)
        }
        for lang in LANGUAGES
    }.get


@pytest.fixture(scope="module")
def shown(html):
    """Give the article of a page without the other language and without the code of figures."""

    @cache
    def read(lang, name):
        article = document_fromstring(articles(lang)[f"{name}.html"])
        code = "contains(concat(' ', @class, ' '), ' disclosure code ')"
        apart = f"//*[@hidden] | //details[{code}] | //*[@class='instrument']"
        for element in article.xpath(f"{apart} | //a[@class='headerlink']"):
            element.drop_tree()
        return article

    return read


def links(tree):
    """The addresses in a page, and the elements that have them."""
    for element in tree.iter():
        for attribute in ("href", "src"):
            if element.get(attribute):
                yield element.get(attribute), element


def words(element):
    return " ".join("".join(element.itertext()).split())


# What an EPUB owes --------------------------------------------------------------------------------


@each_language
def test_the_first_bytes_say_what_it_is(archives, lang):
    """EPUB Open Container Format 3.3, section 4.3: the file `mimetype` comes first, as it is."""
    assert archives(lang).read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(archives(lang)) as packed:
        first = packed.infolist()[0]
        assert (first.compress_type, first.extra) == (zipfile.ZIP_STORED, b"")
        container = etree.fromstring(packed.read("META-INF/container.xml"))
        [root] = container.xpath("//*[local-name()='rootfile']/@full-path")
        assert root in packed.namelist()
        assert len(packed.namelist()) == len(set(packed.namelist()))


@each_language
def test_the_manifest_names_every_file_and_no_other(books, trees, lang):
    items = list(trees(lang)["package.opf"].iter(f"{OPF}item"))
    assert sorted(item.get("href") for item in items) == sorted({*books(lang)} - {"package.opf"})
    assert len({item.get("id") for item in items}) == len(items)
    begins = {
        "image/png": b"\x89PNG",
        "font/woff2": b"wOF2",
        "font/woff": b"wOFF",
        "image/svg+xml": b"<svg",
    }
    begins |= {"application/xhtml+xml": b"<?xml", "text/css": b"/*", "text/plain": b""}
    for item in items:
        assert books(lang)[item.get("href")].startswith(begins[item.get("media-type")])
        has_formulas = b"<math" in books(lang)[item.get("href")]
        assert ("mathml" in item.get("properties", "").split()) == has_formulas
    special = {item.get("properties"): item.get("href") for item in items}
    assert (special["nav"], special["cover-image"]) == ("nav.xhtml", "cover.png")


@each_language
def test_the_pages_come_in_the_order_of_the_book(trees, lang):
    package = trees(lang)["package.opf"]
    names = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    spine = [names[item.get("idref")] for item in package.iter(f"{OPF}itemref")]
    assert spine == ["cover.xhtml", "nav.xhtml", *(f"{name}.xhtml" for name in PAGES)]
    told = [href for href, _ in links(trees(lang)["nav.xhtml"].find(f".//{XHTML}nav"))]
    assert [href for href in told if "#" not in href] == spine[2:]
    places = [list(trees(lang)[href.partition("#")[0]].iter()) for href in told]
    ids = [[element.get("id") for element in page] for page in places]
    order = [
        (spine.index(href.partition("#")[0]), ids[k].index(href.partition("#")[2] or None))
        for k, href in enumerate(told)
    ]
    assert order == sorted(order) and len(order) > 150


@each_language
def test_no_link_leads_nowhere_and_no_anchor_is_there_twice(books, trees, lang):
    ids = {}
    for name, tree in trees(lang).items():
        ids[name] = Counter(tree.xpath("//@id"))
        assert [place for place, times in ids[name].items() if times > 1] == []
    inside = outside = 0
    for name, tree in trees(lang).items():
        if not name.endswith(".xhtml"):
            continue
        for href, _ in links(tree):
            url = urlsplit(href)
            if url.netloc:
                assert url.scheme in ("http", "https")
                outside += 1
                continue
            target = normpath(join(dirname(name), url.path)) if url.path else name
            assert target in books(lang), f"{name}: {href}"
            assert not url.fragment or unquote(url.fragment) in ids[target], f"{name}: {href}"
            inside += 1
    assert inside > 1000 and outside > 50


@each_language
def test_nothing_asks_for_a_script_or_for_the_stylesheet_of_the_web(trees, lang):
    pressed = {"script", "button", "input", "select", "textarea", "form", "canvas", "details"}
    for tree in trees(lang).values():
        for element in tree.iter(etree.Element):
            assert etree.QName(element).localname not in pressed
            names = [name for name in element.attrib if name.startswith(("data-", "on"))]
            assert names == [] and "var(" not in "".join(element.attrib.values())


@each_language
def test_the_package_says_what_readers_sort_by(trees, lang, monkeypatch):
    package = trees(lang)["package.opf"]
    title = {"zh": "跑起来的梯度下降", "en": "Gradient Descent, Running"}[lang]
    assert [package.findtext(f".//{DC}{what}") for what in ("title", "language")] == [
        title,
        LANGUAGES[lang],
    ]
    identifiers = {
        one: trees(one)["package.opf"].findtext(f".//{DC}identifier") for one in LANGUAGES
    }
    assert len(set(identifiers.values())) == 2
    assert all(re.fullmatch(r"urn:uuid:[\da-f-]{36}", one) for one in identifiers.values())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    assert epub.modified() == "2009-02-13T23:31:30Z"
    [date] = package.xpath("//*[@property='dcterms:modified']/text()")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", date)


def test_another_run_gives_the_same_bytes(archives, tmp_path):
    """With another seed for the order of sets, and in another part of the world."""
    code = "import sys; from press import epub; epub.pack(epub.bind('en'), sys.argv[1])"
    env = {**os.environ, "PYTHONHASHSEED": "20", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-c", code, str(tmp_path / "en")]
    subprocess.run(command, cwd=ROOT, env=env, check=True)
    assert (tmp_path / "en").read_bytes() == archives("en").read_bytes()


# All that the pages have --------------------------------------------------------------------------


@each_language
def test_every_formula_is_there_as_mathml(trees, shown, lang):
    counted = 0
    for name in PAGES:
        written = shown(lang, name).xpath("//annotation/text()")
        formulas = list(trees(lang)[f"{name}.xhtml"].iter(f"{MATH}math"))
        assert Counter(written) == Counter(formula.get("alttext") for formula in formulas), name
        assert all(words(formula) for formula in formulas)
        counted += len(formulas)
    assert counted > 2000


@each_language
def test_every_figure_is_there_with_its_text_alternative(trees, shown, lang):
    counted = 0
    for name in PAGES:
        drawn = shown(lang, name).xpath("//svg[@class='figure']")
        images = list(trees(lang)[f"{name}.xhtml"].iter(f"{XHTML}img"))
        there = [(svg.get("aria-label"), svg.get("viewbox")) for svg in drawn]
        files = [normpath(join(dirname(name), image.get("src"))) for image in images]
        boxes = [trees(lang)[file].get("viewBox") for file in files]
        alts = [image.get("alt") for image in images]
        assert Counter(there) == Counter(zip(alts, boxes, strict=True)), name
        counted += len(files)
    assert counted > 100


@each_language
def test_a_figure_needs_nothing_outside_its_file(trees, lang):
    for name, tree in trees(lang).items():
        if name.endswith(".svg"):
            asked = {use.get(HREF) for use in tree.iter(f"{SVG}use")}
            asked |= {
                url for value in tree.xpath("//@*") for url in re.findall(r"url\(([^)]*)", value)
            }
            assert asked <= {f"#{place}" for place in tree.xpath("//@id")}, name


@each_language
def test_a_map_keeps_its_pixels_in_a_form_that_old_readers_show(trees, shown, lang):
    def maps(svgs, form):
        images = [image for svg in svgs for image in svg.iter(f"{SVG}image", "image")]
        data = [image.get(HREF) or image.get("xlink:href") for image in images]
        assert all(one.startswith(f"data:image/{form};base64,") for one in data)
        pictures = (Image.open(BytesIO(b64decode(one.partition(",")[2]))) for one in data)
        return Counter(picture.convert("RGBA").tobytes() for picture in pictures)

    drawn = [tree for name, tree in trees(lang).items() if name.endswith(".svg")]
    there = [svg for name in PAGES for svg in shown(lang, name).xpath("//svg[@class='figure']")]
    assert maps(drawn, "png") == maps(there, "webp")


COLORS = """
svg => [...svg.querySelectorAll("path, use, g, text, image")]
  .filter((element) => !element.closest("defs"))
  .map((element) => {
    const { fill, stroke } = getComputedStyle(element);
    return `${element.localName} ${fill} ${stroke}`;
  })
"""


@pytest.mark.parametrize("name", ["himmelblau", "stochastic"])
def test_a_figure_has_the_colors_of_the_page_by_day(visit, books, trees, tmp_path, name):
    """Himmelblau has a film, and a surface whose colours are mixed."""
    tab = visit(f"en/chapters/{name}.html", java_script_enabled=False)
    tab.evaluate("document.documentElement.dataset.theme = 'light'")
    figures = tab.locator("svg.figure:not(.narrow)")
    drawn = {
        figure.get_attribute("aria-label"): in_bytes(figure.evaluate(COLORS))
        for figure in figures.all()
    }
    for image in trees("en")[f"chapters/{name}.xhtml"].iter(f"{XHTML}img"):
        file = tmp_path / image.get("src").rpartition("/")[2]
        file.write_bytes(books("en")[f"figures/{file.name}"])
        tab.goto(file.as_uri())
        colors = in_bytes(tab.locator("svg").first.evaluate(COLORS))
        assert colors == pytest.approx(
            drawn.pop(image.get("alt")), abs=1
        )  # what is mixed is rounded
    assert drawn == {}


def in_bytes(elements):
    """Take the words and numbers of colours apart; a browser gives mixed ones as shares of one."""
    words = re.findall(r"[a-z]+|[\d.]+", " ".join(elements).replace("color(srgb", "srgb"))
    shares, numbers = 0, []
    for word in words:
        shares = 3 if word == "srgb" else shares
        if word[0].isdigit():
            numbers.append(float(word) * (255 if shares > 0 else 1))
            shares -= 1
        else:
            numbers.append({"srgb": "rgb"}.get(word, word))
    return numbers


@each_language
def test_every_word_and_every_line_of_code_is_there(trees, shown, lang):
    kinds = "self::p or self::pre or self::dt or self::th or self::td"
    counted = 0
    for name in PAGES:
        there = {words(one) for one in trees(lang)[f"{name}.xhtml"].iter(etree.Element)}
        for one in shown(lang, name).xpath(
            f"//article//*[{kinds}][not(.//math)][not(ancestor::summary)]"
        ):
            if not one.xpath("ancestor::*[contains(@class, 'front-words')]"):
                assert words(one) in there, name
                counted += 1
    assert counted > 1500


@each_language
def test_each_answer_stands_at_the_end_and_is_led_to_and_back_from(trees, shown, lang):
    """What it says is what the page says behind its button; it is named for its exercise."""
    answers = 0
    for name in PAGES:
        page = trees(lang)[f"{name}.xhtml"]
        told = [
            [words(p) for p in one.xpath(".//p[not(.//math)]")]
            for one in shown(lang, name).xpath("//details[not(contains(@class, 'rest'))]")
        ]
        places = page.xpath("//*[@id='answers']/*[@id]")
        assert len(places) == len(told)
        for place, paragraphs in zip(places, told, strict=True):
            assert {*paragraphs} <= {words(p) for p in place.iter(f"{XHTML}p")}
            [back] = place.xpath("*[local-name()='h3']/*")
            [asked] = page.xpath("//*[@id=$id]", id=back.get("href")[1:])
            assert [link.get("href") for link in asked] == [f"#{place.get('id')}"]
            if cards := place.xpath("*[local-name()='dl']/*[local-name()='dt']"):
                assert words(asked) == words(back)
                assert int(re.search(r"\d+", words(back))[0]) == len(cards)
            elif not asked.xpath("parent::*[@class='predict']"):
                exercise = asked.xpath("preceding::*[local-name()='strong']")
                number = re.compile(r"(?:练习|Exercise) \d+|想一想|Think")
                titles = [found[0] for one in exercise if (found := number.match(words(one)))]
                assert number.match(words(back))[0] == titles[-1]
        assert page.xpath("//*[@id='answers']/following::*") == []
        answers += len(places)
    assert answers > 100


@each_language
def test_letters_are_in_the_book_with_their_licences(books, trees, lang):
    faces = re.findall(r'src: url\("(.*?)"\)', books(lang)["epub.css"].decode())
    assert sorted(faces) == sorted(name for name in books(lang) if ".woff" in name)
    assert b"SIL OPEN FONT LICENSE" in books(lang)["fonts/LICENSE"]
    font = TTFont(BytesIO(books(lang)["fonts/STIXTwoMath-Regular.woff"]))
    assert "SIL Open Font License" in font["name"].getDebugName(13)
    needed = set()
    for tree in trees(lang).values():
        for one in tree.iter(f"{MATH}mi", f"{MATH}mo", f"{MATH}mn"):
            text = (one.text or "").strip()
            italic = one.tag == f"{MATH}mi" and len(text) == 1 and one.get("mathvariant") is None
            needed |= {italics(text)} if italic else {*text}
    assert sorted(letter for letter in needed if ord(letter) not in font.getBestCmap()) == []


def italics(letter):
    """Return the italic letter as which MathML shows one that stands alone (MathML Core, 4.2)."""
    for first, last, italic in ((65, 90, 0x1D434), (97, 122, 0x1D44E), (0x391, 0x3A9, 0x1D6E2)):
        if first <= ord(letter) <= last:
            return {"h": "\u210e"}.get(letter, chr(italic + ord(letter) - first))
    greek = "αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"
    return chr(0x1D6FC + greek.index(letter)) if letter in greek else letter


def test_each_book_is_in_its_own_language(trees):
    for lang, tag in LANGUAGES.items():
        pages = [tree for name, tree in trees(lang).items() if name.endswith(".xhtml")]
        assert all(page.get("lang") == tag for page in pages)
        chinese = sum(len(CHINESE.findall(words(page))) for page in pages)
        assert chinese > 20_000 if lang == "zh" else chinese < 2_000


def test_the_cover_shows_the_mark_and_the_relief(books):
    """The walkers' orange is above, in the mark, and below; the title's ink stands between."""
    cover = np.asarray(Image.open(BytesIO(books("en")["cover.png"])).convert("RGB")).astype(int)
    assert cover.shape == (1920, 1200, 3)
    red, green, blue = np.moveaxis(cover, -1, 0)
    orange, ink = (red > 180) & (green < 110) & (blue < 40), red + green + blue < 60
    rows = np.flatnonzero(orange.any(axis=1))
    assert rows.min() < 250 and rows.max() > 1000
    assert ink[260:660].mean() > 0.02 and ink[720:].mean() == 0
