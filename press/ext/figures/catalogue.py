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
MAX_STEPS, GRAD_TOL = 200, 0.01  # when it ends


def section(objective: Objective) -> str:
    """Write the section of one objective, after objective.md."""
    limits, x0, rate = example(objective)
    trajectory = descend(
        objective, GradientDescent(rate), x0, max_steps=MAX_STEPS, grad_tol=GRAD_TOL
    )
    steps, curve = int(trajectory.steps), objective.dim == 1
    width, *height = (high - low for low, high in limits)
    writers = {one.__name__: one for one in (latex, number, point, points, title, written)}
    return SECTION.render(
        objective=objective,
        label=objective.name.replace("_", "-"),
        names=["x"] if curve else [f"x_{i + 1}" for i in range(objective.dim)],
        curve=curve,
        limits=list(limits),
        height=3.6 if curve else round(0.6 + 4.2 * min(height[0] / width, 1), 2),
        x0=x0,
        rate=rate,
        end=trajectory.x[-1].round(4),
        steps=steps,
        count="1 step" if steps == 1 else f"{steps} steps",
        max_steps=MAX_STEPS,
        grad_tol=GRAD_TOL,
        **writers,
    )


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
