"""Index entries, such as the glossary's words, stay in the search after a change of another page.

Sphinx reads the last search index back before it adds the changed pages, all of it but these.
"""

import io

from sphinx.search import IndexBuilder

load_all_but_entries = IndexBuilder.load


def load(self, stream, format) -> None:
    text = stream.read()
    load_all_but_entries(self, as_stream(text), format)
    format = self.formats[format] if isinstance(format, str) else format
    frozen = format.load(as_stream(text))
    for entry, places in frozen.get("indexentries", {}).items():
        for page, anchor, main in places:
            entries = self._index_entries.setdefault(frozen["docnames"][page], [])
            entries.append((entry, anchor, "main" if main else ""))


def as_stream(text: str | bytes) -> io.IOBase:
    return io.StringIO(text) if isinstance(text, str) else io.BytesIO(text)


def setup(app):
    IndexBuilder.load = load
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
