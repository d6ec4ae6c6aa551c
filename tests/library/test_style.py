"""The palette: one colour a method, one a basin, and one hue for learning rates."""

import numpy as np
import pytest

from gdcore import OPTIMIZERS, Adam, AdamW, Lion, Muon, Scheduled
from gdcore.draw.style import BASINS, COLORS, DARK, METHODS, PAGE, color_of, shades

RULE = {
    "gradient descent": "orange",
    "momentum": "green",
    "nesterov": "purple",
    "adagrad": "yellow",
    "rmsprop": "indigo",
    "adam": "red",
    "adadelta": "ink",
    "adamw": "navy",
    "lion": "olive",
    "muon": "cyan",
    "newton's method": "magenta",
}


def test_the_tables_say_what_the_rule_says():
    for name, color in RULE.items():
        key = name.replace("newton's method", "newton").replace(" ", "_")
        assert METHODS[key].color == color and color_of(key) == COLORS[color]


def test_no_colour_is_both_a_methods_and_a_basins_and_no_look_comes_twice():
    methods, basins = {look.color for look in METHODS.values()}, [basin.color for basin in BASINS]
    assert not methods & set(basins) and len(set(basins)) == len({b.mark for b in BASINS}) == 7
    looks = [(look.color, look.dash) for look in METHODS.values()]
    assert len(set(looks)) == len(looks)
    assert len(set(COLORS.values())) == len(COLORS)  # a page tells them apart by their values


def test_no_two_optimizers_that_one_may_watch_together_have_one_colour():
    colors = [METHODS[name].color for name in OPTIMIZERS]
    assert len(set(colors)) == len(colors) == 9


def test_an_optimizer_has_its_colour_whatever_its_rate():
    assert color_of(Adam(0.3)) == color_of(Scheduled(Adam(1), lambda k: 1)) == COLORS["red"]
    assert color_of(AdamW(0.3)) == COLORS["navy"]
    assert color_of(Lion(0.3)) == COLORS["olive"] and color_of(Muon(0.3)) == COLORS["cyan"]
    with pytest.raises(ValueError, match=r"method must be one of gradient_descent, .*'sgd'"):
        color_of("sgd")
    assert color_of(object()) not in {COLORS[look.color] for look in METHODS.values()}


def luminance(color: str) -> float:
    """The relative luminance that WCAG 2.2 defines."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def lab(color: str) -> np.ndarray:
    """CIE's L*, a*, b* of a colour, by the light D65: distances are about what an eye sees."""
    parts = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ linear
    )
    x, y, z = np.cbrt(xyz / [0.9505, 1.0, 1.089])  # none of these colours is near black
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("table", [COLORS, {**COLORS, **DARK}], ids=["light", "dark"])
def test_a_method_is_told_from_the_others_and_from_the_page(table):
    """Just noticeable is a distance of 2.3; lines are thin, so ten times that. And 3:1 of WCAG."""
    ground = PAGE["ground"][table is not COLORS]
    names = sorted({look.color for look in METHODS.values()} - {"ink"})
    for i, name in enumerate(names):
        assert contrast(table[name], ground) >= 3, name
        for other in names[:i]:
            assert np.linalg.norm(lab(table[name]) - lab(table[other])) > 23, (name, other)


def test_shades_go_from_light_to_dark_around_the_colour_of_gradient_descent():
    for n in range(1, 6):
        assert len(shades(n)) == n and COLORS["orange"] in shades(n)
        assert [luminance(c) for c in shades(n)] == sorted(map(luminance, shades(n)), reverse=True)
    for n in (0, 6, 2.5):
        with pytest.raises(ValueError, match="there are 1 to 5 shades"):
            shades(n)
