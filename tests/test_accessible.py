"""axe-core, which checks pages against the Web Content Accessibility Guidelines, finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import LANGUAGES, PAGES

# The insides of formulas and figures are hidden from readers of the page; their labels are not.
DRAWN = [[".katex-html"], ["svg.figure > *"]]
OPTIONS = {"resultTypes": ["violations"], "preload": False}
SETTINGS = [("light", ""), ("dark", "?side-by-side")]
ALL_SETTINGS = [*SETTINGS, ("light", "?side-by-side"), ("dark", "")]
CASES = [
    *((page, *setting) for page in [*PAGES, "search", "genindex"] for setting in SETTINGS),
    *(("chapters/learning-rate", *setting) for setting in ALL_SETTINGS[2:]),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("page", "scheme", "query"), CASES)
def test_axe_finds_no_violation(visit, lang, page, scheme, query):
    tab = visit(f"{lang}/{page}.html{query}", color_scheme=scheme, reduced_motion="reduce")
    if query and tab.locator(".twin").count():
        assert tab.locator(".twin").first.is_visible()
    tab.evaluate(READ)
    results = Axe().run(tab, {"exclude": DRAWN}, OPTIONS).response
    assert results["passes"]
    found = [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]
    assert found == []


# Go through the page as a reader does: far sections are laid out as one nears them.
READ = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    for (let top = 0; top < document.scrollingElement.scrollHeight; top += innerHeight) {
        scrollTo(0, top);
        await frame();
        await frame();
    }
    scrollTo(0, 0);
    await frame();
}"""
