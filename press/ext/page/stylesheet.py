"""One stylesheet, `_static/style.css`: of the theme's rules and icons, those the book's pages use.

What only the explorer or the front page wears stands apart, for the page that has it.

The theme asks for nine stylesheets with all of Bootstrap in them, and for 1.5 MB of script that
draws the icons of Font Awesome. A page of the book shows a tenth of those rules and nine icons,
which `_static/icons.css` has, so that they need no script. What no page shows is left out by its
class: a rule stays if each class it names stands in a page, or in a script that a page loads.
"""

import re
from itertools import groupby, pairwise
from pathlib import Path

import tinycss2
from sphinx.errors import ExtensionError

from gdcore.draw.style import css_variables
from press.fresh import ROOT, hash_of

STYLE = "style.css"
MADE_OF = "press/ext/page/stylesheet.py", "gdcore/draw/style.py", "requirements.lock"
MADE_OF += ("_static/**/*.css",)
APART = {"explorer.css": 'data-name="explorer"', "front.css": 'class="relief"'}  # what asks for it
THEME = ("basic.css", "styles/pydata-sphinx-theme.css")  # what its template links by itself
SCRIPTS = ("*.js", "js/*.js", "scripts/sphinx*.js")  # what pages load, and own.js
ICONS = "/vendor/fontawesome/"  # the fonts of its icons
URL = re.compile(r"""url\((?!["']?(?:data:|#))["']?""")  # the beginning of a file's address
VARIABLE = re.compile(r"""(--[\w-]+)\s*:(?:"[^"]*"|'[^']*'|\([^()]*\)|[^;{}"'()])*(?:;|(?=\}))""")


def link_one_stylesheet(app, page, template, context, doctree) -> None:
    """Let a page ask for the one stylesheet instead of its parts."""
    digest, body = hash_of(ROOT, *MADE_OF)[:8], context.get("body", "")
    asked = [STYLE, *(name for name, part in APART.items() if part in body)]
    context["css_files"] = []
    context["stylesheets"] = [f"_static/{name}?v={digest}" for name in asked]


def write_stylesheet(app, exception) -> None:
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    used = classes(Path(app.outdir), static)
    sheets = [str(sheet.filename).removeprefix("_static/") for sheet in app.builder._css_files]
    rules = ["/* Made of the theme's and the book's stylesheets. */", css_variables()]
    for name in ["icons.css", *THEME, *sheets]:
        css = (static / name).read_text(encoding="utf-8")
        parsed = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        found = URL.sub(rf"\g<0>{name[: name.rfind('/') + 1]}", kept(parsed, used))
        if name in APART:
            used.update(re.findall(r"--[\w-]+", found))
            (static / name).write_text(short(found), encoding="utf-8")
        else:
            rules.append(found)
    css = without_unused_variables("\n".join(rules), used)
    (static / STYLE).write_text(short(css), encoding="utf-8")


def short(css: str) -> str:
    """Return a style without the spaces that are for people only."""
    return re.sub(r":\s+", ":", re.sub(r"\s*([{};,])\s*", r"\1", css))


def classes(html: Path, static: Path) -> set[str]:
    """Return the classes and variables that stand in pages, and every word of their scripts."""
    pages = "".join(page.read_text(encoding="utf-8") for page in html.rglob("*.html"))
    used = {*" ".join(re.findall(r' class="([^"]*)"', pages)).split()}
    used.update(re.findall(r"--[\w-]+", pages))
    for script in (file for names in SCRIPTS for file in static.glob(names)):
        used.update(re.findall(r"[\w-]+", script.read_text(encoding="utf-8")))
    return used


def kept(rules: list, used: set[str]) -> str:
    """Return the rules that a page with these classes can use, as text."""
    text = []
    for rule in rules:
        if rule.type == "error":
            raise ExtensionError(f"A stylesheet cannot be read: {rule.message}")
        if rule.type == "qualified-rule":
            selectors = [s for s in split(rule.prelude) if named(s) <= used]
            asked_for, prelude = bool(selectors), ",".join(map(written, selectors))
        else:
            asked_for = rule.lower_at_keyword not in ("charset", "import")
            prelude = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
        inside = body(rule, used) if asked_for else ""
        if inside and ICONS not in inside:
            text.append(f"{prelude}{{{inside}}}")
    return "\n".join(text)


def body(rule, used: set[str]) -> str:
    """Return what a rule holds: declarations, or rules of its own, of these those kept."""
    if getattr(rule, "lower_at_keyword", "") not in ("media", "supports"):
        return written(rule.content)
    inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
    return kept(inner, used)


def written(tokens: list) -> str:
    return tinycss2.serialize([t for t in tokens if t.type != "comment"]).strip()


def split(prelude: list) -> list[list]:
    """Split a rule's prelude at its commas into selectors."""
    parts = groupby(prelude, lambda token: token == ",")
    return [list(tokens) for is_comma, tokens in parts if not is_comma]


def named(selector: list) -> set[str]:
    """Return the classes a selector asks for; those in :not() and its like it does not."""
    return {name.value for dot, name in pairwise(selector) if dot == "." and name.type == "ident"}


def without_unused_variables(css: str, used: set[str]) -> str:
    """Leave out what nothing asks for, and what only that asks for; scripts ask for any color."""
    asked = used | set(re.findall(r"var\(\s*(--[\w-]+)", css))

    def wanted(found: re.Match) -> str:
        return found[0] if found[1] in asked or found[1].startswith("--figure-") else ""

    fewer = VARIABLE.sub(wanted, css)
    return css if fewer == css else without_unused_variables(fewer, used)


def setup(app):
    app.connect("html-page-context", link_one_stylesheet, priority=900)
    app.connect("build-finished", write_stylesheet, priority=900)  # the theme writes one there too
