"""Figures as pages show them（网页里的图）: drawn twice, for a wide column and for a narrow one.

The letters of a figure are as large on a phone as on a desk. So it is not made smaller there but
laid out anew: `picture` lays out one Matplotlib figure at either width and writes both as one SVG.
The narrow drawing stands in the wide one, in an element ``<svg class="narrow">`` that nothing shows
until the book's pages take it out. What is inside its axes it does not repeat: it shows the lines
and areas of the wide one, stretched from the one pair of axes to the other.
"""

import io
import json
import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox, BboxBase, ScaledTranslation

from gdcore.draw.style import PIXEL

__all__ = ["label_ends", "picture"]

NARROW = 328 * PIXEL / 72  # inches, of 6: what a phone of 360 pixels leaves
_END = "at the end of a line"
LONG = 160  # letters of a path's data from which on the narrow drawing shows the wide one's

_LINE = re.compile(r'<path (?:id="[^"]*" )?d="[^"]*" clip-path="url\(#(?P<clip>\w+)\)"[^>]*/>')
_IMAGE = re.compile(r'<g clip-path="url\(#(?P<clip>\w+)\)">\s*<image [^>]*/>\s*</g>')
_CLIP = re.compile(
    r'<clipPath id="(\w+)">\s*<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"'
)


def picture(figure: Figure) -> str:
    """Write a figure（图） as an SVG for pages: wide, with its narrow drawing in it.

    Its letters have the same size in both. The labels of its vertical axes stand upright above
    them. Two panels side by side stand one below the other where it is narrow.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        As a cell has drawn it, at most six inches wide.

    Returns
    -------
    str
        The SVG.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure(figsize=(6, 3))
    >>> _ = figure.subplots().plot([1, 2])
    >>> picture(figure).count("<svg ")
    2
    """
    wide = _svg(figure)
    narrow = _svg(narrowed(figure))
    return joined(*shared(wide, narrow))


def joined(wide: str, narrow: str) -> str:
    """Put the narrow drawing into the wide one, where only the book's pages find it."""
    body = narrow.partition("<svg ")[2]
    end = wide.rindex("</svg>")
    return f'{wide[:end]}<svg class="narrow" display="none" {body.rstrip()}\n{wide[end:]}'


def label_ends(ax: Axes, *, at: Sequence[float] | None = None) -> list[Annotation]:
    """Write each line's label（线的标签） at its right end, in its colour, instead of a legend.

    Labels that would stand on each other are spread, here and again whenever the figure is laid
    out for a page.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where lines with a ``label`` have been drawn.
    at : sequence of float, optional
        For each such line the x at which its label stands; by default its last one in the picture.

    Returns
    -------
    list of matplotlib.text.Annotation
        The labels, a line after the other.

    Examples
    --------
    >>> ax = Figure().subplots()
    >>> _ = ax.plot([0, 1], [1, 1], label="$a$"), ax.plot([0, 1], [1, 1.01], label="$b$")
    >>> [label.get_text() for label in label_ends(ax)]
    ['$a$', '$b$']
    """
    labels = []
    lines = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    low, high = sorted(ax.get_ylim())
    left, right = sorted(ax.get_xlim())
    for k, line in enumerate(lines):
        x, y = (np.asarray(part, dtype=float) for part in line.get_data())
        inside = (left <= x) & (x <= right) & (low <= y) & (y <= high)
        seen = list(zip(x[inside].tolist(), y[inside].tolist(), strict=True))
        spot = seen[-1] if at is None else min(seen, key=lambda p: abs(p[0] - at[k]))
        labels.append(
            ax.annotate(
                str(line.get_label()),
                spot,
                (9 * PIXEL, 0),
                textcoords="offset points",
                color=line.get_color(),
                va="center",
                annotation_clip=False,
                label=_END,
            )
        )
    return labels


# Laying out


def _svg(figure: Figure) -> str:
    """Lay a figure out and write it, as wide as it is and no higher than what is drawn."""
    settle(figure)
    width = figure.get_figwidth()
    drawn = figure.get_tightbbox()
    margin = 3 * PIXEL / 72
    part = Bbox([[0, drawn.y0 - margin], [width, drawn.y1 + margin]])
    file = io.StringIO()
    figure.savefig(file, format="svg", bbox_inches=part, metadata={"Date": None})
    return file.getvalue().replace("<svg ", f'<svg data-axes="{places(figure, part)}" ', 1)


def places(figure: Figure, part: BboxBase) -> str:
    """Where each linear pair of axes lies in the drawing: left, top, width, height; its limits.

    So a page can draw what a reader computes into the figure.
    """
    places: list[list[float] | None] = []
    for ax in figure.axes:
        box = ax.bbox.transformed(figure.dpi_scale_trans.inverted())
        linear = ax.name == "rectilinear" and ax.get_xscale() == ax.get_yscale() == "linear"
        place = box.x0 - part.x0, part.y1 - box.y1, box.width, box.height
        ends = *ax.get_xlim(), *ax.get_ylim()
        numbers = [round(72 * n, 3) for n in place] + [float(f"{end:.9g}") for end in ends]
        places.append(numbers if linear else None)
    return json.dumps(places, separators=(",", ":"))


def settle(figure: Figure) -> None:
    """Put the labels of vertical axes above them and spread those at the ends of lines."""
    above = ScaledTranslation(-6 * PIXEL / 72, 5 * PIXEL / 72, figure.dpi_scale_trans)
    for ax in figure.axes:
        if ax.name != "3d":
            ax.yaxis.label.set(rotation=0, ha="left", va="bottom")
            ax.yaxis.set_label_coords(0, 1, transform=ax.transAxes + above)
    figure.draw_without_rendering()
    for ax in figure.axes:
        ends = (text for text in ax.texts if text.get_label() == _END)
        _spread(figure, ax, [text for text in ends if isinstance(text, Annotation)])


def narrowed(figure: Figure) -> Figure:
    """Make a figure as narrow as a phone's column, with letters as large as before."""
    width, height = figure.get_size_inches()
    axes = figure.axes
    places = [ax.get_subplotspec() for ax in axes]
    grid = places[0].get_gridspec().get_geometry() if places and places[0] else (1, 1)
    equal = any(ax.get_aspect() != "auto" or ax.get_box_aspect() for ax in axes)
    factor = NARROW / width
    if grid == (1, 2) and len(axes) == 2:
        below = GridSpec(2, 1, figure=figure)
        for row, ax in enumerate(axes):
            ax.set_subplotspec(below[row])
        factor *= 3.6 if equal else 3
    elif not equal:
        factor = max(factor, 0.72)
    else:
        factor *= 1.1
    figure.set_size_inches(min(width, NARROW), height * factor)
    return figure


def _spread(figure: Figure, ax: Axes, labels: list[Annotation]) -> None:
    """Move labels up or down until no two stand on each other, each as little as it can."""
    pixel = figure.dpi / 72 * PIXEL
    columns: list[list[Annotation]] = []  # of labels that share some of their width
    right = -np.inf
    for label in sorted(labels, key=lambda label: label.get_window_extent().x0):
        box = label.get_window_extent()
        if box.x0 >= right:
            columns.append([])
        columns[-1].append(label)
        right = max(right, box.x1)
    for column in columns:
        homes = {label: ax.transData.transform(label.xy)[1] for label in column}
        column.sort(key=lambda label: homes[label])
        gap = pixel + max(12 * pixel, *(label.get_window_extent().height for label in column))
        places = [homes[label] for label in column]
        while any(b - a < gap - 0.1 for a, b in pairwise(places)):
            for k, (a, b) in enumerate(pairwise(places)):
                apart = max(gap - (b - a), 0) / 2
                places[k] -= apart
                places[k + 1] += apart
        for label, place in zip(column, places, strict=True):
            label.set_position((9 * PIXEL, (place - homes[label]) * 72 / figure.dpi))


# Two drawings, one set of lines


def shared(wide: str, narrow: str) -> tuple[str, str]:
    """Let the narrow drawing show the long lines, areas and images of the wide one."""
    clips = [
        {found[1]: [float(n) for n in found.groups()[1:]] for found in _CLIP.finditer(svg)}
        for svg in (wide, narrow)
    ]
    for kind, name in ((_LINE, "path"), (_IMAGE, "image")):
        ours, theirs = list(kind.finditer(wide)), list(kind.finditer(narrow))
        if len(ours) != len(theirs):
            continue  # what is out of sight in one only
        for number, (one, other) in reversed(list(enumerate(zip(ours, theirs, strict=True)))):
            if len(one[0]) < LONG:
                continue
            known = f"wide-{name}-{number}"
            x, y, width, height = clips[0][one["clip"]]
            to_x, to_y, to_width, to_height = clips[1][other["clip"]]
            across, up = to_width / width, to_height / height
            place = f"matrix({across:.5f} 0 0 {up:.5f} {to_x - across * x:.2f} {to_y - up * y:.2f})"
            use = f'<use xlink:href="#{known}" transform="{place}"/>'
            use = f'<g clip-path="url(#{other["clip"]})">{use}</g>'
            narrow = narrow[: other.start()] + use + narrow[other.end() :]
            drawn = re.sub(rf'<{name} (id="[^"]*" )?', f'<{name} id="{known}" ', one[0])
            drawn = re.sub(r'(?<=.)( id="image[^"]*")', "", drawn)
            wide = wide[: one.start()] + drawn + wide[one.end() :]
    return wide, narrow
