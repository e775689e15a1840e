"""Replies: signed, sealed, hidden among dummies, exactly once in the family's mailbox."""

import base64
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import col, func, select

from portal_gateway.cases import Case
from portal_gateway.database import transaction
from portal_gateway.errors import TryLater
from portal_gateway.handover import Handover
from portal_gateway.lines import OutgoingReply
from portal_gateway.replies import Batch, Parcel, Reply, new_id
from portal_gateway.run import Gateway, take_turn
from portal_gateway.steps.pushing import LARGEST_BATCH, MULTIPLE, push_due
from portal_gateway.steps.replying import LONGEST_TEXT, Draft, queue_reply
from tests.portal_api.factories import Office
from tests.portal_gateway.families import ENOUGH, Family, filled_form, write
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import Portal


def register_one(
    portal: Portal, gateway: Gateway, office: Office, family: Family, **answers: Any
) -> Case:
    form = filled_form(gateway.library, answers={**ENOUGH, **answers})
    sent = write(office, form, family=family)
    portal.take(sent)
    take_turn(gateway, now=NOON)
    with transaction(gateway.engine) as session:
        return session.exec(select(Case).where(Case.submission_id == sent.id)).one()


def answer(gateway: Gateway, case: Case, text: str, *, draft: str | None = None) -> bool:
    drafted = Draft(draft or new_id(), "answer", "ar", text, "salma")
    with transaction(gateway.engine) as session:
        kept = session.get_one(Case, case.id)
        return queue_reply(session, gateway.keys, kept, drafted, now=later(minutes=5))


def parcels(gateway: Gateway) -> int:
    with transaction(gateway.engine) as session:
        return session.exec(select(func.count()).select_from(Parcel)).one()


class Recording(Handover):
    """The real client; what it sends is kept, and the line can be cut after the portal has it."""

    def __init__(self, url: str, credential: str) -> None:
        super().__init__(url, credential)
        self.sent: list[list[OutgoingReply]] = []
        self.cut = False

    def push(self, replies: Any) -> None:
        self.sent.append(list(replies))
        super().push(replies)
        if self.cut:
            raise TryLater("unreachable")


@pytest.fixture
def recorded(gateway: Gateway, portal: Portal) -> Any:
    line = Recording(portal.url, "credential-of-the-gateway")
    yield replace(gateway, handover=line), line
    line.close()


@pytest.mark.parametrize("wanted", ["ar", "en", "ku", "tr", "de", "fr"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_family_is_told_in_its_language_that_it_arrived(
    portal: Portal, gateway: Gateway, office: Office, wanted: str
) -> None:
    family = Family()

    register_one(portal, gateway, office, family, contact_language=wanted)

    (reply,) = portal.replies(family)
    assert (reply.status, reply.lang, reply.seq) == ("received", wanted, 1)
    assert reply.text == gateway.library.strings.text("replies.received", wanted)
    assert reply.date == NOON.date()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_language_is_answered_in_the_language_of_the_page(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    family = Family()

    register_one(portal, gateway, office, family, contact_language="other")

    assert [reply.lang for reply in portal.replies(family)] == ["ar"]


def test_an_officers_answer_opens_with_the_code_exactly_as_written(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    family = Family()
    case = register_one(portal, gateway, office, family)
    text = 'السلام عليكم،\n"وصلنا" طلبكم \\ وقرأناه.\n\u200fمع التحية'

    assert answer(gateway, case, text)
    take_turn(gateway, now=later(minutes=6))

    last = portal.replies(family)[-1]
    assert (last.seq, last.status, last.text) == (2, "answer", text)
    with transaction(gateway.engine) as session:
        assert session.get_one(Case, case.id).state == "answered"


def test_the_same_draft_sent_twice_goes_once(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    family = Family()
    case = register_one(portal, gateway, office, family)
    draft = new_id()

    assert answer(gateway, case, "نعم", draft=draft)
    assert not answer(gateway, case, "نعم", draft=draft)
    take_turn(gateway, now=later(minutes=6))

    assert [reply.status for reply in portal.replies(family)] == [
        "received",
        "answer",
    ]


def test_a_batch_hides_how_many_are_real_and_all_look_alike(
    portal: Portal, recorded: tuple[Gateway, Recording], office: Office
) -> None:
    gateway, line = recorded
    family = Family()
    case = register_one(portal, gateway, office, family)
    answer(gateway, case, "ن" * LONGEST_TEXT)

    take_turn(gateway, now=later(minutes=6))

    first, second = line.sent
    assert (len(first), len(second)) == (MULTIPLE, MULTIPLE)
    assert len({parcel.mailbox for parcel in second}) == MULTIPLE
    assert {len(parcel.sealed) for parcel in first} == {len(first[0].sealed)}
    assert {len(parcel.sealed) for parcel in second} == {len(second[0].sealed)}
    assert [p.mailbox for p in second] == sorted(p.mailbox for p in second)
    assert parcels(gateway) == 2


def test_a_batch_is_sent_unchanged_until_the_portal_has_it(
    portal: Portal, recorded: tuple[Gateway, Recording], office: Office
) -> None:
    gateway, line = recorded
    line.cut = True
    family = Family()
    case = register_one(portal, gateway, office, family)
    answer(gateway, case, "بعد ذلك")
    take_turn(gateway, now=later(minutes=6))
    line.cut = False

    take_turn(gateway, now=later(minutes=20))

    first, *repeated, next_one = line.sent
    assert repeated == [first, first]
    assert {p.mailbox for p in first} & {p.mailbox for p in next_one} == {case.mailbox_id}
    assert [reply.seq for reply in portal.replies(family)] == [1, 2]
    assert portal.parcels() == 2 * MULTIPLE


def test_while_a_batch_waits_its_trouble_is_kept_and_time_is_given(
    portal: Portal, gateway: Gateway, office: Office
) -> None:
    family = Family()
    case = register_one(portal, gateway, office, family)
    answer(gateway, case, "نعم")
    nowhere = Handover("http://127.0.0.1:9", "x")

    with pytest.raises(TryLater):
        push_due(gateway.engine, nowhere, gateway.keys, now=NOON)
    assert not push_due(gateway.engine, nowhere, gateway.keys, now=later(seconds=1))

    nowhere.close()
    with transaction(gateway.engine) as session:
        batch = session.exec(select(Batch)).one()
    assert (batch.trouble, batch.attempts) == ("unreachable", 1)
    assert push_due(gateway.engine, gateway.handover, gateway.keys, now=later(seconds=3))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_more_replies_than_the_portal_takes_at_a_time_go_in_several_batches(
    portal: Portal, recorded: tuple[Gateway, Recording], office: Office
) -> None:
    gateway, line = recorded
    family = Family()
    case = register_one(portal, gateway, office, family)
    for number in range(LARGEST_BATCH + 6):
        answer(gateway, case, f"جواب {number}")

    take_turn(gateway, now=later(minutes=6))

    assert [len(batch) for batch in line.sent] == [16, 64, 16]
    assert len(portal.replies(family)) == LARGEST_BATCH + 7
    with transaction(gateway.engine) as session:
        seqs = session.exec(select(Reply.seq).order_by(col(Reply.seq))).all()
    assert list(seqs) == list(range(1, LARGEST_BATCH + 8))


def test_nobody_at_the_portal_can_open_a_reply(
    portal: Portal, recorded: tuple[Gateway, Recording], office: Office
) -> None:
    gateway, line = recorded
    case = register_one(portal, gateway, office, Family())
    answer(gateway, case, "canary-canary")

    take_turn(gateway, now=later(minutes=6))

    wire = b"".join(parcel.sealed for batch in line.sent for parcel in batch)
    assert b"canary" not in wire
    assert base64.b64encode(b"canary-canary")[:12] not in wire
