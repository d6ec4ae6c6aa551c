"""The catalogue: every objective of the table stands there, and a new one comes by itself."""

import re
from itertools import pairwise

import numpy as np
import pytest

from gdcore import OBJECTIVES, GradientDescent, curvature, descend
from press.ext.figures import catalogue
from tests.support.book import LANGUAGES
from tests.support.small_book import SmallBook

each_objective = pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=OBJECTIVES)
each_language = pytest.mark.parametrize("lang", LANGUAGES)


def formulas(element):
    return [tex.get_text() for tex in element.select("annotation[encoding='application/x-tex']")]


def numbers(formula):
    """The numbers in a formula, a power of ten read as one."""
    formula = re.sub(r"(\d) \\times 10\^\{(-?\d+)\}", r"\1e\2", formula)
    formula = re.sub(r"10\^\{(-?\d+)\}", r"1e\1", formula)
    return [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", formula)]


@pytest.fixture
def section(soup, lang, objective):
    found = soup(lang, "catalogue").find(id="objective-" + objective.name.replace("_", "-"))
    assert found, f"{objective.name} is not in the catalogue"
    return found


@each_language
@each_objective
def test_an_objective_has_its_formula_its_facts_and_its_figure(section, lang, objective):
    variable = "x" if objective.dim == 1 else "x_1, x_2"
    assert formulas(section)[0] == f"f({variable}) = {objective.formula}"
    domain, minimizers, minimum, *more = section.select("ul.simple > li, ul > li")
    given = [numbers(formula.split("[")[1]) for formula in formulas(domain)]
    np.testing.assert_array_equal(given, objective.domain)
    for item, expected in [(minimizers, objective.minimizers), (minimum, [[objective.minimum]])]:
        given = [numbers(formula) for formula in formulas(item)]
        np.testing.assert_allclose(given, expected, rtol=1e-5)
    if objective.local_minimizers:
        given = [numbers(formula) for formula in formulas(more.pop(0))]
        np.testing.assert_allclose(given, objective.local_minimizers, rtol=1e-5)
    [source] = more
    assert objective.source in source.get_text()
    [figure] = section.select("svg.figure:not(.narrow)")
    assert len(figure["aria-label"]) > 20


@each_language
@each_objective
def test_the_caption_tells_the_descent_that_is_drawn(section, lang, objective):
    """Done again from the caption's own numbers, the descent takes the steps that it says."""
    caption = section.select_one("figcaption .lang:not([hidden])")
    start, rate, end = map(numbers, formulas(caption))
    [steps] = re.findall(r"(\d+) (?:步|step)", caption.get_text())
    again = descend(objective, GradientDescent(*rate), start, max_steps=200, grad_tol=0.01)
    assert again.steps == int(steps)
    np.testing.assert_allclose(again.x[-1], end, atol=5.1e-5)
    assert all(later <= earlier for earlier, later in pairwise(again.f))  # so the rate is not large
    assert again.status == "converged" or steps == "200"


@each_language
def test_the_page_states_the_rule(soup, lang):
    text = soup(lang, "catalogue").select_one(".lang:not([hidden]) ul").get_text()
    for number in (curvature.AROUND, *(100 * part for part in curvature.START),
                   *catalogue.ENDING.values()):  # fmt: skip
        assert re.search(rf"(?<![\d.]){number:g}(?![\d.])", text), number


@each_language
def test_the_sections_are_those_of_the_table_in_its_order(soup, lang):
    ids = [s["id"] for s in soup(lang, "catalogue").select("section[id^=objective-]")]
    assert ids == ["objective-" + name.replace("_", "-") for name in OBJECTIVES]


NEW = """\
def _twin_wells(x):
    return (x[0] * x[0] - 4) ** 2


twin_wells = Objective(
    name="twin_wells",
    value=_twin_wells,
    grad=lambda x: 4 * x * (x * x - 4),
    formula=r"(x^2 - 4)^2",
    domain=((-3.0, 3.0),),
    minimizers=((-2.0,), (2.0,)),
    minimum=0.0,
    source="Nobody, nowhere",
)

OBJECTIVES: dict[str, Objective] = {"twin_wells": twin_wells}
"""


@pytest.mark.slow
def test_a_new_objective_appears_by_itself(tmp_path):
    book = SmallBook(tmp_path / "book")
    book.chapter.write_text(
        "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
        "(small)=\n# {zh}`目录` {en}`Catalogue`\n\n"
        "```{code-cell} python\n:tags: [remove-cell]\n"
        "import matplotlib.pyplot as plt\n"
        "from gdcore import OBJECTIVES, GradientDescent, descend, draw\n"
        "draw.use_book_style()\ndescents = {}\n```\n\n"
        "```{catalogue}\n```\n",
        encoding="utf-8",
    )
    objectives = book.folder / "gdcore" / "objectives.py"
    before = objectives.read_text(encoding="utf-8").split("OBJECTIVES: dict")[0]
    objectives.write_text(before + NEW, encoding="utf-8")
    code, said = book.build()
    assert code == 0, said
    for lang, title in (("zh", "Twin wells 函数"), ("en", "Twin wells")):
        page = book.page(lang)
        assert 'id="objective-twin-wells"' in page and title in page
        assert "f(x) = (x^2 - 4)^2" in page and "Nobody, nowhere" in page
        assert page.count('<svg class="figure"') == 1
