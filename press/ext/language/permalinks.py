"""Anchors that stay: the same in both languages, and the same after an insertion.

A Chinese term gives Sphinx no letters for an anchor, so it would count: `term-0`, `term-1`, … Here
each glossary entry has one anchor, made from its English word, which stands last. A citation in the
text, which nothing leads back to, has none.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.domains.std import Glossary
from sphinx.transforms.post_transforms import SphinxPostTransform


class BilingualGlossary(Glossary):
    """Sphinx's glossary, with the last word's anchor for a whole entry."""

    def run(self) -> list[nodes.Node]:
        result = super().run()
        for node in result:
            for entry in node.findall(nodes.definition_list_item):
                self.share_anchor([child for child in entry if isinstance(child, nodes.term)])
        return result

    def share_anchor(self, words: list[nodes.term]) -> None:
        """Let all words of an entry lead to the anchor of the last; the first one carries it."""
        domain = self.env.domains.standard_domain
        [anchor] = words[-1]["ids"]
        for word in words:
            word["ids"] = [anchor] if word is words[0] else []
            place = self.env.docname, anchor
            domain.objects["term", word.astext()] = place
            domain._terms[word.astext().lower()] = place
            for index in word.findall(addnodes.index):
                index["entries"] = [(*e[:2], anchor, *e[3:]) for e in index["entries"]]


class PlainCitations(SphinxPostTransform):
    """Take away the numbered anchors of citations in the text."""

    default_priority = 100  # after they are resolved (10)

    def run(self, **kwargs: object) -> None:
        for node in self.document.findall(nodes.inline):
            if "bibtex-citation" in node["classes"]:
                node["ids"] = []


def setup(app):
    app.add_directive_to_domain("std", "glossary", BilingualGlossary, override=True)
    app.add_post_transform(PlainCitations)
