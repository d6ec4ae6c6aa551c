"""Find the first block that is left open, ::: that closes nothing, or fence misspelt.

Markdown ends an open block without a word where the page ends, takes a stray ``:::`` for the start
of a new block, and shows full-width colons as text. Here such a line is told of before the page is
parsed, with the number that it has in the file.
"""

import re
from typing import NamedTuple

INDENT = r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*"  # of quotations and list items
FENCE = re.compile(INDENT + r"(:{3,}|~{3,}(?=[^~]*$)|`{3,}(?=[^`]*$))\s*(.*?)\s*$")
NAME = re.compile(r"\{[\w:-]+\}(\s|$)")
MISSPELT = re.compile(INDENT + r"(::\s*\{|：[:：]+|:+：)")
SPELLING = "write three colons or more and a name in braces, all half-width, as in :::{zh}"


class Trouble(Exception):
    """Where a file cannot be read, and why."""

    def __init__(self, line: int, said: str) -> None:
        self.line, self.said = line, said


class Fence(NamedTuple):
    """An opening fence: what it is made of, what follows, and on which line."""

    marks: str
    info: str
    line: int

    def __str__(self) -> str:
        return self.marks + self.info.split(" ")[0]

    def ends_at(self, marks: str) -> bool:
        """Whether these marks, were they alone on a line, would close it."""
        return marks[0] == self.marks[0] and len(marks) >= len(self.marks)

    def is_code(self) -> bool:
        """Whether its content is shown as it is, so that other fences in it mean nothing."""
        return self.marks[0] != ":" and not self.info.startswith("{")


def check(source: str) -> None:
    """Raise the first trouble: its line, and what to say about it."""
    still_open: list[Fence] = []
    for line, text in enumerate(source.split("\n"), start=1):
        match = FENCE.match(text)
        in_code = bool(still_open) and still_open[-1].is_code()
        if not match:
            if MISSPELT.match(text) and not in_code:
                raise Trouble(line, f"“{text.strip()}” opens or closes no block; {SPELLING}")
            continue
        fence = Fence(*match.groups(), line)
        marks = fence.marks
        if in_code and not still_open[-1].ends_at(marks):
            continue
        is_cell = fence.info.startswith("{code-cell}")
        closable = [outer for outer in still_open if is_cell or outer.ends_at(marks)]
        if fence.info and marks[0] == ":" and not NAME.match(fence.info):
            raise Trouble(line, f"“{text.strip()}” names no block; {SPELLING}")
        if fence.info and closable:
            outer = closable[0]
            said = f"{outer} is not closed before {fence} on line {line}; write {outer.marks} "
            hint = f"if it is to hold that, open and close it with more than {marks}"
            hint = "no block holds a cell" if is_cell else hint
            raise Trouble(outer.line, f"{said}between them; {hint}")
        if closable and closable[0] is still_open[-1]:
            still_open.pop()
        elif closable:  # the outermost, as Markdown has it
            raise never_closed(still_open[still_open.index(closable[0]) + 1])
        elif fence.info or marks[0] != ":":  # without a name, it is code in no language
            still_open.append(fence)
        else:
            longer = (o for o in reversed(still_open) if not o.is_code())
            needs = (f"{outer} of line {outer.line} needs {outer.marks}" for outer in longer)
            said = f"this {marks} closes nothing, for {next(needs, 'no block is open here')}; "
            more = "a block that holds others opens and closes with more colons than they"
            raise Trouble(line, said + more)
    if still_open:
        raise never_closed(still_open[-1])


def never_closed(fence: Fence) -> Trouble:
    return Trouble(fence.line, f"{fence} is never closed; write {fence.marks} below its last line")
