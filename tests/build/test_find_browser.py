"""Without a browser the tests do not pass silently: they say what to do."""

import os
import subprocess
import sys

import pytest

from press import checks


@pytest.mark.slow
def test_no_browser_to_be_had_is_a_failure_that_says_what_to_do(tmp_path):
    env = {
        "PATH": str(tmp_path),  # neither a browser nor an installer on it
        "HOME": str(tmp_path),
        "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path),
        "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",  # where nobody answers
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }
    run = subprocess.run([sys.executable, "-m", "press", "browser"], env=env,
                         capture_output=True, text=True)  # fmt: skip
    assert run.returncode != 0
    assert "The tests and the PDFs need Chromium or Chrome" in run.stderr
    assert "apt install chromium" in run.stderr and "BROWSER_PATH" in run.stderr


def test_a_browser_that_is_named_is_used(monkeypatch):
    from press.browser import find_browser

    monkeypatch.setenv("BROWSER_PATH", "/somewhere/chrome")
    assert find_browser() == "/somewhere/chrome"


@pytest.mark.parametrize("missing", [checks.FIREFOX, checks.WEBKIT, checks.SCREEN], ids=" ".join)
def test_without_another_browser_nothing_is_tested_and_what_to_install_is_said(
    tmp_path, monkeypatch, missing
):
    for names in {checks.FIREFOX, checks.WEBKIT, checks.SCREEN} - {missing}:
        (tmp_path / names[-1]).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as stopped:
        checks.main("test-browsers")
    said = str(stopped.value)
    assert missing[0] in said and "apt install firefox-esr webkit2gtk-driver xvfb" in said
