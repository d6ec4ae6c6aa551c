"""Two cold builds of the same sources give the same bytes: elsewhere, later, with other hashes.

The book here is small, but has one of everything that is drawn or listed. The whole book is built
twice by `make reproduce`.
"""

import json
import os
import re
import shutil

import pytest

from press.ext.page.outputs import kept
from tests.support.book import CHAPTERS, LANGUAGES, ROOT
from tests.support.small_book import SmallBook

EVERYTHING = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
(everything)=
# {zh}`样样都有` {en}`One of everything`

:::{zh}
见{numref}`图 %s <fig-path>`、{cite}`cauchy1847` 和 $x^2$。
:::

:::{en}
See {numref}`Figure %s <fig-path>`, {cite}`cauchy1847` and $x^2$.
:::

```{code-cell} python
:tags: [remove-cell]
from gdcore import draw; draw.use_book_style()
```

```{code-cell} python
from gdcore import GradientDescent, descend, draw, himmelblau

path = descend(himmelblau, GradientDescent(0.01), (-0.4, -0.65), max_steps=12)
for k, x in enumerate(path.x):
    print(k, x)
    if k % 4 == 0:
        import sys; sys.stdout.flush()
print({"a", "b", "c"} == {"c", "b", "a"}, sorted({"x", "y"}))
```

```{code-cell} python
---
mystnb:
  figure:
    name: fig-path
    caption: "{zh}`路径` {en}`The path`"
  image:
    alt: "{zh}`一条路径。` {en}`A path.`"
---
import matplotlib.pyplot as plt

ax = plt.figure().subplots()
_ = ax.plot(path.x[:, 0], path.x[:, 1])
```

```{code-cell} python
---
mystnb:
  figure:
    name: fig-moving
    caption: "{zh}`下降` {en}`The descent`"
  image:
    alt: "{zh}`一次下降。` {en}`A descent.`"
---
draw.animate(path)
```
"""
REFERENCES = """\
(references)=
# {zh}`文献` {en}`References`

```{bibliography}
```
"""


# Put where Python looks first: the clock of all that a build runs is more than a year ahead.
LATER = """
import datetime
import time

AHEAD = 400 * 86400
now, local, universal = time.time, time.localtime, time.gmtime
time.time = lambda: now() + AHEAD
time.localtime = lambda seconds=None: local(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: universal(time.time() if seconds is None else seconds)


class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=AHEAD)

    @classmethod
    def today(cls):
        return cls.now()


datetime.datetime = Later
"""


@pytest.mark.slow
def test_two_cold_builds_are_the_same_byte_for_byte(tmp_path):
    later = tmp_path / "later"
    later.mkdir()
    (later / "sitecustomize.py").write_text(LATER, encoding="utf-8")
    builds = []
    for name, elsewhere in (
        ("one", {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai"}),
        ("a folder/with another name", {"PYTHONHASHSEED": "2", "TZ": "America/New_York"}),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        book = SmallBook(tmp_path / name)
        (book.folder / "chapters/everything.md").write_text(EVERYTHING, encoding="utf-8")
        (book.folder / "references.md").write_text(REFERENCES, encoding="utf-8")
        shutil.copy(ROOT / "references.bib", book.folder)
        pages = "chapters/small\nchapters/everything\nreferences\n"
        book.edit("index.md", "chapters/small\n", pages)
        path = f"{book.folder}{os.pathsep}{later}" if builds else str(book.folder)
        code, said = book.build(**elsewhere, PYTHONPATH=path)
        assert code == 0, said
        builds.append(book.files())
    assert builds[0].keys() == builds[1].keys()
    assert [name for name in builds[0] if builds[0][name] != builds[1][name]] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_page_hands_on_a_number_of_the_size_of_rounding(html, chapter):
    """Which is another with each release of NumPy, as the locks pin them from Python to Python."""
    for lang in LANGUAGES:
        page = (html / lang / "chapters" / f"{chapter}.html").read_text(encoding="utf-8")
        values = "".join(re.findall(r"data-values=('[^']*'|\"[^\"]*\")", page))
        assert [n for n in re.findall(r"[\d.]+e-\d+", values) if 0 < float(n) < 1e-25] == []


def test_the_frame_of_a_computed_path_does_not_hang_on_its_last_digits(html):
    """Equal scales let limits decide on the frame, which the SVG has to the last digit."""
    text = (ROOT / "chapters" / "network.md").read_text(encoding="utf-8")
    [cell] = [cell for cell in kept(text) if "height_ratios=(2, 1)" in cell["source"]]
    [svg] = [data["data"]["image/svg+xml"] for data in cell["outputs"]]
    above, below = json.loads(re.search(r'data-axes="([^"]*)"', svg)[1])
    assert above[4:] == [-1, 1, -1, 1]
    assert all(end == int(end) for end in below[4:])
