"""Firefox and WebKit, driven as the tests drive Chromium: a tab knows what these tests use of one.

Both take the commands of WebDriver (https://www.w3.org/TR/webdriver2/): WebKit's driver over HTTP,
Firefox itself over a socket, in its protocol Marionette. Chromium's tabs are Playwright's.
"""

import json
import shutil
import socket
import subprocess
import time
from base64 import b64decode
from collections.abc import Callable
from contextlib import contextmanager, suppress
from os import environ
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from press.checks import FIREFOX, SCREEN, WEBKIT, found

PATIENCE = 30  # seconds until what does not come is given up
KEYS = {"Backspace": 3, "Tab": 4, "Enter": 7, "Shift": 8, "Control": 9, "Escape": 12, "End": 16}
KEYS |= {"Home": 17, "ArrowLeft": 18, "ArrowUp": 19, "ArrowRight": 20, "ArrowDown": 21}
# A function is called, a value is given; what it promises is waited for.
EVALUATE = """const [arg, done] = [...arguments];
Promise.resolve().then(() => (%s)).then((what) => typeof what === "function" ? what(arg) : what)
  .then((value) => done({ value }), (error) => done({ error: `${error}` }));"""
# What stands first in each page of a copy of the book, for not every driver tells what goes wrong.
TELL = """{
  const troubles = (window.troubles = []);
  const note = (trouble) => troubles.push(trouble);
  addEventListener("error", ({ message, target }) => {
    // Firefox fetches the next page ahead, if it may be kept, and tells some sizes a frame later.
    if (target.rel === "next" || message?.startsWith("ResizeObserver loop completed")) return;
    note(message ?? `failed: ${target.src ?? target.href}`);
  }, true);
  addEventListener("unhandledrejection", ({ reason }) => note(`rejected: ${reason}`));
  addEventListener("securitypolicyviolation", (e) =>
    note(`${e.violatedDirective} ${e.blockedURI}`));
  const { error } = console;
  console.error = (...words) => { note(words.join(" ")); error.apply(console, words); };
  // A page in a frame says how wide it is, for no window is as narrow as a phone.
  addEventListener("message", ({ data, source }) => data === "how wide"
    && source.postMessage({ wide: document.scrollingElement.scrollWidth, troubles }, "*"));
}
"""


class Tab:
    """The tab of a browser that takes WebDriver's commands; its methods are those of Playwright."""

    def __init__(self, send: Callable[..., object]):
        self.send = send
        self.mouse, self.keyboard = Mouse(send), Keyboard(send)

    @property
    def url(self) -> str:
        return self.evaluate("location.href")

    def goto(self, address: str) -> None:
        self.send("Navigate", url=address)

    def reload(self) -> None:
        self.send("Refresh")

    def evaluate(self, script: str, arg=None):
        said = self.send("ExecuteAsyncScript", script=EVALUATE % script, args=[arg])
        if said is None or "error" in said:
            raise RuntimeError((said and said["error"]) or "the page was left")
        return said.get("value")

    def wait_for_function(self, script: str, arg=None) -> None:
        end, said = time.monotonic() + PATIENCE, None
        while time.monotonic() < end:
            try:
                if self.evaluate(script, arg):
                    return
            except RuntimeError as error:  # of a page that is being left
                said = error
        raise TimeoutError(f"never true of {arg}: {script}") from said

    def screenshot(self, path: Path) -> None:
        path.write_bytes(b64decode(self.send("TakeScreenshot", full=False)))


class Mouse:
    def __init__(self, send):
        self.send, self.at = send, (0, 0)

    def act(self, *actions) -> None:
        pointer = {"type": "pointer", "id": "mouse", "actions": actions}
        self.send("PerformActions", actions=[pointer])

    def move(self, x: float, y: float, steps: int = 1) -> None:
        (a, b), self.at = self.at, (x, y)
        for way in (step / steps for step in range(1, steps + 1)):
            spot = {"x": round(a + way * (x - a)), "y": round(b + way * (y - b))}
            self.act({"type": "pointerMove", "duration": 0, **spot})

    def down(self) -> None:
        self.act({"type": "pointerDown", "button": 0})

    def up(self) -> None:
        self.act({"type": "pointerUp", "button": 0})

    def click(self, x: float, y: float) -> None:
        self.move(x, y)
        self.down()
        self.up()


class Keyboard:
    def __init__(self, send):
        self.send = send

    def act(self, *actions: tuple[str, str]) -> None:
        keys = [{"type": kind, "value": value} for kind, value in actions]
        self.send("PerformActions", actions=[{"type": "key", "id": "keys", "actions": keys}])

    def press(self, chord: str) -> None:
        """Press keys together: "Control+k"."""
        names = chord.replace("Space", " ").split("+")
        keys = [chr(0xE000 + KEYS[name]) if name in KEYS else name for name in names]
        self.act(*(("keyDown", key) for key in keys), *(("keyUp", key) for key in keys[::-1]))

    def type(self, text: str) -> None:
        self.act(*((kind, sign) for sign in text for kind in ("keyDown", "keyUp")))


# What hands do, in any of them


SPOT = """async ([selector, words]) => {
  const part = [...document.querySelectorAll(selector)]
    .find((e) => e.checkVisibility() && e.textContent.includes(words));
  if (!part) throw new Error(`there is no ${selector} ${words}`);
  // What comes into view may change its height, and with it where all else is.
  for (let before; ;) {
    part.scrollIntoView({ block: "center", behavior: "instant" });
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    const { x, y, width, height } = part.getBoundingClientRect();
    if (y === before && y + height / 2 > 0 && y + height / 2 < innerHeight)
      return [x + width / 2, y + height / 2];
    before = y;
  }
}"""


def spot(tab, selector: str, words: str = "") -> tuple[float, float]:
    """Bring into view the first visible part that has these words; where its middle is."""
    return tuple(tab.evaluate(SPOT, [selector, words]))


def click(tab, selector: str, words: str = "") -> None:
    tab.mouse.click(*spot(tab, selector, words))


def drag(tab, selector: str, across: float, down: float) -> None:
    x, y = spot(tab, selector)
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + across, y + down, steps=4)
    tab.mouse.up()


def write(tab, selector: str, text: str) -> None:
    """Put a text into a field, in place of what is there."""
    tab.evaluate(
        """([selector, text]) => {
          const field = document.querySelector(selector);
          field.focus();
          field.value = text;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        [selector, text],
    )


def says(tab, selector: str) -> str:
    return tab.evaluate("(selector) => document.querySelector(selector).textContent", selector)


def until(tab, selector: str, words: str) -> None:
    """Wait until a part has these words."""
    tab.wait_for_function(
        "([its, words]) => document.querySelector(its)?.textContent.includes(words)",
        arg=[selector, words],
    )


# The browsers


@contextmanager
def started(*command: str, **settings):
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **settings
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def awaited(look: Callable[[], object], process):
    """What is seen as soon as there is something, while a process lives."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError):
            if seen := look():
                return seen
    raise TimeoutError(f"{process.args[0]} does not answer")


@contextmanager
def firefox(folder: Path):
    """A tab of a Firefox whose profile is in this folder."""
    (folder / "user.js").write_text('user_pref("marionette.port", 0);\n', encoding="utf-8")
    port = folder / "MarionetteActivePort"
    command = (found(*FIREFOX), "--headless", "--marionette", "--no-remote")
    with started(*command, "--profile", str(folder)) as process:
        number = int(awaited(lambda: port.exists() and port.read_text(), process))
        with socket.create_connection(("127.0.0.1", number)) as line, line.makefile("rb") as heard:

            def hear():
                size = b"".join(iter(lambda: heard.read(1), b":"))
                return json.loads(heard.read(int(size)))

            def send(command: str, **its):
                text = json.dumps([0, 0, f"WebDriver:{command}", its]).encode()
                line.sendall(b"%d:%s" % (len(text), text))
                _, _, error, value = hear()
                if error:
                    raise RuntimeError(f"{command}: {error['message']}")
                return value.get("value", value)

            hear()  # who it is
            send("NewSession")
            send("SetWindowRect", width=1280, height=900)
            yield Tab(send)


WAYS = {  # of WebDriver's commands over HTTP
    "Navigate": "url", "Refresh": "refresh", "ExecuteAsyncScript": "execute/async",
    "PerformActions": "actions", "SetWindowRect": "window/rect",
}  # fmt: skip


@contextmanager
def webkit(folder: Path):
    """A tab of the WebKit that GNOME's browser is made of, on a screen that nobody sees."""
    driver = found(*WEBKIT)
    number = folder / "display"
    with (
        open(number, "wb") as told,
        started(
            found(*SCREEN), "-displayfd", str(told.fileno()), "-screen", "0", "1400x1000x24",
            "-nolisten", "tcp", pass_fds=[told.fileno()],
        ) as screen,
    ):  # fmt: skip
        display = awaited(lambda: number.read_text().strip(), screen)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        its = {**environ, "DISPLAY": f":{display}", "GDK_BACKEND": "x11"}
        with started(driver, f"--port={port}", env=its) as process:

            def ask(method: str, way: str, its=None):
                data = None if its is None else json.dumps(its).encode()
                request = Request(f"http://127.0.0.1:{port}/{way}", data, method=method)
                try:
                    with urlopen(request, timeout=2 * PATIENCE) as answer:
                        return json.load(answer)["value"]
                except HTTPError as error:
                    raise RuntimeError(f"{way}: {json.load(error)['value']}") from None

            awaited(lambda: ask("GET", "status")["ready"], process)
            session = f"session/{ask('POST', 'session', {'capabilities': {}})['sessionId']}"

            def send(command: str, **its):
                if command == "TakeScreenshot":
                    return ask("GET", f"{session}/screenshot")
                return ask("POST", f"{session}/{WAYS[command]}", its)

            send("SetWindowRect", width=1280, height=900)
            try:
                yield Tab(send)
            finally:
                ask("DELETE", session)


# The book


def overheard(html: Path, folder: Path) -> Path:
    """Copy the built book; each page of the copy notes in `troubles` what goes wrong on it."""
    shutil.copytree(html, folder, dirs_exist_ok=True)
    listen_in(folder)
    return folder


def listen_in(folder: Path) -> None:
    (folder / "tell.js").write_text(TELL, encoding="utf-8")
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        up = "../" * (len(page.relative_to(folder).parts) - 1)
        head, tag, rest = text.partition("<title>")
        assert tag, page
        page.write_text(f'{head}<script src="{up}tell.js"></script>{tag}{rest}', encoding="utf-8")
