"""Envelopes: what a family sends, sealed to the Institution.

Source: docs/protocol.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal_protocol.age import Identity, Recipient, open_sealed, seal
from portal_protocol.errors import EnvelopeInvalid, FileInvalid
from portal_protocol.files import AttachedFile
from portal_protocol.manifest import MOST_FILES
from portal_protocol.padding import padded_json, parse_padded_json

VERSION = 1
TYPES = (
    "contact",
    "search",
    "support",
    "information",
    "extortion-report",
    "reprisal-report",
    "briefing-registration",
    "organisation",
    "data-rights",
    "feedback",
    "child",
    "followup",
)
"""What an envelope is about; each has its queue in the protected zone."""
_KEYS = {"v", "type", "lang", "date", "client", "keys", "mailbox", "form", "files"}
_MAILBOX_KEYS = {"id", "recipient", "proof"}
_HEX = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CLIENT = re.compile(r"[a-z-]{1,20}/[0-9.]{1,10}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RECIPIENT = "age1pq1"
_LONGEST_RECIPIENT = 2_000


@dataclass(frozen=True)
class MailboxAddress:
    """Where answers go: id and recipient of the mailbox, proof of the thread."""

    id: str
    recipient: str = field(repr=False)
    proof: str = field(repr=False)


@dataclass(frozen=True)
class Envelope:
    """One submission, opened."""

    type: str
    lang: str
    date: date
    client: str
    keys: int
    """Serial of the key list it was sealed with."""
    mailbox: MailboxAddress
    form: Mapping[str, Any] = field(repr=False)
    files: tuple[AttachedFile, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that is padded and sealed."""
        mailbox = {
            "id": self.mailbox.id,
            "recipient": self.mailbox.recipient,
            "proof": self.mailbox.proof,
        }
        return {
            "v": VERSION,
            "type": self.type,
            "lang": self.lang,
            "date": self.date.isoformat(),
            "client": self.client,
            "keys": self.keys,
            "mailbox": mailbox,
            "form": dict(self.form),
            "files": [file.to_json() for file in self.files],
        }


def seal_envelope(envelope: Envelope, recipients: Sequence[Recipient]) -> bytes:
    """Pad and seal an envelope.

    Raises:
        EnvelopeInvalid: If it is too long.
    """
    return seal(padded_json(envelope.to_json()), recipients)


def open_envelope(sealed: bytes, identities: Sequence[Identity]) -> Envelope:
    """Open an envelope and read it strictly.

    Raises:
        AgeError: If it cannot be opened.
        EnvelopeInvalid: If it is no envelope of this version.
    """
    return parse_envelope(parse_padded_json(open_sealed(sealed, identities)))


def parse_envelope(value: Mapping[str, Any]) -> Envelope:
    """Read the JSON object of an envelope; whatever it holds, the answer is a value or the error.

    Raises:
        EnvelopeInvalid: If it is no envelope of this version.
    """
    if set(value) != _KEYS or type(value["v"]) is not int or value["v"] != VERSION:
        raise EnvelopeInvalid("keys or version")
    if value["type"] not in TYPES:
        raise EnvelopeInvalid("type")
    if not isinstance(value["files"], list) or len(value["files"]) > MOST_FILES:
        raise EnvelopeInvalid("files")
    try:
        files = tuple(AttachedFile.from_json(file) for file in value["files"])
    except FileInvalid as error:
        raise EnvelopeInvalid("file") from error
    return Envelope(
        type=value["type"],
        lang=_matching(value["lang"], _LANGUAGE),
        date=_day(value["date"]),
        client=_matching(value["client"], _CLIENT),
        keys=_serial(value["keys"]),
        mailbox=_mailbox(value["mailbox"]),
        form=_form(value["form"]),
        files=files,
    )


def _matching(value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise EnvelopeInvalid(pattern.pattern)
    return value


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(_matching(value, _DAY))
    except ValueError as error:
        raise EnvelopeInvalid("date") from error


def _serial(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise EnvelopeInvalid("keys")
    return value


def _form(value: Any) -> dict[str, Any]:
    """Keep the form as it is; what it may hold is up to the version of the form."""
    if not isinstance(value, dict):
        raise EnvelopeInvalid("form")
    return value


def _recipient(value: Any) -> str:
    """Keep it as it is: what it says is read when something is sealed to it."""
    sound = isinstance(value, str) and value.startswith(_RECIPIENT)
    if not sound or len(value) > _LONGEST_RECIPIENT:
        raise EnvelopeInvalid("recipient")
    return str(value)


def _mailbox(value: Any) -> MailboxAddress:
    if not isinstance(value, dict) or set(value) != _MAILBOX_KEYS:
        raise EnvelopeInvalid("mailbox")
    return MailboxAddress(
        _matching(value["id"], _HEX),
        _recipient(value["recipient"]),
        _matching(value["proof"], _HEX),
    )
