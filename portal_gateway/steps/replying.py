"""Replying: sign what the family is told and seal it so that only their code opens it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from portal_gateway.cases import STATE_AFTER_REPLY, Case
from portal_gateway.database import save_once
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
    mailbox = session.get_one(Mailbox, case.mailbox_id)
    day = now.date()
    seq = _next_seq(session, mailbox.id)
    reply = Reply(
        id=draft.id,
        case_id=case.id,
        seq=seq,
        status=draft.status,
        language=draft.language,
        text=draft.text,
        officer=draft.officer,
        signed_at=now,
        signed_on=day,
    )
    if not save_once(session, reply):
        return False
    note = make_reply(mailbox.id, seq, day, _body(draft), keys.replies)
    sealed = seal_reply(note, HybridRecipient.from_text(mailbox.recipient))
    session.add(
        Parcel(id=new_id(), reply_id=reply.id, mailbox_id=mailbox.id, sealed=sealed, made_at=now)
    )
    case.state = STATE_AFTER_REPLY[draft.status] or case.state
    return True


def _body(draft: Draft) -> ReplyBody:
    return ReplyBody(status=draft.status, text=draft.text, lang=draft.language)


def _next_seq(session: Session, mailbox_id: str) -> int:
    """Count up in one statement: two officers who answer at once get two numbers."""
    statement: Any = (
        update(Mailbox)
        .where(col(Mailbox.id) == mailbox_id)
        .values(last_seq=col(Mailbox.last_seq) + 1)
        .returning(col(Mailbox.last_seq))
    )
    return int(session.connection().execute(statement).scalar_one())
