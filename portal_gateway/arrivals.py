"""Arrivals: how far each submission has come on its way into the register."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Engine, bindparam, inspect, update
from sqlalchemy.orm.util import identity_key
from sqlmodel import Field, Session, col, select

from portal_gateway.database import RegisterRow, save_once, transaction
from portal_gateway.errors import NotWhole, SetAside
from portal_gateway.protected_files import SAME_LOCK

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)
TOGETHER = 16
"""Arrivals that are registered in one transaction at most; nobody else writes meanwhile."""
STUMBLES_ALLOWED = 5
"""Attempts that may end in a crash or an unexpected error before a person has to look."""


class ArrivalState(StrEnum):
    """Where a submission stands; the values are stored."""

    LISTED = "listed"
    """The portal has it; nothing of it is here yet, or not all."""
    FETCHED = "fetched"
    """Every sealed byte is here, on disk, and is what the id says."""
    REGISTERED = "registered"
    """It is a case in the register; the portal does not know yet."""
    DONE = "done"
    """The portal was told; the sealed bytes are gone from here."""
    INCOMPLETE = "incomplete"
    """What the portal hands over is not what was sent; the portal was not told to forget it."""
    SET_ASIDE = "set_aside"
    """It cannot be registered; its sealed bytes are kept here; the portal does not know yet."""
    KEPT = "kept"
    """As set aside, and the portal was told."""


TRANSITIONS: Mapping[ArrivalState, frozenset[ArrivalState]] = {
    ArrivalState.LISTED: frozenset({ArrivalState.FETCHED, ArrivalState.INCOMPLETE}),
    ArrivalState.FETCHED: frozenset(
        {ArrivalState.REGISTERED, ArrivalState.SET_ASIDE, ArrivalState.INCOMPLETE}
    ),
    ArrivalState.REGISTERED: frozenset({ArrivalState.DONE}),
    ArrivalState.DONE: frozenset(),
    ArrivalState.INCOMPLETE: frozenset({ArrivalState.LISTED}),
    ArrivalState.SET_ASIDE: frozenset({ArrivalState.KEPT, ArrivalState.FETCHED}),
    ArrivalState.KEPT: frozenset({ArrivalState.FETCHED}),
}
"""Every way a submission can go; anything else is a fault of the program."""

WAITING_FOR_A_PERSON = (ArrivalState.INCOMPLETE, ArrivalState.SET_ASIDE, ArrivalState.KEPT)
RETRIED_AS = {
    ArrivalState.INCOMPLETE: ArrivalState.LISTED,
    ArrivalState.SET_ASIDE: ArrivalState.FETCHED,
    ArrivalState.KEPT: ArrivalState.FETCHED,
}


class Arrival(RegisterRow, table=True):
    """One submission that the portal has named, until long after it is a case."""

    __tablename__ = "arrival"

    id: str = Field(primary_key=True, max_length=64)
    """Id of the submission: SHA-256 of its manifest, in hex."""
    state: str = Field(default=ArrivalState.LISTED, max_length=16)
    first_seen: datetime
    changed: datetime
    """When the state last changed."""
    attempts: int = 0
    """Attempts at the present step; the pause grows with them."""
    stumbles: int = 0
    """Attempts at the present step that did not end in order: a crash, an unexpected error."""
    due: datetime | None = Field(default=None, index=True)
    """When the next attempt is due; none if nothing is left to do by itself."""
    reason: str | None = Field(default=None, max_length=64)
    """Why it waits or was set aside: a key below `register.reasons` or `register.trouble`."""
    detail: str = ""


@dataclass(frozen=True)
class Taken:
    """An arrival that this attempt is about."""

    id: str
    state: ArrivalState
    exhausted: bool
    """True if earlier attempts ended so badly that this one must not be made."""


class TransitionNotAllowed(Exception):
    """The program tried to move an arrival where it cannot go."""


def list_arrival(session: Session, submission_id: str, *, now: datetime) -> bool:
    """Remember that the portal has a submission; True if it was not known."""
    row = Arrival(id=submission_id, first_seen=now, changed=now, due=now)
    return save_once(session, row)


def take_due(
    engine: Engine, *, now: datetime, states: Collection[ArrivalState] = tuple(ArrivalState)
) -> Taken | None:
    """Take the arrival that has waited longest, and save that an attempt was begun.

    Saved before the attempt: a crash in the middle must neither be forgotten nor be repeated
    in a tight loop.
    """
    with transaction(engine) as session:
        arrival = session.exec(
            select(Arrival)
            .where(col(Arrival.due) <= now, col(Arrival.state).in_(states))
            .order_by(col(Arrival.due), col(Arrival.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if arrival is None:
            return None
        exhausted = arrival.stumbles >= STUMBLES_ALLOWED
        arrival.attempts += 1
        arrival.stumbles += 1
        arrival.due = now + pause_after(arrival.attempts)
        return Taken(arrival.id, ArrivalState(arrival.state), exhausted)


def take_first_attempts(engine: Engine, *, now: datetime) -> list[Taken]:
    """Take arrivals that wait to be registered and were never tried, if there are several.

    Only such: what has ended badly once is tried alone, and takes nobody with it again.
    """
    with transaction(engine) as session:
        due = col(Arrival.due) <= now
        wanted = select(Arrival).where(
            due, Arrival.state == ArrivalState.FETCHED, Arrival.attempts == 0
        )
        ordered = wanted.order_by(col(Arrival.due), col(Arrival.id)).limit(TOGETHER)
        found = session.exec(ordered.with_for_update(skip_locked=True)).all()
        # Of those that share a lock only one can be held at a time.
        apart = list({one.id[:SAME_LOCK]: one for one in reversed(found)}.values())
        if len(apart) <= 1:
            return []
        for arrival in apart:
            arrival.attempts = arrival.stumbles = 1
            arrival.due = now + pause_after(1)
        return [Taken(one.id, ArrivalState.FETCHED, exhausted=False) for one in apart]


def is_still(engine: Engine, taken: Taken) -> bool:
    """Tell whether an arrival stands where it stood when it was taken."""
    with transaction(engine) as session:
        return session.get_one(Arrival, taken.id).state == taken.state


def leave(engine: Engine, taken: Taken) -> None:
    """Give an attempt up before it began, because somebody else makes it; it does not count."""
    with transaction(engine) as session:
        arrival = session.get_one(Arrival, taken.id, with_for_update=True)
        arrival.stumbles = max(0, arrival.stumbles - 1)


def move(session: Session, submission_id: str, state: ArrivalState, *, now: datetime) -> None:
    """Move an arrival on; the next step is due at once if there is one.

    Raises:
        TransitionNotAllowed: If there is no such way.
    """
    move_all(session, [submission_id], state, now=now)


def move_all(
    session: Session, submissions: Sequence[str], state: ArrivalState, *, now: datetime
) -> None:
    """Move arrivals on, all or none; as `move`."""
    values = {"submissions": submissions, "moment": now}
    moved = session.connection().execute(_moving(state), values)
    if moved.rowcount != len(submissions):
        wanted = select(Arrival.state).where(col(Arrival.id).in_(submissions))
        found = sorted(set(session.exec(wanted)))
        raise TransitionNotAllowed(f"{', '.join(found)} to {state}")
    for submission_id in submissions:
        known = session.identity_map.get(identity_key(Arrival, submission_id))
        if known is not None:
            session.expire(known)


@cache
def _moving(state: ArrivalState) -> Any:
    """Return the one statement that moves arrivals to a state, those that have such a way."""
    at_rest = state in (ArrivalState.DONE, ArrivalState.KEPT, ArrivalState.INCOMPLETE)
    moment: Any = bindparam("moment")
    values: dict[str, Any] = {"state": state, "changed": moment, "attempts": 0, "stumbles": 0}
    values["due"] = None if at_rest else moment
    if state in (ArrivalState.LISTED, ArrivalState.FETCHED):
        values |= {"reason": None, "detail": ""}
    before = [one for one, after in TRANSITIONS.items() if state in after]
    table = inspect(Arrival).local_table.c
    return (
        update(Arrival)
        .where(table.id.in_(bindparam("submissions", expanding=True)), table.state.in_(before))
        .values(values)
        .execution_options(synchronize_session=False)
    )


def postpone(engine: Engine, submission_id: str, reason: str) -> None:
    """Note why an attempt could not be made now; it does not count against the submission."""
    with transaction(engine) as session:
        arrival = session.get_one(Arrival, submission_id)
        arrival.stumbles = 0
        arrival.reason = reason


def put_aside(engine: Engine, taken: Taken, why: SetAside, *, now: datetime) -> None:
    """Put an arrival aside for a person, with its reason."""
    whole = taken.state is ArrivalState.FETCHED and not isinstance(why, NotWhole)
    with transaction(engine) as session:
        state = ArrivalState.SET_ASIDE if whole else ArrivalState.INCOMPLETE
        move(session, taken.id, state, now=now)
        arrival = session.get_one(Arrival, taken.id)
        arrival.reason, arrival.detail = why.reason, why.detail


def try_again(session: Session, submission_id: str, *, now: datetime) -> None:
    """Send an arrival that was set aside through the steps once more.

    Raises:
        TransitionNotAllowed: If it was not set aside.
    """
    arrival = session.get_one(Arrival, submission_id)
    state = RETRIED_AS.get(ArrivalState(arrival.state))
    if state is None:
        raise TransitionNotAllowed(f"{arrival.state} cannot be tried again")
    move(session, submission_id, state, now=now)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after this many attempts: doubling, up to ten minutes."""
    doublings = min(attempts - 1, 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
