"""Numbers are written by one rule, in Python and in the scripts of the pages.

Four significant digits, a power of ten below 10⁻³ and above 10⁵. The expected texts are written by
hand; the oracle for any other number is Python's own decimal arithmetic.
"""

import json
import re
from decimal import Decimal

import pytest
import quickjs
from hypothesis import given
from hypothesis import strategies as st

from gdcore.draw import latex, written
from tests.support.book import ROOT, read_number

CASES = {
    0.0: "0",
    1.0: "1",
    -0.0125: "−0.0125",
    3.14159: "3.142",
    -178.34: "−178.3",
    2506.2: "2506",
    12346.0: "12350",
    100_000.0: "100000",
    99_999.0: "100000",
    100_100.0: "1.001×10⁵",
    1.13e6: "1.13×10⁶",
    0.001: "0.001",
    0.00099996: "0.001",
    0.0009995: "9.995×10⁻⁴",
    2.3996e-13: "2.4×10⁻¹³",
    -1e-7: "−1×10⁻⁷",
    1e300: "1×10³⁰⁰",
    -6.78e90: "−6.78×10⁹⁰",
    float("inf"): "∞",
    float("-inf"): "−∞",
    float("nan"): "NaN",
}


@pytest.mark.parametrize("value", CASES, ids=str)
def test_a_number_is_written_by_the_rule(value):
    assert written(value) == CASES[value]


def test_scripts_write_numbers_by_the_same_rule():
    [script] = [
        text
        for file in sorted((ROOT / "_static").rglob("*.js"))
        if "const write = (number)" in (text := file.read_text(encoding="utf-8"))
    ]
    function = re.search(r"^( *)const write = .*?^\1\};", script, re.MULTILINE | re.DOTALL)[0]
    context = quickjs.Context()
    context.eval(function.replace("const write", "var write"))
    for value, text in CASES.items():
        number = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(str(value), repr(value))
        assert json.loads(context.eval(f"JSON.stringify(write({number}))")) == text, value


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
    assert read_number(text) == rounded
    assert ("×" in text) == (rounded != 0 and not 1e-3 <= abs(rounded) <= 1e5)
    if not padded:
        assert not re.search(r"\.\d*0($|×)|\.($|×)", text)


def test_in_formulas_the_same_numbers_are_latex():
    assert [latex(value) for value in (-0.0125, 2.4e-13, -3e6)] == [
        "-0.0125",
        r"2.4 \times 10^{-13}",
        r"-3 \times 10^{6}",
    ]
    assert latex(-1.0316284534898774, 6) == "-1.03163"
