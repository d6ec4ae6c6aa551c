"""The bilingual syntax on small books: what it builds, and every trap it must not fall into."""

import io

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

HEAD = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n(top)=\n"
TITLE = HEAD + "# {zh}`学习率 $\\eta$` {en}`The learning rate $\\eta$`\n\n"
CONF = """
extensions = [
    "myst_nb",
    "press.ext.language.bilingual",
    "press.ext.page.katex",
    "press.ext.patches.role_lines",
]
bilingual_language = "en" if tags.has("en") else "zh"
language = "en" if tags.has("en") else "zh_CN"
html_theme = "basic"
html_math_renderer = "katex"
nb_execution_mode = "off"
nitpicky = True
suppress_warnings = ["outputs"]  # of cells, which nobody runs here
myst_enable_extensions = ["colon_fence", "dollarmath"]
READER = "press.ext.page.outputs.read"
nb_custom_formats = {".md": [READER, {"extensions": myst_enable_extensions}, False]}
"""


class Book:
    """A book of one page, built in one language."""

    def __init__(self, folder, source, lang):
        (folder / "conf.py").write_text(CONF, encoding="utf-8")
        (folder / "index.md").write_text(source, encoding="utf-8")
        warnings, out = io.StringIO(), folder / lang
        with patch_docutils(), docutils_namespace():
            app = Sphinx(folder, folder, out, folder / f"{lang}.doctrees", "html",
                         status=None, warning=warnings, tags=[lang])  # fmt: skip
            app.build()
        self.warnings = warnings.getvalue()
        self.page = BeautifulSoup((out / "index.html").read_text(encoding="utf-8"), "html.parser")
        self.search_index = (out / "searchindex.js").read_text(encoding="utf-8")
        self.contents = app.env.tocs["index"].astext()


@pytest.fixture
def build(tmp_path):
    return lambda source, lang="zh": Book(tmp_path, source, lang)


PAIR = """\
:::{zh}
太大的学习率会越过
最小值点，见 $x^2$。
:::

:::{en}
Too large a rate overshoots, see $x^2$.
:::
"""


@pytest.mark.parametrize(
    ("lang", "code", "shown", "twin"),
    [
        ("zh", "zh-CN", "太大的学习率", "Too large a rate"),
        ("en", "en", "Too large a rate", "太大的学习率"),
    ],
)
def test_a_page_shows_its_language_and_hides_the_twin(build, lang, code, shown, twin):
    book = build(TITLE + PAIR, lang)
    assert book.warnings == ""
    assert book.page.html["lang"] == code
    visible, hidden = (book.page.find_all("div", class_="lang", hidden=h) for h in (None, True))
    assert [shown in block.text for block in visible] == [True]
    assert [twin in block.text for block in hidden] == [True]
    assert visible[0]["lang"] == code and hidden[0]["lang"] != code


@pytest.mark.parametrize(("lang", "has", "lacks"), [("zh", "学习率", "rate"), ("en", "rate", "学")])
def test_twins_stay_out_of_title_contents_and_search(build, lang, has, lacks):
    book = build(TITLE + PAIR, lang)
    assert has in book.page.title.text and lacks not in book.page.title.text
    assert has in book.contents and lacks not in book.contents
    assert lacks not in book.search_index
    assert ("overshoot" in book.search_index) == (lang == "en")


def test_a_line_break_between_chinese_characters_is_no_space(build):
    assert "越过最小值点" in build(TITLE + PAIR).page.text


def test_line_breaks_beside_chinese(build):
    text = "甲乙\n丙，\n$x$ 丁\n$y$\n。戊\nGD\n己，见\n`gd`"
    page = build(TITLE + block("zh", text) + block("en", "$x$ $y$ `gd`")).page
    for annotation in page.select(".katex-html, math > semantics > :not(annotation)"):
        annotation.extract()
    paragraph = page.find("div", class_="lang", hidden=None).p.get_text()
    assert paragraph == "甲乙丙，x 丁\ny。戊\nGD\n己，见\ngd"


def test_anchors_are_the_labels_in_both_languages(build):
    source = TITLE + "(deeper)=\n## {zh}`深入` {en}`Going deeper`\n" + PAIR
    ids = [[s["id"] for s in build(source, lang).page.find_all("section")] for lang in ("zh", "en")]
    assert ids == [["top", "deeper"], ["top", "deeper"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_admonition_is_titled_in_the_language_of_its_block(build, lang):
    def note(language):
        return f"::::{{{language}}}\n:::{{note}}\n$x$\n:::\n::::\n\n"

    book = build(TITLE + note("zh") + note("en"), lang)
    assert book.warnings == ""
    titles = book.page.select("div.admonition.note > p.admonition-title")
    assert [title.get_text() for title in titles] == ["注解", "Note"]


def block(lang, text):
    return f":::{{{lang}}}\n{text}\n:::\n\n"


TRAPS = {
    "a heading inside a block": (
        block("zh", "## 标题") + block("en", "## Title"),
        "a heading stands inside this {zh} block",
    ),
    "an empty block": (":::{zh}\n:::\n\n" + block("en", "text"), "this {zh} block is empty"),
    "a block without its twin": (block("zh", "一"), "has no English twin"),
    "a twin without its block": (block("en", "one"), "has no Chinese twin"),
    "two Chinese blocks": (block("zh", "一") * 2 + block("en", "one"), "has no English twin"),
    "text between the twins": (
        block("zh", "一") + "between\n\n" + block("en", "one"),
        "has no English twin",
    ),
    "a phrase without its twin": ("{zh}`一`\n", "has no English twin"),
    "an unknown language": (block("fr", "un"), "Unknown directive type: 'fr'"),
    "paragraphs": (
        block("zh", "一\n\n二") + block("en", "one and two"),
        "the twins differ in paragraphs",
    ),
    "mathematics": (
        block("zh", "$x^2$") + block("en", "$x^3$"),
        "the twins differ in mathematics: only Chinese has 'x^2'; only English 'x^3'",
    ),
    "code": (block("zh", "`gd`") + block("en", "`dg`"), "the twins differ in code"),
    "references": (
        block("zh", "[甲](https://a.example)") + block("en", "[A](https://b.example)"),
        "the twins differ in references",
    ),
    "a label that only one refers to": (
        block("zh", "见{ref}`顶 <top>`") + block("en", "see above"),
        "the twins differ in references: only Chinese has 'ref top'",
    ),
    "a heading without a label": (
        "## {zh}`深入` {en}`Deeper`\n\n" + PAIR,
        'the heading "深入 / Deeper" has no label',
    ),
    "a formula that is none": (
        block("zh", r"$\foo$") + block("en", r"$\foo$"),
        r"Undefined control",
    ),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_a_warning_that_names_file_and_line(build, trap):
    source, says = TRAPS[trap]
    warnings = build(TITLE + source).warnings
    assert says in warnings
    line = next(line for line in warnings.splitlines() if says in line)
    assert "index.md:" in line and line.split("index.md:")[1].split(":")[0].isdigit(), line


def test_what_may_differ_between_twins(build):
    words = r"太大 $a_{\text{新}}$，见[甲](https://a.example)和 `gd`。"
    twins = block("zh", words) + block(
        "en", r"Too large $a_{\text{new}}$, `gd` and [A](https://a.example)."
    )
    assert build(TITLE + twins).warnings == ""
