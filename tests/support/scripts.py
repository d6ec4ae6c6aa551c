"""The book's scripts as tests run them: in QuickJS, an engine that knows no page."""

from dataclasses import replace

import quickjs

from gdcore.optimizers import OPTIMIZERS
from gdcore.trace import parameters
from press.ext.figures.javascript import gdcore_js
from tests.support.book import ROOT

JS = ROOT / "_static" / "js"


def source(*names: str) -> str:
    """What is shared by all scripts, gdcore's formulas, and these of the kit or the explorer."""
    folders = tuple(JS / name for name in ("kit", "explorer", "own", "instruments"))
    files = [next(f for d in folders if (f := d / f"{name}.js").exists()) for name in names]
    shared, *others = (path.read_text(encoding="utf-8") for path in [JS / "book.js", *files])
    return "".join([shared, gdcore_js("en"), *others])


def engine(*names: str) -> quickjs.Context:
    context = quickjs.Context()
    context.eval(source(*names))
    return context


def tuned(runner: str, numbers):
    """An optimizer of gdcore with these numbers, in the order in which the scripts have them."""
    known = OPTIMIZERS[runner]
    return replace(known, **dict(zip(parameters(known), numbers, strict=True)))
