"""The real service as a process of its own, and a watch over everything it writes."""

import base64
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx

from portal_api.settings import ApiSettings
from tests.portal_api.factories import CREDENTIAL, ROOT

START_SECONDS = 60
CHILD = """
import os, sys
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
told = int(sys.argv[2])

def tell(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES:
        os.write(told, f"open {arguments[0]}\\n".encode("utf-8", "replace"))
    elif event in ("os.rename", "os.link", "os.symlink", "subprocess.Popen", "os.posix_spawn"):
        os.write(told, f"{event} {arguments[0]}\\n".encode("utf-8", "replace"))

sys.addaudithook(tell)
from pathlib import Path
if sys.argv[1] == "-":
    exec(sys.stdin.read())
else:
    from portal_api.server import serve
    from portal_api.settings import ApiSettings
    serve(ApiSettings.model_validate_json(Path(sys.argv[1]).read_text()))
"""
"""Runs the service, or a program from its input, and tells what Python code opens to write."""


@dataclass
class Running:
    """A running service."""

    process: subprocess.Popen[bytes]
    settings: ApiSettings
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def written(self) -> list[str]:
        """Return every path that was opened to be written, or renamed, in order."""
        lines = (self.folder.parent / "audit").read_text(encoding="utf-8").splitlines()
        return [line.split(" ", 1)[1] for line in lines]

    def gateway(self) -> httpx.Client:
        """Return what asks as the gateway does."""
        headers = {"Authorization": f"Bearer {CREDENTIAL}"}
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.settings.handover_port}", headers=headers
        )


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def environment(folder: Path) -> dict[str, str]:
    """Point every place for temporary files into the watched folder."""
    places = {name: str(folder / "tmp") for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR")}
    (folder / "tmp").mkdir(exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
        **places,
    }


@contextmanager
def running(settings: ApiSettings, folder: Path) -> Iterator[Running]:
    """Run the service with its working, temporary and home folders below one folder."""
    ports = {"port": free_port(), "handover_port": free_port()}
    settings = settings.model_copy(update=ports)
    (folder.parent / "settings.json").write_text(settings.model_dump_json())
    with (folder / "log").open("ab") as log, (folder.parent / "audit").open("ab") as audit:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                CHILD,
                str(folder.parent / "settings.json"),
                str(audit.fileno()),
            ],
            cwd=folder,
            env=environment(folder),
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[audit.fileno()],
        )
    service = Running(process, settings, folder)
    try:
        _wait(service)
        yield service
    finally:
        process.kill()
        process.wait()


def _wait(service: Running) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            httpx.get(f"{service.url}/v1/keys", timeout=2).raise_for_status()
            with service.gateway() as gateway:
                gateway.get("/handover/health").raise_for_status()
        except httpx.TransportError:
            assert service.process.poll() is None, service.log
            assert time.monotonic() < deadline, service.log
            time.sleep(0.05)
        else:
            return


def disguises(marker: str) -> list[bytes]:
    """Return the ways in which a text may lie in a file."""
    plain = marker.encode()
    # In base64 a text looks different with none, one or two bytes before it; its edges are cut.
    packed = [base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)]
    spelled = [json.dumps(marker)[1:-1].encode(), quote(marker).encode(), plain.hex().encode()]
    return [plain, marker.encode("utf-16-le"), marker.encode("utf-16-be"), *packed, *spelled]


@dataclass
class Watch:
    """Looks for texts in every file below a folder and every file a process holds open."""

    folder: Path
    markers: Sequence[str]
    process: int | None = None
    found: set[str] = field(default_factory=set)
    rounds: int = 0

    def look(self) -> None:
        """Look once."""
        traces = [trace for marker in self.markers for trace in disguises(marker)]
        for path in (*self.folder.rglob("*"), *self._held_open()):
            try:
                content = path.read_bytes() if path.is_file() else b""
            except OSError:
                continue
            if any(trace in content for trace in traces):
                self.found.add(str(path))
        self.rounds += 1

    def _held_open(self) -> list[Path]:
        """Return files that are held open, also those whose name is gone already."""
        if self.process is None:
            return []
        try:
            return list(Path(f"/proc/{self.process}/fd").iterdir())
        except OSError:
            return []  # another system, or not allowed: the service is closed to onlookers

    @contextmanager
    def during(self) -> Iterator["Watch"]:
        """Look again and again until the block ends, and once more afterwards."""
        done = threading.Event()

        def keep_looking() -> None:
            while not done.is_set():
                self.look()
                done.wait(0.01)

        looking = threading.Thread(target=keep_looking)
        looking.start()
        try:
            yield self
        finally:
            done.set()
            looking.join()
            self.look()
