"""What the book can be made into: python -m press html, pdf, epub, picture, zip or vendor."""

import sys
from importlib import import_module

COMMANDS = {
    "html": ("press.build", "build the book, both languages, into _build/html"),
    "pdf": ("press.pdf", "print the built book, one PDF a language, into _build/pdf"),
    "epub": ("press.epub", "make e-books of the built book, one a language, in _build/epub"),
    "picture": ("press.picture", "take the picture that the README opens with"),
    "zip": ("press.pack", "pack the built book as _build/gradient-descent.zip"),
    "vendor": ("press.vendor", "fetch KaTeX and fonts anew, of the releases that it names"),
    "browser": ("press.browser", "find a Chromium, or install one"),
}


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        lines = (f"  {name:10} {what}" for name, (_module, what) in COMMANDS.items())
        given = f"It was given {' '.join(arguments)!r}.\n" if arguments else ""
        sys.exit(f"{given}python -m press takes one of these:\n" + "\n".join(lines))
    import_module(COMMANDS[arguments[0]][0]).main()


if __name__ == "__main__":
    main(sys.argv[1:])
