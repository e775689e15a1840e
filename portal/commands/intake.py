"""Taking in sealed files that somebody brought to the protected zone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from portal.settings import ROOT, PortalSettings, gateway_settings
from portal_content.library import load_library
from portal_gateway.keys import AskPassphrase, nobody_to_ask
from portal_gateway.server import take_in_once
from portal_gateway.steps.taking_in import ASIDE, REASONS, TAKEN, Outcome

DIGITS = 8
"""Of a submission's id, as receipts show them."""


def take_in_files(
    settings: PortalSettings,
    folder: Path,
    console: Console,
    ask: AskPassphrase = nobody_to_ask,
) -> int:
    """Take in a folder's files and return how many could not be.

    Args:
        settings: Of this installation.
        folder: Where the files lie, for instance a stick.
        console: Where to say what became of each.
        ask: Asks for the passphrase of keys that are protected.
    """
    if not folder.is_dir():
        console.print(f"There is no folder {escape(str(folder))}.")
        return -1
    outcomes = take_in_once(gateway_settings(settings), folder, now=datetime.now(UTC), ask=ask)
    print_outcomes(outcomes, console)
    return sum(1 for outcome in outcomes if outcome.reason)


def print_outcomes(outcomes: Sequence[Outcome], console: Console) -> None:
    """Say what became of each file."""
    strings = load_library(ROOT).strings
    for outcome in outcomes:
        name = escape(outcome.name)
        if outcome.reason:
            why = strings.text(f"{REASONS}.{outcome.reason}", "en")
            console.print(f"- {name}: set aside. {why}", soft_wrap=True)
        else:
            state = "taken in" if outcome.is_new else "was here already"
            console.print(f"- {name}: {state}, submission {outcome.submission[:DIGITS]}")
        if outcome.left:
            console.print("  The folder cannot be written, so the file was left where it is.")
    if not outcomes:
        console.print("There are no files in this folder.")
    else:
        console.print(f"Files are now in {TAKEN}/ and {ASIDE}/ inside it. Nothing was deleted.")
