"""Templates stay compiled from one build to the next: half a second a language.

Jinja does it where it is asked to, but Sphinx has no setting for that; we know of no issue that
asks for one. It is felt where one page is written, which needs all templates.
"""

from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from press.ext.patches import written_for


def keep_compiled(app) -> None:
    templates = getattr(app.builder, "templates", None)  # only builders of pages have them
    if templates is not None:
        folder = Path(app.doctreedir, "templates")
        folder.mkdir(parents=True, exist_ok=True)
        templates.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def setup(app):
    app.connect("builder-inited", keep_compiled, priority=10)
    return written_for("sphinx", "9.0.4", lambda: None, "test_compiled_templates")
