"""Fresh results: cells run again whenever something they depend on has changed.

jupyter-cache knows a notebook by its cells alone. Here its folder's name holds a hash of the rest:
the sources of gdcore, the locked requirements and the Python that runs them.
"""

import hashlib
import sys
from pathlib import Path


def dependencies_hash(root: Path) -> str:
    """Return a hash of what cells depend on besides their own code."""
    digest = hashlib.sha256(sys.version.encode())
    for path in [*sorted((root / "gdcore").rglob("*.py")), root / "requirements.lock"]:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def set_cache_path(app, config) -> None:
    root = Path(app.srcdir)
    cache = root / "_build" / "cells" / dependencies_hash(root)
    config.nb_execution_cache_path = str(cache)


def setup(app):
    app.connect("config-inited", set_cache_path, priority=100)  # before myst-nb reads it
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
