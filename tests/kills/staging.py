"""What random kills are played on: both zones and a receiver, each in a folder of its own."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from portal_api.server import serve
from portal_api.settings import ApiSettings
from portal_content.library import Library, load_library
from portal_gateway.connectors.delivering import Sending, run_deliveries
from portal_gateway.connectors.telling import Telling
from portal_gateway.run import run
from portal_gateway.server import open_gateway
from portal_gateway.settings import GatewaySettings
from portal_protocol.return_code import new_code
from tests.kills.lines import carry_lines
from tests.kills.processes import reserve_port
from tests.kills.receiving import receive
from tests.portal_api.factories import ROOT, TODAY, Office
from tests.portal_gateway.families import Family
from tests.portal_gateway.moments import NOON
from tests.portal_gateway.receivers import webhook
from tests.portal_gateway.zones import gateway_settings

FASTER = 1200
"""So many seconds pass in the protected zone in one: its pauses last up to an hour."""
FAMILIES = 24
PULL_SECONDS = 0.02
PORTS = ("public", "handover", "receiver", "line to the portal", "line to the receiver")


@dataclass
class Stage:
    """Where everything is, and what each process does."""

    folder: Path
    office: Office = field(default_factory=Office)
    library: Library = field(default_factory=lambda: load_library(ROOT))
    began: float = field(default_factory=time.monotonic)
    days: int = 0
    """Days that have passed in the public zone."""

    def __post_init__(self) -> None:
        for zone in (self.public, self.protected, self.receiver, self.homes):
            zone.mkdir(exist_ok=True)
        self._held = {name: reserve_port() for name in PORTS}
        self.families = [Family(new_code()) for _ in range(FAMILIES)]

    @property
    def public(self) -> Path:
        return self.folder / "public"

    @property
    def protected(self) -> Path:
        return self.folder / "protected"

    @property
    def receiver(self) -> Path:
        return self.folder / "receiver"

    @property
    def homes(self) -> Path:
        return self.folder / "homes"

    @property
    def received(self) -> Path:
        return self.receiver / "received.sqlite"

    def port(self, name: str) -> int:
        return port_of(self._held[name])

    def write_settings(self) -> None:
        """Write keys and credentials into the zones' folders; they may be new disks."""
        # Where the launcher has said that temporary files lie.
        (self.public / "tmp").mkdir(exist_ok=True)
        database = f"sqlite:///{self.public / 'portal.sqlite'}"
        self.api: ApiSettings = self.office.settings(self.public, database_url=database).model_copy(
            update={
                "port": self.port("public"),
                "handover_port": self.port("handover"),
                "acknowledged_grace_days": 0,
                # What is in the mailboxes is counted at the end.
                "mailbox_days": 10_000,
            }
        )
        self.gateway: GatewaySettings = gateway_settings(
            self.protected,
            self.office,
            database_url=f"sqlite:///{self.protected / 'register.sqlite'}",
            url=f"http://127.0.0.1:{self.port('line to the portal')}",
        )

    def today(self) -> date:
        """Return the day in the public zone."""
        return TODAY + timedelta(days=self.days)

    def clock(self) -> datetime:
        """Return the moment in the protected zone."""
        return NOON + timedelta(seconds=(time.monotonic() - self.began) * FASTER)

    def run_api(self, _: Callable[[], None]) -> None:
        """Be the public service."""
        serve(self.api, library=self.library, today=self.today)

    def run_gateway(self, is_up: Callable[[], None]) -> None:
        """Be the gateway: its loop, and the thread that brings cases to the receiver."""
        logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
        logging.getLogger("httpx").setLevel(logging.WARNING)
        gateway = open_gateway(self.gateway, self.library)
        connector = webhook(f"http://127.0.0.1:{self.port('line to the receiver')}")
        telling = Telling(gateway.keys, gateway.library)
        sending = Sending(gateway.engine, gateway.opened, (connector,), telling)
        stop = threading.Event()
        threading.Thread(
            target=run_deliveries,
            args=(sending, stop),
            kwargs={"pause_seconds": PULL_SECONDS, "clock": self.clock},
            daemon=True,
        ).start()
        is_up()
        run(gateway, stop, pause_seconds=PULL_SECONDS, clock=self.clock)

    def run_receiver(self, is_up: Callable[[], None]) -> None:
        """Be the receiving system."""
        receive(self.received, self.port("receiver"), is_up)

    def run_lines(self, commands: int) -> None:
        """Be the network between the zones, and to the receiver."""
        lines = {"line to the portal": "handover", "line to the receiver": "receiver"}
        carry_lines(commands, {self.port(one): self.port(to) for one, to in lines.items()})


def port_of(held: socket.socket) -> int:
    """Return which port a socket holds."""
    port: int = held.getsockname()[1]
    return port
