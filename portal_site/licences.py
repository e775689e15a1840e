"""Licences of what others made and the site gives out: code in bundles, letters in PDFs."""

from pathlib import Path

from portal_content.errors import ContentError

BUNDLED = (
    "@fontsource/noto-sans",
    "@fontsource/vazirmatn",
    "@noble/ciphers",
    "@noble/curves",
    "@noble/hashes",
    "@noble/post-quantum",
    "@scure/base",
    "age-encryption",
    "hash-wasm",
)


def write_licences(theme: Path, output: Path) -> None:
    """Write every licence into one text file beside the bundles.

    Raises:
        ContentError: If a bundled library carries no licence.
    """
    parts = []
    for name in BUNDLED:
        folder = theme / "node_modules" / name
        found = sorted(folder.glob("LICENSE*"))
        if not found:
            raise ContentError(folder, "a bundled library must carry its licence")
        parts.append(f"{name}\n\n{found[0].read_text(encoding='utf-8').strip()}\n")
    separator = "\n" + "-" * 70 + "\n\n"
    (output / "licences.txt").write_text(separator.join(parts), encoding="utf-8")
