"""The book's instruments, as its chapters name them, and how a test opens one."""

import re
from urllib.parse import urlencode

import numpy as np

from tests.support.book import ROOT

PLACE = re.compile(r"^`{3,}\{instrument\} ([\w-]+)\n:figure: ([\w-]+)", re.MULTILINE)
POWER = "[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+"
NUMBER = rf"(−?(?:\d+(?:\.\d+)?×)?10{POWER}|−?\d+(?:\.\d+)?)"
SIGNS = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")
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


def says(its, **setting) -> str:
    """What an instrument says at this setting; it stays there."""
    return said(its, [setting])[0]


def numbers_in(text: str, words: str) -> list[float] | None:
    """The numbers of a text in place of each # in these words; None, if it has no such words."""
    found = re.search(re.escape(words).replace("\\#", NUMBER), text)
    return found and [_number(number) for number in found.groups()]


def _number(text: str) -> float:
    """2.4×10⁻¹³ or −0.25 or 10⁻⁴, as numbers are written in the book."""

    def exponent(ten) -> str:
        return "e" if ten[1] == "×" else f"{ten[1]}1e"

    return float(re.sub(rf"(^|−|×)10(?={POWER})", exponent, text).translate(SIGNS))


def drawn(its, plot: int, color: str, many: int) -> np.ndarray:
    """A plot's line of a color and of so many points: how far across and up each is, 0 to 1."""
    return np.array(
        its.locator(".instrument-plot")
        .nth(plot)
        .evaluate(
            """(plot, [color, many]) => {
              const edge = plot.querySelector(".edge");
              const [x, y, w, h] = ["x", "y", "width", "height"].map((n) => edge.getAttribute(n));
              return [...plot.querySelectorAll(`path[stroke="var(--figure-${color})"]`)]
                .map((path) => path.getAttribute("d").split(/[ML]/).slice(1))
                .find(({ length }) => length === many)
                .map((spot) => spot.split(" ").map(parseFloat))
                .map(([a, b]) => [(a - x) / w, 1 - (b - y) / h]);
            }""",
            [color, many],
        )
    )


def drag_to(its, handle, plot: int, across: float, up: float) -> None:
    """Drag a handle by mouse to a place in a plot: how far across and up it is, 0 to 1."""
    mouse = its.page.mouse
    handle.scroll_into_view_if_needed()
    ring = handle.locator(".ring").bounding_box()
    edge = its.locator(".instrument-plot").nth(plot).locator(".edge").bounding_box()
    mouse.move(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    mouse.down()
    mouse.move(edge["x"] + across * edge["width"], edge["y"] + (1 - up) * edge["height"], steps=4)
    mouse.up()
    settled(its.page)


def overlaps(its) -> list[list[str]]:
    """What lies on another in an instrument's plots: words on words, lines and arrows on words."""
    return its.evaluate(
        """(figure) => [...figure.querySelectorAll(".instrument-plot > svg")].flatMap((svg) => {
          const page = svg.getBoundingClientRect();
          const edge = svg.querySelector(".edge").getBBox();
          const words = [...svg.querySelectorAll("text")].filter((e) => e.textContent).map((e) => {
            const { left, right, top, bottom } = e.getBoundingClientRect();
            return [e.textContent, left - page.x, right - page.x,
              top + 2 - page.y, bottom - 2 - page.y];
          });
          const found = words.flatMap(([one, l, r, t, b], i) => words.slice(i + 1)
            .filter(([, l2, r2, t2, b2]) => l < r2 && l2 < r && t < b2 && t2 < b)
            .map(([other]) => [one, other]));
          const lines = [...svg.querySelectorAll("path:not(.tick)")].filter((path) =>
            path.getAttribute("d") && path.style.strokeLinecap !== "round"
            && !path.getAttribute("stroke-dasharray")
            && path.getAttribute("fill") === "none"
            && !/none|contour/.test(path.getAttribute("stroke")));
          for (const path of lines) {
            const cut = path.closest("[clip-path]");
            const hit = new Set();
            for (let at = 0; at <= Math.min(path.getTotalLength(), 9999); at++) {
              const { x, y } = path.getPointAtLength(at);
              if (cut && (x < edge.x || x > edge.x + edge.width || y < edge.y
                || y > edge.y + edge.height)) continue;
              for (const [one, l, r, t, b] of words)
                if (x > l && x < r && y > t && y < b) hit.add(one);
            }
            for (const one of hit) found.push([one, path.getAttribute("stroke")]);
          }
          return found;
        })"""
    )


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
