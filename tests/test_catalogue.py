"""The catalogue page follows the table of objectives, whatever is in it."""

from dataclasses import replace

import catalogue
import pytest
from conftest import LANGUAGES

from gdcore import OBJECTIVES, himmelblau


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", OBJECTIVES)
def test_every_objective_stands_on_the_page_with_formula_and_figure(soup, lang, name):
    section = soup(lang, "catalogue").find("section", id=f"objective-{name.replace('_', '-')}")
    formula = section.select_one("annotation[encoding='application/x-tex']").get_text()
    assert formula.endswith(f"= {OBJECTIVES[name].formula}")
    assert len(section.select("svg.figure")) == 1
    facts = section.find("ul").get_text()
    for x in OBJECTIVES[name].minimizers:
        assert catalogue.point(x) in facts


def test_a_new_objective_in_the_table_gets_a_section(monkeypatch):
    newcomer = replace(himmelblau, name="newcomer", title="Newcomer", title_zh="新函数")
    monkeypatch.setitem(catalogue.OBJECTIVES, "newcomer", newcomer)
    source = [f"before\n\n{catalogue.PLACE}\n"]
    catalogue.expand(None, "catalogue", source)
    assert "(objective-newcomer)=\n## {zh}`新函数` {en}`Newcomer`" in source[0]
    assert source[0].count("(objective-") == len(OBJECTIVES)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_the_learning_rate_of_an_example_is_stable(name):
    from gdcore import GradientDescent, descend

    _, x0, rate = catalogue.example(OBJECTIVES[name])
    f = descend(OBJECTIVES[name], GradientDescent(rate), x0, max_steps=catalogue.MAX_STEPS).f
    assert 0 < rate <= 1 and f[-1] <= f[0]
