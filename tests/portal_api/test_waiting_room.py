"""The form without script under load: it waits its turn, sealed, and nothing typed is lost."""

import html
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from portal_api.abuse.allowance import Allowance
from portal_api.abuse.ledger import MemoryLedger
from portal_api.abuse.settings import AbuseSettings
from portal_api.abuse.waiting_room import LONGEST_WAIT, USES_OF_A_TURN, WaitingRoom
from portal_api.app import create_app
from portal_api.operations.store import Store, open_store
from portal_api.plain_form.waiting import TRAPPED_SECONDS
from portal_api.settings import ApiSettings
from portal_api.submissions.tables import Submission
from portal_content.forms.trap import TRAP
from portal_content.library import Library
from portal_protocol.envelope import Envelope, open_envelope
from tests.portal_api.factories import ENOUGH, TODAY, Office, multipart

NOON = 1_795_000_000.0
MARKER = "canary-Kanarya-كناري-40713"
SLOW = AbuseSettings(plain_forms_a_minute=6, plain_forms_at_once=2, limits=False)
PHOTO = b"\xff\xd8" + b"x" * 3_000

Post = Callable[..., Any]


class Clock:
    now = NOON


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(office: Office, tmp_path: Path, database_url: str) -> ApiSettings:
    return office.settings(tmp_path, database_url=database_url, abuse=SLOW)


def service(settings: ApiSettings, store: Store, library: Library, clock: Clock) -> FastAPI:
    app = create_app(settings, store, library=library)
    app.state.today = lambda: TODAY
    app.state.seconds = lambda: clock.now
    return app


@pytest.fixture
def app(settings: ApiSettings, store: Store, library: Library, clock: Clock) -> FastAPI:
    return service(settings, store, library, clock)


def post(api: TestClient, changes: Mapping[str, str] | None = None, photos: Any = ()) -> Any:
    body, headers = multipart(ENOUGH | {"message": MARKER} | dict(changes or {}), photos)
    return api.post("/form", content=body, headers=headers)


def carried(page: str) -> str:
    found = re.search(r'name="waiting" value="([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def go_on(api: TestClient, page: str) -> Any:
    """Press the button of a waiting page."""
    body, headers = multipart({"lang": "ar", "waiting": carried(page)})
    return api.post("/form", content=body, headers=headers)


def arrived(engine: Engine, office: Office) -> list[Envelope]:
    with Session(engine) as session:
        rows = session.exec(select(Submission)).all()
    return [open_envelope(row.envelope, office.identities) for row in rows]


def fill_up(api: TestClient) -> None:
    """Let two forms in: on this day, no more come in at once."""
    for _ in range(2):
        assert post(api).status_code == 200


def test_when_it_is_calm_nobody_waits(api: TestClient, clock: Clock) -> None:
    statuses = []
    for _ in range(4):
        statuses.append(post(api).status_code)
        clock.now += 10

    assert statuses == [200] * 4


def test_whoever_comes_in_a_crowd_gets_a_place_and_comes_in_when_it_is_time(
    api: TestClient, clock: Clock, store: Store, office: Office
) -> None:
    fill_up(api)

    waiting = [post(api, {"person_name": name}) for name in ("نور", "سليم")]
    early = go_on(api, waiting[0].text)
    clock.now += 10
    first = go_on(api, waiting[0].text)
    second_early = go_on(api, waiting[1].text)
    clock.now += 10
    second = go_on(api, second_early.text)

    assert [page.status_code for page in (*waiting, early, second_early)] == [503] * 4
    assert [page.headers["retry-after"] for page in waiting] == ["10", "20"]
    assert "<strong>٢</strong>" in waiting[0].text
    assert "<strong>٣</strong>" in waiting[1].text
    assert (first.status_code, second.status_code) == (200, 200)
    names = [envelope.form["answers"]["person_name"] for envelope in arrived(store.engine, office)]
    assert {"نور", "سليم"} <= set(names)
    assert {envelope.form["answers"]["message"] for envelope in arrived(store.engine, office)} == {
        MARKER
    }


def test_what_waits_is_sealed_and_in_no_table(
    api: TestClient, store: Store, office: Office, settings: ApiSettings
) -> None:
    fill_up(api)
    page = post(api)

    raw = b64decode(carried(page.text))
    assert MARKER not in page.text
    assert MARKER.encode() not in raw
    assert len(arrived(store.engine, office)) == 2
    for path in settings.blobs.parent.rglob("*"):
        assert not path.is_file() or MARKER.encode() not in path.read_bytes()


def test_photos_wait_with_their_form(
    api: TestClient, clock: Clock, store: Store, office: Office
) -> None:
    fill_up(api)
    page = post(api, photos=[("صورة.jpg", PHOTO)])
    clock.now += 30

    answer = go_on(api, page.text)

    assert answer.status_code == 200
    files = [file for envelope in arrived(store.engine, office) for file in envelope.files]
    assert [(file.name, file.size) for file in files] == [("صورة.jpg", len(PHOTO))]


def test_photos_without_room_are_said_to_be_left_and_are_not_kept(
    api: TestClient, app: FastAPI, clock: Clock, settings: ApiSettings, library: Library
) -> None:
    app.state.room.photos = Allowance(1_000)
    fill_up(api)

    page = post(api, photos=[("صورة.jpg", PHOTO)])
    clock.now += 30
    answer = go_on(api, page.text)

    assert library.strings.text("waiting.files_left", "ar") in html.unescape(page.text)
    assert answer.status_code == 200
    assert [path for path in settings.blobs.rglob("*") if path.is_file()] == []


def test_what_has_to_be_put_right_is_said_before_anybody_waits(api: TestClient) -> None:
    fill_up(api)

    assert post(api, {"person_name": ""}).status_code == 422


def test_whoever_fills_the_input_that_nobody_sees_is_slower_and_comes_in(
    api: TestClient, clock: Clock, library: Library
) -> None:
    page = post(api, {TRAP: "https://example.org"})
    clock.now += TRAPPED_SECONDS - 1
    early = go_on(api, page.text)
    clock.now += 1
    answer = go_on(api, early.text)

    assert (page.status_code, early.status_code, answer.status_code) == (503, 503, 200)
    assert library.strings.text("waiting.held", "ar") in page.text
    assert library.strings.text("waiting.place", "ar") not in page.text
    assert "روبوت" not in page.text


def test_a_turn_is_no_ticket_for_many(api: TestClient, clock: Clock) -> None:
    fill_up(api)
    page = post(api)
    clock.now += 10

    statuses = [go_on(api, page.text).status_code for _ in range(USES_OF_A_TURN + 2)]

    assert statuses == [200] * USES_OF_A_TURN + [503] * 2


def test_when_deriving_is_busy_the_form_waits_too(
    api: TestClient, app: FastAPI, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal_api.plain_form.derivations.WAITING", 0)
    page = post(api)
    monkeypatch.undo()
    clock.now += 30

    assert page.status_code == 503
    assert go_on(api, page.text).status_code == 200


def test_a_page_that_waited_for_more_than_an_hour_says_what_to_do(
    api: TestClient, clock: Clock, library: Library
) -> None:
    fill_up(api)
    page = post(api)
    clock.now += 70 * 60

    answer = go_on(api, page.text)

    assert answer.status_code == 409
    assert library.strings.text("waiting.over.do", "ar") in html.unescape(answer.text)


@pytest.mark.parametrize("text", ["", "x", "AAAA", "A" * 400, "\u0627"])
def test_what_we_did_not_seal_is_opened_by_nobody(text: str) -> None:
    room = WaitingRoom(SLOW, MemoryLedger())

    assert room.open(text, now=NOON) is None


def test_what_was_changed_is_opened_by_nobody() -> None:
    room = WaitingRoom(SLOW, MemoryLedger())
    sealed = room.seal(room.enter(now=NOON), {"inputs": {}}, now=NOON)

    for place in range(0, len(sealed) - 4, 5):
        other = "A" if sealed[place] != "A" else "B"
        assert room.open(sealed[:place] + other + sealed[place + 1 :], now=NOON) is None


def test_nobody_waits_longer_than_ten_minutes_however_many_come() -> None:
    room = WaitingRoom(SLOW, MemoryLedger())
    turns = [room.enter(now=NOON) for _ in range(10_000)]

    assert max(turn.at for turn in turns) == NOON + LONGEST_WAIT
    assert [turn.at - NOON <= 0 for turn in turns[:3]] == [True, True, False]


def test_an_allowance_fills_up_again_with_time() -> None:
    allowance = Allowance(1_000)

    assert allowance.take(900, now=NOON)
    assert not allowance.take(200, now=NOON)
    assert allowance.take(200, now=NOON + 600)


def test_another_instance_lets_in_what_one_sealed(
    settings: ApiSettings, store: Store, library: Library, clock: Clock
) -> None:
    """On SQLite one process serves; there another one could not open it, and says so."""
    other_store = open_store(settings)
    with (
        TestClient(service(settings, store, library, clock)) as here,
        TestClient(service(settings, other_store, library, clock)) as there,
    ):
        fill_up(here)
        page = post(here)
        clock.now += 10
        answer = go_on(there, page.text)
    other_store.close()

    assert answer.status_code == (200 if store.engine.dialect.name == "postgresql" else 409)


def test_files_that_are_posted_without_a_pass_are_bounded(api: TestClient, app: FastAPI) -> None:
    app.state.room.uploads = Allowance(1_000)

    answer = api.post("/upload", content=b"x" * 2_000)

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
