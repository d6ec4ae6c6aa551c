"""The notebooks: valid, in one language, saying what the page says, and running as they are."""

import ast
import re
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import CHAPTERS, LANGUAGES
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbclient import NotebookClient

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)
every_notebook = pytest.mark.parametrize(
    ("lang", "chapter"), [(lang, chapter) for lang in LANGUAGES for chapter in CHAPTERS]
)
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


@pytest.fixture(scope="module")
def notebook(html):
    def read(lang, chapter):
        return nbformat.read(html / lang / "chapters" / f"{chapter}.ipynb", as_version=4)

    return read


def sources(notebook, kind):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


@every_notebook
def test_a_notebook_is_valid_and_light(notebook, lang, chapter):
    nbformat.validate(notebook(lang, chapter))
    assert not any(cell.get("outputs") for cell in notebook(lang, chapter).cells)


@every_notebook
def test_the_page_links_to_its_notebook(soup, lang, chapter):
    [link] = soup(lang, f"chapters/{chapter}").select("a.notebook-link")
    assert link["href"] == f"{chapter}.ipynb" and link.has_attr("download")
    assert bool(CHINESE.search(link.get_text())) == (lang == "zh")


# Words


@every_notebook
def test_the_text_is_that_of_the_page(notebook, soup, lang, chapter):
    """Rendered by another program, a notebook says what the page says, and no more."""
    intro, *cells = sources(notebook(lang, chapter), "markdown")
    assert 'pip install ".[plot]"' in intro
    text = "\n\n".join([intro.splitlines()[0], *cells])
    text = re.sub(r"\n<details>\n<summary>(用文字|This figure).*?</details>", "", text, flags=re.S)
    text = re.sub(r"\n## (引用的文献|Works cited)\n.*", "", text, flags=re.S)
    # In a table a formula's bars are written by name.
    said = rendered(text).get_text().replace(r"\vert ", "|").replace(r"\Vert ", r"\|")
    assert squeezed(said) == squeezed(text_of(soup(lang, f"chapters/{chapter}")))


def rendered(text):
    markdown = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    return BeautifulSoup(markdown.render(text), "html.parser")


def text_of(page):
    """What an article says, its formulas in LaTeX, without its cells."""
    article = BeautifulSoup(str(page.select_one("article")), "html.parser")
    for unwanted in article.select(
        ".twin, .headerlink, .hide > summary, .cell_input, .cell_output .output, svg, "
        ".explorer-figure"  # to try things in, a notebook has its cells
    ):
        unwanted.extract()
    for formula in article.select(".math"):
        number = formula.select_one(".eqno")
        tag = rf"\tag{{{number.get_text().strip('()')}}}" if number else ""
        formula.replace_with(formula.select_one("annotation").get_text() + tag)
    return article.get_text()


def squeezed(text):
    return re.sub(r"\s", "", text)


@each_chapter
def test_an_english_notebook_has_no_chinese(notebook, chapter):
    assert not CHINESE.search("".join(sources(notebook("en", chapter), "markdown")))


@every_notebook
def test_figures_are_told_in_words(notebook, soup, lang, chapter):
    text = squeezed("".join(sources(notebook(lang, chapter), "markdown"))).replace("\\", "")
    figures = soup(lang, f"chapters/{chapter}").select("div.cell_output svg.figure")
    assert figures
    for svg in figures:
        assert squeezed(svg["aria-label"]) in text


@every_notebook
def test_works_are_cited_in_full(notebook, soup, lang, chapter):
    links = soup(lang, f"chapters/{chapter}").select(".lang:not(.twin) .bibtex-citation a")
    cited = {f"- [{link.get_text()}] {link['title']}" for link in links}
    last = sources(notebook(lang, chapter), "markdown")[-1].replace("\\", "")
    assert cited == {line for line in last.splitlines() if line.startswith("- [")}


@every_notebook
def test_every_link_of_a_notebook_leads_somewhere(notebook, html, lang, chapter):
    text = "\n\n".join(sources(notebook(lang, chapter), "markdown"))
    links = rendered(text).select("a")
    assert links
    for link in links:
        target = link["href"]
        assert target.startswith("https://") or (html / lang / "chapters" / target).exists()


# Code


@every_notebook
def test_the_code_is_that_of_the_page(notebook, soup, lang, chapter):
    setup, *cells = sources(notebook(lang, chapter), "code")
    shown = soup(lang, f"chapters/{chapter}").select("div.cell_input pre")
    assert cells == [pre.get_text().rstrip("\n") for pre in shown]
    assert setup == sources(notebook("en", CHAPTERS[0]), "code")[0]


@each_chapter
def test_a_notebook_needs_no_more_than_it_says(notebook, chapter):
    brought = {"gdcore", "matplotlib", "numpy", *sys.stdlib_module_names}
    if "scikit-learn" in sources(notebook("zh", chapter), "markdown")[0]:
        brought.add("sklearn")
    if "dask[array]" in sources(notebook("zh", chapter), "markdown")[0]:
        brought.add("dask")
    for source in sources(notebook("zh", chapter), "code"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                names = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module.partition(".")[0]}
            else:
                continue
            assert names <= brought


@each_chapter
def test_a_notebook_runs_and_prints_what_the_page_shows(notebook, soup, chapter):
    book = notebook("zh", chapter)  # the English one has the same code, as tested above
    quiet = ["--IPKernelApp.log_level=CRITICAL"]
    NotebookClient(book, timeout=120, extra_arguments=quiet).execute()
    outputs = [output for cell in book.cells for output in cell.get("outputs", ())]
    printed = [
        output.text if output.output_type == "stream" else output.data["text/plain"]
        for output in outputs
        if output.output_type == "stream" or "image/svg+xml" not in output.data
    ]
    page = soup("zh", f"chapters/{chapter}")
    shown = [pre.get_text() for pre in page.select("div.cell_output pre")]
    assert lines_of(printed) == lines_of(shown)
    drawn = [output for output in outputs if "image/svg+xml" in output.get("data", ())]
    assert len(drawn) == len(page.select("div.cell_output svg.figure")) > 0


def lines_of(outputs):
    """The lines that say something: a page merges outputs, and may set a blank line between."""
    return [line.rstrip() for text in outputs for line in text.splitlines() if line.strip()]
