"""Files with private keys: an identity that opens submissions, or a key that signs.

An identity is a line of text below comments, as `age-keygen` writes it. Each can lie in an age file
that a passphrase opens (age_passphrase); stock age takes such a file after `-i` and asks for it.
"""

import hashlib
import re
from datetime import date

from portal_protocol.age import HybridIdentity, Identity, parse_identity
from portal_protocol.age_passphrase import WORK, seal_with_passphrase
from portal_protocol.errors import SecretFileInvalid

LARGEST = 100_000
"""Bytes; the largest real one has some two thousand."""
LEAST_LETTERS = 16
"""Of a passphrase; docs/ceremony.md asks for seven words by dice."""
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
"""How a key of ours can be called: the same in file names, key lists and on paper."""
_SHOWN = 16


def identity_text(identity: HybridIdentity, made: date) -> str:
    """Return what stands in the file of an identity before it is protected."""
    return (
        f"# created: {made.isoformat()}\n# public key: {identity.recipient.text}\n{identity.text}\n"
    )


def read_secret(text: str) -> str:
    """Return the one secret line of an opened file; comments and empty lines are passed over.

    Raises:
        SecretFileInvalid: If there is none, or more than one.
    """
    lines = [line.strip() for line in text.splitlines()]
    secrets = [line for line in lines if line and not line.startswith("#")]
    if len(secrets) != 1:
        raise SecretFileInvalid(f"{len(secrets)} keys instead of one")
    return secrets[0]


def read_identity(text: str) -> Identity:
    """Return the identity of an opened file.

    Raises:
        SecretFileInvalid: If there is not exactly one key in it.
        BechInvalid: If it is no identity.
    """
    return parse_identity(read_secret(text))


def protected(text: str, passphrase: str, *, work: int = WORK) -> bytes:
    """Return a file with a secret that only the passphrase opens."""
    return seal_with_passphrase(text.encode(), passphrase, work=work)


def fingerprint(recipient: str) -> str:
    """Return what people compare aloud instead of a public key of two thousand letters."""
    digest = hashlib.sha256(recipient.encode()).hexdigest()[:_SHOWN]
    return " ".join(digest[start : start + 4] for start in range(0, _SHOWN, 4))
