"""The outbox: everything once in effect and in order, whatever fails and whoever is killed."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from portal_content.library import Library
from portal_gateway.connectors.delivering import Sending, deliver_next, deliver_turn
from portal_gateway.connectors.outbox import (
    CLAIM,
    LONGEST_PAUSE,
    STUMBLES_ALLOWED,
    claim_next,
    close,
    pause_after,
    queue_missing,
    redrive,
)
from portal_gateway.connectors.tables import (
    ConnectorState,
    EntryState,
    HandedOver,
    OutboxEntry,
)
from portal_gateway.connectors.web import retry_after
from portal_gateway.database import transaction
from tests.portal_gateway.casework import keep_case, sending, write_again
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.receivers import Receiver, webhook

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAME = "case-system"


@pytest.fixture
def line(
    engine: Engine, tmp_path: Path, receiving_system: tuple[Receiver, str]
) -> Iterator[Sending]:
    connector = webhook(receiving_system[1], name=NAME)
    yield sending(engine, tmp_path, connector)
    connector.close()


def turn(line: Sending, at: datetime) -> int:
    return deliver_turn(line, clock=lambda: at)


def entries(engine: Engine) -> list[tuple[int, str, str | None]]:
    with transaction(engine) as session:
        order = (col(OutboxEntry.queued_at), col(OutboxEntry.case_id), col(OutboxEntry.version))
        rows = session.exec(select(OutboxEntry).order_by(*order)).all()
    return [(row.version, row.state, row.reason) for row in rows]


def document_id(engine: Engine, case_id: str) -> str:
    with transaction(engine) as session:
        return session.get_one(HandedOver, (case_id, NAME)).document_id


def receiver_state(engine: Engine) -> ConnectorState:
    with transaction(engine) as session:
        return session.get_one(ConnectorState, NAME)


def test_each_version_takes_effect_once_and_in_order(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    first = keep_case(engine, library)
    turn(line, NOON)
    write_again(engine, first, answers={"kind": "answer", "message": "نعم"})
    second = keep_case(engine, library, at=later(hours=2))
    turn(line, later(hours=3))
    assert turn(line, later(hours=4)) == 0

    subjects = [event["subject"] for event in receiver.events.values()]
    assert subjects == [document_id(engine, one) for one in (first, first, second)]
    assert receiver.states(document_id(engine, first)) == [(1, "open"), (2, "open")]
    assert len(receiver.arrived) == 3


def test_two_gateways_deliver_everything_once(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    cases = [keep_case(engine, library, at=later(seconds=n)) for n in range(12)]
    for case in cases[:4]:
        write_again(engine, case, answers={"kind": "answer", "message": "نعم"})
    now = later(hours=2)
    together = threading.Barrier(2)

    def drain() -> None:
        together.wait()
        while turn(line, now):
            pass

    gateways = [threading.Thread(target=drain) for _ in range(2)]
    for gateway in gateways:
        gateway.start()
    for gateway in gateways:
        gateway.join()
    while turn(line, now):
        pass

    assert len(receiver.arrived) == len(set(receiver.arrived)) == 12
    for case in cases[:4]:
        assert receiver.states(document_id(engine, case)) == [(2, "open")]
    assert (
        sorted(state for _, state, _ in entries(engine)) == ["delivered"] * 12 + ["superseded"] * 4
    )


def test_what_one_has_claimed_no_other_gets(engine: Engine, library: Library) -> None:
    for number in range(2):
        keep_case(engine, library, at=later(seconds=number))
    queue_missing(engine, NAME, now=later(minutes=1))

    claimed = [claim_next(engine, NAME, now=later(minutes=1)) for _ in range(3)]

    assert claimed[0] is not None
    assert claimed[1] is not None
    assert claimed[0].case_id != claimed[1].case_id
    assert claimed[2] is None


def test_a_newer_version_waits_for_the_older_one_that_is_on_its_way(
    engine: Engine, library: Library
) -> None:
    case = keep_case(engine, library)
    queue_missing(engine, NAME, now=NOON)
    write_again(engine, case)
    queue_missing(engine, NAME, now=NOON)

    first = claim_next(engine, NAME, now=NOON)
    meanwhile = claim_next(engine, NAME, now=NOON)
    assert first is not None
    with transaction(engine) as session:
        assert close(session, first, EntryState.DELIVERED, now=NOON)
    second = claim_next(engine, NAME, now=NOON)

    assert meanwhile is None
    assert second is not None
    assert (first.version, second.version) == (1, 2)


def test_killed_in_the_middle_it_is_told_again_under_the_same_id(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    keep_case(engine, library)
    queue_missing(engine, NAME, now=NOON)
    left_behind = claim_next(engine, NAME, now=NOON)
    assert left_behind is not None

    assert turn(line, NOON + CLAIM - timedelta(seconds=1)) == 0
    assert turn(line, NOON + CLAIM) == 1

    assert receiver.arrived == [left_behind.message_id]
    with transaction(engine) as session:
        # The one that was taken for gone comes back: it must not write over what was done.
        assert not close(session, left_behind, EntryState.WITHHELD, now=later(hours=1))
    assert entries(engine) == [(1, "delivered", None)]


def test_an_answer_that_gets_lost_doubles_nothing(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    case = keep_case(engine, library)
    receiver.loses = 1

    turn(line, NOON)
    write_again(engine, case, taken_back=["C1"])
    turn(line, later(hours=2))

    assert len(receiver.arrived) == 2
    # Nobody could know whether it had arrived, so the receiver is told to forget.
    assert receiver.states(document_id(engine, case)) == [(1, "open"), (2, "erased")]


@ON_SQLITE
def test_what_kills_the_gateway_each_time_is_laid_aside(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    keep_case(engine, library)
    queue_missing(engine, NAME, now=NOON)
    for attempt in range(STUMBLES_ALLOWED):
        assert claim_next(engine, NAME, now=NOON + CLAIM * attempt) is not None

    turn(line, NOON + CLAIM * STUMBLES_ALLOWED)

    assert entries(engine) == [(1, "dead", "unexpected")]
    assert receiver.arrived == []


@ON_SQLITE
def test_a_refused_one_holds_nobody_up_and_goes_on_when_a_person_says_so(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    bad = keep_case(engine, library)
    queue_missing(engine, NAME, now=NOON)
    receiver.answers = [(422, {})]
    good = keep_case(engine, library, at=later(seconds=1))

    turn(line, later(minutes=1))
    assert entries(engine) == [(1, "dead", "refused"), (1, "delivered", None)]
    assert turn(line, later(days=2)) == 0
    with transaction(engine) as session:
        assert redrive(session, connector=NAME, case_id=bad, now=later(days=3)) == (1, 0)
    turn(line, later(days=3))

    assert [state for _, state, _ in entries(engine)] == ["delivered", "delivered"]
    assert {e["subject"] for e in receiver.events.values()} == {
        document_id(engine, one) for one in (bad, good)
    }


@ON_SQLITE
def test_a_newer_version_makes_a_refused_one_needless(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    case = keep_case(engine, library)
    receiver.answers = [(400, {})]
    turn(line, NOON)
    write_again(engine, case, taken_back=["C1"])

    turn(line, later(hours=2))

    assert entries(engine) == [(1, "superseded", "refused"), (2, "delivered", None)]
    assert receiver.states(document_id(engine, case)) == [(2, "erased")]


@ON_SQLITE
def test_the_receiver_says_how_long_to_wait_and_is_left_alone_as_long(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    for number in range(3):
        keep_case(engine, library, at=later(seconds=number))
    receiver.answers = [(429, {"Retry-After": "7200"})]

    assert turn(line, later(minutes=1)) == 1
    assert turn(line, later(minutes=120)) == 0
    assert turn(line, later(minutes=121)) == 3

    assert len(receiver.events) == 3


@ON_SQLITE
def test_a_wrong_password_is_never_tried_again_by_itself(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    for number in range(2):
        keep_case(engine, library, at=later(seconds=number))
    receiver.answers = [(401, {})]

    assert turn(line, later(minutes=1)) == 1
    assert turn(line, later(days=30)) == 0
    state = receiver_state(engine)
    assert (state.halted, state.reason) == (True, "credential_refused")
    with transaction(engine) as session:
        assert redrive(session, connector=NAME, now=later(days=31)) == (0, 1)

    assert turn(line, later(days=31)) == 2
    assert receiver_state(engine).reason is None


@ON_SQLITE
def test_who_takes_consent_back_before_it_went_was_never_handed_over(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    case = keep_case(engine, library)
    write_again(engine, case, taken_back=["C1"])

    turn(line, later(hours=2))

    assert receiver.arrived == []
    assert entries(engine) == [(1, "superseded", None), (2, "withheld", None)]


@ON_SQLITE
def test_a_field_taken_back_is_gone_at_the_next_delivery_and_may_come_back(
    engine: Engine, library: Library, tmp_path: Path, receiving_system: tuple[Receiver, str]
) -> None:
    receiver, url = receiving_system
    receiver.clear()
    own, partner = webhook(url, name=NAME), webhook(url, name="icrc", recipient="icrc_red_crescent")
    line = sending(engine, tmp_path, own, partner)
    case = keep_case(engine, library)
    turn(line, NOON)
    write_again(engine, case, taken_back=["C2", "C6"])
    turn(line, later(hours=2))
    write_again(engine, case, number=2, given={"C6": ("icmp",)}, at=later(hours=3))
    turn(line, later(hours=4))
    write_again(engine, case, number=3, given={"C6": ("icrc_red_crescent",)}, at=later(hours=5))
    turn(line, later(hours=6))
    answer = {"kind": "answer", "message": "نعم"}
    write_again(engine, case, number=4, answers=answer, at=later(hours=7))
    turn(line, later(hours=8))
    own.close()
    partner.close()

    with transaction(engine) as session:
        known = session.get_one(HandedOver, (case, "icrc")).document_id
    assert known != document_id(engine, case)
    # Ticking another partner is no news for this one, nor is a letter to us: it was told nothing.
    assert receiver.states(known) == [(1, "open"), (2, "erased"), (4, "open")]
    data = [e["data"] for e in receiver.events.values() if e["data"]["id"] != known]
    assert ["safe_contact" in document["writer"] for document in data] == [True, *[False] * 4]


@ON_SQLITE
def test_children_and_reprisals_go_nowhere_by_machine(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    keep_case(engine, library, answers={"person_name": "سارة", "age_group": "under_18"})
    keep_case(engine, library, kind="reprisal-report")
    keep_case(engine, library, kind="extortion-report")

    assert turn(line, NOON) == 0


def test_down_for_a_week_then_drained_in_order_without_doubles(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    """A week in steps of six hours; the clock is in the test's hand."""
    receiver.down = True
    cases = []
    for hour in range(0, 7 * 24, 6):
        if hour % 24 == 0:
            cases.append(keep_case(engine, library, at=later(hours=hour)))
        if hour == 102:
            write_again(engine, cases[0], taken_back=["C1"], at=later(hours=97))
            write_again(engine, cases[1], taken_back=["C3"], at=later(hours=98))
        # However much waits, one is tried: the others would only knock at the same door.
        assert sum(turn(line, later(hours=hour, minutes=n)) for n in (1, 2)) <= 3

    receiver.down = False
    receiver.loses = 3
    back = later(days=7, hours=2)
    while any(state == "waiting" for _, state, _ in entries(engine)):
        turn(line, back)
        back += LONGEST_PAUSE

    in_order = [event["subject"] for event in receiver.events.values()]
    assert len(receiver.arrived) == len(in_order) + 3
    # Nobody could know what had come through while the line was down: forgetting is said, too.
    assert in_order == [document_id(engine, one) for one in (*cases[2:5], *cases[:2], *cases[5:])]
    assert receiver.states(document_id(engine, cases[0])) == [(2, "erased")]
    second = [e["data"] for e in receiver.events.values() if e["subject"] == in_order[4]]
    assert [(one["version"], "person_sought" in one) for one in second] == [(2, False)]


def test_pauses_double_up_to_an_hour_and_differ_by_chance() -> None:
    longest = [pause_after(n, chance=lambda: 1.0).total_seconds() for n in (1, 2, 3, 9, 10, 11, 99)]
    shortest = [pause_after(n, chance=lambda: 0.0).total_seconds() for n in (1, 2, 11)]

    assert longest == [5, 10, 20, 1280, 2560, 3600, 3600]
    assert shortest == [2.5, 5, 1800]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Fri, 20 Nov 2026 13:00:00 GMT", 3600),
        ("Fri, 20 Nov 2020 13:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("9" * 40, None),
        ("", None),
    ],
)
def test_both_ways_to_say_how_long_are_understood(said: str, seconds: int | None) -> None:
    wait = retry_after({"retry-after": said}, now=NOON)

    assert (None if wait is None else wait.total_seconds()) == seconds


def test_the_moment_is_asked_for_each_delivery(
    engine: Engine, library: Library, line: Sending, receiver: Receiver
) -> None:
    keep_case(engine, library)
    queue_missing(engine, NAME, now=NOON)

    assert deliver_next(line, line.connectors[0], now=datetime(2027, 1, 1, tzinfo=UTC))

    assert receiver.requests[0][0]["webhook-timestamp"] == "1798761600"
