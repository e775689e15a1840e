"""The key of the secrets of one-time codes: it lies in a file, the sealed secrets in the database.

Whoever copies the database alone makes no codes of it.
"""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal_gateway.errors import GatewayError, KeysUnfit
from portal_gateway.whole_files import put_new

KEY_SIZE = 32
NONCE_SIZE = 12
CONTEXT = "outreach-portal/v1/one-time-codes\0"


class SecretUnreadable(GatewayError):
    """A sealed secret is not this officer's, or another key has sealed it."""


@dataclass(frozen=True)
class CodeKey:
    """What seals the secrets that officers' devices make codes from."""

    key: bytes = field(repr=False)

    def seal(self, officer: str, secret: str) -> str:
        """Seal a secret; at the row of another officer it opens nothing."""
        nonce = secrets.token_bytes(NONCE_SIZE)
        sealed = self._cipher.encrypt(nonce, secret.encode("ascii"), _bound(officer))
        return base64.b64encode(nonce + sealed).decode("ascii")

    def open(self, officer: str, sealed: str) -> str:
        """Open a secret.

        Raises:
            SecretUnreadable: If this key has not sealed it for this officer.
        """
        try:
            raw = base64.b64decode(sealed, validate=True)
            secret = self._cipher.decrypt(raw[:NONCE_SIZE], raw[NONCE_SIZE:], _bound(officer))
        except (binascii.Error, ValueError, InvalidTag) as error:
            raise SecretUnreadable(officer) from error
        return secret.decode("ascii")

    @property
    def _cipher(self) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(self.key)


def read_code_key(path: Path) -> CodeKey:
    """Read the key, and make it first if there is none.

    Raises:
        KeysUnfit: If the file cannot be read or is damaged.
    """
    try:
        if not path.exists():
            put_new(path, secrets.token_hex(KEY_SIZE).encode("ascii") + b"\n")
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise KeysUnfit(f"{error.filename}: {os.strerror(error.errno or 0)}") from error
    except ValueError as error:
        raise KeysUnfit(f"{path}: the key of one-time codes is damaged") from error
    if len(key) != KEY_SIZE:
        raise KeysUnfit(f"{path}: the key of one-time codes is damaged")
    return CodeKey(key)


def _bound(officer: str) -> bytes:
    return (CONTEXT + officer).encode()
