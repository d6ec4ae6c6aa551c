"""The theme's CSS selectors, without first compiling what could read every other.

The theme finds list items with ``li`` and ``li.toctree-l1 > details``. For that soupsieve compiles
sixty regular expressions, which takes a sixth of a second a language.
"""

import re

from bs4 import Tag

STEP = re.compile(r"(\w*)(?:\.([\w-]+))?")  # an element's name, its class, or both
any_select = Tag.select


def select(self: Tag, selector: str, *arguments: object, **options: object) -> list[Tag]:
    """Find what a selector such as ``li``, ``.part`` or ``li.part > a`` means inside a tag."""
    steps = [STEP.fullmatch(step) for step in selector.split(" > ")]
    if arguments or options or not all(steps):
        return any_select(self, selector, *arguments, **options)
    found, deep = [self], True
    for step in steps:
        name, attributes = step[1] or True, {"class": step[2]} if step[2] else {}
        found = [tag for f in found for tag in f.find_all(name, attributes, recursive=deep)]
        deep = False
    return found


def setup(app):
    Tag.select = select
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
