"""Padding: sizes that tell as little as possible.

Source: docs/protocol.md; Padmé for files (Nikitin and others, PURBs, 2019).
"""

from collections.abc import Mapping
from typing import Any

from portal_protocol.errors import EnvelopeInvalid
from portal_protocol.strict_json import parse_strict_json, write_strict_json

ENVELOPE_SIZES = (8192, 16384, 32768, 65536)
"""Bytes that a padded JSON object may have."""
SMALLEST_FILE = 65_536


def padded_json(value: Mapping[str, Any]) -> bytes:
    """Write a JSON object and fill it with spaces up to the next allowed size.

    Raises:
        EnvelopeInvalid: If it does not fit the largest size, or holds what JSON cannot.
    """
    text = write_strict_json(value)
    for size in ENVELOPE_SIZES:
        if len(text) <= size:
            return text.ljust(size)
    raise EnvelopeInvalid("too long")


def parse_padded_json(data: bytes) -> dict[str, Any]:
    """Read a padded JSON object.

    Raises:
        EnvelopeInvalid: If its size is not allowed, it is no JSON object in the strict sense of
            `parse_strict_json`, or anything stands behind it but spaces.
    """
    if len(data) not in ENVELOPE_SIZES:
        raise EnvelopeInvalid("size")
    # To look for the end is far faster than to strip thousands of spaces.
    end = data.rfind(b"}") + 1
    text = data[:end]
    if not text.startswith(b"{") or data != text.ljust(len(data)):
        raise EnvelopeInvalid("not an object")
    smaller = [size for size in ENVELOPE_SIZES if size < len(data)]
    if smaller and len(text) <= smaller[-1]:
        raise EnvelopeInvalid("padded more than needed")
    return parse_strict_json(text)


def padded_file_size(size: int) -> int:
    """Return the length a file is padded to before it is sealed.

    Only the highest bits of a length survive, so many files share one.

    Args:
        size: Bytes of the content.

    Returns:
        Bytes, never below SMALLEST_FILE.

    Raises:
        ValueError: If size is negative.
    """
    return max(SMALLEST_FILE, padme(size))


def padme(size: int) -> int:
    """Return the Padmé length of a length in bytes.

    Raises:
        ValueError: If size is negative.
    """
    if size < 0:
        raise ValueError(f"a file cannot have {size} bytes")
    if size in (0, 1):  # A logarithm needs a size of two at least.
        return size
    exponent = size.bit_length() - 1
    step = 1 << max(0, exponent - exponent.bit_length())
    return -(-size // step) * step
