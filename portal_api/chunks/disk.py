"""Pieces of sealed files as files on disk, written so that a power cut leaves none of them half.

A file's times say no more than a day. (A file system also keeps the time of the last change of
the file's own record, which no program can set: an image of the whole disk tells more than a
copy of its files.)
"""

import contextlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from portal_content.replaced_files import sync_folder
from portal_protocol.chunks import is_chunk_name

UNFINISHED = ".part"
UNFINISHED_SECONDS = 86_400
"""After this long nobody is writing to it any more: the process was killed."""


class DiskChunks:
    """Pieces in folders of two levels, named by the first digits of the piece."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, name: str, data: bytes, *, today: date) -> None:
        """Write beside, sync, rename, sync the folder: afterwards it is there, whole."""
        path = self._path(name)
        if path.exists():
            self.use([name], today=today)
            return
        self._make_folder(path.parent)
        unfinished = path.with_name(secrets.token_hex(8) + UNFINISHED)
        try:
            with unfinished.open("xb") as file:
                file.write(data)
                file.flush()
                _set_day(file.fileno(), today)
                os.fsync(file.fileno())
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync_dated(path.parent, today)

    def get(self, name: str) -> bytes | None:
        """Return a piece, or none."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        """Return the lengths of those that are stored."""
        found = {}
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                found[name] = self._path(name).stat().st_size
        return found

    def use(self, names: Iterable[str], *, today: date) -> None:
        """Set the day of pieces to today, and see that their folders know them for good."""
        paths = [self._path(name) for name in names]
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime != _midnight(today):
                    _set_day(path, today)
        # Another request may have renamed a piece into its place and not have synced yet.
        for folder in {path.parent for path in paths if path.exists()}:
            sync_folder(folder)

    def stale(self, *, before: date) -> Iterator[str]:
        """List pieces whose day is before a day."""
        for path in self._root.glob("??/??/*"):
            if is_chunk_name(path.name):
                yield from self.stale_among([path.name], before=before)

    def stale_among(self, names: Iterable[str], *, before: date) -> list[str]:
        """Return those whose day is before a day."""
        found = []
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                if self._path(name).stat().st_mtime < _midnight(before):
                    found.append(name)
        return found

    def remove(self, names: Iterable[str]) -> None:
        """Delete pieces."""
        for name in names:
            self._path(name).unlink(missing_ok=True)

    def remove_unfinished(self) -> None:
        """Delete what a killed process left half-written."""
        for path in self._root.glob(f"??/??/*{UNFINISHED}"):
            with contextlib.suppress(FileNotFoundError):
                # The only time that cannot be set: when the file's record changed last.
                if time.time() - path.stat().st_ctime > UNFINISHED_SECONDS:
                    path.unlink()

    def _path(self, name: str) -> Path:
        if not is_chunk_name(name):
            raise ValueError("a piece is named by 64 hex digits")
        return self._root / name[:2] / name[2:4] / name

    def _make_folder(self, folder: Path) -> None:
        if folder.exists():
            return
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A new folder is only there after a power cut if the one around it was synced.
        for parent in (folder.parent, self._root):
            sync_folder(parent)


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _set_day(place: int | Path, day: date) -> None:
    os.utime(place, (_midnight(day), _midnight(day)))


def _sync_dated(folder: Path, today: date) -> None:
    _set_day(folder, today)
    sync_folder(folder)
