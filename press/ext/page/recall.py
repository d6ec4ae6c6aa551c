"""Recall cards at the ends of sections: ``{recall}``, and ``{review}``, which has them all.

A block holds one to four cards, as a list in YAML; each asks for one thing::

    ```{recall}
    - name: descent-sign
      of: one-dimension-minus
      q: "{zh}`…？` {en}`…?`"
      a: "{zh}`…` {en}`…`"
    ```

A card's name is unique in the book, for what the reader knew is kept under it, and an Anki deck
knows its note by it. It points to what has the label `of` in its chapter, or else to its section.
Question and answer are twins as everywhere, and have no references, for a card is read on its own.
Without a script they are a list that opens; `_static/js/recall.js` shows one at a time.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from press.ext.language.bilingual import Phrase, is_space, parents

logger = logging.getLogger(__name__)

MOST = 4  # cards in a block
KEYS = ("name", "of", "q", "a")
FORM = "write a list of one to four cards, each with name, q, a and, if it is to point there, of"
WORDS = {
    "zh": ("回想一下", "{}（{} 张卡片）", "出处"),
    "en": ("Recall", "{} ({} cards)", "Where it stands"),
}


class Recall(nodes.General, nodes.Element):
    """Some cards: a definition list, each item's term a question."""


class Review(nodes.General, nodes.Element):
    """The cards of the whole book, by chapter."""


def warn(page: str, line: int, said: str) -> None:
    logger.warning(said, location=(page, line), type="recall")


class RecallDirective(SphinxDirective):
    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        cards = nodes.definition_list()
        for line, card in self.cards():
            cards += self.card(line, card)
        return [Recall("", cards)] if len(cards) else []

    def warn(self, line: int, said: str) -> None:
        warn(self.env.docname, line, said)

    def cards(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the cards, with the lines on which they begin, as far as they have the form."""
        first = self.lineno + 1 + self.content_offset
        try:
            block = yaml.compose("\n".join(self.content), Loader=yaml.SafeLoader)
            cards = yaml.safe_load("\n".join(self.content))
        except yaml.YAMLError as error:
            mark = error.problem_mark
            said = f"this card is no YAML here, column {mark.column + 1}: {error.problem}"
            return self.warn(first + mark.line, f'{said}; put "…" around each q and each a')
        if not isinstance(cards, list) or not 1 <= len(cards) <= MOST:
            return self.warn(self.lineno, f"this block holds no list of cards; {FORM}")
        for node, card in zip(block.value, cards, strict=True):
            line = first + node.start_mark.line
            texts = isinstance(card, dict) and all(isinstance(t, str) for t in card.values())
            if not texts or {*card} - {"of"} != {*KEYS} - {"of"}:
                self.warn(line, f"this is no card; {FORM}, and no more")
            elif not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", card["name"]):
                said = f"the card's name is “{card['name']}”"
                self.warn(line, f"{said}; write small letters, digits and hyphens")
            else:
                yield line, card

    def card(self, line: int, card: dict[str, str]) -> nodes.definition_list_item:
        name, where = f"recall-{card['name']}", WORDS[self.config.bilingual_language][2]
        question = nodes.term("", "", *self.text(line, card, "q"), ids=[name])
        answer = nodes.paragraph("", "", *self.text(line, card, "a"))
        link = nodes.reference("", where, internal=True, refid="")
        answers = nodes.definition(
            "", answer, nodes.paragraph("", "", link, classes=["recall-where"])
        )
        return nodes.definition_list_item("", question, answers, card=card, at=line)

    def text(self, line: int, card: dict[str, str], key: str) -> list[nodes.Node]:
        """Return a question or an answer, in its two languages."""
        text, messages = self.parse_inline(card[key], lineno=line)
        pieces = [node for node in text if not is_space(node)]
        if [piece.get("lang") for piece in pieces if isinstance(piece, Phrase)] != ["zh", "en"] or (
            len(pieces) > 2
        ):
            said = f"{key} of the card “{card['name']}” is not in both languages, and nothing else"
            self.warn(line, f'{said}; write {key}: "{{zh}}`…` {{en}}`…`"')
        for piece in pieces:
            if any(piece.findall(lambda n: isinstance(n, addnodes.pending_xref | nodes.reference))):
                said = f"{key} of the card “{card['name']}” has a reference"
                self.warn(line, f"{said}; a card is read on its own: write what it refers to")
        return [*text, *messages]


class PointCards(SphinxTransform):
    """Let each card point to what it is of, and note the cards of the page."""

    default_priority = 450  # after headings have got their anchors (400)

    def apply(self, **kwargs: object) -> None:
        equations = {node["label"]: node["ids"] for node in self.document.findall(nodes.math_block)
                     if node.get("label")}  # fmt: skip
        noted = notes(self.env).setdefault(self.env.docname, [])
        for item in self.document.findall(nodes.definition_list_item):
            if not (card := item.get("card")):
                continue
            label = card.get("of")
            section = next(outer for outer in parents(item) if isinstance(outer, nodes.section))
            place = self.document.nameids.get(label) or next(iter(equations.get(label, [])), None)
            if label and not place:
                said = f"the card “{card['name']}” is of “{label}”, which is no label of this page"
                warn(self.env.docname, item["at"], f"{said}; mend it, or leave `of` out")
            link = next(item.findall(nodes.reference))
            link["refid"] = place or section["ids"][0]
            noted.append((card["name"], item["at"], item.deepcopy()))


def notes(env) -> dict[str, list]:
    """Return the cards of each page: names, lines, and what is shown."""
    if not hasattr(env, "recall_cards"):
        env.recall_cards = {}
    return env.recall_cards


def purge(app, env, page: str) -> None:
    notes(env).pop(page, None)


def merge(app, env, pages: list[str], other) -> None:
    notes(env).update({page: cards for page, cards in notes(other).items() if page in pages})


def check_names(app, env) -> None:
    """Warn of a card that has another one's name."""
    named = sorted(
        (name, page, line) for page, cards in notes(env).items() for name, line, _item in cards
    )
    for (before, *there), (name, page, line) in pairwise(named):
        if name == before:
            other = f"the one on line {there[1]} of {there[0]}.md"
            warn(page, line, f"the card “{name}” has the name of {other}; rename one of them")


# All cards ----------------------------------------------------------------------------------------


class ReviewDirective(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname]["review"] = True
        return [Review(classes=["no-search"])]  # which finds the cards in their chapters


def review_page(env) -> str | None:
    """Return the page that has the cards of the whole book, if there is one."""
    return next((page for page in env.metadata if "review" in env.metadata[page]), None)


class GatherCards(SphinxPostTransform):
    """Give the page of all cards those of each chapter, in the order of the book."""

    default_priority = 100

    def run(self, **kwargs: object) -> None:
        for review in self.document.findall(Review):
            for page in pages(self.env):
                if cards := notes(self.env).get(page):
                    listed = nodes.definition_list("", *(item.deepcopy() for *_, item in cards))
                    for link in listed.findall(nodes.reference):
                        here = self.app.builder.get_relative_uri(self.env.docname, page)
                        link["refuri"] = f"{here}#{link.attributes.pop('refid')}"
                    review += Recall("", listed, title=title(self.env, page))


def pages(env) -> Iterator[str]:
    """Yield the pages in the order of the book."""
    waiting = [env.config.root_doc]
    while waiting:
        page = waiting.pop(0)
        yield page
        waiting = [*env.toctree_includes.get(page, []), *waiting]


def title(env, page: str) -> str:
    number = ".".join(map(str, env.toc_secnumbers.get(page, {}).get("", ())))
    return f"{number} {env.titles[page].astext()}".strip()


def write_anew(app, env) -> list[str]:
    """Let the page of all cards be written whenever any page was read."""
    page = review_page(env)
    return [page] if page else []


# HTML ---------------------------------------------------------------------------------------------


def visit_recall(self, node: Recall) -> None:
    here, review = self.builder.current_docname, review_page(self.builder.env)
    name, counted, _where = WORDS[self.config.bilingual_language]
    words = counted.format(node.get("title", name), len(node[0])).replace("(1 cards", "(1 card")
    link = f' data-review="{self.builder.get_relative_uri(here, review)}"' if review else ""
    self.body.append(
        f'<details class="disclosure recall"{link}><summary>{self.encode(words)}</summary>\n'
    )


def depart_recall(self, node: Recall) -> None:
    self.body.append("</details>\n")


def visit_review(self, node: Review) -> None:
    self.body.append('<div class="review">\n')


def depart_review(self, node: Review) -> None:
    self.body.append("</div>\n")


def setup(app):
    app.add_directive("recall", RecallDirective)
    app.add_directive("review", ReviewDirective)
    app.add_node(Recall, html=(visit_recall, depart_recall))
    app.add_node(Review, html=(visit_review, depart_review))
    app.add_transform(PointCards)
    app.add_post_transform(GatherCards)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", check_names)
    app.connect("env-get-updated", write_anew)
