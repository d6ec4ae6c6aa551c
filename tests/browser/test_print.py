"""A chapter on paper: the reader's language, dark on white, all of it open, nothing to press."""

import re
from copy import copy
from io import BytesIO

import pypdfium2
import pytest

from tests.support.book import CHAPTERS, LANGUAGES
from tests.support.browsing import both_languages
from tests.support.tiers import few

FAST = {
    "test_paper_has_the_chapter_and_nothing_else[en-said1-unsaid1]",
    "test_everything_fits_the_paper_and_no_figure_is_cut[montage]",
}

ON_PAPER = {"width": 658, "height": 971}  # an A4 sheet within its margins, in CSS pixels

# The contrast with white of the palest word, as WCAG reckons it.
PALEST = """() => {
  const light = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const contrast = (element) => {
    const [r, g, b] = getComputedStyle(element).color.match(/[\\d.]+/g).map(Number).map(light);
    return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
  };
  const speaks = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
  return Math.min(...[...document.querySelectorAll("article :not(svg *)")]
    .filter((element) => element.checkVisibility() && [...element.childNodes].some(speaks))
    .map(contrast));
}"""


def words_on_paper(tab):
    """What the print says, as another program reads it, without its spaces and page numbers."""
    with pypdfium2.PdfDocument(BytesIO(tab.pdf(prefer_css_page_size=True))) as paper:
        pages = (page.get_textpage().get_text_range() for page in paper)
        text = "".join(re.sub(r"^\d+\r\n", "", page) for page in pages)
    return re.sub(r"\s", "", text)


def without_focus(tab):
    """The page, but for what the keyboard reaches while it scrolls, which its width decides."""
    return tab.locator("article").inner_html().replace(' tabindex="0"', "")


@pytest.mark.parametrize(
    ("lang", "said", "unsaid"),
    [
        (
            "zh",
            ["2.一维梯度下降", "解答", "两次下降的学习率相同", "小结"],
            ["显示代码", "Solution", "搜索", "播放", "对照", "English", "下载", "https:"],
        ),
        (
            "en",
            ["2.Gradientdescentinonedimension", "Answersandsolutions", "Summary"],
            ["Showthecode", "解答", "Search", "Play", "Sidebyside", "Notebook", "https:"],
        ),
    ],
)
def test_paper_has_the_chapter_and_nothing_else(visit, lang, said, unsaid):
    text = words_on_paper(visit(f"{lang}/chapters/one-dimension.html"))
    assert [word for word in said if word not in text] == []
    assert [word for word in unsaid if word in text] == []


def test_solutions_are_open_on_paper(visit, soup):
    chapter = soup("zh", "chapters/one-dimension")
    solutions = chapter.select("details.disclosure:not(.code, .recall) .lang:not(.twin)")
    text = words_on_paper(visit("zh/chapters/one-dimension.html"))
    for solution in map(copy, solutions):
        for unspoken in solution.select(".math"):
            unspoken.replace_with(" ")
        sentence = max(re.findall("[\u4e00-\u9fff]+", solution.get_text()), key=len, default="")
        assert sentence[:8] in text
    assert len(solutions) > 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_answers_stand_at_the_end_of_a_printed_chapter(visit, lang):
    """Each is asked for where it stood, and leads back; afterwards the page is what it was."""
    tab = visit(f"{lang}/chapters/one-dimension.html")
    tab.evaluate("document.documentElement.classList.remove('from-the-top')")
    opening = "article details.disclosure:not(.code, .rest, .recall, details *)"
    answers, before = tab.locator(opening).count(), without_focus(tab)
    text = words_on_paper(tab)
    assert without_focus(tab) == before and answers > 8
    title, there = {
        "zh": ("答案与解答", "在本章末尾"),
        "en": ("Answersandsolutions", "attheendofthechapter"),
    }[lang]
    asked, told = text.split(title)
    assert asked.count(there) == answers and there not in told
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    links = tab.evaluate(
        """() => [...document.querySelectorAll(".ahead a")].map((link) => {
          const answer = document.querySelector(link.hash);
          const back = answer.querySelector("a");
          return [answer.closest(".answers") !== null && answer.matches(":has(details)"),
            document.querySelector(back.hash) === link.parentElement, back.textContent];
        })"""
    )
    assert len(links) == answers and all(there and back for there, back, _ in links)
    exercise, question = {"zh": ("练习 ", "问题 "), "en": ("Exercise ", "Question ")}[lang]
    names = [name for _, _, name in links]
    questions = [name for name in names if name.startswith(question)]
    assert questions == [f"{question}{n + 1}" for n in range(len(questions))] != []
    solved = [name for name in names if not name.startswith(question)]
    assert all(name.startswith(exercise) for name in solved)
    numbers = [int(re.search(r"\d+", name)[0]) for name in solved]
    assert numbers == sorted(numbers) and numbers[-1] > 3


def test_side_by_side_is_printed_side_by_side(visit):
    tab = visit("en/chapters/one-dimension.html?side-by-side")
    both_languages(tab)
    text = words_on_paper(tab)
    assert "小结" in text and "Summary" in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_dark_on_white_in_either_theme(visit, scheme):
    tab = visit("zh/chapters/learning-rate.html", color_scheme=scheme)
    assert tab.evaluate("document.documentElement.dataset.theme") == scheme
    tab.evaluate(
        "addEventListener('beforeprint', () => "
        "window.then = document.documentElement.dataset.theme)"
    )
    tab.pdf()
    assert tab.evaluate("window.then") == "light"
    assert tab.evaluate("document.documentElement.dataset.theme") == scheme
    tab.emulate_media(media="print", color_scheme=scheme)
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate(PALEST) >= 4.5


def test_moving_pictures_show_their_last_frame(visit):
    tab = visit("en/chapters/learning-rate.html")
    tab.evaluate(
        "addEventListener('beforeprint', () => window.frames = "
        "[...document.querySelectorAll('.player input')].map((i) => [i.value, i.max]))"
    )
    tab.pdf()
    frames = tab.evaluate("window.frames")
    assert len(frames) > 1 and all(frame == last != "0" for frame, last in frames)


@pytest.mark.parametrize("chapter", few(CHAPTERS, "many-dimensions", "montage", "scale"))
def test_everything_fits_the_paper_and_no_figure_is_cut(visit, chapter):
    tab = visit(f"en/chapters/{chapter}.html", viewport=ON_PAPER)
    tab.emulate_media(media="print")
    boxes = tab.evaluate(
        """() => [...document.querySelectorAll("article *")]
          .filter((element) => !element.closest(".katex-mathml, svg, .player, [hidden]"))
          .map((element) => [element.className, element.getBoundingClientRect().right])"""
    )
    assert [box for box in boxes if box[1] > ON_PAPER["width"] + 1] == []
    figures = tab.evaluate(
        """() => [...document.querySelectorAll("figure")].map((figure) =>
          [getComputedStyle(figure).breakInside, figure.getBoundingClientRect().height])"""
    )
    assert len(figures) > 0
    for break_inside, height in figures:
        assert break_inside == "avoid" and height < ON_PAPER["height"]
