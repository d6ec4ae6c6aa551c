"""What the scripts share, and their parts that need no page: numbers, words, geometry."""

import gzip
import json
import re

import numpy as np
import pytest
import quickjs
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import JavascriptLexer
from pygments.token import Comment, Whitespace

from gdcore import OBJECTIVES
from gdcore.optimizers import OPTIMIZERS
from press.ext.figures.instruments import EXPLORER, KIT, OWN, OWN_OBJECTIVE, WORDS
from press.ext.page.script_files import without_comments
from tests.support.book import LANGUAGES
from tests.support.numbers import WRITTEN, read
from tests.support.scripts import JS, engine

FAST = {
    "test_on_a_page_book_is_their_only_global_name",
}

SOURCES = sorted(JS.rglob("*.js"))
ENGINE = engine("numbers", "descend", *WORDS, "geometry")


def call(function, *values):
    """What a function of the scripts returns for these values."""
    return json.loads(ENGINE.eval(f"(given) => JSON.stringify(({function})(...JSON.parse(given)))")
                      (json.dumps(values)))  # fmt: skip


LITERAL = re.compile(r"[(=,:] ?/(?![*/])((?:\\.|\[[^\]]*\]|[^/\\\n])+)/[gimsuy]*")


def test_no_regular_expression_of_some_length_stands_in_two_scripts():
    found: dict[str, set[str]] = {}
    for path in SOURCES:
        for text in LITERAL.findall(path.read_text(encoding="utf-8")):
            found.setdefault(text, set()).add(path.name)
    assert len(found) > 5
    assert {text: files for text, files in found.items() if len(text) > 12 and len(files) > 1} == {}


# Numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("(−2.81, 3.13)", [-2.81, 3.13]),
        ("[-0.5, 1e-3, 2.5e+02, 7]", [-0.5, 1e-3, 250, 7]),
        ("4.1, nothing, −6", [4.1, -6]),
        ("", []),
    ],
)
def test_the_numbers_in_a_text_are_read_with_either_minus(text, numbers):
    assert call("book.page.numbersIn", text) == numbers


@pytest.mark.parametrize(("number", "short", "steady"), WRITTEN)
def test_a_number_is_written_by_the_rule(number, short, steady):
    assert call("book.numbers.write", number) == short
    assert call("book.numbers.steady", number) == steady
    assert read(short) == read(steady) == pytest.approx(number, rel=5e-4, abs=0)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_reads_back_within_half_a_digit(number):
    exact = float(f"{number:.3e}")
    for text in (call("book.numbers.write", number), call("book.numbers.steady", number)):
        assert read(text) == exact
        assert len(re.sub(r"[−.]|×?10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+$", "", text).strip("0")) <= 4


def test_what_is_no_number_is_written_too():
    assert ENGINE.eval("[Infinity, -Infinity, NaN].map((x) => book.numbers.write(x)).join()") == (
        "∞,−∞,NaN"
    )


# Words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_method_letter_and_end_has_a_word(lang):
    words = f"book.words((zh, en) => {lang})"
    said = call(
        f"""() => {{ const words = {words};
        const runners = Object.entries(book.gdcore.OPTIMIZERS);
        return [runners.map(([name]) => words.METHODS[name]),
          runners.flatMap(([, {{ parameters }}]) => Object.keys(parameters))
            .map((parameter) => words.LETTERS[parameter]),
          [2, -1, -2, -3, -4].map((end) =>
            words.ends(end, book.gdcore.OBJECTIVES.himmelblau))]; }}"""
    )
    assert all(word and isinstance(word, str) for part in said for word in part)
    assert len(set(said[0])) == len(OPTIMIZERS) and len(set(said[2])) == 5


@pytest.mark.parametrize(
    ("lang", "found", "words"),
    [
        (
            "en",
            {"upTo": -1.4, "moves": True},
            "it does not run away in 1000 steps with η up to about 0.0398",
        ),
        ("zh", {"upTo": -1.4, "moves": True}, "η 在约 0.0398 以内，走 1000 步也不会跑掉"),
        (
            "en",
            {"upTo": -4.5, "moves": True},
            "it does not run away in 1000 steps with η up to about 3.16×10⁻⁵",
        ),
        ("en", {"upTo": 0, "moves": False}, "from here it hardly moves at any η"),
    ],
)
def test_the_bound_of_the_rates_is_said(lang, found, words):
    assert call(f"(found) => book.words((zh, en) => {lang}).bounded(found, false)", found) == words


def test_two_over_l_is_said_of_the_minimizer_that_is_reached():
    said = call("() => book.words((zh, en) => en).attracts(book.gdcore.OBJECTIVES.himmelblau, 0)")
    most = np.linalg.eigvalsh(OBJECTIVES["himmelblau"].hess(np.array([3.0, 2.0])))[-1]
    assert said == f"; above 2/L = {2 / most:.3g}, even points beside (3, 2) are thrown off it"


# Geometry

place = st.tuples(st.floats(-500, 500), st.floats(-500, 500))
BOX = [[10, 300], [20, 200]]


@given(place, place)
def test_of_a_segment_that_part_is_seen_which_lies_in_the_box(a, b):
    part = call("(...given) => book.geometry.visible(...given) ?? null", a, b, BOX)
    a, b = np.array(a), np.array(b)
    ways = np.linspace(0, 1, 2001)[:, None]
    points = a + ways * (b - a)
    (left, right), (top, bottom) = BOX
    inside = (left <= points[:, 0]) & (points[:, 0] <= right)
    inside &= (top <= points[:, 1]) & (points[:, 1] <= bottom)
    if part is None:
        assert not inside.any()
        return
    between = np.hypot(*(b - a)) / 2000 + 1e-6
    if inside.any():
        for end, sample in zip(part, points[inside][[0, -1]], strict=True):
            assert np.hypot(*(np.array(end) - sample)) <= between
    for x, y in part:
        assert left - 1e-6 <= x <= right + 1e-6 and top - 1e-6 <= y <= bottom + 1e-6


@given(st.floats(-6, 6), st.floats(-6, 6))
def test_a_place_leads_back_to_its_point(x, y):
    axes, view = [36.5, 4.2, 300, 280], [-6, 6, -5.5, 6]
    scales = f"book.geometry.scales({axes}, {view})"
    spot = call(f"(x, y) => {scales}.place(x, y)", x, y)
    assert spot == pytest.approx([36.5 + 300 * (x + 6) / 12, 4.2 + 280 * (6 - y) / 11.5])
    assert call(f"(u, v) => {scales}.back(u, v)", *spot) == pytest.approx([x, y], abs=1e-9)


# The scripts themselves


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_only_comments_and_types_are_left_out(path):
    text = path.read_text(encoding="utf-8")

    def code(text):
        tokens = JavascriptLexer().get_tokens(text)
        return [t for kind, t in tokens if kind not in Comment and kind not in Whitespace]

    short = without_comments(text)
    assert [t.strip() for t in code(short) if t.strip()] == [
        t.strip() for t in code(text) if t.strip()
    ]
    assert "/**" not in short and not re.search(r"^\s*//", short, re.MULTILINE)


def test_every_script_of_the_explorer_and_of_the_kit_is_joined():
    assert {*EXPLORER} == {path.stem for path in (JS / "explorer").iterdir()}
    assert {*OWN, *OWN_OBJECTIVE} == {path.stem for path in (JS / "own").iterdir()}
    assert {*KIT, *WORDS, "bowl", "ends", "glsl", "ground", "racing"} == {
        path.stem for path in (JS / "kit").iterdir()
    }


def test_without_a_page_book_is_their_only_global_name():
    parts = [*KIT, *WORDS, "forces", "thin", "state", "address"]
    context = quickjs.Context()
    before = set(json.loads(context.eval("JSON.stringify(Object.getOwnPropertyNames(globalThis))")))
    context = engine(*parts)
    after = set(json.loads(context.eval("JSON.stringify(Object.getOwnPropertyNames(globalThis))")))
    assert after == before
    assert context.eval("typeof book") == "object"


def test_on_a_page_book_is_their_only_global_name(visit):
    """Names that scripts declare at their top are seen by the scripts after them, and here."""
    tab = visit("en/explorer.html")
    tab.locator(".explorer-row:not([hidden])").first.wait_for()
    names = set()
    for path in SOURCES:
        top = r"^(?:const|let|var|function\*?|class) +(?:\{([^}]*)\}|(\w+))"
        for found in re.finditer(top, path.read_text("utf-8"), re.MULTILINE):
            names |= set(re.findall(r"\w+", found[1] or found[2]))
    assert names == {"book"}
    own = "(name) => typeof globalThis[name] === 'undefined'"
    inner = {"say", "svg", "fill", "keepPlace", "descend", "standing", "held", "OBJECTIVES"}
    assert all(tab.evaluate(own, name) for name in inner)


@pytest.mark.parametrize(
    ("page", "scripts"),
    [
        ("index", {"kit", "relief"}),
        ("glossary", set()),
        ("explorer", {"explorer", "python"}),
        ("chapters/learning-rate", {"player", "predict", "sketch"}),
        ("chapters/one-dimension", {"kit", "fall", "predict", "python", "run"}),
        ("chapters/himmelblau", {"player", "predict", "sketch", "surface"}),
    ],
)
def test_a_page_asks_for_the_scripts_that_it_needs(soup, page, scripts):
    article = soup("en", page)
    asked = {
        re.search(r"js/([\w-]+)\.js", script["src"])[1]
        for script in article.find_all("script", src=re.compile("/js/"))
    } - {"book", "page", "languages", "print"}
    needed = {
        "player": bool(article.select(".player")),
        "predict": bool(article.select(".predict")),
        "recall": bool(article.select(".recall")),
        "sketch": bool(article.select(".predict[data-axes]")),
        "python": bool(article.select(".run, .exercise, [data-name=explorer]")),
        "editor": bool(article.select(".run, .exercise")),
        "run": bool(article.select(".run")),
        "exercise": bool(article.select(".exercise")),
        "progress": bool(article.select("[data-exercises]")),
        "surface": bool(article.select("svg[data-surface]")),
        # The explorer has its share of the kit.
        "kit": bool(article.select(".instrument:not([data-name=explorer]), .relief")),
        "relief": bool(article.select(".relief")),
        **{one["data-name"]: True for one in article.select(".instrument")},
    }
    assert {name for name, needs in needed.items() if needs} == asked
    assert scripts <= asked


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_lets_a_reader_touch_and_guess_in_a_chapter_is_light(html, lang):
    """The kit, the chapter's instruments and its questions, as they are sent: 20 KB at most."""
    for page in sorted((html / lang / "chapters").glob("*.html")):
        asked = re.findall(
            r'type="later" src="\.\./(_static/js/[\w-]+\.js)', page.read_text("utf-8")
        )
        files = [html / lang / name for name in (*asked, "_static/js/predict.js")]
        sizes = {file.stem: len(gzip.compress(file.read_bytes(), mtime=0)) for file in files}
        assert sum(sizes.values()) <= 20_000, (page.stem, sizes)
