"""What is measured on a GPU fits gdcore, though no GPU is here: a stand-in runs it all, very small.

The oracles are NumPy and `descend`; what a machine without a GPU is told is read.
"""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from benchmarks import gpu
from gdcore import Adam, descend, himmelblau, kernels
from gdcore.draw import BASINS, COLORS
from tests.support.compiled import OnGpu, cupy, library


@pytest.fixture
def stand_in(monkeypatch, tmp_path_factory):
    """A cupy that says it has a GPU, and whose kernels run on the processor."""
    if not hasattr(library, "folder"):
        library.folder = tmp_path_factory.mktemp("kernels")
    module = cupy()
    runtime = SimpleNamespace(
        getDeviceCount=lambda: 1,
        getDeviceProperties=lambda number: {"name": b"stand-in"},
        CUDARuntimeError=OSError,
    )
    module.cuda = SimpleNamespace(
        runtime=runtime, Device=lambda: SimpleNamespace(synchronize=lambda: None)
    )
    module.__version__ = "0"
    monkeypatch.setitem(sys.modules, "cupy", module)
    return module


def test_without_cupy_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(SystemExit, match=r"pip install 'gdcore\[cupy\]'"):
        gpu.main()


def test_without_a_gpu_it_says_so(stand_in):
    def none():
        raise OSError("no driver")

    stand_in.cuda.runtime.getDeviceCount = none
    with pytest.raises(SystemExit, match="finds no GPU, so none is measured: no driver"):
        gpu.main()


def test_a_kernel_that_ends_elsewhere_is_found(stand_in, monkeypatch):
    monkeypatch.setattr(gpu, "COMPARED", 500)
    gpu.compare("himmelblau", Adam, OnGpu)
    wrong = kernels.source(himmelblau, Adam(0.1)).replace("4.0*x[0]", "4.000001*x[0]")
    monkeypatch.setattr(kernels, "source", lambda objective, optimizer: wrong)
    with pytest.raises(SystemExit, match="himmelblau by Adam does not end where NumPy does"):
        gpu.compare("himmelblau", Adam, OnGpu)


def test_all_of_it_runs_and_is_written_down(stand_in, monkeypatch, tmp_path):
    for name in ("ON_CORE", "BY_ARRAY", "BY_KERNEL"):
        monkeypatch.setattr(gpu, name, (50, 2))
    for name, size in {"COMPARED": 50, "SIDE": 12, "BAND": 5}.items():
        monkeypatch.setattr(gpu, name, size)
    monkeypatch.setattr(gpu, "MEASURED", tmp_path)
    gpu.main()

    head, _, *rows = (tmp_path / "gpu.md").read_text(encoding="utf-8").splitlines()
    assert head == "| | NumPy | CuPy | kernel |"
    table = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[:6]]
    assert [row[0] for row in table] == [f"{name}, {make.__name__}" for name, make in gpu.CASES]
    assert all(float(cost) > 0 for row in table for cost in row[1:])
    assert "stand-in, CuPy 0" in rows[-1]

    along = np.linspace(-5, 5, 12)
    colors = {"#ffffff"} | {COLORS[basin.color] for basin in BASINS[:4]}
    picture = Image.open(tmp_path / "gpu.png").convert("RGB")
    seen = set()
    for row, x2 in enumerate(along[::-1]):
        for column, x1 in enumerate(along):
            run = descend(himmelblau, gpu.BALL(gpu.BALL_RATE), (x1, x2), max_steps=gpu.STEPS)
            away = [np.hypot(*(run.last - m)) for m in himmelblau.minimizers]
            k = int(np.argmin(away))
            arrived = away[k] < 0.1 and run.status != "diverged"
            expected = COLORS[BASINS[k].color] if arrived else "#ffffff"
            assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel((column, row))) == expected
            seen.add(expected)
    assert len(seen) >= 4 and seen <= colors
