"""The book's instruments, as its chapters name them, and how a test opens one."""

import re
from urllib.parse import urlencode

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
          const frame = () => new Promise(requestAnimationFrame);
          for (let still = 0; still < 3; still++) {
            await frame();
            if (document.querySelector(".working")) still = 0;
          }
        }"""
    )


def said(its, queries) -> list[str]:
    """What an instrument says at each of these settings, which it reads from the address."""
    return its.evaluate(
        """(figure, queries) => queries.map((query) => {
          history.replaceState(null, "", `#${figure.id}?${query}`);
          dispatchEvent(new Event("hashchange"));
          return figure.querySelector(".instrument-says").textContent;
        })""",
        [urlencode(query) for query in queries],
    )


def drag(its, handle, to) -> None:
    """Take the handle with this label by mouse, and let it go that far from where it was."""
    ring = its.get_by_role("slider", name=handle).locator(".ring")
    ring.scroll_into_view_if_needed()
    box = ring.bounding_box()
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    its.page.mouse.move(across, down)
    its.page.mouse.down()
    its.page.mouse.move(across + to[0], down + to[1], steps=5)
    its.page.mouse.up()
    settled(its.page)
