"""Building: fresh numbers after an edit, one run for both languages, and nothing lost by a failure.

What builds may be spoiled by from outside is in test_robust.py.
"""

import os
import re
import subprocess
from contextlib import suppress

import pytest

from press import proofread
from press.new import CHAPTER
from tests.support.book import ROOT
from tests.support.small_book import DRAWING, SmallBook
from tests.support.tiers import few


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    book = SmallBook(tmp_path_factory.mktemp("built") / "book")
    book.sources = {p.relative_to(book.folder).as_posix() for p in book.folder.rglob("*")}
    code, said = book.build()
    assert code == 0, said
    book.said = said
    return book


@pytest.fixture
def book(built):
    with built.restored():
        yield built


def ran(said):
    """The chapters whose cells have run."""
    cells = "".join(re.findall(r"^cells: .*", said, re.M))
    return sorted(re.findall(r"(\w+) \d+\.\d s", cells))


def test_both_languages_are_built_from_one_execution(built):
    assert ran(built.said) == ["roots", "small"]
    for lang in ("zh", "en"):
        assert "epoch 10, x: 0.06046617599999997" in built.page(lang)
    assert (built.folder / "_build" / "html" / "index.html").exists()
    assert "The book is ready" in built.said


def test_a_build_says_line_by_line_what_it_has_done(built):
    said = built.said.splitlines()
    for n, line in zip((1, 2), said, strict=False):
        assert re.fullmatch(rf"cells: {n} of 2 chapters \((roots|small) \d+\.\d s\)", line)
    pages = [
        f"pages: {lang}, {doing}" for lang in ("en", "zh") for doing in ("reading 3", "writing")
    ]
    assert sorted(said[2:-1]) == pages
    assert "\r" not in built.said and "\x1b" not in built.said


@pytest.mark.slow
def test_on_a_terminal_a_build_says_it_in_one_line(book, tmp_path):
    go_on = tmp_path / "go on"
    os.mkfifo(go_on)
    book.edit("chapters/small.md", "print(", f"open({str(go_on)!r}).read(); print(1 / 0); print(")
    ours, its = os.openpty()
    process = book.start(stdout=its)
    os.close(its)
    said = b""
    with suppress(OSError):  # at its end, on Linux
        while some := os.read(ours, 4096):
            said += some
            if go_on.exists() and said.count(b"running: small") > 3:
                go_on.write_text("now")
                go_on.unlink()
    os.close(ours)
    assert process.wait() == 1
    first, *rest = said.decode().replace("\r\n", "\n").split("\n")
    live, last = first.split("\r\x1b[K")[1:-1], first.split("\r\x1b[K")[-1]
    running = re.compile(r"cells: 0 of 1 chapters; running: small (\d+\.\d) s")
    times = [running.fullmatch(line) for line in live[:-1]]
    assert len(times) > 3 and all(times), live
    assert sorted(float(time[1]) for time in times) == [float(time[1]) for time in times]
    assert re.fullmatch(r"cells: 1 of 1 chapters \(small \d+\.\d s\)", live[-1])
    assert "small.md:13: WARNING: cell 1" in last and "The last good book" in "".join(rest)


def test_a_second_build_executes_nothing(book):
    book.build()
    before = book.files()
    code, said = book.build()
    assert code == 0 and ran(said) == []
    assert book.files() == before


@pytest.mark.slow
def test_a_change_in_gdcore_changes_the_page(book):
    book.edit(
        "gdcore/optimizers.py", "-self.learning_rate * grad", "-0.5 * self.learning_rate * grad"
    )
    code, said = book.build()
    assert code == 0 and ran(said) == ["roots", "small"], said
    for lang, text in (("zh", "最后的"), ("en", "The final")):
        assert "epoch 10, x: 1.0737418240000003" in book.page(lang)  # 10 · 0.8¹⁰
        assert "0.0604" not in book.page(lang)
        assert re.search(rf"{text}.*1\.074", book.page(lang))


@pytest.mark.slow
def test_a_change_of_the_locked_packages_runs_the_cells_again(book):
    with (book.folder / "requirements.lock").open("a") as lock:
        lock.write("# numpy moved\n")
    assert ran(book.build()[1]) == ["roots", "small"]


@pytest.mark.slow
def test_a_change_of_the_prose_alone_executes_nothing(book):
    book.build()
    book.edit("chapters/small.md", "最后的", "末了的")
    code, said = book.build()
    assert code == 0 and ran(said) == []
    assert "末了的" in book.page("zh")


@pytest.mark.slow
def test_a_caption_changes_without_a_run(book):
    text = book.chapter.read_text(encoding="utf-8")
    book.chapter.write_text(f"{text}\n{DRAWING}", encoding="utf-8")
    code, said = book.build()
    assert code == 0 and ran(said) == ["small"], said
    book.edit("chapters/small.md", "A line`", "The line`")
    code, said = book.build()
    assert code == 0 and ran(said) == [], said
    assert "The line" in book.page("en") and "a line" in book.page("en")
    book.edit("chapters/small.md", "plot([1, 2])", "plot([2, 1])")
    assert ran(book.build()[1]) == ["small"]


@pytest.mark.slow
def test_a_change_of_an_extension_changes_the_pages(book):
    book.build()
    book.edit("press/ext/language/bilingual.py", 'classes=["lang"]', 'classes=["lang", "tongue"]')
    code, said = book.build()
    assert code == 0 and ran(said) == []
    assert "tongue" in book.page("zh") and "tongue" in book.page("en")


@pytest.mark.slow
def test_a_chapter_needs_no_front_matter(book):
    book.build()
    before = book.page("en")
    book.edit("chapters/small.md", FRONT, "")
    code, said = book.build()
    assert code == 0 and ran(said) == [], said
    assert book.page("en") == before


@pytest.mark.slow
def test_a_page_goes_with_its_source(book):
    extra = book.folder / "chapters" / "extra.md"
    extra.write_text("(extra)=\n# {zh}`附录` {en}`Extra`\n", encoding="utf-8")
    book.edit("index.md", "chapters/small\n", "chapters/small\nchapters/extra\n")
    code, said = book.build()
    assert code == 0, said
    pages = [
        book.folder / "_build" / "html" / lang / "chapters/extra.html" for lang in ("zh", "en")
    ]
    assert all(page.exists() for page in pages)
    extra.unlink()
    book.edit("index.md", "chapters/extra\n", "")
    code, said = book.build()
    assert code == 0, said
    assert not any(page.exists() for page in pages)
    assert "jupyter_execute" not in {path.parts[0] for path in book.files()}


@pytest.mark.slow
def test_a_change_of_the_interfaces_words_changes_the_pages(book):
    catalogue = "locale/zh_CN/LC_MESSAGES/sphinx.po"
    book.build()
    assert 'title="显示或收起全书目录"' in book.page("zh")
    before = (book.folder / catalogue).read_bytes()
    book.edit(catalogue, "显示或收起全书目录", "开关目录")
    code, said = book.build()
    (book.folder / catalogue).write_bytes(before)
    assert code == 0, said
    assert 'title="开关目录"' in book.page("zh")


STYLE = "from gdcore import draw; draw.use_book_style()\n"
ALT = '  image:\n    alt: "{zh}`一条线` {en}`a line`"\n'
assert STYLE in DRAWING and ALT in DRAWING
FAILURES = {
    "an error in a cell": (
        "chapters/small.md",
        'print("epoch',
        'print(undefined, "epoch',
        r"small\.md:13: .*cell 1, which begins with `from gdcore.*NameError: name 'undefined'",
    ),
    "a failed assertion": (
        "chapters/small.md",
        'glue("x", x)',
        "assert x > 1",
        r"small\.md:\d+: .*cell 2, .*failed: AssertionError",
    ),
    "a warning in a cell": (
        "chapters/small.md",
        'glue("x", x)',
        'glue("x", x); import warnings; warnings.warn("mind the gap")',
        r"small\.md:\d+: .*cell 2, .*warned: .*UserWarning: mind the gap",
    ),
    "a cell that runs too long": (
        "chapters/small.md",
        'glue("x", x)',
        "while True: pass",
        r"small\.md:\d+: .*cell 2, .*failed: it ran longer than conf\.py allows, 6 s",
    ),
    "a crashed kernel": (
        "chapters/small.md",
        'glue("x", x)',
        "import os; os._exit(1)",
        r"small\.md:\d+: .*cell 2, .*failed: it ended the Python process",
    ),
    "a cell that is left open": (
        "chapters/small.md",
        "\n```\n\n:::{zh}",
        "\n\n:::{zh}",
        r"small\.md:\d+: .*```\{code-cell\} is never closed",
    ),
    "a cell that is left open at the end": (
        "index.md",
        "A book.\n:::",
        "A book.\n:::\n\n```{code-cell} python\nx = 1",
        r"index\.md:\d+: .*```\{code-cell\} is not closed before ```\{toctree\}",
    ),
    "twins that differ": (
        "chapters/small.md",
        "The final $x$",
        "The final $y$",
        r"small\.md:\d+: .*the twins differ in mathematics",
    ),
    "a figure that is no SVG": (
        "chapters/small.md",
        "\n:::{zh}\n最后的",
        DRAWING.replace(STYLE, "") + "\n:::{zh}\n最后的",
        r"small\.md:\d+: .*cell 3, .*draws a figure that is no SVG; call use_book_style\(\) first",
    ),
    "a figure that the blind cannot read": (
        "chapters/small.md",
        "\n:::{zh}\n最后的",
        DRAWING.replace(ALT, "") + "\n:::{zh}\n最后的",
        r"small\.md:\d+: .*the figure of cell 3 has no alt; write in its header mystnb:",
    ),
    "a reference to nothing": (
        "index.md",
        "A book.",
        "A book, {ref}`nowhere`.",
        r"index\.md:\d+: .*undefined label: 'nowhere'; write a label",
    ),
    "a broken gdcore": (
        "gdcore/descent.py",
        "step, state = optimizer.update(g, state, x)",
        "step, state = optimizer.upgrade(g, state, x)",
        r"small\.md:12: .*cell 1, .*AttributeError",
    ),
}


@pytest.mark.parametrize("failure", few(FAILURES, "twins that differ"))
def test_a_failure_is_explained_and_loses_nothing(book, failure):
    file, old, new, says = FAILURES[failure]
    assert (book.folder / "_build" / "html" / "index.html").exists()
    before = book.files()
    if failure == "a cell that runs too long":  # the others may take as long as the machine needs
        book.edit("conf.py", "nb_execution_timeout = 120", "nb_execution_timeout = 6")
    book.edit(file, old, new)
    for attempt in ("first", "second"):  # a failure must not pass by being tried again
        code, said = book.build()
        assert code != 0, attempt
        assert re.search(says, said) and "Traceback" not in said, said
        assert "The last good book is still at" in said
        assert book.files() == before


# Mistakes that authors make: what stands in the small chapter's place of it, or at its end, and how
# the first line of what the build says begins.

CELL_OF = "```{{code-cell}} python\n{}\n```\n".format
PAIR = ":::{{zh}}\n{}\n:::\n\n:::{{en}}\n{}\n:::\n".format
FRONT = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
TITLE = "(small)=\n# {zh}`小章` {en}`Small chapter`\n"
CAPTION = '    caption: "{zh}`线` {en}`A line`"\n'
HEADER = DRAWING.strip().split("---\n")[1]
END = CHAPTER.count("\n") + 2  # the line on which what is added begins
NO_FIGURE = "write in its header mystnb: figure: name: …, caption: …, and image: alt:"
UNEXPECTED = (  # MyST-NB says it, and the book what to do
    "Found an unexpected `code-cell` or `raw-cell` directive. Either this file was not converted "
    "to a notebook, because Jupytext header content was missing, or the `code-cell` was not "
    "converted, because it is nested. See https://myst-nb.readthedocs.io/en/latest/authoring/"
    "text-notebooks.html for more information; let the cell begin at the margin, in no list, and "
    "write ```{code-cell}"
)
NO_TITLE = "this page has no title; begin a page with (some-label)="


def added(text):
    return f"{CHAPTER}\n{text}".encode()


def changed(old, new):
    assert old in CHAPTER
    return CHAPTER.replace(old, new).encode()


MISTAKES = {  # what becomes of the chapter, the line, and what is said of it
    # the file
    "a byte of Latin-1": (
        changed("The final", "Th\0").replace(b"\0", b"\xe9"),
        28,
        "byte 3 of this line, 0xe9, is not UTF-8; save",
    ),
    "GBK": (CHAPTER.encode("gbk"), 7, "byte 10 of this line, 0xd5, is not UTF-8; save the file as"),
    "UTF-16": (CHAPTER.encode("utf-16-le"), None, "is not UTF-8; save the file as UTF-8"),
    "nothing": (b"", 1, NO_TITLE),
    "blank lines": (b"\n\n", 1, NO_TITLE),
    "a comment": (b"% later\n", 1, NO_TITLE),
    "no title": (FRONT.encode(), 1, NO_TITLE),
    "two titles": (added("(b)=\n# {zh}`乙` {en}`B`\n"), END + 1, "the title is on line 7; begin"),
    "text above the title": (
        changed("(small)=", PAIR("一", "one") + "\n(small)="),
        6,
        "this stands above the page's title; begin",
    ),
    # the front matter
    "front matter without an end": (
        changed("python3\n---", "python3\n"),
        1,
        "the front matter is never closed; write --- below",
    ),
    "front matter that is no YAML": (
        changed("mystnb\n", "mystnb: x\n"),
        2,
        "the front matter is no YAML here, column 20: mapping values are not allowed here; write "
        "“key: value”",
    ),
    "a tab in the front matter": (
        changed("  name", "\tname"),
        4,
        "the front matter is no YAML here, column 1: found character '\\t'",
    ),
    # headers of cells
    "a header that is no YAML": (
        added(DRAWING.replace('"{zh}`线` {en}`A line`"', "{zh}`线` {en}`A`")),
        END + 6,
        "the header of cell 3 is no YAML here, column 18: found character '`'",
    ),
    "a tab in a header": (
        added(DRAWING.replace("    name", "\tname")),
        END + 5,
        "the header of cell 3 is no YAML here, column 1: found character '\\t'",
    ),
    "a header without an end": (
        added(DRAWING.replace("---\nfrom", "from")),
        END + 2,
        "the header of cell 3 is never closed; write ---",
    ),
    "an open bracket": (
        added(CELL_OF(":tags: [hide-cell\nx = 1")),
        END + 1,
        "the header of cell 3 is no YAML here, column 7: expected ',' or ']'",
    ),
    "a header that is a list": (
        added(CELL_OF("---\n- a\n---\nx = 1")),
        END + 2,
        "the header of cell 3 is a list; write “key: value”",
    ),
    "a misspelt option": (
        added(CELL_OF(":tag: [hide-cell]\nx = 1")),
        END,
        "cell 3 has the option “tag”, which means nothing here; write tags",
    ),
    "a misspelt tag": (
        changed("remove-cell", "remove-cel"),
        16,
        "cell 2 has the tag “remove-cel”, which means nothing here; write remove-cell",
    ),
    "tags that are no list": (
        changed("[remove-cell]", "remove-cell"),
        16,
        "the tags of cell 2 are 'remove-cell'; write a list: [remove-cell]",
    ),
    # figures
    "no name": (
        added(DRAWING.replace("    name: fig-line\n", "")),
        END + 1,
        f"the figure of cell 3 has no name; {NO_FIGURE}",
    ),
    "no caption": (
        added(DRAWING.replace(CAPTION, "")),
        END + 1,
        f"the figure of cell 3 has no caption; {NO_FIGURE}",
    ),
    "neither": (
        added(DRAWING.replace(HEADER, "mystnb:\n" + ALT)),
        END + 1,
        f"the figure of cell 3 has no name and no caption; {NO_FIGURE}",
    ),
    "no alt text": (
        added(DRAWING.replace(ALT, "")),
        END + 1,
        f"the figure of cell 3 has no alt; {NO_FIGURE}",
    ),
    "an alt text in one language": (
        added(DRAWING.replace(" {en}`a line`", "")),
        END + 1,
        "the alt text of cell 3 is not in both languages",
    ),
    "no header": (
        added(DRAWING.replace(f"---\n{HEADER}---\n", "")),
        END + 2,
        "cell 3, which begins with `from gdcore import draw; draw.use_book_style()`, "
        "draws a figure that has no name, caption and alt text; write",
    ),
    "two figures": (
        added(DRAWING.replace("_ = ", "plt.plot([2, 1]); plt.show()\n_ = ")),
        None,
        "draws 2 figures; let each have a cell of its own",
    ),
    "an image that is missing": (
        added(PAIR("![一](no.png)", "![a](no.png)")),
        END + 1,
        "image file not readable: chapters/no.png; put the file there, or mend its path",
    ),
    "a figure that is missing": (
        added('```{figure} no.png\n:alt: "{zh}`一` {en}`a`"\n{zh}`点` {en}`Dot`\n```\n'),
        END,
        "image file not readable: chapters/no.png; put the file there",
    ),
    "an image without alt text": (
        added(PAIR("![](no.png)", "![](no.png)")),
        END + 1,
        "the image no.png has no alt text in both languages; write {figure}",
    ),
    "an image in no language": (
        added("![a](no.png)\n"),
        END,
        "the image no.png has no alt text in both languages; write {figure}",
    ),
    # blocks
    "a cell without an end": (
        changed("x)\n```\n\n:::", "x)\n\n:::"),
        16,
        "```{code-cell} is never closed; write ``` below its last line",
    ),
    "a cell in a list": (
        added("- a\n\n  ```{code-cell} python\n  y = 1\n  ```\n"),
        END + 2,
        UNEXPECTED,
    ),
    "a space before a cell's name": (
        added("``` {code-cell} python\ny = 1\n```\n"),
        END,
        UNEXPECTED,
    ),
    "unbalanced colons": (
        added(PAIR("一", "one").replace(":::{en}", "::::{en}")),
        END + 6,
        "this ::: closes nothing, for ::::{en} of line 35 needs ::::; a block",
    ),
    "an unknown directive": (
        added(":::{nose}\nx\n:::\n"),
        END,
        "Unknown directive type: 'nose'; mend its name",
    ),
    "an unknown role": (
        added("An {nrole}`x`.\n"),
        END,
        'Unknown interpreted text role "nrole"; mend its name',
    ),
    "a missing twin": (
        added(":::{zh}\n一\n:::\n"),
        END,
        "this Chinese block has no English twin directly after it; write",
    ),
    "a heading in a block": (
        added(PAIR("## 乙", "## B")),
        END + 1,
        "a heading stands inside this {zh} block; close it first",
    ),
    "Chinese in no block": (
        added("一二三\n"),
        END,
        "“一二三” stands in no language; write {zh}`…` {en}`…`, or a block",
    ),
    "a heading without a label": (
        added("## {zh}`乙` {en}`B`\n"),
        END,
        'the heading "乙 / B" has no label; write (some-label)= before it',
    ),
    "a heading too deep": (
        added("(b)=\n#### {zh}`乙` {en}`B`\n"),
        END + 1,
        "Non-consecutive header level increase; H1 to H4; begin it with one #",
    ),
    "a label that stands twice": (
        added("(small)=\n## {zh}`乙` {en}`B`\n"),
        END,
        'Duplicate explicit target name: "small"; each label',
    ),
    "a table that is none": (
        added(":::{table} {zh}`表` {en}`T`\nx\n:::\n"),
        END,
        'Error parsing content block for the "table" directive: exactly one table expected; '
        "write the table",
    ),
    # formulas, links and values
    "a formula that is none": (added("Is $\\frac{1$ so?\n"), END, "KaTeX parse error: "),
    "a formula without an end": (
        added("Is $x so?\n"),
        END,
        "a $ opens or ends no formula; close it in this paragraph, or write \\$",
    ),
    "an equation without an end": (added("$$\nx\n\nMore.\n"), END, "a $ opens or ends no formula"),
    "an equation's label that stands twice": (
        added("$$\nx\n$$ (a)\n\n$$\ny\n$$ (a)\n"),
        END + 4,
        "duplicate label of equation a, other instance in chapters/small; give each",
    ),
    "a link to nothing": (
        added("See [x][nowhere].\n"),
        END,
        "“[…][name]” is no link; write [name]: address below, or mend",
    ),
    "a link to no page": (
        added("See [x](nowhere.md).\n"),
        END,
        "'myst' cross-reference target not found: 'nowhere.md'; write a label, or",
    ),
    "a reference to no figure": (
        added("See {numref}`Figure %s <fig-no>`.\n"),
        END,
        "undefined label: 'fig-no'; write a label that stands before",
    ),
    "a reference to no equation": (
        added("See {eq}`no`.\n"),
        END,
        "equation not found: no; write the label that stands behind",
    ),
    "a work that is not listed": (
        added("See {cite}`nobody1999`.\n"),
        END,
        'could not find bibtex key "nobody1999"; write a key of references.bib',
    ),
    "a term that is not explained": (
        added(PAIR("{term}`甲`", "{term}`A`")),
        END + 1,
        "term not in glossary: '甲'; write a word of glossary.md",
    ),
    "a footnote that is not there": (
        added("One[^a]\n"),
        END,
        "Too many autonumbered footnote references: only 0 corresponding footnote available; "
        "write the footnote",
    ),
    "a value that no cell gives": (
        changed("`x:.3f`", "`xx:.3f`"),
        24,
        "No key 'xx' found in glue data for this document. (use `path::key`, to glue from "
        "another document); a cell of this page has to say glue(",
    ),
    "a card without a picture": (
        changed("mystnb\n", "mystnb\ncard: fig-no\n"),
        1,
        'no figure is named "fig-no"; see its front matter: card',
    ),
    # what cells do
    "an error below a cell's first line": (
        added(CELL_OF("y = 1\nassert y == 2")),
        END + 2,
        "cell 3, which begins with `y = 1`, failed: AssertionError",
    ),
    "no Python": (
        added(CELL_OF("y = 1\nz = = 2")),
        END + 2,
        "cell 3, which begins with `y = 1`, failed: SyntaxError: invalid syntax",
    ),
    "a tab between spaces": (
        added(CELL_OF("if x:\n    y = 1\n\tz = 2")),
        END + 3,
        "cell 3, which begins with `if x:`, failed: TabError: inconsistent",
    ),
    "many warnings": (
        added(CELL_OF("import warnings\nfor i in range(30):\n    warnings.warn(f'no {i}')")),
        END + 3,
        "cell 3, which begins with `import warnings`, warned: UserWarning: no 0",
    ),
    "a long error": (
        added(CELL_OF("raise ValueError('a\\n' * 50)")),
        END + 1,
        "cell 3, which begins with `raise ValueError('a\\n' * 50)`, failed: ValueError: a",
    ),
    "words to stderr": (
        added(CELL_OF("import sys; print('oh', file=sys.stderr)")),
        END + 1,
        "cell 3, which begins with `import sys; print('oh', file=sys.stderr)`, warned: oh",
    ),
    "an exit": (
        added(CELL_OF("import sys; sys.exit(1)")),
        END + 1,
        "cell 3, which begins with `import sys; sys.exit(1)`, failed: SystemExit: 1",
    ),
    "a question": (
        added(CELL_OF("input('name?')")),
        END + 1,
        "cell 3, which begins with `input('name?')`, failed: it asks for input, and nobody is "
        "there; write the value",
    ),
    "no end of recursion": (
        added(CELL_OF("def f(): return f()\nf()")),
        None,
        "failed: RecursionError: maximum recursion depth exceeded",
    ),
    "a module that is not there": (
        added(CELL_OF("import nosuch")),
        END + 1,
        "cell 3, which begins with `import nosuch`, failed: ModuleNotFoundError: No module named "
        "'nosuch'",
    ),
    "no time left": (
        added(CELL_OF("while True: pass")),
        END + 1,
        "cell 3, which begins with `while True: pass`, failed: it ran longer than conf.py "
        "allows, 5 s (nb_execution_timeout)",
    ),
}
BROKEN_BOOKS = {  # mistakes in other files: the file, what stands there, what is written instead
    "a work without a comma": (
        "references.bib",
        "% A work",
        "@book{cauchy1847,\n  author = {A. Cauchy}\n  title = {Analyse},\n}\n% A work",
        r"references\.bib:\d+: WARNING: the bibliography cannot be read here: .* expected; an "
        r"entry is",
    ),
    "a library that is no Python": (
        "gdcore/noise.py",
        "import",
        "import import",
        r"gdcore/noise\.py:\d+: WARNING: SyntaxError: invalid syntax \(noise\.py, line \d+\); mend",
    ),
    "a library that cannot be imported": (
        "gdcore/descent.py",
        "import numpy as np",
        "import numpy as np\n\nDEFAULT = undefined",
        r"gdcore/descent\.py:\d+: WARNING: NameError: name 'undefined' is not defined; mend that",
    ),
    "settings that are no Python": (
        "conf.py",
        "numfig = True",
        "numfig = = True",
        r"conf\.py:\d+: WARNING: SyntaxError: invalid syntax \(conf\.py, line \d+\); mend that",
    ),
    "settings that raise": (
        "conf.py",
        "numfig = True",
        "numfig = Tru",
        r"conf\.py:\d+: WARNING: NameError: name 'Tru' is not defined; mend that line",
    ),
    "an extension that is not there": (
        "conf.py",
        '"sphinx_design"',
        '"sphinx_desing"',
        r"conf\.py:\d+: WARNING: No module named 'sphinx_desing', for the extension sphinx_desing",
    ),
    "a page that is not there": (
        "index.md",
        "chapters/small\n",
        "chapters/small\nchapters/no\n",
        r"index\.md:12: WARNING: toctree contains reference to nonexisting document "
        r"'chapters/no'; mend the name, or write that page",
    ),
    "a page that no other names": (
        "index.md",
        "chapters/small\n",
        "",
        r"chapters/small\.md:1: WARNING: document isn't included in any toctree; name it in",
    ),
}


TYPICAL = (  # in every `make test`: said by the proofreader, by Sphinx, and of a cell
    "front matter that is no YAML",
    "a link to nothing",
    "no Python",
)


def said_first(book):
    """Build a book with a mistake; return what is said, one message, and the book still there."""
    before = book.files()
    code, said = book.build()
    assert code == 1 and "Traceback" not in said, said
    lines = [
        line for line in said.splitlines() if line and not line.startswith(("cells: ", "pages: "))
    ]
    assert "The last good book is still at" in lines[-1]
    assert len(lines) <= 7, said  # six, and that one
    assert book.files() == before
    return lines[0].replace(f"{book.folder}/", "")


def test_what_the_proofreader_sees_is_one_message_with_its_line(tmp_path):
    page, seen = tmp_path / "small.md", []
    for mistake, (content, line, says) in MISTAKES.items():
        page.write_bytes(content)
        for _, its_line, said in proofread.troubles([page]):
            assert says in said if line is None else said.startswith(says), said
            assert line in (None, its_line), mistake
            seen.append(mistake)
    assert len(seen) == len(set(seen)) >= 27


@pytest.mark.parametrize("mistake", few(MISTAKES, *TYPICAL))
def test_a_mistake_of_an_author_is_one_message_with_its_line(book, mistake):
    content, line, says = MISTAKES[mistake]
    if mistake == "no time left":  # the others may take as long as the machine needs
        book.edit("conf.py", "nb_execution_timeout = 120", "nb_execution_timeout = 5")
    book.chapter.write_bytes(content)
    said = said_first(book)
    if line is None:
        assert re.match(r"chapters/small\.md:\d+: WARNING: ", said) and says in said
    else:
        begins = re.match(r"chapters/small\.md:(\d+): (?:WARNING|ERROR): (.*)", said)
        assert begins and int(begins[1]) == line and begins[2].startswith(says), said


@pytest.mark.parametrize("mistake", few(BROKEN_BOOKS, "a work without a comma"))
def test_a_mistake_elsewhere_is_one_message_with_its_line(book, mistake):
    file, old, new, says = BROKEN_BOOKS[mistake]
    path = book.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert re.match(says, said_first(book))


@pytest.mark.slow
def test_a_byte_order_mark_and_old_ends_of_lines_do_no_harm(book):
    book.edit("chapters/small.md", "print(", "print(1, ")  # so that its cells must run
    text = book.chapter.read_text(encoding="utf-8").replace("\n", "\r\n")
    book.chapter.write_bytes(b"\xef\xbb\xbf" + text.encode())
    code, said = book.build()
    assert code == 0, said
    assert "1 epoch 10, x:" in book.page("en")


@pytest.mark.slow
def test_after_a_failure_is_mended_the_book_is_built_again(book):
    book.edit("chapters/small.md", "The final", "The last")
    code, said = book.build()
    assert code == 0, said
    assert "The last" in book.page("en")


def test_git_need_not_be_told_of_what_a_build_makes(book):
    files = [path for path in book.folder.rglob("*") if path.is_file()]
    made = {path.relative_to(book.folder).as_posix() for path in files} - book.sources
    assert {"_build/html/index.html", "locale/zh_CN/LC_MESSAGES/sphinx.mo"} <= made
    run = subprocess.run(["git", "check-ignore", "--no-index", "--stdin"], cwd=ROOT, text=True,
                         input="\n".join(made), stdout=subprocess.PIPE)  # fmt: skip
    assert made - set(run.stdout.splitlines()) == set()
