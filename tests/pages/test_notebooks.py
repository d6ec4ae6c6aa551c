"""The notebooks: valid, in one language, saying what the page says, and running as they are."""

import ast
import base64
import re
import sys
import tomllib
from copy import deepcopy

import nbformat
import pytest
from bs4 import BeautifulSoup
from lxml.html import document_fromstring, tostring
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbclient import NotebookClient

from press.new import CHAPTER
from press.shell import ENVIRONMENT
from tests.support.book import CHAPTERS, LANGUAGES, ROOT
from tests.support.small_book import SmallBook

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
def test_the_text_is_that_of_the_page(notebook, tree, lang, chapter):
    """Rendered by another program, a notebook says what the page says, and no more."""
    intro, *cells = sources(notebook(lang, chapter), "markdown")
    assert 'pip install ".[notebooks]"' in intro
    text = "\n\n".join([intro.splitlines()[0], *cells])
    text = re.sub(r"\n<details>\s*<summary>(用文字|This figure).*?</details>", "", text, flags=re.S)
    text = re.sub(r"\n## (引用的文献|Works cited)\n.*", "", text, flags=re.S)
    # In a table a formula's bars are written by name.
    said = rendered(text).get_text().replace(r"\vert ", "|").replace(r"\Vert ", r"\|")
    assert squeezed(said) == squeezed(article_of(tree(lang, f"chapters/{chapter}")).text_content())


def rendered(text):
    markdown = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    return BeautifulSoup(markdown.render(text), "html.parser")


def article_of(page):
    """What an article says, its formulas in LaTeX, without its cells, as a tree of lxml."""
    [article] = deepcopy(page).iter("article")
    apart = ("twin", "headerlink", "cell_input", "closed", "recall-where", "instrument")
    apart += ("exercise-stub", "exercise-wrong")  # the one a cell, the other for a script to say
    unwanted = [part for name in apart for part in article.find_class(name)]
    unwanted += [part for cell in article.find_class("cell") for part in cell.iter("summary")]
    unwanted += [p for cell in article.find_class("cell_output") for p in cell.find_class("output")]
    for part in (*unwanted, *article.iter("svg")):
        if part.getparent() is not None:
            part.drop_tree()
    for formula in article.find_class("math"):
        number = "".join(part.text_content() for part in formula.find_class("eqno"))
        tag = rf"\tag{{{number.strip('()')}}}" if number else ""
        formula.text = next(formula.iter("annotation")).text + tag
        for part in list(formula):
            formula.remove(part)
        formula.drop_tag()
    return article


def squeezed(text):
    return re.sub(r"\s", "", text)


@every_notebook
def test_a_table_holds_text_alone(tree, lang, chapter):
    """A list or code in a cell of a table has no form in a notebook: write it below the table."""
    cells = ".//table[contains(@class, 'table')]//*[self::td or self::th]"
    [article] = tree(lang, f"chapters/{chapter}").iter("article")
    assert [part.tag for cell in article.xpath(cells) for part in cell if part.tag != "p"] == []


@each_chapter
def test_an_english_notebook_has_no_chinese(notebook, chapter):
    assert not CHINESE.search("".join(sources(notebook("en", chapter), "markdown")))


@every_notebook
def test_figures_are_told_in_words(notebook, soup, lang, chapter):
    text = squeezed("".join(sources(notebook(lang, chapter), "markdown"))).replace("\\", "")
    figures = soup(lang, f"chapters/{chapter}").select("div.cell_output svg.figure:not(.narrow)")
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
    assert links or "](" not in text
    for link in links:
        target = link["href"]
        assert target.startswith("https://") or (html / lang / "chapters" / target).exists()


# Code


@every_notebook
def test_the_code_is_that_of_the_page(notebook, soup, lang, chapter):
    setup, *cells = sources(notebook(lang, chapter), "code")
    shown = soup(lang, f"chapters/{chapter}").select("div.cell_input pre, .exercise-stub pre")
    assert cells == [pre.get_text().rstrip("\n") for pre in shown]
    assert setup == sources(notebook("en", CHAPTERS[0]), "code")[0]


@each_chapter
def test_a_notebook_needs_no_more_than_it_says(notebook, chapter):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    assert extras["notebooks"] == ["gdcore[plot]", "dask[array]", "scikit-learn"]
    brought = {"gdcore", "matplotlib", "numpy", "dask", "sklearn", *sys.stdlib_module_names}
    for source in sources(notebook("zh", chapter), "code"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                names = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module.partition(".")[0]}
            else:
                continue
            assert names <= brought


@pytest.mark.slow
@each_chapter
def test_a_notebook_runs_and_prints_what_the_page_shows(notebook, soup, monkeypatch, chapter):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)  # sums in as many threads as in the book
    book = notebook("zh", chapter)  # the English one has the same code, as tested above
    quiet = ["--IPKernelApp.log_level=CRITICAL"]
    NotebookClient(book, timeout=120, extra_arguments=quiet).execute()
    shown = [cell for cell in book.cells if "exercise" not in cell.metadata.get("tags", ())]
    outputs = [output for cell in shown for output in cell.get("outputs", ())]
    tables = [o for o in outputs if 'class="heat"' in o.get("data", {}).get("text/html", "")]
    printed = [""]
    for output in outputs:
        if output.output_type == "stream":  # a busy kernel may send a line in two
            printed[-1] += output.text
        elif "image/svg+xml" not in output.data and output not in tables:
            printed += [output.data["text/plain"], ""]
    page = soup("zh", f"chapters/{chapter}")
    of_page = [squeezed(table.get_text()) for table in page.select("div.cell_output .heat")]
    assert [squeezed(rendered(t.data["text/html"]).get_text()) for t in tables] == of_page
    shown = [pre.get_text() for pre in page.select("div.cell_output pre")]
    assert lines_of(printed) == lines_of(shown)
    drawn = [output for output in outputs if "image/svg+xml" in output.get("data", ())]
    assert len(drawn) == len(page.select("div.cell_output svg.figure:not(.narrow)")) > 0


def lines_of(outputs):
    """The lines that say something: a page merges outputs, and may set a blank line between."""
    return [line.rstrip() for text in outputs for line in text.splitlines() if line.strip()]


# All of Markdown ----------------------------------------------------------------------------------

PICTURE = (  # one gray pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
MARKDOWN = r"""
(marks)=
## {zh}`记号` {en}`Marks`

Text with *emphasis*, **strength**, ***both***, `code`, ``a ` tick``, `` ` ``, \*stars\*, 3 < 4,
\$5, a\_b, AT&amp;T, &amp;lt;, \[a](b), \~~tilde~~, $|x|$, <kbd>Ctrl</kbd>, H{sub}`2`O and
x{sup}`2`.\
A new line, then another  
after two spaces. <!-- a comment in the text --> {abbr}`GD (gradient descent)`.

Links: <https://example.org>, [a link](https://example.org/a "its title"),
[by reference][there], [with `code`](https://example.org/c), [a heading](#small).

[there]: https://example.org/b_(c)

\# no heading

\- no list

1\. no list either

\> no quotation

% a comment

<!-- another -->

:::{zh}
![块里的点](dot.png)和*强调*，**重点**，[![链接里的点](dot.png)](https://example.org/dot)。
:::

:::{en}
![a dot in a block](dot.png) and *emphasis*, **strength**,
[![a dot in a link](dot.png)](https://example.org/dot).
:::

```{figure} dot.png
:name: fig-dot
:alt: "{zh}`一个[灰]点` {en}`a [gray] dot`"
{zh}`一点` {en}`A dot`

A legend.
```

```{image} dot.png
:alt: "{zh}`又一个点` {en}`another dot`"
```

> A quotation
> on two lines.
>
> > One in it, with `code`.
>
> - and a list

***

- one
- two
  - nested, and

    a second paragraph
  - `code`

    ```python
    x = 1  # ```
    ```
- three

3. three
4. four
   1. four and one

      > quoted

More.

- [ ] no task
- [x] nor this

````markdown
```python
:::{zh}
```
````

    indented code

```{code-block} python
:caption: "{zh}`一段代码` {en}`Some code`"
:name: some-code
x = 1
```

| left | middle | right |
|:-----|:------:|------:|
| `a\|b` | $\|x\|$ | *c*, $\|y\|$. |
| 1 \| 2 | [d](https://example.org/d) | **e** |

Term *one*
: Its meaning.

  A second paragraph.
: Another meaning, with $x^2$.

Term two
: - a list

$$
x^2
$$ (square)

\begin{align}
a &= b \\
c &= d
\end{align}

See {eq}`square`, {numref}`Figure %s <fig-dot>` and {ref}`the marks <marks>`.[^note]
And[^note] so on.[^7]

[^note]: A note with *emphasis*.

    Its second paragraph.

[^7]: Another.

:::{admonition} A title with $x$
Text.
:::

:::{note}
Outside any block.
:::

::::{zh}
:::{danger}
危险。
:::

:::{dropdown} 展开 **这里** $x < y$
里面。
:::
::::

::::{en}
:::{danger}
Dangerous.
:::

:::{dropdown} Unfold **this** $x < y$
Inside.
:::
::::

```{epigraph}
Quoted.

-- Somebody
```

<div class="raw">

*In* HTML

</div>

<table><tr><th>raw</th></tr></table>
"""


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    book = SmallBook(tmp_path_factory.mktemp("markdown") / "book")
    (book.folder / "chapters" / "dot.png").write_bytes(base64.b64decode(PICTURE))
    book.chapter.write_text(CHAPTER + MARKDOWN, encoding="utf-8")
    code, said = book.build()
    assert code == 0, said
    return book


# What there is in a page as in its notebook: how CSS selects it, and the attribute to compare.
PARTS = {
    "headings": ("h1, h2", None),
    "quotations": ("blockquote", None),
    "lists": ("ul, ol", "start"),
    "items": ("li", None),
    "terms": ("dl > dt", None),
    "meanings": ("dl > dd", None),
    "emphasis": ("em", None),
    "strength": ("strong", None),
    "code": ("code:not(pre code)", None),
    "blocks of code": ("pre", None),
    "links": ("a[href^=http]", "href"),
    "breaks": ("br", None),
    "rules": ("hr", None),
    "cells of tables": ("td, th", None),
    "what is low": ("sub", None),
    "what unfolds": ("details", None),
}


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_of_markdown_goes_into_a_notebook(everything, lang):
    """Rendered by another program, it has the parts of the page, each with the same text."""
    book = nbformat.read(everything.folder / f"_build/html/{lang}/chapters/small.ipynb", 4)
    nbformat.validate(book)
    intro, *cells = sources(book, "markdown")
    said = rendered("\n\n".join([intro.splitlines()[0], *cells]))
    for summary in said.select("summary"):  # Jupyter knows a formula in HTML, too
        summary.string = summary.get_text().replace("$", "")
    article = tostring(article_of(document_fromstring(everything.page(lang))), encoding="unicode")
    page = without_layout(BeautifulSoup(article, "html.parser"))
    for image in page.select("img"):
        image.replace_with(image["alt"])  # for those who have the notebook alone
    for what, (selector, attribute) in PARTS.items():
        ours, theirs = (
            [(words_of(part), part.get(attribute)) for part in soup.select(selector)]
            for soup in (said, page)
        )
        assert ours == theirs and theirs, what
    assert words_of(said) == words_of(page)


@pytest.mark.slow
def test_a_list_of_pages_in_a_chapter_stands_in_its_notebook(tmp_path):
    book = SmallBook(tmp_path / "book")
    book.add_chapter("other", "x = 1")
    book.edit("index.md", "chapters/other\n", "")
    with book.chapter.open("a", encoding="utf-8") as chapter:
        chapter.write("\n```{toctree}\n:caption: More\nother\n```\n")
    code, said = book.build()
    assert code == 0, said
    notebook = (book.folder / "_build/html/en/chapters/small.ipynb").read_text(encoding="utf-8")
    assert "**More**" in notebook and "- [Small chapter](other.ipynb)" in notebook


def words_of(part):
    """The text, with bars as they are: in a table a formula's are written by name."""
    return squeezed(part.get_text()).replace(r"\vert", "|")


def without_layout(page):
    """Let what a notebook shows as a quotation or in bold be that, and drop ways back."""
    for box in page.select(".admonition"):
        box.name = "blockquote"
    for title in page.select(".admonition-title, .caption-number"):
        title.name = "strong"
    for key in page.select("kbd"):
        key.name = "code"
    for unwanted in page.select(".backrefs, colgroup"):
        unwanted.extract()
    for bold in page.select("summary strong"):  # HTML, in which Markdown means nothing
        bold.unwrap()
    return page
