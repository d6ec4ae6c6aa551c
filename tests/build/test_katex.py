"""Formulas and the punctuation around them."""

from docutils import nodes
from docutils.utils import new_document

from press.ext.page.katex import KeepPunctuation


def test_punctuation_stays_where_it_was_written():
    document = new_document("a chapter")
    paragraph = nodes.paragraph("", "", nodes.Text("看"), nodes.strong("", "图"), nodes.Text("，"))
    paragraph += [nodes.math("", "a"), nodes.Text("，"), nodes.math("", "b"), nodes.Text("。")]
    document += paragraph
    KeepPunctuation(document).run()
    assert paragraph.astext() == "看图，a，b。"
