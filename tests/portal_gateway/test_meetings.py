"""Meetings: the gateway knows whose seat is whose, tells who moves up, and sends the place."""

import base64
import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select

from portal_content.consents import consent_text
from portal_content.library import Library
from portal_gateway.cases import Case
from portal_gateway.database import transaction
from portal_gateway.run import Gateway, take_turn
from portal_gateway.seats import MeetingSeat, SeatState, registrations
from portal_gateway.settings import GatewaySettings
from portal_protocol.seats import seat_token
from tests.portal_api.factories import Office
from tests.portal_gateway.desks import Desk, open_desk
from tests.portal_gateway.families import Family, write
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import Portal

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BRIEFING = "sample-online-december"


@dataclass(frozen=True)
class Zones:
    """Both zones, and what people do to the public one."""

    portal: Portal
    office: Office
    gateway: Gateway
    library: Library

    def take(self, family: Family) -> None:
        answer = self.portal.public.put(f"/v1/seats/{BRIEFING}", headers=header(family))
        assert answer.status_code == 200, answer.text

    def give_back(self, family: Family) -> None:
        self.portal.public.delete(f"/v1/seats/{BRIEFING}", headers=header(family))

    def register(self, name: str) -> Family:
        family = Family()
        self.take(family)

        def as_registration(envelope: dict[str, Any]) -> None:
            envelope["type"] = "briefing-registration"

        form = registration(self.library, name)
        self.portal.take(write(self.office, form, family=family, change_envelope=as_registration))
        return family

    def fill(self) -> list[Family]:
        """Take every seat without registering."""
        capacity = self.library.briefings[BRIEFING].capacity
        assert capacity is not None
        strangers = [Family() for _ in range(capacity)]
        for stranger in strangers:
            self.take(stranger)
        return strangers

    def states(self) -> dict[str, str]:
        with transaction(self.gateway.engine) as session:
            rows = registrations(session, BRIEFING)
            return {case.answers["display_name"]: seat.state for seat, case in rows}


@pytest.fixture
def zones(portal: Portal, office: Office, gateway: Gateway, library: Library) -> Zones:
    app = portal.public.app
    assert isinstance(app, FastAPI)
    app.state.now = lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)
    return Zones(portal, office, gateway, library)


@pytest.fixture
def desk(settings: GatewaySettings, gateway: Gateway) -> Desk:
    opened = open_desk(settings, gateway)
    assert opened.sign_in().status_code == 303
    return opened


def header(family: Family, briefing: str = BRIEFING) -> dict[str, str]:
    token = seat_token(family.mailbox.proof, briefing)
    return {"Authorization": "Seat " + base64.urlsafe_b64encode(token).decode().rstrip("=")}


def registration(library: Library, name: str, briefing: str = BRIEFING) -> dict[str, Any]:
    form = library.forms.get("briefing-registration", 1)
    consents = []
    for wanted in form.consents:
        words = library.consents[wanted.id]
        text = consent_text(words, library.strings, "ar")
        choice = {"id": wanted.id, "version": words.version, "language": "ar"}
        consents.append(choice | {"sha256": text.sha256, "given": wanted.required})
    answers = {
        "briefing": briefing,
        "display_name": name,
        "contact_language": "ar",
        "interpretation": "no",
        "question": "هل يمكن أن أسأل كتابةً؟",
        "safe_contact": {"way": "none"},
    }
    form_part = {"id": form.id, "version": form.version, "mode": "self"}
    return form_part | {"answers": answers, "consents": consents}


def test_a_registration_is_matched_with_its_seat(zones: Zones) -> None:
    family = zones.register("أم عمر")

    take_turn(zones.gateway, now=NOON)

    assert zones.states() == {"أم عمر": SeatState.HELD}
    zones.give_back(family)
    take_turn(zones.gateway, now=later(minutes=3))
    assert zones.states() == {"أم عمر": SeatState.NONE}


def test_whoever_moves_up_is_told_once_in_the_mailbox(zones: Zones) -> None:
    first = zones.fill()[0]
    family = zones.register("سلمى")
    take_turn(zones.gateway, now=NOON)
    assert zones.states() == {"سلمى": SeatState.WAITING}

    zones.give_back(first)
    for minutes in (3, 6, 9):
        take_turn(zones.gateway, now=later(minutes=minutes))
    take_turn(zones.gateway, now=later(days=2))

    assert zones.states() == {"سلمى": SeatState.HELD}
    texts = [reply.text for reply in zones.portal.replies(family)]
    moved_up = zones.library.strings.text("replies.moved_up", "ar")
    assert texts.count(moved_up) == 1


def test_a_seat_whose_registration_arrived_stays(zones: Zones) -> None:
    zones.register("أم عمر")
    take_turn(zones.gateway, now=NOON)

    with zones.portal.store.engine.connect() as connection:
        confirmed = connection.exec_driver_sql("SELECT confirmed FROM seat").scalars().all()

    assert [bool(value) for value in confirmed] == [True]


def test_the_officer_sees_names_and_needs_and_writes_to_all_of_them_once(
    zones: Zones, desk: Desk
) -> None:
    families = [zones.register(name) for name in ("أم عمر", "سلمى")]
    take_turn(zones.gateway, now=NOON)
    page = desk.get(f"/meetings/{BRIEFING}").text
    draft = re.search(r'name="draft" value="([0-9a-f]{32})"', page)
    assert draft is not None
    assert "هل يمكن أن أسأل كتابةً؟" in html.unescape(page)

    link = "https://meet.example.org/room"
    form = {"draft": draft[1], "to": "held", "language": "ar", "text": link}
    for _ in range(2):
        answer = desk.post(f"/meetings/{BRIEFING}/message", **form)
    take_turn(zones.gateway, now=later(days=2))

    assert answer.headers["location"] == f"/meetings/{BRIEFING}?sent=0"
    for family in families:
        assert [reply.text for reply in zones.portal.replies(family)].count(link) == 1
    assert ("salma", "wrote_to_meeting", BRIEFING) in desk.acts()


def test_somebody_under_18_has_a_seat_and_no_name_on_the_page(zones: Zones, desk: Desk) -> None:
    zones.register("ليلى")
    take_turn(zones.gateway, now=NOON)
    with transaction(zones.gateway.engine) as session:
        session.exec(select(Case)).one().queue = "child"

    page = html.unescape(desk.get(f"/meetings/{BRIEFING}").text)

    assert "ليلى" not in page
    assert "هل يمكن أن أسأل كتابةً؟" not in page
    assert "No name given" in page


@pytest.mark.parametrize(
    "form",
    [
        {"to": "held", "language": "ar", "text": " "},
        {"to": "everybody", "language": "ar", "text": "x"},
        {"to": "held", "language": "xx", "text": "x"},
    ],
    ids=["no text", "to nobody we know", "no language"],
)
def test_an_unclear_message_is_shown_again_as_typed(desk: Desk, form: dict[str, str]) -> None:
    answer = desk.post(f"/meetings/{BRIEFING}/message", **form)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_list_of_meetings_says_what_is_taken(zones: Zones, desk: Desk, lang: str) -> None:
    desk.sign_in(lang=lang)

    page = desk.get("/meetings")

    assert page.status_code == 200
    assert f"/meetings/{BRIEFING}" in page.text
    assert desk.get("/meetings/no-such-meeting").status_code == 404


def test_a_meeting_that_is_over_is_not_asked_for_any_more(zones: Zones) -> None:
    zones.register("أم عمر")
    take_turn(zones.gateway, now=NOON)
    zones.portal.watch.seen.clear()

    after = zones.library.briefings[BRIEFING].ends.astimezone(UTC)
    take_turn(zones.gateway, now=after.replace(year=after.year + 1))

    assert not [line for line in zones.portal.watch.seen if "/seats/" in line]
    with transaction(zones.gateway.engine) as session:
        assert len(session.exec(select(MeetingSeat)).all()) == 1
