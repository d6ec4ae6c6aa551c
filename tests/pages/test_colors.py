"""A method looks the same wherever it is drawn, and so does a basin; and planes are not stretched.

The oracle is the rule of the house, written down again here, and what the built pages show: the
strokes beside the words of a legend, the words of a caption, the pixels of a map.
"""

import ast
import base64
import json
import re
from io import BytesIO

import numpy as np
import pytest
import quickjs
from PIL import Image

from gdcore import OBJECTIVES, Adam, GradientDescent, Momentum, descend, ellipse
from gdcore.draw import (
    BASINS,
    COLORS,
    animate,
    animate_slices,
    surface,
)
from gdcore.draw.style import PAGE, TERRAIN
from tests.library.test_style import RULE, contrast, luminance
from tests.support.book import LANGUAGES, PAGES, ROOT
from tests.support.drawings import markers

FAST = {
    "test_every_colour_stands_out_from_the_page_in_either_theme",
    "test_the_explorer_draws_each_method_in_its_colour",
}

CALLED = {  # in legends and captions
    "gd": "gradient descent",
    "gradientdescent": "gradient descent",
    "梯度下降": "gradient descent",
    "动量法": "momentum",
    "牛顿法": "newton's method",
}
WORDS = {"橙": "orange", "深橙": "orange", "绿": "green", "紫": "purple", "黄": "yellow"}
WORDS |= {"靛": "indigo", "红": "red", "洋红": "magenta", "dark orange": "orange"}
FOUR = ["rose", "sky", "sage", "lilac"]  # Himmelblau's minimizers, in the order of the table


def method_of(text: str) -> str | None:
    """The method that words name, if they name one."""
    name = re.split(r"\$", text.strip())[0].strip(" ,").lower()
    name = CALLED.get(name, name)
    return name if name in RULE else None


def figures(page):
    return [svg for svg in page.select("svg.figure") if svg.find_parent("template") is None]


def figure(page, name):
    return page.find(id=name).select_one("svg.figure")


def colors_in(element) -> list[str]:
    """The colours of the book in an element and what it holds, in their order."""
    return re.findall(r"var\(--figure-(\w+)\)", str(element))


def words(element) -> list[str]:
    """What the letters in an element say: a comment beside their shapes."""
    return re.findall(r"<!-- (.*?) -->", str(element))


def labels(svg) -> list[tuple[str, str]]:
    """The words of a figure that have a colour, beside the lines that have it, too."""
    entries = []
    for axes in svg.find_all(id=re.compile(r"axes_\d+$")):
        drawn = {
            c for line in axes.find_all(id=re.compile(r"line2d_\d+$")) for c in colors_in(line)
        }
        for text in axes.find_all(id=re.compile(r"text_\d+$"), recursive=False):
            color = colors_in(text)[0]
            assert color in drawn | {"ink", "faint"}, words(text)
            entries.append((" ".join(words(text)), color))
    return entries


def ruler(axes, axis: str):
    """The ticks of an axis, as (value, place) pairs; the value is None where none is written."""
    ticks = axes.find_all(id=re.compile(rf"{axis}tick_\d+$"))
    places = [float(tick.find("use")[axis]) for tick in ticks]
    said = [next(iter(words(tick)), None) for tick in ticks]
    return [(said and number(said), place) for said, place in zip(said, places, strict=True)]


def number(text: str) -> float | None:
    text = text.strip("$").replace("−", "-").replace(r"\mathdefault{", "").strip("}")
    return float(text) if re.fullmatch(r"-?[\d.]+", text) else None


def line_through(ticks) -> tuple[float, float] | None:
    """How data become places: slope and offset."""
    known = [(value, place) for value, place in ticks if value is not None]
    return None if len(known) < 2 else tuple(np.polyfit(*zip(*known, strict=True), 1))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_stands_out_from_the_page_in_either_theme(visit, theme):
    """At least 3:1, as WCAG 2.2 asks of graphics; terrain is the ground itself."""
    page = visit("en/index.html", color_scheme=theme)
    names = [name for name in COLORS if name not in ("ink", "contour", *TERRAIN)]
    shown = page.evaluate(
        """([theme, names]) => {
          document.documentElement.dataset.theme = theme;
          const pen = document.createElement("canvas").getContext("2d");
          const style = getComputedStyle(document.documentElement);
          const value = (name) => {
            pen.fillStyle = style.getPropertyValue(name).trim();
            return pen.fillStyle;
          };
          return [value("--pst-color-background"), names.map((n) => value(`--figure-${n}`))];
        }""",
        [theme, names],
    )
    ground, values = shown
    for name, value in zip(names, values, strict=True):
        assert contrast(value, ground) >= 3, name
    assert len(set(values)) == len(values)
    rates = ["orange1", "orange", "orange3", "orange4", "orange5"]
    there = dict(zip(names, values, strict=True))
    light = [luminance(there[name]) for name in rates]
    assert light == sorted(light, reverse=True)


# What the pages show


def test_a_line_with_a_methods_name_at_its_end_has_its_colour(soup):
    seen = {}
    for page in PAGES:
        for svg in figures(soup("en", page)):
            for text, color in () if "narrow" in svg["class"] else labels(svg):
                if name := method_of(text):
                    assert color == RULE[name], (page, text)
                    seen.setdefault(name, set()).add(page)
    assert set(seen) == set(RULE) - {"newton's method", "adamw"}  # a caption, the explorer
    assert {"chapters/adaptive", "chapters/network", "chapters/race"} <= set.union(*seen.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_caption_gives_a_method_the_colour_that_the_figure_gives_it(soup, lang):
    name = "|".join(map(re.escape, sorted([*RULE, *CALLED], key=len, reverse=True)))
    told = []
    for page in PAGES:
        for caption in soup(lang, page).select("figcaption, .caption"):
            text = caption.get_text().replace("’", "'").replace("\n", " ")
            for called, inside in re.findall(rf"(?i)({name})\s*[(（]([^)）]*)[)）]", text):
                color = re.split(r"[,，]", inside)[0].strip()
                color = WORDS.get(color, color)
                if color in COLORS:
                    assert color == RULE[method_of(called)], text
                    svg = caption.find_parent("figure").select_one("svg.figure")
                    assert any(one.startswith(color) for one in colors_in(svg)), text
                    told.append(called)
    assert len(told) >= 12


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_in_the_text_have_the_colour_of_their_method(soup, lang):
    told = set()
    for page in PAGES:
        for words in soup(lang, page).select("p span.letters"):
            if name := method_of(words.get_text()):
                assert f"in-{RULE[name]}" in words["class"], (page, words)
                told.add(name)
    assert told >= {"gradient descent", "adagrad", "rmsprop"}


@pytest.mark.parametrize("name", ["fig-race-turned", "fig-race-noise"])
def test_the_names_of_the_methods_beside_a_heat_map_have_their_colors(soup, name):
    axes = figure(soup("en", "chapters/race"), name).find(id=re.compile("axes_1$"))
    ticks = axes.find_all(id=re.compile(r"ytick_\d+$"))
    called = {words(tick)[0]: colors_in(tick) for tick in ticks}
    assert len(called) == 7
    for method, found in called.items():
        assert RULE[method_of(method)] in found, method


@pytest.mark.parametrize(
    ("page", "name", "color"),
    [
        ("himmelblau", "fig-slices", "orange"),
        ("minibatches", "fig-minibatches-walk", "orange"),
        ("adaptive", "fig-adaptive-film", "red"),
        ("newton", "fig-convergence-newton", "magenta"),
    ],
)
def test_a_film_of_one_descent_has_the_colour_of_its_method(soup, page, name, color):
    trail = figure(soup("en", f"chapters/{page}"), name).select_one("[data-trail]")
    assert set(colors_in(trail)) == {color}


def test_two_batches_in_one_film_have_the_colours_of_their_methods():
    """Momentum's second step is longer; on x1² + 2 x2² the first differs in nothing."""
    starts = np.array([[-4.0, 3.0, 1.0], [2.0, 1.0, -2.0]])
    runs = [
        descend(ellipse, GradientDescent(0.1), starts, max_steps=3),
        descend(ellipse, Momentum(0.1, 0.5), starts, max_steps=5),
    ]
    film = animate(*runs, limits=[(-5, 5), (-4, 4)])
    groups = re.findall(r'data-rows="([^"]*)".*?fill: (#\w+)', film.svg)
    assert [color for _, color in groups] == [COLORS["orange"], COLORS["green"]]
    for (rows, _), factor in zip(groups, ([0.8, 0.64, 0.512], [0.8, 0.54, 0.302]), strict=True):
        # x1 shrinks by 1 - 2 eta; momentum adds half of the last step: 0.8 - 0.1 * 1.6 - 0.1 …
        steps = [[int(n or 0) for n in row.split(",")] for row in rows.split(";")]
        places = np.cumsum(steps, axis=0).reshape(6, 3, 2)[:, :, 0]
        unit = (places[0, 0] - places[0, 1]) / (-4 - 3)
        middle = places[0, 0] + 4 * unit
        for k, part in enumerate(factor, start=1):
            np.testing.assert_allclose(places[k], middle + unit * starts[0] * part, atol=1.1)
    gd = np.cumsum([[int(n or 0) for n in r.split(",")] for r in groups[0][0].split(";")], axis=0)
    assert (gd[3:] == gd[3]).all()  # it took three steps and waits
    with pytest.raises(ValueError, match="if all are batches on one objective"):
        animate(runs[0], descend(ellipse, Momentum(0.1, 0.5), (1, 1), max_steps=3))


def test_a_surface_has_its_path_in_the_colour_of_the_method():
    drawn = surface(descend(ellipse, Adam(0.4), (-4, 2), max_steps=9)).svg
    assert COLORS["red"] in drawn and COLORS["orange"] not in drawn


FILMS = {"himmelblau": 4, "six_hump_camel": 6}
MAPS = {"six_hump_camel": ("fig-montage-camel-basins", 6), "easom": ("fig-montage-easom-basin", 1)}


@pytest.mark.parametrize("name", FILMS)
def test_a_point_of_a_film_has_the_colour_of_the_minimizer_that_it_reaches(soup, name):
    objective = OBJECTIVES[name]
    minimizers = objective.minimizers + objective.local_minimizers
    svg = figure(soup("en", "chapters/montage"), f"fig-montage-{name.split('_')[-1]}")
    axes = svg.find(id=re.compile("axes_1$"))
    (ax, bx), (ay, by) = (line_through(ruler(axes, axis)) for axis in "xy")
    reached = set()
    for group in svg.select("[data-rows]"):
        steps = [[int(n or 0) for n in row.split(",")] for row in group["data-rows"].split(";")]
        ends = np.sum(steps, axis=0).reshape(-1, 2) / 10
        ends = (ends - [bx, by]) / [ax, ay]
        [color] = set(colors_in(group))
        if color == "faint":
            continue
        nearest = {int(np.hypot(*(np.array(minimizers) - end).T).argmin()) for end in ends}
        assert len(nearest) == 1
        assert color == BASINS[nearest.pop()].color
        reached.add(color)
    assert len(reached) == FILMS[name]


@pytest.mark.parametrize("name", MAPS)
def test_a_map_of_areas_has_the_colours_of_the_film(soup, name):
    """The mark of each minimizer is drawn right after its area, at its place."""
    objective = OBJECTIVES[name]
    minimizers = objective.minimizers + objective.local_minimizers
    called, regions = MAPS[name]
    svg = figure(soup("en", "chapters/montage"), called)
    axes = svg.find(id=re.compile("axes_1$"))
    (ax, bx), (ay, by) = (line_through(ruler(axes, axis)) for axis in "xy")
    areas = axes.find_all(id=re.compile(r"QuadContourSet_\d+$"))[:regions]
    found = {}
    for area in areas:
        [color] = set(colors_in(area))
        corner = [float(n) for n in re.findall(r"-?[\d.]+", area.path["d"])]
        found[color] = corner
    assert list(found) == [basin.color for basin in BASINS[: len(found)]]
    assert len(found) == regions
    marked = [m for line in axes.select('g[id*="line2d_"] > g[clip-path]') for m in markers(line)]
    places = np.array([place for _, *place in marked])
    for x, y in minimizers[: len(found)]:
        assert np.hypot(*(places - [ax * x + bx, ay * y + by]).T).min() < 0.1


def test_a_map_of_pixels_has_at_each_minimizer_its_colour(soup):
    for name in ("live", "fold"):
        svg = figure(soup("en", "chapters/basins"), f"fig-basins-{name}")
        axes = svg.find(id=re.compile("axes_1$"))
        image = axes.find("image")
        png = BytesIO(base64.b64decode(image["xlink:href"].split("base64,")[1]))
        pixels = np.asarray(Image.open(png).convert("RGBA"))
        scale_x, _, _, scale_y, left, top = map(float, re.findall(r"-?[\d.]+", image["transform"]))
        (ax, bx), (ay, by) = (line_through(ruler(axes, axis)) for axis in "xy")
        for (x, y), color in zip(OBJECTIVES["himmelblau"].minimizers, FOUR, strict=True):
            across, down = (ax * x + bx - left) / scale_x, (ay * y + by - top) / scale_y
            pixel = pixels[int(down), int(across)]
            assert "#" + bytes(pixel[:3].tolist()).hex() == COLORS[color]


@pytest.mark.parametrize("name", ["live", "fold", "dust", "zoom", "tuning", "newton"])
def test_marks_and_frames_can_be_told_from_a_map_of_pixels_by_day_and_by_night(soup, name):
    """Ink on it has the contrast of letters, so no pixel is loud on either ground."""
    images = figure(soup("en", "chapters/basins"), f"fig-basins-{name}").find_all("image")
    assert images
    for image in images:
        png = BytesIO(base64.b64decode(image["xlink:href"].split("base64,")[1]))
        pixels = np.asarray(Image.open(png).convert("RGBA")).reshape(-1, 4)
        for ground, ink in zip(PAGE["ground"], PAGE["text"], strict=True):
            below = np.frombuffer(bytes.fromhex(ground[1:]), dtype=np.uint8)
            for *color, alpha in np.unique(pixels, axis=0).astype(float):
                mixed = np.rint(below + (color - below) * alpha / 255).astype(np.uint8)
                assert contrast(ink, "#" + bytes(mixed).hex()) >= 4.5, (ground, color, alpha)


def test_paths_and_bands_that_tell_of_minimizers_have_their_colours(soup):
    page = soup("en", "chapters/himmelblau")
    limits = [color for _, color in labels(figure(page, "fig-valley-limits"))]
    assert limits == FOUR
    svg = figure(page, "fig-four-starts")
    axes = svg.find(id=re.compile("axes_1$"))
    (ax, bx), (ay, by) = (line_through(ruler(axes, axis)) for axis in "xy")
    for minimizer, color in zip(OBJECTIVES["himmelblau"].minimizers, FOUR, strict=True):
        place = ax * minimizer[0] + bx, ay * minimizer[1] + by
        there = {name for name, *at in markers(axes) if np.hypot(*np.subtract(at, place)) < 1}
        shapes = [svg.find(id=name) for name in there]
        assert {c for shape in shapes for c in colors_in(shape)} == {color, "ink"}  # and the star
    bands = figure(soup("en", "chapters/scale"), "fig-scale-shares")
    fills = [colors_in(band)[0] for band in bands.find_all(id=re.compile(r"FillBetween\w+_\d+$"))]
    assert fills == [*FOUR, "faint"]


def test_the_explorer_has_the_same_tables(html):
    script = (html / "en" / "_static" / "js" / "explorer.js").read_text(encoding="utf-8")
    context = quickjs.Context()
    context.eval(
        "const book = { gdcore: { OBJECTIVES: {}, OPTIMIZERS: {} } };"
        + script.partition("\nbook.numbers")[0]
    )  # the rest wants a page
    looks = json.loads(context.eval("JSON.stringify(book.gdcore.METHOD_LOOKS)"))
    state = (ROOT / "_static/js/kit/own.js").read_text(encoding="utf-8")
    [(own, dash)] = re.findall(r'METHOD_LOOKS\.own = .*\["(\w+)", "([\d. ]+)"\]', state)
    assert own == "blue" and dash not in [dash for _, dash in looks.values()]
    drawn, left = map(float, dash.split())
    assert drawn > left  # more of the line is there than not: it is seen
    assert len(looks) == 9
    for name, (color, _) in looks.items():
        assert color == RULE[method_of(name.replace("_", " "))], name
    assert json.loads(context.eval("JSON.stringify(book.gdcore.BASIN_COLORS)"))[:4] == FOUR


def test_the_explorer_draws_each_method_in_its_colour(visit):
    page = visit("en/explorer.html")
    page.locator(".explorer-row:not([hidden])").first.wait_for()
    chips = page.locator(".explorer-chip:not([data-method='own'])").all()
    assert len(chips) == 9
    mine = page.locator(".explorer-dot[data-method='own']").get_attribute("fill")
    assert mine == "var(--figure-blue)" and "blue" not in RULE.values()  # no method's
    for chip in chips:
        color = RULE[method_of(chip.inner_text())]
        dots = page.locator(f'.explorer-dot[data-method="{chip.get_attribute("data-method")}"]')
        assert dots.get_attribute("fill") == f"var(--figure-{color})"
        own = "var(--page-text)" if color == "ink" else f"var(--figure-{color})"
        assert chip.evaluate("e => e.style.getPropertyValue('--walker')") == own


# What the chapters' cells say


def cells():
    for file in [*sorted((ROOT / "chapters").glob("*.md")), ROOT / "index.md"]:
        text = file.read_text(encoding="utf-8")
        for cell in re.findall(r"^```\{code-cell\} python\n(.*?)^```", text, re.M | re.S):
            code = re.sub(r"\A---\n.*?^---\n", "", cell, flags=re.M | re.S)
            code = re.sub(r"\A(:\w+:.*\n)+", "", code)
            yield file.name, code


METHOD = re.compile(
    r"(?i)gradient_?descent|momentum|nesterov|adagrad|rmsprop|adadelta|adam|\blion|muon|newton"
    "|backtracking"
)


def test_no_cell_gives_a_method_a_colour_by_name():
    """In no statement, or head of a loop, do a method and the name of a colour stand together."""
    statements = 0
    for file, code in cells():
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.fullmatch(r"C\d|tab:\w+|#[0-9a-fA-F]{6}", node.value), (file, code)
            if not isinstance(node, ast.stmt):
                continue
            parts = [
                child
                for name, child in ast.iter_fields(node)
                if name not in ("body", "orelse", "handlers", "finalbody")
            ]
            parts = [p for part in parts for p in (part if isinstance(part, list) else [part])]
            inner = [n for part in parts if isinstance(part, ast.AST) for n in ast.walk(part)]
            called = {n.id for n in inner if isinstance(n, ast.Name)}
            called |= {n.attr for n in inner if isinstance(n, ast.Attribute)}
            strings = {n.value for n in inner if isinstance(n, ast.Constant)} - {None}
            strings = {s for s in strings if isinstance(s, str)}
            asked = {s for n in inner if isinstance(n, ast.Call) and "color_of" in ast.dump(n.func)
                     for s in [a.value for a in n.args if isinstance(a, ast.Constant)]}  # fmt: skip
            methods = [s for s in (called | strings) - asked if METHOD.search(s)]
            assert not (methods and strings & set(COLORS)), (file, ast.unparse(node))
            statements += 1
    assert statements > 1000


# Planes


def axes_of(svg) -> list[dict]:
    """What each pair of axes of a figure shows: labels and ticks of both."""
    found = []
    for axes in svg.find_all(id=re.compile(r"axes_\d+$")):
        one = {"ticks": {}, "label": {}}
        groups = axes.find_all(id=re.compile(r"matplotlib\.axis_\d+$"))
        for axis, group in zip("xy", groups, strict=False):  # a legend alone has none
            one["ticks"][axis] = ruler(axes, axis)
            texts = group.find_all("g", recursive=False)
            label = [t for t in texts if re.search(r"text_\d+$", t.get("id", ""))]
            one["label"][axis] = words(label[-1])[0] if label else None
        found.append(one)
    return found


def planes(svg):
    """Yield the scales, in units of the picture for one of x1 and of x2, of each plane."""
    all_axes = axes_of(svg)

    def known(one, axis):
        """Label and scale of an axis, or those of another that shares its ticks."""
        places = [place for _, place in one["ticks"][axis]]
        alike = [one] + [o for o in all_axes if [p for _, p in o["ticks"].get(axis, [])] == places]
        label = next((o["label"][axis] for o in alike if o["label"][axis]), None)
        scale = next((s for o in alike if (s := line_through(o["ticks"][axis]))), None)
        return label, scale

    for one in all_axes:
        if not one["ticks"]:
            continue
        (across, x), (up, y) = known(one, "x"), known(one, "y")
        if (across, up) == ("$x_1$", "$x_2$"):
            yield abs(x[0]), abs(y[0])


def test_every_plane_has_equal_scales(soup):
    seen = 0
    for page in PAGES:
        for svg in figures(soup("en", page)):
            if svg.has_attr("data-view"):
                continue  # the relief
            for across, up in planes(svg):
                assert across == pytest.approx(up, rel=0.01), (page, svg["aria-label"])
                seen += 1
    assert seen >= 55


@pytest.mark.parametrize("make", [animate, animate_slices])
@pytest.mark.parametrize(
    "limits", [((-5, 5), (-5, 5)), ((-2, 2), (-7, 3)), ((-9, 1), (-1, 1))], ids=str
)
def test_a_film_of_any_plane_has_equal_scales_and_fills_its_picture(make, limits):
    run = descend(OBJECTIVES["himmelblau"], GradientDescent(0.01), (-0.4, -0.65), max_steps=9)
    text = make(run, limits=limits).svg.partition('<svg class="narrow"')[0]
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text).groups())
    panel = re.findall(r'<svg x="[^"]*" y="[^"]*" width="([\d.]+)" height="([\d.]+)"', text)[-1]
    across, up = map(float, panel)
    (left, right), (low, high) = limits
    assert (across - 8) / (right - left) == pytest.approx((up - 8) / (high - low), rel=0.01)
    assert height <= 5.2 * 72 if make is animate else height <= 7.2 * 72
    if make is animate:
        assert across * up > 0.45 * width * height
