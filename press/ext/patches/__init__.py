"""Patches of other people's code: few, each with its upstream issue and the version it mends."""

from importlib.metadata import version

from sphinx.util import logging

logger = logging.getLogger(__name__)


def written_for(package: str, known: str, test: str) -> None:
    """Say what to check of a patch where its package has another version than it mends."""
    found = version(package)
    if found != known:
        logger.warning(
            "a patch was written for %s %s, and this is %s; run tests/build/test_patches.py::%s: "
            "if it fails, delete the patch, else write the new version into it",
            package, known, found, test, type="patches",
        )  # fmt: skip
