"""The whole ceremony, played with throw-away keys against the real services."""

import io
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from portal.key_lists import CeremonyStopped
from portal.rehearsal import Ceremony, rehearse
from portal.rehearsal_rooms import Rooms
from portal_content.library import Library

DAY = date(2026, 11, 20)
QUIET = Console(quiet=True)


def test_the_ceremony_goes_as_written_and_leaves_no_open_key(
    tmp_path: Path, library: Library
) -> None:
    said = io.StringIO()

    rehearse(tmp_path / "rooms", library, Console(file=said, width=200), today=DAY, work=2)

    told = said.getvalue()
    assert told.count("refused, as it must be") == 5
    assert "signed by rehearsal/root0 and rehearsal/root2" in told
    assert "signed by rehearsal/root1 and rehearsal/root2" in told
    assert "sealed to intake-a: DOES NOT OPEN at the gateway, opens with the reserve" in told
    assert "page from before: DOES NOT OPEN at the gateway, opens with the reserve" in told
    assert "sealed to intake-b: opens at the gateway, opens with the reserve" in told
    assert (tmp_path / "rooms" / "record.txt").read_text().splitlines() == told.splitlines()
    files = [path for path in (tmp_path / "rooms").rglob("*") if path.is_file()]
    readable = [
        path.name
        for path in files
        if b"SECRET-KEY" in path.read_bytes() or b"PRIVATE+KEY" in path.read_bytes()
    ]
    # Those of the service that nobody can type for.
    assert sorted(readable) == ["log.key", "receipts.key"]
    assert not [path for path in files if "intake-a" in path.name]


def test_it_is_played_only_where_nothing_is(tmp_path: Path, library: Library) -> None:
    (tmp_path / "keys.note").write_text("precious")

    with pytest.raises(CeremonyStopped, match="is not empty"):
        rehearse(tmp_path, library, QUIET, today=DAY)

    assert [path.name for path in tmp_path.iterdir()] == ["keys.note"]


def test_what_is_not_refused_ends_it(tmp_path: Path, library: Library) -> None:
    play = Ceremony(Rooms(tmp_path, 2), library, QUIET, DAY)

    with pytest.raises(CeremonyStopped, match="this was not refused: anything"):
        play.refused("anything", lambda: None)
