"""Mathematics rendered at build time: KaTeX, run by QuickJS inside Python, as HTML and MathML.

A reader needs no script and no network: the page carries the finished formula, and its MathML for
screen readers. `katex.min.js` beside this file and `_static/katex/` (styles and fonts) are KaTeX's
own release, of one version.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import quickjs
from docutils import nodes
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from press.ext.language.bilingual import parents

logger = logging.getLogger(__name__)

RENDER = """
(latex, display) => [katex.renderToString(
    latex, {displayMode: display, throwOnError: true, strict: "error", output: "htmlAndMathml"}
)].join("")  // join makes one plain string of it, which the Python side can read
"""


@cache
def katex() -> Callable[[str, bool], str]:
    """Return what makes HTML of a formula in LaTeX, displayed or not, of each once."""
    context = quickjs.Context()
    context.eval(Path(__file__).with_name("katex.min.js").read_text(encoding="utf-8"))
    return cache(context.eval(RENDER))


def rendered(node: nodes.Element, latex: str, display: bool) -> str:
    try:
        return katex()(latex, display)
    except quickjs.JSException as error:
        reason = str(error).splitlines()[0].removeprefix("ParseError: ")
        logger.warning("%s, in the formula %s", reason, latex, location=node, type="katex")
        return ""


def waits(node: nodes.Element, latex: str) -> bool:
    """Say whether a formula stands in a hidden twin: the script fills it in from its partner's."""
    hidden = any(outer.get("twin") for outer in parents(node))
    return hidden and r"\text" not in latex and not node.get("number")


def visit(self, node: nodes.math | nodes.math_block) -> None:
    display = isinstance(node, nodes.math_block)
    tag, latex = "div" if display else "span", node.astext().strip()
    if display and r"\\" in latex and not latex.startswith(r"\begin"):
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"  # several lines
    if waits(node, latex):
        self.body.append(f'<{tag} class="math later">{self.encode(latex)}</{tag}>')
        raise nodes.SkipNode
    end = "\n" * display
    self.body.append(self.starttag(node, tag, end, CLASS="math notranslate nohighlight"))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append(f"{rendered(node, latex, display)}</{tag}>{end}")
    raise nodes.SkipNode


class KeepPunctuation(SphinxPostTransform):
    """Let no line begin or end between a formula and the punctuation that leans on it."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for formula in list(self.document.findall(nodes.math)):
            parent, at = formula.parent, formula.parent.index(formula)
            together = [formula]
            for beside, punctuation in LEANING.items():
                text = parent[at + beside] if 0 <= at + beside < len(parent) else None
                if isinstance(text, nodes.Text) and (leaning := punctuation.search(text)):
                    together.insert(1 + beside, nodes.Text(leaning[0]))
                    # By position: parent.replace() finds by value, and would take an equal comma.
                    parent[at + beside] = nodes.Text(punctuation.sub("", text))
            if together[1:]:
                parent[at] = nodes.inline("", "", *together, classes=["together"])


# What leans on a formula from the text before it, and from the text behind it.
LEANING = {-1: re.compile(r"[（(“‘《]+$"), 1: re.compile(r"^[，。；：、！？）”’》,.;:!?)]+")}


def setup(app):
    app.add_post_transform(KeepPunctuation)
    app.add_html_math_renderer("katex", (visit, None), (visit, None))
    app.add_css_file("katex/katex.min.css")
