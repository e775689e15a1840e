"""Signing in at a provider: what it takes, and what is refused; the provider is a stand-in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx2 import Response
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from portal_gateway.audit import Action
from portal_gateway.register.accounts import create_officer
from portal_gateway.register.rights import EVERY_QUEUE
from portal_gateway.run import Gateway
from portal_gateway.settings import GatewaySettings, OpenIdSettings
from tests.portal_gateway.desks import NAME, PASSWORD, Desk, open_desk
from tests.portal_gateway.moments import NOON
from tests.portal_gateway.openid_provider import CLIENT, SECRET, Provider, provider_app
from tests.portal_gateway.zones import listening

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BACK = "/sign-in/openid/back"


@pytest.fixture
def provider() -> Iterator[Provider]:
    standing_in = Provider(now=int(NOON.timestamp()))
    with listening(provider_app(standing_in)) as url:
        standing_in.url = url
        yield standing_in


@pytest.fixture
def desk(settings: GatewaySettings, gateway: Gateway, provider: Provider, tmp_path: Path) -> Desk:
    secret = tmp_path / "openid-secret"
    secret.write_text(SECRET + "\n")
    openid = OpenIdSettings(
        issuer=provider.url,
        client_id=CLIENT,
        client_secret=secret,
        register_url="http://127.0.0.1",
    )
    return open_desk(settings.model_copy(update={"openid": openid}), gateway)


def go_there(desk: Desk) -> str:
    """Follow the link to the provider and return the address that it sends the browser to."""
    begun = desk.get("/sign-in/openid")
    assert begun.status_code == 303
    return httpx.get(begun.headers["location"]).headers["location"]


def come_back(desk: Desk, address: str) -> Response:
    return desk.get(address.removeprefix("http://127.0.0.1"))


def test_an_officer_whom_the_provider_knows_signs_in(desk: Desk, provider: Provider) -> None:
    assert 'href="/sign-in/openid"' in desk.get("/sign-in").text

    address = go_there(desk)
    answer = come_back(desk, address)

    assert address.startswith(f"http://127.0.0.1{BACK}?code=")
    assert (answer.status_code, answer.headers.get("location")) == (200, None)
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert desk.get("/").status_code == 200
    assert (NAME, Action.SIGNED_IN, "") in desk.acts()
    asked = provider.asked[0]
    assert (asked["scope"], asked["client_id"]) == ("openid profile", CLIENT)
    # The same answer a second time: its code is used up, and its cookie is gone.
    desk.client.cookies.delete("register-session")
    assert come_back(desk, address).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "https://another.example"},
        {"exp": 1},
        {"preferred_username": "nobody here"},
        {"preferred_username": None},
    ],
    ids=["nonce", "audience", "issuer", "expired", "unknown", "nameless"],
)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    desk: Desk, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims

    answer = come_back(desk, go_there(desk))

    assert answer.status_code == 401
    assert desk.get("/").status_code == 303
    assert [act[1] for act in desk.acts()] == [Action.SIGN_IN_REFUSED]


def test_a_token_with_another_key_and_an_answer_for_another_browser_open_nothing(
    desk: Desk, provider: Provider
) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    forged = come_back(desk, go_there(desk))
    provider.signs_with = None
    address = go_there(desk)
    other = TestClient(desk.app, base_url="http://127.0.0.1", follow_redirects=False)
    foreign = other.get(address.removeprefix("http://127.0.0.1"))
    desk.get("/sign-in/openid")
    mixed = come_back(desk, address)

    assert [one.status_code for one in (forged, foreign, mixed)] == [401] * 3
    assert desk.get("/").status_code == 303


def test_who_has_no_account_or_a_closed_one_stays_outside(desk: Desk, provider: Provider) -> None:
    create_officer(desk.settings, "omar", PASSWORD, EVERY_QUEUE)
    provider.name = " Omar "
    assert come_back(desk, go_there(desk)).status_code == 200
    desk.client.cookies.clear()
    with desk.gateway.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE officer SET password_hash = 'closed'")

    assert come_back(desk, go_there(desk)).status_code == 401


def test_a_provider_that_does_not_answer_is_said(desk: Desk, provider: Provider) -> None:
    provider.url = "http://another.example"

    answer = desk.get("/sign-in/openid")

    assert answer.status_code == 502
    assert "cannot be reached" in answer.text


def test_without_a_provider_there_is_no_such_way(
    settings: GatewaySettings, gateway: Gateway
) -> None:
    desk = open_desk(settings, gateway)

    assert "/sign-in/openid" not in desk.get("/sign-in").text
    assert desk.get("/sign-in/openid").status_code == 404
    assert desk.get(f"{BACK}?code=x&state=y").status_code == 404
