"""gdcore's formulas in a script, for the pages in which a reader tries them.

`gdcore.translate` writes the formulas; here stands what a page knows of an objective besides. What
the script looks like stands in gdcore.js.jinja.
"""

import json
import re
from collections.abc import Container
from functools import cache
from pathlib import Path

from jinja2 import Template
from matplotlib.figure import Figure
from sphinx.errors import ExtensionError

from gdcore import translate
from gdcore.curvature import curvatures, example, learning_rates
from gdcore.draw import BASINS, METHODS, landscape
from gdcore.objectives import OBJECTIVES, Objective
from gdcore.optimizers import OPTIMIZERS
from gdcore.trace import parameters
from press.ext.figures.catalogue import title

SCRIPT = Template(Path(__file__).with_name("gdcore.js.jinja").read_text(encoding="utf-8"))
LEVELS = 10  # contours of a landscape


@cache
def contours(objective: Objective) -> list[float]:
    """Return the levels at which gdcore draws an objective's contours in its picture."""
    if objective.dim == 1:
        return []
    [lines] = landscape(objective, Figure().subplots(), example(objective)[0], levels=LEVELS)
    return [float(f"{level:.7g}") for level in lines.levels]


def facts(objective: Objective, lang: str) -> dict:
    """Return what the explorer knows of an objective besides its formulas."""
    limits, start, _ = example(objective)
    minimizers = [*objective.minimizers, *objective.local_minimizers]
    # Seven digits, for the last ones differ from one processor to the next.
    curved = [[float(f"{one:.7g}") for one in curvatures(objective, x)] for x in minimizers]
    return {
        "title": title(objective, lang),
        "dim": objective.dim,
        "limits": limits,
        "levels": contours(objective),
        "start": start,
        "rates": learning_rates(objective),
        "minimizers": minimizers,
        "curvatures": [both if both[0] > 0 else None for both in curved],
        "minimum": objective.minimum,
    }


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
    given["looks"] = {name: [METHODS[name].color, METHODS[name].dash] for name in OPTIMIZERS}
    given["basins"] = [basin.color for basin in BASINS]
    try:
        return SCRIPT.render(given)
    except (TypeError, ValueError) as error:  # of gdcore.translate, for whoever writes an objective
        raise ExtensionError(str(error)) from error


def as_json(value: object) -> str:
    """Write data as JSON that may stand in a script."""
    return re.sub("</", r"<\/", json.dumps(value, ensure_ascii=False, separators=(",", ":")))
