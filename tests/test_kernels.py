"""Kernels: each chapter begins as in a fresh Python, and what one does touches no other."""

import subprocess
import sys

import pytest
from conftest import ROOT
from small_book import SmallBook

# Runs two notebooks one after the other, and prints what their cells print.
RUN = """
import sys
from press import cells
from press import kernels
import nbclient
from press.kernel_manager import Manager
from nbformat.v4 import new_code_cell, new_notebook

if __name__ == "__main__":
    kernels.CAN_FORK = {warm}
    kernels.warm_up({imports!r})
    for source in {sources!r}:
        notebook = new_notebook(cells=[new_code_cell(source)])
        quiet = {{"kernel_manager_class": Manager, "extra_arguments": cells.QUIET}}
        nbclient.execute(notebook, cwd={cwd!r}, timeout=60, **quiet)
        print("".join(output.text for output in notebook.cells[0].outputs), flush=True)
    assert ("multiprocessing.forkserver" in sys.modules) == {warm}
"""
LOOK = """
import os, sys
print(sorted(globals()), __name__, sys.path, sys.argv[0], os.getcwd())
import matplotlib, numpy as np
print(matplotlib.rcParams["backend"], matplotlib.rcParams["lines.linewidth"], np.geterr())
print(hasattr(np, "mark"), "MARK" in os.environ, os.environ["MPLBACKEND"])
print(os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"])
import multiprocessing, gdcore
print(multiprocessing.current_process().daemon, gdcore.parabola, sys.stdin.__class__)
print([name for name in os.environ if name.startswith(("BOOK", "PYTHON"))])
"""
LEAVE_TRACES = """
import os, sys
import matplotlib, numpy as np, gdcore
matplotlib.rcParams["lines.linewidth"] = 99
np.seterr(all="ignore")
np.mark = 1
np.random.seed(0)
os.environ["MARK"] = "1"
sys.path.append("/nowhere")
os.chdir("/")
gdcore.parabola = None
trace = 1
"""


def printed(sources, warm, cwd):
    about = {"root": str(ROOT), "sources": sources, "cwd": str(cwd)}
    script = cwd / "run.py"
    imports = ["gdcore.plot", "matplotlib.pyplot", "no_such_module", "numpy"]
    script.write_text(RUN.format(warm=warm, imports=imports, **about), encoding="utf-8")
    run = subprocess.run([sys.executable, str(script)], text=True, capture_output=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """What a notebook sees in an ordinary kernel."""
    return printed([LOOK], False, tmp_path_factory.mktemp("same")).strip()


def test_a_warm_kernel_looks_like_a_fresh_one(fresh, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "same0"
    assert printed([LOOK], True, folder).strip() == fresh


def test_nothing_leaks_from_one_chapter_to_the_next(fresh, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "same0"
    assert printed([LEAVE_TRACES, LOOK], True, folder).strip() == fresh


def test_kernels_do_not_share_the_state_of_numpys_old_random_numbers(tmp_path):
    draw = "import numpy as np\nprint(np.random.rand())"
    first, second = printed([draw, draw], True, tmp_path).split()
    assert first != second


CRASH = "import os\nos.kill(os.getpid(), 9)"
HANG = "while True:\n    pass"
SAYS = {"crash": "it ended the Python process", "hang": "it ran longer than conf.py allows"}


@pytest.mark.parametrize("warm", [True, False], ids=["forked kernels", "ordinary kernels"])
def test_a_crash_and_a_hang_are_reported_and_stop_nothing_else(tmp_path, warm):
    book = SmallBook(tmp_path / "book")
    book.edit("conf.py", "nb_execution_timeout = 120", "nb_execution_timeout = 8")
    for name, code in (("crash", CRASH), ("hang", HANG), ("zeta", "print(6 * 7)")):
        book.add_chapter(name, code)
    # As on a system that cannot fork: ordinary kernels, and processes started afresh.
    build = "from press import build, kernels; kernels.CAN_FORK = False; build.main()"
    command = () if warm else (sys.executable, "-c", build)
    code, said = book.build(*command)
    assert code != 0
    for name, words in SAYS.items():
        assert f"{name}.md:" in said and words in said, said
        line = next(line for line in said.splitlines() if f"{name}.md:" in line)
        assert "WARNING: cell 1, which begins with" in line and words in line
    assert not any("WARNING" in line and "zeta" in line for line in said.splitlines())
    for name in SAYS:
        path = book.folder / "chapters" / f"{name}.md"
        text = path.read_text(encoding="utf-8")
        for code in (CRASH, HANG):
            text = text.replace(code, "print(1)")
        path.write_text(text, encoding="utf-8")
    code, said = book.build(*command)
    assert code == 0, said
    assert said.count("its cells took") == 2  # the others have run
    assert "42" in book.page("en", "zeta")
