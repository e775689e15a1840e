"""Keys at a terminal: made, listed, rotated, signed for, published, destroyed.

Who does what in which room: docs/ceremony.md.
"""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from portal.commands.signing import add_signature, assembled, make_signing_key
from portal.demonstration import make_keys
from portal.destroying import Person, destroy
from portal.held_keys import make_key
from portal.key_lists import (
    SIGNERS,
    VALID_DAYS,
    CeremonyStopped,
    current_list,
    described,
    first_list,
    next_list,
    publish_list,
    read_recipient,
)
from portal.key_overview import print_keys
from portal.passphrases import asker, choose_passphrase
from portal.rehearsal import rehearse
from portal.settings import ROOT, DataFolders, PortalSettings, identity_folder
from portal_content.library import load_library
from portal_content.replaced_files import replace_whole
from portal_gateway.errors import KeysUnfit
from portal_protocol.errors import ProtocolError
from portal_protocol.key_list import KeyList, parse_key_list
from portal_protocol.notes import parse_verify_key
from portal_protocol.secret_files import fingerprint

app = typer.Typer(no_args_is_help=True, help="Make, list, rotate, sign, publish, destroy keys.")

Note = Annotated[Path, typer.Argument(help="File with the list.")]
Days = Annotated[int, typer.Option(help="Days that the list is valid.")]
Descriptor = Annotated[
    int, typer.Option(help="Read passphrases from this descriptor, one a line; for services.")
]


@app.command("make")
def make(
    name: Annotated[str, typer.Argument(help="How the key is called, e.g. intake-2027a.")],
    *,
    folder: Annotated[Path | None, typer.Option(help="Where, if not at the gateway.")] = None,
) -> None:
    """Make a key that opens submissions, behind a passphrase; no list names it yet."""
    with _stopping():
        settings = PortalSettings()
        where = folder or identity_folder(settings)
        if where == DataFolders(settings.data).protected:
            where.mkdir(parents=True, exist_ok=True, mode=0o700)
        public, text = make_key(where, name, choose_passphrase(), today=_today())
        _say(f"Made: {name}, fingerprint {fingerprint(text)}. Write the fingerprint down.")
        _say(f"Carry {public} to whoever prepares the next key list. The other file stays.")


@app.command("list")
def list_keys() -> None:
    """List the keys: held here, since when, until when, and what was destroyed."""
    with _stopping():
        print_keys(PortalSettings(), Console(), today=_today())


@app.command("first")
def first(
    note: Note,
    recipients: Annotated[list[Path], typer.Argument(help="Public keys: in use, reserve.")],
    *,
    signer: Annotated[
        list[str], typer.Option(help=f"NAME=PUBLIC KEY for each of {', '.join(SIGNERS)}.")
    ],
    days: Days = VALID_DAYS,
) -> None:
    """Prepare the first key list of a deployment, for two of the three roots to sign."""
    with _stopping():
        named = dict(one.partition("=")[::2] for one in signer)
        keys = first_list(
            PortalSettings().deployment,
            dict(read_recipient(path) for path in recipients),
            {name: parse_verify_key(text) for name, text in named.items()},
            today=_today(),
            days=days,
        )
        _prepare(note, keys)


@app.command("rotate")
def rotate(
    note: Note,
    recipient: Annotated[
        list[Path] | None, typer.Argument(help="Public keys that come in; none to renew the list.")
    ] = None,
    *,
    out: Annotated[list[str] | None, typer.Option(help="Name of a key that goes out.")] = None,
    days: Days = VALID_DAYS,
) -> None:
    """Prepare the next key list, for two of the three roots to sign."""
    with _stopping():
        current = current_list(PortalSettings())
        if current is None:
            raise CeremonyStopped("there is no key list yet: portal keys first")
        new = dict(read_recipient(path) for path in recipient or ())
        _prepare(note, next_list(current, new=new, out=out or (), today=_today(), days=days))


@app.command("sign")
def sign(
    note: Note,
    key: Annotated[Path, typer.Argument(help="File with a root key, on its offline machine.")],
    *,
    passphrase_fd: Descriptor = -1,
) -> None:
    """Read a key list, and put the signature of one root below it."""

    def agree(text: str) -> bool:
        for line in described(parse_key_list(text)):
            _say(line)
        return typer.confirm("Is this what was written down?")

    with _stopping():
        signer = add_signature(note, key, asker(passphrase_fd), agree=agree)
        _say(f"Signed by {signer.name}." if signer else "Nothing was signed.")


@app.command("publish")
def publish(
    notes: Annotated[list[Path], typer.Argument(help="The list as two or more have signed it.")],
) -> None:
    """Put the signatures together, check them, and put the list in use on this machine."""
    with _stopping():
        note = assembled([path.read_text(encoding="utf-8") for path in notes])
        keys, is_new = publish_list(PortalSettings(), note, today=_today())
        for line in described(keys):
            _say(line)
        done = "Published. Files to take along carry the list: build and sign them anew."
        _say(done if is_new else "It was in use already.")


@app.command("destroy")
def destroy_key(
    name: Annotated[str, typer.Argument(help="How the key is called.")],
    *,
    early: Annotated[
        bool, typer.Option(help="Although pages and forms in files may still seal to it.")
    ] = False,
    give_up: Annotated[
        list[str] | None, typer.Option(help="Id of a submission that may stay closed for ever.")
    ] = None,
) -> None:
    """Destroy a key that nothing needs any more; asks for its passphrase and its name."""
    with _stopping():
        person = Person(
            getpass.getuser(),
            asker(),
            lambda: str(typer.prompt("Type the name of the key to destroy it", default="")),
        )
        destroy(
            PortalSettings(),
            name,
            person,
            Console(),
            now=datetime.now(UTC),
            early=early,
            given_up=give_up or (),
        )


@app.command("rehearse")
def rehearse_ceremony(
    folder: Annotated[Path, typer.Argument(help="An empty folder, to be destroyed afterwards.")],
) -> None:
    """Play the whole ceremony with throw-away keys, and prove what opens what."""
    with _stopping():
        rehearse(folder, load_library(ROOT), Console(), today=_today())


@app.command("demonstration")
def demonstration() -> None:
    """Make keys for a demonstration, unless they are there."""
    settings = PortalSettings()
    made = make_keys(settings, today=_today())
    state = "made" if made else "already there"
    Console().print(f"Demonstration keys in {settings.data}: {state}.")


@app.command("signing")
def signing(
    file: Annotated[Path, typer.Argument(help="Where to write the private key; it must be new.")],
    name: Annotated[str, typer.Argument(help="Its name, e.g. portal.example/connector.")],
    *,
    protect: Annotated[bool, typer.Option(help="Behind a passphrase: roots, replies.")] = False,
) -> None:
    """Make a key that signs; print the public one."""
    passphrase = choose_passphrase() if protect else ""
    raise typer.Exit(0 if make_signing_key(file, name, Console(), passphrase=passphrase) else 1)


@app.command("show")
def show() -> None:
    """Print the root keys and the signed key list."""
    folders = DataFolders(PortalSettings().data)
    if not folders.key_list.exists():
        raise SystemExit("There is no key list yet: portal keys first (or demonstration).")
    typer.echo("\n".join(folders.read_roots()))
    typer.echo(folders.key_list.read_text(encoding="utf-8"))


def _prepare(note: Path, keys: KeyList) -> None:
    replace_whole(note, keys.to_text())
    for line in described(keys):
        _say(line)
    _say(f"Nobody has signed it yet. Two roots sign {note}: portal keys sign.")


@contextmanager
def _stopping() -> Iterator[None]:
    """Say in one sentence why something was not done."""
    try:
        yield
    except (CeremonyStopped, KeysUnfit, ProtocolError, OSError, ValueError) as error:
        raise SystemExit(f"Nothing was done: {error}.") from error


def _say(line: str) -> None:
    Console().print(line, soft_wrap=True, markup=False, highlight=False)


def _today() -> date:
    return datetime.now(UTC).date()
