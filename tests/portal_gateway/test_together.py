"""Several that wait are registered in one transaction; one that is wrong holds nobody up."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, select

from portal_gateway.arrivals import Arrival, ArrivalState, take_due, take_first_attempts
from portal_gateway.audit_check import verify
from portal_gateway.cases import Case
from portal_gateway.database import transaction
from portal_gateway.errors import NotWhole, SetAside
from portal_gateway.protected_files import ENVELOPE
from portal_gateway.replies import Mailbox, Parcel, Reply
from portal_gateway.run import Gateway, advance_next, register_together, take_turn
from portal_gateway.steps.pulling import list_waiting
from portal_gateway.steps.registering import Ready, register
from portal_protocol.age import HybridIdentity
from portal_protocol.manifest import Manifest
from tests.portal_api.factories import Office
from tests.portal_gateway.families import Family, Sent, filled_form, write
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import Portal

SEVERAL = 5
STRANGER = HybridIdentity.generate().recipient


def without_files(manifest: Manifest) -> Manifest:
    return replace(manifest, blobs=())


def apart(office: Office, gateway: Gateway, count: int) -> list[Sent]:
    """Submissions of which no two share a lock."""
    family, found = Family(), dict[str, Sent]()
    while len(found) < count:
        sent = write(office, filled_form(gateway.library), family=family)
        found[sent.id[:2]] = sent
    return list(found.values())


def fetched(portal: Portal, gateway: Gateway, several: list[Sent]) -> None:
    for sent in several:
        portal.take(sent)
    list_waiting(gateway.engine, gateway.handover, now=NOON)
    for _ in several:
        assert advance_next(gateway, now=NOON, states=[ArrivalState.LISTED])


def registered(gateway: Gateway) -> set[str]:
    with transaction(gateway.engine) as session:
        found = session.exec(select(Case.submission_id)).all()
    assert len(found) == len(set(found))
    return set(found)


def test_several_that_wait_are_registered_at_once(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    several = apart(office, gateway, SEVERAL)
    fetched(portal, gateway, several)

    assert register_together(gateway, now=NOON)

    assert registered(gateway) == {sent.id for sent in several}
    assert verify(gateway.engine).found == ()
    assert verify(gateway.engine).rows == SEVERAL
    take_turn(gateway, now=NOON)
    assert portal.waiting() == []


def test_two_that_come_with_one_code_are_answered_under_two_numbers(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    several = apart(office, gateway, SEVERAL)
    fetched(portal, gateway, several)

    assert register_together(gateway, now=NOON)

    with transaction(gateway.engine) as session:
        told = session.exec(select(Reply.seq, Case.submission_id).join(Case)).all()
        sealed = session.exec(select(Parcel.reply_id)).all()
        mailboxes = session.exec(select(Mailbox.last_seq)).all()
    assert sorted(seq for seq, _ in told) == list(range(1, SEVERAL + 1))
    assert {submission for _, submission in told} == {sent.id for sent in several}
    assert len(set(sealed)) == SEVERAL
    assert mailboxes == [SEVERAL]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_several_are_opened_as_each_is_opened_alone(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    wrong = [
        write(office, filled_form(gateway.library, version=9)),
        write(office, filled_form(gateway.library), recipients=[STRANGER, STRANGER]),
        write(office, filled_form(gateway.library), pad=lambda value: b"{}".ljust(8192)),
        write(office, filled_form(gateway.library), photos=[b"x"], change_manifest=without_files),
        write(office, filled_form(gateway.library), client="damaged/1"),
    ]
    photo = write(office, filled_form(gateway.library), photos=[b"what a camera saw"])
    several = [wrong[0], photo, *wrong[1:], *apart(office, gateway, 2)]
    for sent in several:
        portal.put_past_its_checks(sent)
    list_waiting(gateway.engine, gateway.handover, now=NOON)
    for _ in several:
        assert advance_next(gateway, now=NOON, states=[ArrivalState.LISTED])
    gateway.sealed.put(wrong[-1].id, ENVELOPE, wrong[-1].envelope[:-1])

    together = gateway.opening.several([sent.id for sent in several])

    assert [checked is None for checked in together] == [sent in wrong for sent in several]
    assert gateway.opened.read(photo.id, "1") == b"what a camera saw"
    for sent, checked in zip(several, together, strict=True):
        if checked is None:
            with pytest.raises(SetAside):
                gateway.opening.one(sent.id)
        else:
            assert gateway.opening.one(sent.id) == checked


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_envelope_that_is_not_what_was_fetched_is_not_opened(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    plain, with_files = (
        write(office, filled_form(gateway.library), photos=photos) for photos in ([], [b"seen"])
    )
    fetched(portal, gateway, [plain, with_files])
    gateway.sealed.put(plain.id, ENVELOPE, with_files.envelope)
    gateway.sealed.put(with_files.id, ENVELOPE, plain.envelope)

    assert gateway.opening.several([plain.id, with_files.id]) == [None, None]
    for sent in (plain, with_files):
        with pytest.raises(NotWhole):
            gateway.opening.one(sent.id)


def test_one_that_cannot_be_answered_does_not_undo_the_others(
    portal: Portal, gateway: Gateway, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_key(value: dict[str, object]) -> None:
        mailbox = value["mailbox"]
        assert isinstance(mailbox, dict)
        mailbox["recipient"] = "age1pq1" + "q" * 1950

    several = apart(office, gateway, SEVERAL)
    unanswerable = write(office, filled_form(gateway.library), change_envelope=no_key)
    fetched(portal, gateway, [*several, unanswerable])
    at_once = []

    def counted(session: Session, ready: Sequence[Ready], **belongings: Any) -> None:
        at_once.append(len(ready))
        register(session, ready, **belongings)

    monkeypatch.setattr("portal_gateway.run.register", counted)

    assert register_together(gateway, now=NOON)

    assert at_once == [SEVERAL]
    assert registered(gateway) == {sent.id for sent in several}
    with transaction(gateway.engine) as session:
        assert session.get_one(Arrival, unanswerable.id).reason == "mailbox_unusable"


def test_one_that_is_wrong_is_set_aside_alone(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    several = apart(office, gateway, SEVERAL)

    def claim_it(value: dict[str, object]) -> None:
        mailbox = value["mailbox"]
        assert isinstance(mailbox, dict)
        mailbox["proof"] = "0" * 64

    # Opened and checked it is as good as any other: only the register knows better.
    family = Family()
    first = write(office, filled_form(gateway.library), family=family)
    stranger = write(office, filled_form(gateway.library), family=family, change_envelope=claim_it)
    unknown = write(office, filled_form(gateway.library, version=9))
    for sent in (first, *several, stranger, unknown):
        portal.take(sent)

    for minute in range(3):
        take_turn(gateway, now=later(minutes=minute))

    kept = registered(gateway)
    with transaction(gateway.engine) as session:
        reasons = {
            one.id: one.reason
            for one in session.exec(select(Arrival).where(Arrival.state == ArrivalState.KEPT))
        }
    assert kept >= {sent.id for sent in several}
    assert len(kept & {first.id, stranger.id}) == 1
    assert reasons == {
        ({first.id, stranger.id} - kept).pop(): "mailbox_not_theirs",
        unknown.id: "form_unknown",
    }
    assert verify(gateway.engine).found == ()
    assert portal.waiting() == []


def test_what_was_tried_together_and_ended_badly_is_tried_alone(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    """One that kills the service takes the others with it once, and no second time."""
    several = apart(office, gateway, SEVERAL)
    fetched(portal, gateway, several)

    begun = take_first_attempts(gateway.engine, now=NOON)

    assert {one.id for one in begun} == {sent.id for sent in several}
    assert take_first_attempts(gateway.engine, now=later(hours=1)) == []
    alone = take_due(gateway.engine, now=later(hours=1))
    assert alone is not None
    assert alone.state is ArrivalState.FETCHED
    take_turn(gateway, now=later(hours=2))
    assert registered(gateway) == {sent.id for sent in several}
