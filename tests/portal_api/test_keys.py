"""The key list: served as signed, replaced without a restart, never by a worse one."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from portal_api.app import create_app
from portal_api.settings import ApiSettings
from portal_protocol.age import HybridIdentity
from portal_protocol.errors import ProtocolError, SignaturesMissing
from portal_protocol.key_list import open_key_list
from tests.portal_api.factories import DEPLOYMENT, TODAY, Office, seal_submission


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Key lists are not in the database: one engine is enough here."""
    return f"sqlite:///{tmp_path / 'portal.sqlite'}"


@pytest.fixture
def third() -> HybridIdentity:
    return HybridIdentity.generate()


def publish(settings: ApiSettings, note: str) -> None:
    fresh = settings.key_list.with_name("fresh")
    fresh.write_text(note, encoding="utf-8")
    fresh.replace(settings.key_list)


def served(api: TestClient, office: Office) -> int:
    roots = [root.verify_key for root in office.roots]
    return open_key_list(api.get("/v1/keys").text, roots, deployment=DEPLOYMENT).serial


def on(app: FastAPI, day: date) -> None:
    app.state.today = lambda: day


def test_it_is_served_exactly_as_the_roots_signed_it(
    api: TestClient, settings: ApiSettings
) -> None:
    answer = api.get("/v1/keys")

    assert answer.text == settings.key_list.read_text(encoding="utf-8")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


def test_a_new_list_is_served_without_a_restart(
    api: TestClient, settings: ApiSettings, office: Office
) -> None:
    before = served(api, office)

    publish(settings, office.key_list(serial=2))

    assert (before, served(api, office)) == (1, 2)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda o: o.key_list(serial=3, signers=[1]), id="one root"),
        pytest.param(lambda o: o.key_list(serial=1), id="older"),
        pytest.param(lambda o: Office().key_list(serial=3), id="roots of somebody else"),
        pytest.param(lambda o: o.key_list(serial=3).replace("serial 3", "serial 4"), id="changed"),
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda _: "\udcff", id="no text"),
    ],
)
def test_a_worse_list_changes_nothing(
    api: TestClient, settings: ApiSettings, office: Office, make: object
) -> None:
    publish(settings, office.key_list(serial=2))
    assert served(api, office) == 2
    assert callable(make)

    settings.key_list.write_bytes(make(office).encode("utf-8", "surrogateescape"))

    assert served(api, office) == 2


def test_a_list_with_one_root_signature_keeps_the_service_from_starting(
    settings: ApiSettings, office: Office
) -> None:
    publish(settings, office.key_list(signers=[0]))

    with pytest.raises(SignaturesMissing):
        create_app(settings)


def test_for_fourteen_days_a_page_may_still_use_the_list_before(
    app: FastAPI, api: TestClient, settings: ApiSettings, office: Office, third: HybridIdentity
) -> None:
    three = [*office.identities, third]
    publish(settings, office.key_list(serial=2, recipients=three))
    assert served(api, office) == 2
    old, new = seal_submission(office), seal_submission(office, recipients=three)

    with_new = api.post("/v1/submissions", content=new.body)
    with_old = api.post("/v1/submissions", content=old.body)
    on(app, TODAY + timedelta(days=14))
    on_the_last_day = api.post("/v1/submissions", content=seal_submission(office).body)
    on(app, TODAY + timedelta(days=15))
    too_late = api.post("/v1/submissions", content=seal_submission(office).body)

    assert [a.status_code for a in (with_new, with_old, on_the_last_day)] == [201] * 3
    assert too_late.json() == {"type": "/problems/keys_outdated", "status": 409}


def test_the_list_before_outlives_a_restart(
    api: TestClient, settings: ApiSettings, office: Office, third: HybridIdentity
) -> None:
    publish(settings, office.key_list(serial=2, recipients=[*office.identities, third]))
    assert served(api, office) == 2

    again = create_app(settings)
    again.state.today = lambda: TODAY
    with TestClient(again) as restarted:
        answer = restarted.post("/v1/submissions", content=seal_submission(office).body)

    assert answer.status_code == 201


def test_a_new_list_is_used_though_the_one_before_cannot_be_kept(
    api: TestClient, settings: ApiSettings, office: Office, third: HybridIdentity
) -> None:
    """A service that may only read the folder must not go on with the old keys for ever."""
    settings.key_list.with_name("keys.note.previous.part").mkdir()
    publish(settings, office.key_list(serial=2, recipients=[*office.identities, third]))

    assert served(api, office) == 2
    on_an_old_page = api.post("/v1/submissions", content=seal_submission(office).body)
    assert on_an_old_page.status_code == 201


def test_a_forged_list_before_keeps_the_service_from_starting(
    settings: ApiSettings, office: Office
) -> None:
    publish(settings, office.key_list(serial=2))
    settings.key_list.with_name("keys.note.previous").write_text(office.key_list(signers=[0]))

    with pytest.raises(ProtocolError):
        create_app(settings)
