"""Tiers: `make test` runs what is not marked slow, `make test-slow` the rest; both in Chromium.

What opens a tab is slow, unless its file names it, or one case of it:
`FAST = {"test_it", "test_that[en]"}`.
"""

import pytest


def few(cases, *fast):
    """The cases of a table, all but a few of them marked slow."""
    unknown = [case for case in fast if case not in cases]
    assert not unknown, f"no such cases: {unknown}"
    return [case if case in fast else slowly(case) for case in cases]


def by_turns(pages, languages):
    """Each page in each language, of which the pages take turns; the others are marked slow."""
    cases = [[(lang, page) for lang in languages] for page in pages]
    fast = [pair[i % len(pair)] for i, pair in enumerate(cases)]
    both = [case for pair in cases for case in pair]
    slow = pytest.mark.slow
    return [case if case in fast else pytest.param(case, marks=slow) for case in both]


def slowly(case):
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.slow)


def one_a_behaviour(item):
    """Mark slow whatever opens a tab and is not named in its file; a hook of pytest's."""
    if item.path.parent.name != "browsers" and opens_a_tab(item):
        named = {item.name, item.originalname} & set(getattr(item.module, "FAST", ()))
        if not named:
            item.add_marker(pytest.mark.slow)


def opens_a_tab(item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())
