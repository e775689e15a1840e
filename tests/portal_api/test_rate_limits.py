"""One address may only ask so often; it is known to nobody, and people beside it still get in."""

import gc
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from portal_api.abuse.rate_limits import (
    KEY_SECONDS,
    LIMITS,
    MOST_COUNTED,
    WINDOW_SECONDS,
    RateLimits,
    counted_address,
)
from portal_api.abuse.settings import AbuseSettings
from portal_api.app import create_app
from portal_api.operations.store import Store
from portal_api.settings import ApiSettings
from portal_content.library import Library
from portal_protocol.passes import HEADER, fetch_pass
from tests.portal_api.factories import ENOUGH, TODAY, Office, multipart, seal_submission
from tests.portal_api.running import Running, disguises, running

NOON = 1_795_000_000.0
BEHIND = AbuseSettings(calm_bits=2, address_header="X-Real-IP")
FLOOD, CALM = "203.0.114.9", "198.51.101.7"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Limits are in memory, whatever the database."""
    return f"sqlite:///{tmp_path / 'portal.sqlite'}"


@pytest.fixture
def settings(office: Office, tmp_path: Path, database_url: str) -> ApiSettings:
    return office.settings(tmp_path, database_url=database_url, abuse=BEHIND)


class Clock:
    now = NOON


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(settings: ApiSettings, store: Store, library: Library, clock: Clock) -> FastAPI:
    app = create_app(settings, store, library=library)
    app.state.today = lambda: TODAY
    app.state.seconds = lambda: clock.now
    return app


def of(address: str) -> dict[str, str]:
    return {"X-Real-IP": address}


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.114.9", "203.0.114.9"),
        (" 203.0.114.9 ", "203.0.114.9"),
        ("::ffff:203.0.114.9", "203.0.114.9"),
        ("2a01:4f8:1:2:3:4:5:6", "2a01:4f8:1:2::/64"),
        ("2a01:4f8:1:2:ffff::1", "2a01:4f8:1:2::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("10.1.2.3", ""),
        ("172.18.0.1", ""),
        ("fe80::1", ""),
        ("testclient", ""),
        ("", ""),
        ("1.2.3.4.5", ""),
    ],
)
def test_what_is_counted_of_an_address(address: str, counted: str) -> None:
    assert counted_address(address) == counted


@pytest.mark.parametrize("kind", LIMITS)
def test_each_limit_holds_and_fills_up_again(kind: str) -> None:
    limits, most = RateLimits(), LIMITS[kind]

    at_once = [limits.allow(kind, FLOOD, now=NOON) for _ in range(most + 10)]
    other = limits.allow(kind, CALM, now=NOON)
    later = [limits.allow(kind, FLOOD, now=NOON + WINDOW_SECONDS / 2) for _ in range(most)]

    assert sum(at_once) == most
    assert other
    assert sum(later) == pytest.approx(most / 2, abs=1)


def test_without_an_address_nobody_is_taken_for_everybody() -> None:
    limits = RateLimits()

    assert all(limits.allow("form", "", now=NOON) for _ in range(1_000))


def test_the_key_is_new_after_minutes_and_everything_under_it_is_forgotten() -> None:
    limits = RateLimits()
    for _ in range(LIMITS["form"]):
        limits.allow("form", FLOOD, now=NOON)
    key = limits._key  # noqa: SLF001 - the secret that must not last

    assert not limits.allow("form", FLOOD, now=NOON)
    assert limits.allow("form", FLOOD, now=NOON + KEY_SECONDS)
    assert limits._key != key  # noqa: SLF001 - as above
    assert len(limits._left) == 1  # noqa: SLF001 - as above


def test_many_addresses_do_not_fill_the_memory() -> None:
    limits = RateLimits()
    for number in range(MOST_COUNTED + 500):
        limits.allow("keys", f"address {number}", now=NOON)

    assert len(limits._left) == MOST_COUNTED  # noqa: SLF001 - nothing outside shows it


def test_the_address_itself_is_not_kept_in_memory(api: TestClient, app: FastAPI) -> None:
    api.get("/v1/keys", headers=of(FLOOD))
    gc.collect()

    limits = app.state.limits
    assert len(limits._left) == 1  # noqa: SLF001 - nothing outside shows it
    assert FLOOD not in repr(vars(limits))


def test_over_the_limit_is_said_with_a_time_and_in_the_reader_s_language(
    api: TestClient, library: Library
) -> None:
    for _ in range(LIMITS["mailbox"]):
        api.get("/v1/mailbox", headers=of(FLOOD))

    machine = api.get("/v1/mailbox", headers=of(FLOOD))
    person = api.post("/mailbox", content=b"", headers=of(FLOOD) | {"Accept-Language": "ku"})
    beside = api.get("/v1/mailbox", headers=of(CALM))

    assert machine.json() == {"type": "/problems/too_many", "status": 429}
    assert machine.headers["retry-after"] == person.headers["retry-after"] == "20"
    assert person.status_code == 429
    assert library.strings.text("errors.too_many.do", "ku") in person.text
    assert beside.status_code == 401


def test_only_the_last_address_of_a_header_counts(api: TestClient) -> None:
    """What a visitor writes in front of it changes nothing."""
    for number in range(LIMITS["keys"]):
        api.get("/v1/keys", headers=of(f"1.1.{number % 250}.1, {FLOOD}"))

    assert api.get("/v1/keys", headers=of(f"9.9.9.9, {FLOOD}")).status_code == 429
    assert api.get("/v1/keys", headers=of(CALM)).status_code == 200


def test_a_form_without_script_over_the_limit_waits_and_is_not_lost(
    api: TestClient, app: FastAPI, clock: Clock
) -> None:
    for _ in range(LIMITS["form"]):
        app.state.limits.allow("form", FLOOD, now=clock.now)
    body, headers = multipart(ENOUGH)

    page = api.post("/form", content=body, headers=headers | of(FLOOD))
    beside = api.post("/form", content=body, headers=headers | of(CALM))

    assert page.status_code == 503
    assert 'name="waiting"' in page.text
    assert beside.status_code == 200


@pytest.fixture
def flooded(office: Office, tmp_path: Path) -> Iterator[Running]:
    folder = tmp_path / "zone"
    folder.mkdir()
    database = f"sqlite:///{folder / 'portal.sqlite'}"
    with running(office.settings(folder, database_url=database, abuse=BEHIND), folder) as service:
        yield service


def earn(client: httpx.Client) -> dict[str, str]:
    def ask(method: str, address: str, body: bytes | None) -> bytes:
        return client.request(method, address, content=body).raise_for_status().content

    return {HEADER: fetch_pass(ask)}


def test_a_flood_is_stopped_while_a_calm_person_gets_in_and_no_address_is_left_anywhere(
    flooded: Running, office: Office
) -> None:
    """Some hundred requests on this machine, as a web server in front would pass them on."""
    with (
        httpx.Client(base_url=flooded.url, headers=of(FLOOD), timeout=60) as flood,
        httpx.Client(base_url=flooded.url, headers=of(CALM), timeout=60) as person,
    ):
        without = [flood.put("/v1/chunks/" + "a" * 64, content=b"a").status_code for _ in range(50)]
        asked = [flood.get("/v1/challenge").status_code for _ in range(LIMITS["challenge"] + 60)]
        sealed = seal_submission(office, photos=[b"photo"])
        shown = earn(person)
        for name, data in sealed.chunks.items():
            person.put(f"/v1/chunks/{name}", content=data, headers=shown).raise_for_status()
        sent = person.post("/v1/submissions", content=sealed.body, headers=shown)

    assert set(without) == {403}
    assert asked.count(429) >= 30
    assert sent.status_code == 201
    traces = [trace for address in (FLOOD, CALM) for trace in disguises(address)]
    for path in flooded.folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(trace in content for trace in traces), path
