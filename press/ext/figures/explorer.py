"""The explorer: ``{explorer}`` is a figure in which a reader tries the experiment at hand.

The figure is the landscape as gdcore draws it, so that without a script and in a notebook there is
a figure. The scripts in `_static/js/explorer/`, joined by instruments.py, put an instrument in its
place, whose landscape has the same levels. A page::

    ```{explorer}
    :objective: valley
    :start: -5, -2
    :descents: gradient_descent 0.4, momentum 0.4 0.5
    :name: fig-explore-valley
    {zh}`…` {en}`…`
    ```

The objective is one of two variables. ``:descents:`` names optimizers of gdcore, each with its
numbers in their order, the learning rate first; those left out are gdcore's. What else is left out
is the rule of the catalogue: its picture (the whole domain, if the start is not in it), its start,
its learning rate. The reader may turn to all other objectives.
"""

import json
import re
from dataclasses import replace
from io import StringIO
from typing import ClassVar

import numpy as np
from docutils import nodes
from docutils.parsers.rst.directives import choice, unchanged_required
from sphinx.util.docutils import SphinxDirective

from gdcore import OBJECTIVES, Objective, descend
from gdcore.draw import METHODS
from gdcore.draw.style import PIXEL
from gdcore.optimizers import OPTIMIZERS
from gdcore.trace import parameters
from press.ext.figures.catalogue import example, title
from press.ext.figures.compact_svg import compact
from press.ext.figures.inline_svg import elements, light
from press.ext.figures.instruments import needs
from press.ext.figures.javascript import LEVELS

STEPS = 100
SIZES = ("axes.labelsize", "axes.linewidth", "font.size", "lines.linewidth", "xtick.labelsize",
         "ytick.labelsize")  # fmt: skip
ALT = {
    "zh": "{}的等高线，上面可以移动起点，试验各种学习率。",
    "en": "{}: its contours, on which to move the start and try learning rates.",
}
TWO = tuple(name for name, objective in OBJECTIVES.items() if objective.dim == 2)


def drawn(objective: Objective, limits: list) -> str:
    """Draw an objective at equal scales; data-box says where on the drawing its axes lie."""
    from matplotlib import rc_context  # only here, for it takes half a second to import
    from matplotlib.figure import Figure

    from gdcore.draw import STYLE, landscape
    from gdcore.draw.pages import settle

    width = 374 / 72  # a unit of it is a pixel, so letters and lines have their sizes
    sizes = {name: STYLE[name] / PIXEL for name in SIZES}
    with rc_context(STYLE | sizes):
        across, up = (high - low for low, high in limits)
        height = 1.05 + (width - 0.75) * min(up / across, 1.1)
        figure = Figure(figsize=(width, height), dpi=72)
        ax = figure.subplots()
        ax.set_aspect("equal")
        landscape(objective, ax, limits, levels=LEVELS)
        settle(figure)
        drawing = saved(figure)
        box = ax.get_window_extent()
        view = [float(v) for v in (*ax.get_xlim(), *ax.get_ylim())]
    height = figure.get_figheight() * 72
    spot = [round(float(v), 2) for v in (box.x0, height - box.y1, box.width, box.height)]
    return noting(drawing, box=spot, view=view, objective=objective.name)


def saved(figure) -> str:
    file = StringIO()
    figure.savefig(file, format="svg", dpi=72, metadata={"Date": None})
    return file.getvalue()


def noting(svg: str, **data: object) -> str:
    """Note data in an SVG's root, for scripts."""
    noted = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return svg.replace("<svg", f"<svg{noted}", 1)


def with_paths(svg: str, objective: Objective, preset: dict) -> str:
    """Draw on a landscape where the descents go, for print and until the scripts take over."""
    left, top, width, height = json.loads(re.search(r'data-box="([^"]*)"', svg)[1])
    x_low, x_high, y_low, y_high = json.loads(re.search(r'data-view="([^"]*)"', svg)[1])
    still = f'<svg class="explorer-still" x="{left}" y="{top}" width="{width}" height="{height}" '
    still += f'viewBox="{left} {top} {width} {height}">'
    for name, numbers in preset["descents"].items():
        known = OPTIMIZERS[name]
        optimizer = replace(known, **dict(zip(parameters(known), numbers, strict=False)))
        across, up = descend(objective, optimizer, preset["start"], max_steps=STEPS).x.T
        with np.errstate(all="ignore"):
            xs = left + (across - x_low) / (x_high - x_low) * width
            ys = top + (y_high - up) / (y_high - y_low) * height
        spots = np.clip(np.nan_to_num(np.transpose([xs, ys]), nan=1e4), -1e4, 1e4)
        first, *others = (f"{x:.1f} {y:.1f}" for x, y in spots)
        color = f"var(--figure-{METHODS[name].color})"
        line = f'style="fill: none; stroke: {color}; stroke-width: 1.6"/>'
        still += f'<path d="M{"L".join([first, *others])}" {line}'
        still += f'<path d="{"".join(f"M{spot}h0" for spot in others)}" '
        still += f'style="stroke: {color}; stroke-width: 5; stroke-linecap: round"/>'
        x, y = first.split()
        still += f'<circle cx="{x}" cy="{y}" r="5.5" {line}'
    end = svg.rindex("</svg>")
    return f"{svg[:end]}{still}</svg>\n{svg[end:]}"


def point(text: str) -> list[float]:
    x, y = map(float, text.split(","))
    return [x, y]


def descents(text: str) -> dict[str, list[float]]:
    """Read names of optimizers, each with its numbers; those left out are gdcore's."""
    chosen = {}
    for words in text.split(","):
        name, *numbers = words.split()
        usual = parameters(OPTIMIZERS[choice(name, tuple(OPTIMIZERS))]).values()
        chosen[name] = [*map(float, numbers), *list(usual)[len(numbers) :]]
    return chosen


class Explorer(SphinxDirective):
    """``{explorer}``: a figure to try things in; its content is the caption."""

    has_content = True
    option_spec: ClassVar = {
        "objective": lambda name: choice(name, TWO),
        "start": point,
        "descents": descents,
        "name": unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        lang, given = self.config.bilingual_language, self.options
        objective = OBJECTIVES[given.get("objective", "himmelblau")]
        limits, start, rate = example(objective)
        preset = {"objective": objective.name, "start": given.get("start", start), "steps": STEPS}
        preset["descents"] = given.get("descents", {"gradient_descent": [rate]})
        spot = zip(preset["start"], limits, strict=True)
        if not all(low <= x <= high for x, (low, high) in spot):
            limits = objective.domain
        drawing = light(compact(drawn(objective, limits)))
        prefix = f"explorer{self.env.new_serialno('explorer')}-"
        [svg] = elements(drawing, ALT[lang].format(title(objective, lang)), prefix, set())
        svg = with_paths(svg, objective, preset)
        html = f"<div class=\"explorer\" data-preset='{json.dumps(preset)}'>{svg}</div>"
        classes = ["explorer-figure", "full-width"]  # the contents beside it yield (page.js)
        caption = nodes.caption("", "", *self.parse_inline("\n".join(self.content))[0])
        figure = nodes.figure("", nodes.raw("", html, format="html"), caption, classes=classes)
        self.set_source_info(figure)
        self.set_source_info(caption)
        self.add_name(figure)
        needs(self.env, "explorer")
        return [figure]


def setup(app):
    app.add_directive("explorer", Explorer)
