"""Replying: sign what the family is told and seal it so that only their code opens it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, inspect, update
from sqlmodel import Session

from portal_gateway.cases import STATE_AFTER_REPLY, Case
from portal_gateway.database import insert_all, insert_new
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


@dataclass(frozen=True)
class Addressed:
    """A reply and where it goes."""

    draft: Draft
    case_id: str
    """What is answered."""
    mailbox_id: str
    recipient: HybridRecipient | None = None
    """Of the mailbox, if it was read already: that takes long."""


def queue_reply(session: Session, keys: Keys, case: Case, draft: Draft, *, now: datetime) -> bool:
    """Sign and seal a reply and put it into the outbox, all in the caller's transaction.

    Returns:
        False if this draft was queued before; nothing is changed then.
    """
    if not queue_parcels(session, keys, [Addressed(draft, case.id, case.mailbox_id)], now=now):
        return False
    case.state = STATE_AFTER_REPLY[draft.status] or case.state
    return True


def queue_parcels(
    session: Session, keys: Keys, several: Sequence[Addressed], *, now: datetime
) -> int:
    """As `queue_reply`, for cases that are not at hand as objects; their states stay.

    Returns:
        How many of them were not queued before.
    """
    queued = 0
    for apart in _in_turn(several):
        numbers = _next_numbers(session, apart)
        replies = [_reply(one, numbers[one.mailbox_id].last_seq, now=now) for one in apart]
        new = insert_new(session, Reply, replies, key="id")
        parcels = [
            _parcel(keys, one, numbers[one.mailbox_id], now=now)
            for one in apart
            if one.draft.id in new
        ]
        insert_all(session, Parcel, parcels)
        queued += len(new)
    return queued


def _in_turn(several: Sequence[Addressed]) -> Iterator[list[Addressed]]:
    """Yield them in parts that name no mailbox twice: each reply to one has its own number."""
    waiting = list(several)
    while waiting:
        first = {one.mailbox_id: one for one in reversed(waiting)}
        yield list(first.values())
        waiting = [one for one in waiting if first[one.mailbox_id] is not one]


def _next_numbers(session: Session, several: Sequence[Addressed]) -> dict[str, Any]:
    """Count up in each mailbox; return its number and recipient by its id."""
    mailboxes = sorted(one.mailbox_id for one in several)
    counted = session.connection().execute(_count_up(), {"mailboxes": mailboxes})
    return {row.id: row for row in counted}


def _reply(one: Addressed, seq: int, *, now: datetime) -> dict[str, Any]:
    return {
        "id": one.draft.id,
        "case_id": one.case_id,
        "seq": seq,
        "status": one.draft.status,
        "language": one.draft.language,
        "text": one.draft.text,
        "officer": one.draft.officer,
        "signed_at": now,
        "signed_on": now.date(),
    }


def _parcel(keys: Keys, one: Addressed, mailbox: Any, *, now: datetime) -> dict[str, Any]:
    note = make_reply(one.mailbox_id, mailbox.last_seq, now.date(), _body(one.draft), keys.replies)
    recipient = one.recipient or HybridRecipient.from_text(mailbox.recipient)
    return {
        "id": new_id(),
        "reply_id": one.draft.id,
        "mailbox_id": one.mailbox_id,
        "sealed": seal_reply(note, recipient),
        "made_at": now,
    }


def _body(draft: Draft) -> ReplyBody:
    return ReplyBody(status=draft.status, text=draft.text, lang=draft.language)


@cache
def _count_up() -> Any:
    """Return the one statement that counts up: two officers who answer at once get two numbers."""
    mailbox: Any = inspect(Mailbox).local_table
    return (
        update(mailbox)
        .where(mailbox.c.id.in_(bindparam("mailboxes", expanding=True)))
        .values(last_seq=mailbox.c.last_seq + 1)
        .returning(mailbox.c.id, mailbox.c.last_seq, mailbox.c.recipient)
    )
