"""What the chapter on Newton's method says that its sources or another computation know."""

import re

import numpy as np
import pytest

from tests.support.book import LANGUAGES


def himmelblaus(x, y):
    """Return slope and curvatures of (x² + y - 11)² + (x + y² - 7)², derived by hand."""
    u, v = x * x + y - 11, x + y * y - 7
    return 4 * x * u + 2 * v, 2 * u + 4 * y * v, 12 * x * x + 4 * y - 42, 4 * (x + y), (
        12 * y * y + 4 * x - 26
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_newton_ends_at_so_many_minima_saddles_and_maxima(soup, lang):
    side = np.linspace(-5, 5, 50)
    x, y = np.meshgrid(side, side)
    for _ in range(300):
        p, q, a, b, c = himmelblaus(x, y)
        x, y = x - (c * p - b * q) / (a * c - b * b), y - (a * q - b * p) / (a * c - b * b)
    p, q, a, b, c = himmelblaus(x, y)
    assert max(abs(p).max(), abs(q).max()) < 1e-7
    saddles, minima = a * c - b * b < 0, (a * c - b * b > 0) & (a > 0)
    counted = (int(minima.sum()), int(saddles.sum()), int((~saddles & ~minima).sum()))
    page = soup(lang, "chapters/newton").get_text()
    said = re.search(r"Newton: (\d+) at minima, (\d+) at saddles, (\d+) at the maximum", page)
    assert tuple(map(int, said.groups())) == counted and sum(counted) == 2500


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plain_descent_on_the_wave_ends_where_the_source_says(soup, lang):
    page = soup(lang, "chapters/newton").get_text()
    ends = [float(end) for end in re.findall(r"epoch 10, x: (-?[\d.]+)", page)]
    assert [f"{end:.6f}" for end in ends if end < 0] == ["-1.528166"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_bfgs_has_learned_is_the_curvature_at_the_minimizer(soup, lang):
    page = soup(lang, "chapters/newton").get_text()
    shown = re.search(r"C H:\s*\[\[([^\]]+)\]\s*\[([^\]]+)\]\]", page)
    product = [[float(number) for number in row.split()] for row in shown.groups()]
    np.testing.assert_allclose(product, np.eye(2), atol=0.05)
