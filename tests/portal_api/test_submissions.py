"""Submissions: what is sealed is taken once and receipted; anything else is refused."""

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, make_url
from sqlmodel import Session, select
from starlette.testclient import TestClient

from portal_api.settings import ApiSettings
from portal_api.submissions.tables import Submission, SubmissionChunk
from portal_protocol.age import ClassicIdentity, seal
from portal_protocol.manifest import Blob, Manifest
from portal_protocol.receipts import open_receipt
from portal_protocol.submissions import pack_submission
from tests.portal_api.factories import TODAY, Office, Sealed, seal_submission

Ids = Callable[[], list[str]]


@pytest.fixture
def saved(settings: ApiSettings) -> Ids:
    """Read the ids of saved submissions as the gateway would: with a connection of its own."""
    url = make_url(settings.database_url)

    def read() -> list[str]:
        question = "SELECT id FROM submission ORDER BY id"
        if url.get_backend_name() == "sqlite":
            other = sqlite3.connect(url.database or "")
            rows = other.execute(question).fetchall()
            other.close()
            return [str(row[0]) for row in rows]
        with psycopg.connect(settings.database_url) as connection:
            return [row[0] for row in connection.execute(question).fetchall()]

    return read


def send(api: TestClient, sealed: Sealed) -> Any:
    for name, data in sealed.chunks.items():
        assert api.put(f"/v1/chunks/{name}", content=data).status_code == 201
    return api.post("/v1/submissions", content=sealed.body)


def test_it_is_saved_before_the_first_byte_of_the_receipt_leaves(
    app: FastAPI, saved: Ids, office: Office
) -> None:
    """A receipt for something that is not on disk would be a lie to a family."""
    saved_at_first_byte: list[list[str]] = []

    class Watch:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def watched_send(message: Any) -> None:
                if message["type"] == "http.response.start":
                    saved_at_first_byte.append(saved())
                await send(message)

            await self.inner(scope, receive, watched_send)

    app.add_middleware(Watch)
    sealed = seal_submission(office)

    TestClient(app).post("/v1/submissions", content=sealed.body)

    assert saved_at_first_byte == [[sealed.id]]


def test_the_receipt_is_signed_for_exactly_this_submission(api: TestClient, office: Office) -> None:
    sealed = seal_submission(office, photos=[b"photo" * 200_000])

    answer = send(api, sealed)

    assert answer.status_code == 201
    receipt = open_receipt(answer.text, office.receipts.verify_key, submission_id=sealed.id)
    assert receipt.date == TODAY


def test_the_same_again_gets_the_same_receipt_even_on_a_later_day(
    app: FastAPI, api: TestClient, office: Office, saved: Ids
) -> None:
    sealed = seal_submission(office)
    first = api.post("/v1/submissions", content=sealed.body)
    app.state.today = lambda: TODAY + timedelta(days=3)

    second = api.post("/v1/submissions", content=sealed.body)

    assert (second.status_code, second.content) == (201, first.content)
    assert saved() == [sealed.id]


def test_twenty_identical_posts_at_once_make_one_submission_and_equal_receipts(
    api: TestClient, office: Office, saved: Ids
) -> None:
    sealed = seal_submission(office, photos=[b"x"])
    for name, data in sealed.chunks.items():
        api.put(f"/v1/chunks/{name}", content=data)
    ready = threading.Barrier(20)

    def post(_: int) -> tuple[int, bytes]:
        ready.wait()
        answer = api.post("/v1/submissions", content=sealed.body)
        return answer.status_code, answer.content

    with ThreadPoolExecutor(20) as clients:
        answers = set(clients.map(post, range(20)))

    assert [status for status, _ in answers] == [201]
    assert saved() == [sealed.id]


def fit(envelope: bytes, blobs: Sequence[Blob] = ()) -> bytes:
    """Pack an envelope with a manifest that fits it."""
    manifest = Manifest(hashlib.sha256(envelope).hexdigest(), len(envelope), tuple(blobs))
    return pack_submission(manifest.to_bytes(), envelope)


def classic(office: Office) -> bytes:
    return seal(b" " * 8192, [ClassicIdentity(os.urandom(32)).recipient for _ in range(2)])


def unpadded(office: Office) -> bytes:
    return seal(b" " * 8000, [one.recipient for one in office.identities])


def to_one(office: Office) -> bytes:
    return seal_submission(office, recipients=office.identities[:1]).envelope


def changed_envelope(office: Office) -> bytes:
    sealed = seal_submission(office)
    return pack_submission(sealed.manifest.to_bytes(), sealed.envelope[:-1] + b"x")


def changed_manifest(office: Office) -> bytes:
    sealed = seal_submission(office)
    manifest = sealed.manifest.to_bytes().replace(b"envelope", b"Envelope")
    return pack_submission(manifest, sealed.envelope)


def problem(status: int, code: str) -> dict[str, Any]:
    return {"type": f"/problems/{code}", "status": status}


REFUSED = [
    pytest.param(lambda _: b"", problem(422, "submission_malformed"), id="empty"),
    pytest.param(lambda _: b"\0\0\0\xffshort", problem(422, "submission_malformed"), id="cut off"),
    pytest.param(
        lambda _: b"\xff" * 99, problem(422, "submission_malformed"), id="endless manifest"
    ),
    pytest.param(changed_envelope, problem(422, "submission_malformed"), id="changed envelope"),
    pytest.param(changed_manifest, problem(422, "submission_malformed"), id="changed manifest"),
    pytest.param(
        lambda _: fit(b'{"form": "plaintext"}'), problem(422, "not_sealed"), id="plaintext"
    ),
    pytest.param(lambda o: fit(classic(o)), problem(422, "not_sealed"), id="keys without ML-KEM"),
    pytest.param(
        lambda o: fit(to_one(o)), problem(422, "wrong_recipients"), id="one recipient of two"
    ),
    pytest.param(lambda o: fit(unpadded(o)), problem(422, "size_not_allowed"), id="not padded"),
    pytest.param(lambda _: b"x" * 262_145, problem(413, "too_large"), id="too large"),
]


@pytest.mark.parametrize(("make", "problem"), REFUSED)
def test_anything_else_is_refused_without_an_echo(
    api: TestClient,
    office: Office,
    saved: Ids,
    make: Callable[[Office], bytes],
    problem: dict[str, Any],
) -> None:
    answer = api.post("/v1/submissions", content=make(office))

    assert answer.status_code == problem["status"]
    assert answer.json() == problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert saved() == []


def test_a_submission_waits_until_every_piece_of_its_photos_is_there(
    api: TestClient, office: Office, saved: Ids
) -> None:
    sealed = seal_submission(office, photos=[b"a" * 600_000])
    first, *others = sealed.chunks.items()
    for name, data in others:
        api.put(f"/v1/chunks/{name}", content=data)

    early = api.post("/v1/submissions", content=sealed.body)
    missing = api.post("/v1/chunks/missing", json=list(sealed.chunks)).json()
    api.put(f"/v1/chunks/{first[0]}", content=first[1])
    late = api.post("/v1/submissions", content=sealed.body)

    assert early.json() == {"type": "/problems/chunk_missing", "status": 409}
    assert missing == [first[0]]
    assert late.status_code == 201
    assert saved() == [sealed.id]


def test_a_photo_that_is_not_sealed_is_refused_though_its_envelope_is(
    api: TestClient, office: Office, saved: Ids
) -> None:
    plain = b"JPEG" * 20_000
    name = hashlib.sha256(plain).hexdigest()
    api.put(f"/v1/chunks/{name}", content=plain)
    envelope = seal_submission(office).envelope

    answer = api.post("/v1/submissions", content=fit(envelope, [Blob(name, len(plain), (name,))]))

    assert answer.json()["type"] == "/problems/not_sealed"
    assert saved() == []


def test_a_photo_in_pieces_of_another_length_is_refused(
    api: TestClient, office: Office, saved: Ids
) -> None:
    sealed = seal_submission(office, photos=[b"a"])
    (name,) = sealed.chunks
    api.put(f"/v1/chunks/{name}", content=sealed.chunks[name])
    blob = sealed.manifest.blobs[0]

    answer = api.post(
        "/v1/submissions", content=fit(sealed.envelope, [Blob(name, blob.size - 1, (name,))])
    )

    assert answer.json()["type"] == "/problems/chunk_mismatch"
    assert saved() == []


def test_a_photo_that_is_not_padded_is_refused(api: TestClient, office: Office) -> None:
    sealed = seal(b"x" * 70_001, [one.recipient for one in office.identities])
    name = hashlib.sha256(sealed).hexdigest()
    api.put(f"/v1/chunks/{name}", content=sealed)
    envelope = seal_submission(office).envelope

    answer = api.post("/v1/submissions", content=fit(envelope, [Blob(name, len(sealed), (name,))]))

    assert answer.json()["type"] == "/problems/size_not_allowed"


def test_what_is_kept_of_it_is_what_was_sent_and_a_day(
    api: TestClient, engine: Engine, office: Office
) -> None:
    sealed = seal_submission(office, photos=[b"a", b"b"])
    send(api, sealed)

    with Session(engine) as session:
        (row,) = session.exec(select(Submission)).all()
        chunks = set(session.exec(select(SubmissionChunk.chunk)))

    assert row.model_dump() == {
        "id": sealed.id,
        "received_on": TODAY,
        "manifest": sealed.manifest.to_bytes(),
        "envelope": sealed.envelope,
        "acknowledged_on": None,
    }
    assert chunks == set(sealed.chunks)
