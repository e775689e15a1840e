"""Seats: nobody is known, nobody is passed over, and the last seat has one holder."""

import base64
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from portal_api.errors import RegistrationClosed
from portal_api.operations.store import Store
from portal_api.operations.tidying import Tidying, tidy
from portal_api.seats import service
from portal_api.seats.service import Mine, Plan, Registration
from portal_api.seats.tables import Seat
from portal_api.settings import ApiSettings
from portal_api.writer import Writer
from portal_content.library import Library
from portal_protocol.seats import seat_id, seat_token
from tests.portal_api.factories import TODAY

BRIEFING = "sample-online-december"
FULL = "sample-meeting-december"
CLOSED = "sample-berlin-families"
WITHOUT_REGISTRATION = "sample-berlin-summer"
SMALL = Plan(id="small-meeting", capacity=2, open=True, only_waiting=False)


def token_header(number: int, briefing: str = BRIEFING) -> dict[str, str]:
    token = seat_token(f"{number:064x}", briefing)
    return {"Authorization": "Seat " + base64.urlsafe_b64encode(token).decode().rstrip("=")}


def ids(count: int) -> list[str]:
    return [seat_id(seat_token(f"{number:064x}", SMALL.id)) for number in range(count)]


def take(writer: Writer, plan: Plan, seat: str) -> service.SeatView:
    return writer.run(lambda session: service.take(session, plan, seat, today=TODAY))


def give_back(writer: Writer, plan: Plan, seat: str) -> service.SeatView:
    return writer.run(lambda session: service.give_back(session, plan, seat))


def test_a_seat_is_taken_asked_for_and_given_back_with_the_same_token(api: TestClient) -> None:
    url = f"/v1/seats/{BRIEFING}"

    taken = api.put(url, headers=token_header(1)).json()
    asked = api.get(url, headers=token_header(1)).json()
    given_back = api.delete(url, headers=token_header(1)).json()

    assert taken == asked == {"registration": "open", "mine": "held", "place": 0}
    assert given_back["mine"] == "none"


def test_taking_a_seat_again_takes_no_second_one(api: TestClient, engine: Engine) -> None:
    for _ in range(3):
        api.put(f"/v1/seats/{BRIEFING}", headers=token_header(1))

    with Session(engine) as session:
        assert len(session.exec(select(Seat)).all()) == 1


def test_who_comes_too_late_waits_and_moves_up_in_order(writer: Writer) -> None:
    a, b, c, d, e = ids(5)
    states = [take(writer, SMALL, seat) for seat in (a, b, c, d, e)]
    assert [(view.mine, view.place) for view in states] == [
        (Mine.HELD, 0),
        (Mine.HELD, 0),
        (Mine.WAITING, 1),
        (Mine.WAITING, 2),
        (Mine.WAITING, 3),
    ]

    give_back(writer, SMALL, d)
    give_back(writer, SMALL, a)

    after = {seat: take(writer, SMALL, seat) for seat in (b, c, e)}
    assert after[c].mine is Mine.HELD
    assert (after[e].mine, after[e].place) == (Mine.WAITING, 1)


def test_a_free_seat_goes_to_nobody_while_others_wait(writer: Writer) -> None:
    a, b, c, d = ids(4)
    for seat in (a, b, c):
        take(writer, SMALL, seat)
    larger = Plan(SMALL.id, capacity=3, open=True, only_waiting=False)

    view = take(writer, larger, d)

    assert view.mine is Mine.WAITING


@pytest.mark.parametrize("round_number", range(3))
def test_two_people_cannot_take_the_last_seat(writer: Writer, round_number: int) -> None:
    people = ids(12)
    take(writer, SMALL, people[0])
    start = threading.Barrier(len(people) - 1)
    found: list[service.SeatView] = []

    def race(seat: str) -> None:
        start.wait()
        found.append(take(writer, SMALL, seat))

    threads = [threading.Thread(target=race, args=(seat,)) for seat in people[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(view.mine for view in found) == {Mine.HELD: 1, Mine.WAITING: 10}
    assert sorted(view.place for view in found) == list(range(11))


def test_a_race_between_giving_back_and_taking_loses_no_seat(
    writer: Writer, engine: Engine
) -> None:
    people = ids(10)
    for seat in people[:2]:
        take(writer, SMALL, seat)

    works = [threading.Thread(target=give_back, args=(writer, SMALL, s)) for s in people[:2]]
    works += [threading.Thread(target=take, args=(writer, SMALL, s)) for s in people[2:]]
    for thread in works:
        thread.start()
    for thread in works:
        thread.join()

    with Session(engine) as session:
        held, waiting = service.taken(session, SMALL.id)
    assert (len(held), len(waiting)) == (2, 6)


@pytest.mark.parametrize(
    ("briefing", "registration"), [(FULL, "waiting"), (CLOSED, "closed"), (BRIEFING, "open")]
)
def test_what_one_can_register_for_is_told_without_a_token(
    api: TestClient, briefing: str, registration: str
) -> None:
    answer = api.get(f"/v1/seats/{briefing}")

    assert answer.json() == {"registration": registration, "mine": "none", "place": 0}
    assert len(answer.content) == service.ANSWER_SIZE


def test_after_the_closing_day_nobody_registers_but_seats_stay(
    api: TestClient, app: FastAPI
) -> None:
    url = f"/v1/seats/{BRIEFING}"
    api.put(url, headers=token_header(1))
    app.state.now = lambda: datetime(2026, 12, 1, 1, tzinfo=UTC)

    late = api.put(url, headers=token_header(2))
    again = api.put(url, headers=token_header(1))
    freed = api.delete(url, headers=token_header(1))

    assert (late.status_code, late.json()["type"]) == (409, "/problems/registration_closed")
    assert again.json() == {"registration": "closed", "mine": "held", "place": 0}
    assert freed.json()["mine"] == "none"


def test_the_closing_day_ends_where_the_meeting_is(library: Library) -> None:
    briefing = library.briefings[BRIEFING]
    assert briefing.registration.closes is not None
    day = datetime(2026, 11, 30, tzinfo=UTC)

    def opened(now: datetime) -> bool:
        return service.plan(library.briefings, BRIEFING, now=now).open

    offset = briefing.starts.utcoffset()
    assert offset is not None
    last_moment = day + timedelta(days=1) - offset - timedelta(minutes=1)
    assert opened(last_moment)
    assert not opened(last_moment + timedelta(minutes=2))


@pytest.mark.parametrize("briefing", ["no-such-meeting", WITHOUT_REGISTRATION])
def test_where_nobody_registers_there_are_no_seats(api: TestClient, briefing: str) -> None:
    assert api.put(f"/v1/seats/{briefing}", headers=token_header(1)).status_code == 404


@pytest.mark.parametrize("value", ["", "Seat", "Seat short", "Mailbox " + "A" * 43, "Seat \xe9"])
def test_without_a_token_no_seat_can_be_taken(api: TestClient, value: str) -> None:
    headers = [(b"Authorization", value.encode("latin-1"))] if value else None

    answer = api.put(f"/v1/seats/{BRIEFING}", headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/seat_token_malformed")


def test_every_answer_has_one_length(api: TestClient) -> None:
    url = f"/v1/seats/{BRIEFING}"
    answers = [
        api.get(url),
        api.put(url, headers=token_header(1)),
        api.get(url, headers=token_header(1)),
        api.get(url, headers=token_header(2)),
        api.delete(url, headers=token_header(1)),
    ]

    assert {len(answer.content) for answer in answers} == {service.ANSWER_SIZE}


def test_the_same_person_has_unlike_tokens_at_two_meetings() -> None:
    assert seat_token("ab" * 32, BRIEFING) != seat_token("ab" * 32, FULL)


def test_the_gateway_sees_seats_and_confirms_them(api: TestClient, gateway: TestClient) -> None:
    api.put(f"/v1/seats/{BRIEFING}", headers=token_header(1))
    api.put(f"/v1/seats/{FULL}", headers=token_header(2, FULL))
    mine = seat_id(seat_token(f"{1:064x}", BRIEFING))
    other = seat_id(seat_token(f"{2:064x}", FULL))

    held = gateway.get(f"/handover/seats/{BRIEFING}").json()
    waiting = gateway.get(f"/handover/seats/{FULL}").json()
    body: dict[str, Any] = {"seats": [mine]}
    confirmed = gateway.post(f"/handover/seats/{BRIEFING}/confirmation", json=body)

    assert held == {"held": [mine], "waiting": []}
    assert waiting == {"held": [], "waiting": [other]}
    assert confirmed.status_code == 204


def test_a_seat_without_a_submission_is_given_back_after_some_days(
    api: TestClient,
    gateway: TestClient,
    store: Store,
    settings: ApiSettings,
    library: Library,
) -> None:
    for number in (1, 2):
        api.put(f"/v1/seats/{BRIEFING}", headers=token_header(number))
    kept = seat_id(seat_token(f"{1:064x}", BRIEFING))
    gateway.post(f"/handover/seats/{BRIEFING}/confirmation", json={"seats": [kept]})
    tidying = Tidying(store.engine, store.writer, store.chunks, settings, library.briefings)

    tidy(tidying, today=TODAY + timedelta(days=settings.unconfirmed_seat_days))
    early = gateway.get(f"/handover/seats/{BRIEFING}").json()["held"]
    tidy(tidying, today=TODAY + timedelta(days=settings.unconfirmed_seat_days + 1))
    late = gateway.get(f"/handover/seats/{BRIEFING}").json()["held"]

    assert (len(early), late) == (2, [kept])


def test_seats_of_a_meeting_that_is_long_over_are_forgotten(
    api: TestClient, store: Store, settings: ApiSettings, library: Library
) -> None:
    api.put(f"/v1/seats/{BRIEFING}", headers=token_header(1))
    ends = library.briefings[BRIEFING].ends.date()
    tidying = Tidying(store.engine, store.writer, store.chunks, settings, library.briefings)

    tidy(tidying, today=ends + timedelta(days=settings.seat_days_after + 2))

    with Session(store.engine) as session:
        assert session.exec(select(Seat)).all() == []


def test_a_flood_cannot_fill_the_waiting_list_without_end(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_WAITING", 2)
    people = ids(5)
    for seat in people[:4]:
        take(writer, SMALL, seat)

    with pytest.raises(RegistrationClosed):
        take(writer, SMALL, people[4])
    assert take(writer, SMALL, people[3]).registration is Registration.CLOSED
