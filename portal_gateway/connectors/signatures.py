"""Signatures of webhooks, so that a receiver knows who sent a message and that nothing changed.

Source: Standard Webhooks 1.0: `v1` is HMAC-SHA256 with a shared secret, `v1a` Ed25519.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime

from portal_protocol.notes import SigningKey

SECRET = "whsec_"  # noqa: S105 (how a secret begins, not one)
PUBLIC = "whpk_"
SHORTEST_SECRET, LONGEST_SECRET = 24, 64
"""Bytes, as the specification asks."""


class SecretUnfit(ValueError):
    """A shared secret that is none."""


@dataclass(frozen=True)
class Signer:
    """Signs what is sent, in one way or both."""

    key: SigningKey | None = field(default=None, repr=False)
    """For `v1a`: the receiver holds no secret. To be preferred."""
    secret: bytes = field(default=b"", repr=False)
    """For `v1`."""

    def headers(self, message_id: str, body: bytes, *, now: datetime) -> dict[str, str]:
        """Return the headers that prove a message; the moment is that of this attempt."""
        moment = str(int(now.timestamp()))
        signed = f"{message_id}.{moment}.".encode() + body
        signatures = []
        if self.key is not None:
            signatures.append("v1a," + _b64(self.key.sign(signed)))
        if self.secret:
            signatures.append("v1," + _b64(hmac.digest(self.secret, signed, hashlib.sha256)))
        return {
            "webhook-id": message_id,
            "webhook-timestamp": moment,
            "webhook-signature": " ".join(signatures),
        }


def read_secret(text: str) -> bytes:
    """Read a shared secret as it is stored: `whsec_` and base64.

    Raises:
        SecretUnfit: If it is none, or too short to keep anybody out.
    """
    try:
        secret = base64.b64decode(text.strip().removeprefix(SECRET), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SecretUnfit("not base64") from error
    if not text.startswith(SECRET) or not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        raise SecretUnfit(f"a secret begins with {SECRET} and has 24 to 64 bytes")
    return secret


def public_text(key: SigningKey) -> str:
    """Return the public key as receivers of webhooks expect it."""
    return PUBLIC + _b64(key.verify_key.public)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
