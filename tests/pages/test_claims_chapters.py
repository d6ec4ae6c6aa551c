"""Claims of chapters that no cell of theirs can check: built pages, citations, words."""

import re

import numpy as np
import pytest
from sklearn.datasets import load_diabetes

from gdcore import AdaGrad, descend, ellipse, himmelblau, parabola, valley
from tests.support.book import CHAPTERS, LANGUAGES, ROOT

CHECKED = ("before-you-begin", "one-dimension", "learning-rate", "many-dimensions", "himmelblau",
           "montage", "guarantees", "momentum", "adaptive", "newton")  # fmt: skip
TEXTS = {stem: (ROOT / "chapters" / f"{stem}.md").read_text("utf-8") for stem in CHECKED}

# AdaGrad with 0.4 in the valley from (-5, -2): x1 after so many steps, as the page shows it.
ARRIVING = {20: "-2.38", 100: "-0.40", 200: "-0.047", 500: "-0.00008"}

# Where plain descent stops being stable, 2/L, at each minimizer.
LIMITS = (
    (parabola, (0.0,), 1),
    (ellipse, (0.0, 0.0), 0.5),
    (valley, (0.0, 0.0), 0.5),
    (himmelblau, himmelblau.minimizers[0], 0.02431),
    (himmelblau, himmelblau.minimizers[1], 0.02483),
    (himmelblau, himmelblau.minimizers[2], 0.01495),
    (himmelblau, himmelblau.minimizers[3], 0.01897),
)


def text_of(soup, lang, stem):
    return soup(lang, f"chapters/{stem}").get_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_adagrad_arrives_and_the_page_says_when(soup, lang):
    path = descend(valley, AdaGrad(0.4, eps=1e-6, eps_inside=True), (-5, -2), max_steps=2000).x
    said = text_of(soup, lang, "adaptive")
    for step, shown in ARRIVING.items():
        assert f"{path[step, 0]:.{len(shown) - 3}f}" == shown
        assert shown in said, shown
    assert abs(path[2000, 0]) < 1e-17
    assert "几乎不动" not in said and "all but stops" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_guarantee_for_the_distance_is_the_root_of_that_for_f(soup, lang):
    said = text_of(soup, lang, "momentum")
    factor = 1 - 1 / np.sqrt(20)
    assert f"{factor:.4f}" == "0.7764" and f"{np.sqrt(factor):.3f}" == "0.881"
    assert "0.7764" in said and "0.881" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_momentum_takes_so_many_steps_on_the_patients(soup, lang):
    """Each eigenvector by itself: c of the next step is a sum of the two before."""
    data = load_diabetes(scaled=False)
    A = np.column_stack([np.ones(442), data.data[:, [2, 3]]])
    values, vectors = np.linalg.eigh(A.T @ A / 442)
    root = np.sqrt(values[-1] / values[0])
    rate = 4 / (np.sqrt(values[-1]) + np.sqrt(values[0])) ** 2
    beta = ((root - 1) / (root + 1)) ** 2
    answer = np.linalg.solve(A.T @ A, A.T @ (data.target - data.target.mean()))
    now = before = vectors.T @ answer
    steps = 0
    while np.linalg.norm(now) > 1e-3 * np.linalg.norm(answer):
        now, before = (1 + beta - rate * values) * now - beta * before, now
        steps += 1
    said = text_of(soup, lang, "momentum")
    assert f"'Momentum': {steps}, " in said and said.count(str(steps)) > 1


@pytest.mark.parametrize(("objective", "minimizer", "limit"), LIMITS)
def test_the_limit_at_a_minimizer_is_the_known_one(objective, minimizer, limit):
    x, h = np.array(minimizer), 1e-5
    hessian = [
        (objective.grad(x + e) - objective.grad(x - e)) / (2 * h) for e in h * np.eye(len(x))
    ]
    assert np.isclose(2 / np.linalg.eigvalsh(hessian)[-1], limit, rtol=0, atol=6e-6)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chapter_shows_the_limits_of_its_four_valleys(soup, lang):
    said = text_of(soup, lang, "himmelblau")
    assert all(f"2/L {limit:.5f}" in said for _, minimizer, limit in LIMITS if len(minimizer) == 2
               and limit < 0.1)  # fmt: skip


def test_every_entry_of_the_bibliography_is_cited():
    entries = set(re.findall(r"^@\w+\{([\w-]+),", (ROOT / "references.bib").read_text(), re.M))
    pages = [*ROOT.glob("*.md"), *(ROOT / "chapters").glob("*.md")]
    found = (re.findall(r"\{cite\}`([^`]+)`", page.read_text("utf-8")) for page in pages)
    assert {key for keys in found for group in keys for key in group.split(",")} == entries


@pytest.mark.parametrize("stem", [*(f"chapters/{stem}" for stem in CHAPTERS), "index", "explorer"])
def test_the_shade_of_an_explorer_is_called_bounded_and_not_stable(stem):
    text = (ROOT / f"{stem}.md").read_text("utf-8")
    sentences = re.split(r"[。.；;：:`\n]", text)
    for sentence in sentences:
        if re.search(r"绿|涂色|底色|\bgreen\b|\bshaded\b", sentence, re.IGNORECASE):
            assert not re.search(r"稳定的范围|\bstable\b", sentence), sentence


# 步长 is the length of a step: nobody chooses it, bounds it by 2/L or gives it to a component.
MEANS_THE_RATE = re.compile(
    r"(选|调|自己的|不同的|分量的|找到的|所有的|大的)步长|步长[^，。；]{0,6}(上限|受|\$\\eta\$)"
)


@pytest.mark.parametrize("stem", CHECKED)
def test_one_term_a_concept(stem):
    text = TEXTS[stem]
    assert MEANS_THE_RATE.search(text) is None
    assert not re.search("采样|差分|收敛因子|有效步长|海森|说的是|说的就是", text)
    assert not re.search(r"相差[^，。；]{0,40}倍|[陡快慢长短涨]一倍", text)


def test_both_moments_of_adam_are_named_and_beta_is_its_letter():
    text = TEXTS["adaptive"]
    assert "一阶矩" in text and "二阶矩" in text
    assert "first moment" in text and "second moment" in text
    assert r"\gamma" not in text
