"""Docstrings name each idea in English and, once, in Chinese: gradient descent（梯度下降）.

The Chinese reference shows both; the English one leaves out what stands in full-width parentheses.
"""

import re

GLOSS = re.compile(r"（[^）]*）(?P<letter>(?=\w))?")


def leave_out_glosses(app, what, name, obj, options, lines: list[str]) -> None:
    if app.config.bilingual_language == "en":
        text = GLOSS.sub(lambda m: "" if m["letter"] is None else " ", "\n".join(lines))
        lines[:] = text.split("\n")


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", leave_out_glosses)
