"""axe-core, which checks pages against the Web Content Accessibility Guidelines, finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support.book import LANGUAGES, PAGES
from tests.support.browsing import both_languages
from tests.support.tiers import few

FAST = {
    "test_axe_finds_no_violation",
}

OPTIONS = {"resultTypes": ["violations"], "preload": False}
LIGHT, DARK = "light", "dark"
ALONE, SIDE_BY_SIDE = "", "?side-by-side"
MIXED = [(LIGHT, SIDE_BY_SIDE), (DARK, ALONE)]
EVERY_PAGE = [*PAGES, "search", "genindex"]
CASES = [
    *((lang, "chapters/learning-rate", s, q) for lang in LANGUAGES for s, q in MIXED),
    *(("zh", page, LIGHT, ALONE) for page in EVERY_PAGE),
    *(("en", page, DARK, SIDE_BY_SIDE) for page in EVERY_PAGE),
]
TYPICAL = [  # in every `make test`: a page of each kind, in either theme, alone and side by side
    ("zh", "chapters/learning-rate", LIGHT, SIDE_BY_SIDE),
    *(("zh", page, LIGHT, ALONE) for page in ("index", "explorer")),
    ("en", "references", DARK, SIDE_BY_SIDE),
]


@pytest.mark.parametrize(("lang", "page", "scheme", "query"), few(CASES, *TYPICAL))
def test_axe_finds_no_violation(visit, lang, page, scheme, query):
    tab = visit(f"{lang}/{page}.html{query}", color_scheme=scheme, reduced_motion="reduce")
    if query and page in PAGES:
        both_languages(tab)
        assert tab.locator(".twin").first.is_visible()
    tab.evaluate(WHOLE)
    results = Axe().run(tab, options=OPTIONS).response
    assert results["passes"]
    found = [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]
    assert found == []


# All of the page laid out, as after a click, with its fonts.
WHOLE = """async () => {
    document.documentElement.classList.remove("from-the-top");
    const frame = () => new Promise(requestAnimationFrame);
    const figures = [...document.querySelectorAll(".instrument")].map((one) => one.dataset.figure);
    for (const figure of figures.map((id) => document.getElementById(id))) {
        figure.scrollIntoView();
        while (!figure.matches(".live")) await frame();
    }
    document.querySelector(".explorer-drawer")?.setAttribute("open", "");
    for (let i = 0; i < 3; i++) {
        await new Promise(requestAnimationFrame);
        await document.fonts.ready;
    }
}"""
