"""Scripts that wait until the page is there, so that a slow line shows the text first.

Only `documentation_options.js` runs at once: a script within the page writes to what it defines.
The theme's own script gives way to page.js; that for tabs, which the book does not use, to none.
The book's scripts go out without their comments: an eighth of the bytes of an explorer.
"""

import re
from copy import deepcopy
from pathlib import Path

UNUSED = ("_static/design-tabs.js", "_static/scripts/sphinx-book-theme.js")
AT_ONCE = "_static/documentation_options.js"
COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)  # on a line of its own


def defer(app, page, template, context, doctree) -> None:
    if app.builder.format != "html" or page == "search":  # the search page runs its own in order
        return
    files = [deepcopy(s) for s in context["script_files"] if s.filename not in UNUSED]
    for script in files:
        if script.filename and script.filename != AT_ONCE:
            script.attributes["defer"] = "defer"
    context["script_files"] = files


def leave_comments_out(app, exception) -> None:
    """Write the book's scripts, which Sphinx has copied, once more."""
    for script in Path(app.srcdir, "_static", "js").glob("[!.]*.js"):
        copy = Path(app.outdir, "_static", "js", script.name)
        if copy.exists():
            copy.write_text(COMMENT.sub("", script.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app):
    app.connect("html-page-context", defer, priority=900)
    app.connect("build-finished", leave_comments_out)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
