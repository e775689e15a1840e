"""A receiving system on a real socket: it takes CloudEvents, and can be down, busy or strict."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from portal_gateway.connectors.signatures import Signer
from portal_gateway.connectors.tokens import Tokens
from portal_gateway.connectors.web import Line
from portal_gateway.connectors.webhook import Webhook
from portal_protocol.notes import SigningKey
from tests.portal_gateway.zones import listening

KEY = SigningKey("iimp.example/connector", bytes(range(32)))
SECRET = b"a secret of thirty-two bytes ..."


@dataclass
class Receiver:
    """What the receiving system knows; a message it knows already changes nothing."""

    arrived: list[str] = field(default_factory=list)
    """Ids on the wire, each attempt."""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What took effect, by id of the message, in order."""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """Answers to the next requests; then it takes everything."""
    down: bool = False
    loses: int = 0
    """Answers that get lost on the way back although the message took effect."""
    refuses: set[str] = field(default_factory=set)
    """Subjects that it will never take."""
    tokens: set[str] | None = None
    """Access tokens that it accepts; none if it asks for none."""
    given_out: list[str] = field(default_factory=list)
    token_requests: list[tuple[str, str]] = field(default_factory=list)
    expires_in: int = 300
    lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> None:
        """Forget everything."""
        self.__init__()  # type: ignore[misc]  # the fields begin anew

    async def take(self, request: Request) -> Response:
        body = await request.body()
        headers = dict(request.headers)
        with self.lock:
            if self.down:
                return Response(status_code=503)
            self.arrived.append(headers["webhook-id"])
            self.requests.append((headers, body))
            if self.tokens is not None and not self._accepts(headers.get("authorization", "")):
                return Response(status_code=401)
            if self.answers:
                status, more = self.answers.pop(0)
                return Response(status_code=status, headers=more)
            event = json.loads(body)
            if event["subject"] in self.refuses:
                return Response(status_code=422)
            self.events.setdefault(headers["webhook-id"], event)
            if self.loses:
                self.loses -= 1
                return Response(status_code=504)
        return Response(status_code=204)

    async def token(self, request: Request) -> Response:
        body = (await request.body()).decode()
        self.token_requests.append((request.headers.get("authorization", ""), body))
        token = f"token-{len(self.given_out) + 1}"
        self.given_out.append(token)
        if self.tokens is not None:
            self.tokens = {token}
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}
        return JSONResponse(answer)

    def _accepts(self, authorization: str) -> bool:
        return authorization.removeprefix("Bearer ") in (self.tokens or set())

    def states(self, document_id: str) -> list[tuple[int, str]]:
        """Versions and states of one document, in the order they took effect."""
        data = [event["data"] for event in self.events.values()]
        return [(d["version"], d["state"]) for d in data if d["id"] == document_id]


@contextmanager
def receiving() -> Iterator[tuple[Receiver, str]]:
    """Serve a receiver on a free port."""
    receiver = Receiver()
    routes = [
        Route("/take", receiver.take, methods=["POST"]),
        Route("/token", receiver.token, methods=["POST"]),
    ]
    with listening(Starlette(routes=routes)) as url:
        yield receiver, url


def webhook(
    url: str,
    *,
    name: str = "case-system",
    recipient: str = "own",
    thin: bool = False,
    with_tokens: bool = False,
) -> Webhook:
    """A webhook to a receiver, signed in both ways."""
    tokens = Tokens(Line(f"{url}/token"), "portal", "s&cret", scope="cases")
    return Webhook(
        name=name,
        recipient=recipient,
        line=Line(f"{url}/take"),
        signer=Signer(KEY, SECRET),
        source="https://portal.example",
        tokens=tokens if with_tokens else None,
        thin=thin,
    )
