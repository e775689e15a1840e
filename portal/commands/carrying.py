"""A folder carried between a machine without keys and one without a network, step by step."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from portal.commands.intake import print_outcomes
from portal.settings import ROOT, PortalSettings, gateway_settings
from portal_content.library import load_library
from portal_gateway.carried import CarriedFolder, CarriedLine, FolderUnfit
from portal_gateway.errors import TryLater
from portal_gateway.handover import Handover
from portal_gateway.keys import AskPassphrase, read_credential
from portal_gateway.run import Gateway, advance_next
from portal_gateway.server import open_gateway
from portal_gateway.steps.carrying import (
    pull_into,
    push_from,
    reply_into,
    seat_carried,
    take_in_carried,
)
from portal_gateway.steps.taking_in import Desk


def pull(settings: PortalSettings, path: Path, console: Console) -> None:
    """Bring what waits at the portal into a folder; on the machine that reaches it.

    Raises:
        SystemExit: If it could not be done whole; another try goes on from there.
    """
    with _line(settings) as line:
        briefings = sorted(load_library(ROOT).briefings)
        done = pull_into(CarriedFolder(path), line, briefings, now=datetime.now(UTC))
    console.print(f"{done.waiting} wait at the portal, {done.new} of them are new in the folder.")
    for submission in done.damaged:
        console.print(f"- {submission[:12]} is not as it was sent. The portal keeps its copy.")
    console.print("Take the folder to the machine with the keys: portal gateway open")


def open_carried(
    settings: PortalSettings, path: Path, console: Console, ask: AskPassphrase
) -> None:
    """Take a folder in, open what is in it, and put it into the register; needs no network.

    Raises:
        SystemExit: If it is no such folder.
    """
    now = datetime.now(UTC)
    with _offline(settings, path, ask) as (gateway, folder):
        desk = Desk(gateway.engine, gateway.sealed, gateway.library)
        print_outcomes(take_in_carried(desk, folder, now=now), console)
        while advance_next(gateway, now=now):
            pass
        if not seat_carried(gateway.engine, folder, gateway.keys, gateway.library, now=now):
            console.print("The folder does not know every meeting; seats are as they were.")
    console.print("Answer in the register, then: portal gateway reply")


def reply(settings: PortalSettings, path: Path, console: Console, ask: AskPassphrase) -> None:
    """Put sealed answers into a folder; needs no network.

    Raises:
        SystemExit: If it is no such folder.
    """
    with _offline(settings, path, ask) as (gateway, folder):
        batches = reply_into(gateway.engine, folder, gateway.keys, now=datetime.now(UTC))
    console.print(f"{batches} batches of sealed answers are in the folder.")
    console.print("Take it to the machine that reaches the portal: portal gateway push")


def push(settings: PortalSettings, path: Path, console: Console) -> None:
    """Send what a folder brings; on the machine that reaches the portal.

    Raises:
        SystemExit: If it could not be done whole; another try goes on from there.
    """
    with _line(settings) as line:
        done = push_from(CarriedFolder(path), line)
    console.print(
        f"Sent: {done.batches} batches. {done.received} submissions are acknowledged:"
        " they are safe inside, and the portal may forget them."
    )


@contextmanager
def _line(settings: PortalSettings) -> Iterator[Handover]:
    """Give a machine without keys its way to the portal."""
    zone = gateway_settings(settings)
    with closing(Handover(zone.handover_url, read_credential(zone))) as line, _saying_why():
        yield line


@contextmanager
def _offline(
    settings: PortalSettings, path: Path, ask: AskPassphrase
) -> Iterator[tuple[Gateway, CarriedFolder]]:
    """Give a machine with keys its gateway, with the folder as its way to the portal."""
    with _saying_why():
        folder = CarriedFolder(path)
        line = CarriedLine(folder)
        # The register may be running beside it.
        opened = open_gateway(gateway_settings(settings), alone=False, ask=ask, line=line)
        with closing(opened) as gateway:
            yield gateway, folder


@contextmanager
def _saying_why() -> Iterator[None]:
    again = "What is done is done; the same command goes on from here."
    try:
        yield
    except FolderUnfit as error:
        raise SystemExit(f"This folder cannot be used: {error}.") from error
    except TryLater as error:
        raise SystemExit(f"The portal cannot be asked now ({error}). {again}") from error
    except OSError as error:
        raise SystemExit(f"The folder cannot be read or written: {error}. {again}") from error
