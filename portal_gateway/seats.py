"""Seats at meetings: whose they are is known here, and only here."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, col, select

from portal_gateway.cases import Case
from portal_gateway.database import RegisterRow
from portal_gateway.replies import Mailbox
from portal_protocol.seats import seat_id, seat_token


class SeatState(StrEnum):
    """What a registration has; each has a text below `register.meetings.states`."""

    UNKNOWN = "unknown"
    """Not asked for yet."""
    HELD = "held"
    WAITING = "waiting"
    NONE = "none"
    """Given back, or never taken."""


class MeetingSeat(RegisterRow, table=True):
    """The seat that belongs to a registration."""

    __tablename__ = "meeting_seat"

    case_id: str = Field(primary_key=True, foreign_key="case.id", max_length=16)
    briefing: str = Field(index=True, max_length=60)
    seat_id: str = Field(max_length=64)
    """Under which the public zone counts it; follows from the thread's proof."""
    state: str = Field(default=SeatState.UNKNOWN, max_length=16)
    place: int = 0
    """Place on the waiting list, from 1; 0 if there is none."""
    checked_at: datetime | None = Field(default=None, index=True)
    """When the portal last said how it stands."""


def keep_seat(session: Session, case: Case) -> None:
    """Remember the seat of a registration; how it stands is asked later."""
    mailbox = session.get_one(Mailbox, case.mailbox_id)
    briefing = case.answers["briefing"]
    seat = seat_id(seat_token(mailbox.proof, briefing))
    session.add(MeetingSeat(case_id=case.id, briefing=briefing, seat_id=seat))


def registrations(session: Session, briefing: str) -> list[tuple[MeetingSeat, Case]]:
    """Return registrations for a meeting: seats first, then the waiting list in its order."""
    order = {SeatState.HELD: 0, SeatState.WAITING: 1, SeatState.UNKNOWN: 2, SeatState.NONE: 3}
    rows = session.exec(
        select(MeetingSeat, Case)
        .join(Case, col(Case.id) == col(MeetingSeat.case_id))
        .where(MeetingSeat.briefing == briefing)
    ).all()
    return sorted(rows, key=lambda row: (order[SeatState(row[0].state)], row[0].place, row[1].id))
