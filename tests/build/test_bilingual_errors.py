"""Broken bilingual sources: each is a warning that names the line, whatever stands around it."""

import io
import re

import pytest
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from press import fences, proofread
from press.ext.language.bilingual import Block
from tests.pages.test_bilingual import CONF, TITLE, block

TOP = TITLE.replace("name: python3", "name: python3\nlanguage_info:\n  name: python")
START = TOP.count("\n") + 1  # the line on which what follows the title begins


class Reader:
    """A book of one page, which is read again and again; only the doctree is made, no HTML."""

    def __init__(self, folder, lang):
        (folder / "conf.py").write_text(CONF, encoding="utf-8")
        self.page, self.warnings = folder / "index.md", io.StringIO()
        self.page.write_text(TOP, encoding="utf-8")
        self.app = Sphinx(folder, folder, folder / lang, folder / f"{lang}.doctrees", "dummy",
                          status=None, warning=self.warnings, tags=[lang])  # fmt: skip
        self.app.build()

    def read(self, source):
        """Return the page's doctree, and what `fences` and Sphinx say, each with its line."""
        self.page.write_bytes((TOP + source).encode())
        self.warnings.truncate(self.warnings.seek(0))
        self.app.env.clear_doc("index")
        self.app.builder.read_doc("index")
        doctree = self.app.env.get_and_resolve_doctree(
            "index", self.app.builder, tags=self.app.tags
        )
        said = re.findall(r"index\.md:(\d+): \w+: (.*)", self.warnings.getvalue())
        assert bool(said) == bool(self.warnings.getvalue()), self.warnings.getvalue()
        first = []
        try:
            fences.check(proofread.decoded(self.page.read_bytes()))
        except fences.Trouble as trouble:
            first = [(trouble.line, trouble.said)]
        return doctree, [*first, *((int(line), words) for line, words in said)]


@pytest.fixture(scope="module", params=["zh", "en"])
def reader(request, tmp_path_factory):
    with patch_docutils(), docutils_namespace():
        yield Reader(tmp_path_factory.mktemp("book"), request.param)


# By name ------------------------------------------------------------------------------------------

ZH, EN = block("zh", "一"), block("en", "one")  # four lines each
PAIR = ZH + EN
CELL = "```{code-cell} ipython3\nx = 1\n```\n\n"
NAMES_NO_BLOCK = "write three colons or more and a name in braces, all half-width, as in :::{zh}"

# The source, how many lines below its first the trouble is, and words that name it.
BROKEN = {
    # left open
    "at the end": (ZH + EN[:-5] + "\n", 4, ":::{en} is never closed; write ::: below its"),
    "before the next pair": (ZH + EN[:-5] + "\n\n" + PAIR, 4, "is not closed before :::{zh} on"),
    "before a heading": (ZH + EN[:-5] + "\n\n(b)=\n## {zh}`乙` {en}`B`\n", 4, "is never closed"),
    "before a cell": (ZH + EN[:-5] + "\n\n" + CELL + PAIR, 4, "not closed before ```{code-cell}"),
    "in a list": ("- a\n\n  :::{zh}\n  一\n  :::\n\n  :::{en}\n  one\n", 6, "is never closed"),
    "on the line of a list": ("- :::{zh}\n  一\n\n" + PAIR, 0, "is never closed"),
    "in a quotation": ("> :::{zh}\n> 一\n> :::\n>\n> :::{en}\n> one\n", 4, "is never closed"),
    "by too few colons": (":" + ZH + EN, 2, "nothing, for ::::{zh} of line 11 needs"),
    "by a word": (":::{zh}\n一\n::: end\n\n" + EN, 2, NAMES_NO_BLOCK),
    "by full-width colons": (":::{zh}\n一\n：：：\n\n" + EN, 2, NAMES_NO_BLOCK),
    "of backticks": ("```{zh}\n一\n\n```{en}\none\n```\n", 0, "is not closed before ```{en}"),
    "a table": (":::{table} {zh}`表` {en}`T`\n|a|\n|-|\n\n" + PAIR, 0, ":::{table} is not closed"),
    "a cell": ("```{code-cell} ipython3\nx = 1\n\n" + PAIR + CELL, 0, "is not closed before ```"),
    "code in a block": (":::{zh}\n```python\nx\n:::\n\n" + EN, 1, "```python is never closed"),
    "an admonition in a block": ("::::{zh}\n:::{note}\n一\n::::\n\n" + EN, 1, ":::{note} is never"),
    # closed without need
    "a second end": (PAIR + ":::\n\ntext\n", 8, "closes nothing, for no block is open here"),
    "a block without its first line": ("一\n:::\n\n" + EN, 1, "closes nothing"),
    # one in another
    "an admonition with as few colons": (
        ":::{zh}\n:::{note}\n一\n:::\n:::\n\n" + EN,
        0,
        "write ::: between them; if it is to hold that, open and close it with more than :::",
    ),
    "zh in zh": ("::::{zh}\n一\n\n" + ZH + "::::\n\n" + EN, 3, "a {zh} block stands inside this"),
    "en in zh": ("::::{zh}\n一\n\n" + EN + "::::\n\n" + EN, 3, "a {en} block stands inside this"),
    "a heading": (block("zh", "一\n\n## 乙") + EN, 3, "a heading stands inside this {zh} block"),
    "a cell in a block": ("::::{zh}\n" + CELL + "::::\n\n" + EN, 0, "no block holds a cell"),
    "a label": (block("zh", "(b)=\n一") + EN, 1, "a label stands inside this {zh} block"),
    "a footnote in each": (
        block("zh", "一[^a]\n\n[^a]: 注") + block("en", "one[^a]\n\n[^a]: note"),
        9,
        "Duplicate footnote definition",
    ),
    "a phrase in a phrase": ("{zh}``一 {en}`one` `` {en}`one`\n", 0, "has no Chinese twin"),
    # misspelt
    "full-width colons": ("：：：{zh}\n一\n：：：\n\n" + EN, 0, NAMES_NO_BLOCK),
    "a full-width colon": (":：:{zh}\n一\n:::\n\n" + EN, 0, NAMES_NO_BLOCK),
    "full-width braces": (":::｛zh｝\n一\n:::\n\n" + EN, 0, NAMES_NO_BLOCK),
    "no braces": (":::zh\n一\n:::\n\n" + EN, 0, NAMES_NO_BLOCK),
    "spaced braces": (":::{ zh }\n一\n:::\n\n" + EN, 0, NAMES_NO_BLOCK),
    "two colons": ("::{zh}\n一\n::\n\n" + EN, 0, NAMES_NO_BLOCK),
    "an unknown language": (block("fr", "un") + PAIR, 0, "Unknown directive type: 'fr'"),
    "a country": (block("zh-CN", "一") + EN, 0, "Unknown directive type: 'zh-CN'"),
    "an unknown role": ("{zh}`一` {fr}`un`\n", 0, 'Unknown interpreted text role "fr"'),
    "an apostrophe": ("{zh}'一' {en}'one'\n", 0, "stands in no language; write {zh}`…` {en}`…`"),
    "a space before the text": ("{zh} `一` {en} `one`\n", 0, "“一” stands in no language"),
    "no language": (PAIR + "一\n", 8, "“一” stands in no language"),
    "a heading in no language": ("(b)=\n## 乙\n", 1, "“乙” stands in no language"),
    "options": (block("zh", ":class: x\n一") + EN, 0, "“:class: x”; it takes no options, only"),
    "options in YAML": (block("zh", "---\na: b\n---\n一") + EN, 0, "“---”; it takes no options"),
    # empty
    "an empty block": (":::{zh}\n:::\n\n" + EN, 0, "this {zh} block is empty; write its text, or"),
    "blank lines": (block("zh", "\n   \n") + EN, 0, "this {zh} block is empty"),
    "a comment": (ZH + block("en", "% later"), 4, "this {en} block is empty"),
    "a blank phrase": ("{zh}` ` {en}`one`\n", 0, "this {zh} phrase is empty"),
    # out of pair
    "English first": (EN + ZH, 0, "this English block has no Chinese twin directly before it; wr"),
    "two in Chinese": (ZH + ZH + EN, 0, "this Chinese block has no English twin directly after it"),
    "a cell between": (ZH + CELL + EN, 0, "write it there, with nothing between the two"),
    "a comment between": (ZH + "% why\n\n" + EN, 0, "write it there, with nothing between the two"),
    "half a heading": ("(b)=\n## {zh}`乙`\n", 1, "this Chinese phrase has no English twin"),
    "half a cell of a table": ("|a|\n|-|\n|{en}`one`|\n", 2, "this English phrase has no Chinese"),
    "half a title": (":::{table} {zh}`表`\n|a|\n|-|\n|b|\n:::\n", 0, "has no English twin"),
    "texts in each other's place": (block("zh", "one") + block("en", "一"), 0, "twins are swapped"),
    # wherever it stands
    "below a cell": (CELL + ZH, 4, "has no English twin"),
    "directly below a cell": (CELL[:-1] + ZH, 3, "has no English twin"),
    "far below a cell": (CELL + "\n\n" + ZH, 6, "has no English twin"),
    "with Windows' line ends": ((CELL + EN[:-5]).replace("\n", "\r\n"), 4, "is never closed"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_an_error_names_its_line_and_says_what_to_do(reader, name):
    source, below, words = BROKEN[name]
    _, warnings = reader.read(source)
    assert [line - START for line, said in warnings if words in said][:1] == [below], warnings


SOUND = {
    "capitals": block("ZH", "一") + block("En", "one"),
    "backticks": "```{zh}\n一 $x$\n```\n\n```{en}\none $x$\n```\n",
    "Windows' line ends": PAIR.replace("\n", "\r\n"),
    "more colons at the end": ":::{zh}\n一\n::::\n\n" + EN,
    "text on the first line": ":::{zh} 一\n:::\n\n:::{en} one\n:::\n",
    "no blank lines": "text\n" + ZH.rstrip("\n") + "\n" + EN.rstrip("\n") + "\ntext\n",
    "fences shown": "````markdown\n:::{zh}\n```\n：：：{en}\n::::\n````\n\n" + PAIR,
    "code in no language": "```\n:::{zh}\n```\n\n" + PAIR,
    "code between backticks": "```zh` ``` is code\n\n" + PAIR,
    "a term and its meaning": "{zh}`甲` {en}`A`\n: b\n\n" + PAIR,
    "a shared footnote": block("zh", "一[^a]") + block("en", "one[^a]") + "[^a]: 1986\n",
    "a work's own title": "Zhang, Dive into Deep Learning (Chinese edition, 动手学深度学习)\n",
    "phrases on two lines": "{zh}`一`\n{en}`one`\n",
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_is_not_blamed(reader, name):
    assert reader.read(SOUND[name])[1] == []


# By chance ----------------------------------------------------------------------------------------

SHAPES = (  # of the text in a block
    "{}",
    "{}\n\n$x^2$",
    "- {}\n- `b`",
    "{}\n\n$$\nx^2\n$$",
    "{}\n\n```python\n:::\n```",
    ":::{{note}}\n{}\n:::",
)
FRAMES = {  # what a pair stands in
    nodes.section: lambda lines: lines,
    nodes.note: lambda lines: [":::::{note}", *lines, ":::::"],
    nodes.list_item: lambda lines: ["- a", "", *("  " + line for line in lines)],
    nodes.block_quote: lambda lines: ["> " + line for line in lines],
}
BETWEEN = (  # what stands between pairs
    "(label-{0})=\n## {{zh}}`题{0}` {{en}}`Title {0}`",
    "```{{code-cell}} ipython3\nx = 1\n```",
    "```python\n:::{{zh}}\n```",
    "$$\nx^{0}\n$$",
    "% a comment\n",
    "[G. Hinton](https://a.example)",
)


def twins(number, shape):
    """The lines of a Chinese and of an English block; their text occurs nowhere else."""
    marks = "::::" if ":::" in shape else ":::"
    return [
        [f"{marks}{{{lang}}}", *shape.format(f"{text}{number}.").split("\n"), marks]
        for lang, text in {"zh": "甲", "en": "word"}.items()
    ]


def one(change):
    """Change one block of a pair."""
    return lambda pair, at: [change(block) if i == at else block for i, block in enumerate(pair)]


def inside(*lines, more=""):
    """Put lines at the end of a block, which has so many more colons."""
    return lambda block: [more + block[0], *block[1:-1], "", *lines, "", more + block[-1]]


BREAKS = {  # what becomes of the blocks of a pair
    "no end": one(lambda block: block[:-1]),
    "no beginning": one(lambda block: block[1:]),
    "no twin": lambda pair, at: [pair[at]],
    "the other order": lambda pair, at: pair[::-1],
    "twice": lambda pair, at: [pair[at], *pair],
    "no lines": one(lambda block: [block[0], block[-1]]),
    "a blank line": one(lambda block: [block[0], "", block[-1]]),
    "an unknown language": one(lambda block: [re.sub("zh|en", "fr", block[0]), *block[1:]]),
    "the twin's language": lambda pair, at: [[pair[1 - at][0], *block[1:]] for block in pair],
    "a full-width colon": one(lambda block: [block[0].replace(":{", "：{"), *block[1:]]),
    "no brace": one(lambda block: [block[0].replace("{", ""), *block[1:]]),
    "in its twin": lambda pair, at: [inside(*pair[at])(pair[1 - at])],
    "properly in its twin": lambda pair, at: [inside(*pair[at], more=":")(pair[1 - at])],
    "a heading": one(inside("## Title")),
    "a cell": one(inside("```{code-cell} ipython3", "x = 1", "```")),
}


@st.composite
def documents(draw):
    """A list of what stands between pairs, and of shapes and frames of pairs."""
    pair = st.tuples(st.sampled_from(SHAPES), st.sampled_from(list(FRAMES)))
    return draw(st.lists(st.sampled_from(BETWEEN) | pair, max_size=6))


def written(document, change=lambda pair: pair, first=0):
    """The source of a document."""
    chunks = []
    for number, chunk in enumerate(document, start=first):
        if isinstance(chunk, str):
            chunks.append(chunk.format(number))
        else:
            shape, frame = chunk
            blocks = change(twins(number, shape))
            chunks.append("\n".join(FRAMES[frame]("\n\n".join(map("\n".join, blocks)).split("\n"))))
    return "".join(f"{chunk}\n\n" for chunk in chunks)


@pytest.mark.slow
@settings(max_examples=50)
@given(document=documents())
def test_a_sound_document_has_each_text_in_its_place(reader, document):
    doctree, warnings = reader.read(written(document))
    assert warnings == []
    build = reader.app.config.bilingual_language
    found = [
        (block["lang"], bool(block.get("twin")), type(block.parent.parent), *texts(block))
        for block in doctree.findall(Block)
    ]
    assert found == [
        (lang, lang != build, chunk[1], f"{text}{number}.")
        for number, chunk in enumerate(document)
        if not isinstance(chunk, str)
        for lang, text in (("zh", "甲"), ("en", "word"))
    ]
    assert sorted(texts(doctree)) == sorted(text for *_, text in found)
    labels = [f"label-{i}" for i, chunk in enumerate(document) if chunk == BETWEEN[0]]
    assert [section["ids"] for section in doctree.findall(nodes.section)] == [
        ["top"],
        *([i] for i in labels),
    ]


def texts(node):
    """The texts of twins(), wherever they stand in a node."""
    return re.findall(r"(?:甲|word)\d+\.", " ".join(map(str, node.findall(nodes.Text))))


@pytest.mark.slow
@pytest.mark.parametrize("how", BREAKS)
@settings(max_examples=12)
@given(
    before=documents(),
    shape=st.sampled_from(SHAPES),
    frame=st.sampled_from(list(FRAMES)),
    at=st.integers(0, 1),
    after=documents(),
)
def test_the_first_warning_of_a_broken_document_is_where_it_is_broken(
    reader, how, before, shape, frame, at, after
):
    sound = written(before)
    broken = written([(shape, frame)], lambda pair: BREAKS[how](pair, at), first=len(before))
    _, warnings = reader.read(sound + broken + written(after, first=len(before) + 1))
    start = START + sound.count("\n")
    assert warnings and start <= warnings[0][0] < start + broken.count("\n"), warnings
