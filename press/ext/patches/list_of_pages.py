"""The list of pages beside every page, made once for a folder and not once for a page.

It differs from page to page only in which entry is the page itself. The theme makes and parses the
whole list each time, which with 200 chapters takes most of the time of writing a page.
"""

import posixpath
from functools import partial

LIST, LIST_HERE = '<ul class="nav bd-sidenav">', '<ul class="current nav bd-sidenav">'
ENTRY = '<li class="toctree-l1"><a class="reference internal" href="{}">'
ENTRY_HERE = '<li class="toctree-l1 current active"><a class="current reference internal" href="#">'


def list_of_pages(app, page: str, context: dict, **options: object) -> str:
    """Return what the theme's ``generate_toctree_html`` returns for a page, as text."""
    generate = context["generate_toctree_html"]
    if app.env.toctree_includes.keys() != {app.config.root_doc}:
        return str(generate(**options))  # it has levels, of which each page shows others
    if not hasattr(app, "lists_of_pages"):
        app.lists_of_pages = {}
    folder, address = posixpath.split(app.builder.get_target_uri(page))
    if folder not in app.lists_of_pages:
        app.lists_of_pages[folder] = unmarked(str(generate(**options)), address)
    return marked(app.lists_of_pages[folder], address)


def unmarked(text: str, address: str) -> str:
    """Return a list without its mark at the page that the reader is on."""
    return text.replace(ENTRY_HERE, ENTRY.format(address)).replace(LIST_HERE, LIST)


def marked(text: str, address: str) -> str:
    """Return a list with a mark at the page that the reader is on."""
    start, *lists = text.replace(ENTRY.format(address), ENTRY_HERE).split(LIST)
    return start + "".join((LIST_HERE if ENTRY_HERE in part else LIST) + part for part in lists)


def add_to_template(app, page: str, template: str, context: dict, doctree: object) -> None:
    context["list_of_pages"] = partial(list_of_pages, app, page, context)


def setup(app):
    app.connect("html-page-context", add_to_template, priority=400)  # the theme renders at 500
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
