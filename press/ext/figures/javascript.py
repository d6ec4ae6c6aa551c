"""gdcore's formulas in a script, for the pages in which a reader tries them.

`gdcore.translate` writes the formulas; here stands what a page knows of an objective besides. What
the script looks like stands in gdcore.js.jinja.
"""

import json
import re
from collections.abc import Container, Iterable
from pathlib import Path

from jinja2 import Template
from sphinx.errors import ExtensionError

from gdcore import draw, translate
from gdcore.curvature import curvatures, example, learning_rates
from gdcore.objectives import OBJECTIVES, Objective
from gdcore.optimizers import OPTIMIZERS
from gdcore.trace import parameters
from press.ext.figures.catalogue import title

SCRIPT = Template(Path(__file__).with_name("gdcore.js.jinja").read_text(encoding="utf-8"))
LEVELS = 10  # contours of a landscape


def facts(objective: Objective, lang: str) -> dict:
    """Return what the explorer knows of an objective besides its formulas."""
    limits, start, _ = example(objective)
    minimizers = [*objective.minimizers, *objective.local_minimizers]
    curved = [in_seven_digits(curvatures(objective, x)) for x in minimizers]
    heights = draw.heights_of(objective, limits, LEVELS) if objective.dim == 2 else ()
    return {
        "title": title(objective, lang),
        "dim": objective.dim,
        "limits": limits,
        "levels": in_seven_digits(heights),
        "start": start,
        "rates": learning_rates(objective),
        "minimizers": minimizers,
        "curvatures": [both if both[0] > 0 else None for both in curved],
        "minimum": objective.minimum,
    }


def in_seven_digits(numbers: Iterable[float]) -> list[float]:
    """Round numbers, whose last digits differ from one processor to the next."""
    return [float(f"{one:.7g}") for one in numbers]


def gdcore_js(lang: str, names: Container[str] = ()) -> str:
    """Return gdcore as a script: all objectives and optimizers, or those of these names.

    With ``glsl`` or ``hess`` among the names they have their formulas in GLSL, too, or their second
    derivative.
    """
    left_out = ("levels", "rates") if names else ()  # the explorer alone begins by them

    def known(its: Objective) -> str:
        return as_json({k: v for k, v in facts(its, lang).items() if k not in left_out})

    def chosen(table: dict) -> dict:
        return {name: its for name, its in table.items() if not names or name in names}

    given = {"names": names, "objectives": chosen(OBJECTIVES), "optimizers": chosen(OPTIMIZERS)}
    given |= {"facts": known, "json": as_json, "parameters": parameters, "translate": translate}
    given["looks"] = {
        name: [draw.METHODS[name].color, draw.METHODS[name].dash] for name in OPTIMIZERS
    }
    given["basins"] = [basin.color for basin in draw.BASINS]
    try:
        return SCRIPT.render(given)
    except (TypeError, ValueError) as error:  # of gdcore.translate, for whoever writes an objective
        raise ExtensionError(str(error)) from error


def as_json(value: object) -> str:
    """Write data as JSON that may stand in a script."""
    return re.sub("</", r"<\/", json.dumps(value, ensure_ascii=False, separators=(",", ":")))
