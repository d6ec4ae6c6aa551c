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

#: What pages are made of, light and dark: all that is drawn is to be told from their ground.
PAGE = {
    "ground": ("#fffdf9", "#14171a"),
    "text": ("#1f2328", "#e2dfd8"),
    "raised": ("#f6f2ea", "#1f2429"),  # boxes, and the pictures on the front page
}

#: As they are drawn, on a light ground; `css_variables` makes one of each for pages.
COLORS = {
    "ink": "#1f2328",
    "faint": "#7b7e84",
    "slate": "#5b6670",
    "blue": "#0072b2",
    # methods
    "orange": "#c95300",
    "green": "#00805a",
    "purple": "#a8508b",
    "yellow": "#a77600",
    "red": "#8c1d2c",
    "indigo": "#3d2b8f",
    "magenta": "#c2187f",
    "olive": "#4d6600",
    "cyan": "#00707f",
    "navy": "#123a6e",
    # learning rates: orange from light to dark, itself the second
    "orange1": "#cc6215",
    "orange3": "#a84300",
    "orange4": "#7f3500",
    "orange5": "#4c2000",
    # basins
    "rose": "#bd6878",
    "sky": "#4286b3",
    "sage": "#678a53",
    "lilac": "#9273ae",
    "sand": "#977d42",
    "aqua": "#3f8b87",
    "clay": "#a96e53",
    # terrain, from low to high, and its contours
    "terrain1": "#dfe4e9",
    "terrain2": "#e7eaed",
    "terrain3": "#eef0f0",
    "terrain4": "#f5f5f3",
    "terrain5": "#fcfbf7",
    "contour": "#a9b3bc",
}

#: The same ones on a dark ground; those that are missing serve both.
DARK = {
    "faint": "#8f949a",
    "slate": "#9aa6b1",
    "blue": "#56b4e9",
    "orange": "#ff9a52",
    "green": "#2fc99a",
    "purple": "#dd94c4",
    "yellow": "#e6b94a",
    "red": "#ee5a5f",
    "indigo": "#9384ff",
    "magenta": "#ff7ac6",
    "olive": "#a8d500",
    "cyan": "#2ee0ff",
    "navy": "#4a86dd",
    "orange1": "#ffc9a3",
    "orange3": "#e8833a",
    "orange4": "#cf7a3c",
    "orange5": "#b36b33",
    "rose": "#e896a5",
    "sky": "#7fc0ea",
    "sage": "#98be84",
    "lilac": "#be9fda",
    "sand": "#d8ba79",
    "aqua": "#7ecfc9",
    "clay": "#d29478",
    "terrain1": "#111417",
    "terrain2": "#161a1e",
    "terrain3": "#1c2126",
    "terrain4": "#22282e",
    "terrain5": "#292f36",
    "contour": "#4c5862",
}

#: Terrain has no data in it: five tints of slate, the lowest the darkest.
TERRAIN = ("terrain1", "terrain2", "terrain3", "terrain4", "terrain5")

#: A surface in the sun and in the shade, on a light ground and on a dark one.
SURFACE = {
    "lit": ("#fbfaf7", "#3a434b"),
    "unlit": ("#c9d0d7", "#15191d"),
}

#: A pixel of the page in Matplotlib's points: a figure six inches wide fills the page's column.
PIXEL = 6 * 72 / 640


@dataclass(frozen=True)
class Look:
    """How the line of a method（方法的线） looks.

    Parameters
    ----------
    color : str
        Its name in `COLORS`.
    dash : str
        Lengths of dashes and gaps, as SVG has them; none for a solid line.

    Examples
    --------
    >>> METHODS["momentum"]
    Look(color='green', dash='7 3')
    """

    color: str
    dash: str = ""


#: An optimizer has a colour of its own; another way to find its rate has its colour, and a dash.
METHODS = {
    "gradient_descent": Look("orange"),
    "backtracking": Look("orange", "6 2 2 2"),
    "momentum": Look("green", "7 3"),
    "nesterov": Look("purple", "3 2"),
    "adagrad": Look("yellow", "9 2 2 2"),
    "rmsprop": Look("indigo", "1.5 2.5"),
    "adadelta": Look("ink", "5 2"),
    "adam": Look("red", "12 4"),
    "adamw": Look("navy", "2 2"),
    "lion": Look("olive", "4 2 1 2"),
    "muon": Look("cyan", "8 2 1 2 1 2"),
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

    Examples
    --------
    >>> BASINS[0]
    Basin(color='rose', mark='o')
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

_SHADES = ("orange1", "orange", "orange3", "orange4", "orange5")
_CHOSEN = ((1,), (1, 4), (1, 3, 4), (0, 1, 3, 4), (0, 1, 2, 3, 4))


def css_variables() -> str:
    """Return the colours as CSS variables（CSS 变量） for pages, ``--figure-orange`` and so on.

    Returns
    -------
    str
        Two rules, for light and for dark; two more, in which the colours are such that letters in
        them can be read; two of what pages are made of, ``--page-ground`` and so on; and a class
        for words in the colour of each method. Ink has the colour of the text around it.

    Examples
    --------
    >>> light, dark, letters, letters_in_the_dark, day, night, *words = css_variables().splitlines()
    >>> light[:34], "--figure-orange:#ff9a52;" in dark
    (':root{--figure-ink:currentColor;--', True)
    >>> letters[:20], "--figure-yellow:#e6b94a;" in letters_in_the_dark
    ('.letters{--figure-fa', True)
    >>> day[:44]
    'html[data-theme="light"]{--page-ground:#fffd'
    >>> words[0]
    '.in-orange{color:var(--figure-orange)}'
    """
    night = {**{name: color for name, color in COLORS.items() if name != "ink"}, **DARK}
    light = {**COLORS, "ink": "currentColor", **{name: pair[0] for name, pair in SURFACE.items()}}
    dark = {**DARK, **{name: pair[1] for name, pair in SURFACE.items()}}
    lettered = [name for name in night if name not in (*TERRAIN, "contour")]
    letters = {name: readable(COLORS[name], COLORS["terrain1"], "#000000") for name in lettered}
    by_night = {name: readable(night[name], DARK["terrain5"], "#ffffff") for name in lettered}
    where = (".letters", 'html[data-theme="dark"] .letters')
    rules = ((":root", light), ('html[data-theme="dark"]', dark))
    lines = [
        f"{selector}{{{''.join(f'--figure-{name}:{color};' for name, color in colors.items())}}}"
        for selector, colors in (*rules, *zip(where, (letters, by_night), strict=True))
    ]
    for theme, shade in (("light", 0), ("dark", 1)):
        page = "".join(f"--page-{name}:{pair[shade]};" for name, pair in PAGE.items())
        lines.append(f'html[data-theme="{theme}"]{{{page}}}')
    methods = dict.fromkeys(look.color for look in METHODS.values())
    lines += [f".in-{name}{{color:var(--figure-{name})}}" for name in methods]
    return "\n".join(lines)


def contrast(one: str, other: str) -> float:
    """Return the contrast（对比度） of two colours, 1 to 21, as WCAG 2.2 defines it.

    Parameters
    ----------
    one, other : str
        Colours as "#rrggbb".

    Returns
    -------
    float
        The same, whichever comes first.

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    low, high = sorted(
        sum(
            share * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
            for share, part in zip((0.2126, 0.7152, 0.0722), _parts(color), strict=True)
        )
        for color in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


def readable(color: str, ground: str, towards: str) -> str:
    """Return a colour in which letters can be read（可读的颜色）: 4.5 to 1 against the ground.

    Parameters
    ----------
    color, ground, towards : str
        Colours as "#rrggbb": the one that letters are to have, the one behind them, and black or
        white, of which as much is mixed in as is needed.

    Returns
    -------
    str
        The colour as "#rrggbb".

    Examples
    --------
    >>> readable("#8c1d2c", "#ffffff", "#000000")
    '#8c1d2c'
    """
    parts = zip(_parts(color), _parts(towards), strict=True)
    pairs = [(255 * a, 255 * b) for a, b in parts]
    for percent in range(101):
        mixed = "#" + "".join(f"{round(a + (b - a) * percent / 100):02x}" for a, b in pairs)
        if contrast(mixed, ground) >= 4.5:
            break
    return mixed


def _parts(color: str) -> list[float]:
    """Red, green and blue, 0 to 1."""
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]


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
    "axes.formatter.use_mathtext": True,
    "axes.labelcolor": COLORS["ink"],
    "axes.labelsize": 16 * PIXEL,
    "axes.linewidth": PIXEL,
    "axes.prop_cycle": cycler(color=[COLORS[c] for c in ("slate", "orange", "blue", "ink")]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 16 * PIXEL,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "figure.figsize": (6.0, 3.4),
    "axes.facecolor": "none",
    "font.family": "cmr10",  # as the formulas around the figure
    "font.size": 15 * PIXEL,
    "legend.fontsize": 15 * PIXEL,
    "legend.frameon": False,
    "lines.linewidth": 1.6 * PIXEL,
    "lines.markersize": 5 * PIXEL,
    "mathtext.fontset": "cm",
    "savefig.facecolor": "none",
    "svg.fonttype": "path",  # letters as shapes: they look alike everywhere and need no font
    "svg.hashsalt": "gdcore",  # the same picture gives the same bytes
    "text.color": COLORS["ink"],
    "xtick.color": COLORS["faint"],
    "xtick.labelcolor": COLORS["ink"],
    "xtick.labelsize": 14 * PIXEL,
    "ytick.color": COLORS["faint"],
    "ytick.labelcolor": COLORS["ink"],
    "ytick.labelsize": 14 * PIXEL,
}


def use_book_style() -> None:
    """Draw in the book's style（本书的绘图风格） from here on; in a notebook, as SVG for pages.

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
    if (shell := get_ipython()) is not None:
        from matplotlib.figure import Figure

        from gdcore.draw.pages import picture

        set_matplotlib_formats("svg")
        shell.display_formatter.formatters["image/svg+xml"].for_type(Figure, picture)
