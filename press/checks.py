"""Test the book: one of each thing that it does, its library alone, the rest, or other browsers."""

import shutil
import subprocess
import sys

from press import browser, build
from press.install import ROOT

# As many tests at once as there are processors; each process has a browser of its own.
PYTEST = ("-m", "pytest", "-rs", "--numprocesses", "logical", "--maxprocesses", "8", "--dist")
# A file at a time what takes long, for what a file prints or builds is for all of its tests.
TESTS = {
    "test": ("worksteal", "-m", "not slow and not browsers"),
    "test-gdcore": ("worksteal", "-m", "not slow", "gdcore", "tests/library"),
    "test-slow": ("loadfile", "-m", "slow"),
    "test-browsers": ("loadfile", "-m", "browsers"),
}
FIREFOX, WEBKIT, SCREEN = ("firefox", "firefox-esr"), ("WebKitWebDriver",), ("Xvfb",)


def found(*names: str) -> str:
    """Return the path of a program that has one of these names."""
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise FileNotFoundError(
            f"The tests in other browsers need {names[0]}, which was not found. On Debian: "
            "apt install firefox-esr webkit2gtk-driver xvfb"
        )
    return path


def main(name: str) -> None:
    if name == "test-browsers":
        try:
            for names in (FIREFOX, WEBKIT, SCREEN):
                found(*names)
        except FileNotFoundError as missing:
            sys.exit(str(missing))
    if name != "test-gdcore":
        build.main()
        browser.main()
    sys.exit(subprocess.call([sys.executable, *PYTEST, *TESTS[name]], cwd=ROOT))
