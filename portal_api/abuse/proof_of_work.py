"""Work for a pass: challenges that need no memory here, and more work the more is asked for.

Challenge and pass carry everything about themselves under a key of a few minutes. A pass follows
from its challenge: who loses the answer on the way and asks again gets the same pass, and solving
one challenge twice gives one pass.
"""

import base64
import hashlib
import hmac
import math
import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal_api.abuse.ledger import Ledger, period_of
from portal_protocol.passes import MOST_BITS, Task, is_solved

PUZZLES = 16
"""So many small puzzles take nearly the same time for everybody; one large one does not."""
MOST_HARDER = 8
"""Bits that load adds at most: 256 times the work."""
CHALLENGE_PERIODS = 2
"""A challenge holds for its own period and these: ten minutes and more."""
PASS_PERIODS = 11
"""A pass holds for these after the period of its challenge: most of an hour."""
CLOCKS_APART = 1
"""Periods that another instance's clock may be ahead."""
CALM_SECONDS = 60
_CHALLENGE = struct.Struct(">IBB16s")
_PASS = struct.Struct(">I16s")
_MAC = 16


class Load:
    """How many passes were handed out in the last minute, older ones counting less and less."""

    def __init__(self, calm: int) -> None:
        self._calm = calm
        self._rate = 0.0
        self._at = 0.0

    def add(self, now: float) -> None:
        """Count one more."""
        self._rate = self.rate(now) + 1
        self._at = max(now, self._at)

    def rate(self, now: float) -> float:
        """Return how many a minute it is."""
        return self._rate * math.exp(-max(0.0, now - self._at) / CALM_SECONDS)

    def harder(self, now: float) -> int:
        """Return how many bits more a puzzle has now."""
        times = self.rate(now) / self._calm
        return 0 if times < 1 else min(MOST_HARDER, math.floor(math.log2(times)) + 1)


@dataclass(frozen=True)
class ShownPass:
    """A pass that is ours and whose time is not over."""

    period: int
    nonce: bytes

    def mark(self, purpose: str) -> bytes:
        """Return under what its use for a purpose is noted."""
        return hashlib.sha256(purpose.encode() + b"\0" + self.nonce).digest()


def new_challenge(ledger: Ledger, *, bits: int, now: float) -> Task:
    """Make a task."""
    period = period_of(now)
    body = _CHALLENGE.pack(period, min(bits, MOST_BITS), PUZZLES, secrets.token_bytes(16))
    challenge = _text(body + _mac(ledger, period, b"challenge", body))
    return Task(challenge, min(bits, MOST_BITS), PUZZLES)


def pass_for_work(
    ledger: Ledger, challenge: str, numbers: Sequence[Any], *, now: float
) -> str | None:
    """Return the pass for a solved challenge, or none if it is not ours, too old or not solved."""
    data = _bytes(challenge, _CHALLENGE.size + _MAC)
    if data is None:
        return None
    body, mac = data[: _CHALLENGE.size], data[_CHALLENGE.size :]
    period, bits, puzzles, _ = _CHALLENGE.unpack(body)
    if not -CLOCKS_APART <= period_of(now) - period <= CHALLENGE_PERIODS:
        return None
    if not hmac.compare_digest(mac, _mac(ledger, period, b"challenge", body)):
        return None
    if not is_solved(Task(challenge, bits, puzzles), numbers):
        return None
    nonce = _mac(ledger, period, b"nonce", body)
    return _pass(ledger, period, nonce)


def new_pass(ledger: Ledger, *, now: float) -> str:
    """Return a pass for somebody who showed in another way that it is not a flood."""
    return _pass(ledger, period_of(now), secrets.token_bytes(_MAC))


def open_pass(ledger: Ledger, shown: str, *, now: float) -> ShownPass | None:
    """Return what a request shows as a pass, or none if it is not ours or too old."""
    data = _bytes(shown, _PASS.size + _MAC)
    if data is None:
        return None
    body, mac = data[: _PASS.size], data[_PASS.size :]
    period, nonce = _PASS.unpack(body)
    if not -CLOCKS_APART <= period_of(now) - period <= PASS_PERIODS:
        return None
    if not hmac.compare_digest(mac, _mac(ledger, period, b"pass", body)):
        return None
    return ShownPass(period, nonce)


def _pass(ledger: Ledger, period: int, nonce: bytes) -> str:
    body = _PASS.pack(period, nonce)
    return _text(body + _mac(ledger, period, b"pass", body))


def _mac(ledger: Ledger, period: int, label: bytes, body: bytes) -> bytes:
    return hmac.digest(ledger.key(period), label + b"\0" + body, "sha256")[:_MAC]


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str, size: int) -> bytes | None:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    return data if len(data) == size else None
