"""The page's descents are gdcore's: the same formulas, run by other engines, give the same numbers.

Objectives made of + - * / and square roots must agree to the last bit. Those with sin, cos or exp,
which every engine computes a little differently, must agree to a tolerance that grows only as fast
as gdcore's own descent from a start that differs by a few units in the last place.
"""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import quickjs
from sphinx.errors import ExtensionError

from gdcore import OBJECTIVES, descend, himmelblau
from gdcore.curvature import learning_rates
from gdcore.optimizers import OPTIMIZERS
from gdcore.trace import parameters
from press.ext.figures.javascript import gdcore_js
from tests.support.scripts import source, tuned

FAST = {
    "test_every_engine_gives_gdcores_numbers[himmelblau]",
    "test_every_engine_gives_gdcores_numbers[parabola]",
}

STEPS = 100
FACTORS = (1, 10, 1000)  # of the catalogue's learning rate: ordinary, wild, away
STARTS = 3
NEXT = (-8, -4, -2, 2, 4, 8)  # units in the last place
WAVY = {"catenary", "growing_wave", "bohachevsky", "griewank", "rastrigin", "ackley", "easom"}
RUN = """(cases) => JSON.stringify(cases.map(({ name, runner, numbers, start }) => {
  const { OBJECTIVES, OPTIMIZERS } = book.gdcore;
  const run = book.descents.descend({ objective: OBJECTIVES[name], optimizer: OPTIMIZERS[runner],
    parameters: numbers, start, steps: %d, tol: 0.01 });
  const upTo = (row) => Array.from(row.subarray(0, run.last + 1));
  return { last: run.last, status: run.status, x: upTo(run.x), y: upTo(run.y), f: upTo(run.f) };
}))"""


@pytest.fixture(scope="module")
def script():
    return source("descend")


def in_quickjs(script, cases):
    context = quickjs.Context()
    context.eval(script)
    return json.loads(context.eval(RUN % STEPS)(context.parse_json(json.dumps(cases))))


def cases_of(objective, rng):
    low, high = np.array(objective.domain).T
    starts = [low + (high - low) * rng.uniform(size=objective.dim) for _ in range(STARTS)]
    for runner in OPTIMIZERS:
        for factor in FACTORS:
            numbers = list(parameters(OPTIMIZERS[runner]).values())
            numbers[0] = learning_rates(objective)[runner] * factor
            for start in starts:
                yield runner, numbers, start


def ours(objective, runner, numbers, start):
    optimizer = tuned(runner, numbers)
    return descend(objective, optimizer, start, max_steps=STEPS, grad_tol=0.01)


def chaos(objective, case, path):
    """How far gdcore's own descents from starts next to this one have gone from it by each step."""
    runner, numbers, start = case
    near = [ours(objective, runner, numbers, start * (1 + u * 2.0**-52)).x for u in NEXT]
    rows = min(len(path), *(len(other) for other in near))
    apart = np.max([np.abs(other[:rows] - path[:rows]).max(axis=1) for other in near], axis=0)
    return rows, np.maximum.accumulate(apart)


@cache
def descents_of(name):
    """The cases of an objective, their descents by gdcore, and with waves the chaos around each."""
    objective = OBJECTIVES[name]
    cases = list(cases_of(objective, np.random.default_rng(0)))
    runs = [ours(objective, *case) for case in cases]
    wavy = name in WAVY
    return [
        (case, run, chaos(objective, case, run.x) if wavy else None)
        for case, run in zip(cases, runs, strict=True)
    ]


def check(objective, engine):
    """Compare all cases; return how many ended in which way."""
    descents = descents_of(objective.name)
    theirs = engine(
        [
            {
                "name": objective.name,
                "runner": runner,
                "numbers": numbers,
                "start": [*start, 0.0][:2],
            }
            for (runner, numbers, start), *_ in descents
        ]
    )
    ends = {}
    for (case, mine, near), run in zip(descents, theirs, strict=True):
        x = np.array([run["x"], run["y"]][: objective.dim], dtype=float).T
        if near:
            rows, apart = near
            rows = min(rows, len(x))
            allowed = 1e-11 * (1 + np.abs(mine.x[:rows]).max(axis=1)) + 1e4 * apart[:rows]
            assert (np.abs(x[:rows] - mine.x[:rows]).max(axis=1) <= allowed).all(), case
        else:
            assert run["status"] == str(mine.status), case
            assert run["last"] == int(mine.steps), case
            assert np.array_equal(x, mine.x) and np.array_equal(
                np.array(run["f"], dtype=float), mine.f
            ), case
        ends[run["status"]] = ends.get(run["status"], 0) + 1
    return ends


@pytest.fixture(scope="module")
def engines(script, browser):
    page = browser.new_page()
    page.add_script_tag(content=script)
    yield {
        "Chromium": lambda cases: json.loads(page.evaluate(RUN % STEPS, cases)),
        "QuickJS": lambda cases: in_quickjs(script, cases),
    }
    page.close()


@pytest.mark.parametrize("name", OBJECTIVES)
def test_every_engine_gives_gdcores_numbers(engines, name, capsys):
    for engine, run in engines.items():
        ends = check(OBJECTIVES[name], run)
        how = "within tolerance" if name in WAVY else "to the last bit"
        with capsys.disabled():
            print(f"\n{name} in {engine}: {sum(ends.values())} runs agree {how}: {ends}")
        assert sum(ends.values()) == len(OPTIMIZERS) * len(FACTORS) * STARTS


def test_the_runs_are_of_every_kind(script):
    """Among the cases compared are converging, unfinished and diverging descents."""
    ends = check(OBJECTIVES["himmelblau"], lambda cases: in_quickjs(script, cases))
    assert set(ends) == {"converged", "max_steps", "diverged"}


def test_a_formula_that_differs_is_noticed(script):
    wrong = script.replace("t1-11", "t1-11.000000000000002", 1)
    assert wrong != script
    with pytest.raises(AssertionError):
        check(OBJECTIVES["himmelblau"], lambda cases: in_quickjs(wrong, cases))


def test_what_cannot_be_written_is_named(monkeypatch):
    strange = replace(himmelblau, value=lambda x: np.arctan(x[0]))
    monkeypatch.setitem(OBJECTIVES, "himmelblau", strange)
    said = "The objective himmelblau does something that cannot be written as JavaScript"
    with pytest.raises(ExtensionError, match=said):
        gdcore_js("en", ["himmelblau"])


def test_noise_is_normal_and_repeats_with_its_seed(script):
    context = quickjs.Context()
    context.eval(script)
    draw = """(seed, scale, n) => JSON.stringify(Array.from({ length: n }, ((noise) => () => {
      const out = [0, 1, 2];
      noise(out);
      return [out[0], out[1] - 1, out[2] - 2];
    })(book.descents.noiseOf(seed, scale))))"""
    draw = context.eval(draw)
    first, again, other = (np.array(json.loads(draw(seed, 2, 20_000))) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert not first[:, 0].any()  # f itself has no noise
    z = first[:, 1:] / 2
    assert np.abs(z.mean(axis=0)).max() < 4 / np.sqrt(len(z))
    assert np.abs(z.std(axis=0) - 1).max() < 4 / np.sqrt(2 * len(z))
    assert abs((np.abs(z) < 1.959964).mean() - 0.95) < 0.01
    assert abs(np.corrcoef(z.T)[0, 1]) < 4 / np.sqrt(len(z))
