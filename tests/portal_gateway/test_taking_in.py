"""Files that somebody brought: the same steps, one case, and nothing is deleted silently."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from portal_content.library import Library
from portal_gateway.arrivals import Arrival, ArrivalState
from portal_gateway.cases import Attachment, Case
from portal_gateway.database import transaction
from portal_gateway.run import Gateway, take_turn
from portal_gateway.steps.taking_in import ASIDE, REASON, TAKEN, Desk, Folder, take_in_folder
from portal_protocol.sealed_files import pack_sealed_file, text_of
from tests.photos import photo_with_hidden_data
from tests.portal_api.factories import Office
from tests.portal_gateway.families import Sent, filled_form, write
from tests.portal_gateway.moments import NOON
from tests.portal_gateway.zones import Portal


def carried(sent: Sent) -> bytes:
    files = [b"".join(sent.chunks[n] for n in blob.chunks) for blob in sent.manifest.blobs]
    return pack_sealed_file(sent.manifest.to_bytes(), sent.envelope, files)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(gateway: Gateway) -> Desk:
    return Desk(gateway.engine, gateway.sealed, gateway.library)


@pytest.fixture
def sent(office: Office, library: Library) -> Sent:
    return write(office, filled_form(library))


def cases(gateway: Gateway) -> list[Case]:
    with transaction(gateway.engine) as session:
        return list(session.exec(select(Case)).all())


def state(gateway: Gateway, sent: Sent) -> str:
    with transaction(gateway.engine) as session:
        return session.get_one(Arrival, sent.id).state


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_a_file_with_a_photo_becomes_a_case_like_any_other(
    gateway: Gateway, desk: Desk, office: Office, library: Library, stick: Path
) -> None:
    photo = photo_with_hidden_data(marker="stick")
    sent = write(office, filled_form(library), photos=[photo])
    (stick / "file.dat").write_bytes(carried(sent))

    (outcome,) = take_in_folder(desk, stick, now=NOON)
    take_turn(gateway, now=NOON)

    (case,) = cases(gateway)
    assert (outcome.submission, outcome.is_new, outcome.reason) == (sent.id, True, "")
    assert case.submission_id == sent.id
    with transaction(gateway.engine) as session:
        attachments = list(session.exec(select(Attachment)).all())
    assert [attachment.size for attachment in attachments] == [len(photo)]
    assert gateway.opened.read(sent.id, "1") == photo
    assert state(gateway, sent) == ArrivalState.DONE
    assert names(stick) == [f"{TAKEN}/file.dat"]


@pytest.mark.parametrize("first", ["line", "stick"])
def test_what_comes_both_ways_is_one_case(
    gateway: Gateway, portal: Portal, sent: Sent, stick: Path, first: str
) -> None:
    desk = Desk(gateway.engine, gateway.sealed, gateway.library)
    (stick / "file.dat").write_bytes(carried(sent))
    if first == "line":
        portal.take(sent)
        take_turn(gateway, now=NOON)

    (outcome,) = take_in_folder(desk, stick, now=NOON)
    take_turn(gateway, now=NOON)
    portal.take(sent)
    take_turn(gateway, now=NOON + timedelta(minutes=5))

    assert outcome.is_new == (first == "stick")
    assert len(cases(gateway)) == 1
    assert state(gateway, sent) == ArrivalState.DONE
    assert gateway.handover.waiting() == []


def test_a_text_is_taken_in_too_and_names_that_are_alike_do_not_collide(
    gateway: Gateway, desk: Desk, office: Office, library: Library, stick: Path
) -> None:
    first, second = (write(office, filled_form(library)) for _ in range(2))
    (stick / "file.dat").write_bytes(carried(first))
    list(take_in_folder(desk, stick, now=NOON))
    (stick / "file.dat").write_text("Look:\n" + text_of(carried(second)), encoding="utf-8")
    (stick / "file.dat").write_text(text_of(carried(second)), encoding="utf-8")

    list(take_in_folder(desk, stick, now=NOON))
    take_turn(gateway, now=NOON)

    assert {case.submission_id for case in cases(gateway)} == {first.id, second.id}
    assert names(stick) == [f"{TAKEN}/file-2.dat", f"{TAKEN}/file.dat"]


def test_what_cannot_be_taken_in_is_set_aside_with_its_reason(
    gateway: Gateway, desk: Desk, office: Office, library: Library, stick: Path
) -> None:
    whole = carried(write(office, filled_form(library)))
    changed = bytearray(whole)
    changed[-1] ^= 1
    bad = {"a.dat": whole[:-1], "b.dat": bytes(changed), "c.jpg": b"\xff\xd8\xff" * 100, "d": b""}
    for name, content in bad.items():
        (stick / name).write_bytes(content)
    (stick / "outside").symlink_to(stick / "a.dat")

    outcomes = list(take_in_folder(desk, stick, now=NOON))
    take_turn(gateway, now=NOON)

    reasons = {outcome.name: outcome.reason for outcome in outcomes}
    assert reasons == {"a.dat": "cut_off", "b.dat": "changed", "c.jpg": "not_ours", "d": "cut_off"}
    assert cases(gateway) == []
    for name, content in bad.items():
        assert (stick / ASIDE / name).read_bytes() == content
        assert len((stick / ASIDE / (name + REASON)).read_text(encoding="utf-8").splitlines()) == 2


def test_no_file_is_moved_where_a_link_on_the_stick_leads(
    gateway: Gateway, desk: Desk, office: Office, library: Library, stick: Path
) -> None:
    (stick / "file.dat").write_bytes(carried(write(office, filled_form(library))))
    elsewhere = stick.parent / "elsewhere"
    elsewhere.mkdir()
    (stick / TAKEN).symlink_to(elsewhere)

    (outcome,) = take_in_folder(desk, stick, now=NOON)
    take_turn(gateway, now=NOON)

    assert outcome.left
    assert (stick / "file.dat").exists()
    assert list(elsewhere.iterdir()) == []
    assert len(cases(gateway)) == 1


def test_a_file_for_somebody_else_is_set_aside_in_the_register(
    gateway: Gateway, desk: Desk, library: Library, stick: Path
) -> None:
    sent = write(Office(), filled_form(library))
    (stick / "file.dat").write_bytes(carried(sent))

    list(take_in_folder(desk, stick, now=NOON))
    take_turn(gateway, now=NOON)

    assert cases(gateway) == []
    with transaction(gateway.engine) as session:
        assert session.get_one(Arrival, sent.id).reason == "sealed_to_others"


def test_the_running_gateway_waits_until_a_file_has_been_copied(
    gateway: Gateway, office: Office, library: Library, stick: Path
) -> None:
    whole = carried(write(office, filled_form(library)))
    watching = Gateway(**{**vars(gateway), "intake": Folder(stick)})
    (stick / "file.dat").write_bytes(whole[:5_000])
    take_turn(watching, now=NOON)
    (stick / "file.dat").write_bytes(whole)
    take_turn(watching, now=NOON)

    assert names(stick) == ["file.dat"]
    take_turn(watching, now=NOON)

    assert names(stick) == [f"{TAKEN}/file.dat"]
    assert len(cases(gateway)) == 1


def test_a_folder_that_is_not_there_holds_nothing_up(
    gateway: Gateway, portal: Portal, office: Office, library: Library, tmp_path: Path
) -> None:
    sent = write(office, filled_form(library))
    portal.take(sent)

    take_turn(Gateway(**{**vars(gateway), "intake": Folder(tmp_path / "none")}), now=NOON)

    assert len(cases(gateway)) == 1
