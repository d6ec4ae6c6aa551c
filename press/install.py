"""Install what a command needs into `.venv`, as the lock files pin it, and let it go on there.

A Python that has been given all of it already, as another project's environment, is taken as it is.
"""

import hashlib
import locale
import os
import shutil
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# In their order: the lock file, and the groups that it builds on.
GROUPS = {
    "book": ("requirements.lock", ()),
    "test": ("requirements-test.lock", ("book",)),
    "vendor": ("requirements-vendor.lock", ("book",)),
}


def go_where_it_is_installed(group: str, arguments: list[str]) -> None:
    """Return if this Python has what a group needs; else go on in `.venv`, once it has it.

    The group "" needs nothing but a Python that takes text as UTF-8. One that does not installs
    nothing: in a folder with a Chinese name neither venv nor pip would find their way.
    """
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    as_it_is = not group or (not VENV.exists() and has_all_of(group))
    if takes_utf8():
        if not as_it_is:
            if not PYTHON.exists():
                make_environment()
            install(group)
        if inside or as_it_is:
            return
    here = as_it_is or not PYTHON.exists()
    command = [sys.executable if here else str(PYTHON), "-m", "press", *arguments]
    if os.name == "nt":
        sys.exit(subprocess.call(command, env=in_utf8()))
    os.execve(command[0], command, in_utf8())


def takes_utf8() -> bool:
    return bool(sys.flags.utf8_mode)


def in_utf8() -> dict[str, str]:
    """Return an environment in which text is UTF-8, whatever the machine's settings say of it.

    Before 3.13, Python asks the locale alone where its environment names a folder, as this one.
    """
    knows = locale.getencoding().casefold() in {"utf-8", "utf8"}
    return {**os.environ, "PYTHONUTF8": "1", **({} if knows else {"LC_ALL": "C.UTF-8"})}


def has_all_of(group: str) -> bool:
    """Return whether this Python has each release that a group's lock files pin."""
    lock, on = GROUPS[group]
    if not all(map(has_all_of, on)):
        return False
    try:
        from packaging.requirements import Requirement  # the book needs it, so it may be missing

        pins = (line.rstrip(" \\") for line in (ROOT / lock).read_text("utf-8").splitlines())
        return all(
            version(pin.name) in pin.specifier
            for pin in (Requirement(line) for line in pins if line and line[0] not in " #")
            if pin.marker is None or pin.marker.evaluate()
        )
    except ImportError:  # of a package that is not there, too
        return False


def make_environment() -> None:
    print(f"Making {VENV} with Python {sys.version.split()[0]}", flush=True)
    try:
        venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
    except (OSError, ImportError, subprocess.CalledProcessError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            f"{VENV} could not be made: {error}\nThe book needs Python's venv. On Debian: apt "
            "install python3-venv. Or name another Python: make PYTHON=/path/to/python3 html"
        )


def install(group: str) -> None:
    """Install what a lock file pins, and what that of its group builds on, unless it is there."""
    lock, on = GROUPS[group]
    for other in on:
        install(other)
    pinned = hashlib.sha256((ROOT / lock).read_bytes() + (ROOT / "pyproject.toml").read_bytes())
    mark = VENV / f"{group}.installed"
    if mark.exists() and mark.read_text() == pinned.hexdigest():
        return
    pip("--require-hashes", "-r", lock)
    if group == "book":
        pip("--no-deps", "--no-build-isolation", "-e", ".")
    mark.write_text(pinned.hexdigest())


def pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *arguments]
    if subprocess.call(command, cwd=ROOT, env=in_utf8()) != 0:
        sys.exit("What the book needs could not be installed; pip says above why.")


def main() -> None:
    print(f"Installed in {VENV if VENV.exists() else sys.prefix}")
