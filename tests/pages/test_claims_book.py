"""What the text claims about the book itself, and its words: no cell of a chapter checks these."""

import re
from functools import cache

import numpy as np
import pytest

from tests.support.book import LANGUAGES, ROOT

INDEX = (ROOT / "index.md").read_text("utf-8")
CHAPTERS = [
    ROOT / f"{name}.md" for name in re.findall(r"^(chapters/[\w-]+)$", INDEX, flags=re.MULTILINE)
]
TEXTS = [*CHAPTERS, *ROOT.glob("*.md")]
PAGES = [file for file in TEXTS if file.stem == file.stem.lower()]  # what is no page is in capitals

# For 200 examples of default_rng(0).normal: the largest eigenvalue of A^T A to the least nonzero.
MOUNTAIN = {2: 1.12, 50: 9.1, 100: 32, 150: 165, 190: 2088, 200: 53_300, 210: 7414, 250: 287,
            400: 32, 1000: 6.4, 10_000: 1.76}  # fmt: skip


def said(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@cache
def condition(p: int) -> float:
    """The condition number of X^T X, for 200 examples: that of the smaller of X^T X and X X^T."""
    examples = np.random.default_rng(0).normal(size=(200, p))
    smaller = examples @ examples.T if p > 200 else examples.T @ examples
    eigenvalues = np.linalg.eigvalsh(smaller)
    return eigenvalues[-1] / eigenvalues[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_mountain_of_condition_numbers_is_the_known_one(soup, lang):
    text = soup(lang, "chapters/billions").get_text()
    printed = re.findall(r"p =\s+(\d+): condition number\s+([\d.e+]+)", text)
    assert {int(p) for p, _ in printed} == set(MOUNTAIN)
    for p, kappa in printed:
        assert np.isclose(float(kappa), condition(int(p)), rtol=1e-3)
        assert np.isclose(float(kappa), MOUNTAIN[int(p)], rtol=0.02)


@pytest.mark.parametrize(
    "chapter", [c for c in CHAPTERS if c.stem != "history"], ids=lambda path: path.stem
)
def test_every_chapter_ends_with_exercises_and_their_solutions(chapter):
    text = chapter.read_text("utf-8")
    exercises = text[text.index("## {zh}`练习` {en}`Exercises`") :]
    chinese = re.findall(r"\*\*练习 (\d)（([易中难])）", exercises)
    english = re.findall(r"\*\*Exercise (\d) \((\w+)\)", exercises)
    hard = {"易": "easy", "中": "medium", "难": "hard"}
    assert [(number, hard[how]) for number, how in chinese] == english
    assert [int(number) for number, _ in english] == list(range(1, len(english) + 1))
    assert len(english) >= 4
    ranks = [list(hard.values()).index(how) for _, how in english]
    assert ranks == sorted(ranks) and ranks[0] == 0 and ranks[-1] == 2
    assert "{dropdown} {zh}`解答` {en}`Solution`" in exercises


def test_a_chapter_needs_no_more_than_the_primer_says():
    """Slope alone for lines, partial derivatives from the plane on, variance from noise on."""
    assert "<before-you-begin>" in INDEX
    stems = [chapter.stem for chapter in CHAPTERS]
    primer = said("chapters/before-you-begin.md")
    for stem in ("one-dimension", "many-dimensions", "stochastic"):
        assert primer.count(f"<{stem}>") == 2, stem  # once a language
    for stem in ("one-dimension", "learning-rate"):
        assert not re.search("偏导|矩阵|特征值|方差", said(f"chapters/{stem}.md")), stem
    assert re.search("偏导数.*矩阵.*特征值", said("chapters/many-dimensions.md"), re.DOTALL)
    for stem in stems[stems.index("one-dimension") : stems.index("stochastic")]:
        assert "方差" not in said(f"chapters/{stem}.md"), stem
    assert "方差" in said("chapters/stochastic.md")


@pytest.mark.parametrize("word", ["采样", "差分", "收敛因子", "有效步长", "海森"])
def test_one_term_a_concept(word):
    found = {path.name: n for path in TEXTS if (n := path.read_text("utf-8").count(word))}
    assert found == ({"glossary.md": 1} if word == "海森" else {})


def test_the_other_name_of_the_hessian_stands_beside_it():
    entry = said("glossary.md").split("黑塞矩阵\nHessian matrix\n")[1]
    assert "也译作海森矩阵" in entry.splitlines()[1]


# 步长 is a length: nobody chooses it, bounds it by 2/L or gives it to a component.
MEANS_THE_RATE = re.compile(
    r"(选|调|自己的|不同的|所有的|大的)步长|步长[^，。；]{0,6}(上限|受|变为|却)"
)


@pytest.mark.parametrize(
    "name",
    ["index.md", "glossary.md", "explorer.md", "catalogue.md"]
    + [f"chapters/{stem}.md" for stem in
       ("stochastic", "minibatches", "basins", "network", "race", "scale", "edge-of-stability",
        "billions")],
)  # fmt: skip
def test_the_length_of_a_step_is_not_the_learning_rate(name):
    assert MEANS_THE_RATE.search(said(name)) is None


def test_both_chapters_on_adam_write_it_with_the_same_letters():
    for stem in ("adaptive", "edge-of-stability"):
        text = said(f"chapters/{stem}.md")
        assert r"\hat s" in text and r"\beta_1" in text, stem
        assert r"\hat v" not in text and r"\gamma" not in text, stem


def test_section_7_2_is_cited_from_the_edition_that_has_it():
    entry = said("references.bib").split("@book{zhang2019,")[1].split("\n}")[0]
    assert "In Chinese" in entry and "{2019}" in entry and "978-7-115-49084-1" in entry
    digits = [int(digit) for digit in "9787115490841"]  # the check digit of the ISBN
    assert sum(digit * (1, 3)[i % 2] for i, digit in enumerate(digits)) % 10 == 0
    lines = [line for line in INDEX.splitlines() if "7.2" in line]
    assert len(lines) == 2 and all("{cite}`zhang2019`" in line for line in lines)
    for stem in ("one-dimension", "learning-rate", "many-dimensions", "stochastic"):
        text = said(f"chapters/{stem}.md")
        assert "zhang2019" in text, stem
        for line in text.splitlines():  # the other edition is cited as what it is
            if "zhang2023" in line:
                assert re.search(
                    "英文版 {cite}`zhang2023`|English edition[^.]*{cite}`zhang2023`", line
                )


def test_what_is_said_of_two_panels_side_by_side_is_true_where_they_stand_one_below_the_other():
    """A phone shows them so: left and right would be false there."""
    cell = re.compile(r"^```\{code-cell\}.*?^```", re.MULTILINE | re.DOTALL)
    seen = [
        found[0]
        for chapter in CHAPTERS
        for found in cell.finditer(chapter.read_text("utf-8"))
        if re.search(r"subplots\((1, 2\b|ncols=2)", found[0])
    ]
    assert len(seen) >= 3
    for text in seen:
        head = text.split("\n---\n")[1 if text.count("\n---\n") > 1 else 0]
        assert re.search("左图|右图|左：|右：|Left:|Right:|(left|right) picture", head) is None, (
            head
        )


# What translators write and nobody says; British spellings beside American ones.
NOT_SAID = re.compile(
    r"说的是|去除|\bfor ever\b|\bstrides\b|holds what comes|colour|behaviour|favour|neighbour"
    r"|\bcentre|\bgrey\b"
)


@pytest.mark.parametrize("file", PAGES, ids=lambda path: path.stem)
def test_the_book_speaks_as_people_do(file):
    prose = re.sub(r"(?ms)^```\{code-cell\}.*?^```$", "", file.read_text("utf-8"))
    assert NOT_SAID.findall(prose) == []


def test_a_refrain_is_heard_once():
    for words in ("to and fro", "to the last bit"):
        told = sum(chapter.read_text("utf-8").lower().count(f" {words}") for chapter in CHAPTERS)
        assert told <= 1, words


def test_every_chapter_asks_before_it_tells_and_no_two_questions_share_a_name():
    """Under its name a guess is kept, in all of the book."""
    asked = {
        chapter.stem: re.findall(r"^:{4,}\{predict\} (\S+)$", chapter.read_text("utf-8"), re.M)
        for chapter in CHAPTERS
    }
    assert [stem for stem, names in asked.items() if not names] == ["history"]
    names = [name for names in asked.values() for name in names]
    assert len(set(names)) == len(names)
