"""The rooms of a rehearsal: a folder for each machine, throw-away keys, the real portal service."""

import secrets
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from portal.commands.signing import add_signature
from portal.held_keys import make_key
from portal.key_files import make_signer, write_secret_file
from portal.key_lists import CeremonyStopped
from portal.settings import (
    ApiPart,
    DataFolders,
    GatewayPart,
    PortalSettings,
    api_settings,
    credential_digest,
)
from portal.submitting import Arrived, Filled, Line, submit
from portal_api.app import create_app
from portal_api.handover.app import create_handover_app
from portal_api.operations.store import open_store
from portal_content.library import Library
from portal_protocol.key_list import KeyList, parse_key_list
from portal_protocol.notes import VerifyKey

DEPLOYMENT = "rehearsal"
HOST = "127.0.0.1"
START_SECONDS = 30
STOP_SECONDS = 10
FORM = "feedback"
CREDENTIAL_BYTES = 32


@dataclass(frozen=True)
class Rooms:
    """Where everybody sits; what is made here must never be used."""

    folder: Path
    work: int
    """Doublings of the work for a guess at a passphrase."""
    passphrase: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def portal(self) -> DataFolders:
        """What lies at the public service."""
        return DataFolders(self.folder / "portal")

    @property
    def gateway(self) -> DataFolders:
        """What lies at the gateway."""
        return DataFolders(self.folder / "gateway")

    def room(self, name: str) -> Path:
        """Return the folder of somebody's machine, made if it is not there."""
        (self.folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.folder / name

    def settings(self, machine: str, *, handover_url: str = "") -> PortalSettings:
        """Return the settings of a machine, as strict as in real use.

        Every part is given: no setting of the real installation may reach in here.
        """
        return PortalSettings(
            environment="production",
            deployment=DEPLOYMENT,
            data=self.folder / machine,
            site=self.folder / "site",
            host=HOST,
            base_url="",
            api_url="",
            api=ApiPart(),
            gateway=GatewayPart(handover_url=handover_url),
        )

    def ask(self, _: str) -> str:
        """Type the passphrase of a key."""
        return self.passphrase

    def make_signer(self, path: Path, name: str, *, closed: bool = True) -> VerifyKey:
        """Make a key that signs."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        passphrase = self.passphrase if closed else ""
        return make_signer(path, f"{DEPLOYMENT}/{name}", passphrase, work=self.work).verify_key

    def make_key(self, folder: Path, name: str, today: date) -> tuple[Path, str]:
        """Make a key that opens submissions; return its public half, as a file and as text."""
        return make_key(folder, name, self.passphrase, today=today, work=self.work)

    def make_credential(self) -> None:
        """Make what the gateway shows to the portal."""
        credential = secrets.token_urlsafe(CREDENTIAL_BYTES)
        self.gateway.protected.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret_file(self.gateway.credential, f"{credential}\n".encode("ascii"))
        self.portal.public.mkdir(parents=True, exist_ok=True)
        digest = credential_digest(credential)
        self.portal.credential_digest.write_text(f"{digest}\n", encoding="ascii")

    def sign(self, text: str, holder: int, told: list[str]) -> str:
        """Carry a list to a root holder, who reads it and signs; return their copy."""
        room = self.room(f"root-holder-{holder}")
        copy = room / f"list-{parse_key_list(text).serial}.note"
        copy.write_text(text, encoding="utf-8")
        signer = add_signature(copy, room / "root.key", self.ask, agree=lambda _: True)
        if signer is None:
            raise CeremonyStopped("a root holder did not sign")
        told.append(signer.name)
        return copy.read_text(encoding="utf-8")


class OldPage(Line):
    """A page that somebody opened before the list changed."""

    def __init__(self, url: str, roots: Sequence[str], loaded: KeyList) -> None:
        super().__init__(url, roots, DEPLOYMENT)
        self._loaded = loaded

    def key_list(self) -> KeyList:
        """Return the list that the page was loaded with."""
        return self._loaded


@dataclass(frozen=True)
class Service:
    """The public service, running."""

    url: str
    handover_url: str
    roots: tuple[str, ...]
    library: Library

    def shows(self, keys: KeyList) -> bool:
        """Tell whether it shows this list to whoever asks now."""
        with Line(self.url, self.roots, DEPLOYMENT) as line:
            return line.key_list() == keys

    def write(self, text: str, today: date, *, loaded: KeyList | None = None) -> Arrived:
        """Send a message as a browser does: sealed here, with its work, receipt checked."""
        form = next(one for one in self.library.forms.current() if one.id == FORM)
        matter = next(one for one in form.fields if one.id == "matter")
        answers = {"matter": matter.options[0], "text": text}
        required: dict[str, Sequence[str]] = {c.id: () for c in form.consents if c.required}
        filled = Filled(form, "ar", answers, required)
        page = (
            Line(self.url, self.roots, DEPLOYMENT)
            if loaded is None
            else OldPage(self.url, self.roots, loaded)
        )
        with page as line:
            return submit(line, self.library, filled, today=today)


@contextmanager
def running_service(rooms: Rooms, library: Library) -> Iterator[Service]:
    """Run the public service and its hand-over on free ports of this machine."""
    settings = api_settings(rooms.settings("portal"))
    store = open_store(settings)
    try:
        with ExitStack() as stack:
            public = create_app(settings, store, library=library)
            digest = settings.handover_credential_sha256
            handover = create_handover_app(store, credential_sha256=digest)
            urls = [stack.enter_context(_listening(app)) for app in (public, handover)]
            yield Service(urls[0], urls[1], rooms.portal.read_roots(), library)
    finally:
        store.close()


@contextmanager
def _listening(app: FastAPI) -> Iterator[str]:
    with socket.socket() as free:
        free.bind((HOST, 0))
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, lifespan="off", access_log=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]})
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            yield f"http://{HOST}:{free.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS)
