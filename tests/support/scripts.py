"""The book's scripts as tests run them: in QuickJS, an engine that knows no page."""

import quickjs

from press.ext.figures.javascript import gdcore_js
from tests.support.book import ROOT

JS = ROOT / "_static" / "js"


def source(*names: str) -> str:
    """What is shared by all scripts, gdcore's formulas, and these of the kit or the explorer."""
    folders = (JS / "kit", JS / "explorer", JS / "instruments")
    files = [next(f for d in folders if (f := d / f"{name}.js").exists()) for name in names]
    shared, *others = (path.read_text(encoding="utf-8") for path in [JS / "book.js", *files])
    return "".join([shared, gdcore_js("en"), *others])


def engine(*names: str) -> quickjs.Context:
    context = quickjs.Context()
    context.eval(source(*names))
    return context
