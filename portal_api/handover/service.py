"""What the gateway may ask of the public zone."""

import hashlib
import hmac

from portal_api.errors import CredentialRefused

SCHEME = "bearer "


def check_credential(authorization: str, *, digest: str) -> None:
    """Check that it is the gateway who asks.

    Args:
        authorization: Value of the header.
        digest: Hex SHA-256 of the credential; the credential itself is not in this zone.

    Raises:
        CredentialRefused: If it is not. How long this takes says nothing about how near it was.
    """
    scheme, credential = authorization[: len(SCHEME)], authorization[len(SCHEME) :].strip()
    shown = hashlib.sha256(credential.encode()).hexdigest()
    if not hmac.compare_digest(shown, digest) or scheme.lower() != SCHEME:
        raise CredentialRefused
