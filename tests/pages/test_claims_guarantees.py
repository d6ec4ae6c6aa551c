"""What the chapter on guarantees says of its two people and of the limit of gradients."""

import re

import numpy as np
import pytest
from sklearn.datasets import load_diabetes

from tests.support.book import LANGUAGES


def spread(columns):
    """Return the eigenvalues of H, and the answer's parts along its eigenvectors."""
    data = load_diabetes(scaled=False)
    a, y = data.data[:, [2, 3]], data.target - data.target.mean()
    A = columns(a)
    values, vectors = np.linalg.eigh(A.T @ A / len(A))
    return values, vectors.T @ np.linalg.solve(A.T @ A, A.T @ y)


BOTH = {
    "standardized": lambda a: (a - a.mean(axis=0)) / a.std(axis=0),
    "as written": lambda a: np.column_stack([np.ones(len(a)), a]),
}


def left(values, parts, k):
    """Return what is left of the distance after k steps at the best rate: each part by itself."""
    rate = 2 / (values[0] + values[-1])
    return np.linalg.norm((1 - rate * values) ** k * parts) / np.linalg.norm(parts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_two_take_as_many_steps_as_the_page_says(soup, lang):
    page = soup(lang, "chapters/guarantees").get_text()
    printed = re.findall(r"kappa ([\d.]+): at most (\d+), run (\d+) steps", page)
    assert len(printed) == 2
    for (kappa, foretold, run), columns in zip(printed, BOTH.values(), strict=True):
        values, parts = spread(columns)
        assert np.isclose(float(kappa), values[-1] / values[0], rtol=1e-5)
        factor = (values[-1] - values[0]) / (values[-1] + values[0])
        assert factor ** int(foretold) <= 1e-3 < factor ** (int(foretold) - 1)
        assert left(values, parts, int(run)) <= 1e-3 < left(values, parts, int(run) - 1)
        assert page.count(run) > 1  # the text says it, too


@pytest.mark.parametrize("lang", LANGUAGES)
def test_after_three_steps_four_links_of_the_chain_have_not_moved(soup, lang):
    page = soup(lang, "chapters/guarantees").get_text()
    rows = re.findall(r"\[(0\.4[^\]]+)\]", page)
    assert len(rows) == 2
    for row in rows:
        links = [float(number) for number in row.split(", ")]
        assert len(links) == 7 and links[3:] == [0] * 4 and all(links[:3])


@pytest.mark.parametrize("k", [1, 2, 7, 50])
def test_the_limit_is_that_of_the_best_point_with_so_many_links(k):
    """Nesterov's chain has its minimum in closed form, for any number of free links."""
    d = 2 * k + 1
    links = 1 - np.arange(1, d + 1) / (d + 1)  # the minimizer
    best = (1 / (k + 1) - 1 / (d + 1)) / 2
    assert best >= 3 * 4 * (links @ links) / (32 * (k + 1) ** 2)
