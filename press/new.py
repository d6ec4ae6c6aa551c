"""A new book: one small chapter in both languages, with this book's settings."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("_static", "_templates", "gdcore", "locale", "press")
FILES = ("conf.py", "references.bib", "requirements.lock")

INDEX = """\
(index)=
# {zh}`书` {en}`Book`

:::{zh}
一本书。
:::

:::{en}
A book.
:::

```{toctree}
chapters/small
```
"""
CHAPTER = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
(small)=
# {zh}`小章` {en}`Small chapter`

```{code-cell} python
from gdcore import GradientDescent, descend, parabola

x = float(descend(parabola, GradientDescent(0.2), 10, max_steps=10).x[-1, 0])
print("epoch 10, x:", x)
```

```{code-cell} python
:tags: [remove-cell]
from myst_nb import glue

glue("x", x)
```

:::{zh}
最后的 $x$ 是 {glue:text}`x:.3f`。
:::

:::{en}
The final $x$ is {glue:text}`x:.3f`.
:::
"""


def make(folder: Path) -> None:
    """Write a new book into a folder that is not there yet."""
    folder.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", ".*", "*.mo")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    (folder / "chapters").mkdir()
    (folder / "index.md").write_text(INDEX, encoding="utf-8")
    (folder / "chapters" / "small.md").write_text(CHAPTER, encoding="utf-8")
