"""Reading the built book in a browser, which notes what it asks for and what goes wrong."""

import re
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def reading(browser, html: Path):
    """Give a function that opens a page, the addresses that pages ask for, and the troubles."""
    contexts, asked, troubles = [], [], []

    def note_request(request):
        asked.append(request.url)
        if not request.url.startswith(("file:", "data:")):
            troubles.append(f"asked the network: {request.url}")

    def note_failure(request):
        if request.failure != "net::ERR_ABORTED":  # given up when the page is left
            troubles.append(f"failed: {request.url}")

    def note_message(message):
        if message.type == "error":
            troubles.append(f"console: {message.text}")

    def open_page(path: str, **settings):
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on("console", note_message)
        page.on("request", note_request)
        if settings.get("java_script_enabled", True):  # else every script counts as failed
            page.on("requestfailed", note_failure)
        address, *rest = re.split(r"(?=[?#])", path, maxsplit=1)
        page.goto((html / address).as_uri() + "".join(rest))
        return page

    yield open_page, asked, troubles
    for context in contexts:
        context.close()
