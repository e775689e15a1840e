"""The hand-over: for the gateway alone, in an order that says nothing, forgotten afterwards."""

import base64
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import make_url
from starlette.testclient import TestClient

from portal_api.handover.routes import router
from portal_api.operations.store import Store
from portal_api.operations.tidying import Tidying, tidy
from portal_api.settings import ApiSettings
from portal_protocol.envelope import open_envelope
from portal_protocol.files import open_file
from portal_protocol.manifest import Blob
from portal_protocol.submissions import (
    check_delivery,
    check_files,
    pack_submission,
    unpack_submission,
)
from tests.portal_api.factories import CREDENTIAL, TODAY, Office, Sealed, seal_submission


def send(api: TestClient, sealed: Sealed) -> None:
    for name, data in sealed.chunks.items():
        api.put(f"/v1/chunks/{name}", content=data)
    assert api.post("/v1/submissions", content=sealed.body).status_code == 201


def files(settings: ApiSettings) -> set[str]:
    return {path.name for path in settings.blobs.rglob("*") if path.is_file()}


def test_the_gateway_gets_what_was_sent_and_can_open_it(
    api: TestClient, gateway: TestClient, office: Office
) -> None:
    photo = b"photo" * 100_000
    sealed = seal_submission(office, photos=[photo])
    send(api, sealed)

    (submission_id,) = gateway.get("/handover/submissions").json()["submissions"]
    manifest, envelope = unpack_submission(
        gateway.get(f"/handover/submissions/{submission_id}").content
    )
    delivered = check_delivery(submission_id, manifest, envelope)
    opened = open_envelope(envelope, office.identities[1:])
    chunks = [gateway.get(f"/handover/chunks/{n}").content for n in delivered.blobs[0].chunks]

    check_files(delivered, opened)
    assert submission_id == sealed.id
    assert open_file(chunks, opened.files[0], office.identities) == photo


def test_ids_come_sorted_and_no_more_than_asked_for(
    api: TestClient, gateway: TestClient, office: Office
) -> None:
    sent = [seal_submission(office) for _ in range(5)]
    for sealed in sent:
        send(api, sealed)

    listed = gateway.get("/handover/submissions").json()["submissions"]
    few = gateway.get("/handover/submissions", params={"limit": 2}).json()["submissions"]

    assert listed == sorted(sealed.id for sealed in sent)
    assert few == listed[:2]
    assert gateway.get("/handover/health").json() == {"waiting": 5}


def test_what_is_acknowledged_is_not_handed_over_again_but_kept_for_its_days(
    api: TestClient,
    gateway: TestClient,
    store: Store,
    settings: ApiSettings,
    office: Office,
) -> None:
    sealed, other = seal_submission(office, photos=[b"a"]), seal_submission(office, photos=[b"b"])
    send(api, sealed)
    send(api, other)
    tidying = Tidying(store.engine, store.writer, store.chunks, settings)

    answers = [gateway.post(f"/handover/submissions/{sealed.id}/acknowledgement") for _ in range(2)]
    listed = gateway.get("/handover/submissions").json()["submissions"]
    tidy(tidying, today=TODAY + timedelta(days=7))
    in_grace = gateway.get(f"/handover/submissions/{sealed.id}").status_code
    tidy(tidying, today=TODAY + timedelta(days=8))

    assert [answer.status_code for answer in answers] == [204, 204]
    assert listed == [other.id]
    assert in_grace == 200
    assert gateway.get(f"/handover/submissions/{sealed.id}").status_code == 404
    assert files(settings) == set(other.chunks)
    repeat = gateway.post(f"/handover/submissions/{sealed.id}/acknowledgement")
    assert repeat.status_code == 204


def test_a_piece_that_two_submissions_name_stays_for_the_second(
    api: TestClient,
    gateway: TestClient,
    store: Store,
    settings: ApiSettings,
    office: Office,
) -> None:
    sealed = seal_submission(office, photos=[b"a"])
    send(api, sealed)
    follower = seal_submission(office)
    blobs = sealed.manifest.blobs
    body = _with_blobs(follower, blobs)
    assert api.post("/v1/submissions", content=body).status_code == 201
    gateway.post(f"/handover/submissions/{sealed.id}/acknowledgement")

    tidying = Tidying(store.engine, store.writer, store.chunks, settings)
    tidy(tidying, today=TODAY + timedelta(days=30))

    assert files(settings) == set(sealed.chunks)


def _with_blobs(sealed: Sealed, blobs: tuple[Blob, ...]) -> bytes:
    return pack_submission(replace(sealed.manifest, blobs=blobs).to_bytes(), sealed.envelope)


def test_pieces_that_nobody_named_go_after_two_days_and_never_earlier(
    api: TestClient, store: Store, settings: ApiSettings, office: Office
) -> None:
    named, forgotten = (seal_submission(office, photos=[photo]) for photo in (b"a", b"b"))
    send(api, named)
    for name, data in forgotten.chunks.items():
        api.put(f"/v1/chunks/{name}", content=data)
    tidying = Tidying(store.engine, store.writer, store.chunks, settings)

    tidy(tidying, today=TODAY + timedelta(days=2))
    after_two_days = files(settings)
    tidy(tidying, today=TODAY + timedelta(days=3))

    assert after_two_days == {*named.chunks, *forgotten.chunks}
    assert files(settings) == set(named.chunks)


def test_what_a_receipt_stands_for_is_never_swept_at_the_same_moment(
    app: FastAPI, api: TestClient, store: Store, settings: ApiSettings, office: Office
) -> None:
    """The piece has waited too long, and its submission comes just when the sweep does."""
    app.state.today = lambda: TODAY + timedelta(days=9)
    tidying = Tidying(store.engine, store.writer, store.chunks, settings)
    outcomes = []
    for _ in range(15):
        sealed = seal_submission(office, photos=[b"a"])
        for name, data in sealed.chunks.items():
            store.chunks.put(name, data, today=TODAY)
        with ThreadPoolExecutor(2) as both:
            sweeping = both.submit(tidy, tidying, today=TODAY + timedelta(days=9))
            answer = both.submit(api.post, "/v1/submissions", content=sealed.body).result()
            sweeping.result()
        outcomes.append((answer.status_code, set(sealed.chunks) <= files(settings)))

    assert set(outcomes) <= {(201, True), (409, False)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_forgotten_is_in_no_page_of_the_file(
    api: TestClient, gateway: TestClient, store: Store, settings: ApiSettings, office: Office
) -> None:
    sealed = seal_submission(office)
    send(api, sealed)
    gateway.post(f"/handover/submissions/{sealed.id}/acknowledgement")
    path = Path(make_url(settings.database_url).database or "")
    traces = (sealed.id.encode(), sealed.envelope[-64:])

    def found() -> list[bytes]:
        bytes_on_disk = b"".join(p.read_bytes() for p in path.parent.glob(path.name + "*"))
        return [trace for trace in traces if trace in bytes_on_disk]

    before = found()
    tidy(
        Tidying(store.engine, store.writer, store.chunks, settings), today=TODAY + timedelta(days=9)
    )

    assert before == list(traces)
    assert found() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_after_tidying_pages_lie_in_the_order_of_keys_not_of_arrival(
    api: TestClient, gateway: TestClient, store: Store, settings: ApiSettings, office: Office
) -> None:
    sent = sorted((seal_submission(office) for _ in range(12)), key=lambda s: s.id, reverse=True)
    for sealed in sent:
        send(api, sealed)
    gateway.post(f"/handover/submissions/{sent[0].id}/acknowledgement")
    path = make_url(settings.database_url).database or ""

    def places() -> list[int]:
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        content = Path(path).read_bytes()
        return [content.find(sealed.envelope[-64:]) for sealed in sent[1:]]

    as_they_came = places()
    tidy(
        Tidying(store.engine, store.writer, store.chunks, settings), today=TODAY + timedelta(days=9)
    )

    assert as_they_came == sorted(as_they_came)
    assert places() == sorted(places(), reverse=True)


ROUTES = [
    ("GET", "/handover/submissions"),
    ("GET", "/handover/submissions/" + "a" * 64),
    ("GET", "/handover/chunks/" + "a" * 64),
    ("POST", "/handover/submissions/" + "a" * 64 + "/acknowledgement"),
    ("POST", "/handover/replies"),
    ("GET", "/handover/health"),
]


@pytest.mark.parametrize("credential", ["", "Bearer ", "Bearer wrong", f"Basic {CREDENTIAL}"])
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_but_the_gateway_passes(
    gateway: TestClient, method: str, path: str, credential: str
) -> None:
    answer = gateway.request(method, path, headers={"Authorization": credential})

    assert answer.status_code == 401
    assert answer.json() == {"type": "/problems/credential_refused", "status": 401}


def test_every_route_of_the_hand_over_is_in_the_test_above() -> None:
    templates = [route.path for route in router.routes if isinstance(route, APIRoute)]

    assert len(templates) == len(router.routes) == len(ROUTES)


@pytest.mark.parametrize("path", ["/handover/submissions", "/handover/health"])
def test_the_public_side_hands_nothing_over(api: TestClient, path: str) -> None:
    answer = api.get(path, headers={"Authorization": f"Bearer {CREDENTIAL}"})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"replies": [{"mailbox": "short", "data": ""}]}',
        b'{"replies": [{"mailbox": "' + b"a" * 64 + b'", "data": "!"}]}',
    ],
)
def test_answers_of_another_shape_are_refused(gateway: TestClient, body: bytes) -> None:
    answer = gateway.post("/handover/replies", content=body)

    assert answer.json() == {"type": "/problems/submission_malformed", "status": 422}


def test_more_than_sixty_four_answers_at_once_are_refused(gateway: TestClient) -> None:
    reply = {"mailbox": "a" * 64, "data": base64.b64encode(b"x").decode()}

    answer = gateway.post("/handover/replies", json={"replies": [reply] * 65})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "address", ["submissions?after=%00", "submissions/%00", "seats/%00", "chunks/%00"]
)
def test_a_name_that_no_database_can_hold_is_like_one_that_is_not_there(
    gateway: TestClient, address: str
) -> None:
    assert gateway.get(f"/handover/{address}").status_code in (404, 422)
    acknowledged = gateway.post("/handover/submissions/%00/acknowledgement")
    assert acknowledged.status_code == 422
