"""Writing again: added to the case of the code, consents change and nothing is written over."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from portal_content.consents import consent_text
from portal_content.library import Library
from portal_gateway.arrivals import Arrival, ArrivalState
from portal_gateway.cases import Case, CaseState, Consent
from portal_gateway.database import transaction
from portal_gateway.follow_ups import FollowUp, follow_ups, standing_consents
from portal_gateway.run import Gateway, take_turn
from portal_gateway.settings import GatewaySettings
from portal_gateway.steps.following_up import WAITS_FOR_ITS_CASE
from tests.portal_api.factories import Office
from tests.portal_gateway.desks import Desk, open_desk
from tests.portal_gateway.families import Family, Sent, filled_form, write
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import Portal

ANSWER = {"kind": "answer", "message": "نعم، يمكنكم الاتصال مساءً."}


def chosen(library: Library, consents: Mapping[str, bool]) -> list[dict[str, Any]]:
    listed = []
    for consent_id, given in consents.items():
        words = library.consents[consent_id]
        text = consent_text(words, library.strings, "ar")
        choice: dict[str, Any] = {"id": consent_id, "version": words.version, "language": "ar"}
        choice |= {"sha256": text.sha256, "given": given}
        if words.scopes:
            choice["scopes"] = list(words.scopes[:1]) if given else []
        listed.append(choice)
    return listed


def again(
    office: Office,
    library: Library,
    family: Family,
    *,
    answers: Mapping[str, Any] = ANSWER,
    consents: Mapping[str, bool] | None = None,
    photos: Sequence[bytes] = (),
    change: Mapping[str, str] | None = None,
) -> Sent:
    form: dict[str, Any] = {
        "id": "follow-up",
        "version": 1,
        "mode": "self",
        "answers": dict(answers),
    }
    form["consents"] = chosen(library, consents or {})
    if photos:
        form["files"] = {"files": list(range(1, len(photos) + 1))}

    def as_follow_up(envelope: dict[str, Any]) -> None:
        envelope["type"] = "followup"
        envelope["mailbox"] |= change or {}

    return write(office, form, family=family, photos=photos, change_envelope=as_follow_up)


@pytest.fixture
def family(portal: Portal, office: Office, gateway: Gateway, library: Library) -> Family:
    family = Family()
    portal.take(write(office, filled_form(library), family=family))
    take_turn(gateway, now=NOON)
    return family


def only_case(gateway: Gateway) -> Case:
    with transaction(gateway.engine) as session:
        return session.exec(select(Case)).one()


def test_what_is_written_again_is_added_to_the_case(
    portal: Portal, office: Office, gateway: Gateway, library: Library, family: Family
) -> None:
    portal.take(again(office, library, family))
    portal.take(again(office, library, family, answers={"kind": "correct", "message": "اسمه خالد"}))

    take_turn(gateway, now=later(minutes=5))

    case = only_case(gateway)
    with transaction(gateway.engine) as session:
        found = [(one.number, one.answers["message"]) for one in follow_ups(session, case.id)]
    assert sorted(number for number, _ in found) == [1, 2]
    assert {text for _, text in found} == {ANSWER["message"], "اسمه خالد"}
    assert case.state == CaseState.WROTE_AGAIN
    assert case.answers["person_name"]
    assert portal.waiting() == []


def test_consents_change_and_what_was_said_before_stays(
    portal: Portal, office: Office, gateway: Gateway, library: Library, family: Family
) -> None:
    kind = {"kind": "consent"}
    portal.take(again(office, library, family, answers=kind, consents={"C3": False}))
    take_turn(gateway, now=later(minutes=5))
    portal.take(again(office, library, family, answers=kind, consents={"C2": True, "C6": True}))
    take_turn(gateway, now=later(minutes=9))

    case = only_case(gateway)
    with transaction(gateway.engine) as session:
        standing = {one.now.consent_id: one for one in standing_consents(session, case.id)}
        first = {row.consent_id: row.given for row in session.exec(select(Consent)).all()}
        now = {name: one.now.given for name, one in standing.items()}
        before = [old.given for old in standing["C3"].before]
    assert (now["C1"], now["C2"], now["C3"], now["C6"]) == (True, True, False, True)
    assert before == [True]
    assert first["C3"] is True


def test_the_family_is_told_that_it_arrived(
    portal: Portal, office: Office, gateway: Gateway, library: Library, family: Family
) -> None:
    portal.take(again(office, library, family))
    take_turn(gateway, now=later(minutes=5))
    take_turn(gateway, now=later(days=2))

    texts = [reply.text for reply in portal.replies(family)]
    assert texts.count(library.strings.text("replies.received_again", "ar")) == 1


def test_a_follow_up_that_comes_first_waits_for_its_case(
    portal: Portal, office: Office, gateway: Gateway, library: Library
) -> None:
    family = Family()
    portal.take(again(office, library, family))
    take_turn(gateway, now=NOON)
    assert only_arrival(gateway).reason == "case_not_here"

    portal.take(write(office, filled_form(library), family=family))
    for minutes in (1, 20, 40):
        take_turn(gateway, now=later(minutes=minutes))

    with transaction(gateway.engine) as session:
        assert len(session.exec(select(FollowUp)).all()) == 1


def test_a_follow_up_without_any_case_is_set_aside_after_days(
    portal: Portal, office: Office, gateway: Gateway, library: Library
) -> None:
    portal.take(again(office, library, Family()))
    take_turn(gateway, now=NOON)

    take_turn(gateway, now=NOON + WAITS_FOR_ITS_CASE + timedelta(minutes=1))

    arrival = only_arrival(gateway)
    assert (arrival.reason, arrival.state) == ("case_unknown", ArrivalState.KEPT)


def only_arrival(gateway: Gateway) -> Arrival:
    with transaction(gateway.engine) as session:
        return session.exec(select(Arrival)).one()


def test_somebody_without_the_secret_adds_nothing(
    portal: Portal, office: Office, gateway: Gateway, library: Library, family: Family
) -> None:
    portal.take(again(office, library, family, change={"proof": "00" * 32}))

    take_turn(gateway, now=later(minutes=5))

    with transaction(gateway.engine) as session:
        reasons = [row.reason for row in session.exec(select(Arrival)).all() if row.reason]
        assert session.exec(select(FollowUp)).all() == []
    assert reasons == ["mailbox_not_theirs"]
    assert only_case(gateway).state == CaseState.NEW


def test_a_file_comes_along(
    portal: Portal, office: Office, gateway: Gateway, library: Library, family: Family
) -> None:
    sent = again(office, library, family, answers={"kind": "add_file"}, photos=[b"photo"])
    portal.take(sent)

    take_turn(gateway, now=later(minutes=5))

    assert gateway.opened.read(sent.id, "1") == b"photo"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_its_files_are_taken_from_the_page_of_the_case(
    portal: Portal, office: Office, settings: GatewaySettings, gateway: Gateway
) -> None:
    library, family = gateway.library, Family()
    portal.take(write(office, filled_form(library), family=family))
    take_turn(gateway, now=NOON)
    portal.take(again(office, library, family, answers={"kind": "add_file"}, photos=[b"photo"]))
    take_turn(gateway, now=later(minutes=5))
    desk = open_desk(settings, gateway)
    desk.sign_in()
    case = f"/cases/{only_case(gateway).id}"

    taken = desk.get(f"{case}/again/1/files/1/original")

    assert taken.content == b"photo"
    assert f"{case}/again/1/files/1/original" in desk.get(case).text
    for missing in ("again/1/files/2", "again/2/files/1", "files/1"):
        assert desk.get(f"{case}/{missing}/original").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_officer_sees_all_of_it_on_the_page_of_the_case(
    portal: Portal, office: Office, settings: GatewaySettings, gateway: Gateway, *, lang: str
) -> None:
    library, family = gateway.library, Family()
    portal.take(write(office, filled_form(library), family=family))
    take_turn(gateway, now=NOON)
    contact = {"way": "phone", "value": "٠٠٩٦٣ ٩٩٩ ١١١ ٢٢٢"}
    unsafe = {"kind": "contact_unsafe", "safe_contact": contact}
    portal.take(again(office, library, family, answers=unsafe, consents={"C3": False}))
    take_turn(gateway, now=later(minutes=5))
    desk: Desk = open_desk(settings, gateway)
    desk.sign_in(lang=lang)

    page = desk.get(f"/cases/{only_case(gateway).id}").text

    assert contact["value"] in page
    assert library.strings.text("register.again.taken_back", lang) in page
    assert library.strings.text("register.states.wrote_again", lang) in page
    assert ("gateway", desk.acts()[1][1]) == ("gateway", "followed_up")
