"""Two languages in one source: `zh` and `en` pieces, paired, checked, and built per language.

The directives ``{zh}`` and ``{en}`` hold paragraphs; the roles of the same names hold short texts
(headings, captions, table cells). Each Chinese piece is followed by its English twin. A page shows
the language of its build and carries the other one hidden beside it. The hidden twin stays out of
titles, contents and the search index.

Whatever would let the two languages drift apart is a warning, and so fails the build: a piece
without its twin, or twins that differ in paragraphs, mathematics, code, values or references.
Headings stand once and carry a label, which is their anchor in both languages.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin

from docutils import nodes
from docutils.languages import zh_cn
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

logger = logging.getLogger(__name__)

LANGUAGES = {"zh": "zh-CN", "en": "en"}  # in source order: name in the source, HTML lang
ALT = re.compile(r"\{zh\}`(?P<zh>[^`]+)`\s*\{en\}`(?P<en>[^`]+)`")


# The pieces ---------------------------------------------------------------------------------------


class Piece(nodes.Element):
    """Text in one language. A twin, the piece of the other language, has no text of its own."""

    def astext(self) -> str:
        return "" if self.get("twin") else super().astext()


class Block(nodes.General, Piece):
    """The paragraphs of one language."""

    child_text_separator = "\n\n"


class Pair(nodes.General, nodes.Element):
    """A Chinese block and its English twin, which a reader may see side by side."""


class Phrase(nodes.Inline, Piece):
    """A short text of one language, in a heading, a caption or a table cell."""

    child_text_separator = ""


def make_piece(cls: type[Piece], lang: str, children: list[nodes.Node], build: str) -> Piece:
    piece = cls("", *children, lang=lang, classes=["lang"])
    if lang != build:
        piece["twin"] = True
        piece["classes"] += ["twin", "no-search"]
    return piece


class BlockDirective(SphinxDirective):
    """``:::{zh}`` or ``:::{en}``: paragraphs, lists, formulas and admonitions of one language."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        lang = self.name.lower()  # docutils takes {ZH} for {zh}
        name = f"this {{{lang}}} block"
        children = self.parse_content_to_nodes()
        block = make_piece(Block, lang, children, self.config.bilingual_language)
        self.set_source_info(block)
        if all(isinstance(child, nodes.Invisible) for child in children):
            warn(block, f"{name} is empty; write its text, or remove it and its twin")
        elif re.match(r":[\w-]+:(\s|$)|---\s*$", self.content[0]):
            warn(block, f"{name} begins with “{self.content[0]}”; it takes no options, only text")
        for node in block.findall(lambda node: node is not block):
            of_dropdown = node.parent.get("has_title") and node is node.parent[0]
            if isinstance(node, nodes.rubric | nodes.section) and not of_dropdown:
                warn(node, f"a heading stands inside {name}; close it first, or move the heading")
            elif isinstance(node, nodes.target):
                warn(node, f"a label stands inside {name}; move it before, where both share it")
            elif isinstance(node, Block):
                warn(node, f"a {{{node['lang']}}} block stands inside {name}; move it behind")
        return [block]


class PhraseRole(SphinxRole):
    """``{zh}`…``` or ``{en}`…```: a short text of one language."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        children, messages = self.inliner.parse(
            self.text, self.lineno, self.inliner, self.inliner.parent
        )
        phrase = make_piece(Phrase, self.name, children, self.config.bilingual_language)
        self.set_source_info(phrase)
        if not self.text.strip():
            warn(phrase, f"this {{{self.name}}} phrase is empty; write its text, or remove both")
        return [phrase], messages


# Pairing and checking -----------------------------------------------------------------------------

NO_PROSE = nodes.math | nodes.literal | nodes.raw


class PairTwins(SphinxTransform):
    """Wrap each zh block with the en block that follows it, and check every pair."""

    default_priority = 400  # after the targets have reached their sections (260)

    def apply(self, **kwargs: object) -> None:
        for cls in (Block, Phrase):
            for piece in list(self.document.findall(cls)):
                if piece["lang"] == "zh":
                    join_chinese_lines(piece)
                    self.pair(piece)
                elif not piece.get("paired"):
                    warn_alone(piece, "English", "Chinese", "before")
        for section in self.document.findall(nodes.section):
            self.anchor(section)
        for text in self.document.findall(lambda n: isinstance(n, nodes.paragraph | nodes.title)):
            self.place(text)
        for block in self.document.findall(Block):
            name_admonitions(block)
        for image in self.document.findall(nodes.image):
            self.describe(image)

    def pair(self, zh: Piece) -> None:
        parent, at = zh.parent, zh.parent.index(zh)
        following = parent.children[at + 1 : at + 3]
        if isinstance(zh, Phrase) and following and is_space(following[0]):
            del parent[at + 1]
            following = following[1:]
        en = following[0] if following else None
        if type(en) is not type(zh) or en["lang"] != "en":
            return warn_alone(zh, "Chinese", "English", "after")
        en["paired"] = True
        check_twins(zh, en)
        if isinstance(zh, Block):
            parent[at : at + 2] = [Pair("", zh, en, classes=["pair"])]
        elif zh.get("twin"):
            parent[at : at + 2] = [en, zh]  # the page's own words, behind a number, come first

    def anchor(self, section: nodes.section) -> None:
        """Let the label before a heading be its only anchor, the same in both languages."""
        labels = [name for name in section["names"] if self.document.nametypes.get(name)]
        if labels:
            section["ids"] = [self.document.nameids[labels[-1]]]
        elif not twice_labelled(section):  # which is reported
            texts = section.next_node(nodes.title).findall(nodes.Text)
            title = " / ".join(sorted(texts, key=is_chinese, reverse=True))
            warn(section, f'the heading "{title}" has no label; write (some-label)= before it')

    def describe(self, image: nodes.image) -> None:
        """Let an image have an alt text in the language of the page, or of its block."""
        image.line = image.line or next((p.line for p in parents(image) if p.line), None)
        alt = image.get("alt", "").strip()
        if both := ALT.fullmatch(alt):
            image["alt"] = both[self.config.bilingual_language]
        elif not (alt and stands_in_piece(image)):
            warn(
                image,
                f"the image {image['uri']} has no alt text in both languages; write {{figure}} or "
                "{image} with :alt: {zh}`…` {en}`…`, or an image with ![…] in each block",
            )

    def place(self, text: nodes.TextElement) -> None:
        """Let the author's Chinese stand in pieces, for elsewhere both languages show it."""
        if text.source != self.document["source"]:
            return  # a directive made it, as the reference of gdcore from its docstrings
        plain = [t for t in text.findall(nodes.Text) if not isinstance(t.parent, NO_PROSE)]
        dollars = sum(part.count("$") for part in plain) - text.rawsource.count(r"\$")
        if dollars > 0:
            warn(text, "a $ opens or ends no formula; close it in this paragraph, or write \\$")
        if any(re.search(r"\]\[[^\]]+\]", part) for part in plain) and r"\[" not in text.rawsource:
            warn(text, "“[…][name]” is no link; write [name]: address below, or mend the name")
        for part in text.findall(nodes.Text):
            besides_names = re.sub(r"\([^)]*\)", "", part)  # a work's own title, in parentheses
            if is_chinese(besides_names) and not stands_in_piece(part):
                warn(text, f"“{part}” stands in no language; write {{zh}}`…` {{en}}`…`, or a block")


def twice_labelled(section: nodes.section) -> bool:
    """Say whether the label before a heading stands somewhere else, too."""
    before = section.parent[section.parent.index(section) - 1]
    return isinstance(before, nodes.target) and bool(before["dupnames"])


def parents(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what a node stands in, from the inside out."""
    while node := node.parent:
        yield node


def stands_in_piece(node: nodes.Node) -> bool:
    return any(isinstance(outer, Piece) for outer in parents(node))


def warn_alone(piece: Piece, its: str, other: str, where: str) -> None:
    kind = "block" if isinstance(piece, Block) else "phrase"
    said = f"this {its} {kind} has no {other} twin directly {where} it"
    warn(piece, f"{said}; write it there, with nothing between the two")


def name_admonitions(block: Block) -> None:
    """Give each admonition of a block its title in the block's own language, in docutils' words."""
    for admonition in list(block.findall(lambda node: node.tagname in zh_cn.labels)):
        name = admonition.tagname
        words = zh_cn.labels[name] if block["lang"] == "zh" else name.capitalize()
        title = nodes.title("", words)
        classes = [name, *admonition["classes"]]
        admonition.replace_self(nodes.admonition("", title, *admonition.children, classes=classes))


def check_twins(zh: Piece, en: Piece) -> None:
    """Warn where the two languages do not say the same thing as far as a machine can tell."""
    said = "the twins are swapped: Chinese stands in {en} and none in {zh}; exchange the texts"
    if is_chinese(nodes.Element.astext(en)) and not is_chinese(nodes.Element.astext(zh)):
        warn(zh, said)
    ours, theirs = (Counter(filter(None, map(feature, piece.findall()))) for piece in (zh, en))
    extra, missing = ours - theirs, theirs - ours
    for kind in sorted({kind for kind, _ in extra + missing}):
        chinese, english = (
            ", ".join(repr(one) for its, one in more.elements() if its == kind) or "nothing"
            for more in (extra, missing)
        )
        warn(zh, f"the twins differ in {kind}: only Chinese has {chinese}; only English {english}")


def feature(node: nodes.Node) -> tuple[str, str] | None:
    """Say what a node is that both twins must have: of what kind, and which one.

    Of a glossary term it is only that it is one, for each language has its own word.
    """
    match node:
        case nodes.paragraph():
            return "paragraphs", "paragraph"
        case nodes.math() | nodes.math_block():
            return "mathematics", re.sub(r"\\text\{[^}]*\}|\s", "", node.astext())
        case nodes.literal() | nodes.literal_block() if "xref" not in node["classes"]:
            return "code", nodes.Element.astext(node)
        case nodes.inline() if "pasted-text" in node["classes"]:  # a number that a cell has glued
            return "values", node.astext()
        case addnodes.pending_xref():
            term = node["reftype"] == "term"
            return "references", "a term" if term else f"{node['reftype']} {node['reftarget']}"
        case nodes.reference() | nodes.footnote_reference():
            return "references", node.get("refuri") or node.get("refname") or ""
    return None


def join_chinese_lines(piece: Piece) -> None:
    """Drop line breaks that a browser would show as spaces inside or beside Chinese.

    These are the breaks between two Chinese characters, and any beside full-width punctuation.
    """
    texts = list(piece.findall(nodes.Text))
    for before, here, after in zip(texts, texts[1:], texts[2:], strict=False):
        left, right = before[-1:], after[:1]
        beside = (is_wide(left) and is_wide(right)) or is_punctuation(left) or is_punctuation(right)
        if here == "\n" and beside:
            # Not an equal one before it.
            here.parent.children = [node for node in here.parent.children if node is not here]


def is_chinese(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


def is_wide(char: str) -> bool:
    return bool(char) and (unicodedata.east_asian_width(char) in "WF" or char in "“”‘’…—")


def is_punctuation(char: str) -> bool:
    return is_wide(char) and unicodedata.category(char).startswith("P")


def is_space(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Text) and not node.strip()


def warn(node: nodes.Node, message: str) -> None:
    logger.warning(message, location=node, type="bilingual")


# HTML ---------------------------------------------------------------------------------------------


def visit(self, node: Piece | Pair) -> None:
    tag, end = "span" if isinstance(node, Phrase) else "div", "\n" * isinstance(node, Pair)
    attributes = {"hidden": "hidden"} if node.get("twin") else {}
    if isinstance(node, Piece):
        attributes["lang"] = LANGUAGES[node["lang"]]
    self.body.append(self.starttag(node, tag, end, **attributes))


def depart(self, node: Piece | Pair) -> None:
    self.body.append("</span>" if isinstance(node, Phrase) else "</div>\n")


def unwrap_phrases(app, doctree: nodes.document) -> None:
    """Leave twins out of page titles and tables of contents, and unwrap the others."""
    page = app.env.docname
    for copy in (app.env.titles[page], app.env.longtitles[page], app.env.tocs[page]):
        for phrase in list(copy.findall(Phrase)):
            at = phrase.parent.index(phrase)
            phrase.parent[at : at + 1] = [] if phrase.get("twin") else phrase.children


def link_to_other_language(app, pagename, templatename, context, doctree) -> None:
    """Tell the templates where this page is in the other language, and in each for robots."""
    other = "en" if app.config.bilingual_language == "zh" else "zh"
    up = "../" * (pagename.count("/") + 1)
    urls = {lang: f"{up}{lang}/{pagename}.html" for lang in LANGUAGES}
    context["other_language"] = LANGUAGES[other]
    context["other_language_url"] = urls[other]
    here = context.get("pageurl") or ""  # the page's own address on the web, where it is known
    context["alternates"] = {LANGUAGES[lang]: urljoin(here, url) for lang, url in urls.items()}


def setup(app):
    app.add_config_value("bilingual_language", "zh", "env", types=[str])
    for lang in LANGUAGES:
        app.add_directive(lang, BlockDirective)
        app.add_role(lang, PhraseRole())
    for cls in (Block, Phrase, Pair):
        app.add_node(cls, html=(visit, depart))
    app.add_transform(PairTwins)
    app.connect("doctree-read", unwrap_phrases, priority=900)  # after Sphinx has copied them
    app.connect("html-page-context", link_to_other_language)
