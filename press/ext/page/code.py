"""Code serves the text: what is hidden opens below the figure that it draws; long outputs fold.

A disclosure is one thing on every page, `<details class="disclosure">`: a solution, which holds the
code that belongs to it; the code of a figure, below it; the rest of a long output.
"""

import re

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_design.dropdown import dropdown_main, dropdown_title

from press.ext.page.exercise import Exercise

LINES = 8  # of an output, before it folds
# What has no color of its own in either theme: names, punctuation, spaces. They look as text does.
PLAIN = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
REST = {"zh_CN": ("其余 {} 行", "收起"), "en": ("{} more lines", "Fewer lines")}


class CodeServesText(SphinxPostTransform):
    """Let solutions hold their code, and figures stand before theirs."""

    default_priority = 200  # directly after dropdowns are made and code is hidden
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for solution in list(self.document.findall(dropdown_main)):
            title, body = solution.children
            title["classes"], body["classes"], solution["classes"] = [], [], ["disclosure"]
            del title[-1]  # the theme's arrow
            take_in(body, solution)
        for exercise in self.document.findall(Exercise):
            take_in(exercise[-1], exercise)
        for cell in list(self.document.findall(is_cell)):
            code, *shown = cell.children or [None]
            if not isinstance(code, HideCodeCellNode):
                continue
            if not shown and (following := hidden_behind(cell, "input")):
                fill(following[0], [*code.children, *following[0].children])  # a run is one
                cell.parent.remove(cell)
            else:
                words = code["prompt_show"], code["prompt_hide"]
                fill(cell, [*shown, disclosure(*words, code.children, "code")])


class FoldLongOutputs(SphinxPostTransform):
    """Show the first lines of a long printed output; the rest opens below them."""

    default_priority = 201
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for block in list(self.document.findall(nodes.literal_block)):
            lines = block.astext().rstrip("\n").split("\n")
            if "output" not in block["classes"] or len(lines) <= LINES:
                continue
            start, rest = part(block, lines[: LINES - 2]), part(block, lines[LINES - 2 :])
            show, hide = REST[self.config.language]
            words = show.format(len(lines) - LINES + 2)
            block.replace_self([start, disclosure(words, hide, [rest], "rest")])


def take_in(body: nodes.Element, before: nodes.Element) -> None:
    """Let a solution hold the hidden cells that follow it, or its exercise."""
    while cell := hidden_behind(before, "all"):
        cell.parent.remove(cell)
        fill(cell, cell[0].children)
        body += cell


def is_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def hidden_behind(node: nodes.Node, what: str) -> nodes.container | None:
    """Return the cell directly behind a node, if this much of it is hidden: its input, or all."""
    following = node.next_node(descend=False, siblings=True)
    hidden = is_cell(following) and following.get("hide_mode") == what
    return following if hidden and isinstance(following[0], HideCodeCellNode) else None


def fill(node: nodes.Element, children: list[nodes.Node]) -> None:
    node.children = []
    node += children


def disclosure(show: str, hide: str, content: list[nodes.Node], kind: str) -> dropdown_main:
    words = [nodes.inline("", show, classes=["closed"]), nodes.inline("", hide, classes=["opened"])]
    return dropdown_main(
        "", dropdown_title("", "", *words), *content, classes=["disclosure", kind], opened=False
    )


def part(block: nodes.literal_block, lines: list[str]) -> nodes.literal_block:
    text = "\n".join(lines)
    return nodes.literal_block(text, text, **block.attributes)


def without_plain_spans(app, page, template, context, doctree) -> None:
    """Leave out the spans of code that do not color it, which are most of them."""
    if doctree is not None:
        context["body"] = PLAIN.sub(r"\1", context["body"])


def setup(app):
    app.connect("html-page-context", without_plain_spans)
    app.add_post_transform(CodeServesText)
    app.add_post_transform(FoldLongOutputs)
