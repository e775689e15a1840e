"""Health: how each receiver is, what waits for it, what could not be delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from portal_gateway.connectors.tables import (
    ConnectorState,
    EntryState,
    HandedOver,
    OutboxEntry,
)

Entry = OutboxEntry
UNFINISHED = (EntryState.WAITING, EntryState.DEAD)
MOST_LISTED = 1000


@dataclass(frozen=True)
class Health:
    """How one receiver is."""

    name: str
    waiting: int
    dead: int
    oldest: datetime | None
    """Since when the oldest one waits."""
    delivered: int
    """Cases that it has now."""
    files_left_out: int
    state: ConnectorState

    @property
    def well(self) -> bool:
        """Whether nothing needs a person's eye."""
        return not self.dead and not self.state.halted and self.state.reason is None


def health(session: Session, name: str) -> Health:
    """Return how a receiver is."""
    of_this = col(OutboxEntry.connector) == name
    counted = select(OutboxEntry.state, func.count()).where(of_this).group_by(OutboxEntry.state)
    counts = dict(session.exec(counted).all())
    waits = select(func.min(OutboxEntry.queued_at)).where(
        of_this, col(OutboxEntry.state) == EntryState.WAITING
    )
    handed = select(func.count(), func.coalesce(func.sum(HandedOver.left_out), 0)).where(
        col(HandedOver.connector) == name,
        col(HandedOver.delivered_at).is_not(None),
        col(HandedOver.erased).is_(False),
    )
    delivered, left_out = session.exec(handed).one()
    return Health(
        name=name,
        waiting=counts.get(EntryState.WAITING, 0),
        dead=counts.get(EntryState.DEAD, 0),
        oldest=session.exec(waits).one(),
        delivered=delivered,
        files_left_out=int(left_out),
        state=session.get(ConnectorState, name) or ConnectorState(name=name),
    )


def needing_a_person(session: Session) -> int:
    """Return how many entries are dead and how many receivers are left alone, together."""
    dead = select(func.count()).where(col(OutboxEntry.state) == EntryState.DEAD)
    halted = select(func.count()).where(col(ConnectorState.halted).is_(True))
    return int(session.exec(dead).one()) + int(session.exec(halted).one())


def unfinished(
    session: Session, *, everything: bool = False, dead_only: bool = False
) -> list[OutboxEntry]:
    """Return what waits and what is dead, in the order in which it came."""
    wanted = select(OutboxEntry)
    if not everything:
        states: Sequence[EntryState] = (EntryState.DEAD,) if dead_only else UNFINISHED
        wanted = wanted.where(col(OutboxEntry.state).in_(states))
    ordered = wanted.order_by(
        col(OutboxEntry.queued_at), col(OutboxEntry.case_id), col(OutboxEntry.version)
    )
    return list(session.exec(ordered.limit(MOST_LISTED)).all())
