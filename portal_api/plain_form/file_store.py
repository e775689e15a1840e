"""Files of a form without script: sealed piece by piece, so that only sealed bytes are stored."""

from collections.abc import Iterable
from datetime import date

from portal_api.submissions.service import Intake
from portal_protocol.files import FileSealer


class FileStore:
    """Keeps track of the pieces that one request has stored."""

    def __init__(self, intake: Intake, *, today: date) -> None:
        self._intake = intake
        self._today = today
        self._recipients = intake.keys.current.recipients
        self._stored: list[str] = []
        self.size = 0
        """Sealed bytes so far."""

    def new_sealer(self) -> FileSealer:
        """Return what seals one file for everybody in the key list."""
        return FileSealer(self._recipients, self._store)

    def keep(self, names: Iterable[str]) -> None:
        """Note which pieces a submission names."""
        named = set(names)
        self._stored = [name for name in self._stored if name not in named]

    def forget_unused(self) -> None:
        """Remove pieces that no submission names; nobody else can have the same ones."""
        self._intake.chunks.remove(self._stored)
        self._stored.clear()

    def _store(self, name: str, data: bytes) -> None:
        self._stored.append(name)
        self.size += len(data)
        self._intake.chunks.put(name, data, today=self._today)
