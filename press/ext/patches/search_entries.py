"""After a change of one page, the search index is what it would be if all pages were new.

https://github.com/sphinx-doc/sphinx/issues/12599: Sphinx reads the last search index back before it
adds the changed pages, but for the index entries, such as the glossary's words. It also keeps words
that no page has any more, which is not in that issue.
"""

from sphinx.search import IndexBuilder

from press.ext.patches import written_for

load_all_but_entries = IndexBuilder.load
leave_out_pages = IndexBuilder.prune


def load(self, stream, format) -> None:
    load_all_but_entries(self, stream, format)
    stream.seek(0)
    frozen = format.load(stream)
    for entry, places in frozen.get("indexentries", {}).items():
        for page, anchor, main in places:
            entries = self._index_entries.setdefault(frozen["docnames"][page], [])
            entries.append((entry, anchor, "main" if main else ""))


def prune(self, docnames) -> None:
    leave_out_pages(self, docnames)
    for words in (self._mapping, self._title_mapping):
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]


def setup(app):
    written_for("sphinx", "9.0.4", "test_search_entries")
    IndexBuilder.load, IndexBuilder.prune = load, prune
