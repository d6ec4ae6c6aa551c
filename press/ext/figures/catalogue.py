"""The catalogue of objectives: ``{catalogue}`` becomes a section for each one in gdcore's table.

The sections are written here as an author would write them, in both languages, each with a cell
that draws its figure. So they are read, run, checked and laid out like any other page.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

import numpy as np

from gdcore import OBJECTIVES, GradientDescent, Objective, descend
from gdcore.draw import latex, written

PLACE = "```{catalogue}\n```"
SECTION = """\
(objective-{label})=
## {{zh}}`{title_zh}` {{en}}`{title}`

$$
{formula}
$$

{facts}

```{{code-cell}} python
---
tags: [hide-input]
mystnb:
  figure:
    name: fig-objective-{label}
    caption: >-
      {{zh}}`从 ${start}$ 出发，$\\eta = {rate_latex}$，走 {steps} 步，到 ${end}$。`
      {{en}}`From ${start}$ with $\\eta = {rate_latex}$, {count} to ${end}$.`
  image:
    alt: >-
      {{zh}}`{title_zh}的{shape_zh}，上面是一次下降的路径，从 {begin} 走 {steps} 步到 {finish}。`
      {{en}}`{title}: {shape}, and the path of a descent from {begin}, {count} to {finish}.`
---
objective, x0 = OBJECTIVES["{name}"], {x0}
trajectory = descend(
    objective, GradientDescent({rate}), x0, max_steps={max_steps}, grad_tol={grad_tol}
)
figure, ax = plt.subplots(figsize=(4.8, {height}))
draw.landscape(objective, ax, limits={limits}, levels=8)
_ = draw.path(trajectory, ax)
```

```{{code-cell}} python
:tags: [remove-cell]
assert trajectory.steps == {steps}
descents[objective.name] = trajectory
```
"""
AROUND = 3.0  # how far beyond its minimizers an objective is drawn
START = 0.2, 0.65  # where a descent starts, in parts of the picture's width and height
MAX_STEPS, GRAD_TOL = 200, 0.01  # when it ends


def section(objective: Objective) -> str:
    """Write the section of one objective."""
    english, chinese = title(objective, "en"), title(objective, "zh")
    limits, x0, rate = example(objective)
    trajectory = descend(
        objective, GradientDescent(rate), x0, max_steps=MAX_STEPS, grad_tol=GRAD_TOL
    )
    steps, end = int(trajectory.steps), trajectory.x[-1].round(4)
    curve = objective.dim == 1
    return SECTION.format(
        name=objective.name,
        label=objective.name.replace("_", "-"),
        title=english,
        title_zh=chinese,
        formula=rf"f({', '.join(components(objective))}) = {objective.formula}",
        facts="\n".join(facts(objective)),
        shape="its curve" if curve else "its contours",
        shape_zh="曲线" if curve else "等高线",
        start=point(x0),
        end=point(end),
        begin=point(x0, written),
        finish=point(end, written),
        steps=steps,
        count="1 step" if steps == 1 else f"{steps} steps",
        x0=x0,
        rate=rate,
        rate_latex=latex(rate),
        limits=limits,
        height=3.6 if curve else round(0.6 + 4.2 * min(proportion(*limits), 1), 2),
        max_steps=MAX_STEPS,
        grad_tol=GRAD_TOL,
    )


def title(objective: Objective, lang: str) -> str:
    """Return what to call an objective in a language."""
    english = objective.title or objective.name.replace("_", " ").capitalize()
    return english if lang == "en" else objective.title_zh or f"{english} 函数"


def facts(objective: Objective) -> Iterator[str]:
    """Write what the table says of an objective, as items of a list."""
    domain = (
        rf"${x} \in [{number(low)}, {number(high)}]$"
        for x, (low, high) in zip(components(objective), objective.domain, strict=True)
    )
    yield f"- {{zh}}`定义域：` {{en}}`Domain: `{', '.join(domain)}"
    yield f"- {{zh}}`最小值点：` {{en}}`Minimizers: `{points(objective.minimizers)}"
    yield f"- {{zh}}`最小值：` {{en}}`Minimum: `${number(objective.minimum)}$"
    if objective.local_minimizers:
        local = points(objective.local_minimizers)
        yield f"- {{zh}}`局部最小值点：` {{en}}`Local minimizers: `{local}"
    yield f"- {{zh}}`出处：` {{en}}`Source: `{objective.source}"


def proportion(across: tuple[float, float], up: tuple[float, float]) -> float:
    """Return how high a plane is for its width."""
    return (up[1] - up[0]) / (across[1] - across[0])


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


def components(objective: Objective) -> list[str]:
    """Name the components of x in LaTeX."""
    return ["x"] if objective.dim == 1 else [f"x_{i + 1}" for i in range(objective.dim)]


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
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
