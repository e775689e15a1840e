"""Recordings of pages: content/media/audio/<slug>.<language>.opus, and .mp3 for older phones.

A slug with folders has a dash for each slash. The page itself is the transcript.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = "content/media/audio"
FORMATS = {".opus": "audio/ogg; codecs=opus", ".mp3": "audio/mpeg"}
"""Endings with their types, the one that costs less first."""
LARGEST = {".opus": 600_000, ".mp3": 1_500_000}
"""Bytes: a minute of speech is about 150 kB in Opus, and a page takes a few minutes."""


@dataclass(frozen=True)
class Recording:
    """A page, read aloud by a person."""

    slug: str
    lang: str
    files: tuple[Path, ...]
    """In the order of `FORMATS`."""


def load_recordings(root: Path) -> dict[tuple[str, str], Recording]:
    """Return every recording by slug and language."""
    found: dict[tuple[str, str], Recording] = {}
    for path in sorted((root / FOLDER).glob("*.*.*")):
        name, lang, ending = path.name.rsplit(".", 2)
        if f".{ending}" in FORMATS:
            files = [path.with_name(f"{name}.{lang}{one}") for one in FORMATS]
            there = tuple(file for file in files if file.exists())
            found[name, lang] = Recording(name, lang, there)
    return found


def file_slug(slug: str) -> str:
    """Return the slug of a page as it stands in names of files."""
    return slug.replace("/", "-")
