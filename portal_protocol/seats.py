"""Seats at briefings: a token that proves "this seat is mine" and says nothing about who.

Source: docs/protocol.md. The token follows from the thread's proof, which only the family and the
Institution know: a return code is enough to give a seat back, the Institution can tell whose
seat it is, and the public service, which sees only the token, can do neither.
"""

import hashlib
import re

from portal_protocol.age_keys import derived
from portal_protocol.derivation import LABEL

_BRIEFING = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
LONGEST_BRIEFING = 60
TOKEN_SIZE = 32


def seat_token(proof: str, briefing: str) -> bytes:
    """Return what is shown to take a seat, to ask for it or to give it back.

    Args:
        proof: The thread's proof, 64 hex digits.
        briefing: Id of the briefing; at another one the same person has another token.

    Raises:
        ValueError: If either is not what it should be.
    """
    if not _BRIEFING.fullmatch(briefing) or len(briefing) > LONGEST_BRIEFING:
        raise ValueError("this is no id of a briefing")
    secret = bytes.fromhex(proof)
    if len(secret) != TOKEN_SIZE:
        raise ValueError("a proof has 32 bytes")
    return derived(secret, LABEL + b"seat-token\x00" + briefing.encode("ascii"))


def seat_id(token: bytes) -> str:
    """Return the hex id under which the server keeps the seat of a token."""
    return hashlib.sha256(LABEL + b"seat-id\x00" + token).hexdigest()
