"""Padding: sizes that tell as little as possible.

Source: docs/protocol.md; Padmé for files (Nikitin and others, PURBs, 2019).
"""

import json
from collections.abc import Mapping
from typing import Any

from portal_protocol.errors import EnvelopeInvalid

ENVELOPE_SIZES = (8192, 16384, 32768, 65536)
"""Bytes that a padded JSON object may have."""
SMALLEST_FILE = 65_536
DEEPEST = 12
"""Levels of a JSON object; forms need five."""


def padded_json(value: Mapping[str, Any]) -> bytes:
    """Write a JSON object and fill it with spaces up to the next allowed size.

    Raises:
        EnvelopeInvalid: If it does not fit the largest size.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    for size in ENVELOPE_SIZES:
        if len(text) <= size:
            return text.ljust(size)
    raise EnvelopeInvalid("too long")


def parse_padded_json(data: bytes) -> dict[str, Any]:
    """Read a padded JSON object.

    Raises:
        EnvelopeInvalid: If its size is not allowed, it is no JSON object, or it is nested without
            end; anything behind the object but spaces is refused.
    """
    if len(data) not in ENVELOPE_SIZES:
        raise EnvelopeInvalid("size")
    text = data.rstrip(b" ")
    if not (text.startswith(b"{") and text.endswith(b"}")):
        raise EnvelopeInvalid("not an object")
    smaller = [size for size in ENVELOPE_SIZES if size < len(data)]
    if smaller and len(text) <= smaller[-1]:
        raise EnvelopeInvalid("padded more than needed")
    try:
        value = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise EnvelopeInvalid("not JSON") from error
    if not isinstance(value, dict) or _too_deep(value, DEEPEST):
        raise EnvelopeInvalid("not an object")
    return value


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
    if size < 2:  # noqa: PLR2004 (a logarithm needs a size of two at least)
        return size
    exponent = size.bit_length() - 1
    step = 1 << max(0, exponent - exponent.bit_length())
    return -(-size // step) * step


def _too_deep(value: Any, levels: int) -> bool:
    if levels == 0:
        return True
    if isinstance(value, dict):
        return any(_too_deep(inner, levels - 1) for inner in value.values())
    if isinstance(value, list):
        return any(_too_deep(inner, levels - 1) for inner in value)
    return False
