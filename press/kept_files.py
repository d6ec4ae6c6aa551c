"""Files that several processes may want to write at once, and that builds keep."""

import os
from pathlib import Path


def write(content: bytes, path: Path) -> None:
    """Write a file unless it is there already, the same."""
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")  # the other language may be writing it, too
        new.write_bytes(content)
        new.replace(path)
