"""What tests of the protected zone share: both databases, a running portal, the gateway."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from portal_content.library import Library, load_library
from portal_gateway.database import connect, migrate
from portal_gateway.run import Gateway
from portal_gateway.settings import GatewaySettings
from tests.portal_api.factories import ROOT, Office
from tests.portal_gateway.zones import Portal, gateway_settings, open_for_tests, running_portal
from tests.postgresql import PostgreSQL, running_postgresql


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with running_postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; each test runs on both engines and does not know which it has."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'protected' / 'register.sqlite'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.new_database() as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def office() -> Office:
    return Office()


@pytest.fixture
def portal(tmp_path: Path, office: Office) -> Iterator[Portal]:
    with running_portal(tmp_path / "public", office) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, office: Office, portal: Portal, database_url: str) -> GatewaySettings:
    folder = tmp_path / "protected"
    return gateway_settings(folder, office, database_url=database_url, url=portal.url)


@pytest.fixture
def gateway(settings: GatewaySettings, library: Library) -> Iterator[Gateway]:
    with open_for_tests(settings, library) as opened:
        yield opened


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(ROOT)
