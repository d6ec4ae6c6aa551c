"""Make e-books of the built book: `_build/epub/NAME-zh.epub` and `-en.epub`.

A page's article in `_build/html/` is well-formed XML, and so nearly a page of an EPUB 3. Here it
loses what needs a script, and the other language; each figure becomes an SVG file in the colours
of daylight, a formula is its MathML, and answers and solutions go to the chapter's end. The same
book gives the same bytes. `make check-epub` lets epubcheck read both.
"""

import os
import re
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_STORED, ZipFile

from jinja2 import Environment, FileSystemLoader
from lxml import etree
from lxml.builder import E
from PIL import Image

from gdcore.draw.style import COLORS, METHODS, PAGE, readable
from press.articles import HTML, articles
from press.ext.figures.pictures import MARK, TITLE, inside, painted, rendered
from press.ext.language.bilingual import LANGUAGES
from press.names import of_the_book
from press.pack import add

ROOT = Path(__file__).parents[1]
EPUB = ROOT / "_build" / "epub"
BOOK = of_the_book()
LETTERS = [*(ROOT / "_static" / "fonts").iterdir(), *(ROOT / "_templates" / "epub").glob("*.woff")]
TEMPLATES = Environment(loader=FileSystemLoader(ROOT / "_templates" / "epub"), autoescape=True)
COVER = 1200, 1920  # pixels
TYPES = {
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    "": "text/plain",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
}

WORDS = {
    "zh": {
        "contents": "目录",
        "accessible": "每张图都有文字说明，公式是 MathML。",
        "answers": "答案与解答",
        "exercise": "练习",
        "question": "问题 {}",
        "asked": "问题 {}，答案在本章末尾",
        "solved": "解答在本章末尾",
    },
    "en": {
        "contents": "Contents",
        "accessible": "Every figure has a text alternative, and formulas are MathML.",
        "answers": "Answers and solutions",
        "exercise": "Exercise",
        "question": "Question {}",
        "asked": "Question {}: the answer is at the end of the chapter",
        "solved": "The solution is at the end of the chapter",
    },
}

LEFT_OUT = "explorer.html", "review.html"  # which are nothing without their scripts
# What a page loses, by tag or by class, and the classes of spans that leave what is in them.
CONTROLS = {"button", "canvas", "form", "input", "output", "script", "select", "textarea"}
GONE = {"twin", "headerlink", "instrument", "player", "katex-html", "narrow", "only-dark"}
BARE = {"katex", "katex-mathml", "katex-display", "pre", "n", "nn", "p", "w"}
BUTTONS = "//*[contains(@class, 'front-words')]//p[last()] | //a[@class='chapter-card']/img"
# Letters in the colours of figures, as pages have them (css_variables of gdcore.draw.style).
LETTERED = {name: readable(one, COLORS["terrain1"], "#000000") for name, one in COLORS.items()}
SVG, MATH = (f"{{http://www.w3.org/{name}}}" for name in ("2000/svg", "1998/Math/MathML"))
HREF = "{http://www.w3.org/1999/xlink}href"


def bind(lang: str) -> dict[str, bytes]:
    """Return the files of an e-book by their names; its pages come in the order of the book."""
    words, pages = WORDS[lang] | BOOK[lang], articles(lang)
    for name in LEFT_OUT:
        del pages[name]
    about = {"words": words, "tag": LANGUAGES[lang]}
    files, drawings, entries, parts = {"cover.xhtml": b"", "nav.xhtml": b""}, {}, {}, []
    for name, article in pages.items():
        tree = etree.fromstring(article)
        letters = {path.get("id"): path for path in tree.iter(f"{SVG}path")}
        simplify(tree)
        drawings |= figures(tree, name, letters) | images(tree, name, lang)
        gather_answers(tree, words)
        if name == "index.html":
            parts = list(parts_of(tree))
        mend_links(tree, name, pages)
        entries[name] = title, *_ = entry(tree, name)
        body = etree.tostring(tree, encoding="unicode")
        files[xhtml(name)] = filled("page.xhtml", title=title, body=body, up=up(name), **about)
    about |= {"title": entries["index.html"][0], "colors": LETTERED}
    about["contents"] = [entries.pop("index.html")]
    about["contents"] += [
        (part, "", [entries.pop(name) for name in names]) for part, names in parts
    ]
    about["contents"] += entries.values()
    cover = f'<p class="cover"><img src="cover.png" alt="{about["title"]}"/></p>'
    files["cover.xhtml"] = filled("page.xhtml", body=cover, **about)
    files["nav.xhtml"] = filled("nav.xhtml", **about)
    about["spine"] = list(files)
    about["methods"] = sorted({look.color for look in METHODS.values()})
    files |= drawings | {"epub.css": filled("epub.css", **about)}
    files["cover.png"] = cover_of(drawings["figures/index-1.svg"].decode())
    files |= {f"fonts/{file.name}": file.read_bytes() for file in sorted(LETTERS)}
    about["manifest"] = {name: described(name, content) for name, content in files.items()}
    about["identifier"] = uuid5(NAMESPACE_URL, f"urn:{BOOK['name']}-running:{lang}")
    about["modified"] = modified()
    files["package.opf"] = filled("package.opf", **about)
    return {f"EPUB/{name}": content for name, content in files.items()}


def filled(template: str, **values: object) -> bytes:
    return TEMPLATES.get_template(template).render(values).encode()


# A page -------------------------------------------------------------------------------------------


def simplify(tree: etree._Element) -> None:
    """Take from a page the other language, what needs a script, and how its formulas look."""
    for element in tree.xpath(BUTTONS):
        element.tag = "gone"
    for element in list(tree.iter(etree.Element)):
        names = set(element.get("class", "").split())
        hidden = "hidden" in element.attrib or names >= {"disclosure", "code"}
        if element.tag in CONTROLS or names & GONE or hidden:
            element.tag = "gone"
        elif element.tag == "span" and names & BARE:
            element.tag = "bare"
        elif element.tag == f"{MATH}math":
            [[formula, source]] = element  # with its LaTeX
            element.set("alttext", source.text)
            element[:] = [formula]
        for attribute in [name for name in element.attrib if name.startswith("data-")]:
            del element.attrib[attribute]
        if tint := re.fullmatch(r"--tint: (\d+)%", element.get("style", "")):  # as book.css has it
            red, green, blue = bytes.fromhex(COLORS["blue"][1:])
            strength = f"{0.0036 * int(tint[1]):.3f}"
            element.set("style", f"background: rgba({red}, {green}, {blue}, {strength})")
    etree.strip_elements(tree, "gone", with_tail=False)
    etree.strip_tags(tree, "bare", etree.Comment)


def figures(tree: etree._Element, name: str, letters: dict) -> dict[str, bytes]:
    """Put pictures in place of a page's drawings, and return these as files."""
    files = {}
    for number, svg in enumerate(list(tree.iter(f"{SVG}svg")), start=1):
        if svg.get("class") != "figure":  # it is within another
            continue
        file = f"figures/{Path(name).stem}-{number}.svg"
        img = E.img(src=up(name) + file, alt=svg.get("aria-label"), style=svg.get("style"))
        img.tail, svg.tail = svg.tail, None
        svg.getparent().replace(svg, img)
        files[file] = drawing(svg, letters)
    return files


def drawing(svg: etree._Element, letters: dict) -> bytes:
    """Return a drawing that stands alone, with the letters that others on its page have drawn."""
    for attribute in ("class", "role", "aria-label", "style"):
        svg.attrib.pop(attribute, None)
    for group in svg.iterfind(f".//{SVG}g[@class='letters']"):
        color = re.sub(r"var\(--figure-(\w+)\)", lambda c: LETTERED[c[1]], group.get("style"))
        group.set("style", color)
    own = {element.get("id") for element in svg.iter()}
    asked = {use.get(HREF).removeprefix("#") for use in svg.iter(f"{SVG}use")}
    shared = etree.Element(f"{SVG}defs")
    shared.extend(deepcopy(letters[name]) for name in sorted(asked - own))
    for image in svg.iter(f"{SVG}image"):
        image.set(HREF, in_png(image.get(HREF)))
    ground = etree.Element(f"{SVG}rect", width="100%", height="100%", fill=PAGE["ground"][0])
    svg[:0] = ground, shared
    return painted(etree.tostring(svg, encoding="unicode"), "light").encode()


def in_png(picture: str) -> str:
    """Return a picture given as data, which pages have as WebP, as readers of any age know it."""
    file = BytesIO()
    Image.open(BytesIO(b64decode(picture.partition(",")[2]))).save(file, "png", optimize=True)
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"


def images(tree: etree._Element, name: str, lang: str) -> dict[str, bytes]:
    """Return the files of the pictures that no cell has drawn."""
    sources = [urljoin(name, img.get("src")) for img in tree.iter("img")]
    return {file: (HTML / lang / file).read_bytes() for file in sources if file[:8] != "figures/"}


def gather_answers(tree: etree._Element, words: dict[str, str]) -> None:
    """Move what a page shows on demand to its end, with links there and back."""
    for rest in tree.xpath("//details[contains(@class, 'rest')]"):  # of a long output
        rest.tag = "div"
        rest.remove(rest.find("summary"))
    section, questions = E.section(E.h2(words["answers"]), id="answers"), 0
    for number, details in enumerate(tree.xpath("//details[not(ancestor::details)]"), start=1):
        summary = details.find("summary")
        details.remove(summary)
        if "recall" in details.get("class").split():
            label = ahead = text_of(summary)
        elif "answer" in details.get("class").split():
            questions += 1
            label, ahead = words["question"].format(questions), words["asked"].format(questions)
        else:
            own = details.xpath("parent::*[@class='exercise']/descendant::strong")[:1]
            exercises = own or details.xpath(
                "preceding::strong[starts-with(., $word)]", word=words["exercise"]
            )
            label, ahead = text_of(exercises[-1]).rstrip("."), words["solved"]
            if "hint" in details.get("class").split():
                ahead = text_of(summary)
                label = f"{label} · {ahead}"
        link = E.p(E.a(ahead, href=f"#answer-{number}"), {"class": "ahead"}, id=f"asked-{number}")
        link.tail, details.tail = details.tail, None
        details.getparent().replace(details, link)
        title = E.h3(E.a(label, href=f"#asked-{number}"))
        section.append(E.div(title, *details, id=f"answer-{number}"))
    if len(section) > 1:
        tree.find("section").append(section)


def mend_links(tree: etree._Element, name: str, pages: dict[str, str]) -> None:
    """Let links lead to the e-book's pages; one to another of the book's is words alone."""
    for link in tree.iter("a"):
        url = urlsplit(link.get("href"))
        if url.netloc or not url.path:
            continue
        if urljoin(name, url.path) in pages:
            link.set("href", url._replace(path=xhtml(url.path)).geturl())
        else:
            link.tag = "bare"
    etree.strip_tags(tree, "bare")


def xhtml(name: str) -> str:
    return f"{name.removesuffix('.html')}.xhtml"


def up(name: str) -> str:
    return "../" * name.count("/")


def text_of(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


# The book -----------------------------------------------------------------------------------------


def entry(tree: etree._Element, name: str) -> tuple[str, str, list]:
    """Return a page's entry in the contents: its title, its address, and its sections' entries."""
    sections = [
        (text_of(title), f"{xhtml(name)}#{title.getparent().get('id')}", [])
        for title in tree.iterfind("section/section/h2")
        if not title.xpath("..//a[@class='chapter-card']")  # a part's chapters have their own
    ]
    return text_of(tree.find("section/h1")), xhtml(name), sections


def parts_of(front: etree._Element) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of the book, with the names of their chapters, as the front page has them."""
    for section in front.iterfind("section/section"):
        if cards := section.xpath(".//a[@class='chapter-card']/@href"):
            yield text_of(section.find("h2")), cards


def cover_of(relief: str) -> bytes:
    """Return the cover as a PNG: the title in both languages, below it the front page's relief."""
    width, height = COVER
    top = height - width  # a square is left for the relief, which shows its middle there
    ground = f'<rect width="{width}" height="{top}" fill="{PAGE["ground"][0]}"/>'
    title = inside(MARK, 100, 100, 130, 130) + inside(TITLE, 100, 260, 436, 396)
    return rendered(inside(relief, 0, top, width, width) + ground + title, width, height)


def described(name: str, content: bytes) -> tuple[str, str]:
    """Return a file's media type, and what readers must know of it."""
    special = {"nav.xhtml": "nav", "cover.png": "cover-image"}.get(name, "")
    return TYPES[Path(name).suffix], "mathml" if b"<math " in content else special


def modified() -> str:
    """Return the date of the sources: $SOURCE_DATE_EPOCH, or of the last commit, or 1980."""
    commit = ["git", "log", "-1", "--format=%ct"]
    seconds = (
        os.environ.get("SOURCE_DATE_EPOCH")
        or subprocess.run(commit, cwd=ROOT, capture_output=True, text=True).stdout
    )
    return datetime.fromtimestamp(int(seconds or 315532800), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def pack(files: dict[str, bytes], archive: Path) -> None:
    """Pack an e-book's files: first what it is, so that its first bytes tell."""
    with ZipFile(archive, "w") as packed:
        add(packed, "mimetype", b"application/epub+zip", ZIP_STORED)
        add(packed, "META-INF/container.xml", filled("container.xml"))
        for name, content in files.items():
            add(packed, name, content)


def main() -> None:
    EPUB.mkdir(parents=True, exist_ok=True)
    for lang in LANGUAGES:
        archive = EPUB / f"{BOOK['name']}-{lang}.epub"
        pack(bind(lang), archive)
        print(f"Bound {archive}, {archive.stat().st_size / 1e6:.1f} MB")
