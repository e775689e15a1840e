"""Carrying: the steps one by one, between a machine without keys and one without a network.

pull (online), open and reply (offline), push (online). Each can be stopped anywhere and repeated.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from portal_content.library import Library
from portal_gateway.carried import CarriedFolder, CarriedLine, Waiting
from portal_gateway.database import transaction
from portal_gateway.errors import NotWhole, TryLater
from portal_gateway.keys import Keys
from portal_gateway.lines import Line, OutgoingReply
from portal_gateway.link import note_contact
from portal_gateway.replies import Batch, Parcel
from portal_gateway.steps.pulling import fetch, list_waiting
from portal_gateway.steps.pushing import close_batch, in_sending_order, make_batch
from portal_gateway.steps.seating import update_seats
from portal_gateway.steps.taking_in import Desk, Outcome, take_in_folder

EVERY_PAGE = 10_000


@dataclass(frozen=True)
class Pulled:
    """What became of pulling."""

    waiting: int
    new: int
    damaged: tuple[str, ...]
    """Ids of what the portal did not hand over as it was sent; it keeps its copy."""


@dataclass(frozen=True)
class Pushed:
    """What became of pushing."""

    batches: int
    received: int


def pull_into(
    folder: CarriedFolder, line: Line, briefings: Iterable[str], *, now: datetime
) -> Pulled:
    """Put everything that waits at the portal into a folder, sealed as it is.

    Raises:
        TryLater: If the portal cannot be asked now; what came stays.
        OSError: If the folder is full or gone.
    """
    folder.clear_damaged()
    pieces = folder.unfinished()
    pieces.clear_leftovers()
    listed, new, damaged = _everything(line), 0, []
    for submission_id in listed:
        if folder.has_submission(submission_id):
            continue
        try:
            fetch(line, pieces, submission_id)
        except NotWhole:
            pieces.forget(submission_id)
            damaged.append(submission_id)
            continue
        folder.put_submission(pieces, submission_id)
        new += 1
    seats = {briefing: line.seats(briefing) for briefing in briefings}
    # Last: whoever reads it may count on everything that came before.
    folder.put_waiting(Waiting(now, tuple(listed), seats))
    return Pulled(len(listed), new, tuple(damaged))


def take_in_carried(desk: Desk, folder: CarriedFolder, *, now: datetime) -> list[Outcome]:
    """Take in every sealed submission of a folder, and remember what else waits at the portal."""
    outcomes: list[Outcome] = []
    # So many at a time; what had to be left there would come again and again.
    while found := list(take_in_folder(desk, folder.to_open, now=now)):
        outcomes += found
        if any(outcome.left for outcome in found):
            break
    line = CarriedLine(folder)
    list_waiting(desk.engine, line, now=now, pages=EVERY_PAGE)
    # The clock of the other machine may be wrong, but nothing was asked in the future.
    note_contact(desk.engine, now=min(now, folder.waiting().pulled_at))
    return outcomes


def seat_carried(
    engine: Engine, folder: CarriedFolder, keys: Keys, library: Library, *, now: datetime
) -> bool:
    """Bring seats up to date as far as the folder knows them.

    Returns:
        False if it does not know a meeting that somebody has registered for.
    """
    try:
        update_seats(engine, CarriedLine(folder), keys, library, now=now)
    except TryLater:
        return False
    return True


def reply_into(engine: Engine, folder: CarriedFolder, keys: Keys, *, now: datetime) -> int:
    """Put every reply that the portal does not have into a folder; return how many batches.

    A batch stays open, and is put into each folder unchanged, until one comes back that says that
    the portal has it. So a stick that is lost loses nothing.
    """
    _close_sent(engine, folder, now=now)
    with transaction(engine) as session:
        while make_batch(session, keys, now=now) is not None:
            session.flush()
    with transaction(engine) as session:
        batches = {one.id: _parcels(session, one.id) for one in session.exec(select(Batch))}
    for batch_id, replies in batches.items():
        folder.put_batch(batch_id, replies)
    return len(batches)


def push_from(folder: CarriedFolder, line: Line) -> Pushed:
    """Send what a folder brings: replies, seats, and what the portal may forget.

    Raises:
        TryLater: If the portal cannot be asked now; what was sent is marked, the rest stays.
        FolderUnfit: If there is something else in it.
    """
    batches = received = 0
    for batch_id, replies in folder.batches():
        line.push(replies)
        folder.note_sent(batch_id)
        batches += 1
    for briefing, seats in folder.seats():
        line.confirm_seats(briefing, seats)
        folder.forget_seats(briefing)
    for submission_id in folder.received():
        line.acknowledge(submission_id)
        folder.forget_submission(submission_id)
        received += 1
    return Pushed(batches, received)


def _everything(line: Line) -> list[str]:
    listed: list[str] = []
    while ids := line.waiting(after=listed[-1] if listed else ""):
        listed += sorted(ids)
    return listed


def _close_sent(engine: Engine, folder: CarriedFolder, *, now: datetime) -> None:
    for batch_id in folder.sent():
        with transaction(engine) as session:
            if session.get(Batch, batch_id) is not None:
                close_batch(session, batch_id, now=now)
        folder.forget_sent(batch_id)


def _parcels(session: Session, batch_id: str) -> list[OutgoingReply]:
    found = session.exec(select(Parcel).where(col(Parcel.batch_id) == batch_id)).all()
    return in_sending_order(found)
