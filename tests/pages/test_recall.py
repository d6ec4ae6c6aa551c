"""Cards to recall, as the built pages have them: in both languages, where they point, how many."""

import re
from urllib.parse import urldefrag

import pytest

from tests.support.book import CHAPTERS, LANGUAGES
from tests.support.small_book import SmallBook

CARDS = ".//details[contains(@class, 'recall')]/dl"
OWN = ".//*[contains(concat(' ', @class, ' '), ' lang ') and not(contains(@class, 'twin'))]"
TWIN = ".//*[contains(concat(' ', @class, ' '), ' twin ')]"
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


def cards(page):
    """Each card's name, question and answer, and the address it points to."""
    for listed in page.xpath(CARDS):
        for question, answer in zip(listed.xpath("dt"), listed.xpath("dd"), strict=True):
            [link] = answer.xpath(".//p[@class='recall-where']/a/@href")
            yield question.get("id").removeprefix("recall-"), question, answer[0], link


def latex(piece):
    """The formulas of a text, those of a hidden one as they wait."""
    found = piece.xpath(".//annotation | .//*[@class='math later']")
    return sorted(re.sub(r"\\text\{[^}]*\}|\s", "", one.text_content()) for one in found)


@each_chapter
def test_a_chapter_has_six_to_ten_cards_and_they_are_the_same_in_both_languages(tree, chapter):
    zh, en = ([name for name, *_ in cards(tree(lang, f"chapters/{chapter}"))] for lang in LANGUAGES)
    assert zh == en
    assert 6 <= len(zh) <= 10


@each_chapter
@pytest.mark.parametrize("lang", LANGUAGES)
def test_twins_ask_and_answer_the_same(tree, lang, chapter):
    for _name, *texts, _link in cards(tree(lang, f"chapters/{chapter}")):
        for text in texts:
            [own], [twin] = text.xpath(OWN), text.xpath(TWIN)
            assert {own.get("lang"), twin.get("lang")} == set(LANGUAGES.values())
            assert own.get("lang") == LANGUAGES[lang]
            assert latex(own) == latex(twin)
            assert own.text_content().strip() and twin.text_content().strip()


@each_chapter
def test_a_card_is_answered_in_six_seconds(tree, chapter):
    """One thing is asked: no list, no yes or no, and the answer is a dozen words or a formula."""
    for name, question, answer, _ in cards(tree("en", f"chapters/{chapter}")):
        asked, said = (" ".join(prose(text.xpath(OWN)[0])) for text in (question, answer))
        assert len(asked.split()) <= 30, name
        assert len(said.split()) <= 16, name
        assert not re.match(r"(yes|no)\b", said, re.IGNORECASE), name


def prose(text):
    """The words of a text, a formula as one."""
    apart = ".//text()[not(ancestor::*[contains(@class, 'katex')])] | .//annotation/text()"
    return [re.sub(r"\s+", "", t) if t.is_text and t.getparent().tag == "annotation" else t.strip()
            for t in text.xpath(apart) if t.strip()]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_card_points_into_its_chapter(tree, lang):
    found = 0
    for chapter in CHAPTERS:
        page = tree(lang, f"chapters/{chapter}")
        anchors = {*page.xpath("//article//@id")}
        for name, _, _, link in cards(page):
            found += 1
            there, anchor = urldefrag(link)
            assert there == "" and anchor in anchors, name
    assert found > 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_review_has_all_cards_in_the_order_of_the_book(tree, soup, lang):
    order = [a["href"] for a in soup(lang, "index").select(".bd-toc-item a, .chapter-card")]
    listed = list(dict.fromkeys(urldefrag(href)[0] for href in order if "chapters/" in href))
    expected = []
    for page in listed:
        name = page.removesuffix(".html")
        its = cards(tree(lang, name))
        expected += [(card, f"{page}{link}") for card, _, _, link in its]
    assert len(listed) == len(CHAPTERS)
    names = [(name, link) for name, _, _, link in cards(tree(lang, "review"))]
    assert names == expected
    assert len({name for name, _ in names}) == len(names) > 0


# Mistakes -----------------------------------------------------------------------------------------

GOOD = """
```{{recall}}
- name: {}
  q: "{{zh}}`问？` {{en}}`Q?`"
  a: "{{zh}}`答。` {{en}}`A.`"
```
"""
# A block, how many lines below its first the trouble is, and words that name it.
MISTAKES = [
    (GOOD.format("twice"), 1, None),
    (GOOD.format("twice"), 1, "the card “twice” has the name of the one on line"),
    (GOOD.format("stray").replace("  q:", "  of: nowhere\n  q:"), 1,
     "the card “stray” is of “nowhere”, which is no label of this page; mend it"),
    (GOOD.format("half").replace(" {en}`A.`", ""), 1,
     'a of the card “half” is not in both languages, and nothing else; write a: "{zh}`…` {en}`…`"'),
    (GOOD.format("more").replace("`A.`", "`A.` and more"), 1,
     "a of the card “more” is not in both languages, and nothing else"),
    (GOOD.format("none").replace("{zh}`答。` {en}`A.`", "$x$"), 1,
     "a of the card “none” is not in both languages"),
    (GOOD.format("other").replace("`问？`", "`$x$？`").replace("`Q?`", "`$y$?`"), 1,
     "the twins differ in mathematics: only Chinese has 'x'; only English 'y'"),
    (GOOD.format("far").replace("`问？`", "``{ref}`问 <small>` ``")
     .replace("`Q?`", "``{ref}`Q <small>` ``"), 1, "q of the card “far” has a reference"),
    (GOOD.format("Big Name"), 1, "name is “Big Name”; write small letters, digits and hyphens"),
    (GOOD.format("word").replace("  a:", "  b:"), 1, "this is no card; write a list of one"),
    (GOOD.format("open").replace("A.`\"", "A.`"), 3, "this card is no YAML here"),
    (GOOD.format("five").replace("```\n", "- 1\n- 2\n- 3\n- 4\n```\n"), 0, "holds no list"),
    ("\n```{recall}\n```\n", 0, "this block holds no list of cards; write a list of one to four"),
]  # fmt: skip


@pytest.mark.slow
def test_cards_that_cannot_be_asked_are_told_by_file_and_line(tmp_path):
    book = SmallBook(tmp_path / "book")
    text, expected = book.chapter.read_text(encoding="utf-8"), []
    for block, below, said in MISTAKES:
        expected += [(text.count("\n") + 2 + below, said)] if said else []
        text += block
    book.chapter.write_text(text, encoding="utf-8")
    code, output = book.build()
    assert code != 0
    for line, said in expected:
        found = [part for part in output.splitlines() if f"small.md:{line}: WARNING" in part]
        assert any(said in part for part in found), f"{line}: {said}\n{output}"


@pytest.mark.slow
def test_a_name_stands_once_in_the_whole_book_and_a_change_reaches_the_page_of_all(tmp_path):
    book = SmallBook(tmp_path / "book")
    with book.chapter.open("a", encoding="utf-8") as chapter:
        chapter.write(GOOD.format("one"))
    book.add_chapter("other", "x = 1")
    other = book.folder / "chapters" / "other.md"
    alone = other.read_text(encoding="utf-8")
    other.write_text(alone + GOOD.format("one"), encoding="utf-8")
    review = "(review)=\n# {zh}`复习` {en}`Review`\n\n```{review}\n```\n"
    (book.folder / "review.md").write_text(review, encoding="utf-8")
    book.edit("index.md", "chapters/other\n", "chapters/other\nreview\n")
    code, said = book.build()
    assert code != 0 and "“one” has the name of the one on line" in said

    def reviewed():
        page = (book.folder / "_build/html/en/review.html").read_text(encoding="utf-8")
        return re.findall(r'<dt id="recall-([\w-]+)"', page)

    for text, names in ((GOOD.format("two"), ["one", "two"]), ("", ["one"])):
        other.write_text(alone + text, encoding="utf-8")
        code, said = book.build()
        assert code == 0, said
        # What is taken out of a chapter is gone there, too.
        assert reviewed() == [*names, "roots-average"]
