"""Claims of the chapter on what trains models today that no cell of its own can check."""

import re

import numpy as np
import pytest

import gdcore
from tests.support.book import LANGUAGES, ROOT

PAGE = "chapters/training-today"
METHODS = ["SGD", "Momentum", "Adam", "Lion", "Muon"]


def tables(soup, lang):
    """The tables of numbers of the page, each a name to its row."""
    found = []
    for table in soup(lang, PAGE).select("article .heat table"):
        rows = [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tr")]
        found.append({name: [float(number) for number in numbers] for name, *numbers in rows[1:]})
    return found


def printed(soup, lang):
    """What each cell prints; a long output lies folded in two pieces."""
    outputs = soup(lang, PAGE).select("article .cell_output")
    return ["".join(pre.get_text() for pre in output.select("pre")) for output in outputs]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_oldest_method_with_an_end_beats_all_others_without(soup, lang):
    """What the page says, of the table that it shows: the loss is lower, and by more than noise."""
    losses, _ = tables(soup, lang)
    assert list(losses) == METHODS
    constant, mean, fall = np.array(list(losses.values())).T
    assert fall[0] < constant.min() - 0.03 and mean[0] < constant.min() - 0.03
    text = soup(lang, PAGE).get_text()
    for number in (constant[0], fall[0], constant.min(), fall[2], fall[4]):
        assert f"{number:.2f}" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bytes_a_parameter_are_those_of_the_arrays_that_a_method_keeps(soup, lang):
    """4 bytes for each array of 32 bits: none, one, one, one, two; 8 for parameter and gradient."""
    _, memory = tables(soup, lang)
    arrays = {"SGD": 0, "Momentum": 1, "Lion": 1, "Muon": 1, "AdamW": 2}
    assert memory == {name: [4 * n, 8 + 4 * n, 7 * (8 + 4 * n)] for name, n in arrays.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_text_is_printed_at_three_moments_and_comes_to_have_words(soup, lang):
    [written] = [text for text in printed(soup, lang) if "step 100:" in text]
    parts = re.split(r"step \d+:\n", written)[1:]
    lines = [[line for line in part.split("\n") if line] for part in parts]
    assert [[len(line) for line in part] for part in lines] == [[76, 76, 76]] * 3
    known = set(re.findall(r"[a-z]+", docstrings()))
    shares = []
    for part in parts:
        words = [word for word in re.findall(r"[a-z]+", part) if len(word) > 2]
        shares.append(np.mean([word in known for word in words]))
    assert shares[0] < 0.2 and shares[2] > shares[0] + 0.1


def docstrings():
    """What the network learned from."""
    return (ROOT / "gdcore" / "docstrings.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_how_much_text_and_how_many_parameters_there_are(soup, lang):
    [count] = [text for text in printed(soup, lang) if "characters of 34 kinds" in text]
    assert int(count.split()[0]) == len(docstrings().rstrip()) > 50_000
    assert len(set(docstrings().replace("\n", " "))) == 34
    assert 12 * 34 + 128 * 96 + 128 + 34 * 128 + 34 == 17210
    assert "17210" in soup(lang, PAGE).get_text()


def test_every_schedule_and_method_of_the_chapter_is_gdcores():
    source = (ROOT / "chapters" / "training-today.md").read_text(encoding="utf-8")
    for name in ("Lion", "Muon", "StableDecay", "WarmUp", "Cosine", "Clipped", "tail_average"):
        assert name in gdcore.__all__ and re.search(rf"\b{name}\(", source), name
