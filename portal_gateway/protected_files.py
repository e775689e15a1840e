"""Files of the protected zone: readable by the service only, whole or not there at all.

Sealed deliveries lie in `sealed/<submission>/`, opened files in `opened/<submission>/`.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal_gateway.whole_files import FILE_MODE, make_folder, put_whole, read_whole

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
        self._name = str(folder)
        make_folder(folder)

    def put(self, submission_id: str, name: str, data: bytes) -> None:
        """Store a file so that it survives a power cut; one with this name is replaced."""
        put_whole(self._path(submission_id, name), data)

    def has(self, submission_id: str, name: str) -> bool:
        """Tell whether a file is there."""
        return self._path(submission_id, name).is_file()

    def read(self, submission_id: str, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            FileNotFoundError: If it is not there.
        """
        return read_whole(self._place(submission_id, name))

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
        make_folder(folder)
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
        return Path(self._place(submission_id, name))

    def _place(self, submission_id: str, name: str) -> str:
        if not _SUBMISSION.fullmatch(submission_id) or not _NAME.fullmatch(name):
            raise ValueError("not a name that the gateway gives")
        return f"{self._name}/{submission_id}/{name}"


def _lock(handle: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
