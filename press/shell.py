"""Run the cells of chapters in IPython shells, several chapters at once, each in its own process.

A process is forked from this one, which has imported much of what chapters import, and begins with
an empty namespace, as a fresh Python does; where forking is not safe it is spawned. It sends back
what a cell showed as soon as the cell has ended. This process watches: it knows which cell takes
too long or has ended its process, and nothing that a chapter started outlives the chapter.
"""

import io
import multiprocessing
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic
from typing import TextIO

CAN_FORK = sys.platform == "linux"
ENVIRONMENT = {
    # One thread for sums: how they are split among threads would change their last bits.
    **{f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")},
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as in Jupyter
}
TICK = 0.2  # seconds between two looks at the chapters at work


def run(
    chapters: dict,
    timeout: float,
    folder: Path,
    at_once: int | None = None,
    watch: Callable[[dict], None] = lambda working: None,
) -> Iterator["Chapter"]:
    """Run the cells of chapters; a cell that raises or does not end stops its own chapter only.

    Parameters
    ----------
    chapters : dict
        By some name of each, its cells: a list of (code, whether it may raise).
    timeout : float
        Seconds that a cell may take.
    folder : Path
        Where chapters work, each in a new folder. It is emptied before, and removed afterwards.
    at_once : int, optional
        How many chapters run at a time; as many as there are cores by default.
    watch : callable, optional
        Is told several times a second for how many seconds each chapter has been at work.

    Yields
    ------
    Chapter
        What came of each, as soon as it has ended.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    waiting, working = list(chapters.items()), {}
    os.environ.update(ENVIRONMENT)
    try:
        while waiting or working:
            while waiting and len(working) < (at_once or os.cpu_count()):
                chapter = Chapter(*waiting.pop(0), timeout, folder)
                working[chapter.connection] = chapter
            watch({one.name: monotonic() - one.started for one in working.values()})
            ready = wait(list(working), TICK)
            for connection, chapter in list(working.items()):
                if not chapter.goes_on(connection in ready):
                    working.pop(connection).end()
                    yield chapter
    finally:
        for chapter in working.values():
            chapter.end()
        shutil.rmtree(folder, ignore_errors=True)


class Worker:
    """A process that does some work, seen from outside; what it starts ends with it."""

    def __init__(self, work: Callable, *args: object) -> None:
        context = multiprocessing.get_context("fork" if CAN_FORK else "spawn")
        self.connection, there = context.Pipe(duplex=False)
        self.process = context.Process(target=_begin, args=(work, *args, there))
        self.started = monotonic()
        self.process.start()
        there.close()

    def hear(self) -> object:
        """Return what it sends next; if it has ended, raise an EOFError that says how."""
        try:
            return self.connection.recv()
        except (EOFError, ConnectionResetError):
            self.process.join()
            raise EOFError(_how(self.process.exitcode)) from None

    def end(self) -> None:
        self.process.kill()
        _end_group(self.process.pid)
        self.process.join()
        self.connection.close()


class Chapter(Worker):
    """A chapter at work, and what came of it.

    Attributes
    ----------
    name : object
        As it was given.
    outputs : list of list of dict
        What each cell showed, in Jupyter's format, as far as cells have ended.
    failure : str
        How the next cell failed to end, or "".
    started, seconds : float
        When it began, and how long all of it took.
    """

    def __init__(self, name: object, cells: list, timeout: float, folder: Path) -> None:
        super().__init__(_run_cells, cells, folder)
        self.name, self.cells, self.timeout = name, cells, timeout
        self.outputs: list[list[dict]] = []
        self.failure = ""
        self.deadline = self.started + timeout

    def goes_on(self, has_news: bool) -> bool:
        """Take what has come from it; return whether more is to come."""
        self.seconds = monotonic() - self.started
        if not has_news:
            if monotonic() < self.deadline:
                return True
            limit = f"{self.timeout:g} s (nb_execution_timeout)"
            self.failure = f"it ran longer than conf.py allows, {limit}"
            return False
        try:
            news = self.hear()
        except EOFError as how:
            self.failure = f"it ended the Python process, {how}"
            return False
        if isinstance(news, OSError):  # no room for what a shell needs
            raise news
        outputs, good = news
        self.deadline = monotonic() + self.timeout
        self.outputs.append(outputs)
        return good and len(self.outputs) < len(self.cells)


def _end_group(leader: int) -> None:
    """End the processes of a group, if that process leads one; on Windows none does."""
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(leader, signal.SIGKILL)


def _how(code: int) -> str:
    """Say how a process ended, by its exit code, or by its signal with a minus."""
    if code >= 0:
        return f"with exit code {code}"
    name = signal.Signals(-code).name
    out_of_memory = "; was there too little memory?" if name == "SIGKILL" else ""
    return f"by {name} ({signal.strsignal(-code)}){out_of_memory}"


# In the process of a worker ----------------------------------------------------------------------


def _begin(work: Callable, *args: object) -> None:
    """Do some work, in a group of processes that ends as soon as the process that began it does."""
    if hasattr(os, "setsid"):
        os.setsid()  # so that a signal reaches whatever is started here, and no Ctrl-C does
    gone = multiprocessing.parent_process().sentinel

    def watch() -> None:
        wait([gone])
        _end_group(os.getpid())
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    work(*args)


def _run_cells(cells: list[tuple[str, bool]], folder: Path, there: Connection) -> None:
    """Run cells in IPython's shell, and send what each showed and whether to go on."""
    from IPython.core.history import HistoryManager
    from IPython.core.interactiveshell import InteractiveShell

    HistoryManager.enabled = False
    try:
        os.chdir(mkdtemp(dir=folder))
        own = mkdtemp(dir=folder)
        printed = [_printed(own, number, name) for number, name in ((1, "stdout"), (2, "stderr"))]
        shell = InteractiveShell.instance(ipython_dir=own)
    except OSError as error:
        there.send(error)
        return
    outputs: list[dict] = []

    def note_printed() -> None:
        for file in printed:
            file.flush()
            if text := Path(file.name).read_bytes().decode(errors="replace"):
                name = Path(file.name).name
                outputs.append({"output_type": "stream", "name": name, "text": text})
            file.truncate(0)

    def show(kind: str, **its: object) -> None:
        note_printed()
        outputs.append({"output_type": kind, **its})

    def publish(data: dict, metadata: dict | None = None, **_: object) -> None:
        show("display_data", data=data, metadata=metadata or {})

    def give(data: dict, metadata: dict) -> None:
        show("execute_result", data=data, metadata=metadata, execution_count=hook.prompt_count)

    def tell(kind: type, value: BaseException, lines: list[str]) -> None:
        show("error", ename=kind.__name__, evalue=str(value), traceback=lines)

    hook = shell.displayhook
    shell.display_pub.publish, hook.write_format_data, shell._showtraceback = publish, give, tell
    hook.write_output_prompt = hook.finish_displayhook = lambda: None
    for name in {"random", "numpy.random"} & set(sys.modules):
        sys.modules[name].seed()  # else all chapters would draw the same numbers
    sys.argv, sys.stdin = [""], io.StringIO()
    for code, may_raise in cells:
        result = shell.run_cell(code, store_history=True)
        note_printed()
        there.send((outputs, result.success or may_raise))
        outputs.clear()


def _printed(folder: str, number: int, name: str) -> TextIO:
    """Return a file into which goes what is printed, also by programs that a cell starts."""
    file = open(Path(folder, name), "a", 1, "utf-8", "replace", "")  # noqa: SIM115
    os.dup2(file.fileno(), number)
    setattr(sys, name, file)
    return file
