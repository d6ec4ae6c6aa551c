"""Pack the built book as `_build/gradient-descent.zip`, to be read without a network.

The same book gives the same bytes: entries are sorted, and their dates are all the same.
"""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

BUILD = Path(__file__).parents[1] / "_build"


def pack(html: Path, archive: Path) -> None:
    """Pack a folder, under the archive's name."""
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=9) as packed:
        for file in sorted(path for path in html.rglob("*") if path.is_file()):
            name = Path(archive.stem, file.relative_to(html)).as_posix()
            entry = ZipInfo(name)  # dated 1980
            entry.compress_type = ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # readable to all
            packed.writestr(entry, file.read_bytes())


def main() -> None:
    archive = BUILD / "gradient-descent.zip"
    pack(BUILD / "html", archive)
    print(f"Packed {archive}, {archive.stat().st_size / 1e6:.1f} MB")
