"""Notes in the margin, in a real browser: beside the text where there is room, else in it."""

import pytest

from tests.support.book import CHAPTERS, LANGUAGES, ROOT, at_rest
from tests.support.browsing import both_languages

FAST = {
    "test_a_note_stands_in_the_margin_alone_and_on_a_phone_in_the_text[autodiff-zh]",
    "test_side_by_side_a_note_stands_beside_its_twin[1920]",
}

NOTED = [
    name for name in CHAPTERS if "{margin}" in (ROOT / f"chapters/{name}.md").read_text("utf-8")
]

# Each note that is seen, with the column that it belongs to, and whatever else overlaps with it.
SEEN = """() => {
  document.documentElement.classList.remove("from-the-top");
  const box = (element) => element.getBoundingClientRect();
  const meets = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return [...document.querySelectorAll("article aside.margin")]
    .filter((note) => note.checkVisibility())
    .map((note) => {
      const others = [...document.querySelectorAll("article *")].filter((one) =>
        one.checkVisibility() && !one.closest("svg svg, .katex") && !one.contains(note)
        && !note.contains(one) && box(one).width > 1 && meets(box(one), box(note)));
      const column = box(note.closest(".pair") ?? note.parentElement);
      const { left, right, top, bottom } = box(note);
      const before = note.previousElementSibling;
      return { left, right, top, bottom, text: note.innerText.trim(),
        column: [column.left, column.right], others: others.map((one) => one.outerHTML),
        after: before && !before.matches(".margin") ? box(before).bottom : null };
    });
}"""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("chapter", NOTED)
def test_a_note_stands_in_the_margin_alone_and_on_a_phone_in_the_text(visit, lang, chapter):
    tab = visit(f"{lang}/chapters/{chapter}.html", viewport={"width": 1920, "height": 900})
    notes = {}
    for width in (1920, 1440, 1280, 390):
        tab.set_viewport_size({"width": width, "height": 900})
        notes[width] = tab.evaluate(SEEN)
        assert tab.evaluate("document.scrollingElement.scrollWidth") <= width
        for note in notes[width]:
            assert note["text"] and note["others"] == [], (width, note)
            left, right = note["column"]
            if width >= 1440:
                assert note["left"] >= right + 16 and note["right"] <= width
                assert 180 <= note["right"] - note["left"] <= 260
                assert note["after"] is None or 20 < note["after"] - note["top"] < 100  # beside it
            else:
                assert left <= note["left"] and note["right"] <= right + 1
                assert note["after"] is None or note["top"] >= note["after"]
    texts = [[note["text"] for note in seen] for seen in notes.values()]
    assert len(texts[0]) == 1 and all(text == texts[0] for text in texts)


def test_six_chapters_and_more_have_notes():
    assert len(NOTED) >= 6


@pytest.mark.parametrize("width", [1280, 1920])
def test_side_by_side_a_note_stands_beside_its_twin(visit, width):
    viewport = {"width": width, "height": 900}
    tab = visit("en/chapters/newton.html?side-by-side", viewport=viewport)
    both_languages(tab)
    zh, en = tab.evaluate(SEEN)
    assert zh["others"] == en["others"] == [] and zh["top"] == en["top"]
    assert zh["right"] < en["left"] and en["right"] <= en["column"][1] + 1
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "yields"), [(1920, True), (1280, False)])
def test_the_contents_make_room_only_for_what_reaches_them(visit, width, yields):
    tab = visit("en/chapters/billions.html", viewport={"width": width, "height": 900})
    tab.locator("aside.margin:visible").scroll_into_view_if_needed()
    at_rest(tab)
    contents = tab.locator("#pst-secondary-sidebar")
    assert contents.evaluate("contents => contents.classList.contains('yields')") == yields


def test_on_paper_a_note_stands_in_the_text(visit):
    tab = visit("en/chapters/newton.html", viewport={"width": 658, "height": 971})
    tab.emulate_media(media="print")
    [note] = tab.evaluate(SEEN)
    assert note["others"] == [] and note["top"] >= note["after"]
    assert note["column"][0] <= note["left"] < note["right"] <= note["column"][1] + 1
