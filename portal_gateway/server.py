"""The protected service as one process: the loop and the register, until told to stop."""

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from portal_content.library import Library, load_library
from portal_gateway.connectors.delivering import Sending, run_deliveries
from portal_gateway.connectors.opening import open_connectors
from portal_gateway.connectors.telling import Telling
from portal_gateway.database import connect, migrate
from portal_gateway.handover import Handover
from portal_gateway.keys import AskPassphrase, load_keys, nobody_to_ask, read_credential
from portal_gateway.lines import Line, NoLine
from portal_gateway.protected_files import ProtectedFiles
from portal_gateway.register.app import Belongings, create_register
from portal_gateway.run import Gateway, advance_next, run
from portal_gateway.settings import GatewaySettings
from portal_gateway.steps.taking_in import Desk, Folder, Outcome, take_in_folder

STOP_SECONDS = 10
"""What is being answered or done gets this long to end."""
PR_SET_DUMPABLE = 4
OWNER_ONLY = 0o077


def serve(settings: GatewaySettings, ask: AskPassphrase = nobody_to_ask) -> None:
    """Run the gateway and the officers' register until SIGTERM or SIGINT.

    Args:
        settings: Of this installation.
        ask: Asks for the passphrase of keys that are protected; once, before anything starts.

    Raises:
        KeysUnfit: If keys are missing or do not fit the key list that families use.
        ConnectorUnfit: If a connector cannot be opened as it is set.
        ContentError: If content or translations cannot be used.
    """
    keep_private()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    # Its lines name addresses; what the gateway does is told by its own events.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = threading.Event()
    gateway = open_gateway(settings, ask=ask)
    belongings = Belongings(gateway.engine, gateway.opened, gateway.library, gateway.keys)
    app = create_register(settings, belongings)
    sending = _sending(gateway, settings)
    threads = _threads(gateway, sending, settings, stop)
    # What was loaded stays as long as the service: nobody need look through it for what can go.
    gc.collect()
    gc.freeze()
    for thread in threads:
        thread.start()
    try:
        asyncio.run(_serve_register(app, settings))
    finally:
        stop.set()
        # A request to the portal that hangs is cut off; its step is repeated at the next start.
        gateway.handover.close()
        for thread in threads:
            thread.join(STOP_SECONDS)
        for connector in sending.connectors:
            connector.close()
        gateway.engine.dispose()


def _sending(gateway: Gateway, settings: GatewaySettings) -> Sending:
    telling = Telling(gateway.keys, gateway.library)
    connectors = open_connectors(settings.connectors)
    return Sending(gateway.engine, gateway.opened, connectors, telling=telling)


def _threads(
    gateway: Gateway, sending: Sending, settings: GatewaySettings, stop: threading.Event
) -> list[threading.Thread]:
    pause = {"pause_seconds": settings.pull_every_seconds}
    loop = threading.Thread(target=run, args=(gateway, stop), kwargs=pause, name="gateway-loop")
    # A line of its own: a receiver that hangs must not keep families' submissions waiting.
    deliveries = threading.Thread(
        target=run_deliveries, args=(sending, stop), kwargs=pause, name="deliveries"
    )
    # What is carried is taken in by commands; a loop would only find that nothing leads there.
    return [deliveries] if settings.carried else [loop, deliveries]


def take_in_once(
    settings: GatewaySettings,
    folder: Path,
    *,
    now: datetime,
    ask: AskPassphrase = nobody_to_ask,
) -> list[Outcome]:
    """Take in the files of a folder, bring them into the register, and end.

    A gateway may be running at the same time: each step of each submission is taken by one only.

    Raises:
        KeysUnfit: If keys are missing or do not fit the key list that families use.
        OSError: If the folder cannot be read.
    """
    keep_private()
    with contextlib.closing(open_gateway(settings, alone=False, ask=ask)) as gateway:
        desk = Desk(gateway.engine, gateway.sealed, gateway.library)
        outcomes = list(take_in_folder(desk, folder, now=now))
        while advance_next(gateway, now=now):
            pass
    return outcomes


class _Server(uvicorn.Server):
    """A server that leaves signals to us: its own way would end the process before the loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing."""
        yield


async def _serve_register(app: FastAPI, settings: GatewaySettings) -> None:
    server = _Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.register_port,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )

    def stop() -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await server.serve()


def open_gateway(
    settings: GatewaySettings,
    library: Library | None = None,
    *,
    alone: bool = True,
    ask: AskPassphrase = nobody_to_ask,
    line: Line | None = None,
) -> Gateway:
    """Open everything the steps work with; the caller closes it.

    Args:
        settings: Where everything is.
        library: Forms and words, if they are loaded already.
        alone: False beside a gateway that runs: what it is just writing is no leftover.
        ask: Asks for the passphrase of keys that are protected.
        line: The way to the portal, if it is not the one of the settings.
    """
    keys = load_keys(settings, ask)
    used = line or _line(settings)
    engine = connect(settings.database_url)
    migrate(engine, code_key=settings.code_key)
    sealed = ProtectedFiles(settings.attachments / "sealed")
    opened = ProtectedFiles(settings.attachments / "opened")
    for files in (sealed, opened) if alone else ():
        files.clear_leftovers()
    return Gateway(
        engine=engine,
        handover=used,
        sealed=sealed,
        opened=opened,
        library=library or load_library(settings.root),
        keys=keys,
        intake=Folder(settings.intake_folder) if settings.intake_folder else None,
    )


def _line(settings: GatewaySettings) -> Line:
    if settings.carried:
        return NoLine()
    return Handover(settings.handover_url, read_credential(settings))


def keep_private() -> None:
    """Let no other user and no core dump have what this process holds."""
    os.umask(OWNER_ONLY)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
