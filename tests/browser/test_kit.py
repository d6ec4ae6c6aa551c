"""What all instruments are made of: names of a kind, the ring that keys show, hints."""

import pytest

from tests.support.instruments import INSTRUMENTS, at_figure, overlaps, settled

FAST = {
    "test_two_things_of_one_name_on_a_plot_are_an_error_that_says_so[dots]",
    "test_the_ring_of_focus_is_round_and_shows_for_keys_and_not_for_the_mouse",
}


@pytest.fixture
def stopping(visit):
    return at_figure(visit, "en", "learning-rate", "fig-four-rules")


@pytest.mark.parametrize("second", ["dots", "line", "text"])
def test_two_things_of_one_name_on_a_plot_are_an_error_that_says_so(stopping, second):
    said = stopping.evaluate(
        """(figure, second) => {
          const it = book.kit(figure.appendChild(document.createElement("div")), "");
          const plot = it.plot({ label: "one", axes: () => ({ x: [0, 1], y: [0, 1] }) });
          it.draw(() => {
            plot.line("way", [[0, 0], [1, 1]], {});
            if (second === "text") plot.text("way", [0, 0], "a");
            else plot[second]("way", [[0, 0], [1, 1]], {});
          });
          try { it.begin(); } catch (error) { return error.message; }
        }""",
        second,
    )
    assert said == 'Two things on a plot are called "way": name each anew'


def test_a_name_that_was_a_line_and_becomes_a_text_is_an_error_too(stopping):
    said = stopping.evaluate(
        """(figure) => {
          const it = book.kit(figure.appendChild(document.createElement("div")), "");
          const plot = it.plot({ label: "one", axes: () => ({ x: [0, 1], y: [0, 1] }) });
          it.draw(() => plot.line("way", [[0, 0], [1, 1]], {}));
          it.begin();
          it.draw(() => plot.text("way", [0, 0], "a"));
          try { it.begin(); } catch (error) { return error.message; }
        }"""
    )
    assert said == 'Two things on a plot are called "way": name each anew'


def test_words_at_a_side_of_the_drawing_move_in_and_those_of_a_point_outside_do_not(stopping):
    found = stopping.evaluate(
        """(figure) => {
          const it = book.kit(figure.appendChild(document.createElement("div")), "");
          const plot = it.plot({ label: "one",
            axes: () => ({ x: [0, 1], y: [0, 1] }) });
          const its = [[1, "start"], [0, "end"], [0.5, "middle"], [9, "start"]];
          const made = [];
          it.draw(() => its.forEach(([x, anchor], i) =>
            made.push(plot.text(`${i}`, [x, 0.5], "one word and another", { anchor }))));
          it.begin();
          const page = plot.picture.getBoundingClientRect();
          return made.map((one) => one.getBoundingClientRect())
            .map(({ left, right }) => [left - page.left, page.right - right]);
        }"""
    )
    sides = [[round(side) for side in one] for one in found]
    assert sides[0][1] == sides[1][0] == 0  # just within
    assert sides[0][0] > 0 and sides[1][1] > 0
    assert min(sides[2]) > 100  # where it was wanted
    assert sides[3][1] < 0  # its point is not in the picture


def ring(handle) -> list[str]:
    return handle.evaluate(
        """(hand) => {
          const outlines = [hand, ...hand.children].map((e) => getComputedStyle(e).outlineStyle);
          const { stroke, fill, r } = getComputedStyle(hand.querySelector(".focused"));
          return [document.activeElement === hand, outlines.every((one) => one === "none"),
            stroke !== "none", fill === "none" && parseFloat(r) > 9];
        }"""
    )


def test_the_ring_of_focus_is_round_and_shows_for_keys_and_not_for_the_mouse(stopping):
    tab, handle = stopping.page, stopping.locator(".instrument-handle").first
    handle.scroll_into_view_if_needed()
    box = handle.locator(".ring").bounding_box()
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settled(tab)
    assert ring(handle) == [True, True, False, True]
    tab.keyboard.press("Tab")
    tab.keyboard.press("Shift+Tab")
    assert ring(handle) == [True, True, True, True]


@pytest.mark.parametrize(
    ("name", "chapter", "figure"), INSTRUMENTS, ids=[i[0] for i in INSTRUMENTS]
)
def test_a_hint_lies_on_no_words_and_on_no_line_but_a_faint_one(visit, name, chapter, figure):
    its = at_figure(visit, "en", chapter, figure)
    hints = set(its.locator(".hint").all_text_contents())
    lies_on = [pair for pair in overlaps(its) if hints & {*pair}]
    assert [pair for pair in lies_on if "faint" not in pair[1]] == []
