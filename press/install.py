"""Install what a command needs into `.venv`, as the lock files pin it, and let it go on there.

A Python that has been given all of it already, as another project's environment, is taken as it is.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# In their order: the lock file, the groups that it builds on, and a package that tells it is there.
GROUPS = {
    "book": ("requirements.lock", (), "myst_nb"),
    "test": ("requirements-test.lock", ("book",), "pytest"),
    "vendor": ("requirements-vendor.lock", ("book",), "fontTools"),
}
# Text is UTF-8, whatever the machine's settings say of it.
UTF8 = {"PYTHONUTF8": "1"}


def go_where_it_is_installed(group: str, arguments: list[str]) -> None:
    """Return if this Python has what a group needs; else go on in `.venv`, once it has it."""
    package = GROUPS[group][-1]
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    as_it_is = not VENV.exists() and find_spec(package) is not None
    if not as_it_is:
        if not PYTHON.exists():
            make_environment()
        install(group)
    if (inside or as_it_is) and sys.flags.utf8_mode:
        return
    command = [sys.executable if as_it_is else str(PYTHON), "-m", "press", *arguments]
    environment = {**os.environ, **UTF8}
    if os.name == "nt":
        sys.exit(subprocess.call(command, env=environment))
    os.execve(command[0], command, environment)


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
    lock, on, _package = GROUPS[group]
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
    if subprocess.call(command, cwd=ROOT) != 0:
        sys.exit("What the book needs could not be installed; pip says above why.")


def main() -> None:
    print(f"Installed in {VENV if VENV.exists() else sys.prefix}")
