"""How pages write numbers（数的写法）: in films, on surfaces, in the catalogue, in instruments.

The rule: four significant digits, and a power of ten below 10⁻³ and above 10⁵. The scripts of the
pages follow it, too; tests hold both to the same cases.
"""

from math import inf, isfinite

__all__ = ["latex", "written"]

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def written(value: float, digits: int = 4, *, padded: bool = False) -> str:
    """Write a number as one reads it（数的写法）, with a true minus.

    Parameters
    ----------
    value : float
        What to write.
    digits : int
        How many significant digits it is rounded to.
    padded : bool
        Whether zeros at its end stay, so that numbers which follow each other are equally wide.

    Returns
    -------
    str
        The number, for people.

    Examples
    --------
    >>> [written(value) for value in (-0.0125, 2506.2, 2.3996e-13, 1.13e6, 0)]
    ['−0.0125', '2506', '2.4×10⁻¹³', '1.13×10⁶', '0']
    >>> [written(value, padded=True) for value in (0.25, 178, 2.4e-13)]
    ['0.2500', '178.0', '2.400×10⁻¹³']
    """
    if not isfinite(value):
        return {inf: "∞", -inf: "−∞"}.get(value, "NaN")
    number, power = _parts(value, digits, padded)
    text = _joined(number, "×", power and f"10{power.translate(_RAISED)}")
    return text.replace("-", "−")


def latex(value: float, digits: int = 4) -> str:
    r"""Write a number in LaTeX（LaTeX 里的数）, by the rule of `written`.

    Parameters
    ----------
    value : float
        What to write; finite.
    digits : int
        How many significant digits it is rounded to.

    Returns
    -------
    str
        The number, to stand in a formula.

    Examples
    --------
    >>> latex(-2.4e-13), latex(0.25)
    ('-2.4 \\times 10^{-13}', '0.25')
    """
    number, power = _parts(value, digits, False)
    return _joined(number, r" \times ", power and f"10^{{{power}}}")


def _joined(number: str, times: str, power: str) -> str:
    """A number times a power of ten; of 1 times a power only the power."""
    if not power:
        return number
    sign = number.removesuffix("1")
    return sign + power if sign in ("", "-") else number + times + power


def _parts(value: float, digits: int, padded: bool) -> tuple[str, str]:
    """The digits of a number and its power of ten, which is empty where it needs none."""
    rounded = float(f"{value:.{digits - 1}e}") + 0.0  # no minus before a zero
    number, _, exponent = f"{rounded:.{digits - 1}e}".partition("e")
    power = str(int(exponent))
    if rounded == 0 or 1e-3 <= abs(rounded) <= 1e5:
        number, power = f"{rounded:.{max(digits - 1 - int(exponent), 0)}f}", ""
    if not padded and "." in number:
        number = number.rstrip("0").rstrip(".")
    return number, power
