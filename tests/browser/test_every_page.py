"""Each page in each language, opened once as a reader does; the tests read what was seen then."""

import gzip
import re
from functools import cache

import pytest

from tests.support.book import LANGUAGES
from tests.support.sight import NARROW

FAST = {
    "test_nothing_goes_wrong_and_nothing_is_asked_of_the_network",
    "test_a_page_shows_its_language_and_no_twin",
    "test_every_formula_is_set_those_of_the_twins_too",
    "test_the_fonts_of_formulas_have_all_their_signs",
    "test_a_page_does_not_scroll_sideways_in_a_window_as_narrow_as_a_phone",
    "test_a_page_is_light",
}

KB = 1000
LIGHT = 250 * KB


def test_nothing_goes_wrong_and_nothing_is_asked_of_the_network(seen):
    assert seen.troubles == []


def test_a_page_shows_its_language_and_no_twin(seen):
    assert seen.language == LANGUAGES[seen.lang]
    assert bool(re.search(r"[\u4e00-\u9fff]", seen.title)) == (seen.lang == "zh")
    assert seen.languages == [LANGUAGES[seen.lang]]
    assert seen.twins == 0


def test_every_formula_is_set_those_of_the_twins_too(seen):
    assert seen.unset == 0


def test_the_fonts_of_formulas_have_all_their_signs(seen):
    assert seen.strange == []
    assert seen.signs > 5 or not seen.page.startswith("chapters/")


def test_a_page_does_not_scroll_sideways_in_a_window_as_narrow_as_a_phone(seen):
    assert 0 < seen.width <= NARROW


@cache
def transferred(path: str) -> int:
    """How many bytes a web server sends of a file."""
    with open(path, "rb") as file:
        data = file.read()
    return len(data) if path.endswith((".woff2", ".png")) else len(gzip.compress(data, 9, mtime=0))


def test_a_page_is_light(seen):
    """What it asks a slow line to carry: everything it loads, gzipped as a web server sends it."""
    assert any(path.endswith("style.css") for path in seen.files)
    sizes = {path.rsplit("/", 1)[1]: transferred(path) for path in seen.files}
    assert sum(sizes.values()) <= LIGHT, sizes


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_of_the_theme_is_published_in_vain(html, lang):
    static = html / lang / "_static"
    assert not list(static.rglob("*.map"))
    assert not (static / "scripts" / "fontawesome.js").exists()
    assert (static / "style.css").stat().st_size < 200 * KB
