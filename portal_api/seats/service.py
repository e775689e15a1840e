"""Taking seats, giving them back, and who comes next. Nothing here knows a person."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, delete, func, select, update

from portal_api.database import save_once
from portal_api.errors import NotFound, RegistrationClosed, SeatTokenMalformed
from portal_api.seats.tables import Seat, SeatBook
from portal_content.briefings.definition import Briefing
from portal_protocol.seats import TOKEN_SIZE, seat_id

SCHEME = "seat "
ANSWER_SIZE = 128
"""Every answer has this length in bytes: it must not tell what is in it."""
MOST_WAITING = 500
"""Beyond this nobody has a chance, and a flood would only fill the table."""
OPEN_STATES = ("open", "moved", "full")
"""States of a briefing in which one can register; in "full" only on the waiting list."""


class Mine(StrEnum):
    """What the holder of a token has."""

    HELD = "held"
    WAITING = "waiting"
    NONE = "none"


class Registration(StrEnum):
    """What somebody who registers now would get."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True)
class SeatView:
    """What is told of a briefing's seats, and of the seat of a token."""

    registration: Registration
    mine: Mine = Mine.NONE
    place: int = 0
    """Place on the waiting list, from 1."""

    def to_json(self) -> bytes:
        """Return it as JSON of the one length that all answers have."""
        value = {"registration": self.registration, "mine": self.mine, "place": self.place}
        return json.dumps(value, separators=(",", ":")).encode().ljust(ANSWER_SIZE)


@dataclass(frozen=True)
class Plan:
    """What the editors decided about a briefing: the facts that seats follow from."""

    id: str
    capacity: int | None
    open: bool
    only_waiting: bool


def parse_token(authorization: str) -> str | None:
    """Return the seat's id from a request's header; none if the header is not there.

    Raises:
        SeatTokenMalformed: If it is no token of 32 bytes.
    """
    if not authorization:
        return None
    scheme, token = authorization[: len(SCHEME)], authorization[len(SCHEME) :].strip()
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise SeatTokenMalformed from None
    if scheme.lower() != SCHEME or len(decoded) != TOKEN_SIZE:
        raise SeatTokenMalformed
    return seat_id(decoded)


def plan(briefings: Mapping[str, Briefing], briefing_id: str, *, now: datetime) -> Plan:
    """Return what holds for a briefing at a moment.

    Raises:
        NotFound: If there is no such briefing, or nobody has to register for it.
    """
    briefing = briefings.get(briefing_id)
    if briefing is None or not briefing.registration.needed:
        raise NotFound
    closes = briefing.registration.closes
    today = now.astimezone(ZoneInfo(briefing.zone)).date()
    in_time = now < briefing.starts and (closes is None or today <= closes)
    return Plan(
        id=briefing.id,
        capacity=briefing.capacity,
        open=in_time and briefing.status in OPEN_STATES,
        only_waiting=briefing.status == "full",
    )


def look(session: Session, plan: Plan, seat: str | None) -> SeatView:
    """Tell what there is, and what the holder of a token has."""
    found = session.get(Seat, (plan.id, seat)) if seat else None
    view = _view(session, plan)
    if found is None:
        return view
    if found.place == 0:
        return SeatView(view.registration, Mine.HELD)
    return SeatView(view.registration, Mine.WAITING, _rank(session, found))


def take(session: Session, plan: Plan, seat: str, *, today: date) -> SeatView:
    """Take a seat, or a place on the waiting list; asking again changes nothing.

    Raises:
        RegistrationClosed: If one cannot register (any more); what one has stays.
    """
    _hold(session, plan.id)
    if session.get(Seat, (plan.id, seat)) is None:
        registration = _view(session, plan).registration
        if registration is Registration.CLOSED:
            raise RegistrationClosed
        place = 0 if registration is Registration.OPEN else _next_place(session, plan.id)
        session.add(Seat(briefing=plan.id, id=seat, place=place, taken_on=today))
        session.flush()
    return look(session, plan, seat)


def give_back(session: Session, plan: Plan, seat: str) -> SeatView:
    """Give a seat or a place back; whoever waits longest moves up. Asking again changes nothing."""
    _hold(session, plan.id)
    _remove(session, plan, [seat])
    return look(session, plan, seat)


def taken(session: Session, briefing_id: str) -> tuple[list[str], list[str]]:
    """Return ids of seats, and of places on the waiting list in their order."""
    rows = session.exec(
        select(Seat).where(Seat.briefing == briefing_id).order_by(col(Seat.place), col(Seat.id))
    ).all()
    return [r.id for r in rows if r.place == 0], [r.id for r in rows if r.place > 0]


def confirm(session: Session, briefing_id: str, seats: Sequence[str]) -> None:
    """Note that the gateway has the submissions of seats: they are kept until given back."""
    wanted = (col(Seat.briefing) == briefing_id, col(Seat.id).in_(seats))
    session.exec(update(Seat).where(*wanted).values(confirmed=True))


def release_unconfirmed(
    session: Session, briefings: Mapping[str, Briefing], *, before: date, now: datetime
) -> int:
    """Give back seats whose submission never came, and return how many.

    Args:
        session: The transaction.
        briefings: All briefings.
        before: Seats taken before this day have had their time.
        now: The moment.
    """
    stale = (col(Seat.confirmed).is_(False), Seat.taken_on < before)
    released = 0
    for briefing_id in session.exec(select(Seat.briefing).where(*stale).distinct()).all():
        _hold(session, briefing_id)
        ids = session.exec(select(Seat.id).where(Seat.briefing == briefing_id, *stale)).all()
        released += len(ids)
        known = briefings.get(briefing_id)
        if known is None or not known.registration.needed:
            session.exec(
                delete(Seat).where(col(Seat.briefing) == briefing_id, col(Seat.id).in_(ids))
            )
        else:
            _remove(session, plan(briefings, briefing_id, now=now), ids)
    return released


def forget_over(session: Session, briefings: Mapping[str, Briefing], *, before: datetime) -> int:
    """Forget the seats of briefings that ended before a moment or are no longer listed."""
    books = session.exec(select(SeatBook.briefing)).all()
    over = [b for b in books if b not in briefings or briefings[b].ends < before]
    forgotten = session.exec(delete(Seat).where(col(Seat.briefing).in_(over))).rowcount
    session.exec(delete(SeatBook).where(col(SeatBook.briefing).in_(over)))
    return forgotten


def _hold(session: Session, briefing_id: str) -> None:
    """Let nobody else change this briefing's seats until the transaction ends.

    SQLite has one writer anyway; on PostgreSQL the row is locked, so that two people who ask for
    the last seat at once are served one after the other.
    """
    save_once(session, SeatBook(briefing=briefing_id))
    session.exec(select(SeatBook).where(SeatBook.briefing == briefing_id).with_for_update()).one()


def _view(session: Session, plan: Plan) -> SeatView:
    if not plan.open:
        return SeatView(Registration.CLOSED)
    waiting = _count(session, plan.id, waiting=True)
    free = plan.capacity is None or _count(session, plan.id, waiting=False) < plan.capacity
    # Nobody may pass by those who wait already.
    if free and not waiting and not plan.only_waiting:
        return SeatView(Registration.OPEN)
    closed = waiting >= MOST_WAITING
    return SeatView(Registration.CLOSED if closed else Registration.WAITING)


def _count(session: Session, briefing_id: str, *, waiting: bool) -> int:
    state = col(Seat.place) > 0 if waiting else col(Seat.place) == 0
    counted = select(func.count()).select_from(Seat).where(Seat.briefing == briefing_id, state)
    return session.exec(counted).one()


def _rank(session: Session, seat: Seat) -> int:
    before = (
        select(func.count())
        .select_from(Seat)
        .where(Seat.briefing == seat.briefing, col(Seat.place) > 0, col(Seat.place) < seat.place)
    )
    return session.exec(before).one() + 1


def _next_place(session: Session, briefing_id: str) -> int:
    last = select(func.max(Seat.place)).where(Seat.briefing == briefing_id)
    return (session.exec(last).one() or 0) + 1


def _remove(session: Session, plan: Plan, seats: Sequence[str]) -> None:
    wanted = (col(Seat.briefing) == plan.id, col(Seat.id).in_(seats))
    session.exec(delete(Seat).where(*wanted))
    if plan.capacity is None or plan.only_waiting:
        return
    free = plan.capacity - _count(session, plan.id, waiting=False)
    next_ones = session.exec(
        select(Seat)
        .where(Seat.briefing == plan.id, col(Seat.place) > 0)
        .order_by(col(Seat.place))
        .limit(max(free, 0))
    ).all()
    for seat in next_ones:
        seat.place = 0
        session.add(seat)
    session.flush()
