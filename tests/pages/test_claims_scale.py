"""What the chapter on scale says of one call, one tape and merged operations."""

import ast
import ctypes
import ctypes.util
import re
from fractions import Fraction

import numpy as np
import pytest
import quickjs

from benchmarks.sweeps import KEEP_MEMORY, WORKERS
from tests.support.book import LANGUAGES, ROOT

SOURCE = (ROOT / "chapters" / "scale.md").read_text("utf-8")
# What a reader sees, but for the code of figures.
CODE = re.findall(r"^```(?:python|\{code-cell\} python)\n([^:-].*?)^```", SOURCE, re.M | re.S)


def calls(name: str) -> list[ast.Call]:
    """The calls of a function that a reader sees, in their order."""
    nodes = (node for code in CODE for node in ast.walk(ast.parse(code)))
    return [n for n in nodes if isinstance(n, ast.Call) and getattr(n.func, "id", "") == name]


def test_the_call_is_the_same_on_numpy_dask_and_a_gpu():
    numpy, dask, cupy = calls("sweep")
    for other, array in ((dask, "in_chunks"), (cupy, "starts")):
        assert ast.unparse(other.args[2]) == array
        assert list(map(ast.unparse, other.args[:2])) == list(map(ast.unparse, numpy.args[:2]))
        assert list(map(ast.unparse, other.keywords)) == list(map(ast.unparse, numpy.keywords))
        assert ast.unparse(other.args[3]).startswith(ast.unparse(numpy.args[3]))
    assert re.search(r"^starts = cupy\.asarray\(starts\)$", SOURCE, re.M)


@pytest.fixture(params=LANGUAGES)
def page(request, tree):
    return tree(request.param, "chapters/scale")


def printed(page, beginning: str) -> str:
    """What a cell has printed."""
    found = [pre.text_content() for pre in page.iterfind(".//pre")]
    [text] = [text for text in found if text.startswith(beginning)]
    return text


def test_each_line_of_the_page_begins_the_gradient_in_another_language(page):
    rows = printed(page, "const t0").splitlines()
    assert len(rows) == 3 and rows[1].startswith("float t0")
    x, y = 1.25, -0.7  # whose squares a double holds with rounding, and f's parts as NumPy has them
    expected = np.square(x) + y - 11
    assert quickjs.Context().eval(f"{{const x={x},y={y};{rows[0]};t2}}") == expected
    names = {"x": x, "y": y}
    exec(rows[2], names)
    assert names["t2"] == expected
    in_c = dict(re.findall(r"float (t\d)=([^;]+)", rows[1]))
    names = {"x": x, "y": y}
    for name, expression in in_c.items():
        names[name] = eval(expression, names)
    assert names["t2"] == expected


def test_a_fused_multiply_add_is_what_the_page_prints(page):
    """The C library's, which rounds once, is the oracle."""
    library = ctypes.CDLL(ctypes.util.find_library("m"))
    library.fma.restype, library.fma.argtypes = ctypes.c_double, [ctypes.c_double] * 3
    text = printed(page, "rounded twice:")
    twice, once = (float(line.split(":")[1]) for line in text.splitlines())
    assert once == library.fma(0.1, 10, -1) > 0 and twice == 0.1 * 10 - 1 == 0


def test_merging_the_first_two_operations_gives_other_bits_and_better_ones():
    """Of $x x + y$, as the tape has it, on a plane of starts."""
    library = ctypes.CDLL(ctypes.util.find_library("m"))
    library.fma.restype, library.fma.argtypes = ctypes.c_double, [ctypes.c_double] * 3
    points = np.random.default_rng(0).uniform(-5, 5, size=(200, 2)).tolist()
    exact = [Fraction(x) ** 2 + Fraction(y) for x, y in points]
    merged = [library.fma(x, x, y) for x, y in points]
    apart = [x * x + y for x, y in points]
    assert merged != apart and merged == list(map(float, exact))


def test_the_times_on_a_gpu_hang_together(page):
    [table] = page.xpath("//table[caption[contains(., 'GPU')]]")
    rows = [[td.text_content().strip() for td in tr] for tr in table.iterfind(".//tbody/tr")]
    assert [row[0] for row in rows[::2]] == [
        "sphere",
        "Griewank",
        "Himmelblau, Adam",
        "Himmelblau",
        "Himmelblau",
    ]
    times = [float(row[2]) for row in rows]
    for (_, _, cpu, one), (_, _, gpu, ratio) in zip(rows[:8:2], rows[1:8:2], strict=True):
        assert one == "1" and float(cpu) / float(gpu) == pytest.approx(float(ratio), rel=0.02)
    assert times[6] / times[8] == pytest.approx(float(rows[8][3]), rel=0.02)
    text = re.sub(r"\s+", " ", page.text_content())
    assert "NVIDIA H200, CuPy 14.2, NumPy 2.5, 2026-11" in text
    fraction = int(re.search(r"(?:takes|CuPy 的) ?1/(\d+)", text)[1])
    assert fraction == round(times[7] / times[8])


def test_the_how_to_keeps_memory_as_the_benchmark_does():
    exports = dict(re.findall(r'"export (\w+)=(\d+)"', SOURCE))
    kept = {key.removeprefix(f"{WORKERS}."): str(size) for key, size in KEEP_MEMORY.items()}
    assert exports == kept
    [cluster], [jobs] = calls("SLURMCluster"), re.findall(r"scale\(jobs=(\d+)\)  # (\d+)", SOURCE)
    processes = {word.arg: ast.unparse(word.value) for word in cluster.keywords}["processes"]
    assert int(processes) * int(jobs[0]) == int(jobs[1])


def test_workers_take_what_is_exported_before_dasks_own(monkeypatch):
    """Dask's own setting for the memory of workers yields to a variable that is set already."""
    from distributed import nanny

    assert nanny._get_env_variables(WORKERS)["MALLOC_TRIM_THRESHOLD_"] == "65536"
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "134217728")
    assert nanny._get_env_variables(WORKERS)["MALLOC_TRIM_THRESHOLD_"] == "134217728"


def test_the_front_page_counts_the_tables_that_the_build_does_not_measure():
    tables = re.findall(r"^:name: tab-", SOURCE, re.M)
    published = (ROOT / "benchmarks" / "published.md").read_text("utf-8").count(":name: tab-")
    assert len(tables) + published == 2
    index = (ROOT / "index.md").read_text("utf-8")
    assert (
        "附录里两张表 <scale-cost>" in index and "two tables of the appendix <scale-cost>" in index
    )
