"""A key is destroyed when nothing needs it any more: both zones for real, days going by."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
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
    identity_folder,
)
from portal_api.app import create_app
from portal_api.handover.app import create_handover_app
from portal_api.operations.store import open_store
from portal_content.library import Library
from portal_gateway.audit_check import verify
from portal_gateway.database import transaction
from portal_gateway.key_endings import ended_keys
from portal_gateway.run import Gateway, advance_next, take_turn
from portal_gateway.server import open_gateway
from portal_gateway.steps.pulling import list_waiting
from portal_protocol.age import HybridRecipient
from portal_protocol.notes import parse_signing_key, sign_note
from tests.portal_api.factories import OPEN, Office
from tests.portal_gateway.families import Sent, filled_form, write
from tests.portal_gateway.zones import listening

DAY = date(2026, 11, 20)
PASSPHRASE = "seven words that dice have chosen"
OLD, NEW = "intake-a", "intake-b"


@dataclass(frozen=True)
class Place:
    """Everything on one machine, and families who write."""

    settings: PortalSettings
    public: TestClient
    library: Library

    def send(self, *, spoilt: bool = False) -> Sent:
        """Seal to the list in use, as a page does, and send it."""
        keys = current_list(self.settings)
        assert keys is not None
        serial = keys.serial
        sent = write(
            Office(),
            {**filled_form(self.library), **({"id": "no-such-form"} if spoilt else {})},
            recipients=[HybridRecipient.from_text(text) for _, text in keys.recipients],
            change_envelope=lambda value: value.update(keys=serial),
        )
        assert self.public.post("/v1/submissions", content=sent.body).status_code == 201
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
        gateway = self.gateway()
        step(gateway)
        gateway.handover.close()
        gateway.engine.dispose()

    def destroy(
        self, day: date, *, typed: str = OLD, early: bool = False, give_up: str = ""
    ) -> str:
        """Try to destroy the old key; return what was said on the way."""
        said = io.StringIO()
        console = Console(width=200, file=said)
        person = Person("tester", lambda _: PASSPHRASE, lambda: typed)
        given_up = [give_up] if give_up else []
        now = datetime.combine(day, time(12), UTC)
        try:
            destroy(self.settings, OLD, person, console, now=now, early=early, given_up=given_up)
        except CeremonyStopped as stopped:
            console.print(str(stopped))
        return said.getvalue()


@pytest.fixture
def place(tmp_path: Path, library: Library) -> Iterator[Place]:
    bare = PortalSettings(data=tmp_path / "var", site=tmp_path / "site")
    make_keys(bare, today=DAY)
    # The reserve lies in another building.
    (DataFolders(bare.data).protected / "reserve.identity").unlink()
    public = api_settings(bare).model_copy(update={"abuse": OPEN})
    store = open_store(public)
    handover = create_handover_app(store, credential_sha256=public.handover_credential_sha256)
    with TestClient(create_app(public, store, library=library)) as client, listening(handover) as u:
        part = GatewayPart(handover_url=u)
        yield Place(bare.model_copy(update={"gateway": part}), client, library)
    store.close()


def at(day: date) -> datetime:
    return datetime.combine(day, time(15), UTC)


def test_a_key_ends_when_nothing_needs_it_and_opens_nothing_any_more(place: Place) -> None:
    place.rotate(DAY, out="r0")
    under_the_old, spoilt = place.send(), place.send(spoilt=True)
    rotation = DAY + timedelta(days=60)
    place.rotate(rotation, out=OLD)
    place.send()
    free = DAY + timedelta(days=92 + 4)
    secret = identity_folder(place.settings) / f"{OLD}.identity"

    assert "may seal to it until 2027-02-24" in place.destroy(free - timedelta(days=1))
    assert "3 submissions may still need this key" in place.destroy(free)

    def only_fetch(gateway: Gateway) -> None:
        list_waiting(gateway.engine, gateway.handover, now=at(free))
        for _ in range(3):
            advance_next(gateway, now=at(free))

    place.work(only_fetch)
    said = place.destroy(free)
    # What lies here is tried: the one under the new key is not among them.
    assert "2 submissions may still need this key" in said
    assert f"- {under_the_old.id[:12]} fetched" in said

    place.work(lambda gateway: take_turn(gateway, now=at(free)))
    assert f"- {spoilt.id[:12]} kept: form_unknown" in place.destroy(free)
    given_up = spoilt.id[:12]
    assert "not the name of the key" in place.destroy(free, typed=NEW, give_up=given_up)
    assert secret.exists()

    assert "On a memory stick" in place.destroy(free, give_up=given_up)

    assert not secret.exists()
    assert not secret.with_suffix(".recipient").exists()
    gateway = place.gateway()
    with transaction(gateway.engine) as session:
        ended = ended_keys(session)
    assert [(one.name, one.officer) for one in ended] == [(OLD, "tester")]
    assert verify(gateway.engine, []).found == ()
    gateway.handover.close()
    gateway.engine.dispose()


def test_early_or_without_the_portal_it_asks_for_what_can_be_known(place: Place) -> None:
    place.rotate(DAY, out="r0")
    assert "rotate first" in place.destroy(DAY, early=True)
    place.rotate(DAY + timedelta(days=1), out=OLD)
    day = DAY + timedelta(days=2)
    lost = GatewayPart(handover_url="http://127.0.0.1:9")
    away = Place(place.settings.model_copy(update={"gateway": lost}), place.public, place.library)
    carried = Place(
        place.settings.model_copy(update={"gateway": GatewayPart(carried=True)}),
        place.public,
        place.library,
    )

    assert "the reserve key opens" in place.destroy(day)
    assert "cannot be asked" in away.destroy(day, early=True)
    assert "was not asked since 2026-11-21" in carried.destroy(day, early=True)
    assert "is destroyed" in place.destroy(day, early=True)
