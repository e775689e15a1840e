"""Meetings without script: the seat is taken on the way in, and whoever comes too late is told."""

import html
import re
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from portal_api.seats.tables import Seat
from portal_api.submissions.tables import Submission
from portal_content.library import Library
from portal_protocol.derivation import derive_mailbox
from portal_protocol.return_code import parse_code
from portal_protocol.seats import seat_id, seat_token
from tests.portal_api.factories import DEPLOYMENT, multipart
from tests.portal_api.test_seats import BRIEFING, CLOSED, FULL, WITHOUT_REGISTRATION

REGISTRATION = {
    "form": "briefing-registration",
    "version": "1",
    "lang": "ar",
    "display_name": "أم كريم",
    "contact_language": "ar",
    "interpretation": "unknown",
    "safe_contact.way": "none",
    "consent.C1": "yes",
}


def register(api: TestClient, briefing: str, lang: str = "ar") -> Any:
    body, headers = multipart(REGISTRATION | {"briefing": briefing, "lang": lang})
    return api.post("/form", content=body, headers=headers)


def seats(engine: Engine) -> list[Seat]:
    with Session(engine) as session:
        return list(session.exec(select(Seat)).all())


def shown_code(page: str) -> str:
    line = re.findall(r'<bdi class="code" dir="ltr">(.*?)</bdi></bdi>', page)[0]
    return parse_code(re.sub("<[^>]+>", "", line))


def test_registering_takes_the_seat_of_the_code_that_is_shown(
    api: TestClient, engine: Engine, library: Library
) -> None:
    page = register(api, BRIEFING).text

    (seat,) = seats(engine)
    proof = derive_mailbox(shown_code(page), DEPLOYMENT).proof
    assert seat.id == seat_id(seat_token(proof, BRIEFING))
    assert library.strings.text("follow-up.seat.held", "ar") in page


def test_whoever_comes_when_it_is_full_learns_the_place_on_the_waiting_list(
    api: TestClient, library: Library
) -> None:
    register(api, FULL)

    page = register(api, FULL).text

    assert library.strings.text("follow-up.seat.waiting", "ar", place="٢") in page
    assert library.strings.text("follow-up.seat.held", "ar") not in page


def test_a_seat_is_given_back_at_once_if_the_registration_cannot_be_kept(
    app: FastAPI, api: TestClient, engine: Engine
) -> None:
    register(api, FULL)
    register(api, FULL)
    before = [(seat.id, seat.place) for seat in seats(engine)]
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("ALTER TABLE submission RENAME TO out_of_order"))

    answer = register(TestClient(app, raise_server_exceptions=False), FULL)

    assert answer.status_code == 500
    assert [(seat.id, seat.place) for seat in seats(engine)] == before


@pytest.mark.parametrize("lang", ["ar", "en", "ku", "tr", "de", "fr"])
@pytest.mark.parametrize("briefing", [CLOSED, WITHOUT_REGISTRATION, "no-such-meeting"])
def test_a_meeting_that_takes_nobody_loses_nothing_that_was_typed(
    api: TestClient, engine: Engine, library: Library, briefing: str, lang: str
) -> None:
    answer = register(api, briefing, lang)

    assert answer.status_code == 422
    sentence = library.strings.text("forms.problems.registration_closed", lang)
    assert sentence in html.unescape(answer.text)
    assert 'href="#f-briefing"' in answer.text
    assert 'value="أم كريم"' in answer.text
    assert seats(engine) == []
    with Session(engine) as session:
        assert session.exec(select(Submission)).all() == []


def test_a_form_without_a_meeting_says_nothing_of_seats(app: FastAPI, api: TestClient) -> None:
    inputs = {"form": "child", "version": "1", "lang": "en", "wish": "help_now"}
    rest = {"contact_language": "en", "reach": "with_my_code", "consent.C1": "yes"}
    body, headers = multipart(inputs | rest)

    page = api.post("/form", content=body, headers=headers)

    assert page.status_code == 200
    assert "data-seat" not in page.text
