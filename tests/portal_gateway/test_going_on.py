"""Killed anywhere, it goes on: nothing is lost, nothing twice, nothing fetched again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
from sqlmodel import select

from portal_content.library import Library
from portal_gateway.arrivals import (
    RETRIED_AS,
    STUMBLES_ALLOWED,
    TRANSITIONS,
    Arrival,
    ArrivalState,
    TransitionNotAllowed,
    move,
    pause_after,
    take_due,
    try_again,
)
from portal_gateway.cases import Case
from portal_gateway.database import connect, transaction
from portal_gateway.run import Gateway, take_turn
from portal_gateway.settings import GatewaySettings
from portal_gateway.steps.pulling import list_waiting
from portal_gateway.steps.pushing import waiting_parcels
from tests.portal_api.factories import ROOT, Office
from tests.portal_gateway.families import Family, filled_form, write
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import Portal

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SERVE = """
import sys
from portal_gateway.server import serve
from portal_gateway.settings import GatewaySettings
serve(GatewaySettings.model_validate_json(sys.argv[1]))
"""
PHOTO = bytes(600_000)


@contextmanager
def service(settings: GatewaySettings) -> Iterator[subprocess.Popen[bytes]]:
    """The real service in a process of its own, as it runs for officers."""
    running = subprocess.Popen(
        [sys.executable, "-c", SERVE, settings.model_dump_json()],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()
        assert running.stderr is not None
        running.stderr.close()


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answers(settings: GatewaySettings) -> bool:
    try:
        address = f"http://127.0.0.1:{settings.register_port}/sign-in"
        return httpx.get(address, trust_env=False).is_success
    except httpx.TransportError:
        return False


def undelivered(settings: GatewaySettings) -> int:
    engine = connect(settings.database_url)
    with transaction(engine) as session:
        found = waiting_parcels(session)
    engine.dispose()
    return found


def count_cases(settings: GatewaySettings) -> int:
    engine = connect(settings.database_url)
    with transaction(engine) as session:
        found = len(session.exec(select(Case)).all())
    engine.dispose()
    return found


@ON_SQLITE
@pytest.mark.parametrize(
    "held",
    [
        pytest.param(r"GET /handover/submissions/", id="before anything is here"),
        pytest.param(r"GET /handover/chunks/", id="in the middle of a photo"),
        pytest.param(r"POST .*/acknowledgement", id="after the case was made"),
        pytest.param(r"POST /handover/replies", id="while replies travel"),
    ],
)
def test_killed_at_any_point_it_goes_on_after_the_next_start(
    portal: Portal, settings: GatewaySettings, office: Office, library: Library, held: str
) -> None:
    family = Family()
    sent = write(office, filled_form(library), family=family, photos=[PHOTO])
    portal.take(sent)
    portal.watch.held = held

    with service(settings) as running:
        assert portal.watch.reached.wait(60)
        running.send_signal(signal.SIGKILL)
        running.wait()
    portal.watch.held = ""
    portal.watch.let_go.set()
    with service(settings) as running:
        wait_until(lambda: len(portal.replies(family)) == 1 and portal.waiting() == [])
        wait_until(lambda: undelivered(settings) == 0 and answers(settings))
        running.send_signal(signal.SIGTERM)
        stopped = running.wait(20)

    assert stopped == 0
    assert count_cases(settings) == 1
    assert [reply.seq for reply in portal.replies(family)] == [1]
    assert portal.parcels() == 16


@ON_SQLITE
def test_a_piece_that_is_here_is_not_fetched_again(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    sent = write(office, filled_form(gateway.library), photos=[PHOTO])
    portal.take(sent)
    last = sent.manifest.blobs[0].chunks[-1]
    hidden = portal.chunk_file(last)
    moved = hidden.rename(hidden.with_suffix(".away"))
    take_turn(gateway, now=NOON)
    moved.rename(hidden)
    portal.watch.seen.clear()

    with transaction(gateway.engine) as session:
        try_again(session, sent.id, now=later(minutes=1))
    take_turn(gateway, now=later(minutes=1))

    fetched = [line for line in portal.watch.seen if "/chunks/" in line]
    assert fetched == [f"GET /handover/chunks/{last}"]
    assert portal.waiting() == []


@ON_SQLITE
def test_a_damaged_piece_on_this_machine_is_fetched_anew(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    sent = write(office, filled_form(gateway.library), photos=[b"a"])
    portal.take(sent)
    name = sent.manifest.blobs[0].chunks[0]
    gateway.sealed.put(sent.id, name, b"half a pie")

    take_turn(gateway, now=NOON)

    assert gateway.opened.read(sent.id, "1") == b"a"


def test_a_submission_that_kills_the_service_each_time_is_set_aside(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    """Taken again and again, never brought to an end: what a crash leaves behind."""
    poison = write(office, filled_form(gateway.library))
    portal.take(poison)
    list_waiting(gateway.engine, gateway.handover, now=NOON)
    for attempt in range(STUMBLES_ALLOWED):
        assert take_due(gateway.engine, now=later(hours=attempt)) is not None

    take_turn(gateway, now=later(hours=9))

    with transaction(gateway.engine) as session:
        arrival = session.get_one(Arrival, poison.id)
    assert (arrival.state, arrival.reason) == (ArrivalState.INCOMPLETE, "unexpected")
    assert portal.waiting() == [poison.id]


def test_an_unknown_form_is_registered_once_the_form_is_known(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    early = write(office, filled_form(gateway.library, version=2))
    portal.take(early)
    take_turn(gateway, now=NOON)
    form = gateway.library.forms.get("search-request", 1)
    versions = dict(gateway.library.forms.versions)
    versions["search-request", 2] = form.model_copy(update={"version": 2})
    forms = replace(gateway.library.forms, versions=versions)
    updated = replace(gateway, library=replace(gateway.library, forms=forms))

    with transaction(gateway.engine) as session:
        try_again(session, early.id, now=later(days=1))
    take_turn(updated, now=later(days=1))

    with transaction(gateway.engine) as session:
        (case,) = session.exec(select(Case)).all()
        assert session.get_one(Arrival, early.id).state == ArrivalState.DONE
    assert (case.submission_id, case.form_version) == (early.id, 2)


def test_only_what_was_set_aside_can_be_tried_again(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    sent = write(office, filled_form(gateway.library))
    portal.take(sent)
    take_turn(gateway, now=NOON)

    with pytest.raises(TransitionNotAllowed), transaction(gateway.engine) as session:
        try_again(session, sent.id, now=NOON)
    with pytest.raises(TransitionNotAllowed), transaction(gateway.engine) as session:
        move(session, sent.id, ArrivalState.LISTED, now=NOON)


def test_every_state_has_its_ways_and_every_retry_is_one_of_them() -> None:
    assert set(TRANSITIONS) == set(ArrivalState)
    assert all(after in TRANSITIONS[before] for before, after in RETRIED_AS.items())


def test_pauses_grow_up_to_ten_minutes() -> None:
    seconds = [pause_after(attempts).total_seconds() for attempts in (1, 2, 3, 8, 9, 10, 1000)]

    assert seconds == [2, 4, 8, 256, 512, 600, 600]
