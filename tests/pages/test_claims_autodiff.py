"""What the pages on gradients and on the network show agrees with work done elsewhere.

Oracles: JAX, which differentiates the free throw in a way of its own; counts made by hand; gdcore's
own source, for the lines of it that a page shows.
"""

import inspect
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gdcore.autodiff import noted, read_backward
from tests.support.book import LANGUAGES


def text_of(soup, lang, stem):
    return soup(lang, f"chapters/{stem}").get_text()


def landing(x):
    """Where the ball is after a second, in hundredths of a second as the chapter flies it."""

    def piece(_, state):
        place, velocity = state
        drag = 0.02 * jnp.linalg.norm(velocity)
        velocity = velocity - 0.01 * (drag * velocity + jnp.array([0, 9.81]))
        return place + 0.01 * velocity, velocity

    return jax.lax.fori_loop(0, 100, piece, (jnp.array([0.0, 2.0]), x))[0]


def miss(x):
    return jnp.sum((landing(x) - jnp.array([4.2, 3.05])) ** 2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_gradient_of_the_free_throw_is_that_of_jax(soup, lang):
    with jax.enable_x64(True):
        start = jnp.array([3.0, 6.0])
        value, slopes = float(miss(start)), np.array(jax.jacfwd(miss)(start))
    said = text_of(soup, lang, "autodiff")
    assert f"{value:.4f}" in said
    assert f"{slopes[0]:.6f} {slopes[1]:.6f}" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_throw_that_is_found_hits_the_hoop(soup, lang):
    with jax.enable_x64(True):
        x = jnp.array([3.0, 6.0])
        for _ in range(20):  # Newton's method for the two equations, not for the minimum
            gap = landing(x) - jnp.array([4.2, 3.05])
            x = x - jnp.linalg.solve(jax.jacfwd(landing)(x), gap)
    said = text_of(soup, lang, "autodiff")
    across, up = (f"{float(part):.2f}" for part in x)
    pattern = rf"每秒 {across} 米，向上 {up} 米" if lang == "zh" else f"{across} meters.*{up} up"
    assert re.search(pattern, said)
    assert f"[{float(x[0]):.4f} {float(x[1]):.4f}]" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_formulas_swell_as_their_lengths_must(soup, lang):
    formula, derivative = 1, 1  # letters of x and of 1
    said = text_of(soup, lang, "autodiff")
    for n in range(1, 9):
        derivative = 2 * derivative + 3 * formula + 18  # the product rule writes them so often
        formula = 2 * formula + 6
        assert f"{n} {formula} {derivative}" in said
    assert said.count(str(derivative)) >= 2  # in the output and in the text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_operations_are_as_many_as_counted_by_hand(soup, lang):
    said = text_of(soup, lang, "autodiff")
    for p in 2 ** np.arange(1, 11):
        n = p - 1  # links, each with x x, x - x x, 1 - x, 100 a, 100 a a, b b, and their sum
        once = 7 * n + (n - 1)
        products = 3 * 2 * n + n  # of 100 a a, b b and x x two each, of 100 a one
        signs = 2 * n  # of x - x x and of 1 - x
        meetings = 2 * n  # a and b are used twice
        slices = 4 * n + 3 * (n + 1) - 2  # put among zeros, and added up; 0 + 0 is no operation
        whole = once + products + signs + meetings + slices
        assert re.search(rf"\b{p} +{once} +{whole} {whole / once:.3f}", said)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("function", [noted, read_backward])
def test_the_code_that_is_read_is_the_librarys(soup, lang, function):
    said = text_of(soup, lang, "autodiff")
    lines = inspect.getsource(function).split('"""')[2].strip().splitlines()
    assert len(lines) >= 7
    for line in lines:
        assert line.strip() in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_network_says_that_hand_and_machine_agree_and_has_no_surface(soup, lang):
    page = soup(lang, "chapters/network")
    assert "(2410,) largest difference below 1e-12: True" in page.get_text()
    assert page.find(id="fig-network-planes") and not page.find(id="fig-network-surface")
