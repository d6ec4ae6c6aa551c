"""Test the book: all that it is and does, its library alone, or what takes long."""

import subprocess
import sys

from press import browser, build
from press.install import ROOT

# As many tests at once as there are processors; each process has a browser of its own.
PYTEST = ("-m", "pytest", "-rs", "--numprocesses", "logical", "--maxprocesses", "8", "--dist")
# A file at a time what takes long, for what a file prints or builds is for all of its tests.
TESTS = {
    "test": ("worksteal", "-m", "not slow"),
    "test-gdcore": ("worksteal", "-m", "not slow", "gdcore", "tests/library"),
    "test-slow": ("loadfile", "-m", "slow"),
}


def main(name: str) -> None:
    if name != "test-gdcore":
        build.main()
        browser.main()
    sys.exit(subprocess.call([sys.executable, *PYTEST, *TESTS[name]], cwd=ROOT))
