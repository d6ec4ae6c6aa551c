"""Scripts that wait until the page is there, so that a slow line shows the text first.

Only `documentation_options.js` runs at once: a script within the page writes to what it defines.
The theme's own script gives way to page.js; that for tabs, which the book does not use, to none.
A page without a moving picture or a surface does without its script. The book's scripts go out
without their comments, in which their types stand.
"""

import json
import re
from pathlib import Path

UNUSED = ("_static/design-tabs.js", "_static/scripts/sphinx-book-theme.js")
AT_ONCE = "_static/documentation_options.js"
LAST = "_static/sphinx_highlight.js"  # it speaks as it runs, and needs its translations
# What the page asks for: at a click, and to mark words that a search has found.
ASKED = ("_static/js/python.js", "_static/doctools.js", "_static/translations.js", LAST)
FOR = {  # what on a page asks for a script
    "_static/js/editor.js": 'class="(run|exercise)"',
    "_static/js/exercise.js": 'class="exercise"',
    "_static/js/player.js": 'class="player"',
    "_static/js/predict.js": 'class="predict"',
    "_static/js/progress.js": "data-exercises=",
    "_static/js/python.js": 'class="(run|exercise)"|data-name="explorer"',
    "_static/js/recall.js": 'class="disclosure recall"',
    "_static/js/run.js": 'class="run"',
    "_static/js/search.js": 'id="search-results"',
    "_static/js/surface.js": "data-surface=",
}
DOC = r"/\*\*(?:(?!\*/)(?s:.))*\*/"
COMMENT = re.compile(rf"^[ \t]*(?://.*|{DOC})\n|{DOC}[ ]?|[ \t]+// .*$", re.MULTILINE)


def without_comments(script: str) -> str:
    return COMMENT.sub("", script)


def beside(app, script: str, event: str, detail: object) -> None:
    """Write a script that stands beside a page and hands it something, as an event.

    A page opened from disk may not read another file, but it may run a script.
    """
    told = json.dumps(detail, ensure_ascii=False)
    file = Path(app.outdir, script)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(f'dispatchEvent(new CustomEvent("{event}", {{ detail: {told} }}));\n'.encode())


def defer(app, page, template, context, doctree) -> None:
    if page == "search":  # which runs its own in order
        return
    body, files = context.get("body", ""), []
    for script in context["script_files"]:
        name, attributes = script.filename, dict(script.attributes)
        if name and name != AT_ONCE:
            attributes["defer"] = "defer"
        if name in ASKED:
            attributes["type"] = "asked"
        if name not in UNUSED and re.search(FOR.get(name, ""), body):
            # Sphinx puts them in the order of their priorities.
            priority = 900 if name == LAST else script.priority
            files.append(type(script)(name, priority=priority, **attributes))
    context["script_files"] = files


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
    app.connect("html-page-context", defer, priority=900)
    app.connect("build-finished", rewrite)
