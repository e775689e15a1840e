"""The service as a process: what it promised survives being killed, and its log names nobody."""

import http.client
import json
import random
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal_api.operations.events import Event
from portal_api.settings import ApiSettings
from portal_protocol.receipts import open_receipt
from portal_protocol.submissions import pack_submission
from tests.portal_api.factories import Office, Sealed, seal_submission
from tests.portal_api.running import Running, running

CLIENTS = 8
ENOUGH_RECEIPTS = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "zone").mkdir()
    return tmp_path / "zone"


@pytest.fixture
def settings(office: Office, folder: Path, database_url: str) -> ApiSettings:
    return office.settings(folder, database_url=database_url)


class Families:
    """Clients that send as fast as they can and keep every receipt they get."""

    def __init__(self, office: Office, url: str) -> None:
        self._url = url
        self._office = office
        self._threads = [threading.Thread(target=self._send) for _ in range(CLIENTS)]
        self._stop = threading.Event()
        self.receipts: list[tuple[Sealed, str]] = []
        self.sent = 0

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        with httpx.Client(base_url=self._url, timeout=10) as client:
            while not self._stop.is_set():
                sealed = seal_submission(self._office, photos=[random.randbytes(1000)])
                self.sent += 1
                try:
                    for name, data in sealed.chunks.items():
                        client.put(f"/v1/chunks/{name}", content=data).raise_for_status()
                    answer = client.post("/v1/submissions", content=sealed.body)
                except httpx.TransportError:
                    continue
                if answer.status_code == 201:
                    self.receipts.append((sealed, answer.text))


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_every_receipt_is_honoured_after_a_kill_in_the_middle_of_load(
    settings: ApiSettings, folder: Path, office: Office
) -> None:
    promised: list[tuple[Sealed, str]] = []
    sent = 0
    for _ in range(2):
        with running(settings, folder) as service:
            families = Families(office, service.url)
            families.start()
            wait_for(lambda f=families: len(f.receipts) >= ENOUGH_RECEIPTS)  # type: ignore[misc]
            service.process.send_signal(signal.SIGKILL)
            service.process.wait()
            families.stop()
            promised += families.receipts
            sent += families.sent

    with running(settings, folder) as again, again.gateway() as gateway:
        for sealed, note in promised:
            key = office.receipts.verify_key
            assert open_receipt(note, key, submission_id=sealed.id).submission == sealed.id
            kept = gateway.get(f"/handover/submissions/{sealed.id}")
            assert kept.content == pack_submission(sealed.manifest.to_bytes(), sealed.envelope)
            for name, data in sealed.chunks.items():
                assert gateway.get(f"/handover/chunks/{name}").content == data
        listed = gateway.get("/handover/submissions", params={"limit": 1000}).json()["submissions"]

    assert len(promised) >= 2 * ENOUGH_RECEIPTS
    assert {sealed.id for sealed, _ in promised} <= set(listed)
    assert sent > len(promised), "nobody was cut off: the kill was not in the middle of load"


@pytest.fixture
def one_engine(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'zone' / 'portal.sqlite'}"


@pytest.fixture
def small(office: Office, folder: Path, one_engine: str) -> ApiSettings:
    return office.settings(folder, database_url=one_engine)


def raw(service: Running, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", service.settings.port), timeout=5) as line:
        line.sendall(request)
        return line.recv(65_536)


def test_the_log_says_what_happened_and_nothing_of_anybody(
    small: ApiSettings, folder: Path, office: Office
) -> None:
    with running(small, folder) as service:
        with httpx.Client(base_url=service.url) as client:
            client.post("/v1/submissions", content=seal_submission(office).body)
            client.get("/ar/search-request/?name=marker-in-query", headers={"User-Agent": "marker"})
            client.post("/form", content=b"marker-in-body")
            client.get("/v1/mailbox", headers={"Authorization": "Mailbox marker-in-token"})
        raw(service, b"marker-is-not-http\r\n\r\n")
        with socket.create_connection(("127.0.0.1", service.settings.port)) as line:
            line.sendall(b"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nmarker")
        service.process.terminate()
        code = service.process.wait(20)
        log = service.log

    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert code == 0
    assert set(events) <= set(Event)
    assert {"started", "stopped"} <= set(events)
    assert "marker" not in log
    assert "127.0.0.1" not in log
    assert "search-request" not in log


def test_no_answer_names_the_software_or_the_time(small: ApiSettings, folder: Path) -> None:
    with running(small, folder) as service:
        connection = http.client.HTTPConnection("127.0.0.1", service.settings.port)
        connection.request("GET", "/v1/keys")
        answer = connection.getresponse()
        headers = {name.lower() for name, _ in answer.getheaders()}
        connection.close()

    assert answer.status == 200
    assert not {"server", "date", "x-powered-by", "last-modified"} & headers


def test_the_process_leaves_no_core_and_is_closed_to_onlookers(
    small: ApiSettings, folder: Path
) -> None:
    with running(small, folder) as service:
        limits = Path(f"/proc/{service.process.pid}/limits").read_text()
        owner = Path(f"/proc/{service.process.pid}/maps").stat().st_uid

    (core,) = [line.split() for line in limits.splitlines() if "core file" in line]
    assert core[4:6] == ["0", "0"]
    assert owner == 0


def test_told_to_stop_it_finishes_what_it_is_doing(
    small: ApiSettings, folder: Path, office: Office
) -> None:
    sealed = seal_submission(office)
    answers: list[Any] = []
    asked = threading.Event()

    def slow_body() -> Any:
        yield sealed.body[:1000]
        asked.set()
        time.sleep(1)
        yield sealed.body[1000:]

    with running(small, folder) as service:
        url = f"{service.url}/v1/submissions"
        sending = threading.Thread(
            target=lambda: answers.append(httpx.post(url, content=slow_body(), timeout=20))
        )
        sending.start()
        asked.wait()
        service.process.terminate()
        sending.join()
        code = service.process.wait(20)

    assert [answer.status_code for answer in answers] == [201]
    assert code == 0


@pytest.mark.parametrize("spoiled", ["key_list", "receipt_key"])
def test_it_does_not_start_on_keys_it_cannot_trust(
    small: ApiSettings, folder: Path, spoiled: str
) -> None:
    path: Path = getattr(small, spoiled)
    path.write_text(path.read_text().replace("A", "B", 3))

    with pytest.raises(AssertionError), running(small, folder):
        pass
