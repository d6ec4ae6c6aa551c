"""Find the first block that is left open, ::: that closes nothing, or fence misspelt.

Markdown ends an open block without a word where what holds it ends, takes a stray ``:::`` for the
start of a new block, and shows full-width colons as text. Here such a line is told of before the
page is read, with the number that it has in the file. What a block holds is Markdown again.
"""

import re
from functools import cache

NAME = re.compile(r"\{[\w:-]+\}(\s|$)")
MISSPELT = re.compile(r"\s*(::\s*\{|：[:：]+|:+：)")
SPELLING = "write three colons or more and a name in braces, all half-width, as in :::{zh}"


class Trouble(Exception):
    """Where a file cannot be read, and why."""

    def __init__(self, line: int, said: str) -> None:
        self.line, self.said = line, said


@cache
def syntax():
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    known = MdParserConfig(enable_extensions={"colon_fence", "dollarmath"})
    return create_md_parser(known, RendererHTML).disable("inline")


def check(text: str, first: int = 1, around: tuple[tuple[int, str, str], ...] = ()) -> list:
    """Return the blocks of a text, as Markdown knows them, or raise the first trouble.

    The text begins on this line, within some blocks. Of each block around it: on which line it
    opens, by which marks, and the marks with its name. What stands in paragraphs is not read.
    """
    lines, blocks = text.split("\n"), syntax().parse(text)
    for block in blocks:
        line = first + (block.map or [0])[0]
        if block.type == "inline":
            for number, said in enumerate(block.content.split("\n"), line):
                if MISSPELT.match(said):
                    raise Trouble(number, f"“{said.strip()}” opens or closes no block; {SPELLING}")
        elif block.type in ("fence", "colon_fence"):
            marks, info = block.markup, block.info.strip()
            fence = line, marks, marks + info.split(" ")[0]
            check_opening(fence, info, around)
            if info.startswith("{"):
                check(block.content, line + 1, (*around, fence))
            end = re.fullmatch(rf"[\s>]*{marks}{marks[0]}*\s*", lines[block.map[1] - 1])
            if not end or block.map[1] - block.map[0] == 1:
                said = f"{fence[2]} is never closed; write {marks} below its last line"
                raise Trouble(line, said)
    return blocks


def check_opening(fence: tuple[int, str, str], info: str, around: tuple) -> None:
    """Raise why what looks like the first line of a block, with this after its marks, is none."""
    line, marks, name = fence
    if marks[0] == ":" and info and not NAME.match(info):
        raise Trouble(line, f"“{marks}{info}” names no block; {SPELLING}")
    if marks[0] == ":" and not info:
        needs = [
            f"{its} of line {its_line} needs {its_marks}" for its_line, its_marks, its in around
        ]
        said = f"this {marks} closes nothing, for {(needs or ['no block is open here'])[-1]}; "
        said += "a block that holds others opens and closes with more colons than they"
        raise Trouble(line, said)
    is_cell = name.endswith("{code-cell}")
    for its_line, its_marks, its in around:
        if info and (is_cell or marks.startswith(its_marks)):
            said = f"{its} is not closed before {name} on line {line}; write {its_marks} between "
            hint = f"if it is to hold that, open and close it with more than {marks}"
            raise Trouble(its_line, f"{said}them; {'no block holds a cell' if is_cell else hint}")
