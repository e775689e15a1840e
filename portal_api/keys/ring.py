"""The key list in use, the one before it, and what a sealed submission may be sealed to."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from portal_api.errors import KeysOutdated, WrongRecipients
from portal_api.operations.events import Event, record, record_failure
from portal_content.replaced_files import replace_whole, version_of
from portal_protocol.age import HybridRecipient
from portal_protocol.errors import ProtocolError
from portal_protocol.key_list import KeyList, open_key_list
from portal_protocol.notes import VerifyKey, parse_verify_key

ACCEPTED_DAYS = 14
"""Days that a page loaded with the list before may still send (protocol, key rotation)."""
THRESHOLD = 2
"""Roots that must have signed a list."""


@dataclass(frozen=True)
class SignedList:
    """A key list that was checked, with the note that proves it."""

    note: str
    keys: KeyList
    recipients: tuple[HybridRecipient, ...]
    """Parsed once: reading a hybrid key takes milliseconds."""


class KeyRing:
    """The lists below one path: the file itself and `<name>.previous` beside it.

    The file is read again when it changes, so a new list needs no restart. A list that is not
    signed by enough roots, or is older than the one in use, is refused and changes nothing.
    """

    def __init__(self, path: Path, *, roots: Sequence[str], deployment: str) -> None:
        """Read the lists.

        Raises:
            ProtocolError: If the list in use is not a valid one; the service must not start.
            OSError: If there is none.
        """
        self._path = path
        self._previous_path = path.with_name(path.name + ".previous")
        self._roots: tuple[VerifyKey, ...] = tuple(parse_verify_key(root) for root in roots)
        self._deployment = deployment
        self._reading = threading.Lock()
        self._seen = version_of(path)
        self._current = self._open(path.read_text(encoding="utf-8"), minimum_serial=0)
        self._previous = self._open_previous()

    @property
    def current(self) -> SignedList:
        """Return the list in use, read anew if the file has changed."""
        version = version_of(self._path)
        if version != self._seen:
            with self._reading:
                if version != self._seen:
                    self._seen = version
                    self._replace()
        return self._current

    def check_count(self, count: int, *, today: date) -> None:
        """Check how many recipients a sealed file has; their keys cannot be seen in it.

        Raises:
            KeysOutdated: If it has as many as the list before, whose days are over.
            WrongRecipients: If it fits no list.
        """
        current, previous = self.current, self._previous
        if count == len(current.recipients):
            return
        if previous is None or count != len(previous.recipients):
            raise WrongRecipients
        if today > current.keys.issued + timedelta(days=ACCEPTED_DAYS):
            raise KeysOutdated

    def _replace(self) -> None:
        before = self._current
        try:
            note = self._path.read_text(encoding="utf-8")
            new = self._open(note, minimum_serial=before.keys.serial)
        except (ProtocolError, OSError, ValueError):
            record(Event.KEY_LIST_REFUSED)
            return
        if new.keys.serial > before.keys.serial:
            self._previous = before
            self._keep(before)
        self._current = new
        record(Event.KEY_LIST_LOADED, serial=new.keys.serial)

    def _keep(self, before: SignedList) -> None:
        """Keep a list for the next start, unless this service may only read here."""
        try:
            replace_whole(self._previous_path, before.note)
        except OSError as error:
            record_failure(error)

    def _open(self, note: str, *, minimum_serial: int) -> SignedList:
        keys = open_key_list(
            note,
            self._roots,
            deployment=self._deployment,
            threshold=THRESHOLD,
            minimum_serial=minimum_serial,
        )
        return SignedList(note, keys, tuple(keys.parsed_recipients()))

    def _open_previous(self) -> SignedList | None:
        try:
            note = self._previous_path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        previous = self._open(note, minimum_serial=0)
        return previous if previous.keys.serial < self._current.keys.serial else None
