"""Folder: documents and files for an air gap, each whole or not there, below one signed index.

The signed index is renamed into place last, so that whoever copies the folder at any moment has
an index and everything it names:

    index.note                                   signed; names each list by its digest
    lists/<digest>.txt                           names files with digest and size
    requests/<xx>/<document>/<version>.json      a document of the published schema
    requests/<xx>/<document>/<digest>.<ending>   a file that goes with it

Where it is sealed, each has `.age` at its end and the digest of what is sealed in its name: no
two sealings are the same bytes, and what the index of before names must not change under it.
"""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from portal_gateway.connectors.interface import (
    Halted,
    HandedFile,
    Message,
    NotNow,
    Receipt,
    Refused,
)
from portal_gateway.whole_files import FILE_MODE, put_whole
from portal_protocol.age import Recipient, seal
from portal_protocol.errors import NoteError
from portal_protocol.notes import SigningKey, VerifyKey, open_note, sign_note

HEAD = "imp-portal/v1/handed-over"
INDEX, LISTS, REQUESTS, LOCK = "index.note", "lists", "requests", ".lock"
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "application/pdf": "pdf",
    "text/plain": "txt",
}
_LIST = re.compile(r"list ([0-9a-f]{2}) ([0-9a-f]{64})")
_FILE = re.compile(
    r"file ([0-9a-f]{64}) ([0-9]{1,12}) "
    r"([0-9a-f]{2}/[0-9a-f-]{36}/"
    r"(?:[0-9]{1,9}(?:\.[0-9a-f]{64})?\.json|[0-9a-f]{64}\.[a-z0-9]{1,5})(?:\.age)?)"
)
_DOCUMENT = re.compile(r"([0-9]{1,9})(?:\.[0-9a-f]{64})?\.json(?:\.age)?")


@dataclass(frozen=True)
class Listed:
    """A file that a list names."""

    path: str
    """Below `requests`."""
    sha256: str
    size: int

    @property
    def document(self) -> str:
        """The document it belongs to."""
        return self.path.split("/")[1]

    def line(self) -> str:
        """Return its line in a list."""
        return f"file {self.sha256} {self.size} {self.path}\n"


class IndexUnfit(Exception):
    """An index or a list that is not what this program writes."""


@dataclass(frozen=True)
class FolderConnector:
    """A folder that somebody carries away, or another machine reads."""

    name: str
    recipient: str
    folder: Path
    key: SigningKey = field(repr=False)
    seal_to: tuple[Recipient, ...] = ()
    """Who alone can open what lies there; none if nothing is sealed."""

    def deliver(self, message: Message, *, now: datetime) -> Receipt:
        """Write a message and sign the index anew.

        Raises:
            NotNow: If the folder is not there, as when a disk is not plugged in.
            Refused: If a file is not what it was.
            Halted: If the index was changed by somebody else.
        """
        del now
        if not self.folder.is_dir():
            raise NotNow("unreachable", "no such folder")
        with _locked(self.folder):
            try:
                lists = read_index(self.folder, [self.key.verify_key])
                self._write(message, lists)
            except (IndexUnfit, NoteError) as error:
                raise Halted("receiver_differs", str(error)) from error
        return Receipt()

    def close(self) -> None:
        """Do nothing: nothing stays open."""

    def _write(self, message: Message, lists: dict[str, str]) -> None:
        shard = message.document_id[:2]
        there = read_list(self.folder, shard, lists)
        others = [one for one in there if one.document != message.document_id]
        older = [one for one in there if one.document == message.document_id]
        if any(_version(one) > int(message.document["version"]) for one in older):
            return  # Another gateway has brought a newer one in the meantime.
        place = self.folder / REQUESTS / shard / message.document_id
        files = [self._keep_file(place, file) for file in message.files]
        body = json.dumps(message.document, ensure_ascii=False, indent=2).encode() + b"\n"
        files.append(self._keep(place, str(message.document["version"]), "json", body))
        text = "".join(one.line() for one in sorted([*others, *files], key=lambda f: f.path))
        digest = hashlib.sha256(text.encode()).hexdigest()
        put_whole(self.folder / LISTS / f"{digest}.txt", text.encode())
        changed = {**lists, shard: digest}
        lines = "".join(f"list {name} {changed[name]}\n" for name in sorted(changed))
        put_whole(self.folder / INDEX, sign_note(f"{HEAD}\n{lines}", self.key).encode())
        _remove_others(place, {one.path.rsplit("/", 1)[1] for one in files})
        _remove_others(self.folder / LISTS, {f"{one}.txt" for one in changed.values()})

    def _keep_file(self, place: Path, file: HandedFile) -> Listed:
        content = file.read()
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise Refused("file_damaged")
        ending = ENDINGS.get(file.media_type, "bin")
        return self._keep(place, "" if self.seal_to else file.sha256, ending, content)

    def _keep(self, place: Path, called: str, ending: str, content: bytes) -> Listed:
        if self.seal_to:
            content = seal(content, self.seal_to)
        digest = hashlib.sha256(content).hexdigest()
        parts = (called, digest, ending, "age") if self.seal_to else (called, ending)
        name = ".".join(part for part in parts if part)
        put_whole(place / name, content)
        return Listed(f"{place.parent.name}/{place.name}/{name}", digest, len(content))


def read_index(folder: Path, keys: list[VerifyKey]) -> dict[str, str]:
    """Return the digest of each list that a signed index names; none if there is no index yet.

    Raises:
        IndexUnfit: If it is not an index.
        NoteError: If nobody who counts has signed it.
    """
    path = folder / INDEX
    if not path.exists():
        return {}
    head, *lines = open_note(path.read_text(encoding="utf-8"), keys).removesuffix("\n").split("\n")
    found = [_LIST.fullmatch(line) for line in lines]
    if head != HEAD or None in found:
        raise IndexUnfit(INDEX)
    return {one[1]: one[2] for one in found if one}


def read_list(folder: Path, shard: str, lists: dict[str, str]) -> list[Listed]:
    """Return the files that a list names.

    Raises:
        IndexUnfit: If it is not the list that the index names.
    """
    if shard not in lists:
        return []
    path = folder / LISTS / f"{lists[shard]}.txt"
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != lists[shard]:
        raise IndexUnfit(f"{LISTS}/{path.name}")
    found = [_FILE.fullmatch(line) for line in content.decode().splitlines()]
    if None in found or not all(one[3].startswith(shard) for one in found if one):
        raise IndexUnfit(f"{LISTS}/{path.name}")
    return [Listed(one[3], one[1], int(one[2])) for one in found if one]


def check_folder(folder: Path, key: VerifyKey) -> tuple[int, list[str]]:
    """Check every file of a folder against its signed index.

    Returns:
        How many files are right, and what is wrong: a path with `missing`, `changed` or `extra`.

    Raises:
        IndexUnfit: If there is no index, or it is none.
        NoteError: If the key has not signed it.
    """
    lists = read_index(folder, [key])
    if not lists:
        raise IndexUnfit(INDEX)
    named = [one for shard in sorted(lists) for one in read_list(folder, shard, lists)]
    problems = []
    for one in named:
        path = folder / REQUESTS / one.path
        if not path.is_file() or path.is_symlink():
            problems.append(f"{REQUESTS}/{one.path}: missing")
        elif path.stat().st_size != one.size or _digest_of(path) != one.sha256:
            problems.append(f"{REQUESTS}/{one.path}: changed")
    known = {folder / REQUESTS / one.path for one in named}
    there = {path for path in (folder / REQUESTS).rglob("*") if not path.is_dir()}
    extra = sorted(str(path.relative_to(folder)) for path in there - known)
    return len(named) - len(problems), [*problems, *(f"{path}: extra" for path in extra)]


def _version(one: Listed) -> int:
    found = _DOCUMENT.fullmatch(one.path.rsplit("/", 1)[1])
    return int(found[1]) if found else 0


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one gateway write at a time."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _remove_others(folder: Path, kept: set[str]) -> None:
    """Remove what the index does not name any more, leftovers of a crash included."""
    for path in folder.iterdir():
        if path.name not in kept:
            path.unlink()
