"""The catalogue of objectives: ``{catalogue}`` becomes a section for each one in gdcore's table.

The sections are written by objective.md as an author would write them, in both languages, each with
a cell that draws its figure. So they are read, run, checked and laid out like any other page.
"""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import numpy as np
from jinja2 import Template

from gdcore import OBJECTIVES, GradientDescent, Objective, descend
from gdcore.draw import latex, written

PLACE = "```{catalogue}\n```"
SECTION = Template(
    Path(__file__).with_name("objective.md").read_text(encoding="utf-8"), keep_trailing_newline=True
)
AROUND = 3.0  # how far beyond its minimizers an objective is drawn
START = 0.2, 0.65  # where a descent starts, in parts of the picture's width and height
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
        limits=limits,
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


@cache
def example(objective: Objective) -> tuple[list[tuple[float, float]], tuple[float, ...], float]:
    """Return limits of a picture, a start and a learning rate: one rule for all objectives.

    The learning rate is 1 / 2L, and at most 1. L is the greatest curvature in those parts of the
    picture that are no higher than the start: the greatest magnitude of an eigenvalue of the
    Hessian, taken by differences of the gradient from point to point of a mesh.
    """
    known = zip(*objective.minimizers, *objective.local_minimizers, strict=True)
    limits = [
        (round(max(low, min(x) - AROUND), 2), round(min(high, max(x) + AROUND), 2))
        for (low, high), x in zip(objective.domain, known, strict=True)
    ]
    parts = zip(limits, START, strict=False)
    x0 = tuple(round(low + part * (high - low), 2) for (low, high), part in parts)

    axes = [np.linspace(low, high, 81) for low, high in limits]
    mesh = np.array(np.meshgrid(*axes, indexing="ij"))
    hessian = np.array([np.gradient(g, *axes) for g in objective.grad(mesh)])
    hessian = np.moveaxis(hessian.reshape(objective.dim, *mesh.shape), (0, 1), (-2, -1))
    curvature = np.abs(np.linalg.eigvalsh((hessian + hessian.swapaxes(-1, -2)) / 2)).max(axis=-1)
    f = objective.value(mesh)
    greatest = curvature[f <= max(objective(x0), f.min())].max()
    return limits, x0, float(f"{1 / max(2 * greatest, 1):.2g}")


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
