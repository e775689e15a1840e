"""What leads to the portal: a network, a folder that is carried, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol

from portal_gateway.errors import TryLater


@dataclass(frozen=True)
class OutgoingReply:
    """A sealed reply and the mailbox it goes to."""

    mailbox: str
    sealed: bytes


class Line(Protocol):
    """A way to the portal; every method may raise TryLater."""

    def close(self) -> None:
        """Close it."""

    def waiting(self, *, after: str = "") -> list[str]:
        """Return ids of submissions that wait, in order, from behind `after`."""

    def delivery(self, submission_id: str) -> bytes:
        """Return manifest and envelope as they were sent."""

    def chunk(self, name: str) -> bytes:
        """Return one chunk."""

    def acknowledge(self, submission_id: str) -> None:
        """Let the portal know that it may forget a submission."""

    def push(self, replies: Sequence[OutgoingReply]) -> None:
        """Hand sealed replies over."""

    def seats(self, briefing: str) -> tuple[list[str], list[str]]:
        """Return ids of the seats at a meeting, and of the waiting list in its order."""

    def confirm_seats(self, briefing: str, seats: Sequence[str]) -> None:
        """Let the portal know that registrations have arrived."""


def nowhere(*_: object, **__: object) -> NoReturn:
    """Stand for whatever a line cannot do now: it waits.

    Raises:
        TryLater: Always.
    """
    raise TryLater("unreachable")


class NoLine:
    """No way to the portal; everything waits."""

    waiting = delivery = chunk = acknowledge = push = seats = confirm_seats = nowhere

    def close(self) -> None:
        """Do nothing: there is nothing to close."""
