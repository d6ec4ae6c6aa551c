"""What the book can be made into: python -m press html, test, pdf and more; needs no make.

Any Python of 3.11 or newer will do to begin with: what a command needs is installed into `.venv`,
as it is locked, and the command goes on there.
"""

import sys
from importlib import import_module

# Name: what has to be installed, if anything, the module that does it, what it does.
COMMANDS = {
    "html": ("book", "press.build", "build the book, both languages, into _build/html"),
    "serve": ("book", "press.serve", "show the book in a browser, and rebuild it as files change"),
    "zip": ("book", "press.pack", "pack the built book as a zip, to be read without a network"),
    "site": ("book", "press.site", "make the built book into a folder that any server can serve"),
    "compare": ("book", "press.compare", "say what differs between _build/before and _build/html"),
    "test": ("test", "press.checks", "build the book and test all that it is and does, once"),
    "test-gdcore": ("test", "press.checks", "test the library, and the examples in its docstrings"),
    "test-slow": ("test", "press.checks", "what takes long: kills, full disks, notebooks, PDFs"),
    "test-browsers": ("test", "press.checks", "what readers do, in Firefox and WebKit, too"),
    "pdf": ("test", "press.pdf", "print the built book, one PDF a language, into _build/pdf"),
    "epub": ("test", "press.epub", "make e-books of the built book, one a language"),
    "anki": ("test", "press.anki", "make the book's cards into decks, one a language"),
    "picture": ("test", "press.picture", "make the pictures that the READMEs open with"),
    "package": ("book", "press.package", "pack gdcore for PyPI, with the address BOOK_URL"),
    "browser": ("test", "press.browser", "find a Chromium, or install one"),
    "install": ("test", "press.install", "install what the tests need, and do nothing else"),
    "vendor": ("vendor", "press.vendor", "fetch KaTeX and fonts anew, of the releases it names"),
    "new": ("", "press.new", "begin a book of your own: python -m press new DIR"),
}


def main(arguments: "list[str]") -> None:  # as a string: an old Python has to get to the next line
    if sys.version_info < (3, 11):  # noqa: UP036 -- whoever calls it may have any
        sys.exit(
            f"The book needs Python 3.11 or newer; this is {sys.version.split()[0]}, at "
            f"{sys.executable}. Name a newer one: make PYTHON=/path/to/python3 html"
        )
    name, *more = arguments or [""]
    if name not in COMMANDS or len(more) != (name == "new"):
        lines = (f"  {name:13} {what}" for name, (_needs, _module, what) in COMMANDS.items())
        given = f"It was given {' '.join(arguments)!r}.\n" if arguments else ""
        sys.exit(f"{given}python -m press takes one of these:\n" + "\n".join(lines))
    needs, module, _what = COMMANDS[name]
    import_module("press.install").go_where_it_is_installed(needs, arguments)
    import_module(module).main(*([name] if module == "press.checks" else more))


if __name__ == "__main__":
    main(sys.argv[1:])
