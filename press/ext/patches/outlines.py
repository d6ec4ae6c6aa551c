"""Outlines of pages, so that one edited page does not make Sphinx open all the others.

Sphinx opens the doctree of every page to number the figures, and that of its target for each
reference to a figure's number; with 200 chapters that takes most of a build. Both ask only for
sections, captions, numbered formulas and contents. So an outline with no more than these is kept of
each page, in the environment, and shown to them in place of the doctree.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.domains.std import StandardDomain
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.environment.collectors.toctree import TocTreeCollector

assign_figure_numbers = TocTreeCollector.assign_figure_numbers
resolve_numref = StandardDomain._resolve_numref_xref


class Outline(nodes.Element):
    """What is left of a page, and where its anchors are."""

    def __init__(self, page: nodes.document, domains: list) -> None:
        super().__init__()
        self.ids: dict[str, nodes.Element] = {}
        self.extend(self.kept(page, domains))
        for node in self.findall():
            node.document = None  # else the whole page would be kept with it

    def kept(self, node: nodes.Element, domains: list) -> list[nodes.Element]:
        found = []
        for child in node.children:
            if isinstance(child, addnodes.toctree):
                found.append(child.copy())
            elif isinstance(child, (nodes.caption, nodes.title)):
                found.append(child.deepcopy())
            elif isinstance(child, nodes.Element):
                inside = self.kept(child, domains)
                if any(domain.get_enumerable_node_type(child) for domain in domains):
                    copy = child.copy()
                    copy.extend(inside)
                    if isinstance(child, nodes.container):  # a listing is one by what it holds
                        copy.append(nodes.literal_block())
                    self.ids.update(dict.fromkeys(copy["ids"], copy))
                    inside = [copy]
                found += inside
        return found


class OutlineCollector(EnvironmentCollector):
    """Keep the outline of each page that is read, as long as the page is there."""

    def clear_doc(self, app, env, docname: str) -> None:
        outlines(env).pop(docname, None)

    def merge_other(self, app, env, docnames: set[str], other) -> None:
        outlines(env).update({name: outlines(other)[name] for name in docnames})

    def process_doc(self, app, doctree: nodes.document) -> None:
        outline = Outline(doctree, list(app.env.domains.sorted()))
        outlines(app.env)[app.env.current_document.docname] = outline


def outlines(env) -> dict[str, Outline]:
    if not hasattr(env, "outlines"):
        env.outlines = {}
    return env.outlines


class Outlined:
    """The environment, but with outlines in place of doctrees."""

    def __init__(self, env) -> None:
        object.__setattr__(self, "env", env)

    def __getattr__(self, name: str):
        return getattr(self.env, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self.env, name, value)

    def get_doctree(self, docname: str):
        return outlines(self.env).get(docname) or self.env.get_doctree(docname)


def setup(app):
    app.add_env_collector(OutlineCollector)
    TocTreeCollector.assign_figure_numbers = lambda self, env: assign_figure_numbers(
        self, Outlined(env)
    )
    StandardDomain._resolve_numref_xref = lambda self, env, *about: resolve_numref(
        self, Outlined(env), *about
    )
    return {"version": "1", "env_version": 1, "parallel_read_safe": True,
            "parallel_write_safe": True}  # fmt: skip
