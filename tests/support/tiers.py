"""Two tiers: `make test` runs what is not marked slow, `make test-slow` the rest."""

import pytest


def few(cases, *fast):
    """The cases of a table, all but a few of them marked slow."""
    unknown = [case for case in fast if case not in cases]
    assert not unknown, f"no such cases: {unknown}"
    return [case if case in fast else slowly(case) for case in cases]


def by_turns(pages, languages):
    """Each page in each language, of which the pages take turns; the other one is marked slow."""
    cases = [[(lang, page) for lang in languages] for page in pages]
    fast = [both[i % len(both)] for i, both in enumerate(cases)]
    return few([case for both in cases for case in both], *fast)


def slowly(case):
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.slow)
