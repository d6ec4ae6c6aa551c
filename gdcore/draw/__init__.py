"""Pictures of descents（下降的图）, in one style: figures, films, surfaces. They need Matplotlib.

A chapter says ``from gdcore import draw``, and then what to draw::

    draw.use_book_style()
    draw.landscape(objective, ax)
    draw.path(trajectory, ax)
    draw.animate(trajectory)

`style` holds the one palette, `plot` draws what stands still, `animate` what moves, and `surface`
what the reader turns; `pages` lays a figure out for wide and narrow pages, and `numbers` says how
numbers are written, `table` shows many.
"""

from importlib.util import find_spec

if find_spec("matplotlib") is None:
    raise ModuleNotFoundError(
        "gdcore.draw needs Matplotlib, which is not installed: pip install 'gdcore[plot]'",
        name="matplotlib",
    )

from gdcore.draw.animate import Animation, animate, animate_slices, frame_steps, reached
from gdcore.draw.numbers import latex, written
from gdcore.draw.pages import label_ends, picture
from gdcore.draw.plot import descent, heights_of, landscape, path, star, terrain
from gdcore.draw.style import (
    BASINS,
    COLORS,
    METHODS,
    STYLE,
    Basin,
    Look,
    color_of,
    css_variables,
    shades,
    use_book_style,
)
from gdcore.draw.surface import Surface, surface
from gdcore.draw.table import Table, table

__all__ = [
    "BASINS",
    "COLORS",
    "METHODS",
    "STYLE",
    "Animation",
    "Basin",
    "Look",
    "Surface",
    "Table",
    "animate",
    "animate_slices",
    "color_of",
    "css_variables",
    "descent",
    "frame_steps",
    "heights_of",
    "label_ends",
    "landscape",
    "latex",
    "path",
    "picture",
    "reached",
    "shades",
    "star",
    "surface",
    "table",
    "terrain",
    "use_book_style",
    "written",
]
