"""What stands around every route: headers, one origin, quiet failures, a log without people."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from portal_api.app import create_app
from portal_api.errors import FOR_PEOPLE, ApiError
from portal_api.operations.store import Store
from portal_api.settings import ApiSettings
from portal_content.library import Library
from tests.portal_api.factories import TODAY, Office, seal_submission

MARKER = "words-of-a-person"
ORIGIN = "https://site.example"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Nothing here depends on the database: one engine is enough."""
    return f"sqlite:///{tmp_path / 'portal.sqlite'}"


@pytest.fixture
def elsewhere(settings: ApiSettings, store: Store, library: Library) -> Iterator[TestClient]:
    """A service whose site is served by another host."""
    apart = settings.model_copy(update={"allowed_origin": ORIGIN})
    with TestClient(create_app(apart, store, library=library)) as client:
        yield client


@pytest.mark.parametrize("path", ["/v1/keys", "/v1/mailbox", "/nothing", "/v1/nothing"])
def test_every_answer_forbids_framing_guessing_storing_and_telling(
    api: TestClient, path: str
) -> None:
    headers = api.get(path).headers

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert not {"server", "set-cookie", "last-modified"} & set(headers)


def test_only_pages_of_forms_that_ask_for_a_spoken_message_may_use_the_microphone(
    api: TestClient, library: Library
) -> None:
    def allowed(path: str) -> bool:
        return "microphone=(self)" in api.get(path).headers["permissions-policy"]

    for form in library.forms.current():
        page = "return" if form.type == "followup" else form.address
        records = any(question.kind == "voice" for question in form.fields)
        assert allowed(f"/ar/{page}/") == records, form.id
        assert not allowed(f"/ar/{page}/plain/")
    for path in ("/ar/", "/v1/keys", "/assets/files.js", "/x/ar/search-request/"):
        assert not allowed(path)


def test_the_one_site_may_ask_and_no_other(elsewhere: TestClient) -> None:
    asking = {
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
    }

    allowed = elsewhere.options("/v1/chunks/" + "a" * 64, headers={"Origin": ORIGIN, **asking})
    other = elsewhere.options(
        "/v1/chunks/" + "a" * 64, headers={"Origin": "https://evil.example", **asking}
    )
    answer = elsewhere.get("/v1/mailbox", headers={"Origin": ORIGIN})

    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-origin" not in other.headers
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in answer.headers


def test_a_service_with_its_own_site_is_for_no_other_origin(api: TestClient) -> None:
    answer = api.get("/v1/keys", headers={"Origin": ORIGIN})

    assert "access-control-allow-origin" not in answer.headers


@pytest.fixture
def failing(app: FastAPI) -> Iterator[TestClient]:
    """A service in which something fails that nobody foresaw, with a person's words in hand."""

    class Broken:
        current = property(lambda _: (_ for _ in ()).throw(LookupError(MARKER)))

        def check_count(self, count: int, *, today: object) -> None:
            raise LookupError(f"{MARKER} {count} {today}")

    app.state.intake = replace(app.state.intake, keys=Broken())
    app.state.desk = replace(app.state.desk, intake=app.state.intake)
    with TestClient(app) as client:
        yield client


def test_a_failure_nobody_foresaw_says_nothing_of_the_request(
    failing: TestClient, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    answer = failing.post("/v1/submissions", content=seal_submission(office).body)

    assert answer.json() == {"type": "/problems/unknown", "status": 500}
    logged = [
        json.loads(record.message) for record in caplog.records if record.name == "portal_api"
    ]
    assert [(entry["event"], entry["error"]) for entry in logged] == [("failed", "LookupError")]
    assert any("submissions/service.py:" in place for place in logged[0]["at"])
    assert MARKER not in caplog.text
    assert str(TODAY) not in caplog.text


def test_a_page_for_people_says_it_in_their_language(failing: TestClient) -> None:
    answer = failing.post(
        "/form",
        content=b"x",
        headers={"Content-Type": "multipart/form-data; boundary=x", "Accept-Language": "de-AT,en"},
    )

    assert answer.status_code == 500
    assert "Es liegt nicht an Ihnen" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def every_refusal(of: type[ApiError] = ApiError) -> Iterator[type[ApiError]]:
    for refusal in of.__subclasses__():
        yield refusal
        yield from every_refusal(refusal)


def test_every_refusal_has_its_sentences_in_every_language(library: Library) -> None:
    for refusal in FOR_PEOPLE:
        for lang in library.languages:
            for part in ("happened", "do", "kept"):
                assert library.strings.text(f"errors.{refusal.code}.{part}", lang)

    assert {r.code for r in every_refusal()} - {r.code for r in FOR_PEOPLE} == {
        "credential_refused"
    }


def test_every_language_has_the_same_sentences_of_the_server(library: Library) -> None:
    def keys(tree: object, above: str = "") -> set[str]:
        if not isinstance(tree, dict):
            return {above}
        return {key for name, value in tree.items() for key in keys(value, f"{above}.{name}")}

    plural = ("zero", "two", "few", "many")
    for section in ("errors", "answers"):
        by_language = {
            lang: {
                key
                for key in keys(library.strings.section(section, lang))
                if key.rpartition(".")[2] not in plural
            }
            for lang in library.languages
        }
        assert len({frozenset(found) for found in by_language.values()}) == 1
