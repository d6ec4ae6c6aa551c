"""Templates stay compiled from one build to the next: half a second a language."""

from pathlib import Path

from jinja2 import FileSystemBytecodeCache


def keep_compiled(app) -> None:
    templates = getattr(app.builder, "templates", None)  # only builders of pages have them
    if templates is not None:
        folder = Path(app.doctreedir, "templates")
        folder.mkdir(parents=True, exist_ok=True)
        templates.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def setup(app):
    app.connect("builder-inited", keep_compiled, priority=10)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
