"""Report each block that is left open, each ::: that closes nothing, and fences misspelt.

Markdown ends an open block without a word where the page ends, takes a stray ``:::`` for the start
of a new block, and shows full-width colons as text. Here such a line is told of before the page is
parsed, with the number that it has in the file.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

INDENT = r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*"  # of quotations and list items
FENCE = re.compile(INDENT + r"(:{3,}|~{3,}(?=[^~]*$)|`{3,}(?=[^`]*$))\s*(.*?)\s*$")
NAME = re.compile(r"\{[\w:-]+\}(\s|$)")
MISSPELT = re.compile(INDENT + r"(::\s*\{|：[:：]+|:+：)")
SPELLING = "write three colons or more and a name in braces, all half-width, as in :::{zh}"


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


def troubles(source: str) -> Iterator[tuple[int, str]]:
    """Give the line of each trouble and what to say about it."""
    still_open: list[Fence] = []
    for line, text in enumerate(source.split("\n"), start=1):
        match = FENCE.match(text)
        in_code = bool(still_open) and still_open[-1].is_code()
        if not match:
            if MISSPELT.match(text) and not in_code:
                yield line, f"“{text.strip()}” opens or closes no block; {SPELLING}"
            continue
        fence = Fence(*match.groups(), line)
        marks = fence.marks
        if in_code and not still_open[-1].ends_at(marks):
            continue
        is_cell = fence.info.startswith("{code-cell}")
        closable = [at for at, o in enumerate(still_open) if is_cell or o.ends_at(marks)]
        if fence.info:
            if marks[0] == ":" and not NAME.match(fence.info):
                yield line, f"“{text.strip()}” names no block; {SPELLING}"
            hint = f"if it is to hold that, open and close it with more than {marks}"
            for at in closable:
                outer = still_open[at]
                yield (
                    outer.line,
                    f"{outer} is not closed before {fence} on line {line}; write {outer.marks} "
                    f"between them; {'no block holds a cell' if is_cell else hint}",
                )
            del still_open[min(closable, default=len(still_open)) :]
            still_open.append(fence)
        elif closable:
            outermost = closable[0]  # as Markdown has it
            yield from map(never_closed, still_open[outermost + 1 :])
            del still_open[outermost:]
        elif marks[0] == ":":
            longer = (o for o in reversed(still_open) if not o.is_code())
            needs = (f"{outer} of line {outer.line} needs {outer.marks}" for outer in longer)
            why = next(needs, "no block is open here")
            yield (
                line,
                f"this {marks} closes nothing, for {why}; a block that holds others opens and "
                "closes with more colons than they",
            )
        else:
            still_open.append(fence)  # code in no language
    yield from map(never_closed, still_open)


def never_closed(fence: Fence) -> tuple[int, str]:
    return fence.line, f"{fence} is never closed; write {fence.marks} below its last line"
