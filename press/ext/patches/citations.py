"""Works of the bibliography are formatted once, and again only when they change.

sphinxcontrib-bibtex formats every work twice in every build, an eighth of a second.
"""

from pybtex.style.formatting import BaseStyle

format_entry = BaseStyle.format_entry


def remember(app) -> None:
    """Keep what is formatted in the environment, which Sphinx keeps from build to build."""
    if not hasattr(app.env, "formatted_works"):
        app.env.formatted_works = {}
    known = app.env.formatted_works

    def format_once(self, label, entry, bib_data=None):
        key = (type(self).__qualname__, label, repr(entry))
        if key not in known:
            known[key] = format_entry(self, label, entry, bib_data)
        return known[key]

    BaseStyle.format_entry = format_once


def setup(app):
    app.connect("builder-inited", remember)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True,
            "parallel_write_safe": True}  # fmt: skip
