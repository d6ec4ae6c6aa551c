"""The player of moving pictures in a real browser: what moves, when, and for whom it rests."""

from itertools import product

import numpy as np
import pytest

from gdcore import OBJECTIVES, GradientDescent, descend, himmelblau, parabola
from gdcore.draw import animate, animate_slices, css_variables
from press.ext.figures.inline_svg import elements
from tests.library.test_animate import CAMEL, GRIEWANK, SPHERE, grid, one_point, read, ruler
from tests.support.book import ROOT
from tests.support.browsing import reading
from tests.support.tiers import few

FAST = {
    "test_it_waits_at_the_start_until_the_reader_plays_it_and_plays_to_the_end",
    "test_every_frame_shows_an_iterate_and_none_is_left_out",
    "test_the_keys_step_wherever_the_focus_is[slider]",
    "test_under_reduced_motion_it_stands_still_and_says_why",
}

EASOM = OBJECTIVES["easom"]


@pytest.fixture
def visit(tabs, tmp_path):
    """Open a page with the given pictures from disk; afterwards nothing may have gone wrong."""
    static = ROOT / "_static"
    with reading(tabs, tmp_path) as (open_page, _, troubles):

        def show(*animations, lang="en", above="", **settings):
            figures = "".join(
                "<figure>"
                + "".join(elements(animation.svg, "what one sees", f"fig{number}-", set()))
                + f"<figcaption>{number}</figcaption></figure>"
                for number, animation in enumerate(animations)
            )
            (tmp_path / "page.html").write_text(
                f'<!doctype html><html lang="{lang}"><meta charset="utf-8">'
                '<meta name="viewport" content="width=device-width"><title>page</title>'
                f'<link rel="stylesheet" href="{(static / "layout.css").as_uri()}">'
                f'<link rel="stylesheet" href="{(static / "book.css").as_uri()}">'
                f"<style>{css_variables()}</style>"
                f'<script src="{(static / "js" / "book.js").as_uri()}" defer></script>'
                f'<script src="{(static / "js" / "player.js").as_uri()}" defer></script>'
                f"<body>{above}{figures}</body></html>",
                encoding="utf-8",
            )
            page = open_page("page.html", **settings)
            if settings.get("java_script_enabled", True) and not above:
                page.locator(".player select").first.wait_for(state="attached")  # it comes last
            return page

        yield show
    assert troubles == []


@pytest.fixture(scope="module")
def line():
    trajectory = descend(parabola, GradientDescent(0.1), 1.8, grad_tol=0.01)
    return animate(trajectory, limits=[(-2, 2)], tangent=True)


def step(page) -> int:
    """The step that the picture shows."""
    return int(page.locator("[data-values]").first.text_content())


def wait_for_step(page, k):
    page.wait_for_function(
        "k => document.querySelector('[data-values]').textContent === String(k)", arg=k
    )


def place(page, selector="svg.figure:not(.narrow) > g > svg > g[data-rows]:last-of-type path"):
    """Where the point is drawn, in units of its picture: the middle of its shape."""
    return page.locator(selector).last.evaluate(
        """path => {
          const box = path.getBBox();
          return [box.x / 10 + box.width / 20, box.y / 10 + box.height / 20];
        }"""
    )


def stop_the_clock(page):
    """From here on, time passes only where a test lets it: `page.clock.run_for(milliseconds)`."""
    page.clock.install(time=0)
    page.clock.pause_at(1)


def wait_until_seen(page, seen=True):
    """Wait until the browser has told those who watch whether the picture is in sight.

    Who began to watch earlier, as the player did, has been told before.
    """
    page.locator("svg.figure:not(.narrow)").evaluate(
        """(picture, wanted) => new Promise((done) =>
          new IntersectionObserver((entries, watch) => {
            if (entries.at(-1).isIntersecting !== wanted) return;
            watch.disconnect();
            done();
          }).observe(picture))""",
        seen,
    )


# Playing


def test_it_waits_at_the_start_until_the_reader_plays_it_and_plays_to_the_end(visit, line):
    page = visit(line)
    stop_the_clock(page)
    page.clock.run_for(1000)
    assert step(page) == 0
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.clock.run_for(3000)
    assert step(page) == 27
    page.get_by_role("button", name="Play").click()  # once more, from the start
    page.clock.run_for(500)
    assert 5 <= step(page) <= 6


def test_it_pauses_where_it_is(visit, line):
    page = visit(line)
    stop_the_clock(page)
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(500)
    page.get_by_role("button", name="Pause").click()
    paused = step(page)
    assert 0 < paused < 27
    page.clock.run_for(1000)
    assert step(page) == paused


def test_every_frame_shows_an_iterate_and_none_is_left_out(visit, line):
    page = visit(line)
    stop_the_clock(page)
    page.evaluate("""() => {
      window.seen = [];
      new MutationObserver(() => seen.push(document.querySelector("[data-values]").textContent))
        .observe(document.querySelector("[data-values]"), { childList: true });
    }""")
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(3000)
    seen = [int(k) for k in page.evaluate("seen")]
    assert list(dict.fromkeys(seen)) == list(range(28))


@pytest.mark.parametrize(
    ("speed", "steps"), few([("0.5", 12), ("1", 24), ("2", 48), ("4", 96)], ("0.5", 12), ("4", 96))
)
def test_two_seconds_take_as_many_steps_as_the_reader_chose(visit, speed, steps):
    long = descend(himmelblau, GradientDescent(0.0005), (-0.4, -0.65), max_steps=118)
    page = visit(animate(long))
    stop_the_clock(page)
    page.get_by_role("combobox", name="Speed").select_option(speed)
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(2000)
    assert steps - 1 <= step(page) <= steps  # the last one may be due, but not shown before a frame


def test_the_picture_itself_can_be_clicked_and_then_obeys_the_keys(visit, line):
    page = visit(line)
    page.locator("svg.figure:not(.narrow)").click()
    page.wait_for_function("document.querySelector('[data-values]').textContent > 2")
    page.keyboard.press("Space")
    paused = step(page)
    page.keyboard.press("ArrowRight")
    assert step(page) == paused + 1
    page.keyboard.press("End")
    assert step(page) == 27


# Step by step


def test_the_point_stands_where_the_axes_say(visit):
    trajectory = one_point()
    animation = animate(trajectory)
    across, up = ruler(read(animation), 1, "x"), ruler(read(animation), 1, "y")
    page = visit(animation)
    for k, (x1, x2) in enumerate(trajectory.x):
        assert step(page) == k
        np.testing.assert_allclose(place(page), [across(x1), up(x2)], atol=0.06)
        trail = page.locator("[data-trail] path").first.get_attribute("d")
        assert trail.count("L") == k
        page.get_by_role("button", name="Step forward").click()
    assert step(page) == 21  # the last one stays


def test_the_slices_move_with_the_path(visit):
    trajectory = one_point()
    animation = animate_slices(trajectory)
    page = visit(animation)
    page.get_by_role("slider").fill("7")
    assert step(page) == 7
    svg = read(animation)
    for axes, axis in ((1, 0), (2, 1)):
        across, up = ruler(svg, axes, "x"), ruler(svg, axes, "y")
        point = place(
            page, f"svg.figure:not(.narrow) > g > svg:nth-of-type({axes}) > g:nth-of-type(2) path"
        )
        expected = [across(trajectory.x[7, axis]), up(trajectory.f[7])]
        np.testing.assert_allclose(point, expected, atol=0.06)
        curve = page.locator(f"svg.figure:not(.narrow) > g > svg:nth-of-type({axes}) path").first
        before = curve.get_attribute("d")
        page.get_by_role("slider").fill("8")
        assert curve.get_attribute("d") != before
        page.get_by_role("slider").fill("7")


@pytest.mark.parametrize(
    "name", few(["Play", "Step back", "Step forward", "slider"], "Step back", "slider")
)
def test_the_keys_step_wherever_the_focus_is(visit, line, name):
    page = visit(line)
    control = (
        page.get_by_role("slider") if name == "slider" else page.get_by_role("button", name=name)
    )
    control.focus()
    for key, k in [
        ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 27), ("ArrowRight", 27),
        ("Home", 0), ("ArrowLeft", 0),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert step(page) == k, key


@pytest.mark.parametrize("name", ["Play", "slider"])
def test_the_space_bar_plays_and_pauses(visit, line, name):
    page = visit(line)
    stop_the_clock(page)
    control = page.get_by_role("slider") if name == "slider" else page.locator("button.play")
    control.focus()
    page.keyboard.press("Space")
    page.clock.run_for(500)
    page.keyboard.press("Space")
    paused = step(page)
    assert 2 < paused < 27
    page.clock.run_for(1000)
    assert step(page) == paused


def test_keys_beside_the_player_and_with_the_browsers_own_keys_do_nothing(visit, line):
    page = visit(line)
    page.keyboard.press("ArrowRight")
    assert step(page) == 0
    page.locator("button.play").focus()
    page.keyboard.press("Control+End")
    assert step(page) == 0


def test_scrubbing_shows_the_frame_and_stops_the_playing(visit, line):
    page = visit(line)
    stop_the_clock(page)
    page.get_by_role("button", name="Play").click()
    slider = page.get_by_role("slider")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    middle = step(page)
    page.mouse.up()
    assert 11 <= middle <= 16
    page.clock.run_for(1000)
    assert step(page) == middle and page.get_by_role("button", name="Play").is_visible()


def test_it_works_under_a_finger(visit, line):
    page = visit(line, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    for control in page.locator(".player > :is(button, select, input):visible").all():
        assert control.bounding_box()["height"] >= 44
    page.get_by_role("button", name="Step forward").tap()
    assert step(page) == 1
    slider = page.get_by_role("slider").bounding_box()
    page.touchscreen.tap(slider["x"] + slider["width"] / 2, slider["y"] + slider["height"] / 2)
    assert 12 <= step(page) <= 15
    page.get_by_role("button", name="Play").tap()
    page.wait_for_function("document.querySelector('[data-values]').textContent > 17")
    page.get_by_role("button", name="Pause").tap()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390


# For whom it stands still


def test_under_reduced_motion_it_stands_still_and_says_why(visit, line):
    page = visit(line, reduced_motion="reduce")
    stop_the_clock(page)
    assert step(page) == 27
    assert page.locator("button.play").is_hidden()
    assert page.get_by_text("Your system reduces motion").is_visible()
    page.locator("svg.figure:not(.narrow)").click()
    page.keyboard.press("Space")
    page.clock.run_for(1000)
    assert step(page) == 27
    page.keyboard.press("Home")
    assert step(page) == 0
    page.get_by_role("button", name="Step forward").click()
    page.clock.run_for(1000)
    assert step(page) == 1


def test_it_stops_when_the_reader_comes_to_wish_less_motion(visit, line):
    page = visit(line)
    page.get_by_role("button", name="Play").click()
    page.emulate_media(reduced_motion="reduce")
    page.get_by_text("Your system reduces motion").wait_for()
    assert step(page) == 27
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_role("button", name="Play").wait_for()
    assert step(page) == 0


@pytest.mark.parametrize("make", [animate, animate_slices])
def test_without_a_script_it_shows_the_last_frame(visit, make):
    def shown(page):
        shapes = [path.get_attribute("d") for path in page.locator("[data-steps] path").all()]
        return shapes, page.locator("svg.figure:not(.narrow) text").text_content()

    animation = make(one_point())
    without = visit(animation, java_script_enabled=False)
    assert without.locator(".player").is_hidden()
    page = visit(animation)
    assert shown(page) != shown(without)
    page.get_by_role("slider").fill("21")
    assert shown(page) == shown(without)


def test_on_paper_it_shows_the_last_frame(visit, line):
    page = visit(line)
    page.evaluate("addEventListener('beforeprint', () => { window.printed = "
                  "document.querySelector('[data-values]').textContent; })")  # fmt: skip
    page.get_by_role("button", name="Step forward").click()
    page.pdf()
    assert page.evaluate("window.printed") == "27"
    wait_for_step(page, 1)
    page.emulate_media(media="print")
    assert page.locator(".player").is_hidden()


def test_out_of_sight_it_waits(visit, line):
    page = visit(line, above='<div style="height: 3000px">above</div>')
    stop_the_clock(page)
    page.get_by_role("button", name="Play").click()  # scrolls there
    wait_until_seen(page)
    page.clock.run_for(400)
    left = step(page)
    assert 0 < left < 27
    page.evaluate("scrollTo(0, 0)")
    wait_until_seen(page, False)
    page.clock.run_for(5000)
    assert step(page) == left
    page.evaluate("scrollTo(0, 3000)")
    wait_until_seen(page)
    page.clock.run_for(3000)
    assert step(page) == 27


def test_in_a_hidden_tab_it_pauses(visit, line):
    page = visit(line)
    stop_the_clock(page)
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(400)
    page.evaluate("""() => {
      Object.defineProperty(document, "hidden", { value: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    left = step(page)
    assert 0 < left < 27
    page.clock.run_for(1000)
    assert step(page) == left and page.get_by_role("button", name="Play").is_visible()


# What it says


@pytest.mark.parametrize(
    ("lang", "group", "names", "play", "pause", "told"),
    [
        ("zh-CN", "动画", ["后退一步", "前进一步", "步数", "速度"], "播放", "暂停",
         "第 1 步，dx = 2.880"),
        ("en", "Animation", ["Step back", "Step forward", "Step", "Speed"], "Play", "Pause",
         "Step 1, dx = 2.880"),
    ],
)  # fmt: skip
def test_it_speaks_the_language_of_the_page(visit, line, lang, group, names, play, pause, told):
    page = visit(line, lang=lang)
    bar = page.get_by_role("group", name=group)
    assert bar.locator("[aria-label]").evaluate_all("all => all.map(e => e.ariaLabel)") == names
    for name, role in zip(names, ["button", "button", "slider", "combobox"], strict=True):
        assert bar.get_by_role(role, name=name, exact=True).is_visible()
    output = bar.locator("output[aria-live=polite]")
    bar.get_by_role("button", name=names[1]).click()
    assert output.text_content() == told
    assert bar.get_by_role("slider").get_attribute("aria-valuetext") == told
    bar.get_by_role("button", name=play).click()
    page.wait_for_function("document.querySelector('[data-values]').textContent > 3")
    assert output.text_content() == ""  # while it plays it does not talk
    bar.get_by_role("button", name=pause).click()
    assert output.text_content() == told.replace("1", str(step(page)), 1).replace(
        "2.880", page.locator("[data-values]").last.text_content()
    )


MOTION = ("no-preference", "reduce")
READERS = list(product(("zh-CN", "en"), MOTION, (390, 1280)))


@pytest.mark.parametrize(
    ("lang", "motion", "width"), few(READERS, ("en", MOTION[0], 390), ("zh-CN", MOTION[1], 1280))
)
def test_nothing_on_the_page_shifts_when_the_controls_come(visit, line, width, motion, lang):
    page = visit(line, lang=lang, reduced_motion=motion, viewport={"width": width, "height": 800})
    # The caption must stand where an unfilled place for the controls would have put it.
    filled = page.locator("figcaption").bounding_box()
    page.evaluate("document.querySelector('.player').replaceChildren()")
    assert page.locator("figcaption").bounding_box() == filled


# How much it does


def test_five_grids_on_one_page_are_painted_when_a_step_is_due_and_not_at_every_frame(visit):
    """Of the browser's 60 frames a second, 48 are left to the page; `painter` is what costs."""
    pictures = [
        animate(descend(f, GradientDescent(eta), grid(across, up), grad_tol=0.01), limits=limits)
        for f, across, up, eta, limits in [
            (SPHERE, (-3, 3), (-3, 3), 0.006, None),
            (GRIEWANK, (-4, 4), (-4, 4), 0.1, [(-7, 7), (-7, 7)]),
            (CAMEL, (-2, 2), (-1, 1), 0.005, [(-2, 2), (-1, 1)]),
            (himmelblau, (-5, 5), (-4.5, 3.5), 0.01, None),
            (EASOM, (-4, 10), (-4, 10), 0.1, [(-4, 10), (-4, 10)]),
        ]
    ]
    # A window so tall that all five are in sight and none may rest.
    page = visit(*pictures, viewport={"width": 1280, "height": 2900})
    page.locator(".player select").nth(4).wait_for()  # the last one is ready
    bottom = page.locator(".player").last.bounding_box()
    assert bottom["y"] + bottom["height"] <= 2900
    stop_the_clock(page)
    page.locator("button.play").evaluate_all("all => all.forEach((play) => play.click())")
    page.evaluate("""() => {
      window.written = { d: 0, characters: 0, frames: 0 };
      const write = Element.prototype.setAttribute;
      Element.prototype.setAttribute = function (name, value) {
        if (name === "d") written.d += 1, written.characters += value.length;
        write.call(this, name, value);
      };
      const count = () => { written.frames += 1; requestAnimationFrame(count); };
      requestAnimationFrame(count);
    }""")
    page.clock.run_for(2000)
    moving = page.locator("[data-rows] path, [data-trail] path").count()
    written = page.evaluate("written")
    assert page.get_by_role("button", name="Pause").count() == 5  # all were playing throughout
    assert written["frames"] >= 120
    assert moving >= 5 and 23 * moving <= written["d"] <= 24 * moving
    # 225 points a grid, each a mark of its own: no more is written than their places and marks.
    assert written["characters"] <= 24 * 5 * 225 * 45
