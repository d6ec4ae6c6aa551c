"""What an upgrade changes: of two built books, which numbers and which words are others."""

import subprocess

from press.compare import compare, lines_of
from tests.support.book import ROOT

PAGE = """<html><nav>{nav}</nav><article class="bd-article"><h1>The rate</h1>
<p>After 12 steps <span>x</span> is
 {x}, at <span class="katex"><span>2.4×10</span><span>{power}</span></span>.</p>
<pre><span>for</span> k in range(3):
    print({x})</pre><script>let hidden = {x};</script>
<table><tr><td>Adam</td><td>{x}</td></tr></table><p>{word} words</p></article></html>"""


def book(folder, **pages):
    for name, facts in pages.items():
        (folder / "en").mkdir(parents=True, exist_ok=True)
        text = PAGE.format(**{"nav": "", "x": "0.125", "power": "⁻¹³", "word": "Some", **facts})
        (folder / "en" / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


def test_numbers_come_first_and_then_words(tmp_path):
    before = book(tmp_path / "a", alone={}, first={}, gone={}, second={}, side={})
    after = book(
        tmp_path / "b",
        alone={},
        first={"word": "Other"},
        new={},
        second={"x": "0.126", "power": "⁻¹²"},
        side={"nav": "another menu"},
    )
    assert compare(before, after) == [
        "Only before: en/gone.html",
        "Only after: en/new.html",
        "\nOther numbers: en/second.html",
        "  - After 12 steps x is 0.125, at 2.4×10⁻¹³.",
        "  + After 12 steps x is 0.126, at 2.4×10⁻¹².",
        "  - print(0.125)",
        "  + print(0.126)",
        "  - 0.125",
        "  + 0.126",
        "\nOther words: en/first.html",
        "  - Some words",
        "  + Other words",
        "\nOf 4 pages 3 have other bytes, 2 another text.",
    ]


def test_a_paragraph_that_is_new_is_told_as_new(tmp_path):
    before, after = book(tmp_path / "a", page={}), book(tmp_path / "b", page={})
    page = after / "en" / "page.html"
    page.write_text(page.read_text("utf-8").replace("<table>", "<p>All new.</p><table>"), "utf-8")
    assert compare(before, after)[:-1] == ["\nOther words: en/page.html", "  + All new."]


def test_of_the_book_itself_a_number_is_found(html, tmp_path):
    page = html / "zh" / "chapters" / "himmelblau.html"
    text = page.read_text(encoding="utf-8")
    for name, content in (("a", text), ("b", text.replace("3.584428", "3.584429"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text(content, encoding="utf-8")
    assert text.count("3.584428") > 0 and len(lines_of(page)) > 100
    said = compare(tmp_path / "a", tmp_path / "b")
    assert said[0] == "\nOther numbers: page.html"
    assert {line[:4] for line in said[1:-1]} == {"  - ", "  + "}
    assert said[-1] == "\nOf 1 pages 1 have other bytes, 1 another text."


def test_an_upgrade_keeps_the_book_locks_builds_and_compares():
    run = subprocess.run(
        ["make", "--dry-run", "upgrade"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    steps = [
        "press html",
        "cp -r _build/html _build/before",
        "--upgrade",
        "press html",
        "press compare",
    ]
    places = [run.stdout.find(steps[0])]
    for step in steps[1:]:
        places.append(run.stdout.find(step, places[-1] + 1))
    assert -1 not in places, run.stdout
