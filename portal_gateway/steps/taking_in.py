"""Taking in: sealed files that somebody brought, on a stick or by post, instead of the line.

From here on they are what pulled submissions are, and go through the very same steps. What cannot
be taken in is set aside in the folder itself, with the reason beside it; nothing is deleted.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine

from portal_content.library import Library
from portal_gateway.arrivals import Arrival, ArrivalState, list_arrival, move
from portal_gateway.database import transaction
from portal_gateway.protected_files import ENVELOPE, MANIFEST, ProtectedFiles
from portal_protocol.errors import (
    SealedFileCutOff,
    SealedFileInvalid,
    SealedFileOfAnotherKind,
)
from portal_protocol.sealed_files import (
    LARGEST,
    LARGEST_TEXT,
    TEXT_HEAD,
    Carried,
    SealedFileReader,
    TakeChunk,
    bytes_of_text,
    is_text,
)

TAKEN, ASIDE = "taken-in", "set-aside"
"""Folders inside the folder, for what was taken in and what could not be."""
REASON = ".reason.txt"
"""What the name of a file that was set aside is followed by, for the file with the reason."""
REASONS = "carry.upload.failed"
LANGUAGES = ("ar", "en")
"""Of the register, and so of whoever reads why a file was set aside."""
STEP = 1_048_576
MOST_FILES = 1000
"""Files looked at in one go; the rest comes with the next round."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    name: str
    submission: str = ""
    """Id of the submission in it; empty if it holds none."""
    reason: str = ""
    """Why it was set aside: a key below REASONS; empty if it was taken in."""
    is_new: bool = True
    """False if the submission was here already, whichever way it came."""
    left: bool = False
    """True if the folder cannot be written, so that the file lies where it lay."""


@dataclass
class Folder:
    """A folder into which somebody may be copying right now.

    Args:
        path: The folder; it need not be there, a stick is not always in.
    """

    path: Path
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    _finished: set[tuple[str, int, int]] = field(default_factory=set)

    def settled(self) -> list[Path]:
        """Return the files that have not changed since this was asked last."""
        now = {path.name: _mark(path) for path in _files(self.path)}
        before, self._seen = self._seen, now
        return [
            self.path / name
            for name, mark in now.items()
            if before.get(name) == mark and (name, *mark) not in self._finished
        ]

    def note(self, outcome: Outcome) -> None:
        """Remember a file that had to be left: it is not read again and again."""
        if outcome.left and outcome.name in self._seen:
            self._finished.add((outcome.name, *self._seen[outcome.name]))


@dataclass(frozen=True)
class Desk:
    """Where sealed files are taken in."""

    engine: Engine
    sealed: ProtectedFiles
    library: Library

    def explain(self, reason: str) -> str:
        """Return why a file was set aside, in the languages of the register."""
        sentences = [self.library.strings.text(f"{REASONS}.{reason}", lang) for lang in LANGUAGES]
        return "".join(f"{sentence}\n" for sentence in sentences)


def take_in_folder(desk: Desk, folder: Path, *, now: datetime) -> Iterator[Outcome]:
    """Take in every sealed file of a folder; folders in it are not looked into.

    Yields:
        What became of each file, as soon as that is known.

    Raises:
        OSError: If the folder cannot be read.
    """
    for path in _files(folder):
        yield take_in(desk, path, now=now)


def take_in(desk: Desk, path: Path, *, now: datetime) -> Outcome:
    """Take in one sealed file, and move it to where such files go.

    Its bytes are on disk, and the arrival is written down, before the file is moved; a crash in
    between only means that it is taken in once more, which changes nothing.
    """
    try:
        submission, is_new = _take(desk.engine, desk.sealed, path, now=now)
    except SealedFileInvalid as error:
        reason = _reason(error)
        left = not _put_away(path, ASIDE, desk.explain(reason))
        return Outcome(path.name, reason=reason, left=left)
    left = not _put_away(path, TAKEN)
    return Outcome(path.name, submission=submission, is_new=is_new, left=left)


def _take(engine: Engine, sealed: ProtectedFiles, path: Path, *, now: datetime) -> tuple[str, bool]:
    # Twice: first it is proven whole, then kept. Nothing of a damaged file lies around.
    submission = _read(path, lambda *_: None).manifest.submission_id
    # The line may be bringing the same one: whoever is second finds it here.
    with sealed.claim(submission, wait=True):
        with transaction(engine) as session:
            if not _is_wanted(session.get(Arrival, submission)):
                return submission, False
        _keep(sealed, submission, path)
        with transaction(engine) as session:
            list_arrival(session, submission, now=now)
            arrival = session.get_one(Arrival, submission, with_for_update=True)
            if arrival.state == ArrivalState.INCOMPLETE:
                move(session, submission, ArrivalState.LISTED, now=now)
            move(session, submission, ArrivalState.FETCHED, now=now)
    return submission, True


def _keep(sealed: ProtectedFiles, submission: str, path: Path) -> None:
    def keep(name: str, data: bytes) -> None:
        sealed.put(submission, name, data)

    carried = _read(path, keep)
    if carried.manifest.submission_id != submission:
        raise SealedFileInvalid("changed while it was read")
    sealed.put(submission, ENVELOPE, carried.envelope)
    sealed.put(submission, MANIFEST, carried.manifest_bytes)


def _is_wanted(arrival: Arrival | None) -> bool:
    """Tell whether the bytes of a submission are still needed here."""
    wanted = (ArrivalState.LISTED, ArrivalState.INCOMPLETE)
    return arrival is None or arrival.state in wanted


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    # A link could lead to any file of this machine.
    files = [path for path in found if stat.S_ISREG(path.lstat().st_mode)]
    return files[:MOST_FILES]


def _mark(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_size, found.st_mtime_ns


def _read(path: Path, take: TakeChunk) -> Carried:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        if os.fstat(handle).st_size > LARGEST:
            raise SealedFileOfAnotherKind("larger than any sealed file")
        beginning = file.read(2 * len(TEXT_HEAD))
        reader = SealedFileReader(take)
        if is_text(beginning):
            reader.feed(bytes_of_text(beginning + file.read(LARGEST_TEXT)))
        else:
            _feed(reader, beginning, file)
        return reader.finish()


def _feed(reader: SealedFileReader, beginning: bytes, file: BinaryIO) -> None:
    reader.feed(beginning)
    while data := file.read(STEP):
        reader.feed(data)


def _reason(error: SealedFileInvalid) -> str:
    if isinstance(error, SealedFileOfAnotherKind):
        return "not_ours"
    return "cut_off" if isinstance(error, SealedFileCutOff) else "changed"


def _put_away(path: Path, place: str, reason: str = "") -> bool:
    """Move a file into a folder beside it; False if that cannot be written."""
    try:
        target = path.parent / place
        target.mkdir(exist_ok=True)
        if target.is_symlink():
            # It could lead to any folder of this machine.
            return False
        free = _free_name(target, path.name)
        path.rename(free)
        if reason:
            free.with_name(free.name + REASON).write_text(reason, encoding="utf-8")
    except OSError:
        return not path.exists()
    return True


def _free_name(folder: Path, name: str) -> Path:
    """Return a path that nothing has: offline forms all give their files the same name."""
    stem, ending = Path(name).stem, Path(name).suffix
    number = 1
    while (free := folder / (name if number == 1 else f"{stem}-{number}{ending}")).exists():
        number += 1
    return free
