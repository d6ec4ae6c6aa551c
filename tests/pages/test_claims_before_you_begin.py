"""Claims of the primer that its cells cannot check: what the page says, and whom it is for."""

import re

import numpy as np
import pytest

from tests.support.book import LANGUAGES, ROOT


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_prints_what_its_questions_ask_for(soup, lang):
    outputs = "".join(
        output.get_text()
        for output in soup(lang, "chapters/before-you-begin").select(".cell_output pre")
    )
    # f is a parabola, so its difference quotient is the derivative and h
    assert re.findall(r"h (\S+) +slope (\S+)", outputs) == [
        (f"{h:g}", f"{3.6 + h:.4f}") for h in (1, 0.1, 0.001)
    ]
    assert re.search(r"^2\.0000\n4\.0000$", outputs, re.MULTILINE)  # 2 x1 and 4 x2 at (1, 1)
    assert "[1. 3.]" in outputs  # 2 - 1 and 2 + 1
    printed = re.findall(r"n +(\d+)  mean ([\d.]+)  variance ([\d.]+)", outputs)
    assert [int(n) for n, *_ in printed] == [1, 4, 16]
    for n, mean, variance in printed:  # a die: mean 7/2, variance 35/12; 20,000 averages
        expected = 35 / 12 / int(n)
        assert abs(float(mean) - 3.5) < 4 * np.sqrt(expected / 20_000) + 0.005
        assert abs(float(variance) / expected - 1) < 4 * np.sqrt(2 / 20_000) + 0.005


def test_the_primer_asks_four_questions_and_answers_each():
    text = (ROOT / "chapters" / "before-you-begin.md").read_text("utf-8")
    assert len(re.findall(r"^[1-4]\. ", text, re.MULTILINE)) == 8  # four a language
    for number in "1234":
        assert f"问题 {number} 的答案" in text
        assert re.search(rf"question {number}\b", text)


def test_other_chapters_lead_to_the_part_that_they_need():
    text = (ROOT / "chapters" / "many-dimensions.md").read_text("utf-8")
    for label in ("primer-partial", "primer-matrix"):
        assert text.count(f"<{label}>") == 2, label
