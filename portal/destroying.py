"""Destroying a key: only when nothing needs it any more, by somebody who types its name."""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from rich.console import Console
from sqlalchemy import Engine

from portal.held_keys import held_keys, recipient_of
from portal.key_lists import CeremonyStopped, all_lists, term
from portal.settings import RECIPIENT, PortalSettings, gateway_settings, identity_folder
from portal_content.replaced_files import sync_folder
from portal_gateway.database import open_register, transaction
from portal_gateway.errors import GatewayError, TryLater
from portal_gateway.handover import Handover
from portal_gateway.key_endings import Left, left_for, record_end
from portal_gateway.keys import AskPassphrase, SecretFiles, read_credential
from portal_gateway.link import link_state, note_contact
from portal_gateway.protected_files import ProtectedFiles
from portal_gateway.settings import GatewaySettings
from portal_gateway.steps.pulling import list_waiting
from portal_protocol.age import Identity
from portal_protocol.errors import ProtocolError
from portal_protocol.secret_files import fingerprint, read_identity

SHORT = 12
"""Digits of a submission's id, as the register shows them."""
HONESTLY = (
    "Its file was overwritten once and removed. On a memory stick or an SSD the old bytes can",
    "survive where no program reaches them, and so can copies: other sticks, backups, paper.",
    "Destroy those by hand, and a stick that held it by breaking it. What is left on flash",
    "memory is still closed by the passphrase: destroy its paper too. A gateway that runs has",
    "the key in memory until it is restarted.",
)


@dataclass(frozen=True)
class Person:
    """Whoever destroys a key."""

    officer: str
    ask: AskPassphrase
    type_name: Callable[[], str]
    """Lets them type the key's name."""


def destroy(
    settings: PortalSettings,
    name: str,
    person: Person,
    console: Console,
    *,
    now: datetime,
    early: bool = False,
    given_up: Collection[str] = (),
) -> None:
    """Destroy a key that the gateway holds.

    Args:
        settings: Of this installation.
        name: How the key is called.
        person: Who does it.
        console: Where to say what is left.
        now: The moment.
        early: Whether to go on although pages and forms in files may still seal to it.
        given_up: Beginnings of the ids of submissions that only it may open, each named.

    Raises:
        CeremonyStopped: If something still needs it, or its name was not typed.
        KeysUnfit, ProtocolError, OSError: If it cannot be opened, or its file not be overwritten.
    """
    path, recipient, identity = _the_key(settings, name, person.ask)
    seen_since = _check_term(settings, recipient, now=now, early=early)
    protected = gateway_settings(settings)
    with open_register(protected) as engine:
        _ask_the_portal(engine, protected, now=now)
        with transaction(engine) as session:
            contact = link_state(session).last_contact
        if contact is None or contact < seen_since:
            raise CeremonyStopped(
                f"the portal was not asked since {seen_since:%Y-%m-%d} what waits there"
            )
        left = left_for(engine, ProtectedFiles(protected.attachments / "sealed"), identity)
        _refuse_while_left(left, given_up, console)
        if person.type_name() != name:
            raise CeremonyStopped("this is not the name of the key")
        # A stick that is read-only, or was pulled out meanwhile: no row may say that the key ended.
        path.open("r+b").close()
        named = [one.submission for one in left]
        print_of = fingerprint(recipient)
        record_end(engine, name, print_of, at=now, officer=person.officer, given_up=named)
    overwrite_and_remove(path)
    path.with_suffix(RECIPIENT).unlink(missing_ok=True)
    console.print(f"The key {name} is destroyed, and the audit says so.", markup=False)
    for line in HONESTLY:
        console.print(line)


def overwrite_and_remove(path: Path) -> None:
    """Overwrite a file with noise in its place and remove it."""
    with path.open("r+b") as file:
        file.write(os.urandom(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_folder(path.parent)


def _the_key(settings: PortalSettings, name: str, ask: AskPassphrase) -> tuple[Path, str, Identity]:
    """Return file, public key and identity; only the opened file proves which key it is."""
    held = {one.name: one for one in held_keys(identity_folder(settings))}
    if name not in held:
        raise CeremonyStopped(f"no key is called {name} here")
    try:
        identity = read_identity(SecretFiles(ask).read(held[name].path))
    except ProtocolError as error:
        raise CeremonyStopped(f"the key cannot be opened: {error}") from error
    recipient = recipient_of(identity)
    if held[name].recipient not in (None, recipient):
        raise CeremonyStopped(f"{name}{RECIPIENT} is the public half of another key")
    return held[name].path, recipient, identity


def _check_term(
    settings: PortalSettings, recipient: str, *, now: datetime, early: bool
) -> datetime:
    """Refuse while a list names it or pages may use it; return since when to have asked."""
    found = term(all_lists(settings), recipient)
    if found is None:
        # In no list yet, so nobody has sealed to it.
        return datetime.min.replace(tzinfo=UTC)
    if found.out is None or found.free is None:
        raise CeremonyStopped("the key list in use names it: rotate first")
    if now.date() >= found.free:
        return _midnight(found.free)
    if not early:
        raise CeremonyStopped(
            f"pages and forms in files may seal to it until {found.free:%Y-%m-%d};"
            " with --early only the reserve key opens what comes sealed to it"
        )
    return _midnight(found.out)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _ask_the_portal(engine: Engine, settings: GatewaySettings, *, now: datetime) -> None:
    """Look once more what waits there; without a line the last folder that came has to do."""
    if settings.carried:
        return
    line = Handover(settings.handover_url, read_credential(settings))
    try:
        list_waiting(engine, line, now=now)
        note_contact(engine, now=now)
    except TryLater as error:
        raise CeremonyStopped("the portal cannot be asked what waits there") from error
    except GatewayError as error:
        raise CeremonyStopped(str(error)) from error
    finally:
        line.close()


def _refuse_while_left(left: list[Left], given_up: Collection[str], console: Console) -> None:
    named = tuple(one for one in given_up if len(one) >= SHORT)
    needing = [one for one in left if not one.submission.startswith(named)]
    for one in needing:
        why = f": {one.reason}" if one.reason else ""
        console.print(f"- {one.submission[:SHORT]} {one.state}{why}", markup=False, highlight=False)
    if needing:
        raise CeremonyStopped(f"{len(needing)} submissions may still need this key")
