"""The explorer's address, without a page: it says all of the state, and none does harm."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcore import OBJECTIVES
from gdcore.curvature import example, learning_rates
from gdcore.optimizers import OPTIMIZERS
from gdcore.trace import parameters
from tests.support.scripts import engine, tuned

PICTURES = {name: example(objective)[0] for name, objective in OBJECTIVES.items()}
PRESET = {"steps": 40}
FUNCTIONS = """({
  write: (state) => book.address.write(state),
  read: (...given) => JSON.stringify(book.address.read(...given) ?? null),
  bounds: () => JSON.stringify(book.state.BOUNDS),
  runs: (state, pictures) => JSON.stringify(Object.entries(state.runners).filter(([, { on }]) => on)
    .map(([name, { numbers }]) => book.descents.descend({
      objective: book.gdcore.OBJECTIVES[state.objective],
      optimizer: book.gdcore.OPTIMIZERS[name], parameters: numbers,
      start: state.start, steps: state.steps,
      noise: state.noise ? book.descents.noiseOf(state.seed, state.noise) : undefined }).last)),
})"""


class Script:
    """The explorer's scripts in an engine that knows no page."""

    def __init__(self):
        self.context = engine("numbers", "descend", "state", "address")
        self.functions = self.context.eval(FUNCTIONS)

    def call(self, name, *values):
        self.context.set("called", self.functions)
        given = ", ".join(f"JSON.parse({json.dumps(json.dumps(value))})" for value in values)
        return self.context.eval(f"called.{name}({given})")

    def write(self, state):
        return self.call("write", state)

    def read(self, query, pictures=PICTURES):
        return json.loads(self.call("read", query, pictures, PRESET))


SCRIPT = Script()
BOUNDS = json.loads(SCRIPT.call("bounds"))


@st.composite
def states(draw):
    name = draw(st.sampled_from(list(OBJECTIVES)))
    start = [draw(st.floats(*interval)) for interval in PICTURES[name]]
    on = draw(st.sets(st.sampled_from(sorted(OPTIMIZERS)), min_size=1))
    steps = draw(st.integers(1, 1000))
    return {
        "objective": name,
        "start": [*start, 0][:2],
        "steps": steps,
        "k": draw(st.integers(0, steps)),
        "noise": draw(st.floats(*BOUNDS["noise"])),
        "seed": draw(st.integers(0, 10**9)),
        "watched": draw(st.sampled_from(sorted(on))),
        "basins": len(start) == 2 and draw(st.booleans()),
        "runners": {
            runner: {
                "on": runner in on,
                "numbers": [
                    draw(st.floats(*BOUNDS[parameter]))
                    for parameter in parameters(OPTIMIZERS[runner])
                ],
            }
            for runner in OPTIMIZERS
        },
    }


@given(states())
def test_an_address_says_all_of_the_state(state):
    assert SCRIPT.read(SCRIPT.write(state)) == state


@given(states())
def test_an_address_needs_no_escapes(state):
    assert set(SCRIPT.write(state)) <= set("abcdefghijklmnopqrstuvwxyz_0123456789=&,.+-")


def assert_in_order(state):
    """It could have been reached by hand: every number within its bounds, and something shown."""
    assert state["objective"] in OBJECTIVES
    picture = PICTURES[state["objective"]]
    assert all(low <= x <= high for x, (low, high) in zip(state["start"], picture, strict=False))
    assert len(picture) == 2 or state["start"][1] == 0
    for name in ("steps", "noise", "seed"):
        low, high = BOUNDS[name]
        assert low <= state[name] <= high
    assert all(isinstance(state[name], int) for name in ("steps", "k", "seed"))
    assert 0 <= state["k"] <= state["steps"]
    assert list(state["runners"]) == list(OPTIMIZERS)
    for name, runner in state["runners"].items():
        for parameter, number in zip(parameters(OPTIMIZERS[name]), runner["numbers"], strict=True):
            low, high = BOUNDS[parameter]
            assert low <= number <= high
    assert state["runners"][state["watched"]]["on"] is True
    assert isinstance(state["basins"], bool) and (len(picture) == 2 or not state["basins"])
    assert min(json.loads(SCRIPT.call("runs", state, PICTURES))) >= 0  # the table has its numbers


HOSTILE = [
    *["", " ", ",", ",,,,,,,", "0", "-0", "1", "-1", "1,2", "1,2,3", "2.5", "1e9", "1e200"],
    *["1e200,0", "-1e308,1e308", "1e999", "1e-999", "NaN", "Infinity", "-Infinity", "0x10"],
    *["9" * 400, "1e5,x", "off", "0.1,off", "off,off", "%", "%%%", "%zz", "%E0%A4%A", "%00", "%20"],
    *["%2C", "0.1%2C0.5", "__proto__", "constructor", "toString", "hasOwnProperty", "null"],
    *["undefined", "true", "\n", "<script>alert(1)</script>", '"><img/src=x/onerror=alert(1)>'],
    *["[object Object]", "rmsprop", "himmelblau", "parabola", "一", "🏔", "\ud800", "a=b", "1;2"],
]
KEYS = ["objective", "start", "steps", "k", "noise", "seed", "watched", "basins", *OPTIMIZERS]
KEYS += ["__proto__", "constructor", "", "%", "Objective"]
words = st.sampled_from(HOSTILE) | st.text(max_size=20) | st.floats().map(str)
parts = st.tuples(st.sampled_from(KEYS) | st.text(max_size=5), words).map("=".join)


@given(st.sampled_from(list(OBJECTIVES)), st.lists(parts | st.text(max_size=20), max_size=12))
def test_whatever_an_address_says_the_state_is_in_order(name, said):
    query = f"objective={name}&{'&'.join(said)}"
    assert_in_order(SCRIPT.read(query))
    again = SCRIPT.read("&".join(said))
    assert again is None or assert_in_order(again) is None


@pytest.mark.parametrize("key", KEYS[1:])
def test_every_key_bears_every_word(key):
    for word in HOSTILE:
        assert_in_order(SCRIPT.read(f"objective=easom&{key}={word}&{key}=1"))
        assert_in_order(SCRIPT.read(f"objective=catenary&{key}={word}"))


@pytest.mark.parametrize("runner", OPTIMIZERS)
def test_gdcore_takes_all_numbers_within_the_bounds(runner):
    for end in (0, 1):
        numbers = [BOUNDS[name][end] for name in parameters(OPTIMIZERS[runner])]
        optimizer = tuned(runner, numbers)  # refuses what makes no sense
        assert list(parameters(optimizer).values()) == numbers


@pytest.mark.parametrize("name", ["nothing", "__proto__", "constructor", "", "%", "Himmelblau"])
def test_of_an_objective_that_is_not_there_nothing_is_said(name):
    assert SCRIPT.read(f"objective={name}&start=1,1") is None
    assert SCRIPT.read("start=1,1") is None


@pytest.mark.parametrize("name", OBJECTIVES)
def test_what_is_left_out_is_as_the_catalogue_has_it(name):
    _, start, _ = example(OBJECTIVES[name])
    state = SCRIPT.read(f"objective={name}")
    assert state["start"] == [*start, 0][:2]
    assert (state["steps"], state["noise"], state["seed"]) == (40, 0, 1)
    assert [runner for runner, its in state["runners"].items() if its["on"]] == ["gradient_descent"]
    for runner, its in state["runners"].items():
        assert its["numbers"][0] == learning_rates(OBJECTIVES[name])[runner]


@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_start_outside_is_held_within_the_picture(name):
    picture = PICTURES[name]
    state = SCRIPT.read(f"objective={name}&start=1e200,-1e200")
    edges = [high if i == 0 else low for i, (low, high) in enumerate(picture)]
    assert state["start"] == [*edges, 0][:2]


def test_every_start_within_a_picture_has_a_gradient():
    for name, objective in OBJECTIVES.items():
        axes = np.meshgrid(*(np.linspace(*interval, 41) for interval in PICTURES[name]))
        x = np.stack(axes)
        assert np.isfinite(objective(x)).all() and np.isfinite(objective.grad(x)).all(), name


@pytest.mark.parametrize(("x", "taken"), [(-1, 0.5), (0, 0.5), (2, 2), (9, 3)])
def test_a_start_without_a_value_is_not_taken(x, taken):
    """Of log x: minus infinity at 0, no number to the left of it."""
    log = "{ run: (x, y, out) => { out[0] = Math.log(x); out[1] = 1 / x; } }"
    SCRIPT.context.eval("var held = book.state.heldStart")
    start = SCRIPT.context.eval(f"JSON.stringify(held({log}, [[-2, 3]], [{x}], [0.5, 0]))")
    assert json.loads(start) == [taken, 0]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("adam=0.5,0.8,0.9,0.01", [0.5, 0.8, 0.9, 0.01]),
        ("adam=0.5%2C0.8%2C0.9%2C0.01", [0.5, 0.8, 0.9, 0.01]),
        ("adam=0.5", [0.5, 0.9, 0.999, 1e-8]),
        ("adam=x,0.8,,0.01,7", [0.2, 0.8, 0.999, 0.01]),
        ("adam=-3,-1,1,0", [1e-5, 0, 1 - 1e-9, 1e-16]),
        ("adam=1e9,0.8,0.9,1e9", [10, 0.8, 0.9, 1000]),
        ("adam=0.5&adam=0.7", [0.5, 0.9, 0.999, 1e-8]),
    ],
)
def test_numbers_are_taken_one_by_one(query, numbers):
    state = SCRIPT.read(f"objective=himmelblau&{query}")
    assert state["runners"]["adam"] == {"on": True, "numbers": numbers}
    assert state["watched"] == "adam" and not state["runners"]["gradient_descent"]["on"]
