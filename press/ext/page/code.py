"""Code serves the text: what is hidden opens below the figure that it draws; long outputs fold."""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform

LINES = 8  # of an output, before it folds
REST = {"zh_CN": "其余 {} 行", "en": "{} more lines"}


class CodeBelowFigures(SphinxPostTransform):
    """Move the code that draws a figure behind it, where a reader asks for it."""

    default_priority = 200  # directly after MyST-NB has hidden it
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for cell in list(self.document.findall(nodes.container)):
            first, *rest = cell.children or [None]
            if isinstance(first, HideCodeCellNode) and rest:
                first["classes"] = ["below-output"]
                cell.children = [*rest, first]


class FoldLongOutputs(SphinxPostTransform):
    """Show the first lines of a long printed output; the rest opens below them."""

    default_priority = 201
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        shown, rest = LINES - 2, REST[self.config.language]
        for block in list(self.document.findall(nodes.literal_block)):
            lines = block.astext().rstrip("\n").split("\n")
            if "output" not in block["classes"] or len(lines) <= LINES:
                continue
            parts = []
            for some in (lines[:shown], lines[shown:]):
                part = block.copy()
                part.rawsource = "\n".join(some)
                part.append(nodes.Text(part.rawsource))
                parts.append(part)
            words = rest.format(len(lines) - shown)
            fold = HideCodeCellNode("", parts[1], prompt_show=words, prompt_hide=words)
            fold["classes"] = ["rest-of-output"]
            block.replace_self([parts[0], fold])


def setup(app):
    app.add_post_transform(CodeBelowFigures)
    app.add_post_transform(FoldLongOutputs)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
