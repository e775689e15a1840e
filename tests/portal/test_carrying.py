"""A stick between a machine without keys and one without a network: whole, cut, lost, hostile."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlmodel import col, select

from portal.commands.carrying import open_carried, pull, push, reply
from portal.settings import DataFolders, GatewayPart, PortalSettings, gateway_settings
from portal_content.library import Library
from portal_gateway.arrivals import Arrival
from portal_gateway.carried import CarriedFolder, CarriedLine, FolderUnfit, Waiting
from portal_gateway.cases import Case
from portal_gateway.database import connect, transaction
from portal_gateway.errors import TryLater
from portal_gateway.handover import Handover
from portal_gateway.keys import read_credential
from portal_gateway.steps.carrying import pull_into, push_from
from portal_gateway.steps.pushing import waiting_parcels
from tests.portal.places import DAY, PASSPHRASE, Place, open_place
from tests.portal_gateway.families import NAME, Family

QUIET = Console(quiet=True)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Machines:
    """One that reaches the portal and has no key; one that has keys and reaches nothing."""

    place: Place
    online: PortalSettings
    offline: PortalSettings

    def open(self, stick: Path) -> None:
        open_carried(self.offline, stick, QUIET, lambda _: PASSPHRASE)

    def reply(self, stick: Path) -> None:
        reply(self.offline, stick, QUIET, lambda _: PASSPHRASE)

    def inside(self) -> tuple[int, dict[str, str], int]:
        """How many cases there are, how each arrival stands, how many replies wait."""
        engine = connect(gateway_settings(self.offline).database_url)
        with transaction(engine) as session:
            cases = len(session.exec(select(Case)).all())
            arrivals = session.exec(select(Arrival).order_by(col(Arrival.id))).all()
            waiting = waiting_parcels(session)
        engine.dispose()
        return cases, {one.id: str(one.state) for one in arrivals}, waiting


@pytest.fixture
def machines(tmp_path: Path, library: Library) -> Iterator[Machines]:
    with open_place(tmp_path, library) as place:
        place.rotate(DAY, out="r0")
        here = DataFolders(place.settings.data)
        (here.protected / "intake.identity").unlink()
        away = DataFolders(tmp_path / "online")
        away.protected.mkdir(parents=True)
        here.credential.rename(away.credential)
        line = GatewayPart(handover_url=place.portal.url)
        yield Machines(
            place,
            place.settings.model_copy(update={"data": tmp_path / "online", "gateway": line}),
            place.settings.model_copy(update={"gateway": GatewayPart(carried=True)}),
        )


def stick(folder: Path, name: str = "stick") -> Path:
    (folder / name).mkdir()
    return folder / name


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_stick_brings_submissions_in_and_answers_out(machines: Machines, tmp_path: Path) -> None:
    portal, family = machines.place.portal, Family()
    sent = machines.place.send(family=family, photos=[b"\xff\xd8photo" * 60_000])
    spoilt = machines.place.send(spoilt=True)
    both = sorted([sent.id, spoilt.id])
    here = stick(tmp_path)

    pull(machines.online, here, QUIET)
    pull(machines.online, here, QUIET)

    assert sorted(path.stem for path in (here / "to-open").iterdir()) == both
    assert not any(NAME.encode() in data for data in content(here).values())
    assert not list(DataFolders(machines.online.data).protected.glob("*.identity"))

    machines.open(here)
    machines.open(here)
    machines.reply(here)
    machines.reply(here)

    cases, arrivals, replies = machines.inside()
    assert (cases, arrivals, replies) == (1, {sent.id: "done", spoilt.id: "kept"}, 1)
    # It is durable inside, and the portal knows nothing yet.
    assert portal.waiting() == both
    assert portal.replies(family) == []

    push(machines.online, here, QUIET)
    push(machines.online, here, QUIET)

    assert portal.waiting() == []
    assert [one.status for one in portal.replies(family)] == ["received"]
    assert portal.parcels() == 16
    pull(machines.online, here, QUIET)
    machines.open(here)
    machines.reply(here)
    assert machines.inside() == (1, arrivals, 0)
    assert set(content(here)) == {"waiting.json"}


def test_a_lost_stick_loses_nothing_and_doubles_nothing(machines: Machines, tmp_path: Path) -> None:
    portal, family = machines.place.portal, Family()
    machines.place.send(family=family)
    lost = stick(tmp_path, "lost")
    pull(machines.online, lost, QUIET)
    machines.open(lost)
    machines.reply(lost)
    batch = content(lost / "to-send" / "replies")
    shutil.rmtree(lost)
    other = stick(tmp_path, "other")

    pull(machines.online, other, QUIET)
    machines.open(other)
    machines.reply(other)

    # The same bytes: fresh dummies would show which of them are real.
    assert content(other / "to-send" / "replies") == batch
    push(machines.online, other, QUIET)
    assert (portal.waiting(), portal.parcels()) == ([], 16)
    assert len(portal.replies(family)) == 1
    assert machines.inside()[0] == 1


@dataclass
class Cut(Exception):
    """The stick is pulled out, or the power goes."""


@dataclass
class Brittle:
    """The real line; after some requests the power goes, before or after the portal has heard."""

    line: Handover
    left: int
    after: bool
    seen: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Callable[..., object]:
        def asked(*arguments: object, **named: object) -> object:
            self.left -= 1
            if self.left < 0 and not self.after:
                raise Cut
            answer = getattr(self.line, name)(*arguments, **named)
            if self.left < 0:
                raise Cut
            return answer

        return asked


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_cut_off_at_every_request_it_goes_on(
    machines: Machines, tmp_path: Path, *, after: bool
) -> None:
    portal = machines.place.portal
    for photo in (b"one", b"\xff\xd8two" * 90_000):
        machines.place.send(photos=[photo])
    here = stick(tmp_path)
    zone = gateway_settings(machines.online)
    line = Handover(zone.handover_url, read_credential(zone))

    def until_done(step: Callable[[Any], object]) -> int:
        for cuts in range(40):
            try:
                step(Brittle(line, cuts, after))
            except Cut:
                continue
            return cuts
        raise AssertionError("it never ends")

    def pulling(brittle: Any) -> None:
        pull_into(CarriedFolder(here), brittle, ["a-meeting"], now=NOW)

    assert until_done(pulling) > 2
    machines.open(here)
    machines.reply(here)
    assert len(portal.waiting()) == 2
    assert until_done(lambda brittle: push_from(CarriedFolder(here), brittle)) > 0
    line.close()

    assert portal.waiting() == []
    assert portal.parcels() == 16
    assert machines.inside()[0] == 2


def test_what_was_damaged_on_the_way_is_set_aside_and_brought_again(
    machines: Machines, tmp_path: Path
) -> None:
    sent, here = machines.place.send(), stick(tmp_path)
    pull(machines.online, here, QUIET)
    file = here / "to-open" / f"{sent.id}.dat"
    file.write_bytes(file.read_bytes()[:-1])

    machines.open(here)
    assert machines.inside()[:2] == (0, {sent.id: "listed"})
    pull(machines.online, here, QUIET)
    machines.open(here)

    # It was tried a moment ago; the pause before the next attempt is short, not none.
    assert machines.inside()[:2] == (1, {sent.id: "done"})


def test_seats_are_told_both_ways(machines: Machines, tmp_path: Path) -> None:
    folder, seat, waits = CarriedFolder(stick(tmp_path)), "a" * 64, "b" * 64
    folder.put_waiting(Waiting(NOW, (), {"a-meeting": ([seat], [waits])}))
    line = CarriedLine(folder)
    zone = gateway_settings(machines.online)
    online = Handover(zone.handover_url, read_credential(zone))

    assert line.seats("a-meeting") == ([seat], [waits])
    with pytest.raises(TryLater):
        line.seats("another-meeting")
    line.confirm_seats("a-meeting", [seat])
    push_from(folder, online)
    push_from(folder, online)
    online.close()

    told = [one for one in machines.place.portal.watch.seen if "seats" in one]
    assert told == ["POST /handover/seats/a-meeting/confirmation"]


HOSTILE: Sequence[tuple[str, bytes]] = (
    ("waiting.json", b"[" * 100_000),
    ("waiting.json", b'{"format": "imp-portal/v1/carried", "submissions": ["../x"]}'),
    ("waiting.json", b'{"format": "other"}'),
)


@pytest.mark.parametrize(("name", "data"), HOSTILE)
def test_a_hostile_stick_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    here = stick(tmp_path)
    (here / name).write_bytes(data)

    with pytest.raises(FolderUnfit):
        CarriedFolder(here).waiting()


def test_links_on_a_stick_lead_nowhere(tmp_path: Path) -> None:
    here, victim = stick(tmp_path), tmp_path / "victim"
    victim.write_text("precious")
    folder = CarriedFolder(here)
    (here / "waiting.json").symlink_to(victim)
    (here / "to-send" / "received" / f".{'a' * 64}.part").symlink_to(victim)
    (here / "to-send" / "replies" / ("b" * 32)).write_bytes(b'[{"mailbox": "../../x"}]')

    folder.note_received("a" * 64)

    assert victim.read_text() == "precious"
    with pytest.raises(FolderUnfit):
        folder.waiting()
    with pytest.raises(FolderUnfit):
        list(folder.batches())
    with pytest.raises(FolderUnfit, match="there is no folder"):
        CarriedFolder(tmp_path / "not-in")
    shutil.rmtree(here / "to-send")
    (here / "to-send").symlink_to(tmp_path)
    with pytest.raises(FolderUnfit, match="leads elsewhere"):
        CarriedFolder(here)


@pytest.mark.parametrize(
    ("place", "leads_to"),
    [
        (".unfinished", "home"),
        (".unfinished/x", "home/somebody"),
        ("to-open/taken-in", "home"),
        ("to-open/set-aside", "home"),
    ],
)
def test_no_folder_of_this_machine_is_taken_for_one_of_the_stick(
    tmp_path: Path, place: str, leads_to: str
) -> None:
    """Files are put there, and what a crash seems to have left there is removed."""
    here, hidden = stick(tmp_path), tmp_path / "home" / "somebody" / ".precious"
    hidden.parent.mkdir(parents=True)
    hidden.write_text("precious")
    (here / place).parent.mkdir(exist_ok=True)
    (here / place).symlink_to(tmp_path / leads_to)

    with pytest.raises(FolderUnfit, match="leads elsewhere"):
        CarriedFolder(here).unfinished().clear_leftovers()

    assert hidden.exists()
