"""The public service and its hand-over as one process, until it is told to stop."""

import asyncio
import contextlib
import ctypes
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from portal_api.app import create_app
from portal_api.clock import current_day
from portal_api.handover.app import create_handover_app
from portal_api.operations.events import Event, log_to_stderr, record, record_failure
from portal_api.operations.store import open_store
from portal_api.operations.tidying import Tidying, tidy
from portal_api.settings import ApiSettings
from portal_content.library import Library, load_library

STOP_SECONDS = 10
"""Requests that are being answered get this long to end."""
TIDY_SECONDS = 3_600
PR_SET_DUMPABLE = 4
SWAPS = Path("/proc/swaps")


def serve(
    settings: ApiSettings,
    *,
    library: Library | None = None,
    today: Callable[[], date] = current_day,
) -> None:
    """Serve both listeners until SIGTERM or SIGINT.

    One process, so that SQLite has one writer. With PostgreSQL several may run side by side.

    Args:
        settings: Everything it needs to know.
        library: Content that is loaded already.
        today: Says which day it is, in UTC.
    """
    log_to_stderr()
    keep_memory_private()
    store = open_store(settings)
    try:
        content = library or load_library(settings.root)
        app = create_app(settings, store, library=content)
        digest = settings.handover_credential_sha256
        handover = create_handover_app(store, credential_sha256=digest)
        app.state.today = handover.state.today = today
        servers = [
            _listener(app, settings.host, settings.port),
            _listener(handover, settings.handover_host, settings.handover_port),
        ]
        tidying = Tidying(store.engine, store.writer, store.chunks, settings, content.briefings)
        asyncio.run(_run(servers, tidying, today))
    finally:
        store.close()


def keep_memory_private() -> None:
    """Keep what is in memory from being written to disk by the system, as far as we can.

    No core dump, also none into a pipe, and nobody but root may look into the process. Swap is
    the machine's matter: it has to be off or encrypted, so it is only reported.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if SWAPS.exists() and len(SWAPS.read_text(encoding="ascii").splitlines()) > 1:
        record(Event.SWAP_IS_ON)


class _Listener(uvicorn.Server):
    """A server that leaves signals to whoever runs several of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing."""
        yield


def _listener(app: FastAPI, host: str, port: int) -> _Listener:
    return _Listener(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=False,
            # Addresses that a proxy reports are not wanted, so its headers are not read.
            proxy_headers=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )


async def _run(servers: list[_Listener], tidying: Tidying, today: Callable[[], date]) -> None:
    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    tidier = asyncio.create_task(_tidy_for_ever(tidying, today))
    record(Event.STARTED)
    try:
        async with asyncio.TaskGroup() as group:
            for server in servers:
                group.create_task(_serve(server, stop))
    finally:
        tidier.cancel()
        record(Event.STOPPED)


async def _serve(server: _Listener, stop: Callable[[], None]) -> None:
    try:
        await server.serve()
    finally:
        stop()  # One without the other would be half a service.


async def _tidy_for_ever(tidying: Tidying, today: Callable[[], date]) -> None:
    while True:
        try:
            await asyncio.to_thread(tidy, tidying, today=today())
        except Exception as error:  # noqa: BLE001 - whatever it was, the next hour tries again
            record_failure(error)
        await asyncio.sleep(TIDY_SECONDS)
