"""The built pages: the published numbers, the twins, the figures, and no way outside."""

import re
from collections import Counter
from copy import copy, deepcopy
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest

from tests.support.book import CHAPTERS, LANGUAGES, PAGES

each_language = pytest.mark.parametrize("lang", LANGUAGES)
each_page = pytest.mark.parametrize("page", PAGES)
every_page = pytest.mark.parametrize(
    ("lang", "page"), [(lang, page) for lang in LANGUAGES for page in PAGES]
)

# The lines that the sources print; a cell of the chapter has to print each again.
PUBLISHED = [
    ("one-dimension", "epoch 10, x: 0.06046617599999997"),
    ("learning-rate", "epoch 10, x: 3.4867844009999995"),
    ("learning-rate", "epoch 10, x: 61.917364224000096"),
    ("many-dimensions", "epoch 20, x1 -0.057646, x2 -0.000073"),
    ("learning-rate", "Gradient at x = 1.8: dx = 3.6"),
    ("learning-rate", "x squared  1.8 -1.8 1.8 -1.8 1.8 -1.8"),
    ("learning-rate", "Function minimum found in 27 iterations. X = 0.00"),
    ("learning-rate", "0.004352132950612665"),
    ("learning-rate", "|dx|      < 0.01: 27 steps, x = 0.0044"),
    ("learning-rate", "|delta x| < 0.01: 18 steps, x = 0.0324"),
    ("learning-rate", "f         < 0.01: 13 steps, x = 0.0990"),
    ("learning-rate", "|delta f| < 0.01: 12 steps, x = 0.1237"),
    ("learning-rate", "Function minimum found in 0 iterations. X = -1.80"),
    ("himmelblau", "21 steps"),
    ("momentum", "epoch 20, x1 -0.943467, x2 -0.000073"),
    ("momentum", "epoch 20, x1 -0.387814, x2 -1673.365109"),
    ("momentum", "epoch 20, x1 -0.062843, x2 0.001202"),
    ("momentum", "epoch 20, x1 0.007188, x2 0.002553"),
    ("momentum", "epoch 20, x1 -0.126340, x2 -0.186632"),
    ("newton", "epoch 10, x: 0.0"),
    ("newton", "epoch 10, x: 26.83413291324767"),
    ("newton", "epoch 10, x: 7.269860168684531"),
]
# The counts of the second source's five grids: points, steps, and how many reach each minimizer.
MONTAGE = [
    ("2500 points, 530 steps", [2500]),
    ("100 points, 280 steps", [28, 28, 14, 14, 8, 8]),
    ("2500 points, 94 steps", [576, 571, 658, 695]),
    ("2500 points, 174 steps", [1056, 325, 325, 325, 325, 72, 72]),
    ("2500 points, 299 steps", [149]),
]
# What follows exactly from the code that source 1 prints, as computed for this book beforehand.
PREDICTED = [
    ("stochastic", ("-0.107070", "-0.025072")),  # mean after 20 steps of its biased noise
    ("stochastic", ("0.166656", "0.125000")),  # standard deviation
    ("stochastic", ("-0.229936", "-0.125876")),  # the line it printed
    ("stochastic", ("-0.74", "-0.81")),  # how many deviations that is from the mean
    ("stochastic", ("-0.050", "-0.025")),  # where its mean settles
    # Noisy descents with a schedule: mean and standard deviation, and what its steps sum to.
    ("stochastic", ("(0.1667, 0.1250)",)),
    ("stochastic", ("(-0.825737, -0.045026)", "(0.0747, 0.0399)", "0.8603")),
    ("stochastic", ("(-0.012437, -0.000005)", "(0.1053, 0.0750)")),
]


def cell_outputs(page):
    """What the cells print, whether it is shown at once or folded."""
    return [
        "".join(text for text in output.find_all(string=True) if not text.find_parent("summary"))
        for output in page.select("div.cell_output")
    ]


def visible_text(page):
    """The text of an article without its hidden twins and with the glyphs of minus made one."""
    article = page.find("article")
    texts = (
        str(text) for text in article.find_all(string=True) if not text.find_parent(hidden=True)
    )
    return "".join(texts).replace("−", "-")


@each_language
@pytest.mark.parametrize(("chapter", "line"), PUBLISHED)
def test_a_cell_prints_the_published_line(soup, lang, chapter, line):
    outputs = cell_outputs(soup(lang, f"chapters/{chapter}"))
    assert any(line in output.splitlines() for output in outputs)


@each_language
def test_all_twenty_epochs_are_printed(soup, lang):
    outputs = cell_outputs(soup(lang, "chapters/many-dimensions"))
    output = next(output for output in outputs if "x2 -0.000073" in output)
    lines = [line for line in output.splitlines() if line.startswith("epoch")]
    walked = [f"epoch {k}, x1 {-5 * 0.8**k:f}, x2 {-2 * 0.6**k:f}" for k in range(1, 21)]
    assert lines == walked  # each step multiplies x1 by 0.8 and x2 by 0.6


@each_language
def test_the_film_in_one_dimension_has_28_frames(soup, lang):
    film = soup(lang, "chapters/learning-rate").select_one("#fig-film-1d [data-steps]")
    assert film["data-steps"].split(",") == [str(k) for k in range(28)]


@each_language
@pytest.mark.parametrize(("chapter", "numbers"), PREDICTED)
def test_the_page_tells_the_predicted_numbers(soup, lang, chapter, numbers):
    text = visible_text(soup(lang, f"chapters/{chapter}"))
    for number in numbers:
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", text), number


@each_language
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_answers_a_question_is_numbers(soup, lang, chapter):
    """As many as its kind has: a script that finds none calls each guess wrong."""
    for value in soup(lang, f"chapters/{chapter}").select(".predict-value"):
        asked = value.find_parent(class_="predict")
        kind = asked["data-kind"] if asked else "number"  # an exercise asks for one
        numbers = [
            float(one) for one in value.get_text().replace("−", "-").strip("()[]").split(",")
        ]
        many = {"point": 2, "line": len(numbers)}.get(kind, 1)
        assert len(numbers) == many and np.isfinite(numbers).all()
        assert kind != "choices" or 1 <= numbers[0] <= len(asked.select_one("ol")("li"))


@each_language
@pytest.mark.parametrize(("run", "counts"), MONTAGE)
def test_a_grid_of_points_ends_as_published(soup, lang, run, counts):
    outputs = cell_outputs(soup(lang, "chapters/montage"))
    [output] = [output for output in outputs if output.strip().startswith(run)]
    assert [int(n) for n in re.findall(r"^ *(\d+) reach \(", output, flags=re.M)] == counts


@each_language
def test_himmelblau_ends_where_it_was_computed_to_end(soup, lang):
    outputs = "".join(cell_outputs(soup(lang, "chapters/himmelblau")))
    x1, x2 = (
        float(re.search(rf"^{name} +(-?[\d.]+)$", outputs, flags=re.M)[1]) for name in ("x1", "x2")
    )
    assert abs(x1 + 2.8050756998283592) < 1e-12 and abs(x2 - 3.1312548976041272) < 1e-12
    stable = re.findall(r"2/L (0\.\d{5})", outputs)
    assert stable == ["0.02431", "0.02483", "0.01495", "0.01897"]


@each_language
def test_bloom_has_176_billion_parameters(soup, lang):
    text = visible_text(soup(lang, "chapters/billions"))
    assert re.search(r"1760 亿|1,?760 亿" if lang == "zh" else "176 billion", text)


# Two languages


@every_page
def test_a_page_says_its_language(soup, lang, page):
    assert soup(lang, page).html["lang"] == LANGUAGES[lang]


@each_page
def test_titles_are_each_in_their_language(soup, page):
    zh, en = (soup(lang, page).select("article h1 .lang") for lang in LANGUAGES)
    # A heading carries both: the page's own behind the number, then the other one, hidden.
    assert [text.get_text() for text in zh] == [text.get_text() for text in reversed(en)]
    assert [text.has_attr("hidden") for text in (*zh, *en)] == [False, True, False, True]
    titles = [soup(lang, page).title.get_text() for lang in LANGUAGES]
    assert re.search(r"[\u4e00-\u9fff]", titles[0])
    assert not re.search(r"[\u4e00-\u9fff]", titles[1])


@pytest.mark.parametrize(
    ("lang", "prompt", "figure", "not_these"),
    [
        ("zh", "显示代码", "图", ("Show", "Figure")),
        ("en", "Show the code", "Figure", ("显示", "图")),
    ],
)
def test_prompts_and_figure_numbers_are_in_the_pages_language(
    soup, lang, prompt, figure, not_these
):
    page = soup(lang, "chapters/learning-rate")
    prompts = {p.get_text() for p in page.select("div.cell summary .closed")}
    assert prompt in prompts
    numbers = [number.get_text().strip() for number in page.select(".caption-number")]
    assert re.fullmatch(rf"{figure} \d+\.1", numbers[0])
    assert not [text for text in [*prompts, *numbers] for word in not_these if word in text]


# Code serves the text


@every_page
def test_a_figure_stands_before_its_code(soup, lang, page):
    for figure in soup(lang, page).select("div.cell figure"):
        code = figure.find_parent("div", class_="cell").select_one("details:has(.cell_input)")
        assert code is None or code in figure.find_all_next("details")


@every_page
def test_at_most_eight_lines_of_an_output_are_shown_at_once(soup, lang, page):
    for output in soup(lang, page).select(".cell_output pre"):
        if not output.find_parent("details"):
            assert len(output.get_text().strip("\n").splitlines()) <= 8


@every_page
def test_code_is_in_its_solution_and_a_run_of_it_in_one_disclosure(soup, lang, page):
    disclosures = soup(lang, page).select("article details")
    assert all("disclosure" in details["class"] for details in disclosures)
    for details in disclosures:
        following = details.find_next_sibling()
        assert following is None or "tag_hide-cell" not in following.get("class", [])
        if "code" in details["class"]:
            assert not details.select("details.code")
            before = details.parent.find_previous_sibling()
            bare = before and before.find_all(recursive=False)
            assert not bare or [part.get("class") for part in bare] != [["disclosure", "code"]]


def test_glosses_are_for_the_reader_of_chinese(soup):
    zh, en = (soup(lang, "api").select_one("article").get_text() for lang in LANGUAGES)
    assert "（梯度下降）" in zh and "（学习率）" in zh
    own = [b.get_text() for b in soup("en", "api").select("article .twin")]
    assert len(re.findall("[\u4e00-\u9fff]", en)) == len(
        re.findall("[\u4e00-\u9fff]", "".join(own))
    )
    assert "（" not in en.replace("".join(own), "")


def shown_and_hidden(page):
    blocks = page.find("article").select("div.lang")
    return [b for b in blocks if not b.has_attr("hidden")], [
        b for b in blocks if b.has_attr("hidden")
    ]


@every_page
def test_every_shown_block_is_followed_by_its_twin(soup, lang, page):
    shown, hidden = shown_and_hidden(soup(lang, page))
    assert len(shown) == len(hidden) > 0 or page == "references"
    for block in shown:
        assert block["lang"] == LANGUAGES[lang]
    for block in hidden:
        assert block["lang"] != LANGUAGES[lang]


@each_page
def test_the_twins_of_one_language_are_the_text_of_the_other(soup, page):
    """Nothing is shown in one build and lost in the other."""

    def prose(blocks):
        return [re.sub(r"\s+", " ", with_latex(block).get_text()) for block in blocks]

    zh_shown, zh_twins = shown_and_hidden(soup("zh", page))
    en_shown, en_twins = shown_and_hidden(soup("en", page))
    assert prose(zh_shown) == prose(en_twins)
    assert prose(en_shown) == prose(zh_twins)


@each_page
def test_twins_have_the_same_paragraphs_and_formulas(soup, page):
    for ours, twin in zip(*shown_and_hidden(soup("zh", page)), strict=True):
        assert len(ours.find_all("p")) == len(twin.find_all("p"))
        assert formulas(ours) == formulas(twin)


def with_latex(block):
    """A copy of a block with the LaTeX of its formulas in their place, as hidden twins have it."""
    block = copy(block)
    for formula in block.select(".katex"):
        formula.replace_with(formula.select_one("annotation").get_text())
    return block


def formulas(block):
    latex = (formula.get_text() for formula in with_latex(block).select(".math"))
    return Counter(re.sub(r"\\text\{[^}]*\}|\s", "", formula) for formula in latex)


@pytest.fixture(scope="module")
def glossary_entry(soup):
    """Map the anchor of each entry to its English word, which stands second."""
    entries = {}
    for definition in soup("zh", "glossary").select("dl.glossary > dd"):
        chinese, english = definition.find_previous_siblings("dt", limit=2)[::-1]
        entries[chinese["id"]] = english.get_text()
    assert len(entries) > 30
    return entries


@each_page
def test_twins_refer_to_the_same_things(soup, glossary_entry, page):
    def targets(block):
        links = Counter()
        for link in block.find_all("a", href=True):
            anchor = unquote(urlsplit(link["href"]).fragment)
            links[anchor if anchor in glossary_entry else link["href"]] += 1
        return links

    for ours, twin in zip(*shown_and_hidden(soup("zh", page)), strict=True):
        assert targets(ours) == targets(twin), ours.get_text()[:60]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chinese_chapter_gives_the_english_of_its_terms(soup, glossary_entry, chapter):
    seen = set()
    for block in shown_and_hidden(soup("zh", f"chapters/{chapter}"))[0]:
        for link in block.select("a:has(span.std-term)"):
            entry = unquote(urlsplit(link["href"]).fragment)
            if entry in seen:
                continue
            seen.add(entry)
            before = str(link.previous_sibling or "").replace("\n", " ")
            after = str(link.next_sibling or "").replace("\n", " ")
            word = glossary_entry[entry]
            assert after.startswith(f"（{word}") or before.endswith(f"{word}（"), link.get_text()
    assert len(seen) >= 3


@each_page
def test_anchors_are_the_same_in_both_languages(soup, page):
    ids = [[s["id"] for s in soup(lang, page).select("article section")] for lang in LANGUAGES]
    assert ids[0] == ids[1] and len(ids[0]) > 0


@every_page
def test_the_language_link_leads_to_the_same_page(soup, html, lang, page):
    [link] = soup(lang, page).select("a.language-link")
    other = "en" if lang == "zh" else "zh"
    target = (html / lang / f"{page}.html").parent / link["href"]
    assert target.resolve() == (html / other / f"{page}.html").resolve()
    assert link["hreflang"] == LANGUAGES[other]


# Figures


@each_language
def test_every_figure_is_inline_and_tells_what_one_would_see(soup, lang):
    count = 0
    for page in PAGES:
        article = soup(lang, page).find("article")
        pictures = article.find_all("img")  # the front page's cards have pieces of figures
        assert all(picture.find_parent(class_="chapter-card") for picture in pictures), page
        for svg in article.find_all("svg", class_="figure"):
            count += 1
            assert svg["role"] == "img" and len(svg["aria-label"]) >= 20
            chinese = re.search(r"[\u4e00-\u9fff]", svg["aria-label"])
            assert bool(chinese) == (lang == "zh")
    assert count >= 10


@every_page
def test_no_two_elements_share_an_id(tree, lang, page):
    ids = Counter(tree(lang, page).xpath("//@id"))
    assert ids and [i for i, n in ids.items() if n > 1] == []


@each_language
def test_figures_take_their_colours_from_the_page(soup, lang):
    from gdcore.draw import COLORS

    svg = "".join(str(s) for page in PAGES for s in soup(lang, page).select("svg.figure"))
    assert "var(--figure-ink)" in svg and "var(--figure-orange)" in svg
    for color in COLORS.values():
        assert color not in svg


NUMBER = re.compile(r"^\s*\$?[-−\\\d]")  # as Matplotlib notes what it writes in shapes


def tick_labels(axis) -> list[str]:
    return [str(note.text) for note in axis.xpath("./g[contains(@id, 'tick_')]//comment()")]


# Where the lines' own labels are what the axis shows; and years.
PLAIN = {("fig-four-rules", "y"), ("fig-minibatches-variance", "y"), ("fig-history", "x")}


@each_page
def test_axes_with_numbers_say_of_what(tree, page):
    """Panels side by side may share a label, the first one's."""
    for figure in tree("en", page).xpath("//figure[@id]"):
        for drawing in figure.xpath(".//svg"):
            for way in "xy":
                axes = [
                    axis
                    for panel in drawing.xpath(".//g[contains(@id, '-axes_')]")
                    for axis in panel.xpath("./g[contains(@id, 'matplotlib.axis_')]")
                    if "xy"[(int(axis.get("id").rpartition("_")[2]) - 1) % 2] == way
                ]
                numbers = [a for a in axes if any(map(NUMBER.match, tick_labels(a)))]
                labels = [a for a in axes if a.xpath("./g[contains(@id, 'text_')]")]
                plain = (figure.get("id"), way) in PLAIN
                assert bool(labels) != plain or not numbers, f"{figure.get('id')}: {way}"


# No way outside, no way into nothing


@every_page
def test_a_page_loads_nothing_from_elsewhere(soup, lang, page):
    loads = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
    assert soup(lang, page).find("script", src=True) and soup(lang, page).find("link", href=True)
    for tag, attribute in loads.items():
        for element in soup(lang, page).find_all(tag, {attribute: True}):
            assert not urlsplit(element[attribute]).netloc, element


@each_language
def test_every_inner_link_leads_somewhere(tree, html, lang):
    anchors = 0
    ids = {page: set(tree(lang, page).xpath("//@id")) for page in [*PAGES, "genindex", "search"]}
    for page in PAGES:
        here = html / lang / f"{page}.html"
        for link in set(tree(lang, page).xpath("//a/@href")):
            url = urlsplit(link)
            if url.scheme or url.netloc:
                continue
            target = (here.parent / unquote(url.path)).resolve() if url.path else here
            assert target.exists(), f"{page}: {link}"
            anchor = unquote(url.fragment)
            if anchor and target.suffix == ".html" and target.is_relative_to(html / lang):
                name = target.relative_to(html / lang).with_suffix("").as_posix()
                anchors += 1
                assert anchor in ids[name], f"{page}: {link}"
    assert anchors > 10 * len(PAGES)


def test_what_a_style_asks_for_is_there(html):
    asked = [
        (style.parent / url, style)
        for style in html.rglob("*.css")
        for url in re.findall(r"""url\(\s*["']?(?!data:|#)([^"')]+)""", style.read_text("utf-8"))
    ]
    assert len(asked) > 30
    assert [(path, style) for path, style in asked if not path.is_file()] == []


def test_each_icon_of_a_button_is_drawn(html):
    style = (html / "en" / "_static" / "style.css").read_text(encoding="utf-8")
    asked = set()
    for page in html.rglob("*.html"):
        asked |= set(re.findall(r"fa-solid (fa-[\w-]+)", page.read_text(encoding="utf-8")))
    assert len(asked) > 5
    assert asked == set(re.findall(r"\.(fa-[\w-]+)\{--icon:", style))


LATER = ".//*[contains(@class, 'twin')]//*[contains(@class, 'math') and contains(@class, 'later')]"


@every_page
def test_no_formula_is_left_unrendered(tree, lang, page):
    [article] = deepcopy(tree(lang, page)).iter("article")
    for waiting in article.xpath(LATER):  # _static/js/languages.js fills them in
        waiting.drop_tree()
    formulas = article.find_class("math")
    assert len(formulas) == sum(len(formula.findall(".//math")) for formula in formulas)
    for code in article.xpath("descendant::*[self::pre or self::code or self::svg or "
                              "self::annotation]"):  # fmt: skip
        if code.getparent() is not None:
            code.drop_tree()
    assert "$" not in article.text_content().replace("$ make", "")


def test_the_first_page_offers_both_languages_without_a_script(html):
    from bs4 import BeautifulSoup

    page = BeautifulSoup((html / "index.html").read_text(encoding="utf-8"), "html.parser")
    links = {link["hreflang"]: link["href"] for link in page.find_all("a")}
    assert links == {"zh-CN": "zh/index.html", "en": "en/index.html"}
    assert all((html / href).exists() for href in links.values())


@every_page
def test_no_drawing_brings_a_style_for_the_whole_page(tree, lang, page):
    """A browser that meets one as it reads asks anew how each element before it looks."""
    assert not tree(lang, page).findall(".//svg//style")


def test_code_has_no_spans_that_color_nothing(html, tree):
    """Pygments gives names, punctuation and spaces the color of code as such, in either theme."""
    css = (html / "en" / "_static" / "pygments.css").read_text(encoding="utf-8")
    plain = [
        re.findall(rf"\.highlight{of} {{[^}}]*?(?<![-\w])color: ?(#\w+)", css)
        for of in ("", r" \.n", r" \.nn", r" \.p", r" \.w")
    ]
    assert len({tuple(colors) for colors in plain}) == 1 and len(plain[0]) == 2
    for lang in LANGUAGES:
        code = tree(lang, "chapters/momentum").find_class("highlight")
        spans = {span.get("class") for block in code for span in block.iter("span")}
        assert {"k", "mi", "o"} < spans and not spans & {"n", "nn", "p", "w"}
