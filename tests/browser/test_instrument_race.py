"""The race in the page is the chapter's, whatever is turned, and says what it shows."""

import json
import re

import numpy as np
import pytest

from gdcore import OBJECTIVES
from gdcore.objectives import Objective
from press.ext.figures.instruments import joined
from tests.pages.test_claims_race import NAMES, chapter
from tests.support.book import LANGUAGES, ROOT
from tests.support.browsing import reload
from tests.support.instruments import at_figure, settled
from tests.support.scripts import JS

FAST = {
    "test_it_has_the_chapters_courses_and_rates",
}

FIGURE = ("race", "fig-race-budget")
POLYNOMIAL = ("valley", "booth", "rosenbrock", "himmelblau")
LADDER = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300]
RACE = """({ courses, rates, degrees, sigma, seed, last }) => {
  const work = book.racing.race({ courses, rates, degrees, sigma, seed, last });
  let step;
  do step = work.next(); while (!step.done);
  const starts = Object.values(courses).map((domain) => book.racing.starts(domain, seed));
  const noises = starts[0].map((_, i) => {
    const noise = book.descents.noiseOf(1000 * seed + i, 1);
    return Array.from({ length: last }, () => {
      const out = [0, 0, 0];
      noise(out);
      return out.slice(1);
    });
  });
  return JSON.stringify({ scores: step.value, starts, noises });
}"""


@pytest.fixture(scope="module")
def engine(browser):
    page = browser.new_page()
    shared = [JS / "book.js", JS / "kit" / "descend.js"]
    script = "".join(path.read_text("utf-8") for path in shared)
    script += "book.instrument = () => {};" + joined(ROOT, "race", "en")
    page.add_script_tag(content=script)
    yield lambda rules: json.loads(page.evaluate(RACE, rules))
    page.close()


@pytest.fixture(scope="module")
def names():
    return chapter()


def rules(names, courses, **its) -> dict:
    rates = names["rates"]
    domains = {name: OBJECTIVES[name].domain for name in courses}
    return {"courses": domains, "rates": list(rates), "degrees": 0, "sigma": 0, "seed": 0, **its}


def by_gdcore(names, given, run) -> np.ndarray:
    """The scores that the chapter's own functions give from the same starts, in the same noise."""
    budgets = [k for k in LADDER if k <= given["last"]]
    rates = np.array(given["rates"])
    noise = np.array(run["noises"])  # start, step, component
    scores = []
    for name, starts in zip(given["courses"], run["starts"], strict=True):
        f = OBJECTIVES[name]
        at = np.array(starts).T
        steep = np.median(np.linalg.norm(f.grad(at[:, :20]), axis=0))
        quiet = names["changed"](f, given["degrees"], 0, None)
        at = names["turn"](at, given["degrees"])

        def digits(runner, rates, part, quiet=quiet, steep=steep, at=at):
            step = iter(range(given["last"] + 1))

            def grad(x):
                k = next(step)
                z = noise[part, min(k, given["last"] - 1)].T[:, np.newaxis]
                return quiet.grad(x) + given["sigma"] * steep * z

            here = Objective(quiet.value, grad, dim=2, minimum=quiet.minimum)
            return names["digits"](here, runner, rates, at[:, part], budgets)

        for runner in names["runners"].values():
            tried = digits(runner, rates, slice(20)).mean(axis=2)
            best = rates[tried.argmax(axis=1)]
            gained = digits(runner, best, slice(20, 80)).mean(axis=2)
            scores.append(gained.diagonal())
    return np.reshape(scores, (len(given["courses"]), 7, len(budgets))).mean(axis=0)


@pytest.mark.parametrize(
    "its",
    [
        {"last": 300},
        {"last": 30, "seed": 4},
        {"last": 30, "degrees": 33},
        {"last": 100, "sigma": 0.03, "seed": 1},
        {"last": 10, "degrees": 90, "sigma": 1},
    ],
    ids=str,
)
def test_a_race_on_polynomials_is_that_of_gdcore(engine, names, its):
    given = rules(names, POLYNOMIAL, **its)
    run = engine(given)
    # Turned by sines and cosines, which engines round differently, few descents may end elsewhere.
    allowed = 0.02 if its.get("degrees") else 1e-9
    np.testing.assert_allclose(run["scores"], by_gdcore(names, given, run), atol=allowed)


def test_the_whole_race_is_that_of_gdcore_and_its_ranks_are_the_chapters(engine, names):
    courses = [name for name, f in OBJECTIVES.items() if f.dim == 2]
    given = rules(names, courses, last=300)
    run = engine(given)
    np.testing.assert_allclose(run["scores"], by_gdcore(names, given, run), atol=0.05)
    scores = dict(zip(NAMES, run["scores"], strict=True))
    sprint = sorted(NAMES, key=lambda name: -scores[name][LADDER.index(10)])
    long = sorted(NAMES, key=lambda name: -scores[name][LADDER.index(300)])
    assert sprint[:3] == ["AdaGrad", "RMSProp", "GD"] and set(sprint[-2:]) == {"Adam", "Momentum"}
    assert long[0] == "Adam" and long[-2:] == ["RMSProp", "Adadelta"]


def test_starts_fill_each_course_and_differ_with_the_seed(engine, names):
    first, other = (engine(rules(names, ["beale"], last=1, seed=s))["starts"][0] for s in (0, 1))
    assert not np.isclose(first, other).any()
    for starts in (first, other):
        assert len(starts) == 80
        cells = {tuple(cell) for cell in np.floor((np.array(starts) + 4.5) / 9 * 4).astype(int)}
        assert cells == {(i, j) for i in range(4) for j in range(4)}


def says(its) -> str:
    settled(its.page)
    return its.locator(".instrument-says").inner_text()


def test_it_has_the_chapters_courses_and_rates(visit):
    its = at_figure(visit, "en", *FIGURE)
    values = json.loads(its.locator(".instrument").get_attribute("data-values"))["race"]
    assert {name: tuple(map(tuple, box)) for name, box in values["courses"].items()} == {
        name: f.domain for name, f in OBJECTIVES.items() if f.dim == 2
    }
    np.testing.assert_allclose(np.log10(values["rates"]), np.arange(-6, 3.5, 0.5), atol=1e-12)


def test_the_finish_line_is_dragged_and_the_bet_is_ranked(visit):
    its = at_figure(visit, "en", *FIGURE)
    assert "After 1 step nobody leads" in says(its) and "not bet yet" in says(its)
    its.get_by_role("radio", name="Adam", exact=True).check()
    ring = its.locator(".instrument-handle .ring").bounding_box()
    axis = its.locator(".instrument-plot .edge").bounding_box()
    x, y = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
    its.page.mouse.move(x, y)
    its.page.mouse.down()
    its.page.mouse.move(axis["x"] + axis["width"] * np.log10(11) / np.log10(300), y + 40, steps=5)
    its.page.mouse.up()
    assert "After 10 steps AdaGrad leads" in says(its)
    assert re.search(r"Your bet is number [67] with 1\.\d\.", says(its))


def test_within_a_sentence_only_proper_names_are_capitals(visit):
    its = at_figure(visit, "en", *FIGURE, "?finish=6")
    assert "After 30 steps AdaGrad leads with" in says(its)
    assert "ahead of gradient descent with" in says(its)


def test_adam_wins_the_long_race_and_a_guess_is_the_bet(visit):
    its = at_figure(visit, "zh", *FIGURE, "?bet=adam&finish=10")
    assert "走 300 步，Adam 领先" in says(its) and "你押的排第 1" in says(its)
    its.page.evaluate("localStorage.setItem('predict-race-sprint', '3')")
    its = at_figure(visit, "zh", *FIGURE)
    its.page.evaluate("localStorage.setItem('predict-race-sprint', '3')")
    reload(its.page)
    its.page.wait_for_function("document.querySelector('.live .instrument-says')?.textContent")
    assert its.get_by_role("radio", name="AdaGrad", exact=True).is_checked()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_axis_ends_where_the_race_does_and_every_name_has_room_beside_it(visit, lang):
    its = at_figure(visit, lang, *FIGURE, "?finish=10&bet=gradient_descent")
    says(its)
    axis, ring, stage = (
        its.locator(part).bounding_box() for part in (".edge", ".ring", ".instrument-stage")
    )
    assert ring["x"] + ring["width"] / 2 == pytest.approx(axis["x"] + axis["width"], abs=1)
    [name] = its.locator("text[style*='font-weight: 700']").all()
    names = its.locator("text[style*='font-weight: 400']").all()
    boxes = [text.bounding_box() for text in [name, *names]]
    assert len(boxes) == 8  # seven names, and how many steps
    assert all(box["x"] + box["width"] <= stage["x"] + stage["width"] + 1 for box in boxes)
    tops = sorted(box["y"] for box in boxes)
    assert np.diff(tops).min() > 10


@pytest.mark.parametrize(
    ("lang", "score", "names"),
    [
        ("zh", "f − min f 缩小了几位", ["梯度下降", "动量法", "Nesterov 动量法"]),
        ("en", "how many digits f − min f has lost", ["Gradient descent", "Momentum", "Nesterov"]),
    ],
)
def test_it_says_what_a_score_is_and_has_the_books_names(visit, lang, score, names):
    its = at_figure(visit, lang, *FIGURE)
    says(its)
    assert score in its.locator(".name").last.text_content()
    names = {*names, "AdaGrad", "RMSProp", "Adadelta", "Adam"}
    chips = {chip.inner_text() for chip in its.locator(".instrument-choice label").all()}
    assert chips - names == {{"zh": "你自己的", "en": "Your own"}[lang]} and names < chips
    drawn = its.locator(".instrument-plot text[style]").all_text_contents()
    assert names <= set(drawn)
