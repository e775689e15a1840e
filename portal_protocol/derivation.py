"""From a return code to what it opens: token, mailbox identity, thread proof.

Source: docs/protocol.md. Argon2id makes guessing a code cost 19 MiB of memory a try.
"""

import hashlib
from dataclasses import dataclass, field

from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw

from portal_protocol.age import HybridIdentity
from portal_protocol.age_keys import derived
from portal_protocol.return_code import parse_code

LABEL = b"imp-portal/v1/"
MEMORY_KIB = 19_456
PASSES = 2
LANES = 1


@dataclass(frozen=True)
class Mailbox:
    """What one return code stands for."""

    token: bytes = field(repr=False)
    """Shown to the server to fetch messages."""
    id: str
    """Hex; all that the server keeps of it."""
    identity: HybridIdentity
    """Opens messages; never leaves the device."""
    recipient: str
    """To whom messages are sealed."""
    proof: str = field(repr=False)
    """Hex; known to the family and the Institution only."""


def derive_mailbox(code: str, deployment: str) -> Mailbox:
    """Derive everything from a code, in any way of writing it.

    Args:
        code: The code.
        deployment: Short name of the deployment; another one gives other values.

    Raises:
        ReturnCodeInvalid: If it is no code.
    """
    salt = hashlib.sha256(LABEL + b"return-code|" + deployment.encode("ascii")).digest()[:16]
    secret = hash_secret_raw(
        parse_code(code).encode("ascii"),
        salt,
        time_cost=PASSES,
        memory_cost=MEMORY_KIB,
        parallelism=LANES,
        hash_len=32,
        type=Type.ID,
        version=ARGON2_VERSION,
    )
    token = derived(secret, LABEL + b"mailbox-token")
    identity = HybridIdentity.from_seed(derived(secret, LABEL + b"mailbox-identity"))
    proof = derived(secret, LABEL + b"thread-proof").hex()
    return Mailbox(token, mailbox_id(token), identity, identity.recipient.text, proof)


def mailbox_id(token: bytes) -> str:
    """Return the hex id under which the server keeps the messages of a token."""
    return hashlib.sha256(LABEL + b"mailbox-id\x00" + token).hexdigest()
