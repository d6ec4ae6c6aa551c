"""Which cells run in the page, and what must run before each."""

import ast
import json
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_output

from press.ext.page.run import defines, mark, uses
from tests.support.small_book import DRAWING, SmallBook


def marked(*cells) -> list:
    """Return for each cell what must run before it; None for one that does not run."""
    made = []
    for cell in cells:
        source, *tags = [cell] if isinstance(cell, str) else cell
        made.append(new_code_cell(source, outputs=[new_output("stream", text="said")]))
        made[-1].metadata["tags"] = tags
    mark(made)
    return [cell.metadata.get("runs", {}).get("before") for cell in made]


def test_plain_cells_run_after_those_they_build_on():
    assert marked("x = 1", "y = 2", "print(x)", "z = y + x") == [[], [], [0], [0, 1]]


def test_what_comes_from_a_package_does_not_run_nor_what_uses_it():
    cells = "import numpy as np\nx = np.pi\ny = 3", "print(x)", "print(y)", "import math\nmath.pi"
    assert marked(*cells) == [None, None, ["y = 3"], []]


def test_a_name_given_anew_is_what_it_is_now():
    assert marked("from numpy import pi as x", "x = 3", "print(x)") == [None, [], [1]]
    assert marked("x = 3", "from numpy import pi as x", "print(x)") == [[], None, None]


def test_a_function_may_use_what_its_cell_defines_below_it():
    assert marked("eta = 1\nimport numpy as np", "def f():\n    return eta\n\neta = 2\nf()") == [
        None,
        [],
    ]
    assert marked("def f():\n    return a", "import numpy\na = 1", "f()") == [None, None, None]


def test_hidden_cells_lend_statements_and_do_not_run():
    assert marked(("x = 1\nassert x == 1", "remove-cell"), "print(x)") == [None, ["x = 1"]]
    assert marked(("x = 1", "no-run"), "print(x)", "%time 1", "") == [None, ["x = 1"], None, None]


def test_a_cell_that_shows_nothing_runs_if_another_builds_on_it():
    silent, user = new_code_cell("def f(): return 1"), new_code_cell("print(f())")
    alone = new_code_cell("def g(): return 1")
    user.outputs = [new_output("stream", text="1")]
    cells = [silent, user, alone]
    mark(cells)
    assert ["runs" in cell.metadata for cell in cells] == [True, True, False]


def test_files_and_keyboards_are_not_there():
    assert marked("print(open('x').read())", "x = input()") == [None, None]


PAGE = """
```{code-cell} python
---
draws:
  fig-line: "[(k, x) for k, x in enumerate(way)]"
---
way = [1, 2]
```
"""


@pytest.mark.slow
def test_the_figure_into_which_a_cell_draws_says_where_its_axes_lie(tmp_path):
    book = SmallBook(tmp_path / "book")
    text = book.chapter.read_text(encoding="utf-8")
    again = DRAWING.replace("fig-line", "fig-other")
    book.chapter.write_text(text + PAGE + DRAWING + again, encoding="utf-8")
    code, said = book.build()
    assert code == 0, said
    page = BeautifulSoup(book.page("en"), "lxml")
    assert [json.loads(place["data-draws"]) for place in page.select(".run[data-draws]")] == [
        {"fig-line": "[(k, x) for k, x in enumerate(way)]"}
    ]
    assert not page.select("#fig-other svg[data-axes]")
    for drawing in page.select("#fig-line svg[data-axes]"):
        [[left, top, width, height, x0, x1, y0, y1]] = json.loads(drawing["data-axes"])
        assert (x0, x1, y0, y1) == (-0.05, 1.05, 0.95, 2.05)  # Matplotlib's margins, a twentieth
        # Its ticks stand where these numbers say, to a tenth of a point.
        ticks = np.array([(float(use["x"]), float(use["y"])) for use in drawing.select("use[x]")])
        across, up = ticks[:6, 0], ticks[6:12, 1]
        assert np.allclose(across, left + width * (np.arange(0, 1.1, 0.2) + 0.05) / 1.1, atol=0.06)
        assert np.allclose(up, top + height * (2.05 - np.arange(1, 2.1, 0.2)) / 1.1, atol=0.06)
    assert len(page.select("#fig-line svg[data-axes]")) == 2  # wide and narrow
    for nowhere in ("fig-lin", "fig-line/2", "fig-line/0", "fig-line/two"):
        with book.restored():
            book.edit("chapters/small.md", "fig-line: ", f"{nowhere}: ")
            code, said = book.build()
        where = rf"(?m)^.*small\.md:\d+: WARNING: this cell draws into `{nowhere}`, but no figure"
        assert code == 1 and len(re.findall(where, said)) == 1, said


@pytest.mark.parametrize("code", ["[(x, f(x)) for x in trace]", "{x: f(x) for x in trace}"])
def test_the_names_within_a_comprehension_are_its_own_on_every_python(code):
    at_once, later = uses(ast.parse(code))
    assert at_once == {"trace"} and later == {"f"}
    assert defines(ast.parse(f"line = {code}")) == {"line"}
    assert uses(ast.parse(f"x + len({code})"))[0] == {"x", "len", "trace"}
