"""The outbox at a terminal: what is on its way to other systems, and one more try."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from portal.settings import ROOT, PortalSettings, gateway_settings
from portal_content.strings import Strings, load_strings
from portal_gateway.connectors.folder import IndexUnfit, check_folder
from portal_gateway.connectors.health import Entry, unfinished
from portal_gateway.connectors.outbox import redrive
from portal_gateway.connectors.tables import EntryState
from portal_gateway.database import open_register, transaction
from portal_protocol.errors import ProtocolError
from portal_protocol.notes import parse_verify_key

WORDS = "handing_on.connectors"
LANG = "en"


def print_outbox(
    settings: PortalSettings, console: Console, *, everything: bool, as_json: bool
) -> int:
    """Print the outbox and return how many entries wait for a person.

    Args:
        settings: Of this installation.
        console: Where to print.
        everything: Whether to print what is finished, too.
        as_json: Whether a program reads it.
    """
    register = open_register(gateway_settings(settings))
    with register as engine, transaction(engine) as session:
        entries = unfinished(session, everything=everything)
    if as_json:
        rows = [_as_json(entry) for entry in entries]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif entries:
        console.print(_table(entries, load_strings(ROOT / "translations")))
    else:
        console.print("Nothing waits.")
    return sum(1 for entry in entries if entry.state == EntryState.DEAD)


def redrive_outbox(
    settings: PortalSettings, console: Console, *, connector: str, case_id: str, now: datetime
) -> None:
    """Send dead entries on their way once more.

    Args:
        settings: Of this installation.
        console: Where to print.
        connector: Of this connector only; of all if empty.
        case_id: Of this case only; of all if empty.
        now: The moment.
    """
    register = open_register(gateway_settings(settings))
    with register as engine, transaction(engine) as session:
        entries, receivers = redrive(
            session, connector=connector, case_id=case_id.replace(" ", "").upper(), now=now
        )
    console.print(f"Due again: {entries}. Systems that are asked again: {receivers}.")


def check_handed_over(folder: Path, key: str, console: Console) -> bool:
    """Check a folder that was handed over; return whether everything in it is right.

    Args:
        folder: Where it is.
        key: The public key that must have signed it.
        console: Where to print.
    """
    try:
        right, problems = check_folder(folder, parse_verify_key(key))
    except (IndexUnfit, ProtocolError, OSError, UnicodeDecodeError) as error:
        console.print(f"Do not use this folder: its index is not to be believed ({error}).")
        return False
    for problem in problems:
        console.print(f"- {escape(problem)}", highlight=False)
    console.print(f"{right} files are as they were signed; {len(problems)} problems.")
    return not problems


def _table(entries: list[Entry], strings: Strings) -> Table:
    table = Table("Connector", "Case", "Version", "State", "Attempts", "Due", "Why")
    for entry in entries:
        why = strings.text(f"{WORDS}.reasons.{entry.reason}", LANG) if entry.reason else ""
        detail = f" ({entry.detail})" if entry.detail else ""
        due = f"{entry.due:%Y-%m-%d %H:%M}" if entry.state == EntryState.WAITING else ""
        state = strings.text(f"{WORDS}.states.{entry.state}", LANG)
        row = (entry.connector, entry.case_id, str(entry.version), state, str(entry.attempts), due)
        table.add_row(*row, escape(why + detail))
    return table


def _as_json(entry: Entry) -> dict[str, Any]:
    return {
        "connector": entry.connector,
        "case": entry.case_id,
        "version": entry.version,
        "state": entry.state,
        "attempts": entry.attempts,
        "queued_at": entry.queued_at.isoformat(),
        "due": entry.due.isoformat() if entry.state == EntryState.WAITING else None,
        "reason": entry.reason,
        "detail": entry.detail,
    }
