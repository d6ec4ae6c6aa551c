"""Tables of numbers（数表）, each cell tinted by how it stands among the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Table", "table"]


@dataclass(frozen=True)
class Table:
    """A table（数表）, shown by notebooks and by the book as HTML, as `table` returns it.

    Parameters
    ----------
    html : str
        The table.
    text : str
        The same in plain letters.

    Examples
    --------
    >>> Table("<table>…</table>", "log η")
    log η
    """

    html: str
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def table(
    caption: str,
    rows: Sequence[str],
    columns: Sequence[str],
    texts: Sequence[Sequence[str]],
    tints: ArrayLike,
) -> Table:
    """Make a table whose cells are tinted（着色的表）.

    Parameters
    ----------
    caption : str
        What the numbers are.
    rows, columns : sequence of str
        What stands before each of m rows and above each of n columns.
    texts : sequence of sequence of str
        m rows of n texts.
    tints : array_like, shape (m, n)
        How strongly each cell is tinted, 0 to 1.

    Returns
    -------
    Table
        To be the last line of a cell.

    Raises
    ------
    ValueError
        If the tints are not m rows of n numbers from 0 to 1.

    Examples
    --------
    >>> table("log η", ["f"], ["GD", "Adam"], [["-2", "-1"]], [[0, 1]])
    log η    GD  Adam
    f        -2    -1
    """
    shares = np.asarray(tints, dtype=float)
    shape = len(rows), len(columns)
    if shares.shape != shape or not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError(
            f"tints must be {shape[0]} rows of {shape[1]} numbers from 0 to 1, but of shape "
            f"{shares.shape}, from {shares.min()} to {shares.max()}, were given"
        )
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(
            f'<td style="--tint: {100 * share:.0f}%">{escape(text)}</td>'
            for text, share in zip(line, tinted, strict=True)
        )
        + "</tr>"
        for name, line, tinted in zip(rows, texts, shares, strict=True)
    )
    title = escape(caption)
    html = (
        '<div class="heat" tabindex="0">\n<table>\n'
        f"<caption>{title}</caption>\n<thead><tr><td></td>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )
    first = max(map(len, [caption, *rows]))
    wide = max(len(text) for text in [*columns, *(text for line in texts for text in line)])
    lines = zip([caption, *rows], [columns, *texts], strict=True)
    text = "\n".join(
        f"{name:{first}}" + "".join(f"  {one:>{wide}}" for one in line) for name, line in lines
    )
    return Table(html, text)
