"""hCaptcha behind a strict wrapper: only a real success passes.

What the package's verify() returns is true in a condition also when it failed; with a logger it
logs the secret; it has no time limit of its own, and it raises many things. None of this leaves
this module, and the package is loaded only by those who configured it.
"""

import asyncio
from pathlib import Path
from typing import Protocol

from portal_api.abuse.settings import AbuseSettings

ANSWER_SECONDS = 5.0
"""hCaptcha gets this long; a person who waits can work for a pass instead."""
LONGEST_TOKEN = 8_000


class Captcha(Protocol):
    """Says whether a browser showed that a person is there."""

    async def is_solved(self, token: str) -> bool:
        """Tell whether a token is a real one; false for everything else, whatever went wrong."""
        ...


class HCaptcha:
    """Asks hCaptcha about a token; tells it nothing about who sent it.

    Args:
        secret: Secret key.
        verification_url: Where to ask; hCaptcha's own address if none is given.
        seconds: How long to wait.
    """

    def __init__(
        self, secret: str, *, verification_url: str = "", seconds: float = ANSWER_SECONDS
    ) -> None:
        from hcaptcha.hcaptcha import HCaptchaVerifier  # noqa: PLC0415 (brings aiohttp: only here)

        self._verifier = HCaptchaVerifier(secret, logger=None)
        self._seconds = seconds
        if verification_url:
            self._verifier.verification_url = verification_url

    async def is_solved(self, token: str) -> bool:
        """Tell whether a token is a real one; false for everything else, whatever went wrong."""
        if not 0 < len(token) <= LONGEST_TOKEN:
            return False
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._verifier.verify(token)
        except Exception:  # noqa: BLE001 - line, time, garbage: none of it is a success
            return False
        return isinstance(found, dict) and found.get("success") is True


def open_captcha(settings: AbuseSettings) -> Captcha | None:
    """Return what asks hCaptcha, or none if no keys are set.

    Raises:
        OSError: If the file with the secret is missing.
    """
    secret: Path | None = settings.hcaptcha_secret
    if not settings.hcaptcha_sitekey or secret is None:
        return None
    return HCaptcha(
        secret.read_text(encoding="utf-8").strip(),
        verification_url=settings.hcaptcha_verification_url,
    )
