"""A question that the reader answers before the page does: ``{predict}``.

The answer is a value of the build, glued by a cell above; what comes after the line of hyphens
explains it::

    :::::{predict} steps-from-1-8
    :answer: steps
    :within: 2

    ::::{zh}
    从 1.8 出发，要走多少步？
    ::::

    ::::{en}
    How many steps does it take from 1.8?
    ::::

    ---

    ::::{zh}
    …
    ::::

    ::::{en}
    …
    ::::
    :::::

A guess that is at most `within` off is right. With `:choices:` the question ends in a numbered
list, and the answer is the number of the right one. With `:point:` the reader puts a point on an
empty plot, and the answer is two numbers; with `:line:` they draw a line on one, and the answer is
its heights, at equal distances from the left to the right. Both say the plot's axes::

    :line: p 2 10000 log; error 40 400 log

A line is right if it lies, on average, at most `within` of the plot's height off. A point may be
put on the terrain of an objective, with a start on it::

    :on: himmelblau -0.4 -0.65

The objective is one that `_static/js/instruments/sketch.js` says it uses.
Without a script the answer can be opened below the question. `_static/js/predict.js` takes the
guess, and keeps it on the reader's machine alone.
"""

import re
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from gdcore import OBJECTIVES
from press.ext.figures.instruments import needs
from press.ext.figures.javascript import as_json

SPLIT = "---"
WORDS = {
    "zh": ("不猜了，看答案", "答案", "答案是 ", "。"),
    "en": ("Show the answer without a guess", "Answer", "The answer is ", "."),
}
KINDS = ("number", "choices", "point", "line")
NO_NUMBERS = re.compile(r"[^\d\s.,+−()\[\]e-]")  # what stands in no number, point or list of them
AXIS = re.compile(r"(.+?) (\S+) (\S+)( log)?")


class Prediction(nodes.General, nodes.Element):
    """A question, and its answer."""


class Answer(nodes.General, nodes.Element):
    """What opens when the reader has guessed: the value, and why."""


class Value(nodes.General, nodes.Element):
    """The value, in a sentence."""


def tolerance(text: str | None) -> float:
    value = float(text or "")
    if not 0 <= value < float("inf"):
        raise ValueError(f"expected a number of zero or more, got {text!r}")
    return value


def axes(text: str | None) -> str:
    """Read the axes of a plot, "NAME LOW HIGH [log]; NAME LOW HIGH [log]", as data for a script."""
    found = [AXIS.fullmatch(axis.strip()) for axis in (text or "").split(";")]
    if len(found) != 2 or not all(found):
        raise ValueError(f'expected two axes, such as "x -5 5; f 0.1 100 log", got {text!r}')
    ends = [(axis[1], float(axis[2]), float(axis[3]), bool(axis[4])) for axis in found]
    if any(low >= high or (log and low <= 0) for _, low, high, log in ends):
        raise ValueError(f"each axis goes from less to more, one with log from above 0: {text!r}")
    return as_json(ends)


def terrain(text: str | None) -> str:
    """Read an objective and a start on it, "NAME X Y", as they are written."""
    name, *start = (text or "").split() or [""]
    if name not in OBJECTIVES or len([float(component) for component in start]) != 2:
        raise ValueError(
            f'expected an objective and a start, "himmelblau -0.4 -0.65", got {text!r}'
        )
    return " ".join([name, *start])


class Predict(SphinxDirective):
    required_arguments = 1
    option_spec: ClassVar = {
        "answer": directives.unchanged_required,
        "within": tolerance,
        "choices": directives.flag,
        "point": axes,
        "line": axes,
        "on": terrain,
    }
    has_content = True

    def run(self) -> list[nodes.Node]:
        lines = list(self.content)
        if "answer" not in self.options or lines.count(SPLIT) != 1:
            raise self.error(
                "{predict} asks for :answer:, the key of a glued value, and for one line of three "
                "hyphens between the question and its explanation"
            )
        split = lines.index(SPLIT)
        name = f"predict-{self.arguments[0]}"
        kind = next((kind for kind in KINDS if kind in self.options), "number")
        question = Prediction(
            ids=[name], kind=kind, within=self.options.get("within", 0), axes=self.options.get(kind)
        )
        question["on"] = self.options.get("on")
        if question["axes"]:
            needs(self.env, "sketch")
        self.set_source_info(question)
        self.state.nested_parse(self.content[:split], self.content_offset, question)
        value, _ = self.parse_inline(f"{{glue:text}}`{self.options['answer']}`")
        said = "".join(node.astext() for node in value)
        if NO_NUMBERS.search(said):
            raise self.error(
                f"the answer of {{predict}} reads {said!r}, which is no number; glue an int or a "
                "float of Python, or say how to write it, as in :answer: key:.2f"
            )
        answer = Answer("", Value("", *value, told=kind != "line"))
        offset = self.content_offset + split + 1
        self.state.nested_parse(self.content[split + 1 :], offset, answer)
        question += answer
        return [question]


def visit_prediction(self, node: Prediction) -> None:
    data = {"data-kind": node["kind"], "data-within": str(node["within"])}
    if node["axes"]:
        data["data-axes"] = node["axes"]
    if node["on"]:
        data["data-on"] = node["on"]
    self.body.append(self.starttag(node, "div", CLASS="predict", **data))


def depart_prediction(self, node: Prediction) -> None:
    self.body.append("</div>\n")


def visit_answer(self, node: Answer) -> None:
    show, shown, *_ = WORDS[self.config.bilingual_language]
    self.body.append(
        f'<details class="disclosure answer"><summary><span class="closed">{show}</span>'
        f'<span class="opened">{shown}</span></summary>\n'
    )


def depart_answer(self, node: Answer) -> None:
    self.body.append("</details>\n")


def visit_value(self, node: Value) -> None:
    words = WORDS[self.config.bilingual_language][2]
    hidden = "" if node["told"] else ' hidden="hidden"'
    self.body.append(f'<p{hidden}>{words}<span class="predict-value">')


def depart_value(self, node: Value) -> None:
    self.body.append("</span>" + WORDS[self.config.bilingual_language][3] + "</p>\n")


def setup(app):
    app.add_directive("predict", Predict)
    app.add_node(Prediction, html=(visit_prediction, depart_prediction))
    app.add_node(Answer, html=(visit_answer, depart_answer))
    app.add_node(Value, html=(visit_value, depart_value))
