"""What each page says, section by section, for the search page to show around what it has found.

The words of a page stand beside it in a script, as `chapters/scale.words.js`, which the search page
asks for (`_static/js/search.js`) once the page is among its results.
"""

import re
from collections.abc import Iterator
from html import unescape

from docutils import nodes
from sphinx import addnodes

from press.ext.language.bilingual import Piece
from press.ext.page.script_files import beside

UNSAID = {"no-search", "recall-where", "closed", "opened"}  # what is pressed, and pages of cards
SIGN = re.compile(  # of formulas, which a line of text can show
    r"\\(alpha|beta|gamma|eta|kappa|lambda|mu|rho|sigma|theta|nabla|approx|times|le|ge)(?![a-z])"
)
SILENT = (
    nodes.section,
    nodes.raw,
    nodes.title,
    nodes.comment,
    nodes.math_block,
    nodes.literal_block,
)


def said(node: nodes.Node) -> Iterator[str]:
    """Yield what a page shows of a node as running text, without code and displayed formulas."""
    if isinstance(node, nodes.Text):
        yield str(node)
    elif isinstance(node, nodes.math):
        text = SIGN.sub(lambda sign: unescape(f"&{sign[1]};"), node.astext())
        yield "…" if "\\" in text else text
    elif isinstance(node, addnodes.desc_parameterlist):  # its commas are not in the tree
        yield f"({', '.join(parameter.astext() for parameter in node)})"
    elif not (isinstance(node, SILENT) or node.get("twin") or UNSAID & {*node["classes"]}):
        for child in node.children:
            yield from said(child)
        if not isinstance(node, nodes.Inline | Piece):
            yield " "


def words(doctree: nodes.document) -> dict[str, str]:
    """Return what the sections of a page say, and what its definitions do, by their anchors."""
    texts, parts = {}, (nodes.section, nodes.definition_list_item)
    for part in doctree.findall(lambda node: isinstance(node, parts)):
        term = part.next_node(nodes.term) if isinstance(part, nodes.definition_list_item) else part
        text = " ".join("".join(piece for child in part for piece in said(child)).split())
        texts |= {anchor: text for anchor in term["ids"][:1] if text}
    return texts


def write_words(app, page, template, context, doctree) -> None:
    if doctree is not None and app.builder.format == "html":
        beside(app, f"{page}.words.js", "words", [page, words(doctree)])


def setup(app):
    app.connect("html-page-context", write_words)
