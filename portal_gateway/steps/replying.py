"""Replying: sign what the family is told and seal it so that only their code opens it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, inspect, update
from sqlmodel import Session

from portal_gateway.cases import STATE_AFTER_REPLY, Case
from portal_gateway.database import insert_all, insert_once
from portal_gateway.keys import Keys
from portal_gateway.replies import Mailbox, Parcel, Reply, new_id
from portal_protocol.age import HybridRecipient
from portal_protocol.replies import ReplyBody, make_reply, seal_reply

LONGEST_TEXT = 2000
"""Characters of a reply."""


@dataclass(frozen=True)
class Draft:
    """A reply that somebody has decided to send."""

    id: str
    """Given when it was shown for a last look: sending the same one twice sends it once."""
    status: str
    language: str
    text: str
    officer: str | None = None


def queue_reply(session: Session, keys: Keys, case: Case, draft: Draft, *, now: datetime) -> bool:
    """Sign and seal a reply and put it into the outbox, all in the caller's transaction.

    Returns:
        False if this draft was queued before; nothing is changed then.
    """
    if not queue_parcel(session, keys, case.id, case.mailbox_id, draft=draft, now=now):
        return False
    case.state = STATE_AFTER_REPLY[draft.status] or case.state
    return True


def queue_parcel(
    session: Session,
    keys: Keys,
    case_id: str,
    mailbox_id: str,
    *,
    draft: Draft,
    now: datetime,
    recipient: HybridRecipient | None = None,
) -> bool:
    """As `queue_reply`, for a case that is not at hand as an object; its state stays.

    Args:
        session: A transaction.
        keys: What signs.
        case_id: What is answered.
        mailbox_id: Where to.
        draft: What is said.
        now: The moment.
        recipient: Of the mailbox, if it was read already: that takes long.
    """
    seq, known = session.connection().execute(_count_up(), {"mailbox": mailbox_id}).one()
    day = now.date()
    reply = {
        "id": draft.id,
        "case_id": case_id,
        "seq": seq,
        "status": draft.status,
        "language": draft.language,
        "text": draft.text,
        "officer": draft.officer,
        "signed_at": now,
        "signed_on": day,
    }
    if not insert_once(session, Reply, reply):
        return False
    note = make_reply(mailbox_id, seq, day, _body(draft), keys.replies)
    sealed = seal_reply(note, recipient or HybridRecipient.from_text(known))
    parcel = {"reply_id": draft.id, "mailbox_id": mailbox_id, "sealed": sealed, "made_at": now}
    insert_all(session, Parcel, [{"id": new_id(), **parcel}])
    return True


def _body(draft: Draft) -> ReplyBody:
    return ReplyBody(status=draft.status, text=draft.text, lang=draft.language)


@cache
def _count_up() -> Any:
    """Return the one statement that counts up: two officers who answer at once get two numbers."""
    mailbox: Any = inspect(Mailbox).local_table
    return (
        update(mailbox)
        .where(mailbox.c.id == bindparam("mailbox"))
        .values(last_seq=mailbox.c.last_seq + 1)
        .returning(mailbox.c.last_seq, mailbox.c.recipient)
    )
