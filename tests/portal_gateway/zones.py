"""Both zones as they run: the real portal with its hand-over on a socket, the real gateway."""

import asyncio
import base64
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from sqlalchemy import text
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal_api.app import create_app
from portal_api.handover.app import create_handover_app
from portal_api.operations.store import Store, open_store
from portal_content.library import Library
from portal_gateway.run import Gateway
from portal_gateway.server import open_gateway
from portal_gateway.settings import GatewaySettings
from portal_protocol.notes import VerifyKey
from portal_protocol.replies import Reply, open_reply
from tests.portal_api.factories import CREDENTIAL, DEPLOYMENT, ROOT, Office
from tests.portal_gateway.families import Family, Sent


@dataclass
class Watch:
    """Stands before the hand-over: sees every request, can hold answers back or break the line."""

    app: ASGIApp
    seen: list[str] = field(default_factory=list)
    held: str = ""
    """Requests whose answer never leaves."""
    slow: str = ""
    """Requests whose answer comes late; only the first such."""
    broken: bool = False
    reached: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        line = f"{scope['method']} {scope['path']}"
        self.seen.append(line)

        async def watched(message: Message) -> None:
            if self.held and re.search(self.held, line):
                # The portal has done its work; only the answer does not come back.
                self.reached.set()
                await asyncio.to_thread(self.let_go.wait)
                raise ConnectionResetError
            if self.slow and re.search(self.slow, line):
                self.slow = ""
                self.reached.set()
                await asyncio.to_thread(self.let_go.wait)
            await send(message)

        if self.broken:
            raise ConnectionResetError
        await self.app(scope, receive, watched)


@dataclass(frozen=True)
class Portal:
    """The public zone, running."""

    store: Store
    public: TestClient
    watch: Watch
    url: str
    blobs: Path
    replies_key: VerifyKey

    def take(self, sent: Sent) -> None:
        """Take a submission the way the browser sends it."""
        for name, data in sent.chunks.items():
            assert self.public.put(f"/v1/chunks/{name}", content=data).status_code == 201
        answer = self.public.post("/v1/submissions", content=sent.body)
        assert answer.status_code == 201, answer.text

    def put_past_its_checks(self, sent: Sent) -> None:
        """Store what the portal would refuse, as somebody who has taken it over could."""
        for name, data in sent.chunks.items():
            self.public.put(f"/v1/chunks/{name}", content=data)
        with self.store.engine.execution_options(writes=True).begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO submission (id, received_on, manifest, envelope)"
                    " VALUES (:id, '2026-11-20', :manifest, :envelope)"
                ),
                {
                    "id": sent.id,
                    "manifest": sent.manifest.to_bytes(),
                    "envelope": sent.envelope,
                },
            )

    def fill_with_nonsense(self, count: int) -> None:
        """Store rows that are no submissions."""
        with self.store.engine.execution_options(writes=True).begin() as connection:
            for number in range(count):
                values = {"id": f"{number:064x}", "data": b"x"}
                statement = "INSERT INTO submission VALUES (:id, '2026-11-20', :data, :data, NULL)"
                connection.execute(text(statement), values)

    def alter(self, sent: Sent, column: str, data: bytes) -> None:
        """Change a stored submission, as somebody who has taken the portal over could."""
        with self.store.engine.execution_options(writes=True).begin() as connection:
            statement = text(f"UPDATE submission SET {column} = :data WHERE id = :id")
            connection.execute(statement, {"data": data, "id": sent.id})

    def chunk_file(self, name: str) -> Path:
        """The file that a stored piece lies in."""
        return next(self.blobs.rglob(name))

    def waiting(self) -> list[str]:
        """Ids that the gateway has not acknowledged."""
        with self.store.engine.connect() as connection:
            rows = connection.execute(
                text("SELECT id FROM submission WHERE acknowledged_on IS NULL")
            )
            return sorted(row[0] for row in rows)

    def parcels(self) -> int:
        """How many sealed replies lie in all mailboxes."""
        with self.store.engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM reply")).scalar_one())

    def replies(self, family: Family) -> list[Reply]:
        """What a family finds with its code, in the order of the numbers."""
        mailbox = family.mailbox
        token = base64.urlsafe_b64encode(mailbox.token).decode().rstrip("=")
        answer = self.public.get("/v1/mailbox", headers={"Authorization": f"Mailbox {token}"})
        opened = [
            open_reply(
                base64.b64decode(message["data"]),
                mailbox.identity,
                self.replies_key,
                mailbox_id=mailbox.id,
            )
            for message in answer.json()["messages"]
        ]
        return sorted(opened, key=lambda reply: reply.seq)


@contextmanager
def running_portal(folder: Path, office: Office) -> Iterator[Portal]:
    """The real public service, its hand-over on a port of its own."""
    folder.mkdir()
    settings = office.settings(folder, database_url=f"sqlite:///{folder / 'portal.sqlite'}")
    store = open_store(settings)
    digest = settings.handover_credential_sha256
    watch = Watch(create_handover_app(store, credential_sha256=digest))
    try:
        with TestClient(create_app(settings, store)) as public, listening(watch) as url:
            yield Portal(store, public, watch, url, settings.blobs, office.replies.verify_key)
    finally:
        store.close()


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """Serve an app on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="critical", lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{free.getsockname()[1]}"
        finally:
            # Also behind a test that has failed: the thread would keep the whole run from ending.
            if isinstance(app, Watch):
                app.let_go.set()
            server.should_exit = True
            thread.join()


def free_port() -> int:
    with socket.socket() as listening_for_a_moment:
        listening_for_a_moment.bind(("127.0.0.1", 0))
        return int(listening_for_a_moment.getsockname()[1])


def gateway_settings(
    folder: Path, office: Office, *, database_url: str, url: str
) -> GatewaySettings:
    """Write what the protected zone is given, and return its settings."""
    folder.mkdir(exist_ok=True)
    secrets = {
        "intake.identity": office.identities[0].text,
        "reserve.identity": office.identities[1].text,
        "replies.key": office.replies.text,
        "credential": CREDENTIAL,
        "keys.note": office.key_list(),
    }
    for name, content in secrets.items():
        (folder / name).write_text(content + ("" if name == "keys.note" else "\n"))
    return GatewaySettings(
        root=ROOT,
        database_url=database_url,
        attachments=folder / "attachments",
        handover_url=url,
        handover_credential=folder / "credential",
        identities=(folder / "intake.identity", folder / "reserve.identity"),
        replies_key=folder / "replies.key",
        code_key=folder / "one-time-codes.key",
        key_list=folder / "keys.note",
        roots=tuple(root.verify_key.text for root in office.roots),
        deployment=DEPLOYMENT,
        register_port=free_port(),
        pull_every_seconds=0.05,
    )


@contextmanager
def open_for_tests(settings: GatewaySettings, library: Library) -> Iterator[Gateway]:
    """The real gateway, its turns taken by the test."""
    with closing(open_gateway(settings, library)) as gateway:
        yield gateway
