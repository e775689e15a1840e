"""What keys there are: held here, named by lists and held elsewhere, destroyed."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import Console
from rich.table import Table

from portal.held_keys import HeldKey, held_keys
from portal.key_lists import all_lists, term
from portal.settings import PortalSettings, gateway_settings, identity_folder
from portal_gateway.database import open_register, transaction
from portal_gateway.key_endings import Ended, ended_keys
from portal_protocol.key_list import KeyList
from portal_protocol.secret_files import fingerprint


def print_keys(settings: PortalSettings, console: Console, *, today: date) -> None:
    """Print every key.

    Args:
        settings: Of this installation.
        console: Where to print.
        today: The day it is.

    Raises:
        CeremonyStopped: If a file or a list is damaged.
    """
    lists = all_lists(settings)
    held = list(held_keys(identity_folder(settings)))
    table = Table("Key", "Fingerprint", "Where", "In lists since", "Until", "What now")
    names = {text: name for one in lists for name, text in one.recipients}
    for one in held:
        listed = names.get(one.recipient or "", one.name)
        name = one.name if listed == one.name else f"{one.name} ({listed} in lists)"
        table.add_row(name, *_row(lists, one, today=today))
    here = {one.recipient for one in held}
    for name, text in lists[-1].recipients if lists else ():
        if text not in here:
            table.add_row(name, fingerprint(text), "elsewhere", *_term(lists, text, today=today))
    for ended in _ended(settings):
        # A crash between the row and the file leaves the file: it is still listed above as held.
        state = f"destroyed {ended.at:%Y-%m-%d} by {ended.officer}"
        table.add_row(ended.name, ended.fingerprint, "nowhere", "", "", state)
    console.print(table)
    if any(not one.is_protected for one in held):
        console.print("Keys without a passphrase are for demonstrations; production refuses them.")


def _row(lists: Sequence[KeyList], held: HeldKey, *, today: date) -> Iterator[str]:
    where = "here" if held.is_protected else "here, WITHOUT passphrase"
    if held.recipient is None:
        yield from ("?", where, "", "", "its public half is not beside it")
        return
    yield from (fingerprint(held.recipient), where)
    yield from _term(lists, held.recipient, today=today)


def _term(lists: Sequence[KeyList], recipient: str, *, today: date) -> tuple[str, str, str]:
    found = term(lists, recipient)
    if found is None:
        return "", "", "in no list yet"
    since, until = found.since.isoformat(), found.until.isoformat()
    if found.out is None or found.free is None:
        return since, until, "in use"
    if today < found.free:
        return since, until, f"out since {found.out}; still needed until {found.free}"
    return since, until, f"out since {found.out}; to be destroyed"


def _ended(settings: PortalSettings) -> list[Ended]:
    register = open_register(gateway_settings(settings))
    with register as engine, transaction(engine) as session:
        return ended_keys(session)
