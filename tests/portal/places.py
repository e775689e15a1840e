"""Both zones on one machine, as the commands find them: real keys, a real portal, days going by."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from rich.console import Console
from starlette.testclient import TestClient

from portal.demonstration import make_keys
from portal.destroying import Person, destroy
from portal.held_keys import make_key
from portal.key_lists import CeremonyStopped, current_list, next_list, publish_list, read_recipient
from portal.settings import (
    DataFolders,
    GatewayPart,
    PortalSettings,
    api_settings,
    gateway_settings,
)
from portal_api.app import create_app
from portal_api.handover.app import create_handover_app
from portal_api.operations.store import open_store
from portal_content.library import Library
from portal_gateway.run import Gateway
from portal_gateway.server import open_gateway
from portal_protocol.age import HybridRecipient
from portal_protocol.notes import parse_signing_key, sign_note
from tests.portal_api.factories import OPEN, Office
from tests.portal_gateway.families import Family, Sent, filled_form, write
from tests.portal_gateway.zones import Portal, Watch, listening

DAY = date(2026, 11, 20)
PASSPHRASE = "seven words that dice have chosen"
OLD, NEW = "intake-a", "intake-b"


@dataclass(frozen=True)
class Place:
    """Everything on one machine, and families who write."""

    settings: PortalSettings
    portal: Portal
    library: Library

    def send(
        self,
        *,
        family: Family | None = None,
        photos: Sequence[bytes] = (),
        spoilt: bool = False,
    ) -> Sent:
        """Seal to the list in use, as a page does, and send it."""
        keys = current_list(self.settings)
        assert keys is not None
        serial = keys.serial
        sent = write(
            Office(),
            {**filled_form(self.library), **({"id": "no-such-form"} if spoilt else {})},
            recipients=[HybridRecipient.from_text(text) for _, text in keys.recipients],
            family=family,
            photos=photos,
            change_envelope=lambda value: value.update(keys=serial),
        )
        self.portal.take(sent)
        return sent

    def rotate(self, day: date, *, out: str) -> None:
        """A new key comes in, another goes out, and two roots have signed."""
        folders = DataFolders(self.settings.data)
        name = NEW if out == OLD else OLD
        made, _ = make_key(folders.protected, name, PASSPHRASE, today=day, work=2)
        keys = current_list(self.settings)
        assert keys is not None
        text = next_list(keys, new=dict([read_recipient(made)]), out=[out], today=day).to_text()
        roots = [(folders.offline / f"root{n}.key").read_text().strip() for n in (0, 1)]
        publish_list(self.settings, sign_note(text, *map(parse_signing_key, roots)), today=day)

    def gateway(self) -> Gateway:
        """Start it anew, as after every rotation."""
        return open_gateway(gateway_settings(self.settings), self.library, ask=lambda _: PASSPHRASE)

    def work(self, step: Callable[[Gateway], object]) -> None:
        """Do something at the gateway, and end it."""
        with closing(self.gateway()) as gateway:
            step(gateway)

    def destroy(
        self,
        day: date,
        *,
        typed: str = OLD,
        early: bool = False,
        give_up: str = "",
        meanwhile: Callable[[], object] | None = None,
    ) -> str:
        """Try to destroy the old key; return what was said on the way.

        Args:
            day: The day it is, at noon.
            typed: What is typed as its name.
            early: Although pages may seal to it.
            give_up: Beginning of the id of a submission.
            meanwhile: What happens while the name is typed.
        """

        def type_name() -> str:
            if meanwhile:
                meanwhile()
            return typed

        said = io.StringIO()
        console = Console(width=200, file=said)
        person = Person("tester", lambda _: PASSPHRASE, type_name)
        given_up = [give_up] if give_up else []
        now = datetime.combine(day, time(12), UTC)
        try:
            destroy(self.settings, OLD, person, console, now=now, early=early, given_up=given_up)
        except CeremonyStopped as stopped:
            console.print(str(stopped))
        return said.getvalue()


@contextmanager
def open_place(folder: Path, library: Library) -> Iterator[Place]:
    """Demonstration keys, the reserve in another building, the public zone running."""
    bare = PortalSettings(data=folder / "var", site=folder / "site")
    make_keys(bare, today=DAY)
    folders = DataFolders(bare.data)
    (folders.protected / "reserve.identity").unlink()
    public = api_settings(bare).model_copy(update={"abuse": OPEN})
    store = open_store(public)
    digest = public.handover_credential_sha256
    watch = Watch(create_handover_app(store, credential_sha256=digest))
    replies = parse_signing_key(folders.replies_key.read_text().strip()).verify_key
    try:
        app = create_app(public, store, library=library)
        with TestClient(app) as client, listening(watch) as url:
            portal = Portal(store, client, watch, url, public.blobs, replies)
            part = GatewayPart(handover_url=url)
            yield Place(bare.model_copy(update={"gateway": part}), portal, library)
    finally:
        store.close()
