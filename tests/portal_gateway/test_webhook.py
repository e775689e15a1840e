"""Webhooks: verified as receivers verify them, over lines that lead nowhere else."""

import base64
import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from portal_gateway.connectors.documents import erased
from portal_gateway.connectors.interface import Halted, NotDelivered, NotNow, Refused
from portal_gateway.connectors.signatures import SecretUnfit, public_text, read_secret
from portal_gateway.connectors.web import AddressUnfit, Line
from tests.portal_gateway.casework import example, message
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.receivers import KEY, SECRET, Receiver, webhook

STORED_SECRET = "whsec_" + base64.b64encode(SECRET).decode()


@pytest.fixture
def url(receiving_system: tuple[Receiver, str]) -> str:
    return receiving_system[1]


def signed_by_key(headers: dict[str, str], body: bytes) -> None:
    """What a receiver that holds only the public key does (`v1a`); the package knows `v1` alone."""
    public = base64.b64decode(public_text(KEY).removeprefix("whpk_"))
    signatures = dict(one.split(",", 1) for one in headers["webhook-signature"].split(" "))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signatures["v1a"]), text)


def test_a_receiver_can_prove_what_came_in_both_ways(receiver: Receiver, url: str) -> None:
    connector, told = webhook(url), message()

    connector.deliver(told, now=datetime.now(UTC))
    connector.close()

    ((headers, body),) = receiver.requests
    event = Verifier(STORED_SECRET).verify(body, headers)
    signed_by_key(headers, body)
    assert headers["webhook-id"] == told.id
    assert headers["content-type"] == "application/cloudevents+json"
    required = {"specversion": "1.0", "id": told.id, "source": "https://portal.example"}
    assert required.items() <= event.items()
    assert event["type"] == "org.outreach-portal.search-request.changed.v1"
    assert event["subject"] == told.document_id
    assert event["data"] == told.document


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "body"])
def test_what_was_changed_on_the_way_is_not_believed(
    receiver: Receiver, url: str, name: str
) -> None:
    connector = webhook(url)
    connector.deliver(message(), now=datetime.now(UTC))
    connector.close()
    headers, body = receiver.requests[0]
    if name == "body":
        body = body.replace(b"open", b"shut")
    else:
        headers[name] = headers[name][:-1] + ("1" if headers[name][-1] != "1" else "2")

    with pytest.raises(WebhookVerificationError):
        Verifier(STORED_SECRET).verify(body, headers)
    with pytest.raises(InvalidSignature):
        signed_by_key(headers, body)


def test_each_attempt_has_the_same_id_and_body_and_its_own_moment(
    receiver: Receiver, url: str
) -> None:
    connector, told = webhook(url), message()
    receiver.answers = [(500, {})]

    with pytest.raises(NotNow):
        connector.deliver(told, now=NOON)
    connector.deliver(told, now=later(hours=1))
    connector.close()

    (first, body), (second, again) = receiver.requests
    assert body == again
    assert first["webhook-id"] == second["webhook-id"]
    moments = [int(headers["webhook-timestamp"]) for headers in (first, second)]
    assert moments[1] - moments[0] == 3600


def test_a_thin_message_says_only_that_something_changed(receiver: Receiver, url: str) -> None:
    connector = webhook(url, thin=True)

    connector.deliver(message(), now=NOON)
    connector.close()

    event = json.loads(receiver.requests[0][1])
    assert set(event["data"]) == {"schema", "id", "version", "state"}
    assert "عبد" not in receiver.requests[0][1].decode()


def test_forgetting_is_said_as_such(receiver: Receiver, url: str) -> None:
    connector = webhook(url)

    connector.deliver(message(erased(example("partner")["id"], 3)), now=NOON)
    connector.close()

    event = json.loads(receiver.requests[0][1])
    assert event["type"].endswith(".erased.v1")
    assert event["data"]["state"] == "erased"


LOOK_ELSEWHERE = {"Location": "http://127.0.0.1:9/"}
IN_A_MINUTE = {"Retry-After": "60"}


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ((302, LOOK_ELSEWHERE), Halted, "receiver_differs"),
        ((401, {}), Halted, "credential_refused"),
        ((403, {}), Halted, "credential_refused"),
        ((410, {}), Halted, "gone"),
        ((404, {}), Refused, "refused"),
        ((413, {}), Refused, "refused"),
        ((422, {}), Refused, "refused"),
        ((429, IN_A_MINUTE), NotNow, "busy"),
        ((503, IN_A_MINUTE), NotNow, "busy"),
        ((500, {}), NotNow, "receiver_failed"),
    ],
)
def test_each_answer_means_one_thing(
    receiving_system: tuple[Receiver, str],
    answer: tuple[int, dict[str, str]],
    kind: type[NotDelivered],
    reason: str,
) -> None:
    receiver, url = receiving_system
    receiver.clear()
    connector = webhook(url)
    receiver.answers = [answer]

    with pytest.raises(kind) as raised:
        connector.deliver(message(), now=NOON)
    connector.close()

    assert raised.value.reason == reason
    assert len(receiver.requests) == 1
    if isinstance(raised.value, NotNow):
        assert raised.value.wait == (timedelta(minutes=1) if answer[1] else None)


def test_tokens_are_fetched_kept_and_renewed_before_they_end(receiver: Receiver, url: str) -> None:
    receiver.tokens = set()
    connector = webhook(url, with_tokens=True)

    for seconds in (0, 200, 269, 271):
        connector.deliver(message(), now=later(seconds=seconds))
    connector.close()

    used = [headers["authorization"] for headers, _ in receiver.requests]
    assert used == ["Bearer token-1"] * 3 + ["Bearer token-2"]
    authorization, body = receiver.token_requests[0]
    who = base64.b64decode(authorization.removeprefix("Basic ")).decode()
    assert who == "portal:s%26cret"
    assert body == "grant_type=client_credentials&scope=cases"


def test_a_token_that_was_taken_back_is_replaced_once(receiver: Receiver, url: str) -> None:
    receiver.tokens = set()
    connector = webhook(url, with_tokens=True)
    connector.deliver(message(), now=NOON)
    receiver.tokens = set()

    connector.deliver(message(), now=later(seconds=1))
    receiver.answers = [(401, {}), (401, {})]
    with pytest.raises(Halted):
        connector.deliver(message(), now=later(seconds=2))
    connector.close()

    assert len(receiver.given_out) == 3


@pytest.mark.parametrize(
    "address",
    [
        "http://cases.example/take",
        "ftp://cases.example",
        "https://user:pass@cases.example/",
        "https://cases.example/?to=elsewhere",
        "https:///nowhere",
        "file:///etc/hostname",
    ],
)
def test_an_address_that_nothing_may_be_sent_to_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(AddressUnfit):
        Line(address)


@pytest.mark.parametrize("place", ["169.254.169.254", "[fe80::1]", "224.0.0.1", "0.0.0.0"])
def test_no_request_leads_to_a_place_of_this_network_alone(place: str) -> None:
    line = Line(f"https://{place}/take")

    with pytest.raises(NotNow, match="unreachable") as raised:
        line.request("POST", content=b"x")
    line.close()

    assert raised.value.detail == "this address is not used"


def test_a_path_out_of_an_answer_cannot_lead_to_another_host(url: str) -> None:
    line = Line(url)

    with pytest.raises(NotNow, match="answer_unclear"):
        line.request("GET", "@elsewhere.example/")
    line.close()


@pytest.mark.parametrize(
    "text", ["", "whsec_", "whsec_!!!", STORED_SECRET[6:], "whsec_" + "A" * 12]
)
def test_a_shared_secret_that_keeps_nobody_out_is_refused(text: str) -> None:
    with pytest.raises(SecretUnfit):
        read_secret(text)


def test_nothing_of_a_secret_shows_when_a_connector_is_printed(url: str) -> None:
    connector = webhook(url, with_tokens=True)
    shown: Any = repr(copy.copy(connector))
    connector.close()

    assert "s&cret" not in shown
    assert SECRET.decode() not in shown
    assert read_secret(STORED_SECRET) == SECRET
