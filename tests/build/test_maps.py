"""Maps of pixels in a page: packed as WebP, and not one pixel changes."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

from press.ext.figures.compact_svg import compact, packed


def png(pixels):
    file = BytesIO()
    Image.fromarray(pixels).save(file, format="png")
    return base64.b64encode(file.getvalue()).decode("ascii")


def pixels_of(text):
    return np.asarray(Image.open(BytesIO(base64.b64decode(text))).convert("RGBA"))


def test_a_map_of_few_colours_gets_small_and_keeps_every_pixel():
    rng = np.random.default_rng(0)
    palette = rng.integers(256, size=(20, 4), dtype=np.uint8)  # transparent ones too
    pixels = palette[rng.integers(20, size=(60, 80))]
    small = packed(png(pixels))
    assert (pixels_of(small) == pixels).all()
    assert len(small) < 0.7 * len(png(pixels))


def test_a_picture_of_many_colours_keeps_every_pixel_too():
    pixels = np.random.default_rng(0).integers(256, size=(30, 30, 4), dtype=np.uint8)
    assert (pixels_of(packed(png(pixels))) == pixels).all()


def test_the_map_inside_a_figure_is_found():
    pixels = np.zeros((8, 8, 4), dtype=np.uint8)
    pixels[:4] = (213, 94, 0, 255)
    svg = f'<svg><image xlink:href="data:image/png;base64,\n{png(pixels)}" width="8"/></svg>'
    kind, text = compact(svg).split("base64,")
    text = text.split('"')[0]
    assert kind.endswith("data:image/webp;") and base64.b64decode(text)[8:12] == b"WEBP"
    assert (pixels_of(text) == pixels).all()
