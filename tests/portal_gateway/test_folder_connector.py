"""The folder: whole or not there, signed, and checkable by whoever carries it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from portal_gateway.connectors.documents import erased
from portal_gateway.connectors.folder import FolderConnector, IndexUnfit, check_folder
from portal_gateway.connectors.interface import Halted, NotNow
from portal_gateway.connectors.opening import ConnectorUnfit, open_connectors
from portal_gateway.connectors.settings import FolderSettings
from portal_protocol.age import ClassicIdentity, HybridIdentity, open_sealed
from portal_protocol.errors import NoIdentityMatches, NoteError
from portal_protocol.notes import SigningKey
from tests.portal_gateway.casework import PHOTO, example, message
from tests.portal_gateway.moments import NOON
from tests.portal_gateway.receivers import KEY


@pytest.fixture
def connector(tmp_path: Path) -> FolderConnector:
    place = tmp_path / "handed-over"
    place.mkdir()
    return FolderConnector("stick", "own", place, KEY)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program end right before the file of this number gets its name."""
    written = 0
    rename = Path.replace

    def killed(path: Path, target: Path) -> Path:
        nonlocal written
        written += 1
        if written == step:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", killed)


def test_a_case_with_its_files_lies_there_and_is_signed(connector: FolderConnector) -> None:
    told = message()

    connector.deliver(told, now=NOON)
    connector.deliver(told, now=NOON)

    right, problems = check_folder(connector.folder, KEY.verify_key)
    assert (right, problems) == (2, [])
    place = connector.folder / "requests" / told.document_id[:2] / told.document_id
    kept = json.loads((place / "2.json").read_text(encoding="utf-8"))
    assert kept == told.document
    assert (place / f"{kept['files'][0]['sha256']}.jpg").read_bytes() == PHOTO


def test_a_sealed_folder_is_opened_by_its_recipient_only_and_checked_by_anybody(
    connector: FolderConnector,
) -> None:
    identity = HybridIdentity.generate()
    sealed = replace(connector, seal_to=(identity.recipient,))
    told = message()
    sealed.deliver(told, now=NOON)
    first = files(connector.folder)
    sealed.deliver(told, now=NOON)
    sealed.deliver(message({**example("own-system"), "version": 1, "files": []}), now=NOON)

    assert check_folder(connector.folder, KEY.verify_key) == (2, [])
    # Sealed anew, but under other names: the index of before was right until the new one lay there.
    assert set(first) & set(files(connector.folder)) == {".lock", "index.note"}
    place = connector.folder / "requests" / told.document_id[:2] / told.document_id
    written, photo = sorted(place.iterdir(), key=lambda path: ".json" not in path.name)
    assert (written.name[:2], written.suffixes[-2:]) == ("2.", [".json", ".age"])
    assert json.loads(open_sealed(written.read_bytes(), [identity])) == told.document
    assert open_sealed(photo.read_bytes(), [identity]) == PHOTO
    digests = {file["sha256"] for file in told.document["files"]}
    assert not any(digest in name for digest in digests for name in files(connector.folder))
    with pytest.raises(NoIdentityMatches):
        open_sealed(written.read_bytes(), [HybridIdentity.generate()])


@pytest.mark.parametrize("step", range(1, 5))
def test_killed_while_sealing_again_the_index_of_before_holds(
    connector: FolderConnector, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    sealed = replace(connector, seal_to=(HybridIdentity.generate().recipient,))
    sealed.deliver(message(), now=NOON)
    killed_at(step, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        sealed.deliver(message(), now=NOON)

    right, problems = check_folder(connector.folder, KEY.verify_key)
    assert right == 2
    assert all(problem.endswith(": extra") for problem in problems)


def test_a_newer_version_replaces_and_an_older_one_does_not(connector: FolderConnector) -> None:
    newer = message()
    older = message({**example("own-system"), "version": 1, "files": []})

    connector.deliver(newer, now=NOON)
    connector.deliver(older, now=NOON)
    assert any(name.endswith("/2.json") for name in files(connector.folder))
    connector.deliver(message(erased(newer.document_id, 3)), now=NOON)

    assert check_folder(connector.folder, KEY.verify_key) == (1, [])
    (left,) = [name for name in files(connector.folder) if name.startswith("requests/")]
    assert left.endswith("/3.json")
    kept = json.loads((connector.folder / left).read_text(encoding="utf-8"))
    assert kept == erased(newer.document_id, 3)


@pytest.mark.parametrize("step", range(1, 5))
def test_killed_at_any_file_the_old_state_holds_until_the_new_one_is_whole(
    connector: FolderConnector, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    connector.deliver(message(example("least")), now=NOON)
    told = message()
    killed_at(step, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        connector.deliver(told, now=NOON)
    monkeypatch.undo()

    right, problems = check_folder(connector.folder, KEY.verify_key)
    assert right == 1
    assert all(problem.endswith(": extra") for problem in problems)
    connector.deliver(told, now=NOON)
    assert check_folder(connector.folder, KEY.verify_key) == (3, [])
    assert len(list((connector.folder / "lists").iterdir())) == 2


def test_a_disk_that_is_not_there_is_waited_for(connector: FolderConnector) -> None:
    connector.folder.rmdir()

    with pytest.raises(NotNow):
        connector.deliver(message(), now=NOON)

    assert not connector.folder.exists()


def _first(folder: Path, ending: str) -> Path:
    return next(folder.rglob(f"*{ending}"))


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (lambda f: _first(f, "2.json").write_text("{}"), "changed"),
        (lambda f: _first(f, ".jpg").write_bytes(PHOTO[::-1]), "changed"),
        (lambda f: _first(f, ".jpg").unlink(), "missing"),
        (lambda f: (f / "requests" / "note.txt").write_text("hello"), "extra"),
    ],
)
def test_the_check_names_what_is_wrong(
    connector: FolderConnector, tamper: Callable[[Path], object], found: str
) -> None:
    connector.deliver(message(), now=NOON)

    tamper(connector.folder)

    _, problems = check_folder(connector.folder, KEY.verify_key)
    assert [problem.rpartition(": ")[2] for problem in problems] == [found]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda f: (f / "index.note").write_text((f / "index.note").read_text().replace("a", "b")),
        lambda f: _first(f / "lists", ".txt").write_text(""),
        lambda f: (f / "index.note").unlink(),
        lambda f: shutil.rmtree(f / "lists"),
    ],
)
def test_an_index_that_was_changed_is_believed_by_nobody(
    connector: FolderConnector, tamper: Callable[[Path], object]
) -> None:
    connector.deliver(message(), now=NOON)

    tamper(connector.folder)

    with pytest.raises((IndexUnfit, NoteError)):
        check_folder(connector.folder, KEY.verify_key)


def test_another_key_has_not_signed_it(connector: FolderConnector) -> None:
    connector.deliver(message(), now=NOON)
    other = SigningKey.generate("iimp.example/other")

    with pytest.raises(NoteError):
        check_folder(connector.folder, other.verify_key)
    with pytest.raises(Halted):
        FolderConnector("stick", "own", connector.folder, other).deliver(message(), now=NOON)


def test_recipients_are_read_at_the_start_and_never_of_two_kinds(tmp_path: Path) -> None:
    key = tmp_path / "connector.key"
    key.write_text(KEY.text + "\n")
    new, old = HybridIdentity.generate().recipient, ClassicIdentity(bytes(range(32))).recipient

    def opened(*seal_to: str) -> FolderConnector:
        settings = FolderSettings(
            kind="folder",
            name="stick",
            recipient="own",
            folder=tmp_path,
            signing_key=key,
            seal_to=seal_to,
        )
        (connector,) = open_connectors((settings,))
        assert isinstance(connector, FolderConnector)
        return connector

    assert opened().seal_to == ()
    assert opened(new.text).seal_to == (new,)
    for unfit in ((new.text, old.text), ("age1pq1nobody",)):
        with pytest.raises(ConnectorUnfit, match="stick"):
            opened(*unfit)
