"""Writing again without script: sealed under the code that came with it, whoever's it is."""

import html
import re
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from portal_api.seats import service as seat_service
from portal_api.seats.tables import Seat
from portal_api.submissions.tables import Submission
from portal_api.writer import Writer
from portal_content.library import Library
from portal_protocol.derivation import derive_mailbox
from portal_protocol.envelope import Envelope, open_envelope
from portal_protocol.seats import seat_id, seat_token
from tests.portal_api.factories import CODE, DEPLOYMENT, TODAY, Office, multipart
from tests.portal_api.test_seats import BRIEFING, FULL

STEP = 16_384
NEVER_GIVEN = "0" * 22 + "98"
AGAIN = {"form": "follow-up", "version": "1", "lang": "ar", "code": CODE, "mode": "self"}
LANGUAGES = ("ar", "en", "ku", "tr", "de", "fr")


def post(api: TestClient, address: str, **inputs: Any) -> Any:
    body, headers = multipart({name.replace("__", "."): value for name, value in inputs.items()})
    return api.post(address, content=body, headers=headers)


def arrived(engine: Engine, office: Office) -> list[Envelope]:
    with Session(engine) as session:
        rows = session.exec(select(Submission)).all()
    return [open_envelope(row.envelope, office.identities) for row in rows]


def seats(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [seat.id for seat in session.exec(select(Seat)).all()]


def take(writer: Writer, library: Library, api: TestClient, meeting: str) -> str:
    app: Any = api.app
    plan = seat_service.plan(library.briefings, meeting, now=app.state.now())
    seat = seat_id(seat_token(derive_mailbox(CODE, DEPLOYMENT).proof, meeting))
    writer.run(lambda session: seat_service.take(session, plan, seat, today=TODAY))
    return seat


def test_an_answer_arrives_under_the_code_that_came_with_it(
    api: TestClient, engine: Engine, office: Office, library: Library
) -> None:
    page = post(api, "/form", **AGAIN, kind="answer", message="نعم، هذا هو الرقم")

    assert page.status_code == 200, page.text
    (envelope,) = arrived(engine, office)
    mailbox = derive_mailbox(CODE, DEPLOYMENT)
    assert envelope.type == "followup"
    assert envelope.mailbox.id == mailbox.id
    assert (envelope.mailbox.recipient, envelope.mailbox.proof) == (
        mailbox.recipient,
        mailbox.proof,
    )
    assert envelope.form["answers"] == {"kind": "answer", "message": "نعم، هذا هو الرقم"}
    assert envelope.form["consents"] == []
    assert library.strings.text("form-follow-up.after.what", "ar") in page.text
    assert page.text.count(CODE) == page.text.count(f'name="code" value="{CODE}"') == 1


def test_only_consents_that_change_travel(api: TestClient, engine: Engine, office: Office) -> None:
    changes = {
        "consent.C1": "leave",
        "consent.C2": "take_back",
        "consent.C5": "agree",
        "consent.C5.scopes": ["legal"],
        "consent.C7": "leave",
    }
    page = post(api, "/form", **AGAIN, **changes, kind="consent")

    assert page.status_code == 200, page.text
    (envelope,) = arrived(engine, office)
    told = [(c["id"], c["given"], c.get("scopes")) for c in envelope.form["consents"]]
    assert told == [("C2", False, None), ("C5", True, ["legal"])]


def test_choices_about_consents_do_not_travel_with_another_purpose(
    api: TestClient, engine: Engine, office: Office
) -> None:
    post(api, "/form", **AGAIN, **{"consent.C2": "take_back"}, kind="answer", message="سلام")

    (envelope,) = arrived(engine, office)
    assert envelope.form["consents"] == []


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({"kind": "consent", "consent.C1": "leave"}, "consent.C7 nothing_changed"),
        ({"kind": "consent"}, "consent.C7 nothing_changed"),
        ({"kind": "answer", "message": " "}, "message nothing_written"),
    ],
)
def test_what_would_say_nothing_is_asked_for_again(
    api: TestClient, engine: Engine, library: Library, inputs: dict[str, str], problem: str
) -> None:
    place, code = problem.split()
    page = post(api, "/form", **AGAIN, **inputs)

    assert page.status_code == 422
    assert library.strings.text(f"forms.problems.{code}", "ar") in html.unescape(page.text)
    assert f'data-error-for="{place}"' in page.text
    with Session(engine) as session:
        assert session.exec(select(Submission)).all() == []


def test_a_file_alone_is_a_message(api: TestClient, engine: Engine, office: Office) -> None:
    body, headers = multipart(
        AGAIN | {"kind": "add_file"}, files=[("files", "a.pdf", "application/pdf", b"%PDF-1.4")]
    )
    page = api.post("/form", content=body, headers=headers)

    assert page.status_code == 200, page.text
    (envelope,) = arrived(engine, office)
    assert len(envelope.files) == 1


@pytest.mark.parametrize("code", ["", CODE[:-1] + "4", CODE[:-4]])
def test_without_a_whole_code_nothing_is_sent_and_the_code_is_asked_for(
    api: TestClient, engine: Engine, code: str
) -> None:
    answer = post(api, "/form", **(AGAIN | {"code": code}), kind="answer", message="سلام")

    assert answer.status_code == 422
    assert 'action="/mailbox"' in answer.text
    with Session(engine) as session:
        assert session.exec(select(Submission)).all() == []


def test_what_has_to_be_put_right_keeps_words_and_code(api: TestClient) -> None:
    answer = post(api, "/form", **AGAIN, message="كتبت كثيراً")

    assert answer.status_code == 422
    assert f'name="code" value="{CODE}"' in answer.text
    assert "كتبت كثيراً" in answer.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_messages_offers_to_write_again_in_every_language(
    api: TestClient, library: Library, lang: str
) -> None:
    page = html.unescape(post(api, "/mailbox", lang=lang, code=CODE).text)

    assert library.strings.text("follow-up.again.open", lang) in page
    assert library.strings.text("form-follow-up.consents.take_back", lang) in page
    assert library.strings.text("forms.mode.plain.text", lang) in page
    assert "data-seat" not in page


def test_a_seat_is_shown_and_given_back_after_being_asked_once_more(
    api: TestClient, engine: Engine, writer: Writer, library: Library
) -> None:
    seat = take(writer, library, api, BRIEFING)
    shown = post(api, "/mailbox", lang="ar", code=CODE).text
    assert library.strings.text("follow-up.seat.held", "ar") in shown
    assert shown.count("data-seat") == 1

    asked = post(api, "/mailbox/seat", lang="ar", code=CODE, meeting=BRIEFING)
    assert library.strings.text("follow-up.seat.sure", "ar") in html.unescape(asked.text)
    assert seats(engine) == [seat]

    done = post(api, "/mailbox/seat", lang="ar", code=CODE, meeting=BRIEFING, sure="yes").text
    assert seats(engine) == []
    assert library.strings.text("follow-up.seat.given", "ar") in done
    assert "data-seat" not in done


def test_a_place_on_the_waiting_list_is_told_with_its_number(
    api: TestClient, writer: Writer, library: Library
) -> None:
    take(writer, library, api, FULL)

    page = post(api, "/mailbox", lang="ar", code=CODE).text

    assert library.strings.text("follow-up.seat.waiting", "ar", place="١") in page


def test_giving_back_looks_alike_whether_there_was_a_seat_or_a_code(
    api: TestClient, writer: Writer, library: Library
) -> None:
    take(writer, library, api, BRIEFING)
    own, unknown = (
        post(api, "/mailbox/seat", lang="en", code=code, meeting=BRIEFING, sure="yes")
        for code in (CODE, NEVER_GIVEN)
    )

    assert len(own.content) == len(unknown.content)
    assert len(own.content) % STEP == 0
    shown = unknown.text.replace(NEVER_GIVEN, CODE)
    assert re.split("<!--", own.text)[0] == re.split("<!--", shown)[0]


def test_a_meeting_that_is_not_there_is_said_to_be_not_there(api: TestClient) -> None:
    answer = post(api, "/mailbox/seat", lang="en", code=CODE, meeting="no-such-meeting")

    assert answer.status_code == 404
