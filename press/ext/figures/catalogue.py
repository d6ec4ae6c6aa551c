"""The catalogue of objectives: ``{catalogue}`` becomes a section for each one in gdcore's table.

The sections are written by objective.md as an author would write them, in both languages, each with
a cell that draws its figure. So they are read, run, checked and laid out like any other page.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from jinja2 import Template

from gdcore import OBJECTIVES, GradientDescent, Objective, descend
from gdcore.curvature import example
from gdcore.draw import latex, written

PLACE = "```{catalogue}\n```"
SECTION = Template(
    Path(__file__).with_name("objective.md").read_text(encoding="utf-8"), keep_trailing_newline=True
)
ENDING = {"max_steps": 200, "grad_tol": 0.01}  # when a descent ends


def section(objective: Objective) -> str:
    """Write the section of one objective, after objective.md."""
    limits, x0, rate = example(objective)
    trajectory = descend(objective, GradientDescent(rate), x0, **ENDING)
    given = {"objective": objective, "limits": list(limits), "x0": x0, "rate": rate, **ENDING}
    given |= {"steps": int(trajectory.steps), "end": trajectory.x[-1].round(4)}
    given |= {one.__name__: one for one in (latex, number, point, points, title, written)}
    return SECTION.render(given)


def title(objective: Objective, lang: str) -> str:
    """Return what to call an objective in a language."""
    english = objective.title or objective.name.replace("_", " ").capitalize()
    return english if lang == "en" else objective.title_zh or f"{english} 函数"


def number(value: float, write: Callable[[float, int], str] = latex) -> str:
    """Write a number that the table gives, in six digits; nearly nothing is 0."""
    return write(round(float(value), 12), 6)


def point(x: Iterable[float], write: Callable[[float, int], str] = latex) -> str:
    """Write a point: (x_1, x_2), or the bare number where there is one component."""
    parts = [number(value, write) for value in x]
    return f"({', '.join(parts)})" if len(parts) > 1 else parts[0]


def points(xs: tuple[tuple[float, ...], ...]) -> str:
    """Write points as formulas in a row."""
    return ", ".join(f"${point(x)}$" for x in xs)


def expanded(source: str) -> str:
    """Return a page's source, with the sections where it asks for them."""
    if PLACE not in source:
        return source
    return source.replace(PLACE, "\n".join(map(section, OBJECTIVES.values())))


def expand(app, docname: str, source: list[str]) -> None:
    source[0] = expanded(source[0])


def setup(app):
    app.connect("source-read", expand)
