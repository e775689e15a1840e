"""The whole system, started as `portal up` starts it, with keys and folders of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from rich.console import Console

from portal.commands.site import build
from portal.demonstration import make_keys, make_officers, officer_password, officer_secret
from portal.settings import ApiPart, DataFolders, GatewayPart, PortalSettings
from portal_gateway.register.second_factor import code_at
from tests.portal_gateway.receivers import KEY, Receiver, receiving

OFFICER, SECOND_OFFICER = "officer", "colleague"


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@dataclass
class System:
    """A running deployment."""

    settings: PortalSettings
    environment: dict[str, str]
    logs: Path
    cases: Receiver
    """Another system, which the gateway hands requests to as far as families agree."""
    services: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def site(self) -> str:
        return self.settings.public_url

    @property
    def register(self) -> str:
        return self.settings.register_url

    def start(self, service: str) -> None:
        with (self.logs / f"{service}.log").open("ab") as log:
            self.services[service] = subprocess.Popen(
                [sys.executable, "-m", "portal", "serve", service],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        url = f"{self.site}/v1/keys" if service == "api" else self.register
        wait_for(lambda: answers(url), f"{service} does not answer")

    def stop(self, service: str) -> None:
        self.services[service].terminate()
        self.services.pop(service).wait(20)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def wait_for(condition: Callable[[], bool], otherwise: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)


@pytest.fixture(scope="session")
def receiver() -> Iterator[tuple[Receiver, str]]:
    """A system of the Institution that takes webhooks, and its address."""
    with receiving() as (taking, url):
        yield taking, url


def webhook_settings(folder: Path, url: str) -> str:
    """Return what the gateway is told of the receiver."""
    key = folder / "connector.key"
    key.write_text(f"{KEY.text}\n", encoding="ascii")
    told = {"kind": "webhook", "name": "case-system", "recipient": "own", "url": f"{url}/take"}
    return json.dumps([told | {"source": "https://portal.example", "signing_key": str(key)}])


@pytest.fixture(scope="session")
def system(
    tmp_path_factory: pytest.TempPathFactory, receiver: tuple[Receiver, str]
) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("system")
    cases, cases_url = receiver
    settings = PortalSettings(
        data=folder / "var",
        site=folder / "site",
        api=ApiPart(port=free_port(), handover_port=free_port()),
        gateway=GatewayPart(register_port=free_port(), pull_every_seconds=0.3),
    )
    make_keys(settings, today=datetime.now(UTC).date())
    build(settings, Console(quiet=True), downloads=True)
    make_officers(settings, now=datetime.now(UTC))
    environment = os.environ | {
        "PORTAL_DATA": str(settings.data),
        "PORTAL_SITE": str(settings.site),
        "PORTAL_API__PORT": str(settings.api.port),
        "PORTAL_API__HANDOVER_PORT": str(settings.api.handover_port),
        "PORTAL_GATEWAY__REGISTER_PORT": str(settings.gateway.register_port),
        "PORTAL_GATEWAY__PULL_EVERY_SECONDS": "0.3",
        "PORTAL_GATEWAY__CONNECTORS": webhook_settings(folder, cases_url),
    }
    running = System(settings, environment, folder, cases)
    running.start("api")
    running.start("gateway")
    yield running
    for service in list(running.services):
        running.stop(service)


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A small phone with script."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def phone_without_script(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    context.set_default_timeout(20_000)
    yield context
    context.close()


def sign_in(page: Page, system: System, name: str) -> None:
    """Sign in to the register with password and one-time code; no code works twice for a name."""
    folders = DataFolders(system.settings.data)
    page.goto(system.register)
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(officer_password(folders))
    code = code_at(officer_secret(folders), datetime.now(UTC))
    page.locator("input[name=code]").fill(code)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(f"{system.register}/")


@pytest.fixture(scope="session")
def signed_in(browser: Browser, system: System) -> Any:
    """What a browser keeps after signing in: once for all journeys, as no code works twice."""
    context = browser.new_context()
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page, system, OFFICER)
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def officer(browser: Browser, system: System, signed_in: Any) -> Iterator[Page]:
    """An officer who has signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, storage_state=signed_in)
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(system.register)
    yield page
    context.close()
