"""The book under test: its folders, its languages and its pages; a page that has come to rest."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
LANGUAGES = {"zh": "zh-CN", "en": "en"}
CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("[!.]*.md"))
PAGES = [
    *(path.stem for path in sorted(ROOT.glob("[!.]*.md")) if path.stem == path.stem.lower()),
    *(f"chapters/{name}" for name in CHAPTERS),
]


def at_rest(tab) -> None:
    """Wait until a page has its fonts, and has laid out and painted what was asked of it."""
    tab.evaluate(
        """async () => {
          await document.fonts.ready;
          for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
          await new Promise((done) => setTimeout(done)); // what the frames have put off is done
        }"""
    )


def read_number(text: str) -> float:
    """The number that a page writes so: 1.5, −0.25, 2.4×10⁻¹³, ∞."""
    digits, _, power = text.replace("−", "-").replace("∞", "inf").partition("×10")
    power = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(f"{digits}e{power}" if power else digits)
