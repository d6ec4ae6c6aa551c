"""Words of the text in the colours of figures: ``{method}`` gives a method's words its own colour.

A page::

    {method}`momentum <momentum>`
"""

import re

from docutils import nodes

from gdcore.draw import METHODS


def method(name, rawtext, text, lineno, inliner, options=None, content=()):
    """Return words in the colour of a method: the role ``{method}`words <method>```."""
    match = re.fullmatch(r"(.+?)\s*<(\w+)>", text, re.DOTALL)
    if match is None or match[2] not in METHODS:
        message = inliner.reporter.error(
            f"{{method}}`words <name>` needs one of the names {', '.join(METHODS)}, "
            f"but `{text}` was given",
            line=lineno,
        )
        return [inliner.problematic(rawtext, rawtext, message)], [message]
    classes = ["letters", f"in-{METHODS[match[2]].color}"]
    return [nodes.inline(rawtext, match[1], classes=classes)], []


def setup(app):
    app.add_role("method", method)
