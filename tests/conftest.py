"""What tests of every folder share."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from portal_content.library import Library, load_library
from portal_protocol.notes import SigningKey
from portal_site.build import build_site
from portal_site.settings import SiteSettings
from tests.browsers import launch_chromium
from tests.old_chromium import launch_old_chromium
from tests.portal_api.factories import ROOT, Office
from tests.portal_api.running import Running, running
from tests.postgresql import PostgreSQL, running_postgresql

ROOTS = tuple(SigningKey(f"iimp.example/root{n}", bytes([n]) * 32) for n in range(3))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One driver for all tests: a second one in the same thread refuses to start.

    It runs on the environment's own Node: the one it brings needs a library that a small Debian
    does not have.
    """
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(sys.executable).parent / "node"))
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = launch_chromium(playwright)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def old_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium 90; drive it with tests.browser.hands.Hands, Playwright's own hands need more."""
    chromium = launch_old_chromium(playwright)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with running_postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; each test runs on both engines and does not know which it has."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'protected' / 'database.sqlite'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.new_database() as url:
        yield url


@pytest.fixture(scope="session")
def office() -> Office:
    return Office()


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(ROOT)


@pytest.fixture(scope="session")
def site_settings(tmp_path_factory: pytest.TempPathFactory) -> SiteSettings:
    return SiteSettings(
        site_directory=tmp_path_factory.mktemp("built") / "site",
        base_url="https://portal.example.org",
        roots=tuple(root.verify_key.text for root in ROOTS),
    )


@pytest.fixture(scope="session")
def built_site(site_settings: SiteSettings) -> Path:
    """The real site, built once for all tests that look at it."""
    build_site(site_settings)
    return site_settings.site_directory


@pytest.fixture(scope="session")
def served_site(
    built_site: Path, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """The real site, served by the real public service."""
    folder = tmp_path_factory.mktemp("served") / "service"
    folder.mkdir()
    database = f"sqlite:///{folder / 'portal.sqlite'}"
    with running(
        office.settings(folder, database_url=database, site=built_site), folder
    ) as service:
        yield service
