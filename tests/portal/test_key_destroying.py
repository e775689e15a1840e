"""A key is destroyed when nothing needs it any more: both zones for real, days going by."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from portal.destroying import overwrite_and_remove
from portal.settings import GatewayPart, gateway_settings, identity_folder
from portal_content.library import Library
from portal_gateway.audit_check import verify
from portal_gateway.database import open_register, transaction
from portal_gateway.key_endings import ended_keys
from portal_gateway.link import note_contact
from portal_gateway.run import Gateway, advance_next, take_turn
from portal_gateway.steps.pulling import list_waiting
from tests.portal.places import DAY, NEW, OLD, Place, open_place


@pytest.fixture
def place(tmp_path: Path, library: Library) -> Iterator[Place]:
    with open_place(tmp_path, library) as opened:
        yield opened


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
    with closing(place.gateway()) as gateway:
        with transaction(gateway.engine) as session:
            ended = ended_keys(session)
        assert [(one.name, one.officer) for one in ended] == [(OLD, "tester")]
        assert verify(gateway.engine, []).found == ()


def test_early_or_without_the_portal_it_asks_for_what_can_be_known(
    place: Place, tmp_path: Path
) -> None:
    place.rotate(DAY, out="r0")
    assert "rotate first" in place.destroy(DAY, early=True)
    place.rotate(DAY + timedelta(days=1), out=OLD)
    day = DAY + timedelta(days=2)
    lost = GatewayPart(handover_url="http://127.0.0.1:9")
    away = Place(place.settings.model_copy(update={"gateway": lost}), place.portal, place.library)
    carried = Place(
        place.settings.model_copy(update={"gateway": GatewayPart(carried=True)}),
        place.portal,
        place.library,
    )

    assert "the reserve key opens" in place.destroy(day)
    assert "cannot be asked" in away.destroy(day, early=True)
    assert "was not asked since 2026-11-21" in carried.destroy(day, early=True)
    place.work(lambda gateway: note_contact(gateway.engine, now=at(DAY)))
    assert "was not asked since 2026-11-21" in carried.destroy(day, early=True)
    secret, away_from_here = identity_folder(place.settings) / f"{OLD}.identity", tmp_path / "out"
    with pytest.raises(FileNotFoundError):
        place.destroy(day, early=True, meanwhile=lambda: secret.rename(away_from_here))
    away_from_here.rename(secret)
    assert "is destroyed" in place.destroy(day, early=True)
    register = open_register(gateway_settings(place.settings))
    with register as engine, transaction(engine) as session:
        assert [one.name for one in ended_keys(session)] == [OLD]


def test_a_file_is_overwritten_in_its_place_before_it_goes(tmp_path: Path) -> None:
    secret, same_bytes = tmp_path / "key", tmp_path / "link"
    secret.write_bytes(b"secret" * 100)
    same_bytes.hardlink_to(secret)

    overwrite_and_remove(secret)

    assert not secret.exists()
    assert b"secret" not in same_bytes.read_bytes()
    assert same_bytes.stat().st_size == 600
