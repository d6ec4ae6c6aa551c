"""`python -m press` needs no make: it installs what is needed into .venv, once, and goes on there.
Where it cannot, it says what is wrong."""

import http.client
import os
import re
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from press import install, new
from tests.support.small_book import SmallBook

EDIT = ("chapters/small.md", "The final", "The very last")
BROKEN = ("max_steps=10)", "max_steps=10 / 0)")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A small book in a folder with a Chinese name, spaces and quotes."""
    return SmallBook(tmp_path_factory.mktemp("entry") / "一本 'small' \"book\"")


def too_old():
    """One that says it is, and of 3.6 to 3.10 those that are here, on the path or pyenv's."""
    says = "import sys; sys.version_info = (3, 10); from press.__main__ import main; main(['html'])"
    yield [sys.executable, "-B", "-c", says]
    for minor in range(6, 11):
        found = [shutil.which(f"python3.{minor}")]
        found += Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python")
        for python in filter(None, found):
            if subprocess.run([python, "-c", ""], capture_output=True).returncode == 0:
                yield [python, "-B", "-m", "press", "html"]


def test_too_old_a_python_is_told_so_and_nothing_is_made(tmp_path):
    shutil.copytree(new.ROOT / "press", tmp_path / "press")
    for command in too_old():
        run = subprocess.run(command, cwd=tmp_path, text=True,
                             env={**os.environ, "PYTHONPATH": str(tmp_path)},
                             capture_output=True)  # fmt: skip
        assert run.returncode == 1
        assert run.stderr.startswith("The book needs Python 3.11 or newer; this is "), run.stderr
        assert "make PYTHON=" in run.stderr and "Traceback" not in run.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["press"]


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder of its own to install into; returns what pip is told, and where one goes on."""
    told = []
    monkeypatch.setattr(install, "takes_utf8", lambda: True)
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(install, "pip", lambda *arguments: told.append(arguments))
    monkeypatch.setattr(install.venv, "create", lambda folder, **_: fake(folder))
    monkeypatch.setattr(os, "execve", lambda program, command, env: told.append((*command, env)))
    for lock, _on in install.GROUPS.values():
        (tmp_path / lock).write_text("numpy==1.0\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return tmp_path, told


def fake(folder):
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()


def test_what_is_needed_is_installed_once_and_anew_when_a_lock_changes(elsewhere):
    folder, told = elsewhere
    install.go_where_it_is_installed("test", ["test"])
    *pips, (python, *command, env) = told
    assert [arguments[-1] for arguments in pips] == [
        "requirements.lock", ".", "requirements-test.lock"]  # fmt: skip
    assert all("--require-hashes" in arguments for arguments in pips[::2])
    assert (python, *command) == (str(install.PYTHON), "-m", "press", "test")
    assert env["PYTHONUTF8"] == "1"
    for changed, expected in ((None, []), ("requirements-test.lock", ["requirements-test.lock"])):
        told.clear()
        if changed:
            (folder / changed).write_text("numpy==1.1\n")
        install.go_where_it_is_installed("test", ["test"])
        assert [arguments[-1] for arguments in told[:-1]] == expected


@pytest.mark.parametrize("pinned, has_it", [
    (f"pytest=={pytest.__version__} ; python_version >= '3' \\\n    --hash=sha256:0", True),
    ("no-such-package==1.0 ; python_version < '3'", True),
    ("pytest==1.0", False),  # another release than the one that is locked
    ("no-such-package==1.0", False),
])  # fmt: skip
def test_a_python_is_taken_as_it_is_if_it_has_each_release_that_is_locked(
    elsewhere, pinned, has_it
):
    """A machine that happens to have pytest, in another release, without all the rest, will not do:
    what it lacks is then missing in the middle of a command."""
    folder, told = elsewhere
    (folder / "requirements.lock").write_text(f"# By make lock.\npytest=={pytest.__version__}\n")
    (folder / "requirements-test.lock").write_text(f"{pinned}\n")
    install.go_where_it_is_installed("test", ["test"])
    assert (folder / ".venv").exists() is not has_it
    pips = 0 if has_it else 3
    assert len(told) == pips + (not has_it)
    assert all(command[0] == str(install.PYTHON) for command in told[pips:])


def test_a_python_that_knows_no_utf_8_goes_on_in_one_that_does_and_installs_nothing(
    elsewhere, monkeypatch
):
    """The first to make `.venv`, in a folder with a Chinese name, has to know the name."""
    folder, told = elsewhere
    monkeypatch.setattr(install, "takes_utf8", lambda: False)
    monkeypatch.setattr(install.locale, "getencoding", lambda: "ANSI_X3.4-1968")
    for made, python in ((False, sys.executable), (True, str(install.PYTHON))):
        told.clear()
        if made:
            fake(install.VENV)
        install.go_where_it_is_installed("test", ["test"])
        [(*command, env)] = told
        assert command == [python, "-m", "press", "test"] and env["PYTHONUTF8"] == "1"
        assert env["LC_ALL"] == "C.UTF-8"  # or Python 3.12 cannot read the name in a .pth file
        assert (folder / ".venv").exists() is made


def test_without_venv_one_is_told_how_to_get_it(elsewhere, monkeypatch):
    folder, told = elsewhere

    def fails(folder, **_):
        folder.mkdir()
        raise subprocess.CalledProcessError(1, ["ensurepip"])

    monkeypatch.setattr(install.venv, "create", fails)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        install.go_where_it_is_installed("book", ["html"])
    assert not (folder / ".venv").exists() and told == []


# What Windows lacks: with it goes forking.
LACKING = """
import os, sys
import multiprocessing.util
for name in ("fork", "forkpty", "killpg", "setsid", "getpgrp", "geteuid"):
    delattr(os, name)
from press import shell
shell.CAN_FORK = False
from press.__main__ import main
main(["html"])
"""


@pytest.mark.slow
def test_a_path_in_chinese_and_a_machine_that_knows_no_utf_8(book):
    """Nor a home, nor what a careful mask would let others read."""
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "HOME": "/nowhere"}
    code, said = book.build(
        "sh", "-c", 'umask 077; exec "$0" -m press html', sys.executable, **bare
    )
    assert code == 0, said
    published = [*(book.folder / "_build" / "html").rglob("*")]
    others = stat.S_IROTH, stat.S_IROTH | stat.S_IXOTH
    assert published and all(
        path.stat().st_mode & others[path.is_dir()] == others[path.is_dir()] for path in published
    )


@pytest.mark.slow
def test_a_machine_that_cannot_fork_builds_the_same_book(book):
    code, said = book.build()  # nothing may have built it yet
    assert code == 0, said
    before = book.files()
    shutil.rmtree(book.folder / "_build")
    code, said = book.build(sys.executable, "-c", LACKING)
    assert code == 0, said
    assert book.files() == before


@pytest.mark.slow
def test_a_build_that_fails_leaves_no_half_of_a_book(book):
    with book.restored():
        book.edit("chapters/small.md", "{glue:text}`x:.3f`", "{nonsense}`x`")
        code, said = book.build()
    assert code == 1, said
    assert {path.name for path in (book.folder / "_build").iterdir()} & {"new", "html.new"} == set()


@pytest.fixture
def served(book):
    """The book, shown by `make serve`: the process, and what asks it for a path."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Whoever runs the tests in the background may have let them ignore Ctrl-C.
    start = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    start += "os.execv(sys.executable, [sys.executable, '-m', 'press', 'serve'])"
    serving = book.start(sys.executable, "-c", start, PORT=str(port))
    with book.restored(), serving, ExitStack() as opened:
        try:
            until(serving, "The book is ready", "Nothing has changed")

            def ask(path):
                connection = opened.enter_context(
                    closing(http.client.HTTPConnection("127.0.0.1", port))
                )
                connection.request("GET", path)
                return opened.enter_context(connection.getresponse())

            ask.port = port
            yield serving, ask
        finally:
            serving.kill()


def until(serving, *words):
    """Read what it says up to a line with one of these words."""
    said = []
    for line in serving.stdout:
        said.append(line)
        if any(word in line for word in words):
            return said
    raise AssertionError("".join(said))


PAGE = "/en/chapters/small.html"


def test_a_page_that_is_served_hears_of_the_next_build(book, served):
    _serving, ask = served
    text = ask(PAGE).read().decode()
    assert text.startswith(book.page("en")) and "location.reload()" in text
    book.edit(*EDIT)
    for _build in range(2):  # the first may have been counted after the page was asked for
        assert EDIT[2] not in text
        waiting = text.partition('new EventSource("')[2].partition('"')[0]
        news = ask(waiting)
        assert news.headers["Content-Type"] == "text/event-stream"
        assert news.readline() == b"data: built\n"
        text = ask(PAGE).read().decode()
        if EDIT[2] in text:
            break
    assert EDIT[2] in text
    assert ask("/en/nowhere.html").status == 404


def test_a_cell_that_fails_is_told_of_and_the_page_before_it_stays(book, served):
    """So it does while the author mends the cell, whatever tabs are closed meanwhile."""
    serving, ask = served
    before = book.page("en")
    waiting = ask(PAGE).read().decode().partition('new EventSource("')[2].partition('"')[0]
    with socket.create_connection(("127.0.0.1", ask.port)) as tab:
        tab.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        tab.sendall(f"GET {waiting} HTTP/1.0\r\n\r\n".encode())
        assert tab.recv(5) == b"HTTP/"  # it waits, and is closed without having read all
    book.edit("chapters/small.md", *BROKEN)
    said = until(serving, "The last good book is still at")
    words = r"small\.md:\d+: WARNING: cell 1, .*, failed: ZeroDivisionError: division by zero"
    assert any(re.search(words, line) for line in said), said
    assert ask(PAGE).read().decode().startswith(before)
    book.edit("chapters/small.md", *BROKEN[::-1])
    book.edit(*EDIT)
    said += until(serving, "The book is ready")
    assert ask(waiting).readline() == b"data: built\n"
    assert EDIT[2] in ask(PAGE).read().decode()
    serving.send_signal(signal.SIGINT)
    said += [*serving.stdout]
    assert serving.wait() == 0 and said[-1] == "The book is no longer shown.\n"
    assert not any("Traceback" in line for line in said)
