"""A sealed file sent without script: received as one sent with it, and never spooled."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from portal_api.submissions.tables import Submission
from portal_content.library import Library
from portal_protocol.sealed_files import pack_sealed_file, text_of
from tests.portal_api.factories import Office, multipart
from tests.portal_gateway.families import Sent, filled_form, write
from tests.portal_gateway.test_taking_in import carried


def as_file(body: bytes) -> bytes:
    """Name the part as this page does."""
    return body.replace(b'name="photos"', b'name="file"')


def post(api: TestClient, *, file: bytes = b"", text: str = "", lang: str = "ar") -> Any:
    inputs = {"lang": lang, "text": text}
    body, headers = multipart(inputs, [("file.dat", file)])
    return api.post("/upload", content=as_file(body), headers=headers)


def stored(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [row.id for row in session.exec(select(Submission)).all()]


@pytest.fixture
def sent(office: Office, library: Library) -> Sent:
    photo = bytes(range(256)) * 3000
    return write(office, filled_form(library), photos=[photo])


def test_a_file_arrives_once_however_often_it_is_sent(
    api: TestClient, gateway: TestClient, engine: Engine, sent: Sent
) -> None:
    first = post(api, file=carried(sent))
    second = post(api, file=carried(sent))

    assert first.status_code == second.status_code == 200
    assert first.text == second.text
    assert f"submission {sent.id}" in first.text
    assert sent.id[:8] in first.text
    assert stored(engine) == [sent.id]
    for name, data in sent.chunks.items():
        assert gateway.get(f"/handover/chunks/{name}").content == data


@pytest.mark.parametrize("way", ["text", "file"])
def test_a_text_is_taken_pasted_or_as_a_file(
    api: TestClient, engine: Engine, office: Office, library: Library, way: str
) -> None:
    sent = write(office, filled_form(library))
    text = "\u200f" + text_of(carried(sent)).replace("\n", "\r\n")

    answer = (
        post(api, text=text) if way == "text" else post(api, file=text.lstrip("\u200f").encode())
    )

    assert answer.status_code == 200
    assert stored(engine) == [sent.id]


@pytest.mark.parametrize("lang", ["ar", "en", "ku", "tr", "de", "fr"])
def test_what_is_wrong_is_said_in_the_language_of_the_page(
    api: TestClient, engine: Engine, library: Library, sent: Sent, lang: str
) -> None:
    whole = carried(sent)
    changed = bytearray(whole)
    changed[-1] ^= 1
    answers = {
        "nothing": post(api, lang=lang),
        "both": post(api, file=whole, text="x", lang=lang),
        "not_ours": post(api, file=b"\xff\xd8" * 200, lang=lang),
        "cut_off": post(api, file=whole[:-1], lang=lang),
        "changed": post(api, file=bytes(changed), lang=lang),
    }

    for reason, answer in answers.items():
        assert answer.status_code == 422
        assert library.strings.text(f"carry.upload.failed.{reason}", lang).split(".")[0] in (
            answer.text.replace("&#39;", "'")
        )
    assert stored(engine) == []


def test_what_is_sealed_to_others_or_not_at_all_is_refused(
    api: TestClient, engine: Engine, office: Office, library: Library
) -> None:
    lone = Office(identities=office.identities[:1])
    for_one = write(lone, filled_form(library))
    plain = write(office, filled_form(library))
    envelope = b"what somebody wrote, in the open"
    manifest = plain.manifest.__class__(hashlib.sha256(envelope).hexdigest(), len(envelope))

    answers = [
        post(api, file=carried(for_one)),
        post(api, file=pack_sealed_file(manifest.to_bytes(), envelope)),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert stored(engine) == []


def test_more_than_any_file_is_refused_while_it_arrives(api: TestClient) -> None:
    answer = post(api, text="x" * 500_000)

    assert answer.status_code == 413


def test_a_request_that_breaks_off_is_no_submission(
    api: TestClient, engine: Engine, sent: Sent
) -> None:
    body, headers = multipart({"lang": "ar"}, [("file.dat", carried(sent))])

    answer = api.post("/upload", content=as_file(body)[:-200], headers=headers)

    assert answer.status_code == 422
    assert stored(engine) == []
