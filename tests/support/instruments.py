"""The book's instruments, as its chapters name them, and how a test opens one."""

import re

from tests.support.book import ROOT

PLACE = re.compile(r"^`{3,}\{instrument\} ([\w-]+)\n:figure: ([\w-]+)", re.MULTILINE)
INSTRUMENTS = [  # (name, chapter, figure)
    (name, path.stem, figure)
    for path in sorted((ROOT / "chapters").glob("[!.]*.md"))
    for name, figure in PLACE.findall(path.read_text(encoding="utf-8"))
]


def at_figure(visit, lang: str, chapter: str, figure: str, query: str = "", **settings):
    """Open a chapter at a figure, and wait until it is alive; give its locator."""
    tab = visit(f"{lang}/chapters/{chapter}.html#{figure}{query}", **settings)
    alive(tab, figure)
    return tab.locator(f"#{figure}")


def alive(tab, figure: str) -> None:
    """Wait until a figure is alive and its drawing, with what it put off, has come to rest."""
    tab.wait_for_function("(id) => document.getElementById(id)?.matches('.live')", arg=figure)
    settled(tab)


def settled(tab) -> None:
    tab.evaluate(
        """async () => {
          await document.fonts.ready;
          for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
        }"""
    )
