"""Build the book in both languages and publish them together, or not at all.

A build starts from a copy of the last good one, in `_build/new/`, and takes its place only when all
of it has succeeded: `_build/good/` holds what Sphinx needs to go on from there, `_build/html/` what
readers open. So a build that fails, or is stopped at any moment, leaves both as they were.

First the sources are proofread, then the cells of changed chapters run (cells.py), then Sphinx
writes the two languages side by side, each in a process of its own, and both are published. If
nothing has changed since the last build, none of that happens, nor is what it needs imported.
"""

import gc
import importlib
import io
import os
import shutil
import sys
import sysconfig
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from press import progress, shell
from press.fresh import BOOK, ROOT, hash_of, libraries

BUILD = ROOT / "_build"
NEW, GOOD, HTML = BUILD / "new", BUILD / "good", BUILD / "html"
FINGERPRINT = BUILD / "fingerprint"  # of what has led to the book that is there, and of that book
STATE = ".state"  # in `_build/good/`: a hash of what it held when it was made
CONF = ROOT / "conf.py"
NOT_BUILT = "The book was not built; the warnings above say why."


def main() -> None:
    started = time.monotonic()
    os.umask(0o022)  # all may read the book, a server too
    os.environ.update(shell.ENVIRONMENT)  # before anything is imported that looks there
    try:
        BUILD.mkdir(exist_ok=True)
        with lock():
            if not HTML.exists() and (BUILD / "html.old").exists():
                (BUILD / "html.old").rename(HTML)  # a build was stopped between two moves
            made_of = sources()
            if (HTML / "index.html").exists() and read(FINGERPRINT) == made_of + state_of(HTML):
                print(f"Nothing has changed since the last build. Open {HTML / 'index.html'}")
                return
            try:
                build()
            finally:  # while no other build is at work
                for half in (NEW, HTML.with_suffix(".new")):  # which may fill the disk
                    shutil.rmtree(half, ignore_errors=True)
            FINGERPRINT.write_text(made_of + state_of(HTML))
    except KeyboardInterrupt:
        fail("The build was stopped.")
    except Exception as error:
        fail(explained(error))
    seconds = time.monotonic() - started
    print(f"The book is ready, after {seconds:.1f} s. Open {HTML / 'index.html'}")


def lock() -> AbstractContextManager:
    """Wait until no other build is at work in this folder, and let none begin within."""
    file = FileLock(BUILD / "lock")
    try:
        return file.acquire(timeout=0)
    except Timeout:
        print("Another build is at work here; waiting for it to end.", flush=True)
        return file.acquire()


# Messages -----------------------------------------------------------------------------------------


def fail(message: str) -> None:
    """End the build with a message, and say where the last good book is."""
    progress.clear()
    book = HTML / "index.html"
    kept = f" The last good book is still at {book}." if book.exists() else ""
    sys.exit(f"\n{message}{kept}")


def explained(error: Exception) -> str:
    """Say what went wrong: in conf.py or a library with its line, elsewhere with a traceback."""
    if isinstance(error, OSError):
        of_many = isinstance(error, shutil.Error)  # files, each with what was said of it
        return f"The book could not be written: {error.args[0][0][2] if of_many else error}."
    raised = error.__cause__ or error  # Sphinx wraps what conf.py raises
    frames = traceback.extract_tb(raised.__traceback__)
    places = [(frame.filename, frame.lineno) for frame in frames]
    if isinstance(raised, SyntaxError):
        places.append((raised.filename, raised.lineno))
    for file, line in reversed(places):
        if Path(file) == CONF or {*libraries()} & {*Path(file).parents}:
            said = f"{file}:{line}: WARNING: {type(raised).__name__}: {raised}"
            return f"{said}; mend that line.\nThe book was not built; the line above says why."
    said = "".join(traceback.format_exception(error))
    return f"{said}\nThe build broke down; the lines above say where."


# Has anything changed? ----------------------------------------------------------------------------


def sources() -> str:
    """Return where the book lies, its address on the web and a hash of its own files."""
    return f"{ROOT} {os.environ.get('BOOK_URL')} {hash_of(ROOT, *BOOK)}"


def state_of(folder: Path) -> str:
    """Return a hash of what a folder holds, and the installed packages, which read and write it."""
    packages = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    return f"{hash_of(folder, '**/*')} {sorted(info.name for info in packages)}"


def read(file: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return file.read_text()
    return ""


# Building -----------------------------------------------------------------------------------------


def build() -> None:
    """Build both languages and publish them, or exit with what to do."""
    if GOOD.exists() and state_of(GOOD) != read(GOOD / STATE):
        print("What was kept of the last build is not as it was; building without it.")
        shutil.rmtree(GOOD)
    from press import proofread
    from press.publish import address, publish, replace

    url = address()
    settings = settings_of_sphinx()
    from press import cells  # when conf.py has been found to be right

    pages = pages_of(settings)
    check(proofread.troubles([ROOT / "references.bib", *pages]))
    check(cells.run(cells.texts_of(pages), settings))
    write_pages(url)
    (NEW / STATE).write_text(state_of(NEW))
    replace(GOOD, by=NEW)
    names = [page.relative_to(ROOT).with_suffix("").as_posix() for page in pages]
    publish(GOOD, HTML, url, names, settings["BOOK"])


def check(troubles: Iterable[tuple[Path, int, str]]) -> None:
    """Say what is wrong in files, and where; exit if anything is."""
    good = True
    for file, line, trouble in troubles:
        good = False
        progress.clear()
        print(f"{file}:{line}: WARNING: {trouble}", file=sys.stderr, flush=True)
    if not good:
        fail(NOT_BUILT)


def settings_of_sphinx() -> dict:
    """Return what conf.py says, in either language, with its extensions imported, once for both."""
    from sphinx.config import eval_config_file
    from sphinx.util.tags import Tags

    settings = eval_config_file(CONF, Tags())
    check(missing(settings["extensions"]))
    return settings


def missing(extensions: list[str]) -> Iterator[tuple[Path, int, str]]:
    """Import extensions, and yield where conf.py names one that is not there."""
    for name in extensions:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            line = CONF.read_text("utf-8").partition(f'"{name}"')[0].count("\n") + 1
            yield CONF, line, f"{error}, for the extension {name}; mend its name, or install it"


def pages_of(settings: dict) -> list[Path]:
    """Return the sources of the book's pages."""
    from sphinx.util.matching import get_matching_files

    patterns = settings["include_patterns"], settings["exclude_patterns"]
    return sorted(ROOT / name for name in get_matching_files(ROOT, *patterns))


def write_pages(url: str) -> None:
    """Let Sphinx write both languages into `_build/new/`, from what the last good build left."""
    from press import proofread
    from press.ext.language.bilingual import LANGUAGES

    shutil.rmtree(NEW, ignore_errors=True)
    at_work = [shell.Worker(write_language, lang, url) for lang in LANGUAGES]
    said: dict[str, None] = {}  # in order, and once what both say
    try:
        for process in at_work:
            said |= dict.fromkeys(process.hear())
    except EOFError as how:
        fail(f"A process that wrote a language was ended {how}.")
    finally:
        for process in at_work:
            process.end()
    progress.clear()
    for line in said:
        print(proofread.with_advice(line), file=sys.stderr, flush=True)
    if said:
        fail(NOT_BUILT)


def write_language(lang: str, url: str, sender) -> None:
    """Write one language into `_build/new/`, and send its warnings; a process's work."""
    from sphinx.application import Sphinx
    from sphinx.util.console import nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    def tell(doing: str) -> None:
        progress.say(f"pages: {lang}, {doing}")

    nocolor()
    gc.set_threshold(1_000_000)  # by 700, the usual, looking for garbage takes a fifth of the time
    folder, log = NEW / lang, io.StringIO()
    try:
        if GOOD.exists():
            shutil.copytree(GOOD / lang, folder, ignore=shutil.ignore_patterns("jupyter_execute"))
        settings = {"html_baseurl": f"{url}{lang}/"} if url else {}
        places = ROOT, ROOT, folder / "html", folder / "doctrees"
        with patch_docutils(ROOT), docutils_namespace():
            app = Sphinx(*places, "html", settings, status=None, warning=log, tags=[lang])
            on = app.connect
            on("env-before-read-docs", lambda app, env, pages: tell(f"reading {len(pages)}"))
            on("write-started", lambda app, builder: tell("writing"))
            app.build()
    except Exception as error:
        print(explained(error), file=log)
    sender.send(log.getvalue().splitlines())
