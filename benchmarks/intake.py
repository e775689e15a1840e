"""Taking submissions in: the real service against a bare route that saves a row of the same size.

Passes are off: the work for them is the senders'. Both services run as processes of their own and
are driven in turn, a few seconds each, by the same senders, so that other work on the machine
weighs on both.
"""

import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import text
from sqlmodel import Session, col, select

from benchmarks.senders import Outcome, send_for
from portal_api.abuse.settings import AbuseSettings
from portal_api.database import create_engine
from portal_api.submissions.tables import Submission
from portal_protocol.receipts import open_receipt
from tests.portal_api.factories import ROOT, Office, seal_submission
from tests.portal_api.running import free_port
from tests.postgresql import running_postgresql

CLIENTS = (1, 4, 16, 64)
SECONDS = 15.0
"""For each number of clients and each of the two services: a minute at rising rates."""
TURNS = 3
"""Parts of that time, ours and the floor's one after the other."""
OF_THE_FLOOR = 0.7
"""Goal: so much of what the bare route takes."""
START_SECONDS = 60
SERVE = """
import sys
from pathlib import Path
from portal_api.server import serve
from portal_api.settings import ApiSettings
serve(ApiSettings.model_validate_json(Path(sys.argv[1]).read_text()))
"""


class ReceiptLost(Exception):
    """A receipt was given for what is not in the database: no figure counts then."""


@dataclass
class Service:
    """A running service with what came of each number of clients."""

    name: str
    database_url: str
    port: int
    process: subprocess.Popen[bytes]
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    @property
    def megabytes(self) -> float:
        """Return the memory that it holds (RSS)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1]) / 1024

    @property
    def best(self) -> float:
        """Return the most that it accepted in a second."""
        return max(outcome.per_second for outcome in self.outcomes.values())

    @property
    def receipts(self) -> dict[str, str]:
        """Return everything it answered with."""
        return {k: v for one in self.outcomes.values() for k, v in one.receipts.items()}


def measure(
    seconds: float = SECONDS,
    clients: Sequence[int] = CLIENTS,
    engines: Sequence[str] = ("sqlite", "postgresql"),
) -> dict[str, float]:
    """Send to both services on each engine, and look whether every receipt is honoured.

    Args:
        seconds: How long, for each number of clients and each service.
        clients: Numbers of lines that are open at once.
        engines: Which databases.

    Returns:
        Figures by name; `<engine>_ratio` is what the service accepted at its best against the
        floor at its best.

    Raises:
        ReceiptLost: If one is not.
    """
    figures = {"processors": float(os.cpu_count() or 1), "load_before": os.getloadavg()[0]}
    for engine in engines:
        figures |= {f"{engine}_{name}": value for name, value in _on(engine, seconds, clients)}
    return figures | {"load_after": os.getloadavg()[0]}


def _on(engine: str, seconds: float, clients: Sequence[int]) -> Iterator[tuple[str, float]]:
    office = Office()
    envelope = seal_submission(office).envelope
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-bench-")))
        urls = [f"sqlite:///{folder / name}/portal.sqlite" for name in ("ours", "floor")]
        if engine == "postgresql":
            server = stack.enter_context(running_postgresql())
            urls = [stack.enter_context(server.new_database()) for _ in urls]
        ours = stack.enter_context(_serving_ours(office, folder, urls[0]))
        floor = stack.enter_context(_serving_floor(folder, urls[1]))
        idle = ours.megabytes
        for lines in clients:
            _drive(ours, floor, lines, seconds, envelope)
            yield from _compared(ours, floor, lines)
        yield "ratio", ours.best / floor.best
        yield "errors", float(sum(sum(one.errors.values()) for one in ours.outcomes.values()))
        yield "accepted", float(len(ours.receipts))
        yield "idle_megabytes", idle
        yield "megabytes", ours.megabytes
        yield "floor_megabytes", floor.megabytes
        check_kept(ours, office)
        yield "bytes_on_disk_each", _bytes_on_disk(ours)
        yield "floor_bytes_on_disk_each", _bytes_on_disk(floor)


def _drive(ours: Service, floor: Service, lines: int, seconds: float, envelope: bytes) -> None:
    """Let senders send to one and the other in turn."""
    for service in (ours, floor):
        service.outcomes[lines] = Outcome()
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as senders:
        for turn in range(TURNS):
            # Who comes first changes: what happens on the machine in between favours nobody.
            for service in (ours, floor) if turn % 2 == 0 else (floor, ours):
                part = seconds / TURNS
                sent = senders.submit(send_for, part, lines, service.port, envelope)
                service.outcomes[lines].add(sent.result())


def _compared(ours: Service, floor: Service, lines: int) -> Iterator[tuple[str, float]]:
    mine, least = ours.outcomes[lines], floor.outcomes[lines]
    yield f"{lines}_clients_accepted_a_second", mine.per_second
    yield f"{lines}_clients_p50_ms", statistics.median(mine.milliseconds)
    yield f"{lines}_clients_p99_ms", mine.percentile(0.99)
    yield f"{lines}_clients_floor_a_second", least.per_second
    yield f"{lines}_clients_floor_p99_ms", least.percentile(0.99)
    yield f"{lines}_clients_ratio", mine.per_second / least.per_second


def check_kept(service: Service, office: Office) -> None:
    """Check every receipt's signature, and that the database has what it stands for."""
    engine = create_engine(service.database_url)
    with Session(engine) as session:
        kept = set(session.exec(select(col(Submission.id))))
    engine.dispose()
    receipts = service.receipts
    if not receipts.keys() <= kept:
        raise ReceiptLost(f"{len(receipts.keys() - kept)} of {len(receipts)} are not there")
    for name, note in receipts.items():
        open_receipt(note, office.receipts.verify_key, submission_id=name)


def _bytes_on_disk(service: Service) -> float:
    engine = create_engine(service.database_url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint")
            size = "page_count * page_size FROM pragma_page_count, pragma_page_size"
        else:
            size = "pg_total_relation_size('submission')"
        total: int = connection.execute(text(f"SELECT {size}")).scalar_one()
        rows: int = connection.execute(text("SELECT count(*) FROM submission")).scalar_one()
    engine.dispose()
    return total / rows


@contextmanager
def _serving_ours(office: Office, folder: Path, database_url: str) -> Iterator[Service]:
    place = folder / "ours"
    place.mkdir()
    settings = office.settings(
        place, database_url=database_url, abuse=AbuseSettings(passes=False)
    ).model_copy(update={"port": free_port(), "handover_port": free_port()})
    written = place / "settings.json"
    written.write_text(settings.model_dump_json(), encoding="utf-8")
    command = ["-c", SERVE, str(written)]
    with _running("ours", command, database_url, settings.port) as service:
        yield service


@contextmanager
def _serving_floor(folder: Path, database_url: str) -> Iterator[Service]:
    (folder / "floor").mkdir()
    port = free_port()
    command = ["-m", "benchmarks.floor", database_url, str(port)]
    with _running("floor", command, database_url, port) as service:
        yield service


@contextmanager
def _running(name: str, command: list[str], database_url: str, port: int) -> Iterator[Service]:
    process = subprocess.Popen(  # noqa: S603 - our own services
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, port)
        yield Service(name, database_url, port, process)
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/v1/keys", timeout=2).raise_for_status()
        except httpx.TransportError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
