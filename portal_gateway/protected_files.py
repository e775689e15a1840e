"""Files of the protected zone: readable by the service only, whole or not there at all.

Sealed deliveries lie in `sealed/<submission>/`, opened files in `opened/<submission>/`.
"""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600
MANIFEST = "manifest"
ENVELOPE = "envelope"
CLAIMS = ".claims"
"""Folder of the locks; a few hundred files that never hold anything."""
SAME_LOCK = 2
"""First digits of an id that submissions under one lock share."""

_SUBMISSION = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[0-9a-f]{64}|manifest|envelope|[1-9][0-9]{0,2}")


class ProtectedFiles:
    """Files by submission and name; names come from outside and are checked.

    Args:
        folder: Where everything lies; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        _make_folder(folder)

    def put(self, submission_id: str, name: str, data: bytes) -> None:
        """Store a file so that it survives a power cut; one with this name is replaced."""
        path = self._path(submission_id, name)
        _make_folder(path.parent)
        temporary = path.parent / f".{secrets.token_hex(8)}"
        try:
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            # On a full disk each attempt would leave half a file behind and fill it more.
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def has(self, submission_id: str, name: str) -> bool:
        """Tell whether a file is there."""
        return self._path(submission_id, name).is_file()

    def read(self, submission_id: str, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            FileNotFoundError: If it is not there.
        """
        return self._path(submission_id, name).read_bytes()

    def forget(self, submission_id: str) -> None:
        """Remove everything of a submission; harmless if there is nothing."""
        folder = self._path(submission_id, MANIFEST).parent
        shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def claim(self, submission_id: str, *, wait: bool = False) -> Iterator[bool]:
        """Hold a submission for oneself, against every thread and process that asks here too.

        The lock ends with its process, so that a crash leaves nothing behind.

        Args:
            submission_id: The submission; now and then another one shares its lock.
            wait: Whether to wait until nobody else holds it.

        Yields:
            False if somebody else holds it and waiting was not asked for.
        """
        folder = self._path(submission_id, MANIFEST).parents[1] / CLAIMS
        _make_folder(folder)
        lock = folder / submission_id[:SAME_LOCK]
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            yield _lock(handle, wait=wait)
        finally:
            os.close(handle)

    def clear_leftovers(self) -> None:
        """Remove what a crash left half written."""
        for path in self._folder.glob("*/.*"):
            path.unlink(missing_ok=True)

    def names(self, submission_id: str) -> Iterable[str]:
        """List the names of a submission's files."""
        folder = self._path(submission_id, MANIFEST).parent
        return sorted(path.name for path in folder.glob("[!.]*"))

    def _path(self, submission_id: str, name: str) -> Path:
        if not _SUBMISSION.fullmatch(submission_id) or not _NAME.fullmatch(name):
            raise ValueError("not a name that the gateway gives")
        return self._folder / submission_id / name


def _lock(handle: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    # One by one: `parents=True` would give the mode to the last one only.
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True, mode=FOLDER_MODE)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make what was made, moved or removed in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
