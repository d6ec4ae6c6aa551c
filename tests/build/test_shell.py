"""Cells in forked shells: as in a fresh Jupyter kernel, apart from each other, and watched."""

import json
import os
import signal
import subprocess
import sys

import nbclient
import psutil
import pytest
from myst_nb.core.read import read_myst_markdown_notebook

from press import cells
from press.ext.figures.compact_svg import compact
from press.ext.page import outputs
from tests.support.book import ROOT
from tests.support.small_book import SmallBook

LOOK = """
import os, sys
print(sorted(name for name in globals() if not name.startswith("_")), __name__)
print(os.listdir(), sys.stdin.read(), sys.argv)
import matplotlib, numpy as np
print(matplotlib.rcParams["backend"], matplotlib.rcParams["lines.linewidth"], np.geterr())
print(hasattr(np, "mark"), "MARK" in os.environ, os.environ["MPLBACKEND"], "/nowhere" in sys.path)
print(os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"])
print((np.ones((500, 500)) @ np.ones((500, 500))).sum(), len(os.listdir("/proc/self/task")))
import multiprocessing, gdcore
print(multiprocessing.current_process().daemon, gdcore.parabola)
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
open("trace", "w").close()
gdcore.parabola = None
trace = 1
"""
# Runs chapters, in order a list of (code, whether it may raise) each, and prints what they came to.
RUN = """
import json
import os
import signal
from pathlib import Path
from press import build, shell
# Whoever runs the tests in the background may have let them ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
if __name__ == "__main__":
    shell.CAN_FORK = {forked}
    os.environ.update(shell.ENVIRONMENT)
    {before}
    chapters, work = dict(enumerate({chapters!r})), Path({work!r})
    ran = shell.run(chapters, {timeout}, work, at_once={at_once})
    ended = {{chapter.name: (chapter.outputs, chapter.failure) for chapter in ran}}
    print(json.dumps([ended[name] for name in chapters]))
"""
AS_IN_A_BUILD = "build.settings_of_sphinx()"  # with Sphinx and all extensions in memory
BOTH = pytest.mark.parametrize("forked", [True, False], ids=["forked", "spawned"])


def script(folder, chapters, **how):
    """Write the script that runs chapters; return what starts it."""
    how = {"forked": True, "timeout": 60, "at_once": 1, "before": "", **how}
    code = RUN.format(chapters=chapters, work=str(folder / "work"), **how)
    (folder / "run.py").write_text(code, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return {"args": [sys.executable, folder / "run.py"], "env": env}


def ran(folder, chapters, **how):
    """What the cells of chapters showed, and how these failed."""
    start = script(folder, chapters, **how)
    done = subprocess.run(**start, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert not (folder / "work").exists()
    return json.loads(done.stdout)


def run(folder, codes, **how):
    """What chapters of one cell each printed, and how they failed, a line each."""
    lines = []
    for shown, failure in ran(folder, [[(code, False)] for code in codes], **how):
        texts = [out["text"] for outputs in shown for out in outputs if "text" in out]
        lines.append(f"{len(lines)} {''.join(texts)!r} {failure}")
    return lines


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """What a chapter sees in a new Python."""
    (line,) = run(tmp_path_factory.mktemp("fresh"), [LOOK], forked=False)
    assert "'os', 'quit', 'sys'" in line and "__main__" in line and "[]" in line
    return line.removeprefix("0 ")


def test_a_forked_shell_looks_like_a_fresh_one(fresh, tmp_path):
    assert run(tmp_path, [LOOK], before=AS_IN_A_BUILD) == [f"0 {fresh}"]


@pytest.mark.parametrize("at_once", [1, 2])
def test_nothing_leaks_from_one_chapter_to_another(fresh, tmp_path, at_once):
    lines = run(tmp_path, [LEAVE_TRACES, LOOK, LEAVE_TRACES, LOOK], at_once=at_once)
    assert lines[1::2] == [f"1 {fresh}", f"3 {fresh}"]


def test_chapters_do_not_share_the_state_of_numpys_old_random_numbers(tmp_path):
    draw = "import numpy as np\nprint(np.random.rand())"
    first, second = run(tmp_path, [draw, draw])
    assert first.split()[1] != second.split()[1]


FAILURES = {
    "an exit": ("import os; os._exit(3)", "ended the Python process, with exit code 3"),
    "a signal": ("import os; os.kill(os.getpid(), 9)", "by SIGKILL (Killed); was there too little"),
    "a crash": ("import ctypes; ctypes.string_at(0)", "by SIGSEGV (Segmentation fault)"),
    "a hang": ("while True: pass", "ran longer than conf.py allows, 9 s"),
}


@pytest.mark.slow
@BOTH
def test_a_chapter_that_does_not_end_stops_no_other(tmp_path, forked):
    codes = [code for code, _ in FAILURES.values()]
    lines = run(tmp_path, [*codes, "print(6 * 7)"], forked=forked, timeout=9, at_once=3)
    for line, (_, said) in zip(lines, FAILURES.values(), strict=False):
        assert said in line
    assert lines[-1] == f"{len(codes)} '42\\n' "


@pytest.mark.slow
@BOTH
def test_what_the_book_says_of_cells_that_fail(tmp_path, forked):
    book = SmallBook(tmp_path / "book")
    book.edit("conf.py", "nb_execution_timeout = 120", "nb_execution_timeout = 9")
    memory = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))"
    trouble = {**FAILURES, "memory": (f"{memory}; bytearray(2**40)", "failed: MemoryError")}
    trouble["warning"] = ("import warnings; warnings.warn('beware')", "warned: ")
    trouble["exception"] = ("1 / 0", "failed: ZeroDivisionError: division by zero")
    for name, (code, _) in trouble.items():
        book.add_chapter(
            name.replace(" ", "-"), f"print(1)\n```\n\n```{{code-cell}} python\n{code}"
        )
    book.add_chapter("zeta", "print(6 * 7)")
    command = "from press import build, shell; shell.CAN_FORK = {}; build.main()"
    script = f"if __name__ == '__main__':\n    {command.format(forked)}"
    (book.folder / "make.py").write_text(script, encoding="utf-8")
    code, said = book.build(sys.executable, "make.py")
    assert code != 0
    for name, (_, words) in trouble.items():
        line = next(line for line in said.splitlines() if f"{name.replace(' ', '-')}.md:" in line)
        assert "WARNING: cell 2, which begins with" in line and words in line
    assert not any("WARNING" in line and "zeta" in line for line in said.splitlines())
    for name in trouble:
        path = book.folder / "chapters" / f"{name.replace(' ', '-')}.md"
        text = path.read_text(encoding="utf-8").replace(trouble[name][0], "print(1)")
        path.write_text(text, encoding="utf-8")
    code, said = book.build(sys.executable, "make.py")
    assert code == 0, said
    assert said.count("cells: ") == len(trouble)  # the others have run
    assert "42" in book.page("en", "zeta")


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_stopped_leaves_no_process(tmp_path, forked, number):
    """Not its chapters at work, and not what they have started."""
    mark = tmp_path / "pids"
    hang = "import os, subprocess\nsleep = subprocess.Popen(['sleep', '600'])\n"
    hang += f"print(os.getpid(), sleep.pid, file=open({str(mark)!r} + str(os.getpid()), 'w'))\n"
    chapters = [[(hang + "while True: pass", False)], [(hang + "sleep.wait()", False)]]
    start = script(tmp_path, chapters, forked=forked, timeout=600, at_once=2)
    build = subprocess.Popen(**start, stderr=subprocess.DEVNULL)
    while len(pids := [p for f in tmp_path.glob("pids*") for p in f.read_text().split()]) < 4:
        assert build.poll() is None
    all_of_it = [psutil.Process(int(pid)) for pid in pids]
    all_of_it += psutil.Process(build.pid).children(recursive=True)
    build.send_signal(number)
    build.wait()
    _gone, alive = psutil.wait_procs(all_of_it, timeout=30)
    assert alive == []


def test_a_chapter_that_ends_leaves_no_process(tmp_path):
    code = "import subprocess\nsleep = subprocess.Popen(['sleep', '600'])\nprint(sleep.pid)"
    (line,) = run(tmp_path, [code])
    pid = int(line.split("'")[1][:-2])
    # Dead, though perhaps nobody has yet asked how it ended.
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_what_programs_print_is_shown_too(tmp_path):
    code = "import os\nprint(1, flush=True)\n_ = os.system('echo 2; echo 3 >&2')"
    assert run(tmp_path, [code]) == [r"0 '1\n2\n3\n' "]


def test_a_cell_may_raise_if_it_says_so(tmp_path):
    cells = [("1 / 0", True), ("print(2)", False), ("2 / 0", False), ("3", False)]
    [(shown, failure)] = ran(tmp_path, [cells])
    kinds = [[output["output_type"] for output in outputs] for outputs in shown]
    assert kinds == [["error"], ["stream"], ["error"]] and failure == ""


def joined(outputs):
    """Join what was printed in one go: a kernel sends it in pieces, cut as time would have it."""
    whole = []
    for output in outputs:
        if whole and "name" in output and whole[-1].get("name") == output.name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


@pytest.mark.slow
@pytest.mark.parametrize("name", ["one-dimension", "momentum", "network"])
def test_outputs_are_those_of_an_ordinary_kernel(name, tmp_path):
    """Jupyter's own client runs the chapter in its own kernel; every output is the same."""
    text = (ROOT / "chapters" / f"{name}.md").read_text(encoding="utf-8")
    notebook = read_myst_markdown_notebook(text)
    code = outputs.code_of(notebook)
    [(ours, failure)] = ran(tmp_path, [cells.runnable(code)], timeout=120, before=AS_IN_A_BUILD)
    nbclient.execute(notebook, timeout=120)
    theirs = [joined(cell.outputs) for cell in code]
    assert len(theirs) == len(ours) and failure == ""
    for one, other in zip(ours, theirs, strict=True):
        for output in (*one, *other):
            data = output.get("data", {})
            data |= {kind: compact(svg) for kind, svg in data.items() if kind == "image/svg+xml"}
        assert one == other
