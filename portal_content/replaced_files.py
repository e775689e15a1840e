"""Files that are replaced whole while others read them."""

import os
from pathlib import Path

Version = tuple[int, int, int]
"""Of a file, to tell one content from the next without reading it."""


def replace_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or as it was, also after a power cut."""
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def version_of(path: Path) -> Version:
    """Return the version of a file that may be replaced at any moment."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0, 0)  # somebody is just replacing it
    return found.st_mtime_ns, found.st_size, found.st_ino


def sync_folder(folder: Path) -> None:
    """Make what was made, moved or removed in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
