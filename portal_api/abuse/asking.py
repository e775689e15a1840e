"""What routes ask for: that somebody does not come too often, and a pass."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from portal_api.abuse.gate import Gate
from portal_api.abuse.rate_limits import RateLimits, counted_address
from portal_api.abuse.settings import AbuseSettings
from portal_api.abuse.waiting_room import WaitingRoom
from portal_api.clock import Seconds, seconds
from portal_api.errors import Busy, TooMany
from portal_protocol.passes import HEADER


async def gate(request: Request) -> Gate:
    """Give a request the gate of its service."""
    found: Gate = request.app.state.gate
    return found


LARGEST_UPLOAD = 80_000_000
"""What a file counts whose length is not said."""

TheGate = Annotated[Gate, Depends(gate)]
PassHeader = Annotated[str, Header(alias=HEADER)]
"""What a request shows as its pass; nothing if it shows none."""


@dataclass(frozen=True)
class Entry:
    """Somebody at the gate, with or without a pass."""

    gate: Gate
    shown: str
    now: float

    def admit_once(self, purpose: str, what: bytes) -> None:
        """Let one thing in; see `Gate.admit_once`.

        Raises:
            PassNeeded: If there is no pass for it.
        """
        self.gate.admit_once(self.shown, purpose, what, now=self.now)


async def entry(request: Request, shown: PassHeader = "") -> Entry:
    """Give a request its place at the gate."""
    return Entry(await gate(request), shown, await seconds(request))


AtTheGate = Annotated[Entry, Depends(entry)]


def admit_chunk(at: AtTheGate) -> None:
    """Let a piece in for a pass, before its bytes are read."""
    at.gate.admit_chunk(at.shown, now=at.now)


def room_for_upload(request: Request, now: Seconds) -> None:
    """Refuse a file that is posted without a pass when too much came without one in this hour."""
    room: WaitingRoom = request.app.state.room
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isdecimal() else LARGEST_UPLOAD
    if not room.uploads.take(size, now=now):
        raise Busy


def limited(kind: str) -> Callable[[Request], Awaitable[None]]:
    """Return a dependency that refuses who asks too often, before anything is read.

    Args:
        kind: What is asked for; one of the limits.

    Raises:
        TooMany: When a request is refused.
    """

    async def check(request: Request) -> None:
        if not is_within_limit(request, kind, now=await seconds(request)):
            raise TooMany

    return check


def is_within_limit(request: Request, kind: str, *, now: float) -> bool:
    """Count a request and tell whether whoever asks stays within a limit."""
    settings: AbuseSettings = request.app.state.abuse
    if not settings.limits:
        return True
    limits: RateLimits = request.app.state.limits
    return limits.allow(kind, _address(request, settings.address_header), now=now)


def _address(request: Request, header: str) -> str:
    if header:
        # Several values: each server on the way put one behind; the last is that of our own.
        return counted_address(request.headers.get(header, "").rpartition(",")[2])
    return counted_address(request.client.host if request.client else "")
