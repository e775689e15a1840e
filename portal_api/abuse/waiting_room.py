"""The waiting room of the form without script: everybody gets in, in turn, with all they typed.

Nothing about who waits is kept here. What was written goes back to the browser, sealed to a key of
this server that lives for an hour, inside the waiting page; pressing the button brings it back.
Each gets a time at the end of the queue. When it comes, they are let in, whoever else waits.
"""

import hmac
import json
import secrets
import threading
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal_api.abuse.allowance import Allowance
from portal_api.abuse.ledger import KEPT_PERIODS, Ledger, period_of
from portal_api.abuse.settings import AbuseSettings

LONGEST_WAIT = 600.0
"""Seconds that anybody is asked to wait, however many come: a queue must not be a wall."""
USES_OF_A_TURN = 3
"""A double press of the button is no second form; a tenth one waits anew."""
WAITING_PHOTOS = 256_000_000
"""Sealed bytes of photos that may wait here for their form in an hour."""
UPLOADS = 2_000_000_000
"""Bytes of sealed files that may be posted without script in an hour; what no submission names
stays for two days, so this bounds what a flood can leave."""
_NONCE = 12
_PERIOD = 4
_MOST_BYTES = 1_000_000


QUEUE, BUSY, HELD = "queue", "busy", "held"
"""Why somebody waits: others came before; something slow is busy; something was strange."""


@dataclass(frozen=True)
class Turn:
    """When somebody is let in."""

    at: float
    """Seconds since 1970."""
    id: str = ""
    why: str = QUEUE
    """Behind others, or held back for a moment because of something else."""

    def seconds(self, now: float) -> int:
        """Return how long it still is, in whole seconds; 0 if it has come."""
        return max(0, -int((now - self.at) // 1))


class WaitingRoom:
    """Gives turns and seals what waits."""

    def __init__(self, settings: AbuseSettings, ledger: Ledger) -> None:
        self._ledger = ledger
        self._pace = 60 / settings.plain_forms_a_minute
        self._ahead = self._pace * (settings.plain_forms_at_once - 1)
        self._lock = threading.Lock()
        self._next = 0.0
        self.photos = Allowance(WAITING_PHOTOS)
        self.uploads = Allowance(UPLOADS)

    def enter(self, *, now: float, hold: float = 0, why: str = HELD) -> Turn:
        """Give a turn: now, if it is calm, else behind those who came before.

        Args:
            now: Seconds since 1970.
            hold: Seconds that this one waits at least.
            why: Why it is held back, if it is.
        """
        with self._lock:
            at = max(self._next, now - self._ahead)
            self._next = at + self._pace
        turn = min(max(at, now + hold), now + LONGEST_WAIT)
        return Turn(turn, secrets.token_hex(16), QUEUE if at >= now + hold or not hold else why)

    def place(self, turn: Turn, *, now: float) -> int:
        """Return the place in the queue, from 1; 0 for one that only waits a moment."""
        return 1 + int(turn.seconds(now) / self._pace) if turn.why == QUEUE else 0

    def comes_in(self, turn: Turn, *, now: float) -> bool:
        """Use a turn whose time has come; false if it has not, or was used again and again."""
        if now < turn.at:
            return False
        mark = hmac.digest(b"turn", turn.id.encode(), "sha256")
        return self._ledger.count(mark, period=period_of(now)) <= USES_OF_A_TURN

    def seal(self, turn: Turn, waiting: Mapping[str, Any], *, now: float) -> str:
        """Seal what waits, with its turn, for the page to carry."""
        period = period_of(now)
        value = {"turn": [turn.at, turn.id, turn.why], "waiting": waiting}
        plain = zlib.compress(json.dumps(value).encode())
        nonce = secrets.token_bytes(_NONCE)
        head = period.to_bytes(_PERIOD)
        sealed = self._cipher(period).encrypt(nonce, plain, head)
        return b64encode(head + nonce + sealed).decode()

    def open(self, text: str, *, now: float) -> tuple[Turn, dict[str, Any]] | None:
        """Open what a waiting page brought back; none if it is not ours, or waited for an hour."""
        try:
            data = b64decode(text, validate=True)
            period = int.from_bytes(data[:_PERIOD])
            if not -1 <= period_of(now) - period < KEPT_PERIODS:
                return None
            sealed = data[_PERIOD + _NONCE :]
            nonce = data[_PERIOD : _PERIOD + _NONCE]
            plain = self._cipher(period).decrypt(nonce, sealed, data[:_PERIOD])
        except (ValueError, InvalidTag):
            return None
        value = json.loads(zlib.decompressobj().decompress(plain, _MOST_BYTES))
        return Turn(*value["turn"]), value["waiting"]

    def _cipher(self, period: int) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(hmac.digest(self._ledger.key(period), b"waiting room", "sha256"))
