"""Webhook: a CloudEvents 1.0 body, signed as Standard Webhooks asks, sent to one address.

A REST interface behind OpenID Connect is this connector with tokens. Files do not travel with
it; their digests do, and the receiver is brought them in another way.
Source: CloudEvents 1.0, structured mode; Standard Webhooks 1.0.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal_content.forms.exchange import IDENTIFIER
from portal_gateway.connectors.interface import Message, Receipt
from portal_gateway.connectors.signatures import Signer
from portal_gateway.connectors.tokens import Tokens
from portal_gateway.connectors.web import STATUS_UNAUTHORIZED, Answer, Line, check_answer

TYPE = "org.outreach-portal.search-request.{}.v1"
CONTENT_TYPE = "application/cloudevents+json"
LARGEST_ANSWER = 65_536
"""Nothing in it is used; a receiver that says more is cut off."""
THIN = ("schema", "id", "version", "state")
"""What a message says where the receiver fetches the rest itself."""


@dataclass(frozen=True)
class Webhook:
    """One receiver of webhooks."""

    name: str
    recipient: str
    line: Line
    signer: Signer
    source: str
    """Who sends, as an address; it means nothing to us."""
    tokens: Tokens | None = None
    thin: bool = False
    """Say only that something changed."""

    def deliver(self, message: Message, *, now: datetime) -> Receipt:
        """Send a message; the receiver knows by its id whether it has it already.

        Raises:
            NotNow: If the receiver cannot take it now.
            Refused: If it will not take it.
            Halted: If it does not accept our credentials, or wants no more.
        """
        body = json.dumps(self.event(message), ensure_ascii=False).encode()
        answer = self._send(message.id, body, now)
        if answer.status == STATUS_UNAUTHORIZED and self.tokens is not None:
            # It may have been taken back before its time; a new one is tried once.
            self.tokens.forget()
            answer = self._send(message.id, body, now)
        check_answer(answer, now=now)
        return Receipt()

    def event(self, message: Message) -> dict[str, Any]:
        """Return the body: the same at each attempt, without the moment it is sent."""
        document = dict(message.document)
        kind = "erased" if message.erases else "changed"
        return {
            "specversion": "1.0",
            "id": message.id,
            "source": self.source,
            "type": TYPE.format(kind),
            "subject": message.document_id,
            "datacontenttype": "application/json",
            "dataschema": IDENTIFIER,
            "data": {part: document[part] for part in THIN} if self.thin else document,
        }

    def close(self) -> None:
        """Close the connections."""
        self.line.close()
        if self.tokens is not None:
            self.tokens.line.close()

    def _send(self, message_id: str, body: bytes, now: datetime) -> Answer:
        headers = {"Content-Type": CONTENT_TYPE} | self.signer.headers(message_id, body, now=now)
        if self.tokens is not None:
            headers["Authorization"] = f"Bearer {self.tokens.token(now=now)}"
        return self.line.request("POST", content=body, headers=headers, largest=LARGEST_ANSWER)
