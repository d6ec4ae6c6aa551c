"""A small book in a folder of its own, with the project's real settings, for tests that build.

It is what `python -m press new` makes.
"""

import os
import subprocess
import sys
from contextlib import contextmanager

from press import new

DRAWING = """
```{code-cell} python
---
mystnb:
  figure:
    name: fig-line
    caption: "{zh}`线` {en}`A line`"
  image:
    alt: "{zh}`一条线` {en}`a line`"
---
from gdcore import draw; draw.use_book_style()
import matplotlib.pyplot as plt
_ = plt.plot([1, 2])
```
"""
PRESS = [sys.executable, "-m", "press", "html"]


class SmallBook:
    def __init__(self, folder):
        self.folder = folder
        new.make(folder)
        self.chapter = folder / "chapters" / "small.md"

    def start(self, *command, stdout=subprocess.PIPE, **env):
        """Build, or another command, and return the process."""
        env = {**os.environ, "PYTHONPATH": str(self.folder), "NO_COLOR": "1", **env}
        return subprocess.Popen(command or PRESS, cwd=self.folder, env=env,
                                text=True, stdout=stdout,
                                stderr=subprocess.STDOUT)  # fmt: skip

    def build(self, *command, **env):
        """Build, or another command; return its exit code and all that it said."""
        process = self.start(*command, **env)
        said, _ = process.communicate()
        return process.returncode, said

    def page(self, lang, chapter="small"):
        path = self.folder / "_build" / "html" / lang / "chapters" / f"{chapter}.html"
        return path.read_text(encoding="utf-8")

    def files(self):
        html = self.folder / "_build" / "html"
        return {p.relative_to(html): p.read_bytes() for p in html.rglob("*") if p.is_file()}

    def edit(self, file, old, new):
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def add_chapter(self, name, code):
        """Add a chapter with one cell, and remove it when the ``with`` block ends."""
        text = new.CHAPTER.replace("(small)=", f"({name})=").split("```{code-cell}")[0]
        path = self.folder / "chapters" / f"{name}.md"
        path.write_text(f"{text}```{{code-cell}} python\n{code}\n```\n", encoding="utf-8")
        self.edit("index.md", "chapters/small\n", f"chapters/small\nchapters/{name}\n")

    @contextmanager
    def restored(self):
        """Let the book be spoiled; its sources are as they were when the block ends."""
        sources = [*self.folder.glob("*.*"), *self.folder.glob("[!_]*/*.*")]
        sources += self.folder.glob("press/**/*.py")
        sources += [
            file
            for room in ("_static", "_templates")
            for file in self.folder.glob(f"{room}/**/*.*")
        ]
        before = {path: path.read_bytes() for path in sources if path.is_file()}
        yield self
        for path in self.folder.glob("chapters/*.md"):
            if path not in before:
                path.unlink()
        for path, content in before.items():
            if not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)
