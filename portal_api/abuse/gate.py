"""The gate: one place that decides whether something may be written, for every route that writes.

It asks for a pass. How a pass is earned, by work or by hCaptcha, is no concern of the routes; who
sends or what is none of the gate's.
"""

import hashlib
import threading
from collections.abc import Sequence
from typing import Any

from portal_api.abuse.allowance import Allowance
from portal_api.abuse.hcaptcha import Captcha
from portal_api.abuse.ledger import KEPT_PERIODS, Ledger, period_of
from portal_api.abuse.proof_of_work import (
    Load,
    ShownPass,
    new_challenge,
    new_pass,
    open_pass,
    pass_for_work,
)
from portal_api.abuse.settings import AbuseSettings
from portal_api.errors import Busy, PassNeeded
from portal_protocol.chunks import CHUNK_SIZE
from portal_protocol.passes import Task

CHUNKS_OF_A_PASS = 400
"""Pieces that one pass admits: a submission has 277 at most, and a broken line sends some twice."""
HARDER_THAN_CAPTCHA = 3
"""Bits more for those whom hCaptcha does not reach, so that going around it is no bargain."""


class Gate:
    """Hands out passes and checks them."""

    def __init__(
        self, settings: AbuseSettings, ledger: Ledger, captcha: Captcha | None = None
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._captcha = captcha
        self._chunks = Allowance(settings.chunk_bytes_an_hour)
        self._load = Load(settings.calm_passes_a_minute)
        self._lock = threading.Lock()
        self._period = 0

    def challenge(self, *, now: float) -> Task:
        """Make a task for whoever asks."""
        self._forget(now)
        return new_challenge(self._ledger, bits=self._bits(now), now=now)

    def pass_for_work(self, challenge: str, numbers: Sequence[Any], *, now: float) -> str:
        """Exchange done work for a pass; the same work always gives the same pass.

        Raises:
            PassNeeded: If it is not the solution of a challenge of the last minutes.
        """
        made = pass_for_work(self._ledger, challenge, numbers, now=now)
        if made is None:
            raise PassNeeded
        self._count(now)
        return made

    async def pass_for_captcha(self, token: str, *, now: float) -> str:
        """Exchange what hCaptcha gave the browser for a pass.

        Raises:
            PassNeeded: If hCaptcha does not say that it gave it, or says nothing in time. Work is
                always another way.
        """
        if self._captcha is None or not await self._captcha.is_solved(token):
            raise PassNeeded
        self._count(now)
        return new_pass(self._ledger, now=now)

    def admit_once(self, shown: str, purpose: str, what: bytes, *, now: float) -> None:
        """Let one thing in for a pass; the same thing again does no harm.

        Args:
            shown: The header `Portal-Pass`.
            purpose: What kind of thing; a pass admits one of each kind.
            what: The thing, or what tells it from any other.
            now: Seconds since 1970.

        Raises:
            PassNeeded: If there is no pass, or it was used for another.
        """
        if not self._settings.passes:
            return
        opened = self._open(shown, now)
        holder = hashlib.sha256(what).digest()
        if not self._ledger.claim(opened.mark(purpose), holder, period=opened.period):
            raise PassNeeded

    def admit_chunk(self, shown: str, *, now: float) -> None:
        """Let one more piece in for a pass.

        Raises:
            PassNeeded: If there is no pass, or it has admitted as many as a submission can need.
            Busy: If as much came in this hour as may come.
        """
        if self._settings.passes:
            opened = self._open(shown, now)
            if self._ledger.count(opened.mark("chunks"), period=opened.period) > CHUNKS_OF_A_PASS:
                raise PassNeeded
        if not self._chunks.take(CHUNK_SIZE, now=now):
            raise Busy

    def _open(self, shown: str, now: float) -> ShownPass:
        opened = open_pass(self._ledger, shown, now=now)
        if opened is None:
            raise PassNeeded
        return opened

    def _bits(self, now: float) -> int:
        if not self._settings.passes:
            return 0
        with self._lock:
            harder = self._load.harder(now)
        return self._settings.calm_bits + harder + (HARDER_THAN_CAPTCHA if self._captcha else 0)

    def _count(self, now: float) -> None:
        with self._lock:
            self._load.add(now)

    def _forget(self, now: float) -> None:
        period = period_of(now)
        if period != self._period:
            self._period = period
            self._ledger.forget(before=period - KEPT_PERIODS)
