"""Take the picture of the book that its README opens with: the front page, in both languages."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from press.browser import find_browser

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "picture.png"
WINDOW = {"width": 1120, "height": 760}
LOOKS = {"zh": "dark", "en": "light"}


def main() -> None:
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
    both.resize((1600, round(1600 * height / (2 * width)))).quantize(128, kmeans=1).save(
        PICTURE, optimize=True
    )
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB")
