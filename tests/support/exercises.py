"""The exercises of a chapter as its author wrote them: their parts, by name."""

import re
from typing import NamedTuple

EXERCISE = re.compile(r"^(:{5,})\{exercise\} (\S+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
PART = re.compile(r"^```\{(stub|checks|wrong|solution)\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Written(NamedTuple):
    """An exercise: its parts, and its wrong answers with what is said to them."""

    name: str
    text: str
    numeric: bool
    stub: str
    wrong: list[tuple[str, dict[str, str]]]
    checks: str
    solution: str


def exercises(text: str) -> list[Written]:
    found = []
    for _, name, body in EXERCISE.findall(text):
        parts = PART.findall(body)
        code = {kind: part.split("---\n")[0] for kind, part in parts}
        stub = code.get("stub", "").rstrip("\n")
        wrong = [part.split("\n---\n") for kind, part in parts if kind == "wrong"]
        said = [(code, dict(re.findall(r"\{(zh|en)\}`([^`]+)`", words))) for code, words in wrong]
        found.append(Written(name, body, ":answer:" in body, stub, said,
                             code.get("checks", ""), code["solution"]))  # fmt: skip
    return found
