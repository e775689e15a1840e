"""The outbox: queue versions for receivers, claim what is due, write down what came of it.

The database decides everything, so that a gateway may be killed anywhere and a second one may
run beside it: an entry is claimed by one, the claim lapses, and the entries of a case go in order.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, and_, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from portal_gateway.cases import Case
from portal_gateway.connectors.documents import KINDS
from portal_gateway.connectors.interface import Halted, NotDelivered, NotNow, Refused
from portal_gateway.connectors.tables import ConnectorState, EntryState, OutboxEntry
from portal_gateway.database import save_once, transaction
from portal_gateway.flags import TWO_PERSON
from portal_gateway.follow_ups import FollowUp

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_WISH = timedelta(days=1)
"""A receiver that asks to be left alone for longer is asked again after this."""
CLAIM = timedelta(minutes=15)
"""Far longer than any delivery takes; a gateway that was killed is waited for as long as this."""
STUMBLES_ALLOWED = 5
QUEUED_TOGETHER = 500
BY_TROUBLE = ("unreachable", "busy", "credential_refused", "receiver_differs", "gone")
"""Reasons that say something of the receiver and nothing of the entry."""

Chance = Callable[[], float]
"""Returns a number from 0 to 1."""


@dataclass(frozen=True)
class Claimed:
    """An entry that this gateway may deliver now."""

    case_id: str
    connector: str
    version: int
    message_id: str
    claim: str
    exhausted: bool
    """True if earlier attempts ended so badly that this one must not be made."""

    @property
    def key(self) -> tuple[str, str, int]:
        """Primary key of the entry."""
        return self.case_id, self.connector, self.version


def queue_missing(engine: Engine, connector: str, *, now: datetime) -> int:
    """Queue every version that is not queued for a receiver yet; return how many.

    What is queued follows from the cases alone: nothing can be lost between a case and its entry,
    and a receiver that is added later is handed what came before.
    """
    with transaction(engine) as session:
        queued = _queue(session, connector, _new_cases(session, connector), now=now)
        return queued + _queue(session, connector, _written_again(session, connector), now=now)


def claim_next(engine: Engine, connector: str, *, now: datetime) -> Claimed | None:
    """Claim the entry that has waited longest, and save that an attempt was begun.

    Returns:
        Nothing if none is due, or the receiver is to be left alone.
    """
    with transaction(engine) as session:
        if not _may_be_asked(session, connector, now=now):
            return None
        entry = session.exec(_due(connector, now)).first()
        if entry is None:
            return None
        entry.claim, entry.claimed_until = secrets.token_hex(16), now + CLAIM
        exhausted = entry.stumbles >= STUMBLES_ALLOWED
        entry.attempts += 1
        entry.stumbles += 1
        return Claimed(
            entry.case_id, connector, entry.version, entry.message_id, entry.claim, exhausted
        )


def close(session: Session, claimed: Claimed, state: EntryState, *, now: datetime) -> bool:
    """Write down that nothing is left to do for an entry; a newer one makes older ones needless.

    Returns:
        False if the claim has lapsed and the entry is another gateway's now.
    """
    entry = _mine(session, claimed)
    if entry is None:
        return False
    entry.state, entry.changed, entry.claim, entry.claimed_until = state, now, None, None
    entry.reason, entry.detail = None, ""
    older: Any = (
        update(OutboxEntry)
        .where(
            col(OutboxEntry.case_id) == claimed.case_id,
            col(OutboxEntry.connector) == claimed.connector,
            col(OutboxEntry.version) < claimed.version,
            col(OutboxEntry.state) == EntryState.DEAD,
        )
        .values(state=EntryState.SUPERSEDED, changed=now)
    )
    session.exec(older)
    return True


def note_success(session: Session, connector: str, *, now: datetime) -> None:
    """Write down that a receiver is well; what waited only because it was not is due at once."""
    state = _state(session, connector)
    if state.failures or state.reason:
        _make_due(session, connector, now=now)
    state.failures, state.resume_at, state.reason, state.detail = 0, None, None, ""
    state.last_delivery = now


def note_failure(
    engine: Engine, claimed: Claimed, why: NotDelivered, *, now: datetime, chance: Chance
) -> None:
    """Write down why an attempt failed, and when the next one may be made."""
    with transaction(engine) as session:
        entry = _mine(session, claimed)
        if entry is None:
            return
        entry.claim, entry.claimed_until, entry.stumbles = None, None, 0
        entry.reason, entry.detail, entry.changed = why.reason, why.detail, now
        state = _state(session, claimed.connector)
        if isinstance(why, Refused):
            entry.state = EntryState.DEAD
            state.failures, state.resume_at = 0, None
            return
        state.failures += 1
        state.reason, state.detail = why.reason, why.detail
        state.halted = isinstance(why, Halted)
        wait = min(why.wait or timedelta(0), LONGEST_WISH) if isinstance(why, NotNow) else None
        pause = pause_after(state.failures, chance=chance)
        state.resume_at = now + max(pause, wait or timedelta(0))
        entry.due = now + pause_after(entry.attempts, chance=chance)


def redrive(
    session: Session, *, connector: str = "", case_id: str = "", now: datetime
) -> tuple[int, int]:
    """Send dead entries on their way once more, and ask receivers that were left alone.

    Returns:
        How many entries are due again, and how many receivers are asked again.
    """
    dead = select(OutboxEntry).where(OutboxEntry.state == EntryState.DEAD)
    alone = select(ConnectorState).where(col(ConnectorState.resume_at).is_not(None))
    if connector:
        dead = dead.where(OutboxEntry.connector == connector)
        alone = alone.where(ConnectorState.name == connector)
    if case_id:
        dead = dead.where(OutboxEntry.case_id == case_id)
    entries = session.exec(dead.with_for_update()).all()
    for entry in entries:
        entry.state, entry.due, entry.changed = EntryState.WAITING, now, now
        entry.attempts = entry.stumbles = 0
    receivers: Sequence[ConnectorState] = [] if case_id else session.exec(alone).all()
    for receiver in receivers:
        receiver.halted, receiver.resume_at, receiver.failures = False, None, 0
        _make_due(session, receiver.name, now=now)
    return len(entries), len(receivers)


def pause_after(failures: int, *, chance: Chance) -> timedelta:
    """Return how long to wait: doubling, up to an hour, and a little by chance.

    By chance, so that many who wait for one receiver do not all come back at once.
    """
    longest = min(FIRST_PAUSE * (1 << min(failures - 1, 20)), LONGEST_PAUSE)
    return longest * (0.5 + chance() / 2)


def _queue(
    session: Session, connector: str, missing: list[tuple[str, int, datetime]], *, now: datetime
) -> int:
    return sum(
        save_once(
            session,
            OutboxEntry(
                case_id=case_id,
                connector=connector,
                version=version,
                message_id=f"msg_{secrets.token_hex(16)}",
                queued_at=known_since,
                changed=now,
                due=now,
            ),
        )
        for case_id, version, known_since in missing
    )


def _make_due(session: Session, connector: str, *, now: datetime) -> None:
    """Let everything go at once that waited only because a receiver was not well."""
    waited: Any = (
        update(OutboxEntry)
        .where(
            col(OutboxEntry.connector) == connector,
            col(OutboxEntry.state) == EntryState.WAITING,
            col(OutboxEntry.reason).in_(BY_TROUBLE),
        )
        .values(due=now)
    )
    session.exec(waited)


def _new_cases(session: Session, connector: str) -> list[tuple[str, int, datetime]]:
    queued = exists().where(
        col(OutboxEntry.case_id) == col(Case.id),
        col(OutboxEntry.connector) == connector,
        col(OutboxEntry.version) == 1,
    )
    wanted = (
        select(Case.id, Case.registered_at)
        .where(col(Case.type).in_(KINDS), col(Case.queue).not_in(TWO_PERSON), ~queued)
        .order_by(col(Case.registered_at))
        .limit(QUEUED_TOGETHER)
    )
    return [(case_id, 1, known_since) for case_id, known_since in session.exec(wanted).all()]


def _written_again(session: Session, connector: str) -> list[tuple[str, int, datetime]]:
    first, later = aliased(OutboxEntry), aliased(OutboxEntry)
    known = exists().where(
        col(first.case_id) == col(FollowUp.case_id),
        col(first.connector) == connector,
        col(first.version) == 1,
    )
    queued = exists().where(
        col(later.case_id) == col(FollowUp.case_id),
        col(later.connector) == connector,
        col(later.version) == col(FollowUp.number) + 1,
    )
    wanted = (
        select(FollowUp.case_id, FollowUp.number, FollowUp.received_at)
        .where(known, ~queued)
        .order_by(col(FollowUp.received_at))
        .limit(QUEUED_TOGETHER)
    )
    return [(case_id, number + 1, since) for case_id, number, since in session.exec(wanted).all()]


def _due(connector: str, now: datetime) -> Any:
    earlier = aliased(OutboxEntry)
    before = exists().where(
        and_(
            col(earlier.case_id) == col(OutboxEntry.case_id),
            col(earlier.connector) == col(OutboxEntry.connector),
            col(earlier.version) < col(OutboxEntry.version),
            col(earlier.state) == EntryState.WAITING,
        )
    )
    free = or_(col(OutboxEntry.claimed_until).is_(None), col(OutboxEntry.claimed_until) <= now)
    return (
        select(OutboxEntry)
        .where(
            col(OutboxEntry.connector) == connector,
            col(OutboxEntry.state) == EntryState.WAITING,
            col(OutboxEntry.due) <= now,
            free,
            ~before,
        )
        .order_by(col(OutboxEntry.queued_at), col(OutboxEntry.case_id), col(OutboxEntry.version))
        .limit(1)
        .with_for_update(skip_locked=True, of=OutboxEntry)
    )


def _may_be_asked(session: Session, connector: str, *, now: datetime) -> bool:
    state = session.get(ConnectorState, connector)
    if state is None:
        return True
    return not state.halted and (state.resume_at is None or state.resume_at <= now)


def _state(session: Session, connector: str) -> ConnectorState:
    save_once(session, ConnectorState(name=connector))
    return session.get_one(ConnectorState, connector, with_for_update=True)


def _mine(session: Session, claimed: Claimed) -> OutboxEntry | None:
    entry = session.get_one(OutboxEntry, claimed.key, with_for_update=True)
    return entry if entry.claim == claimed.claim else None
