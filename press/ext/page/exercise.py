"""Exercises that answer: ``{exercise}``. The reader writes Python, or a number, and is told.

An exercise has a name, a text in both languages, something to begin with, checks, wrong answers
with what to say to them, hints and a solution::

    :::::{exercise} one-step

    ::::{zh}
    **练习 2（易）** 写出梯度下降的一步。
    ::::

    ::::{en}
    **Exercise 2 (easy).** Write one step of gradient descent.
    ::::

    ```{stub}
    def step(x, slope, eta):
        return x
    ```

    ```{checks}
    assert close(step(10, 20, 0.2), 6)
    ```

    ```{wrong}
    def step(x, slope, eta):
        return x + eta * slope
    ---
    {zh}`这是上坡。` {en}`That is uphill.`
    ```

    ```{hints}
    - {zh}`往哪边走？` {en}`Which way?`
    ```

    ```{solution}
    def step(x, slope, eta):
        return x - eta * slope
    ---
    {zh}`逆着坡度走。` {en}`Go against the slope.`
    ```
    :::::

A check is an `assert`: of ``close(what the reader computes, what it should be)``, which allows for
rounding and knows lists; of ``… == …``, to the last digit; or of anything else that should hold.
The build runs the checks: the solution must pass them and the stub must not; what a wrong answer
gives instead at its first failing check is the sign by which the page knows the reader's.
All of it is plain Python, with `math` and `random` alone, for MicroPython runs it in the page.

With `:answer:`, the key of a glued value, and `:within:` it asks for a number: it has no stub and
no checks, a wrong answer is a number, and the solution is a text alone. `_static/js/exercise.js`
does what the reader sees; without it, text, stub, hints and solution stand below each other.
"""

import ast
import io
import signal
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from press.ext.figures.javascript import as_json
from press.ext.page.predict import SPLIT, Value, tolerance
from press.ext.page.run import MODULES, imports

logger = logging.getLogger(__name__)

WORDS = {"zh": ("提示 {}", "解答"), "en": ("Hint {}", "Solution")}
SECONDS = 5  # that an answer may take, as in the page
# What stands before the checks. It speaks to the page through the message of its AssertionError.
CHECK = """\
inf, nan = float("inf"), float("nan")
def close(a, b):
    if isinstance(b, (list, tuple)):
        return (isinstance(a, (list, tuple)) and len(a) == len(b)
                and all(close(u, v) for u, v in zip(a, b)))
    if not (isinstance(a, (int, float)) and isinstance(b, (int, float))):
        return a == b
    return a == b or (a != a and b != b) or abs(a - b) <= 1e-9 * abs(b) + 1e-12 < inf
def _check(number, got, want, same, wrong):
    if same(got, want):
        return
    known = [n for n, value in wrong if close(got, value)]
    said = [str(number), str(known[0]) if known else "", repr(got), repr(want)]
    raise AssertionError("\\t".join(said))
"""


# An answer and its checks -------------------------------------------------------------------------


@dataclass(frozen=True)
class Failure:
    """Where an answer fails: the number of the check, of the wrong answer it is, and the values."""

    check: int
    wrong: int | None
    got: str
    want: str


class Checks(ast.NodeTransformer):
    """Make a call of `_check` of each assert; note what each asks for, as the reader sees it."""

    def __init__(self, wrong: dict[int, list[tuple[int, str]]]) -> None:
        self.wrong, self.asked = wrong, []

    def visit_Assert(self, node: ast.Assert) -> ast.Expr:
        match node.test:
            case ast.Call(func=ast.Name(id="close"), args=[got, want]):
                same = "close"
            case ast.Compare(left=got, ops=[ast.Eq()], comparators=[want]):
                same = "lambda a, b: a == b"
            case got:
                same, want = "lambda a, b: bool(a)", ast.Constant(True)
        number = len(self.asked)
        self.asked.append(ast.unparse(got))
        known = ", ".join(f"({n}, {value})" for n, value in self.wrong.get(number, ()))
        arguments = f"{number}, {ast.unparse(got)}, {ast.unparse(want)}, {same}, [{known}]"
        return ast.parse(f"_check({arguments})").body[0]


def program(checks: str, wrong: dict[int, list[tuple[int, str]]]) -> tuple[str, list[str]]:
    """Return the code that runs behind an answer, and what each of its checks computes."""
    transformer = Checks(wrong)
    tree = transformer.visit(ast.parse(checks))
    return CHECK + ast.unparse(tree), transformer.asked


def named(code: str) -> dict[str, str]:
    """Return what a code defines, by its names: functions and values, as they are written."""
    found = {}
    for statement in ast.parse(code).body:
        match statement:
            case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = ast.unparse(statement)
    return found


@contextmanager
def limited() -> Iterator[None]:
    """Interrupt what runs too long."""

    def stop(*_):
        raise TimeoutError(f"it runs longer than {SECONDS} s")

    if not hasattr(signal, "SIGALRM"):  # on Windows
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def outcome(answer: str, checks: str) -> Failure | str | None:
    """Run an answer and its checks: return where it fails, or what it raised; nothing if right."""
    space = {"__name__": "exercise"}
    try:
        with limited(), redirect_stdout(io.StringIO()):  # what it prints is not for the build
            exec(compile(answer, "answer", "exec"), space)
            exec(compile(checks, "checks", "exec"), space)
    except AssertionError as error:
        said = str(error).split("\t")
        if len(said) != 4:
            return f"AssertionError: {error}"
        return Failure(int(said[0]), int(said[1]) if said[1] else None, *said[2:])
    except (Exception, SystemExit) as error:
        return f"{type(error).__name__}: {error}"
    return None


# The directives -----------------------------------------------------------------------------------


class Exercise(nodes.General, nodes.Element):
    """A text, and what belongs to it."""


class Part(nodes.General, nodes.Element):
    """A part of an exercise: of a kind, with code and a text, either of which may be absent."""


class Hint(nodes.General, nodes.Element):
    """A hint, which a reader opens."""


class Solution(nodes.General, nodes.Element):
    """The solution, which a reader opens."""


class Wrong(nodes.General, nodes.Element):
    """What is said to a wrong answer."""


def python(code: str, kind: str) -> nodes.literal_block:
    return nodes.literal_block(code, code, language="python", classes=[f"exercise-{kind}"])


class PartDirective(SphinxDirective):
    """``{stub}``, ``{checks}``, ``{wrong}``, ``{hints}`` or ``{solution}``."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        if not self.env.temp_data.get("exercise"):
            raise self.error(f"{{{self.name}}} stands in no {{exercise}}; move it into one")
        lines = list(self.content)
        ends = {"stub": len(lines), "checks": len(lines), "hints": -1}
        split = ends.get(self.name, lines.index(SPLIT) if SPLIT in lines else -1)
        part = Part(kind=self.name, code="\n".join(lines[: max(split, 0)]).strip("\n"))
        self.set_source_info(part)
        if split < len(lines):
            offset = self.content_offset + split + 1
            self.state.nested_parse(self.content[split + 1 :], offset, part)
        return [part]


class ExerciseDirective(SphinxDirective):
    required_arguments = 1
    option_spec: ClassVar = {"answer": directives.unchanged_required, "within": tolerance}
    has_content = True

    def run(self) -> list[nodes.Node]:
        [self.label] = self.arguments
        exercise = Exercise(ids=[f"exercise-{self.label}"])
        self.set_source_info(exercise)
        self.env.temp_data["exercise"] = True
        self.state.nested_parse(self.content, self.content_offset, exercise)
        self.env.temp_data["exercise"] = False
        self.parts = {kind: [] for kind in ("stub", "checks", "wrong", "hints", "solution")}
        for part in [child for child in exercise if isinstance(child, Part)]:
            self.parts[part["kind"]].append(part)
            exercise.remove(part)
        numeric = "answer" in self.options
        good = self.is_unique() and self.is_complete(numeric)
        if good and (numeric or self.is_plain()):
            exercise["data"] = self.number() if numeric else self.checked()
            self.show(exercise)
        self.env.metadata[self.env.docname].setdefault("exercises", []).append(self.label)
        return [exercise]

    def warn(self, said: str, part: Part | None = None) -> None:
        at = (self.env.docname, part.line if part else self.lineno)
        logger.warning(f"exercise {self.label}: {said}", location=at, type="exercise")

    def is_unique(self) -> bool:
        """Whether no other exercise has the name, under which the reader's answer is kept."""
        pages = self.env.metadata.items()
        others = [page for page, data in pages if self.label in data.get("exercises", ())]
        if others:
            self.warn(f"{others[0]} has one of that name; each name stands once in the book")
        return not others

    def is_complete(self, numeric: bool) -> bool:
        once = {"solution"} if numeric else {"stub", "checks", "solution"}
        none = {"stub", "checks"} if numeric else set()
        for kind, parts in self.parts.items():
            if (kind in once and len(parts) != 1) or (kind in none and parts):
                asked = " and ".join(f"one {{{kind}}}" for kind in sorted(once))
                what = "a number" if numeric else "code"
                self.warn(f"it has {len(parts)} {{{kind}}}; one that asks for {what} has {asked}")
                return False
        for part in (*self.parts["wrong"], *self.parts["solution"]):
            if not part.children or not (part["code"] or (numeric and part["kind"] == "solution")):
                self.warn(f"{{{part['kind']}}} wants code, a line ---, and a text below it", part)
                return False
        return True

    def is_plain(self) -> bool:
        """Whether all code is Python, and imports nothing that a page lacks."""
        for part in (part for parts in self.parts.values() for part in parts if part["code"]):
            try:
                others = imports(ast.parse(part["code"])) - MODULES
            except SyntaxError as error:
                where = f"in line {error.lineno} of {{{part['kind']}}}"
                self.warn(f"this is no Python, {where}: {error.msg}; mend it", part)
                return False
            if others:
                named = ", ".join(sorted(others))
                said = f"{named} cannot be imported in a page, only math and random"
                self.warn(f"{said}; write it in plain Python", part)
                return False
        return True

    def checked(self) -> str:
        """Run the checks against solution, stub and each wrong answer; return their data."""
        [stub], [checks], [solution] = (self.parts[k] for k in ("stub", "checks", "solution"))
        code, asked = program(checks["code"], {})
        match outcome(solution["code"], code):
            case Failure() as failure:
                said = f"gives {failure.got} for `{asked[failure.check]}`, not {failure.want}"
                self.warn(f"its solution {said}; mend one of them", solution)
            case str() as raised:
                self.warn(f"its solution or its checks fail: {raised}; mend them", solution)
        if raised := outcome(stub["code"], ""):
            self.warn(f"its stub cannot be run: {raised}; let it be a beginning that runs", stub)
        elif outcome(stub["code"], code) is None:
            self.warn("its stub passes the checks; leave something to do, or check more", stub)
        known: dict[int, list[tuple[int, str]]] = {}
        for number, part in enumerate(self.parts["wrong"]):
            self.know(number, part, checks["code"], known)
        code, asked = program(checks["code"], known)
        own = {**named(stub["code"]), **named(solution["code"])}  # which the reader has
        given = [pair for pair in named(checks["code"]).items() if pair[0] not in own]
        return as_json({"program": code, "asked": asked, "given": given})

    def know(self, number: int, part: Part, checks: str, known: dict) -> None:
        """Note by what value, at which check, a wrong answer is known."""
        match outcome(part["code"], program(checks, known)[0]):
            case None:
                self.warn("this wrong answer passes the checks; check more, or remove it", part)
            case str() as raised:
                self.warn(f"this wrong answer fails, {raised}; let it give a wrong value", part)
            case Failure(wrong=None, got=got) if got.startswith("<"):
                self.warn(f"this wrong answer gives {got}; let it give numbers", part)
            case Failure(check=check, wrong=None, got=got):
                known.setdefault(check, []).append((number, got))
            case Failure(got=got):
                self.warn(f"another wrong answer gives {got}, too; let a check part them", part)

    def number(self) -> str:
        """Return the data of an exercise that asks for a number."""
        wrong = []
        for part in self.parts["wrong"]:
            try:
                wrong.append(float(part["code"]))
            except ValueError:
                self.warn(f"{part['code']!r} is no number; write the wrong answer as one", part)
        return as_json({"within": self.options.get("within", 0), "wrong": wrong})

    def show(self, exercise: Exercise) -> None:
        """Put the parts in their order: stub, what is said to wrong answers, hints, solution."""
        if "answer" not in self.options:
            exercise += python(self.parts["stub"][0]["code"], "stub")
        exercise += [Wrong("", *part[0].children) for part in self.parts["wrong"]]
        lists = [part.next_node(nodes.bullet_list) for part in self.parts["hints"]]
        hints = [item for listed in lists if listed for item in listed]
        exercise += [Hint("", *item.children, number=n) for n, item in enumerate(hints, 1)]
        [part] = self.parts["solution"]
        solution = Solution()
        if "answer" in self.options:
            value, _ = self.parse_inline(f"{{glue:text}}`{self.options['answer']}`")
            solution += Value("", *value, told=True)
        else:
            solution += python(part["code"], "solution")
        solution += part.children
        exercise += solution


# HTML ---------------------------------------------------------------------------------------------


def visit_exercise(self, node: Exercise) -> None:
    data = {"data-checks": node["data"]} if "data" in node else {}
    self.body.append(self.starttag(node, "div", CLASS="exercise", **data))


def depart_exercise(self, node: Exercise) -> None:
    self.body.append("</div>\n")


def visit_opened(self, node: Hint | Solution) -> None:
    hint, solution = WORDS[self.config.bilingual_language]
    word = hint.format(node["number"]) if isinstance(node, Hint) else solution
    kind = type(node).__name__.lower()
    self.body.append(f'<details class="disclosure {kind}"><summary>{word}</summary>\n')


def depart_opened(self, node: Hint | Solution) -> None:
    self.body.append("</details>\n")


def visit_wrong(self, node: Wrong) -> None:
    self.body.append('<div class="exercise-wrong" hidden="hidden">')


def depart_wrong(self, node: Wrong) -> None:
    self.body.append("</div>\n")


def setup(app):
    app.add_directive("exercise", ExerciseDirective)
    for kind in ("stub", "checks", "wrong", "hints", "solution"):
        app.add_directive(kind, PartDirective)
    app.add_node(Exercise, html=(visit_exercise, depart_exercise))
    app.add_node(Hint, html=(visit_opened, depart_opened))
    app.add_node(Solution, html=(visit_opened, depart_opened))
    app.add_node(Wrong, html=(visit_wrong, depart_wrong))
