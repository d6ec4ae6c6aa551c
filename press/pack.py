"""Pack the built book as `_build/NAME.zip`, with its name in conf.py, to be read without a network.

The same book gives the same bytes: entries are sorted, and their dates are all the same.
"""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from press.names import of_the_book

BUILD = Path(__file__).parents[1] / "_build"


def pack(html: Path, archive: Path) -> None:
    """Pack a folder, under the archive's name."""
    with ZipFile(archive, "w") as packed:
        files = (path for path in html.rglob("*") if path.is_file())
        for file in sorted(files, key=Path.as_posix):
            name = Path(archive.stem, file.relative_to(html)).as_posix()
            add(packed, name, file.read_bytes())


def add(archive: ZipFile, name: str, content: bytes, how: int = ZIP_DEFLATED) -> None:
    """Add a file that everybody may read, of no date, to an archive."""
    entry = ZipInfo(name)  # dated 1980
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    archive.writestr(entry, content, how, compresslevel=9)


def main() -> None:
    archive = BUILD / f"{of_the_book()['name']}.zip"
    pack(BUILD / "html", archive)
    print(f"Packed {archive}, {archive.stat().st_size / 1e6:.1f} MB")
