"""What scripts hold: the book's own without their comments, others what a page hands to them.

In the comments of the book's scripts their types stand. A page that is opened from disk may read no
file, but it may run a script: so what waits beside a page stands in one.
"""

import json
import re
from pathlib import Path

DOC = r"/\*\*(?:(?!\*/)(?s:.))*\*/"
COMMENT = re.compile(rf"^[ \t]*(?://.*|{DOC})\n|{DOC}[ ]?|[ \t]+// .*$", re.MULTILINE)


def without_comments(script: str) -> str:
    return COMMENT.sub("", script)


def beside(app, script: str, event: str, detail: object) -> None:
    """Write a script that stands beside a page and hands it something, as an event."""
    told = json.dumps(detail, ensure_ascii=False)
    file = Path(app.outdir, script)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(f'dispatchEvent(new CustomEvent("{event}", {{ detail: {told} }}));\n'.encode())


# To choose plurals Sphinx makes a function of a text, which a page may not that is served strictly.
# Only Chinese pages have such a file, and in Chinese every number takes the same word.
ADDED = (
    "Documentation.addTranslations(",
    "(({ messages }) => Object.assign(Documentation, "
    "{ TRANSLATIONS: messages, PLURAL_EXPR: () => 0 }))(",
)


def rewrite(app, exception) -> None:
    """Write the book's scripts, which Sphinx has copied, without their comments; and its words."""
    words = Path(app.outdir, "_static", "translations.js")
    if words.exists():
        text = words.read_text(encoding="utf-8")
        words.write_text(text.replace(*ADDED), encoding="utf-8")
    for script in Path(app.srcdir, "_static", "js").glob("[!.]*.js"):
        copy = Path(app.outdir, "_static", "js", script.name)
        if copy.exists():
            text = without_comments(script.read_text(encoding="utf-8"))
            copy.write_text(text, encoding="utf-8")


def setup(app):
    app.connect("build-finished", rewrite)
