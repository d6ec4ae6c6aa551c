"""Build the book in both languages and publish them together, or not at all.

A build starts from a copy of the last good one, in `_build/new/`, and takes its place only when all
of it has succeeded: `_build/good/` holds what Sphinx needs to go on from there, `_build/html/` what
readers open. So a build that fails, or is stopped at any moment, leaves both as they were.

First the cells of changed chapters run (cells.py). Then Sphinx writes the two languages side by
side, each in a process of its own. If nothing has changed since the last build, neither happens.

A book that is to stand on the web may be told its address: `BOOK_URL=https://example.org/book/`.
Then it has a sitemap, and its pages name their own addresses, as search engines and cards need.
"""

import functools
import hashlib
import importlib
import io
import multiprocessing
import os
import pickle
import re
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

from press import cells, proofread, shell
from press.fresh import cells_folder, drawings_folder, forget_older

ROOT = Path(__file__).parents[1]


BUILD = ROOT / "_build"
NEW, GOOD, HTML = BUILD / "new", BUILD / "good", BUILD / "html"
FINGERPRINT = BUILD / "fingerprint"
LISTING = "listing.txt"  # in `_build/good/`: what it held when it was made
LANGUAGES = {"zh": "中文", "en": "English"}
TAGS = {"zh": "zh-CN", "en": "en"}  # for HTML and for sitemaps

# What Sphinx and the theme leave and no page asks for (see ext/page/stylesheet.py).
UNWANTED = [".buildinfo*", "*.map", "fontawesome*", "bootstrap*", "vendor"]
UNWANTED += ["*webpack-macros.html", "locales"]


def main() -> None:
    url = address()
    started = time.monotonic()
    try:
        BUILD.mkdir(exist_ok=True)
        with only_one_build():
            if not HTML.exists() and (BUILD / "html.old").exists():
                (BUILD / "html.old").rename(HTML)  # a build was stopped between two moves
            packages = beside(listing, Path(sys.prefix))  # there are 20,000 files, or more
            made_of, kept = sources(url), read(FINGERPRINT)
            now, built = fingerprint(made_of), (HTML / "index.html").exists()
            if built and kept.startswith(now) and kept == now + packages():
                print(f"Nothing has changed since the last build. Open {HTML / 'index.html'}")
                return
            build(url)
            publish(url)
            FINGERPRINT.write_text(fingerprint(made_of) + packages())
            forget()
    except OSError as error:
        fail(f"The book could not be written: {reason(error)}.")
    except KeyboardInterrupt:
        fail("The build was stopped.")
    except Exception:
        traceback.print_exc()
        fail("The build broke down; the lines above say where.")
    seconds = time.monotonic() - started
    print(f"The book is ready, after {seconds:.1f} s. Open {HTML / 'index.html'}")


def address() -> str:
    """Return the book's address on the web, with a slash at its end, or "" if none is given."""
    url = os.environ.get("BOOK_URL", "").strip()
    if url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        sys.exit(
            f"BOOK_URL is {url!r}. It should be the address of the book's folder on the web, such "
            "as https://example.org/book/, or be left out."
        )
    return url.rstrip("/") + "/" if url else ""


def reason(error: OSError) -> str:
    """Say what the operating system refused: what it calls the error, and the file."""
    if isinstance(error, shutil.Error):  # a list of files, each with what was said of it
        _source, _target, said = error.args[0][0]
        return str(said)
    return f"{error.strerror}: {error.filename}" if error.filename else str(error)


def fail(message: str) -> None:
    """End the build with a message, and say where the last good book is."""
    book = HTML / "index.html"
    kept = f" The last good book is still at {book}." if book.exists() else ""
    sys.exit(f"\n{message}{kept}")


@contextmanager
def only_one_build() -> Iterator[None]:
    """Wait until no other build is at work in this folder."""
    with open(BUILD / "lock", "w") as lock:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Another build is at work here; waiting for it to end.", flush=True)
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# Has anything changed? ----------------------------------------------------------------------------


def sources(url: str) -> str:
    """Return a hash of the book's own files, of its address and of Python's version."""
    digest = hashlib.sha256(f"{sys.version} {url}".encode())
    for path in files(ROOT, passed_over={"_build", "__pycache__"}):
        if path.suffix != ".mo":  # Sphinx makes them of the .po beside them
            digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def fingerprint(made_of: str) -> str:
    """Return what tells whether these sources have led to the book that is there.

    The book's own files count by their contents; what was built of them, and the installed
    packages, whose listing follows in the file, by the names, sizes and times of their files.
    """
    return "".join(f"{part}\n" for part in (made_of, listing(GOOD), listing(HTML)))


def files(folder: Path, passed_over: set[str]) -> list[Path]:
    """Return the files in a folder and the folders in it, but for hidden ones, sorted."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f not in passed_over and not f.startswith(".")]
        found += [Path(parent, name) for name in names if not name.startswith(".")]
    return sorted(found)


def listing(folder: Path) -> str:
    """Return a hash of the names, sizes and times of the files in a folder."""
    digest, folders = hashlib.sha256(), [str(folder)]
    while folders:
        with suppress(FileNotFoundError), os.scandir(folders.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_dir(follow_symlinks=False):
                    folders += [entry.path] if entry.name != "__pycache__" else []
                elif entry.name != LISTING:
                    about = entry.stat(follow_symlinks=False)
                    line = f"{entry.path[len(str(folder)) :]} {about.st_size} {about.st_mtime_ns}\n"
                    digest.update(line.encode())
    return digest.hexdigest()


def beside(function: Callable[..., str], *arguments: object) -> Callable[[], str]:
    """Let a process work out what a function returns, and return how to get that from it."""
    if not shell.CAN_FORK:
        return functools.cache(partial(function, *arguments))
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)

    def work() -> None:
        shell.end_with_parent()
        sender.send(function(*arguments))

    context.Process(target=work, daemon=True).start()
    sender.close()

    @functools.cache
    def result() -> str:
        try:
            return receiver.recv()
        except EOFError:  # somebody ended it
            return function(*arguments)

    return result


def read(file: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return file.read_text()
    return ""


# Building -----------------------------------------------------------------------------------------


def build(url: str) -> None:
    """Build both languages into `_build/good/`, or exit with what to do."""
    if GOOD.exists() and listing(GOOD) != read(GOOD / LISTING):
        shutil.rmtree(GOOD)  # somebody else has been there
    built = attempt(url)
    if not built and not reads_back(GOOD):
        print("What was kept of the last build is spoiled. Trying again without it.")
        shutil.rmtree(GOOD)
        built = attempt(url)
    if not built:
        fail("The book was not built; the warnings above say why.")
    (NEW / LISTING).write_text(listing(NEW))
    replace(GOOD, by=NEW)


def reads_back(folder: Path) -> bool:
    """Return whether all that Sphinx would read of an earlier build can be read."""
    from sphinx.search import js_index

    readers = {"*.pickle": pickle.loads, "*.doctree": pickle.loads}
    readers["searchindex.js"] = lambda content: js_index.loads(content.decode())
    try:
        for pattern, read_back in readers.items():
            for file in folder.rglob(pattern):
                read_back(file.read_bytes())
    except Exception:  # bytes that mean nothing may raise anything
        return False
    return True


def pages() -> list[Path]:
    """Return the sources of the book's pages."""
    from sphinx.util.matching import get_matching_files

    settings = settings_of_sphinx()
    patterns = settings["include_patterns"], settings["exclude_patterns"]
    return [ROOT / name for name in get_matching_files(ROOT, *patterns)]


def attempt(url: str) -> bool:
    """Build both languages into `_build/new/`, from what the last good build left, or fail."""
    settings, folder = settings_of_sphinx(), cells_folder(ROOT)
    chapters, library = pages(), sorted((ROOT / "gdcore").rglob("[!.]*.py"))
    unreadable = list(proofread.troubles([*library, *chapters, ROOT / "references.bib"]))
    for file, line, trouble in unreadable:
        warn(file, line, trouble)
    if unreadable:
        return False
    waiting = cells.waiting(chapters, folder)
    if waiting:
        shell.warm_up(cells.imported(waiting))  # while this process imports Sphinx
    import_for_both(settings["extensions"])
    shutil.rmtree(NEW, ignore_errors=True)
    NEW.mkdir()
    context = multiprocessing.get_context("fork" if shell.CAN_FORK else "spawn")
    cells_have_run = context.Event()
    processes, said = [], []
    for lang in LANGUAGES:
        receiver, sender = context.Pipe(duplex=False)
        about = (lang, url, cells_have_run, sender)
        processes.append(context.Process(target=build_language, args=about, daemon=True))
        processes[-1].start()
        sender.close()
        said.append(receiver)
    if not run_cells(waiting, folder, settings):
        for process in processes:
            process.kill()
        return False
    cells_have_run.set()
    report([received(receiver) for receiver in said])
    for process in processes:
        process.join()
    return not any(process.exitcode for process in processes)


def import_for_both(extensions: list[str]) -> None:
    """Import what both languages need, once."""
    for module in [*extensions, "sphinx.application", "sphinx.builders.html"]:
        importlib.import_module(module)


def run_cells(chapters: list[Path], folder: Path, settings: dict) -> bool:
    """Run the cells of chapters and say what went wrong where; return whether nothing did."""
    good = True
    for chapter, seconds, troubles in cells.run(chapters, folder, settings):
        name = chapter.relative_to(ROOT).with_suffix("").as_posix()
        if seconds:
            print(f"{name}: its cells took {seconds:.1f} s", flush=True)
        for line, trouble in troubles:
            warn(chapter, line, trouble)
            good = False
    return good


def warn(file: Path, line: int, trouble: str) -> None:
    print(f"{file}:{line}: WARNING: {trouble}", file=sys.stderr, flush=True)


def settings_of_sphinx() -> dict:
    """Return what conf.py says, in either language."""
    from sphinx.config import eval_config_file
    from sphinx.util.tags import Tags

    return eval_config_file(ROOT / "conf.py", Tags())


def build_language(lang: str, url: str, cells_have_run, sender) -> None:
    """Build one language into `_build/new/`, and send what there is to say; a process's work."""
    from sphinx.application import Sphinx
    from sphinx.util.console import nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    shell.end_with_parent()
    nocolor()
    folder, log, result = NEW / lang, io.StringIO(), 1
    try:
        if GOOD.exists():
            unneeded = shutil.ignore_patterns("jupyter_execute")
            shutil.copytree(GOOD / lang, folder, ignore=unneeded)
        folder.mkdir(exist_ok=True)
        with patch_docutils(ROOT), docutils_namespace():
            app = Sphinx(
                ROOT,
                ROOT,
                folder / "html",
                folder / "doctrees",
                "html",
                confoverrides={"html_baseurl": urljoin(url, f"{lang}/")} if url else {},
                status=None,
                warning=log,
                warningiserror=True,
                tags=[lang],
            )
            cells_have_run.wait()
            app.build()
            result = app.statuscode
    except OSError as error:
        print(f"The book could not be written: {reason(error)}.", file=log)
    except Exception:
        traceback.print_exc(file=log)
    sender.send(log.getvalue())
    sys.exit(result)


def received(receiver) -> str:
    try:
        return receiver.recv()
    except EOFError:
        return "A process that built a language was ended from outside."


def report(said: list[str]) -> None:
    """Print the warnings of both languages, each once, with what to do."""
    for line in dict.fromkeys(line for text in said for line in text.splitlines()):
        print(proofread.with_advice(line), file=sys.stderr, flush=True)


# Publishing ---------------------------------------------------------------------------------------


def publish(url: str) -> None:
    """Let the finished languages replace `_build/html/`."""
    new = BUILD / "html.new"
    shutil.rmtree(new, ignore_errors=True)
    for lang in LANGUAGES:
        pages = GOOD / lang / "html"
        unwanted = shutil.ignore_patterns(*UNWANTED)
        shutil.copytree(pages, new / lang, copy_function=link, ignore=unwanted)
    write_front_pages(new, url)
    if url:
        write_sitemap(new, url)
    replace(HTML, by=new)


def link(source: str, target: str) -> None:
    """Let a file stand in two places; where the file system cannot do that, copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def replace(folder: Path, by: Path) -> None:
    """Put one folder in another's place. A stop between the moves leaves the old one beside it."""
    old = folder.with_suffix(".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    by.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def write_front_pages(html: Path, url: str) -> None:
    """Write the page that leads to either language, and the one for missing addresses."""
    import jinja2

    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "_templates"))
    for template, name in {"choose-language": "index", "not-found": "404"}.items():
        page = templates.get_template(f"{template}.html")
        text = page.render(url=url, root=urlsplit(url).path or "/")
        (html / f"{name}.html").write_text(text, encoding="utf-8")


def write_sitemap(html: Path, url: str) -> None:
    """Name every page that has a source, each with its translations, for search engines."""
    xhtml = "http://www.w3.org/1999/xhtml"
    ElementTree.register_namespace("xhtml", xhtml)
    sitemap = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for page in sorted(pages()):
        name = page.relative_to(ROOT).with_suffix(".html").as_posix()
        versions = {TAGS[lang]: urljoin(url, f"{lang}/{name}") for lang in LANGUAGES}
        if name == "index.html":
            versions["x-default"] = url  # the page that leads to either language
        for version in versions.values():
            entry = ElementTree.SubElement(sitemap, "url")
            ElementTree.SubElement(entry, "loc").text = version
            for lang, href in versions.items():
                link = {"rel": "alternate", "hreflang": lang, "href": href}
                ElementTree.SubElement(entry, f"{{{xhtml}}}link", link)
    ElementTree.indent(sitemap)
    ElementTree.ElementTree(sitemap).write(html / "sitemap.xml", "utf-8", xml_declaration=True)
    robots = f"User-agent: *\nDisallow:\n\nSitemap: {urljoin(url, 'sitemap.xml')}\n"
    (html / "robots.txt").write_text(robots, encoding="utf-8")


def forget() -> None:
    """Remove what earlier builds have kept and no page needs: outputs of cells, drawings, cards."""
    cells.forget(pages(), cells_folder(ROOT))
    if (drawings := drawings_folder(ROOT)).exists():
        forget_older(drawings)
    shown = {card.read_bytes() for card in GOOD.glob("*/html/_cards/**/*.png")}
    for card in (BUILD / "cards").glob("*"):
        if card.read_bytes() not in shown:
            card.unlink()
