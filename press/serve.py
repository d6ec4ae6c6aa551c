"""Show the book at http://127.0.0.1:8000, or another PORT, and build it anew as files change.

A page that is served ends with a script of one line, which reloads it after the next build.
"""

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from press.build import HTML
from press.fresh import BOOK, ROOT, files

PORT = int(os.environ.get("PORT", "8000"))
NEWS = "/build-after-"  # and a number: how many there have been
RELOAD = '<script>new EventSource("{}").onmessage = () => location.reload()</script>'
built = threading.Condition()
builds = 0


class Handler(SimpleHTTPRequestHandler):
    """Serve files as they are, pages with the script that waits, and the news."""

    def handle(self) -> None:
        with suppress(ConnectionError):  # a reader may close a tab while it loads, or waits
            super().handle()

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        page = path / "index.html" if path.is_dir() and self.path.endswith("/") else path
        if self.path.startswith(NEWS):
            seen = self.path.removeprefix(NEWS)
            self.answer("text/event-stream")
            with built:
                built.wait_for(lambda: str(builds) != seen)
            self.wfile.write(b"data: built\n\n")
        elif page.suffix == ".html" and page.exists():
            self.answer("text/html; charset=utf-8")
            self.wfile.write(page.read_bytes() + RELOAD.format(f"{NEWS}{builds}").encode())
        else:
            super().do_GET()

    def answer(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def state() -> dict[Path, int]:
    """Return when each of the book's files was changed."""
    found = {}
    for file in files(ROOT, *BOOK):
        with suppress(OSError):  # an editor may have taken it away meanwhile
            found[file] = file.stat().st_mtime_ns
    return found


def main() -> None:
    global builds
    handler = partial(Handler, directory=HTML)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", PORT), handler)
    except OSError as error:
        sys.exit(f"The book cannot be shown at port {PORT}: {error.strerror}.")
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"The book is shown at http://127.0.0.1:{PORT}; Ctrl-C ends it.", flush=True)
    seen = None
    try:
        while True:
            if (now := state()) != seen:
                seen = now
                if subprocess.call([sys.executable, "-m", "press", "html"], cwd=ROOT) == 0:
                    with built:
                        builds += 1
                        built.notify_all()
            time.sleep(0.3)
    except KeyboardInterrupt:
        print("\nThe book is no longer shown.")
