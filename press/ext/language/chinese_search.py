"""Search that finds Chinese in either edition: whole runs of characters and every pair in them.

A dictionary cuts 学习率 (learning rate) in two and then cannot find it. Pairs find any word, and
the same few lines split the text in Python and the query in the browser. Everything else is
Sphinx's own search for English.
"""

import re
from pathlib import Path

from sphinx.search.en import SearchEnglish

RUNS = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")


class SearchBoth(SearchEnglish):
    """Index Chinese runs with their pairs, and English words by their stems."""

    lang = "en"  # html_search_language of conf.py, in either edition
    js_splitter_code = Path(__file__).with_name("search_splitter.js").read_text(encoding="utf-8")

    def split(self, input: str) -> list[str]:
        words = RUNS.findall(input)
        runs = [word for word in words if len(word) > 2 and "\u3400" <= word[0] <= "\u9fff"]
        return words + [run[i : i + 2] for run in runs for i in range(len(run) - 1)]


def setup(app):
    app.add_search_language(SearchBoth)
