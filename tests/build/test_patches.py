"""What is patched in others' code still needs it: each fault is there without its patch.

Where a test of this file fails after an upgrade, upstream has mended the fault: delete the patch.
"""

import os
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml

from tests.support.book import ROOT
from tests.support.tiers import few

MENDED = "upstream has mended it: delete press/ext/patches/{}.py, its line in conf.py and this test"


def sphinx(folder, *extensions, settings="", **pages):
    """Build a little book with Sphinx and these extensions; return what it warned of."""
    conf = f"extensions = {list(extensions)!r}\nhtml_theme = 'basic'\n{settings}\n"
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    for name, text in pages.items():
        (folder / name).with_suffix(".md").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", ".", "_build"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    run = subprocess.run(command, cwd=folder, env=env, text=True, capture_output=True)
    assert run.returncode == 0, run.stderr
    return run.stderr


TITLE = "# One\n\n:::{admonition} A {nosuch}`role`\nText.\n:::\n"
COLONS = "myst_enable_extensions = ['colon_fence']"


@pytest.mark.parametrize(("patches", "line"), [((), 4), (("press.ext.patches.role_lines",), 3)])
def test_role_lines(tmp_path, patches, line):
    said = sphinx(tmp_path, "myst_parser", *patches, settings=COLONS, index=TITLE)
    assert f"index.md:{line}: " in said and "nosuch" in said, MENDED.format("role_lines") + said


ENTRY = "# Two\n\n```{index} zyzzyva\n```\n\nText.\n"
LIST = "# One\n\n```{toctree}\ntwo\n```\n\n"


@pytest.mark.parametrize("patches", [(), ("press.ext.patches.search_entries",)])
def test_search_entries(tmp_path, patches):
    index = tmp_path / "_build" / "searchindex.js"
    sphinx(tmp_path, "myst_parser", *patches, index=f"{LIST}Aardvark.\n", two=ENTRY)
    first = index.read_text(encoding="utf-8")
    sphinx(tmp_path, "myst_parser", *patches, index=f"{LIST}Buffalo.\n")
    second = index.read_text(encoding="utf-8")
    assert "zyzzyva" in first and "aardvark" in first and "buffalo" in second
    kept = ("zyzzyva" in second, "aardvark" in second)  # an entry to keep, a word to forget
    assert kept == ((True, False) if patches else (False, True)), MENDED.format("search_entries")


def test_the_night_with_the_newest_releases_goes_on_where_a_patch_is_for_another(tmp_path):
    workflow = yaml.safe_load((ROOT / ".github/workflows/upgrade.yml").read_text("utf-8"))
    steps = workflow["jobs"]["newest"]["steps"]
    [allow] = [step["run"] for step in steps if step.get("name") == "allow any release"]
    said = [step.get("run") for step in steps]
    assert said[-3:] == ["make upgrade", "make test", "make test-slow"]  # this file's among them
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    subprocess.run(["bash", "-ec", allow], cwd=tmp_path, check=True)
    wanted = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["project"]
    assert "sphinx" in wanted["optional-dependencies"]["book"]
    settings = f"{OLDER}\n{(tmp_path / 'conf.py').read_text('utf-8')}"
    patch = "press.ext.patches.search_entries"
    assert sphinx(tmp_path, "myst_parser", patch, settings=settings, index="# One\n") == ""


OLDER = "import press.ext.patches\npress.ext.patches.version = lambda package: '0.1'"
PATCHES = sorted(p.stem for p in (ROOT / "press/ext/patches").glob("[!_]*.py"))


@pytest.mark.parametrize("patch", few(PATCHES, PATCHES[0]))
def test_a_patch_says_what_to_check_when_its_package_is_another(tmp_path, patch):
    name = f"press.ext.patches.{patch}"
    assert sphinx(tmp_path, "myst_parser", name, index="# One\n") == ""
    said = sphinx(tmp_path, "myst_parser", name, settings=OLDER, index="# One\n")
    assert said.count("WARNING") == 1 and "and this is 0.1" in said
    assert f"run tests/build/test_patches.py::test_{patch}: if it fails" in said
    assert f"def test_{patch}(" in (ROOT / "tests/build/test_patches.py").read_text("utf-8")
