"""The other language of a page, in a script beside it, which the reader of both asks for.

bilingual.py leaves each hidden twin in the page. Those of a chapter weigh 3 to 11 KB, and few read
side by side; so the page has an empty place for each, and `chapters/scale.twins.js` what belongs
there (`_static/js/languages.js`).
"""

from press.ext.language.bilingual import Block, Phrase, Piece, depart, visit
from press.ext.page.script_files import beside


def begin(self, node: Piece) -> None:
    visit(self, node)
    node["from"] = len(self.body)


def end(self, node: Piece) -> None:
    if node.get("twin"):
        texts = self.document.attributes.setdefault("twins", [])
        texts.append("".join(self.body[node["from"] :]))
        del self.body[node["from"] :]
    depart(self, node)


def write(app, page, template, context, doctree) -> None:
    if doctree is not None and doctree.get("twins"):
        context["twins"] = f"{page}.twins.js"
        beside(app, context["twins"], "twins", doctree["twins"])


def setup(app):
    for cls in (Block, Phrase):
        app.add_node(cls, override=True, html=(begin, end))
    app.connect("html-page-context", write)
