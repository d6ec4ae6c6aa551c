"""What the book is called, and who wrote it, in both languages: all of it stands in conf.py."""

from functools import cache

from press.fresh import ROOT


@cache
def of_the_book() -> dict:
    """Return `BOOK` of conf.py: the name of what is made of the book, and each language's texts."""
    from sphinx.config import eval_config_file
    from sphinx.util.tags import Tags

    return eval_config_file(ROOT / "conf.py", Tags())["BOOK"]
