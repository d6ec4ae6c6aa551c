"""The theme's selectors find what soupsieve, which knows all of CSS, finds with them."""

import pytest
from conftest import LANGUAGES

from press.ext.patches import simple_selectors

SIMPLE = ["li", "li.toctree-l1 > details", "details > a.reference", ".toc-h2", "div.cell > div"]
OTHERS = ["li a", "li:first-child", "a[href]", "h1, h2", "li.toctree-l1.current"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("selector", SIMPLE + OTHERS)
def test_they_find_the_same_in_the_same_order(soup, lang, selector):
    page = soup(lang, "chapters/stochastic")
    found = simple_selectors.select(page, selector)
    assert list(map(id, found)) == list(map(id, simple_selectors.any_select(page, selector)))
    assert found or "details" in selector or ".toc-h2" in selector


@pytest.mark.parametrize("selector", SIMPLE)
def test_the_simple_ones_need_no_soupsieve(soup, monkeypatch, selector):
    monkeypatch.setattr(simple_selectors, "any_select", None)
    assert simple_selectors.select(soup("en", "index"), selector) is not None
