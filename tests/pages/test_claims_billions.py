"""The chapter on billions of parameters: what its pages print, against other ways to compute it."""

import re

import numpy as np
import pytest

from tests.support.book import LANGUAGES, ROOT
from tests.support.patients import by_other_means
from tests.support.tiers import few


def text_of(soup, lang):
    return soup(lang, "chapters/billions").get_text()


def unexplained(soup, lang) -> dict[int, float]:
    printed = re.findall(r"(\d+) random features: ([\d.]+) unexplained", text_of(soup, lang))
    return {int(p): float(share) for p, share in printed}


@pytest.mark.parametrize("p", few([2, 20, 200, 10_000], 2, 20, 200))
def test_the_error_is_that_which_another_method_finds(soup, p):
    shown = unexplained(soup, "en")[p]
    assert np.isclose(shown, by_other_means(p).met, rtol=0.01)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_error_falls_twice(soup, lang):
    shown = unexplained(soup, lang)
    assert shown == unexplained(soup, "en")
    assert list(shown) == [2, 20, 200, 10_000]
    assert shown[20] < shown[10_000] < shown[2] < 1 < shown[200]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_random_matrices_of_two_rows_have_no_negative_eigenvalue_as_often_as_proved(soup, lang):
    """For a symmetric 2 x 2 matrix of normal numbers it is (2 - sqrt 2) / 4."""
    shown = float(re.search(r"2 x 2: ([\d.]+)% are minima", text_of(soup, lang))[1])
    assert abs(shown / 100 - (2 - np.sqrt(2)) / 4) < 4 * np.sqrt(0.146 * 0.854 / 50_000)


def test_every_line_of_the_loop_in_pytorch_is_explained_in_both_languages():
    source = (ROOT / "chapters" / "billions.md").read_text("utf-8")
    block = source.split("```python\n")[1].split("```")[0]
    numbers = [int(n) for n in re.findall(r"# (\d)$", block, re.MULTILINE)]
    assert numbers == list(range(1, len(block.strip().splitlines()) + 1))
    after = source.split(block)[1].split("(billions-carries)")[0]
    for language in ("zh", "en"):
        told = [part for part in re.findall(rf":::{{{language}}}\n(.*?)\n:::", after, re.DOTALL)]
        assert [int(n) for n in re.findall(r"^(\d)\. ", "\n".join(told), re.MULTILINE)] == numbers


@pytest.mark.parametrize("lang", LANGUAGES)
def test_descent_from_zero_arrives_at_the_shortest_solution_and_from_elsewhere_does_not(soup, lang):
    lines = re.findall(r"from length\s+([\d.]+): f = \S+\s+([\d.]+) from the shortest",
                       text_of(soup, lang))  # fmt: skip
    (zero, there), (length, elsewhere) = [tuple(map(float, line)) for line in lines]
    assert zero == there == 0
    # What is perpendicular to 200 random rows among 10 000 directions: 9800 of 10 000 parts.
    assert np.isclose(elsewhere, length * np.sqrt(0.98), rtol=0.01)
