"""Run the cells of chapters, as many chapters at once as there are cores, and keep what they print.

Each chapter has a kernel of its own (kernels.py). What it printed and drew goes into the cache of
MyST-NB, where both languages find it. A chapter that fails stops no other.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from fresh import hash_of_reading

CELL = re.compile(r"^(```+)\{code-cell\}.*?^\1", flags=re.MULTILINE | re.DOTALL)


class Kept:
    """Which chapters' cells have run, by a hash of the cells: a file beside MyST-NB's own cache.

    It tells in a moment what that cache would tell after reading each chapter. The extensions
    count, too, for one of them may put cells into a page.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "kept.json"
        self.hashes: set[str] = set()
        self.reading = hash_of_reading()
        with suppress(OSError, ValueError):
            self.hashes = set(json.loads(self.file.read_text(encoding="utf-8")))

    def hash_of(self, chapter: Path) -> str:
        text = chapter.read_text(encoding="utf-8")
        code = "\n".join(cell[0] for cell in CELL.finditer(text))
        return hashlib.sha256(f"{self.reading} {code}".encode()).hexdigest()

    def forget(self) -> None:
        """Let each be looked at again; what the cache holds in good order is not run again."""
        self.file.unlink(missing_ok=True)

    def __contains__(self, chapter: Path) -> bool:
        return self.hash_of(chapter) in self.hashes

    def add(self, cells_hash: str) -> None:
        self.hashes.add(cells_hash)
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(sorted(self.hashes)), encoding="utf-8")
        new.replace(self.file)


def waiting(chapters: list[Path], folder: Path) -> list[Path]:
    """Return the chapters whose cells are not known to have run."""
    kept = Kept(folder)
    return [chapter for chapter in chapters if chapter not in kept]


def run(chapters: list[Path], folder: Path, settings: dict) -> Iterator[tuple[Path, float, list]]:
    """Run the cells of chapters, and yield each as it is done.

    Parameters
    ----------
    chapters : list of Path
        Their sources.
    folder : Path
        The cache of MyST-NB; what it holds already is not run again.
    settings : dict
        Those of conf.py: ``nb_execution_timeout`` and ``myst_enable_extensions``.

    Yields
    ------
    tuple
        The chapter, the seconds its cells took, and its troubles, each as (line, what happened).
        A chapter whose cells need no run is not yielded.
    """
    from catalogue import expanded
    from cell_errors import run_cells, troubles
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn
    from myst_nb.core.config import NbParserConfig
    from myst_nb.core.read import create_nb_reader
    from myst_parser.config.main import MdParserConfig
    from nbclient.exceptions import DeadKernelError

    syntax = MdParserConfig(enable_extensions=set(settings["myst_enable_extensions"]))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        get_cache(folder).list_cache_records()
    except Exception:  # spoiled
        shutil.rmtree(folder)
        folder.mkdir()
    kept, cache = Kept(folder), get_cache(folder)

    def in_cache(notebook) -> bool:
        try:
            cache.merge_match_into_notebook(notebook)
        except Exception:  # missing, or spoiled
            return False
        return True

    def execute(notebook) -> tuple[float, str | None]:
        with TemporaryDirectory() as cwd:
            try:
                result = run_cells(
                    notebook, cwd=cwd, timeout=settings["nb_execution_timeout"], allow_errors=False
                )
            except DeadKernelError as error:
                return 0.0, type(error).__name__
        return result.time, type(result.err).__name__ if result.err else None

    todo = []
    for chapter in chapters:
        text = expanded(chapter.read_text(encoding="utf-8"))
        reader = create_nb_reader(str(chapter), syntax, NbParserConfig(), text)
        if reader is None:  # a page without cells
            kept.add(kept.hash_of(chapter))
            continue
        notebook = reader.read(text)
        if in_cache(notebook):
            kept.add(kept.hash_of(chapter))
        else:
            todo.append((chapter, kept.hash_of(chapter), notebook))
    todo.sort(key=lambda job: -sum(len(cell.source) for cell in job[2].cells))  # long ones first
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {pool.submit(execute, notebook): job for job in todo for notebook in [job[2]]}
        for done in as_completed(jobs):
            (chapter, cells_hash, notebook), (seconds, error) = jobs[done], done.result()
            if error is None:
                data = {"execution_seconds": seconds}
                cache.cache_notebook_bundle(
                    CacheBundleIn(notebook, str(chapter), data=data),
                    check_validity=False,
                    overwrite=True,
                )
                kept.add(cells_hash)
            yield chapter, seconds, list(troubles(notebook, error)) if error else []
