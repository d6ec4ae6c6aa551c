"""The pictures that READMEs open with: the book's is of its front page, in both languages;
gdcore's is what the example below it draws."""

import re
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from press.browser import find_browser

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "picture.png"
WINDOW = {"width": 1120, "height": 760}
LOOKS = {"zh": "dark", "en": "light"}
LIBRARY = ROOT / "gdcore"
EXAMPLE = re.compile(r"```python\n(.+?)```", re.DOTALL)


def example() -> str:
    """Return the example of gdcore's README."""
    [code] = EXAMPLE.findall((LIBRARY / "README.md").read_text(encoding="utf-8"))
    return code


def drawn(code: str) -> Image.Image:
    """Return what an example draws, in few colours."""
    import matplotlib
    from matplotlib import pyplot

    matplotlib.use("agg")
    shot = BytesIO()
    with matplotlib.rc_context():
        exec(code, {})
        pyplot.savefig(shot, dpi=150)
        pyplot.close()
    return Image.open(shot).convert("RGB").quantize(64, kmeans=1, dither=Image.Dither.NONE)


def save(picture: Image.Image, path: Path) -> None:
    picture.save(path, optimize=True)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    save(drawn(example()), LIBRARY / "picture.png")
    shots = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        for lang, scheme in LOOKS.items():
            tab = browser.new_page(viewport=WINDOW, color_scheme=scheme, reduced_motion="reduce")
            tab.goto((ROOT / "_build" / "html" / lang / "index.html").as_uri())
            tab.locator(".relief output").wait_for()  # then the walkers have arrived
            tab.evaluate("document.fonts.ready.then(() => true)")
            shots.append(Image.open(BytesIO(tab.screenshot())))
        browser.close()
    width, height = shots[0].size
    both = Image.new("RGB", (2 * width, height))
    for number, shot in enumerate(shots):
        both.paste(shot, (number * width, 0))
    small = both.resize((1600, round(1600 * height / (2 * width))))
    save(small.quantize(128, kmeans=1), PICTURE)
