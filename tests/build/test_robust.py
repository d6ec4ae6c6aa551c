"""Builds that are killed, run out of room, or find spoiled files: nothing is lost, and the next
build is right. Right means: byte for byte the book that a fresh folder gives."""

import os
import random
import select
import signal
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from tests.support.small_book import SmallBook

pytestmark = pytest.mark.slow
EDIT = ("chapters/small.md", "parabola, GradientDescent(0.2)", "parabola, GradientDescent(0.1)")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A small book, and what its pages are before and after an edit."""
    book = SmallBook(tmp_path_factory.mktemp("robust") / "book")
    code, said = book.build()
    assert code == 0, said
    book.before = book.files()
    with book.restored():
        book.edit(*EDIT)
        code, said = book.build()
        assert code == 0, said
        book.after = book.files()
    assert book.before != book.after
    book.build()
    assert book.files() == book.before
    return book


@pytest.fixture
def book(built):
    with built.restored():
        yield built
    built.build()


def mine(mark):
    """The processes that a build with this mark in its environment has started, and it itself."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("BOOK_MARK") == mark:
                found.append(process)
        except psutil.Error:
            continue
    return found


def gone(mark, seconds=15):
    """Wait for the processes with this mark to end; return those that do not."""
    deadline = time.monotonic() + seconds
    while (left := mine(mark)) and time.monotonic() < deadline:
        psutil.wait_procs(left, timeout=1)
    return left


# Put where Python looks first: the build is killed when one of its processes is about to make its
# n-th change to the disk, or its n-th of one kind.
KILLED = """
import atexit, os, signal, sys

kind, at = os.environ["KILL_AT"].split()
main = int(os.environ.setdefault("KILL_WHOM", str(os.getpid())))
changes = 0


def look(event, given):
    global changes
    if event == "open":
        change = isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
    else:
        change = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link")
    if change and kind in ("any", event):
        changes += 1
        if changes == int(at):
            os.kill(main, signal.SIGKILL)


sys.addaudithook(look)


@atexit.register
def tell():
    if os.getpid() == main:
        print("changes:", changes)
"""


def test_a_build_killed_at_any_moment_loses_nothing(book, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(KILLED, encoding="utf-8")
    path = f"{book.folder}{os.pathsep}{tmp_path}"
    book.edit(*EDIT)
    code, said = book.build(KILL_AT="any 0", PYTHONPATH=path)
    assert code == 0, said
    changes = int(said.split("changes:")[1])
    some = random.Random(7).sample(range(1, changes), 6)
    moments = [*(f"any {n}" for n in some), *(f"os.rename {n}" for n in (4, 3, 2, 1))]
    killed = 0
    for pair, edited in zip(
        (moments[k : k + 2] for k in range(0, 10, 2)), cycle([False, True])
    ):  # back and forth
        book.edit("chapters/small.md", *(EDIT[1:] if edited else EDIT[:0:-1]))
        for moment in pair:  # a killed build is followed by another killed one
            mark = f"killed-{os.getpid()}-{moment}"
            process = book.start(BOOK_MARK=mark, KILL_AT=moment, PYTHONPATH=path)
            said, _ = process.communicate()
            assert process.returncode == -signal.SIGKILL or "Nothing has changed" in said, said
            killed += process.returncode == -signal.SIGKILL
            assert book.files() in (book.before, book.after) or not book.files()
            assert gone(mark) == []
        code, said = book.build()
        assert code == 0, said
        assert book.files() == (book.after if edited else book.before)
    assert killed >= 8  # after the last move of all there is nothing left to do


def test_a_kernel_ends_with_its_build(book, tmp_path):
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    heard = os.open(begun, os.O_RDONLY | os.O_NONBLOCK)
    book.add_chapter("slow", f"open({str(begun)!r}, 'w').write('now')\nwhile True:\n    pass")
    mark = f"slow-{os.getpid()}"
    process = book.start(BOOK_MARK=mark)
    told, _, _ = select.select([heard], [], [], 120)  # a kernel has begun to run the cell
    assert told and process.poll() is None
    process.kill()
    process.communicate()
    os.close(heard)
    assert gone(mark) == []
    assert book.files() == book.before


# As a shell starts it: of a group of its own, which hears Ctrl-C.
IN_A_GROUP = """
import os, signal, sys
os.setsid()
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, "-m", "press", "html"])
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_build_that_is_stopped_leaves_nothing_where_the_system_keeps_what_is_temporary(
    book, tmp_path, number
):
    """Its group is stopped at once, while a cell runs: nobody is left to tidy up but the next."""
    kept, begun = tmp_path / "temporary", tmp_path / "begun"
    kept.mkdir()
    os.mkfifo(begun)
    heard = os.open(begun, os.O_RDONLY | os.O_NONBLOCK)
    tell = f"import os\nopen({str(begun)!r}, 'w').write(os.getcwd())"
    book.add_chapter("slow", f"{tell}\nwhile True:\n    pass")
    mark = f"stopped-{os.getpid()}-{number}"
    command = sys.executable, "-c", IN_A_GROUP
    process = book.start(*command, BOOK_MARK=mark, TMPDIR=str(kept))
    told, _, _ = select.select([heard], [], [], 120)
    assert told and process.poll() is None
    work = os.read(heard, 4096).decode()
    os.close(heard)
    os.killpg(process.pid, number)
    process.communicate()
    assert gone(mark) == []
    assert [*kept.iterdir()] == []
    at_work = book.folder / "_build" / "at-work"
    assert at_work in Path(work).parents
    (book.folder / "chapters" / "slow.md").unlink()
    book.edit("index.md", "chapters/slow\n", "")
    book.edit(*EDIT)
    code, said = book.build(TMPDIR=str(kept))
    assert code == 0, said
    assert [*kept.iterdir()] == [] and [*at_work.rglob("*")] == []


def spoil(*patterns, keep=0.5, then=b""):
    """Cut files of `_build` short, and go on with other bytes."""

    def cut(folder):
        for pattern in patterns:
            paths = [path for path in folder.glob(pattern) if path.is_file()]
            assert paths, pattern
            for path in paths:
                path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)] + then)

    return cut


def rot(*patterns):
    """Change a byte in the middle of files, which keep their sizes and their times."""

    def change(folder):
        for pattern in patterns:
            for path in (path for path in folder.glob(pattern) if path.is_file()):
                content, times = bytearray(path.read_bytes()), path.stat()
                content[len(content) // 2] ^= 1
                path.write_bytes(content)
                os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    return change


DAMAGE = {
    "a page": spoil("html/zh/chapters/small.html"),
    "what Sphinx keeps": spoil("good/zh/doctrees/environment.pickle"),
    "a doctree": rot("good/en/doctrees/index.doctree"),
    "all doctrees": rot("good/*/doctrees/**/*.doctree"),
    "the search index": rot("good/zh/html/searchindex.js"),
    "a page that is not written again": rot("good/en/html/index.html"),
    "outputs of cells": spoil("cells/*.json"),
    "outputs that are no text": spoil("cells/*.json", keep=0, then=b"\x80\xff{"),
    "outputs that are another text": spoil("cells/*.json", keep=0, then=b"[]"),
    "everything": spoil("**/*", keep=0.3),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_spoiled_files_are_made_anew(book, damage):
    book.edit("chapters/small.md", "The final", "The spoiled")  # so that its outputs are looked up
    DAMAGE[damage](book.folder / "_build")
    code, said = book.build()
    assert code == 0, said
    book.edit("chapters/small.md", "The spoiled", "The final")
    code, said = book.build()
    assert code == 0, said
    assert book.files() == book.before


# What an extension might do with an author's mistake: it raises, and says nothing of a file.
RAISES = """

def setup(app):
    app.connect("source-read", lambda app, page, text: 1 / ("A mistake" not in text[0]))
"""


def test_an_authors_mistake_spoils_nothing_and_is_tried_once(book):
    with (book.folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(RAISES)
    code, said = book.build()
    assert code == 0, said
    good = book.folder / "_build" / "good"
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in good.rglob("*")}
    book.edit("chapters/small.md", "The final", "A mistake: the final")
    code, said = book.build()
    assert code != 0 and "ZeroDivisionError" in said and "Trying again" not in said, said
    after = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in good.rglob("*")}
    assert after == before
    book.edit("chapters/small.md", "A mistake: the final", "The final")
    code, said = book.build()
    assert code == 0 and "cells: " not in said, said
    assert book.files() == book.before


def test_a_page_changed_by_hand_is_put_right(book):
    page = book.folder / "_build/html/en/chapters/small.html"
    page.write_text("by hand", encoding="utf-8")
    code, said = book.build()
    assert code == 0, said
    assert book.files() == book.before


def test_two_builds_at_once_take_turns(book):
    book.edit(*EDIT)
    builds = [book.start(), book.start()]
    said = [build.communicate()[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], said
    assert sum("Another build is at work here" in text for text in said) == 1
    assert sum("Nothing has changed" in text for text in said) == 1
    assert book.files() == book.after


# A build that takes Ctrl-C, also where the tests run in the background and take none.
HEARS_CTRL_C = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from press.__main__ import main
main(["html"])
"""


def test_a_build_that_is_stopped_while_it_waits_leaves_the_other_ones_work(book):
    theirs = book.folder / "_build" / "new" / "theirs"
    with FileLock(book.folder / "_build" / "lock"):  # as the other build holds it
        theirs.mkdir(parents=True)
        build = book.start(sys.executable, "-c", HEARS_CTRL_C)
        assert any("Another build is at work here" in line for line in build.stdout)
        build.send_signal(signal.SIGINT)
        said, _ = build.communicate()
        assert build.returncode == 1 and "The build was stopped" in said
        assert theirs.exists()


# A file system of its own: full, or not to be written to. Needs Linux, and root or user namespaces.
OWN_DISK = """
set -e
mkdir -p disk
mount -t tmpfs -o size=200m tmpfs disk
cp -a book/. disk
cd disk
{trouble}
set +e
PYTHONPATH=$PWD {python} -m press html
echo "exit code $?"
set -e
{mended}
test -z "$(find . -maxdepth 1 -name full)" || rm full
diff -r _build/html ../book/_build/html && echo "the last good book is there"
PYTHONPATH=$PWD {python} -m press html
PYTHONPATH=$PWD {python} -c "from press import build; print(build.HTML)"
cp -a _build/html/. ../next
"""
TROUBLES = {
    "a full disk": ("cat /dev/zero > full || true", "", "No space left on device"),
    "a disk that is read only": ("mount -o remount,ro .", "mount -o remount,rw .", "Read-only"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a file system as only Linux can")
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_disk_that_takes_nothing(book, trouble):
    book.edit(*EDIT)
    spoiled, mended, reason = TROUBLES[trouble]
    following = book.folder.parent / "next"
    following.mkdir(exist_ok=True)
    script = OWN_DISK.format(trouble=spoiled, mended=mended, python=sys.executable)
    run = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", script],
                         cwd=book.folder.parent, text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT)  # fmt: skip
    assert run.returncode == 0, run.stdout
    assert "exit code 1" in run.stdout and reason in run.stdout
    assert "The last good book is still at" in run.stdout
    assert "Traceback" not in run.stdout
    assert "the last good book is there" in run.stdout
    made = {p.relative_to(following): p.read_bytes() for p in following.rglob("*") if p.is_file()}
    assert made == book.after
