"""Build the whole book a second time, from copies of its sources in another folder, and compare.

What differs, if anything, is named; then the command fails.
"""

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="a second ") as folder:
        copy = Path(folder, "copy of the book")
        ignored = shutil.ignore_patterns("_build", ".*", "__pycache__", "*.mo")
        shutil.copytree(ROOT, copy, ignore=ignored)
        env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONHASHSEED": "20", "TZ": "Asia/Tokyo"}
        subprocess.run([sys.executable, "-m", "press", "html"], cwd=copy, env=env, check=True)
        differ = different(HTML, copy / "_build" / "html")
        count = sum(path.is_file() for path in HTML.rglob("*"))
    if differ:
        sys.exit("These files of the two books differ:\n" + "\n".join(differ))
    print(f"Both books have the same {count} files, byte for byte.")


def different(one: Path, other: Path) -> list[str]:
    """Return the files that are not the same in two folders."""
    names = {p.relative_to(root) for root in (one, other) for p in root.rglob("*") if p.is_file()}
    _same, differ, missing = filecmp.cmpfiles(one, other, sorted(map(str, names)), shallow=False)
    return sorted(differ + missing)
