"""What a build is doing: one line that is written over on a terminal, a line each elsewhere."""

import shutil
import sys


def say(line: str) -> None:
    """Say what has been done."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\x1b[K{line[:width]}", end="", flush=True)
    else:
        print(f"{line}\n", end="", flush=True)  # in one piece: two processes speak


def tick(line: str) -> None:
    """Say what is being done now, where that can be written over."""
    if sys.stdout.isatty():
        say(line)


def clear() -> None:
    """Take the last line away, for what is to stay."""
    tick("")
