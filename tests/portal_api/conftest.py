"""What tests of the public zone share: both databases, keys, a service without a socket."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from portal_api.app import create_app
from portal_api.database import create_engine, upgrade
from portal_api.handover.app import create_handover_app
from portal_api.operations.store import Store, open_store
from portal_api.settings import ApiSettings
from portal_api.writer import Writer, open_writer
from portal_content.library import Library
from tests.portal_api.factories import CREDENTIAL, TODAY, Office


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    writer = open_writer(engine)
    yield writer
    writer.close()


@pytest.fixture
def settings(office: Office, tmp_path: Path, database_url: str) -> ApiSettings:
    return office.settings(tmp_path, database_url=database_url)


@pytest.fixture
def store(settings: ApiSettings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.close()


@pytest.fixture
def app(settings: ApiSettings, store: Store, library: Library) -> FastAPI:
    app = create_app(settings, store, library=library)
    app.state.today = lambda: TODAY
    app.state.now = lambda: datetime.combine(TODAY, time(12), tzinfo=UTC)
    return app


@pytest.fixture
def api(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture
def gateway(settings: ApiSettings, store: Store) -> Iterator[TestClient]:
    """What the gateway can ask, with its credential."""
    digest = settings.handover_credential_sha256
    app = create_handover_app(store, credential_sha256=digest)
    app.state.today = lambda: TODAY
    with TestClient(app, headers={"Authorization": f"Bearer {CREDENTIAL}"}) as client:
        yield client
