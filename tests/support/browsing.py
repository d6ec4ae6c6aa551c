"""Reading the built book in a browser, which notes what it asks for and what goes wrong."""

import re
import threading
import time
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Error

KEPT = 4  # tabs that wait for their next reader
SIZE = {"width": 1280, "height": 720}
STORED = "JSON.stringify(Object.entries(localStorage).sort())"
STORE = "(kept) => { for (const entry of JSON.parse(kept)) localStorage.setItem(...entry); }"


class Tabs:
    """Tabs of a browser, used again: to open one takes longer than to open a page in it.

    Each belongs to a reader of its own, who has left nothing behind when it is taken: no page, no
    memory, no wish but those of its settings, and the clock goes on.
    """

    def __init__(self, browser, blank: Path):
        blank.write_text("<!doctype html><title>blank</title>", encoding="utf-8")
        self.browser, self.blank, self.free = browser, blank.as_uri(), []

    def take(self, settings: dict):
        """Return a tab of a reader with these settings, those of Playwright's `new_context`."""
        for at, (tab, its) in enumerate(self.free):
            if its == settings:
                del self.free[at]
                return tab
        return self.browser.new_context(**settings).new_page()

    def give_back(self, tab, settings: dict) -> None:
        with suppress(Error):  # a tab that cannot be cleaned is closed
            tab.goto(self.blank)
            tab.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
            tab.set_viewport_size(settings.get("viewport", SIZE))
            scheme, motion = settings.get("color_scheme"), settings.get("reduced_motion")
            tab.emulate_media(media="null", color_scheme=scheme or "light",
                              reduced_motion=motion or "no-preference")  # fmt: skip
            tab.mouse.move(0, 0)
            if abs(tab.evaluate("Date.now()") / 1000 - time.time()) < 60:  # it can be stopped once
                self.free.append((tab, settings))
        waiting = [free for free, _ in self.free]
        for old in [tab] if tab not in waiting else waiting[:-KEPT]:
            old.context.close()
        del self.free[:-KEPT]


@contextmanager
def reading(tabs: Tabs, folder: Path):
    """Give a function that opens a page, the addresses that pages ask for, and the troubles."""
    taken, asked, troubles = [], [], []

    def note_request(request):
        asked.append(request.url)
        if not request.url.startswith(("file:", "data:", "blob:")):
            troubles.append(f"asked the network: {request.url}")

    def note_failure(request):
        if request.failure != "net::ERR_ABORTED":  # given up when the page is left
            troubles.append(f"failed: {request.url}")

    def note_message(message):
        if message.type == "error":
            troubles.append(f"console: {message.text}")

    def note_error(error):
        troubles.append(f"script error: {error}")

    notes = {"pageerror": note_error, "console": note_message, "request": note_request}

    def open_page(path: str, **settings):
        tab = tabs.take(settings)
        its = dict(notes)
        if settings.get("java_script_enabled", True):  # else every script counts as failed
            its["requestfailed"] = note_failure
        for event, note in its.items():
            tab.on(event, note)
        taken.append((tab, settings, its))
        address, *rest = re.split(r"(?=[?#])", path, maxsplit=1)
        tab.goto((folder / address).as_uri() + "".join(rest))
        return tab

    yield open_page, asked, troubles
    for tab, settings, its in taken:
        for event, note in its.items():
            tab.remove_listener(event, note)
        tabs.give_back(tab, settings)


def reload(tab) -> None:
    """Load a tab's page anew, with all that it has stored.

    Of some thousand loads of a file, Chromium (150) gives one a localStorage that is empty and is
    thrown away with the page, where a script reads it very early. What it lost is handed back.
    """
    kept = tab.evaluate(STORED)
    for _ in range(5):  # what differs each time is the page's own doing
        tab.reload()
        if tab.evaluate(STORED) == kept:
            return
        tab.evaluate(STORE, kept)


def both_languages(tab) -> None:
    """Wait until a page shows both languages, whose script it has asked for."""
    tab.wait_for_function("document.documentElement.classList.contains('side-by-side')")


def lies_on_its_colors(area) -> None:
    """Look whether a field of code lies letter by letter on the colored code below it."""
    *apart, font, line, tall, wide, clear, seen = area.evaluate(
        """(area) => {
          const pre = area.parentElement.querySelector("pre");
          const of = (e) => [e.getBoundingClientRect(), getComputedStyle(e)];
          const [[a, as], [b, bs]] = [of(area), of(pre)];
          return [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height,
            as.font === bs.font, as.lineHeight === bs.lineHeight,
            area.scrollHeight <= area.clientHeight + 1, area.scrollWidth <= area.clientWidth + 1,
            as.color === "rgba(0, 0, 0, 0)", pre.checkVisibility({ visibilityProperty: true })];
        }"""
    )
    assert max(map(abs, apart)) < 1 and font and line and tall and wide and clear and seen


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def serving(folder: Path):
    """Serve a folder by a server that knows nothing of it; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
