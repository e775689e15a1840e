"""The gate: nothing is stored without work, and a pass admits one submission with its pieces."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, inspect
from starlette.testclient import TestClient

from portal_api.abuse.gate import CHUNKS_OF_A_PASS
from portal_api.abuse.ledger import KEPT_PERIODS, PERIOD_SECONDS, open_ledger, period_of
from portal_api.abuse.proof_of_work import MOST_HARDER, Load
from portal_api.abuse.settings import AbuseSettings
from portal_api.app import create_app
from portal_api.operations.store import Store, open_store
from portal_api.settings import ApiSettings
from portal_content.library import Library
from portal_protocol.chunks import CHUNK_SIZE, chunk_name
from portal_protocol.passes import HEADER, Task, fetch_pass, solve
from tests.portal_api.factories import TODAY, Office, seal_submission
from tests.portal_api.test_seats import token_header

NOON = 1_795_000_000.0
EASY = AbuseSettings(calm_bits=4, calm_passes_a_minute=10)


class Clock:
    now = NOON


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(office: Office, tmp_path: Path, database_url: str) -> ApiSettings:
    return office.settings(tmp_path, database_url=database_url, abuse=EASY)


def service(settings: ApiSettings, store: Store, library: Library, clock: Clock) -> FastAPI:
    app = create_app(settings, store, library=library)
    app.state.today = lambda: TODAY
    app.state.seconds = lambda: clock.now
    return app


@pytest.fixture
def app(settings: ApiSettings, store: Store, library: Library, clock: Clock) -> FastAPI:
    return service(settings, store, library, clock)


def earn(api: TestClient) -> dict[str, str]:
    """Get a pass as the clients do."""

    def ask(method: str, address: str, body: bytes | None) -> bytes:
        return api.request(method, address, content=body).raise_for_status().content

    return {HEADER: fetch_pass(ask)}


def refused(code: str) -> dict[str, object]:
    return {"type": f"/problems/{code}", "status": 403}


def stored(settings: ApiSettings) -> list[Path]:
    return [path for path in settings.blobs.rglob("*") if path.is_file()]


@pytest.mark.parametrize("shown", [{}, {HEADER: "made-up"}, {HEADER: "A" * 48}, {HEADER: "ا"}])
def test_without_a_pass_nothing_is_stored(
    api: TestClient, settings: ApiSettings, office: Office, shown: dict[str, str]
) -> None:
    headers = [(name.encode(), value.encode()) for name, value in shown.items()]
    chunk = api.put(f"/v1/chunks/{chunk_name(b'a')}", content=b"a", headers=headers)
    sent = api.post("/v1/submissions", content=seal_submission(office).body, headers=headers)

    assert [chunk.json(), sent.json()] == [refused("pass_needed")] * 2
    assert stored(settings) == []


def test_a_pass_admits_a_submission_with_its_pieces(api: TestClient, office: Office) -> None:
    sealed, shown = seal_submission(office, photos=[b"photo"]), earn(api)

    for name, data in sealed.chunks.items():
        assert api.put(f"/v1/chunks/{name}", content=data, headers=shown).status_code == 201
    answer = api.post("/v1/submissions", content=sealed.body, headers=shown)

    assert answer.status_code == 201


def test_the_same_again_needs_no_other_pass_and_another_one_does(
    api: TestClient, office: Office
) -> None:
    first, second, shown = seal_submission(office), seal_submission(office), earn(api)

    answers = [
        api.post("/v1/submissions", content=sealed.body, headers=shown)
        for sealed in (first, first, second)
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 403]
    assert answers[0].text == answers[1].text


def test_a_pass_admits_as_many_pieces_as_a_submission_can_need_and_no_more(
    api: TestClient, settings: ApiSettings
) -> None:
    shown = earn(api)
    statuses = [
        api.put(
            f"/v1/chunks/{chunk_name(str(n).encode())}", content=str(n).encode(), headers=shown
        ).status_code
        for n in range(CHUNKS_OF_A_PASS + 5)
    ]

    assert statuses == [201] * CHUNKS_OF_A_PASS + [403] * 5
    assert len(stored(settings)) == CHUNKS_OF_A_PASS


def test_what_all_together_store_in_an_hour_is_bounded_and_text_still_comes_in(
    settings: ApiSettings, store: Store, library: Library, clock: Clock, office: Office
) -> None:
    abuse = EASY.model_copy(update={"chunk_bytes_an_hour": 4 * CHUNK_SIZE})
    small = settings.model_copy(update={"abuse": abuse})
    with TestClient(service(small, store, library, clock)) as api:
        answers = [
            api.put(f"/v1/chunks/{chunk_name(data)}", content=data, headers=earn(api))
            for data in (b"1", b"2", b"3", b"4", b"5")
        ]
        sent = api.post("/v1/submissions", content=seal_submission(office).body, headers=earn(api))
        clock.now += 15 * 60
        later = api.put(f"/v1/chunks/{chunk_name(b'5')}", content=b"5", headers=earn(api))

    assert [answer.status_code for answer in answers] == [201] * 4 + [503]
    assert answers[-1].headers["retry-after"] == "60"
    assert (sent.status_code, later.status_code) == (201, 201)


def done(api: TestClient) -> bytes:
    asked = api.get("/v1/challenge").json()
    numbers = solve(Task(asked["challenge"], asked["bits"], asked["puzzles"]))
    return json.dumps({"challenge": asked["challenge"], "numbers": numbers}).encode()


def test_who_loses_the_answer_gets_the_same_pass_again_and_not_a_second_one(
    api: TestClient,
) -> None:
    work = done(api)

    passes = {api.post("/v1/passes", content=work).json()["pass"] for _ in range(3)}

    assert len(passes) == 1


def test_every_challenge_is_another(api: TestClient) -> None:
    assert len({api.get("/v1/challenge").json()["challenge"] for _ in range(20)}) == 20


def test_work_that_is_not_done_or_for_another_challenge_earns_nothing(api: TestClient) -> None:
    work = json.loads(done(api))
    other = api.get("/v1/challenge").json()["challenge"]
    changed = work["challenge"][:-2] + "AA"
    tries = [
        {**work, "numbers": [0] * 16},
        {**work, "numbers": work["numbers"][:-1]},
        {**work, "numbers": ["x"] * 16},
        {**work, "challenge": other},
        {**work, "challenge": changed},
        {**work, "challenge": "A" * 51},
        {"hcaptcha": "a token, but no keys are set"},
    ]

    answers = [api.post("/v1/passes", json=one) for one in tries]

    assert [answer.json() for answer in answers] == [refused("pass_needed")] * len(tries)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"challenge":1,"numbers":[]}', b"[" * 9_000])
def test_what_is_no_work_is_malformed(api: TestClient, body: bytes) -> None:
    answer = api.post("/v1/passes", content=body)

    assert answer.json() == {"type": "/problems/submission_malformed", "status": 422}


def test_challenges_and_passes_are_over_after_a_while(
    api: TestClient, clock: Clock, office: Office
) -> None:
    work, shown = done(api), earn(api)

    clock.now += 2 * PERIOD_SECONDS
    in_time = api.post("/v1/passes", content=work).status_code
    clock.now += PERIOD_SECONDS
    late = api.post("/v1/passes", content=work).status_code
    body = seal_submission(office).body
    clock.now = NOON + 45 * 60
    used = api.post("/v1/submissions", content=body, headers=shown).status_code
    clock.now = NOON + 61 * 60
    over = api.post("/v1/submissions", content=body, headers=shown).status_code

    assert (in_time, late, used, over) == (201, 403, 201, 403)


def test_every_doubling_of_load_doubles_the_work_and_calm_comes_back(
    api: TestClient, clock: Clock
) -> None:
    def bits() -> int:
        asked: int = api.get("/v1/challenge").json()["bits"]
        return asked

    calm = bits()
    for _ in range(22):
        earn(api)
    under_load = bits()
    clock.now += 10 * 60
    later = bits()

    assert (calm, under_load, later) == (4, 6, 4)


def test_load_never_asks_for_more_than_a_phone_can_do() -> None:
    load = Load(calm=1)
    for _ in range(100_000):
        load.add(NOON)

    assert load.harder(NOON) == MOST_HARDER


def test_instances_that_share_a_database_share_passes_and_what_was_used(
    settings: ApiSettings, store: Store, library: Library, clock: Clock, office: Office
) -> None:
    """On SQLite one process serves: there a second one would know nothing of the first."""
    other_store = open_store(settings)
    first = service(settings, store, library, clock)
    second = service(settings, other_store, library, clock)
    sealed, another = seal_submission(office), seal_submission(office)
    with TestClient(first) as here, TestClient(second) as there:
        shown = earn(here)
        used = here.post("/v1/submissions", content=sealed.body, headers=shown).status_code
        again = there.post("/v1/submissions", content=sealed.body, headers=shown).status_code
        replay = there.post("/v1/submissions", content=another.body, headers=shown).status_code
    other_store.close()

    shared = store.engine.dialect.name == "postgresql"
    assert (used, again, replay) == ((201, 201, 403) if shared else (201, 403, 403))


def test_what_is_noted_at_the_gate_is_gone_within_the_hour(engine: Engine) -> None:
    ledger, period = open_ledger(engine), period_of(NOON)
    before = ledger.key(period)
    ledger.claim(b"mark", b"holder", period=period)
    ledger.count(b"other mark", period=period)

    ledger.forget(before=period + 1)

    assert ledger.key(period) != before
    assert ledger.claim(b"mark", b"somebody else", period=period)
    assert ledger.count(b"other mark", period=period) == 1


def test_the_gate_forgets_by_itself(api: TestClient, app: FastAPI, clock: Clock) -> None:
    ledger = app.state.ledger
    before = ledger.key(period_of(NOON))
    earn(api)

    clock.now += (KEPT_PERIODS + 1) * PERIOD_SECONDS
    earn(api)

    assert ledger.key(period_of(NOON)) != before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_instances_share_is_in_no_log_of_the_database_and_says_no_more_than_marks(
    engine: Engine, api: TestClient, settings: ApiSettings
) -> None:
    earn(api)
    with engine.connect() as connection:
        kinds: dict[str, str] = dict(
            connection.exec_driver_sql(
                "SELECT relname, relpersistence FROM pg_class WHERE relname LIKE 'gate_%%'"
                " AND relkind = 'r'"
            ).all()
        )
    columns = {column["name"] for table in kinds for column in inspect(engine).get_columns(table)}

    assert kinds == {"gate_key": "u", "gate_use": "u"}
    assert columns == {"period", "key", "mark", "uses", "holder"}


@pytest.fixture
def open_gate(
    office: Office, tmp_path: Path, database_url: str, store: Store, library: Library
) -> Iterator[TestClient]:
    abuse = AbuseSettings(passes=False)
    settings = office.settings(tmp_path, database_url=database_url, abuse=abuse)
    with TestClient(create_app(settings, store, library=library)) as client:
        yield client


def test_a_gate_that_stands_open_asks_for_next_to_nothing(
    open_gate: TestClient, office: Office
) -> None:
    assert open_gate.get("/v1/challenge").json()["bits"] == 0
    assert earn(open_gate)[HEADER]
    body = seal_submission(office).body
    assert open_gate.post("/v1/submissions", content=body).status_code == 201


def test_a_seat_needs_a_pass_and_asking_again_for_the_same_one_needs_no_other(
    api: TestClient,
) -> None:
    url, shown = "/v1/seats/sample-online-december", earn(api)

    without = api.put(url, headers=token_header(1))
    answers = [api.put(url, headers=token_header(n) | shown) for n in (1, 1, 2)]

    assert without.json() == refused("pass_needed")
    assert [answer.status_code for answer in answers] == [200, 200, 403]
