"""After a change of one page, the search index is what it would be if all pages were new.

Sphinx reads the last search index back before it adds the changed pages: all of it but the index
entries, such as the glossary's words, and with words that no page has any more.
"""

import io

from sphinx.search import IndexBuilder

load_all_but_entries = IndexBuilder.load
leave_out_pages = IndexBuilder.prune


def load(self, stream, format) -> None:
    text = stream.read()
    load_all_but_entries(self, as_stream(text), format)
    format = self.formats[format] if isinstance(format, str) else format
    frozen = format.load(as_stream(text))
    for entry, places in frozen.get("indexentries", {}).items():
        for page, anchor, main in places:
            entries = self._index_entries.setdefault(frozen["docnames"][page], [])
            entries.append((entry, anchor, "main" if main else ""))


def prune(self, docnames) -> None:
    leave_out_pages(self, docnames)
    for words in (self._mapping, self._title_mapping):
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]


def as_stream(text: str | bytes) -> io.IOBase:
    return io.StringIO(text) if isinstance(text, str) else io.BytesIO(text)


def setup(app):
    IndexBuilder.load = load
    IndexBuilder.prune = prune
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
