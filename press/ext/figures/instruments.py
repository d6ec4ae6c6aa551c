"""Instruments: ``{instrument}`` makes a figure alive, one idea each.

The figure is that of a cell, which stands there without a script, on paper and in notebooks. Once
the reader nears it, `_static/js/instruments/NAME.js` takes its place, made of the kit in
`_static/js/kit/`. The content says how to use it, and stands only where it can be used::

    ```{instrument} cobweb
    :figure: fig-cobweb
    :values: rates, ends
    {zh}`…` {en}`…`
    ```

``:values:`` names what cells of the page glued for it: numbers, lists, dicts. A script's first
lines say what it uses of gdcore and of the kit, as in ``// Uses parabola, momentum, outcomes.``:
its copy in the built book begins with it; with ``hess`` objectives of one variable bring their
second derivative. The explorer uses all there is; the relief on the front page is loaded alike.
"""

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar
from xml.sax.saxutils import quoteattr

from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.ext.glue.utils import RetrievalError, retrieve_glue_data
from sphinx.util.docutils import SphinxDirective

from gdcore import OBJECTIVES
from gdcore.translate import objective_python
from press.ext.figures.javascript import as_json, gdcore_js
from press.ext.page.script_files import without_comments

# Scripts in their order: each may use those before it.
KIT = ("numbers", "descend", "geometry", "hands", "kit")
WORDS = ("outcomes", "standing", "methods", "own", "words")
EXPLORER = ("forces", "thin", "state", "address", "chart", "terrain", "basin-map", "picture")
EXPLORER += ("controls",)
# What is the reader's own, in _static/js/own, is asked for when it is wanted.
OWN = ("field", "optimizer", "explorer", "race")
OWN_OBJECTIVE = ("field", "tape", "facts", "objective")
INDENT = re.compile(r"^ +", re.MULTILINE)
USES = re.compile(r"^// .*?\bUses ([\w, \n/]+)\.$", re.MULTILINE)


def needs(env, name: str) -> None:
    """Note that a page needs a script, which page.js asks for when the reader is near."""
    env.metadata[env.docname].setdefault("instruments", []).append(name)


class Instrument(SphinxDirective):
    """``{instrument} NAME``: what makes a figure alive; its content says how to use it."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "figure": directives.unchanged_required,
        "values": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        [name] = self.arguments
        if not script(Path(self.env.srcdir), name).exists():
            raise self.error(f"There is no _static/js/instruments/{name}.js for this instrument")
        if "figure" not in self.options:
            raise self.error("An instrument asks for :figure:, the name of what it makes alive")
        needs(self.env, name)
        data = {"name": name, "figure": self.options["figure"], "values": as_json(self.values())}
        attributes = " ".join(f"data-{key}={quoteattr(value)}" for key, value in data.items())
        words, messages = self.parse_inline("\n".join(self.content))
        self.set_source_info(how := nodes.paragraph("", "", *words))
        opening = f'<div class="instrument" {attributes}>'
        return [
            nodes.raw("", opening, format="html"),
            nodes.container("", how, classes=["instrument-how"]),
            nodes.raw("", "</div>", format="html"),
            *messages,
        ]

    def values(self) -> dict[str, object]:
        keys = [key.strip() for key in self.options.get("values", "").split(",") if key.strip()]
        try:
            glued = {key: retrieve_glue_data(self.state.document, key).data for key in keys}
            return {key: ast.literal_eval(data["text/plain"]) for key, data in glued.items()}
        except (RetrievalError, ValueError, SyntaxError) as error:
            raise self.error(
                f":values: names what cells glue, as numbers, texts, lists or dicts; {error}"
            ) from error


def script(root: Path, name: str) -> Path:
    return root / "_static" / "js" / "instruments" / f"{name}.js"


def joined(root: Path, name: str, lang: str) -> str:
    """Return a script with all that it uses: of gdcore, and of the kit."""
    js = root / "_static" / "js"
    if name == "explorer":
        parts = [js / "kit" / f"{part}.js" for part in (*KIT[:-1], *WORDS)]
        parts += [js / "explorer" / f"{part}.js" for part in EXPLORER]
        return gdcore_js(lang) + texts([*parts, script(root, name)])
    if name == "own":
        objectives = {name: objective_python(one) for name, one in OBJECTIVES.items()}
        formulas = f"Object.assign(book.own.OBJECTIVES,{as_json(objectives)});\n"
        parts = [js / "own" / f"{part}.js" for part in OWN]
        return texts(parts[:2]) + formulas + texts(parts[2:])
    if name == "own-objective":
        return texts(js / "own" / f"{part}.js" for part in OWN_OBJECTIVE)
    if name == "kit":
        return texts(js / "kit" / f"{part}.js" for part in KIT)
    path = script(root, name)
    found = USES.search(path.read_text(encoding="utf-8"))
    used = re.split(r"[,\s/]+", found[1]) if found else []
    parts = [js / "kit" / f"{part}.js" for part in used if (js / "kit" / f"{part}.js").exists()]
    return (gdcore_js(lang, used) if used else "") + texts([*parts, path])


def texts(paths: Iterable[Path]) -> str:
    return "".join(without_comments(path.read_text(encoding="utf-8")) for path in paths)


def write_scripts(app, builder) -> None:
    """Join the scripts: one is asked for sooner, and packs smaller, than twelve.

    What is the reader's own has Python in it and keeps its indentation; the others go out without.
    """
    if app.builder.format != "html":
        return
    root = Path(app.srcdir)
    instruments = sorted((root / "_static" / "js" / "instruments").glob("*.js"))
    own = ("own", "own-objective") if (root / "_static" / "js" / "own").exists() else ()
    for name in ("kit", *own, *(path.stem for path in instruments)):
        path = Path(app.outdir, "_static", "js", f"{name}.js")
        path.parent.mkdir(parents=True, exist_ok=True)
        text = joined(root, name, app.config.bilingual_language)
        flat = text if name in own else INDENT.sub("", text)
        path.write_text(flat, encoding="utf-8")


def load_scripts(app, page, template, context, doctree) -> None:
    """Tell a page which scripts its instruments need."""
    names = app.env.metadata.get(page, {}).get("instruments", [])
    kit = ["kit"] if {*names} - {"explorer"} else []  # the explorer has what it uses of it
    for name in dict.fromkeys([*kit, *names]):
        app.add_js_file(f"js/{name}.js", type="later")


def setup(app):
    app.add_directive("instrument", Instrument)
    app.connect("write-started", write_scripts)  # pages are told their hashes
    app.connect("html-page-context", load_scripts)
