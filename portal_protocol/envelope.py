"""Envelopes: what a family sends, sealed to the Institution.

Source: docs/protocol.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal_protocol.age import Header, Identity, Recipient, open_sealed, seal
from portal_protocol.errors import EnvelopeInvalid, FileInvalid
from portal_protocol.files import AttachedFile
from portal_protocol.manifest import MOST_FILES
from portal_protocol.padding import all_within, padded_json, parse_padded_json

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
LONGEST_TEXT = 40_000
"""Characters of one answer; forms allow a tenth of it."""
LONGEST_KEY = 100
MOST_VALUES = 5_000
"""Answers, with their parts; forms have a few dozen."""
_KEYS = {"v", "type", "lang", "date", "client", "keys", "mailbox", "form", "files"}
_MAILBOX_KEYS = {"id", "recipient", "proof"}
_HEX = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CLIENT = re.compile(r"[a-z-]{1,20}/[0-9.]{1,10}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RECIPIENT = re.compile(r"age1pq1[02-9ac-hj-np-z]{1900,2000}")


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


def open_envelope(
    sealed: bytes, identities: Sequence[Identity], *, header: Header | None = None
) -> Envelope:
    """Open an envelope and read it strictly.

    Args:
        sealed: The sealed bytes.
        identities: Who may open it.
        header: Its header, if that was read already.

    Raises:
        AgeError: If it cannot be opened.
        EnvelopeInvalid: If it is no envelope of this version.
    """
    return parse_envelope(parse_padded_json(open_sealed(sealed, identities, header=header)))


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
    """Keep the form as it is, within bounds that no real form comes near to."""
    if not isinstance(value, dict):
        raise EnvelopeInvalid("form")
    names, values = all_within(value)
    texts = [part for part in values if isinstance(part, str)]
    if len(values) > MOST_VALUES or max(map(len, texts), default=0) > LONGEST_TEXT:
        raise EnvelopeInvalid("too many answers, or one too long")
    if max(map(len, names), default=0) > LONGEST_KEY:
        raise EnvelopeInvalid("a name too long")
    return value


def _mailbox(value: Any) -> MailboxAddress:
    if not isinstance(value, dict) or set(value) != _MAILBOX_KEYS:
        raise EnvelopeInvalid("mailbox")
    return MailboxAddress(
        _matching(value["id"], _HEX),
        _matching(value["recipient"], _RECIPIENT),
        _matching(value["proof"], _HEX),
    )
