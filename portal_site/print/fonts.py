"""Letters for paper: the packages' packed web fonts, unpacked to what the typesetter reads."""

import tempfile
from pathlib import Path

from fontTools.ttLib import TTFont

from portal_content.errors import ContentError
from portal_site.digests import digest_of

PACKAGES = ("@fontsource/noto-sans", "@fontsource/vazirmatn")
"""In theme/package.json; their licence ships with the site."""
_FAMILIES = {
    "Portal Latin": "noto-sans/files/noto-sans-latin",
    "Portal Latin Extended": "noto-sans/files/noto-sans-latin-ext",
    "Portal Arabic": "vazirmatn/files/vazirmatn-arabic",
}
"""One family a file: the typesetter takes a letter from the first family that has it.

The Arabic one has whole letters. Where letter and dots are two glyphs, as in Noto's fonts, phones
find and read aloud every letter twice.
"""
_WEIGHTS = (400, 700)
_FAMILY_NAMES = (1, 16)
"""Places of a font's name table that hold the family (OpenType)."""


def fonts_folder(theme: Path) -> Path:
    """Return the folder with the unpacked fonts; made once for each version of the packages.

    Raises:
        ContentError: If a font is not installed.
    """
    modules = theme / "node_modules"
    versions = [f"{name}/package.json" for name in PACKAGES]
    folder = modules / ".portal-fonts" / digest_of(modules, *versions)[:16]
    if not folder.is_dir():
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as waiting:
            made = Path(waiting) / "fonts"
            made.mkdir()
            for family, path in _FAMILIES.items():
                for weight in _WEIGHTS:
                    _unpack(modules / f"@fontsource/{path}-{weight}-normal.woff2", family, made)
            _put(made, folder)
    return folder


def _unpack(packed: Path, family: str, folder: Path) -> None:
    if not packed.is_file():
        raise ContentError(packed, "this font is not installed; run npm ci in theme/")
    # Times of making stay as they are, or two builds would give two fonts.
    font = TTFont(packed, recalcTimestamp=False)
    font.flavor = None
    for name in font["name"].names:
        if name.nameID in _FAMILY_NAMES:
            name.string = family
    font.save(folder / f"{packed.name.removesuffix('.woff2')}.ttf")


def _put(made: Path, folder: Path) -> None:
    try:
        made.rename(folder)
    except OSError:
        # Another process was quicker; what it made is the same.
        if not folder.is_dir():
            raise
