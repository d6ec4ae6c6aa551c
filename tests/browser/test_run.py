"""Cells that run in the page print what the build printed, and what a reader types is theirs."""

import pytest
from playwright.sync_api import expect

from tests.support.book import CHAPTERS, LANGUAGES, at_rest
from tests.support.browsing import lies_on_its_colors, reading, reload

FAST = {
    "test_each_prints_what_the_build_printed[learning-rate-zh]",
    "test_each_prints_what_the_build_printed[one-dimension-en]",
    "test_a_changed_rate_gives_the_number_of_that_rate[zh]",
    "test_what_was_typed_is_there_after_a_reload_and_runs_only_at_a_click",
}

WORDS = {
    "zh": ("运行", "和书里的输出一样", "这是你的输出", "恢复", "修改"),
    "en": ("Run", "As the book printed it", "Your output", "Restore", "Change"),
}


def lay_out(tab) -> None:
    """Open all that is folded, and let all of the page be laid out."""
    tab.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))")
    tab.evaluate("document.documentElement.classList.remove('from-the-top')")


@pytest.fixture
def cell(visit):
    """Open a chapter; give the place of the first cell that holds these words."""

    def find(chapter, words, lang="en", **settings):
        tab = visit(f"{lang}/chapters/{chapter}.html", **settings)
        lay_out(tab)
        found = tab.locator(".cell", has=tab.locator(".run")).filter(has_text=words).first
        number = found.locator(".run").get_attribute("data-number")
        return tab.locator(".cell", has=tab.locator(f".run[data-number='{number}']"))

    return find


def type_into(cell, code: str, lang: str = "en") -> None:
    if cell.locator("textarea").is_hidden():
        cell.get_by_role("button", name=WORDS[lang][4]).click()
    cell.locator("textarea").fill(code)
    cell.get_by_role("button", name=WORDS[lang][0]).click()


def replace(cell, old: str, new: str) -> None:
    code = cell.locator("pre").first.text_content()
    assert old in code
    type_into(cell, code.replace(old, new))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_prints_what_the_build_printed(visit, chapter, lang):
    tab = visit(f"{lang}/chapters/{chapter}.html")
    lay_out(tab)
    for cell in tab.locator(".cell:has(.run)").all():
        cell.get_by_role("button", name=WORDS[lang][0]).click()
        printed = "".join(cell.locator(".cell_output .output pre").all_text_contents())
        nothing = "运行完了，没有输出" if lang == "zh" else "Done; nothing was printed"
        expect(cell.locator(".run output")).to_have_text(
            WORDS[lang][1] if printed else nothing, timeout=20000
        )
        expect(cell.locator(".run-output")).to_have_text(printed, timeout=1)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_chapter_has_a_cell_that_runs(soup, chapter, lang):
    page = soup(lang, f"chapters/{chapter}")
    assert any(cell.select(".cell_output .output") for cell in page.select(".cell:has(.run)"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_without_such_a_cell_has_no_script_for_it(soup, lang):
    page = soup(lang, "glossary")
    assert page.select(".run") == page.select("script[src*='js/run.js']") == []


def test_the_loops_of_these_chapters_run(soup):
    for chapter, code in {
        "one-dimension": "x = x - eta * grad(x)",
        "learning-rate": "x = x - learning_rate * grad(x)",
        "many-dimensions": "return x1 - eta * g1, x2 - eta * g2",
        "himmelblau": "x1, x2 = x1 - 0.01 * g1, x2 - 0.01 * g2",
        "momentum": "v1 = beta * v1 + eta * g1",
        "adaptive": "s1, s2 = s1 + g1 * g1, s2 + g2 * g2",
        "newton": "x = x - eta * slope(x) / bend(x)",
        "guarantees": "x = [b + (k - 1) / (k + 2) * (b - a) for a, b in zip(before, y)]",
        "edge-of-stability": "x1, x2 = x1 - eta * g1, x2 - eta * g2",
        "minibatches": "means = [sum(batch) / B for batch in every_batch(five, B)]",
        "network": "delta1 = w2 * delta2 * (1 - h * h)",
        "billions": "w1, w2 = w1 - eta * error * w2, w2 - eta * error * w1",
        "training-today": "down = down - 0.1 * min(1, (1000 - k) / 200) * (down + noise)",
        "race": "g1, g2 = g1 / (sqrt(s1) + 1e-8), g2 / (sqrt(s2) + 1e-8)",
        "montage": "x1, x2 = x1 - eta * g1, x2 - eta * g2",
        "scale": "x = x - 0.1 * (x * x * x - x)",
        "history": "x, y = x - 0.01 * (4 * x * a + 2 * b), y - 0.01 * (2 * a + 4 * y * b)",
    }.items():
        cells = soup("en", f"chapters/{chapter}").select(".cell:has(.run)")
        assert any(code in cell.select_one("pre").get_text() for cell in cells), chapter


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_changed_rate_gives_the_number_of_that_rate(cell, lang):
    run, _, mine, restore, change = WORDS[lang]
    its = cell("one-dimension", "trace = gd(0.2)", lang)
    its.get_by_role("button", name=change).click()
    code = its.locator("textarea").input_value()
    its.locator("textarea").fill(code.replace("gd(0.2)", "gd(1.1)"))
    its.get_by_role("button", name=run).click()
    expect(its.locator(".run-output")).to_have_text(
        "epoch 10, x: 61.917364224000096\n", timeout=20000
    )
    expect(its.locator(".run output")).to_have_text(mine)
    expect(its.locator(".run-books")).to_be_visible()
    assert "0.06046617599999997" in its.locator(".output").inner_text()  # the book's stays
    its.get_by_role("button", name=restore).click()
    assert its.locator("textarea").input_value() == code
    expect(its.locator(".run-output")).to_be_hidden()
    expect(its.locator(".run-books")).to_be_hidden()


def test_a_later_cell_goes_by_what_the_reader_made_of_an_earlier_one(cell):
    first = cell("one-dimension", "return 2 * x  # the derivative")
    replace(first, "return 2 * x", "return 0 * x")
    its = first.page.locator(".cell:has(.run)").filter(has_text="trace = gd(0.2)")
    its.get_by_role("button", name="Run").click()
    expect(its.locator(".run-output")).to_have_text("epoch 10, x: 10.0\n", timeout=20000)
    expect(its.locator(".run output")).to_have_text("Your output: you have changed code above")
    replace(first, "return 0 * x", "return 2 * y")
    its.get_by_role("button", name="Run").click()
    expect(its.locator(".run-error")).to_contain_text("In earlier code: a name is used")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_is_said_with_its_line_in_the_language_of_the_page(cell, lang):
    its = cell("one-dimension", "trace = gd(0.2)", lang)
    cases = [
        (
            "x = 1\ny = 2 * z",
            "第 2 行：用到了没有定义的名字",
            "Line 2: a name is used that",
        ),
        ("x = (1", "行：这里不合 Python 的语法", "Line 1: this is not Python"),
        ("def f():\nreturn 1", "第 2 行：", "Line 2: "),
        ("x = 1\n\ty = 2", "第 2 行：缩进不对", "Line 2: the indentation is wrong"),
        ("def f():\n    return 1 / 0\n\nf()", "第 2 行：除数是零", "Line 2: a division by zero"),
        ("2.0 ^ 2", "第 1 行：^ 不是乘方，乘方写作 **", "Line 1: ^ is no power: write **"),
        ("[1][2]", "第 1 行：下标超出了范围", "Line 1: an index is out of range"),
        ("import os", "只有 math 和 random", "Line 1: only the modules math and random are here"),
        ("import js", "只有 math 和 random", "Line 1: only the modules math and random are here"),
        ("assert 1 > 2, 'so'", "断言不成立", "an assertion does not hold (AssertionError: so)"),
        ("def f(n): return f(n + 1)\nf(0)", "层数太多", "a function calls itself too often"),
        ("x = [0]\nwhile True: x = x + x", "内存用完了", "the memory is used up"),
        ("int(1e400)", "数太大了", "a number is too large"),
        ("x = input()", "第 1 行：", "Line 1: "),
        ("open('x')", "第 1 行：", "Line 1: "),
        ("raise SystemExit", "SystemExit", "SystemExit"),
    ]
    for code, zh, en in cases:
        type_into(its, code, lang)
        expect(its.locator(".run-error")).to_contain_text(zh if lang == "zh" else en, timeout=20000)
        expect(its.locator(".run output")).to_have_text("出错了" if lang == "zh" else "An error")
        assert its.locator("textarea").input_value() == code  # what was typed is there


ODD = [
    ("x = 1\nprint（x）\n", 2, "（）", "()"),
    ("if 1 > 0：\n    print(1)\n", 1, "：", ":"),
    ("print([1，2][0])  # （只是注释）\n", 1, "，", ","),
    ("s = '“里面，可以”'\n\nprint(“x”)\n", 3, "“”", '""'),
    ('"""\n（这里）也可以\n"""\nx = 3\u3000+ 4\nprint(x)\n', 4, "\u3000", " "),
    ("x = −1 × 2\nprint(x)\n", 1, "−×", "-*"),
    ("x ＝ [１]；print(x)\n", 1, "＝１；", "=1;"),
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_full_width_character_is_named_with_its_line_and_what_to_write(cell, lang):
    """Python itself is the oracle: of the line, and of what the page advises."""
    its = cell("one-dimension", "trace = gd(0.2)", lang)
    for code, line, odd, usual in ODD:
        with pytest.raises(SyntaxError, match=r"invalid .*character") as its_own:
            compile(code, "code", "exec")
        assert its_own.value.lineno == line
        lines = code.splitlines()
        lines[line - 1] = lines[line - 1].translate(str.maketrans(odd, usual))
        compile("\n".join(lines), "code", "exec")
        these, those = (
            " ".join(one.strip() or {"zh": "空格", "en": "space"}[lang] for one in part)
            for part in (odd, usual)
        )
        type_into(its, code, lang)
        expect(its.locator(".run-error")).to_have_text(
            f"第 {line} 行：{these} 不是 Python 的字符，请改成半角的 {those}"
            if lang == "zh"
            else f"Line {line}: Python has no {these}: write the half-width {those}",
            timeout=20000,
        )


def test_letters_ends_of_lines_and_numbers_are_those_of_python(cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    numbers = [1e-5, 1e16, 1e22, 0.1 + 0.2, 2e-308, 2**0.5, 1 / 3, 123456789.123456789, -0.0, 1e100]
    cases = [
        ("print('梯度 η é ' * 999)", "梯度 η é " * 999 + "\n"),
        ("η = 0.2\nprint(η)", "0.2\n"),
        ("if True:\r\n\tprint(1)\r\n", "1\n"),
        ("print(1, end='')", "1"),
        ("print(list(range(10))[8:2:-2], 'abcdef'[1:-1], '%5.2f|%-4d|' % (2.675, 3))",
         f"{list(range(10))[8:2:-2]} {'abcdef'[1:-1]}  2.67|3   |\n"),
        ("print(f'{2/3:.3f} {7:03d} {1e-9} {10**20} {-0.0} {float(\"nan\")} {-7 % 3} {7.5 // -2}')",
         f"{2/3:.3f} {7:03d} {1e-9} {10**20} {-0.0} {float('nan')} {-7 % 3} {7.5 // -2}\n"),
        (f"print({numbers!r})", f"{numbers!r}\n"),
        ("", ""),
    ]  # fmt: skip
    for code, printed in cases:
        type_into(its, code)
        expect(its.locator(".run output")).to_contain_text("Your output", timeout=20000)
        assert its.locator(".run-output").text_content() == printed, code


def test_what_does_not_end_is_stopped_and_the_page_lives(cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    type_into(its, "while True: pass")
    its.get_by_role("button", name="Stop").click()
    expect(its.locator(".run output")).to_have_text("Stopped")
    for code in ("while True: print('x' * 99)", "print('x' * 10**7)"):
        type_into(its, code)
        expect(its.locator(".run output")).to_have_text(
            "It prints too much: stopped", timeout=20000
        )
        assert its.locator(".run-output").text_content().replace("\n", "x") == "x" * 20000
    type_into(its, "while True: pass")
    expect(its.locator(".run output")).to_contain_text("Not done after 5 seconds", timeout=20000)
    type_into(its, "print('alive')")
    expect(its.locator(".run-output")).to_have_text("alive\n", timeout=20000)


def test_where_python_does_not_start_the_page_says_so(tabs, html):
    with reading(tabs, html) as (visit, _, troubles):
        tab = visit("en/chapters/one-dimension.html")
        lay_out(tab)
        its = tab.locator(".cell:has(.run)").filter(has_text="trace = gd(0.2)")
        for said in (WORDS["en"][1], WORDS["en"][1], "Python does not start in this browser"):
            its.get_by_role("button", name="Run").click()  # the second has an engine that waited
            expect(its.locator(".run output")).to_have_text(said, timeout=20000)
            tab.evaluate("book.micropython.wasm = 'AAAA'")
    assert any("WebAssembly" in trouble for trouble in troubles)


def test_no_code_reaches_the_browser_or_the_network(cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    for code in ("import jsffi", "from js import fetch", "__import__('js')", "import builtins",
                 "import sys\nsys.modules"):  # fmt: skip
        type_into(its, code)
        expect(its.locator(".run-error")).to_contain_text("ImportError", timeout=20000)


def test_what_was_typed_is_there_after_a_reload_and_runs_only_at_a_click(cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    type_into(its, "print('<b>mine</b>')")
    expect(its.locator(".run-output")).to_have_text("<b>mine</b>\n", timeout=20000)
    tab = its.page
    reload(tab)
    assert its.locator("pre").first.text_content() == "print('<b>mine</b>')\n"
    expect(its.locator(".run output")).to_have_text("Changed, not run yet")
    assert its.locator(".run-output").text_content() == "" and not its.locator("b").count()
    its.get_by_role("button", name=WORDS["en"][4]).click()
    expect(its.locator("textarea")).to_have_value("print('<b>mine</b>')")
    assert tab.locator("script[src*=micropython]").count() == 0


def test_a_spoiled_memory_and_a_hostile_address_do_nothing(cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    tab = its.page
    key = f"code-one-dimension.html-{its.locator('.run').get_attribute('data-number')}"
    for spoiled in ("{", "7", '["print(1)"]', '["print(1)", "another text"]', "[1, 2]", "null"):
        tab.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, spoiled])
        tab.goto(tab.url.partition("?")[0] + "?code=print(1)#run?code=print(1)")
        reload(tab)
        assert "trace = gd(0.2)" in its.locator("pre").first.text_content()
        assert tab.locator("script[src*=micropython]").count() == 0


def test_not_a_byte_of_the_engine_comes_before_the_first_click(tabs, html):
    with reading(tabs, html) as (visit, asked, troubles):
        tab = visit("en/chapters/one-dimension.html")
        lay_out(tab)
        at_rest(tab)
        assert any("js/run.js" in url for url in asked)
        assert not any("python" in url.rpartition("/")[2] for url in asked)
        its = tab.locator(".cell:has(.run)").filter(has_text="trace = gd(0.2)")
        for _ in range(2):
            its.get_by_role("button", name="Run").click()
            expect(its.locator(".run output")).to_have_text(WORDS["en"][1], timeout=20000)
        assert sum("micropython" in url for url in asked) == 1
        assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)
    assert troubles == []


def test_keys_alone_suffice_and_escape_leaves(cell):
    its = cell("one-dimension", "trace = gd(0.2)")
    tab = its.page
    its.get_by_role("button", name="Change").focus()
    tab.keyboard.press("Enter")
    area = its.get_by_role("textbox", name="The code, to be changed; Escape leaves it")
    expect(area).to_be_focused()
    tab.keyboard.press("Control+A")
    tab.keyboard.type("for i in range(2):\nprint(6 * 7)\n")
    assert area.input_value() == "for i in range(2):\n    print(6 * 7)\n    "
    tab.keyboard.press("Control+Enter")
    expect(its.locator(".run-output")).to_have_text("42\n42\n", timeout=20000)
    tab.keyboard.press("Escape")
    expect(its.get_by_role("button", name="Change")).to_be_focused()
    expect(area).to_be_hidden()
    assert "6 * 7" in its.locator(".cell_input pre").first.inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_typed_has_the_colors_of_code(cell, width):
    settings = {"viewport": {"width": width, "height": 800}, "has_touch": width < 400}
    its = cell("one-dimension", "trace = gd(0.2)", **settings)
    pre = its.locator(".cell_input pre").first
    place = [pre.bounding_box()[side] for side in ("x", "width", "height")]
    books = pre.inner_html()
    its.get_by_role("button", name="Change").click()
    lies_on_its_colors(its.locator("textarea"))
    if width > 400:  # nothing moves
        assert [pre.bounding_box()[side] for side in ("x", "width", "height")] == place
    its.locator("textarea").fill("for x in []:  # one\n    pass\n" * 9 + f"y = '{'long' * 40}'")
    lies_on_its_colors(its.locator("textarea"))
    assert [pre.locator(kind).count() for kind in (".c1", ".k", ".s2")] == [9, 27, 1]
    its.get_by_role("button", name="Restore").click()
    assert pre.inner_html() == books
    assert its.page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_on_a_phone_it_fits(cell):
    its = cell(
        "one-dimension",
        "trace = gd(0.2)",
        viewport={"width": 390, "height": 800},
        has_touch=True,
        is_mobile=True,
    )
    for button in its.locator(".run button:visible").all():
        assert button.bounding_box()["height"] >= 43.5
    type_into(its, "print('x' * 500)")
    expect(its.locator(".run-output")).to_have_text("x" * 500 + "\n", timeout=20000)
    assert its.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    size = its.locator("textarea").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 16  # below it, an iPhone zooms in


def test_without_a_script_and_on_paper_there_is_nothing_to_press(visit):
    tab = visit("en/chapters/one-dimension.html", java_script_enabled=False)
    assert tab.locator(".run").count() >= 3 and not tab.locator(".run button").count()
    tab = visit("en/chapters/one-dimension.html")
    tab.emulate_media(media="print")
    assert tab.locator(".run button").count() and not tab.locator(".run button:visible").count()
