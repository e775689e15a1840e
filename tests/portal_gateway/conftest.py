"""What tests of the protected zone share: both databases, a running portal, the gateway."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from portal_content.library import Library
from portal_gateway.database import connect, migrate
from portal_gateway.run import Gateway
from portal_gateway.settings import GatewaySettings
from tests.portal_api.factories import Office
from tests.portal_gateway.receivers import Receiver, receiving
from tests.portal_gateway.zones import Portal, gateway_settings, open_for_tests, running_portal


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def receiving_system() -> Iterator[tuple[Receiver, str]]:
    """A receiving system and its address; one for all, as each test begins it anew."""
    with receiving() as (receiver, url):
        yield receiver, url


@pytest.fixture
def receiver(receiving_system: tuple[Receiver, str]) -> Receiver:
    receiving_system[0].clear()
    return receiving_system[0]


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
