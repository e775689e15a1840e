"""Keys at a terminal: made behind a passphrase, rotated with two signatures, refused when unfit."""

import errno
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from portal.cli import app
from portal.commands.check import production_problems
from portal.commands.signing import add_signature, assembled, make_signing_key
from portal.demonstration import make_keys
from portal.held_keys import make_key
from portal.key_lists import (
    CeremonyStopped,
    all_lists,
    current_list,
    first_list,
    next_list,
    publish_list,
    read_recipient,
    term,
)
from portal.key_overview import print_keys
from portal.passphrases import asker, read_signing_key
from portal.settings import ROOT, DataFolders, PortalSettings, gateway_settings
from portal_api.keys.ring import KeyRing
from portal_gateway.errors import KeysUnfit
from portal_gateway.keys import SecretFiles, load_keys, nobody_to_ask
from portal_protocol.age_passphrase import open_with_passphrase
from portal_protocol.errors import NoteError, PassphraseWrong
from portal_protocol.key_list import KeyList
from portal_protocol.secret_files import read_identity

TODAY = date(2026, 11, 20)
PASSPHRASE = "seven words that dice have chosen"
QUICK = 4
QUIET = Console(quiet=True)
PORTAL_AT_A_TERMINAL = """import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "portal", *sys.argv[1:]])"""


@pytest.fixture
def settings(tmp_path: Path) -> PortalSettings:
    settings = PortalSettings(data=tmp_path / "var", site=tmp_path / "site")
    make_keys(settings, today=TODAY)
    return settings


def current(settings: PortalSettings) -> KeyList:
    found = current_list(settings)
    assert found is not None
    return found


def signed(settings: PortalSettings, folder: Path, keys: KeyList, roots: Sequence[int]) -> str:
    """Let holders sign apart, each with a copy of their own."""
    copies = []
    for number in roots:
        copy = folder / f"copy{number}.note"
        copy.write_text(keys.to_text(), encoding="utf-8")
        key = DataFolders(settings.data).offline / f"root{number}.key"
        assert add_signature(copy, key, nobody_to_ask, agree=lambda _: True)
        copies.append(copy.read_text(encoding="utf-8"))
    return assembled(copies)


def rotated(settings: PortalSettings, folder: Path, *, today: date) -> KeyList:
    """The first key of a demonstration goes out, a protected one comes in."""
    held = DataFolders(settings.data).protected
    public, _ = make_key(held, "intake-b", PASSPHRASE, today=today, work=QUICK)
    new = dict([read_recipient(public)])
    return next_list(current(settings), new=new, out=["r0"], today=today)


def typed(arguments: Sequence[str], answers: Sequence[tuple[str, str]], folder: Path) -> str:
    """Run the command at a real terminal, and type each answer when it is asked for."""
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    with subprocess.Popen(
        [sys.executable, "-c", PORTAL_AT_A_TERMINAL, *arguments],
        cwd=ROOT,
        env=environment | {"COLUMNS": "200", "PORTAL_DATA": str(folder)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ):
        os.close(theirs)
        said = b""
        waiting = list(answers)
        try:
            while piece := os.read(ours, 4096):
                said += piece
                if waiting and waiting[0][0].encode() in said:
                    os.write(ours, f"{waiting.pop(0)[1]}\n".encode())
        except OSError:  # the other side has ended
            pass
    os.close(ours)
    return said.decode()


def test_a_key_is_made_at_a_terminal_and_its_passphrase_is_seen_nowhere(tmp_path: Path) -> None:
    answers = [("New passphrase:", PASSPHRASE), ("once more:", PASSPHRASE)]

    said = typed(["keys", "make", "intake-b"], answers, tmp_path)

    secret = (tmp_path / "protected" / "intake-b.identity").read_bytes()
    opened = read_identity(open_with_passphrase(secret, PASSPHRASE).decode())
    _, public = read_recipient(tmp_path / "protected" / "intake-b.recipient")
    assert opened.recipient.text == public
    assert "fingerprint" in said
    assert PASSPHRASE not in said
    assert (tmp_path / "protected" / "intake-b.identity").stat().st_mode & 0o077 == 0


def test_a_full_stick_keeps_no_half_of_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            make_key(tmp_path, "intake-b", PASSPHRASE, today=TODAY, work=QUICK)

    assert make_key(tmp_path, "intake-b", PASSPHRASE, today=TODAY, work=QUICK)


def test_without_a_terminal_no_passphrase_is_taken(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "portal", "keys", "make", "intake-b", "--folder", str(tmp_path)],
        cwd=ROOT,
        input=f"{PASSPHRASE}\n{PASSPHRASE}\n",
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )

    assert result.returncode == 1
    assert "typed at a terminal" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_two_holders_sign_apart_and_the_list_follows_the_one_before(
    settings: PortalSettings, tmp_path: Path
) -> None:
    folders, day = DataFolders(settings.data), TODAY + timedelta(days=80)
    before = current(settings)
    ring = KeyRing(folders.key_list, roots=folders.read_roots(), deployment=settings.deployment)
    gateway = load_keys(gateway_settings(settings))
    new = rotated(settings, tmp_path, today=day)

    with pytest.raises(CeremonyStopped, match="not to be believed"):
        publish_list(settings, signed(settings, tmp_path, new, [1]), today=day)
    note = signed(settings, tmp_path, new, [1, 2])
    assert publish_list(settings, note, today=day) == (new, True)
    assert publish_list(settings, note, today=day) == (new, False)

    assert (new.serial, new.previous) == (before.serial + 1, before.digest)
    assert [name for name, _ in new.recipients] == ["intake-b", "r1"]
    assert all_lists(settings) == [before, new]
    # Neither service was started anew.
    assert ring.current.keys == new
    assert gateway.key_list == new
    old = term(all_lists(settings), before.recipients[0][1])
    assert old is not None
    assert (old.since, old.out) == (TODAY, day)
    assert old.free == before.expires + timedelta(days=4)


def test_a_list_that_does_not_follow_changes_nothing(
    settings: PortalSettings, tmp_path: Path
) -> None:
    before = DataFolders(settings.data).key_list.read_bytes()
    new = rotated(settings, tmp_path, today=TODAY)
    for wrong in (
        KeyList(**{**vars(new), "previous": "0" * 64}),
        KeyList(**{**vars(new), "serial": 7}),
        KeyList(**{**vars(new), "issued": TODAY + timedelta(days=1)}),
    ):
        with pytest.raises(CeremonyStopped):
            publish_list(settings, signed(settings, tmp_path, wrong, [0, 1]), today=TODAY)

    assert DataFolders(settings.data).key_list.read_bytes() == before
    with pytest.raises(NoteError, match="do not say the same"):
        assembled([new.to_text() + "\n", current(settings).to_text() + "\n"])
    for out in (["r0", "r1"], ["r9"]):
        with pytest.raises(CeremonyStopped):
            next_list(current(settings), new={}, out=out, today=TODAY)


def test_a_deployment_begins_with_a_list_of_its_own(tmp_path: Path) -> None:
    settings = PortalSettings(data=tmp_path / "var", deployment="new")
    folders = DataFolders(settings.data)
    for number in range(3):
        make_signing_key(tmp_path / f"root{number}", f"new/root{number}", QUIET)
    roots = [read_signing_key(tmp_path / f"root{n}", nobody_to_ask) for n in range(3)]
    folders.public.mkdir(parents=True)
    folders.roots.write_text("".join(f"{root.verify_key.text}\n" for root in roots))
    keys = [make_key(tmp_path, f"key-{n}", PASSPHRASE, today=TODAY, work=QUICK)[0] for n in "ab"]
    signer = roots[0].verify_key
    signers = dict.fromkeys(("receipts", "log", "replies", "letters"), signer)

    first = first_list("new", dict(map(read_recipient, keys)), signers, today=TODAY)
    (tmp_path / "note").write_text(first.to_text())
    for number in (0, 2):
        add_signature(tmp_path / "note", tmp_path / f"root{number}", nobody_to_ask, agree=bool)
    publish_list(settings, (tmp_path / "note").read_text(), today=TODAY)

    assert current(settings) == first
    with pytest.raises(CeremonyStopped, match="public keys are missing: letters"):
        first_list("new", {}, dict.fromkeys(list(signers)[:3], signer), today=TODAY)


def test_the_gateway_asks_once_and_production_takes_protected_keys_only(
    settings: PortalSettings, tmp_path: Path
) -> None:
    folders = DataFolders(settings.data)
    publish_list(
        settings,
        signed(settings, tmp_path, rotated(settings, tmp_path, today=TODAY), [0, 1]),
        today=TODAY,
    )
    asked = []

    def ask(name: str) -> str:
        asked.append(name)
        return "a wrong one" if len(asked) == 1 else PASSPHRASE

    keys = load_keys(gateway_settings(settings), ask)
    assert len(keys.identities) == 3
    assert asked == ["intake-b.identity"] * 2

    with pytest.raises(KeysUnfit, match=r"opens intake-b\.identity"):
        load_keys(gateway_settings(settings), lambda _: "always wrong")
    with pytest.raises(KeysUnfit, match="nobody was there"):
        load_keys(gateway_settings(settings))
    production = settings.model_copy(update={"environment": "production"})
    with pytest.raises(KeysUnfit, match=r"intake\.identity is not protected"):
        load_keys(gateway_settings(production), ask)
    unready = [line for line in production_problems(production) if "not protected" in line]
    assert [Path(line.split()[0]).name for line in unready] == [
        "intake.identity",
        "reserve.identity",
        folders.replies_key.name,
    ]


def test_a_service_gets_its_passphrases_through_a_descriptor(tmp_path: Path) -> None:
    root = tmp_path / "root.key"
    assert make_signing_key(root, "test/root", QUIET, passphrase=PASSPHRASE, work=QUICK)
    assert b"PRIVATE" not in root.read_bytes()
    for lines, opens in ((f"another\n{PASSPHRASE}\n", True), ("another\n", False)):
        reading, writing = os.pipe()
        os.write(writing, lines.encode())
        os.close(writing)
        ask = asker(reading)
        if opens:
            assert read_signing_key(root, ask).verify_key.name == "test/root"
            continue
        with pytest.raises(KeysUnfit, match="no passphrase that was given opens"):
            read_signing_key(root, ask)
    with pytest.raises(PassphraseWrong):
        read_signing_key(root, lambda _: "wrong")


def test_passphrases_are_given_in_any_order(tmp_path: Path) -> None:
    """A service reads its keys by name, and nobody knows that order who writes the lines."""
    one, other = tmp_path / "a.key", tmp_path / "b.key"
    for path, passphrase in ((one, PASSPHRASE), (other, "another")):
        assert make_signing_key(path, "test/key", QUIET, passphrase=passphrase, work=QUICK)
    given = ["another", PASSPHRASE]

    files = SecretFiles(lambda _: given.pop(0))

    assert "PRIVATE" in files.read(one)
    assert "PRIVATE" in files.read(other)
    assert given == []


def test_the_list_of_keys_says_what_is_where(
    settings: PortalSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_key(DataFolders(settings.data).protected, "intake-b", PASSPHRASE, today=TODAY, work=QUICK)
    (DataFolders(settings.data).protected / "reserve.identity").unlink()

    print_keys(settings, Console(width=200), today=TODAY)

    said = capsys.readouterr().out
    rows = {line.split("│")[1].strip(): line for line in said.splitlines() if "│" in line}
    assert "in no list yet" in rows["intake-b"]
    assert "WITHOUT passphrase" in rows["intake (r0 in lists)"]
    assert "in use" in rows["intake (r0 in lists)"]
    assert "elsewhere" in rows["r1"]
    assert "production refuses them" in said


def test_a_list_is_renewed_at_a_terminal_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path / "var"))
    note = str(tmp_path / "list.note")
    keys = [str(tmp_path / "var" / "offline" / f"root{n}.key") for n in (0, 1)]

    def run(*arguments: str, typed: str = "") -> str:
        result = CliRunner().invoke(app, ["keys", *arguments], input=typed)
        return result.output if result.exit_code == 0 else f"STOPPED {result.exception}"

    assert "made" in run("demonstration")
    assert "Key list 2 of iimp-demo" in run("rotate", note, "--days", "60")
    assert "Nothing was signed" in run("sign", note, keys[0], typed="n\n")
    assert "STOPPED Nothing was done: this list is not to be believed" in run("publish", note)
    for key in keys:
        assert "Signed by demo/root" in run("sign", note, key, typed="y\n")
    assert "Published." in run("publish", note)
    assert "in use already" in run("publish", note)
    assert "serial 2" in run("show")
    assert "in use" in run("list")
    assert "no key is called intake-z here" in run("destroy", "intake-z")
