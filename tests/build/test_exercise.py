"""Exercises that answer, as the build sees them: it runs every check before a reader does."""

import ast
import json
import re

import pytest

from press.ext.page.exercise import Failure, outcome, program
from press.ext.page.run import defines, uses
from press.new import CHAPTER
from tests.support.book import CHAPTERS, ROOT
from tests.support.exercises import exercises
from tests.support.small_book import SmallBook

STEP = "def step(x, eta):\n    return x - eta * 2 * x"
UPHILL = STEP.replace("-", "+")
PHRASES = "{zh}`上坡。` {en}`Uphill.`"
CHECKS = "assert close(step(10, 0.2), 6)\nassert step(0, 1) == 0"


def written(name="one-step", stub="def step(x, eta):\n    return x", checks=CHECKS, wrong=UPHILL,
            message=PHRASES, solution=STEP, more=""):  # fmt: skip
    return f"""
:::::{{exercise}} {name}

::::{{zh}}
走一步。
::::

::::{{en}}
Take a step.
::::

```{{stub}}
{stub}
```

```{{checks}}
{checks}
```

```{{wrong}}
{wrong}
---
{message}
```

```{{hints}}
- {{zh}}`往下。` {{en}}`Down.`
```

```{{solution}}
{solution}
---
{{zh}}`逆着坡度。` {{en}}`Against the slope.`
```
{more}:::::
"""


LINE = {
    kind: written().split("\n").index(f"```{{{kind}}}") for kind in ("stub", "wrong", "solution")
}
MISTAKES = {  # what is written, the part whose line is told, and what is said
    "a wrong solution": (
        written(solution=UPHILL, wrong="def step(x, eta):\n    return 1"),
        "solution",
        "its solution gives 14.0 for `step(10, 0.2)`, not 6; mend one of them",
    ),
    "a solution that fails": (
        written(solution="def step(x, eta):\n    return y"),
        "solution",
        "its solution or its checks fail: NameError: name 'y' is not defined; mend them",
    ),
    "a stub that passes": (
        written(stub=STEP),
        "stub",
        "its stub passes the checks; leave something to do, or check more",
    ),
    "a stub that cannot be run": (
        written(stub="step(1)"),
        "stub",
        "its stub cannot be run: NameError: name 'step' is not defined; let it be",
    ),
    "a wrong answer that passes": (
        written(wrong=STEP),
        "wrong",
        "this wrong answer passes the checks; check more, or remove it",
    ),
    "a wrong answer that fails": (
        written(wrong="def step(x, eta):\n    return 1 / 0"),
        "wrong",
        "this wrong answer fails, ZeroDivisionError: division by zero; let it give a wrong value",
    ),
    "a wrong answer twice": (
        written(more=f"```{{wrong}}\n{UPHILL.replace('2 * x', '(x + x)')}\n---\n{PHRASES}\n```\n"),
        None,
        "another wrong answer gives 14.0, too; let a check part them",
    ),
    "no Python": (
        written(solution="def step(x, eta)\n    return x"),
        "solution",
        "this is no Python, in line 1 of {solution}: expected ':'; mend it",
    ),
    "an import that a page lacks": (
        written(solution=f"import numpy\n{STEP}"),
        "solution",
        "numpy cannot be imported in a page, only math and random; write it in plain Python",
    ),
    "no text for a wrong answer": (
        written(message=""),
        "wrong",
        "{wrong} wants code, a line ---, and a text below it",
    ),
    "two stubs": (
        written(more="```{stub}\nx = 1\n```\n"),
        None,
        "it has 2 {stub}; one that asks for code has one {checks} and one {solution} and one",
    ),
}


def test_an_answer_is_run_with_its_checks():
    code, asked = program(CHECKS, {})
    assert asked == ["step(10, 0.2)", "step(0, 1)"]
    assert outcome(STEP, code) is None
    assert outcome(UPHILL, code) == Failure(0, None, "14.0", "6")
    code, _ = program(CHECKS, {0: [(3, "14.0")]})
    assert outcome(UPHILL, code) == Failure(0, 3, "14.0", "6")
    assert outcome("def step(x, eta): return 6", code) == Failure(1, None, "6", "0")
    assert outcome("raise SystemExit", code) == "SystemExit: "


@pytest.mark.parametrize(
    ("got", "want", "close"),
    [
        ("0.1 + 0.2", "0.3", True),
        ("[1, 2.0]", "(1, 2)", True),
        ("[1, 2]", "[1, 2, 3]", False),
        ("[1, [2, 3]]", "[1, [2, 3 + 1e-12]]", True),
        ("1.00000001", "1", False),
        ("None", "6", False),
        ("nan", "nan", True),
        ("inf", "inf", True),
        ("-inf", "inf", False),
        ("inf", "6", False),
        ("6", "inf", False),
        ("1e-13", "0", True),
        ("'a'", "1", False),
    ],
)
def test_close_allows_for_rounding_and_for_nothing_else(got, want, close):
    code, _ = program(f"assert close({got}, {want})", {})
    assert (outcome("", code) is None) == close


def test_what_does_not_end_is_interrupted(monkeypatch):
    monkeypatch.setattr("press.ext.page.exercise.SECONDS", 1)
    assert outcome("while True: pass", "") == "TimeoutError: it runs longer than 1 s"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return SmallBook(tmp_path_factory.mktemp("exercises") / "book")


@pytest.mark.slow
def test_mistakes_of_authors_are_told_with_file_and_line(book):
    text, expected = CHAPTER, {}
    for number, (mistake, (block, kind, said)) in enumerate(MISTAKES.items()):
        begins = text.count("\n") + 1
        text += block.replace("{exercise} one-step", f"{{exercise}} step-{number}")
        where = f"chapters/small.md:{begins + LINE[kind]}: WARNING: " if kind else ""
        expected[mistake] = f"{where}exercise step-{number}: {said}"
    text += written(name="step-0")
    expected["a name twice"] = "exercise step-0: chapters/small has one of that name; each name"
    text += "\n```{stub}\nx = 1\n```\n"
    expected["a part alone"] = "{stub} stands in no {exercise}; move it into one"
    book.chapter.write_text(text, encoding="utf-8")
    code, said = book.build()
    said = said.replace(f"{book.folder}/", "")
    assert code == 1 and "Traceback" not in said, said
    for mistake, message in expected.items():
        assert said.count(message) == 1, (mistake, message, said)


def test_page_and_notebook_of_an_exercise(book):
    book.chapter.write_text(CHAPTER + written(), encoding="utf-8")
    code, said = book.build()
    assert code == 0, said
    for lang, word in (("zh", "解答"), ("en", "Solution")):
        page = book.page(lang)
        assert 'id="exercise-one-step"' in page and f"<summary>{word}</summary>" in page
        notebook = book.folder / "_build" / "html" / lang / "chapters" / "small.ipynb"
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells]
        at = sources.index("def step(x, eta):\n    return x")
        assert cells[at]["cell_type"] == "code"
        assert "return x - eta * 2 * x" in sources[at + 1] and word in sources[at + 1]
        assert "Uphill" not in "".join(sources) and "上坡" not in "".join(sources)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_stub_changes_what_later_cells_of_its_notebook_use(chapter):
    made: set[str] = set()
    text = (ROOT / "chapters" / f"{chapter}.md").read_text("utf-8")
    for kind, code in re.findall(r"(?ms)^```\{(code-cell|stub)\}(.*?)^```$", text):
        if kind == "stub":
            made |= defines(ast.parse(code))
        elif "remove-cell" not in code:
            tree = ast.parse(re.sub(r"\A.*\n(---\n(?s:.*?)^---\n|(:.*\n)*)", "", code, flags=re.M))
            own = defines(tree)
            at_once, later = uses(tree)
            assert not made & (at_once | later) - own, chapter
            made -= own


def test_names_are_unique_and_every_chapter_has_one_the_core_two():
    index = (ROOT / "index.md").read_text("utf-8")
    core = re.findall(r"^([\w-]+)\*: ", index, re.MULTILINE)
    of = {c: exercises((ROOT / "chapters" / f"{c}.md").read_text("utf-8")) for c in CHAPTERS}
    for chapter, found in of.items():
        assert len(found) >= (2 if chapter in core else 1), chapter
        assert chapter == "history" or not all(one.numeric for one in found), chapter
        for one in found:
            assert one.wrong and "```{hints}" in one.text, one.name
    names = [one.name for found in of.values() for one in found]
    assert len(set(names)) == len(names) >= 30


SLIPS = [  # an exercise, what a newcomer writes in place of what the solution has, what is said
    ("one-dimension", "all-the-points", "- eta *", "- eta**2 *", "η comes in twice"),
    ("one-dimension", "stop-where-flat", "x, steps\n", "steps, x\n", "in the other order"),
    ("one-dimension", "stop-where-flat", "- eta *", "- eta**2 *", "η comes in twice"),
    ("many-dimensions", "both-at-once", "- eta *", "- eta**2 *", "η comes in twice"),
    ("many-dimensions", "both-at-once", "return ", "x1, x2, g1, g2 = x2, x1, g2, g1\n    return ",
     "in the other order"),
    ("many-dimensions", "both-at-once", "4 * x2", "2 * x2", "the square of x2"),
    ("many-dimensions", "checking-a-gradient", "f(up) - f(down)) / (2 * h)",
     "f(x) - f(down)) / h", "moves back only"),
    ("himmelblau", "himmelblau-gradient", "a + 2 * b, 2 * a +", "a,", "A term is missing"),
    ("adaptive", "adagrad-step", "x - eta", "x + eta", "uphill"),
    ("adaptive", "adagrad-step", ", s\n", ", s - g * g\n", "the old one"),
    ("adaptive", "adagrad-step", "- eta *", "- eta**2 *", "η comes in twice"),
    ("adaptive", "adam-step", "x - eta", "x + eta", "uphill"),
    ("before-you-begin", "slope-by-hand", "f(x + h) - f(x)", "f(x) - f(x - h)", "to the left"),
]  # fmt: skip


@pytest.mark.parametrize(("chapter", "name", "right", "slip", "words"), SLIPS)
def test_a_slip_of_newcomers_is_named(chapter, name, right, slip, words):
    text = (ROOT / "chapters" / f"{chapter}.md").read_text("utf-8")
    [its] = [one for one in exercises(text) if one.name == name]
    answer = its.solution.replace(right, slip)
    assert answer != its.solution
    known = {}
    for number, (code, _) in enumerate(its.wrong):
        failure = outcome(code, program(its.checks, {})[0])
        known.setdefault(failure.check, []).append((number, failure.got))
    failure = outcome(answer, program(its.checks, known)[0])
    assert failure.wrong is not None and words in its.wrong[failure.wrong][1]["en"]
