"""Tiers: `make test` runs what is not marked slow, `make test-slow` the rest; both in Chromium."""

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
