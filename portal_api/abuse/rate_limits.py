"""Limits for one address, known only as a hash under a key that lives for minutes.

The key is made in memory, never stored and never shared; when it changes, everything counted under
it is forgotten. So nobody can tell later, here or from a copy of the memory, who asked before.
"""

import hashlib
import ipaddress
import secrets
from collections import OrderedDict

KEY_SECONDS = 600
"""After this long the key is new and every count begins anew."""
MOST_COUNTED = 50_000
"""Addresses that are counted at once; of more, those who asked longest ago are forgotten."""
WINDOW_SECONDS = 300
"""Time in which a limit fills up again."""
NETWORK_BITS = 64
"""A subscriber has at least this much of an IPv6 address to choose from, so it counts as one."""

LIMITS = {
    "challenge": 240,
    "keys": 600,
    "passes": 240,
    "chunks": 3_000,
    "submissions": 120,
    "mailbox": 300,
    "seats": 300,
    "form": 60,
}
"""Requests that one address may make within `WINDOW_SECONDS`. Whole towns share one address of a
mobile network, so these stop a machine that floods, not people who come together."""


def counted_address(text: str) -> str:
    """Return the part of an address that is counted, or nothing if it says nothing about who asks.

    An address that is not public is that of our own web server or of this machine: counting it
    would count everybody as one.
    """
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            network = ipaddress.IPv6Network((int(address), NETWORK_BITS), strict=False)
            return str(network) if address.is_global else ""
        address = address.ipv4_mapped
    return str(address) if address.is_global else ""


class RateLimits:
    """Counts requests by hash of the address. Used from one thread only, that of the event loop."""

    def __init__(self) -> None:
        self._key = b""
        self._until = 0.0
        self._left: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def allow(self, kind: str, address: str, *, now: float) -> bool:
        """Count a request and tell whether it is within its limit.

        Args:
            kind: One of `LIMITS`.
            address: What `counted_address` returned; nothing is counted for "".
            now: Seconds since 1970.
        """
        if not address:
            return True
        self._renew(now)
        limit = LIMITS[kind]
        hashed = hashlib.blake2b(f"{kind} {address}".encode(), key=self._key, digest_size=16)
        mark = hashed.digest()
        left, at = self._left.pop(mark, (float(limit), now))
        left = min(limit, left + max(0.0, now - at) * limit / WINDOW_SECONDS)
        allowed = left >= 1
        self._left[mark] = (left - 1 if allowed else left, now)
        if len(self._left) > MOST_COUNTED:
            self._left.popitem(last=False)
        return allowed

    def _renew(self, now: float) -> None:
        if now >= self._until:
            self._key = secrets.token_bytes(32)
            self._until = now + KEY_SECONDS
            self._left.clear()
