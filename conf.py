"""Settings of the book. What they do is explained in press/ext/, one small extension a purpose."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))  # so that `press` is found, from wherever Sphinx is called

# What the book is called, and says of itself. Its zip, PDFs, e-books and decks have its name.
BOOK = {
    "name": "gradient-descent",
    "zh": {
        "title": "跑起来的梯度下降",
        "author": "本书作者",
        "about": "一本讲梯度下降的书，中英双语，而且会运行。",
        "rights": "文字和图依 CC BY 4.0 发布，代码依 BSD 3-Clause 发布。",
    },
    "en": {
        "title": "Gradient Descent, Running",
        "author": "The authors",
        "about": "A book on gradient descent, in Chinese and English, that runs.",
        "rights": "Text and figures under CC BY 4.0, code under BSD 3-Clause.",
    },
}

# One language a build: `sphinx-build -t en` builds English, any other build Chinese.
IN_ENGLISH = tags.has("en")  # noqa: F821 -- Sphinx provides `tags`
bilingual_language = "en" if IN_ENGLISH else "zh"
language = "en" if IN_ENGLISH else "zh_CN"

project = html_title = BOOK[bilingual_language]["title"]
author = BOOK[bilingual_language]["author"]

extensions = [
    "press.ext.figures.catalogue",
    "press.ext.figures.inline_svg",
    "press.ext.figures.instruments",
    "press.ext.figures.methods",
    "press.ext.figures.relief",
    "press.ext.language.bilingual",
    "press.ext.language.chinese_search",
    "press.ext.language.glosses",
    "press.ext.language.permalinks",
    "press.ext.page.cards",
    "press.ext.page.chapters",
    "press.ext.page.code",
    "press.ext.page.exercise",
    "press.ext.page.found_words",
    "press.ext.page.katex",
    "press.ext.page.notebooks",
    "press.ext.page.predict",
    "press.ext.page.recall",
    "press.ext.page.run",
    "press.ext.page.script_files",
    "press.ext.page.scripts",
    "press.ext.page.stylesheet",
    "press.ext.page.twins",
    "press.ext.patches.search_entries",
    "press.ext.patches.role_lines",
    "press.fresh",
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_design",
    "sphinxcontrib.bibtex",
]
root_doc = "index"
include_patterns = ["*.md", "chapters/*.md"]
exclude_patterns = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "gdcore/README.md", "_build"]
exclude_patterns += [".*", "**/.*", "**/*~", "**/#*"]  # hidden files, and what editors leave
# Of _static: instruments.py publishes these, joined.
exclude_patterns += ["js/explorer", "js/instruments", "js/kit"]

nitpicky = True
# Types in docstrings are words for readers ("shape (d, ...)"); only gdcore's own are links.
nitpick_ignore_regex = [(r"py:class", r"(?!gdcore\.).*")]
smartquotes = False

# Cells
nb_execution_mode = "off"  # press/cells.py runs them before, and this reads what they showed
nb_execution_timeout = 120  # seconds a cell
nb_output_stderr = "remove"  # press/cells.py makes each warning of a cell one of the build
nb_merge_streams = True
nb_code_prompt_show = "Show the code" if IN_ENGLISH else "显示代码"
nb_code_prompt_hide = "Hide the code" if IN_ENGLISH else "隐藏代码"

# Text
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_links_external_new_tab = False
READER = "press.ext.page.outputs.read"
nb_custom_formats = {".md": [READER, {"extensions": myst_enable_extensions}, False]}
numfig = True
numfig_format = {
    "figure": "Figure %s" if IN_ENGLISH else "图 %s",
    "table": "Table %s" if IN_ENGLISH else "表 %s",
    "code-block": "Listing %s" if IN_ENGLISH else "代码 %s",
    "section": "Section %s" if IN_ENGLISH else "第 %s 节",
}
bibtex_bibfiles = ["references.bib"]
bibtex_cite_id = "cite-{key}"  # anchors that stay; else they are numbered
bibtex_bibliography_id = "bibliography"
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings give types, with shapes
napoleon_google_docstring = False

# Pages
html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
templates_path = ["_templates"]
locale_dirs = ["locale"]
html_css_files = [
    "type.css",
    "layout.css",
    "book.css",
    "code.css",
    "exercise.css",
    "front.css",
    "instruments.css",
    "explorer.css",
    "print.css",
]
html_favicon = "_static/favicon.svg"
SCRIPTS = ("book.js", "page.js", "languages.js", "print.js")
# Where a page has what they serve:
SCRIPTS += ("player.js", "predict.js", "progress.js", "recall.js", "search.js", "surface.js")
SCRIPTS += ("python.js", "editor.js", "run.js", "exercise.js")
html_js_files = [(f"js/{script}", {"defer": "defer"}) for script in SCRIPTS]
html_math_renderer = "katex"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False  # the footer says it, with the licences
html_domain_indices = False
html_last_updated_fmt = None
html_search_language = "en"  # of chinese_search.py, which knows both
html_search_scorer = "press/ext/language/search_scorer.js"
html_show_search_summary = False  # found_words.py has its own, for pages opened from disk, too
CC_BY = "https://creativecommons.org/licenses/by/4.0/" + ("" if IN_ENGLISH else "deed.zh-hans")
FOOTER = f"© {author}" + (". " if IN_ENGLISH else "。") + BOOK[bilingual_language]["rights"]
FOOTER = FOOTER.replace("CC BY 4.0", f'<a rel="license" href="{CC_BY}">CC BY 4.0</a>')
html_context = {"default_mode": "auto"}  # light or dark as the reader's system says
SIDEBAR = ["book-title.html", "search-button-field.html", "sbt-sidebar-nav.html"]
html_sidebars = {"index": [], "**": SIDEBAR}  # on the front page the cards lead on
html_theme_options = {
    "navbar_persistent": [],  # its search would stand in a second bar above the theme's own
    "article_header_end": ["languages.html", "notebook.html", "article-header-buttons.html"],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "secondary_sidebar_items": {"index": [], "**": ["page-toc.html"]},
    "show_toc_level": 2,
    "search_bar_text": "Search" if IN_ENGLISH else "搜索",
    "footer_content_items": ["extra-footer.html"],
    "extra_footer": FOOTER,
}
