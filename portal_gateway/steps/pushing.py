"""Pushing: sealed replies travel to the portal in batches that hide how many are real."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Engine, delete, func, update
from sqlmodel import Session, col, select

from portal_gateway.arrivals import pause_after
from portal_gateway.database import transaction
from portal_gateway.errors import TryLater
from portal_gateway.keys import Keys
from portal_gateway.lines import Line, OutgoingReply
from portal_gateway.replies import Batch, Parcel, Reply, new_id
from portal_protocol.age import HybridIdentity
from portal_protocol.replies import ReplyBody, make_reply, seal_reply

MULTIPLE = 16
"""A batch has a multiple of this many parcels."""
LARGEST_BATCH = 64
"""Parcels the portal takes at a time."""


def push_due(engine: Engine, handover: Line, keys: Keys, *, now: datetime) -> bool:
    """Send one batch if one is due.

    A batch is put together once and sent unchanged until the portal has it: fresh dummies at
    each attempt would show which parcels are real.

    Returns:
        False if nothing was due; the caller then stops asking.

    Raises:
        TryLater: If the portal cannot take it now; the pause before the next attempt is saved.
    """
    with transaction(engine) as session:
        batch = _open_batch(session) or make_batch(session, keys, now=now)
        if batch is None or batch.due > now:
            return False
        # Saved before the attempt: a crash in the middle must not retry in a tight loop.
        batch.attempts += 1
        batch.due = now + pause_after(batch.attempts)
        parcels = session.exec(select(Parcel).where(Parcel.batch_id == batch.id)).all()
    try:
        handover.push(in_sending_order(parcels))
    except TryLater as delay:
        with transaction(engine) as session:
            session.get_one(Batch, batch.id).trouble = str(delay)
        raise
    with transaction(engine) as session:
        close_batch(session, batch.id, now=now)
    return True


def waiting_parcels(session: Session) -> int:
    """Return how many real replies the portal does not have yet."""
    wanted = select(func.count()).select_from(Parcel)
    real = wanted.where(col(Parcel.reply_id).is_not(None), col(Parcel.delivered_at).is_(None))
    return int(session.exec(real).one())


def _open_batch(session: Session) -> Batch | None:
    return session.exec(select(Batch).limit(1).with_for_update()).first()


def in_sending_order(parcels: Sequence[Parcel]) -> list[OutgoingReply]:
    """Return parcels in the order of their random mailbox ids: the place tells nothing."""
    ordered = sorted(parcels, key=lambda parcel: parcel.mailbox_id)
    return [OutgoingReply(parcel.mailbox_id, parcel.sealed) for parcel in ordered]


def make_batch(session: Session, keys: Keys, *, now: datetime) -> Batch | None:
    """Put replies together that are in no batch yet, with dummies; none if there are none."""
    waiting = (
        select(Parcel, Reply)
        .join(Reply, col(Reply.id) == col(Parcel.reply_id))
        .where(col(Parcel.delivered_at).is_(None), col(Parcel.batch_id).is_(None))
        .order_by(col(Parcel.made_at))
        .limit(LARGEST_BATCH)
    )
    pairs = session.exec(waiting).all()
    if not pairs:
        return None
    batch = Batch(id=new_id(), made_at=now, due=now)
    session.add(batch)
    session.flush()
    for parcel, _ in pairs:
        parcel.batch_id = batch.id
    texts = [reply.text for _, reply in pairs]
    for _ in range(-len(pairs) % MULTIPLE):
        like = secrets.choice(texts)
        session.add(_dummy(keys, batch.id, like, day=now.date(), now=now))
    return batch


def _dummy(keys: Keys, batch_id: str, like: str, *, day: date, now: datetime) -> Parcel:
    """Make a reply that nobody can open, as long as a real one of the same batch."""
    mailbox_id = secrets.token_hex(32)
    note = make_reply(mailbox_id, 1, day, ReplyBody("received", like, "ar"), keys.replies)
    sealed = seal_reply(note, HybridIdentity.generate().recipient)
    return Parcel(id=new_id(), mailbox_id=mailbox_id, sealed=sealed, made_at=now, batch_id=batch_id)


def close_batch(session: Session, batch_id: str, *, now: datetime) -> None:
    """Write down that the portal has a batch; its dummies are forgotten."""
    in_batch = col(Parcel.batch_id) == batch_id
    session.exec(delete(Parcel).where(in_batch, col(Parcel.reply_id).is_(None)))
    delivered = {"batch_id": None, "delivered_at": now}
    session.exec(update(Parcel).where(in_batch).values(delivered))
    session.exec(delete(Batch).where(col(Batch.id) == batch_id))
