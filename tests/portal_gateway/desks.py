"""An officer at work, without a browser: the real register, the clock in the test's hand."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import col, select
from starlette.testclient import TestClient

from portal_gateway.audit import AuditEntry
from portal_gateway.cases import Case
from portal_gateway.database import transaction
from portal_gateway.register.accounts import create_officer
from portal_gateway.register.app import Belongings, create_register
from portal_gateway.run import Gateway
from portal_gateway.settings import GatewaySettings
from tests.portal_gateway.moments import NOON

NAME, PASSWORD = "salma", "a long enough pass phrase"


@dataclass
class Clock:
    """What the register takes for the time."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Desk:
    """A signed-in officer."""

    client: TestClient
    app: FastAPI
    gateway: Gateway
    clock: Clock = field(default_factory=Clock)

    def sign_in(self, *, lang: str = "en") -> Response:
        form = {"name": NAME, "password": PASSWORD, "lang": lang}
        return self.client.post("/sign-in", data=form)

    def get(self, path: str) -> Response:
        return self.client.get(path)

    def post(self, path: str, **form: str) -> Response:
        """Send a form as a page of ours would."""
        token = re.search(r'name="form_token" value="([0-9a-f]{64})"', self.get("/set-aside").text)
        assert token is not None
        return self.client.post(path, data={"form_token": token[1], **form})

    def case(self) -> Case:
        """The only case there is."""
        with transaction(self.gateway.engine) as session:
            return session.exec(select(Case)).one()

    def acts(self) -> list[tuple[str | None, str, str]]:
        """Who did what to what, in order."""
        with transaction(self.gateway.engine) as session:
            rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.number))).all()
        return [(row.actor, row.action, row.subject) for row in rows]


def open_desk(settings: GatewaySettings, gateway: Gateway) -> Desk:
    """The register with one officer, who has not signed in yet."""
    create_officer(settings, NAME, PASSWORD)
    belongings = Belongings(gateway.engine, gateway.opened, gateway.library, gateway.keys)
    app = create_register(settings, belongings)
    clock = Clock()
    app.state.now = clock
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    return Desk(client, app, gateway, clock)
