"""The outbox at a terminal: it names no person, and a dead entry goes on when told to."""

import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from portal.cli import app
from portal_content.library import Library
from portal_gateway.connectors.delivering import deliver_turn
from portal_gateway.connectors.folder import FolderConnector
from portal_gateway.connectors.opening import ConnectorUnfit, open_connectors
from portal_gateway.connectors.settings import FolderSettings, WebhookSettings
from portal_gateway.connectors.tables import EntryState
from portal_gateway.database import connect, migrate
from portal_protocol.notes import parse_signing_key
from tests.portal_api.factories import ROOT
from tests.portal_gateway.casework import keep_case, message, sending
from tests.portal_gateway.families import NAME
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.receivers import Receiver, receiving, webhook

runner = CliRunner()


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The register of an installation that the command is told of."""
    protected = tmp_path / "data" / "protected"
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    engine = connect(f"sqlite:///{protected / 'register.sqlite'}")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    with receiving() as serving:
        yield serving


def test_what_is_dead_is_listed_with_its_reason_and_goes_on_when_told_to(
    register: Engine, library: Library, tmp_path: Path, receiver: tuple[Receiver, str]
) -> None:
    there, url = receiver
    connector = webhook(url)
    line = sending(register, tmp_path, connector)
    assert "Nothing waits" in runner.invoke(app, ["gateway", "outbox", "list"]).stdout
    case = keep_case(register, library)
    there.answers = [(422, {})]
    deliver_turn(line, clock=lambda: NOON)

    listed = runner.invoke(app, ["gateway", "outbox", "list"])
    (row,) = json.loads(runner.invoke(app, ["gateway", "outbox", "list", "--json"]).stdout)
    again = runner.invoke(app, ["gateway", "outbox", "redrive", "case-system", "--case", case])
    deliver_turn(line, clock=lambda: later(days=30))
    connector.close()

    assert listed.exit_code == 1
    assert "does not take this case as it is" in listed.stdout
    assert NAME not in listed.stdout + json.dumps(row)
    assert (row["case"], row["state"], row["reason"]) == (case, "dead", "refused")
    assert "Due again: 1." in again.stdout
    assert len(there.events) == 1
    assert runner.invoke(app, ["gateway", "outbox", "list"]).exit_code == 0


def test_a_folder_is_checked_with_the_key_that_the_command_made(tmp_path: Path) -> None:
    key, place = tmp_path / "connector.key", tmp_path / "stick"
    made = runner.invoke(app, ["keys", "signing", str(key), "portal.example/connector"])
    place.mkdir()
    settings = FolderSettings(
        kind="folder", name="stick", recipient="own", folder=place, signing_key=key
    )
    (connector,) = open_connectors((settings,))
    connector.deliver(message(), now=NOON)
    public = parse_signing_key(key.read_text().strip()).verify_key.text

    right = runner.invoke(app, ["gateway", "folder", "check", str(place), public])
    next(place.rglob("*.jpg")).write_bytes(b"x")
    wrong = runner.invoke(app, ["gateway", "folder", "check", str(place), public])
    (place / "index.note").write_text("nothing")
    unsigned = runner.invoke(app, ["gateway", "folder", "check", str(place), public])

    assert public in made.stdout
    assert "whpk_" in made.stdout
    assert "PRIVATE" not in made.stdout
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert isinstance(connector, FolderConnector)
    assert (right.exit_code, wrong.exit_code, unsigned.exit_code) == (0, 1, 1)
    assert ".jpg: changed" in wrong.stdout
    assert "Do not use this folder" in unsigned.stdout
    assert runner.invoke(app, ["keys", "signing", str(key), "again"]).exit_code == 1


def test_settings_that_would_break_a_promise_do_not_start(tmp_path: Path) -> None:
    place = {"kind": "folder", "name": "stick", "folder": tmp_path, "signing_key": tmp_path / "k"}
    with pytest.raises(ValueError, match="agreement"):
        FolderSettings.model_validate({**place, "recipient": "icmp"})
    with pytest.raises(ValueError, match="recipient"):
        FolderSettings.model_validate({**place, "recipient": "police"})
    unsigned = {"kind": "webhook", "name": "x", "recipient": "own", "url": "https://a.example"}
    with pytest.raises(ValueError, match="signed"):
        WebhookSettings.model_validate({**unsigned, "source": "https://portal.example"})

    settings = FolderSettings.model_validate({**place, "recipient": "own"})
    with pytest.raises(ConnectorUnfit, match="stick"):
        open_connectors((settings,))


def test_every_reason_and_state_has_words_in_every_language(library: Library) -> None:
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "portal_gateway" / "connectors").rglob("*.py")
    )
    used = set(re.findall(r'(?:NotNow|Refused|Halted)\(\s*"([a-z_]+)"', sources))
    for lang in ("ar", "en", "ku", "tr", "de", "fr"):
        words = library.strings.section("handing_on", lang)["connectors"]
        assert set(words["reasons"]) == used
        assert set(words["states"]) == set(EntryState)
