"""A folder that is carried between a machine that reaches the portal and one that holds keys.

Everything in it is sealed, signed or an id. It is trusted as little as the portal: sizes are
limited before bytes are held, names are checked, links are not followed. Each file is there whole
or not at all, so a stick that is pulled out costs nothing but another try.

    waiting.json            what waits at the portal, written last by whoever pulls
    to-open/<id>.dat        one sealed submission, as docs/protocol.md 7.1
    to-send/received/<id>   the submission is durable inside: the portal may forget it
    to-send/replies/<id>    a batch of sealed replies
    to-send/seats/<id>      registrations for a meeting that have arrived
    sent/<id>               the portal has this batch
    .unfinished/<id>/       pieces of a submission that are not all here yet
"""

import base64
import binascii
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal_content.replaced_files import sync_folder
from portal_gateway.errors import GatewayError, TryLater
from portal_gateway.lines import OutgoingReply, nowhere
from portal_gateway.protected_files import ENVELOPE, MANIFEST, ProtectedFiles
from portal_gateway.steps.taking_in import ASIDE, REASON, TAKEN
from portal_protocol.manifest import parse_manifest
from portal_protocol.sealed_files import pack_sealed_file

FORMAT = "imp-portal/v1/carried"
LIST = "waiting.json"
TO_OPEN, RECEIVED, REPLIES, SEATS, SENT = (
    *("to-open", "to-send/received", "to-send/replies", "to-send/seats", "sent"),
)
UNFINISHED = ".unfinished"
FOLDERS = (TO_OPEN, RECEIVED, REPLIES, SEATS, SENT, UNFINISHED)
ENDING = ".dat"
LARGEST = 10_000_000
"""Bytes of any file here that is read whole."""
PAGE = 100
_ID = re.compile(r"[0-9a-f]{64}")
_BATCH = re.compile(r"[0-9a-f]{32}")
_BRIEFING = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


class FolderUnfit(GatewayError):
    """A file in the folder is not what such a folder holds."""


@dataclass(frozen=True)
class Waiting:
    """What waited at the portal when the folder was filled."""

    pulled_at: datetime
    submissions: tuple[str, ...]
    seats: Mapping[str, tuple[list[str], list[str]]]


class CarriedFolder:
    """The files of such a folder.

    Args:
        path: The folder, for instance a memory stick.

    Raises:
        FolderUnfit: If it is not there, or leads elsewhere.
        OSError: If it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        # Making it would fill this machine's disk while the stick is not in.
        if not path.is_dir():
            raise FolderUnfit(f"there is no folder {path}")
        self._path = path
        for name in FOLDERS:
            folder = path / name
            folder.mkdir(parents=True, exist_ok=True)
            if folder.resolve() != path.resolve() / name:
                raise FolderUnfit(f"{name} leads elsewhere")
        away = (self.to_open / TAKEN, self.to_open / ASIDE)
        for place in (*away, *(path / UNFINISHED).iterdir()):
            if place.is_symlink():
                raise FolderUnfit(f"{place.relative_to(path)} leads elsewhere")

    @property
    def to_open(self) -> Path:
        """Folder with the sealed submissions."""
        return self._path / TO_OPEN

    def unfinished(self) -> ProtectedFiles:
        """Return where the pieces of submissions lie that are not all here yet."""
        return ProtectedFiles(self._path / UNFINISHED)

    def has_submission(self, submission_id: str) -> bool:
        """Tell whether it need not be pulled again: it lies here, or the way back began."""
        name = f"{_checked(_ID, submission_id)}{ENDING}"
        places = (self.to_open / name, self.to_open / TAKEN / name)
        return any(path.exists() for path in (*places, self._path / RECEIVED / submission_id))

    def put_submission(self, pieces: ProtectedFiles, submission_id: str) -> None:
        """Put a submission here as one file, of the pieces that lie side by side."""
        manifest = pieces.read(submission_id, MANIFEST)
        chunks = [name for blob in parse_manifest(manifest).blobs for name in blob.chunks]

        def content() -> Iterator[bytes]:
            yield pack_sealed_file(manifest, pieces.read(submission_id, ENVELOPE))
            for name in chunks:
                yield pieces.read(submission_id, name)

        _write(self.to_open / f"{submission_id}{ENDING}", content())
        pieces.forget(submission_id)

    def forget_submission(self, submission_id: str) -> None:
        """Remove a submission that the portal was told about, and the note that says so."""
        name = f"{_checked(_ID, submission_id)}{ENDING}"
        for path in (self.to_open / name, self.to_open / TAKEN / name):
            path.unlink(missing_ok=True)
        (self._path / RECEIVED / submission_id).unlink(missing_ok=True)

    def clear_damaged(self) -> None:
        """Remove damaged copies of what the portal has: it was pulled anew or is about to be."""
        for path in (self.to_open / ASIDE).glob("*"):
            if _ID.fullmatch(path.name.removesuffix(REASON).removesuffix(ENDING)):
                path.unlink(missing_ok=True)

    def put_waiting(self, waiting: Waiting) -> None:
        """Write down what waits at the portal."""
        value = {
            "format": FORMAT,
            "pulled_at": waiting.pulled_at.isoformat(),
            "submissions": list(waiting.submissions),
            "seats": {name: list(both) for name, both in waiting.seats.items()},
        }
        _write(self._path / LIST, [json.dumps(value).encode()])

    def waiting(self) -> Waiting:
        """Return what waited at the portal.

        Raises:
            FolderUnfit: If that is not in the folder.
        """
        if not (self._path / LIST).exists():
            raise FolderUnfit("nothing was pulled into it yet")
        value = _json(self._path / LIST)
        try:
            if value["format"] != FORMAT:
                raise FolderUnfit(LIST)
            pulled_at = datetime.fromisoformat(value["pulled_at"]).astimezone(UTC)
            seats = {
                _checked(_BRIEFING, name): (_ids(both[0]), _ids(both[1]))
                for name, both in value["seats"].items()
            }
            return Waiting(pulled_at, tuple(sorted(_ids(value["submissions"]))), seats)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise FolderUnfit(f"{LIST} is damaged") from error

    def note_received(self, submission_id: str) -> None:
        """Write down that a submission is durable inside."""
        _write(self._path / RECEIVED / _checked(_ID, submission_id), [b""])

    def received(self) -> list[str]:
        """Return what is durable inside and the portal does not know about."""
        return _names(self._path / RECEIVED, _ID)

    def put_batch(self, batch_id: str, replies: Sequence[OutgoingReply]) -> None:
        """Put a batch of sealed replies here."""
        value = [
            {"mailbox": one.mailbox, "data": base64.b64encode(one.sealed).decode("ascii")}
            for one in replies
        ]
        _write(self._path / REPLIES / _checked(_BATCH, batch_id), [json.dumps(value).encode()])

    def batches(self) -> Iterator[tuple[str, list[OutgoingReply]]]:
        """Yield every batch on its way.

        Raises:
            FolderUnfit: If a file is none.
        """
        for name in _names(self._path / REPLIES, _BATCH):
            value = _json(self._path / REPLIES / name)
            try:
                replies = [
                    OutgoingReply(
                        _checked(_ID, one["mailbox"]), base64.b64decode(one["data"], validate=True)
                    )
                    for one in value
                ]
            except (KeyError, TypeError, ValueError, binascii.Error) as error:
                raise FolderUnfit(f"{REPLIES}/{name}") from error
            yield name, replies

    def note_sent(self, batch_id: str) -> None:
        """Write down that the portal has a batch, and remove it."""
        _write(self._path / SENT / _checked(_BATCH, batch_id), [b""])
        (self._path / REPLIES / batch_id).unlink(missing_ok=True)

    def sent(self) -> list[str]:
        """Return the batches that the portal has."""
        return _names(self._path / SENT, _BATCH)

    def forget_sent(self, batch_id: str) -> None:
        """Remove the note that the portal has a batch, and the batch."""
        for place in (REPLIES, SENT):
            (self._path / place / _checked(_BATCH, batch_id)).unlink(missing_ok=True)

    def put_seats(self, briefing: str, seats: Sequence[str]) -> None:
        """Put ids of seats here whose registrations have arrived."""
        path = self._path / SEATS / _checked(_BRIEFING, briefing)
        _write(path, [json.dumps(list(seats)).encode()])

    def seats(self) -> Iterator[tuple[str, list[str]]]:
        """Yield every meeting with the seats whose registrations have arrived."""
        for name in _names(self._path / SEATS, _BRIEFING):
            yield name, _ids(_json(self._path / SEATS / name))

    def forget_seats(self, briefing: str) -> None:
        """Remove what the portal was told."""
        (self._path / SEATS / _checked(_BRIEFING, briefing)).unlink(missing_ok=True)


class CarriedLine:
    """The portal as a folder knows it; what it is told is told when the folder is back there."""

    delivery = chunk = push = nowhere

    def __init__(self, folder: CarriedFolder) -> None:
        self._folder = folder
        self._waiting = folder.waiting()

    def close(self) -> None:
        """Do nothing: every file is closed."""

    def waiting(self, *, after: str = "") -> list[str]:
        """Return ids of submissions that waited, in order, from behind `after`."""
        return [one for one in self._waiting.submissions if one > after][:PAGE]

    def acknowledge(self, submission_id: str) -> None:
        """Write down that a submission is durable inside."""
        self._folder.note_received(submission_id)

    def seats(self, briefing: str) -> tuple[list[str], list[str]]:
        """Return the seats at a meeting, and its waiting list."""
        if briefing not in self._waiting.seats:
            raise TryLater("unreachable")
        return self._waiting.seats[briefing]

    def confirm_seats(self, briefing: str, seats: Sequence[str]) -> None:
        """Write down that registrations have arrived."""
        self._folder.put_seats(briefing, seats)


def _write(path: Path, content: Iterable[bytes]) -> None:
    """Write a file that is there whole or not at all, and survives a power cut."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    # A new file, so that no link that somebody put here is followed.
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in content:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def _json(path: Path) -> Any:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise FolderUnfit(path.name)
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise FolderUnfit(path.name)
        return json.loads(content)
    except (OSError, ValueError, RecursionError) as error:
        raise FolderUnfit(f"{path.name} is damaged") from error


def _names(folder: Path, pattern: re.Pattern[str]) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if pattern.fullmatch(path.name))


def _ids(values: Any) -> list[str]:
    if not isinstance(values, list):
        raise FolderUnfit("ids")
    return [_checked(_ID, value) for value in values]


def _checked(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise FolderUnfit("a name that is none of ours")
    return value
