"""Replies: signed by the Institution, sealed to the mailbox; the portal can write none.

Source: docs/protocol.md.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal_protocol.age import HybridIdentity, HybridRecipient, open_sealed, seal
from portal_protocol.errors import EnvelopeInvalid, ReplyInvalid
from portal_protocol.notes import SigningKey, VerifyKey, open_note, sign_note
from portal_protocol.padding import padded_json, parse_padded_json

STATUSES = ("received", "review", "answer", "action")
_TEXT = re.compile(
    r"imp-portal/v1/reply\n"
    r"mailbox (?P<id>[0-9a-f]{64})\n"
    r"seq (?P<seq>[1-9][0-9]{0,8})\n"
    r"date (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\n"
    r"body (?P<body>\{.*\})\n"
)


@dataclass(frozen=True)
class ReplyBody:
    """What the Institution says."""

    status: str
    text: str = field(repr=False)
    lang: str


@dataclass(frozen=True)
class Reply:
    """An opened reply."""

    seq: int
    """Rises with every reply to a mailbox."""
    date: date
    status: str
    text: str = field(repr=False)
    lang: str


def make_reply(mailbox_id: str, seq: int, day: date, body: ReplyBody, key: SigningKey) -> str:
    """Sign a reply.

    Raises:
        ReplyInvalid: If the status word does not exist, or mailbox or number are none.
    """
    if body.status not in STATUSES:
        raise ReplyInvalid("status")
    # JSON keeps line feeds and other control characters of the text out of the signed lines.
    value = {"status": body.status, "text": body.text, "lang": body.lang}
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\x7f", "\\u007f")
    lines = f"mailbox {mailbox_id}\nseq {seq}\ndate {day}\nbody {text}\n"
    signed = f"imp-portal/v1/reply\n{lines}"
    if not _TEXT.fullmatch(signed):
        raise ReplyInvalid("mailbox or number")
    return sign_note(signed, key)


def seal_reply(note: str, recipient: HybridRecipient) -> bytes:
    """Pad and seal a signed reply to its mailbox.

    Raises:
        EnvelopeInvalid: If it is too long.
    """
    return seal(padded_json({"note": note}), [recipient])


def open_reply(
    sealed: bytes, identity: HybridIdentity, key: VerifyKey, *, mailbox_id: str
) -> Reply:
    """Open a reply and prove who wrote it and to whom.

    Raises:
        AgeError: If it is sealed to another mailbox or was changed.
        NoteError: If the Institution has not signed it.
        ReplyInvalid: If it is no reply to this mailbox.
    """
    try:
        value = parse_padded_json(open_sealed(sealed, [identity]))
    except EnvelopeInvalid as error:
        raise ReplyInvalid("padding") from error
    note = value.get("note")
    if set(value) != {"note"} or not isinstance(note, str):
        raise ReplyInvalid("keys")
    match = _TEXT.fullmatch(open_note(note, [key]))
    if match is None or match["id"] != mailbox_id:
        raise ReplyInvalid("not for this mailbox")
    try:
        body, day = json.loads(match["body"]), date.fromisoformat(match["day"])
    except (ValueError, RecursionError) as error:
        raise ReplyInvalid("body or date") from error
    return Reply(int(match["seq"]), day, **_body(body))


def _body(value: Mapping[str, Any]) -> dict[str, str]:
    if set(value) != {"status", "text", "lang"}:
        raise ReplyInvalid("body")
    if not all(isinstance(text, str) for text in value.values()):
        raise ReplyInvalid("body")
    if value["status"] not in STATUSES:
        raise ReplyInvalid("status")
    return dict(value)
