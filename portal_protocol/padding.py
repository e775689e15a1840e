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
_NESTED = (dict, list)
LARGEST_NUMBER = 2**53 - 1
"""Browsers hold no larger whole number exactly."""


def padded_json(value: Mapping[str, Any]) -> bytes:
    """Write a JSON object and fill it with spaces up to the next allowed size.

    Raises:
        EnvelopeInvalid: If it does not fit the largest size, or holds what JSON in UTF-8 cannot.
    """
    try:
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        text = written.encode()
    except (ValueError, RecursionError) as error:
        raise EnvelopeInvalid("not writable as JSON") from error
    for size in ENVELOPE_SIZES:
        if len(text) <= size:
            return text.ljust(size)
    raise EnvelopeInvalid("too long")


def parse_padded_json(data: bytes) -> dict[str, Any]:
    """Read a padded JSON object.

    Raises:
        EnvelopeInvalid: If its size is not allowed, it is no JSON object, a key comes twice, it
            is nested too deep or a number is too large; anything behind the object but spaces is
            refused.
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
        value = _JSON.decode(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise EnvelopeInvalid("not JSON") from error
    if not isinstance(value, dict):
        raise EnvelopeInvalid("not an object")
    _check_depth(value)
    return value


def all_within(value: Any) -> tuple[list[str], list[Any]]:
    """Return every name and every value within a JSON value, the value itself among them."""
    names: list[str] = []
    values = [value]
    for part in values:  # It grows while it is walked.
        if isinstance(part, dict):
            names += part
            values += part.values()
        elif isinstance(part, list):
            values += part
    return names, values


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


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise EnvelopeInvalid("a key comes twice")
    return value


def _whole(digits: str) -> int:
    number = int(digits)
    _check_number(number)
    return number


def _broken(digits: str) -> float:
    number = float(digits)
    _check_number(number)
    return number


def _check_number(number: float) -> None:
    # What is no number at all is not smaller than any.
    if not abs(number) <= LARGEST_NUMBER:
        raise EnvelopeInvalid("number")


_JSON = json.JSONDecoder(
    object_pairs_hook=_without_doubles,
    parse_int=_whole,
    parse_float=_broken,
    parse_constant=_broken,
)


def _check_depth(value: Any) -> None:
    """Go down level by level; on the last one there may be nothing more to go into."""
    level = [value]
    for _ in range(DEEPEST - 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, _NESTED)
        ]
    if any(level):
        raise EnvelopeInvalid("nested too deep")
