"""The signed key list as a file that may be replaced while the service runs."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from portal_content.replaced_files import version_of
from portal_protocol.errors import ProtocolError
from portal_protocol.key_list import KeyList, open_key_list
from portal_protocol.notes import VerifyKey

log = logging.getLogger(__name__)


class ListFile:
    """The key list below a path, read again when the file changes.

    A list that enough roots have not signed, or that is older than the one in use, changes nothing.

    Args:
        path: The file.
        roots: Public keys of the roots.
        deployment: What the list must be for.

    Raises:
        ProtocolError: If the list there is none to believe.
        OSError: If there is none.
    """

    def __init__(self, path: Path, roots: Sequence[VerifyKey], *, deployment: str) -> None:
        self._path = path
        self._roots = tuple(roots)
        self._deployment = deployment
        self._reading = threading.Lock()
        self._seen = version_of(path)
        self._current = self._open(minimum_serial=0)

    @property
    def current(self) -> KeyList:
        """The list in use."""
        version = version_of(self._path)
        if version != self._seen:
            with self._reading:
                self._seen = version
                try:
                    self._current = self._open(minimum_serial=self._current.serial)
                except (ProtocolError, OSError, UnicodeDecodeError):
                    log.error("key_list_refused")  # noqa: TRY400 (as in run: the event only)
        return self._current

    def _open(self, *, minimum_serial: int) -> KeyList:
        return open_key_list(
            self._path.read_text(encoding="utf-8"),
            self._roots,
            deployment=self._deployment,
            minimum_serial=minimum_serial,
        )
