"""How the book writes a number, as a figure or a script does: cases that both writers are held to.

Four significant digits; below 10⁻³ and above 10⁵, once rounded, as 2.4×10⁻¹³; zeros at the end are
left out, but kept where a number would else jump as it changes. Worked out by hand.
"""

import re

WRITTEN = [  # a number, as it is written, and where its zeros are kept
    (0.0, "0", "0.000"),
    (-0.0, "0", "0.000"),
    (1.0, "1", "1.000"),
    (-2.5, "−2.5", "−2.500"),
    (3.14159265, "3.142", "3.142"),
    (0.1 + 0.2, "0.3", "0.3000"),
    (10.0, "10", "10.00"),
    (99.996, "100", "100.0"),
    (-178.0, "−178", "−178.0"),
    (1234.5678, "1235", "1235"),
    (12345.678, "12350", "12350"),
    (99994.0, "99990", "99990"),
    (99996.0, "100000", "100000"),
    (100000.0, "100000", "100000"),
    (100040.0, "100000", "100000"),
    (100060.0, "1.001×10⁵", "1.001×10⁵"),
    (-123456.0, "−1.235×10⁵", "−1.235×10⁵"),
    (1e6, "10⁶", "1.000×10⁶"),
    (0.001, "0.001", "0.001000"),
    (0.00123449, "0.001234", "0.001234"),
    (0.00099996, "0.001", "0.001000"),
    (0.0009999, "9.999×10⁻⁴", "9.999×10⁻⁴"),
    (-1e-4, "−10⁻⁴", "−1.000×10⁻⁴"),
    (2.4e-13, "2.4×10⁻¹³", "2.400×10⁻¹³"),
    (5e-324, "4.941×10⁻³²⁴", "4.941×10⁻³²⁴"),
    (1.7e308, "1.7×10³⁰⁸", "1.700×10³⁰⁸"),
]
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def read(text: str) -> float:
    """The number that is written so."""
    power = re.fullmatch("(−?)(?:([0-9.]+)×)?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    if power:
        text = f"{power[1]}{power[2] or 1}e{power[3]}"
    return float(text.translate(DIGITS))


SPOKEN = re.compile(r"−?(?:[0-9.]+×)?10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|−?[0-9]+(?:\.[0-9]+)?")


def spoken(text: str) -> list[float]:
    """The numbers that a sentence names."""
    return [read(number) for number in SPOKEN.findall(text)]
