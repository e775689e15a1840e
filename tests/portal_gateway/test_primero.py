"""Primero: our id first, compare on conflict, files once, nothing guessed. Against a STAND-IN."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal_content.library import Library
from portal_gateway.connectors.delivering import deliver_turn
from portal_gateway.connectors.documents import erased
from portal_gateway.connectors.interface import Halted, HandedFile, NotNow, Refused
from portal_gateway.connectors.primero.mapping import CAUSES, aliases_of
from portal_gateway.connectors.tables import HandedOver
from portal_gateway.connectors.telling import Telling
from portal_gateway.database import transaction
from portal_gateway.protected_files import ProtectedFiles
from portal_gateway.run import Gateway, take_turn
from tests.portal_api.factories import Office
from tests.portal_gateway.casework import (
    example,
    keep_case,
    message,
    sending,
    write_again,
)
from tests.portal_gateway.families import Family, filled_form, write
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.primero_stand_in import TRACES, StandIn, primero, standing_in
from tests.portal_gateway.test_follow_ups import again
from tests.portal_gateway.zones import Portal

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def serving() -> Iterator[tuple[StandIn, str]]:
    with standing_in() as (stand_in, url):
        yield stand_in, url


@pytest.fixture
def there(serving: tuple[StandIn, str]) -> StandIn:
    serving[0].clear()
    return serving[0]


@pytest.fixture
def url(serving: tuple[StandIn, str]) -> str:
    return serving[1]


def test_a_request_with_its_photo_lies_there_under_our_id(there: StandIn, url: str) -> None:
    connector = primero(
        url,
        causes={**CAUSES, "fleeing_or_moving": "migration"},
        languages={"other": "kurdish"},
        locations={"on_the_way": "SY02"},
        texts={"separation_cause_other": "last_contact.where.text"},
    )
    told = message()

    receipt = connector.deliver(told, now=NOON)
    connector.close()

    record = there.records[told.document_id]
    assert receipt.number == record["short_id"]
    assert receipt.left_out == ()
    expected: dict[str, Any] = {
        "module_id": "primeromodule-cp",
        "inquiry_date": "2026-11-20",
        "status": "open",
        "relation_name": "أم عُمر",
        "relation_telephone": "+90 555 000 00 00",
        "relation_language": ["kurdish"],
        "separation_cause": "migration",
        "location_last": "SY02",
        "separation_cause_other": "معبر باب السلامة، طريق الخروج إلى تركيا",
    }
    assert expected.items() <= record.items()
    (trace,) = record[TRACES]
    assert trace["unique_id"] == told.part_id
    assert (trace["relation"], trace["sex"], trace["age"]) == ("wife", "male", 33)
    # "About 1980" and "spring 2013" are no days; a day that is made up would look like a fact.
    assert "date_of_birth" not in trace
    assert "date_of_separation" not in record
    assert [row["file_name"] for row in record["photos"]] == [f"{told.files[0].sha256}.jpg"]


def test_arabic_names_carry_the_spellings_they_are_searched_by(there: StandIn, url: str) -> None:
    connector, told = primero(url), message()

    connector.deliver(told, now=NOON)
    connector.close()

    (trace,) = there.records[told.document_id][TRACES]
    others = trace["name_other"].split("; ")
    assert "Abd al-Rahman al-Hasan" in others
    assert any(other.startswith("عبدالرحمن محمد خالد") for other in others)
    assert trace["name_nickname"].startswith("أبو عُمر")
    for one, other in (
        ("أحمد", "احمد"),
        ("فاطمة", "فاطمه"),
        ("عبد الله", "عبدالله"),
        ("محمـــد", "محمد"),
        ("إسراء", "اسراء"),
    ):
        assert other in aliases_of(one)


@pytest.mark.parametrize(
    "lost",
    [
        r"POST /api/v2/tracing_requests$",
        r"GET /api/v2/tracing_requests/",
        r"POST .*/attachments",
        r"PATCH /api/v2/tracing_requests/",
    ],
)
def test_stopped_after_any_request_it_goes_on_and_doubles_nothing(
    there: StandIn, url: str, lost: str
) -> None:
    connector = primero(url, owner="officer" if lost.startswith("PATCH") else "")
    told = message()
    there.drop_answer_of = lost

    with pytest.raises(NotNow):
        connector.deliver(told, now=NOON)
    if lost.startswith("PATCH"):
        # It belongs to an officer now; whether all is well there, only a person can see.
        with pytest.raises(Refused, match="out_of_sight"):
            connector.deliver(replace(told, seen=True), now=later(hours=1))
    else:
        connector.deliver(replace(told, seen=True), now=later(hours=1))
    connector.close()

    assert list(there.records) == [told.document_id]
    assert len(there.records[told.document_id][TRACES]) == 1
    assert there.audit.count("create") == there.audit.count("attach") == len(there.files) == 1


def test_a_conflict_with_something_else_is_left_to_a_person(there: StandIn, url: str) -> None:
    connector, told = primero(url), message()
    there.records[told.document_id] = {"owned_by": "portal", TRACES: [], "relation_name": "x"}

    with pytest.raises(Refused, match="other_record"):
        connector.deliver(told, now=NOON)
    connector.close()

    assert there.records[told.document_id]["relation_name"] == "x"


def test_a_conflict_with_an_older_state_of_ours_is_brought_up_to_date(
    there: StandIn, url: str
) -> None:
    connector, told = primero(url), message()
    there.drop_answer_of = r"POST /api/v2/tracing_requests$"
    with pytest.raises(NotNow):
        connector.deliver(told, now=NOON)
    document = dict(told.document)
    del document["writer"]

    connector.deliver(replace(told, document=document), now=NOON)
    connector.close()

    record = there.records[told.document_id]
    assert record["relation_name"] is None
    assert record["relation_telephone"] is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"fields": {"status": "select_box"}}, "relation_name"),
        ({"locations": {"aleppo": "SY99"}}, "SY99"),
        ({"causes": {"abducted": "kidnapping"}}, "kidnapping"),
        ({"texts": {"no_such_field": "request.message"}}, "no_such_field"),
    ],
)
def test_an_instance_that_is_set_up_otherwise_is_sent_nothing(
    there: StandIn, url: str, change: dict[str, Any], named: str
) -> None:
    there.fields = change.pop("fields", there.fields)
    connector = primero(url, **change)

    with pytest.raises(Halted) as raised:
        connector.deliver(message(), now=NOON)
    connector.close()

    assert raised.value.reason == "receiver_differs"
    assert named in raised.value.detail
    assert there.records == {}


def test_a_field_that_was_taken_away_later_is_a_pointer_and_no_value(
    there: StandIn, url: str
) -> None:
    connector = primero(url)
    connector.deliver(message(example("least")), now=NOON)
    del there.fields["relation_telephone"]

    with pytest.raises(Refused) as raised:
        connector.deliver(message(), now=NOON)
    connector.close()

    assert raised.value.detail == "422 /relation_telephone"


def test_a_wrong_password_is_tried_once_so_that_the_user_is_not_locked(
    there: StandIn, url: str
) -> None:
    connector = primero(url, password="wrong")

    with pytest.raises(Halted, match="credential_refused"):
        connector.deliver(message(), now=NOON)
    connector.close()

    assert there.wrong_passwords == 1


def test_what_primero_does_not_take_is_left_to_a_person_and_counted(
    there: StandIn, url: str
) -> None:
    connector, told = primero(url), message()
    voice = HandedFile("spoken_message", "audio/webm", 10, "a" * 64, lambda: b"")
    large = HandedFile("photos", "image/jpeg", 21 * 1024 * 1024, "b" * 64, lambda: b"")

    receipt = connector.deliver(replace(told, files=(*told.files, voice, large)), now=NOON)
    connector.close()

    assert receipt.left_out == ("a" * 64, "b" * 64)
    assert len(there.files) == 1


def test_a_file_that_reads_back_otherwise_is_noticed(there: StandIn, url: str) -> None:
    connector = primero(url)
    there.broken_files = True

    with pytest.raises(Refused, match="file_damaged"):
        connector.deliver(message(), now=NOON)
    connector.close()


def test_a_record_out_of_our_sight_is_left_to_a_person(there: StandIn, url: str) -> None:
    connector = primero(url, owner="officer")
    told = message()
    number = connector.deliver(told, now=NOON).number

    for document in (told.document, erased(told.document_id, 3)):
        with pytest.raises(Refused, match="out_of_sight"):
            connector.deliver(replace(told, document=document, number=number), now=later(days=1))
    connector.close()

    assert there.records[told.document_id]["owned_by"] == "officer"


@ON_SQLITE
def test_consent_taken_back_empties_what_primero_has(
    engine: Engine, library: Library, tmp_path: Path, there: StandIn, url: str
) -> None:
    """The whole way: a case with a photo, then without contact, then nothing."""
    connector = primero(url)
    line = sending(engine, tmp_path, connector)
    case = keep_case(engine, library, opened=ProtectedFiles(tmp_path / "opened"))
    deliver_turn(line, clock=lambda: NOON)
    with transaction(engine) as session:
        known = session.get_one(HandedOver, (case, "primero"))
    record = there.records[known.document_id]
    assert known.number == record["short_id"]
    assert record["relation_telephone"] == "+90 555 000 00 00"

    write_again(engine, case, taken_back=["C2"])
    deliver_turn(line, clock=lambda: later(hours=2))
    assert record["relation_telephone"] is None
    assert len(record[TRACES]) == 1
    write_again(engine, case, number=2, taken_back=["C1"], at=later(hours=3))
    deliver_turn(line, clock=lambda: later(hours=4))
    connector.close()

    assert record[TRACES] == []
    assert there.files == {}
    assert (record["status"], record["record_state"]) == ("closed", False)
    left = {name for name, value in record.items() if value}
    assert left == {"short_id", "owned_by", "enabled", "id", "module_id", "inquiry_date", "status"}


def test_a_family_is_told_its_number_once_and_no_words_of_another_system(
    portal: Portal, gateway: Gateway, office: Office, tmp_path: Path, there: StandIn, *, url: str
) -> None:
    family, strings = Family(), gateway.library.strings
    telling = Telling(gateway.keys, gateway.library)
    portal.take(write(office, filled_form(gateway.library), family=family))
    take_turn(gateway, now=NOON)
    connector = primero(url)
    line = sending(gateway.engine, tmp_path, connector, telling=telling)
    # The answer that names the number is lost once: Primero has the record, we do not know it.
    there.drop_answer_of = r"GET /api/v2/tracing_requests/[^/]+$"
    deliver_turn(line, clock=lambda: later(minutes=1))
    deliver_turn(line, clock=lambda: later(minutes=90))
    portal.take(again(office, gateway.library, family))
    take_turn(gateway, now=later(hours=2))
    deliver_turn(line, clock=lambda: later(hours=3))
    with transaction(gateway.engine) as session:
        (handed,) = session.exec(select(HandedOver)).all()
        ours = replace(connector, name="another")
        theirs = replace(ours, recipient="icmp")
        for one, said in ((theirs, "abc1234"), (ours, "call +1 555"), (ours, "x" * 21)):
            assert not telling.number(session, one, handed.case_id, said, now=NOON)
    take_turn(gateway, now=later(hours=4))
    connector.close()

    (record,) = there.records.values()
    assert handed.number == record["short_id"]
    replies = portal.replies(family)
    assert [(one.status, one.lang) for one in replies] == [("received", "ar")] * 3
    assert [one.text for one in replies] == [
        strings.text("replies.received", "ar"),
        strings.text("replies.numbered", "ar", number=f"\u2066{handed.number}\u2069"),
        strings.text("replies.received_again", "ar"),
    ]
