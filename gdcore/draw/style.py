"""The book's colours（配色）, which figures, films, instruments and pages share; and its style.

One table says which colour a method has, another which colour and mark a minimizer has. They are
the same in every chapter, film and instrument, and no colour serves both.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.rcsetup import cycler

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType  # not in every version that gdcore runs with

#: As they are drawn, on a light ground; `css_variables` makes one of each for pages.
COLORS = {
    "ink": "#1b1b1f",
    "faint": "#8b8b90",
    "blue": "#0072b2",
    # methods
    "orange": "#d55e00",
    "green": "#00875f",
    "purple": "#a8508b",
    "yellow": "#b98300",
    "red": "#8c1d2c",
    "indigo": "#3d2b8f",
    "magenta": "#c2187f",
    # learning rates: orange from light to dark, with itself in the middle
    "orange1": "#e98a4e",
    "orange2": "#df7226",
    "orange4": "#923f00",
    "orange5": "#5c2800",
    # basins
    "rose": "#c07280",
    "sky": "#5a9ac3",
    "sage": "#698c55",
    "lilac": "#9577b0",
    "sand": "#a58848",
    "aqua": "#449691",
    "clay": "#ab7055",
}

#: The same ones on a dark ground; those that are missing serve both.
DARK = {
    "blue": "#56b4e9",
    "orange": "#ff9a52",
    "green": "#2fc99a",
    "purple": "#dd94c4",
    "yellow": "#e6b94a",
    "red": "#e5484d",
    "indigo": "#8f7dff",
    "magenta": "#ff7ac6",
    "orange1": "#ffd9bf",
    "orange2": "#ffb98a",
    "orange4": "#cf7a33",
    "orange5": "#ad6024",
    "rose": "#e896a5",
    "sky": "#7fc0ea",
    "sage": "#98be84",
    "lilac": "#be9fda",
    "sand": "#d8ba79",
    "aqua": "#7ecfc9",
    "clay": "#d29478",
}

#: A surface in the sun and in the shade, on a light ground and on a dark one.
SURFACE = {
    "lit": ("#d6eaf6", "#2f7db3"),
    "unlit": ("#216394", "#0d2c42"),
}


@dataclass(frozen=True)
class Look:
    """How the line of a method（方法的线） looks.

    Parameters
    ----------
    color : str
        Its name in `COLORS`.
    dash : str
        Lengths of dashes and gaps, as SVG has them; none for a solid line.
    """

    color: str
    dash: str = ""


#: A variant has the colour of its method, and a dash of its own.
METHODS = {
    "gradient_descent": Look("orange"),
    "backtracking": Look("orange", "6 2 2 2"),
    "momentum": Look("green", "7 3"),
    "nesterov": Look("purple", "3 2"),
    "adagrad": Look("yellow", "9 2 2 2"),
    "rmsprop": Look("indigo", "1.5 2.5"),
    "adadelta": Look("ink", "5 2"),
    "adam": Look("red", "12 4"),
    "adamw": Look("red", "2 2"),
    "newton": Look("magenta", "10 2 2 2 2 2"),
}


@dataclass(frozen=True)
class Basin:
    """How a minimizer and its basin（盆地） look.

    Parameters
    ----------
    color : str
        Its name in `COLORS`.
    mark : str
        The mark of the minimizer, as Matplotlib calls it.
    """

    color: str
    mark: str


#: For each minimizer in turn, the objective's global ones first and its local ones after them.
BASINS = (
    Basin("rose", "o"),
    Basin("sky", "s"),
    Basin("sage", "^"),
    Basin("lilac", "D"),
    Basin("sand", "v"),
    Basin("aqua", "P"),
    Basin("clay", "X"),
)

_SHADES = ("orange1", "orange2", "orange", "orange4", "orange5")
_CHOSEN = ((2,), (2, 4), (0, 2, 4), (0, 1, 2, 4), (0, 1, 2, 3, 4))


def css_variables() -> str:
    """Return the colours as CSS variables（CSS 变量） for pages, ``--figure-orange`` and so on.

    Returns
    -------
    str
        Two rules, for light and for dark. Ink has the colour of the text around it.

    Examples
    --------
    >>> light, dark = css_variables().splitlines()
    >>> light[:34], "--figure-orange:#ff9a52;" in dark
    (':root{--figure-ink:currentColor;--', True)
    """
    light = {**COLORS, "ink": "currentColor", **{name: pair[0] for name, pair in SURFACE.items()}}
    dark = {**DARK, **{name: pair[1] for name, pair in SURFACE.items()}}
    return "\n".join(
        f"{where}{{{''.join(f'--figure-{name}:{color};' for name, color in colors.items())}}}"
        for where, colors in ((":root", light), ('html[data-theme="dark"]', dark))
    )


def color_of(method: object) -> str:
    """Return the colour of a method（方法的颜色）.

    Parameters
    ----------
    method : str or Optimizer
        Its name, "adam" or "Adam", or an optimizer; one with a schedule has the colour of the
        optimizer in it, and one that is not gdcore's is blue.

    Returns
    -------
    str
        The colour as "#rrggbb".

    Raises
    ------
    ValueError
        If there is no method of that name.

    Examples
    --------
    >>> from gdcore import Adam
    >>> color_of("adam") == color_of(Adam(0.1)) == COLORS["red"]
    True
    """
    optimizer = getattr(method, "optimizer", method)
    name = method if isinstance(method, str) else type(optimizer).__name__
    looks = {known.replace("_", ""): look for known, look in METHODS.items()}
    look = looks.get(name.replace("_", "").lower())
    if look is None and isinstance(method, str):
        raise ValueError(f"method must be one of {', '.join(METHODS)}, but {method!r} was given")
    return COLORS[look.color if look else "blue"]


def shades(n: int) -> list[str]:
    """Return n shades of orange（由浅到深的橙色）: one method at n learning rates, rising.

    Parameters
    ----------
    n : int
        How many, 1 to 5.

    Returns
    -------
    list of str
        The colours as "#rrggbb", from light to dark. The orange of gradient descent itself is
        among them.

    Raises
    ------
    ValueError
        If n is not 1 to 5.

    Examples
    --------
    >>> color_of("gradient_descent") in shades(3)
    True
    """
    if n not in range(1, len(_CHOSEN) + 1):
        raise ValueError(f"there are 1 to {len(_CHOSEN)} shades, but {n!r} were asked for")
    return [COLORS[_SHADES[i]] for i in _CHOSEN[n - 1]]


#: What Matplotlib is told of it.
STYLE: "dict[RcKeyType, Any]" = {
    "axes.edgecolor": COLORS["faint"],
    "axes.labelcolor": COLORS["ink"],
    "axes.labelsize": 14.0,
    "axes.prop_cycle": cycler(
        color=[COLORS[c] for c in ("blue", "orange", "green", "purple", "yellow")]
    ),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "figure.figsize": (6.0, 3.6),
    "axes.facecolor": "none",
    "font.size": 11.0,
    "legend.fontsize": 13.0,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 5.0,
    "mathtext.fontset": "cm",
    "savefig.facecolor": "none",
    "svg.fonttype": "path",  # letters as shapes: they look alike everywhere and need no font
    "svg.hashsalt": "gdcore",  # the same picture gives the same bytes
    "text.color": COLORS["ink"],
    "xtick.color": COLORS["faint"],
    "xtick.labelcolor": COLORS["ink"],
    "ytick.color": COLORS["faint"],
    "ytick.labelcolor": COLORS["ink"],
}


def use_book_style() -> None:
    """Draw in the book's style（本书的绘图风格） from here on; in a notebook, as SVG.

    Examples
    --------
    >>> use_book_style()
    >>> mpl.rcParams["svg.fonttype"]
    'path'
    """
    mpl.rcParams.update(STYLE)
    try:
        from IPython import get_ipython
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:
        return  # plain Python, without notebooks
    if get_ipython() is not None:
        set_matplotlib_formats("svg", metadata={"Date": None})
