"""The key list: to whom submissions are sealed and who signs what, signed by the roots.

Source: docs/protocol.md.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal_protocol.age import HybridRecipient
from portal_protocol.errors import BechInvalid, KeyListInvalid, KeyListRolledBack, NoteMalformed
from portal_protocol.notes import VerifyKey, open_note, parse_verify_key

HEAD = "imp-portal/v1/keys"
THRESHOLD = 2
"""Roots that must have signed."""
_SIGNERS = ("receipts", "log", "replies", "letters")
_SINGLE = ("deployment", "serial", "issued", "expires", *_SIGNERS, "prev")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class KeyList:
    """Every key a client needs, in one version."""

    deployment: str
    serial: int
    issued: date
    expires: date
    recipients: tuple[tuple[str, str], ...]
    """Id and `age1pq1…` of everybody a submission is sealed to."""
    receipts: VerifyKey
    log: VerifyKey
    replies: VerifyKey
    letters: VerifyKey
    previous: str
    """Hex SHA-256 of the text of the list before; zeros for the first."""

    def to_text(self) -> str:
        """Return the text that the roots sign."""
        lines = [
            HEAD,
            f"deployment {self.deployment}",
            f"serial {self.serial}",
            f"issued {self.issued.isoformat()}",
            f"expires {self.expires.isoformat()}",
            *(f"recipient {name} {text}" for name, text in self.recipients),
            f"receipts {self.receipts.text}",
            f"log {self.log.text}",
            f"replies {self.replies.text}",
            f"letters {self.letters.text}",
            f"prev {self.previous}",
        ]
        return "".join(line + "\n" for line in lines)

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the text; the next list names it."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()

    def parsed_recipients(self) -> tuple[HybridRecipient, ...]:
        """Return the recipients ready for sealing; costs milliseconds, so keep the result."""
        return tuple(HybridRecipient.from_text(text) for _, text in self.recipients)


def open_key_list(
    note: str,
    roots: Sequence[VerifyKey],
    *,
    deployment: str,
    threshold: int = THRESHOLD,
    minimum_serial: int = 0,
) -> KeyList:
    """Read a key list that enough roots have signed.

    Args:
        note: The signed note.
        roots: Public keys of the roots, known beforehand.
        deployment: The deployment this must be for.
        threshold: How many roots must have signed.
        minimum_serial: The newest serial seen so far.

    Raises:
        NoteError: If too few roots have signed, or one signature fails.
        KeyListInvalid: If it is no key list, or one of another deployment.
        KeyListRolledBack: If it is older than what was seen.
    """
    keys = parse_key_list(open_note(note, roots, threshold=threshold))
    if keys.deployment != deployment:
        raise KeyListInvalid("another deployment")
    if keys.serial < minimum_serial:
        raise KeyListRolledBack(f"serial {keys.serial}")
    return keys


def parse_key_list(text: str) -> KeyList:
    """Read the text of a key list, which nobody need have signed; there is one way to write each.

    Raises:
        KeyListInvalid: If it is none.
    """
    keys = _parse(text)
    if keys.to_text() != text:
        raise KeyListInvalid("order of lines")
    return keys


def _parse(text: str) -> KeyList:
    lines = text[:-1].split("\n")
    if lines[0] != HEAD:
        raise KeyListInvalid("type")
    single: dict[str, str] = {}
    recipients: list[tuple[str, str]] = []
    for line in lines[1:]:
        key, _, value = line.partition(" ")
        if key == "recipient":
            recipients.append(_recipient(value))
        elif key in _SINGLE and key not in single:
            single[key] = value
        else:
            raise KeyListInvalid("line")
    if set(single) != set(_SINGLE) or not recipients:
        raise KeyListInvalid("something is missing")
    for named in zip(*recipients, strict=True):
        if len(set(named)) != len(recipients):
            raise KeyListInvalid("a recipient comes twice")
    return _checked(single, tuple(recipients))


def _recipient(value: str) -> tuple[str, str]:
    name, _, text = value.partition(" ")
    if not name or not text.startswith("age1pq1"):
        raise KeyListInvalid("recipient")
    try:
        HybridRecipient.from_text(text)
    except BechInvalid as error:
        raise KeyListInvalid("recipient") from error
    return name, text


def _checked(single: dict[str, str], recipients: tuple[tuple[str, str], ...]) -> KeyList:
    if not _NUMBER.fullmatch(single["serial"]) or not _DIGEST.fullmatch(single["prev"]):
        raise KeyListInvalid("serial or prev")
    try:
        signers = [parse_verify_key(single[name]) for name in _SIGNERS]
    except NoteMalformed as error:
        raise KeyListInvalid("signing key") from error
    receipts, log, replies, letters = signers
    return KeyList(
        deployment=single["deployment"],
        serial=int(single["serial"]),
        issued=_day(single["issued"]),
        expires=_day(single["expires"]),
        recipients=recipients,
        receipts=receipts,
        log=log,
        replies=replies,
        letters=letters,
        previous=single["prev"],
    )


def _day(value: str) -> date:
    if not _DAY.fullmatch(value):
        raise KeyListInvalid("date")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise KeyListInvalid("date") from error
