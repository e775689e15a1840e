"""Two people open a case of a child or of a reprisal; no page shows anything of it before."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from starlette.testclient import TestClient

from portal_gateway.audit import Action
from portal_gateway.cases import Case
from portal_gateway.database import transaction
from portal_gateway.flags import TWO_PERSON
from portal_gateway.register import guard
from portal_gateway.register.case_list import own_cases
from portal_gateway.register.openings import (
    ASKED_FOR,
    OPEN_FOR,
    Answer,
    Opening,
    answer,
    ask,
    open_until,
)
from portal_gateway.register.rights import EVERY_QUEUE, Rights
from portal_gateway.run import Gateway, take_turn
from portal_gateway.settings import GatewaySettings
from tests.portal_api.factories import Office
from tests.portal_gateway.desks import NAME, Desk, open_desk
from tests.portal_gateway.families import ENOUGH, filled_form, write
from tests.portal_gateway.families import NAME as SOUGHT
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import Portal

CHILD = Rights.of(answer=["child"])


@pytest.fixture
def desk(settings: GatewaySettings, gateway: Gateway, portal: Portal, office: Office) -> Desk:
    """An officer before a case that somebody under 18 wrote."""
    opened = open_desk(settings, gateway)
    answers = {**ENOUGH, "age_group": "under_18"}
    form = filled_form(gateway.library, answers=answers)
    portal.take(write(office, form, photos=[b"no photo"]))
    take_turn(gateway, now=NOON)
    assert opened.sign_in().status_code == 303
    assert opened.case().queue in TWO_PERSON
    return opened


def post(client: TestClient, path: str, **form: str) -> int:
    token = re.search(r'form_token" value="([0-9a-f]{64})"', client.get("/openings").text)
    assert token is not None
    return client.post(path, data={"form_token": token[1], **form}).status_code


def asked(desk: Desk) -> str:
    """Ask for the case to be opened and return where the request is answered."""
    path = f"/cases/{desk.case().id}/opening"
    assert desk.post(path, reason="She asks for help now.").status_code == 303
    with transaction(desk.gateway.engine) as session:
        return f"{path}/{session.exec(select(Opening)).all()[-1].id}"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_officers_open_a_case_for_a_while(desk: Desk) -> None:
    case = f"/cases/{desk.case().id}"
    second, other = desk.officer("omar", CHILD), desk.officer("huda", CHILD)
    outsider = desk.officer("ziad", Rights.of(answer=["registration"]))
    shut = [desk.get(f"{case}{route}") for route in ("", "/files/1/photo", "/files/1/original")]
    before = desk.get("/").text + desk.get(f"{case}/opening").text
    assert [answer.headers["location"] for answer in shut] == [f"{case}/opening"] * 3
    assert SOUGHT not in before

    request = asked(desk)
    still = desk.get(case).status_code
    own = desk.post(request, answer="agreed").headers["location"]
    foreign = outsider.get("/openings").text
    shown = second.get("/openings").text
    agreed = post(second, request, answer="agreed")

    assert (still, own, agreed) == (303, "/openings", 303)
    assert "She asks for help now." not in foreign
    assert "She asks for help now." in shown
    assert SOUGHT not in shown
    assert SOUGHT in desk.get(case).text
    assert SOUGHT not in desk.get("/").text
    # Only for whoever asked, and only for a while.
    assert other.get(case).status_code == 303
    assert second.get(case).status_code == 303
    desk.clock.now = NOON + OPEN_FOR + timedelta(seconds=1)
    desk.sign_in()
    assert desk.get(case).headers["location"] == f"{case}/opening"
    acts = [act[:2] for act in desk.acts() if act[2] == desk.case().id]
    asked_then_agreed = [(NAME, Action.OPENING_ASKED), ("omar", Action.OPENING_AGREED)]
    assert [act for act in acts if act[1].startswith("opening")] == asked_then_agreed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_declined_or_not_answered_in_time_opens_nothing(desk: Desk) -> None:
    case = f"/cases/{desk.case().id}"
    second = desk.officer("omar", CHILD)

    declined = post(second, asked(desk), answer="declined")
    after_declining = desk.get(case).status_code
    request = asked(desk)
    desk.clock.now = NOON + ASKED_FOR + timedelta(minutes=1)
    second = desk.officer("omar", CHILD)
    late = second.get("/openings").text
    post(second, request, answer="agreed")
    desk.sign_in()

    assert (declined, after_declining) == (303, 303)
    assert "She asks for help now." not in late
    assert desk.get(case).status_code == 303
    assert desk.post(f"{case}/opening", reason="  ").status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_address_of_a_case_shows_one_that_is_not_open(desk: Desk) -> None:
    case = desk.case().id
    values = {"case_id": case, "position": "1", "number": "1", "opening_id": "x"}
    open_before = {"/cases/{case_id}/opening", "/cases/{case_id}/opening/{opening_id}"}
    routes = [route.split(" ") for route in guard.NEEDS if "{case_id}" in route]

    for method, path in routes:
        if path in open_before:
            continue
        address = path.format_map(values)
        answered = desk.get(address) if method == "GET" else desk.post(address)
        assert answered.headers["location"] == f"/cases/{case}/opening", path
        assert SOUGHT not in answered.text


def a_case(engine: Engine) -> Case:
    """A case of the queue for children, put in by hand, and two officers."""
    with transaction(engine) as session:
        connection = session.connection()
        connection.execute(text("INSERT INTO mailbox VALUES ('m', 'r', 'p', 0)"))
        for name in ("salma", "omar", "huda"):
            connection.execute(
                text(f"INSERT INTO officer (name, password_hash) VALUES ('{name}', 'closed')")
            )
        case = Case(
            id="ABCDEFGHJ", submission_id="s", registered_at=NOON, queue="child", flags=[],
            type="child", form_id="child", form_version=1, mode="self", language="ar",
            reply_language="ar", written_on=NOON.date(), client="web-js/1", key_serial=1,
            mailbox_id="m", person_name="", answers={},
        )  # fmt: skip
        session.add(case)
    return case


def test_one_request_is_answered_once_and_never_by_who_made_it(engine: Engine) -> None:
    case = a_case(engine)
    with transaction(engine) as session:
        opening = ask(session, case, "salma", "because", now=NOON)
        same = ask(session, case, "salma", "once more", now=NOON)
    answers: list[bool] = []

    def say(officer: str, said: Answer) -> None:
        with transaction(engine) as session:
            answers.append(answer(session, opening, officer, said, now=later(minutes=1)))

    people = [("salma", Answer.AGREED), ("omar", Answer.AGREED), ("huda", Answer.DECLINED)] * 2
    threads = [threading.Thread(target=say, args=one) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert same.id == opening.id
    assert sorted(answers) == [False] * 5 + [True]
    with transaction(engine) as session:
        stored = session.get_one(Opening, opening.id)
        until = open_until(session, case.id, "salma", now=later(minutes=2))
    assert stored.answered_by in ("omar", "huda")
    assert (until is not None) == (stored.answer == Answer.AGREED)


def test_queries_that_look_into_cases_leave_these_out(engine: Engine) -> None:
    a_case(engine)

    with transaction(engine) as session:
        found = session.exec(select(Case).where(own_cases(EVERY_QUEUE))).all()
        session.get_one(Case, "ABCDEFGHJ").queue = "registration"
        then = session.exec(select(Case).where(own_cases(EVERY_QUEUE))).all()

    assert (len(found), len(then)) == (0, 1)


def test_the_database_itself_refuses_that_one_officer_is_both(engine: Engine) -> None:
    case = a_case(engine)

    def be_both() -> None:
        with transaction(engine) as session:
            opening = ask(session, case, "salma", "because", now=NOON)
            opening.answer, opening.answered_by, opening.answered_at = "agreed", "salma", NOON

    with pytest.raises(IntegrityError):
        be_both()
