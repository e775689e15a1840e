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
from portal_gateway.register.rights import EVERY_QUEUE, Rights
from portal_gateway.register.second_factor import (
    STEP_SECONDS,
    SecondFactor,
    code_at,
    enrol_with,
    ready_code_key,
)
from portal_gateway.run import Gateway
from portal_gateway.settings import GatewaySettings
from tests.portal_gateway.moments import NOON

NAME, PASSWORD = "salma", "a long enough pass phrase"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


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
    settings: GatewaySettings
    clock: Clock = field(default_factory=Clock)

    def sign_in(self, *, lang: str = "en") -> Response:
        form = {"name": NAME, "password": PASSWORD, "lang": lang, "code": self.code()}
        return self.client.post("/sign-in", data=form)

    def code(self, name: str = NAME) -> str:
        """What an officer's device shows; each call is the next one, as no code works twice."""
        with transaction(self.gateway.engine) as session:
            used = session.get_one(SecondFactor, name).last_step
        step = int(self.clock.now.timestamp()) // STEP_SECONDS
        return code_at(SECRET, self.clock.now, steps_later=max(-1, used + 1 - step))

    def officer(self, name: str, rights: Rights) -> TestClient:
        """Somebody else who has signed in."""
        create_officer(self.settings, name, PASSWORD, rights)
        with transaction(self.gateway.engine) as session:
            enrol_with(session, self.app.state.code_key, name, SECRET, now=NOON)
        client = TestClient(self.app, base_url="http://127.0.0.1", follow_redirects=False)
        form = {"name": name, "password": PASSWORD, "code": self.code(name)}
        assert client.post("/sign-in", data=form).status_code == 303
        return client

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
    create_officer(settings, NAME, PASSWORD, EVERY_QUEUE)
    key = ready_code_key(gateway.engine, settings.code_key)
    with transaction(gateway.engine) as session:
        enrol_with(session, key, NAME, SECRET, now=NOON)
    belongings = Belongings(gateway.engine, gateway.opened, gateway.library, gateway.keys)
    app = create_register(settings, belongings)
    clock = Clock()
    app.state.now = clock
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    return Desk(client, app, gateway, settings, clock)
