"""Everything on one machine, until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from portal.commands.site import build
from portal.demonstration import (
    OFFICERS,
    make_keys,
    make_officers,
    officer_password,
    officer_secret,
)
from portal.settings import DataFolders, PortalSettings
from portal_gateway.register.second_factor import code_at

START_SECONDS = 60
STOP_SECONDS = 15


def bring_up(settings: PortalSettings, console: Console) -> int:
    """Make keys, build the site, start the services, and wait until a person ends it.

    Returns:
        The exit code: 0 after Ctrl-C, 1 if a service stopped by itself.
    """
    if settings.environment == "production":
        console.print("portal up is for demonstrations; run the services one by one instead.")
        return 1
    console.print("[bold]1/4[/] Demonstration keys")
    made = make_keys(settings, today=datetime.now(UTC).date())
    console.print("  made, once" if made else "  already there")
    console.print("[bold]2/4[/] Site")
    build(settings, console, downloads=True)
    console.print("[bold]3/4[/] Officers' accounts")
    make_officers(settings, now=datetime.now(UTC))
    console.print("[bold]4/4[/] Services")
    taken = _taken_ports(settings)
    if taken:
        console.print(f"  Something already listens on port {taken[0]}. Stop it, or choose another")
        console.print("  port in portal.toml (docs/deploy.md), and start again.")
        return 1
    # SIGTERM ends everything just as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    services = [_start("api"), _start("gateway")]
    try:
        _wait_until_up(settings, services)
        _print_addresses(settings, console)
        return _watch(services, console)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(services, console)


def _taken_ports(settings: PortalSettings) -> list[int]:
    ports = (settings.api.port, settings.api.handover_port, settings.gateway.register_port)
    return [port for port in ports if _is_taken(settings.host, port)]


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as trying:
        trying.settimeout(1)
        return trying.connect_ex((host, port)) == 0


def _start(service: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "portal", "serve", service]
    # A session of its own: Ctrl-C reaches only this process, which then ends them in order.
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 (our own interpreter)


def _wait_until_up(settings: PortalSettings, services: Sequence[subprocess.Popen[bytes]]) -> None:
    waiting = [f"http://{settings.host}:{settings.api.port}/v1/keys", settings.register_url]
    deadline = time.monotonic() + START_SECONDS
    while waiting:
        if _answers(waiting[0]):
            waiting.pop(0)
        elif any(service.poll() is not None for service in services):
            raise SystemExit("A service stopped while starting; its message is above.")
        elif time.monotonic() > deadline:
            raise SystemExit(f"{waiting[0]} did not answer within {START_SECONDS} seconds.")
        else:
            time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 (our own loopback address)
            return True
    except (urllib.error.URLError, OSError):
        return False


def _print_addresses(settings: PortalSettings, console: Console) -> None:
    folders = DataFolders(settings.data)
    password = officer_password(folders)
    code = code_at(officer_secret(folders), datetime.now(UTC))
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_row("Arabic site", f"{settings.public_url}/ar/")
    table.add_row("English site", f"{settings.public_url}/en/")
    table.add_row("Officers' register", settings.register_url)
    table.add_row("", f"name: {' or '.join(OFFICERS)}   password: {password}")
    table.add_row("", f"one-time code: {code}; in a minute, a new one: portal register code")
    console.print("\n[bold green]Everything is running.[/] Open:")
    console.print(table)
    console.print("Press Ctrl-C to stop.\n")


def _watch(services: Sequence[subprocess.Popen[bytes]], console: Console) -> int:
    while all(service.poll() is None for service in services):
        time.sleep(0.5)
    console.print("[bold red]A service stopped by itself;[/] its message is above.")
    return 1


def _stop(services: Sequence[subprocess.Popen[bytes]], console: Console) -> None:
    console.print("Stopping …")
    # A second signal while stopping must not leave a service behind.
    for repeated in (signal.SIGINT, signal.SIGTERM):
        signal.signal(repeated, signal.SIG_IGN)
    for service in services:
        if service.poll() is None:
            service.terminate()
    for service in services:
        try:
            service.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(service.pid, signal.SIGKILL)
    console.print("Stopped.")
