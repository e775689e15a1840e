"""Two at work on one thing: the loop and whoever takes in what was brought, or two officers."""

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal_content.library import Library
from portal_gateway.arrivals import Arrival, ArrivalState, try_again
from portal_gateway.cases import Case
from portal_gateway.database import transaction
from portal_gateway.protected_files import ProtectedFiles
from portal_gateway.run import Gateway, take_turn
from portal_gateway.server import open_gateway
from portal_gateway.settings import GatewaySettings
from portal_gateway.sought.persons import Decision, family_of, judge
from portal_gateway.sought.rows import SoughtPerson, Verdict
from portal_gateway.steps.taking_in import Desk, Outcome, take_in
from tests.photos import photo_with_hidden_data
from tests.portal_api.factories import Office
from tests.portal_gateway.casework import keep_case
from tests.portal_gateway.families import Sent, filled_form, write
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.test_taking_in import carried
from tests.portal_gateway.zones import Portal, Watch

A_MOMENT = 0.5
"""Seconds in which whoever does not wait comes in between; nobody who waits needs it to pass."""
PHOTO = photo_with_hidden_data(marker="both ways")


class SlowFiles(ProtectedFiles):
    """Files on a slow disk: the first one that is read comes when it is told to."""

    def __init__(self, folder: Path, watch: Watch) -> None:
        super().__init__(folder)
        self._watch = watch

    def read(self, submission_id: str, name: str) -> bytes:
        if not self._watch.reached.is_set():
            self._watch.reached.set()
            self._watch.let_go.wait()
        return super().read(submission_id, name)


@pytest.fixture
def second(gateway: Gateway, settings: GatewaySettings) -> Iterator[Gateway]:
    """As `portal gateway intake` opens it beside the one that runs."""
    with closing(open_gateway(settings, gateway.library, alone=False)) as opened:
        yield opened


@pytest.fixture
def aside(portal: Portal) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool
        portal.watch.let_go.set()


@pytest.fixture
def sent(gateway: Gateway, office: Office) -> Sent:
    return write(office, filled_form(gateway.library), photos=[PHOTO])


def arrival(gateway: Gateway, sent: Sent) -> Arrival:
    with transaction(gateway.engine) as session:
        return session.get_one(Arrival, sent.id)


def assert_one_whole_case(gateway: Gateway, sent: Sent) -> None:
    with transaction(gateway.engine) as session:
        assert [case.submission_id for case in session.exec(select(Case)).all()] == [sent.id]
    assert arrival(gateway, sent).state == ArrivalState.DONE
    assert gateway.opened.read(sent.id, "1") == PHOTO
    assert list(gateway.sealed.names(sent.id)) == []


def test_a_submission_that_is_being_acknowledged_is_left_to_whoever_does_it(
    gateway: Gateway, second: Gateway, portal: Portal, sent: Sent, aside: ThreadPoolExecutor
) -> None:
    portal.take(sent)
    portal.watch.slow = "/acknowledgement"
    first = aside.submit(take_turn, gateway, now=NOON)
    assert portal.watch.reached.wait(60)

    take_turn(second, now=later(minutes=1))
    portal.watch.let_go.set()

    first.result(60)
    assert_one_whole_case(gateway, sent)
    assert portal.waiting() == []


def test_nothing_is_taken_away_from_whoever_opens_a_submission(
    gateway: Gateway,
    second: Gateway,
    settings: GatewaySettings,
    portal: Portal,
    sent: Sent,
    *,
    aside: ThreadPoolExecutor,
) -> None:
    portal.take(sent)
    slow = SlowFiles(settings.attachments / "sealed", portal.watch)
    first = aside.submit(take_turn, Gateway(**{**vars(gateway), "sealed": slow}), now=NOON)
    assert portal.watch.reached.wait(60)

    take_turn(second, now=later(minutes=1))
    assert arrival(gateway, sent).stumbles == 1
    portal.watch.let_go.set()

    first.result(60)
    assert_one_whole_case(gateway, sent)


def test_what_is_brought_while_the_line_brings_it_is_one_case(
    gateway: Gateway,
    second: Gateway,
    portal: Portal,
    sent: Sent,
    *,
    aside: ThreadPoolExecutor,
    tmp_path: Path,
) -> None:
    portal.take(sent)
    brought = tmp_path / "file.dat"
    brought.write_bytes(carried(sent))
    portal.watch.slow = "GET /handover/chunks/"
    first = aside.submit(take_turn, gateway, now=NOON)
    assert portal.watch.reached.wait(60)
    desk = Desk(second.engine, second.sealed, second.library)

    taking: Future[Outcome] = aside.submit(take_in, desk, brought, now=later(minutes=1))
    wait([taking], A_MOMENT)
    portal.watch.let_go.set()

    first.result(60)
    assert taking.result(60).submission == sent.id
    take_turn(second, now=later(minutes=2))
    assert_one_whole_case(gateway, sent)


def test_what_an_officer_tries_again_is_not_put_to_rest_by_a_late_answer(
    gateway: Gateway, portal: Portal, aside: ThreadPoolExecutor
) -> None:
    stranger = write(Office(), filled_form(gateway.library))
    portal.put_past_its_checks(stranger)
    portal.watch.slow = "/acknowledgement"
    first = aside.submit(take_turn, gateway, now=NOON)
    assert portal.watch.reached.wait(60)

    with transaction(gateway.engine) as session:
        try_again(session, stranger.id, now=later(minutes=1))
    portal.watch.let_go.set()

    first.result(60)
    assert arrival(gateway, stranger).state == ArrivalState.FETCHED


def test_two_decisions_about_one_group_at_once_both_hold(engine: Engine, library: Library) -> None:
    """Both ends of a chain are taken out at once, by officers whose decisions share no request."""
    sister, wife, cousin, uncle = cases = [keep_case(engine, library) for _ in range(4)]
    judged, let_go = threading.Event(), threading.Event()

    def say(one: str, other: str, verdict: Verdict, *, hold: bool = False) -> bool:
        with transaction(engine) as session:
            new = judge(session, Decision(one, other, verdict, "salma"), now=NOON)
            if hold:
                judged.set()
                let_go.wait(60)
            return new

    for one, other in itertools.pairwise(cases):
        say(one, other, Verdict.SAME)
    with ThreadPoolExecutor() as officers:
        first = officers.submit(say, sister, wife, Verdict.OPEN, hold=True)
        assert judged.wait(60)
        second = officers.submit(say, cousin, uncle, Verdict.OPEN)
        wait([second], A_MOMENT)
        let_go.set()

    assert (first.result(), second.result()) == (True, True)
    with transaction(engine) as session:
        families = {case: {one.id for one in family_of(session, case)} for case in cases}
        assert families == {sister: set(), wife: {cousin}, cousin: {wife}, uncle: set()}
        assert len(session.exec(select(SoughtPerson)).all()) == 1
