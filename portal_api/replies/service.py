"""Mailboxes. There is no mailbox to create: the first answer makes it, any token may ask."""

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, delete, select

from portal_api.database import save_once
from portal_api.errors import MailboxTokenMalformed
from portal_api.replies.tables import StoredReply
from portal_protocol.derivation import mailbox_id

STEP = 16_384
"""Every answer is as long as a multiple of this; one message fits into the first."""
SCHEME = "mailbox "
TOKEN = 32
NUMBER_BITS = 48
"""JavaScript counts exactly to 53 bits."""


@dataclass(frozen=True)
class OpenMailbox:
    """A mailbox for whoever shows its token."""

    id: str
    token: bytes

    def number(self, message: StoredReply) -> int:
        """Return the number a message has for the holder of the token.

        It stands in the address of a deletion, where somebody might write it down; so it follows
        from the token too, and cannot be found in the database.
        """
        digest = hashlib.sha256(self.token + bytes.fromhex(message.digest)).digest()
        return int.from_bytes(digest[: NUMBER_BITS // 8])


@dataclass(frozen=True)
class SealedReply:
    """An answer as the gateway hands it in."""

    mailbox: str
    data: bytes


def open_mailbox(authorization: str) -> OpenMailbox:
    """Return the mailbox that a request may read: its id is the hash of the token shown.

    Raises:
        MailboxTokenMalformed: If there is no token of 32 bytes.
    """
    scheme, token = authorization[: len(SCHEME)], authorization[len(SCHEME) :].strip()
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise MailboxTokenMalformed from None
    if scheme.lower() != SCHEME or len(decoded) != TOKEN:
        raise MailboxTokenMalformed
    return OpenMailbox(mailbox_id(decoded), decoded)


def messages(session: Session, mailbox: str) -> Sequence[StoredReply]:
    """Return the messages of a mailbox; one that nobody ever wrote to is simply empty."""
    return session.exec(
        select(StoredReply)
        .where(StoredReply.mailbox == mailbox)
        .order_by(col(StoredReply.stored_on), col(StoredReply.digest))
    ).all()


def as_padded_json(mailbox: OpenMailbox, found: Sequence[StoredReply]) -> bytes:
    """Return messages as JSON, filled up with random text to a multiple of 16,384 bytes.

    The filling is random because compression on the way would take any other filling away.
    """
    listed = [
        {
            "n": mailbox.number(message),
            "date": message.stored_on.isoformat(),
            "data": base64.b64encode(message.data).decode(),
        }
        for message in found
    ]
    bare = len(_json({"messages": listed, "pad": ""}))
    wanted = -bare % STEP
    pad = base64.b64encode(secrets.token_bytes(wanted)).decode()[:wanted]
    return _json({"messages": listed, "pad": pad})


def store(session: Session, replies: Sequence[SealedReply], *, today: date) -> int:
    """Store answers; the same bytes for the same mailbox are stored once.

    Returns:
        How many are stored now, whether they were before or not.
    """
    rows = [
        StoredReply(
            mailbox=reply.mailbox,
            digest=hashlib.sha256(reply.data).hexdigest(),
            stored_on=today,
            data=reply.data,
        )
        for reply in replies
    ]
    save_once(session, *rows)
    return len(rows)


def remove(session: Session, mailbox: OpenMailbox, number: int) -> None:
    """Delete a message of a mailbox; one that is not there is deleted already."""
    for message in messages(session, mailbox.id):
        if mailbox.number(message) == number:
            session.delete(message)


def forget_old(session: Session, *, before: date) -> int:
    """Delete messages that were stored before a day, and return how many."""
    return session.exec(delete(StoredReply).where(col(StoredReply.stored_on) < before)).rowcount


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
