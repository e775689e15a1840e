"""What a connector is: something that brings one message to one receiving system.

A connector sees documents that consent has been applied to already, and nothing else. Each of
its deliveries can be repeated: the receiver is told the same id again, or is asked first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from portal_gateway.errors import GatewayError


@dataclass(frozen=True)
class HandedFile:
    """A file that goes with a message."""

    purpose: str
    media_type: str
    size: int
    sha256: str
    read: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True)
class Message:
    """What a receiver is told: how a case stands, or that it has to forget it."""

    id: str
    """The same at each attempt, so that a receiver knows what it has already."""
    document: Mapping[str, Any] = field(repr=False)
    """Keeps to the published schema of search requests."""
    files: tuple[HandedFile, ...]
    part_id: str
    """A second random id, for receivers that keep the person sought apart from the request."""
    seen: bool
    """True if the receiver may know this case from an earlier attempt or version."""
    number: str = ""
    """What the receiver has called the case, if it said so."""

    @property
    def document_id(self) -> str:
        """Random id of the case; every receiver is given another one."""
        return str(self.document["id"])

    @property
    def erases(self) -> bool:
        """Whether the receiver has to forget the case."""
        return bool(self.document["state"] == "erased")


@dataclass(frozen=True)
class Receipt:
    """What came of a delivery."""

    number: str = ""
    """What the receiver calls the case; empty if it did not say."""
    left_out: tuple[str, ...] = ()
    """Files it cannot take, by their hash; a person brings them there in another way."""


class Connector(Protocol):
    """One receiving system."""

    @property
    def name(self) -> str:
        """What the deployer calls it; stored with everything it was handed."""

    @property
    def recipient(self) -> str:
        """Who it belongs to; consent decides by that."""

    def deliver(self, message: Message, *, now: datetime) -> Receipt:
        """Bring a message to the receiver; bringing it again changes nothing there.

        Raises:
            NotNow: If the receiver cannot take anything at the moment.
            Refused: If it will never take this message.
            Halted: If nobody must try again before a person has looked.
        """

    def close(self) -> None:
        """Close what is open to the receiver."""


class NotDelivered(GatewayError):
    """A message did not arrive.

    Args:
        reason: Key below `handing_on.connectors.reasons` in translations.
        detail: More for a technician: statuses and names of fields, never what was typed.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail[:500]


class NotNow(NotDelivered):
    """The receiver cannot take it now; nothing is wrong with the message.

    Args:
        reason: As above.
        detail: As above.
        wait: How long the receiver asked to be left alone; none if it did not say.
    """

    def __init__(self, reason: str, detail: str = "", *, wait: timedelta | None = None) -> None:
        super().__init__(reason, detail)
        self.wait = wait


class Refused(NotDelivered):
    """The receiver will not take this message; the others go on."""


class Halted(NotDelivered):
    """The receiver must be left alone until a person has looked, for instance at the password."""
