"""The relief on the front page: ``{relief}`` is a landscape without axes, and walkers on it.

The build draws the walkers' whole ways, so that there is a picture without a script and on paper.
With _static/js/relief.js they run, their starts can be dragged and their
learning rate turned::

    ```{relief}
    :objective: himmelblau
    :starts: -0.4 -0.65, 0.1 -0.3
    :rate: 0.01
    :steps: 60
    {zh}`…` {en}`…`
    ```

The content is the picture's text alternative, in both languages.
"""

import json
from io import StringIO
from typing import ClassVar

import numpy as np
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from gdcore import OBJECTIVES, GradientDescent, Objective, descend
from press.ext.figures.compact_svg import compact
from press.ext.figures.inline_svg import elements
from press.ext.figures.instruments import needs
from press.ext.language.bilingual import ALT

LIMITS = (
    (-24.0, 24.0),
    (-5.6, 5.6),
)  # wide enough for the widest window: the page shows the middle
UNIT = 40  # points a unit of x
HEIGHTS = np.r_[0.5:6.5:0.4, 7:14]  # of contours, in log(1 + f): closer where walkers go


def drawn(objective: Objective, starts: list, rate: float, steps: int) -> str:
    """Draw an objective and descents on it; data-box and data-view say where."""
    from matplotlib import rc_context  # only here, for it takes half a second to import
    from matplotlib.figure import Figure

    from gdcore.draw import STYLE, path, terrain

    size = [UNIT * (high - low) for low, high in LIMITS]
    with rc_context({**STYLE, "figure.constrained_layout.use": False}):
        figure = Figure(figsize=(size[0] / 72, size[1] / 72), dpi=72)
        ax = figure.add_axes((0, 0, 1, 1))
        mesh = np.meshgrid(
            *(np.linspace(low, high, int(20 * (high - low)) + 1) for low, high in LIMITS)
        )
        heights = np.log1p(objective.value(np.array(mesh)))
        terrain(ax, *mesh, heights, HEIGHTS)
        for number, start in enumerate(starts):
            walk = descend(objective, GradientDescent(rate), start, max_steps=steps)
            for part, artist in enumerate(path(walk, ax)):
                artist.set_gid(f"walk-{number}-{part}")
        ax.set_axis_off()
        figure.savefig(file := StringIO(), format="svg", dpi=72, metadata={"Date": None})
    data = f'data-box="{[0, 0, *size]}" data-view="{[*LIMITS[0], *LIMITS[1]]}"'
    return file.getvalue().replace("<svg", f"<svg {data}", 1)


def points(text: str) -> list[list[float]]:
    """Read points: their components apart by spaces, the points by commas."""
    return [[float(word) for word in point.split()] for point in text.split(",")]


class Relief(SphinxDirective):
    """``{relief}``: a landscape that fills the width, with walkers to drag."""

    has_content = True
    option_spec: ClassVar = {
        "objective": lambda name: directives.choice(name, tuple(OBJECTIVES)),
        "rate": float,
        "starts": points,
        "steps": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        preset = dict(self.options)
        svg = drawn(
            OBJECTIVES[preset["objective"]], *(preset[n] for n in ("starts", "rate", "steps"))
        )
        alt = ALT.fullmatch(" ".join(self.content).strip())
        if alt is None:
            raise self.error("the relief has no text in both languages; write {zh}`…` {en}`…`")
        [svg] = elements(compact(svg), alt[self.config.bilingual_language], "relief-", set())
        svg = svg.replace("<svg ", '<svg preserveAspectRatio="xMidYMid slice" ', 1)
        html = f"<div class=\"relief\" data-preset='{json.dumps(preset)}'>{svg}</div>"
        needs(self.env, "relief")
        return [nodes.raw("", html, format="html")]


def setup(app):
    app.add_directive("relief", Relief)
