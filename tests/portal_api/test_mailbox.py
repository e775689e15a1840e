"""Mailboxes: unknown and empty are the same answer, and nothing can be seen from outside."""

import base64
import gzip
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from portal_api.operations.store import Store
from portal_api.operations.tidying import Tidying, tidy
from portal_api.replies.tables import StoredReply
from portal_api.settings import ApiSettings
from portal_protocol.derivation import Mailbox, derive_mailbox
from portal_protocol.replies import open_reply
from tests.portal_api.factories import CODE, DEPLOYMENT, TODAY, Office

STEP = 16_384


@pytest.fixture(scope="session")
def mailbox() -> Mailbox:
    return derive_mailbox(CODE, DEPLOYMENT)


def token_of(mailbox: Mailbox) -> dict[str, str]:
    token = base64.urlsafe_b64encode(mailbox.token).decode().rstrip("=")
    return {"Authorization": f"Mailbox {token}"}


def hand_in(gateway: TestClient, mailbox: Mailbox, *sealed: bytes) -> Any:
    replies = [{"mailbox": mailbox.id, "data": base64.b64encode(d).decode()} for d in sealed]
    return gateway.post("/handover/replies", json={"replies": replies})


def test_an_answer_reaches_the_holder_of_the_code(
    api: TestClient, gateway: TestClient, office: Office, mailbox: Mailbox
) -> None:
    hand_in(gateway, mailbox, office.reply(mailbox, "جواب"))

    answer = api.get("/v1/mailbox", headers=token_of(mailbox))

    (message,) = answer.json()["messages"]
    data = base64.b64decode(message["data"])
    key = office.replies.verify_key
    reply = open_reply(data, mailbox.identity, key, mailbox_id=mailbox.id)
    assert (reply.text, message["date"]) == ("جواب", str(TODAY))


def test_unknown_and_empty_mailboxes_cannot_be_told_apart(
    api: TestClient, gateway: TestClient, office: Office, mailbox: Mailbox
) -> None:
    hand_in(gateway, mailbox, office.reply(mailbox, "x"))
    (message,) = api.get("/v1/mailbox", headers=token_of(mailbox)).json()["messages"]
    api.delete(f"/v1/mailbox/{message['n']}", headers=token_of(mailbox))
    never = derive_mailbox("0" * 22 + "98", DEPLOYMENT)

    empty = api.get("/v1/mailbox", headers=token_of(mailbox))
    unknown = api.get("/v1/mailbox", headers=token_of(never))

    assert {len(empty.content), len(unknown.content)} == {STEP}
    assert [answer.json()["messages"] for answer in (empty, unknown)] == [[], []]
    assert empty.headers == unknown.headers
    assert empty.json()["pad"] != unknown.json()["pad"]


def test_one_message_makes_an_answer_no_longer_than_none(
    api: TestClient, gateway: TestClient, office: Office, mailbox: Mailbox
) -> None:
    lengths, packed = [], []
    for count in range(4):
        answer = api.get("/v1/mailbox", headers=token_of(mailbox))
        lengths.append(len(answer.content))
        packed.append(len(gzip.compress(answer.content)))
        hand_in(gateway, mailbox, office.reply(mailbox, f"message {count}", seq=count + 1))

    assert lengths[:2] == [STEP, STEP]
    assert all(length % STEP == 0 for length in lengths)
    assert abs(packed[0] - packed[1]) < 300, "compression on the way would tell them apart"


def test_the_same_answer_twice_is_stored_once(
    api: TestClient, gateway: TestClient, office: Office, mailbox: Mailbox
) -> None:
    sealed = office.reply(mailbox, "x")

    answers = [hand_in(gateway, mailbox, sealed, sealed) for _ in range(2)]

    assert [answer.json() for answer in answers] == [{"stored": 2}] * 2
    assert len(api.get("/v1/mailbox", headers=token_of(mailbox)).json()["messages"]) == 1


def test_the_number_of_a_message_says_nothing_without_the_token(
    api: TestClient, gateway: TestClient, engine: Engine, office: Office, mailbox: Mailbox
) -> None:
    """It stands in an address when a message is deleted; somebody could write that down."""
    hand_in(gateway, mailbox, office.reply(mailbox, "x"))

    (message,) = api.get("/v1/mailbox", headers=token_of(mailbox)).json()["messages"]

    with Session(engine) as session:
        (row,) = session.exec(select(StoredReply)).all()
    assert 0 <= message["n"] < 2**53
    assert format(message["n"], "x").strip("0") not in row.digest
    assert format(message["n"], "x").strip("0") not in row.mailbox


def test_only_the_holder_of_the_token_deletes(
    api: TestClient, gateway: TestClient, office: Office, mailbox: Mailbox
) -> None:
    hand_in(gateway, mailbox, office.reply(mailbox, "x"))
    (message,) = api.get("/v1/mailbox", headers=token_of(mailbox)).json()["messages"]
    other = derive_mailbox("0" * 22 + "98", DEPLOYMENT)

    by_other = api.delete(f"/v1/mailbox/{message['n']}", headers=token_of(other))
    still_there = api.get("/v1/mailbox", headers=token_of(mailbox)).json()["messages"]
    by_holder = api.delete(f"/v1/mailbox/{message['n']}", headers=token_of(mailbox))

    assert still_there == [message]
    assert (by_other.status_code, by_holder.status_code) == (204, 204)
    assert api.get("/v1/mailbox", headers=token_of(mailbox)).json()["messages"] == []


@pytest.mark.parametrize(
    "authorization",
    ["", "Mailbox ", "Mailbox !!!", "Mailbox " + "A" * 42, "Mailbox " + "A" * 99, "Bearer x", "M"],
)
def test_without_a_token_there_is_no_mailbox(api: TestClient, authorization: str) -> None:
    answer = api.get("/v1/mailbox", headers={"Authorization": authorization})

    assert answer.status_code == 401
    assert answer.json() == {"type": "/problems/mailbox_token_malformed", "status": 401}


def test_after_its_days_an_answer_is_forgotten(
    gateway: TestClient, store: Store, settings: ApiSettings, office: Office, mailbox: Mailbox
) -> None:
    hand_in(gateway, mailbox, office.reply(mailbox, "x"))
    tidying = Tidying(store.engine, store.writer, store.chunks, settings)

    def kept() -> int:
        with Session(store.engine) as session:
            return len(session.exec(select(StoredReply)).all())

    tidy(tidying, today=TODAY + timedelta(days=90))
    on_the_last_day = kept()
    tidy(tidying, today=TODAY + timedelta(days=91))

    assert (on_the_last_day, kept()) == (1, 0)
