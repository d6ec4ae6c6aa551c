"""Numbers are written by one rule, in Python and in the scripts of the pages.

Four significant digits, a power of ten below 10⁻³ and above 10⁵. The expected texts are written by
hand (tests/support/numbers.py); the oracle for any other number is Python's own decimal arithmetic.
"""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcore.draw import latex, written
from tests.support.numbers import WRITTEN, read


@pytest.mark.parametrize("value, short, padded", WRITTEN, ids=lambda case: str(case))
def test_a_number_is_written_by_the_rule(value, short, padded):
    assert written(value) == short and written(value, padded=True) == padded


def test_what_is_no_number_is_written_too():
    assert [written(float(value)) for value in ("inf", "-inf", "nan")] == ["∞", "−∞", "NaN"]


def test_there_is_no_minus_before_a_zero():
    assert written(-0.0) == "0" and written(-0.0, padded=True) == "0.000" and latex(-0.0) == "0"


def test_padded_numbers_are_equally_wide_and_keep_their_power():
    texts = [
        written(value, padded=True) for value in (0.247, -178.3, 1.8869e-7, 1e300, 0, 5, 9999.6)
    ]
    assert texts == ["0.2470", "−178.3", "1.887×10⁻⁷", "1.000×10³⁰⁰", "0.000", "5.000", "10000"]


@given(st.floats(-1e300, 1e300), st.integers(1, 7), st.booleans())
def test_what_is_written_reads_back_to_so_many_digits(value, digits, padded):
    exact = Decimal(value)
    rounded = float(f"{exact:.{digits - 1}e}")
    text = written(value, digits, padded=padded)
    assert read(text) == rounded
    has_power = text[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹"
    assert has_power == (rounded != 0 and not 1e-3 <= abs(rounded) <= 1e5)
    if not padded:
        assert not re.search(r"\.\d*0($|×)|\.($|×)", text)


def test_in_formulas_the_same_numbers_are_latex():
    assert [latex(value) for value in (-0.0125, 2.4e-13, -3e6, 1e-4)] == [
        "-0.0125",
        r"2.4 \times 10^{-13}",
        r"-3 \times 10^{6}",
        "10^{-4}",
    ]
    assert latex(-1.0316284534898774, 6) == "-1.03163"
