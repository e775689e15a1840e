"""The loop: list, bring every submission one step on, send replies, rest.

Whatever the loop is in the middle of, it may be killed: each step can be repeated, and how far
each submission has come is in the database.
"""

import itertools
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from portal_content.library import Library
from portal_gateway.arrivals import (
    TOGETHER,
    ArrivalState,
    Taken,
    TransitionNotAllowed,
    is_still,
    leave,
    move,
    postpone,
    put_aside,
    take_due,
    take_first_attempts,
)
from portal_gateway.clock import current_moment
from portal_gateway.database import transaction
from portal_gateway.errors import SetAside, TryLater
from portal_gateway.keys import Keys
from portal_gateway.lines import Line
from portal_gateway.link import note_contact
from portal_gateway.protected_files import ProtectedFiles
from portal_gateway.steps.checking import FOLLOW_UP
from portal_gateway.steps.following_up import follow_up
from portal_gateway.steps.opening import Opening
from portal_gateway.steps.pulling import fetch, list_waiting
from portal_gateway.steps.pushing import push_due
from portal_gateway.steps.registering import Ready, register
from portal_gateway.steps.seating import update_seats
from portal_gateway.steps.taking_in import Desk, Folder, take_in

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gateway:
    """Everything the steps work with."""

    engine: Engine
    handover: Line
    sealed: ProtectedFiles
    opened: ProtectedFiles
    library: Library
    keys: Keys
    intake: Folder | None = None
    """Folder that is looked at for files which somebody brought; none if there is no such."""

    @cached_property
    def opening(self) -> Opening:
        """What opens and checks what was fetched."""
        return Opening(self.sealed, self.opened, self.keys, self.library)

    def close(self) -> None:
        """Close the way to the portal and the register."""
        self.handover.close()
        self.engine.dispose()


def run(
    gateway: Gateway,
    stop: threading.Event,
    *,
    pause_seconds: float,
    clock: Callable[[], datetime] = current_moment,
) -> None:
    """Take turns until told to stop; a turn under way ends after its present step."""
    while not stop.is_set():
        try:
            take_turn(gateway, now=clock(), stop=stop)
        except Exception as error:  # noqa: BLE001 (the worker loop: it must outlive any mistake)
            # The class only: a message could quote what somebody wrote.
            log.error("turn_failed error=%s", type(error).__name__)  # noqa: TRY400 (as above)
        stop.wait(pause_seconds)


def take_turn(gateway: Gateway, *, now: datetime, stop: threading.Event | None = None) -> None:
    """List what waits, do every step that is due, send every reply that is due."""
    stop = stop or threading.Event()
    _take_in(gateway, now=now)
    try:
        list_waiting(gateway.engine, gateway.handover, now=now)
        note_contact(gateway.engine, now=now)
    except TryLater as delay:
        note_contact(gateway.engine, now=now, trouble=str(delay))
    while _advance_some(gateway, stop, now=now):
        pass
    try:
        update_seats(gateway.engine, gateway.handover, gateway.keys, gateway.library, now=now)
        while not stop.is_set() and push_due(
            gateway.engine, gateway.handover, gateway.keys, now=now
        ):
            pass
    except TryLater as delay:
        note_contact(gateway.engine, now=now, trouble=str(delay))


def _advance_some(gateway: Gateway, stop: threading.Event, *, now: datetime) -> bool:
    """Fetch some, register them together, bring what else is due one step on; False if nothing was.

    Some at a time: whoever is first does not wait until everybody's bytes are here.
    """

    def some(states: Collection[ArrivalState]) -> bool:
        steps = (advance_next(gateway, now=now, states=states) for _ in range(TOGETHER))
        return sum(itertools.takewhile(lambda done: done and not stop.is_set(), steps)) > 0

    if stop.is_set():
        return False
    fetched = some((ArrivalState.LISTED,))
    together = not stop.is_set() and register_together(gateway, now=now)
    others = not stop.is_set() and some([one for one in _STEPS if one is not ArrivalState.LISTED])
    return fetched or together or others


def _take_in(gateway: Gateway, *, now: datetime) -> None:
    """Take in what lies in the folder; a stick that is pulled out holds nothing else up."""
    if gateway.intake is None:
        return
    try:
        desk = Desk(gateway.engine, gateway.sealed, gateway.library)
        for path in gateway.intake.settled():
            outcome = take_in(desk, path, now=now)
            gateway.intake.note(outcome)
            log.info("file_taken_in" if outcome.submission else "file_set_aside")
    except (OSError, OperationalError) as error:
        log.error("intake_postponed error=%s", type(error).__name__)  # noqa: TRY400 (as in run)


def advance_next(
    gateway: Gateway, *, now: datetime, states: Collection[ArrivalState] = tuple(ArrivalState)
) -> bool:
    """Bring the submission that has waited longest one step on.

    Args:
        gateway: Everything the step works with.
        now: The moment.
        states: Only one that stands in one of these.

    Returns:
        False if none was due.
    """
    taken = take_due(gateway.engine, now=now, states=states)
    if taken is None:
        return False
    # When an attempt is due again says nothing about whether the one before has ended: a slow
    # line outlasts any pause, and files are taken in by a process of its own.
    with gateway.sealed.claim(taken.id) as ours:
        if ours and is_still(gateway.engine, taken):
            _advance(gateway, taken, now)
        else:
            leave(gateway.engine, taken)
    return True


def register_together(gateway: Gateway, *, now: datetime) -> bool:
    """Register several whose bytes are all here, if so many wait: one wait for the disk for all.

    Returns:
        False if none or one was due.
    """
    several = take_first_attempts(gateway.engine, now=now)
    with ExitStack() as claims:
        ours = [one for one in several if claims.enter_context(gateway.sealed.claim(one.id))]
        still = [one for one in ours if is_still(gateway.engine, one)]
        for taken in several:
            if taken not in still:
                leave(gateway.engine, taken)
        for taken in _try_together(gateway, still, now):
            _advance(gateway, taken, now)
    return bool(several)


def _advance(gateway: Gateway, taken: Taken, now: datetime) -> None:
    step = _STEPS[taken.state]
    if taken.exhausted and taken.state in (ArrivalState.LISTED, ArrivalState.FETCHED):
        step = _give_up
    try:
        step(gateway, taken, now)
    except TryLater as delay:
        postpone(gateway.engine, taken.id, str(delay))
    except (OSError, OperationalError) as error:
        # A full disk or a database that restarts is no fault of the submission.
        postpone(gateway.engine, taken.id, "this_machine")
        log.error("step_postponed error=%s", type(error).__name__)  # noqa: TRY400 (as in run)
    except SetAside as why:
        if taken.state is ArrivalState.FETCHED:
            # Nothing readable stays of what no officer is responsible for.
            gateway.opened.forget(taken.id)
        put_aside(gateway.engine, taken, why, now=now)
        log.warning("submission_set_aside reason=%s", why.reason)


def _fetch(gateway: Gateway, taken: Taken, now: datetime) -> None:
    fetch(gateway.handover, gateway.sealed, taken.id)
    with transaction(gateway.engine) as session:
        move(session, taken.id, ArrivalState.FETCHED, now=now)


def _register(gateway: Gateway, taken: Taken, now: datetime) -> None:
    ready = Ready.of(taken.id, gateway.opening.one(taken.id))
    with transaction(gateway.engine) as session:
        if ready.checked.envelope.type == FOLLOW_UP:
            follow_up(session, ready, keys=gateway.keys, library=gateway.library, now=now)
        else:
            register(session, [ready], keys=gateway.keys, library=gateway.library, now=now)
    log.info("submission_registered")


def _try_together(gateway: Gateway, several: Sequence[Taken], now: datetime) -> Iterator[Taken]:
    """Register several in one transaction; yield those that have to be tried alone.

    What is wrong with one is found and said when it is tried alone.
    """
    ready = []
    opened = gateway.opening.several([taken.id for taken in several])
    for taken, checked in zip(several, opened, strict=True):
        try:
            if checked is None or checked.envelope.type == FOLLOW_UP:
                yield taken
            else:
                ready.append((taken, Ready.of(taken.id, checked)))
        except SetAside:
            yield taken
    try:
        with transaction(gateway.engine) as session:
            them = [one for _, one in ready]
            register(session, them, keys=gateway.keys, library=gateway.library, now=now)
    except (SetAside, DBAPIError):
        yield from (taken for taken, _ in ready)
    else:
        for _ in ready:
            log.info("submission_registered")


def _acknowledge(gateway: Gateway, taken: Taken, now: datetime) -> None:
    gateway.handover.acknowledge(taken.id)
    gateway.sealed.forget(taken.id)
    with transaction(gateway.engine) as session:
        move(session, taken.id, ArrivalState.DONE, now=now)


def _acknowledge_kept(gateway: Gateway, taken: Taken, now: datetime) -> None:
    gateway.handover.acknowledge(taken.id)
    # An officer may have sent it through the steps again meanwhile; then that is where it stands.
    with suppress(TransitionNotAllowed), transaction(gateway.engine) as session:
        move(session, taken.id, ArrivalState.KEPT, now=now)


def _give_up(_gateway: Gateway, _taken: Taken, _now: datetime) -> None:
    """Stop trying what has ended in a crash again and again; a person has to look."""
    raise SetAside("unexpected")


_STEPS: Mapping[ArrivalState, Callable[[Gateway, Taken, datetime], None]] = {
    ArrivalState.LISTED: _fetch,
    ArrivalState.FETCHED: _register,
    ArrivalState.REGISTERED: _acknowledge,
    ArrivalState.SET_ASIDE: _acknowledge_kept,
}
"""What is done in each state that is not at rest."""
