"""The page that says how the book is made: its counts, counted otherwise; its length."""

import ast
import re
import subprocess
from functools import cache

from bs4 import Comment

from gdcore import Muon
from gdcore.optimizers import OPTIMIZERS
from tests.pages.test_length import words
from tests.support.book import CHAPTERS, LANGUAGES, PAGES, ROOT, soup_of, tree_of
from tests.support.exercises import exercises


@cache
def said(lang):
    """The paragraphs of the page in its language, as they read."""
    article = soup_of(lang, "making").find("article")
    paragraphs = (
        p for p in article.select("p:not(figcaption p)") if not p.find_parent(class_="twin")
    )
    return " ".join(" ".join(p.get_text().split()) for p in paragraphs)


def number(pattern, lang="en"):
    [found] = re.findall(pattern, said(lang))
    return int(found)


def functions_of_tests():
    for file in (ROOT / "tests").rglob("[!.]*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node


def test_both_languages_give_the_same_counts():
    counts = [sorted(re.findall(r"\d{2,}", said(lang))) for lang in LANGUAGES]
    assert counts[0] == counts[1] and len(counts[0]) == 11


def test_pages_cells_and_figures_are_as_many_as_are_built():
    assert number(r"in (\d+) chapters") == len(CHAPTERS)
    trees = [tree_of("en", page) for page in PAGES]
    drawn = "//figure[@id][.//svg[contains(@class, 'figure')]]"
    assert number(r"All (\d+) figures") == sum(len(tree.xpath(drawn)) for tree in trees)
    alive = [one for tree in trees for one in tree.xpath("//div[@class='instrument']")]
    assert number(r"Most of the (\d+) figures that can be dragged") == len(alive)
    folder = ROOT / "_static" / "js" / "instruments"
    scripts = [(folder / f"{one.get('data-name')}.js").read_text("utf-8") for one in alive]
    formulas = re.compile("OBJECTIVES|OPTIMIZERS")  # of gdcore's script
    assert 2 / 3 < sum(bool(formulas.search(one)) for one in scripts) / len(alive) < 1
    stubs = "//*[contains(@class, 'exercise-stub')]"
    assert number(r"There are (\d+) exercises") == sum(len(tree.xpath(stubs)) for tree in trees)
    texts = ((ROOT / "chapters" / f"{name}.md").read_text("utf-8") for name in CHAPTERS)
    code = [one for text in texts for one in exercises(text) if not one.numeric]
    assert number(r"with (\d+) wrong answers") == sum(len(one.wrong) for one in code)


SHORT = {"GD", "SGD", "WSD"}  # as the chapters call a method and a schedule


def test_words_in_figures_are_names_of_methods():
    """Matplotlib notes each text that it draws; what stands between dollars is symbols."""
    names = {type(one).__name__ for one in OPTIMIZERS.values()} | {Muon.__name__} | SHORT
    drawn = set()
    for page in PAGES:
        for figure in soup_of("en", page).select("svg.figure"):
            for note in figure.find_all(string=lambda text: isinstance(text, Comment)):
                drawn.update(re.findall(r"[^\W\d_]{2,}", re.sub(r"\$[^$]*\$", "", note)))
    assert "Momentum" in drawn and drawn <= names, drawn - names


def test_tests_and_lines_are_as_many_as_python_and_wc_count():
    assert number(r"The tests are (\d+) functions") == sum(1 for _ in functions_of_tests())
    for folder, pattern in (("gdcore", r"has (\d+) lines"), ("press", r"makes the pages (\d+)")):
        files = sorted((ROOT / folder).rglob("[!.]*.py"))
        counted = subprocess.run(["cat", *files], capture_output=True, check=True).stdout
        assert number(pattern) == counted.count(b"\n")


def test_the_page_is_short_enough_to_be_read():
    assert 300 < words("../making") <= 900


def test_the_operations_it_shows_are_those_of_the_ellipse():
    """x₁² + 2x₂² has the slopes 2x₁ and 4x₂."""
    shown = soup_of("en", "making").get_text()
    assert "const t0=2*x;\nconst t1=4*y;" in shown
