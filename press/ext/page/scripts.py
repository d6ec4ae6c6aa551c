"""Scripts that wait until the page is there, so that a slow line shows the text first.

Only `documentation_options.js` runs at once: a script within the page writes to what it defines.
The theme's own script gives way to page.js; that for tabs, which the book does not use, to none.
A page without a moving picture or a surface does without its script.
"""

import re

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


def setup(app):
    app.connect("html-page-context", defer, priority=900)
