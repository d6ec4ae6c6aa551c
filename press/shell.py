"""Run the cells of chapters in IPython shells, several chapters at once, each in its own process.

A process is forked from one that has already imported what the chapters import, and begins with an
empty namespace, as a fresh Python does; where forking is not safe it is spawned. It sends back what
a cell showed as soon as the cell has ended. This process watches: it knows which cell takes too
long or has ended its process, and nothing that a chapter started outlives the chapter.
"""

import io
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from tempfile import TemporaryDirectory, TemporaryFile
from time import monotonic

CAN_FORK = sys.platform == "linux"
ENVIRONMENT = {
    # One thread for sums: how they are split among threads would change their last bits.
    **{f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")},
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as in Jupyter
}
FOLDER: str | None = None  # what ends with a build lies there, or where the system keeps such
TICK = 0.2  # seconds between two looks at the chapters at work
ALWAYS = ("IPython.core.interactiveshell", "matplotlib.backends.backend_svg")


@dataclass
class Run:
    """What came of a chapter's cells.

    Parameters
    ----------
    outputs : list of list of dict
        What each cell showed, in Jupyter's format, as far as cells have ended.
    failure : str
        How the next cell failed to end, or "".
    seconds : float
        How long all of it took.
    """

    outputs: list[list[dict]] = field(default_factory=list)
    failure: str = ""
    seconds: float = 0.0


def warm_up(modules: Iterable[str]) -> None:
    """Let the process from which chapters are forked import some modules, while the caller goes on.

    What cannot be imported there is passed over: it will fail where a chapter imports it.
    """
    os.environ.update(ENVIRONMENT)
    if CAN_FORK:
        multiprocessing.get_context("forkserver").set_forkserver_preload([*ALWAYS, *modules])
        if FOLDER:  # by a short name, for that of the socket in it may have 107 bytes
            tempfile.tempdir = f"/proc/{os.getpid()}/fd/{os.open(FOLDER, os.O_RDONLY)}"
        multiprocessing.forkserver.ensure_running()
        tempfile.tempdir = None


def run(
    chapters: dict,
    timeout: float,
    at_once: int | None = None,
    watch: Callable[[dict], None] = lambda working: None,
) -> Iterator[tuple]:
    """Run the cells of chapters; a cell that raises or does not end stops its own chapter only.

    Parameters
    ----------
    chapters : dict
        By some name of each, its cells: a list of (code, whether it may raise).
    timeout : float
        Seconds that a cell may take.
    at_once : int, optional
        How many chapters run at a time; as many as there are cores by default.
    watch : callable, optional
        Is told several times a second for how many seconds each chapter has been at work.

    Yields
    ------
    tuple
        A chapter's name and its `Run`, as soon as it has ended.
    """
    os.environ.update(ENVIRONMENT)
    waiting, working = list(chapters.items()), {}
    try:
        while waiting or working:
            while waiting and len(working) < (at_once or os.cpu_count()):
                name, cells = waiting.pop(0)
                chapter = _Chapter(name, cells, timeout)
                working[chapter.connection] = chapter
            watch({one.name: monotonic() - one.started for one in working.values()})
            ready = wait(list(working), TICK)
            for connection, chapter in list(working.items()):
                if chapter.goes_on(connection in ready):
                    continue
                del working[connection]
                chapter.end()
                yield chapter.name, chapter.run
    finally:
        for chapter in working.values():
            chapter.end()


class _Chapter:
    """A chapter at work, seen from outside."""

    def __init__(self, name: object, cells: list[tuple[str, bool]], timeout: float) -> None:
        context = multiprocessing.get_context("forkserver" if CAN_FORK else "spawn")
        self.name, self.cells, self.timeout, self.run = name, cells, timeout, Run()
        self.folder = TemporaryDirectory(dir=FOLDER, ignore_cleanup_errors=True)
        self.connection, there = context.Pipe()
        self.process = context.Process(target=_work, args=(cells, self.folder.name, there))
        self.started = monotonic()
        self.deadline = self.started + timeout
        self.process.start()
        there.close()

    def goes_on(self, has_news: bool) -> bool:
        """Take what has come from it; return whether more is to come."""
        if not has_news:
            if monotonic() < self.deadline:
                return True
            limit = f"{self.timeout:g} s (nb_execution_timeout)"
            self.run.failure = f"it ran longer than conf.py allows, {limit}"
            return False
        try:
            news = self.connection.recv()
        except (EOFError, ConnectionResetError):
            self.process.join()
            self.run.failure = f"it ended the Python process, {_how(self.process.exitcode)}"
            return False
        if isinstance(news, OSError):  # no room for what a shell needs
            raise news
        outputs, good = news
        self.deadline = monotonic() + self.timeout
        self.run.outputs.append(outputs)
        return good and len(self.run.outputs) < len(self.cells)

    def end(self) -> None:
        """Stop its process and whatever that has started."""
        self.run.seconds = monotonic() - self.started
        if self.process.is_alive():
            self.process.kill()
        end_group(self.process.pid)
        self.process.join()
        self.connection.close()
        self.folder.cleanup()


def end_group(leader: int) -> None:
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


# In the process of a chapter ---------------------------------------------------------------------


def end_with_parent(folder: str | None = None) -> None:
    """End this process as soon as the one that started it ends.

    Its group ends with it, if it leads one, and so does the folder that it was given.
    """
    gone = multiprocessing.parent_process().sentinel

    def watch() -> None:
        wait([gone])
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        end_group(os.getpid())
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _work(cells: list[tuple[str, bool]], folder: str, there: Connection) -> None:
    """Run cells, and send what each showed and whether to go on."""
    if hasattr(os, "setsid"):
        os.setsid()  # so that a signal reaches whatever the cells start, too
    end_with_parent(folder)
    outputs: list[dict] = []
    try:
        for name in ("ipython", "work"):
            os.mkdir(os.path.join(folder, name))
        os.chdir(os.path.join(folder, "work"))
        shell = _shell(outputs, os.path.join(folder, "ipython"))
    except OSError as error:
        there.send(error)
        return
    for name in {"random", "numpy.random"} & set(sys.modules):
        sys.modules[name].seed()  # else all chapters would draw the same numbers
    sys.argv, sys.stdin = [""], io.StringIO()
    sys.stdout, sys.stderr = (_Stream(name, outputs) for name in ("stdout", "stderr"))
    # What does not go through Python, of a program that a cell starts, say.
    files = {stream: TemporaryFile() for stream in (sys.stdout, sys.stderr)}  # noqa: SIM115
    for number, file in enumerate(files.values(), start=1):
        os.dup2(file.fileno(), number)
    for code, may_raise in cells:
        result = shell.run_cell(code, store_history=True)
        for stream, file in files.items():
            file.seek(0)
            stream.write(file.read().decode(errors="replace"))
            file.seek(0)
            file.truncate()
        there.send((outputs, result.success or may_raise))
        outputs.clear()


def _shell(outputs: list[dict], folder: str):
    """Return IPython's shell without a terminal; what it shows goes into a list."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.history import HistoryManager
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type

    def show(kind: str, data: dict, metadata: dict | None, **more: object) -> None:
        data = {k: b64encode(v).decode() if isinstance(v, bytes) else v for k, v in data.items()}
        outputs.append({"output_type": kind, "data": data, "metadata": metadata or {}, **more})

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, **_) -> None:
            show("display_data", data, metadata)

    class Hook(DisplayHook):
        def write_format_data(self, data, metadata=None) -> None:
            show("execute_result", data, metadata, execution_count=self.prompt_count)

        write_output_prompt = finish_displayhook = lambda self: None

    class Shell(InteractiveShell):
        displayhook_class = Type(Hook)
        display_pub_class = Type(Publisher)

        def _showtraceback(self, kind, value, lines) -> None:
            about = {"ename": kind.__name__, "evalue": str(value), "traceback": lines}
            outputs.append({"output_type": "error", **about})

    HistoryManager.enabled = False
    return Shell.instance(ipython_dir=folder)


class _Stream(io.TextIOBase):
    """Standard output or error of cells; what is printed in one go is one output."""

    def __init__(self, name: str, outputs: list[dict]) -> None:
        self.name, self.outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.outputs and self.outputs[-1].get("name") == self.name:
            self.outputs[-1]["text"] += text
        elif text:
            self.outputs.append({"output_type": "stream", "name": self.name, "text": text})
        return len(text)
