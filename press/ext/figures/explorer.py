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

``:descents:`` names optimizers of gdcore, each with its numbers in their order, the learning rate
first. What is left out is the rule of the catalogue: its picture (the whole domain, if the start is
not in it), its start, its learning rate. The reader may turn to all other objectives.
"""

import hashlib
import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
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
from press.ext.figures.inline_svg import inline, light
from press.ext.figures.instruments import needs
from press.ext.figures.javascript import LEVELS, RUNNERS, rates
from press.fresh import drawings_folder
from press.kept_files import write

STEPS = 100
SIZES = ("axes.labelsize", "axes.linewidth", "font.size", "lines.linewidth", "xtick.labelsize",
         "ytick.labelsize")  # fmt: skip
ALT = {
    "zh": "{title}的{shape}，上面可以移动起点，试验各种学习率。",
    "en": "{title}: {shape}, on which to move the start and try learning rates.",
}
SHAPES = {"zh": ("曲线", "等高线"), "en": ("its curve", "its contours")}


def drawn(objective: Objective, limits: list) -> str:
    """Draw an objective at equal scales; data-box says where on the drawing its axes lie."""
    from matplotlib import rc_context  # only here, for it takes half a second to import
    from matplotlib.figure import Figure

    from gdcore.draw import STYLE, landscape
    from gdcore.draw.pages import settle

    width = 374 / 72  # a unit of it is a pixel, so letters and lines have their sizes
    sizes = {name: STYLE[name] / PIXEL for name in SIZES}
    with rc_context(STYLE | sizes):
        across, *up = (high - low for low, high in limits)
        height = 1.05 + (width - 0.75) * min(up[0] / across, 1.1) if up else 3.6
        figure = Figure(figsize=(width, height), dpi=72)
        ax = figure.subplots()
        if up:
            ax.set_aspect("equal")
        else:
            ax.set_xlim(limits[0])
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
    chosen = preset["descents"] or {"gradient_descent": [rates(objective)["gradient_descent"]]}
    still = f'<svg class="explorer-still" x="{left}" y="{top}" width="{width}" height="{height}" '
    still += f'viewBox="{left} {top} {width} {height}">'
    for name, numbers in chosen.items():
        known = OPTIMIZERS[name]
        optimizer = replace(known, **dict(zip(parameters(known), numbers, strict=False)))
        x0 = preset["start"] if objective.dim > 1 else preset["start"][0]
        run = descend(objective, optimizer, x0, max_steps=STEPS)
        across, up = run.x.T if objective.dim == 2 else (run.x[:, 0], run.f)
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


def landscape_svg(objective: Objective, lang: str, limits: list, prefix: str, kept_in: Path) -> str:
    """Return the element with an objective's drawing, which is drawn once for all pages."""
    limits = [tuple(map(float, interval)) for interval in limits]
    key = hashlib.sha256(f"{objective.name} {limits}".encode())
    file = kept_in / f"{key.hexdigest()[:32]}.svg"
    if not file.exists():
        write(compact(drawn(objective, limits)).encode(), file)
    alt = ALT[lang].format(title=title(objective, lang), shape=SHAPES[lang][objective.dim - 1])
    return inline(light(file.read_text(encoding="utf-8")), alt, prefix, set())


class Explorer(SphinxDirective):
    """``{explorer}``: a figure to try things in; its content is the caption."""

    has_content = True
    option_spec: ClassVar = dict.fromkeys(("descents", "name", "start"), unchanged_required)
    option_spec["objective"] = lambda name: choice(name, tuple(OBJECTIVES))

    def run(self) -> list[nodes.Node]:
        lang = self.config.bilingual_language
        objective = OBJECTIVES[self.options.get("objective", "himmelblau")]
        number = self.env.new_serialno("explorer")
        limits, start, _ = example(objective)
        if "start" in self.options:
            start = self.numbers(self.options["start"].replace(",", " "), objective.dim)
        inside = all(low <= x <= high for x, (low, high) in zip(start, limits, strict=True))
        limits = limits if inside else objective.domain
        folder = drawings_folder(Path(self.env.srcdir))
        svg = landscape_svg(objective, lang, limits, f"explorer{number}-", folder)
        preset = {"objective": objective.name, "start": start, "steps": STEPS}
        preset["descents"] = self.descents()
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

    def descents(self) -> dict[str, list[float]] | None:
        if "descents" not in self.options:
            return None
        chosen = {}
        for words in self.options["descents"].split(","):
            name, *numbers = words.split()
            if name not in RUNNERS:
                raise self.error(f"{name!r} is not one of the optimizers {', '.join(RUNNERS)}")
            defaults = list(parameters(OPTIMIZERS[name]).values())
            given = self.numbers(" ".join(numbers), None)
            chosen[name] = given + defaults[len(given) :]
        return chosen

    def numbers(self, text: str, count: int | None) -> list[float]:
        try:
            numbers = [float(word) for word in text.split()]
        except ValueError as error:
            raise self.error(f"{text!r} should be numbers; {error}") from error
        if count is not None and len(numbers) != count:
            raise self.error(f"{text!r} should be {count} numbers")
        return numbers


def setup(app):
    app.add_directive("explorer", Explorer)
