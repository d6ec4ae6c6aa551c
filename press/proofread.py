"""Read what authors write before anything runs, and say what cannot be built, where, and why.

A file that is not UTF-8, a header that is not YAML, a block that is never closed: each would lead
to dozens of errors further on. Here each is one message, and the build ends with it.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from press import fences
from press.fences import Trouble

TAGS = [f"{verb}-{part}" for verb in ("hide", "remove") for part in ("cell", "input", "output")]
YAML = 'write “key: value”, indent with spaces, and put "…" around a text that has a colon '
YAML += "or begins with a brace"
TITLE = "begin a page with (some-label)= and, below it, # {zh}`…` {en}`…`"
CELL = "{code-cell}"
ABOVE = {"front_matter", "myst_target", "myst_line_comment"}  # what may stand above a title


def troubles(files: list[Path]) -> Iterator[tuple[Path, int, str]]:
    """Yield what is wrong in each file: the file, the line, and what to say about it.

    A file has at most one trouble here, for what follows the first may be a consequence.
    """
    for file in files:
        try:
            text = decoded(file.read_bytes())
            CHECKS[file.suffix](text)
        except Trouble as trouble:
            yield file, trouble.line, trouble.said


def decoded(content: bytes) -> str:
    """Return the text of a file, without the mark that some editors put before it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, byte = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        said = f"byte {byte} of this line, {content[error.start]:#04x}, is not UTF-8"
        raise Trouble(line, f"{said}; save the file as UTF-8") from None
    return re.sub(r"\r\n?", "\n", text)


# Pages --------------------------------------------------------------------------------------------


def check_page(text: str) -> None:
    """Raise what is wrong with a page as a whole."""
    tokens = fences.check(text)
    if tokens and tokens[0].type == "front_matter":
        mapping(tokens[0].content, 2, "the front matter")
    elif re.match(r"---\s*\n", text):
        raise Trouble(1, "the front matter is never closed; write --- below its last line")
    cells = [t for t in tokens if t.type == "fence" and not t.level and t.info.startswith(CELL)]
    for number, token in enumerate(cells, start=1):
        check_cell(number, token)
    check_title(tokens)


def mapping(text: str, line: int, what: str) -> dict:
    """Return what some YAML says, whose first line is this one of the file."""
    import yaml

    try:
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark and mark.line > text.rstrip().count("\n"):  # at the end, something is still open
            mark = error.context_mark or mark
        at = f", column {mark.column + 1}" if mark else ""
        said = f"{what} is no YAML here{at}: {getattr(error, 'problem', error)}; {YAML}"
        raise Trouble(line + (mark.line if mark else 0), said) from None
    if not isinstance(found, dict):
        raise Trouble(line, f"{what} is a {type(found).__name__}; write “key: value” on each line")
    return found


def check_title(tokens: list) -> None:
    """Raise what a page has above its title, or a second title, or none."""
    titles = [t.map[0] + 1 for t in tokens if t.type == "heading_open" and t.tag == "h1"]
    if not titles:
        raise Trouble(1, f"this page has no title; {TITLE}")
    if titles[1:]:
        raise Trouble(titles[1], f"the title is on line {titles[0]}; begin what is below with ##")
    other = (t for t in tokens if t.type not in ABOVE and not t.content.startswith("<!--"))
    first = next(other).map[0] + 1
    if first < titles[0]:
        raise Trouble(first, f"this stands above the page's title; {TITLE}")


# Cells --------------------------------------------------------------------------------------------


def check_cell(number: int, token) -> None:
    """Raise what is wrong with a cell's header."""
    line, what = token.map[0] + 1, f"cell {number}"
    header = header_of(token.content, line, what)
    for key in header:
        misspelt(line, f"{what} has the option", str(key), ["tags", "mystnb"])
    tags = header.get("tags") or []
    if not isinstance(tags, list):
        raise Trouble(line, f"the tags of {what} are {tags!r}; write a list: [{tags}]")
    for tag in tags:
        misspelt(line, f"{what} has the tag", str(tag), TAGS)
    check_figure(header.get("mystnb") or {}, line, what)


def header_of(content: str, line: int, what: str) -> dict:
    """Return the options of a cell, which stand between --- and ---, or as :key: value."""
    if re.match(r"---\s*\n", content):
        _, header, *rest = re.split(r"^---[^\n]*\n?", content, maxsplit=2, flags=re.MULTILINE)
        if not rest:
            raise Trouble(line + 1, f"the header of {what} is never closed; write --- below it")
        return mapping(header, line + 2, f"the header of {what}")
    options = re.match(r"(:[^\n]*\n?)*", content)[0]
    return mapping(re.sub("^:", "", options, flags=re.MULTILINE), line + 1, f"the header of {what}")


def misspelt(line: int, what: str, name: str, known: list[str]) -> None:
    meant = [] if name in known else get_close_matches(name, known, n=1)
    if meant:
        raise Trouble(line, f"{what} “{name}”, which means nothing here; write {meant[0]}")


def check_figure(metadata: dict, line: int, what: str) -> None:
    """Raise what a cell that draws does not say of its figure."""
    from press.ext.language.bilingual import ALT

    if not isinstance(metadata, dict):
        raise Trouble(line, f"mystnb: of {what} is {metadata!r}; write figure: and image: below it")
    figure, image = metadata.get("figure") or {}, metadata.get("image") or {}
    if not metadata.keys() & {"figure", "image"}:
        return
    said = {"name": figure.get("name"), "caption": figure.get("caption"), "alt": image.get("alt")}
    missing = [name for name, text in said.items() if not text]
    if missing:
        raise Trouble(line, f"the figure of {what} has no {' and no '.join(missing)}; {FIGURE}")
    if not ALT.fullmatch(str(said["alt"]).strip()):
        raise Trouble(line, f"the alt text of {what} is not in both languages; {FIGURE}")


FIGURE = "write in its header mystnb: figure: name: …, caption: …, and image: alt: "
FIGURE += '"{zh}`…` {en}`…`", as CONTRIBUTING.md shows'


# The bibliography ---------------------------------------------------------------------------------


ENTRY = "an entry is @kind{key, name = {…}, name = {…}}, so look for a comma or a brace missing "
ENTRY += "here or just above"


def check_bibliography(text: str) -> None:
    from pybtex.database import BibliographyDataError
    from pybtex.database.input.bibtex import Parser
    from pybtex.scanner import PybtexSyntaxError

    try:
        Parser().parse_string(text)
    except PybtexSyntaxError as error:
        said = f"the bibliography cannot be read here: {error.args[0]}; {ENTRY}"
        raise Trouble(error.lineno, said) from None
    except BibliographyDataError as error:
        key = str(error).rpartition(": ")[2]
        entries = list(re.finditer(rf"^@\w+\{{{re.escape(key)},", text, re.MULTILINE))
        line = text.count("\n", 0, entries[-1].start()) + 1 if entries else 1
        raise Trouble(line, f"{error}; write each key only once") from None


CHECKS = {".md": check_page, ".bib": check_bibliography}

# What Sphinx says ---------------------------------------------------------------------------------

ADVICE = {  # by what stands in the warning
    "Duplicate explicit target name": "each label, and each name of a figure, stands only once",
    "Too many autonumbered footnote references": "write the footnote, too: [^name]: …",
    "Unknown target name": "write a footnote or a label of that name",
    "duplicate label of equation": "give each equation a label of its own",
    "exactly one table expected": "write the table between the two lines, as |a|b| and |-|-|",
    "[bibtex.key_not_found]": "write a key of references.bib, or add the work there",
    "[image.not_readable]": "put the file there, or mend its path from the page's folder",
    "[katex]": "mend the formula",
    "[myst.directive_unknown]": "mend its name; CONTRIBUTING.md and MyST's manual list the others",
    "[myst.header]": "begin it with one # more than the heading above it",
    "[myst.role_unknown]": "mend its name; CONTRIBUTING.md and MyST's manual list the others",
    "[myst.xref_missing]": "write a label, or the path of a page from the page's folder",
    "[mystnb.glue]": 'a cell of this page has to say glue("name", value), and the text '
    "{glue:text}`name:format`",
    "[mystnb.nbcell]": "let the cell begin at the margin, in no list, and write ```{code-cell}",
    "[ref.doc]": "write the path of a page from the page's folder, without .md",
    "[ref.eq]": "write the label that stands behind an equation: $$ (label)",
    "[ref.footnote]": "write [^name] where the footnote is meant, or remove it",
    "[ref.numref]": "write a label that stands before a heading, or the name of a figure",
    "[ref.ref]": "write a label that stands before a heading, or the name of a figure",
    "[ref.term]": "write a word of glossary.md, or add the entry there",
    "[toc.not_included]": "name it in the {toctree} of index.md",
    "[toc.not_readable]": "mend the name, or write that page",
}


def with_advice(line: str) -> str:
    """Return a warning of Sphinx with a line, and with what to do about it."""
    line = re.sub(r"(\.md):{0,2} (?=(WARNING|ERROR): )", r"\1:1: ", line)
    said, kind = re.fullmatch(r"(.*?)\.?((?: \[[\w.]+\])*)", line).groups()
    advice = next((advice for sign, advice in ADVICE.items() if sign in line), None)
    return f"{said}; {advice}{kind}" if advice else line
