"""Seating: ask the portal how the seats stand, confirm ours, tell who moved up."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, or_, select

from portal_content.library import Library
from portal_gateway.cases import Case
from portal_gateway.database import transaction
from portal_gateway.keys import Keys
from portal_gateway.lines import Line
from portal_gateway.seats import MeetingSeat, SeatState
from portal_gateway.steps.replying import Draft, queue_reply

ASKED_EVERY = timedelta(minutes=2)
ASKED_UNTIL = timedelta(days=1)
"""After the end of a meeting nobody moves up any more."""


def update_seats(
    engine: Engine, handover: Line, keys: Keys, library: Library, *, now: datetime
) -> None:
    """Bring every seat up to date that was not asked for in a while.

    Raises:
        TryLater: If the portal cannot be asked now.
    """
    with transaction(engine) as session:
        briefings = _due(session, library, now=now)
    for briefing in briefings:
        seats = handover.seats(briefing)
        with transaction(engine) as session:
            rows = _rows(session, briefing)
            ours = [row.seat_id for row in rows]
        known = sorted({*seats[0], *seats[1]} & {*ours})
        if known:
            handover.confirm_seats(briefing, known)
        with transaction(engine) as session:
            for row in _rows(session, briefing):
                if _note(row, seats, now=now):
                    _tell(session, keys, library, row, now=now)


def _due(session: Session, library: Library, *, now: datetime) -> list[str]:
    late = or_(
        col(MeetingSeat.checked_at).is_(None), col(MeetingSeat.checked_at) <= now - ASKED_EVERY
    )
    found = session.exec(select(MeetingSeat.briefing).where(late).distinct()).all()
    return [
        briefing
        for briefing in sorted(found)
        if briefing in library.briefings and now < library.briefings[briefing].ends + ASKED_UNTIL
    ]


def _rows(session: Session, briefing: str) -> Sequence[MeetingSeat]:
    return session.exec(select(MeetingSeat).where(MeetingSeat.briefing == briefing)).all()


def _note(row: MeetingSeat, seats: tuple[list[str], list[str]], *, now: datetime) -> bool:
    """Write down how a seat stands.

    Returns:
        True if the person has moved up from the waiting list.
    """
    held, waiting = seats
    before = row.state
    row.checked_at = now
    row.place = waiting.index(row.seat_id) + 1 if row.seat_id in waiting else 0
    row.state = SeatState.HELD if row.seat_id in held else SeatState.NONE
    if row.place:
        row.state = SeatState.WAITING
    return (before, row.state) == (SeatState.WAITING, SeatState.HELD)


def _tell(
    session: Session, keys: Keys, library: Library, row: MeetingSeat, *, now: datetime
) -> None:
    case = session.get_one(Case, row.case_id)
    text = library.strings.text("replies.moved_up", case.reply_language)
    draft = Draft(_moved_up(row), "answer", case.reply_language, text)
    queue_reply(session, keys, case, draft, now=now)


def _moved_up(row: MeetingSeat) -> str:
    """Return the id of the one message that tells a person so: a repeat sends nothing."""
    return hashlib.sha256(f"moved_up {row.case_id}".encode()).hexdigest()[:32]
