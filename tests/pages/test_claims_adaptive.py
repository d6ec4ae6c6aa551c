"""What the chapter on rulers claims: numbers that others have printed, and how far a ruler goes."""

import re
from itertools import count

import numpy as np
import pytest
from scipy import constants
from sklearn.datasets import load_diabetes

from tests.support.book import LANGUAGES, ROOT

SOURCE = (ROOT / "chapters" / "adaptive.md").read_text("utf-8")

# f = 0.1 x1² + 2 x2², 20 steps from (-5, -2): AdaGrad with 0.4 and with 2, RMSProp with 0.4.
PRINTED = ("x1 -2.382563, x2 -0.158591", "x1 -0.002295, x2 -0.000000", "x1 -0.010599, x2 0.000000")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_known_ends_stand_on_the_page(soup, lang):
    said = soup(lang, "chapters/adaptive").get_text()
    for line in PRINTED:
        assert f"epoch 20, {line}" in said, line


def steps_of_descent(pressure: float) -> int:
    """Steps at the rate 1/L until 99% of the way down is done, from the closed form.

    In the direction of an eigenvector with the eigenvalue λ the way that is left is multiplied by
    1 - λ/L at every step; pressure is what one millimeter of mercury is called.
    """
    data = load_diabetes(scaled=False)
    a = data.data[:, 2:4] * [1, pressure]
    a, y = a - a.mean(axis=0), data.target - data.target.mean()
    eigenvalues, vectors = np.linalg.eigh(a.T @ a / len(y))
    left = vectors.T @ np.linalg.lstsq(a, y, rcond=None)[0]
    heights = eigenvalues * left**2
    share = lambda k: heights @ (1 - eigenvalues / eigenvalues[-1]) ** (2 * k) / heights.sum()  # noqa: E731
    high = next(2**k for k in count() if share(2**k) <= 0.01)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if share(middle) <= 0.01 else (middle, high)
    return high


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pascals_make_the_descent_as_long_as_the_page_says(soup, lang):
    said = soup(lang, "chapters/adaptive").get_text()
    [pascals] = re.findall(r"^pascal = 1 / (\S+)", SOURCE, re.M)
    assert float(pascals) == pytest.approx(constants.mmHg, rel=1e-5)
    short, long = steps_of_descent(1), steps_of_descent(float(pascals))
    told = dict(re.findall(r"(mm Hg|Pa)\s+kappa\s+[\d.]+, (\d+) steps", said))
    assert int(told["mm Hg"]) == short
    assert abs(int(told["Pa"]) - long) <= 2  # after so many steps rounding may shift it by one
    assert f"{told['Pa']}" in re.split("kappa", said)[0]  # the puzzle at the beginning says it


def test_a_change_of_units_is_felt_as_the_page_says(soup):
    said = soup("en", "chapters/adaptive").get_text()
    powers = dict(re.findall(r"(\w+)\s+c to the power (-?[\d.]+)", said))
    expected = {"GradientDescent": 2, "AdaGrad": 1, "Adam": 1, "Newton": 0}
    assert {name: round(float(power), 3) for name, power in powers.items()} == expected
