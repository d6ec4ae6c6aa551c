"""Find a Chromium or Chrome for tests and print, or install one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NAMES += ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
PACKAGES = "chromium", "fonts-noto-cjk"  # Debian's


def find_browser() -> str | None:
    """Return the path of a browser: $BROWSER_PATH, an installed one, or Playwright's own."""
    found = os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_browser() -> None:
    """Install Debian's Chromium when root, else Playwright's own; say what is done."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        commands = [
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-q", "-y", "--no-install-recommends", *PACKAGES],
        ]
    else:
        commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    for command in commands:
        print("No Chromium found; running:", *command, flush=True)
        if subprocess.run(command).returncode != 0:
            return


def main() -> None:
    if find_browser() is None:
        install_browser()
    path = find_browser()
    if path is None:
        sys.exit(
            "The tests and the PDFs need Chromium or Chrome, and none could be installed. "
            "Install one (on Debian: apt install chromium) or set BROWSER_PATH, then try again."
        )
    print(f"Browser: {path}")
