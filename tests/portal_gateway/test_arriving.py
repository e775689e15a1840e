"""From the portal into the register: once in effect, whole, and nobody held up by another."""

import io
import json
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from portal_content.library import Library
from portal_gateway.arrivals import Arrival, ArrivalState
from portal_gateway.cases import Attachment, Case, Consent
from portal_gateway.database import transaction
from portal_gateway.handover import Handover
from portal_gateway.link import Link
from portal_gateway.protected_files import CLAIMS
from portal_gateway.run import Gateway, take_turn
from portal_gateway.settings import GatewaySettings
from portal_gateway.steps.pulling import list_waiting
from portal_protocol.age import HybridIdentity
from portal_protocol.padding import padded_json
from tests.photos import hidden_data, photo_with_hidden_data
from tests.portal_api.factories import Office
from tests.portal_gateway.families import (
    ENOUGH,
    MORE,
    NAME,
    Family,
    Sent,
    consents,
    filled_form,
    swapped,
    write,
)
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import Portal, open_for_tests

Spoil = Callable[[Portal, Office, Library], Sent]
BadCase = tuple[Callable[[Office, Library], Sent], str, str]


def cases(gateway: Gateway) -> list[Case]:
    with transaction(gateway.engine) as session:
        return list(session.exec(select(Case)).all())


def arrival(gateway: Gateway, sent: Sent) -> Arrival:
    with transaction(gateway.engine) as session:
        return session.get_one(Arrival, sent.id)


def test_what_a_family_wrote_is_a_case_exactly_as_typed(
    portal: Portal, gateway: Gateway, office: Office, library: Library
) -> None:
    form = filled_form(
        library, answers=dict(MORE), consents=consents(library, given=("C1", "C3", "C5"))
    )
    sent = write(office, form)
    portal.take(sent)

    take_turn(gateway, now=NOON)

    (case,) = cases(gateway)
    assert case.answers == MORE
    assert case.person_name == NAME
    assert (case.queue, case.state) == ("registration", "new")
    assert case.flags == [
        "maybe_held_now",
        "needs_reading_help",
        "several_missing",
        "on_migration_route",
    ]
    assert (case.form_id, case.form_version, case.mode) == ("search-request", 1, "self")
    assert (case.language, case.reply_language, case.client) == ("ar", "ar", "web-js/1")
    assert case.registered_at == NOON
    assert portal.waiting() == []
    assert arrival(gateway, sent).state == ArrivalState.DONE


def test_consents_are_kept_as_they_were_given(
    portal: Portal, gateway: Gateway, office: Office, library: Library
) -> None:
    choices = consents(library, "en", given=("C1", "C3", "C5"))
    choices[3]["sha256"] = "0" * 64
    portal.take(write(office, filled_form(library, "en", consents=choices), lang="en"))

    take_turn(gateway, now=NOON)

    with transaction(gateway.engine) as session:
        kept = {c.consent_id: c for c in session.exec(select(Consent)).all()}
    assert {name for name, consent in kept.items() if consent.given} == {"C1", "C3", "C5"}
    assert kept["C5"].scopes == ["psychosocial", "legal"]
    assert kept["C1"].text_known
    assert kept["C1"].language == "en"
    assert not kept[choices[3]["id"]].text_known


def test_every_file_is_kept_with_the_question_that_it_answers(
    gateway: Gateway, portal: Portal, office: Office, library: Library
) -> None:
    message = ("spoken_message", "voice-message.webm", "audio/webm", b"\x1a\x45\xdf\xa3")
    portal.take(write(office, filled_form(library), photos=[b"a", b"b"], files=[message]))

    take_turn(gateway, now=NOON)

    with transaction(gateway.engine) as session:
        stored = session.exec(select(Attachment).order_by(col(Attachment.position))).all()
        assert [(file.position, file.question) for file in stored] == [
            (1, "photos"),
            (2, "photos"),
            (3, "spoken_message"),
        ]


@pytest.mark.parametrize(
    "places",
    [
        pytest.param({"photos": [1]}, id="a file without a question"),
        pytest.param({"photos": [1, 2], "spoken_message": [2]}, id="a file with two"),
        pytest.param({"photos": [1, 2, 3]}, id="a file that is not there"),
        pytest.param({"message": [1, 2]}, id="a question that is no question for files"),
        pytest.param({}, id="two questions and no word which"),
    ],
)
def test_files_that_answer_no_question_keep_the_submission_out(
    gateway: Gateway, portal: Portal, office: Office, library: Library, places: dict[str, list[int]]
) -> None:
    form = filled_form(library) | {"files": places}
    sent = write(office, form, photos=[b"a", b"b"])
    portal.take(sent)

    take_turn(gateway, now=NOON)

    assert arrival(gateway, sent).reason == "files_not_asked"


def test_photos_lie_where_only_the_service_reads_and_sealed_bytes_are_gone(
    portal: Portal, gateway: Gateway, settings: GatewaySettings, office: Office, library: Library
) -> None:
    photo = photo_with_hidden_data(marker="as sent")
    sent = write(office, filled_form(library), photos=[photo, b"second"])
    portal.take(sent)

    take_turn(gateway, now=NOON)

    assert gateway.opened.read(sent.id, "1") == photo
    assert hidden_data(gateway.opened.read(sent.id, "1"))["place"]
    assert gateway.opened.read(sent.id, "2") == b"second"
    with transaction(gateway.engine) as session:
        named = session.exec(select(Attachment).order_by(col(Attachment.position))).all()
    assert [(a.position, a.name, a.size) for a in named] == [
        (1, "صورة 1.jpg", len(photo)),
        (2, "صورة 2.jpg", 6),
    ]
    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode))
        for path in [settings.attachments, *settings.attachments.rglob("*")]
    }
    assert modes == {(True, 0o700), (False, 0o600)}
    assert [path.name for path in (settings.attachments / "sealed").iterdir()] == [CLAIMS]
    assert {
        path.stat().st_size for path in (settings.attachments / "sealed" / CLAIMS).iterdir()
    } == {0}


def test_the_same_submission_pulled_twice_is_one_case(
    portal: Portal, gateway: Gateway, office: Office, library: Library
) -> None:
    family = Family()
    sent = write(office, filled_form(library), family=family)
    portal.take(sent)
    take_turn(gateway, now=NOON)
    with portal.store.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE submission SET acknowledged_on = NULL")

    take_turn(gateway, now=later(minutes=1))
    take_turn(gateway, now=later(minutes=2))

    assert len(cases(gateway)) == 1
    assert portal.waiting() == []
    assert [reply.status for reply in portal.replies(family)] == ["received"]


def test_a_second_submission_with_the_same_code_is_a_second_case_in_one_mailbox(
    portal: Portal, gateway: Gateway, office: Office, library: Library
) -> None:
    family = Family()
    for _ in range(2):
        portal.take(write(office, filled_form(library), family=family))

    take_turn(gateway, now=NOON)

    assert len(cases(gateway)) == 2
    assert [reply.seq for reply in portal.replies(family)] == [1, 2]


def altered_chunk(portal: Portal, office: Office, library: Library) -> Sent:
    sent = write(office, filled_form(library), photos=[b"a", b"b"])
    portal.take(sent)
    path = portal.chunk_file(sent.manifest.blobs[1].chunks[0])
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    return sent


def lost_chunk(portal: Portal, office: Office, library: Library) -> Sent:
    sent = write(office, filled_form(library), photos=[b"a"])
    portal.take(sent)
    portal.chunk_file(sent.manifest.blobs[0].chunks[0]).unlink()
    return sent


def altered_manifest(portal: Portal, office: Office, library: Library) -> Sent:
    sent = write(office, filled_form(library), photos=[b"a", b"b"])
    portal.take(sent)
    portal.alter(sent, "manifest", swapped(sent.manifest).to_bytes())
    return sent


def altered_envelope(portal: Portal, office: Office, library: Library) -> Sent:
    sent = write(office, filled_form(library))
    portal.take(sent)
    portal.alter(sent, "envelope", sent.envelope[:-1] + bytes([sent.envelope[-1] ^ 1]))
    return sent


def no_manifest_at_all(portal: Portal, office: Office, library: Library) -> Sent:
    sent = write(office, filled_form(library))
    portal.take(sent)
    portal.alter(sent, "manifest", b"")
    return sent


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (altered_chunk, "chunk_altered"),
        (lost_chunk, "chunk_missing"),
        (altered_manifest, "manifest_altered"),
        (altered_envelope, "manifest_altered"),
        (no_manifest_at_all, "delivery_malformed"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_not_what_was_sent_stays_at_the_portal_and_others_go_on(
    portal: Portal, gateway: Gateway, office: Office, spoil: Spoil, reason: str
) -> None:
    library = gateway.library
    spoiled = spoil(portal, office, library)
    good = write(office, filled_form(library))
    portal.take(good)

    take_turn(gateway, now=NOON)
    take_turn(gateway, now=later(hours=1))

    set_aside = arrival(gateway, spoiled)
    assert (set_aside.state, set_aside.reason) == (ArrivalState.INCOMPLETE, reason)
    assert portal.waiting() == [spoiled.id]
    assert [case.submission_id for case in cases(gateway)] == [good.id]


def unknown_version(office: Office, library: Library) -> Sent:
    return write(office, filled_form(library, version=999))


def unreadable(office: Office, library: Library) -> Sent:
    strangers = [HybridIdentity.generate().recipient for _ in range(2)]
    return write(office, filled_form(library), recipients=strangers)


def one_recipient(office: Office, library: Library) -> Sent:
    to = [office.identities[0].recipient]
    return write(office, filled_form(library), recipients=to)


def wrong_padding(office: Office, library: Library) -> Sent:
    def pad(value: object) -> bytes:
        assert isinstance(value, dict)
        return padded_json(value)[:-1] + b"x"

    return write(office, filled_form(library), pad=pad)


def other_blob_order(office: Office, library: Library) -> Sent:
    return write(office, filled_form(library), photos=[b"a", b"b"], change_manifest=swapped)


def wrong_content(office: Office, library: Library) -> Sent:
    def lie(value: dict[str, object]) -> None:
        files = value["files"]
        assert isinstance(files, list)
        files[0]["sha256"] = "0" * 64

    return write(office, filled_form(library), photos=[b"a"], change_envelope=lie)


def answers_missing(office: Office, library: Library) -> Sent:
    answers = {name: value for name, value in ENOUGH.items() if name != "relation"}
    return write(office, filled_form(library, answers=answers))


def unknown_question(office: Office, library: Library) -> Sent:
    return write(office, filled_form(library, answers={**ENOUGH, "<b>": "x"}))


def unstorable(office: Office, library: Library) -> Sent:
    form = filled_form(library, answers={**ENOUGH, "person_name": "a\x00b"})
    return write(office, form, pad=padded_by_others)


def half_a_pair(office: Office, library: Library) -> Sent:
    form = filled_form(library, answers={**ENOUGH, "person_name": "a\ud83d"})
    return write(office, form, pad=padded_by_others)


def padded_by_others(value: Mapping[str, object]) -> bytes:
    """As somebody writes it who does not look what is in it."""
    return json.dumps(value).encode().ljust(8192)


def consent_left_out(office: Office, library: Library) -> Sent:
    return write(office, filled_form(library, consents=consents(library)[:-1]))


def helper_unnamed(office: Office, library: Library) -> Sent:
    return write(office, filled_form(library, mode="assisted"))


def helper_without_language(office: Office, library: Library) -> Sent:
    return write(office, filled_form(library, mode="assisted", helper={"name": "سلمى"}))


def answer_not_asked(office: Office, library: Library) -> Sent:
    return write(office, filled_form(library, answers={**ENOUGH, "contact_language_other": "x"}))


def form_in_pieces(office: Office, library: Library) -> Sent:
    return write(office, {"id": "search-request", "answers": []})


def newer_keys(office: Office, library: Library) -> Sent:
    return write(office, filled_form(library), change_envelope=lambda value: value.update(keys=2))


def no_mailbox(office: Office, library: Library) -> Sent:
    def spoil(value: dict[str, object]) -> None:
        mailbox = value["mailbox"]
        assert isinstance(mailbox, dict)
        text = mailbox["recipient"]
        mailbox["recipient"] = text[:-1] + ("p" if text.endswith("q") else "q")

    return write(office, filled_form(library), change_envelope=spoil)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "case",
    [
        (unknown_version, "form_unknown", "version 999"),
        (unreadable, "sealed_to_others", ""),
        (one_recipient, "wrong_recipients", "1 instead of 2"),
        (wrong_padding, "envelope_invalid", ""),
        (other_blob_order, "files_differ", "other files than the envelope names"),
        (wrong_content, "file_invalid", "content"),
        (answers_missing, "answers_invalid", "relation: missing"),
        (unknown_question, "answers_invalid", "?: unknown_question"),
        (unstorable, "envelope_invalid", "NUL"),
        (half_a_pair, "envelope_invalid", "no JSON object"),
        (consent_left_out, "consents_differ", ""),
        (helper_unnamed, "form_invalid", "mode, helper"),
        (
            helper_without_language,
            "answers_invalid",
            "helper.read_language: read_language_missing",
        ),
        (answer_not_asked, "answers_invalid", "contact_language_other: not_asked"),
        (form_in_pieces, "form_invalid", "answers, consents, mode, version"),
        (newer_keys, "keys_newer", "serial 2"),
        (no_mailbox, "mailbox_unusable", ""),
    ],
    ids=lambda case: case[0].__name__,
)
def test_what_cannot_be_registered_is_kept_sealed_with_its_reason_and_others_go_on(
    portal: Portal, gateway: Gateway, settings: GatewaySettings, office: Office, case: BadCase
) -> None:
    make, reason, detail = case
    library = gateway.library
    poison = make(office, library)
    portal.put_past_its_checks(poison)
    good = write(office, filled_form(library))
    portal.take(good)

    take_turn(gateway, now=NOON)
    take_turn(gateway, now=later(hours=1))

    kept = arrival(gateway, poison)
    assert (kept.state, kept.reason) == (ArrivalState.KEPT, reason)
    if detail:
        assert kept.detail == detail
    assert portal.waiting() == []
    assert sealed_copy(settings, poison) == {
        "manifest": poison.manifest.to_bytes(),
        "envelope": poison.envelope,
        **poison.chunks,
    }
    assert not (settings.attachments / "opened" / poison.id).exists()
    assert [case.submission_id for case in cases(gateway)] == [good.id]


def sealed_copy(settings: GatewaySettings, sent: Sent) -> dict[str, bytes]:
    folder = settings.attachments / "sealed" / sent.id
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_nobody_can_write_into_the_mailbox_of_another_family(
    portal: Portal, gateway: Gateway, office: Office, library: Library
) -> None:
    family = Family()
    portal.take(write(office, filled_form(library), family=family))
    take_turn(gateway, now=NOON)

    def pretend(value: dict[str, object]) -> None:
        mailbox = value["mailbox"]
        assert isinstance(mailbox, dict)
        mailbox["proof"] = "0" * 64

    forged = write(office, filled_form(library), family=family, change_envelope=pretend)
    portal.take(forged)
    take_turn(gateway, now=later(minutes=1))

    assert arrival(gateway, forged).reason == "mailbox_not_theirs"
    assert len(cases(gateway)) == 1


@pytest.mark.parametrize("trouble", ["unreachable", "answer_unclear"])
def test_while_the_portal_is_in_trouble_officers_are_told_and_nothing_is_set_aside(
    portal: Portal, gateway: Gateway, office: Office, trouble: str
) -> None:
    portal.take(write(office, filled_form(gateway.library)))
    take_turn(gateway, now=NOON)
    portal.take(write(office, filled_form(gateway.library), photos=[b"a"]))
    list_waiting(gateway.engine, gateway.handover, now=NOON)
    portal.watch.broken = trouble == "answer_unclear"
    nowhere = Handover("http://127.0.0.1:9", "x")
    cut_off = gateway if portal.watch.broken else replace(gateway, handover=nowhere)

    for minute in range(1, 30):
        take_turn(cut_off, now=later(minutes=minute))

    nowhere.close()
    with transaction(gateway.engine) as session:
        assert session.get_one(Link, 1).trouble == trouble
        assert session.get_one(Link, 1).last_contact == NOON
    portal.watch.broken = False
    take_turn(gateway, now=later(hours=2))
    assert len(cases(gateway)) == 2


def test_a_wrong_credential_is_named_as_such(
    portal: Portal, gateway: Gateway, office: Office, library: Library, settings: GatewaySettings
) -> None:
    settings.handover_credential.write_text("another\n")

    with open_for_tests(settings, library) as stranger:
        take_turn(stranger, now=NOON)
        with transaction(stranger.engine) as session:
            assert session.get_one(Link, 1).trouble == "credential_refused"


def test_more_submissions_than_one_page_all_arrive_beside_many_that_were_set_aside(
    portal: Portal, gateway: Gateway, office: Office, library: Library
) -> None:
    portal.fill_with_nonsense(103)
    good = write(office, filled_form(library))
    portal.take(good)

    take_turn(gateway, now=NOON)

    assert [case.submission_id for case in cases(gateway)] == [good.id]
    assert len(portal.waiting()) == 103


def test_nothing_readable_stays_of_a_photo_whose_submission_is_set_aside(
    portal: Portal, gateway: Gateway, settings: GatewaySettings, office: Office, library: Library
) -> None:
    photo = io.BytesIO(b"canary" * 5000).getvalue()
    sent = write(office, filled_form(library, version=7), photos=[photo])
    portal.put_past_its_checks(sent)

    take_turn(gateway, now=NOON)

    assert b"canary" not in b"".join(
        path.read_bytes() for path in Path(settings.attachments).rglob("*") if path.is_file()
    )


HELPED = {"name": "سلمى", "organisation": "رابطة", "read_language": "ku", "relation": "جارة"}


def test_who_helped_is_kept_apart_and_each_consent_says_that_somebody_helped(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    portal.take(write(office, filled_form(gateway.library, mode="assisted", helper=HELPED)))

    take_turn(gateway, now=NOON)

    (case,) = cases(gateway)
    assert (case.mode, case.helper) == ("assisted", HELPED)
    assert "helper" not in str(case.answers)
    with transaction(gateway.engine) as session:
        assert {consent.capacity for consent in session.exec(select(Consent))} == {"assisted"}
