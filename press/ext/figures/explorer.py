"""The explorer: ``{explorer}`` is a figure in which a reader tries the experiment at hand.

The figure is the landscape as gdcore draws it, so that without a script and in a notebook there is
a figure. The scripts in `_static/js/explorer/` put an instrument in its place, whose landscape has
the same levels. Here they are joined, behind gdcore's formulas (see javascript.py). A page::

    ```{explorer}
    :objective: valley
    :start: -5, -2
    :descents: gradient_descent 0.4, momentum 0.4 0.5
    :steps: 40
    :name: fig-explore-valley
    {zh}`…` {en}`…`
    ```

``:descents:`` names optimizers of gdcore, each with its numbers in their order, the learning rate
first; ``:noise:`` is the standard deviation of the gradient's noise. With ``:any:`` the reader may
choose among all objectives. What is left out is the rule of the catalogue: its picture (the whole
domain, if the start is not in it), its start, its learning rate.
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
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from gdcore import OBJECTIVES, Objective, descend
from gdcore.checks import nonnegative
from gdcore.draw import BASINS, METHODS
from gdcore.draw.style import PIXEL
from gdcore.optimizers import OPTIMIZERS
from gdcore.trace import parameters
from press.ext.figures.catalogue import example, title
from press.ext.figures.compact_svg import compact
from press.ext.figures.inline_svg import inline, light
from press.ext.figures.javascript import as_json, objective_js, optimizer_js
from press.ext.page.scripts import without_comments
from press.fresh import drawings_folder
from press.kept_files import write

# The explorer's scripts in their order: each may use those before it.
SCRIPTS = (
    *("numbers", "descend", "outcomes", "forces", "state", "address", "words", "geometry", "thin"),
    *("chart", "terrain", "basin-map", "picture", "controls", "explorer"),
)
RUNNERS = tuple(OPTIMIZERS)
LEVELS = 10  # contours of a landscape
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
        if objective.dim == 1:
            figure = Figure(figsize=(width, 3.6), dpi=72)
            ax = figure.subplots()
            ax.set_xlim(limits[0])
        else:
            across, up = (high - low for low, high in limits)
            height = 1.05 + (width - 0.75) * min(up / across, 1.1)
            figure = Figure(figsize=(width, height), dpi=72)
            ax = figure.subplots()
            ax.set_aspect("equal")
        landscape(objective, ax, limits, levels=LEVELS)
        settle(figure)
        file = StringIO()
        figure.savefig(file, format="svg", dpi=72, metadata={"Date": None})
        box = ax.get_window_extent()
        view = [float(v) for v in (*ax.get_xlim(), *ax.get_ylim())]
    height = figure.get_figheight() * 72
    spot = [round(float(v), 2) for v in (box.x0, height - box.y1, box.width, box.height)]
    data = f'<svg data-box="{spot}" data-view="{view}" data-objective="{objective.name}"'
    return file.getvalue().replace("<svg", data, 1)


def with_paths(svg: str, objective: Objective, preset: dict) -> str:
    """Draw on a landscape where the descents go, for print and until the scripts take over."""
    left, top, width, height = json.loads(re.search(r'data-box="([^"]*)"', svg)[1])
    x_low, x_high, y_low, y_high = json.loads(re.search(r'data-view="([^"]*)"', svg)[1])
    chosen = preset["descents"] or {"gradient_descent": [rates(objective)["gradient_descent"]]}
    parts = []
    for name, numbers in chosen.items():
        known = OPTIMIZERS[name]
        optimizer = replace(known, **dict(zip(parameters(known), numbers, strict=False)))
        x0 = preset["start"] if objective.dim > 1 else preset["start"][0]
        run = descend(objective, optimizer, x0, max_steps=preset["steps"])
        across, up = run.x.T if objective.dim == 2 else (run.x[:, 0], run.f)
        with np.errstate(all="ignore"):
            spots = np.array(
                [
                    left + (across - x_low) / (x_high - x_low) * width,
                    top + (y_high - up) / (y_high - y_low) * height,
                ]
            )
        spots = np.clip(np.nan_to_num(spots.T, nan=1e4), -1e4, 1e4)
        color = f"var(--figure-{METHODS[name].color})"
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
        dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in spots[1:])
        x, y = spots[0]
        parts.append(
            f'<path d="M{way}" style="fill: none; stroke: {color}; '
            'stroke-width: 1.6"/>'
            f'<path d="{dots}" style="stroke: {color}; stroke-width: 5; '
            'stroke-linecap: round"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" '
            f'style="fill: none; stroke: {color}; stroke-width: 1.6"/>'
        )
    still = (
        f'<svg class="explorer-still" x="{left}" y="{top}" width="{width}" height="{height}" '
        f'viewBox="{left} {top} {width} {height}">{"".join(parts)}</svg>\n'
    )
    end = svg.rindex("</svg>")
    return svg[:end] + still + svg[end:]


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
    option_spec: ClassVar = {
        "any": directives.flag,
        "descents": directives.unchanged_required,
        "name": directives.unchanged_required,
        "noise": lambda text: nonnegative("noise", float(text)),
        "objective": lambda name: directives.choice(name, tuple(OBJECTIVES)),
        "start": directives.unchanged_required,
        "steps": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        lang = self.config.bilingual_language
        objective = OBJECTIVES[self.options.get("objective", "himmelblau")]
        number = self.env.new_serialno("explorer")
        limits, start, _ = example(objective)
        if "start" in self.options:
            start = self.numbers(self.options["start"].replace(",", " "), objective.dim)
        inside = all(low <= x <= high for x, (low, high) in zip(start, limits, strict=True))
        svg = landscape_svg(
            objective,
            lang,
            limits if inside else objective.domain,
            f"explorer{number}-",
            drawings_folder(Path(self.env.srcdir)),
        )
        preset = {
            "any": "any" in self.options,
            "objective": objective.name,
            "start": start,
            "steps": self.options.get("steps", STEPS),
            "noise": self.options.get("noise", 0),
            "descents": self.descents(),
        }
        if not preset["noise"]:
            svg = with_paths(svg, objective, preset)
        html = f"<div class=\"explorer\" data-preset='{json.dumps(preset)}'>{svg}</div>"
        figure = nodes.figure("", nodes.raw("", html, format="html"), classes=["explorer-figure"])
        caption = nodes.caption("", "", *self.parse_inline("\n".join(self.content))[0])
        figure += caption
        self.set_source_info(figure)
        self.set_source_info(caption)
        self.add_name(figure)
        self.env.metadata[self.env.docname]["explorer"] = True
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


def rates(objective: Objective) -> dict[str, float]:
    """Learning rates to begin with: the catalogue's, or a part of the picture's width a step."""
    limits, _, rate = example(objective)
    width = limits[0][1] - limits[0][0]
    chosen = {
        "gradient_descent": rate,
        "momentum": 0.2 * rate,
        "nesterov": 0.2 * rate,
        "adagrad": 0.1 * width,
        "rmsprop": 0.01 * width,
        "adadelta": 1.0,
        "adam": 0.02 * width,
        "adamw": 0.02 * width,
        "lion": 0.01 * width,
    }
    return {name: float(f"{value:.2g}") for name, value in chosen.items()}


def curvatures(objective: Objective, minimizer: tuple[float, ...]) -> list[float] | None:
    """Return the least and the greatest curvature at a minimizer, or None where there is none.

    They are eigenvalues of gdcore's Hessian or, where it gives none, of differences of its
    gradient, which at the tip of a cone depend on how far apart the points are.
    """
    x = np.array(minimizer)

    def differences(h: float) -> np.ndarray:
        steps = h * np.eye(len(x))
        return np.array([(objective.grad(x + s) - objective.grad(x - s)) / (2 * h) for s in steps])

    if objective.hess is not None:
        hessian = objective.hess(x)
    elif np.allclose(hessian := differences(1e-5), differences(1e-4), rtol=1e-4):
        hessian = (hessian + hessian.T) / 2
    else:
        return None
    values = np.linalg.eigvalsh(hessian)
    # Seven digits, for the last ones differ from one processor to the next.
    return [float(f"{value:.7g}") for value in (values[0], values[-1])] if values[0] > 0 else None


def contours(objective: Objective) -> list[float]:
    """Return the levels at which gdcore draws an objective's contours in its picture."""
    from matplotlib.figure import Figure  # only here, for it takes half a second to import

    from gdcore.draw import landscape

    if objective.dim == 1:
        return []
    [lines] = landscape(objective, Figure().subplots(), example(objective)[0], levels=LEVELS)
    return [float(f"{level:.7g}") for level in lines.levels]


def facts(objective: Objective, lang: str) -> dict:
    """Return what the explorer knows of an objective besides its formulas."""
    limits, start, _ = example(objective)
    minimizers = [*objective.minimizers, *objective.local_minimizers]
    return {
        "title": title(objective, lang),
        "dim": objective.dim,
        "limits": limits,
        "levels": contours(objective),
        "start": start,
        "rates": rates(objective),
        "minimizers": minimizers,
        "curvatures": [curvatures(objective, minimizer) for minimizer in minimizers],
        "minimum": objective.minimum,
    }


def gdcore_js(lang: str) -> str:
    """Return gdcore's objectives, optimizers and colours as a script."""
    objectives = ",\n".join(
        f"{o.name}:{{...{as_json(facts(o, lang))},\nrun:{objective_js(o)}}}"
        for o in OBJECTIVES.values()
    )
    optimizers = ",\n".join(
        f'{name}:{{...{{"parameters":{as_json(parameters(OPTIMIZERS[name]))}}},'
        f"...{optimizer_js(OPTIMIZERS[name])}}}"
        for name in RUNNERS
    )
    looks = {name: [METHODS[name].color, METHODS[name].dash] for name in RUNNERS}
    return (
        "// Written by press: the formulas of gdcore, operation by operation.\nbook.gdcore={\n"
        f"OBJECTIVES:{{{objectives}}},\nOPTIMIZERS:{{{optimizers}}},\n"
        f"METHOD_LOOKS:{as_json(looks)},\n"
        f"BASIN_COLORS:{as_json([basin.color for basin in BASINS])}}};\n"
    )


def write_script(app, builder) -> None:
    """Join the explorer's scripts: one is asked for sooner, and packs smaller, than twelve."""
    if app.builder.format == "html":
        sources = [Path(app.srcdir, "_static", "js", "explorer", f"{name}.js") for name in SCRIPTS]
        texts = [without_comments(source.read_text(encoding="utf-8")) for source in sources]
        path = Path(app.outdir, "_static", "js", "explorer.js")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(gdcore_js(app.config.bilingual_language) + "".join(texts), encoding="utf-8")


def load_script(app, page, template, context, doctree) -> None:
    """Tell a page with an explorer its script, which page.js asks for when the reader is near."""
    if app.env.metadata.get(page, {}).get("explorer"):
        app.add_js_file("js/explorer.js", type="later")


def setup(app):
    app.add_directive("explorer", Explorer)
    app.connect("write-started", write_script)  # pages are told its hash
    app.connect("html-page-context", load_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
